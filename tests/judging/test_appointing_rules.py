"""Panels by rule: worked examples, and that no panel holds a conflict that could be avoided."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.rules.appointing import Candidate, Team, Unmet, appoint, order

SKILL = Team("", 3)


def bound(*entries: int) -> frozenset[int]:
    return frozenset(entries)


def who(team: Team, candidates: list[Candidate], seed: str = "s") -> list[int]:
    return [one.judge for one in appoint([team], candidates, seed).seats]


# what is wanted of three chairs, candidates, who sits there (sorted)
EXAMPLES: list[tuple[str, list[Candidate], list[int]]] = [
    ("exactly enough", [Candidate(1), Candidate(2), Candidate(3)], [1, 2, 3]),
    (
        "the clean before the bound",
        [Candidate(1, bound(7)), Candidate(2), Candidate(3), Candidate(4)],
        [2, 3, 4],
    ),
    (
        "bound to fewer works before bound to more",
        [Candidate(1, bound(7, 8)), Candidate(2, bound(7)), Candidate(3), Candidate(4)],
        [2, 3, 4],
    ),
    (
        "a conflict weighs more than the field",
        [Candidate(1, bound(7)), Candidate(2), Candidate(3), Candidate(4, knows=False)],
        [2, 3, 4],
    ),
    (
        "a term that is over comes last of the clean",
        [Candidate(1, fit=False), Candidate(2), Candidate(3), Candidate(4, knows=False)],
        [2, 3, 4],
    ),
    (
        "delegations are spread before load",
        [
            Candidate(1, delegation=1),
            Candidate(2, delegation=1),
            Candidate(3, delegation=1),
            Candidate(4, delegation=2, load=3),
            Candidate(5, delegation=3, load=9),
        ],
        [4, 5],  # and one of the first three
    ),
    (
        "whoever has least to do",
        [Candidate(1, load=2), Candidate(2, load=1), Candidate(3, load=1), Candidate(4, load=1)],
        [2, 3, 4],
    ),
]


@pytest.mark.parametrize(("candidates", "wanted"), [one[1:] for one in EXAMPLES],
                         ids=[one[0] for one in EXAMPLES])  # fmt: skip
def test_worked_examples(candidates: list[Candidate], wanted: list[int]) -> None:
    found = sorted(who(SKILL, candidates))
    assert len(found) == 3
    assert set(wanted) <= set(found)


def test_the_draw_decides_between_equals_and_can_be_repeated() -> None:
    pool = [Candidate(n) for n in range(1, 9)]
    drawn = who(SKILL, pool, "2026-11-28")
    assert drawn == sorted(range(1, 9), key=lambda one: order("2026-11-28", one))[:3]
    assert drawn == who(SKILL, list(reversed(pool)), "2026-11-28")
    assert len({tuple(who(SKILL, pool, str(seed))) for seed in range(20)}) > 10


def test_a_supervisor_is_free_where_the_panel_is_bound() -> None:
    pool = [Candidate(1, bound(7)), Candidate(2, bound(7)), Candidate(3, bound(8)),
            Candidate(4, bound(8, 9))]  # fmt: skip
    found = appoint([Team("", 3, supervisor=True)], pool, "s")
    chairs = {one.chair: one.judge for one in found.seats}
    assert chairs[0] == 4
    assert {chairs[n] for n in (1, 2, 3)} == {1, 2, 3}
    assert Unmet("", "uncovered", count=1) in found.unmet, "1 and 2 are both bound to work 7"


def test_teams_share_the_work() -> None:
    pool = [Candidate(n) for n in range(1, 7)]
    found = appoint([Team("A1", 3), Team("B1", 3)], pool, "s")
    assert {one.judge for one in found.seats} == {1, 2, 3, 4, 5, 6}


def test_what_could_not_be_satisfied_is_said() -> None:
    pool = [Candidate(1, bound(7, 8), delegation=4), Candidate(2, fit=False, knows=False,
            delegation=4)]  # fmt: skip
    found = appoint([Team("A1", 3, supervisor=True)], pool, "s")
    assert set(found.unmet) == {
        Unmet("A1", "few", count=1),
        Unmet("A1", "no_supervisor"),
        Unmet("A1", "bound", 1, 2),
        Unmet("A1", "unfit", 2),
        Unmet("A1", "field", 2),
        Unmet("A1", "twice", count=2),
    }
    assert appoint([SKILL], [Candidate(1), Candidate(2), Candidate(3)], "s").unmet == ()


def test_nobody_at_all() -> None:
    found = appoint([SKILL], [], "s")
    assert (found.seats, found.unmet) == ((), (Unmet("", "few", count=3),))


candidates = st.lists(
    st.builds(
        Candidate,
        judge=st.integers(1, 40),
        bound=st.frozensets(st.integers(1, 6), max_size=3),
        fit=st.booleans(),
        knows=st.booleans(),
        load=st.integers(0, 3),
        delegation=st.sampled_from([None, 1, 2, 3]),
    ),
    max_size=10,
    unique_by=lambda one: one.judge,
)


@settings(max_examples=60)
@given(candidates, st.sampled_from([3, 4, 5, 7]), st.booleans(), st.text(max_size=5))
def test_no_panel_holds_a_conflict_that_could_be_avoided(
    pool: list[Candidate], size: int, supervisor: bool, seed: str
) -> None:
    found = appoint([Team("", size, supervisor)], pool, seed)
    by_id = {one.judge: one for one in pool}
    panel = [by_id[one.judge] for one in found.seats if one.chair]
    assert len({one.judge for one in found.seats}) == len(found.seats)
    assert len(panel) == min(size, len(pool))
    given_up = sum(len(one.bound) for one in panel)
    fewest = min(sum(len(one.bound) for one in other) for other in combinations(pool, len(panel)))
    assert given_up == fewest, "another panel would have had fewer conflicts"
    told = {(one.judge, one.count) for one in found.unmet if one.kind == "bound"}
    seated = [by_id[one.judge] for one in found.seats]
    assert told == {(one.judge, len(one.bound)) for one in seated if one.bound}


@settings(max_examples=30)
@given(candidates, st.text(max_size=5))
def test_it_is_the_same_for_the_same_judges(pool: list[Candidate], seed: str) -> None:
    teams = [Team("A1", 3), Team("A2", 5, supervisor=True)]
    assert appoint(teams, pool, seed) == appoint(teams, pool[::-1], seed)
