"""The office's search: people, codes and skills in a few queries, a few of each. Read only.

An identity number is looked up by its keyed hash and only as a whole; parts of it find nobody.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from competition.lists import called
from competition.models import Account, Entry, Member, Person, Skill
from competition.privacy import ID_NUMBER, vault

FEW = 8  # of each kind
SHORTEST_NUMBER = 7  # a passport's


@dataclass(frozen=True, slots=True)
class Human:
    """A person that was found, with skill and state of the entries that the asker may see.
    `account` is set only for who is no competitor."""

    person: Person
    entries: list[tuple[str, str]]
    account: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found; `more`: there are more people than are shown."""

    people: list[Human] = field(default_factory=list)
    more: bool = False
    codes: list[Entry] = field(default_factory=list)
    skills: list[Skill] = field(default_factory=list)


def search(
    session: Session,
    text: str,
    own: Sequence[Skill],
    traceable: Collection[int],
    *,
    everybody: bool,
) -> Found:
    """What the text finds. `own`: the skills of the asker; `traceable`: those whose codes may be
    found with their people; `everybody`: people beyond these skills too."""
    words = text.split()
    if not words:
        return Found()
    within = None if everybody else [skill.id for skill in own]
    people = _by_number(session, text, within) or _by_words(session, words, within)
    return Found(
        people=_humans(session, people[:FEW], within),
        more=len(people) > FEW,
        codes=_codes(session, text, traceable),
        skills=[skill for skill in own if _is_called(skill, words)][:FEW],
    )


def _by_number(session: Session, text: str, within: Collection[int] | None) -> list[Person]:
    number = "".join(text.split()).upper()
    if len(number) < SHORTEST_NUMBER or not any(letter.isdigit() for letter in number):
        return []
    bears = Person.id_hash == vault().keyed_hash(ID_NUMBER, number)
    return _people(session, [bears], within)


def _by_words(
    session: Session, words: Sequence[str], within: Collection[int] | None
) -> list[Person]:
    return _people(session, [called(word) for word in words], within)


def _people(
    session: Session, which: list[ColumnElement[bool]], within: Collection[int] | None
) -> list[Person]:
    competing = select(Member.person_id)
    if within is not None:
        competing = competing.join(Entry).where(Entry.skill_id.in_(within))
    known: ColumnElement[bool] = Person.id.in_(competing)
    if within is None:
        staff = select(Account.person_id).where(Account.person_id.is_not(None))
        known = or_(known, Person.id.in_(staff))
    found = session.scalars(
        select(Person)
        .where(*which, known)
        .order_by(Person.name, Person.id)
        .limit(FEW + 1)
        .options(joinedload(Person.affiliation))
    )
    return list(found)


def _humans(
    session: Session, people: Sequence[Person], within: Collection[int] | None
) -> list[Human]:
    ids = [person.id for person in people]
    rows = session.execute(
        select(Member.person_id, Skill.code, Entry.state)
        .join(Entry, Entry.id == Member.entry_id)
        .join(Skill, Skill.id == Entry.skill_id)
        .where(Member.person_id.in_(ids), *([] if within is None else [Skill.id.in_(within)]))
        .order_by(Skill.code)
    )
    entries: dict[int, list[tuple[str, str]]] = {}
    for person_id, code, state in rows:
        entries.setdefault(person_id, []).append((code, state))
    accounts = {
        row.person_id: row.id
        for row in session.execute(
            select(Account.person_id, Account.id).where(Account.person_id.in_(ids))
        )
    }
    return [
        Human(
            person,
            entries.get(person.id, []),
            None if person.id in entries else accounts.get(person.id),
        )
        for person in people
    ]


def _codes(session: Session, text: str, traceable: Collection[int]) -> list[Entry]:
    code = text.strip().upper()
    found = session.scalars(
        select(Entry)
        .where(Entry.skill_id.in_(traceable), or_(Entry.code == code, Entry.alias == code))
        .order_by(Entry.skill_id, Entry.id)
        .limit(FEW)
        .options(joinedload(Entry.skill))
    )
    return list(found)


def _is_called(skill: Skill, words: Sequence[str]) -> bool:
    told = f"{skill.code} {skill.name_zh} {skill.name_en} {skill.sector_zh} {skill.sector_en}"
    return all(word.lower() in told.lower() for word in words)
