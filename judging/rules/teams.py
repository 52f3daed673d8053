"""The panels of one skill: the whole skill's, the team of a sub-criterion, and who stands aside.

One team marks all competitors on a sub-criterion (marking-rules.md, Judgement). A sub-criterion
without a team of its own is marked by the panel of the whole skill, and a team without a supervisor
of its own has the skill's.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from judging.rules.panels import SUPERVISOR, Panel, PanelRule, Seat, Window


@dataclass(frozen=True, slots=True)
class Aside:
    """A judge stands aside from one entry, or with None from all, after observation `since` up to
    `until`. `from_start`: what the judge gave before does not count either."""

    judge: int
    entry: int | None
    since: int
    until: int | None = None
    from_start: bool = False


@dataclass(frozen=True)
class Panels:
    """Every panel of a skill. `teams`: the code of a sub-criterion → its team."""

    whole: Panel
    teams: Mapping[str, Panel] = field(default_factory=dict)
    aside: tuple[Aside, ...] = ()
    _known: dict[tuple[str, int], tuple[Panel, frozenset[int]]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def team(self, sheet: str) -> Panel:
        """Who marks a sub-criterion, of whatever work."""
        return self.teams.get(sheet, self.whole)

    def of(self, sheet: str, entry: int) -> tuple[Panel, frozenset[int]]:
        """The panel of one sheet, and who is recused from all of it, whenever it was given."""
        found = self._known.get((sheet, entry))
        if found is None:
            own = [one for one in self.aside if one.entry in (None, entry)]
            recused = frozenset(one.judge for one in own if one.from_start and one.until is None)
            windows: dict[int, list[Window]] = {}
            for one in own:
                windows.setdefault(one.judge, []).append((one.since, one.until))
            team = self.team(sheet)
            found = (team.without(windows) if windows else team), recused
            self._known[sheet, entry] = found
        return found

    def sitting(self, sheet: str, entry: int) -> frozenset[int]:
        """Who marks one sheet at this moment, its supervisor too."""
        panel, recused = self.of(sheet, entry)
        return panel.present - recused

    def signers(self, sheet: str, entry: int, voted: Collection[int]) -> list[int]:
        """The judges who answer for one sheet: who sits on a chair now, in the order of the panel,
        and a supervisor who is among those who `voted`."""
        panel, recused = self.of(sheet, entry)
        now = {
            seat.judge
            for seat in panel.seats
            if seat.until is None and (seat.chair != SUPERVISOR or seat.judge in voted)
        }
        return [judge for judge in panel.judges if judge in now - recused]

    def stands_aside(self, judge: int, entry: int) -> bool:
        """Whether a judge must not mark an entry at this moment."""
        return any(
            one.judge == judge and one.until is None and one.entry in (None, entry)
            for one in self.aside
        )

    @cached_property
    def judges(self) -> tuple[int, ...]:
        """Everybody who sits or sat on any of them, once each."""
        every = (self.whole, *self.teams.values())
        return tuple(dict.fromkeys(judge for panel in every for judge in panel.judges))

    @cached_property
    def present(self) -> frozenset[int]:
        """Who sits on any of them now."""
        return frozenset().union(
            self.whole.present, *(panel.present for panel in self.teams.values())
        )


def appointed(before: Panel, seats: Iterable[Seat], rule: PanelRule) -> Panel:
    """A panel from the seats of its appointments. Until the first of them `before` marked: what was
    given then stays, on the chairs of that time."""
    own = tuple(seats)
    if not own:
        return before
    first = min(seat.since for seat in own)
    earlier = [seat for seat in before.seats if seat.since < first]
    ended = [
        replace(seat, until=first if seat.until is None else min(seat.until, first))
        for seat in earlier
    ]
    if not any(seat.chair == SUPERVISOR for seat in own):
        own += tuple(seat for seat in before.seats if seat.chair == SUPERVISOR)
        ended = [seat for seat in ended if seat.chair != SUPERVISOR]
    return Panel(rule, (*ended, *own))
