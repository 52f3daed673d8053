"""The office's lists of entries and of a skill's people: narrowed, counted and paged in SQL.

Thirty thousand entries are never loaded to show fifty. Neither marks nor codes are in them.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from competition.models import (
    Account,
    Affiliation,
    Delegation,
    Entry,
    EntryState,
    Member,
    Person,
    Skill,
    Stage,
    Zone,
)
from competition.overview import MISSING

ANYTHING = "any"  # of what may be missing
CHUNK = 2000  # rows of a file that are read at once


@dataclass(frozen=True, slots=True)
class Wish:
    """What a list is narrowed to; each empty field narrows nothing.

    `skill`, `delegation`, `zone` are codes, `stage` a number, `missing` a word of `MISSING` or
    `ANYTHING`, `words` parts of names and of schools or companies, `person` somebody's id.
    """

    skill: str = ""
    delegation: str = ""
    zone: str = ""
    state: str = ""
    stage: str = ""
    missing: str = ""
    words: str = ""
    person: str = ""

    def given(self) -> dict[str, str]:
        """What is narrowed, as a query for addresses."""
        return {name: text for name, text in asdict(self).items() if text}


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the list, and what its people lack (words of `MISSING`)."""

    entry: Entry
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines of a list; `states` counts the list by state before it is narrowed to one."""

    lines: list[Line]
    total: int
    number: int
    pages: int
    states: dict[str, int]


def wish(given: dict[str, str]) -> Wish:
    """A wish from an address: unknown words of a choice narrow to nothing that exists, so they are
    dropped."""
    text = {name: value.strip()[:100] for name, value in given.items() if name in Wish.__slots__}
    found = Wish(**text)
    return replace(
        found,
        state=found.state if found.state in set(EntryState) else "",
        missing=found.missing if found.missing in (*MISSING, ANYTHING) else "",
        stage=found.stage if _is_number(found.stage) else "",
        person=found.person if _is_number(found.person) else "",
    )


def entries(
    session: Session, wanted: Wish, within: Collection[int] | None, *, number: int, size: int
) -> Page:
    """A page of the entries, in the order of skills and then as they were entered; past the end the
    last one. `within`: the skills that the asker may see, None for all."""
    states = counts(session, replace(wanted, state=""), within)
    total = states.get(wanted.state, 0) if wanted.state else sum(states.values())
    number, pages = paged(total, number, size)
    found = session.scalars(
        select(Entry)
        .where(*conditions(wanted, within))
        .order_by(Entry.skill_id, Entry.id)
        .offset((number - 1) * size)
        .limit(size)
        .options(
            joinedload(Entry.skill),
            joinedload(Entry.delegation),
            joinedload(Entry.stage),
            selectinload(Entry.members).joinedload(Member.person).joinedload(Person.affiliation),
        )
    ).all()
    signing_in = _signing_in(session, [one.person_id for entry in found for one in entry.members])
    lines = [Line(entry, lacks(entry, signing_in)) for entry in found]
    return Page(lines, total, number, pages, states)


def counts(session: Session, wanted: Wish, within: Collection[int] | None) -> dict[str, int]:
    """How many entries there are, by state."""
    counted = select(Entry.state, func.count()).where(*conditions(wanted, within))
    return {row[0]: row[1] for row in session.execute(counted.group_by(Entry.state))}


def ids(session: Session, wanted: Wish, within: Collection[int] | None) -> list[tuple[int, str]]:
    """Every entry of the list with its state, in the list's order."""
    found = select(Entry.id, Entry.state).where(*conditions(wanted, within))
    rows = session.execute(found.order_by(Entry.skill_id, Entry.id))
    return [(row[0], row[1]) for row in rows]


def of_ids(
    session: Session, wanted: Collection[int], within: Collection[int] | None
) -> list[tuple[int, str]]:
    """Those of these entries that the asker may see, with their states, in the list's order."""
    found = select(Entry.id, Entry.state).where(Entry.id.in_(wanted), *conditions(Wish(), within))
    rows = session.execute(found.order_by(Entry.skill_id, Entry.id))
    return [(row[0], row[1]) for row in rows]


def these(session: Session, wanted: Collection[int]) -> list[Entry]:
    """A few entries with their people, in the list's order."""
    found = session.scalars(
        select(Entry)
        .where(Entry.id.in_(wanted))
        .order_by(Entry.skill_id, Entry.id)
        .options(
            joinedload(Entry.skill),
            joinedload(Entry.delegation),
            selectinload(Entry.members).joinedload(Member.person),
        )
    )
    return list(found)


def conditions(wanted: Wish, within: Collection[int] | None) -> list[ColumnElement[bool]]:
    """A wish as conditions on entries."""
    found: list[ColumnElement[bool]] = []
    if within is not None:
        found.append(Entry.skill_id.in_(within))
    if wanted.skill:
        found.append(Entry.skill_id.in_(select(Skill.id).where(Skill.code == wanted.skill)))
    if wanted.zone:
        there = select(Skill.id).join(Zone).where(Zone.code == wanted.zone)
        found.append(Entry.skill_id.in_(there))
    if wanted.delegation:
        own = select(Delegation.id).where(Delegation.code == wanted.delegation)
        found.append(Entry.delegation_id.in_(own))
    if wanted.state:
        found.append(Entry.state == wanted.state)
    if wanted.stage:
        stages = select(Stage.id).where(Stage.number == int(wanted.stage))
        found.append(Entry.stage_id.in_(stages))
    if wanted.person:
        theirs = select(Member.entry_id).where(Member.person_id == int(wanted.person))
        found.append(Entry.id.in_(theirs))
    if wanted.missing:
        kinds = MISSING if wanted.missing == ANYTHING else (wanted.missing,)
        found.append(or_(*(_lacking(kind) for kind in kinds)))
    found += [_bears(word) for word in wanted.words.split()]
    return found


def called(word: str) -> ColumnElement[bool]:
    """People whose name, or school or company, has the word in it."""
    places = select(Affiliation.id).where(Affiliation.name.icontains(word, autoescape=True))
    return or_(Person.name.icontains(word, autoescape=True), Person.affiliation_id.in_(places))


def _bears(word: str) -> ColumnElement[bool]:
    return Entry.id.in_(select(Member.entry_id).join(Person).where(called(word)))


def _lacking(kind: str) -> ColumnElement[bool]:
    """Entries that lack something, as `lacks` says of one."""
    people = select(Member.entry_id).join(Person)
    if kind == "id_number":
        return Entry.id.in_(people.where(Person.id_hash.is_(None)))
    if kind == "affiliation":
        return Entry.id.in_(people.where(Person.affiliation_id.is_(None)))
    if kind == "answers":
        return Entry.answers_missing > 0
    if kind == "account":
        without = people.outerjoin(Account, Account.person_id == Person.id)
        return Entry.id.in_(without.where(Account.id.is_(None)))
    whole = (
        select(Member.entry_id)
        .join(Entry, Entry.id == Member.entry_id)
        .join(Skill, Skill.id == Entry.skill_id)
        .group_by(Member.entry_id, Skill.team_size)
        .having(func.count() >= Skill.team_size)
    )
    return Entry.id.not_in(whole)


def lacks(entry: Entry, signing_in: Collection[int]) -> tuple[str, ...]:
    """What an entry lacks, words of `MISSING`."""
    people = [member.person for member in entry.members]
    answers = {
        "id_number": any(person.id_hash is None for person in people),
        "affiliation": any(person.affiliation_id is None for person in people),
        "team": len(people) < entry.skill.team_size,
        "answers": entry.answers_missing > 0,
        "account": any(person.id not in signing_in for person in people),
    }
    return tuple(word for word in MISSING if answers[word])


def _signing_in(session: Session, people: list[int]) -> set[int]:
    found = session.scalars(select(Account.person_id).where(Account.person_id.in_(people)))
    return {one for one in found if one is not None}


@dataclass(frozen=True, slots=True)
class People:
    """Some competitors of a skill."""

    members: list[Member]
    total: int
    number: int
    pages: int


def people(session: Session, skill_id: int, words: str = "", *, number: int, size: int) -> People:
    """A page of the competitors of a skill, by delegation and name; past the end the last one."""
    wanted = _people(skill_id, words)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    number, pages = paged(total, number, size)
    found = session.scalars(
        wanted.order_by(Delegation.code, Person.name, Member.id)
        .offset((number - 1) * size)
        .limit(size)
        .options(
            joinedload(Member.entry).joinedload(Entry.delegation),
            joinedload(Member.person).joinedload(Person.affiliation),
        )
    )
    return People(list(found), total, number, pages)


def paged(total: int, number: int, size: int) -> tuple[int, int]:
    """The page that is shown, and how many there are."""
    pages = max(1, -(-total // size))
    return min(max(number, 1), pages), pages


def _people(skill_id: int, words: str) -> Select[Member]:
    return (
        select(Member)
        .join(Entry, Entry.id == Member.entry_id)
        .join(Person, Person.id == Member.person_id)
        .join(Delegation, Delegation.id == Entry.delegation_id)
        .where(Entry.skill_id == skill_id, *(called(word) for word in words.split()))
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
