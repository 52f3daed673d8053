"""Boards over all skills: keep the public document of each kind (`rules/overall`).

They are made from the skills' stored documents, and made again only when one of those has changed;
the timetable likewise from the working periods.
A document is written from what is stored at that moment, under the writers' lock, so that a
process that saw older documents never puts an older board over a newer one.
"""

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from flask import current_app
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from competition.database import db, writing
from competition.models import Delegation
from competition.moment import now
from competition.offload import Rest
from competition.prepared import Prepared
from judging import apart, results
from judging.models import OverallBoard
from judging.results import Snapshot, digest_of
from judging.rules.overall import APART, DOCUMENTS, KINDS, Called, official

_CALLED = Prepared(
    select(Delegation.code, Delegation.name_zh, Delegation.name_en).order_by(Delegation.id)
)

_SEQUENCES = Prepared(select(OverallBoard.kind, OverallBoard.sequence))

Basis = tuple[object, ...]  # what a kind is made from, as far as it can change

# What this process last looked at, per database: kind → (what it was made from, document).
_looked: WeakKeyDictionary[Engine, dict[str, tuple[Basis, Snapshot]]] = WeakKeyDictionary()


def snapshot(kind: str) -> Snapshot:
    """The document of one kind."""
    shot = snapshots().get(kind)
    if shot is None:
        raise results.not_yet()
    return shot


def snapshots() -> dict[str, Snapshot]:
    """The documents of all kinds, made anew if a skill has moved; in a process that only reads,
    those that are stored."""
    if current_app.config["READS_ONLY"]:
        return as_stored()
    return of_all(results.all_bodies())


def of_all(bodies: Sequence[dict[str, Any]]) -> dict[str, Snapshot]:
    """The documents of all kinds for these documents of all skills, stored if they say anything
    new."""
    known = called(db.session())
    looked = _looked.setdefault(db.engine, {})
    out: dict[str, Snapshot] = {}
    rest = Rest()
    for kind in DOCUMENTS:
        rest.if_due()
        basis = _basis(kind, bodies, known)
        before, shot = looked.get(kind, (None, None))
        if shot is None or before != basis:
            shot = _publish(kind, bodies)
            looked[kind] = (basis, shot)
        out[kind] = shot
    return out


def as_stored() -> dict[str, Snapshot]:
    """The documents of all kinds as they are stored."""
    db.session.rollback()  # an older look of this request must not hide newer rows
    session, looked = db.session(), _looked.setdefault(db.engine, {})
    for kind, sequence in _SEQUENCES.rows(session, {}):
        _before, shot = looked.get(kind, ((), None))
        if shot is None or shot.sequence != sequence:
            row = session.get_one(OverallBoard, kind, populate_existing=True)
            looked[kind] = ((), Snapshot(row.body, row.sequence))
    return {kind: shot for kind, (_before, shot) in looked.items()}


def _basis(kind: str, bodies: Sequence[dict[str, Any]], known: Sequence[Called]) -> Basis:
    """While marks rain, boards that only official results move are not computed again."""
    if kind in APART:
        return apart.basis(db.session(), kind, bodies)
    counted = bodies if kind == "now" else official(bodies)
    return (
        len(bodies),
        *((body["skill"]["code"], body["sequence"]) for body in counted),
        *(known if kind == "delegations" else ()),
    )


def _publish(kind: str, bodies: Sequence[dict[str, Any]]) -> Snapshot:
    """The stored document when it says the same, else a new one."""
    row = db.session.get(OverallBoard, kind, populate_existing=True)
    if row is not None and row.digest == digest_of(_body(db.session(), kind, bodies)):
        return Snapshot(row.body, row.sequence)
    with writing() as session:
        return _store(session, kind)


def _body(session: Session, kind: str, bodies: Sequence[dict[str, Any]]) -> dict[str, Any]:
    if kind in APART:
        return apart.body(session, kind, bodies)
    return KINDS[kind](bodies, called(session))


def _store(session: Session, kind: str) -> Snapshot:
    row = session.get(OverallBoard, kind, populate_existing=True, with_for_update=True)
    body = _body(session, kind, results.stored(session))
    digest = digest_of(body)
    if row is None:
        row = OverallBoard(kind=kind, sequence=0, digest="")
        session.add(row)
    if row.digest != digest:
        row.digest = digest
        row.sequence += 1
        row.body = {**body, "sequence": row.sequence}
        row.changed_at = now()
    return Snapshot(row.body, row.sequence)


def called(session: Session) -> list[Called]:
    """Every delegation: its code and its two names."""
    return [(code, zh, en) for code, zh, en in _CALLED.rows(session, {})]
