"""The lines of an official board: place, award and why, in words; what counts for delegations.

Everything a locked and released skill shows is made here, for the public by names or aliases and
for the chief judge by codes.
"""

from collections.abc import Mapping
from typing import Any

from judging import finals
from judging.cells import Cells
from judging.finals import Facts
from judging.rules import delegations, scale
from judging.rules.delegations import Taken
from judging.rules.final import Final, Line
from judging.rules.scheme import two_decimals
from judging.rules.standings_words import explain
from judging.tallies import Tally

Plain = dict[str, Any]
# The star of a line says that, and not who opened what.
STAR = (
    "★ 有分数在签字后重新打开并重新评过。",
    "★ Marks were opened again after sign-off and given anew.",
)
Labels = Mapping[int, Mapping[str, str]]


def board(
    found: Cells, told: Facts, sums: Mapping[int, Tally], labels: Labels, *, is_blind: bool
) -> Plain:
    """The part of a document that only official results have: the lines and by which rules.

    A blind skill's lines say nothing of delegations: they count for none until it is unsealed
    (decisions 2).
    """
    keys = {entry: label["key"] for entry, label in labels.items()}
    whole = finals.standings(found, told, sums, keys)
    entry_of = {key: entry for entry, key in keys.items()}
    names = {label["key"]: (label["label_zh"], label["label_en"]) for label in labels.values()}
    why = explain(whole, names)
    counts = {} if is_blind else _counts(whole, told, entry_of)
    lines = []
    for one in whole.lines:
        entry = entry_of[one.key]
        starred = found.starred(entry)
        lines.append(
            {
                **_place(one),
                **labels[entry],
                "total": two_decimals(one.standing.total),
                "released": sums[entry].released,
                "of": len(found.aspects),
                "award": one.given.award.value if one.given.award else None,
                "score": one.score,
                "why_zh": [*(zh for zh, _ in why[one.key]), *([STAR[0]] if starred else [])],
                "why_en": [*(en for _, en in why[one.key]), *([STAR[1]] if starred else [])],
                **({"starred": True} if starred else {}),
                **({"counts": counts[one.key]} if one.key in counts else {}),
            }
        )
    return {"standings": lines, "medals": told.rules.medals, "scale": _scale(whole)}


def _place(line: Line) -> Plain:
    """Until a tie is decided its lines stand together, and nobody shares anything yet."""
    standing, is_open = line.standing, bool(line.standing.needs)
    return {
        "place": standing.place,
        "shared": standing.shared and not is_open,
        "undecided": is_open,
    }


def _scale(whole: Final) -> Plain | None:
    found = scale.scale(whole.rules.scale)
    if found is None:
        return None
    return {"name": found.name, "version": found.version, "approximation": found.is_approximation}


def _counts(whole: Final, told: Facts, entry_of: Mapping[str, int]) -> dict[str, Plain]:
    by_key = {key: told.entries[entry].delegation for key, entry in entry_of.items()}
    return {one.key: _counted(one) for one in delegations.taken("", whole, by_key)}


def _counted(one: Taken) -> Plain:
    """What a line brings to the tables of delegations (`overall`)."""
    return {"delegation": one.delegation, "score": one.score, "people": one.people}
