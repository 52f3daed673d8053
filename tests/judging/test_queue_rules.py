"""The rules of the queue, as tables: whose turn it is, and how long each will wait."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.rules.turns import Waiting, in_turn, seconds_left

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
X, Y, Z = 7, 8, 9  # entries
COUNTS, REPLACED = True, False


def one(
    id: int, entry: int, number: int, at: float, counts: bool, begun: int = 0, beside: bool = False
) -> Waiting:
    return Waiting(id, entry, 1, number, NOON + timedelta(seconds=at), counts, begun, beside)


CASES = {
    "nothing waits": ([], []),
    "first come, first served": (
        [one(2, Y, 1, 5, COUNTS), one(1, X, 1, 0, COUNTS)],
        [1, 2],
    ),
    "the same moment: by number": (
        [one(5, Y, 1, 0, COUNTS), one(4, X, 1, 0, COUNTS)],
        [4, 5],
    ),
    "three quick hand-ins do not push the other back": (
        [
            one(1, X, 1, 0, REPLACED),
            one(2, X, 2, 1, REPLACED),
            one(3, X, 3, 2, COUNTS),
            one(4, Y, 1, 3, COUNTS),
        ],
        [3, 4, 2, 1],
    ),
    "handing in again keeps the place": (
        [
            one(1, X, 1, 0, REPLACED),
            one(2, Y, 1, 10, COUNTS),
            one(3, X, 2, 20, COUNTS),
        ],
        [3, 2, 1],
    ),
    "and never gives a better one: what was left behind before the last turn does not count": (
        [
            one(1, X, 1, 0, REPLACED, begun=2),
            one(2, Y, 1, 10, COUNTS),
            one(3, X, 3, 20, COUNTS, begun=2),
        ],
        [2, 3, 1],
    ),
    "while the one that counts is judged, older ones of the same entry push nobody back": (
        [
            one(1, X, 1, 0, REPLACED, begun=3),
            one(2, X, 2, 1, REPLACED, begun=3),
            one(4, Y, 1, 30, COUNTS),
        ],
        [4, 2, 1],
    ),
    "what was replaced takes turns: nobody waits behind ten of another's": (
        [one(number, X, number, number, REPLACED, begun=11) for number in range(1, 11)]
        + [one(20, Y, 1, 60, REPLACED, begun=3), one(21, Y, 2, 61, REPLACED, begun=3)],
        [10, 21, 9, 20, 8, 7, 6, 5, 4, 3, 2, 1],
    ),
    "a lease that ran out goes first: it waits longest": (
        [one(2, Y, 1, 5, COUNTS), one(1, X, 1, 0, COUNTS, begun=1)],
        [1, 2],
    ),
    "a rejudging holds up nobody": (
        [
            one(1, X, 1, 0, COUNTS, begun=1, beside=True),
            one(2, Y, 1, 0, COUNTS, begun=2, beside=True),
            one(3, Z, 1, 50, REPLACED, begun=2),
            one(4, Z, 3, 90, COUNTS, begun=2),
        ],
        [4, 3, 1, 2],
    ),
    "a rejudging too takes what counts first": (
        [
            one(1, X, 1, 0, REPLACED, begun=2, beside=True),
            one(2, X, 2, 0, COUNTS, begun=2, beside=True),
            one(3, Y, 1, 0, COUNTS, begun=1, beside=True),
        ],
        [2, 3, 1],
    ),
}


@pytest.mark.parametrize(("waiting", "expected"), CASES.values(), ids=CASES)
def test_whose_turn(waiting: list[Waiting], expected: list[int]) -> None:
    assert in_turn(waiting) == expected
    assert in_turn(waiting[::-1]) == expected


def test_two_periods_of_one_entry_have_a_turn_each() -> None:
    first = Waiting(1, X, 1, 4, NOON, COUNTS)
    second = Waiting(2, X, 2, 1, NOON + timedelta(seconds=1), COUNTS)
    assert in_turn([second, one(3, Y, 1, 2, COUNTS), first]) == [1, 2, 3]


@given(
    st.lists(
        st.tuples(st.integers(1, 5), st.integers(0, 100), st.booleans()), max_size=30, unique=True
    )
)
def test_every_one_has_one_turn_and_at_most_one_of_each_other_entry_comes_before(
    rows: list[tuple[int, int, bool]],
) -> None:
    """Of the hand-ins that count, whatever else waits."""
    newest = {entry: max(at for who, at, _ in rows if who == entry) for entry, _, _ in rows}
    waiting = [
        one(number, entry, at, at, at == newest[entry] and counts)
        for number, (entry, at, counts) in enumerate(rows, 1)
    ]
    order = in_turn(waiting)
    assert sorted(order) == [each.id for each in waiting]
    by_id = {each.id: each for each in waiting}
    seen: dict[int, int] = {}
    for place in order:
        each = by_id[place]
        if each.counts:
            others = sum(count for entry, count in seen.items() if entry != each.entry_id)
            assert others <= len(newest) * 2  # each entry: at most two hand-ins of one moment
        seen[each.entry_id] = seen.get(each.entry_id, 0) + 1


@pytest.mark.parametrize(
    ("order", "lengths", "running", "workers", "expected"),
    [
        ([1, 2, 3], {1: 10, 2: 10, 3: 10}, [], 1, {1: 10, 2: 20, 3: 30}),
        ([1, 2, 3], {1: 10, 2: 10, 3: 10}, [], 2, {1: 10, 2: 10, 3: 20}),
        ([1, 2], {1: 10, 2: 10}, [4, 7], 2, {1: 14, 2: 17}),  # both workers are busy
        ([1, 2], {1: 10, 2: 10}, [4], 2, {1: 10, 2: 14}),
        ([1], {1: 10}, [4, 9], 1, {1: 14}),  # a lease that a dead worker still holds
        ([1, 2], {1: 10, 2: None}, [], 1, {1: 10, 2: None}),  # never judged before
        ([1, 2], {1: None, 2: 10}, [], 1, {1: None, 2: None}),  # behind an unknown one
        ([1], {1: 10}, [], 0, {1: None}),  # nobody judges
        ([], {}, [3], 1, {}),
    ],
)
def test_seconds_left(
    order: list[int],
    lengths: dict[int, float | None],
    running: list[float],
    workers: int,
    expected: dict[int, float | None],
) -> None:
    assert seconds_left(order, lengths, running, workers) == expected
