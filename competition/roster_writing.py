"""The rows of a roster become people, entries, members and coaches, in bulk.

The caller holds the transaction. Every table is written by a few statements, however many rows
there are; ids are taken ahead, so that rows can point at each other before they are written.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from competition import entry_codes
from competition.loading import Load
from competition.models import (
    Affiliation,
    Coach,
    Delegation,
    Entry,
    EntryState,
    Member,
    Person,
    RosterBatch,
    Skill,
)
from competition.privacy import ID_NUMBER, PHONE, Vault, mask
from competition.roster_sealed import seal_before
from competition.roster_standing import among, chunks, coaches_of
from competition.rules.roster_against import Against, Change, Human, Outcome, Place, coaches
from competition.rules.roster_lexicon import Field
from competition.rules.roster_rows import Row

# What eligibility looks at: when it changes, the entry is judged again.
JUDGED = frozenset((Field.BORN_ON, Field.AFFILIATION, Field.STATUS, Field.RESERVE, Field.COACH))
_PERSON = frozenset((Field.SEX, Field.BORN_ON, Field.PHONE, Field.AFFILIATION))


_COLUMNS = {
    Person: (
        *("id", "name", "sex", "id_sealed", "id_hash", "id_masked", "born_on"),
        *("phone_sealed", "phone_masked", "affiliation_id"),
    ),
    Entry: (
        *("id", "skill_id", "delegation_id", "stage_id", "batch_id", "state", "is_reserve"),
        *("out_of_competition", "code", "alias"),
    ),
    Member: ("entry_id", "person_id", "status", "local_years", "medals"),
    Coach: ("entry_id", "name", "affiliation_id", "person_id"),
}
# Straight to the driver: SQLAlchemy takes longer to lay out 30,000 rows than SQLite to write them.
_INSERTS = {model.__tablename__: Load(model, columns) for model, columns in _COLUMNS.items()}


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
class Written:
    """What was written, by row number."""

    before: dict[int, bytes] = field(default_factory=dict)
    people: dict[int, int] = field(default_factory=dict)
    entries: dict[int, int] = field(default_factory=dict)
    new_people: int = 0
    new_entries: int = 0


def write(
    session: Session,
    safe: Vault,
    batch: RosterBatch,
    rows: Iterable[Row],
    would: Mapping[int, Against],
    *,
    seals: Seals,
) -> Written:
    """Write every row that is new or changed."""
    teams: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if would[row.number].outcome is not Outcome.WRONG:
            teams[row.team].append(row)
    moving = [
        team
        for team in teams.values()
        if any(would[row.number].outcome is not Outcome.SAME for row in team)
    ]
    writer = _Writer(session, safe, batch, would, seals)
    writer.prepare(moving)
    for team in moving:
        writer.team(team)
    writer.flush()
    return writer.out


@dataclass(slots=True)
class _Writer:
    session: Session
    safe: Vault
    batch: RosterBatch
    would: Mapping[int, Against]
    seals: Seals
    out: Written = field(default_factory=Written)
    affiliations: dict[str, int] = field(default_factory=dict)
    skills: dict[str, int] = field(default_factory=dict)
    delegations: dict[str, int] = field(default_factory=dict)
    drawn: dict[str, list[entry_codes.Drawn]] = field(default_factory=dict)
    person_ids: list[int] = field(default_factory=list)
    entry_ids: list[int] = field(default_factory=list)
    made: dict[str, int] = field(default_factory=dict)  # identity number → who was made for it
    old_coaches: dict[int, list[tuple[str, str | None, int | None]]] = field(default_factory=dict)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    entry_changes: dict[int, dict[str, Any]] = field(default_factory=dict)

    def prepare(self, teams: Collection[list[Row]]) -> None:
        """Names, ids and codes for everything that will be made."""
        every = [row for team in teams for row in team]
        names = {row.values.get(what) for row in every
                 for what in (Field.AFFILIATION, Field.COACH_AFFILIATION)}  # fmt: skip
        names |= {home for row in every for change in self.would[row.number].changes
                  if change.field == Field.COACH for _, home in change.after}  # fmt: skip
        self.affiliations = _affiliations(self.session, {name for name in names if name})
        self.skills = _codes(self.session, Skill)
        self.delegations = _codes(self.session, Delegation)
        unknown = {row.values[Field.ID_NUMBER] for row in every
                   if self.would[row.number].human is None}  # fmt: skip
        self.person_ids = _fresh(self.session, Person.__table__, len(unknown))
        made = [team for team in teams if self.would[team[0].number].place is None]
        self.entry_ids = _fresh(self.session, Entry.__table__, len(made))
        self._draw([team[0].values[Field.SKILL] for team in made])
        coached = [
            one.place.id
            for one in (self.would[row.number] for row in every)
            if one.place is not None and any(it.field == Field.COACH for it in one.changes)
        ]
        self.old_coaches = coaches_of(self.session, coached)

    def _draw(self, skills: list[str]) -> None:
        wanted: dict[str, int] = defaultdict(int)
        for code in skills:
            wanted[code] += 1
        taken: dict[int, list[tuple[str, str]]] = defaultdict(list)
        asked = select(Entry.skill_id, Entry.code, Entry.alias)
        for skill_id, code, alias in self.session.execute(asked):
            taken[skill_id].append((code, alias))
        for code, number in wanted.items():
            own = taken[self.skills[code]]
            codes, aliases = {one for one, _ in own}, {one for _, one in own}
            self.drawn[code] = entry_codes.draw(number, codes, aliases)

    def team(self, team: list[Row]) -> None:
        """The rows of one entry."""
        first = self.would[team[0].number]
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
            self.out.people[row.number], self.out.entries[row.number] = person_id, entry_id
            self.out.before[row.number] = seal_before(self.safe, before)

    def _new_entry(self, team: list[Row]) -> int:
        values, entry_id = team[0].values, self.entry_ids.pop()
        drawn = self.drawn[values[Field.SKILL]].pop()
        self.rows["entry"].append(
            {
                "id": entry_id,
                "skill_id": self.skills[values[Field.SKILL]],
                "delegation_id": self.delegations[values[Field.DELEGATION]],
                "stage_id": self.batch.stage_id,
                "batch_id": self.batch.id,
                "state": EntryState.ENTERED.value,
                "is_reserve": bool(values.get(Field.RESERVE)),
                "out_of_competition": False,
                "code": drawn.code,
                "alias": drawn.alias,
            }
        )
        for name, home in coaches(team):
            self._coach(entry_id, name, home)
        self.out.new_entries += 1
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
                self.rows["person_changed"].append({"id": human.id} | self._columns(own))
            return human.id
        if number in self.made:
            return self.made[number]
        person_id = self.made[number] = self.person_ids.pop()
        before["person"] = "new"
        self.rows["person"].append(self._new_person(person_id, row.values))
        self.out.new_people += 1
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
                self.session.execute(
                    update(Member)
                    .where(Member.entry_id == entry_id, Member.person_id == person_id)
                    .values(status=change.after)
                )

    def _changed(self, place: Place, one: Against, before: dict[str, Any]) -> None:
        """What changed of an entry that was there."""
        own = self.entry_changes.setdefault(place.id, {})
        told: dict[str, Any] = {}
        for change in one.changes:
            if change.field == Field.RESERVE and "is_reserve" not in own:
                own["is_reserve"] = change.after
                told["is_reserve"] = [change.before, change.after]
            elif change.field == Field.COACH:
                before["coaches"] = [self.old_coaches.get(place.id, []), change.after]
                self.rows["coach_gone"].append({"id": place.id})
                known = {name: who for name, _, who in self.old_coaches.get(place.id, [])}
                for name, home in change.after:
                    self._coach(place.id, name, home, known.get(name))
        again = one.joins or any(change.field in JUDGED for change in one.changes)
        if again and place.state != EntryState.ENTERED and "state" not in own:
            own["state"] = EntryState.ENTERED.value
            told["state"] = [place.state, own["state"]]
        if told:
            before["entry"] = told

    def flush(self) -> None:
        """Everything that was gathered goes to the database, a table at a time."""
        gone = [row["id"] for row in self.rows["coach_gone"]]
        for chunk in chunks(gone):
            self.session.execute(delete(Coach).where(among(Coach.entry_id, chunk)))
        for name in ("person", "entry", "member", "coach"):
            _INSERTS[name].rows(self.session, self.rows[name])
        if self.rows["person_changed"]:
            self.session.execute(update(Person), self.rows["person_changed"])
        changed = [{"id": entry_id} | own for entry_id, own in self.entry_changes.items() if own]
        if changed:
            self.session.execute(update(Entry), changed)


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


def _codes(session: Session, model: type[Skill] | type[Delegation]) -> dict[str, int]:
    return dict(session.execute(select(model.code, model.id)).all())


def _affiliations(session: Session, names: set[str]) -> dict[str, int]:
    """Name → id; those that are not there yet are made."""
    found: dict[str, int] = {}
    for chunk in chunks(names):
        asked = select(Affiliation.name, Affiliation.id).where(Affiliation.name.in_(chunk))
        found |= dict(session.execute(asked).all())
    new = sorted(names - set(found))
    if new:
        made = dict(zip(new, _fresh(session, Affiliation.__table__, len(new)), strict=True))
        session.execute(
            insert(cast(Table, Affiliation.__table__)),
            [{"id": its_id, "name": name} for name, its_id in made.items()],
        )
        found |= made
    return found


def _fresh(session: Session, table: Any, number: int) -> list[int]:  # noqa: ANN401 - a Table
    """Ids for so many new rows, the highest first: `pop` gives them in their order."""
    assert isinstance(table, Table)
    if not number:
        return []
    if session.get_bind().dialect.name == "postgresql":
        taken = session.scalars(
            text(
                "SELECT nextval(pg_get_serial_sequence(:name, 'id'))"
                " FROM generate_series(1, :number)"
            ),
            {"name": table.name, "number": number},
        )
        return sorted(taken, reverse=True)
    # On SQLite nobody else writes while this transaction is open.
    last = session.scalar(select(func.max(table.c.id))) or 0
    return list(range(last + number, last, -1))
