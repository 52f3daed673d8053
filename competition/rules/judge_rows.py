"""The check of a file of judges: headings in Chinese and English, row by row, with sentences.

Pure. Cells are read as a roster's are (`roster_cells`), and most of what is wrong is said in the
same words.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from competition.rules import roster_cells as cells
from competition.rules.roster import Table
from competition.rules.roster_cells import Cell, Read
from competition.rules.roster_headings import normal
from competition.rules.roster_known import Known
from competition.rules.roster_words import SENTENCES, Finding

MOST = 5000  # rows of a file
_LOOK_AT = 40  # rows in which the headings must stand
_BETWEEN = re.compile(r"[、，,;；/|\n]+")


class Column(StrEnum):
    """What a column can be."""

    NAME = "name"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    AFFILIATION = "affiliation"
    DELEGATION = "delegation"
    LEVEL = "level"
    FIELDS = "fields"
    SINCE = "since"
    UNTIL = "until"
    TRAINED_ON = "trained_on"
    TRAINING = "training"


HEADS: dict[Column, tuple[str, str]] = {
    Column.NAME: ("姓名", "Name"),
    Column.ID_NUMBER: ("身份证号", "Identity number"),
    Column.PHONE: ("手机号", "Telephone"),
    Column.AFFILIATION: ("单位", "School or company"),
    Column.DELEGATION: ("代表队", "Delegation"),
    Column.LEVEL: ("裁判等级", "Level"),
    Column.FIELDS: ("专业领域", "Fields"),
    Column.SINCE: ("聘期开始", "Term from"),
    Column.UNTIL: ("聘期结束", "Term until"),
    Column.TRAINED_ON: ("培训日期", "Trained on"),
    Column.TRAINING: ("培训", "Training"),
}
_MORE: dict[Column, str] = {
    Column.NAME: "裁判姓名 裁判员 裁判员姓名 专家姓名 judge fullname judgename",
    Column.ID_NUMBER: "身份证 身份证号码 证件号 证件号码 idnumber idno",
    Column.PHONE: "手机 手机号码 电话 联系电话 联系方式 phone mobile tel contact",
    Column.AFFILIATION: "工作单位 所在单位 单位名称 学校 affiliation school company employer",
    Column.DELEGATION: "代表团 推荐单位 推荐地市 地市 市地 地区 prefecture region",
    Column.LEVEL: "等级 级别 裁判级别 裁判员等级 grade",
    Column.FIELDS: "专业 执裁赛项 赛项 可执裁赛项 执裁项目 领域 专长 skills skill speciality",
    Column.SINCE: "聘任日期 聘期起 任期开始 termstart validfrom from",
    Column.UNTIL: "有效期至 有效期 聘期止 聘期至 任期结束 termend validuntil until",
    Column.TRAINED_ON: "培训时间 trainingdate",
    Column.TRAINING: "培训情况 培训记录 培训证书 证书编号 certificate",
}
_TABLE = {normal(word): what for what in Column for word in (*HEADS[what], *_MORE[what].split())}
LEVELS: dict[str, str] = {
    word: level
    for level, words in (
        ("national", "国家级 国家 国赛 国家级裁判 国家级裁判员 national"),
        ("provincial", "省级 省 省赛 省级裁判 省级裁判员 provincial province"),
        ("city", "市级 市 地市级 市级裁判 市级裁判员 city municipal"),
    )
    for word in words.split()
}


@dataclass(frozen=True, slots=True)
class Said:
    """Something about a cell, or with an empty `column` about the row or the file."""

    row: int
    column: str
    is_error: bool
    zh: str
    en: str


@dataclass(slots=True)
class JudgeRow:
    """A judge of the file. `values` are plain JSON values by column, dates as ISO; a column that
    the file does not have is not in it, an empty cell is None."""

    number: int
    values: dict[Column, Any] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)

    @property
    def is_wrong(self) -> bool:
        return any(one.is_error for one in self.said)


@dataclass(slots=True)
class Checked:
    """The judges of a file, and what concerns the file as a whole."""

    rows: list[JudgeRow] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)

    @property
    def is_wrong(self) -> bool:
        return any(one.is_error for one in self.said)


def check(tables: Sequence[Table], known: Known, as_of: date) -> Checked:
    """Find the headings, read every row, and set the rows against each other."""
    out = Checked()
    found = next(
        ((table, at, columns) for table in tables for at, columns in _headings(table)), None
    )
    if found is None:
        out.said.append(_file(1, "没有找到标题行。请在数据上方用一行写明各列，至少有：姓名、单位",
                              "No heading row was found. Put one row above the data that names the"
                              " columns, at least Name and School or company"))  # fmt: skip
        return out
    table, at, columns = found
    for number in range(at + 1, len(table.rows)):
        row = table.rows[number]
        if not any(str(cell).strip() for cell in row):
            continue
        if len(out.rows) >= MOST:
            out.said.append(_file(number + 1, f"超过 {MOST} 行，请分成几个文件",
                                  f"More than {MOST} rows; make several files of it"))  # fmt: skip
            break
        formulas = {column for at_row, column in table.formulas if at_row == number}
        out.rows.append(_Reader(columns, known, as_of).read(number + 1, row, formulas))
    if not out.rows:
        out.said.append(_file(at + 1, "标题行下面没有数据", "There are no rows below the headings"))
    _twice(out.rows)
    return out


def _file(row: int, zh: str, en: str) -> Said:
    return Said(row, "", True, zh, en)


def _headings(table: Table) -> list[tuple[int, dict[Column, int]]]:
    """The row that names most columns, with the name and the place among them."""
    best: tuple[int, dict[Column, int]] | None = None
    for at, row in enumerate(table.rows[:_LOOK_AT]):
        columns: dict[Column, int] = {}
        for column, cell in enumerate(row):
            what = _TABLE.get(normal(cell))
            if what is not None:
                columns.setdefault(what, column)
        fits = Column.NAME in columns and Column.AFFILIATION in columns
        if fits and (best is None or len(columns) > len(best[1])):
            best = (at, columns)
    return [best] if best else []


@dataclass(slots=True)
class _Reader:
    columns: Mapping[Column, int]
    known: Known
    as_of: date

    def read(self, number: int, row: Sequence[Cell], formulas: set[int]) -> JudgeRow:
        out = JudgeRow(number)
        for what, column in self.columns.items():
            if column in formulas:
                self._kinds(out, what, ["formula"], {})
                continue
            read = cells.clean(row[column] if column < len(row) else "")
            if read.text in ("", "/", "-", "无"):
                out.values[what] = None
                continue
            if "formula" not in read.kinds and "broken" not in read.kinds:
                out.values[what] = self._cell(out, what, read)
            else:
                self._kinds(out, what, read.kinds, {})
        for what in (Column.NAME, Column.AFFILIATION):
            if not out.values.get(what) and not any(one.is_error for one in out.said):
                self._kinds(out, what, ["missing"], {})
        self._term(out)
        return out

    def _cell(self, out: JudgeRow, what: Column, read: Read) -> Any:  # noqa: ANN401 - a JSON value
        said: dict[str, str] = {}
        value: Any
        match what:
            case Column.NAME:
                value, said = cells.name(read), {"most": "50"}
            case Column.ID_NUMBER:
                value, _told, said = cells.id_number(read, self.as_of)
            case Column.PHONE:
                value = cells.phone(read)
            case Column.SINCE | Column.UNTIL | Column.TRAINED_ON:
                found, said = cells.day(read)
                value = found.isoformat() if found else None
            case Column.DELEGATION:
                value = self._named(out, what, read.text)
            case Column.FIELDS:
                codes = [self._named(out, what, one) for one in _BETWEEN.split(read.text) if one]
                value = list(dict.fromkeys(code for code in codes if code))
            case Column.LEVEL:
                value = LEVELS.get(normal(read.text))
                if value is None:
                    out.said.append(
                        Said(
                            out.number,
                            HEADS[what][0],
                            True,
                            "应为国家级、省级或市级",
                            "Is national, provincial or city",
                        )
                    )
            case _:
                most = 200 if what is Column.TRAINING else 100
                value, said = cells.words(read, most), {"most": str(most)}
        self._kinds(out, what, read.kinds, said)
        return value  # fmt: skip

    def _named(self, out: JudgeRow, what: Column, text: str) -> str | None:
        names = self.known.skills if what is Column.FIELDS else self.known.delegations
        code = names.code(text.strip())
        if code is None:
            kind = "skill_unknown" if what is Column.FIELDS else "delegation_unknown"
            zh, en = names.near(text)
            said = {"text": text[:30], "near_zh": zh, "near_en": en}
            self._kinds(out, what, [kind], said)
        return code

    def _kinds(
        self, out: JudgeRow, what: Column, kinds: Sequence[str], values: dict[str, str]
    ) -> None:
        for kind in dict.fromkeys(kinds):
            one = Finding(out.number, what, HEADS[what][0], kind, values)
            out.said.append(Said(one.row, one.column, SENTENCES[kind][0], one.zh, one.en))

    @staticmethod
    def _term(out: JudgeRow) -> None:
        since, until = out.values.get(Column.SINCE), out.values.get(Column.UNTIL)
        if since and until and until < since:
            out.said.append(Said(out.number, HEADS[Column.UNTIL][0], True,
                                 "早于聘期开始", "Is before the term begins"))  # fmt: skip


def _twice(rows: Sequence[JudgeRow]) -> None:
    """One judge twice in the file: under one number, or one name of one place without a number."""
    seen: dict[object, JudgeRow] = {}
    for row in rows:
        number = row.values.get(Column.ID_NUMBER)
        who = number or (row.values.get(Column.NAME), row.values.get(Column.AFFILIATION))
        first = seen.setdefault(who, row)
        if first is not row and row.values.get(Column.NAME):
            zh = f"与第 {first.number} 行是同一人，重复了。请删去一行"
            en = f"Is the same person as row {first.number}; remove one of the two"
            row.said.append(Said(row.number, "", True, zh, en))
