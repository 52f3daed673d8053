"""The marking scheme as plain values: criterion → sub-criterion → aspect, and their sums.

Marks are whole hundredths. Every text is a pair (zh, en); a text known in one language only fills
both. `scheme_faults` says what is wrong with a scheme, `scheme_mapping` builds one from YAML.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

MEASUREMENT = "M"
JUDGEMENT = "J"
RUNG_SCORES = (0, 1, 2, 3)
FULL_TOTAL = 10_000  # a skill totals 100.00 marks (marking-rules.md, Structure)
BINARY_NOISE = Decimal("0.000001")  # marks; spreadsheets show 14 and store 13.999999999999993
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in the two languages of the competition."""

    zh: str = ""
    en: str = ""

    @classmethod
    def of(cls, one: str) -> "Text":
        """A text known in one language only."""
        return cls(one, one)

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong or unusual, where, and what to change. `row` is 1-based, as in the file."""

    zh: str
    en: str
    row: int | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Rung:
    """The written descriptor of one score, 0 to 3, of a judgement."""

    score: int
    text: Text


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a calculation, as written: a number ("0.25000000"), a text, or both."""

    key: str
    value: str = ""
    text: str = ""

    @property
    def number(self) -> Decimal | None:
        """The value as an exact number; None where the parameter is a text."""
        return Decimal(self.value) if _NUMBER.fullmatch(self.value) else None


@dataclass(frozen=True, slots=True)
class Calculation:
    """How a measured value becomes a mark: one row of the CIS sheet "Calculations".

    `flag` is that row's boolean, whose meaning is not published; it is carried, never read.
    """

    kind: str
    parameters: tuple[Parameter, ...] = ()
    label: str = ""
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Aspect:
    """评分点: measured ("M") or judged ("J"), with one maximum in hundredths.

    `code` comes from the position ("A1.01"): aspects carry no id of their own. `section` names a
    section of the occupational standard, "" where the file gives none. `row` is the file's row.
    """

    code: str
    kind: str
    description: Text
    max: int
    section: str = ""
    extra: Text = Text()
    requirement: Text = Text()
    rungs: tuple[Rung, ...] = ()
    calculation: Calculation | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class SubCriterion:
    """评分子项: one marking form, with one day of marking.

    `code` is unique in the scheme. `written` is the id as the author wrote it: a real file used A1
    and B4 twice, and an export has to say so again.
    """

    code: str
    name: Text
    day: str
    aspects: tuple[Aspect, ...]
    written: str = ""
    row: int | None = None

    @property
    def total(self) -> int:
        """Marks of this form, in hundredths."""
        return sum(aspect.max for aspect in self.aspects)


@dataclass(frozen=True, slots=True)
class Criterion:
    """评分项: a lettered part of the scheme."""

    letter: str
    name: Text
    sub_criteria: tuple[SubCriterion, ...]
    row: int | None = None

    @property
    def total(self) -> int:
        """Marks of this criterion, in hundredths."""
        return sum(sub.total for sub in self.sub_criteria)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the occupational standard (WSOS): its declared weight and its aspects' marks."""

    number: str
    name: Text
    declared: int | None = None
    marks: int = 0
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Scheme:
    """A whole marking scheme. Totals are computed from the aspects, never typed."""

    skill: str
    name: Text
    sections: tuple[Section, ...]
    criteria: tuple[Criterion, ...]

    @property
    def sub_criteria(self) -> tuple[SubCriterion, ...]:
        """Every sub-criterion, in order."""
        return tuple(sub for criterion in self.criteria for sub in criterion.sub_criteria)

    @property
    def aspects(self) -> tuple[Aspect, ...]:
        """Every aspect, in order."""
        return tuple(aspect for sub in self.sub_criteria for aspect in sub.aspects)

    @property
    def total(self) -> int:
        """Marks of the whole scheme, in hundredths."""
        return sum(criterion.total for criterion in self.criteria)

    def count(self, kind: str) -> int:
        """How many aspects are of `kind`."""
        return sum(aspect.kind == kind for aspect in self.aspects)


def section_marks(aspects: Iterable[Aspect]) -> dict[str, int]:
    """Section number → marks of its aspects; aspects without a section count nowhere."""
    sums: dict[str, int] = {}
    for aspect in aspects:
        if aspect.section:
            sums[aspect.section] = sums.get(aspect.section, 0) + aspect.max
    return sums


def assemble(
    skill: str, name: Text, declared: Iterable[Section], criteria: Iterable[Criterion]
) -> Scheme:
    """A scheme whose sections carry the sums of their aspects, the undeclared ones at the end."""
    bare = Scheme(skill, name, (), tuple(criteria))
    sums = section_marks(bare.aspects)
    sections = [replace(section, marks=sums.pop(section.number, 0)) for section in declared]
    undeclared = [Section(number, Text(), None, marks) for number, marks in sums.items()]
    return replace(bare, sections=(*sections, *undeclared))


class NotAMark(ValueError):
    """A value that cannot be a mark; `zh` and `en` finish the sentence "the mark …"."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


def hundredths(value: str | int | float | Decimal) -> int:
    """The exact number of hundredths in `value`.

    A float goes through its shortest decimal form (`repr`), never through arithmetic. What lies
    within a millionth of a mark of a whole hundredth is the binary noise of a spreadsheet's own
    sums and is taken as that hundredth; anything else that is not a whole hundredth is refused.
    """
    mark = _decimal(value)
    whole = mark.quantize(Decimal("0.01"))
    if abs(mark - whole) > BINARY_NOISE:
        raise NotAMark(
            f"{mark} 多于两位小数，请改为两位小数",
            f"{mark} has more than two decimals; round it to two",
        )
    return int(whole.scaleb(2))


def nearest_hundredth(value: str | int | float | Decimal) -> int:
    """The hundredth nearest to `value`: to compare figures that people typed, never for a mark."""
    return int(_decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP).scaleb(2))


def _decimal(value: str | int | float | Decimal) -> Decimal:
    """`value` as a decimal; full-width digits and one decimal comma are understood."""
    shown = repr(value) if isinstance(value, float) else str(value)
    plain = unicodedata.normalize("NFKC", shown).strip().replace(",", ".", 1)
    if isinstance(value, bool) or not _NUMBER.fullmatch(plain) or len(plain) > 30:
        raise NotAMark(
            f"“{shown[:30]}”不是数字，请写成 1.25 这样的数字",
            f"“{shown[:30]}” is not a number; write it like 1.25",
        )
    number = Decimal(plain)
    if abs(number) >= 1_000_000:
        raise NotAMark(f"{shown[:30]} 过大，请核对", f"{shown[:30]} is too large; check it")
    return number


def two_decimals(marks: int) -> str:
    """Hundredths as people and JSON read them: 1250 → "12.50"."""
    sign = "-" if marks < 0 else ""
    return f"{sign}{abs(marks) // 100}.{abs(marks) % 100:02d}"
