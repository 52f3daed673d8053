"""Invented marks for a skill's scheme, to try its rules before anybody has marked."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from competition import skill_rules
from competition.models import Entry, Skill
from competition.rules.refusal import Refusal
from judging import finals
from judging.aspects import aspects_of
from judging.finals import Facts
from judging.rules.ranking import Result

LEAST, MOST = 1, 500  # entries that may be invented


@dataclass(frozen=True, slots=True)
class Ground:
    """What a run needs of a skill: its facts, its aspects as (criterion, kind, maximum), and how
    many are entered."""

    facts: Facts
    aspects: tuple[tuple[str, str, int], ...]
    entered: int
    has_rules: bool


def ground(session: Session, code: str) -> Ground:
    """Read a skill; refused where there is no scheme to invent marks for."""
    skill = session.scalar(select(Skill).where(Skill.code == code.upper()))
    if skill is None:
        raise Refusal(
            f"没有赛项“{code}”，什么都没有改变。请用 podium 中列出的编号，例如 W17。",
            f"There is no skill “{code}”; nothing was changed. Give a number such as W17.",
        )
    told = finals.facts(session, [skill.id])[skill.id]
    found = aspects_of(session, skill.id)
    if not found:
        raise Refusal(
            f"{skill.code} 还没有评分表，无法模拟，什么都没有改变。请先导入评分表。",
            f"{skill.code} has no marking scheme yet, so nothing can be tried; nothing was changed."
            " Import the scheme first.",
        )
    entered = session.scalar(select(func.count(Entry.id)).where(Entry.skill_id == skill.id))
    aspects = tuple((told.letters[one.id], one.kind, one.max) for one in found)
    has_rules = skill_rules.current(session, skill.id) is not None
    return Ground(told, aspects, entered or 0, has_rules)


def results(found: Ground, entries: int, chance: Random, *, times: bool) -> list[Result]:
    """One invented field: each with an ability, measurements met or not, three votes for each
    judgement. `times`: working times, in whole minutes, are recorded too."""
    width = len(str(entries))
    return [
        _result(f"K-{number:0{width}}", found.aspects, chance, times=times)
        for number in range(1, entries + 1)
    ]


def _result(
    key: str, aspects: Sequence[tuple[str, str, int]], chance: Random, *, times: bool
) -> Result:
    ability = min(0.97, max(0.1, chance.gauss(0.68, 0.12)))
    parts: defaultdict[tuple[str, str], int] = defaultdict(int)
    total = 0
    for letter, kind, most in aspects:
        if kind == "M":
            value = most if chance.random() < ability else 0
        else:
            rung = min(2, int(ability * 3))
            votes = sum(min(3, rung + (chance.random() < 0.5)) for _ in range(3))
            value = (2 * votes * most + 9) // 18  # votes × max ÷ 9, half up
        total += value
        parts["criterion", letter] += value
        parts["module", letter] += value
    seconds = 60 * chance.randint(180, 300) if times else None
    return Result(key, total, dict(parts), seconds=seconds)
