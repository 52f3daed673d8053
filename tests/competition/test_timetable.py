"""The verbs of the clock on both databases: each act once, in the ledger, refused with a reason."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from competition import clocks, ledger, timetable
from competition.database import db, writing
from competition.models import (
    Competition,
    Delegation,
    Entry,
    ExtraTime,
    LedgerRow,
    Pause,
    Period,
    Skill,
)
from competition.rules.clock import ClockState
from competition.rules.refusal import Refusal

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


@dataclass
class Hall:
    """A skill with two entries and a period of an hour, and the hour that the house shows."""

    skill: int
    entries: tuple[int, int]
    period: int
    stranger: int  # an entry of another skill
    set_time: Callable[[datetime], None]

    def minute(self, minutes: float) -> datetime:
        """Sets the time to so many minutes after nine."""
        at = NINE + timedelta(minutes=minutes)
        self.set_time(at)
        return at

    def row(self) -> Period:
        db.session.rollback()
        return db.session.get_one(Period, self.period, populate_existing=True)

    def end(self, entry: int | None, minutes: float) -> int:
        """Minutes after nine at which an entry's time ends, as seen at a minute."""
        found = clocks.clock_of(self.row(), entry, NINE + timedelta(minutes=minutes)).ends_at
        assert found is not None
        return round((found - NINE) / timedelta(minutes=1))

    def acts(self) -> list[str]:
        rows = select(LedgerRow.act).where(LedgerRow.skill_id == self.skill)
        return list(db.session.scalars(rows.order_by(LedgerRow.number)))


@pytest.fixture
def hall(context: Flask, monkeypatch: pytest.MonkeyPatch) -> Hall:
    present = [NINE]
    monkeypatch.setattr(timetable, "now", lambda: present[0])

    def skill(code: str) -> Skill:
        return Skill(
            code=code, name_zh="网站", name_en="Web", track="world", sector_zh="", sector_en=""
        )  # fmt: skip

    with writing() as session:
        edition = Competition(
            name_zh="大赛", name_en="Skills", starts_on=NINE.date(), ends_on=NINE.date()
        )  # fmt: skip
        delegation = Delegation(code="D", name_zh="哈尔滨", name_en="Harbin")
        here, there = skill("T17"), skill("T18")
        session.add_all([edition, delegation, here, there])
        session.flush()
        rows = [
            Entry(skill_id=owner.id, delegation_id=delegation.id, code=code, alias=f"P{code}")
            for owner, code in ((here, "K-1"), (here, "K-2"), (there, "K-9"))
        ]
        period = Period(skill_id=here.id, number=1, name_zh="上午", name_en="Morning", minutes=60)
        session.add_all([*rows, period])
        session.flush()
        ids = here.id, (rows[0].id, rows[1].id), period.id, rows[2].id
    return Hall(*ids, lambda at: present.__setitem__(0, at))


def started(hall: Hall) -> Hall:
    timetable.start(hall.period, actor_id=_chief())
    return hall


def _chief() -> int:
    from competition.models import Account

    found = db.session.scalar(select(Account.id))
    if found is None:
        with writing() as session:
            account = Account(username="chief", label="裁判长", fs_uniquifier="chief")
            session.add(account)
            session.flush()
            found = account.id
    return found


def give(hall: Hall, minutes: int, key: str, *, entry: int = 0, reason: str = "network") -> None:
    timetable.give_time(
        hall.period, hall.entries[entry], minutes, reason=reason, actor_id=_chief(), key=key
    )


def test_started_once_and_to_the_millisecond(hall: Hall) -> None:
    hall.set_time(NINE + timedelta(microseconds=123_456))
    started(hall)
    hall.minute(10)
    started(hall)
    assert hall.row().started_at == NINE + timedelta(milliseconds=123)
    assert hall.acts() == ["period.start"]


def test_a_pause_of_everybody_moves_every_end(hall: Hall) -> None:
    started(hall).minute(10)
    for _ in range(2):
        timetable.pause(hall.period, None, reason="  power \n failure ", actor_id=_chief())
    hall.minute(25)
    assert [hall.end(entry, 25) for entry in (None, *hall.entries)] == [75, 75, 75]
    for _ in range(2):
        timetable.resume(hall.period, None, actor_id=_chief())
    assert [hall.end(entry, 50) for entry in (None, *hall.entries)] == [75, 75, 75]
    assert hall.acts() == ["period.start", "period.pause", "period.resume"]
    assert [pause.reason for pause in hall.row().pauses] == ["power failure"]


def test_a_pause_of_one_moves_one_end_and_counts_once_with_that_of_everybody(hall: Hall) -> None:
    started(hall).minute(10)
    timetable.pause(hall.period, hall.entries[0], reason="keyboard", actor_id=_chief())
    hall.minute(15)
    timetable.pause(hall.period, None, reason="power", actor_id=_chief())
    hall.minute(20)
    timetable.resume(hall.period, None, actor_id=_chief())
    shown = clocks.clock_of(hall.row(), hall.entries[0], NINE + timedelta(minutes=20))
    assert (shown.state, shown.reason) == (ClockState.PAUSED, "keyboard")
    hall.minute(30)
    timetable.resume(hall.period, hall.entries[0], actor_id=_chief())
    assert [hall.end(entry, 40) for entry in (None, *hall.entries)] == [65, 80, 65]


def test_extra_time_is_given_once_per_key(hall: Hall) -> None:
    started(hall).minute(10)
    give(hall, 10, "key-0001")
    give(hall, 10, "key-0001")
    give(hall, 5, "key-0002")
    assert [hall.end(entry, 10) for entry in hall.entries] == [75, 60]
    assert hall.acts() == ["period.start", "period.extra_time", "period.extra_time"]


def test_extra_time_after_the_end_opens_the_period_again(hall: Hall) -> None:
    started(hall).minute(61)
    assert timetable.note_ends(hall.minute(61)) == [hall.skill]
    hall.minute(64)
    give(hall, 10, "key-0001")
    assert hall.row().ended_at is None
    assert clocks.situation(db.session(), hall.skill, hall.minute(65)).working
    assert timetable.note_ends(hall.minute(69)) == []
    assert timetable.note_ends(hall.minute(70)) == [hall.skill]


def test_extra_time_that_would_be_over_already_is_refused_with_what_it_takes(hall: Hall) -> None:
    started(hall).minute(72)
    with pytest.raises(Refusal, match="at least 13"):
        give(hall, 12, "key-0001")
    give(hall, 13, "key-0002")
    assert hall.end(hall.entries[0], 72) == 73


def test_a_late_start_gives_the_full_time_once(hall: Hall) -> None:
    started(hall).minute(20)
    timetable.late_start(hall.period, hall.entries[1], reason="power", actor_id=_chief())
    hall.minute(30)
    timetable.late_start(hall.period, hall.entries[1], reason="power", actor_id=_chief())
    assert [hall.end(entry, 30) for entry in hall.entries] == [60, 80]
    assert hall.acts() == ["period.start", "period.late_start"]


def test_everybody_can_be_paused_while_anybody_still_works(hall: Hall) -> None:
    started(hall).minute(10)
    give(hall, 20, "key-0001")
    hall.minute(65)
    timetable.pause(hall.period, None, reason="evacuation", actor_id=_chief())
    hall.minute(75)
    timetable.resume(hall.period, None, actor_id=_chief())
    assert [hall.end(entry, 75) for entry in (None, *hall.entries)] == [60, 90, 60]


REFUSED = [
    ("pause before the start", -1, lambda hall, who: pause(hall, who, None)),
    ("extra time before the start", -1, lambda hall, who: give(hall, 5, "key-0001")),
    ("pause of everybody after the end", 61, lambda hall, who: pause(hall, who, None)),
    ("pause of one after the end", 61, lambda hall, who: pause(hall, who, hall.entries[0])),
    ("late start after the end", 61, lambda hall, who: late(hall, who, hall.entries[0])),
    ("without a reason", 10, lambda hall, who: pause(hall, who, None, " \n ")),
    ("extra time without a reason", 10, lambda hall, who: give(hall, 5, "key-0001", reason="")),
    ("no minutes", 10, lambda hall, who: give(hall, 0, "key-0001")),
    ("negative minutes", 10, lambda hall, who: give(hall, -5, "key-0001")),
    ("a slip of the finger", 10, lambda hall, who: give(hall, 1500, "key-0001")),
    ("an entry of another skill", 10, lambda hall, who: pause(hall, who, hall.stranger)),
    ("an entry that is not there", 10, lambda hall, who: pause(hall, who, 4711)),
    ("a period that is not there", 10, lambda hall, who: timetable.start(4711, actor_id=who)),
]


def pause(hall: Hall, who: int, entry: int | None, reason: str = "fault") -> None:
    timetable.pause(hall.period, entry, reason=reason, actor_id=who)


def late(hall: Hall, who: int, entry: int) -> None:
    timetable.late_start(hall.period, entry, reason="fault", actor_id=who)


@pytest.mark.parametrize(
    ("minute", "act"), [row[1:] for row in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_refused_and_nothing_changed(
    hall: Hall, minute: int, act: Callable[[Hall, int], None]
) -> None:
    if minute >= 0:
        started(hall)
    hall.minute(minute)
    who, before = _chief(), hall.acts()
    with pytest.raises(Refusal) as refused:
        act(hall, who)
    assert refused.value.zh
    assert hall.acts() == before
    row = hall.row()
    assert (row.pauses, row.extra_times, row.late_starts) == ([], [], [])


def test_a_locked_skill_keeps_its_clock(hall: Hall) -> None:
    started(hall).minute(10)
    with writing() as session:
        session.get_one(Skill, hall.skill).locked_at = NINE
    for act in (
        lambda: pause(hall, _chief(), None),
        lambda: give(hall, 5, "key-0001"),
        lambda: timetable.resume(hall.period, None, actor_id=_chief()),
    ):
        with pytest.raises(Refusal, match="locked"):
            act()
    assert hall.acts() == ["period.start"]


def test_periods_are_planned_and_run_in_their_order(hall: Hall) -> None:
    for _ in range(2):
        timetable.plan(
            hall.skill, 2, name_zh=" 下午 ", name_en="", minutes=30, actor_id=_chief(), task="game"
        )
    second = db.session.scalars(select(Period).where(Period.number == 2)).one()
    assert (second.name_zh, second.name_en, second.task) == ("下午", "下午", "game")
    for number, minutes, name in ((4, 30, "x"), (3, 0, "x"), (3, 9999, "x"), (3, 30, " ")):
        with pytest.raises(Refusal):
            timetable.plan(
                hall.skill, number, name_zh=name, name_en="", minutes=minutes, actor_id=_chief()
            )
    with pytest.raises(Refusal, match="Period 1"):
        timetable.start(second.id, actor_id=_chief())
    started(hall).minute(30)
    with pytest.raises(Refusal, match="Period 1"):
        timetable.start(second.id, actor_id=_chief())
    assert clocks.situation(db.session(), hall.skill, hall.minute(61)).working  # more is to come
    timetable.start(second.id, actor_id=_chief())
    assert hall.acts() == ["period.plan", "period.start", "period.start"]
    assert not clocks.situation(db.session(), hall.skill, hall.minute(92)).working


def test_the_end_is_noted_once_when_the_last_has_ended(hall: Hall) -> None:
    started(hall).minute(10)
    give(hall, 5, "key-0001")
    assert timetable.note_ends(hall.minute(64)) == []
    assert timetable.note_ends(hall.minute(65)) == [hall.skill]
    assert timetable.note_ends(hall.minute(66)) == []
    assert hall.row().ended_at == NINE + timedelta(minutes=65)
    assert hall.acts()[-1] == "period.end"


def test_the_end_is_noted_of_a_skill_that_was_locked_in_the_same_second(hall: Hall) -> None:
    started(hall).minute(10)
    with writing() as session:
        session.get_one(Skill, hall.skill).locked_at = hall.minute(60)
    assert timetable.note_ends(hall.minute(60)) == [hall.skill]
    assert hall.row().ended_at == hall.minute(60)
    assert timetable.note_ends(hall.minute(61)) == []


def test_a_period_that_stands_still_does_not_end(hall: Hall) -> None:
    started(hall).minute(59)
    pause(hall, _chief(), hall.entries[1])
    assert timetable.note_ends(hall.minute(6000)) == []
    assert timetable.note_ends(NINE - timedelta(days=1)) == []


def test_what_the_public_sees_of_a_pause_stands_still(hall: Hall) -> None:
    before = clocks.situation(db.session(), hall.skill, NINE)
    assert (before.started, before.working, before.starts_at) == (False, True, None)
    started(hall).minute(10)
    pause(hall, _chief(), hall.entries[0])
    public = clocks.situation(db.session(), hall.skill, hall.minute(12))
    assert (public.working, public.paused, public.ends_at) == (True, False, NINE.replace(hour=10))
    pause(hall, _chief(), None)
    shown = {clocks.situation(db.session(), hall.skill, hall.minute(at)) for at in (12, 40, 500)}
    assert len(shown) == 1
    [public] = shown
    assert (public.paused, public.paused_at) == (True, NINE + timedelta(minutes=12))
    assert public.ends_at == NINE.replace(hour=10)  # 48 minutes are left, now as then


def test_the_ledger_tells_every_act_and_names_nobody(hall: Hall) -> None:
    started(hall).minute(10)
    pause(hall, _chief(), hall.entries[0])
    hall.minute(12)
    timetable.resume(hall.period, hall.entries[0], actor_id=_chief())
    late(hall, _chief(), hall.entries[1])
    give(hall, 5, "key-0001")
    timetable.note_ends(hall.minute(600))
    rows = db.session.scalars(select(LedgerRow).order_by(LedgerRow.number)).all()
    bodies = {row.act: row.body for row in rows}
    assert bodies["period.start"]["starts_at"] == "2026-11-23T09:00:00.000Z"
    assert bodies["period.pause"]["starts_at"] == "2026-11-23T09:10:00.000Z"
    assert bodies["period.resume"]["ends_at"] == "2026-11-23T09:12:00.000Z"
    assert bodies["period.late_start"]["starts_at"] == "2026-11-23T09:12:00.000Z"
    assert bodies["period.extra_time"]["minutes"] == 5
    assert rows[-1].act == "period.end"
    assert ledger.walk(db.session(), hall.skill).ok
    assert db.session.get_one(Skill, hall.skill).revision == len(rows)


def test_two_hands_at_once_give_one_act(hall: Hall, context: Flask) -> None:
    """Both taps arrive before either is written: one pause, one gift of minutes."""
    started(hall).minute(10)
    who = _chief()
    db.session.rollback()
    gate, errors = threading.Barrier(4), []

    def tap(act: Callable[[], None]) -> None:
        with context.app_context():
            try:
                gate.wait()
                act()
            except Exception as error:  # shown below; a thread's own traceback is lost
                errors.append(error)
            finally:
                db.session.remove()

    def minutes() -> None:
        timetable.give_time(
            hall.period, hall.entries[0], 5, reason="x", actor_id=who, key="key-0001"
        )

    acts: list[Callable[[], None]] = [minutes, minutes, *[lambda: pause(hall, who, None)] * 2]
    threads = [threading.Thread(target=tap, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    db.session.rollback()
    assert len(db.session.scalars(select(Pause)).all()) == 1
    assert len(db.session.scalars(select(ExtraTime)).all()) == 1
    assert sorted(hall.acts()) == ["period.extra_time", "period.pause", "period.start"]
