"""Preflight: what a skill must pass before it opens; each check is a light with its sentence.

Red: the skill cannot open. Amber: it can, and somebody should look. Green: in order. The facts are
plain values; where they come from is the caller's affair (`judging` knows the scheme and the task,
`competition` the rest). A total that is not 100 is red here and a warning at import (decisions 24).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from competition.rules import preflight_panels
from competition.rules.preflight_facts import Facts


class Light(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Result:
    """One check: its light, what was found, and what to do (empty when green)."""

    name: str
    light: Light
    zh: str
    en: str


Answer = tuple[bool, str, str]
_Check = tuple[str, Light, Callable[[Facts], Answer]]


def preflight(facts: Facts) -> list[Result]:
    """Every check, in the order of a secretariat's list."""
    results = []
    for name, light, check in CHECKS:
        passed, zh, en = check(facts)
        results.append(Result(name, Light.GREEN if passed else light, zh, en))
    return results


def may_open(results: list[Result]) -> bool:
    """No light is red."""
    return all(result.light is not Light.RED for result in results)


def _marks(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02}"


def _within(facts: Facts) -> bool:
    first, last = facts.first_period, facts.last_period
    return (
        first is not None
        and last is not None
        and facts.starts_on <= first
        and last <= facts.ends_on
    )


def _place(names: tuple[str, str] | None, zh: str, en: str) -> tuple[str, str]:
    found = names or ("未定", "not set")
    return f"{zh}：{found[0]}", f"{en}: {found[1]}"


def _listed(names: tuple[str, ...], between: str) -> str:
    """The first few, so that a sheet stays a sheet."""
    shown = between.join(names[:5])
    return shown if len(names) <= 5 else f"{shown} …"


RED, AMBER = Light.RED, Light.AMBER
CHECKS: tuple[_Check, ...] = (
    (
        "names",
        AMBER,
        lambda f: (
            f.names_in_both,
            "赛项有中英文名称" if f.names_in_both else "缺少中文或英文名称：请在赛项页补上",
            "Named in both languages"
            if f.names_in_both
            else "A name is missing in one language: add it on the skill's page",
        ),
    ),
    (
        "zone",
        RED,
        lambda f: (f.zone is not None, *_place(f.zone, "赛区", "Zone")),
    ),
    (
        "venue",
        RED,
        lambda f: (f.venue is not None, *_place(f.venue, "场馆", "Venue")),
    ),
    (
        "rules",
        RED,
        lambda f: (
            f.rules_version is not None,
            f"规则第 {f.rules_version} 版" if f.rules_version else "没有规则：请选一套预设",
            f"Rules, version {f.rules_version}" if f.rules_version else "No rules: choose a preset",
        ),
    ),
    (
        "rules_published",
        AMBER,
        lambda f: (
            f.rules_published,
            "规则已向所有人公布" if f.rules_published else "规则尚未公布",
            "The rules are public" if f.rules_published else "The rules are not yet public",
        ),
    ),
    (
        "periods",
        RED,
        lambda f: (f.periods > 0, f"赛段 {f.periods} 个", f"Working periods: {f.periods}"),
    ),
    (
        "minutes",
        RED,
        lambda f: (
            f.minutes > 0,
            f"总时长 {f.minutes} 分钟",
            f"{f.minutes} minutes of work",
        ),
    ),
    (
        "dates",
        AMBER,
        lambda f: (
            _within(f),
            f"首个赛段 {f.first_period or '未定'}，大赛 {f.starts_on} 至 {f.ends_on}",
            f"First period {f.first_period or 'not set'}; the competition lasts from"
            f" {f.starts_on} to {f.ends_on}",
        ),
    ),
    (
        "scheme",
        RED,
        lambda f: (
            f.scheme_version is not None and f.aspects > 0,
            f"评分表 {f.aspects} 个评分点" if f.aspects else "没有评分表：请导入或编写",
            f"A scheme of {f.aspects} aspects"
            if f.aspects
            else "No marking scheme: import or write one",
        ),
    ),
    (
        "total",
        RED,
        lambda f: (
            f.scheme_total == 10_000,
            f"评分表总分 {_marks(f.scheme_total)}，应为 100.00",
            f"The scheme totals {_marks(f.scheme_total)}; it must be 100.00",
        ),
    ),
    (
        "rungs",
        RED,
        lambda f: (
            f.judgements_without_rungs == 0,
            f"{f.judgements_without_rungs} 个评判点缺少 0–3 档描述",
            f"Judgements without descriptors of 0–3: {f.judgements_without_rungs}",
        ),
    ),
    (
        "sections",
        AMBER,
        lambda f: (
            f.aspects_without_section == 0,
            f"{f.aspects_without_section} 个评分点没有写职业标准部分",
            f"Aspects that name no section of the standard: {f.aspects_without_section}",
        ),
    ),
    (
        "task",
        RED,
        lambda f: (
            f.task or not f.task_wanted,
            "试题包就绪" if f.task else ("缺少试题包" if f.task_wanted else "不需要试题包"),
            "The task package is there"
            if f.task
            else ("The task package is missing" if f.task_wanted else "No task package needed"),
        ),
    ),
    (
        "images",
        AMBER,
        lambda f: (
            f.images_ready or not f.task_wanted,
            "判题环境就绪" if f.images_ready or not f.task_wanted else "判题环境尚未就绪",
            "The sandbox is ready"
            if f.images_ready or not f.task_wanted
            else "The sandbox is not ready yet",
        ),
    ),
    (
        "automatic",
        AMBER,
        lambda f: (
            f.automatic_aspects > 0 or not f.task_wanted,
            f"自动判定的评分点 {f.automatic_aspects} 个",
            f"Aspects checked automatically: {f.automatic_aspects}",
        ),
    ),
    ("chief", RED, preflight_panels.chief),
    ("panel", RED, preflight_panels.panel),
    ("chairs", RED, preflight_panels.chairs),
    ("supervisor", AMBER, preflight_panels.supervisor),
    ("conflicts", RED, preflight_panels.conflicts),
    ("declared", AMBER, preflight_panels.declared),
    ("declarations", AMBER, preflight_panels.declarations),
    ("late", AMBER, preflight_panels.late),
    ("chief_free", AMBER, preflight_panels.chief_free),
    (
        "second_factor",
        RED,
        lambda f: (
            not f.factors_missing or not f.factors_asked,  # where it is not asked, the next says so
            "能改变成绩的人都已设置二次验证"
            if not f.factors_missing
            else f"{len(f.factors_missing)} 人能改变成绩但没有二次验证："
            f"{_listed(f.factors_missing, '、')}",
            "Everybody who can change results of this skill has a second factor"
            if not f.factors_missing
            else f"{len(f.factors_missing)} can change results and have no second factor:"
            f" {_listed(f.factors_missing, ', ')}",
        ),
    ),
    (
        "second_factor_asked",
        AMBER,
        lambda f: (
            f.factors_asked,
            "大赛要求二次验证" if f.factors_asked else "大赛没有要求二次验证：只凭密码即可改变成绩",
            "The competition asks for the second factor"
            if f.factors_asked
            else "The competition does not ask for the second factor: a password alone changes"
            " results",
        ),
    ),
    (
        "entries",
        RED,
        lambda f: (f.entries > 0, f"报名 {f.entries} 个", f"{f.entries} entries"),
    ),
    (
        "small_field",
        AMBER,
        lambda f: (
            f.entries > 3,
            f"报名 {f.entries} 个；不足 4 个的赛项不评奖",
            f"{f.entries} entries; with fewer than 4 there are no medals",
        ),
    ),
    (
        "eligibility",
        RED,
        lambda f: (
            f.entries_open == 0,
            f"{f.entries_open} 个报名尚未审定",
            f"{f.entries_open} entries are not yet judged eligible or not",
        ),
    ),
    (
        "answers",
        AMBER,
        lambda f: (
            f.entries_unanswered == 0,
            f"{f.entries_unanswered} 个报名还缺补充信息：请代表团填写",
            f"{f.entries_unanswered} entries lack answers to extra questions: ask the delegations",
        ),
    ),
    (
        "codes",
        RED,
        lambda f: (
            f.entries_without_code == 0 and f.codes_doubled == 0,
            f"没有编号 {f.entries_without_code} 个，编号重复 {f.codes_doubled} 个",
            f"{f.entries_without_code} without a code, {f.codes_doubled} doubled",
        ),
    ),
    (
        "aliases",
        RED,
        lambda f: (
            f.aliases_equal_codes == 0 or not f.is_blind,
            f"公开代号与裁判编号相同 {f.aliases_equal_codes} 个",
            f"{f.aliases_equal_codes} public aliases give a judges' code away",
        ),
    ),
    (
        "workstations",
        AMBER,
        lambda f: (
            f.entries_without_workstation == 0 and f.workstations_doubled == 0,
            f"没有工位 {f.entries_without_workstation} 个，工位重复 {f.workstations_doubled} 个",
            f"{f.entries_without_workstation} without a workstation, {f.workstations_doubled}"
            " doubled",
        ),
    ),
    (
        "requests",
        AMBER,
        lambda f: (
            f.requests_open == 0,
            f"未处理的变更申请 {f.requests_open} 个",
            f"Change requests that wait: {f.requests_open}",
        ),
    ),
    (
        "entries_locked",
        AMBER,
        lambda f: (
            f.entries_locked,
            "报名已锁定" if f.entries_locked else "报名尚未锁定：截止后请在“报名锁定”页锁定",
            "The entries are locked"
            if f.entries_locked
            else "The entries are not locked: lock them on “Entry locks” once registration is over",
        ),
    ),
    (
        "tablets",
        AMBER,
        lambda f: (
            f.paired_tablets >= f.panel,
            f"已配对平板 {f.paired_tablets} 台",
            f"Tablets paired: {f.paired_tablets}",
        ),
    ),
)
