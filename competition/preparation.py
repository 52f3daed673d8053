"""The tracker of preparation: how every skill stands at every milestone; the days they are due.

Most milestones are preflight checks, which reach this as they reach the tiles."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from competition import ledger, technical, tiles
from competition.database import writing
from competition.models import Competition, Entry, EntryState, MilestoneDay, Skill
from competition.moment import now
from competition.rules.preparation import MILESTONES, NAMES, Colour, Milestone, colour, due_days
from competition.rules.refusal import Refusal
from competition.tiles import Tile

OUT = (EntryState.WITHDRAWN, EntryState.NOT_ELIGIBLE)


@dataclass(frozen=True, slots=True)
class Row:
    """A skill: the colour of each milestone, in the order of MILESTONES."""

    skill: Skill
    cells: tuple[Colour, ...]

    def fits(self, zone: str = "", colour: str = "") -> bool:
        """Whether it is of a zone and has a milestone of a colour; what is empty, or no colour,
        narrows nothing."""
        own = self.skill.zone.code if self.skill.zone else ""
        return (not zone or own == zone) and (colour not in set(Colour) or colour in self.cells)


def days(session: Session) -> dict[str, date]:
    """Milestone → the day it is due."""
    starts_on = session.scalars(select(Competition.starts_on)).one()
    return due_days(starts_on, own_days(session))


def own_days(session: Session) -> dict[str, date]:
    """Milestone → the day that was set, where one was."""
    found = session.execute(select(MilestoneDay.name, MilestoneDay.due_on))
    return {row.name: row.due_on for row in found}


def rows(session: Session, may_see: Callable[[Skill], bool]) -> list[Row]:
    """Every skill that may be seen, in a handful of queries for all of them."""
    every = tiles.tiles(session, now(), may_see)
    ids = [one.line.skill.id for one in every]
    published = technical.skills_with_one(session, ids)
    approved = _approved(session, ids)
    due, today = days(session), technical.today()

    def done(tile: Tile, one: Milestone) -> bool:
        if one.name == "technical":
            return tile.line.skill.id in published
        if one.name == "entries":
            return tile.line.skill.id in approved
        if tile.light is None:  # nobody knows its checks
            return False
        reds = {red.name for red in tile.reds}
        return not (reds & one.checks if one.checks else reds)

    return [
        Row(
            tile.line.skill,
            tuple(colour(done(tile, one), due[one.name], today) for one in MILESTONES),
        )
        for tile in every
    ]


def counts(found: Sequence[Row]) -> Counter[str]:
    """Colour → skills that have a milestone of it."""
    return Counter(one.value for row in found for one in set(row.cells))


def set_days(wanted: Mapping[str, date | None], *, actor_id: int) -> None:
    """Say when milestones are due; None gives a milestone the preset's day again."""
    unknown = sorted(set(wanted) - set(NAMES))
    if unknown:
        raise Refusal(
            f"没有这些里程碑：{'、'.join(unknown)}。日期没有改变。",
            f"There are no such milestones: {', '.join(unknown)}. No day was changed.",
            status=422,
        )
    with writing() as session:
        edition = session.scalars(select(Competition)).one()
        late = [name for name, day in wanted.items() if day and day > edition.ends_on]
        if late:
            raise Refusal(
                f"到期日不能晚于大赛最后一天（{edition.ends_on}）。日期没有改变。",
                f"Nothing can be due after the competition's last day ({edition.ends_on})."
                " No day was changed.",
                status=422,
            )
        own = {row.name: row for row in session.scalars(select(MilestoneDay))}
        changed: dict[str, str | None] = {}
        for name, day in wanted.items():
            row = own.get(name)
            if day == (row.due_on if row else None):
                continue
            changed[name] = day.isoformat() if day else None
            if day is None:
                session.delete(row)
            elif row is not None:
                row.due_on = day
            else:
                session.add(MilestoneDay(name=name, due_on=day))
        if changed:
            ledger.append(
                session,
                act="preparation.days",
                subject=f"competition:{edition.id}",
                body={"days": changed},
                actor_id=actor_id,
            )


def _approved(session: Session, ids: Sequence[int]) -> set[int]:
    """The skills whose entries are all approved; one without entries is not among them."""
    waiting = func.sum(case((Entry.state == EntryState.APPROVED, 0), else_=1))
    return set(
        session.scalars(
            select(Entry.skill_id)
            .where(Entry.skill_id.in_(ids), Entry.state.not_in(OUT))
            .group_by(Entry.skill_id)
            .having(waiting == 0)
        )
    )
