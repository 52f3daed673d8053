"""The rules of one skill as data: who may enter, how the panel marks, how places are found.

A skill keeps versions of a plain mapping (JSON); `read` turns one into `SkillRules` or says what is
wrong with it, `PRESETS` are three to begin with, `differences` names what two versions say
differently. Nothing in a mapping is code. What the regulations say and what is open stands in
marking-rules.md; a rule whose source is open says "approximation" in its words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from competition.rules.skill_rules_labels import OPTIONS, Sentence

PANEL_SIZES = (3, 4, 5, 7)  # marking-rules.md, Judgement: each needs an explicit rule
TIE_BREAKS = ("criterion", "module", "time", "vote", "ruling")
MEDAL_RULES = ("worldskills", "china")
SCALES = ("none", "worldskills-700")
RELEASES = ("hidden", "automatic", "confirmed")
STATUSES = ("employee", "student")
# The re-check (marking-rules.md, Flow): at least so much of the rest, and all above so many errors.
LEAST_SHARE, MOST_ERRORS = 15, 5


@dataclass(frozen=True, slots=True)
class SkillRules:
    """One version of a skill's rules. Ages are full years on `age_day`; shares are per cent."""

    preset: str
    # who may enter
    born_before: date | None
    youngest: int | None
    oldest: int | None
    age_day: date
    statuses: tuple[str, ...]
    local_years: int  # years of work or study in the province
    one_skill_each: bool
    excluded_medals: tuple[str, ...]  # earlier medals that exclude, such as "national-gold"
    quota: int  # entries of one delegation
    reserves: int  # of one delegation, beside its quota
    coach_required: bool
    substitute_until: date | None
    # how it is marked
    panel: int
    trim: int  # votes dropped at each end
    supervisor: bool
    widest_spread: int
    recheck_share: int  # per cent of the rest, beside the top group
    recheck_limit: int  # per cent of errors above which everything is checked again
    competitor_signs: bool
    release: str
    # how places are found
    shared_places: bool
    ties: tuple[str, ...]
    medals: str
    scale: str
    appeal_hours: int


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a mapping: the field, and the sentence in both languages."""

    field: str
    zh: str
    en: str


_COMMON: dict[str, Any] = {
    "born_before": "2007-01-01",
    "youngest": 16,
    "oldest": 59,
    "age_day": "2023-06-01",
    "statuses": ["employee", "student"],
    "local_years": 1,
    "one_skill_each": True,
    "excluded_medals": [],
    "quota": 3,
    "reserves": 1,
    "coach_required": True,
    "substitute_until": None,
    "panel": 5,
    "trim": 1,
    "supervisor": True,
    "widest_spread": 1,
    "recheck_share": 15,
    "recheck_limit": 5,
    "competitor_signs": False,
    "release": "hidden",
    "shared_places": False,
    "ties": ["criterion", "time", "ruling"],
    "medals": "china",
    "scale": "none",
    "appeal_hours": 2,
}

PRESETS: dict[str, dict[str, Any]] = {
    "worldskills": _COMMON
    | {
        "preset": "worldskills",
        "born_before": None,
        "youngest": None,
        "oldest": 22,
        "local_years": 0,
        "quota": 1,
        "panel": 3,
        "trim": 0,
        "competitor_signs": True,
        "shared_places": True,
        "ties": ["vote", "ruling"],
        "medals": "worldskills",
        "scale": "worldskills-700",
    },
    "national": _COMMON | {"preset": "national", "quota": 2, "excluded_medals": ["national-gold"]},
    "provincial": _COMMON | {"preset": "provincial"},
}


def read(body: Mapping[str, Any]) -> SkillRules | list[Fault]:
    """The rules in `body`, or everything that is wrong with it. Unknown names are faults too."""
    names = {field.name for field in fields(SkillRules)}
    faults = [
        Fault(name, f"没有“{name}”这一项。请删去。", f"There is no “{name}”. Remove it.")
        for name in sorted(set(body) - names)
    ]
    faults += [
        Fault(name, f"缺少“{name}”。请补上。", f"“{name}” is missing. Add it.")
        for name in sorted(names - set(body))
    ]
    if faults:
        return faults
    values: dict[str, Any] = {}
    for name in body:
        try:
            values[name] = _READERS[name](body[name])
        except ValueError as fault:
            zh, en = fault.args
            faults.append(Fault(name, zh, en))
    if faults:
        return faults
    rules = SkillRules(**values)
    return _contradictions(rules) or rules


def wanting(rules: SkillRules) -> list[Fault]:
    """What keeps rules from being adopted though they can be read: earlier versions may hold it."""
    found = []
    if rules.medals == "worldskills" and rules.scale == "none":
        found.append(
            Fault(
                "scale",
                "世赛奖牌规则按换算分比较（相差不超过 2 分视为并列），没有换算分就无法适用。"
                "请选“700 分制（近似）”，或改用国内规则。",
                "The WorldSkills medal rule compares scale scores (within 2 points is a tie) and"
                " cannot be applied without a scale. Choose “700 scale (approximation)”, or the"
                " Chinese rule.",
            )
        )
    if rules.recheck_share < LEAST_SHARE:
        found.append(
            Fault(
                "recheck_share",
                f"前列以外至少抽查 {LEAST_SHARE}%，不能更低。",
                f"At least {LEAST_SHARE} % beside the top group are checked again, never less.",
            )
        )
    if rules.recheck_limit > MOST_ERRORS:
        found.append(
            Fault(
                "recheck_limit",
                f"错误超过 {MOST_ERRORS}% 就要全部复核，不能更宽。",
                f"Above {MOST_ERRORS} % errors everything is checked again, never later.",
            )
        )
    return found


def write(rules: SkillRules) -> dict[str, Any]:
    """The plain mapping of `rules`, as JSON can hold it: `read` gives the same rules again."""
    return {field.name: _plain(getattr(rules, field.name)) for field in fields(rules)}


def differences(before: SkillRules, after: SkillRules) -> list[tuple[str, Any, Any]]:
    """(field, before, after) of everything that differs, as plain values, in the order of rules."""
    old, new = write(before), write(after)
    return [(name, old[name], new[name]) for name in old if old[name] != new[name]]


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _contradictions(rules: SkillRules) -> list[Fault]:
    """What is wrong though each value by itself is right."""
    found = []
    if rules.panel - 2 * rules.trim < 3 and rules.trim:
        found.append(
            Fault(
                "trim",
                f"{rules.panel} 名裁判去掉最高最低各 {rules.trim} 个后不足 3 个打分。请增加裁判或"
                "不去分。",
                f"Of {rules.panel} votes fewer than 3 are left after dropping {rules.trim} at each"
                " end. Appoint more judges or drop none.",
            )
        )
    if None not in (rules.youngest, rules.oldest) and _or(rules.youngest) > _or(rules.oldest):
        found.append(
            Fault(
                "youngest",
                "最小年龄大于最大年龄。请改正其中一个。",
                "The youngest age lies above the oldest. Correct one of them.",
            )
        )
    if rules.medals == "china" and rules.shared_places:
        found.append(
            Fault(
                "shared_places",
                "国内奖牌规则下名次不并列。请改为不并列，或改用世赛规则。",
                "Under the Chinese medal rule places are never shared. Do not share them, or take"
                " the WorldSkills rule.",
            )
        )
    if not rules.shared_places and rules.ties[-1:] != ("ruling",):
        found.append(
            Fault(
                "ties",
                f"名次不并列时，最后一项应为“{OPTIONS['ruling'][0]}”。请加在最后。",
                "Where places are not shared, the last tie-break is a ruling. Put"
                f" “{OPTIONS['ruling'][1]}” last.",
            )
        )
    return found


def _or(value: int | None) -> int:
    return 0 if value is None else value


def _whole(low: int, high: int) -> Any:  # noqa: ANN401 - a reader of one field
    def read_whole(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"应为 {low} 至 {high} 的整数。", f"A whole number, {low} to {high}.")
        return value

    return read_whole


def _maybe(reader: Any) -> Any:  # noqa: ANN401 - a reader of one field
    return lambda value: None if value is None else reader(value)


def _day(value: object) -> date:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError("应为 2026-06-01 这样的日期。", "A date such as 2026-06-01.") from None


def _yes(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("应为是或否。", "Yes or no.")
    return value


def _named(known: Iterable[object]) -> Sentence:
    """Values as the page calls them."""
    said = [OPTIONS.get(str(one), (str(one), str(one))) for one in known]
    return "、".join(zh for zh, _ in said), ", ".join(en for _, en in said)


def _one_of(*known: object) -> Any:  # noqa: ANN401 - a reader of one field
    zh, en = _named(known)

    def read_one(value: object) -> object:
        if isinstance(value, bool) or value not in known:
            raise ValueError(f"应为以下之一：{zh}。", f"One of: {en}.")
        return value

    return read_one


def _list_of(*known: str) -> Any:  # noqa: ANN401 - a reader of one field
    zh, en = _named(known)

    def read_list(value: object) -> tuple[str, ...]:
        if not isinstance(value, list | tuple) or not set(value) <= set(known):
            raise ValueError(f"只能从以下各项中选：{zh}。", f"Choose from: {en}.")
        twice = _named([one for one in known if list(value).count(one) > 1])
        if twice[0]:
            raise ValueError(
                f"“{twice[0]}”选了不止一次。每项只选一次。",
                f"“{twice[1]}” was chosen more than once. Choose each once.",
            )
        return tuple(value)

    return read_list


def _words(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise ValueError("应为文字的列表。", "A list of words.")
    return tuple(value)


_READERS: dict[str, Any] = {
    "preset": _one_of(*PRESETS),
    "born_before": _maybe(_day),
    "youngest": _maybe(_whole(10, 99)),
    "oldest": _maybe(_whole(10, 99)),
    "age_day": _day,
    "statuses": _list_of(*STATUSES),
    "local_years": _whole(0, 30),
    "one_skill_each": _yes,
    "excluded_medals": _words,
    "quota": _whole(1, 99),
    "reserves": _whole(0, 99),
    "coach_required": _yes,
    "substitute_until": _maybe(_day),
    "panel": _one_of(*PANEL_SIZES),
    "trim": _whole(0, 2),
    "supervisor": _yes,
    "widest_spread": _whole(0, 3),
    "recheck_share": _whole(0, 100),
    "recheck_limit": _whole(0, 100),
    "competitor_signs": _yes,
    "release": _one_of(*RELEASES),
    "shared_places": _yes,
    "ties": _list_of(*TIE_BREAKS),
    "medals": _one_of(*MEDAL_RULES),
    "scale": _one_of(*SCALES),
    "appeal_hours": _whole(0, 72),
}
