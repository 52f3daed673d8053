"""What a form's questions and their changes are called, zh and en."""

from typing import Any

from competition.rules.forms import Difference, Form

Sentence = tuple[str, str]

KINDS: dict[str, Sentence] = {
    "short": ("短文字", "Short text"),
    "long": ("长文字", "Long text"),
    "number": ("整数", "Whole number"),
    "date": ("日期", "Date"),
    "yes_no": ("是或否", "Yes or no"),
    "one_of": ("单选", "One of several"),
    "several": ("多选", "Several of them"),
    "file": ("文件", "File"),
}
ROLES: dict[str, Sentence] = {
    "entry": ("整个报名", "The entry as a whole"),
    "competitor": ("选手", "Competitor"),
    "reserve": ("替补", "Reserve"),
    "coach": ("教练", "Coach"),
}
PARTS: dict[str, Sentence] = {
    "kind": ("回答", "Answer"),
    "zh": ("中文问题", "Question in Chinese"),
    "en": ("英文问题", "Question in English"),
    "hint_zh": ("中文说明", "Hint in Chinese"),
    "hint_en": ("英文说明", "Hint in English"),
    "needed": ("必填", "Needed"),
    "personal": ("个人信息", "Personal"),
    "roles": ("问谁", "Asked of"),
    "options": ("选项", "Options"),
    "low": ("最小", "Least"),
    "high": ("最大", "Most"),
    "when": ("条件", "Condition"),
}
_WHAT: dict[str, Sentence] = {
    "new": ("新增问题", "New question"),
    "gone": ("删去问题", "Question removed"),
    "moved": ("移动问题", "Question moved"),
    "changed": ("更改问题", "Question changed"),
}
NONE: Sentence = ("无", "none")


def when(form: Form, key: str, values: list[str]) -> Sentence:
    """A condition in words."""
    other = form.of(key)
    if other is None:
        return f"{key} = {' / '.join(values)}", f"{key} = {' / '.join(values)}"
    words = {one.value: (one.zh, one.en) for one in other.options}
    words |= {"yes": ("是", "yes"), "no": ("否", "no")}
    zh = "或".join(words.get(one, (one, one))[0] for one in values)
    en = " or ".join(words.get(one, (one, one))[1] for one in values)
    return f"仅当“{other.zh}”为{zh}", f"only when “{other.en}” is {en}"


def sentences(difference: Difference, before: Form, after: Form) -> list[Sentence]:
    """A difference in words: its head, then a line for each part that changed."""
    what = _WHAT[difference.what]
    found = [(f"{what[0]}：{difference.field.zh}", f"{what[1]}: {difference.field.en}")]
    for name, old, new in difference.parts:
        label, a, b = PARTS[name], _value(name, old, before), _value(name, new, after)
        found.append((f"{label[0]}：{a[0]} → {b[0]}", f"{label[1]}: {a[1]} → {b[1]}"))
    return found


def _value(name: str, value: Any, form: Form) -> Sentence:  # noqa: ANN401 - as JSON has it
    if value in (None, "", []):
        return NONE
    if name == "when":
        return when(form, value["key"], value["is"])
    each = value if isinstance(value, list) else [value]
    words = [_word(name, one) for one in each]
    return "、".join(zh for zh, _ in words), ", ".join(en for _, en in words)


def _word(name: str, one: Any) -> Sentence:  # noqa: ANN401 - as JSON has it
    if isinstance(one, bool):
        return ("是", "yes") if one else ("否", "no")
    if name == "options":
        return one["zh"], one["en"]
    return {"kind": KINDS, "roles": ROLES}.get(name, {}).get(one, (str(one), str(one)))
