"""Boards: keep the one public document of each skill.

`publish` brings a skill's stored document up to date; its `sequence` rises only when the content
changed (decisions 3). Everything the public reads is that document, so HTML, JSON and sockets
cannot differ. Calling it often is harmless and cheap: nothing is computed while the skill's
revision stands still, and nothing is written while the document stays the same.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from flask import current_app
from sqlalchemy import Engine, Text, bindparam, case, cast, func, insert, select, update
from sqlalchemy.orm import Session

from competition.database import db, writing
from competition.models import Skill
from competition.moment import now
from competition.offload import Rest
from competition.prepared import Prepared
from competition.rules.refusal import Refusal
from judging import history, kept, releasing
from judging.document import Document, documents
from judging.models import PublicBoard

AT_ONCE = 16  # skills whose documents are computed together
STORED_AT_ONCE = 4  # documents; a few milliseconds during which marks wait for the lock


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A stored public document: what is sent, its sequence and the tag that names it."""

    body: dict[str, Any]
    sequence: int
    kept: dict[str, bytes] = field(default_factory=dict, compare=False, repr=False)

    @property
    def encoded(self) -> bytes:
        """The document as JSON, encoded once for all who ask this process."""
        if "json" not in self.kept:
            text = json.dumps(self.body, ensure_ascii=False, separators=(",", ":"))
            self.kept["json"] = text.encode()
        return self.kept["json"]

    @property
    def etag(self) -> str:
        subject = self.body["skill"]["code"] if "skill" in self.body else self.body["kind"]
        return f"{subject}-{self.sequence}"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a skill stands: `revision` for staff, `sequence` of its public document (0: none).
    `turn` goes on by itself where marks come out late: what it shows changes while nobody acts."""

    skill_id: int
    code: str
    revision: int
    sequence: int
    turn: int = 0


_POSITIONS = (
    select(
        Skill.id,
        Skill.code,
        Skill.revision,
        func.coalesce(PublicBoard.sequence, 0),
        case((Skill.locked_at.is_(None), Skill.release_delay), else_=0),
    )
    .outerjoin(PublicBoard, PublicBoard.skill_id == Skill.id)
    .order_by(Skill.id)
)


_BY_CODE = Prepared(_POSITIONS.where(Skill.code == bindparam("code")))
_ALL = Prepared(_POSITIONS)


def positions(skill_ids: Collection[int] | None = None) -> list[Position]:
    """The position of every skill, or of some, in one query."""
    db.session.rollback()  # an older look of this request must not hide newer rows
    if skill_ids is None:
        return [_position(row) for row in _ALL.rows(db.session(), {})]
    wanted = _POSITIONS.where(Skill.id.in_(skill_ids))
    return [_position(row) for row in db.session.execute(wanted)]


def _position(row: Sequence[Any]) -> Position:
    skill_id, code, revision, sequence, delay = row
    return Position(skill_id, code, revision, sequence, kept.turn(now()) if delay else 0)


_board = PublicBoard.__table__.c
_STORED = Prepared(
    select(_board.sequence, _board.digest)
    .where(_board.skill_id == bindparam("skill"))
    .with_for_update()
)
_BODY = Prepared(
    select(cast(_board.body, Text), _board.sequence).where(_board.skill_id == bindparam("skill"))
)
_SEQUENCES = Prepared(select(_board.skill_id, _board.sequence).order_by(_board.skill_id))
_VALUES: dict[str, Any] = {
    "sequence": bindparam("number", type_=_board.sequence.type),
    "revision": bindparam("seen", type_=_board.revision.type),
    "digest": bindparam("tag", type_=_board.digest.type),
    "body": bindparam("said", type_=_board.body.type),
    "changed_at": bindparam("at", type_=_board.changed_at.type),
}
_ADD = Prepared(insert(PublicBoard).values(skill_id=bindparam("skill"), **_VALUES))
_OF_SKILL = update(PublicBoard).where(PublicBoard.skill_id == bindparam("skill"))
_CHANGE = Prepared(_OF_SKILL.values(**_VALUES))
_LOOKED_AT = Prepared(_OF_SKILL.values(revision=_VALUES["revision"]))

# What this process last computed, per database: skill → (revision and turn, document). It spares a
# look at the marks where only sealed activity moved the revision; the document is the stored one.
Looked = dict[int, tuple[tuple[int, int], Snapshot]]
_looked: WeakKeyDictionary[Engine, Looked] = WeakKeyDictionary()
_NEVER = (-1, 0)


def of(code: str) -> Snapshot | None:
    """The public document of the skill with this code: one query, while nothing moves."""
    db.session.rollback()
    row = _BY_CODE.first(db.session(), {"code": code})
    return publish([_position(row)]).get(row[0]) if row else None


def snapshot(skill: Skill) -> Snapshot:
    """The public document of a skill, brought up to date first if something has moved."""
    shot = publish(positions([skill.id])).get(skill.id)
    if shot is None:
        raise not_yet()
    return shot


def not_yet() -> Refusal:
    """What a process that only reads says of a board that the site has not made yet."""
    return Refusal(
        "榜单还没有生成，请稍后刷新。",
        "This board is not there yet. Reload the page in a moment.",
        status=503,
    )


def several(codes: Collection[str]) -> list[Snapshot]:
    """The public documents of the skills with these codes; unknown ones are left out."""
    ids = db.session.scalars(select(Skill.id).where(Skill.code.in_(codes))).all() if codes else ()
    return list(publish(positions(ids)).values()) if ids else []


def publish(skills: Iterable[Position]) -> dict[int, Snapshot]:
    """Compute the public documents of skills and store those that changed.

    Some at a time, and marks are let in between: they wait for nobody. Computing holds no lock; a
    document is stored only while nothing but marks has come since, which the next look takes in;
    else it is computed again under the lock. A process that only reads (`podium live`) gives what
    is stored, and leaves out what never was.
    """
    looked = _looked.setdefault(db.engine, {})
    if current_app.config["READS_ONLY"]:
        return as_stored(skills)
    out: dict[int, Snapshot] = {}
    moved: dict[int, int] = {}  # → turn
    for at in skills:
        seen, shot = looked.get(at.skill_id, (_NEVER, None))
        if shot is not None and (*seen, shot.sequence) == (at.revision, at.turn, at.sequence):
            out[at.skill_id] = shot
        else:
            moved[at.skill_id] = at.turn
    if moved:
        releasing.carry_out(now())
    ids, rest = list(moved), Rest()
    for first in range(0, len(ids), AT_ONCE):
        rest.if_due()
        db.session.rollback()
        few = {one: moved[one] for one in ids[first : first + AT_ONCE]}
        out |= _publish(few, looked)
    return out


def as_stored(skills: Iterable[Position]) -> dict[int, Snapshot]:
    """The documents as they are stored; a skill whose document was never made is left out."""
    looked, out = _looked.setdefault(db.engine, {}), {}
    for at in skills:
        _seen, shot = looked.get(at.skill_id, (_NEVER, None))
        if at.sequence and (shot is None or shot.sequence != at.sequence):
            shot = _stored(db.session(), at.skill_id)
            looked[at.skill_id] = (_NEVER, shot)
        if shot is not None:
            out[at.skill_id] = shot
    return out


def _publish(moved: Mapping[int, int], looked: Looked) -> dict[int, Snapshot]:
    session, out = db.session(), {}
    changed: list[Document] = []
    for found in documents(session, moved):
        _seen, known = looked.get(found.skill_id, (_NEVER, None))
        shot = _unchanged(session, found, known)
        if shot is None:
            changed.append(found)
            continue
        out[found.skill_id] = shot
        looked[found.skill_id] = ((found.revision, moved[found.skill_id]), shot)
    for first in range(0, len(changed), STORED_AT_ONCE):
        few = [(one, digest_of(one.body)) for one in changed[first : first + STORED_AT_ONCE]]
        with writing() as writer:
            written = [_store(writer, one, digest) for one, digest in few]
        for skill_id, revision, shot in written:
            out[skill_id] = shot
            looked[skill_id] = ((revision, moved[skill_id]), shot)
    return out


def _unchanged(session: Session, found: Document, known: Snapshot | None) -> Snapshot | None:
    """What is stored, if it says the same. Where this process has it in mind, no digest is made: to
    compare takes a tenth of the time."""
    if known is not None and known.sequence == found.stored_sequence:
        return known if known.body == {**found.body, "sequence": known.sequence} else None
    if digest_of(found.body) == found.stored_digest:
        return _stored(session, found.skill_id)
    return None


def digest_of(body: dict[str, Any]) -> str:
    """What tells one content of a public document from another."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _stored(session: Session, skill_id: int) -> Snapshot:
    found = _BODY.first(session, {"skill": skill_id})
    assert found is not None
    return Snapshot(json.loads(found[0]), found[1])


def stored(session: Session) -> list[dict[str, Any]]:
    """Every stored document, in the skills' order, as this transaction sees them; what this process
    has in mind is not read again."""
    looked, out = _looked.setdefault(db.engine, {}), []
    for skill_id, sequence in _SEQUENCES.rows(session, {}):
        _seen, shot = looked.get(skill_id, (_NEVER, None))
        if shot is None or shot.sequence != sequence:
            shot = _stored(session, skill_id)
        out.append(shot.body)
    return out


def _store(session: Session, found: Document, now_digest: str) -> tuple[int, int, Snapshot]:
    """Write a document; gives the skill, the revision that it shows, and what is stored now."""
    skill = {"skill": found.skill_id}
    row = _STORED.first(session, skill)
    acted = kept.other_acts(session, found.skill_id, found.revision)
    if acted or (row is not None and row[1] != found.stored_digest):
        (found,) = documents(session, [found.skill_id])
        now_digest = digest_of(found.body)
    sequence, digest = row or (0, "")
    if digest == now_digest:
        _LOOKED_AT.changed(session, skill | {"seen": found.revision})
        return found.skill_id, found.revision, _stored(session, found.skill_id)
    body = {**found.body, "sequence": sequence + 1}
    at = now()
    values = {
        "skill": found.skill_id,
        "number": sequence + 1,
        "seen": found.revision,
        "tag": now_digest,
        "said": body,
        "at": at,
    }
    (_ADD if row is None else _CHANGE).changed(session, values)
    history.keep(session, found.skill_id, body, at)
    return found.skill_id, found.revision, Snapshot(body, sequence + 1)


def all_bodies() -> list[dict[str, Any]]:
    """Every skill's public document, in the skills' order, stale ones brought up to date."""
    shots = publish(positions())
    return [shots[skill_id].body for skill_id in sorted(shots)]
