"""What is shown of each entry: its sum and from how many aspects, by how much the board shows.

Sums are kept beside the cells they were made from (`Cells.sums`), entry by entry: a mark that is
added forgets its own entry's only, so one changed mark costs one entry and not the whole skill.
`counted` sums the same anew, for whoever wants to compare (tests, bench/boards.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from judging.cells import AspectFacts, Cells
from judging.rules import visibility
from judging.rules.visibility import Shown


@dataclass(frozen=True, slots=True)
class Tally:
    """What is shown of one entry: hundredths, and from how many aspects."""

    total: int
    released: int


def visible(found: Cells, level: Shown) -> list[AspectFacts]:
    """The aspects whose marks a board of this level may show."""
    return [
        aspect
        for aspect in found.aspects
        if level is not Shown.AUTOMATIC or (aspect.is_automatic and aspect.kind == "M")
    ]


def tallies(found: Cells, level: Shown) -> Mapping[int, Tally]:
    """The tally of every entry; those that are kept are not summed again."""
    kept: dict[int, Tally] = found.sums.setdefault(level, {})
    missing = [entry for entry in found.entries if entry not in kept]
    if missing:
        aspects = visible(found, level)
        count = _everything if level is Shown.ALL else counted
        for entry in missing:
            kept[entry] = count(found, entry, aspects, level)
    return kept


def counted(found: Cells, entry: int, aspects: list[AspectFacts], level: Shown) -> Tally:
    """One entry, mark by mark, as the one policy says."""
    total = released = 0
    for aspect in aspects:
        mark = found.marks[entry, aspect.id]
        if mark.value is not None and visibility.counts(
            level,
            kind=aspect.kind,
            is_automatic=aspect.is_automatic,
            settled=mark.settled,
            confirmed=(entry, aspect.sub_criterion_id) in found.confirmed,
            by_judge=bool(mark.source),
        ):
            total += mark.value
            released += 1
    return Tally(total, released)


def _everything(found: Cells, entry: int, aspects: list[AspectFacts], _level: Shown) -> Tally:
    """`counted` for a locked skill, whose every settled mark by a judge counts: three times as
    fast (tests hold the two together)."""
    marks = found.marks
    values = [
        mark.value
        for aspect in aspects
        if (mark := marks[entry, aspect.id]).value is not None and mark.settled and mark.source
    ]
    return Tally(sum(value for value in values if value is not None), len(values))
