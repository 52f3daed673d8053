"""Preparation of a skill: its milestones, when each is due, and how it stands on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

SOON = 7  # days


class Colour(StrEnum):
    """Done, due within a week, overdue; and what is neither done nor near."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that must be done `days` before the first day. `checks` are the names of preflight
    checks of which none may be red."""

    name: str
    zh: str
    en: str
    days: int
    checks: frozenset[str] = frozenset()


MILESTONES = (
    Milestone("rules", "规则公布", "Rules published", 90, frozenset({"rules", "rules_published"})),
    Milestone("technical", "技术文件公布", "Technical file published", 60),
    Milestone(
        "scheme", "评分表采用", "Scheme adopted", 30, frozenset({"scheme", "total", "rungs"})
    ),
    Milestone("task", "试题包就绪", "Task package ready", 30, frozenset({"task"})),
    Milestone("panel", "裁判组齐全", "Panel complete", 21, frozenset({"chief", "panel"})),
    Milestone("entries", "报名批准", "Entries approved", 14),
    Milestone(
        "periods", "赛段排定", "Periods planned", 14, frozenset({"periods", "minutes", "dates"})
    ),
    Milestone("preflight", "开赛检查无红灯", "Preflight without red", 3),
)
NAMES = tuple(one.name for one in MILESTONES)


def due_days(starts_on: date, own: Mapping[str, date]) -> dict[str, date]:
    """Milestone → its day: the one that was set, else counted back from the first day."""
    return {
        one.name: own.get(one.name) or starts_on - timedelta(days=one.days) for one in MILESTONES
    }


def colour(is_done: bool, due_on: date, today: date) -> Colour:
    """How a milestone stands. On its very day it is not overdue yet."""
    if is_done:
        return Colour.GREEN
    if due_on < today:
        return Colour.RED
    return Colour.AMBER if due_on - today <= timedelta(days=SOON) else Colour.AHEAD
