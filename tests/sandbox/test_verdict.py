"""Verdicts and what checks propose."""

from dataclasses import replace

import pytest

from sandbox.verdict import Check, Evidence, Result, Verdict, overall, proposals

CHECK = Check("a", "B1.01", "题", "Title", "add", 50, False, "passed")
MAXIMA = {"B1.01": 100, "B1.02": 80}


def marks(*checks: Check) -> dict[str, int | None]:
    return proposals(checks, MAXIMA)


def test_points_that_passed_are_added_and_those_that_failed_are_not():
    assert marks(CHECK, replace(CHECK, id="b", points=30, outcome="failed")) == {"B1.01": 50}


def test_a_failed_deduction_is_taken_away_a_passed_one_is_not():
    minus = replace(CHECK, id="b", rule="deduct", points=20)
    assert marks(CHECK, minus) == {"B1.01": 50}
    assert marks(CHECK, replace(minus, outcome="failed")) == {"B1.01": 30}


def test_nothing_without_what_is_required():
    required = replace(CHECK, id="b", rule="required", points=0)
    assert marks(CHECK, required) == {"B1.01": 50}
    assert marks(CHECK, replace(required, outcome="failed")) == {"B1.01": 0}


def test_never_below_zero_never_above_the_maximum():
    assert marks(replace(CHECK, points=900)) == {"B1.01": 100}
    minus = replace(CHECK, id="b", rule="deduct", points=500, outcome="failed")
    assert marks(CHECK, minus) == {"B1.01": 0}


def test_an_aspect_of_deductions_alone_starts_full():
    minus = replace(CHECK, rule="deduct", points=25)
    assert marks(minus) == {"B1.01": 100}
    assert marks(replace(minus, outcome="failed")) == {"B1.01": 75}
    assert marks(replace(minus, rule="required", points=0)) == {"B1.01": 100}


@pytest.mark.parametrize("outcome", ["undetermined", "error"])
def test_what_could_not_be_seen_is_left_to_a_person(outcome):
    unseen = replace(CHECK, id="b", outcome=outcome)
    assert marks(CHECK, unseen) == {"B1.01": None}
    failed = replace(CHECK, id="c", rule="required", outcome="failed")
    assert marks(unseen, failed) == {"B1.01": None}
    elsewhere = replace(CHECK, id="d", aspect="B1.02", points=80)
    assert marks(unseen, elsewhere) == {"B1.01": None, "B1.02": 80}


def test_only_known_aspects_that_a_check_speaks_of():
    assert marks(replace(CHECK, aspect="Z9.99")) == {}


def test_marks_are_whole_hundredths():
    assert all(type(mark) is int for mark in marks(CHECK).values())


@pytest.mark.parametrize(
    ("outcomes", "verdict"),
    [
        (["passed", "passed"], Verdict.AC),
        (["passed", "failed"], Verdict.PARTIAL),
        (["failed", "failed"], Verdict.WA),
        (["failed", "undetermined"], Verdict.PARTIAL),
        (["error", "error"], Verdict.JE),
        (["error", "passed"], Verdict.PARTIAL),
        ([], Verdict.WA),
    ],
)
def test_the_verdict_of_a_whole_run(outcomes, verdict):
    assert overall(replace(CHECK, outcome=outcome) for outcome in outcomes) is verdict


def test_a_result_goes_through_plain_data_unchanged():
    evidence = Evidence("screenshot", "screenshot-1.png", "ab" * 32 + ".png", "image/png")
    result = Result(
        Verdict.PARTIAL, "一", "one", (replace(CHECK, evidence=(evidence,)),), "sha256:1", 12, False
    )
    assert Result.from_dict(result.as_dict()) == result
    assert result.as_dict()["verdict"] == "PARTIAL"
