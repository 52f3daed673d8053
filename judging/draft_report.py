"""What the page beside a draft shows: sums of every part, sections with their variation, what keeps
the draft from being adopted, and apart from it what is only unusual. Plain JSON values."""

from collections.abc import Iterable
from typing import Any

from judging.rules.scheme import (
    FULL_TOTAL,
    JUDGEMENT,
    MEASUREMENT,
    Criterion,
    Problem,
    SubCriterion,
    two_decimals,
)
from judging.rules.scheme_draft import Drafted

Plain = dict[str, Any]


def report(found: Drafted) -> Plain:
    """`sums`: key of a criterion or sub-criterion → its marks; problems name their node by key."""
    scheme, keys = found.scheme, found.keys
    parts: list[Criterion | SubCriterion] = [*scheme.criteria, *scheme.sub_criteria]
    return {
        "total": two_decimals(scheme.total),
        "full": two_decimals(FULL_TOTAL),
        "is_full": scheme.total == FULL_TOTAL,
        "counts": {
            "criteria": len(scheme.criteria),
            "sub_criteria": len(scheme.sub_criteria),
            "aspects": len(scheme.aspects),
            "measurement": scheme.count(MEASUREMENT),
            "judgement": scheme.count(JUDGEMENT),
        },
        "sums": {keys[one.row]: two_decimals(one.total) for one in parts if one.row is not None},
        "sections": [
            {
                "number": one.number,
                "name_zh": one.name.zh,
                "name_en": one.name.en,
                "declared": None if one.declared is None else two_decimals(one.declared),
                "marks": two_decimals(one.marks),
                "variation": None
                if one.declared is None or one.declared == one.marks
                else f"{'+' if one.marks > one.declared else ''}"
                f"{two_decimals(one.marks - one.declared)}",
            }
            for one in scheme.sections
        ],
        "problems": _plain(found.problems, keys),
        "notes": _plain(found.notes, keys),
    }


def _plain(problems: Iterable[Problem], keys: tuple[str, ...]) -> list[Plain]:
    return [
        {"key": "" if one.row is None else keys[one.row], "zh": one.zh, "en": one.en}
        for one in problems
    ]
