"""Read: how far the marking of skills is, and when each will be all marked at its present pace.

Progress only: neither a mark nor whose work it is. What was worked out for one work is kept beside
its cells (`Work.sums`), so one more mark costs one work and not the whole skill.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from competition.models import Skill
from judging import kept
from judging.aspects import AspectFacts
from judging.cells import Cells, Work
from judging.models import Confirmation, Observation
from judging.rules import forecast, progress
from judging.rules.forecast import Left
from judging.rules.progress import WorkFar

NEWEST = 240  # acts of a skill that tell its pace
MANY = 60  # so many are read once in a turn: a pace does not change with every mark
TURN = 20  # seconds
_KEPT = "progress"
_acts: WeakKeyDictionary[Engine, dict[int, tuple[int, list[datetime]]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class SkillFar:
    """A skill: marks settled, of how many, works by column, its light, what is left to do and when
    that is done at the present pace (None: not enough marks yet to tell, or locked)."""

    done: int
    of: int
    columns: Mapping[str, int]
    light: str
    left: Left
    ready_at: datetime | None

    @property
    def per_cent(self) -> int:
        return progress.per_cent(self.done, self.of)


def works(found: Cells) -> Mapping[int, WorkFar]:
    """Entry → how far its marking is."""

    def prepare() -> Callable[[Work], WorkFar]:
        sheets: dict[int, list[AspectFacts]] = {}
        for aspect in found.aspects:
            sheets.setdefault(aspect.sub_criterion_id, []).append(aspect)
        return partial(_far, sheets=sheets)

    return found.summed(_KEPT, prepare)


def _far(work: Work, sheets: Mapping[int, list[AspectFacts]]) -> WorkFar:
    return WorkFar(
        tuple(
            progress.sheet(
                sub,
                [work.marks[aspect.id] for aspect in aspects],
                measures=any(aspect.kind == "M" for aspect in aspects),
                confirmed=sub in work.confirmed,
            )
            for sub, aspects in sheets.items()
        )
    )


def of_skills(
    session: Session, found: Mapping[int, Cells], locked: Collection[int], at: datetime
) -> dict[int, SkillFar]:
    """Skill → how far it is, in two queries for all of them. `locked`: skills that are."""
    times = acts(session, [one for one in found if one not in locked], at)
    return {
        skill: _skill(own, times.get(skill, []), at, locked=skill in locked)
        for skill, own in found.items()
    }


def of_skill(session: Session, skill: Skill, found: Cells, at: datetime) -> SkillFar:
    """How far one skill is."""
    locked = () if skill.locked_at is None else (skill.id,)
    return of_skills(session, {skill.id: found}, locked, at)[skill.id]


def _skill(found: Cells, times: list[datetime], at: datetime, *, locked: bool) -> SkillFar:
    every = works(found).values()
    columns = dict.fromkeys(progress.COLUMNS, 0)
    for one in every:
        columns[one.column] += 1
    there = [column for column, number in columns.items() if number]
    left = progress.added(one.left for one in every)
    done, of = sum(one.done for one in every), sum(one.of for one in every)
    tells = of and not locked
    return SkillFar(
        done,
        of,
        columns,
        progress.light(there, locked=locked),
        left,
        forecast.locks_at(times, left, at) if tells else None,
    )


def acts(session: Session, skill_ids: Collection[int], at: datetime) -> dict[int, list[datetime]]:
    """Skill → when its newest marks, votes and confirmations reached the server, in no order; of a
    skill with many, as it was at the beginning of this turn."""
    turn, known = int(at.timestamp()) // TURN, _acts.setdefault(kept.engine(session), {})
    asked = [one for one in skill_ids if one not in known or known[one][0] != turn]
    read = _read(session, asked) if asked else {}
    known.update({one: (turn, times) for one, times in read.items() if len(times) >= MANY})
    return {one: read[one] if one in asked else known[one][1] for one in skill_ids}


def _read(session: Session, skill_ids: Collection[int]) -> dict[int, list[datetime]]:
    found: dict[int, list[datetime]] = {one: [] for one in skill_ids}
    for rows in (Observation, Confirmation):
        first = (
            select(rows.id)
            .where(rows.skill_id == Skill.id)
            .order_by(rows.id.desc())
            .limit(1)
            .offset(NEWEST)
            .correlate(Skill)
            .scalar_subquery()
        )
        newest = (
            select(rows.skill_id, rows.at)
            .join(Skill, Skill.id == rows.skill_id)
            .where(Skill.id.in_(skill_ids), rows.id > func.coalesce(first, 0))
        )
        if rows is Observation:
            newest = newest.where(Observation.source == "judge", Observation.state == "taken")
        for skill, moment in session.execute(newest):
            found[skill].append(moment)
    return found
