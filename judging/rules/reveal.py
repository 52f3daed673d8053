"""In which order a list is revealed on stage, and what its board shows meanwhile (揭榜).

Three orders. By place: the awards from the last to the first, everybody with the same one on one
screen, so that a tie is told at once. By smallest change, and the top five open: a board as the
public saw it last, whose lines are settled one after the other. Nothing here says more of an open
line than that board did: open lines stand in its order, never in that of the final list.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from judging.rules.medals import MEDALS, Award

AT_ONCE = 8  # lines that one screen settles, but for a tie
TOP = 5


class Order(StrEnum):
    """How a skill's list is revealed."""

    PLACE = "place"  # the awards, from the last to the first
    CHANGE = "change"  # who moves least against the public board first
    TOP_FIVE = "top_five"  # from the sixth place on at once, then one by one up to the first


AWARDS = (Award.MERIT, Award.MEDALLION, *reversed(MEDALS))  # as they are called on stage


@dataclass(frozen=True, slots=True)
class Revealed:
    """One line of a final list: its key, place (None: it has none), award, and the place that the
    public saw last (None: none)."""

    key: str
    place: int | None
    award: Award | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """One line of the stage's board. `place` is the final one, None while the line waits: a place
    that the public saw last would stand among final ones that contradict it. `is_new`: this screen
    settled it."""

    key: str
    place: int | None = None
    is_new: bool = False

    @property
    def is_settled(self) -> bool:
        return self.place is not None


def steps(lines: Iterable[Revealed], order: Order) -> list[tuple[str, ...]]:
    """Who is revealed together, screen by screen. Lines without a place never are, and by place
    nobody without an award is."""
    placed = [line for line in lines if line.place is not None]
    if order is Order.PLACE:
        return list(by_award(placed).values())
    groups = _by_place(placed)
    if order is Order.CHANGE:
        change = {
            place: max(_change(one, len(placed)) for one in groups[place]) for place in groups
        }
        ordered = sorted(groups, key=lambda place: (change[place], -place))
        return [_keys(groups[place]) for place in ordered]
    last_first = sorted(groups, reverse=True)
    rest = _together([groups[place] for place in last_first if place > TOP])
    return [*rest, *(_keys(groups[place]) for place in last_first if place <= TOP)]


def by_award(lines: Iterable[Revealed]) -> dict[Award, tuple[str, ...]]:
    """The keys of each award that anybody has, as they are called: 优胜奖 first, gold last."""
    found: defaultdict[Award, list[str]] = defaultdict(list)
    for line in lines:
        if line.award is not None:
            found[line.award].append(line.key)
    return {award: tuple(found[award]) for award in AWARDS if award in found}


def board(
    lines: Sequence[Revealed], settled: Collection[str], new: Collection[str] = ()
) -> list[Slot]:
    """The board while some lines are settled: these stand where they end up, the others fill what
    is left in the order that the public saw last, those it never saw by their keys."""
    placed = [line for line in lines if line.place is not None]
    final = sorted(placed, key=lambda line: (line.place, line.key))
    waiting = sorted(
        (line for line in placed if line.key not in settled),
        key=lambda line: (line.before is None, line.before or 0, line.key),
    )
    rest = iter(waiting)
    slots = []
    for line in final:
        if line.key in settled:
            slots.append(Slot(line.key, line.place, line.key in new))
        else:
            slots.append(Slot(next(rest).key))
    return slots


def window(slots: Sequence[Slot], size: int) -> Sequence[Slot]:
    """The part of a board that a screen has room for: around what is new, else its head."""
    new = [at for at, slot in enumerate(slots) if slot.is_new]
    if not new or len(slots) <= size:
        return slots[:size]
    middle = (new[0] + new[-1]) // 2
    first = max(0, min(middle - size // 2, len(slots) - size))
    return slots[first : first + size]


def _by_place(placed: Iterable[Revealed]) -> Mapping[int, list[Revealed]]:
    groups: defaultdict[int, list[Revealed]] = defaultdict(list)
    for line in placed:
        assert line.place is not None
        groups[line.place].append(line)
    return groups


def _change(line: Revealed, of: int) -> int:
    """By how many places a line moves; whom the public never saw, by as many as there are."""
    assert line.place is not None
    return of if line.before is None else abs(line.before - line.place)


def _together(groups: Iterable[list[Revealed]]) -> list[tuple[str, ...]]:
    """Groups joined to screens of at most AT_ONCE lines; a tie is never torn apart."""
    screens: list[tuple[str, ...]] = []
    for group in groups:
        keys = _keys(group)
        if screens and len(screens[-1]) + len(keys) <= AT_ONCE:
            screens[-1] = (*screens[-1], *keys)
        else:
            screens.append(keys)
    return screens


def _keys(group: Iterable[Revealed]) -> tuple[str, ...]:
    return tuple(line.key for line in group)
