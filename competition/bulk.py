"""Bulk acts on entries: judge again, approve, withdraw; looked at first, undone as one.

`look` says what would be done to a choice of entries and gives a seal of it; `do` does it in one
transaction, and only if the choice still is what was looked at. What each entry was before stays
in `BulkChange`, so that `undo` can put the whole act back, but for entries that changed since.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, select, update
from sqlalchemy.orm import Session, joinedload

from competition import eligibility, entries_moved, entry_locks, ledger
from competition.database import db, writing
from competition.models import (
    BulkAct,
    BulkChange,
    BulkKind,
    ChangeRequest,
    ChangeState,
    Entry,
    EntryState,
    Period,
    SkillRules,
)
from competition.moment import now
from competition.offload import give_way
from competition.rules import eligibility as rules
from competition.rules.refusal import Refusal

Choice = Sequence[tuple[int, str]]  # entries with their states
CHUNK = 500  # entries named in one statement


@dataclass(frozen=True, slots=True)
class Look:
    """What an act would do: `touched` entries, and how many are left out for which reason: "state",
    "begun" (work has begun in their skill), "rules" (their skill has none), "locked" (its entries
    are locked)."""

    kind: BulkKind
    touched: Choice
    left_out: Counter[str]

    @property
    def seal(self) -> str:
        """Changes with any entry or state in it."""
        return _seal(f"{one}:{state}" for one, state in self.touched)


def look(session: Session, kind: BulkKind, chosen: Choice) -> Look:
    """What the act would do to the chosen entries."""
    ids = [one for one, _state in chosen]
    closed, locked = _closed(session, kind, ids), _locked(session, ids)
    touched, left_out = [], Counter[str]()
    for one, state in chosen:
        if state not in _FROM[kind]:
            left_out["state"] += 1
        elif one in locked:
            left_out["locked"] += 1
        elif one in closed:
            left_out["rules" if kind is BulkKind.JUDGE else "begun"] += 1
        else:
            touched.append((one, state))
    return Look(kind, touched, left_out)


_FROM = {
    BulkKind.JUDGE: eligibility.OPEN,
    BulkKind.APPROVE: (EntryState.ELIGIBLE,),
    BulkKind.WITHDRAW: tuple(one for one in EntryState if one is not EntryState.WITHDRAWN),
}


def _closed(session: Session, kind: BulkKind, ids: Sequence[int]) -> set[int]:
    """Entries in whose skills the act is not possible."""
    if kind is BulkKind.APPROVE:
        return set()
    with_rules = select(SkillRules.skill_id)
    begun = select(Period.skill_id).where(Period.started_at.is_not(None))
    which = (
        Entry.skill_id.not_in(with_rules) if kind is BulkKind.JUDGE else Entry.skill_id.in_(begun)
    )
    return _those(session, ids, which)


def _locked(session: Session, ids: Sequence[int]) -> set[int]:
    """Entries that are locked."""
    found = entry_locks.standings(session, now())
    skills = [skill_id for skill_id, standing in found.items() if standing.is_locked]
    return _those(session, ids, Entry.skill_id.in_(skills)) if skills else set()


def _those(session: Session, ids: Sequence[int], which: ColumnElement[bool]) -> set[int]:
    found: set[int] = set()
    for some in _chunks(ids):
        found |= set(session.scalars(select(Entry.id).where(Entry.id.in_(some), which)))
    return found


def do(kind: BulkKind, chosen: Choice, seal: str, *, reason: str, actor_id: int) -> BulkAct:
    """Do what was looked at; refused where the choice is another one by now."""
    seen = look(db.session(), kind, chosen)
    if not seen.touched:
        raise Refusal(
            "所选报名都不需要这项操作，什么都没有改变。请换一种操作或另选报名。",
            "The act concerns none of the chosen entries; nothing was changed. Choose another act"
            " or other entries.",
        )
    if seen.seal != seal:
        raise _moved()
    if kind is BulkKind.WITHDRAW and not reason.strip():
        raise Refusal(
            "没有写明退出的理由，什么都没有改变。请填写理由。",
            "No reason for withdrawing was given; nothing was changed. Please write one.",
            status=422,
        )
    changes = [change for change in _wanted(seen) if change[1] != change[2]]
    db.session.rollback()  # what was read is compared once more inside the transaction
    with writing() as session:
        entry_locks.hold(session)
        if _locked(session, [one for one, _before, _after in changes]):
            raise _moved()
        act = BulkAct(kind=kind, reason=reason.strip(), count=len(changes), by=actor_id, at=now())
        session.add(act)
        session.flush()
        _move(session, changes)
        rows = [
            {"bulk_id": act.id, "entry_id": one, "before": before, "after": after}
            for one, before, after in changes
        ]
        if rows:
            session.execute(insert(BulkChange), rows)
        states = Counter(f"{before}>{after}" for _one, before, after in changes)
        seal = _seal(f"{one}:{before}:{after}" for one, before, after in changes)
        body = {"kind": str(kind), "count": len(changes), "states": dict(states), "changes": seal}
        _note(session, "entry.bulk", act, body, actor_id)
        return act


def undo(bulk_id: int, *, actor_id: int) -> tuple[int, int]:
    """Put the entries of an act back as they were; how many were, and how many changed since, or
    are locked, and stay as they are. Again changes nothing."""
    with writing() as session:
        entry_locks.hold(session)
        act = session.get(BulkAct, bulk_id)
        if act is None:
            raise Refusal("没有这个批量操作。", "There is no such bulk act.", status=404)
        if act.undone_at is not None:
            raise Refusal(
                "这个批量操作已经撤销过，什么都没有改变。",
                "This bulk act was undone before; nothing was changed.",
            )
        changes = session.execute(
            select(BulkChange.entry_id, BulkChange.after, BulkChange.before)
            .where(BulkChange.bulk_id == act.id)
            .order_by(BulkChange.id)
        ).all()
        since = _changed_since(session, act) | _locked(session, [one for one, *_ in changes])
        back = [(one, after, before) for one, after, before in changes if one not in since]
        if not back:
            raise Refusal(
                "其中的报名之后都有变动或已锁定，没有撤销任何一个。请逐个处理。",
                "All of its entries changed since or are locked; none was put back. See to them one"
                " by one.",
            )
        _move(session, back)
        act.undone_at, act.undone_by = now(), actor_id
        body = {"count": len(back), "left": len(changes) - len(back)}
        _note(session, "entry.bulk_undo", act, body, actor_id)
        return len(back), len(changes) - len(back)


def acts(session: Session, by: int | None = None, limit: int = 50) -> list[BulkAct]:
    """The last acts, the newest first; with `by`, those of one person."""
    found = select(BulkAct).order_by(BulkAct.id.desc()).limit(limit)
    if by is not None:
        found = found.where(BulkAct.by == by)
    return list(session.scalars(found.options(joinedload(BulkAct.actor))))


def _wanted(seen: Look) -> list[tuple[int, str, str]]:
    """Each entry with its state before and after."""
    if seen.kind is BulkKind.JUDGE:
        return _judged(dict(seen.touched))
    after = EntryState.APPROVED if seen.kind is BulkKind.APPROVE else EntryState.WITHDRAWN
    return [(one, state, after.value) for one, state in seen.touched]


def _judged(states: dict[int, str]) -> list[tuple[int, str, str]]:
    """Judged skill by skill before the transaction, which would hold up everybody's marks."""
    skills: set[int] = set()
    for some in _chunks(list(states)):
        skills |= set(db.session.scalars(select(Entry.skill_id).where(Entry.id.in_(some))))
    changes = []
    for skill_id in sorted(skills):
        with Session(db.engine) as session:
            for one in eligibility.judged(session, skill_id):
                if one.entry.id in states:
                    fits = rules.eligible(one.reasons)
                    after = EntryState.ELIGIBLE if fits else EntryState.NOT_ELIGIBLE
                    changes.append((one.entry.id, states[one.entry.id], after.value))
        give_way()  # the site goes on serving
    return changes


def _move(session: Session, changes: Iterable[tuple[int, str, str]]) -> None:
    """Change states, each from the one it is known to have; all of them or none."""
    ways: dict[tuple[str, str], list[int]] = {}
    for one, before, after in changes:
        ways.setdefault((before, after), []).append(one)
    for (before, after), ids in ways.items():
        for some in _chunks(ids):
            moved = session.execute(
                update(Entry)
                .where(Entry.id.in_(some), Entry.state == before)
                .values(state=after)
                .execution_options(synchronize_session=False)
            )
            if moved.rowcount != len(some):  # type: ignore[attr-defined]
                raise _moved()
    for loaded in list(session.identity_map.values()):
        if isinstance(loaded, Entry):
            session.expire(loaded, ["state"])


def _note(session: Session, name: str, act: BulkAct, body: dict[str, Any], actor_id: int) -> None:
    subject = f"bulk:{act.id}"
    ledger.append(session, act=name, subject=subject, body=body, actor_id=actor_id)
    own = select(BulkChange.entry_id).where(BulkChange.bulk_id == act.id)
    skills = entries_moved.skills_of(session, Entry.id.in_(own))
    entries_moved.note(session, skills, subject=subject, actor_id=actor_id)


def _changed_since(session: Session, act: BulkAct) -> set[int]:
    """Entries of the act that are no longer as it left them: another state, a later bulk act, a
    change that a delegation was granted, or for a withdrawal that work has begun."""
    own = (
        select(BulkChange.entry_id)
        .join(Entry, Entry.id == BulkChange.entry_id)
        .where(BulkChange.bulk_id == act.id)
    )
    later = (
        select(BulkChange.entry_id)
        .join(BulkAct, BulkAct.id == BulkChange.bulk_id)
        .where(BulkAct.id > act.id, BulkAct.undone_at.is_(None))
    )
    granted = select(ChangeRequest.entry_id).where(
        ChangeRequest.state == ChangeState.APPROVED,
        ChangeRequest.decided_at > act.at,
        ChangeRequest.entry_id.is_not(None),
    )
    found = set(session.scalars(own.where(Entry.state != BulkChange.after)))
    found |= set(session.scalars(own.where(Entry.id.in_(later))))
    found |= set(session.scalars(own.where(Entry.id.in_(granted))))
    if act.kind == BulkKind.WITHDRAW:
        begun = and_(Period.skill_id == Entry.skill_id, Period.started_at.is_not(None))
        found |= set(session.scalars(own.where(select(Period.id).where(begun).exists())))
    return found


def _seal(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def _moved() -> Refusal:
    return Refusal(
        "您查看之后，名单有了变化，什么都没有改变。请重新查看后再确认。",
        "The list changed since you looked at it; nothing was changed. Look at it again, then"
        " confirm.",
    )
