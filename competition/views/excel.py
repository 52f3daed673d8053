"""A list as an Excel file that leaves the site: who took what is an act, nothing is cached."""

from collections.abc import Sequence
from datetime import datetime

from flask import Response

from competition import access, downloads, tables
from competition.moment import now
from competition.offload import offload
from competition.tables import Cell
from competition.views.language import HALL

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sent(data: bytes, called: str) -> Response:
    """A workbook to save under a name."""
    answer = Response(data, mimetype=MIME)
    answer.headers.set("Content-Disposition", "attachment", filename=called)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def listed(
    kind: str,
    title: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    narrowed: dict[str, str],
) -> Response:
    """A list as a workbook named by its kind and the hour; the download is noted."""
    downloads.note(kind, narrowed, len(rows), actor_id=access.someone().id)
    data = offload(tables.workbook, title, headings, rows)
    return sent(data, f"{kind}-{now().astimezone(HALL):%Y%m%d-%H%M}.xlsx")


def at_hall(at: datetime | None) -> datetime | None:
    """A time as the hall's clock shows it."""
    return at.astimezone(HALL) if at is not None else None
