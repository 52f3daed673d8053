"""Whether an entry may take part: a list of reasons in words, each naming its rule.

`judge` takes plain facts of one entry and its skill's rules and answers every rule, kept or broken,
so that a leader sees what speaks for the entry as well. A broken rule can be excepted by two people
(reason and approval), and then says so; nothing else makes an entry eligible. The figures come from
marking-rules.md, "Awards in Heilongjiang 2023"; they are data (`SkillRules`), never in code.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from competition.rules.identity import age_on
from competition.rules.skill_rules import SkillRules
from competition.rules.skill_rules_words import STATUS

# What a page calls each rule.
NAMES = {
    "team_size": ("队伍人数", "Team size"),
    "age": ("出生日期", "Date of birth"),
    "born_before": ("出生早于", "Born before"),
    "youngest": ("最小年龄", "Youngest age"),
    "oldest": ("最大年龄", "Oldest age"),
    "status": ("身份", "Status"),
    "local_years": ("在本省年限", "Years in the province"),
    "medals": ("已获奖项", "Earlier medals"),
    "one_skill": ("限报一项", "One skill"),
    "coach": ("教练", "Coach"),
    "quota": ("代表团名额", "Quota"),
    "reserves": ("替补名额", "Reserves"),
    "answers": ("补充信息", "Extra questions"),
}
NAMED = 5  # of the questions without an answer


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person of an entry. None is "not stated", which is never taken for a yes."""

    name: str
    born_on: date | None
    status: str | None
    local_years: int | None
    medals: tuple[str, ...] = ()
    other_skills: tuple[str, ...] = ()  # codes of other skills with an entry that still stands


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an entry. `standing` counts the delegation's entries in the skill that stand
    before this one, by the same kind (reserves apart). `unanswered`: the needed extra questions
    that have no answer, zh and en; None where the skill asks nothing."""

    people: tuple[Candidate, ...]
    team_size: int
    coaches: int
    standing: int
    is_reserve: bool = False
    excepted: frozenset[str] = frozenset()  # rules that two people excepted for this entry
    unanswered: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """What one rule says of the entry. `excepted`: broken, and two people let it pass."""

    rule: str
    kept: bool
    zh: str
    en: str
    excepted: bool = False


def judge(facts: Facts, rules: SkillRules) -> list[Reason]:
    """Every rule's answer; the entry is eligible when `eligible` says so of them."""
    reasons = [_team(facts)]
    for person in facts.people:
        reasons += _person(person, rules)
    if rules.coach_required:
        reasons.append(_coach(facts))
    reasons.append(_quota(facts, rules))
    if facts.unanswered is not None:
        reasons.append(_answers(facts.unanswered))
    return [
        replace(one, excepted=True) if not one.kept and one.rule in facts.excepted else one
        for one in reasons
    ]


def eligible(reasons: Iterable[Reason]) -> bool:
    """Every rule is kept, or was excepted by two people."""
    return all(one.kept or one.excepted for one in reasons)


def quota_use(entries: Mapping[str, int], quota: int) -> dict[str, int]:
    """Delegation → places left in a skill; below zero where too many entered."""
    return {delegation: quota - count for delegation, count in entries.items()}


def _team(facts: Facts) -> Reason:
    found, wanted = len(facts.people), facts.team_size
    return Reason(
        "team_size",
        found == wanted,
        f"队伍 {found} 人，本赛项要求 {wanted} 人",
        f"The team has {found}; this skill wants {wanted}",
    )


def _person(person: Candidate, rules: SkillRules) -> list[Reason]:
    found = [*_age(person, rules)]
    shown = STATUS.get(person.status or "", ("未填写", "not stated"))
    found.append(
        Reason(
            "status",
            person.status in rules.statuses,
            f"{person.name}：身份为{shown[0]}",
            f"{person.name}: status {shown[1]}",
        )
    )
    if rules.local_years:
        years = person.local_years
        zh = "未填写" if years is None else f"{years} 年"
        en = "not stated" if years is None else f"{years} year{'' if years == 1 else 's'}"
        found.append(
            Reason(
                "local_years",
                years is not None and years >= rules.local_years,
                f"{person.name}：在本省工作或学习{zh}，要求至少 {rules.local_years} 年",
                f"{person.name}: work or study in the province {en}; at least"
                f" {rules.local_years} wanted",
            )
        )
    barred = [medal for medal in person.medals if medal in rules.excluded_medals]
    if rules.excluded_medals:
        zh = "、".join(barred) if barred else "没有排除报名的奖项"
        en = ", ".join(barred) if barred else "no earlier medal that excludes"
        found.append(Reason("medals", not barred, f"{person.name}：{zh}", f"{person.name}: {en}"))
    if rules.one_skill_each:
        others = "、".join(person.other_skills)
        found.append(
            Reason(
                "one_skill",
                not person.other_skills,
                f"{person.name}：还报了 {others}" if others else f"{person.name}：只报了本赛项",
                f"{person.name}: also entered in {others}"
                if others
                else f"{person.name}: entered in this skill only",
            )
        )
    return found


def _age(person: Candidate, rules: SkillRules) -> list[Reason]:
    wanted = (rules.born_before, rules.youngest, rules.oldest)
    if person.born_on is None:
        if all(one is None for one in wanted):
            return []
        return [
            Reason(
                "age",
                False,
                f"{person.name}：没有出生日期，无法核对年龄",
                f"{person.name}: no date of birth, so the age cannot be checked",
            )
        ]
    found = []
    age = age_on(person.born_on, rules.age_day)
    if rules.born_before is not None:
        found.append(
            Reason(
                "born_before",
                person.born_on < rules.born_before,
                f"{person.name}：{person.born_on} 出生，要求在 {rules.born_before} 以前",
                f"{person.name}: born on {person.born_on}; must be before {rules.born_before}",
            )
        )
    if rules.youngest is not None:
        found.append(
            Reason(
                "youngest",
                age >= rules.youngest,
                f"{person.name}：{rules.age_day} 时 {age} 周岁，要求满 {rules.youngest}",
                f"{person.name}: {age} on {rules.age_day}; at least {rules.youngest}",
            )
        )
    if rules.oldest is not None:
        found.append(
            Reason(
                "oldest",
                age <= rules.oldest,
                f"{person.name}：{rules.age_day} 时 {age} 周岁，要求不超过 {rules.oldest}",
                f"{person.name}: {age} on {rules.age_day}; at most {rules.oldest}",
            )
        )
    return found


def _coach(facts: Facts) -> Reason:
    return Reason(
        "coach",
        facts.coaches > 0,
        "已填写教练" if facts.coaches else "没有填写教练",
        "A coach is named" if facts.coaches else "No coach is named",
    )


def _quota(facts: Facts, rules: SkillRules) -> Reason:
    places = rules.reserves if facts.is_reserve else rules.quota
    number = facts.standing + 1
    zh, en = ("替补", "reserve") if facts.is_reserve else ("报名", "entry")
    return Reason(
        "reserves" if facts.is_reserve else "quota",
        number <= places,
        f"本代表团在该赛项的第 {number} 个{zh}，名额 {places} 个",
        f"{en.capitalize()} {number} of the delegation in this skill; {places} allowed",
    )


def _answers(unanswered: tuple[tuple[str, str], ...]) -> Reason:
    if not unanswered:
        return Reason("answers", True, "补充信息已填齐", "The extra questions are answered")
    more = len(unanswered) - NAMED
    zh = "；".join(one for one, _ in unanswered[:NAMED])
    en = "; ".join(one for _, one in unanswered[:NAMED])
    return Reason(
        "answers",
        False,
        f"补充信息还缺：{zh}" + (f"；共 {len(unanswered)} 项" if more > 0 else ""),
        f"Extra questions without an answer: {en}" + (f"; {more} more" if more > 0 else ""),
    )
