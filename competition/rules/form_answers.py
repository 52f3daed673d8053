"""Answers to the extra questions: which are asked for given answers, and what each text means.

A subject is who is asked: the entry as a whole, a competitor, a reserve or a coach. An answer is
plain: a text, a whole number, a day as its ISO text, "yes" or "no", the value of an option, or a
list of them. A file is an answer once a paper is there; its name is kept elsewhere.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from competition.rules.forms import ENTRY, HIGHEST, LONGEST, NO, YES, Field, Form, is_day

Values = Mapping[str, Any]  # key → answer
Sentence = tuple[str, str]
NOTHING: dict[str, Any] = {}


class Unread(Exception):
    """A text is no answer to its question; (zh, en) says why and what to do."""


def asked(form: Form, role: str, own: Values, whole: Values = NOTHING) -> list[Field]:
    """The questions that show for a subject, in their order. `own` are its answers, `whole` those
    of the entry, on which its people's questions may hang."""
    return [one for one in form.fields if role in one.roles and _holds(form, one, role, own, whole)]


def _holds(form: Form, field: Field, role: str, own: Values, whole: Values) -> bool:
    """Whether a question shows: its condition is met, and so is that of what it hangs on."""
    if field.when is None:
        return True
    other = form.of(field.when.key)
    if other is None:
        return False
    is_own = role in other.roles
    said = (own if is_own else whole).get(other.key)
    given = set(said) if isinstance(said, list) else {said}
    if given.isdisjoint(field.when.values):
        return False
    return _holds(form, other, role if is_own else ENTRY, own if is_own else whole, whole)


def missing(
    form: Form, role: str, own: Values, whole: Values = NOTHING, files: Collection[str] = ()
) -> list[Field]:
    """The needed questions that show and have no answer that still fits. `files`: keys of the
    questions for which a paper is there."""
    return [
        one
        for one in asked(form, role, own, whole)
        if one.needed and not (one.key in files if one.kind == "file" else fits(one, own))
    ]


def fits(field: Field, own: Values) -> bool:
    """Whether there is an answer, and the question as it is now still takes it."""
    said = own.get(field.key)
    if said is None or field.kind == "file":
        return False
    try:
        return type(read(field, texts(said))) is type(said)
    except Unread:
        return False


def read(field: Field, given: Sequence[str]) -> Any:  # noqa: ANN401 - as JSON holds it
    """What was typed or ticked as an answer; None where it is empty. Raises Unread."""
    if field.kind == "several":
        ticked = {one.strip() for one in given} - {""}
        if not ticked <= set(field.can_be()):
            raise Unread("请从列出的选项中选择", "Choose among the options")
        return [one for one in field.can_be() if one in ticked] or None
    if len(given) > 1:
        raise Unread("只能填写一个回答", "There can be one answer only")
    text = given[0].replace("\r\n", "\n").strip() if given else ""
    if not text:
        return None
    if "\0" in text:
        raise Unread("含有不能保存的字符，请重新输入", "It holds a character that cannot be kept")
    return _READERS[field.kind](field, text)


def _text(field: Field, text: str) -> str:
    most = LONGEST[field.kind]
    if len(text) > most:
        raise Unread(f"最多 {most} 字，现有 {len(text)} 字", f"At most {most} characters")
    return text if field.kind == "long" else " ".join(text.split())


def _number(field: Field, text: str) -> int:
    figures = text.translate(_HALF)
    digits = figures[1:] if figures[:1] in "+-" else figures
    fits_in = digits.isascii() and digits.isdigit() and len(digits) <= 12
    if not fits_in or abs(int(figures)) > HIGHEST:
        raise Unread("应为整数，如 42", "A whole number, such as 42")
    _within(field, int(figures))
    return int(figures)


def _day(field: Field, text: str) -> str:
    if not is_day(text):
        raise Unread("应为 2026-06-01 这样的日期", "A date such as 2026-06-01")
    _within(field, text)
    return text


def _within(field: Field, value: int | str) -> None:
    if (field.low is not None and value < field.low) or (  # type: ignore[operator]
        field.high is not None and value > field.high  # type: ignore[operator]
    ):
        zh, en = bounds(field)
        raise Unread(f"应{zh}", f"Should be {en}")


def bounds(field: Field) -> Sentence:
    """What may be given, in words; empty where nothing bounds it."""
    low, high = field.low, field.high
    more, less = _DAYS if field.kind == "date" else _NUMBERS
    if low is not None and high is not None:
        return f"在 {low} 至 {high} 之间", f"{low} to {high}"
    if low is not None:
        return f"{more[0]} {low}", f"{low} {more[1]}"
    return (f"{less[0]} {high}", f"{high} {less[1]}") if high is not None else ("", "")


def _one_of(field: Field, text: str) -> str:
    if text not in field.can_be():
        raise Unread("请从列出的选项中选择", "Choose among the options")
    return text


def _file(field: Field, text: str) -> None:
    raise Unread("这里要上传文件", "This wants a file")


_NUMBERS = ("不小于", "or more"), ("不大于", "or less")
_DAYS = ("不早于", "or later"), ("不晚于", "or before")
_HALF = str.maketrans("０１２３４５６７８９－＋", "0123456789-+")
_READERS: dict[str, Any] = {
    "short": _text,
    "long": _text,
    "number": _number,
    "date": _day,
    "yes_no": _one_of,
    "one_of": _one_of,
    "file": _file,
}
_YES_NO: dict[str, Sentence] = {YES: ("是", "yes"), NO: ("否", "no")}


def texts(said: Any) -> list[str]:  # noqa: ANN401 - an answer
    """An answer as the fields of a page hold it: what `read` makes it of."""
    if said is None:
        return []
    return said if isinstance(said, list) else [str(said)]


def shown(field: Field, said: Any) -> Sentence:  # noqa: ANN401 - an answer
    """An answer as people read it, in both languages; empty where there is none."""
    if said is None:
        return "", ""
    if isinstance(said, list):
        each = [shown(field, one) for one in said]
        return "、".join(zh for zh, _ in each), ", ".join(en for _, en in each)
    if field.kind == "yes_no" and said in _YES_NO:
        return _YES_NO[said]
    option = next((one for one in field.options if one.value == said), None)
    return (option.zh, option.en) if option else (str(said), str(said))
