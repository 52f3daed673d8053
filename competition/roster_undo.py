"""Undoing a batch: what the import changed is put back, all of it or, with one doubt, nothing.

A row may be undone while everything the import wrote still stands as it wrote it. Whatever came on
top, a change, an approval, a paper, a later roster, work that has begun, is somebody else's act:
then the rows are named and nothing is touched.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from competition import (
    answers,
    entries_moved,
    entry_locks,
    ledger,
    roster_back,
    roster_batches,
    roster_claims,
)
from competition.among import among
from competition.database import db, writing
from competition.models import (
    Affiliation,
    BatchState,
    Entry,
    EntryState,
    Member,
    Person,
    RosterRow,
    Skill,
)
from competition.moment import now
from competition.privacy import PHONE, Vault, vault
from competition.roster_back import Back, Done
from competition.roster_claims import Claim
from competition.roster_sealed import open_before, open_row
from competition.roster_standing import coaches_of, started
from competition.rules.refusal import Refusal
from competition.seen import Seen

# Judged by the machine since, or not yet: nobody's act.
_FREE = (EntryState.ENTERED, EntryState.ELIGIBLE, EntryState.NOT_ELIGIBLE)
_TOLD = 10  # rows that a sentence names


@dataclass(slots=True)
class _There:
    """What stands now, loaded for all rows at once."""

    people: dict[int, dict[str, Any]] = field(default_factory=dict)
    entries: dict[int, dict[str, Any]] = field(default_factory=dict)
    members: dict[int, dict[int, str | None]] = field(default_factory=lambda: defaultdict(dict))
    coaches: dict[int, list[tuple[str, str | None, int | None]]] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)  # entries that other rows speak of
    later: set[int | None] = field(default_factory=set)  # entries that a later batch changed
    started: frozenset[str] = frozenset()


def order(batch_id: int, *, actor_id: int) -> None:
    """Ask for a batch to be undone; asked for twice, it happens once."""
    with writing() as session:
        batch = roster_batches.found(session, batch_id)
        if batch.state in (BatchState.UNDOING, BatchState.UNDONE):
            return
        if batch.state == BatchState.JUDGING:
            raise Refusal(
                "这个批次刚导入，正在审核资格，什么都没有改变。请稍等片刻再撤销。",
                "This batch was just imported and its entries are being judged; nothing was"
                " changed. Undo it in a moment.",
            )
        if batch.state != BatchState.IMPORTED:
            raise Refusal(
                "这个批次没有导入，没有可以撤销的内容。",
                "This batch was not imported; there is nothing to undo.",
            )
        if not batch.by_office and not roster_batches.is_open(batch.stage, now()):
            raise Refusal(
                "报名已截止，名册不能再撤销，什么都没有改变。请联系秘书处。",
                "Entries are closed, so a roster stays; nothing was changed. Ask the secretariat.",
            )
        batch.state, batch.claimed_until = BatchState.UNDOING, None
        batch.undone_by = actor_id
        batch.sentence_zh = batch.sentence_en = ""


@dataclass(slots=True)
class _Work:
    """What was looked at, what of it cannot be undone, and what is to be written."""

    seen: Seen
    skills: list[int]
    doubtful: list[int]  # row numbers
    back: Back


def run(held: Claim) -> None:
    """Undo a claimed batch, to its end. What takes time is done before the transaction opens; in
    it everything that was read is read again, and where it moved the rest is done again too."""
    roster_claims.tell(held, "prepare", 0, 0)
    safe = vault()
    done = list(_rows(db.session(), safe, held.batch_id))
    roster_claims.tell(held, "prepare", 0, len(done))  # the lease goes on
    work = _work(db.session(), safe, done, held.batch_id)
    db.session.remove()
    roster_claims.tell(held, "undo", 0, len(done))
    with writing() as session:
        batch = roster_claims.ours(session, held)
        if not work.seen.still_so(session):
            work = _work(session, safe, done, batch.id)
        entry_locks.require_open(session, *work.skills)
        if work.doubtful:
            raise _doubtful(work.doubtful)
        session.execute(delete(RosterRow).where(RosterRow.batch_id == batch.id))
        subject = f"roster:{batch.id}"
        entries_moved.note(session, work.skills, subject=subject, actor_id=batch.undone_by)
        roster_back.write(session, work.back)
        answers.recount_touched(session, {row.entry_id for row in done})
        counts = roster_claims.lasting(batch.counts)
        roster_claims.settle(batch, BatchState.UNDONE, counts)
        batch.undone_at = now()
        body = {"rows": len(done)}
        ledger.append(
            session, act="roster.undo", subject=f"roster:{batch.id}", body=body,
            actor_id=batch.undone_by,
        )  # fmt: skip


def _work(session: Session, safe: Vault, done: list[Done], batch_id: int) -> _Work:
    """Reads only."""
    seen = Seen(session)
    there = _there(seen, safe, done, batch_id)
    wrote: dict[int, set[int]] = defaultdict(set)
    for row in done:
        wrote[row.entry_id].add(row.person_id)
    doubtful = sorted(row.number for row in done if not _stands(row, there, wrote))
    skills = sorted({entry["skill_id"] for entry in there.entries.values()})
    return _Work(seen, skills, doubtful, roster_back.plan(seen, safe, done))


def first_names(session: Session, batch_id: int, number: int = 5) -> list[str]:
    """Whom an undo concerns, for the question before it."""
    asked = (
        select(RosterRow.number, RosterRow.sealed)
        .where(RosterRow.batch_id == batch_id, RosterRow.before_sealed.is_not(None))
        .order_by(RosterRow.number)
        .limit(number)
    )
    safe = vault()
    return [open_row(safe, row, sealed or b"").name for row, sealed in session.execute(asked)]


def _rows(session: Session, safe: Vault, batch_id: int) -> Iterator[Done]:
    asked = select(
        RosterRow.number, RosterRow.person_id, RosterRow.entry_id, RosterRow.sealed,
        RosterRow.before_sealed,
    ).where(RosterRow.batch_id == batch_id, RosterRow.before_sealed.is_not(None))  # fmt: skip
    for number, person_id, entry_id, sealed, before in session.execute(
        asked.order_by(RosterRow.number)
    ):
        name = open_row(safe, number, sealed or b"").name
        was = open_before(safe, before or b"")
        yield Done(number, person_id or 0, entry_id or 0, name, was)


def _there(seen: Seen, safe: Vault, done: Collection[Done], batch_id: int) -> _There:
    out = _There(started=seen.value(started))
    entry_ids = sorted({row.entry_id for row in done})
    people = (
        select(Person.id, Person.name, Person.sex, Person.born_on, Person.phone_sealed,
               Affiliation.name)
        .outerjoin(Affiliation, Affiliation.id == Person.affiliation_id)
        .where(among(Person.id, {row.person_id for row in done}))
    )  # fmt: skip
    for its_id, name, sex, born_on, phone, home in seen.rows(people):
        out.people[its_id] = {
            "name": name,
            "sex": sex,
            "born_on": born_on.isoformat() if born_on else None,
            "phone": safe.open(PHONE, phone) if phone else None,
            "affiliation": home,
        }
    entries = (
        select(Entry.id, Entry.state, Entry.is_reserve, Entry.skill_id, Skill.code)
        .join(Skill, Skill.id == Entry.skill_id)
        .where(among(Entry.id, entry_ids))
    )
    for its_id, state, is_reserve, skill_id, skill in seen.rows(entries):
        entry = {"state": state, "is_reserve": is_reserve, "skill": skill}
        out.entries[its_id] = entry | {"skill_id": skill_id}
    members = select(Member.entry_id, Member.person_id, Member.status)
    for entry_id, person_id, status in seen.rows(members.where(among(Member.entry_id, entry_ids))):
        out.members[entry_id][person_id] = status
    later = select(RosterRow.entry_id).where(
        among(RosterRow.entry_id, entry_ids), RosterRow.batch_id > batch_id
    )
    out.later = {entry_id for (entry_id,) in seen.rows(later.distinct())}
    out.coaches = coaches_of(seen, entry_ids)
    made = [row.entry_id for row in done if row.before.get("entry") == "new"]
    out.used = roster_back.used(seen, Entry, made)
    return out


def _stands(row: Done, there: _There, wrote: dict[int, set[int]]) -> bool:
    """Whether everything that the row wrote is still as it wrote it. `wrote`: entry → the members
    that the batch gave it."""
    entry, person = there.entries.get(row.entry_id), there.people.get(row.person_id)
    if entry is None or person is None or row.person_id not in there.members[row.entry_id]:
        return False
    if entry["skill"] in there.started or row.entry_id in there.later:
        return False
    return (
        _entry_stands(row, entry, there, wrote[row.entry_id])
        and _person_stands(row, person)
        and _member_stands(row, there)
    )


def _entry_stands(row: Done, entry: dict[str, Any], there: _There, wrote: set[int]) -> bool:
    changed = row.before.get("entry")
    if changed == "new":
        fresh = entry["state"] in _FREE and row.entry_id not in there.used
        return fresh and set(there.members[row.entry_id]) == wrote
    return changed is None or _as_written(changed, entry)


def _person_stands(row: Done, person: dict[str, Any]) -> bool:
    changed = row.before.get("person")
    if changed == "new":
        return bool(person["name"] == row.name)
    return changed is None or _as_written(changed, person)


def _member_stands(row: Done, there: _There) -> bool:
    changed = row.before.get("member")
    status = {"status": there.members[row.entry_id][row.person_id]}
    if isinstance(changed, dict) and not _as_written(changed, status):
        return False
    if "coaches" not in row.before:
        return True
    now_there = [[name, home] for name, home, _ in there.coaches.get(row.entry_id, [])]
    return now_there == [list(one) for one in row.before["coaches"][1]]


def _as_written(changed: dict[str, list[Any]], there: dict[str, Any]) -> bool:
    return all(
        there[what] == after or (what == "state" and there[what] in _FREE)
        for what, (_, after) in changed.items()
    )


def _doubtful(numbers: list[int]) -> Refusal:
    told = "、".join(map(str, numbers[:_TOLD])) + ("…" if len(numbers) > _TOLD else "")
    english = ", ".join(map(str, numbers[:_TOLD])) + ("…" if len(numbers) > _TOLD else "")
    return Refusal(
        f"有 {len(numbers)} 行在导入之后又有更改、已批准或已开赛，没有撤销任何一行：第 {told} 行。"
        "请在这些报名的页面逐个处理。",
        f"{len(numbers)} rows were changed or approved since, or their skill has started, so none"
        f" was undone: row {english}. Deal with those entries on their own pages.",
    )
