"""What was found of conflicts becomes recusals: noted in the skill's ledger, so that no mark moves
without an act, and when what bound a judge is gone or overridden, ended there.

`note` is called after every declaration and appointment, and once a minute by the worker for what a
roster or the register brought. Between two notes `admission` looks for itself.
"""

import json
import threading
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from competition import conflicts, ledger
from competition.database import db, writing
from competition.logs import log
from competition.models import Grant, Role, Skill
from competition.moment import iso, now
from competition.privacy import vault
from competition.rules.conflicts import Tie
from judging import seats
from judging.models import ConflictOverride, Observation, Recusal

SOURCE = "conflict"
EVERY = 60.0  # seconds between two looks of the worker
Pair = tuple[int, int]  # judge, entry


def note(skill_id: int, *, actor_id: int | None) -> int:
    """Bring a skill's recusals to what is found now; gives how many began or ended."""
    if not any(_due(db.session(), skill_id)):
        return 0
    with writing() as session:
        return note_in(session, skill_id, actor_id)


def note_in(session: Session, skill_id: int, actor_id: int | None) -> int:
    """The same inside the caller's transaction. A locked skill no longer moves."""
    skill = session.get(Skill, skill_id)
    if skill is None or skill.locked_at is not None:
        return 0
    begin, end = _due(session, skill_id)
    if not begin and not end:
        return 0
    last, at = seats.last_observation(session, skill_id), now()
    for row in end:
        row.until, row.ended_at, row.ended_by = last, at, actor_id
    first = _declared_first(session, skill_id, begin)
    began = [
        Recusal(
            skill_id=skill_id,
            judge_id=judge,
            entry_id=entry,
            source=SOURCE,
            ties=[tie.value for tie in ties],
            from_start=(judge, entry) in first,
            since=last,
            by=None,
            at=at,
        )
        for (judge, entry), ties in begin.items()
    ]
    session.add_all(began)
    session.flush()
    ledger.append(
        session,
        act="conflicts.note",
        subject=f"skill:{skill_id}",
        body={
            "began": [{"recusal": row.id, "seal": seal(row)} for row in began],
            "ended": [{"recusal": row.id, "seal": seal(row)} for row in end],
        },
        actor_id=actor_id,
        skill_id=skill_id,
    )
    return len(began) + len(end)


def note_all() -> int:
    """Every skill whose marks are open and that has judges; gives how many changed."""
    session = db.session()
    judged = exists().where(Grant.skill_id == Skill.id, Grant.role == Role.JUDGE)
    asked = select(Skill.id).where(Skill.locked_at.is_(None), judged).order_by(Skill.id)
    changed = 0
    for skill_id in list(session.scalars(asked)):
        changed += bool(note(skill_id, actor_id=None))
    return changed


def run(app: Flask, stopping: threading.Event) -> None:
    """Once a minute, until the worker stops."""
    while not stopping.wait(EVERY):
        with app.app_context():
            try:
                note_all()
            except Exception:
                log.exception("conflicts were not noted")
            finally:
                db.session.remove()


def overridden(session: Session, skill_id: int) -> set[tuple[int, Tie]]:
    """Judge and tie of the overrides in force."""
    rows = session.execute(
        select(ConflictOverride.judge_id, ConflictOverride.tie).where(
            ConflictOverride.skill_id == skill_id, ConflictOverride.until.is_(None)
        )
    )
    return {(judge, Tie(tie)) for judge, tie in rows}


def binding(
    session: Session, skill_id: int, judges: Collection[int], *, held: bool = False
) -> dict[Pair, tuple[Tie, ...]]:
    """Judge and entry → what binds them and was not overridden; `held` as in `conflicts`."""
    excused = overridden(session, skill_id)
    found = {
        (judge, entry): tuple(tie for tie in ties if (judge, tie) not in excused)
        for judge, own in conflicts.of_skill(session, skill_id, judges, held=held).items()
        for entry, ties in own.items()
    }
    return {pair: ties for pair, ties in found.items() if ties}


def _due(session: Session, skill_id: int) -> tuple[dict[Pair, tuple[Tie, ...]], list[Recusal]]:
    """The recusals that must begin, and those that must end."""
    judges = [judge for judge, held in seats.granted(session, skill_id) if held]
    wanted = binding(session, skill_id, judges)
    rows = session.scalars(
        select(Recusal).where(
            Recusal.skill_id == skill_id, Recusal.source == SOURCE, Recusal.until.is_(None)
        )
    ).all()
    stand = {
        (row.judge_id, row.entry_id): row
        for row in rows
        if row.entry_id is not None
        and wanted.get((row.judge_id, row.entry_id)) == tuple(map(Tie, row.ties))
    }
    begin = {pair: ties for pair, ties in wanted.items() if pair not in stand}
    end = [row for row in rows if row not in stand.values()]
    return begin, [row for row in end if not _is_held(session, row, begin)] if end else []


def _is_held(session: Session, row: Recusal, begin: Collection[Pair]) -> bool:
    """A declaration that waits for the office begins nothing, and ends nothing that stands."""
    pair = (row.judge_id, row.entry_id or 0)
    if pair in begin:
        return False
    held = binding(session, row.skill_id, [row.judge_id], held=True)
    return set(held.get(pair, ())) >= set(map(Tie, row.ties))


def _declared_first(session: Session, skill_id: int, pairs: Collection[Pair]) -> set[Pair]:
    """Pairs of which the judge had declared before giving the work its first mark. What was given
    while the declaration waited counts no more than if the office had looked at once."""
    told: dict[Pair, datetime] = {}
    for one in conflicts.relations(session, [skill_id]):
        for entry in one.entries:
            told.setdefault((one.row.account_id, entry), one.row.at)
    marked = session.execute(
        select(Observation.judge_id, Observation.entry_id, func.min(Observation.at))
        .where(
            Observation.skill_id == skill_id,
            Observation.judge_id.in_({judge for judge, _ in pairs}),
            Observation.state == "taken",
        )
        .group_by(Observation.judge_id, Observation.entry_id)
    )
    first = {(row[0], row[1]): row[2] for row in marked if row[0] and row[1]}
    return {pair for pair in pairs if pair in told and pair in first and told[pair] <= first[pair]}


def seal(row: Recusal) -> str:
    """What the ledger keeps of a recusal: nobody learns from it whom a code belongs to, and nobody
    changes the row unnoticed."""
    said = [
        *(row.id, row.skill_id, row.judge_id, row.entry_id, row.source, row.ties, row.reason),
        *(row.from_start, row.since, row.until, row.by, iso(row.at)),
    ]
    return vault().keyed_hash("recusal", json.dumps(said, ensure_ascii=False))


@dataclass(frozen=True, slots=True)
class Late:
    """A judge's marks that were given before a conflict with the work was found."""

    judge: int
    marks: int
    works: int
    recusals: tuple[int, ...]


def late(session: Session, skill_id: int) -> list[Late]:
    """Conflicts found after the judge had marked the work, on which the chief judge has not yet
    decided whether those marks stand."""
    rows = session.execute(
        select(Recusal.judge_id, Recusal.id, Recusal.entry_id, Observation.id)
        .join(
            Observation,
            (Observation.judge_id == Recusal.judge_id)
            & (Observation.entry_id == Recusal.entry_id)
            & (Observation.id <= Recusal.since),
        )
        .where(
            Recusal.skill_id == skill_id,
            Recusal.source == SOURCE,
            Recusal.until.is_(None),
            Recusal.by.is_(None),
            Recusal.from_start.is_(False),
            Observation.state == "taken",
        )
        .order_by(Recusal.id)
    ).all()
    found = []
    for judge in dict.fromkeys(row[0] for row in rows):
        own = [row for row in rows if row[0] == judge]
        numbers = tuple(dict.fromkeys(row[1] for row in own))
        found.append(
            Late(judge, len({row[3] for row in own}), len({row[2] for row in own}), numbers)
        )
    return found
