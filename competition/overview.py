"""What the office and the delegations see: how every skill stands, who takes part, what is missing.

Read only. Neither marks nor codes are in it: who runs the competition must not know whose work
carries which code.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Executable, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from competition import entry_locks
from competition.clocks import clock_of, timing
from competition.models import (
    Account,
    Affiliation,
    Delegation,
    Entry,
    Grant,
    Member,
    Period,
    Person,
    Release,
    Role,
    Skill,
    Stage,
)
from competition.rules.clock import ClockState, last_end
from competition.rules.duties import PANEL
from competition.rules.entry_lock import Standing


@dataclass(frozen=True, slots=True)
class SkillLine:
    """How one skill stands. `state` is a word that pages show as it is (`_parts.html`); `ends_at`
    the last personal end, while somebody works."""

    skill: Skill
    entries: int
    competitors: int
    judges: int
    has_chief: bool
    state: str
    planned_at: datetime | None
    next_at: datetime | None  # the next period that is planned and has not begun
    ends_at: datetime | None
    lock: Standing  # of its entries

    @property
    def is_staffed(self) -> bool:
        """Three votes and somebody who settles differences."""
        return self.judges >= 3 and self.has_chief


@dataclass(frozen=True, slots=True)
class Place:
    """A competitor of a skill, as the office and the team leader see one."""

    name: str
    affiliation: str
    delegation: Delegation
    skill: Skill
    entry_id: int
    state: str
    workstation: int | None
    missing: tuple[str, ...]  # words of `MISSING`


# "account": nobody can sign in yet; "answers": to extra questions.
MISSING = ("id_number", "affiliation", "team", "answers", "account")


def skill_lines(session: Session, at: datetime) -> list[SkillLine]:
    """Every skill, in a handful of queries however many there are."""
    skills = session.scalars(
        select(Skill).options(joinedload(Skill.zone), joinedload(Skill.venue)).order_by(Skill.id)
    ).all()
    periods = _periods(session)
    entries = _counts(session, select(Entry.skill_id, func.count()).group_by(Entry.skill_id))
    competitors = _counts(session, _members())
    judges = _counts(session, _panels(Role.JUDGE, at))
    chiefs = _counts(session, _panels(Role.CHIEF_JUDGE, at))
    locks = entry_locks.standings(session, at)
    lines = []
    for skill in skills:
        own = periods.get(skill.id, [])
        working = _working(own)
        ends_at = _end(working, at)
        lines.append(
            SkillLine(
                skill=skill,
                entries=entries.get(skill.id, 0),
                competitors=competitors.get(skill.id, 0),
                judges=judges.get(skill.id, 0),
                has_chief=skill.id in chiefs,
                state=_state(skill, working, ends_at, at),
                planned_at=working.planned_at if working else None,
                next_at=_next(own, at),
                ends_at=ends_at if ends_at is not None and at < ends_at else None,
                lock=locks[skill.id],
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class Day:
    """A date of the whole competition: `what` is "entries_until" or "substitutions_until"."""

    what: str
    at: datetime
    stage: Stage
    is_past: bool


def dates(session: Session, at: datetime, *, with_past: bool = False) -> list[Day]:
    """What is ahead for all skills, the nearest first; `with_past`: what is over, too."""
    found = []
    for stage in session.scalars(select(Stage)):
        for what in ("entries_until", "substitutions_until"):
            day = getattr(stage, what)
            if day is not None and (with_past or day > at):
                found.append(Day(what, day, stage, day <= at))
    return sorted(found, key=lambda day: day.at)


def _members() -> Executable:
    counted = select(Entry.skill_id, func.count()).select_from(Member).join(Entry)
    return counted.group_by(Entry.skill_id)


def _panels(role: Role, at: datetime) -> Executable:
    counted = select(Grant.skill_id, func.count()).where(Grant.role == role, Grant.held(at))
    return counted.group_by(Grant.skill_id)


def _counts(session: Session, query: Executable) -> dict[int | None, int]:
    return {row[0]: row[1] for row in session.execute(query)}


def _periods(session: Session) -> dict[int, list[Period]]:
    """The periods of every skill, in their order."""
    found = session.scalars(
        select(Period)
        .options(
            selectinload(Period.pauses),
            selectinload(Period.extra_times),
            selectinload(Period.late_starts),
        )
        .order_by(Period.skill_id, Period.number)
    )
    periods: dict[int, list[Period]] = {}
    for period in found:
        periods.setdefault(period.skill_id, []).append(period)
    return periods


def _working(own: list[Period]) -> Period | None:
    """The period that counts: the last begun, else the first."""
    begun = [period for period in own if period.started_at is not None]
    return begun[-1] if begun else own[0] if own else None


def _next(own: list[Period], at: datetime) -> datetime | None:
    ahead = [one.planned_at for one in own if one.started_at is None and one.planned_at]
    return min((planned for planned in ahead if planned > at), default=None)


def _end(period: Period | None, at: datetime) -> datetime | None:
    """The last personal end. Only entries with times of their own can differ from the whole."""
    if period is None or period.ended_at is not None:
        return None
    own = {pause.entry_id for pause in period.pauses}
    own |= {row.entry_id for row in period.extra_times}
    own |= {row.entry_id for row in period.late_starts}
    return last_end((timing(period, entry_id) for entry_id in {*own, None}), at)


def _state(skill: Skill, period: Period | None, ends_at: datetime | None, at: datetime) -> str:
    """As the public may see it while a skill is frozen: the work and its clock, never the lock."""
    is_frozen = skill.release == Release.FROZEN
    if skill.locked_at is not None and not is_frozen:
        return "locked"
    if period is None or period.started_at is None:
        return "not_started"
    if ends_at is None or at >= ends_at:
        return "frozen" if is_frozen else "checking"
    return "paused" if clock_of(period, None, at).state is ClockState.PAUSED else "running"


def delegates(session: Session, delegation_id: int) -> list[Place]:
    """The competitors of a delegation, by skill and name."""
    places = _places(session, Entry.delegation_id == delegation_id)
    return sorted(places, key=lambda place: (place.skill.id, place.entry_id))


def panel_of(session: Session, skill_id: int, at: datetime) -> list[tuple[Account, str]]:
    """The chief judge and the judges of a skill, each with the role."""
    found = session.execute(
        select(Account, Grant.role)
        .join(Grant, Grant.account_id == Account.id)
        .where(Grant.skill_id == skill_id, Grant.role.in_(PANEL), Grant.held(at))
        .options(joinedload(Account.person).joinedload(Person.affiliation))
        .order_by(Grant.role, Grant.id)
    )
    return [(account, role) for account, role in found]


def delegation_sizes(session: Session) -> list[tuple[Delegation, int]]:
    """Every delegation with the number of its competitors."""
    found = session.execute(
        select(Delegation, func.count(Member.id))
        .outerjoin(Entry, Entry.delegation_id == Delegation.id)
        .outerjoin(Member, Member.entry_id == Entry.id)
        .group_by(Delegation.id)
        .order_by(Delegation.code)
    )
    return [(delegation, number) for delegation, number in found]


def _places(session: Session, which: ColumnElement[bool]) -> list[Place]:
    found = session.execute(
        select(Entry, Person, Affiliation.name, Account.id)
        .join(Member, Member.entry_id == Entry.id)
        .join(Person, Person.id == Member.person_id)
        .outerjoin(Affiliation, Affiliation.id == Person.affiliation_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(which)
        .options(joinedload(Entry.skill), joinedload(Entry.delegation))
    ).all()
    sizes = Counter(entry.id for entry, *_ in found)
    places = [
        Place(
            name=person.name,
            affiliation=affiliation or "",
            delegation=entry.delegation,
            skill=entry.skill,
            entry_id=entry.id,
            state=entry.state,
            workstation=entry.workstation,
            missing=tuple(
                word
                for word, is_missing in zip(
                    MISSING,
                    (
                        person.id_hash is None,
                        not affiliation,
                        sizes[entry.id] < entry.skill.team_size,
                        entry.answers_missing > 0,
                        account_id is None,
                    ),
                    strict=True,
                )
                if is_missing
            ),
        )
        for entry, person, affiliation, account_id in found
    ]
    return sorted(places, key=lambda place: (place.delegation.code, place.name))
