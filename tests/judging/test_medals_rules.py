"""Medals, each case computed by hand: the patterns of WorldSkills and of the Chinese rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.rules.final import Final, final
from judging.rules.medals import Award, awards
from judging.rules.ranking import PRESETS, Result, Taking, ranking
from judging.rules.standings import standings
from judging.rules.standings_words import explain

WORLD, PROVINCIAL = PRESETS["worldskills"], PRESETS["provincial"]
LETTERS = {
    Award.GOLD: "G",
    Award.SILVER: "S",
    Award.BRONZE: "B",
    Award.MEDALLION: "M",
    Award.MERIT: "E",
    None: "-",
}

WORLDSKILLS = [
    # scale scores downwards; G gold, S silver, B bronze, M medallion; centre 700
    ("760 740 730 710 700 690", "GSBMM-", "one of each"),
    ("760 758 740 720 700 690", "GGBMM-", "two golds within 2: no silver, one bronze"),
    ("760 757 740 720 700 690", "GSBMM-", "a gap of 3 is no tie"),
    ("760 758 750 749 748 690", "GGBBB-", "two golds, three bronzes tied with the first"),
    ("760 758 750 748 747 690", "GGBBM-", "two golds, a bronze 3 below the first is none"),
    ("760 758 756 740 720 690", "GGBMM-", "a tie does not grow: 756 is 4 below the first"),
    ("760 759 758 757 740 690", "GGGBM-", "three golds, bronze 1 below the last gold"),
    ("760 759 758 756 755 690", "GGGBM-", "three golds, bronze 2 below, 3 below is none"),
    ("760 759 758 755 700 690", "GGGMM-", "three golds and nobody near: no bronze"),
    ("760 760 759 758 757 756", "GGGGBB", "four golds, 757 and 756 near the last of them"),
    ("760 760 760 760 700 690", "GGGGM-", "four golds and nobody near"),
    ("760 740 739 737 720 690", "GSSBM-", "two silvers, bronze 2 below the last silver"),
    ("760 740 739 736 720 690", "GSSMM-", "two silvers, 3 below the last: no bronze"),
    ("760 740 739 738 720 690", "GSSSM-", "three silvers and nobody near"),
    ("760 740 738 736 735 690", "GSSBM-", "silver does not grow either, bronze is near"),
    ("760 740 738 737 736 735", "GSSBBM", "two bronzes near the last silver"),
    ("760 740 730 729 728 690", "GSBBB-", "one gold, one silver, three bronzes on a tie for third"),
    ("760 740 730 729 727 690", "GSBBM-", "3 below the first bronze is none"),
    ("760 740 730 728 726 690", "GSBBM-", "bronze does not grow"),
    ("705 640 630 620 610 600", "GSB---", "medals need no centre, medallions do"),
    ("760 750 740 702 701 700 699", "GSBMMM-", "the centre itself is enough for a medallion"),
    ("700 700 700 700 700 700", "GGGGGG", "everybody equal"),
    ("700 700 699 698 697 690", "GGGGB-", "a tie across the centre"),
    # small fields: 5 → no bronze, 4 → gold only, 3 or fewer → void
    ("760 740 700 690 680", "GSM--", "five: the third gets no bronze"),
    ("760 759 740 690 680", "GGM--", "five, two golds: neither silver nor bronze"),
    ("760 740 739 700 690", "GSSM-", "five, two silvers"),
    ("760 740 739 737 690", "GSSM-", "five, two silvers: near the last, but there is no bronze"),
    ("760 759 758 757 690", "GGGM-", "five, three golds: near the last, but there is no bronze"),
    ("760 740 720 690", "GMM-", "four: gold only"),
    ("760 759 720 690", "GGM-", "four, two golds"),
    ("760 740 720", "---", "three: void"),
    ("760 740", "--", "two: void"),
    ("760", "-", "one: void"),
    ("", "", "nobody"),
]


@pytest.mark.parametrize(
    ("scores", "expected"), [case[:2] for case in WORLDSKILLS], ids=[c[2] for c in WORLDSKILLS]
)
def test_worldskills(scores: str, expected: str) -> None:
    figures = {f"K{n:02}": int(score) for n, score in enumerate(scores.split())}
    lines = standings([Result(key, score * 10) for key, score in figures.items()], WORLD)
    found = awards(lines, WORLD, figures, 700)
    assert "".join(LETTERS[found[key].award] for key in figures) == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (6, "GSB---"),  # half of 6 is 3: all of them have medals
        (7, "GSB----"),  # 3.5: the third
        (8, "GSBE----"),
        (9, "GSBE-----"),  # 4.5: the fourth, not the fifth
        (10, "GSBEE-----"),
        (11, "GSBEE------"),
        (12, "GSBEEE------"),
        (15, "GSBEEEE--------"),  # 7.5: the seventh
        (16, "GSBEEEEE--------"),  # inclusive of the half
        (5, "GS---"),  # no bronze, and half of 5 is 2.5
        (4, "GE--"),  # gold only, the second is in the top half
        (3, "---"),
        (1, "-"),
    ],
)
def test_chinese_rule(size: int, expected: str) -> None:
    board = final([Result(f"K{n:02}", 9000 - n * 100) for n in range(size)], PROVINCIAL)
    assert letters(board) == expected


def letters(board: Final) -> str:
    """The awards in the board's order, `?` where one waits for a ruling."""
    return "".join("?" if line.given.pending else LETTERS[line.given.award] for line in board.lines)


@pytest.mark.parametrize(
    ("tied", "expected"),
    [
        # of ten, these two places have one total and nobody has ruled
        ((1, 2), "??BEE-----"),
        ((2, 3), "G??EE-----"),
        ((3, 4), "GS??E-----"),
        ((4, 5), "GSBEE-----"),  # whichever way: both get 优胜奖
        ((5, 6), "GSBE??----"),
        ((6, 7), "GSBEE-----"),
        ((9, 10), "GSBEE-----"),
    ],
)
def test_a_tie_leaves_open_only_the_awards_that_hang_on_it(
    tied: tuple[int, int], expected: str
) -> None:
    totals = {place: 9000 - place * 100 for place in range(1, 11)}
    totals[tied[1]] = totals[tied[0]]
    board = final([Result(f"K{place:02}", total) for place, total in totals.items()], PROVINCIAL)
    assert letters(board) == expected
    assert len(board.undecided) == 2


def test_a_ruling_gives_the_medals() -> None:
    results = [Result(f"K{n}", 9000 - n * 100) for n in range(2, 8)]
    tied = [Result("K0", 9000, seconds=9, ruled=2), Result("K1", 9000, seconds=9, ruled=1)]
    board = final([*tied, *results], PROVINCIAL)
    assert [line.key for line in board.lines[:3]] == ["K1", "K0", "K2"]
    assert letters(board) == "GSBE----"


@pytest.mark.parametrize(
    ("competing", "no_show", "out", "disqualified", "expected"),
    [
        (6, 0, 0, 0, "GSB---"),
        (5, 1, 0, 0, "GS----"),  # who did not come is no part of the field
        (5, 0, 1, 0, "GS----"),  # nor who is out of competition
        (5, 0, 0, 1, "GSB---"),  # but who took part and was disqualified is
        (3, 3, 3, 0, "-" * 9),
        (3, 0, 0, 3, "GSB---"),
        (8, 4, 0, 0, "GSBE" + "-" * 8),
        (7, 0, 0, 1, "GSBE----"),
    ],
)
def test_who_makes_the_field(
    competing: int, no_show: int, out: int, disqualified: int, expected: str
) -> None:
    results = [Result(f"K{n}", 9000 - n * 100) for n in range(competing)]
    results += [Result(f"N{n}", 0, taking=Taking.NO_SHOW) for n in range(no_show)]
    results += [Result(f"O{n}", 9900, taking=Taking.OUT) for n in range(out)]
    results += [Result(f"D{n}", 9800, taking=Taking.DISQUALIFIED) for n in range(disqualified)]
    assert letters(final(results, PROVINCIAL)) == expected


def test_an_event_may_count_only_who_was_not_disqualified() -> None:
    rules = ranking(
        shared_places=False,
        ties=("ruling",),
        medals="china",
        scale="none",
        disqualified_in_field=False,
    )
    results = [Result(f"K{n}", 9000 - n * 100) for n in range(5)]
    assert letters(final([*results, Result("D", 1, taking=Taking.DISQUALIFIED)], rules)) == "GS----"


def test_without_a_scale_worldskills_medals_tie_at_equal_totals_only() -> None:
    rules = ranking(shared_places=True, ties=(), medals="worldskills", scale="none")
    totals = [9000, 9000, 8999, 8000, 7000, 6000]  # median 84.995 → 85.00
    board = final([Result(f"K{n}", total) for n, total in enumerate(totals)], rules)
    assert letters(board) == "GGB---"


def test_where_more_than_half_have_one_total_the_scale_makes_no_medals() -> None:
    """The median distance is 0 and everybody is at 700: gold for all would be absurd."""
    totals = [9000, 8000, 7000, 7000, 7000, 7000, 7000]
    board = final([Result(f"K{n}", total) for n, total in enumerate(totals)], WORLD)
    assert [line.score for line in board.lines] == [700] * 7
    assert letters(board) == "GSBBBBB"
    assert not board.by_score


@given(st.lists(st.integers(0, 10000), min_size=4, max_size=40))
def test_worldskills_always_gives_a_gold_and_never_a_worse_award_to_a_better_total(
    totals: list[int],
) -> None:
    board = final([Result(f"K{n:02}", total) for n, total in enumerate(totals)], WORLD)
    ranks = ["GSBM-".index(letter) for letter in letters(board)]
    assert ranks == sorted(ranks)
    assert ranks[0] == 0
    golds, silvers = letters(board).count("G"), letters(board).count("S")
    assert golds == 1 or silvers == 0


@given(st.lists(st.integers(0, 300), min_size=4, max_size=40))
def test_the_chinese_rule_never_gives_two_of_a_kind(totals: list[int]) -> None:
    ruled = [Result(f"K{n:02}", total, seconds=60, ruled=n + 1) for n, total in enumerate(totals)]
    board = final(ruled, PROVINCIAL)
    assert [line.standing.place for line in board.lines] == list(range(1, len(totals) + 1))
    assert all(letters(board).count(letter) <= 1 for letter in "GSB")
    awarded = len(totals) - letters(board).count("-")
    assert awarded == max(len(totals) // 2, min(3, len(totals) - 3))


def test_who_shares_a_place_is_told_with_whom() -> None:
    """Also the first of them below another; and one that is set apart shares nothing."""
    rules = ranking(shared_places=True, ties=("criterion",), medals="none", scale="none")
    part = ("criterion", "A")
    found = [
        Result("W", 900, {part: 900}), Result("V", 700, {part: 700}),
        *(Result(key, 700, {part: 600}) for key in "XYZ"),
    ]  # fmt: skip
    board = final(found, rules, {"criterion": (("A", 900),)})
    why = {key: said[0] for key, said in explain(board).items()}
    assert why["V"][1] == "Place 2 with 7.00, 2.00 less than W."
    assert why["X"][1] == "Place 3 with 7.00, the same total as Y and Z, and shares the place."
    board = final([found[0], *found[2:]], rules, {"criterion": (("A", 900),)})
    why = {key: said[0] for key, said in explain(board).items()}
    assert why["X"] == (
        "第 2 名，总分 7.00，比 W 少 2.00，与 Y、Z 总分相同，名次并列。",
        "Place 2 with 7.00, 2.00 less than W, the same total as Y and Z, and shares the place.",
    )
    board = final([*found[2:], Result("T", 700, {part: 600})], rules)
    assert "the same total as X, Y and Z, and" in explain(board)["T"][0][1]
