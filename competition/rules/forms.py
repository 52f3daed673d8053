"""The extra questions of a skill as data: what is asked of an entry, its competitors and coaches.

A skill keeps versions of a plain mapping (JSON); `read` turns one into a `Form` or says what is
wrong with it, `differences` names what two versions say differently. Nothing in a mapping is code.
A question may hang on the answer to another one, which may hang on a third: never in a circle.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from competition.rules.skill_rules import Fault

KINDS = ("short", "long", "number", "date", "yes_no", "one_of", "several", "file")
CHOOSING = ("one_of", "several")
BOUNDED = ("number", "date")
ENTRY = "entry"  # asked once of an entry; of the others once of each person
ROLES = (ENTRY, "competitor", "reserve", "coach")
YES, NO = "yes", "no"
MOST_FIELDS, MOST_OPTIONS = 60, 60
LONGEST_LABEL, LONGEST_HINT = 120, 400
LONGEST = {"short": 200, "long": 4000}  # characters of an answer
HIGHEST = 1_000_000_000
_KEY = re.compile(r"[a-z][a-z0-9_]{0,29}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be chosen; `value` is what is kept, and stays when words change."""

    value: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class When:
    """Asked only when the question `key` was answered with one of `values`."""

    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `low` and `high` bound a whole number, or a date as its ISO text. `personal`:
    the answer is sealed, masked, and seeing it is an act."""

    key: str
    kind: str
    zh: str
    en: str
    hint_zh: str
    hint_en: str
    needed: bool
    personal: bool
    roles: tuple[str, ...]
    options: tuple[Option, ...]
    low: int | str | None
    high: int | str | None
    when: When | None

    def can_be(self) -> tuple[str, ...]:
        """The answers that another question may hang on; none where they are not countable."""
        if self.kind == "yes_no":
            return (YES, NO)
        return tuple(one.value for one in self.options)


@dataclass(frozen=True, slots=True)
class Form:
    """The questions in their order."""

    fields: tuple[Field, ...] = ()

    def of(self, key: str) -> Field | None:
        """The question of a key."""
        return next((one for one in self.fields if one.key == key), None)


class _Wrong(Exception):
    """(zh, en) of one fault."""


def read(body: Mapping[str, Any]) -> Form | list[Fault]:
    """The form in `body`, {"fields": [mapping of each]}, or everything that is wrong with it."""
    listed = body.get("fields") if isinstance(body, Mapping) else None
    if not isinstance(listed, list) or len(listed) > MOST_FIELDS:
        return [Fault("", f"应为最多 {MOST_FIELDS} 个问题的列表。",
                      f"A list of at most {MOST_FIELDS} questions.")]  # fmt: skip
    found, faults = [], []
    for number, one in enumerate(listed, 1):
        try:
            found.append(_field(one))
        except _Wrong as wrong:
            zh, en = wrong.args
            faults.append(Fault(_name(one, number), zh, en))
    return faults or _contradictions(found) or Form(tuple(found))


def write(form: Form) -> dict[str, Any]:
    """The plain mapping of `form`: `read` gives the same form again."""
    return {"fields": [plain(one) for one in form.fields]}


def plain(field: Field) -> dict[str, Any]:
    """The mapping of one question."""
    found = {one.name: getattr(field, one.name) for one in fields(Field)}
    found["roles"] = list(field.roles)
    found["options"] = [{"value": o.value, "zh": o.zh, "en": o.en} for o in field.options]
    found["when"] = {"key": field.when.key, "is": list(field.when.values)} if field.when else None
    return found


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of a question: `what` is "new", "gone", "changed" or "moved"; `parts` names the
    properties that changed, with the plain values before and after."""

    what: str
    field: Field
    parts: tuple[tuple[str, Any, Any], ...] = ()


def differences(before: Form, after: Form) -> list[Difference]:
    """Every question that differs, in the order of the newer form, those that went last."""
    old = {one.key: one for one in before.fields}
    stay = [one.key for one in after.fields if one.key in old]
    was = [one.key for one in before.fields if after.of(one.key)]
    blocks = SequenceMatcher(None, was, stay, autojunk=False).get_matching_blocks()
    moved = set(stay) - {key for block in blocks for key in was[block.a : block.a + block.size]}
    found = []
    for one in after.fields:
        if one.key not in old:
            found.append(Difference("new", one))
            continue
        a, b = plain(old[one.key]), plain(one)
        parts = tuple((name, a[name], b[name]) for name in a if a[name] != b[name])
        if parts:
            found.append(Difference("changed", one, parts))
        elif one.key in moved:
            found.append(Difference("moved", one))
    found += [Difference("gone", one) for one in before.fields if after.of(one.key) is None]
    return found


def options(lines: Iterable[str], before: Sequence[Option] = ()) -> list[dict[str, str]]:
    """Options from lines such as “中号 | Medium”, one word for both where there is no bar. A line
    that keeps one of its words keeps its value, so that what was answered stays answered."""
    found: list[dict[str, str]] = []
    left = list(before)
    pairs = []
    for line in lines:
        zh, _, en = (part.strip() for part in line.replace("｜", "|").partition("|"))
        if zh or en:
            pairs.append((zh or en, en or zh))
    for zh, en in pairs:
        same = next((o for o in left if (o.zh, o.en) == (zh, en)), None)
        same = same or next((o for o in left if zh == o.zh or en == o.en), None)
        if same is not None:
            left.remove(same)
        found.append({"value": same.value if same else "", "zh": zh, "en": en})
    taken = {one["value"] for one in found} | {one.value for one in before}
    for one in found:
        if not one["value"]:
            number = next(n for n in range(1, 1000) if f"o{n}" not in taken)
            one["value"] = f"o{number}"
            taken.add(one["value"])
    return found


def _name(one: object, number: int) -> str:
    """What a fault calls a question: its words, else its place."""
    words = one.get("zh") or one.get("key") if isinstance(one, Mapping) else None
    return words[:LONGEST_LABEL] if isinstance(words, str) else f"#{number}"


def _field(one: object) -> Field:
    names = {field.name for field in fields(Field)}
    if not isinstance(one, Mapping) or set(one) != names:
        raise _Wrong(
            "不是一个问题，或缺少、多出了项。", "No question, or parts are missing or new."
        )
    if not isinstance(one["key"], str) or not _KEY.fullmatch(one["key"]):
        raise _Wrong(
            "标识应为小写英文字母开头的 1 至 30 个字母、数字或下划线。",
            "The key is 1 to 30 lower-case letters, digits or underscores, a letter first.",
        )
    if one["kind"] not in KINDS:
        raise _Wrong("请选择回答的种类。", "Choose the kind of answer.")
    for name in ("needed", "personal"):
        if not isinstance(one[name], bool):
            raise _Wrong("是否必填、是否个人信息应为是或否。", "Needed and personal are yes or no.")
    low, high = _bounds(one["kind"], one["low"], one["high"])
    return Field(
        key=one["key"],
        kind=one["kind"],
        zh=_words(one["zh"], LONGEST_LABEL, needed=True),
        en=_words(one["en"], LONGEST_LABEL, needed=True),
        hint_zh=_words(one["hint_zh"], LONGEST_HINT),
        hint_en=_words(one["hint_en"], LONGEST_HINT),
        needed=one["needed"],
        personal=one["personal"],
        roles=_roles(one["roles"]),
        options=_options(one["kind"], one["options"]),
        low=low,
        high=high,
        when=_when(one["when"]),
    )


def _words(text: object, most: int, *, needed: bool = False) -> str:
    if not isinstance(text, str) or len(text) > most or "\0" in text:
        raise _Wrong(f"文字最多 {most} 字。", f"Words have at most {most} characters.")
    if needed and not text.strip():
        raise _Wrong(
            "中文和英文的问题都要填写。", "The question is needed in Chinese and in English."
        )
    return " ".join(text.split())


def _roles(given: object) -> tuple[str, ...]:
    roles = tuple(one for one in ROLES if isinstance(given, list) and one in given)
    if not roles or (ENTRY in roles and len(roles) > 1):
        raise _Wrong(
            "请选择问谁：整个报名，或选手、替补、教练中的一种或几种。",
            "Choose of whom it is asked: of the entry as a whole, or of competitors, reserves,"
            " coaches.",
        )
    return roles


def _options(kind: str, given: object) -> tuple[Option, ...]:
    if kind not in CHOOSING:
        if given != []:
            raise _Wrong("只有选择题才有选项。", "Only questions to choose from have options.")
        return ()
    listed = given if isinstance(given, list) else []
    found = []
    for one in listed:
        if not isinstance(one, Mapping) or set(one) != {"value", "zh", "en"}:
            raise _Wrong("选项不完整。", "An option is not whole.")
        if not isinstance(one["value"], str) or not _KEY.fullmatch(one["value"]):
            raise _Wrong("选项的标识不对。", "The value of an option is wrong.")
        words = (_words(one[name], LONGEST_LABEL, needed=True) for name in ("zh", "en"))
        found.append(Option(one["value"], *words))
    for name in ("value", "zh", "en"):
        if len({getattr(one, name) for one in found}) < len(found):
            raise _Wrong("有两个选项相同。", "Two options are the same.")
    if not 2 <= len(found) <= MOST_OPTIONS:
        raise _Wrong(
            f"应有 2 至 {MOST_OPTIONS} 个选项，每行一个。",
            f"There must be 2 to {MOST_OPTIONS} options, one a line.",
        )
    return tuple(found)


def _bounds(kind: str, low: Any, high: Any) -> tuple[Any, Any]:  # noqa: ANN401 - as JSON has them
    if kind not in BOUNDED:
        return None, None
    for one in (low, high):
        if one is None:
            continue
        if kind == "number":
            fits = isinstance(one, int) and not isinstance(one, bool) and abs(one) <= HIGHEST
        else:
            fits = isinstance(one, str) and is_day(one)
        if not fits:
            raise _Wrong(
                "最小、最大应为整数，或 2026-06-01 这样的日期。",
                "The bounds are whole numbers, or dates such as 2026-06-01.",
            )
    if low is not None and high is not None and low > high:
        raise _Wrong(
            "最小大于最大，请改正其中一个。", "The least lies above the most; correct one."
        )
    return low, high


def is_day(text: str) -> bool:
    """Whether a text is a day in its ISO form, the only one that is kept."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _when(given: object) -> When | None:
    if given is None:
        return None
    whole = isinstance(given, Mapping) and set(given) == {"key", "is"}
    values = given["is"] if whole and isinstance(given, Mapping) else None
    if not whole or not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        raise _Wrong("条件不完整。", "The condition is not whole.")
    assert isinstance(given, Mapping)
    return When(str(given["key"]), tuple(values))


def _contradictions(found: list[Field]) -> list[Fault]:
    """What is wrong though each question by itself is right."""
    faults, by_key = [], {one.key: one for one in found}
    seen: set[str] = set()
    for one in found:
        if one.key in seen:
            faults.append(
                Fault(one.zh, f"标识“{one.key}”用了两次。", f"“{one.key}” is there twice.")
            )
        seen.add(one.key)
        sentence = _hangs_wrongly(one, one.when, by_key) if one.when else None
        if sentence:
            faults.append(Fault(one.zh, *sentence))
    return faults


def _hangs_wrongly(one: Field, when: When, by_key: Mapping[str, Field]) -> tuple[str, str] | None:
    other = by_key.get(when.key)
    if other is None:
        return (
            f"条件所指的问题“{when.key}”不存在。请另选一个，或去掉条件。",
            f"There is no question “{when.key}” for it to hang on. Choose another one, or take"
            " the condition away.",
        )
    if _is_circle(one, by_key):
        return (
            f"与“{other.zh}”互为条件，谁都不会出现。请去掉其中一个条件。",
            f"It and “{other.en}” hang on each other, so neither would ever show. Take one of the"
            " conditions away.",
        )
    if not other.can_be():
        return (
            f"“{other.zh}”不是选择题，不能作为条件。",
            f"“{other.en}” has no fixed answers, so nothing can hang on it.",
        )
    if not when.values or not set(when.values) <= set(other.can_be()):
        return (
            f"请选择“{other.zh}”的哪些回答会引出这个问题。",
            f"Choose which answers to “{other.en}” bring this question.",
        )
    if ENTRY not in other.roles and not set(one.roles) <= set(other.roles):
        return (
            f"“{other.zh}”不是对所有这些人都问的，不能作为条件。",
            f"“{other.en}” is not asked of all the same people, so this cannot hang on it.",
        )
    return None


def _is_circle(one: Field, by_key: Mapping[str, Field]) -> bool:
    seen, at = {one.key}, one
    while at.when is not None and at.when.key in by_key:
        at = by_key[at.when.key]
        if at.key in seen:
            return at.key == one.key
        seen.add(at.key)
    return False
