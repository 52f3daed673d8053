"""Reads the rows under the header rows: sub-criteria, aspects, rungs, continuations.

A row is known by which columns hold something, not by where it stands; one row may be several
things at once (a sub-criterion and its first aspect; a judgement and its rung 0). Where a person
would have to guess, the row is refused with a sentence; everything else is read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from judging.rules.scheme import (
    Aspect,
    Calculation,
    Criterion,
    NotAMark,
    Problem,
    Rung,
    SubCriterion,
    Text,
)
from judging.rules.scheme_mapping import aspect_code
from judging.workbook_cells import Line
from judging.workbook_file import Cell
from judging.workbook_layout import Columns, Header, Row, latin

_ID = re.compile(r"([A-Z])[\s.\-]*([0-9]{1,2})")
_LONGEST_LABEL = 20  # characters of a section or a day


@dataclass(slots=True)
class _Aspect:
    """An aspect while its rungs and continuations are still being read."""

    line: Line
    kind: str
    max: int
    section: str
    calculation: Calculation | None
    extra: list[str] = field(default_factory=list)
    requirement: list[str] = field(default_factory=list)
    rungs: list[tuple[int, list[str]]] = field(default_factory=list)

    def frozen(self, code: str) -> Aspect:
        rungs = sorted(self.rungs, key=lambda rung: rung[0])
        return Aspect(
            code=code,
            kind=self.kind,
            description=Text.of(self.line.text("description")),
            max=self.max,
            section=self.section,
            extra=Text.of("\n".join(self.extra)),
            requirement=Text.of("\n".join(self.requirement)),
            rungs=tuple(Rung(score, Text.of("\n".join(lines))) for score, lines in rungs),
            calculation=self.calculation,
            row=self.line.row,
        )


@dataclass(slots=True)
class _Sub:
    row: int
    code: str
    written: str
    name: str
    day: str
    aspects: list[_Aspect] = field(default_factory=list)

    def frozen(self) -> SubCriterion:
        aspects = enumerate(self.aspects, start=1)
        frozen = tuple(aspect.frozen(aspect_code(self.code, at)) for at, aspect in aspects)
        return SubCriterion(self.code, Text.of(self.name), self.day, frozen, self.written, self.row)


@dataclass(slots=True)
class _Criterion:
    row: int
    letter: str
    name: str = ""
    subs: list[_Sub] = field(default_factory=list)


class RowReader:
    """Takes the rows of one sheet in order; `criteria()` gives what they held."""

    def __init__(self, columns: Columns, calculations: Mapping[int, Calculation]) -> None:
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []
        self.typed_totals: dict[str, tuple[int, Cell]] = {}  # letter → the header's row and figure
        self._columns = columns
        self._calculations = calculations
        self._criteria: dict[str, _Criterion] = {}
        self._criterion: _Criterion | None = None
        self._sub: _Sub | None = None
        self._aspect: _Aspect | None = None
        self._used_ids: dict[str, int] = {}

    def header(self, header: Header, row: int) -> None:
        """A header row: a new criterion, or the same header written twice."""
        self._columns = header.columns
        if header.letter:
            self._open_criterion(header.letter, row)
            self.typed_totals.setdefault(header.letter, (row, header.total))

    def above_first_header(self, cells: Row, row: int) -> None:
        """Rows before any criterion may hold tables and notes, but no aspect."""
        line = Line(self._columns, cells, row)
        if line.kind() and ("description" in line.has or line.marks):
            self._refuse(
                line,
                "这个评分点写在所有评分项之前。请移到所属评分项的表头行下面。",
                "This aspect stands before any criterion. Move it below its criterion's header"
                " row.",
                "kind",
            )

    def row(self, cells: Row, row: int) -> None:
        """One row below a header row."""
        line = Line(self._columns, cells, row)
        if not (line.has or line.marks) or line.is_total():
            return
        left = line.has - self._take_id(line) if "sub_id" in line.has else line.has
        if "kind" in left:
            self._take_aspect(line)
        elif "score" in left:
            self._take_rung(line)
        elif "description" in left or line.marks:
            self._refuse_untyped(line)
        elif left & {"extra", "requirement"}:
            self._take_continuation(line)
        elif left:
            self._refuse_unknown(line)

    def criteria(self, names: Mapping[str, str]) -> list[Criterion]:
        """What was read; criteria of which nothing is used are left out."""
        used = [one for one in self._criteria.values() if one.subs]
        for one in used:
            for sub in one.subs:
                self._refuse_subjective(sub)
        return [
            Criterion(
                one.letter,
                Text.of(one.name or names.get(one.letter, "")),
                tuple(sub.frozen() for sub in one.subs),
                one.row,
            )
            for one in used
        ]

    def _take_id(self, line: Line) -> set[str]:
        """Opens the sub-criterion (or criterion) of this row; says which columns that used up."""
        written = line.text("sub_id")
        folded = latin(written)
        if re.fullmatch(r"[A-Z]", folded) and "kind" not in line.has:
            self._open_criterion(folded, line.row).name = line.text("sub_name")
            return {"sub_id", "sub_name"}
        found = _ID.fullmatch(folded)
        if found is None:
            self._refuse(
                line,
                f"评分子项编号“{written[:20]}”无法识别。请写一个字母加数字，如 A1。",
                f"The sub-criterion id “{written[:20]}” is not understood. Write a letter and a"
                " number, such as A1.",
                "sub_id",
            )
        elif folded != written.upper():
            self._warn(
                line,
                f"编号“{written}”里有外形相似的其他字母，已按 {folded} 读入。",
                f"The id “{written}” holds look-alike letters; it was read as {folded}.",
                "sub_id",
            )
        self._open_sub(line, found[1] + found[2] if found else folded[:10])
        return {"sub_id", "sub_name", "day"}

    def _open_criterion(self, letter: str, row: int) -> _Criterion:
        """Goes on with a criterion that is open already: headers repeat from page to page."""
        if self._criterion is None or self._criterion.letter != letter:
            self._criterion = self._criteria.setdefault(letter, _Criterion(row, letter))
            self._sub = self._aspect = None
        return self._criterion

    def _open_sub(self, line: Line, written: str) -> None:
        name = line.text("sub_name")
        if self._sub is not None and self._sub.written == written and "kind" in line.has:
            repeated = name in ("", self._sub.name)  # the id stands on each of its aspects
            if repeated:
                return
        criterion = self._criterion or self._open_criterion(written[0], line.row)
        times = self._used_ids[written] = self._used_ids.get(written, 0) + 1
        code = written if times == 1 else f"{written}-{times}"
        self._sub = _Sub(line.row, code, written, name, self._label(line, "day"))
        self._aspect = None
        criterion.subs.append(self._sub)

    def _take_aspect(self, line: Line) -> None:
        kind = line.kind()
        if not kind:
            self._refuse(
                line,
                f"类型“{line.text('kind')[:20]}”无法识别。请写 M（测量）或 J（评判）。",
                f"The type “{line.text('kind')[:20]}” is unknown. Write M (measurement) or J"
                " (judgement).",
                "kind",
            )
        self._aspect = _Aspect(
            line=line,
            kind=kind,
            max=self._mark(line),
            section=self._label(line, "section"),
            calculation=self._calculation(line) if "calculation" in line.has else None,
            requirement=[line.text("requirement")] if "requirement" in line.has else [],
        )
        if "score" in line.has:
            self._take_rung(line)
        elif "extra" in line.has:
            self._aspect.extra.append(line.text("extra"))
        if self._sub is not None:
            self._sub.aspects.append(self._aspect)
        else:
            self._refuse(
                line,
                "这个评分点前面没有评分子项。请先写评分子项的编号和名称（如 A1）。",
                "No sub-criterion stands before this aspect. Write its id and name (such as A1)"
                " first.",
                "kind",
            )

    def _take_rung(self, line: Line) -> None:
        score = latin(line.text("score"))
        if self._aspect is None:
            self._refuse(
                line,
                "这一档前面没有评判评分点。请把它移到所属的 J 评分点下面。",
                "No judgement stands before this rung. Move it below its J aspect.",
                "score",
            )
        elif not re.fullmatch(r"[0-3]", score):
            self._refuse(
                line,
                f"评判分“{score[:20]}”应为 0、1、2 或 3。",
                f"The judgement score “{score[:20]}” must be 0, 1, 2 or 3.",
                "score",
            )
        elif "kind" not in line.has and ("description" in line.has or line.marks):
            self._refuse(
                line,
                "评判的分档只有分数和文字。请把描述和分值写在评分点那一行，并写上类型 J。",
                "A rung has a score and a text only. Put description and mark on the aspect's row,"
                " with the type J.",
            )
        else:
            descriptor = [line.text("extra")] if "extra" in line.has else []
            self._aspect.rungs.append((int(score), descriptor))

    def _take_continuation(self, line: Line) -> None:
        """More text for the last rung or aspect."""
        if self._aspect is None:
            self._warn(
                line,
                "这里的说明前面没有评分点，没有导入。",
                "No aspect stands before this remark; it was not imported.",
                "extra",
            )
            return
        if "extra" in line.has:
            rungs = self._aspect.rungs
            (rungs[-1][1] if rungs else self._aspect.extra).append(line.text("extra"))
        if "requirement" in line.has:
            self._aspect.requirement.append(line.text("requirement"))

    def _refuse_untyped(self, line: Line) -> None:
        if "description" not in line.has:
            self._refuse(
                line,
                "这一行有分值，但没有类型和描述。请移到评分点那一行，或删去。",
                "This row has a mark but neither type nor description. Move it to its aspect's"
                " row, or remove it.",
            )
        elif line.marks:
            self._refuse(
                line,
                "这个评分点有分值，但没有类型。请写 M（测量）或 J（评判）。",
                "This aspect has a mark but no type. Write M (measurement) or J (judgement).",
                "kind",
            )
        else:
            self._refuse(
                line,
                "这一行有描述，但没有类型和分值。若是评分点请补全；若是说明请移到补充描述列。",
                "This row has a description but neither type nor mark. Complete it if it is an"
                " aspect; move it to the extra description if it is a remark.",
                "kind",
            )

    def _refuse_unknown(self, line: Line) -> None:
        letters = line.letters(line.has)
        self._refuse(
            line,
            f"看不懂这一行（只有 {'、'.join(letters)} 列有内容）。请补全，或清空这一行。",
            f"This row makes no sense (only {', '.join(letters)} filled). Complete it, or clear"
            " it.",
        )

    def _refuse_subjective(self, sub: _Sub) -> None:
        """S was a score from 1 to 10 without descriptors; nobody but its author can turn it."""
        for aspect in sub.aspects:
            if latin(aspect.line.text("kind")) == "S" and not aspect.rungs:
                self._refuse(
                    aspect.line,
                    "类型 S（主观）已经废止。请改为 J 并写出 0–3 四档，或改为 M。",
                    "The type S (subjective) no longer exists. Make it J with the four rungs 0–3,"
                    " or M.",
                    "kind",
                )

    def _label(self, line: Line, name: str) -> str:
        label = line.label(name)
        if len(label) > _LONGEST_LABEL:
            self._refuse(
                line,
                f"“{label[:20]}…”过长，这里只写编号。",
                f"“{label[:20]}…” is too long; write the number only.",
                name,
            )
        return label[:_LONGEST_LABEL]

    def _mark(self, line: Line) -> int:
        try:
            return line.mark()
        except NotAMark as fault:
            self._refuse(line, f"分值 {fault.zh}。", f"The mark {fault.en}.", "max")
            return 0

    def _calculation(self, line: Line) -> Calculation | None:
        written = line.text("calculation")
        found = self._calculations.get(int(written)) if written.isdecimal() else None
        if found is None:
            self._refuse(
                line,
                f"计算表里没有第 {written[:20]} 行。请改正行号，或清空这一格。",
                f"The calculations sheet has no row {written[:20]}. Correct the number, or clear"
                " the cell.",
                "calculation",
            )
        return found

    def _refuse(self, line: Line, zh: str, en: str, name: str | None = None) -> None:
        self.errors.append(line.problem(zh, en, name))

    def _warn(self, line: Line, zh: str, en: str, name: str | None = None) -> None:
        self.warnings.append(line.problem(zh, en, name))
