"""Preflight of skills: their facts put to the rules; red lights keep the door shut."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import clocks, timetable
from competition.models import Competition, Skill
from competition.rules.preflight import Light, Result, preflight
from competition.rules.refusal import Refusal
from judging.preflight_facts import gather


def of_skill(session: Session, skill: Skill) -> list[Result]:
    """Every check of the skill, as it stands now."""
    return of_skills(session, [skill])[skill.id]


def of_skills(session: Session, skills: Sequence[Skill]) -> dict[int, list[Result]]:
    """Skill → its checks, in as many queries as for one; the office's tiles ask for all 64."""
    return {skill_id: preflight(facts) for skill_id, facts in gather(session, skills).items()}


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
