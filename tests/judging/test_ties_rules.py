"""Ties and places, each case computed by hand: who stands where, and by which step of the list."""

import pytest

from judging.rules.ranking import (
    PRESETS,
    PROVISIONAL,
    RankingRules,
    Result,
    Taking,
    TieBreak,
    ranking,
)
from judging.rules.standings import standings

# A 10, B 40, C 30, D 20 marks: the largest first is B, C, D, A.
MAXIMA = {"criterion": (("A", 1000), ("B", 4000), ("C", 3000), ("D", 2000))}
PROVINCIAL, WORLD = PRESETS["provincial"], PRESETS["worldskills"]


def work(
    key: str, a: int, b: int, c: int, d: int, kind: str = "criterion", **more: object
) -> Result:
    """A result from whole marks on A, B, C and D."""
    marks = {"A": a * 100, "B": b * 100, "C": c * 100, "D": d * 100}
    parts = {(kind, name): mark for name, mark in marks.items()}
    return Result(key, sum(marks.values()), parts, **more)  # type: ignore[arg-type]


def said(results: list[Result], rules: RankingRules, maxima: object = MAXIMA) -> str:
    """The board in one line: place and key, `=` shared, `?need` undecided."""
    lines = standings(results, rules, maxima)  # type: ignore[arg-type]
    words = []
    for line in lines:
        mark = f"?{line.needs}" if line.needs else "=" if line.shared else ""
        words.append(f"{line.place or '-'}{mark} {line.key}")
    return ", ".join(words)


MODULES = {"module": (("A", 2500), ("B", 2500), ("C", 2500), ("D", 2500))}
LISTS: list[tuple[str, RankingRules, list[Result], str]] = [
    # name, rules, results (all of one total unless said), the board
    ("B decides", PROVINCIAL, [work("X", 10, 30, 25, 15), work("Y", 5, 35, 25, 15)], "1 Y, 2 X"),
    ("then C", PROVINCIAL, [work("Y", 10, 30, 20, 20), work("X", 10, 30, 25, 15)], "1 X, 2 Y"),
    ("then D", PROVINCIAL, [work("Y", 10, 30, 25, 15), work("X", 7, 30, 25, 18)], "1 X, 2 Y"),
    (
        "every criterion equal, then the shorter time",
        PROVINCIAL,
        [work("X", 9, 30, 25, 15, seconds=10800), work("Y", 9, 30, 25, 15, seconds=10740)],
        "1 Y, 2 X",
    ),
    (
        "time equal, then the ruling",
        PROVINCIAL,
        [
            work("X", 9, 30, 25, 15, seconds=10800, ruled=2),
            work("Y", 9, 30, 25, 15, seconds=10800, ruled=1),
        ],
        "1 Y, 2 X",
    ),
    (
        "time equal and no ruling",
        PROVINCIAL,
        [work("X", 9, 30, 25, 15, seconds=10800), work("Y", 9, 30, 25, 15, seconds=10800)],
        "1?ruling X, 1?ruling Y",
    ),
    (
        "a time was not recorded: nothing later decides in its stead",
        PROVINCIAL,
        [work("X", 9, 30, 25, 15), work("Y", 9, 30, 25, 15, seconds=10800)],
        "1?time X, 1?time Y",
    ),
    (
        "a time was not recorded, but a ruling was signed",
        PROVINCIAL,
        [work("X", 9, 30, 25, 15, ruled=2), work("Y", 9, 30, 25, 15, seconds=10800, ruled=1)],
        "1 Y, 2 X",
    ),
    (
        "a ruling about one of two decides nothing",
        PROVINCIAL,
        [
            work("X", 9, 30, 25, 15, seconds=1, ruled=1),
            work("Y", 9, 30, 25, 15, seconds=1),
        ],
        "1?ruling X, 1?ruling Y",
    ),
    (
        "a criterion comes before a ruling that says otherwise",
        PROVINCIAL,
        [work("X", 10, 30, 25, 15, ruled=1), work("Y", 5, 35, 25, 15, ruled=2)],
        "1 Y, 2 X",
    ),
    (
        "three: B sets one apart, C the other two",
        PROVINCIAL,
        [work("X", 10, 30, 25, 15), work("Y", 5, 35, 25, 15), work("Z", 10, 30, 20, 20)],
        "1 Y, 2 X, 3 Z",
    ),
    (
        "three: B sets one apart, the time the other two",
        PROVINCIAL,
        [
            work("X", 10, 30, 25, 15, seconds=200),
            work("Y", 5, 35, 25, 15),
            work("Z", 10, 30, 25, 15, seconds=100),
        ],
        "1 Y, 2 Z, 3 X",
    ),
    (
        "three equal in everything, one ruling about all",
        PROVINCIAL,
        [
            work(key, 9, 30, 25, 15, seconds=60, ruled=n)
            for key, n in (("X", 3), ("Y", 1), ("Z", 2))
        ],
        "1 Y, 2 Z, 3 X",
    ),
    (
        "four: two pairs by B, each pair by C",
        PROVINCIAL,
        [
            work("P", 10, 30, 25, 15),
            work("Q", 10, 30, 20, 20),
            work("R", 5, 35, 25, 15),
            work("S", 5, 35, 20, 20),
        ],
        "1 R, 2 S, 3 P, 4 Q",
    ),
    (
        "two of three stay undecided, below the one that C sets apart",
        PROVINCIAL,
        [
            work("X", 9, 30, 25, 16, seconds=5),
            work("Y", 9, 30, 25, 16, seconds=5),
            work("Z", 9, 30, 26, 15),
        ],
        "1 Z, 2?ruling X, 2?ruling Y",
    ),
    (
        "a tie in the middle of a board",
        PROVINCIAL,
        [work("W", 10, 40, 30, 20), work("X", 5, 35, 25, 15), work("Y", 10, 30, 25, 15),
         work("Z", 1, 1, 1, 1)],
        "1 W, 2 X, 3 Y, 4 Z",
    ),
    (
        "after an undecided pair the next is third",
        PROVINCIAL,
        [work("X", 9, 30, 25, 15), work("Y", 9, 30, 25, 15), work("Z", 1, 1, 1, 1)],
        "1?time X, 1?time Y, 3 Z",
    ),
    (
        "by name: A before everything",
        ranking(shared_places=False, medals="china", scale="none",
                ties=({"by": "criterion", "parts": ["A", "B"]}, "ruling")),
        [work("X", 10, 30, 25, 15), work("Y", 5, 35, 25, 15)],
        "1 X, 2 Y",
    ),
    (
        "by name: C, then B",
        ranking(shared_places=False, medals="china", scale="none",
                ties=({"by": "criterion", "parts": ["C", "B"]}, "ruling")),
        [work("X", 10, 30, 25, 15), work("Y", 5, 35, 25, 15)],
        "1 Y, 2 X",
    ),
    (
        "time alone",
        ranking(shared_places=False, medals="china", scale="none", ties=("time", "ruling")),
        [work("X", 9, 30, 25, 15, seconds=61), work("Y", 5, 35, 25, 14, seconds=62),
         work("Z", 8, 31, 25, 15, seconds=60)],
        "1 Z, 2 X, 3 Y",
    ),
    (
        "a vote among the tied",
        WORLD,
        [work("X", 9, 30, 25, 15, votes=2), work("Y", 9, 30, 25, 15, votes=5)],
        "1 Y, 2 X",
    ),
    (
        "a vote that is a draw: they share",
        WORLD,
        [work("X", 9, 30, 25, 15, votes=3), work("Y", 9, 30, 25, 15, votes=3)],
        "1= X, 1= Y",
    ),
    (
        "nobody voted: where places may be shared they are",
        WORLD,
        [work("X", 9, 30, 25, 15), work("Y", 9, 30, 25, 15), work("Z", 9, 30, 25, 14)],
        "1= X, 1= Y, 3 Z",
    ),
    (
        "nobody voted, but the chief judge ruled",
        WORLD,
        [work("X", 9, 30, 25, 15, ruled=2), work("Y", 9, 30, 25, 15, ruled=1)],
        "1 Y, 2 X",
    ),
    (
        "a draw of votes and a ruling",
        WORLD,
        [work("X", 9, 30, 25, 15, votes=3, ruled=2), work("Y", 9, 30, 25, 15, votes=3, ruled=1)],
        "1 Y, 2 X",
    ),
    (
        "three votes: 4, 2, 2",
        WORLD,
        [work(key, 9, 30, 25, 15, votes=n) for key, n in (("X", 2), ("Y", 4), ("Z", 2))],
        "1 Y, 2= X, 2= Z",
    ),
    (
        "provisional: equal totals share, whatever their parts",
        PROVISIONAL,
        [work("W", 10, 40, 30, 20), work("X", 5, 35, 25, 15), work("Y", 10, 30, 25, 15)],
        "1 W, 2= X, 2= Y",
    ),
    (
        "1, 1, 3, 3, 5",
        PROVISIONAL,
        [Result("V", 50), Result("W", 60), Result("X", 70), Result("Y", 70), Result("Z", 60)],
        "1= X, 1= Y, 3= W, 3= Z, 5 V",
    ),
    (
        "never shared, and a list that simply ends",
        RankingRules(False, (TieBreak("time"),), "china", "none"),
        [work("X", 9, 30, 25, 15, seconds=1), work("Y", 9, 30, 25, 15, seconds=1)],
        "1?ruling X, 1?ruling Y",
    ),
    ("one entry", PROVINCIAL, [work("X", 1, 1, 1, 1)], "1 X"),
    ("nobody", PROVINCIAL, [], ""),
    (
        "totals of zero tie like any other",
        PROVINCIAL,
        [Result("X", 0, seconds=2), Result("Y", 0, seconds=1)],
        "1 Y, 2 X",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "results", "board"), [case[1:] for case in LISTS], ids=[case[0] for case in LISTS]
)
def test_the_list_of_tie_breaks(rules: RankingRules, results: list[Result], board: str) -> None:
    assert said(results, rules) == board
    assert said(results[::-1], rules) == board  # the order in which results come tells nothing


def test_modules_of_one_weight_are_compared_in_the_schemes_order() -> None:
    rules = ranking(shared_places=False, ties=("module", "ruling"), medals="china", scale="none")
    first = work("X", 20, 15, 20, 20, kind="module")
    second = work("Y", 15, 20, 20, 20, kind="module")
    assert said([second, first], rules, MODULES) == "1 X, 2 Y"


OUTSIDE = [
    Result("A1", 9000, taking=Taking.OUT),
    Result("A2", 8000),
    Result("A3", 8500, taking=Taking.DISQUALIFIED),
    Result("A4", 0, taking=Taking.NO_SHOW),
    Result("A5", 7000),
    Result("A6", 9500, taking=Taking.OUT),
    Result("A7", 8000, taking=Taking.OUT),
]


def test_who_does_not_compete_stands_below_without_a_place() -> None:
    assert said(OUTSIDE, PROVINCIAL) == "1 A2, 2 A5, - A6, - A1, - A7, - A3, - A4"


def test_out_of_competition_at_the_same_total_makes_no_tie() -> None:
    lines = standings(OUTSIDE, PROVINCIAL)
    assert not lines[0].shared
    assert not lines[0].needs


def test_a_split_names_the_step_the_figures_and_against_whom() -> None:
    high, low = standings([work("X", 10, 30, 25, 15), work("Y", 5, 35, 25, 15)], PROVINCIAL, MAXIMA)
    (ahead,) = high.splits
    (behind,) = low.splits
    assert (ahead.by, ahead.part, ahead.mine, ahead.theirs) == ("criterion", "B", 3500, 3000)
    assert (ahead.against, ahead.ahead) == (("X",), True)
    assert (behind.mine, behind.theirs, behind.against, behind.ahead) == (
        3000,
        3500,
        ("Y",),
        False,
    )


def test_the_one_between_two_is_set_apart_from_both() -> None:
    _first, middle, _last = standings(
        [work("X", 10, 30, 25, 15), work("Y", 5, 35, 25, 15), work("Z", 10, 30, 20, 20)],
        PROVINCIAL,
        MAXIMA,
    )
    assert [(one.part, one.against, one.ahead) for one in middle.splits] == [
        ("B", ("Y",), False),
        ("C", ("Z",), True),
    ]


def test_undecided_lines_know_the_last_place_they_may_still_get() -> None:
    lines = standings([Result(key, 5) for key in "XYZ"], PROVINCIAL)
    assert [(line.place, line.last) for line in lines] == [(1, 3)] * 3
    shared = standings([Result(key, 5) for key in "XYZ"], WORLD)
    assert [(line.place, line.last) for line in shared] == [(1, 1)] * 3


def test_rules_that_contradict_themselves_are_not_rules() -> None:
    with pytest.raises(ValueError, match="never shared"):
        ranking(shared_places=True, ties=(), medals="china", scale="none")
    with pytest.raises(ValueError, match="tie-break"):
        ranking(shared_places=True, ties=("coin",), medals="none", scale="none")
    with pytest.raises(ValueError, match="tie-break"):
        TieBreak("time", ("A",))
    with pytest.raises(ValueError, match="medal rule"):
        ranking(shared_places=True, ties=(), medals="olympic", scale="none")
