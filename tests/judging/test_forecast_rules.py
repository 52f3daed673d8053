"""The forecast of the lock: examples worked by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from judging.rules.forecast import Left, Pace, locks_at, pace

NOW = datetime(2026, 9, 20, 12, 0, tzinfo=UTC)
NOTHING = Left(0, 0, 0)


def ago(*minutes: int) -> list[datetime]:
    return [NOW - timedelta(minutes=each) for each in minutes]


@pytest.mark.parametrize(
    ("times", "left", "seconds"),
    [
        # Nothing left: now, whatever the pace.
        ([], NOTHING, 0),
        # Ten acts are nine gaps: not enough. Eleven are ten gaps of a minute: 60 s an act.
        (ago(*range(10)), Left(5, 0, 0), None),
        (ago(*range(11)), Left(5, 0, 0), 300),
        (ago(*range(11)), Left(5, 2, 3), 600),
        # A pause of 200 minutes is left out: 5 + 5 gaps of a minute.
        (ago(*range(6), *range(205, 211)), Left(1, 0, 0), 60),
        # A gap of just 15 minutes is work: 10 gaps in 9 + 15 = 24 min, 144 s an act.
        (ago(*range(10), 24), Left(1, 0, 0), 144),
        # 11 gaps in 600 s (two acts in one moment): 600 / 11 = 54.5, rounded up.
        (ago(*range(11), 10), Left(1, 0, 0), 55),
        # All in one moment has no pace; the future is not looked at.
        (ago(*[0] * 30), Left(1, 0, 0), None),
        (ago(*range(-30, 0)), Left(1, 0, 0), None),
    ],
)
def test_lock_is_told_from_the_pace(times, left, seconds):
    expected = None if seconds is None else NOW + timedelta(seconds=seconds)
    assert locks_at(times, left, NOW) == expected
    assert locks_at(times[::-1], left, NOW) == expected


def test_only_the_recent_hour_of_work_counts():
    # An act a minute for the last hour; three slower ones before it do not count.
    assert pace(ago(*range(61), 70, 80, 90), NOW) == Pace(60, 3600)
