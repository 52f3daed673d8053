"""The verbs of standing aside: a judge recused from one work or from the whole skill, by themselves
or by the chief judge, and the chief judge's overrides of what was found.

A recusal begins now, and what the judge gave before stays; or the chief judge says that it counts
from the start, and what was given before must be given again. Nothing is taken off the record.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import ledger
from competition.database import writing
from competition.models import Entry
from competition.moment import now
from competition.rules.conflicts import Tie
from judging import conflict_notes, seats
from judging.conflict_notes import seal
from judging.models import ConflictOverride, Recusal
from judging.open_panel import by_chief, opened, refused
from judging.open_panel import reason as because


def recuse(
    skill_id: int,
    judge_id: int,
    *,
    work: str = "",
    reason: str,
    from_start: bool = False,
    actor_id: int,
    key: str,
) -> int:
    """A judge does not mark the work of a code, or with "" any of the skill; gives the recusal's
    id. By the judge themselves, or else by the chief judge; the same key twice is one act."""
    own = actor_id == judge_id
    why = because(reason)
    with writing() as session:
        known = session.scalar(select(Recusal.id).where(Recusal.key == key))
        if known is not None:
            return known
        opened(session, skill_id) if own else by_chief(session, skill_id, actor_id)
        if judge_id not in {judge for judge, _ in seats.granted(session, skill_id)}:
            raise refused("此人不是该赛项的裁判员", "This person is no judge of the skill", 404)
        entry_id = _entry(session, skill_id, work)
        row = Recusal(
            key=key,
            skill_id=skill_id,
            judge_id=judge_id,
            entry_id=entry_id,
            source="judge" if own else "chief",
            ties=[],
            reason=why,
            from_start=from_start and not own,
            since=seats.last_observation(session, skill_id),
            by=actor_id,
            at=now(),
        )
        session.add(row)
        session.flush()
        _note(session, "recusal.begin", row, actor_id)
        return row.id


def lift(recusal_id: int, *, reason: str, actor_id: int) -> None:
    """The chief judge lets a judge mark again; twice changes nothing. What was found from data is
    not lifted but overridden."""
    why = because(reason)
    with writing() as session:
        row = session.get(Recusal, recusal_id)
        if row is None:
            raise refused("没有这条回避记录", "There is no such recusal", 404)
        if row.until is not None:
            return
        by_chief(session, row.skill_id, actor_id)
        if row.source == conflict_notes.SOURCE:
            raise refused(
                "这是系统查到的回避关系，请写明理由后选择“仍可评分”",
                "This was found by the system; to let the judge mark, override it with a reason",
            )
        row.until = seats.last_observation(session, row.skill_id)
        row.ended_by, row.ended_at, row.end_reason = actor_id, now(), why
        _note(session, "recusal.lift", row, actor_id)


def override(skill_id: int, judge_id: int, tie: Tie, *, reason: str, actor_id: int) -> int:
    """Let a judge mark in spite of one kind of tie; gives the override's id, the present one when
    there is one already. The reason follows the marks."""
    why = because(reason)
    with writing() as session:
        by_chief(session, skill_id, actor_id)
        standing = _override(session, skill_id, judge_id, tie)
        if standing is not None:
            return standing.id
        row = ConflictOverride(
            skill_id=skill_id,
            judge_id=judge_id,
            tie=tie.value,
            reason=why,
            since=seats.last_observation(session, skill_id),
            by=actor_id,
            at=now(),
        )
        session.add(row)
        session.flush()
        _note_override(session, "conflict.override", row, why, actor_id)
        conflict_notes.note_in(session, skill_id, actor_id)
        return row.id


def end_override(override_id: int, *, reason: str, actor_id: int) -> None:
    """The judge stands aside again; twice changes nothing."""
    why = because(reason)
    with writing() as session:
        row = session.get(ConflictOverride, override_id)
        if row is None:
            raise refused("没有这条记录", "There is no such override", 404)
        if row.until is not None:
            return
        by_chief(session, row.skill_id, actor_id)
        row.until = seats.last_observation(session, row.skill_id)
        row.ended_by, row.ended_at, row.end_reason = actor_id, now(), why
        _note_override(session, "conflict.end_override", row, why, actor_id)
        conflict_notes.note_in(session, row.skill_id, actor_id)


def decide_late(skill_id: int, judge_id: int, *, count: bool, reason: str, actor_id: int) -> int:
    """What a judge gave before a conflict was found counts all the same, or must be given again;
    for all of the judge's such works at once. Gives how many works; 0 when nothing waits."""
    why = because(reason)
    with writing() as session:
        by_chief(session, skill_id, actor_id)
        late = [one for one in conflict_notes.late(session, skill_id) if one.judge == judge_id]
        act = "conflict.marks_stand" if count else "conflict.marks_again"
        numbers = [number for one in late for number in one.recusals]
        for number in numbers:
            row = session.get_one(Recusal, number)
            row.by, row.reason, row.from_start = actor_id, why, not count
            _note(session, act, row, actor_id)
        return len(numbers)


def _override(session: Session, skill_id: int, judge_id: int, tie: Tie) -> ConflictOverride | None:
    return session.scalar(
        select(ConflictOverride).where(
            ConflictOverride.skill_id == skill_id,
            ConflictOverride.judge_id == judge_id,
            ConflictOverride.tie == tie.value,
            ConflictOverride.until.is_(None),
        )
    )


def _entry(session: Session, skill_id: int, work: str) -> int | None:
    code = work.strip().upper()
    if not code:
        return None
    found = session.scalar(select(Entry.id).where(Entry.skill_id == skill_id, Entry.code == code))
    if found is None:
        raise refused("该赛项没有这个编号", "This skill has no work with that code")
    return found


def _note(session: Session, act: str, row: Recusal, actor_id: int) -> None:
    """The reason stays in the row: it may speak of people (decisions 10)."""
    ledger.append(
        session,
        act=act,
        subject=f"recusal:{row.id}",
        body={"recusal": row.id, "judge": row.judge_id, "seal": seal(row)},
        actor_id=actor_id,
        skill_id=row.skill_id,
    )


def _note_override(
    session: Session, act: str, row: ConflictOverride, why: str, actor_id: int
) -> None:
    session.flush()
    ledger.append(
        session,
        act=act,
        subject=f"override:{row.id}",
        body={"judge": row.judge_id, "tie": row.tie, "reason": why},
        actor_id=actor_id,
        skill_id=row.skill_id,
    )
