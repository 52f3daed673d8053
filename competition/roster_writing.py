"""The rows of a roster become people, entries, members and coaches: planned, then written in bulk.

A plan is made before the transaction opens: ids are taken ahead, so that rows can point at each
other before they are written, codes and aliases are drawn, and everything is laid out for the
driver. In the transaction the caller asks `Plan.seen` whether the plan still stands; every table is
written by a few statements then, however many rows there are.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Dialect, delete, select
from sqlalchemy.orm import Session

from competition import answers, entry_codes, forms, loading
from competition.among import among
from competition.database import Model
from competition.loading import Changes, Laid, Load
from competition.models import (
    Affiliation,
    Coach,
    Delegation,
    Entry,
    EntryState,
    Member,
    Person,
    Skill,
)
from competition.privacy import ID_NUMBER, PHONE, Vault, mask
from competition.roster_sealed import seal_before
from competition.roster_standing import coaches_of
from competition.rules.forms import Form
from competition.rules.roster_against import Against, Change, Human, Outcome, Place, coaches
from competition.rules.roster_lexicon import Field
from competition.rules.roster_rows import Row
from competition.seen import Seen

# What eligibility looks at: when it changes, the entry is judged again.
JUDGED = frozenset((Field.BORN_ON, Field.AFFILIATION, Field.STATUS, Field.RESERVE, Field.COACH))
_PERSON = frozenset((Field.SEX, Field.BORN_ON, Field.PHONE, Field.AFFILIATION))


_COLUMNS: dict[type[Model], tuple[str, ...]] = {
    Affiliation: ("id", "name"),
    Person: (
        *("id", "name", "sex", "id_sealed", "id_hash", "id_masked", "born_on"),
        *("phone_sealed", "phone_masked", "affiliation_id"),
    ),
    Entry: (
        *("id", "skill_id", "delegation_id", "stage_id", "batch_id", "state", "is_reserve"),
        *("out_of_competition", "code", "alias", "answers_missing"),
    ),
    Member: ("entry_id", "person_id", "status", "local_years", "medals"),
    Coach: ("entry_id", "name", "affiliation_id", "person_id"),
}
# Straight to the driver: SQLAlchemy takes longer to lay out 30,000 rows than SQLite to write them.
LOADS = {model.__tablename__: Load(model, columns) for model, columns in _COLUMNS.items()}


def homes(seen: Seen, names: Iterable[str]) -> dict[str, int]:
    """The affiliations of these names that are there, by name."""
    asked = select(Affiliation.name, Affiliation.id).where(among(Affiliation.name, sorted(names)))
    return dict(seen.rows(asked))


@dataclass(frozen=True, slots=True)
class Seals:
    """Numbers and telephones sealed before the transaction opened."""

    numbers: Mapping[str, tuple[bytes, str]]  # number → sealed, hash
    phones: Mapping[str, bytes]

    @classmethod
    def of(cls, safe: Vault, rows: Iterable[Row]) -> "Seals":
        numbers, phones = {}, {}
        for row in rows:
            number, phone = row.values[Field.ID_NUMBER], row.values.get(Field.PHONE)
            numbers[number] = safe.seal(ID_NUMBER, number), safe.keyed_hash(ID_NUMBER, number)
            if phone:
                phones[phone] = safe.seal(PHONE, phone)
        return cls(numbers, phones)


@dataclass(slots=True)
class Plan:
    """What is to be written, laid out, and what it rests on. The rest is by row number."""

    seen: Seen
    new: dict[str, Laid] = field(default_factory=dict)  # table → rows
    changed: Changes = field(default_factory=list)
    coaches_gone: list[int] = field(default_factory=list)  # entries that get others
    before: dict[int, bytes] = field(default_factory=dict)
    people: dict[int, int] = field(default_factory=dict)
    entries: dict[int, int] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)  # entries that were there
    new_people: int = 0
    new_entries: int = 0


@dataclass(frozen=True, slots=True)
class Into:
    """Where rows go: a stage, by a batch."""

    stage_id: int | None
    batch_id: int


def plan(
    seen: Seen,
    safe: Vault,
    into: Into,
    rows: Iterable[Row],
    would: Mapping[int, Against],
    *,
    seals: Seals,
) -> Plan:
    """What every row that is new or changed becomes."""
    teams: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if would[row.number].outcome is not Outcome.WRONG:
            teams[row.team].append(row)
    moving = [
        team
        for team in teams.values()
        if any(would[row.number].outcome is not Outcome.SAME for row in team)
    ]
    planner = _Planner(Plan(seen), safe, into, would, seals)
    planner.prepare(moving)
    for team in moving:
        planner.team(team)
    planner.lay_out(seen.session.get_bind().dialect)
    return planner.plan


def write(session: Session, plan: Plan) -> None:
    """Write all that was planned, in the caller's transaction, a table at a time."""
    if plan.coaches_gone:
        session.execute(
            delete(Coach).where(among(Coach.entry_id, plan.coaches_gone)),
            execution_options={"synchronize_session": False},
        )
    for name, load in LOADS.items():
        load.send(session, plan.new[name])
    loading.change(session, plan.changed)


_Changed = defaultdict[tuple[int, ...], dict[str, Any]]  # key → column → value


@dataclass(slots=True)
class _Planner:
    plan: Plan
    safe: Vault
    into: Into
    would: Mapping[int, Against]
    seals: Seals
    affiliations: dict[str, int] = field(default_factory=dict)
    skills: dict[str, int] = field(default_factory=dict)
    delegations: dict[str, int] = field(default_factory=dict)
    forms: dict[int, Form] = field(default_factory=dict)  # what skills ask besides
    drawn: dict[str, list[entry_codes.Drawn]] = field(default_factory=dict)
    person_ids: list[int] = field(default_factory=list)
    entry_ids: list[int] = field(default_factory=list)
    made: dict[str, int] = field(default_factory=dict)  # identity number → who was made for it
    old_coaches: dict[int, list[tuple[str, str | None, int | None]]] = field(default_factory=dict)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    person_changes: _Changed = field(default_factory=lambda: defaultdict(dict))
    entry_changes: _Changed = field(default_factory=lambda: defaultdict(dict))
    member_changes: _Changed = field(default_factory=lambda: defaultdict(dict))

    def prepare(self, teams: Collection[list[Row]]) -> None:
        """Names, ids and codes for everything that will be made."""
        every = [row for team in teams for row in team]
        names = {row.values.get(what) for row in every
                 for what in (Field.AFFILIATION, Field.COACH_AFFILIATION)}  # fmt: skip
        names |= {home for row in every for change in self.would[row.number].changes
                  if change.field == Field.COACH for _, home in change.after}  # fmt: skip
        seen = self.plan.seen
        self._affiliations({name for name in names if name})
        self.skills = dict(seen.rows(select(Skill.code, Skill.id)))
        self.delegations = dict(seen.rows(select(Delegation.code, Delegation.id)))
        self.forms = seen.value(forms.newest)
        unknown = {row.values[Field.ID_NUMBER] for row in every
                   if self.would[row.number].human is None}  # fmt: skip
        self.person_ids = loading.fresh(seen, Person, len(unknown))
        made = [team for team in teams if self.would[team[0].number].place is None]
        self.entry_ids = loading.fresh(seen, Entry, len(made))
        self._draw([team[0].values[Field.SKILL] for team in made])
        coached = [
            one.place.id
            for one in (self.would[row.number] for row in every)
            if one.place is not None and any(it.field == Field.COACH for it in one.changes)
        ]
        self.old_coaches = coaches_of(seen, coached)

    def _affiliations(self, names: set[str]) -> None:
        """Those that are not there yet are made."""
        self.affiliations = homes(self.plan.seen, names)
        new = sorted(names - set(self.affiliations))
        made = dict(zip(new, loading.fresh(self.plan.seen, Affiliation, len(new)), strict=True))
        self.affiliations |= made
        self.rows["affiliation"] = [{"id": its_id, "name": name} for name, its_id in made.items()]

    def _draw(self, skills: list[str]) -> None:
        wanted: dict[str, int] = defaultdict(int)
        for code in skills:
            wanted[code] += 1
        taken: dict[int, list[tuple[str, str]]] = defaultdict(list)
        asked = select(Entry.skill_id, Entry.code, Entry.alias).where(
            Entry.skill_id.in_([self.skills[code] for code in wanted])
        )
        for skill_id, code, alias in self.plan.seen.rows(asked):
            taken[skill_id].append((code, alias))
        for code, number in wanted.items():
            own = taken[self.skills[code]]
            codes, aliases = {one for one, _ in own}, {one for _, one in own}
            self.drawn[code] = entry_codes.draw(number, codes, aliases)

    def team(self, team: list[Row]) -> None:
        """The rows of one entry."""
        first = self.would[team[0].number]
        if first.place is not None:
            self.plan.touched.add(first.place.id)
        entry_id = first.place.id if first.place else self._new_entry(team)
        for row in team:
            one = self.would[row.number]
            if one.outcome is Outcome.SAME:
                continue
            before: dict[str, Any] = {}
            if first.place is None and row is team[0]:
                before["entry"] = "new"
            person_id = self._person(row, one.human, one.changes, before)
            self._member(row, one, entry_id, person_id, before)
            if one.place is not None:
                self._changed(one.place, one, before)
            self.plan.people[row.number], self.plan.entries[row.number] = person_id, entry_id
            self.plan.before[row.number] = seal_before(self.safe, before)

    def _new_entry(self, team: list[Row]) -> int:
        values, entry_id = team[0].values, self.entry_ids.pop()
        skill_id, is_reserve = self.skills[values[Field.SKILL]], bool(values.get(Field.RESERVE))
        drawn, coached = self.drawn[values[Field.SKILL]].pop(), coaches(team)
        form, people = self.forms.get(skill_id, Form()), len(team)
        self.rows["entry"].append(
            {
                "id": entry_id,
                "skill_id": skill_id,
                "delegation_id": self.delegations[values[Field.DELEGATION]],
                "stage_id": self.into.stage_id,
                "batch_id": self.into.batch_id,
                "state": EntryState.ENTERED.value,
                "is_reserve": is_reserve,
                "out_of_competition": False,
                "code": drawn.code,
                "alias": drawn.alias,
                "answers_missing": answers.at_first(form, is_reserve, people, len(coached)),
            }
        )
        for name, home in coached:
            self._coach(entry_id, name, home)
        self.plan.new_entries += 1
        return entry_id

    def _coach(self, entry_id: int, name: str, home: str | None, who: int | None = None) -> None:
        home_id = self.affiliations[home] if home else None
        self.rows["coach"].append(
            {"entry_id": entry_id, "name": name, "affiliation_id": home_id, "person_id": who}
        )

    def _person(
        self, row: Row, human: Human | None, changes: list[Change], before: dict[str, Any]
    ) -> int:
        number = row.values[Field.ID_NUMBER]
        if human is not None:
            own = [one for one in changes if one.field in _PERSON]
            if own:
                before["person"] = {one.field: [one.before, one.after] for one in own}
                self.person_changes[human.id,].update(self._columns(own))
            return human.id
        if number in self.made:
            return self.made[number]
        person_id = self.made[number] = self.person_ids.pop()
        before["person"] = "new"
        self.rows["person"].append(self._new_person(person_id, row.values))
        self.plan.new_people += 1
        return person_id

    def _new_person(self, person_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
        number, phone = values[Field.ID_NUMBER], values.get(Field.PHONE)
        sealed, id_hash = self.seals.numbers[number]
        home, born_on = values.get(Field.AFFILIATION), values.get(Field.BORN_ON)
        return {
            "id": person_id,
            "name": values[Field.NAME],
            "sex": values.get(Field.SEX),
            "id_sealed": sealed,
            "id_hash": id_hash,
            "id_masked": mask(number),
            "born_on": date.fromisoformat(born_on) if born_on else None,
            "phone_sealed": self.seals.phones[phone] if phone else None,
            "phone_masked": mask(phone) if phone else None,
            "affiliation_id": self.affiliations[home] if home else None,
        }

    def _columns(self, changes: list[Change]) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for one in changes:
            out |= person_columns(one.field, one.after, self.affiliations, self.seals.phones)
        return out

    def _member(
        self, row: Row, one: Against, entry_id: int, person_id: int, before: dict[str, Any]
    ) -> None:
        if one.joins:
            before["member"] = "new"
            status = row.values.get(Field.STATUS)
            self.rows["member"].append(
                {
                    "entry_id": entry_id,
                    "person_id": person_id,
                    "status": status,
                    "local_years": None,
                    "medals": [],
                }
            )
            return
        for change in one.changes:
            if change.field == Field.STATUS:
                before["member"] = {"status": [change.before, change.after]}
                self.member_changes[entry_id, person_id]["status"] = change.after

    def _changed(self, place: Place, one: Against, before: dict[str, Any]) -> None:
        """What changed of an entry that was there."""
        own = self.entry_changes[place.id,]
        told: dict[str, Any] = {}
        for change in one.changes:
            if change.field == Field.RESERVE and "is_reserve" not in own:
                own["is_reserve"] = change.after
                told["is_reserve"] = [change.before, change.after]
            elif change.field == Field.COACH:
                before["coaches"] = [self.old_coaches.get(place.id, []), change.after]
                self.plan.coaches_gone.append(place.id)
                known = {name: who for name, _, who in self.old_coaches.get(place.id, [])}
                for name, home in change.after:
                    self._coach(place.id, name, home, known.get(name))
        again = one.joins or any(change.field in JUDGED for change in one.changes)
        if again and place.state != EntryState.ENTERED and "state" not in own:
            own["state"] = EntryState.ENTERED.value
            told["state"] = [place.state, own["state"]]
        if told:
            before["entry"] = told

    def lay_out(self, dialect: Dialect) -> None:
        """Everything that was gathered as the driver takes it; what it was gathered as goes."""
        for name, load in LOADS.items():
            self.plan.new[name] = load.laid_out(dialect, self.rows.pop(name, ()))
        self.plan.changed = [
            *loading.changes(Person, dialect, ("id",), self.person_changes),
            *loading.changes(Entry, dialect, ("id",), self.entry_changes),
            *loading.changes(Member, dialect, ("entry_id", "person_id"), self.member_changes),
        ]


def person_columns(
    what: str,
    value: Any,  # noqa: ANN401 - as the field has it
    affiliations: Mapping[str, int],
    phones: Mapping[str, bytes],
) -> dict[str, Any]:
    """A field of a person as columns."""
    if what == Field.PHONE:
        sealed = phones[value] if value else None
        return {"phone_sealed": sealed, "phone_masked": mask(value) if value else None}
    if what == Field.AFFILIATION:
        return {"affiliation_id": affiliations[value] if value else None}
    if what == Field.BORN_ON:
        return {"born_on": date.fromisoformat(value) if value else None}
    return {"sex": value}
