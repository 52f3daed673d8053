"""The rows of a roster against what is registered: new, changed, the same, or wrong.

Pure: the caller has loaded who is known under the numbers of the file and where they are entered.
Rows get their findings here; what importing them would do is answered beside.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from competition.rules.roster_headings import Header
from competition.rules.roster_known import Known
from competition.rules.roster_lexicon import Field
from competition.rules.roster_rows import Row
from competition.rules.roster_words import Finding

_OF_PERSON = frozenset((Field.SEX, Field.BORN_ON, Field.PHONE, Field.AFFILIATION))
_LOOSE = re.compile(r"[\s·.'-]+")

Coaches = tuple[tuple[str, str | None], ...]  # names, each with an affiliation


class Outcome(StrEnum):
    """What importing a row would do; the words of models.RowState."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Human:
    """Somebody who is registered; `born_on` as an ISO date."""

    id: int
    name: str
    sex: str | None = None
    born_on: str | None = None
    phone: str | None = None
    affiliation: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the stage. `statuses`: member → what was declared."""

    id: int
    skill: str
    delegation: str
    is_reserve: bool = False
    state: str = "entered"
    statuses: Mapping[int, str | None] = field(default_factory=dict)
    coaches: Coaches = ()

    @property
    def stands(self) -> bool:
        return self.state != "withdrawn"


@dataclass(frozen=True, slots=True)
class Registered:
    """What is known: people by identity number, who bears a name and birth date, where each is
    entered, the skills in which work has begun, and those whose entries are locked: code → who
    locked them (`by`) and when (`at`)."""

    people: Mapping[str, Human] = field(default_factory=dict)
    births: Mapping[tuple[str, str], frozenset[int]] = field(default_factory=dict)
    places: Mapping[int, tuple[Place, ...]] = field(default_factory=dict)
    started: frozenset[str] = frozenset()
    locked: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """A value that would change. None before or after: nothing stands there."""

    field: str
    before: Any
    after: Any


@dataclass(slots=True)
class Against:
    """What a row would do. `changes` concern what is there already; `joins`: the person becomes a
    member of the entry."""

    outcome: Outcome
    human: Human | None = None
    place: Place | None = None
    joins: bool = True
    changes: list[Change] = field(default_factory=list)


def against(
    rows: Iterable[Row], registered: Registered, known: Known, header: Header, own: str | None
) -> dict[int, Against]:
    """Row number → what importing it would do. `own` is the delegation whose people may be named
    to who asks; None: the office's, who may see everybody."""
    comparison = _Comparison(registered, known, header, own)
    teams: dict[int, list[Row]] = {}
    for row in rows:
        teams.setdefault(row.team, []).append(row)
    for team in teams.values():
        comparison.team(team)
    return comparison.out


@dataclass(slots=True)
class _Comparison:
    registered: Registered
    known: Known
    header: Header
    own: str | None
    out: dict[int, Against] = field(default_factory=dict)

    def team(self, rows: list[Row]) -> None:
        """The rows of one entry together: half a team is not imported."""
        humans = {row.number: self._human(row) for row in rows if not row.is_wrong}
        if not any(row.is_wrong for row in rows):
            self._entry(rows, humans)
        wrong = next((row for row in rows if row.is_wrong), None)
        if wrong is None:
            return
        for row in rows:
            if not row.is_wrong:
                self._say(row, Field.TEAM, "team_held", {"row": str(wrong.number)})
            self.out[row.number] = Against(Outcome.WRONG, humans.get(row.number))

    def _human(self, row: Row) -> Human | None:
        values = row.values
        found = self.registered.people.get(values[Field.ID_NUMBER])
        if found is None:
            born = (values[Field.NAME], values.get(Field.BORN_ON, ""))
            if self.registered.births.get(born):
                self._say(row, Field.ID_NUMBER, "registered_number")
            return None
        standing = [one for one in self.registered.places.get(found.id, ()) if one.stands]
        if _loose(found.name) != _loose(values[Field.NAME]):
            ours = self.own is None or any(one.delegation == self.own for one in standing)
            zh, en = (f"“{found.name}”", f' "{found.name}"') if ours else ("", "")
            self._say(row, Field.NAME, "known_as", {"known_zh": zh, "known_en": en})
        for place in standing:
            self._elsewhere(row, place)
        return found

    def _elsewhere(self, row: Row, place: Place) -> None:
        if place.delegation != row.values[Field.DELEGATION]:
            home = self.known.delegations.shown[place.delegation]
            said = {"home_zh": home.name_zh, "home_en": home.name_en}
            self._say(row, Field.DELEGATION, "entered_elsewhere", said)
        elif place.skill != row.values[Field.SKILL]:
            skill = self.known.skills.shown[place.skill]
            said = {"skill_zh": skill.name_zh, "skill_en": skill.name_en}
            self._say(row, Field.SKILL, "entered_otherwise", said)

    def _entry(self, rows: list[Row], humans: Mapping[int, Human | None]) -> None:
        if any(row.is_wrong for row in rows):
            return
        skill = rows[0].values[Field.SKILL]
        there = self._there(humans.values(), skill)
        standing = {place.id: place for place in there if place.stands}
        if not standing and there:
            for row in rows:
                self._say(row, Field.SKILL, "was_withdrawn")
                place = there[0]
                self.out[row.number] = Against(Outcome.SAME, humans[row.number], place, joins=False)
            return
        size = self.known.sizes.get(skill, 1)
        found = next(iter(standing.values()), None)
        if not self._fits(rows, humans, standing, size):
            return
        for row in rows:
            self.out[row.number] = self._row(row, humans[row.number], found)
        self._coaches(rows, found)
        if skill in self.registered.started:
            for row in rows:
                if self.out[row.number].outcome is not Outcome.SAME:
                    self._say(row, Field.SKILL, "has_started")
        for row in rows:
            self._locked(row, self.out[row.number])

    def _locked(self, row: Row, one: Against) -> None:
        """Nothing changes while entries are locked: neither those of the row's own skill, nor what
        others of the same person stand on."""
        skill, touched = row.values[Field.SKILL], set[str]()
        if one.outcome is not Outcome.SAME:
            touched.add(skill)
        if one.human is not None and any(change.field in _OF_PERSON for change in one.changes):
            places = self.registered.places.get(one.human.id, ())
            touched |= {place.skill for place in places if place.stands}
        for code in sorted(touched & set(self.registered.locked)):
            said = {"skill": code, **self.registered.locked[code]}
            self._say(row, Field.SKILL, "entries_locked", said)

    def _there(self, humans: Iterable[Human | None], skill: str) -> list[Place]:
        return [
            place
            for human in humans
            if human is not None
            for place in self.registered.places.get(human.id, ())
            if place.skill == skill
        ]

    def _fits(
        self,
        rows: list[Row],
        humans: Mapping[int, Human | None],
        standing: Mapping[int, Place],
        size: int,
    ) -> bool:
        if not standing:
            return True
        place = next(iter(standing.values()))
        members = set(place.statuses)
        other_kind = size > 1 and bool(rows[0].values.get(Field.RESERVE)) != place.is_reserve
        known_kind = any(Field.RESERVE in row.values for row in rows) or place.is_reserve
        if len(standing) > 1 or (other_kind and known_kind):
            self._say(rows[0], Field.TEAM, "teams_apart")
            return False
        joining = sum(
            human is None or human.id not in members
            for human in (humans[row.number] for row in rows)
        )
        if len(members) + joining > size:
            said = {"found": str(len(members)), "size": str(size)}
            self._say(rows[0], Field.TEAM, "team_complete", said)
            return False
        return True

    def _row(self, row: Row, human: Human | None, place: Place | None) -> Against:
        values = row.values
        joins = place is None or human is None or human.id not in place.statuses
        out = Against(Outcome.NEW if joins else Outcome.SAME, human, place, joins)
        if human is not None:
            for what, before in (
                (Field.SEX, human.sex),
                (Field.BORN_ON, human.born_on),
                (Field.PHONE, human.phone),
                (Field.AFFILIATION, human.affiliation),
            ):
                given = values.get(what)
                if given is not None and given != before:
                    out.changes.append(Change(what, before, given))
        if human is not None and place is not None and not joins:
            status, declared = values.get(Field.STATUS), place.statuses[human.id]
            if status is not None and status != declared:
                out.changes.append(Change(Field.STATUS, declared, status))
        if place is not None:
            reserve = values.get(Field.RESERVE)
            if reserve is not None and reserve != place.is_reserve:
                out.changes.append(Change(Field.RESERVE, place.is_reserve, reserve))
        if out.changes and not joins:
            out.outcome = Outcome.CHANGED
        return out

    def _coaches(self, rows: list[Row], place: Place | None) -> None:
        """A team's coaches are those of all its rows; a change of them is told with the first."""
        if place is None:
            return
        homes = dict(place.coaches)
        wanted = [(name, home or homes.get(name)) for name, home in coaches(rows)]
        same = {name for name, _ in wanted} == set(homes) and all(
            home == homes[name] for name, home in wanted
        )
        if not wanted or same:
            return
        first = self.out[rows[0].number]
        first.changes.append(Change(Field.COACH, list(place.coaches), wanted))
        if first.outcome is Outcome.SAME:
            first.outcome = Outcome.CHANGED

    def _say(self, row: Row, what: Field, kind: str, said: Mapping[str, str] | None = None) -> None:
        heading = self.header.heading(what)
        row.findings.append(Finding(row.number, what, heading, kind, dict(said or {})))


def coaches(rows: Iterable[Row]) -> Coaches:
    """The coaches that the rows of an entry name, each once."""
    found: dict[str, str | None] = {}
    for row in rows:
        for name in row.values.get(Field.COACH, ()):
            found.setdefault(name, row.values.get(Field.COACH_AFFILIATION))
    return tuple(found.items())


def _loose(name: str) -> str:
    return _LOOSE.sub("", name).casefold()
