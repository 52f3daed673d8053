"""The rules of handing in, as tables: in time, which one counts, whose turn it is."""

from datetime import UTC, datetime, timedelta

import pytest

from judging.rules.handin import Handed, Timeliness, Waiting, counting, in_turn, timeliness

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


def waiting(*rows: tuple[int, int, int, int]) -> list[Waiting]:
    return [
        Waiting(id, entry, number, END + timedelta(seconds=at)) for id, entry, number, at in rows
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], []),
        # (evaluation, entry, hand-in, since)
        ([(1, 7, 1, 0), (2, 8, 1, 1)], [1, 2]),
        ([(2, 8, 1, 1), (1, 7, 1, 0)], [1, 2]),
        # Three quick hand-ins of one entry do not push the other back.
        ([(1, 7, 1, 0), (2, 7, 2, 1), (3, 7, 3, 2), (4, 8, 1, 3)], [3, 4, 1, 2]),
        # The same moment: by number.
        ([(5, 9, 1, 0), (4, 8, 1, 0)], [4, 5]),
    ],
)
def test_the_queue_takes_everybodys_newest_first(
    rows: list[tuple[int, int, int, int]], expected: list[int]
) -> None:
    assert in_turn(waiting(*rows)) == expected
