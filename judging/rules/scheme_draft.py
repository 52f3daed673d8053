"""A marking scheme while somebody writes it: anything may be missing or wrong, nothing is lost.

A draft's body is plain JSON, all texts as typed:

sections: [{key, number, zh, en, marks}]
criteria: [{key, letter, zh, en, sub_criteria: [{key, id, zh, en, day, aspects: [
  {key, type, zh, en, max, section, extra_zh, extra_en, requirement_zh, requirement_en,
   rungs: [{zh, en} four], calculation: {kind, …}, written}]}]}]

`key` names a node for the page and for merging what two people typed. `calculation` holds the
fields of the kind (`calculation_typed`); `written` is the calculation as a workbook or a version
had it, which stays as it is as long as the fields say the same. `draft_shape` holds a body to this.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from judging.rules import calculation_reading, calculation_typed, scheme_faults
from judging.rules.scheme import (
    JUDGEMENT,
    MEASUREMENT,
    RUNG_SCORES,
    Aspect,
    Calculation,
    Criterion,
    NotAMark,
    Parameter,
    Problem,
    Rung,
    Scheme,
    Section,
    SubCriterion,
    Text,
    assemble,
    hundredths,
)
from judging.rules.scheme_difference import meaning
from judging.rules.scheme_mapping import aspect_code

Body = dict[str, Any]
EMPTY: Body = {"sections": [], "criteria": []}
_ID = re.compile(r"([A-Z])([1-9][0-9]?)")
_LONGEST_LABEL = 20  # characters of a section or a day, as in a workbook


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a body says. `scheme` is all that could be understood; `problems` keep it from being
    adopted, `notes` are shown and tolerated. Their `row` is the place of a node in `keys`."""

    scheme: Scheme
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    keys: tuple[str, ...]


def read(body: Body, skill: str = "", name: Text = Text()) -> Drafted:
    """What a draft says so far."""
    reader = _Reader()
    sections = [reader.section(one) for one in body["sections"]]
    criteria = [reader.criterion(one) for one in body["criteria"]]
    found = assemble(skill, name, sections, criteria)
    problems = sorted([*reader.problems, *scheme_faults.errors(found)], key=lambda p: p.row or 0)
    notes = scheme_faults.warnings(found)
    return Drafted(found, tuple(problems), notes, tuple(reader.keys))


class _Reader:
    """Reads the nodes in order and notes what is wrong with each."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.problems: list[Problem] = []
        self._letters: set[str] = set()
        self._numbers: set[str] = set()

    def _row(self, node: Body) -> int:
        self.keys.append(node["key"])
        return len(self.keys) - 1

    def _wrong(self, row: int, zh: str, en: str) -> None:
        self.problems.append(Problem(zh, en, row))

    def section(self, node: Body) -> Section:
        row, number = self._row(node), node["number"].strip()
        if not number or number in self._numbers or len(number) > _LONGEST_LABEL:
            self._wrong(
                row,
                f"职业标准部分“{number[:20]}”的编号为空、重复或过长。请写一个简短且不同的编号。",
                f"The number of section “{number[:20]}” is empty, used twice or too long. Write a"
                " short one of its own.",
            )
        self._numbers.add(number)
        declared = None
        if node["marks"].strip():
            declared = self._mark(row, node["marks"], f"部分 {number}", f"Section {number}")
        return Section(number[:_LONGEST_LABEL], _text(node), declared, 0, row)

    def criterion(self, node: Body) -> Criterion:
        row, letter = self._row(node), node["letter"].strip().upper()
        if not re.fullmatch(r"[A-Z]", letter) or letter in self._letters:
            self._wrong(
                row,
                f"评分项“{letter[:5]}”应为一个没有用过的字母 A–Z。",
                f"Criterion “{letter[:5]}”: write one letter A–Z that no other criterion has.",
            )
        self._letters.add(letter)
        subs = tuple(self._sub(one) for one in node["sub_criteria"])
        return Criterion(letter[:5], _text(node), subs, row)

    def _sub(self, node: Body) -> SubCriterion:
        row, code = self._row(node), node["id"].strip().upper()
        if not _ID.fullmatch(code):
            self._wrong(
                row,
                f"评分子项编号“{code[:20]}”应为一个字母加数字，如 A1。",
                f"The sub-criterion id “{code[:20]}” must be a letter and a number, such as A1.",
            )
        day = node["day"].strip()
        if len(day) > _LONGEST_LABEL:
            self._wrong(row, f"{code} 的评分日过长，请只写第几天。",
                        f"The day of {code} is too long; write its number.")  # fmt: skip
        code = code[: _LONGEST_LABEL - 4]
        aspects = tuple(self._aspect(one, aspect_code(code, at))
                        for at, one in enumerate(node["aspects"], start=1))  # fmt: skip
        return SubCriterion(code, _text(node), day[:_LONGEST_LABEL], aspects, code, row)

    def _aspect(self, node: Body, code: str) -> Aspect:
        row, kind = self._row(node), node["type"]
        section = node["section"].strip()
        if len(section) > _LONGEST_LABEL:
            self._wrong(row, f"评分点 {code} 的部分编号过长，请只写编号。",
                        f"The section of {code} is too long; write its number.")  # fmt: skip
        rungs = [Rung(at, _text(one)) for at, one in zip(RUNG_SCORES, node["rungs"], strict=True)]
        return Aspect(
            code,
            kind,
            _text(node),
            self._mark(row, node["max"], f"评分点 {code}", f"Aspect {code}"),
            section[:_LONGEST_LABEL],
            _text(node, "extra_"),
            _text(node, "requirement_"),
            tuple(one for one in rungs if one.text) if kind == JUDGEMENT else (),
            self._calculation(row, node, code)
            if kind == MEASUREMENT
            else _written(node["written"]),
            row,
        )

    def _mark(self, row: int, typed: str, zh: str, en: str) -> int:
        if not typed.strip():
            return 0
        try:
            return hundredths(typed)
        except NotAMark as fault:
            self._wrong(row, f"{zh}：分值 {fault.zh}。", f"{en}: the mark {fault.en}.")
            return 0

    def _calculation(self, row: int, node: Body, code: str) -> Calculation | None:
        written = _written(node["written"])
        try:
            rule = calculation_typed.rule(node["calculation"])
        except calculation_reading.NotARule as fault:
            self._wrong(row, f"评分点 {code}：{fault.zh}", f"Aspect {code}: {fault.en}")
            return written
        typed = calculation_reading.calculation(rule)
        return written if meaning(written) == meaning(typed) else typed


def _text(node: Body, part: str = "") -> Text:
    """A pair as typed; a text in one language only stands for both."""
    zh, en = node[f"{part}zh"].strip(), node[f"{part}en"].strip()
    return Text(zh or en, en or zh)


def _written(kept: Body | None) -> Calculation | None:
    if kept is None:
        return None
    parameters = tuple(Parameter(**one) for one in kept["parameters"])
    return Calculation(kept["kind"], parameters, kept["label"], kept["flag"])


def body(scheme: Scheme) -> Body:
    """A scheme as a draft to go on from."""
    keys = (f"n{number}" for number in range(1_000_000))
    return {
        "sections": [
            {"key": next(keys), "number": one.number, **_typed(one.name),
             "marks": "" if one.declared is None else _mark(one.declared)}
            for one in scheme.sections if one.name or one.declared is not None
        ],
        "criteria": [
            {
                "key": next(keys), "letter": one.letter, **_typed(one.name),
                "sub_criteria": [_sub(sub, keys) for sub in one.sub_criteria],
            }
            for one in scheme.criteria
        ],
    }  # fmt: skip


def _sub(sub: SubCriterion, keys: Iterator[str]) -> Body:
    return {
        "key": next(keys),
        "id": sub.code,
        **_typed(sub.name),
        "day": sub.day,
        "aspects": [_aspect(one, next(keys)) for one in sub.aspects],
    }


def _aspect(aspect: Aspect, key: str) -> Body:
    text_of = {rung.score: rung.text for rung in aspect.rungs}
    return {
        "key": key,
        "type": aspect.kind,
        **_typed(aspect.description),
        "max": _mark(aspect.max),
        "section": aspect.section,
        **_typed(aspect.extra, "extra_"),
        **_typed(aspect.requirement, "requirement_"),
        "rungs": [_typed(text_of.get(score, Text())) for score in RUNG_SCORES],
        "calculation": calculation_typed.typed(aspect.calculation),
        "written": _plain(aspect.calculation),
    }


def _plain(calculation: Calculation | None) -> Body | None:
    if calculation is None:
        return None
    return {**asdict(calculation), "parameters": [asdict(one) for one in calculation.parameters]}


def _typed(text: Text, part: str = "") -> Mapping[str, str]:
    """What stands in both languages alike was typed once; the page's other field stays empty."""
    return {f"{part}zh": text.zh, f"{part}en": text.en if text.en != text.zh else ""}


def _mark(marks: int) -> str:
    return f"{marks // 100}.{marks % 100:02d}"
