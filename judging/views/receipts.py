"""A hand-in's receipt as a page: what was taken, when, and how to find it again."""

from datetime import datetime

import segno
from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime
from markupsafe import Markup

from competition import clocks
from competition.database import db
from competition.moment import now
from judging import submissions, tasks
from judging.models import Submission


def receipt_page(row: Submission, address: str) -> ResponseReturnValue:
    """The receipt of `row`; its QR leads to `address`. Made to be printed on one sheet."""
    task = tasks.find(row.period.task or "")
    end = clocks.clock_of(row.period, row.entry_id, now()).ends_at
    counting = submissions.counts(db.session(), row.entry_id, row.period_id)
    return render_template(
        "workspace/receipt.html",
        row=row,
        address=address,
        qr=Markup(segno.make(address, error="m").svg_inline(border=0, omitsize=True)),  # noqa: S704 - ours
        counts=row.number == counting,
        taken_at=to_the_second(row.at),
        announced_at=to_the_second(row.announced_at),
        ends_at=to_the_second(end) if end else "",
        printed_at=to_the_second(now()),
        files=[{**one, "taken": task.may_hand_in(one["name"])} for one in row.files],
    )


def to_the_second(at: datetime) -> str:
    """A server time in the competition's own zone, to the second."""
    return str(format_datetime(at, "yyyy-MM-dd HH:mm:ss"))
