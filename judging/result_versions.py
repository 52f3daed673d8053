"""成绩版本: hand over → received → published → must republish, and what a correction would move.

Each lock of a skill makes a version with its standings, and so does each decision of a tie. A step
is one guarded update: of two people who take it at the same moment one does, and a step out of turn
changes nothing.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from competition import ledger
from competition.database import writing
from competition.models import Account, Skill
from competition.moment import iso, now
from competition.rules.refusal import Refusal
from judging import kept, rechecking, releasing, tallies
from judging.models import ResultVersion
from judging.rules import impact
from judging.rules.impact import Move
from judging.rules.marks import Seen
from judging.rules.visibility import Shown

# A step → the state that it needs.
NEEDS = {"handed_over": "locked", "received": "handed_over", "published": "received"}
STANDS = (*NEEDS.values(), "published")  # what the newest version says that no unlock ended
SHOWN = ("published", "must_republish")  # what the public has seen


def of_skill(session: Session, skill_id: int) -> list[ResultVersion]:
    """Every version, the newest first."""
    asked = select(ResultVersion).where(ResultVersion.skill_id == skill_id)
    return list(session.scalars(asked.order_by(ResultVersion.version.desc())))


def newest_of(session: Session, skill_ids: Collection[int]) -> list[ResultVersion]:
    """The newest version of each of these skills that has one."""
    last = (
        select(ResultVersion.skill_id, func.max(ResultVersion.version).label("version"))
        .where(ResultVersion.skill_id.in_(skill_ids))
        .group_by(ResultVersion.skill_id)
        .subquery()
    )
    same = (ResultVersion.skill_id == last.c.skill_id) & (ResultVersion.version == last.c.version)
    return list(session.scalars(select(ResultVersion).join(last, same)))


def names(session: Session, rows: Collection[ResultVersion]) -> dict[int, str]:
    """What the people are called who took steps."""
    who = {step["by"] for row in rows for step in row.steps}
    asked = select(Account.id, Account.label).where(Account.id.in_(who - {None}))
    return {row.id: row.label for row in session.execute(asked)}


def keep(session: Session, skill_id: int, *, actor_id: int, step: str = "locked") -> int:
    """The next version, inside the transaction of the lock or ("decided") of a tie's decision;
    gives its number."""
    last = select(func.max(ResultVersion.version)).where(ResultVersion.skill_id == skill_id)
    number = (session.scalar(last) or 0) + 1
    standings = rechecking.standings(session, skill_id, kept.whole(session, skill_id))
    row = ResultVersion(
        skill_id=skill_id, version=number, lines=impact.lines(standings),
        steps=[_step(step, actor_id)], at=now(),
    )  # fmt: skip
    session.add(row)
    return number


def decided(session: Session, skill_id: int, *, actor_id: int) -> int:
    """The version after a tie was decided, in the place of the one that was locked; gives its
    number, inside the transaction of the decision."""
    row = _newest(session, skill_id)
    assert row is not None  # what is locked has one
    row.state, row.steps = "replaced", [*row.steps, _step("replaced", actor_id)]
    return keep(session, skill_id, actor_id=actor_id, step="decided")


def is_to_hand_over(session: Session, skill_id: int) -> bool:
    """Whether the newest version is still in the chief judge's hands."""
    row = _newest(session, skill_id)
    return row is not None and row.state == "locked"


def unlock(session: Session, skill_id: int, *, actor_id: int) -> None:
    """The newest version no longer stands, inside the transaction of the unlock: one that the
    public has seen must be published anew."""
    row = _newest(session, skill_id)
    if row is not None and row.state in STANDS:
        state = "must_republish" if row.state == "published" else "withdrawn"
        row.state, row.steps = state, [*row.steps, _step(state, actor_id)]


def step(skill_id: int, version: int, state: str, *, actor_id: int) -> None:
    """Hand over, take in or publish one version. Publishing shows hidden results, and replaces
    the version before. Taking the same step twice changes nothing."""
    with writing() as session:
        row = session.scalar(
            select(ResultVersion).where(
                ResultVersion.skill_id == skill_id, ResultVersion.version == version
            )
        )
        if row is None or state not in NEEDS:
            raise Refusal(
                "没有这个成绩版本，什么都没有改变。",
                "There is no such version of the results; nothing was changed.",
                status=404,
            )
        if state in [one["state"] for one in row.steps]:
            return
        _no_own_receipt(row, state, actor_id)
        if state == "handed_over":
            _no_open_tie(session, skill_id)
        steps = [*row.steps, _step(state, actor_id)]
        guarded = update(ResultVersion).where(
            ResultVersion.id == row.id, ResultVersion.state == NEEDS[state]
        )
        if session.execute(guarded.values(state=state, steps=steps)).rowcount != 1:  # type: ignore[attr-defined]
            raise Refusal(
                "这个成绩版本现在不能进行这一步（已解锁，或前一步还没有完成），什么都没有改变。请刷新页面。",
                "This version cannot take that step now (it was unlocked, or the step before is"
                " missing); nothing was changed. Reload the page.",
            )
        if state == "published":
            _show(session, row, actor_id, f"published-{row.id}")
        ledger.append(
            session,
            act=f"results.{state}",
            subject=f"result_version:{row.id}",
            body={"version": version},
            actor_id=actor_id,
            skill_id=skill_id,
        )


def _no_own_receipt(row: ResultVersion, state: str, actor_id: int) -> None:
    gave = {one["by"] for one in row.steps if one["state"] == "handed_over"}
    if state == "received" and actor_id in gave:
        raise Refusal(
            "交出成绩的人不能自己接收，没有改变。请秘书处另一人接收。",
            "Who handed the results over cannot take them in; nothing was changed. Somebody else"
            " at the secretariat must.",
            status=403,
        )


def _no_open_tie(session: Session, skill_id: int) -> None:
    """After the hand-over only an unlock by two people could decide it."""
    whole = rechecking.standings(session, skill_id, kept.whole(session, skill_id))
    if whole.undecided:
        code = session.scalar(select(Skill.code).where(Skill.id == skill_id))
        n = len(whole.undecided)
        raise Refusal(
            f"还有 {n} 个名次待定，没有交出。请先在“同分裁决”页（/results/{code}/ties）裁决。",
            f"{n} places are not decided, so nothing was handed over. Decide them first on the page"
            f" “Ties” (/results/{code}/ties).",
        )


def reveal(session: Session, skill_id: int, version_id: int, *, actor_id: int, key: str) -> bool:
    """Publish a version that the stage tells, inside the transaction that shows the slide; False
    where it stands no longer. The hall sees it, so it is published whatever step it had reached;
    frozen boards thaw."""
    skill = session.get_one(Skill, skill_id, populate_existing=True, with_for_update=True)
    row = _newest(session, skill_id)
    if row is None or row.id != version_id or row.state not in STANDS or skill.locked_at is None:
        return False
    if row.state != "published":
        row.state, row.steps = "published", [*row.steps, _step("published", actor_id)]
        ledger.append(
            session,
            act="results.published",
            subject=f"result_version:{row.id}",
            body={"version": row.version, "on_stage": True},
            actor_id=actor_id,
            skill_id=skill_id,
        )
    _show(session, row, actor_id, key, thaws=True)
    return True


def standing(session: Session, skill_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Skill → id and number of the version that stands: of locked skills, the newest one unless
    it was withdrawn."""
    newest = select(func.max(ResultVersion.id)).group_by(ResultVersion.skill_id)
    found = session.execute(
        select(ResultVersion.skill_id, ResultVersion.id, ResultVersion.version)
        .join(Skill, Skill.id == ResultVersion.skill_id)
        .where(
            ResultVersion.id.in_(newest),
            ResultVersion.skill_id.in_(skill_ids),
            ResultVersion.state.in_(STANDS),
            Skill.locked_at.is_not(None),
        )
    )
    return {skill: (version_id, version) for skill, version_id, version in found}


def _show(
    session: Session, row: ResultVersion, actor_id: int, key: str, *, thaws: bool = False
) -> None:
    releasing.show_published(session, row.skill_id, actor_id=actor_id, key=key, thaws=thaws)
    session.execute(
        update(ResultVersion)
        .where(
            ResultVersion.skill_id == row.skill_id,
            ResultVersion.id != row.id,
            ResultVersion.state.in_(SHOWN),
        )
        .values(state="replaced")
    )


def impact_since_published(session: Session, skill_id: int) -> list[Move] | None:
    """What moved between the results that the public has seen last and the marks as they stand;
    None where none were published."""
    shown = next((one for one in of_skill(session, skill_id) if one.state in SHOWN), None)
    if shown is None:
        return None
    present = rechecking.standings(session, skill_id, kept.whole(session, skill_id))
    return impact.moves(shown.lines, impact.lines(present))


def impact_of(
    session: Session, skill_id: int, entry_id: int, aspect_id: int, value: int
) -> list[Move] | None:
    """Who would gain or lose what if a measurement of a work became `value` hundredths; nothing
    is written. None for an aspect that is no measurement, or a value outside its range."""
    found = kept.whole(session, skill_id)
    aspect = next((one for one in found.aspects if one.id == aspect_id), None)
    if aspect is None or aspect.kind != "M" or not 0 <= value <= aspect.max:
        return None
    before = impact.lines(rechecking.standings(session, skill_id, found))
    tried = found.copy()
    tallies.tallies(tried, Shown.ALL)
    tried.add(entry_id, aspect, Seen(0, "judge", None, value, decides=True))
    return impact.moves(before, impact.lines(rechecking.standings(session, skill_id, tried)))


def _newest(session: Session, skill_id: int) -> ResultVersion | None:
    return session.scalar(
        select(ResultVersion)
        .where(ResultVersion.skill_id == skill_id)
        .order_by(ResultVersion.version.desc())
        .limit(1)
        .with_for_update()
    )


def _step(state: str, by: int) -> dict[str, Any]:
    return {"state": state, "by": by, "at": iso(now())}
