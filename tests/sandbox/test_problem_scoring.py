"""The default grader, scores, and what becomes of them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.scoring import BadGrader, Grader, Sub, grade, hundredths, limit_of, score_of
from sandbox.verdict import Verdict

AC, WA, TLE, RTE = Verdict.AC, Verdict.WA, Verdict.TLE, Verdict.RTE


def graded(flags: str, *subs: tuple[Verdict, int]) -> tuple[Verdict, Fraction]:
    found = grade(
        [Sub(verdict, Fraction(score)) for verdict, score in subs], Grader.of(flags.split())
    )
    return found.verdict, found.score


@pytest.mark.parametrize(
    ("flags", "subs", "expected"),
    [
        ("", [(AC, 1), (AC, 2)], (AC, 3)),
        ("", [(WA, 0), (TLE, 0), (RTE, 0)], (RTE, 0)),
        ("worst_error", [(WA, 0), (TLE, 0)], (TLE, 0)),
        ("first_error", [(AC, 4), (WA, 0), (RTE, 0)], (WA, 4)),
        ("always_accept", [(WA, 0), (AC, 7)], (AC, 7)),
        ("min", [(AC, 5), (AC, 3)], (AC, 3)),
        ("max always_accept", [(WA, 0), (AC, 3)], (AC, 3)),
        ("avg", [(AC, 1), (AC, 2)], (AC, Fraction(3, 2))),
        ("avg sum", [(AC, 1), (AC, 2)], (AC, 3)),
        ("ignore_sample", [(WA, 0), (AC, 50)], (AC, 50)),
        ("ignore_sample", [(WA, 0)], (WA, 0)),
        ("accept_if_any_accepted", [(WA, 0), (AC, 5)], (AC, 5)),
        ("accept_if_any_accepted", [(WA, 0), (TLE, 0)], (TLE, 0)),
        ("no_errors min", [(AC, 2), (WA, 0)], (WA, 0)),
        ("", [], (AC, 0)),
        ("", [(Verdict.SIG, 0), (Verdict.MLE, 0)], (Verdict.SIG, 0)),
    ],
)
def test_modes(flags, subs, expected):
    assert graded(flags, *subs) == expected


@pytest.mark.parametrize("fault", [Verdict.IE, Verdict.JE])
def test_a_fault_of_ours_is_never_a_score(fault):
    assert graded("always_accept", (AC, 5), (fault, 0)) == (fault, 0)
    assert graded("ignore_sample max", (fault, 0), (AC, 5)) == (fault, 0)


def test_unknown_flags_are_refused():
    with pytest.raises(BadGrader):
        Grader.of(["median"])


@pytest.mark.parametrize(
    "text", ["", "nan", "inf", "1e99", "1,5", "1_0", "0x1", "9" * 50, "1e999999999"]
)
def test_what_is_no_score(text):
    with pytest.raises(BadGrader):
        score_of(text)


def test_scores_and_ranges():
    assert score_of(" 12.50\n") == Fraction(25, 2)
    assert score_of("1e2") == 100
    assert (limit_of("-inf"), limit_of("+inf"), limit_of("7")) == (None, None, 7)


@pytest.mark.parametrize(
    ("score", "mark"), [("0.125", 13), ("33.333", 3333), ("-0.125", -13), ("7", 700)]
)
def test_rounded_once(score, mark):
    assert hundredths(score_of(score)) == mark


@given(st.lists(st.tuples(st.sampled_from([AC, WA, TLE]), st.integers(0, 99)), min_size=1))
def test_more_right_answers_never_lower_a_sum(subs):
    better = [(AC, 100) if verdict is not AC else (verdict, score) for verdict, score in subs]
    assert graded("always_accept", *better)[1] >= graded("always_accept", *subs)[1]
    assert graded("", *better)[0] is AC
