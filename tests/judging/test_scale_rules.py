"""The 700 scale, each score computed by hand with integers; what belongs to the field."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.rules.final import final
from judging.rules.ranking import PRESETS, Result, Taking
from judging.rules.scale import SCALES, Scale, median, scale

SCORES = [
    # field in marks; total → score = 700 + 30 × (total − median) ÷ (1.4826 × MAD)
    ((60, 70, 80), 80, 720),  # MAD 10: 30 ÷ 1.4826 = 20.23
    ((60, 70, 80), 60, 680),  # 679.77
    ((60, 70, 80), 70, 700),
    ((60, 70, 80), 0, 558),  # −7 MAD: 700 − 141.64 = 558.36
    ((50, 60, 70, 80, 90), 90, 740),  # 2 MAD: 40.47
    ((50, 60, 70, 80, 90), 50, 660),  # 659.53
    ((50, 60, 70, 80, 90), 100, 761),  # 3 MAD: 60.70
    ((50, 60, 70, 80, 90), 40, 639),  # 639.30
    ((60, 70, 80, 90), 90, 730),  # median 75, MAD 10: 1.5 MAD: 30.35
    ((60, 70, 80, 90), 80, 710),  # 0.5 MAD: 10.12
    ((60, 70, 80, 90), 70, 690),  # 689.88
    ((60, 70, 80, 90), 60, 670),  # 669.65
    ((70, 70, 70, 90), 90, 700),  # MAD 0: everybody at the centre
    ((70, 70, 70, 70), 70, 700),
    ((88,), 88, 700),
    ((0, 0, 100), 100, 700),  # MAD 0
    ((10, 20), 20, 720),  # median 15, MAD 5: 1 MAD
    ((10, 20), 10, 680),
]


@pytest.mark.parametrize(("field", "total", "score"), SCORES)
def test_700(field: tuple[int, ...], total: int, score: int) -> None:
    fitted = SCALES["worldskills-700"].over([mark * 100 for mark in field])
    assert fitted.score(total * 100) == score


@pytest.mark.parametrize(
    ("away", "score"), [(99, 700), (100, 701), (101, 701), (-100, 700), (-101, 699), (-1, 700)]
)
def test_halves_go_up(away: int, score: int) -> None:
    """30 × 1.00 ÷ 60.00 = 0.5 exactly, on a scale without the factor 1.4826."""
    plain = Scale("plain", 1, 700, 30, Fraction(1), 0, is_approximation=True)
    assert plain.over([0, 6000, 12000]).score(6000 + away) == score


def test_nobody_falls_below_the_lowest_score() -> None:
    """Median 70.005, MAD 0.01: a total of 0 would be at −141,000."""
    assert SCALES["worldskills-700"].over([7000, 7001, 7002, 0]).score(0) == 0


@pytest.mark.parametrize(
    ("values", "middle"),
    [
        ((1,), 1),
        ((1, 3), 2),
        ((3, 1, 2), 2),
        ((1, 2), Fraction(3, 2)),
        ((4, 1, 3, 2), Fraction(5, 2)),
    ],
)
def test_median(values: tuple[int, ...], middle: Fraction) -> None:
    assert median(values) == middle


def test_an_empty_field_has_a_scale_too() -> None:
    assert SCALES["worldskills-700"].over([]).score(5000) == 700


def test_every_scale_is_named_versioned_and_called_an_approximation() -> None:
    assert scale("none") is None
    for name, one in SCALES.items():
        assert one.name == name
        assert one.version >= 1
        assert one.is_approximation


def test_the_field_is_who_competes_and_a_team_counts_as_one() -> None:
    results = [
        Result("A", 6000),
        Result("B", 7000, people=3),
        Result("C", 8000),
        Result("O", 10000, taking=Taking.OUT),
        Result("D", 9900, taking=Taking.DISQUALIFIED),
        Result("N", 0, taking=Taking.NO_SHOW),
    ]
    board = final(results, PRESETS["worldskills"])
    scores = {line.key: line.score for line in board.lines}
    # median 70, MAD 10 of the three; the guest is measured on their scale: 3 MAD
    assert scores == {"A": 680, "B": 700, "C": 720, "O": 761, "D": None, "N": None}


@given(st.lists(st.integers(0, 10000), min_size=1, max_size=50), st.integers(0, 10000))
def test_a_better_total_never_scores_less(field: list[int], total: int) -> None:
    fitted = SCALES["worldskills-700"].over(field)
    assert fitted.score(total) <= fitted.score(total + 1)
    middle = fitted.median
    if middle.denominator == 1:
        assert fitted.score(int(middle)) == 700
