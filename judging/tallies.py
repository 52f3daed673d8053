"""What is shown of each entry: its sum and from how many aspects, by how much the board shows.

Sums are kept beside the marks they were made from (`Work.sums`), entry by entry: a mark that is
added forgets its own entry's only, so one changed mark costs one entry and not the whole skill.
`counted` sums the same anew, for whoever wants to compare (tests, bench/boards.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from judging.aspects import AspectFacts
from judging.cells import Cells, Work
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
    return found.summed(level, lambda: partial(_summed, groups=_groups(found, level)))


Groups = list[tuple[int | None, list[int]]]  # sheet that must be confirmed, aspects that then count


def _groups(found: Cells, level: Shown) -> Groups:
    """What the one policy (`visibility.counts`) asks of whole sheets, asked once and not mark by
    mark: that makes a board of 18,000 marks three times as fast."""
    free: list[int] = []
    sheets: dict[int | None, list[int]] = {}
    for aspect in visible(found, level):
        if level is Shown.CONFIRMED and aspect.kind == "M":
            sheets.setdefault(aspect.sub_criterion_id, []).append(aspect.id)
        else:
            free.append(aspect.id)
    return [(None, free), *sheets.items()]


def _summed(work: Work, groups: Groups) -> Tally:
    marks = work.marks
    total = released = 0
    for sheet, aspects in groups:
        if sheet is not None and sheet not in work.confirmed:
            continue
        for aspect in aspects:
            mark = marks[aspect]
            if mark.settled and mark.source and mark.value is not None:
                total += mark.value
                released += 1
    return Tally(total, released)


def counted(found: Cells, entry: int, aspects: list[AspectFacts], level: Shown) -> Tally:
    """One entry, mark by mark, as the one policy says; `tallies` must say the same."""
    total = released = 0
    work = found.works[entry]
    for aspect in aspects:
        mark = work.marks[aspect.id]
        if mark.value is not None and visibility.counts(
            level,
            kind=aspect.kind,
            is_automatic=aspect.is_automatic,
            settled=mark.settled,
            confirmed=aspect.sub_criterion_id in work.confirmed,
            by_judge=bool(mark.source),
        ):
            total += mark.value
            released += 1
    return Tally(total, released)
