"""What a judge observed becomes a mark, by the calculation of its aspect."""

from contextlib import suppress
from typing import Any

from competition.rules.refusal import Refusal
from judging.aspects import AspectFacts
from judging.models import Aspect
from judging.rules import calculation_reading as reading
from judging.rules.calculations import Choice, NotObserved, PartialMark, PassFail, Rule, Worked
from judging.rules.scheme import Calculation, Parameter

LONGEST = 40  # characters of an observed value


def rule(calculation: dict[str, Any] | None, partial: bool) -> Rule:
    """The rule of an aspect; without a calculation the mark itself is what is observed, in full or
    none where the aspect has no partial marks."""
    if calculation is None or calculation["kind"] == "PASS_FAIL":
        return PartialMark() if partial else PassFail()
    parameters = tuple(Parameter(**one) for one in calculation["parameters"])
    return reading.rule(Calculation(calculation["kind"], parameters))


def work(aspect: AspectFacts, written: str) -> Worked:
    """The mark for what was observed; refused when it cannot have been."""
    try:
        return rule(aspect.calculation, aspect.partial).work(reading.observed(written), aspect.max)
    except (NotObserved, reading.NotARule) as fault:
        raise Refusal(
            f"{fault.zh}这次评分已保存为“搁置”，未计入，裁判长会看到。",
            f"{fault.en} This entry was kept as set aside, does not count, and is shown to the"
            " chief judge.",
        ) from None


def may_be(aspect: AspectFacts, mark: int) -> bool:
    """Whether a judge may give this mark without saying what was observed: the full mark or none,
    unless partial marks are defined; one that a choice gives, where there are choices."""
    if aspect.calculation is not None:
        with suppress(reading.NotARule):  # judges then give the mark themselves
            found = rule(aspect.calculation, aspect.partial)
            if isinstance(found, Choice):
                return found.gives(mark, aspect.max)
    return mark in (0, aspect.max) or (aspect.partial and 0 < mark < aspect.max)


def is_partial(row: Aspect) -> bool:
    """Whether an aspect can get another mark than zero and the full one (`aspects.is_partial`)."""
    return row.in_parts or (row.calculation_kind or "PASS_FAIL") != "PASS_FAIL"


def told(row: Aspect) -> dict[str, Any] | None:
    """The rule of an aspect as the tablet reads it; None where it is met or not met, or where the
    calculation of an older version cannot be read."""
    try:
        found = reading.plain(rule(row.calculation, is_partial(row)))
    except reading.NotARule:
        return None
    return None if found["kind"] == "PASS_FAIL" else found
