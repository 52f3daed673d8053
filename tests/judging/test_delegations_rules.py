"""Tables of delegations by hand, and an edition with 216 medallists built by the rules."""

from collections import Counter
from fractions import Fraction

import pytest

from judging.rules.delegations import Taken, rows, table, taken, two_places
from judging.rules.final import Final, final
from judging.rules.medals import MEDALS, Award
from judging.rules.ranking import PRESETS, Result, Taking

WORLD, PROVINCIAL = PRESETS["worldskills"], PRESETS["provincial"]
G, S, B, M, E = Award.GOLD, Award.SILVER, Award.BRONZE, Award.MEDALLION, Award.MERIT


def won(delegation: str, *given: tuple[Award | None, int | None]) -> list[Taken]:
    return [
        Taken(f"W{n:02}", f"{delegation}{n}", delegation, award, score, 1)
        for n, (award, score) in enumerate(given)
    ]


HARBIN = won("harbin", (G, 760), (S, 731), (M, 702), (None, 690), (None, 650))
DAQING = won("daqing", (G, 744), (G, 740), (None, 610), (None, 600), (None, 590))
JIXI = won("jixi", (S, 735), (S, 733), (B, 721), (None, 695), (None, 680))
HEIHE = won("heihe", (G, 750))
SUIHUA = won("suihua", (E, 700), (None, None), (B, 720), (B, 718), (B, 716))
ALL = rows(
    ["harbin", "daqing", "jixi", "heihe", "suihua", "yichun"],
    HARBIN + DAQING + JIXI + HEIHE + SUIHUA,
)


def order(measure: str) -> str:
    ranked, apart = table(ALL, measure)
    said = [f"{one.place}{'=' if one.shared else ''} {one.row.delegation}" for one in ranked]
    return ", ".join(said) + "".join(f" | {row.delegation}" for row in apart)


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        # harbin 4+3+1 = 8, daqing 4+4 = 8, jixi 3+3+2 = 8, suihua 1+2+2+2 = 7, heihe 4
        ("points", "1 daqing, 2 harbin, 3 jixi, 4 suihua, 5 heihe"),  # 8 thrice: golds decide
        ("medals", "1 daqing, 2 harbin, 3 heihe, 4 jixi, 5 suihua"),
        # 8 ÷ 5 thrice, 7 ÷ 5; heihe has 4 ÷ 1 and stands apart
        ("average_points", "1= daqing, 1= harbin, 1= jixi, 4 suihua | heihe"),
        # harbin 3533 ÷ 5 = 706.60, daqing 3284 ÷ 5 = 656.80, jixi 3564 ÷ 5 = 712.80,
        # suihua 2854 ÷ 4 = 713.50: who was disqualified has no score
        ("average_score", "1 suihua, 2 jixi, 3 harbin, 4 daqing | heihe"),
        ("total_score", "1 jixi, 2 harbin, 3 daqing, 4 suihua, 5 heihe"),
    ],
)
def test_the_measures(measure: str, expected: str) -> None:
    assert order(measure) == expected


def test_figures_of_a_row() -> None:
    harbin, *_rest, suihua, yichun = ALL
    assert (harbin.entries, harbin.points, harbin.total_score) == (5, 8, 3533)
    assert harbin.average_points == Fraction(8, 5)
    assert two_places(harbin.average_points) == "1.60"
    assert two_places(harbin.average_score or Fraction(0)) == "706.60"
    assert [one.key for one in harbin.best] == ["harbin0"]
    assert (suihua.entries, suihua.scored, suihua.awards[B]) == (5, 4, 3)
    assert (yichun.entries, yichun.average_score, yichun.best) == (0, None, ())


def test_best_of_a_delegation_may_be_two() -> None:
    (row,) = rows(["x"], won("x", (G, 750), (S, 750), (None, 700)))
    assert [one.key for one in row.best] == ["x0", "x1"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Fraction(8, 5), "1.60"),
        (Fraction(1, 3), "0.33"),
        (Fraction(2, 3), "0.67"),
        (Fraction(1, 200), "0.01"),  # half of a hundredth goes up
        (Fraction(0), "0.00"),
        (Fraction(1999, 1000), "2.00"),
    ],
)
def test_two_places(value: Fraction, said: str) -> None:
    assert two_places(value) == said


def test_what_a_skill_brings_to_the_tables() -> None:
    results = [
        *(Result(f"K{n}", 9000 - n * 500, people=2) for n in range(6)),
        Result("O", 9900, taking=Taking.OUT),
        Result("N", 0, taking=Taking.NO_SHOW),
        Result("D", 5000, taking=Taking.DISQUALIFIED),
    ]
    home = {one.key: "harbin" for one in results}
    brought = taken("W01", final(results, PROVINCIAL), home)
    assert [one.key for one in brought] == ["K0", "K1", "K2", "K3", "K4", "K5", "D"]
    assert [one.award for one in brought] == [G, S, B, None, None, None, None]
    assert brought[-1].score is None
    (row,) = rows(["harbin"], brought)
    assert (row.entries, row.points, row.medallists) == (7, 9, 6)


def test_a_void_skill_counts_for_nobody() -> None:
    results = [Result(f"K{n}", 9000 - n) for n in range(3)]
    assert taken("W01", final(results, WORLD), {one.key: "x" for one in results}) == []


def skill(marks: str, people: int = 1) -> Final:
    """A skill by WorldSkills rules from totals in marks."""
    totals = [int(Fraction(mark) * 100) for mark in marks.split()]
    return final([Result(f"K{n:02}", t, people=people) for n, t in enumerate(totals)], WORLD)


# Nine entries: median 70 and, of the distances from it, 8. One mark is 30 ÷ (1.4826 × 8) = 2.53
# points: whole marks that differ are no tie. 90 → 751, 89.5 → 749, 88.7 → 747.
ONE_EACH = "90 86 82 75 70 70 65 62 62"
ODD = (
    # totals, gold, silver, bronze
    ("90 90 86 82 70 70 65 62 62", 2, 0, 1),
    ("90 90 82 82 70 70 65 62 62", 2, 0, 2),
    ("90 86 86 75 70 70 65 62 62", 1, 2, 0),
    ("90 86 82 82 82 82 65 62 62 50 45", 1, 1, 4),
    ("90 90 90 75 70 70 65 62 62", 3, 0, 0),
    ("90 86 86 86 70 70 65 62 62", 1, 3, 0),
    ("90 90 89.5 88.7 70 70 65 62 62", 3, 0, 1),
)


def test_one_edition_with_216_medallists() -> None:
    """64 skills, never simply three medals each: 51 with one of each (153 people), six of teams of
    two (36), and seven in which ties make it 3, 4, 3, 6, 3, 4 and 4 (27)."""
    edition = [skill(ONE_EACH)] * 51 + [skill(ONE_EACH, people=2)] * 6
    for totals, *expected in ODD:
        board = skill(totals)
        assert [len(board.of(award)) for award in MEDALS] == expected
        edition.append(board)
    assert len(edition) == 64
    home = {f"K{n:02}": f"d{n % 13:02}" for n in range(11)}
    brought = [
        one for number, board in enumerate(edition) for one in taken(f"W{number:02}", board, home)
    ]
    found = rows([f"d{n:02}" for n in range(13)], brought)
    medals = Counter(one.award for one in brought)
    assert [medals[award] for award in MEDALS] == [70, 63, 65]
    assert sum(row.medallists for row in found) == 216
    assert sum(row.awards[award] for row in found for award in MEDALS) == 198
    assert sum(row.points for row in found) == 70 * 4 + 63 * 3 + 65 * 2 + medals[M]
