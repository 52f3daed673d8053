"""Ties after the lock: read who is tied and what was decided; the chief judge's verb to decide.

A decision gives a figure to everybody of one tie at once (`rules/tie_decisions`). It touches no
mark, and makes the next version of the results.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import ledger, separation
from competition.database import writing
from competition.models import Role, Skill
from competition.moment import iso, now
from competition.pins import Proof
from competition.rules.refusal import Refusal
from judging import finals, kept, result_versions, tallies, working_times
from judging.cells import Cells
from judging.finals import Facts
from judging.models import TieDecision
from judging.rules import tie_decisions
from judging.rules.final import Final
from judging.rules.tie_decisions import Tie
from judging.rules.visibility import Shown
from judging.signing import stated

NOTHING = ("什么都没有改变。", "Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision for a page, its figures by the works' codes. `counts`: for somebody, now;
    `is_open`: a newer one may still correct it."""

    row: TieDecision
    figures: Mapping[str, int]
    counts: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class Read:
    """The ties of a locked skill. `measured`: code → seconds that the clock and hand-ins tell;
    `may_decide`: the results are still in the chief judge's hands."""

    ties: tuple[Tie, ...]
    decided: tuple[Decided, ...]
    steps: tuple[str, ...]
    measured: Mapping[str, int]
    judges: int
    may_decide: bool


def of_skill(session: Session, skill: Skill) -> Read:
    """Who is tied in a locked skill, and every decision, the newest first."""
    found = kept.whole(session, skill.id)
    told = finals.facts(session, [skill.id])[skill.id]
    board = _board(found, told)
    may_decide = result_versions.is_to_hand_over(session, skill.id)
    asked = select(TieDecision).where(TieDecision.skill_id == skill.id)
    decided = tuple(
        Decided(
            row,
            {found.entries.get(entry, "–"): n for entry, n in row.of_entries.items()},
            row.locked_at == skill.locked_at and _counts(told, row),
            may_decide and _is_open(found, told, row.by, list(row.of_entries)),
        )
        for row in session.scalars(asked.order_by(TieDecision.id.desc()))
    )
    entries = {code: entry for entry, code in found.entries.items()}
    ties = tuple(tie_decisions.ties(board))
    concerned = {entries[code] for tie in ties for code in tie.codes}
    concerned |= {entry for one in decided for entry in one.row.of_entries}
    seconds = working_times.measured(session, skill.id, concerned)
    return Read(
        ties,
        decided,
        tuple(tie_decisions.steps(told.rules)),
        {found.entries[entry]: n for entry, n in seconds.items() if entry in found.entries},
        len(found.panels.judges),
        may_decide,
    )


def waiting(session: Session, skill: Skill) -> list[Tie]:
    """The ties that places of a skill wait for; none before its lock."""
    if skill.locked_at is None:
        return []
    found = kept.whole(session, skill.id)
    board = _board(found, finals.facts(session, [skill.id])[skill.id])
    return [tie for tie in tie_decisions.ties(board) if tie.is_open]


def places_waiting(session: Session, skill: Skill) -> int:
    """How many places of a skill wait for a decision."""
    return sum(len(tie.lines) for tie in waiting(session, skill))


def decide(
    skill_id: int,
    by: str,
    figures: Mapping[str, int],
    *,
    reason: str,
    actor_id: int,
    key: str,
    proof: Proof | None = None,
) -> None:
    """Give everybody of one tie, by code, their working time, the votes for them, or their rank by
    a ruling, which the chief judge's own PIN signs. A correction is the same act again."""
    why = stated(reason)
    with writing() as session:
        if session.scalar(select(TieDecision.id).where(TieDecision.key == key)):
            return
        skill = session.get(Skill, skill_id, populate_existing=True, with_for_update=True)
        if skill is None:
            raise Refusal(f"没有这个赛项。{NOTHING[0]}", f"No such skill. {NOTHING[1]}", status=404)
        separation.require(session, actor_id, Role.CHIEF_JUDGE, skill_id)
        _refuse_unless_to_decide(session, skill)
        _refuse_unless_signed(by, proof, actor_id)
        found = kept.whole(session, skill_id)
        told = finals.facts(session, [skill_id])[skill_id]
        known = {code: entry for entry, code in found.entries.items()}
        given = {known[code]: n for code, n in figures.items() if code in known}
        if len(given) < len(figures) or not _is_open(found, told, by, list(given)):
            raise Refusal(
                f"这些作品没有（或不再）在这一步同分。{NOTHING[0]}请刷新页面，查看现在的同分。",
                f"These works are not tied at this step (any more). {NOTHING[1]} Reload the page"
                " and look at the ties as they are now.",
            )
        wrong = tie_decisions.wrong_figures(by, list(given.values()), len(found.panels.judges))
        if wrong is not None:
            raise Refusal(f"{wrong[0]}{NOTHING[0]}", f"{wrong[1]} {NOTHING[1]}")
        clock = working_times.measured(session, skill_id, given) if by == "time" else {}
        row = TieDecision(
            key=key,
            skill_id=skill_id,
            by=by,
            figures=[
                {"entry": entry, "figure": n, "measured": clock.get(entry) == n}
                for entry, n in given.items()
            ],
            reason=why,
            locked_at=skill.locked_at,
            account_id=actor_id,
            device=proof.device if proof is not None else "",
            at=now(),
        )
        session.add(row)
        session.flush()
        version = result_versions.decided(session, skill_id, actor_id=actor_id)
        ledger.append(
            session,
            act="tie.decide",
            subject=f"tie_decision:{row.id}",
            body={
                "tie": row.id,
                "key": key,
                "by": by,
                "figures": row.figures,
                "reason": why,
                "locked_at": iso(row.locked_at),
                "device": row.device,
                "version": version,
            },
            actor_id=actor_id,
            skill_id=skill_id,
        )


def _refuse_unless_to_decide(session: Session, skill: Skill) -> None:
    if skill.locked_at is None:
        raise Refusal(
            f"成绩还没有锁定，同分在锁定后裁决。{NOTHING[0]}请先锁定。",
            f"The marks are not locked; ties are decided after the lock. {NOTHING[1]} Lock"
            " them first.",
        )
    if not result_versions.is_to_hand_over(session, skill.id):
        raise Refusal(
            f"成绩已经交出，不能再裁决。{NOTHING[0]}请先在“签字与锁定”页申请解锁（两人同意），"
            "重新锁定后再裁决。",
            f"The results were handed over already. {NOTHING[1]} Ask to unlock them on the page"
            " “Sign-off” (two people agree); decide after the new lock.",
        )


def _refuse_unless_signed(by: str, proof: Proof | None, actor_id: int) -> None:
    if by == "ruling" and (proof is None or proof.account_id != actor_id):
        raise Refusal(
            f"裁决须由裁判长本人用 PIN 签字。{NOTHING[0]}",
            f"A ruling is signed with the chief judge's own PIN. {NOTHING[1]}",
            status=403,
        )


def _board(found: Cells, told: Facts) -> Final:
    return finals.standings(found, told, tallies.tallies(found, Shown.ALL), found.entries)


def _is_open(found: Cells, told: Facts, by: str, entries: list[int]) -> bool:
    """Whether these are tied where this step would decide, whatever was decided from it on."""
    steps = tie_decisions.steps(told.rules)
    before = tie_decisions.without(told.decided, by, entries, steps)
    board = _board(found, replace(told, decided=before))
    codes = [found.entries.get(entry, "") for entry in entries]
    return tie_decisions.may_decide(tie_decisions.ties(board), codes, by, steps)


def _counts(told: Facts, row: TieDecision) -> bool:
    known = told.decided.get(row.by, {})
    return any(known.get(entry) == n for entry, n in row.of_entries.items())
