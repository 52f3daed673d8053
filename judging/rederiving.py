"""The worker's part in the boards: what is kept up to date mark by mark, made again from all rows.

The site folds every mark into cells that it keeps (`kept`); the worker keeps none. So every now and
then it takes the next skill, makes its board from the rows, and compares. Should they differ, an
act in the skill's ledger says so: it moves the revision, and the site, which else only catches up
with what is new, makes everything from the rows itself.
"""

import threading
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import ledger
from competition.database import db, writing
from competition.logs import log
from competition.models import Skill
from judging import kept
from judging.document import documents
from judging.models import PublicBoard

EVERY = 30.0  # seconds between two skills: with 64, each twice an hour
AGAIN = 5.0  # seconds after which a difference is looked at once more
TOLD = ("standings", "progress", "max")  # what marks alone decide; the clock moves by itself
MODE = ("state", "release", "delay", "top")


def step(after: int, look_again: threading.Event) -> int:
    """Compare the next skill after `after` whose stored document shows its present revision; gives
    that skill, 0 when there is none beyond."""
    session = db.session()
    skill_id = session.scalar(
        select(Skill.id)
        .join(PublicBoard, PublicBoard.skill_id == Skill.id)
        .where(Skill.id > after, PublicBoard.revision == Skill.revision)
        .order_by(Skill.id)
        .limit(1)
    )
    if skill_id is None:
        return 0
    found = differs(session, skill_id)
    if found is not None:
        look_again.wait(AGAIN)  # the site may just be storing it
        db.session.rollback()
        if differs(db.session(), skill_id) == found:
            _tell(skill_id, found)
    return skill_id


def differs(session: Session, skill_id: int) -> tuple[int, int] | None:
    """The revision and the sequence of a stored document that does not say what the rows say; None
    when it does, or when something else than marks has moved meanwhile."""
    row = session.get(PublicBoard, skill_id, populate_existing=True)
    kept.forget_all(session, skill_id)
    (made,) = documents(session, [skill_id])
    if (
        row is None
        or made.revision != row.revision
        or _part(row.body, MODE) != _part(made.body, MODE)
    ):
        return None
    same = _part(row.body, TOLD) == _part(made.body, TOLD)
    return None if same else (row.revision, row.sequence)


def _part(body: dict[str, Any], names: tuple[str, ...]) -> list[Any]:
    return [body.get(name) for name in names]


def _tell(skill_id: int, found: tuple[int, int]) -> None:
    revision, sequence = found
    log.error("a board differs from its rows", skill=skill_id, revision=revision, sequence=sequence)
    with writing() as session:
        ledger.append(
            session,
            act=kept.DIFFERS,
            subject=f"skill:{skill_id}",
            body={"sequence": sequence},
            actor_id=None,
            skill_id=skill_id,
        )


def run(app: Flask, stopping: threading.Event) -> None:
    """One skill after the other, until the worker stops."""
    last = 0
    while not stopping.wait(EVERY):
        with app.app_context():
            try:
                last = step(last, stopping)
            except Exception:
                log.exception("boards: not compared with their rows")
            finally:
                db.session.remove()
