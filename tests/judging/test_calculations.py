"""Calculations: worked cases by hand, what is refused, and what holds for all of them."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.rules import calculation_reading as reading
from judging.rules.calculations import (
    Band,
    Choice,
    Deduction,
    NotObserved,
    NumberCompleted,
    Option,
    PartialMark,
    PassFail,
    RangedScore,
    RegularDifference,
    Rule,
)
from judging.rules.scheme import Calculation
from judging.workbook_calculations import joined, parameters

WORKED = json.loads((Path(__file__).parent / "calculation_cases.json").read_text("utf-8"))
CASES = [
    pytest.param(one, observed, mark, id=f"{one['name']}: {observed}")
    for one in WORKED
    for observed, mark in one["cases"]
]


def rule(kind: str, written: str = "") -> Rule:
    return reading.rule(Calculation(kind, parameters(written)))


@pytest.mark.parametrize("one, observed, mark", CASES)
def test_worked_by_hand(one: dict[str, Any], observed: str, mark: int | None) -> None:
    found = rule(one["kind"], one["parameters"])
    if mark is None:
        with pytest.raises(NotObserved) as refused:
            found.work(reading.observed(observed), one["max"])
        assert refused.value.zh and refused.value.en
        return
    worked = found.work(reading.observed(observed), one["max"])
    assert worked.mark == mark
    shown = f"{mark // 100}.{mark % 100:02d}"
    assert shown in worked.zh and shown in worked.en


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 70 and {one["kind"] for one in WORKED} == set(reading.KINDS)


@pytest.mark.parametrize("one", WORKED, ids=lambda one: one["name"])
def test_a_rule_is_told_and_written_back(one: dict[str, Any]) -> None:
    found = rule(one["kind"], one["parameters"])
    assert reading.plain(found) == one["rule"]
    again = reading.calculation(found)
    assert reading.rule(again) == found
    assert reading.rule(Calculation(again.kind, parameters(joined(again.parameters)))) == found


def test_the_sum_is_told_in_both_languages() -> None:
    count = rule("NUMBER_COMPLETED", "NUM_POSSIBLE:::5.00000000#x~x#").work(Decimal(3), 200)
    assert count.zh == "完成 3 / 5：2.00 × 3 ÷ 5 = 1.20"
    assert count.en == "3 of 5 completed: 2.00 × 3 ÷ 5 = 1.20"
    far = RegularDifference(Decimal(60), Decimal(1), Deduction(Decimal("0.1"), False))
    assert far.work(Decimal("57.5"), 100).en == (
        "2.5 away from 60, one for every 1: 0.1 × 2 off, 1.00 → 0.80"
    )
    near = RangedScore(
        Decimal(12), (Band(Decimal("0.1"), Decimal(0), Deduction(Decimal(10), True)),)
    )
    assert (
        near.work(Decimal("11.95"), 100).zh
        == "11.95 在 11.9 至 12 之内（目标 12）：扣 10%，1.00 → 0.90"
    )


C, R, D = "CHOICE", "RANGED_SCORE", "REGULAR_DIFFERENCE_DEDUCTION"
TOLD = "CHOICE1_LABEL:::#x~x#good#-#CHOICE1_DEDUCTION:::0E-8#x~x#"
NEAR = "TARGET_VALUE:::5#x~x##-#RANGE1_LOWER:::1#x~x##-#RANGE1_UPPER:::1#x~x#"
FAR = "TARGET_VALUE:::5#x~x##-#STEP_SIZE:::1#x~x##-#DEDUCTION_PER_STEP:::0.5#x~x#"


@pytest.mark.parametrize(
    "kind, written, named",
    [
        ("SOMETHING", "", "SOMETHING"),
        ("", "A:::1#x~x#", "PASS_FAIL"),
        ("NUMBER_COMPLETED", "", "NUM_POSSIBLE"),
        ("NUMBER_COMPLETED", "NUM_POSSIBLE:::0E-8#x~x#", "NUM_POSSIBLE"),
        ("NUMBER_COMPLETED", "NUM_POSSIBLE:::2.50000000#x~x#", "2.5"),
        ("NUMBER_COMPLETED", "NUM_POSSIBLE:::-3#x~x#", "-3"),
        ("NUMBER_COMPLETED", "NUM_POSSIBLE:::many#x~x#", "many"),
        ("NUMBER_COMPLETED", "NUM_POSSIBLE:::1e99#x~x#", "1e99"),
        (C, "", "CHOICE1_LABEL"),
        (C, "CHOICE1_LABEL:::#x~x#good", "CHOICE1_DEDUCTION"),
        (C, f"{TOLD}#-#CHOICE2_DEDUCTION:::50#x~x#", "CHOICE2_LABEL"),
        (C, f"{TOLD}#-#{TOLD.replace('CHOICE1', 'CHOICE2')}", "good"),
        (C, f"{TOLD}#-#DEDUCTION_TYPE:::#x~x#BANANA", "BANANA"),
        (C, f"DEDUCTION_TYPE:::#x~x#PERCENT#-#{TOLD.replace('0E-8', '101')}", "101"),
        (C, TOLD.replace("0E-8", "-1"), "-1"),
        (R, "RANGE1_DEDUCTION:::1#x~x#", "TARGET_VALUE"),
        (R, "TARGET_VALUE:::1#x~x#", "RANGE1_DEDUCTION"),
        (R, NEAR, "RANGE1_DEDUCTION"),
        (R, "TARGET_VALUE:::1#x~x##-#RANGE1_DEDUCTION:::1#x~x#", "RANGE1_LOWER"),
        (R, NEAR.replace(":::1", ":::-1") + "#-#RANGE1_DEDUCTION:::0E-8#x~x#", "RANGE1"),
        (D, "TARGET_VALUE:::5#x~x##-#STEP:::1#x~x#", "DEDUCTION"),
        (D, "TARGET_VALUE:::5#x~x##-#DEDUCTION:::1#x~x#", "DIFFERENCE"),
        (D, f"{FAR}#-#INTERVAL:::2#x~x#", "DIFFERENCE"),
        (D, f"{FAR}#-#OTHER_DEDUCTION:::2#x~x#", "DEDUCTION"),
        (D, FAR.replace("SIZE:::1", "SIZE:::0E-8"), "STEP_SIZE"),
        ("PARTIAL_MARK", "STEP:::0.333#x~x#", "STEP"),
        ("PARTIAL_MARK", "STEP:::0E-8#x~x#", "STEP"),
    ],
)
def test_what_would_have_to_be_guessed_is_refused(kind: str, written: str, named: str) -> None:
    with pytest.raises(reading.NotARule) as refused:
        rule(kind, written)
    assert named in refused.value.zh and named in refused.value.en


def test_a_parameter_that_is_missing_is_named_in_words_too() -> None:
    for kind, written, zh, en in (
        ("NUMBER_COMPLETED", "", "“共几项”（NUM_POSSIBLE）", "“How many in all” (NUM_POSSIBLE)"),
        (C, "", "选项 1 的文字（CHOICE1_LABEL）", "The label of choice 1 (CHOICE1_LABEL)"),
    ):
        with pytest.raises(reading.NotARule) as refused:
            rule(kind, written)
        assert zh in refused.value.zh and en in refused.value.en


def test_names_that_say_what_they_are_need_no_guess() -> None:
    found = rule(D, FAR)
    assert found == RegularDifference(Decimal(5), Decimal(1), Deduction(Decimal("0.5"), False))
    assert rule(C, f"{TOLD}#-#CHOICE9_DEDUCTION:::0E-8#x~x#") == rule(C, TOLD)  # an unused one
    assert rule(R, f"{NEAR}#-#RANGE1_DEDUCTION:::0E-8#x~x##-#RANGE2_DEDUCTION:::#x~x#")


def test_a_label_may_not_hold_what_separates() -> None:
    from judging.rules.scheme import Parameter

    told = (Parameter("CHOICE1_LABEL", "", "a #-# b"), Parameter("CHOICE1_DEDUCTION", "0E-8"))
    with pytest.raises(reading.NotARule, match="#-#"):
        reading.rule(Calculation("CHOICE", told))


@pytest.mark.parametrize(
    "written, value",
    [
        ("12", "12"),
        (" 12,5 ", "12.5"),
        ("１２．５", "12.5"),
        ("−3", "-3"),
        ("0.000001", "0.000001"),
    ],
)
def test_values_as_they_are_written(written: str, value: str) -> None:
    assert reading.observed(written) == Decimal(value)


@pytest.mark.parametrize(
    "written", ["", "-", "1.2.3", "1e5", "NaN", "12 mm", "1" * 12, "0.1234567"]
)
def test_what_is_no_value(written: str) -> None:
    with pytest.raises(NotObserved):
        reading.observed(written)


small = st.decimals(0, 1000, places=3, allow_nan=False)
values = st.decimals(-2000, 2000, places=4, allow_nan=False)
percents = st.builds(Deduction, st.decimals(0, 100, places=2), st.just(True))
deductions = percents | st.builds(Deduction, st.decimals(0, 20, places=3), st.just(False))
bands = st.lists(st.builds(Band, small, small, deductions), min_size=1, max_size=5).map(tuple)
options = st.lists(deductions, min_size=1, max_size=6).map(
    lambda found: tuple(Option(at, f"level {at}", one) for at, one in enumerate(found, 1))
)
steps = st.decimals("0.001", 100, places=3)
rules = st.one_of(
    st.just(PassFail()),
    st.builds(NumberCompleted, st.integers(1, 200)),
    st.builds(Choice, options),
    st.builds(RangedScore, values, bands),
    st.builds(RegularDifference, values, steps, deductions, st.booleans()),
    st.builds(PartialMark, st.none() | st.integers(1, 100)),
)
maxima = st.integers(1, 10_000)


@given(rules, values | st.integers(0, 210).map(Decimal), maxima)
def test_a_mark_lies_between_nothing_and_the_maximum(
    found: Rule, observed: Decimal, maximum: int
) -> None:
    try:
        worked = found.work(observed, maximum)
    except NotObserved as refused:
        assert refused.zh and refused.en
        return
    assert isinstance(worked.mark, int) and 0 <= worked.mark <= maximum
    assert worked.zh and worked.en


@given(st.integers(1, 100), maxima)
def test_who_completes_more_never_gets_less(possible: int, maximum: int) -> None:
    marks = [
        NumberCompleted(possible).work(Decimal(count), maximum).mark
        for count in range(possible + 1)
    ]
    assert marks == sorted(marks) and (marks[0], marks[-1]) == (0, maximum)


@given(values, steps, deductions, st.booleans(), small, small, maxima)
def test_farther_from_the_target_is_never_better(
    target: Decimal, step: Decimal, each: Deduction, started: bool, a: Decimal, b: Decimal, top: int
) -> None:
    near, far = sorted((a, b))
    found = RegularDifference(target, step, each, started)
    assert found.work(target + near, top).mark >= found.work(target + far, top).mark
    assert found.work(target + near, top).mark == found.work(target - near, top).mark
    assert found.work(target, top).mark == top


@given(rules)
def test_every_rule_survives_a_workbook(found: Rule) -> None:
    kept = reading.calculation(found)
    if isinstance(found, Choice | RangedScore):
        parts = found.options if isinstance(found, Choice) else found.bands
        if len({one.deduction.percent for one in parts}) > 1:
            return  # a calculation has one kind of deduction
    assert reading.rule(Calculation(kept.kind, parameters(joined(kept.parameters)))) == found
