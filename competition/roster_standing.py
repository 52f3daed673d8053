"""What is registered already, loaded for a roster in a handful of queries however long it is."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Integer, bindparam, select
from sqlalchemy.orm import Session

from competition import entry_locks
from competition.models import Affiliation, Coach, Delegation, Entry, Member, Period, Person, Skill
from competition.privacy import ID_NUMBER, PHONE, Vault
from competition.rules.roster_against import Human, Place, Registered
from competition.rules.roster_lexicon import Field
from competition.rules.roster_rows import Row

T = TypeVar("T")
AT_ONCE = 5000  # values in one IN (…)


def registered(
    session: Session, safe: Vault, rows: Collection[Row], stage_id: int | None
) -> Registered:
    """Everybody and every entry that has to do with the people of a roster."""
    hashes = {
        safe.keyed_hash(ID_NUMBER, number): number
        for row in rows
        if (number := row.values.get(Field.ID_NUMBER))
    }
    people: dict[str, Human] = {}
    for chunk in chunks(list(hashes)):
        for id_hash, human in _humans(session, safe, chunk):
            people[hashes[id_hash]] = human
    return Registered(
        people=people,
        births=_births(session, rows),
        places=_places(session, [human.id for human in people.values()], stage_id),
        started=started(session),
        locked=entry_locks.locked_skills(session),
    )


def _humans(session: Session, safe: Vault, hashes: Sequence[str]) -> Iterator[tuple[str, Human]]:
    found = session.execute(
        select(
            Person.id_hash, Person.id, Person.name, Person.sex, Person.born_on,
            Person.phone_sealed, Affiliation.name,
        )
        .outerjoin(Affiliation, Affiliation.id == Person.affiliation_id)
        .where(Person.id_hash.in_(hashes))
    )  # fmt: skip
    for id_hash, person_id, name, sex, born_on, phone, affiliation in found:
        yield (
            str(id_hash),
            Human(
                person_id,
                name,
                sex,
                born_on.isoformat() if born_on else None,
                safe.open(PHONE, phone) if phone else None,
                affiliation,
            ),
        )


def _births(session: Session, rows: Iterable[Row]) -> dict[tuple[str, str], frozenset[int]]:
    names = {row.values[Field.NAME] for row in rows if Field.NAME in row.values}
    found: dict[tuple[str, str], frozenset[int]] = {}
    for chunk in chunks(list(names)):
        asked = select(Person.id, Person.name, Person.born_on).where(
            Person.name.in_(chunk), Person.born_on.is_not(None), Person.id_hash.is_not(None)
        )
        for person_id, name, born_on in session.execute(asked):
            key = (name, born_on.isoformat() if born_on else "")
            found[key] = found.get(key, frozenset()) | {person_id}
    return found


def _places(
    session: Session, people: Sequence[int], stage_id: int | None
) -> dict[int, tuple[Place, ...]]:
    """Person → the entries of the stage that they belong to, with all members of each. One table
    after the other: left to itself, SQLite walks the whole stage for every person."""
    wanted: set[int] = set()
    for chunk in chunks(people):
        wanted |= set(
            session.scalars(select(Member.entry_id).where(among(Member.person_id, chunk)))
        )
    skills = dict(session.execute(select(Skill.id, Skill.code)).all())
    homes = dict(session.execute(select(Delegation.id, Delegation.code)).all())
    entries: dict[int, Any] = {}
    statuses: dict[int, dict[int, str | None]] = {}
    for chunk in chunks(sorted(wanted)):
        asked = select(
            Entry.id, Entry.skill_id, Entry.delegation_id, Entry.is_reserve, Entry.state,
            Entry.stage_id,
        ).where(among(Entry.id, chunk))  # fmt: skip
        for its_id, skill, home, is_reserve, state, stage in session.execute(asked):
            if stage == stage_id:
                entries[its_id] = (skills[skill], homes[home], is_reserve, state)
        members = select(Member.entry_id, Member.person_id, Member.status)
        for entry_id, person_id, status in session.execute(
            members.where(among(Member.entry_id, chunk))
        ):
            statuses.setdefault(entry_id, {})[person_id] = status
    coaches = coaches_of(session, list(entries))
    found: dict[int, list[Place]] = {}
    for entry_id in sorted(entries):
        own_coaches = tuple((name, home) for name, home, _ in coaches.get(entry_id, ()))
        skill, home, is_reserve, state = entries[entry_id]
        place = Place(entry_id, skill, home, is_reserve, state, statuses[entry_id], own_coaches)
        for person_id in statuses[entry_id]:
            found.setdefault(person_id, []).append(place)
    return {person_id: tuple(places) for person_id, places in found.items()}


def coaches_of(
    session: Session, entries: Sequence[int]
) -> dict[int, list[tuple[str, str | None, int | None]]]:
    """Entry → its coaches: name, affiliation, and who it is if we know the person."""
    found: dict[int, list[tuple[str, str | None, int | None]]] = {}
    for chunk in chunks(entries):
        asked = (
            select(Coach.entry_id, Coach.name, Affiliation.name, Coach.person_id)
            .outerjoin(Affiliation, Affiliation.id == Coach.affiliation_id)
            .where(among(Coach.entry_id, chunk))
            .order_by(Coach.id)
        )
        for entry_id, name, home, person_id in session.execute(asked):
            found.setdefault(entry_id, []).append((name, home, person_id))
    return found


def started(session: Session) -> frozenset[str]:
    """The codes of the skills in which work has begun."""
    asked = select(Skill.code).join(Period).where(Period.started_at.is_not(None))
    return frozenset(session.scalars(asked))


def among(column: Any, ids: Sequence[int]) -> ColumnElement[bool]:  # noqa: ANN401 - any of whole numbers
    """`column IN (…)` of whole numbers, written into the statement: thousands of parameters cost
    more than the query, on PostgreSQL above all."""
    return cast(
        ColumnElement[bool],
        column.in_(bindparam("ids", ids, Integer, expanding=True, literal_execute=True)),
    )


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """In pieces that one statement can carry."""
    left = iter(values)
    while piece := list(islice(left, AT_ONCE)):
        yield piece
