"""The ledger: append an act to a chain, and walk a chain to prove it whole.

A chain belongs to a skill, or to the competition for all that concerns no skill (decisions 10).
Its number is `Skill.revision`: one guarded update of one row keeps both in order.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import bindparam, insert, select, true, update
from sqlalchemy.orm import Session

from competition import json_text, verify_ledger
from competition.models import Competition, LedgerRow, Skill
from competition.moment import iso, now
from competition.prepared import Prepared
from competition.rules.refusal import Refusal
from competition.verify_ledger import Walk

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


def fields(row: Mapping[str, Any]) -> dict[str, Any]:
    """What of a row is hashed, as plain JSON values."""
    return {
        "chain": row["skill_id"],
        "number": row["number"],
        "at": iso(row["at"]),
        "actor": row["actor_id"],
        "act": row["act"],
        "subject": row["subject"],
        "body": row["body"],
        "previous": row["previous"],
    }


def digest(row: Mapping[str, Any]) -> str:
    """SHA-256 of a row's canonical JSON, the hash of the row before it included."""
    return hashlib.sha256(json_text.canonical(fields(row))).hexdigest()


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
    if session.identity_map:
        loaded = session.identity_map.get(session.identity_key(owner, its_id))
        if loaded is not None:
            session.expire(loaded, ["revision", "ledger_head"])
    return revision + 1


def rows(session: Session, skill_id: int | None) -> Iterator[dict[str, Any]]:
    """One chain's rows by their numbers, as plain JSON values, each with its hash."""
    wanted = LedgerRow.skill_id.is_(None) if skill_id is None else LedgerRow.skill_id == skill_id
    columns = [getattr(LedgerRow, name) for name in _COLUMNS]
    asked = select(*columns).where(wanted).order_by(LedgerRow.number, LedgerRow.id)
    for row in session.execute(asked.execution_options(yield_per=2000)).mappings():
        yield {**fields(dict(row)), "hash": row["hash"]}


def end(session: Session, skill_id: int | None) -> tuple[int, str]:
    """The number and the hash of a chain's last row, as its owner knows them."""
    if skill_id is None:
        asked = select(Competition.revision, Competition.ledger_head)
    else:
        asked = select(Skill.revision, Skill.ledger_head).where(Skill.id == skill_id)
    found = session.execute(asked).first()
    return (found[0], found[1]) if found is not None else (0, "")


def walk(
    session: Session,
    skill_id: int | None,
    look: Callable[[Mapping[str, Any]], object] = lambda row: None,
) -> Walk:
    """Walk one chain from its first row to its head and stop at the first row that does not fit."""
    return verify_ledger.walk(rows(session, skill_id), end(session, skill_id), look)
