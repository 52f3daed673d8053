"""Panels: who votes on a work, what happens when a judge is missing, and which votes count.

One explicit rule for every size (marking-rules.md, Judgement). The mark is the mean of the votes
that count, as a share of 3.

    judges   trimmed at each end   all vote     one is missing
    3        –                     3 count      2 count
    4        –                     4 count      3 count
    5        –                     5 count      4 count
    5        1                     3 count      4 count, nothing is trimmed
    7        –                     7 count      6 count
    7        1                     5 count      4 count
    7        2                     3 count      4 count, 1 is trimmed at each end

1. Trimming never leaves fewer than three votes: so much is trimmed as keeps three. Panels of 3 and
   4 are therefore never trimmed.
2. A judge is missing for a work when the seat is empty, or when its judge may not mark this work.
   A supervisor, where the rule has one, votes in that judge's place, and all votes are there.
3. Without a supervisor the others' votes count. More than one missing judge is one too many: there
   is no mark until somebody is appointed.
4. Votes may differ by `widest_spread`. It is the votes that count which are compared: a vote that
   trimming drops asks for nothing.
5. Who replaces another takes the seat from that moment on. What the first judge voted stays, and
   the seat is not asked again in that round. A round that is released stays released.

6. A judge who stands aside from one work has left the seat for that work as long as it lasts.

A seat holds from one observation of the skill to another, by their ids: rows of one skill are
written one after the other, so that no clock decides which panel a vote belongs to.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

SIZES = (3, 4, 5, 7)
LEAST_KEPT = 3  # votes that trimming leaves at least
SUPERVISOR = 0  # the chair of the judge who supervises


@dataclass(frozen=True, slots=True)
class PanelRule:
    """How a panel votes: a skill's rules say it (`competition/rules/skill_rules.py`)."""

    size: int
    trim: int = 0  # votes dropped at each end
    supervisor: bool = False
    widest_spread: int = 1  # practice: votes may differ by at most 1

    @property
    def fewest(self) -> int:
        """The votes without which there is no mark: one judge may be missing."""
        return max(1, self.size - 1)


def counting(votes: Iterable[int], rule: PanelRule) -> tuple[int, ...]:
    """The votes that count, in order: the highest and lowest are dropped as the rule says, as long
    as three remain."""
    ordered = sorted(votes)
    drop = min(rule.trim, max(0, (len(ordered) - LEAST_KEPT) // 2))
    return tuple(ordered[drop : len(ordered) - drop])


@dataclass(frozen=True, slots=True)
class Seat:
    """One judge on one chair, for the observations after `since` up to `until`, these included."""

    judge: int
    chair: int
    since: int = 0
    until: int | None = None

    def holds(self, at: int | None) -> bool:
        """Whether an observation with the id `at` falls into it; None: the next one to come."""
        if at is None:
            return self.until is None
        return self.since < at and (self.until is None or at <= self.until)


Window = tuple[int, int | None]  # after which observation, up to which; None: still


@dataclass(frozen=True)
class Panel:
    """The seats of a skill, those that ended too, and the rule by which they vote."""

    rule: PanelRule
    seats: tuple[Seat, ...]

    def chairs(self, at: int | None) -> tuple[int, ...]:
        """The chairs whose votes make the mark at a moment, empty ones too."""
        taken = {seat.chair for seat in self.seats if seat.holds(at)} - {SUPERVISOR}
        return tuple(sorted(taken | set(range(1, self.rule.size + 1))))

    @cached_property
    def judges(self) -> tuple[int, ...]:
        """Everybody who sits or sat on it, once each."""
        return tuple(dict.fromkeys(seat.judge for seat in self.seats))

    @cached_property
    def present(self) -> frozenset[int]:
        """Who sits on it now."""
        return frozenset(seat.judge for seat in self.seats if seat.until is None)

    @cached_property
    def changes(self) -> tuple[int, ...]:
        """After which observations somebody came or went."""
        ends = {seat.until for seat in self.seats if seat.until is not None}
        return tuple(sorted(ends | {seat.since for seat in self.seats if seat.since}))

    def without(self, aside: Mapping[int, Sequence[Window]]) -> "Panel":
        """The panel for one work from which judges stand aside, each for their windows."""
        cut = (part for seat in self.seats for part in _cut(seat, aside.get(seat.judge, ())))
        return Panel(self.rule, tuple(cut))

    def holder(self, chair: int, at: int | None, recused: Collection[int] = ()) -> int | None:
        """The judge on a chair, None when it is empty or its judge is recused."""
        found = (seat.judge for seat in self.seats if seat.chair == chair and seat.holds(at))
        judge = next(found, None)
        return None if judge in recused else judge

    def supervisor(self, at: int | None, recused: Collection[int] = ()) -> int | None:
        """Who steps in for a judge, where the rule has it."""
        return self.holder(SUPERVISOR, at, recused) if self.rule.supervisor else None

    def waited_for(
        self, filled: Collection[int], voted: Collection[int], at: int | None,
        recused: Collection[int],
    ) -> tuple[int, ...]:  # fmt: skip
        """Whose votes are still to come when the chairs `filled` have theirs."""
        empty, found = False, []
        for chair in self.chairs(at):
            if chair in filled:
                continue
            judge = self.holder(chair, at, recused)
            if judge is None:
                empty = True
            else:
                found.append(judge)
        stands_in = self.supervisor(at, recused) if empty else None
        if stands_in is not None and stands_in not in voted:
            found.append(stands_in)
        return tuple(found)

    def chair_of(
        self, judge: int, filled: Collection[int], at: int, recused: Collection[int]
    ) -> int | None:
        """The chair for which a judge votes at this moment: the own one, or as supervisor the first
        that has no judge. None: this vote is not asked for."""
        for chair in self.chairs(at):
            if self.holder(chair, at, recused) == judge:
                return None if chair in filled else chair
        if self.supervisor(at, recused) != judge:
            return None
        empty = (
            chair
            for chair in self.chairs(at)
            if chair not in filled and self.holder(chair, at, recused) is None
        )
        return next(empty, None)


def _cut(seat: Seat, windows: Iterable[Window]) -> Iterator[Seat]:
    """What remains of a seat outside of the windows."""
    since = seat.since
    for begin, end in sorted(windows, key=lambda one: one[0]):
        if seat.until is not None and begin >= seat.until:
            break
        if begin > since:
            yield replace(seat, since=since, until=begin)
        if end is None:
            return
        since = max(since, end)
    if seat.until is None or since < seat.until:
        yield replace(seat, since=since)


def seated(judges: Iterable[int], rule: PanelRule | None = None) -> Panel:
    """A panel on which these judges sit from beginning to end, one on each chair."""
    seats = tuple(Seat(judge, chair) for chair, judge in enumerate(judges, start=1))
    return Panel(rule or PanelRule(len(seats)), seats)


def of_size(rule: PanelRule, size: int) -> PanelRule:
    """The same rule for as many judges as there are."""
    return replace(rule, size=size)
