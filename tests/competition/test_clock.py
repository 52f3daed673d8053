"""The clock's rules: start × pauses × extra time × late start, ends written by hand, and properties
that hold for any of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules.clock import Clock, ClockState, Stop, Timing, clock, end_of, last_end, merged

DAY = datetime(2026, 11, 23, tzinfo=UTC)


def at(text: str) -> datetime:
    """09:30 or 09:30:15 of the day."""
    hours, minutes, *seconds = (int(part) for part in text.split(":"))
    return DAY + timedelta(hours=hours, minutes=minutes, seconds=sum(seconds))


def stop(text: str, reason: str = "fault", whole: bool = True) -> Stop:
    """ "10:00-10:20", or "10:00-" for one that still lasts."""
    start, end = text.split("-")
    return Stop(at(start), at(end) if end else None, reason, whole)


def timing(*pauses: str, extra: int = 0, late: str | None = None, minutes: int = 60) -> Timing:
    """A period of 60 minutes that started at nine."""
    return Timing(
        at("09:00"), minutes, tuple(stop(one) for one in pauses), extra, at(late) if late else None
    )


# what, timing, now, end
ENDS = [
    ("nothing happened", timing(), "09:30", "10:00"),
    ("one pause", timing("09:10-09:20"), "09:30", "10:10"),
    ("a pause of seconds", timing("09:10:00-09:10:07"), "09:30", "10:00:07"),
    ("two pauses apart", timing("09:10-09:20", "09:30-09:35"), "09:40", "10:15"),
    ("two that touch", timing("09:10-09:20", "09:20-09:30"), "09:40", "10:20"),
    ("two that overlap", timing("09:10-09:25", "09:20-09:30"), "09:40", "10:20"),
    ("one inside the other", timing("09:10-09:40", "09:15-09:20"), "09:50", "10:30"),
    ("the same twice", timing("09:10-09:20", "09:10-09:20"), "09:40", "10:10"),
    ("given in the wrong order", timing("09:30-09:35", "09:10-09:20"), "09:40", "10:15"),
    ("three in a chain", timing("09:10-09:20", "09:18-09:28", "09:26-09:36"), "09:50", "10:26"),
    ("still open after 20 min", timing("09:10-"), "09:30", "10:20"),
    ("still open after 2 hours", timing("09:10-"), "11:10", "12:00"),
    ("open, and a closed one before", timing("09:10-09:20", "09:30-"), "09:40", "10:20"),
    ("open, and a closed one inside it", timing("09:10-", "09:15-09:20"), "09:40", "10:30"),
    ("two open at once", timing("09:10-", "09:20-"), "09:40", "10:30"),
    ("opened this moment", timing("09:30-"), "09:30", "10:00"),
    ("of no length", timing("09:30-09:30"), "09:40", "10:00"),
    ("ends before it starts", timing("09:30-09:20"), "09:40", "10:00"),
    ("not begun yet", timing("09:50-09:55"), "09:40", "10:00"),
    ("half of it still to come", timing("09:30-09:50"), "09:40", "10:10"),
    ("from before the start", timing("08:50-09:10"), "09:30", "10:10"),
    ("over before the start", timing("08:30-08:50"), "09:30", "10:00"),
    ("from before the start, open", timing("08:50-"), "09:30", "10:30"),
    ("reaches past the end", timing("09:50-10:30"), "11:00", "10:40"),
    ("begins one second before the end", timing("09:59:59-10:29:59"), "11:00", "10:30"),
    ("begins at the end", timing("10:00-10:30"), "11:00", "10:00"),
    ("begins after the end", timing("10:10-10:30"), "11:00", "10:00"),
    ("open since after the end", timing("10:10-"), "11:00", "10:00"),
    ("the second reached through the first", timing("09:50-10:10", "10:15-10:20"), "11", "10:25"),
    ("the second at the moved end", timing("09:50-10:10", "10:20-10:30"), "11", "10:20"),
    ("extra time", timing(extra=15), "09:30", "10:15"),
    ("extra time and a pause", timing("09:10-09:20", extra=15), "09:30", "10:25"),
    ("a pause in the extra time", timing("10:05-10:15", extra=10), "10:20", "10:20"),
    ("a pause after the extra time", timing("10:10-10:15", extra=10), "10:20", "10:10"),
    ("late start", timing(late="09:20"), "09:30", "10:20"),
    ("late start earlier than the start", timing(late="08:20"), "09:30", "10:00"),
    ("late start to come", timing(late="09:40"), "09:30", "10:40"),
    ("late start and extra time", timing(late="09:20", extra=5), "09:30", "10:25"),
    ("a pause before the late start", timing("09:05-09:15", late="09:20"), "09:30", "10:20"),
    ("a pause across the late start", timing("09:10-09:30", late="09:20"), "09:40", "10:30"),
    ("a pause after the late start", timing("09:30-09:40", late="09:20"), "09:50", "10:30"),
    ("open across the late start", timing("09:10-", late="09:20"), "09:50", "10:50"),
    (
        "everything at once",
        timing("09:05-09:25", "09:50-10:00", "09:55-10:05", extra=10, late="09:20"),
        "10:10",
        "10:50",
    ),
]  # fmt: skip


def moment(text: str) -> datetime:
    return at(text if ":" in text else f"{text}:00")


@pytest.mark.parametrize(
    ("timing", "now", "end"), [row[1:] for row in ENDS], ids=[r[0] for r in ENDS]
)
def test_the_personal_end(timing: Timing, now: str, end: str) -> None:
    assert end_of(timing, moment(now)) == at(end)


@pytest.mark.parametrize("whole", [True, False])
def test_a_pause_of_the_workstation_and_one_of_the_skill_count_once(whole: bool) -> None:
    mixed = replace(
        timing(),
        pauses=(stop("09:10-09:30", whole=whole), stop("09:20-09:40", whole=not whole)),
    )
    assert end_of(mixed, at("09:50")) == at("10:30")


# what, timing, now, state, remaining minutes, reason
FACES = [
    ("not started", replace(timing(), started_at=None), "08:00", "waiting", 60, ""),
    ("not started, extra", replace(timing(extra=5), started_at=None), "08:00", "waiting", 65, ""),
    ("just started", timing(), "09:00", "running", 60, ""),
    ("running", timing(), "09:45", "running", 15, ""),
    ("late start to come", timing(late="09:30", extra=5), "09:10", "waiting", 65, ""),
    ("late start this moment", timing(late="09:30"), "09:30", "running", 60, ""),
    ("paused", timing("09:10-"), "09:50", "paused", 50, "fault"),
    ("paused this moment", timing("09:50-"), "09:50", "paused", 10, "fault"),
    ("paused since the last minute", timing("09:59-"), "15:00", "paused", 1, "fault"),
    ("resumed this moment", timing("09:10-09:30"), "09:30", "running", 50, ""),
    ("over", timing(), "10:00", "ended", 0, ""),
    ("long over", timing(), "20:00", "ended", 0, ""),
    ("over, then somebody paused", timing("10:30-"), "11:00", "ended", 0, ""),
    ("in the extra time", timing(extra=5), "10:02", "running", 3, ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("timing", "now", "state", "left", "reason"),
    [row[1:] for row in FACES],
    ids=[r[0] for r in FACES],
)
def test_what_the_clock_shows(timing: Timing, now: str, state: str, left: int, reason: str) -> None:
    shown = clock(timing, at(now))
    assert (shown.state, shown.remaining, shown.reason) == (state, timedelta(minutes=left), reason)


def test_a_clock_that_is_not_started_has_no_end() -> None:
    shown = clock(Timing(None, 60), at("08:00"))
    assert shown == Clock(ClockState.WAITING, None, None, timedelta(minutes=60))
    assert end_of(Timing(None, 60), at("08:00")) is None


def test_the_last_end_is_that_of_whoever_works_longest() -> None:
    some = [timing(), timing(extra=15), timing(late="09:10"), Timing(None, 60)]
    assert last_end(some, at("09:30")) == at("10:15")
    assert last_end([Timing(None, 60)], at("09:30")) is None
    assert last_end([], at("09:30")) is None


def test_the_clock_shows_the_reason_of_the_pause_that_is_open() -> None:
    both = replace(
        timing(), pauses=(stop("09:10-09:20", "power"), stop("09:30-", "keyboard", whole=False))
    )
    assert clock(both, at("09:40")).reason == "keyboard"


# Properties, in whole minutes of a day around a period of up to three hours

minutes = st.integers(min_value=-60, max_value=600)
stops = st.builds(
    lambda start, length: Stop(
        at("09:00") + timedelta(minutes=start),
        None if length is None else at("09:00") + timedelta(minutes=start + length),
    ),
    minutes,
    st.none() | st.integers(min_value=0, max_value=240),
)
timings = st.builds(
    Timing,
    st.just(at("09:00")),
    st.integers(min_value=1, max_value=180),
    st.lists(stops, max_size=5).map(tuple),
    st.integers(min_value=0, max_value=60),
    st.none() | minutes.map(lambda late: at("09:00") + timedelta(minutes=late)),
)
moments = minutes.map(lambda minute: at("09:00") + timedelta(minutes=minute))


def end(timing: Timing, now: datetime) -> datetime:
    found = end_of(timing, now)
    assert found is not None
    return found


@given(timings, stops, moments)
def test_a_pause_never_makes_the_end_earlier(timing: Timing, more: Stop, now: datetime) -> None:
    assert end(replace(timing, pauses=(*timing.pauses, more)), now) >= end(timing, now)


@given(timings, st.randoms(use_true_random=False), moments)
def test_the_order_of_pauses_does_not_matter(timing: Timing, random: object, now: datetime) -> None:
    pauses = list(timing.pauses)
    random.shuffle(pauses)  # type: ignore[attr-defined]
    assert end(replace(timing, pauses=tuple(pauses)), now) == end(timing, now)


@given(timings, moments)
def test_a_pause_noted_twice_counts_once(timing: Timing, now: datetime) -> None:
    assert end(replace(timing, pauses=timing.pauses * 2), now) == end(timing, now)


@given(timings, moments, st.integers(min_value=0, max_value=120))
def test_the_end_never_comes_closer_with_time(timing: Timing, now: datetime, later: int) -> None:
    """Nor does anybody see an end that a later look takes back."""
    assert end(timing, now + timedelta(minutes=later)) >= end(timing, now)


@given(timings, moments)
def test_remaining_is_never_negative_and_never_more_than_the_whole_time(
    timing: Timing, now: datetime
) -> None:
    shown = clock(timing, now)
    whole = timedelta(minutes=timing.minutes + timing.extra_minutes)
    assert timedelta(0) <= shown.remaining <= whole
    assert (shown.state is ClockState.ENDED) == (shown.remaining == timedelta(0))


@given(timings, moments)
def test_time_worked_and_time_left_make_the_whole(timing: Timing, now: datetime) -> None:
    """Counted minute by minute: what is left is the whole time less those that the clock ran."""
    begin = max(timing.started_at or now, timing.late_start or timing.started_at or now)
    still = merged(timing.pauses, begin, now)
    whole = timing.minutes + timing.extra_minutes
    worked, minute = 0, begin
    while minute < now and worked < whole:
        worked += not any(start <= minute < stop for start, stop in still)
        minute += timedelta(minutes=1)
    assert clock(timing, now).remaining == timedelta(minutes=whole - worked)


@given(timings, st.integers(min_value=1, max_value=60), moments)
def test_extra_time_moves_the_end_by_at_least_itself(
    timing: Timing, extra: int, now: datetime
) -> None:
    given_more = replace(timing, extra_minutes=timing.extra_minutes + extra)
    assert end(given_more, now) >= end(timing, now) + timedelta(minutes=extra)


@given(timings, moments)
def test_a_late_start_never_makes_the_end_earlier(timing: Timing, now: datetime) -> None:
    assert end(timing, now) >= end(replace(timing, late_start=None), now)


@given(timings, moments, st.integers(min_value=1, max_value=59))
def test_while_paused_the_time_left_stands_still(
    timing: Timing, now: datetime, seconds: int
) -> None:
    shown = clock(timing, now)
    if shown.state is not ClockState.PAUSED:
        return
    later = clock(timing, now + timedelta(seconds=seconds))  # pauses begin and end at full minutes
    assert (later.state, later.remaining) == (ClockState.PAUSED, shown.remaining)
    if any(pause.ends_at is None and pause.starts_at <= now for pause in timing.pauses):
        assert clock(timing, now + timedelta(hours=50)).remaining == shown.remaining
