"""What preflight must know of skills: gathered for all of them in as many queries as for one."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import Session

from competition import entry_locks, granted, skill_rules
from competition.models import (
    ChangeRequest,
    Competition,
    Entry,
    EntryState,
    Grant,
    Period,
    Role,
    Skill,
)
from competition.moment import now
from competition.rules.preflight_facts import Facts
from judging import panel_checks, readiness, tasks
from judging.models import Aspect, Device, Scheme

ZONE = ZoneInfo("Asia/Shanghai")  # a period's day is the hall's day
OUT = (EntryState.WITHDRAWN, EntryState.NOT_ELIGIBLE)
NO_ENTRIES = {
    "entries": 0,
    "entries_open": 0,
    "entries_unanswered": 0,
    "entries_without_code": 0,
    "codes_doubled": 0,
    "aliases_equal_codes": 0,
    "entries_without_workstation": 0,
    "workstations_doubled": 0,
}


def gather(session: Session, skills: Sequence[Skill]) -> dict[int, Facts]:
    """Skill → what the database and the sandbox know of it."""
    ids = [skill.id for skill in skills]
    competition = session.scalars(select(Competition)).one()
    packages = set(tasks.ids())
    images_ready = readiness.read(current_app.config["PODIUM_DATA"], now()).state == "ready"
    periods, schemes = _periods(session, ids), _schemes(session, ids)
    rules = skill_rules.newest(session, ids)
    roles, entries = _roles(session, ids), _entries(session, ids)
    conflicts, requests = _conflicts(session, skills), _requests(session, ids)
    lacking = granted.without_factor(session, skills, now())
    tablets = _tablets(session, ids)
    locks = entry_locks.standings(session, now(), ids)
    panels = panel_checks.of_skills(session, ids, {one: rules[one][1].panel for one in rules})
    found = {}
    for skill in skills:
        own = periods[skill.id]
        days = sorted(day for one in own if (day := _day(one)))
        wanted = {one.task for one in own if one.task}
        version, body = rules.get(skill.id, (None, None))
        scheme = schemes.get(skill.id, NO_SCHEME)
        found[skill.id] = Facts(
            names_in_both=bool(skill.name_zh and skill.name_en),
            zone=(skill.zone.name_zh, skill.zone.name_en) if skill.zone else None,
            venue=(skill.venue.name_zh, skill.venue.name_en) if skill.venue else None,
            rules_version=version,
            rules_published=version is not None,
            periods=len(own),
            minutes=sum(one.minutes for one in own),
            first_period=days[0] if days else None,
            last_period=days[-1] if days else None,
            starts_on=competition.starts_on,
            ends_on=competition.ends_on,
            task=bool(wanted) and wanted <= packages,
            task_wanted=bool(wanted),
            images_ready=images_ready,
            panel=body.panel if body else 3,
            supervisor_wanted=bool(body and body.supervisor),
            is_blind=skill.is_blind,
            chief_judges=roles[skill.id][Role.CHIEF_JUDGE],
            judges=roles[skill.id][Role.JUDGE],
            supervisors=panels[skill.id].supervisors,
            chairs_empty=panels[skill.id].chairs_empty,
            undeclared=panels[skill.id].undeclared,
            declarations_open=panels[skill.id].declarations_open,
            marks_late=panels[skill.id].marks_late,
            chief_bound=panels[skill.id].chief_bound,
            conflicts=conflicts[skill.id],
            factors_asked=competition.asks_second_factor,
            factors_missing=lacking[skill.id],
            requests_open=requests.get(skill.id, 0),
            entries_locked=locks[skill.id].is_locked,
            paired_tablets=tablets.get(skill.id, 0),
            scheme_version=scheme.version,
            scheme_total=scheme.total,
            aspects=scheme.aspects,
            judgements_without_rungs=scheme.without_rungs,
            aspects_without_section=scheme.without_section,
            automatic_aspects=scheme.automatic,
            **entries.get(skill.id, NO_ENTRIES),
        )
    return found


def _periods(session: Session, ids: Sequence[int]) -> dict[int, list[Any]]:
    columns = (Period.skill_id, Period.task, Period.minutes, Period.planned_at, Period.started_at)
    rows = session.execute(select(*columns).where(Period.skill_id.in_(ids)).order_by(Period.number))
    found = defaultdict(list)
    for row in rows:
        found[row.skill_id].append(row)
    return found


def _day(period: Any) -> date | None:  # noqa: ANN401 - a row of `_periods`
    at = period.started_at or period.planned_at
    return at.astimezone(ZONE).date() if at else None


def _roles(session: Session, ids: Sequence[int]) -> dict[int, Counter[str]]:
    rows = session.execute(
        select(Grant.skill_id, Grant.role, func.count())
        .where(Grant.skill_id.in_(ids), Grant.held(now()))
        .group_by(Grant.skill_id, Grant.role)
    )
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for skill_id, role, number in rows:
        if skill_id is not None:
            found[skill_id][role] = number
    return found


def _entries(session: Session, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Counted in SQL: thirty thousand rows stay where they are."""

    def times(condition: Any) -> Any:  # noqa: ANN401 - SQL, which has no type for this
        return func.coalesce(func.sum(cast(condition, Integer)), 0)

    rows = session.execute(
        select(
            Entry.skill_id,
            func.count().label("entries"),
            times(Entry.state == EntryState.ENTERED).label("open"),
            times(Entry.answers_missing > 0).label("unanswered"),
            times(Entry.code == "").label("no_code"),
            func.count(Entry.code.distinct()).label("codes"),
            times(Entry.alias == Entry.code).label("same"),
            func.count(Entry.workstation).label("stations"),
            func.count(Entry.workstation.distinct()).label("places"),
        )
        .where(Entry.skill_id.in_(ids), Entry.state.not_in(OUT))
        .group_by(Entry.skill_id)
    )
    return {
        row.skill_id: {
            "entries": row.entries,
            "entries_open": row.open,
            "entries_unanswered": row.unanswered,
            "entries_without_code": row.no_code,
            "codes_doubled": row.entries - row.no_code - (row.codes - bool(row.no_code)),
            "aliases_equal_codes": row.same,
            "entries_without_workstation": row.entries - row.stations,
            "workstations_doubled": row.stations - row.places,
        }
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class _Scheme:
    version: int | None
    total: int
    aspects: int
    without_rungs: int
    without_section: int
    automatic: int


NO_SCHEME = _Scheme(None, 0, 0, 0, 0, 0)


def _schemes(session: Session, ids: Sequence[int]) -> dict[int, _Scheme]:
    """The newest scheme of each skill, its aspects counted."""
    rows = session.execute(
        select(Scheme.skill_id, Scheme.id, Scheme.version, Scheme.total)
        .where(Scheme.skill_id.in_(ids))
        .order_by(Scheme.version)
    )
    newest = {row.skill_id: row for row in rows}
    theirs = Aspect.scheme_id.in_([row.id for row in newest.values()])
    columns = (Aspect.scheme_id, Aspect.section, Aspect.is_automatic, Aspect.kind, Aspect.rungs)
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for one in session.execute(select(*columns).where(theirs)):
        rungs = [rung for rung in one.rungs or () if rung["zh"] or rung["en"]]
        found = counts[one.scheme_id]
        found["aspects"] += 1
        found["without_section"] += not one.section
        found["automatic"] += one.is_automatic
        found["without_rungs"] += one.kind == "J" and len(rungs) < 4
    return {
        skill_id: _Scheme(
            row.version,
            row.total,
            *(counts[row.id][name] for name in ("aspects", "without_rungs")),
            *(counts[row.id][name] for name in ("without_section", "automatic")),
        )
        for skill_id, row in newest.items()
    }


def _conflicts(session: Session, skills: Sequence[Skill]) -> dict[int, int]:
    """Skill → the roles that reach it and that the separation of duties would refuse today."""
    found = granted.clashes(session, now())
    return {skill.id: sum(one.grant.reaches(skill) for one in found) for skill in skills}


def _requests(session: Session, ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(Entry.skill_id, func.count())
        .select_from(ChangeRequest)
        .join(Entry, Entry.id == ChangeRequest.entry_id)
        .where(Entry.skill_id.in_(ids), ChangeRequest.state == "asked")
        .group_by(Entry.skill_id)
    )
    return {row[0]: row[1] for row in rows}


def _tablets(session: Session, ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(Device.skill_id, func.count())
        .where(Device.skill_id.in_(ids), Device.revoked_at.is_(None))
        .group_by(Device.skill_id)
    )
    return {row[0]: row[1] for row in rows}
