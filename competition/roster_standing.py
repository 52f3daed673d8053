"""What is registered already, loaded for a roster in a handful of queries however long it is."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import entry_locks
from competition.among import among
from competition.models import Affiliation, Coach, Delegation, Entry, Member, Period, Person, Skill
from competition.privacy import ID_NUMBER, PHONE, Vault
from competition.rules.roster_against import Human, Place, Registered
from competition.rules.roster_lexicon import Field
from competition.rules.roster_rows import Row
from competition.seen import Seen


def registered(seen: Seen, safe: Vault, rows: Collection[Row], stage_id: int | None) -> Registered:
    """Everybody and every entry that has to do with the people of a roster."""
    hashes = {
        safe.keyed_hash(ID_NUMBER, number): number
        for row in rows
        if (number := row.values.get(Field.ID_NUMBER))
    }
    people = {hashes[id_hash]: human for id_hash, human in _humans(seen, safe, hashes)}
    return Registered(
        people=people,
        births=_births(seen, rows),
        places=_places(seen, [human.id for human in people.values()], stage_id),
        started=seen.value(started),
        locked=seen.value(entry_locks.locked_skills),
    )


def _humans(seen: Seen, safe: Vault, hashes: Iterable[str]) -> Iterator[tuple[str, Human]]:
    found = seen.rows(
        select(
            Person.id_hash, Person.id, Person.name, Person.sex, Person.born_on,
            Person.phone_sealed, Affiliation.name,
        )
        .outerjoin(Affiliation, Affiliation.id == Person.affiliation_id)
        .where(among(Person.id_hash, hashes))
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


def _births(seen: Seen, rows: Iterable[Row]) -> dict[tuple[str, str], frozenset[int]]:
    names = {row.values[Field.NAME] for row in rows if Field.NAME in row.values}
    found: dict[tuple[str, str], frozenset[int]] = {}
    asked = select(Person.id, Person.name, Person.born_on).where(
        among(Person.name, sorted(names)), Person.born_on.is_not(None), Person.id_hash.is_not(None)
    )
    for person_id, name, born_on in seen.rows(asked):
        key = (name, born_on.isoformat() if born_on else "")
        found[key] = found.get(key, frozenset()) | {person_id}
    return found


def _places(
    seen: Seen, people: Iterable[int], stage_id: int | None
) -> dict[int, tuple[Place, ...]]:
    """Person → the entries of the stage that they belong to, with all members of each. One table
    after the other: left to itself, SQLite walks the whole stage for every person."""
    theirs = select(Member.entry_id).where(among(Member.person_id, people)).distinct()
    wanted = sorted(entry_id for (entry_id,) in seen.rows(theirs))
    skills = dict(seen.rows(select(Skill.id, Skill.code)))
    homes = dict(seen.rows(select(Delegation.id, Delegation.code)))
    entries: dict[int, Any] = {}
    statuses: dict[int, dict[int, str | None]] = {}
    asked = select(
        Entry.id, Entry.skill_id, Entry.delegation_id, Entry.is_reserve, Entry.state,
        Entry.stage_id,
    ).where(among(Entry.id, wanted))  # fmt: skip
    for its_id, skill, home, is_reserve, state, stage in seen.rows(asked):
        if stage == stage_id:
            entries[its_id] = (skills[skill], homes[home], is_reserve, state)
    members = select(Member.entry_id, Member.person_id, Member.status)
    for entry_id, person_id, status in seen.rows(members.where(among(Member.entry_id, wanted))):
        statuses.setdefault(entry_id, {})[person_id] = status
    coaches = coaches_of(seen, entries)
    found: dict[int, list[Place]] = {}
    for entry_id in sorted(entries):
        own_coaches = tuple((name, home) for name, home, _ in coaches.get(entry_id, ()))
        skill, home, is_reserve, state = entries[entry_id]
        place = Place(entry_id, skill, home, is_reserve, state, statuses[entry_id], own_coaches)
        for person_id in statuses[entry_id]:
            found.setdefault(person_id, []).append(place)
    return {person_id: tuple(places) for person_id, places in found.items()}


def coaches_of(
    seen: Seen, entries: Iterable[int]
) -> dict[int, list[tuple[str, str | None, int | None]]]:
    """Entry → its coaches: name, affiliation, and who it is if we know the person."""
    found: dict[int, list[tuple[str, str | None, int | None]]] = {}
    asked = (
        select(Coach.entry_id, Coach.name, Affiliation.name, Coach.person_id)
        .outerjoin(Affiliation, Affiliation.id == Coach.affiliation_id)
        .where(among(Coach.entry_id, entries))
        .order_by(Coach.id)
    )
    for entry_id, name, home, person_id in seen.rows(asked):
        found.setdefault(entry_id, []).append((name, home, person_id))
    return found


def started(session: Session) -> frozenset[str]:
    """The codes of the skills in which work has begun."""
    asked = select(Skill.code).join(Period).where(Period.started_at.is_not(None))
    return frozenset(session.scalars(asked))
