"""A calculation as somebody types it into fields, and the rule that the fields say.

{kind: PASS_FAIL}
{kind: NUMBER_COMPLETED, of}
{kind: CHOICE, percent, options: [{number, label, deduction}]}
{kind: RANGED_SCORE, percent, target, bands: [{lower, upper, deduction}]}
{kind: REGULAR_DIFFERENCE_DEDUCTION, percent, target, step, deduction, started}
{kind: PARTIAL_MARK, step}

`percent` and `started` are "1" or ""; everything else is a text as typed. The sentences name the
parameters as CIS does; the fields carry the same names.
"""

import unicodedata
from typing import Any

from judging.rules import calculation_reading as reading
from judging.rules.calculations import Rule
from judging.rules.scheme import Calculation, Parameter, two_decimals

Fields = dict[str, Any]


def rule(fields: Fields) -> Rule:
    """The rule that the fields say, or NotARule."""
    kind = fields["kind"]
    return reading.rule(Calculation(kind, tuple(_parameters(kind, fields))))


def _parameters(kind: str, fields: Fields) -> list[Parameter]:
    found = []
    if fields.get("percent"):
        found.append(Parameter("DEDUCTION_TYPE", "", "PERCENT"))
    if kind == "NUMBER_COMPLETED":
        found.append(_number("NUM_POSSIBLE", fields, "of"))
    if kind in ("RANGED_SCORE", "REGULAR_DIFFERENCE_DEDUCTION"):
        found.append(_number("TARGET_VALUE", fields, "target"))
    if kind == "REGULAR_DIFFERENCE_DEDUCTION":
        found.append(_number("DIFFERENCE", fields, "step"))
        found.append(_number("DEDUCTION", fields, "deduction"))
        found += [Parameter("STARTED", "", "TRUE")] if fields.get("started") else []
    if kind == reading.PARTIAL_MARK:
        found.append(_number("STEP", fields, "step"))
    for at, one in enumerate(fields.get("options", ()) if kind == "CHOICE" else (), 1):
        number = one.get("number") or at
        found.append(Parameter(f"CHOICE{number}_LABEL", "", one.get("label", "").strip()))
        found.append(_number(f"CHOICE{number}_DEDUCTION", one, "deduction"))
    for at, one in enumerate(fields.get("bands", ()) if kind == "RANGED_SCORE" else (), 1):
        found += [_number(f"RANGE{at}_{part.upper()}", one, part)
                  for part in ("lower", "upper", "deduction")]  # fmt: skip
    return found


def _number(key: str, fields: Fields, name: str) -> Parameter:
    """As typed: full-width digits and one decimal comma are understood."""
    plain = unicodedata.normalize("NFKC", fields.get(name, "")).strip()
    return Parameter(key, plain.replace(",", ".", 1).replace("−", "-", 1))


def typed(calculation: Calculation | None) -> Fields:
    """A calculation as fields; of one that cannot be read only its kind."""
    if calculation is None:
        return {"kind": "PASS_FAIL"}
    try:
        told = reading.plain(reading.rule(calculation))
    except reading.NotARule:
        return {"kind": calculation.kind}
    parts = told.get("options") or told.get("bands") or [told]
    fields = {**told, "percent": "1" if parts[0].get("percent") else ""}
    for part in ("options", "bands"):
        if part in told:
            fields[part] = [
                {name: str(value) for name, value in one.items() if name != "percent"}
                for one in told[part]
            ]
    if "of" in told:
        fields["of"] = str(told["of"])
    if "started" in told:
        fields["started"] = "1" if told["started"] else ""
    if calculation.kind == reading.PARTIAL_MARK:
        fields["step"] = "" if told["step"] is None else two_decimals(told["step"])
    if calculation.kind in ("PASS_FAIL", "NUMBER_COMPLETED", reading.PARTIAL_MARK):
        fields.pop("percent")
    return fields
