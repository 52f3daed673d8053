"""Read: the rows that cells are folded from, in the order in which they were taken.

Of whole skills at once, or of one skill those that came since; both give the same rows.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnCollection, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from competition.models import Entry, EntryState
from competition.prepared import Prepared
from judging.models import Confirmation, Observation

Rows = list[Any]
ENTRY = 8  # where an observation's row names its entry
_seen, _given = Observation.__table__.c, Confirmation.__table__.c

# What comes after the skill is a row as `Cells` takes it.
_OBSERVED = (
    select(
        _seen.skill_id,
        _seen.id,
        _seen.source,
        _seen.judge_id,
        _seen.value,
        _seen.round,
        _seen.base_id,
        _seen.decides,
        _seen.reason,
        _seen.entry_id,
        _seen.aspect_id,
        _seen.observed,
        _seen.device_id,
    )
    .where(_seen.state == "taken")
    .order_by(_seen.id)
)
_CONFIRMED = select(
    _given.skill_id,
    _given.id,
    _given.entry_id,
    _given.sub_criterion_id,
    _given.judge_id,
    _given.last_observation_id,
).order_by(_given.id)


def _since(rows: Select[Any], own: ColumnCollection[str, Any]) -> Prepared:
    return Prepared(rows.where(own.skill_id == bindparam("skill"), own.id > bindparam("since")))


_OBSERVED_SINCE, _CONFIRMED_SINCE = _since(_OBSERVED, _seen), _since(_CONFIRMED, _given)


def of_skills(
    session: Session, skill_ids: Collection[int], entry_id: int | None, upto: datetime | None
) -> tuple[dict[int, Rows], dict[int, Rows]]:
    """Skill → its observations that were taken, and skill → its confirmations; all of them, or
    those of one entry, or those until a moment."""

    def by_skill(rows: Select[Any], own: ColumnCollection[str, Any]) -> dict[int, Rows]:
        rows = rows.where(own.skill_id.in_(skill_ids))
        if entry_id is not None:
            rows = rows.where(own.entry_id == entry_id)
        if upto is not None:
            rows = rows.where(own.at <= upto)
        found: dict[int, Rows] = defaultdict(list)
        for row in session.execute(rows):
            found[row[0]].append(row[1:])
        return found

    return by_skill(_OBSERVED, _seen), by_skill(_CONFIRMED, _given)


def since(session: Session, skill_id: int, newest: tuple[int, int]) -> tuple[Rows, Rows]:
    """The observations and the confirmations of a skill that are newer than these two ids. Whoever
    adds one has locked the skill before: none with a smaller id can become known later."""

    def after(rows: Prepared, number: int) -> Rows:
        return [row[1:] for row in rows.rows(session, {"skill": skill_id, "since": number})]

    return after(_OBSERVED_SINCE, newest[0]), after(_CONFIRMED_SINCE, newest[1])


def entries(
    session: Session, skill_ids: Collection[int], entry_id: int | None
) -> dict[int, dict[int, str]]:
    """Skill → its works by id, each with the judges' code, in the order of the codes. Who withdrew
    and who is a reserve has none, unless it was marked before."""
    takes_part = and_(Entry.state != EntryState.WITHDRAWN, ~Entry.is_reserve)
    was_marked = exists().where(Observation.entry_id == Entry.id)
    rows = select(Entry.skill_id, Entry.id, Entry.code).where(
        Entry.skill_id.in_(skill_ids), or_(takes_part, was_marked)
    )
    if entry_id is not None:
        rows = rows.where(Entry.id == entry_id)
    found: dict[int, dict[int, str]] = {one: {} for one in skill_ids}
    for skill, number, code in session.execute(rows.order_by(Entry.code)):
        found[skill][number] = code
    return found
