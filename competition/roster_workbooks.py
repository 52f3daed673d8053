"""Workbooks that go back to a school: its wrong rows with the cells marked, and an empty roster.

Every cell is written as a text, and one that looks like a formula gets an apostrophe in front
(`tables.harmless`), which our own reading takes off again. The two columns that are added are known
to the reader and passed over when the mended file comes back.
"""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from sqlalchemy import select
from sqlalchemy.orm import Session
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from competition.models import RosterBatch, RosterRow, RowState
from competition.privacy import vault
from competition.roster_reading import known_by
from competition.roster_sealed import KeptRow, open_row
from competition.rules.roster_lexicon import WORDS, Field
from competition.tables import columns_of, harmless, lines_of, printed

RED = {"bg_color": "#FFC7CE", "font_color": "#9C0006"}
LONGEST_COMMENT = 900
LINE, SAID = 15, 70  # height of a line in points; columns that the sentences get
_ADDED = (("原行号", "问题"), ("Row in file", "Problems"))
_SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_ROOM = 2000  # rows of the template that are texts and offer choices
_CHOICES = {
    Field.SEX: ["男", "女"],
    Field.STATUS: ["职工", "学生"],
    Field.RESERVE: ["是", "否"],
}
_EXAMPLE = {
    Field.NAME: "（例）张三",
    Field.SEX: "男",
    Field.ID_NUMBER: "18 位",
    Field.BORN_ON: "2001-03-14",
    Field.STATUS: "学生",
    Field.RESERVE: "否",
}


def wrong_rows(session: Session, batch_id: int) -> list[KeptRow]:
    """The rows of a batch that wait to be mended."""
    asked = (
        select(RosterRow.number, RosterRow.sealed)
        .where(RosterRow.batch_id == batch_id, RosterRow.state == RowState.WRONG)
        .order_by(RosterRow.number)
    )
    safe = vault()
    return [open_row(safe, number, sealed or b"") for number, sealed in session.execute(asked)]


def errors(batch: RosterBatch, rows: Sequence[KeptRow], english: bool) -> bytes:
    """The wrong rows as the school wrote them: wrong cells red, with the sentence as a comment and
    once more in the last column."""
    headings: list[str] = batch.mapping.get("headings", [])
    columns = {what: int(at) for at, what in batch.mapping.get("columns", {}).items()}
    added = len(headings)
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _SAFE) as book:
        sheet = book.add_worksheet("名册")
        plain = book.add_format({"num_format": "@"})
        red = book.add_format({"num_format": "@", **RED})
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
        for column, heading in enumerate([*headings, *_ADDED[english]]):
            sheet.write_string(0, column, harmless(heading), bold)
            longest = max((columns_of(_cell(row, column)) for row in rows), default=0)
            width = max(longest + 2, columns_of(heading) + 6)
            sheet.set_column(column, column, min(24, width), plain)
        sheet.set_column(added + 1, added + 1, SAID, plain)
        for at, row in enumerate(rows, 1):
            said = _said(row, columns, english)
            for column in range(added):
                style = red if column in said else plain
                _write(sheet, at, column, _cell(row, column), style)
                if column in said:
                    comment = {"visible": False, "x_scale": 2}
                    sheet.write_comment(at, column, said[column][:LONGEST_COMMENT], comment)
            sheet.write_number(at, added, row.number)
            whole = "\n".join(
                f"{one.column}: {one.en if english else one.zh}"
                for one in row.findings
                if one.is_error
            )
            sheet.write_string(at, added + 1, harmless(whole), wrap)
            sheet.set_row(at, LINE * lines_of(whole, SAID))
        sheet.freeze_panes(1, 0)
        printed(sheet)
    return file.getvalue()


def _cell(row: KeptRow, column: int) -> str:
    return str(row.cells[column]) if column < len(row.cells) else ""


def _said(row: KeptRow, columns: dict[str, int], english: bool) -> dict[int, str]:
    """Column → what is wrong with its cell."""
    said: dict[int, list[str]] = {}
    for one in row.findings:
        if one.is_error and one.field in columns:
            said.setdefault(columns[one.field], []).append(one.en if english else one.zh)
    return {column: "\n".join(sentences) for column, sentences in said.items()}


def _write(sheet: Worksheet, row: int, column: int, text: str, style: Format) -> None:
    if text:
        sheet.write_string(row, column, harmless(text), style)
    else:
        sheet.write_blank(row, column, None, style)


def template(session: Session, *, with_delegation: bool) -> bytes:
    """An empty roster: columns as texts, so that no number loses its end, and names to choose."""
    known = known_by(session)
    fields = [one for one in Field if with_delegation or one is not Field.DELEGATION]
    lists: dict[Field, Iterable[Any]] = {
        Field.SKILL: [f"{one.code} {one.name_zh}" for one in known.skills.shown.values()],
        Field.DELEGATION: [one.name_zh for one in known.delegations.shown.values()],
    }
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _SAFE) as book:
        sheet, names = book.add_worksheet("名册"), book.add_worksheet("名称")
        plain, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True})
        soft = book.add_format({"num_format": "@", "font_color": "#6D828B", "italic": True})
        for column, what in enumerate(fields):
            sheet.set_column(column, column, 24 if what in (Field.ID_NUMBER, Field.SKILL) else 14,
                             plain)  # fmt: skip
            sheet.write_string(0, column, WORDS[what][0], bold)
            _write(sheet, 1, column, _EXAMPLE.get(what, ""), soft)
            if what in _CHOICES:
                rule: dict[str, Any] = {"validate": "list", "source": _CHOICES[what]}
                sheet.data_validation(2, column, _ROOM, column, rule)
        for column, (what, texts) in enumerate(lists.items()):
            names.write_string(0, column, "可填的" + WORDS[what][0], bold)
            names.set_column(column, column, 30)
            row = 0
            for row, text in enumerate(texts, 1):
                names.write_string(row, column, text)
            if what in fields:
                letter = "AB"[column]
                source = f"=名称!${letter}$2:${letter}${row + 1}"
                at = fields.index(what)
                rule = {"validate": "list", "source": source, "error_type": "warning"}
                sheet.data_validation(2, at, _ROOM, at, rule)
        sheet.freeze_panes(1, 0)
    return file.getvalue()
