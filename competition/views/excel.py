"""A list as an Excel file, the same way from every page; that it left is an act."""

from collections.abc import Sequence

from flask import Response

from competition import access, downloads, tables
from competition.moment import now
from competition.offload import offload
from competition.tables import Cell
from competition.views.language import HALL

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def out(
    listed: str,
    title: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    narrowed: dict[str, str],
) -> Response:
    """The file. `listed` names the list in the ledger and in the file's name, `title` the sheet,
    `narrowed` says how the list was filtered."""
    downloads.note(listed, narrowed, len(rows), actor_id=access.someone().id)
    data = offload(tables.workbook, title, headings, rows)
    answer = Response(data, mimetype=EXCEL)
    day = now().astimezone(HALL)
    called = f"{listed}-{day:%Y%m%d-%H%M}.xlsx"
    answer.headers.set("Content-Disposition", "attachment", filename=called)
    answer.headers["Cache-Control"] = "no-store"
    return answer
