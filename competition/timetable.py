"""The verbs of the clock: plan, start, pause, resume, extra time, late start, end.

The chief judge's acts. Each may be repeated without harm and goes into the skill's ledger with
entry ids, never names. What the clock then shows is read in `clocks`.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import ledger, separation
from competition.clocks import clock_of, is_over, periods, plain_end
from competition.database import db, writing
from competition.models import Entry, ExtraTime, LateStart, Pause, Period, Role, Skill
from competition.moment import iso, now
from competition.rules.clock import ClockState
from competition.rules.refusal import Refusal

MOST_EXTRA = 240  # minutes given in one act; more is a slip of the finger
LONGEST = 24 * 60  # minutes of a period; a day is more than anybody works at a stretch


def plan(
    skill_id: int,
    number: int,
    *,
    name_zh: str,
    name_en: str,
    minutes: int,
    actor_id: int,
    task: str | None = None,
    planned_at: datetime | None = None,
) -> None:
    """Add a working period. `number` is the one that comes next: the same plan twice is one."""
    name_zh, name_en = (" ".join(name.split())[:100] for name in (name_zh, name_en))
    if not name_zh and not name_en:
        raise Refusal(
            "没有写赛段名称，没有新增赛段。请写一个名称。",
            "The period has no name, so none was added. Give it one.",
        )
    if not 1 <= minutes <= LONGEST:
        raise Refusal(
            f"赛段应在 1 到 {LONGEST} 分钟之间，没有新增赛段。",
            f"A period must have between 1 and {LONGEST} minutes; none was added.",
        )
    with writing() as session:
        _open_skill(session.get(Skill, skill_id, populate_existing=True, with_for_update=True))
        separation.require(session, actor_id, Role.CHIEF_JUDGE, skill_id)
        there = [period.number for period in periods(session, skill_id)]
        if number in there:
            return
        if number != len(there) + 1:
            raise Refusal(
                "赛段的序号不连续，没有新增赛段。请刷新页面后再试。",
                "That number is not the next one, so no period was added. Reload the page.",
            )
        period = Period(
            skill_id=skill_id,
            number=number,
            name_zh=name_zh or name_en,
            name_en=name_en or name_zh,
            minutes=minutes,
            task=task,
            planned_at=planned_at,
        )
        session.add(period)
        session.flush()
        body = {"number": number, "minutes": minutes, "task": task, "planned_at": iso(planned_at)}
        _note(session, "period.plan", period, actor_id, body)


def start(period_id: int, *, actor_id: int) -> None:
    """Begin a period for everybody; beginning it again changes nothing."""
    with writing() as session:
        period = _period(session, period_id, actor_id)
        if period.started_at is not None:
            return
        at = _moment()
        _in_turn(session, period, at)
        period.started_at = at
        body = {"number": period.number, "minutes": period.minutes, "starts_at": iso(at)}
        _note(session, "period.start", period, actor_id, body)


def pause(period_id: int, entry_id: int | None, *, reason: str, actor_id: int) -> None:
    """Stop the clock of one entry, or with None of the whole skill, until `resume`."""
    reason = _reason(reason)
    with writing() as session:
        period = _working(session, period_id, entry_id, actor_id)
        if _open_pause(period, entry_id) is not None:
            return
        row = Pause(period_id=period.id, entry_id=entry_id, starts_at=_moment(), reason=reason)
        session.add(row)
        session.flush()
        body = {
            "pause": row.id,
            "entry": entry_id,
            "starts_at": iso(row.starts_at),
            "reason": reason,
        }
        _note(session, "period.pause", period, actor_id, body)


def resume(period_id: int, entry_id: int | None, *, actor_id: int) -> None:
    """Let a stopped clock go on; without a pause nothing changes."""
    with writing() as session:
        period = _period(session, period_id, actor_id)
        row = _open_pause(period, entry_id)
        if row is None:
            return
        row.ends_at = max(row.starts_at, _moment())
        body = {"pause": row.id, "entry": entry_id, "ends_at": iso(row.ends_at)}
        _note(session, "period.resume", period, actor_id, body)


def give_time(
    period_id: int, entry_id: int, minutes: int, *, reason: str, actor_id: int, key: str
) -> None:
    """Add minutes to one entry's time. `key` names the act: the same key adds nothing twice."""
    reason = _reason(reason)
    if not 1 <= minutes <= MOST_EXTRA:
        raise Refusal(
            f"加时应在 1 到 {MOST_EXTRA} 分钟之间，没有加时。",
            f"Extra time must be between 1 and {MOST_EXTRA} minutes; no time was given.",
        )
    with writing() as session:
        period = _working(session, period_id, entry_id, actor_id, ended_is_fine=True)
        if session.scalar(select(ExtraTime).where(ExtraTime.key == key)):
            return
        _still_of_use(period, entry_id, minutes)
        row = ExtraTime(
            period_id=period.id, entry_id=entry_id, minutes=minutes, reason=reason, key=key
        )
        session.add(row)
        period.ended_at = None  # somebody works again; the end is noted anew when it has passed
        session.flush()
        body = {"extra_time": row.id, "entry": entry_id, "minutes": minutes, "reason": reason}
        _note(session, "period.extra_time", period, actor_id, body)


def late_start(
    period_id: int, entry_id: int, *, reason: str, actor_id: int, at: datetime | None = None
) -> None:
    """Let one entry begin now, with its full time; a second time changes nothing."""
    reason = _reason(reason)
    with writing() as session:
        period = _working(session, period_id, entry_id, actor_id)
        if any(row.entry_id == entry_id for row in period.late_starts):
            return
        begins = at or _moment()
        row = LateStart(period_id=period.id, entry_id=entry_id, starts_at=begins, reason=reason)
        session.add(row)
        session.flush()
        body = {"entry": entry_id, "starts_at": iso(begins), "reason": reason}
        _note(session, "period.late_start", period, actor_id, body)


def note_ends(at: datetime) -> list[int]:
    """End the periods whose last personal end has passed, once each; gives the skills' ids.

    This is the verb that runs on time (decisions 3): what the end of work releases is released by
    a ledger row, not by a clock in a view.
    """
    ended: list[int] = []
    running = select(Period).where(Period.started_at.is_not(None), Period.ended_at.is_(None))
    due = [
        period.id
        for period in db.session.scalars(running)
        # Nobody's end comes before the plain one, which costs no query: this runs every second.
        if plain_end(period) <= at and is_over(db.session(), period, at)
    ]
    for period_id in due:
        with writing() as session:
            # Also of a skill that was locked in the very second in which it ended.
            period = session.get(Period, period_id, populate_existing=True, with_for_update=True)
            if period is None or period.ended_at is not None or not is_over(session, period, at):
                continue
            period.ended_at = at
            _note(session, "period.end", period, None, {"number": period.number})
            ended.append(period.skill_id)
    return ended


def _moment() -> datetime:
    """Now, cut to milliseconds as everything shown and hashed is."""
    at = now()
    return at - timedelta(microseconds=at.microsecond % 1000)


def _reason(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise Refusal(
            "没有写明理由，时钟没有改变。请写一句理由。",
            "No reason was given; the clock was not changed. Write one sentence why.",
        )
    return text[:500]


def _period(session: Session, period_id: int, actor_id: int | None) -> Period:
    """The period, locked, so that two acts at once see each other; closed once the skill is, and to
    whom the separation of duties keeps from its skill by now."""
    period = session.get(Period, period_id, populate_existing=True, with_for_update=True)
    if period is None:
        raise Refusal(
            "没有这个赛段，没有改变。", "No such working period; nothing was changed.", status=404
        )
    _open_skill(period.skill)
    separation.require(session, actor_id, Role.CHIEF_JUDGE, period.skill_id)
    return period


def _open_skill(skill: Skill | None) -> None:
    if skill is None:
        raise Refusal("没有这个赛项，没有改变。", "No such skill; nothing was changed.", status=404)
    if skill.locked_at is not None:
        raise Refusal(
            "该赛项的评分已锁定，时钟没有改变。",
            "The marks of this skill are locked; the clock was not changed.",
        )


def _in_turn(session: Session, period: Period, at: datetime) -> None:
    """Periods of a skill run one after the other, in their order."""
    earlier = (one for one in periods(session, period.skill_id) if one.number < period.number)
    for one in earlier:
        if one.ended_at is None and not is_over(session, one, at):
            raise Refusal(
                f"赛段 {one.number} 还没有结束，没有开始。请等它结束。",
                f"Period {one.number} has not ended, so nothing was started. Wait for its end.",
            )


def _working(
    session: Session,
    period_id: int,
    entry_id: int | None,
    actor_id: int,
    *,
    ended_is_fine: bool = False,
) -> Period:
    """A period that has started and, for this entry (with None: for anybody), has not ended."""
    period = _period(session, period_id, actor_id)
    entry = session.get(Entry, entry_id) if entry_id is not None else None
    if entry_id is not None and (entry is None or entry.skill_id != period.skill_id):
        raise Refusal(
            "该赛项没有这个编号，时钟没有改变。",
            "This skill has no such work; the clock was not changed.",
            status=404,
        )
    if period.started_at is None:
        raise Refusal(
            "赛段还没有开始，时钟没有改变。请先开始赛段。",
            "The period has not started; the clock was not changed. Start it first.",
        )
    at = now()
    over = (
        is_over(session, period, at)
        if entry_id is None
        else clock_of(period, entry_id, at).state is ClockState.ENDED
    )
    if over and not ended_is_fine:
        raise Refusal(
            "时间已到，时钟没有改变。如需补时，请使用“加时”。",
            "The time is over; the clock was not changed. Use extra time to give time back.",
        )
    return period


def _still_of_use(period: Period, entry_id: int, minutes: int) -> None:
    """Minutes that would be over already help nobody: refuse them and say how many would."""
    at = now()
    end = clock_of(period, entry_id, at).ends_at
    if end is not None and end + timedelta(minutes=minutes) <= at:
        least = (at - end) // timedelta(minutes=1) + 1
        raise Refusal(
            f"加时 {minutes} 分钟后的结束时间也已经过去，没有加时。至少需要 {least} 分钟。",
            f"With {minutes} more minutes the end would still lie in the past; no time was given."
            f" It takes at least {least}.",
        )


def _open_pause(period: Period, entry_id: int | None) -> Pause | None:
    return next(
        (row for row in period.pauses if row.entry_id == entry_id and row.ends_at is None), None
    )


def _note(
    session: Session, act: str, period: Period, actor_id: int | None, body: dict[str, Any]
) -> None:
    ledger.append(
        session,
        act=act,
        subject=f"period:{period.id}",
        body=body,
        actor_id=actor_id,
        skill_id=period.skill_id,
    )
