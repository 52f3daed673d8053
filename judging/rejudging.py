"""The verbs of rejudging: start a set, apply or drop it as a whole.

A set is judged beside the live results and changes none of them. The chief judge looks at the table
of differences and applies or drops all of it, with a reason. A mark that a judge gave is never
changed by this: where the set speaks against one, a question is opened (`questions`). Every step is
an act in the skill's ledger.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from competition import ledger, separation
from competition.database import writing
from competition.models import Role, Skill
from competition.moment import now
from competition.rules.refusal import Refusal
from judging import evaluation, questions, rejudged
from judging.models import Evaluation, Rejudging
from judging.questions import Against
from judging.rejudged import Wanted


def start(
    skill_id: int,
    wanted: Wanted,
    chosen: Collection[int],
    *,
    reason: str,
    actor_id: int,
    key: str,
) -> int:
    """Queue the `chosen` hand-ins (ids) among those that match `wanted`; gives the set's id."""
    said = _reason(reason)
    with writing() as session:
        known = session.scalar(select(Rejudging).where(Rejudging.key == key))
        if known is not None:
            return known.id
        separation.require(session, actor_id, Role.CHIEF_JUDGE, skill_id)
        _locked_skill(session, skill_id)
        if rejudged.open_set(session, skill_id) is not None:
            raise Refusal(
                "这个赛项还有一批重判没有决定，没有开始新的。请先采用或放弃那一批。",
                "Another set of this skill is not decided yet, so none was begun. Apply or drop"
                " that one first.",
            )
        found = rejudged.matching(session, skill_id, wanted)
        ids = [row["submission_id"] for row in found if row["submission_id"] in chosen]
        if not ids:
            raise Refusal(
                "没有选中任何已判过的提交，没有开始重判。请放宽条件或勾选提交。",
                "No judged hand-in was chosen, so nothing was begun. Ask for more, or tick some.",
            )
        row = Rejudging(
            key=key,
            skill_id=skill_id,
            wanted=wanted.as_dict(),
            reason=said,
            asked_by=actor_id,
            asked_at=now(),
        )
        session.add(row)
        session.flush()
        at = now()
        session.add_all(
            Evaluation(submission_id=one, rejudging_id=row.id, queued_at=at) for one in ids
        )
        body = {"submissions": ids, "wanted": row.wanted}
        _note(session, row, "start", body, actor_id=actor_id, reason=said)
        return row.id


def apply(rejudging_id: int, *, seen: str, reason: str, actor_id: int) -> None:
    """Make the whole set the live result. `seen` is the stamp of the table that was looked at."""
    said = _reason(reason)
    with writing() as session:
        row = _open(session, rejudging_id, "applied")
        if row is None:
            return
        separation.require(session, actor_id, Role.CHIEF_JUDGE, row.skill_id)
        if _locked_skill(session, row.skill_id).locked_at is not None:
            raise Refusal(
                "该赛项的评分已锁定，没有采用。锁定后的更改请走申诉。",
                "The marks of this skill are locked, so nothing was applied. After the lock a"
                " change takes an appeal.",
            )
        if not rejudged.progress(session, row.id)["complete"]:
            raise Refusal(
                "这批提交还没有全部判完，没有采用。请等全部判完，或放弃这批重判。",
                "Not every hand-in of this set has been judged, so nothing was applied. Wait for"
                " the rest, or drop the set.",
            )
        lines = rejudged.table(session, row)
        if rejudged.stamp(lines) != seen:
            raise Refusal(
                "您查看之后差异表又有变化，没有采用。请看过新的差异表再决定。",
                "The table of differences has changed since you looked at it, so nothing was"
                " applied. Look at it again and decide.",
            )
        _make_live(session, row, lines)
        asked = _ask(session, row, lines)
        _decide(session, row, "applied", said, actor_id=actor_id, lines=lines)
        body = {"differences": [_short(line) for line in lines], "questions": asked}
        _note(session, row, "apply", body, actor_id=actor_id, reason=said)


def drop(rejudging_id: int, *, reason: str, actor_id: int) -> None:
    """Leave all results as they are; what of the set still waits is not judged any more."""
    said = _reason(reason)
    with writing() as session:
        row = _open(session, rejudging_id, "dropped")
        if row is None:
            return
        separation.require(session, actor_id, Role.CHIEF_JUDGE, row.skill_id)
        lines = rejudged.table(session, row)
        session.execute(
            update(Evaluation)
            .where(Evaluation.rejudging_id == row.id, Evaluation.state.in_(("queued", "running")))
            .values(state="dropped", lease_until=None)
            .execution_options(synchronize_session="fetch")
        )
        _decide(session, row, "dropped", said, actor_id=actor_id, lines=lines)
        body = {"differences": [_short(line) for line in lines]}
        _note(session, row, "drop", body, actor_id=actor_id, reason=said)


def _make_live(session: Session, row: Rejudging, lines: Sequence[dict[str, Any]]) -> None:
    """The set's judgings become the results; the proposals that differ are written anew."""
    changed = {line["evaluation"]: line for line in lines}
    for one in rejudged.judged(session, row.id):
        one.applied_at = now()
        line = changed.get(one.id)
        if line and line["counts"] and line["aspects"]:
            evaluation.propose(session, one, [rejudged.as_check(check) for check in one.checks])


def _ask(session: Session, row: Rejudging, lines: Sequence[dict[str, Any]]) -> list[int]:
    """Open a question for every judge's mark that the set speaks against."""
    entries = {one.id: one.submission.entry_id for one in rejudged.judged(session, row.id)}
    asked: list[int] = []
    for line in lines:
        against = [
            Against(one["id"], one["mark"], one["before"], one["after"], one["confirmed"])
            for one in line["aspects"]
            if one["question"]
        ]
        entry_id = entries[line["evaluation"]]
        asked += questions.ask(session, row.skill_id, entry_id, against, rejudging_id=row.id)
    return asked


def _decide(
    session: Session,
    row: Rejudging,
    state: str,
    reason: str,
    *,
    actor_id: int,
    lines: list[dict[str, Any]],
) -> None:
    row.outcome, row.state, row.decision = lines, state, reason
    row.decided_by, row.decided_at = actor_id, now()
    session.flush()


def _short(line: dict[str, Any]) -> dict[str, Any]:
    """A line of the table as the ledger keeps it."""
    return {
        "submission": line["submission"],
        "verdict": [line["verdict_before"], line["verdict_after"]],
        "aspects": {one["code"]: [one["before"], one["after"]] for one in line["aspects"]},
    }


def _note(
    session: Session,
    row: Rejudging,
    step: str,
    body: dict[str, Any],
    *,
    actor_id: int,
    reason: str,
) -> None:
    ledger.append(
        session,
        act=f"rejudging.{step}",
        subject=f"rejudging:{row.id}",
        body={**body, "reason": reason},
        actor_id=actor_id,
        skill_id=row.skill_id,
    )


def _open(session: Session, rejudging_id: int, wanted: str) -> Rejudging | None:
    """The set, if it is still open; None when it is already as wanted (the second of two taps)."""
    row = session.get(Rejudging, rejudging_id, with_for_update=True)
    if row is None:
        raise Refusal("没有这批重判，没有改变。", "No such set; nothing was changed.", status=404)
    if row.state == wanted:
        return None
    if row.state != "open":
        raise Refusal(
            "这批重判已有决定，没有改变。请刷新页面。",
            "This set is already decided; nothing was changed. Reload the page.",
        )
    return row


def _locked_skill(session: Session, skill_id: int) -> Skill:
    """Locked, so that two sets are not begun at once and no mark slips in between."""
    return session.get_one(Skill, skill_id, populate_existing=True, with_for_update=True)


def _reason(text: str) -> str:
    if not text.strip():
        raise Refusal(
            "没有写明理由，没有改变。请写一句理由。",
            "No reason was given, so nothing was changed. Write one sentence why.",
        )
    return text.strip()
