"""Read: which judges are bound to which entries of a skill, from data and from declarations.

What is found binds a judge, not a code: pages that judges see may count it, never name the entry
(decisions 1). Nothing is written here; `judging/conflict_notes.py` makes recusals of it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Select, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from competition.models import (
    Account,
    Affiliation,
    Coach,
    Declaration,
    Entry,
    EntryState,
    JudgeRecord,
    Member,
    Person,
)
from competition.prepared import Prepared
from competition.privacy import Vault, vault
from competition.rules.conflicts import Declared, EntryFacts, JudgeFacts, Tie, Who, between
from competition.separation import is_coach

NAME, PLACE = "declared name", "declared place"
Ties = dict[int, tuple[Tie, ...]]  # entry → what binds a judge to it


def of_skill(session: Session, skill_id: int, judges: Collection[int]) -> dict[int, Ties]:
    """Judge → the entries that they are bound to, by which ties; clean entries are left out."""
    facts = judge_facts(session, judges)
    entries = _entries(session, skill_id)
    told = declared(session, skill_id)
    found: dict[int, Ties] = {}
    for judge in judges:
        ties = {
            one.id: between(facts.get(judge, JudgeFacts()), one, told.get(judge, ()))
            for one in entries
        }
        found[judge] = {entry: own for entry, own in ties.items() if own}
    return found


def judge_facts(session: Session, judges: Collection[int]) -> dict[int, JudgeFacts]:
    """Judge (account) → what binds them; who is no person of the competition is not in it."""
    rows = session.execute(
        select(Account.id, Person.id, Person.name, JudgeRecord.delegation_id, Person.affiliation_id)
        .join(Person, Person.id == Account.person_id)
        .outerjoin(JudgeRecord, JudgeRecord.person_id == Person.id)
        .where(Account.id.in_(judges))
    ).all()
    own = _coaches_of(session, {row[1] for row in rows})
    return {
        row[0]: JudgeFacts(row[1], row[2], row[3], row[4], frozenset(own[row[1]])) for row in rows
    }


def _coaches_of(session: Session, people: Collection[int]) -> dict[int, set[Who]]:
    """Person → who coached them where they competed themselves, at any stage."""
    found: dict[int, set[Who]] = defaultdict(set)
    rows = session.execute(
        select(Member.person_id, Coach.person_id, Coach.name, Coach.affiliation_id)
        .join(Coach, Coach.entry_id == Member.entry_id)
        .where(Member.person_id.in_(people))
    )
    for person, coach, name, place in rows:
        found[person].add((coach, name, place))
    return found


def _entries(session: Session, skill_id: int) -> list[EntryFacts]:
    rows = session.scalars(
        select(Entry)
        .where(Entry.skill_id == skill_id, Entry.state != EntryState.WITHDRAWN)
        .options(selectinload(Entry.members).joinedload(Member.person), selectinload(Entry.coaches))
        .order_by(Entry.id)
        .execution_options(populate_existing=True)
    )
    return [
        EntryFacts(
            row.id,
            row.delegation_id,
            frozenset(member.person_id for member in row.members),
            frozenset(
                member.person.affiliation_id
                for member in row.members
                if member.person.affiliation_id is not None
            ),
            frozenset((one.person_id, one.name, one.affiliation_id) for one in row.coaches),
        )
        for row in rows
    ]


# Declared


def declared(session: Session, skill_id: int) -> dict[int, list[Declared]]:
    """Judge → their declared relations that stand, each with the entries it is to."""
    rows = session.scalars(_stand(skill_id)).all()
    names, places = _findable(session, skill_id, rows)
    found: dict[int, list[Declared]] = defaultdict(list)
    for row in rows:
        found[row.account_id].append(Declared(Tie(row.tie), _meant(row, names, places)))
    return dict(found)


def _stand(skill_id: int) -> Select[Declaration]:
    """Relations that were declared and not withdrawn."""
    return (
        select(Declaration)
        .where(
            Declaration.skill_id == skill_id,
            Declaration.tie != "none",
            Declaration.withdrawn_at.is_(None),
        )
        .order_by(Declaration.id)
    )


def unmatched(session: Session, skill_id: int) -> list[Declaration]:
    """Relations that meet nobody of the skill by their words, and at which the office has not
    looked yet."""
    rows = session.scalars(_stand(skill_id).where(Declaration.settled_at.is_(None))).all()
    names, places = _findable(session, skill_id, rows)
    return [row for row in rows if not _meant(row, names, places)]


Found = Mapping[str, frozenset[int]]


def _meant(row: Declaration, names: Found, places: Found) -> frozenset[int]:
    """The entries that a relation is to: what the office said of it comes before its words."""
    if row.entry_id is not None:
        return frozenset({row.entry_id})
    if row.settled_at is not None:
        return names.get(f"={row.person_id}", frozenset()) | places.get(
            f"={row.affiliation_id}", frozenset()
        )
    if row.name_hash is not None:
        return names.get(row.name_hash, frozenset())
    return places.get(row.place_hash or "", frozenset())


def _findable(
    session: Session, skill_id: int, rows: Collection[Declaration]
) -> tuple[Found, Found]:
    """Names and places of a skill's entries by the hash of their words, and "=" with their ids."""
    names: dict[str, set[int]] = defaultdict(set)
    places: dict[str, set[int]] = defaultdict(set)
    if not rows:
        return {}, {}
    safe = vault()
    people = session.execute(
        select(Entry.id, Person.id, Person.name, Affiliation.id, Affiliation.name)
        .join(Member, Member.entry_id == Entry.id)
        .join(Person, Person.id == Member.person_id)
        .outerjoin(Affiliation, Affiliation.id == Person.affiliation_id)
        .where(Entry.skill_id == skill_id, Entry.state != EntryState.WITHDRAWN)
    )
    coaches = session.execute(
        select(Entry.id, Coach.person_id, Coach.name, Affiliation.id, Affiliation.name)
        .join(Coach, Coach.entry_id == Entry.id)
        .outerjoin(Affiliation, Affiliation.id == Coach.affiliation_id)
        .where(Entry.skill_id == skill_id, Entry.state != EntryState.WITHDRAWN)
    )
    for entry, person, name, place, place_name in (*people, *coaches):
        names[f"={person}"].add(entry)
        names[name_hash(safe, name)].add(entry)
        if place is not None:
            places[f"={place}"].add(entry)
            places[place_hash(safe, place_name)].add(entry)
    return _frozen(names), _frozen(places)


def _frozen(found: Mapping[str, Iterable[int]]) -> Found:
    return {word: frozenset(entries) for word, entries in found.items() if word != "=None"}


def name_hash(safe: Vault, name: str) -> str:
    """A name as it is found again, without spaces and capitals."""
    return safe.keyed_hash(NAME, "".join(name.split()).casefold())


def place_hash(safe: Vault, place: str) -> str:
    """The same for a school or company."""
    return safe.keyed_hash(PLACE, "".join(place.split()).casefold())


# At the act

_own, _me, _theirs, _record = (
    aliased(Account),
    aliased(Person),
    aliased(Person),
    aliased(JudgeRecord),
)
# The entries that data binds a judge to.
BOUND = (
    select(Entry.id)
    .select_from(_own)
    .join(_me, _me.id == _own.person_id)
    .outerjoin(_record, _record.person_id == _me.id)
    .join(Entry, Entry.skill_id == bindparam("skill"))
    .where(
        _own.id == bindparam("account"),
        Entry.state != EntryState.WITHDRAWN,
        or_(
            Entry.delegation_id == _record.delegation_id,
            exists().where(
                Member.entry_id == Entry.id,
                _theirs.id == Member.person_id,
                _theirs.affiliation_id == _me.affiliation_id,
            ),
            exists().where(
                Coach.entry_id == Entry.id,
                or_(
                    is_coach(_me.id, _me.name, _me.affiliation_id),
                    Coach.affiliation_id == _me.affiliation_id,
                ),
            ),
        ),
    )
)
_BOUND = Prepared(BOUND)


def live(session: Session, skill_id: int, judge_id: int) -> frozenset[int]:
    """The entries that data binds a judge to at this moment: a roster may have come since recusals
    were last noted. Whether there are any is asked at every mark (`judging/on_duty`)."""
    rows = _BOUND.rows(session, {"account": judge_id, "skill": skill_id})
    return frozenset(row[0] for row in rows)
