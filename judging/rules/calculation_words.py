"""What a calculation does, in one sentence, for people who compare versions of a scheme."""

from judging.rules import calculation_reading as reading
from judging.rules.calculations import (
    Choice,
    Deduction,
    NumberCompleted,
    PartialMark,
    PassFail,
    RangedScore,
    RegularDifference,
    Rule,
    shown,
)
from judging.rules.scheme import Calculation, Text, two_decimals


def words(calculation: Calculation | None) -> Text:
    """The sentence in both languages; what cannot be read is called by its kind."""
    if calculation is None:
        return _of(PassFail())
    try:
        return _of(reading.rule(calculation))
    except reading.NotARule:
        return Text.of(calculation.kind)


def _of(found: Rule) -> Text:  # noqa: PLR0911 - one sentence a kind
    match found:
        case PassFail():
            return Text("达到得满分，否则 0 分", "Full mark if met, else 0")
        case NumberCompleted(possible):
            return Text(f"按完成数给分，共 {possible} 项", f"By the number completed of {possible}")
        case Choice(options):
            told = [(one.label, one.deduction.words) for one in options]
            zh = "；".join(f"{label} 扣 {off}" for label, off in told)
            return Text(f"选择：{zh}", "Choice: " + "; ".join(f"{one} −{off}" for one, off in told))
        case RangedScore(target, bands):
            told = [
                (f"−{shown(one.lower)}/+{shown(one.upper)}", one.deduction.words) for one in bands
            ]
            zh = "；".join(f"{reach} 内扣 {off}" for reach, off in told)
            en = "; ".join(f"within {reach} −{off}" for reach, off in told)
            return Text(f"目标 {shown(target)}：{zh}", f"Target {shown(target)}: {en}")
        case RegularDifference(target, step, deduction, started):
            return _regular(shown(target), shown(step), deduction, started)
        case PartialMark(least):
            if least is None:
                return Text("裁判直接给分", "The judge gives the mark")
            each = two_decimals(least)
            return Text(
                f"裁判直接给分，以 {each} 为一级", f"The judge gives the mark in steps of {each}"
            )


def _regular(target: str, step: str, deduction: Deduction, started: bool) -> Text:
    off = deduction.words
    begun = "开始" if started else "满"
    return Text(
        f"目标 {target}，每相差{begun} {step} 扣 {off}",
        f"Target {target}, {off} off for every {step} away{' begun' if started else ''}",
    )
