"""What an import changed, put back: planned like an import, then written in bulk.

The caller has made sure that everything still stands as the import wrote it, holds the transaction,
and has deleted the batch's own rows.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Table, bindparam, delete, select, update
from sqlalchemy.orm import Session

from competition import loading
from competition.among import among
from competition.database import Model
from competition.loading import Changes
from competition.models import Coach, Entry, Member, Person, RosterRow
from competition.prepared import Prepared
from competition.privacy import PHONE, Vault
from competition.roster_writing import LOADS, homes, person_columns
from competition.seen import Seen

_OWN = ("member", "coach", "roster_row")  # tables whose rows an import makes itself
_LEAVE = Prepared(
    delete(Member).where(
        Member.entry_id == bindparam("its_entry"), Member.person_id == bindparam("its_person")
    )
)


@dataclass(slots=True)
class Done:
    """A row that was imported, and what it changed (see `roster_import`)."""

    number: int
    person_id: int
    entry_id: int
    name: str
    before: dict[str, Any]


@dataclass(slots=True)
class Back:
    """What is to be written."""

    changed: Changes
    coached: list[int]  # entries that get their former coaches
    coaches: list[dict[str, Any]]
    left: list[dict[str, Any]]  # members who joined an entry that stays
    entries: list[int] = field(default_factory=list)  # made by the import, taken away
    people: list[int] = field(default_factory=list)


def plan(seen: Seen, safe: Vault, done: Sequence[Done]) -> Back:
    """What puts these rows back; reads only."""
    entries = [row.entry_id for row in done if row.before.get("entry") == "new"]
    joined = [(row.entry_id, row.person_id) for row in done if row.before.get("member") == "new"]
    coached = {row.entry_id: row.before["coaches"][0] for row in done if "coaches" in row.before}
    made = set(entries)
    return Back(
        _changes(seen, safe, done),
        list(coached),
        _coaches(seen, coached),
        [{"its_entry": entry_id, "its_person": person_id}
         for entry_id, person_id in joined if entry_id not in made],
        entries,
        _free(seen, done, made, set(joined)),
    )  # fmt: skip


def write(session: Session, back: Back) -> None:
    """Put it back. Rows of other batches forget what goes."""
    loading.change(session, back.changed)
    past = {"synchronize_session": False}
    gone = [*back.coached, *back.entries]
    session.execute(delete(Coach).where(among(Coach.entry_id, gone)), execution_options=past)
    LOADS[Coach.__tablename__].rows(session, back.coaches)
    _LEAVE.many(session, back.left)
    for statement in (
        delete(Member).where(among(Member.entry_id, back.entries)),
        update(RosterRow).where(among(RosterRow.entry_id, back.entries)).values(entry_id=None),
        delete(Entry).where(among(Entry.id, back.entries)),
        update(RosterRow).where(among(RosterRow.person_id, back.people)).values(person_id=None),
        delete(Person).where(among(Person.id, back.people)),
    ):
        session.execute(statement, execution_options=past)


def used(seen: Seen, model: type[Model], ids: Sequence[int]) -> set[int]:
    """Rows that others point at: papers, requests, extra time, marks, whatever there is."""
    found: set[int] = set()
    for column in _pointing_at(model.__table__):
        asked = select(column).where(among(column, ids)).distinct()
        found |= {its_id for (its_id,) in seen.rows(asked)}
    return found


def _pointing_at(table: Any) -> Iterator[Column[Any]]:  # noqa: ANN401 - a Table
    assert isinstance(table, Table)
    for other in Model.metadata.tables.values():
        if other.name in _OWN:
            continue
        for key in other.foreign_keys:
            if key.column is table.c.id and key.parent.table is other:
                yield key.parent


def _changes(seen: Seen, safe: Vault, done: Sequence[Done]) -> Changes:
    """The last row first: where two rows changed one person, the first one's before counts."""
    people: dict[tuple[int, ...], dict[str, Any]] = defaultdict(dict)
    entries: dict[tuple[int, ...], dict[str, Any]] = defaultdict(dict)
    members: dict[tuple[int, ...], dict[str, Any]] = defaultdict(dict)
    for row in reversed(done):
        for what, found, key in (
            ("person", people, (row.person_id,)),
            ("entry", entries, (row.entry_id,)),
            ("member", members, (row.entry_id, row.person_id)),
        ):
            changed = row.before.get(what)
            if isinstance(changed, dict):
                found[key].update({name: was for name, (was, _) in changed.items()})
    dialect = seen.session.get_bind().dialect
    return [
        *loading.changes(Person, dialect, ("id",), _people(seen, safe, people)),
        *loading.changes(Entry, dialect, ("id",), entries),
        *loading.changes(Member, dialect, ("entry_id", "person_id"), members),
    ]


def _people(
    seen: Seen, safe: Vault, people: dict[tuple[int, ...], dict[str, Any]]
) -> dict[tuple[int, ...], dict[str, Any]]:
    """Fields of people as columns."""
    ids = homes(seen, {own["affiliation"] for own in people.values() if own.get("affiliation")})
    numbers = {own["phone"] for own in people.values() if own.get("phone")}
    phones = {number: safe.seal(PHONE, number) for number in numbers}
    columns: dict[tuple[int, ...], dict[str, Any]] = defaultdict(dict)
    for key, own in people.items():
        for what, was in own.items():
            columns[key] |= person_columns(what, was, ids, phones)
    return columns


def _coaches(seen: Seen, coached: dict[int, Any]) -> list[dict[str, Any]]:
    ids = homes(seen, {home for coaches in coached.values() for _, home, _ in coaches if home})
    return [
        {
            "entry_id": entry_id,
            "name": name,
            "affiliation_id": ids[home] if home else None,
            "person_id": who,
        }
        for entry_id, coaches in coached.items()
        for name, home, who in coaches
    ]


def _free(
    seen: Seen, done: Sequence[Done], gone: set[int], joined: set[tuple[int, int]]
) -> list[int]:
    """The people whom the import made and of whom nothing else speaks; the others stay."""
    people = [row.person_id for row in done if row.before.get("person") == "new"]
    kept = used(seen, Person, people)
    for model in (Member, Coach):
        asked = select(model.entry_id, model.person_id).where(among(model.person_id, people))
        for entry_id, person_id in seen.rows(asked):
            leaves = entry_id in gone or (model is Member and (entry_id, person_id) in joined)
            if not leaves and person_id is not None:
                kept.add(person_id)
    return [one for one in people if one not in kept]
