"""The lines of a board: provisional ones, the sums beside them, and how many of them are told."""

from collections.abc import Mapping
from typing import Any

from judging import tallies
from judging.cells import Cells
from judging.finals import Facts
from judging.rules.ranking import PROVISIONAL, Result
from judging.rules.scheme import two_decimals
from judging.rules.standings import standings
from judging.rules.visibility import Shown
from judging.tallies import Tally

Plain = dict[str, Any]
Labels = Mapping[int, Mapping[str, str]]


def provisional(labels: Labels, sums: Mapping[int, Tally], of: int) -> list[Plain]:
    """The lines before the lock. Who has nothing released yet stands below, without a place.
    Each line carries its entry's key until the board is finished."""
    entry_of = {label["key"]: entry for entry, label in labels.items()}
    ranked = standings(
        (
            Result(label["key"], sums[entry].total)
            for entry, label in labels.items()
            if sums[entry].released
        ),
        PROVISIONAL,
    )
    order: list[tuple[str, int | None, bool]] = [
        (line.key, line.place, line.shared) for line in ranked
    ]
    placed = {line.key for line in ranked}
    order += [(key, None, False) for key in sorted(entry_of.keys() - placed)]
    out = []
    for key, place, shared in order:
        tally = sums[entry_of[key]]
        line = {"place": place, "shared": shared, **labels[entry_of[key]]}
        out.append(
            {
                **line,
                "total": two_decimals(tally.total),
                "released": tally.released,
                "of": of,
            }
        )
    return out


def add_parts(board: Plain, found: Cells, told: Facts, level: Shown, labels: Labels) -> None:
    """A sum for each criterion on every line, of what the level shows; and which criteria."""
    entry_of = {label["key"]: entry for entry, label in labels.items()}
    by_letter: dict[str, list[Any]] = {letter: [] for letter, _max in told.maxima}
    for aspect in tallies.visible(found, level):
        by_letter[told.letters[aspect.id]].append(aspect)
    shown = [letter for letter, aspects in by_letter.items() if aspects]
    board["criteria"] = [
        {"letter": one, "max": two_decimals(sum(aspect.max for aspect in by_letter[one]))}
        for one in shown
    ]
    for line in board["standings"]:
        entry = entry_of[line["key"]]
        told_of = [tallies.counted(found, entry, by_letter[one], level) for one in shown]
        line["parts"] = [two_decimals(one.total) if one.released else None for one in told_of]


def finish(board: Plain, top: int | None) -> None:
    """Take out what is nobody's business: the keys, and the lines below the last place told.

    Why a line stands where it stands may speak of one that is not told; then it is not said.
    """
    told = board["standings"]
    if top is not None:
        told = [line for line in told if line["place"] is not None and line["place"] <= top]
        cut = [line for line in board["standings"] if line not in told]
        for language in ("zh", "en"):
            names = {line[f"label_{language}"] for line in cut}
            for line in told:
                said = line.get(f"why_{language}", [])
                if any(name in sentence for sentence in said for name in names):
                    line["why_zh"] = line["why_en"] = []
    board["standings"] = [
        {name: value for name, value in line.items() if name != "key"} for line in told
    ]
