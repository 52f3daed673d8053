"""From a calculation as a workbook holds it to the rule that works out the mark, and back.

The parameters of each kind are those of real exports: NUM_POSSIBLE; CHOICEn_LABEL and
CHOICEn_DEDUCTION; TARGET_VALUE with RANGEn_LOWER, RANGEn_UPPER and RANGEn_DEDUCTION; DEDUCTION_TYPE
"PERCENT", else marks. No export with REGULAR_DIFFERENCE_DEDUCTION was to be had: its step and its
deduction are known by what their names say, and where two could be meant it is refused. STARTED and
the kind PARTIAL_MARK with its STEP are ours.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

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
    shown,
)
from judging.rules.scheme import (
    Calculation,
    NotAMark,
    Parameter,
    Text,
    hundredths,
    two_decimals,
)

PARTIAL_MARK = "PARTIAL_MARK"
KINDS = (
    "PASS_FAIL",
    "NUMBER_COMPLETED",
    "CHOICE",
    "RANGED_SCORE",
    "REGULAR_DIFFERENCE_DEDUCTION",
    PARTIAL_MARK,
)
MOST_POSSIBLE = 10_000
TOP = Decimal(1_000_000_000)  # no value of a competition is larger
SEPARATORS = ("#-#", ":::", "#x~x#")
_PERCENT = {"PERCENT", "PERCENTAGE", "%"}
_MARKS = {"", "MARK", "MARKS", "POINT", "POINTS", "VALUE", "ABSOLUTE", "FIXED", "AMOUNT"}
_STEP = re.compile(r"STEP|DIFFERENCE|INTERVAL|INCREMENT")
_OBSERVED = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")


class NotARule(ValueError):
    """A calculation that a person would have to guess at; `zh` and `en` are whole sentences."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


def rule(calculation: Calculation) -> Rule:
    """The rule of a calculation, or NotARule."""
    given = {one.key.upper(): one for one in calculation.parameters}
    if calculation.kind == "PASS_FAIL":
        return PassFail()
    if calculation.kind == "NUMBER_COMPLETED":
        return NumberCompleted(_possible(given))
    if calculation.kind == "CHOICE":
        return _choice(given)
    if calculation.kind == "RANGED_SCORE":
        return _ranged(given)
    if calculation.kind == "REGULAR_DIFFERENCE_DEDUCTION":
        return _regular(given)
    if calculation.kind == PARTIAL_MARK:
        return PartialMark(_partial_step(given))
    raise NotARule(
        f"计算方式“{calculation.kind[:40]}”未知。请改为 {'、'.join(KINDS[:5])} 之一。",
        f"The calculation “{calculation.kind[:40]}” is unknown. Use one of {', '.join(KINDS[:5])}.",
    )


def observed(written: str) -> Decimal:
    """A value as a judge or a tablet writes it; full-width digits and one comma are understood."""
    plain = unicodedata.normalize("NFKC", written).strip().replace(",", ".", 1)
    plain = plain.replace("−", "-", 1)
    if not _OBSERVED.fullmatch(plain):
        raise NotObserved(
            f"“{written[:20]}”不是测量值。请写成 12.5 这样的数字，最多六位小数。",
            f"“{written[:20]}” is no measured value. Write a number such as 12.5, with six decimals"
            " at most.",
        )
    return Decimal(plain)


def plain(found: Rule) -> dict[str, Any]:
    """A rule as JSON for the tablet; numbers are texts, so that nothing becomes a float."""
    match found:
        case PassFail():
            return {"kind": "PASS_FAIL"}
        case NumberCompleted(possible):
            return {"kind": "NUMBER_COMPLETED", "of": possible}
        case Choice(options):
            told = [{"number": o.number, "label": o.label, **_told(o.deduction)} for o in options]
            return {"kind": "CHOICE", "options": told}
        case RangedScore(target, bands):
            ranges = [
                {"lower": shown(b.lower), "upper": shown(b.upper), **_told(b.deduction)}
                for b in bands
            ]
            return {"kind": "RANGED_SCORE", "target": shown(target), "bands": ranges}
        case RegularDifference(target, step, deduction, started):
            return {
                "kind": "REGULAR_DIFFERENCE_DEDUCTION",
                "target": shown(target),
                "step": shown(step),
                **_told(deduction),
                "started": started,
            }
        case PartialMark(least):
            return {"kind": PARTIAL_MARK, "step": least}


def _told(one: Deduction) -> dict[str, Any]:
    return {"deduction": shown(one.amount), "percent": one.percent}


def calculation(found: Rule) -> Calculation:
    """A rule as a workbook holds it: `rule` read backwards."""
    match found:
        case PassFail():
            return Calculation("PASS_FAIL", (), "Measurement", "TRUE")
        case NumberCompleted(possible):
            number = _number("NUM_POSSIBLE", Decimal(possible))
            return Calculation(
                "NUMBER_COMPLETED", (number,), f"Number Completed {possible}", "TRUE"
            )
        case Choice(options):
            parameters = [_type(options[0].deduction)]
            for one in options:
                parameters.append(Parameter(f"CHOICE{one.number}_LABEL", "", one.label))
                parameters.append(_number(f"CHOICE{one.number}_DEDUCTION", one.deduction.amount))
            return Calculation("CHOICE", tuple(parameters), "", "FALSE")
        case RangedScore(target, bands):
            parameters = [_type(bands[0].deduction), _number("TARGET_VALUE", target)]
            for at, band in enumerate(bands, 1):
                parameters.append(_number(f"RANGE{at}_LOWER", band.lower))
                parameters.append(_number(f"RANGE{at}_UPPER", band.upper))
                parameters.append(_number(f"RANGE{at}_DEDUCTION", band.deduction.amount))
            return Calculation("RANGED_SCORE", tuple(parameters), "", "FALSE")
        case RegularDifference(target, step, deduction, started):
            parameters = [
                _type(deduction),
                _number("TARGET_VALUE", target),
                _number("DIFFERENCE", step),
                _number("DEDUCTION", deduction.amount),
            ]
            parameters += [Parameter("STARTED", "", "TRUE")] if started else []
            return Calculation("REGULAR_DIFFERENCE_DEDUCTION", tuple(parameters), "", "FALSE")
        case PartialMark(least):
            kept = (_number("STEP", Decimal(least).scaleb(-2)),) if least else ()
            return Calculation(PARTIAL_MARK, kept, "", "FALSE")


def _number(key: str, value: Decimal) -> Parameter:
    """As CIS writes numbers: eight decimals, zero as 0E-8."""
    return Parameter(key, f"{value:.8f}" if value else "0E-8")


def _type(one: Deduction) -> Parameter:
    return Parameter("DEDUCTION_TYPE", "", "PERCENT" if one.percent else "MARK")


def _possible(given: Mapping[str, Parameter]) -> int:
    number = _need(given, "NUM_POSSIBLE")
    if number != int(number) or not 1 <= number <= MOST_POSSIBLE:
        raise NotARule(
            f"“共几项”（NUM_POSSIBLE）应为 1 到 {MOST_POSSIBLE} 的整数，而不是 {shown(number)}。",
            f"“How many in all” (NUM_POSSIBLE) is a whole number from 1 to {MOST_POSSIBLE}, not"
            f" {shown(number)}.",
        )
    return int(number)


def _choice(given: Mapping[str, Parameter]) -> Choice:
    percent = _percent(given)
    options: list[Option] = []
    for number in _numbers(given, r"CHOICE([0-9]{1,3})_(?:LABEL|DEDUCTION)"):
        label = _words(given, f"CHOICE{number}_LABEL")
        amount = _maybe(given, f"CHOICE{number}_DEDUCTION")
        if not label and not amount:
            continue  # an unused one
        if not label:
            raise NotARule(
                f"选项 {number} 没有文字（CHOICE{number}_LABEL）。请写明它说的是什么。",
                f"Choice {number} has no label (CHOICE{number}_LABEL). Write what it says.",
            )
        if amount is None:
            raise _missing(f"CHOICE{number}_DEDUCTION")
        if any(mark in label for mark in SEPARATORS):
            raise NotARule(
                f"选项 {number} 的文字里有 CIS 用作分隔的符号（{'、'.join(SEPARATORS)}）。请删去。",
                f"The label of choice {number} holds a mark that CIS separates by"
                f" ({', '.join(SEPARATORS)}). Remove it.",
            )
        if any(one.label == label for one in options):
            raise NotARule(
                f"选项 {number} 与前面的选项文字相同（“{label}”）。请让每个选项各有说法。",
                f"Choice {number} has the label of an earlier one (“{label}”). Give each its own.",
            )
        options.append(Option(number, label, _deduction(amount, percent)))
    if not options:
        raise _missing("CHOICE1_LABEL")
    return Choice(tuple(options))


def _ranged(given: Mapping[str, Parameter]) -> RangedScore:
    target, percent, bands = _need(given, "TARGET_VALUE"), _percent(given), []
    for number in _numbers(given, r"RANGE([0-9]{1,3})_(?:LOWER|UPPER|DEDUCTION)"):
        names = [f"RANGE{number}_{part}" for part in ("LOWER", "UPPER", "DEDUCTION")]
        lower, upper, amount = (_maybe(given, name) for name in names)
        if lower is None and upper is None and not amount:
            continue  # an unused one
        if lower is None or upper is None or amount is None:
            missing = next(name for name in names if _maybe(given, name) is None)
            raise _missing(missing)
        if lower < 0 or upper < 0:
            raise NotARule(
                f"RANGE{number} 的容差为负。请写离目标值的距离，如 0.5。",
                f"A tolerance of RANGE{number} is negative. Write the distance from the target,"
                " such as 0.5.",
            )
        bands.append(Band(lower, upper, _deduction(amount, percent)))
    if not bands:
        raise _missing("RANGE1_DEDUCTION")
    return RangedScore(target, tuple(bands))


def _regular(given: Mapping[str, Parameter]) -> RegularDifference:
    target, percent = _need(given, "TARGET_VALUE"), _percent(given)
    numbers = [key for key in given if key != "TARGET_VALUE" and _maybe(given, key) is not None]
    deductions = [key for key in numbers if "DEDUCTION" in key]
    steps = [key for key in numbers if key not in deductions and _STEP.search(key)]
    if len(deductions) != 1:
        raise _missing("DEDUCTION")
    if len(steps) != 1:
        raise _missing("DIFFERENCE")
    step, amount = _need(given, steps[0]), _need(given, deductions[0])
    if step <= 0:
        raise NotARule(
            f"{steps[0]} 应大于 0：每相差多少扣一次分。",
            f"{steps[0]} is above 0: for how much of a difference one deduction is made.",
        )
    started = _words(given, "STARTED").upper() == "TRUE"
    return RegularDifference(target, step, _deduction(amount, percent), started)


def _partial_step(given: Mapping[str, Parameter]) -> int | None:
    step = _maybe(given, "STEP")
    if step is None:
        return None
    try:
        least = hundredths(step)
    except NotAMark as fault:
        raise NotARule(f"STEP {fault.zh}。", f"STEP {fault.en}.") from None
    if least <= 0:
        raise NotARule(
            f"STEP 应大于 0，而不是 {two_decimals(least)}。",
            f"STEP is above 0, not {two_decimals(least)}.",
        )
    return least


def _percent(given: Mapping[str, Parameter]) -> bool:
    word = _words(given, "DEDUCTION_TYPE").upper()
    if word in _PERCENT or word in _MARKS:
        return word in _PERCENT
    raise NotARule(
        f"DEDUCTION_TYPE“{word[:20]}”未知。请写 PERCENT（百分比）或 MARK（分值）。",
        f"The DEDUCTION_TYPE “{word[:20]}” is unknown. Write PERCENT or MARK.",
    )


def _deduction(amount: Decimal, percent: bool) -> Deduction:
    if amount < 0 or (percent and amount > 100):
        raise NotARule(
            f"扣分 {shown(amount)} 超出范围。请写 0 以上的分值，或 0 到 100 的百分比。",
            f"A deduction of {shown(amount)} is out of range. Write marks of 0 or more, or 0 to 100"
            " per cent.",
        )
    return Deduction(amount, percent)


def _numbers(given: Mapping[str, Parameter], pattern: str) -> Iterator[int]:
    """The numbers of the choices or ranges that are mentioned, in order."""
    found = (re.fullmatch(pattern, key) for key in given)
    yield from sorted({int(one[1]) for one in found if one})


def _words(given: Mapping[str, Parameter], key: str) -> str:
    one = given.get(key)
    return (one.text or one.value).strip() if one else ""


def _maybe(given: Mapping[str, Parameter], key: str) -> Decimal | None:
    """The number of a parameter; None where it is missing or empty."""
    one = given.get(key)
    if one is None or not one.value:
        return None
    number = one.number
    if number is None or abs(number) >= TOP:
        raise NotARule(
            f"{_called(key).zh}应为数字，而不是“{one.value[:20]}”。",
            f"{_called(key).en} is a number, not “{one.value[:20]}”.",
        )
    return number


def _need(given: Mapping[str, Parameter], key: str) -> Decimal:
    number = _maybe(given, key)
    if number is None:
        raise _missing(key)
    return number


def _missing(key: str) -> NotARule:
    return NotARule(
        f"缺少{_called(key).zh}，不知道如何计分。请补上。",
        f"{_called(key).en} is missing, so the mark cannot be worked out. Add it.",
    )


_CALLED = (  # as the page that writes schemes calls its fields
    (r"NUM_POSSIBLE", "“共几项”", "“How many in all”"),
    (r"TARGET_VALUE", "目标值", "The target"),
    (r"DIFFERENCE|STEP", "步长", "The step"),
    (r"DEDUCTION", "扣分", "The deduction"),
    (r"CHOICE(\d+)_LABEL", "选项 {} 的文字", "The label of choice {}"),
    (r"CHOICE(\d+)_DEDUCTION", "选项 {} 的扣分", "The deduction of choice {}"),
    (r"RANGE(\d+)_(?:LOWER|UPPER)", "第 {} 档的容差", "A tolerance of range {}"),
    (r"RANGE(\d+)_DEDUCTION", "第 {} 档的扣分", "The deduction of range {}"),
)


def _called(key: str) -> Text:
    """A parameter in words, with the name that CIS has for it."""
    for pattern, zh, en in _CALLED:
        if found := re.fullmatch(pattern, key):
            return Text(
                f"{zh.format(*found.groups())}（{key}）", f"{en.format(*found.groups())} ({key})"
            )
    return Text(f"参数 {key} ", f"The parameter {key}")
