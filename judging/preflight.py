"""Preflight of a skill: its facts gathered for the rules; red lights keep the door shut."""

from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from competition import clocks, granted, skill_rules, timetable
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
from competition.rules.preflight import Facts, Light, Result, preflight
from competition.rules.refusal import Refusal
from judging import readiness, scheme, tasks
from judging.models import Aspect, Device, Scheme

ZONE = ZoneInfo("Asia/Shanghai")  # a period's day is the hall's day
OUT = (EntryState.WITHDRAWN, EntryState.NOT_ELIGIBLE)


def of_skill(session: Session, skill: Skill) -> list[Result]:
    """Every check of the skill, as it stands now."""
    return preflight(facts(session, skill))


def start(session: Session, skill: Skill, period_id: int, *, actor_id: int) -> None:
    """Begin a period; the first of a skill only when no light is red."""
    if not any(one.started_at for one in clocks.periods(session, skill.id)):
        _require_open(session, skill)
    timetable.start(period_id, actor_id=actor_id)


def _require_open(session: Session, skill: Skill) -> None:
    """The demo shows its lights and opens all the same: it must be playable at once."""
    if session.scalars(select(Competition)).one().is_demo:
        return
    red = [result for result in of_skill(session, skill) if result.light is Light.RED]
    if red:
        raise Refusal(
            f"开赛检查有 {len(red)} 项未通过，赛段没有开始："
            f"{'；'.join(one.zh for one in red[:3])}。请在“开赛检查”页处理后再开始。",
            f"{len(red)} preflight checks are red; the period was not started:"
            f" {'; '.join(one.en for one in red[:3])}. See to them on the preflight page first.",
        )


def facts(session: Session, skill: Skill) -> Facts:
    """What the database and the sandbox know of the skill."""
    competition = session.scalars(select(Competition)).one()
    periods = clocks.periods(session, skill.id)
    days = sorted(day for one in periods if (day := _day(one)))
    wanted = [one.task for one in periods if one.task]
    versions = skill_rules.versions(session, skill.id)
    rules = versions[0].rules if versions else None
    found = scheme.current(skill.id)
    return Facts(
        names_in_both=bool(skill.name_zh and skill.name_en),
        zone=(skill.zone.name_zh, skill.zone.name_en) if skill.zone else None,
        venue=(skill.venue.name_zh, skill.venue.name_en) if skill.venue else None,
        rules_version=versions[0].number if versions else None,
        rules_published=bool(versions),
        periods=len(periods),
        minutes=sum(one.minutes for one in periods),
        first_period=days[0] if days else None,
        last_period=days[-1] if days else None,
        starts_on=competition.starts_on,
        ends_on=competition.ends_on,
        task=bool(wanted) and set(wanted) <= set(tasks.ids()),
        task_wanted=bool(wanted),
        images_ready=readiness.read(current_app.config["PODIUM_DATA"], now()).state == "ready",
        panel=rules.panel if rules else 3,
        supervisor_wanted=bool(rules and rules.supervisor),
        is_blind=skill.is_blind,
        conflicts=_conflicts(session, skill),
        factors_asked=competition.asks_second_factor,
        factors_missing=granted.without_factor(session, skill, now()),
        requests_open=_requests(session, skill.id),
        paired_tablets=_tablets(session, skill.id),
        **_people(session, skill.id),
        **_entries(session, skill.id),
        scheme_version=found.version if found else None,
        scheme_total=found.total if found else 0,
        **_aspects(found),
    )


def _day(period: Period) -> date | None:
    at = period.started_at or period.planned_at
    return at.astimezone(ZONE).date() if at else None


def _people(session: Session, skill_id: int) -> dict[str, int]:
    counted = Counter(
        session.scalars(select(Grant.role).where(Grant.skill_id == skill_id, Grant.held(now())))
    )
    return {
        "chief_judges": counted[Role.CHIEF_JUDGE],
        "judges": counted[Role.JUDGE],
        "supervisors": counted[Role.SUPERVISOR],
    }


def _entries(session: Session, skill_id: int) -> dict[str, int]:
    rows = session.execute(
        select(Entry.code, Entry.alias, Entry.workstation, Entry.state).where(
            Entry.skill_id == skill_id, Entry.state.not_in(OUT)
        )
    ).all()
    stations = [row.workstation for row in rows if row.workstation is not None]
    codes = [row.code for row in rows if row.code]
    return {
        "entries": len(rows),
        "entries_open": sum(row.state == EntryState.ENTERED for row in rows),
        "entries_without_code": len(rows) - len(codes),
        "codes_doubled": len(codes) - len(set(codes)),
        "aliases_equal_codes": sum(row.alias == row.code for row in rows),
        "entries_without_workstation": len(rows) - len(stations),
        "workstations_doubled": len(stations) - len(set(stations)),
    }


def _aspects(found: Scheme | None) -> dict[str, int]:
    aspects: list[Aspect] = []
    if found is not None:
        aspects = [a for c in found.criteria for s in c.sub_criteria for a in s.aspects]
    return {
        "aspects": len(aspects),
        "judgements_without_rungs": sum(
            one.kind == "J" and len([r for r in one.rungs if r["zh"] or r["en"]]) < 4
            for one in aspects
        ),
        "aspects_without_section": sum(not one.section for one in aspects),
        "automatic_aspects": sum(one.is_automatic for one in aspects),
    }


def _conflicts(session: Session, skill: Skill) -> int:
    """Roles that reach the skill and that the separation of duties would refuse today."""
    return sum(clash.grant.reaches(skill) for clash in granted.clashes(session, now()))


def _requests(session: Session, skill_id: int) -> int:
    waiting = (
        select(func.count())
        .select_from(ChangeRequest)
        .join(Entry, Entry.id == ChangeRequest.entry_id)
        .where(Entry.skill_id == skill_id, ChangeRequest.state == "asked")
    )
    return session.scalar(waiting) or 0


def _tablets(session: Session, skill_id: int) -> int:
    paired = select(func.count()).where(Device.skill_id == skill_id, Device.revoked_at.is_(None))
    return session.scalar(paired) or 0
