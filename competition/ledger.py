"""The ledger: append an act to a chain, and walk a chain to prove it whole.

A chain belongs to a skill, or to the competition for all that concerns no skill (decisions 10).
Its number is `Skill.revision`: one guarded update of one row keeps both in order.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, true, update
from sqlalchemy.orm import Session

from competition.models import Competition, LedgerRow, Skill
from competition.moment import iso, now
from competition.prepared import Prepared
from competition.rules.refusal import Refusal

# One mark is one act, so these are made once: making them costs more than running them.
_HEAD = {
    owner: Prepared(
        select(owner.id, owner.revision, owner.ledger_head).where(which).with_for_update()
    )
    for owner, which in ((Skill, Skill.id == bindparam("skill")), (Competition, true()))
}
_MOVE = {
    owner: Prepared(
        update(owner)
        .where(owner.id == bindparam("its_id"), owner.revision == bindparam("its_revision"))
        .values(revision=bindparam("number"), ledger_head=bindparam("head"))
    )
    for owner in (Skill, Competition)
}
_COLUMNS = [column.name for column in LedgerRow.__table__.columns if column.name != "id"]
_ROW = Prepared(insert(LedgerRow).values(dict.fromkeys(_COLUMNS)))


def digest(row: Mapping[str, Any]) -> str:
    """SHA-256 of a row's canonical JSON, the hash of the row before it included."""
    fields = {
        "chain": row["skill_id"],
        "number": row["number"],
        "at": iso(row["at"]),
        "actor": row["actor_id"],
        "act": row["act"],
        "subject": row["subject"],
        "body": row["body"],
        "previous": row["previous"],
    }
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def row_of(row: LedgerRow) -> dict[str, Any]:
    """A row's values by the names of their columns, as `digest` takes them."""
    return {name: getattr(row, name) for name in _COLUMNS}


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
    head = _HEAD[owner].first(session, {"skill": skill_id})
    if head is None:
        raise Refusal("没有这个赛项，什么都没有写入。", "No such skill; nothing was written.")
    its_id, revision, previous = int(head[0]), int(head[1]), str(head[2])
    at = now()
    row: dict[str, Any] = {
        "skill_id": skill_id,
        "number": revision + 1,
        "at": at.replace(microsecond=at.microsecond // 1000 * 1000),
        "actor_id": actor_id,
        "act": act,
        "subject": subject,
        "body": body,
        "previous": previous,
    }
    row["hash"] = digest(row)
    _ROW.changed(session, row)
    moved = {"its_id": its_id, "its_revision": revision}
    if _MOVE[owner].changed(session, moved | {"number": revision + 1, "head": row["hash"]}) != 1:
        raise RuntimeError(f"chain {skill_id} moved under its writer")
    loaded = session.identity_map.get(session.identity_key(owner, its_id))
    if loaded is not None:
        session.expire(loaded, ["revision", "ledger_head"])
    return revision + 1


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
        if row.hash != digest(row_of(row)):
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
