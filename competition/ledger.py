"""The ledger: append an act to a chain, and walk a chain to prove it whole.

A chain belongs to a skill, or to the competition for all that concerns no skill (decisions 10).
Its number is `Skill.revision`: one guarded update of one row keeps both in order.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable, bindparam, insert, select, update
from sqlalchemy.orm import Session

from competition.models import Competition, LedgerRow, Skill
from competition.moment import iso, now
from competition.rules.refusal import Refusal

# One mark is one act, so these statements are made once: making them cost more than running them.
_HEAD: dict[type[Skill] | type[Competition], Executable] = {
    Skill: select(Skill.id, Skill.revision, Skill.ledger_head)
    .where(Skill.id == bindparam("id"))
    .with_for_update(of=Skill),
    Competition: select(
        Competition.id, Competition.revision, Competition.ledger_head
    ).with_for_update(),
}
_MOVE = {
    owner: update(owner.__table__)  # type: ignore[arg-type]
    .where(
        owner.__table__.c.id == bindparam("its_id"),
        owner.__table__.c.revision == bindparam("its_revision"),
    )
    .values(revision=bindparam("revision"), ledger_head=bindparam("ledger_head"))
    for owner in (Skill, Competition)
}
_ROW = insert(LedgerRow.__table__)  # type: ignore[arg-type]
_COLUMNS = [column.name for column in LedgerRow.__table__.columns if column.name != "id"]


def digest(row: LedgerRow) -> str:
    """SHA-256 of a row's canonical JSON, the hash of the row before it included."""
    fields = {
        "chain": row.skill_id,
        "number": row.number,
        "at": iso(row.at),
        "actor": row.actor_id,
        "act": row.act,
        "subject": row.subject,
        "body": row.body,
        "previous": row.previous,
    }
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def append(
    session: Session,
    *,
    act: str,
    subject: str,
    body: dict[str, Any],
    actor_id: int | None,
    skill_id: int | None = None,
) -> int:
    """Add an act inside the caller's transaction; gives its number, the chain's new revision.

    `body` holds JSON values only, no floats and nothing personal. Times are cut to milliseconds,
    as the hash sees them. While an organiser looks at the site as somebody else, whatever seeing
    it notes is the organiser's act and names both.
    """
    session.flush()  # what the act speaks of goes first
    onlooker, seen_as = session.info.get("looks_on", (None, None))
    if onlooker is not None and actor_id == seen_as:
        actor_id, body = onlooker, body | {"as": seen_as}
    owner: type[Skill] | type[Competition] = Competition if skill_id is None else Skill
    head = session.execute(_HEAD[owner], {} if skill_id is None else {"id": skill_id}).first()
    if head is None:
        raise Refusal("没有这个赛项，什么都没有写入。", "No such skill; nothing was written.")
    at = now()
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    row = LedgerRow(
        skill_id=skill_id,
        number=head.revision + 1,
        at=at,
        actor_id=actor_id,
        act=act,
        subject=subject,
        body=body,
        previous=head.ledger_head,
    )
    row.hash = digest(row)
    connection = session.connection()
    connection.execute(_ROW, {name: getattr(row, name) for name in _COLUMNS})
    moved = {"its_id": head.id, "its_revision": head.revision}
    moved |= {"revision": row.number, "ledger_head": row.hash}
    changed = connection.execute(_MOVE[owner], moved)
    if changed.rowcount != 1:
        raise RuntimeError(f"chain {skill_id} moved under its writer")
    loaded = session.identity_map.get(session.identity_key(owner, head.id))
    if loaded is not None:
        session.expire(loaded, ["revision", "ledger_head"])
    return row.number


@dataclass(frozen=True, slots=True)
class Walk:
    """What walking a chain found. `bad` is the number of the first row that does not fit."""

    skill_id: int | None
    rows: int
    head: str
    bad: int | None
    why: str

    @property
    def ok(self) -> bool:
        return self.bad is None


def walk(session: Session, skill_id: int | None) -> Walk:
    """Walk one chain from its first row to its head and stop at the first row that does not fit."""
    rows = session.scalars(
        select(LedgerRow).where(LedgerRow.skill_id == skill_id).order_by(LedgerRow.number)
        if skill_id is not None
        else select(LedgerRow).where(LedgerRow.skill_id.is_(None)).order_by(LedgerRow.number)
    )
    previous, number = "", 0
    for row in rows:
        number += 1
        if row.number != number:
            return Walk(skill_id, number - 1, previous, number, "a row is missing")
        if row.previous != previous:
            return Walk(skill_id, number, previous, number, "does not follow the row before it")
        if row.hash != digest(row):
            return Walk(skill_id, number, previous, number, "was changed after it was written")
        previous = row.hash
    owner: Skill | Competition | None
    if skill_id is None:
        owner = session.scalars(select(Competition)).first()
    else:
        owner = session.get(Skill, skill_id)
    if owner is not None and (owner.revision, owner.ledger_head) != (number, previous):
        return Walk(skill_id, number, previous, number + 1, "rows were cut off at the end")
    return Walk(skill_id, number, previous, None, "")
