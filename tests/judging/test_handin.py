"""The rules of handing in, as tables: in time, and which one counts."""

from datetime import UTC, datetime, timedelta

import pytest

from judging.rules.handin import Handed, Timeliness, counting, timeliness

END = datetime(2026, 11, 23, 6, 37, tzinfo=UTC)
IN_TIME, ANNOUNCED, LATE = Timeliness.IN_TIME, Timeliness.BY_ANNOUNCEMENT, Timeliness.LATE


@pytest.mark.parametrize(
    ("announced", "arrived", "expected"),
    [
        (-300, -200, IN_TIME),
        (-300, -0.001, IN_TIME),
        (-0.001, 0, ANNOUNCED),  # the end itself no longer belongs to the time
        (-300, 59.999, ANNOUNCED),
        (-300, 60, ANNOUNCED),  # a minute, the whole of it
        (-300, 60.001, LATE),
        (0, 1, LATE),  # announced at the end is announced too late
        (10, 20, LATE),
        (-300, 3600, LATE),
    ],
)
def test_timeliness(announced: float, arrived: float, expected: Timeliness) -> None:
    """Seconds from the end, before it negative."""
    given = timeliness(END + timedelta(seconds=announced), END + timedelta(seconds=arrived), END)
    assert given is expected


@pytest.mark.parametrize(
    ("handed", "expected"),
    [
        ([], None),
        ([(1, False)], 1),
        ([(1, False), (2, False), (3, False)], 3),
        ([(3, False), (1, False)], 3),
        ([(1, False), (2, True)], 1),  # the late one waits for a ruling
        ([(1, True)], None),
        ([(1, True), (2, False)], 2),  # ruled in afterwards, or time was added
    ],
)
def test_the_last_one_in_time_counts(handed: list[tuple[int, bool]], expected: int | None) -> None:
    assert counting(Handed(number, late) for number, late in handed) == expected
