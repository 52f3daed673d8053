"""Read: the organiser's command board, a tile for every skill, in as many queries as for one.

Progress only: no mark, no code, nobody's name but a tablet's judge. The board says how many works
wait for a decision, never which.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from competition import clocks
from competition.clocks import Situation
from competition.models import Skill
from judging import contact, kept, progress
from judging.contact import Tablet
from judging.models import HelpCall
from judging.progress import SkillFar

SILENT = 5  # minutes: a tablet says every minute or so that it is there
ORDERS = ("zone", "needs")
_LAST = {"difference": 2, "marking": 3, "ready": 4, "not_started": 5, "locked": 6}


@dataclass(frozen=True, slots=True)
class Tile:
    """A skill on the board. `calls`: calls for help that are open. `silent`: the tablet that was
    not heard for longest, with the minutes, while marks are being given."""

    skill: Skill
    far: SkillFar
    works: int
    has_scheme: bool
    situation: Situation
    tablets: Sequence[Tablet]
    calls: int
    silent: tuple[Tablet, int] | None

    @property
    def contact(self) -> datetime | None:
        """When any of its tablets was heard last."""
        return max((one.seen_at for one in self.tablets if one.seen_at), default=None)

    @property
    def waiting(self) -> int:
        """Marks that its tablets said they had not sent."""
        return sum(one.waiting for one in self.tablets)

    @property
    def needs_somebody(self) -> bool:
        return bool(self.calls or self.waiting or self.silent or self.far.light == "difference")

    @property
    def rank(self) -> tuple[int, float, str]:
        """Needs first; what will be ready last comes before what is ready soon."""
        urgent = 0 if self.calls else 1 if self.needs_somebody else _LAST[self.far.light]
        ready = self.far.ready_at
        return urgent, -ready.timestamp() if ready else 0, self.skill.code


def tiles(session: Session, at: datetime, may_see: Callable[[Skill], bool]) -> list[Tile]:
    """A tile for every skill that may be seen, by code."""
    every = session.scalars(
        select(Skill).options(joinedload(Skill.zone)).order_by(Skill.code)
    ).all()
    skills = [one for one in every if may_see(one)]
    ids = [one.id for one in skills]
    cells = kept.whole_all(session, {one.id: one.revision for one in skills})
    locked = {one.id for one in skills if one.locked_at is not None}
    far = progress.of_skills(session, cells, locked, at)
    where = clocks.situations(session, ids, at)
    tablets, calls = contact.of_skills(session, ids), _calls(session, ids)
    return [
        Tile(
            skill,
            far[skill.id],
            len(cells[skill.id].entries),
            bool(cells[skill.id].aspects),
            where[skill.id],
            tablets.get(skill.id, ()),
            calls.get(skill.id, 0),
            _silent(far[skill.id], tablets.get(skill.id, ()), at),
        )
        for skill in skills
    ]


def _silent(far: SkillFar, tablets: Sequence[Tablet], at: datetime) -> tuple[Tablet, int] | None:
    if far.light not in ("marking", "difference"):
        return None
    found = [(one, minutes) for one in tablets if (minutes := one.silent_minutes(at)) >= SILENT]
    return max(found, key=lambda pair: pair[1], default=None)


def _calls(session: Session, ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(HelpCall.skill_id, func.count())
        .where(HelpCall.skill_id.in_(ids), HelpCall.done_at.is_(None))
        .group_by(HelpCall.skill_id)
    )
    return {row[0]: row[1] for row in rows}
