"""Read: which judges are bound to which entries of a skill, from data and from declarations.

What is found binds a judge, not a code: pages that judges see may count it, never name the entry
(decisions 1). Nothing is written here; `judging/conflict_notes.py` makes recusals of it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, exists, or_, select
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
    Skill,
)
from competition.prepared import Prepared
from competition.privacy import Vault, vault
from competition.rules.conflicts import Declared, EntryFacts, JudgeFacts, Tie, Who, between
from competition.separation import is_coach

NAME, PLACE = "declared name", "declared place"
Ties = dict[int, tuple[Tie, ...]]  # entry → what binds a judge to it


def of_skill(
    session: Session, skill_id: int, judges: Collection[int], *, held: bool = False
) -> dict[int, Ties]:
    """Judge → the entries that they are bound to, by which ties; clean entries are left out. With
    `held` also by declarations that have no effect yet."""
    facts = judge_facts(session, judges)
    entries = _entries(session, skill_id)
    told = declared(session, skill_id, held=held)
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


@dataclass(frozen=True, slots=True)
class Relation:
    """A declared relation that stands, and the entries it is to. `held`: it has no effect yet."""

    row: Declaration
    entries: frozenset[int]
    held: bool


def relations(session: Session, skill_ids: Collection[int]) -> list[Relation]:
    """What was declared of these skills and not withdrawn, the oldest first."""
    found = session.execute(
        select(Declaration, Skill.is_blind)
        .join(Skill, Skill.id == Declaration.skill_id)
        .where(
            Declaration.skill_id.in_(skill_ids),
            Declaration.tie != "none",
            Declaration.withdrawn_at.is_(None),
        )
        .order_by(Declaration.id)
    ).all()
    names, places = _findable(session, {row.skill_id for row, _ in found})
    return [
        Relation(row, _meant(row, names, places), is_held(row, is_blind)) for row, is_blind in found
    ]


def is_held(row: Declaration, is_blind: bool) -> bool:
    """Whether a declaration waits for the office before it has any effect. In a blind skill a judge
    who names somebody sees on their own tablet which work is kept from them: taken at once, a
    declaration for each name would tell whose code is whose (decisions 1)."""
    return is_blind and row.by == row.account_id and row.entry_id is None and not row.settled_at


def declared(session: Session, skill_id: int, *, held: bool = False) -> dict[int, list[Declared]]:
    """Judge → their declared relations that have effect, or with `held` all that stand."""
    found: dict[int, list[Declared]] = defaultdict(list)
    for one in relations(session, [skill_id]):
        if held or not one.held:
            found[one.row.account_id].append(Declared(Tie(one.row.tie), one.entries))
    return dict(found)


def waiting(session: Session, skill_ids: Collection[int]) -> list[Declaration]:
    """Relations at which the office has not looked yet and must: they are held, or their words meet
    nobody of the skill."""
    return [
        one.row
        for one in relations(session, skill_ids)
        if one.row.settled_at is None and (one.held or not one.entries)
    ]


def meant(session: Session, row: Declaration) -> frozenset[int]:
    """The entries that a relation is to, as it says now."""
    return _meant(row, *_findable(session, {row.skill_id}))


Found = Mapping[tuple[int, str], frozenset[int]]  # skill, and a word or "=" with an id → entries


def _meant(row: Declaration, names: Found, places: Found) -> frozenset[int]:
    """What the office said of a relation comes before its words."""
    if row.entry_id is not None:
        return frozenset({row.entry_id})
    if row.settled_at is not None:
        named, placed = f"={row.person_id}", f"={row.affiliation_id}"
        return _of(names, row, named) | _of(places, row, placed)
    if row.name_hash is not None:
        return _of(names, row, row.name_hash)
    return _of(places, row, row.place_hash or "")


def _of(found: Found, row: Declaration, word: str) -> frozenset[int]:
    return found.get((row.skill_id, word), frozenset())


def _findable(session: Session, skill_ids: Collection[int]) -> tuple[Found, Found]:
    """Names and places of the skills' entries by the hash of their words, and "=" with their
    ids."""
    names: dict[tuple[int, str], set[int]] = defaultdict(set)
    places: dict[tuple[int, str], set[int]] = defaultdict(set)
    if not skill_ids:
        return {}, {}
    safe = vault()
    people = session.execute(
        select(Entry.skill_id, Entry.id, Person.id, Person.name, Affiliation.id, Affiliation.name)
        .join(Member, Member.entry_id == Entry.id)
        .join(Person, Person.id == Member.person_id)
        .outerjoin(Affiliation, Affiliation.id == Person.affiliation_id)
        .where(Entry.skill_id.in_(skill_ids), Entry.state != EntryState.WITHDRAWN)
    )
    coaches = session.execute(
        select(
            *(Entry.skill_id, Entry.id, Coach.person_id, Coach.name),
            *(Affiliation.id, Affiliation.name),
        )
        .join(Coach, Coach.entry_id == Entry.id)
        .outerjoin(Affiliation, Affiliation.id == Coach.affiliation_id)
        .where(Entry.skill_id.in_(skill_ids), Entry.state != EntryState.WITHDRAWN)
    )
    for skill, entry, person, name, place, place_name in (*people, *coaches):
        names[skill, f"={person}"].add(entry)
        names[skill, name_hash(safe, name)].add(entry)
        if place is not None:
            places[skill, f"={place}"].add(entry)
            places[skill, place_hash(safe, place_name)].add(entry)
    return _frozen(names), _frozen(places)


def _frozen(found: Mapping[tuple[int, str], Iterable[int]]) -> Found:
    return {key: frozenset(entries) for key, entries in found.items() if key[1] != "=None"}


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
