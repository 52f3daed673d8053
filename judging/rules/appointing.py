"""Who sits on the panels of a skill, found by rule: as few conflicts as can be, then fields, spread
of delegations and load; what is equal is drawn with a published seed.

Seats are filled one by one, the supervisor's last. Each takes the best of who is left, in this
order: whoever is bound to fewest entries; who is in the register and whose term holds; whose field
the skill is; from a delegation that the panel has least of; with fewest seats elsewhere; and last
by SHA-256 of "seed:judge". Conflicts come first, so a panel holds a judge with a conflict only when
too few without one are left. Pure: the same judges and the same seed give the same panels.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from judging.rules.panels import SUPERVISOR


@dataclass(frozen=True, slots=True)
class Candidate:
    """A judge who can be appointed. `bound`: the entries they are bound to; `fit`: their term holds
    and they have not left the register; `knows`: the skill is one of their fields; `load`: seats
    they have elsewhere; `delegation`: who sends them, None for a third party."""

    judge: int
    bound: frozenset[int] = frozenset()
    fit: bool = True
    knows: bool = True
    load: int = 0
    delegation: int | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """A panel to fill: the code of its sub-criterion, "" for the whole skill, and its chairs."""

    sheet: str
    size: int
    supervisor: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """A judge on a chair of a panel; chair 0 supervises."""

    sheet: str
    chair: int
    judge: int


@dataclass(frozen=True, slots=True)
class Unmet:
    """What could not be satisfied. `kind`: "few" (`count` chairs stay empty), "no_supervisor",
    "bound" (`judge` is bound to `count` entries), "twice" (`count` of one delegation), "field",
    "unfit" (of `judge`), "uncovered" (two of the panel are bound to the same `count` entries)."""

    sheet: str
    kind: str
    judge: int | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Appointed:
    """The chosen seats, and what they leave to be desired."""

    seats: tuple[Chosen, ...]
    unmet: tuple[Unmet, ...]


def appoint(teams: Sequence[Team], candidates: Iterable[Candidate], seed: str) -> Appointed:
    """Fill every team. A judge may sit on several teams, on one chair of each."""
    pool = sorted(candidates, key=lambda one: one.judge)
    load = Counter({one.judge: one.load for one in pool})
    seats: list[Chosen] = []
    unmet: list[Unmet] = []
    for team in teams:
        chosen = _fill(team, pool, load, seed)
        load.update(one.judge for one, _chair in chosen)
        seats += [Chosen(team.sheet, chair, one.judge) for one, chair in chosen]
        unmet += _unmet(team, [one for one, chair in chosen if chair], chosen)
    return Appointed(tuple(seats), tuple(unmet))


def order(seed: str, judge: int) -> str:
    """The place of a judge in the draw: whoever has the smaller comes first."""
    return hashlib.sha256(f"{seed}:{judge}".encode()).hexdigest()


def _fill(
    team: Team, pool: Sequence[Candidate], load: Counter[int], seed: str
) -> list[tuple[Candidate, int]]:
    left = list(pool)
    chosen: list[tuple[Candidate, int]] = []
    chairs = [*range(1, team.size + 1), *([SUPERVISOR] if team.supervisor else [])]
    for chair in chairs:
        if not left:
            break
        homes = Counter(one.delegation for one, _ in chosen if one.delegation is not None)
        missed = frozenset().union(*(one.bound for one, _ in chosen)) if chair == 0 else frozenset()
        best = min(
            left,
            key=lambda one: (
                len(one.bound & missed),  # a supervisor steps in where others are bound
                len(one.bound),
                not one.fit,
                not one.knows,
                homes[one.delegation] if one.delegation is not None else 0,
                load[one.judge],
                order(seed, one.judge),
            ),
        )
        left.remove(best)
        chosen.append((best, chair))
    return chosen


def _unmet(
    team: Team, panel: Sequence[Candidate], chosen: Sequence[tuple[Candidate, int]]
) -> Iterable[Unmet]:
    sheet = team.sheet
    if len(panel) < team.size:
        yield Unmet(sheet, "few", count=team.size - len(panel))
    if team.supervisor and len(chosen) == len(panel):
        yield Unmet(sheet, "no_supervisor")
    for one, _chair in chosen:
        if one.bound:
            yield Unmet(sheet, "bound", one.judge, len(one.bound))
        if not one.fit:
            yield Unmet(sheet, "unfit", one.judge)
        if not one.knows:
            yield Unmet(sheet, "field", one.judge)
    missing = Counter(entry for one in panel for entry in one.bound)
    twice = sum(times > 1 for times in missing.values())
    if twice:
        yield Unmet(sheet, "uncovered", count=twice)
    homes = Counter(one.delegation for one in panel if one.delegation is not None)
    most = max(homes.values(), default=0)
    if most > 1:
        yield Unmet(sheet, "twice", count=most)
