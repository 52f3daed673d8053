"""Rosters on pages: the office's and each delegation's own, from the upload to undoing."""

import re
from datetime import datetime
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from competition import (
    access,
    roster_batches,
    roster_claims,
    roster_undo,
    spreadsheet,
)
from competition.database import db
from competition.models import Delegation, RosterBatch, RosterRow, RowState
from competition.moment import now
from competition.privacy import mask, vault
from competition.roster_sealed import from_list, open_row
from competition.rules.refusal import Refusal
from competition.rules.roster_cells import Cell
from competition.rules.roster_lexicon import IGNORED, WORDS, Field
from competition.views.acted import acted
from competition.views.language import chosen
from competition.views.limits import limiter
from competition.views.roster_files import batch_for, labels_of
from competition.views.roster_rows import Rows, typed

blueprint = Blueprint("roster", __name__)
PAGE = 50  # rows on one page
LISTED = 50  # rosters on the page that lists them; the file has all
_LONG_NUMBER = re.compile(r"[0-9]{7}")
LOOKED_AT = 15  # rows of a file that the page of its columns shows
UNDER_WAY = tuple(roster_claims.UNDER_WAY)


@blueprint.url_value_preprocessor
def _takes_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Files may be larger than forms are; said before anybody reads the form's token."""
    if endpoint in ("roster.office_upload", "roster.own_upload"):
        request.max_content_length = spreadsheet.MAX_FILE + 65_536


@blueprint.get("/office/roster")
def office() -> ResponseReturnValue:
    """The office's batches, everybody's, and the upload."""
    access.require(access.may_organise(access.who()))
    delegations = db.session.scalars(select(Delegation).order_by(Delegation.code)).all()
    return _home(None, delegations=delegations)


@blueprint.post("/office/roster")
@limiter.limit("30/minute")
def office_upload() -> ResponseReturnValue:
    """A roster from the office; it names the delegations itself, or is for one."""
    access.require(access.may_organise(access.who()))
    wanted = request.form.get("delegation", type=int)
    if wanted is not None and db.session.get(Delegation, wanted) is None:
        abort(400)
    return _upload(wanted, by_office=True, back=url_for("roster.office"))


@blueprint.get("/delegation/roster")
def own() -> ResponseReturnValue:
    """A team leader's batches and the upload; the office has a page of its own."""
    delegation = access.led_by(access.someone())
    if delegation is None:
        access.require(access.may_organise(access.who()))
        return redirect(url_for("roster.office"))
    return _home(delegation)


@blueprint.post("/delegation/roster")
@limiter.limit("30/minute")
def own_upload() -> ResponseReturnValue:
    """A roster from a team leader, for the own delegation."""
    delegation = access.led_by(access.someone())
    if delegation is None:
        access.require(access.may_organise(access.who()))
        return redirect(url_for("roster.office"), 303)
    return _upload(delegation.id, by_office=False, back=url_for("roster.own"))


def _home(delegation: Delegation | None, **more: Any) -> str:  # noqa: ANN401 - for the template
    session = db.session()
    try:
        stage = roster_batches.stage_of_entries(session)
    except Refusal:
        stage = None
    batches = roster_batches.history(session, delegation.id if delegation else None)
    return render_template(
        "roster/home.html",
        delegation=delegation,
        stage=stage,
        is_open=stage is not None and (delegation is None or roster_batches.is_open(stage, now())),
        batches=batches[:LISTED],
        total=len(batches),
        labels=labels_of(batches),
        **more,
    )


def _upload(delegation_id: int | None, *, by_office: bool, back: str) -> ResponseReturnValue:
    file = request.files.get("file")
    try:
        batch = roster_batches.upload(
            file.read() if file else b"",
            file.filename or "" if file else "",
            delegation_id=delegation_id,
            by_office=by_office,
            actor_id=access.someone().id,
        )
    except Refusal as refusal:
        flash(refusal.sentence(chosen()), "refusal")
        return redirect(back, 303)
    return redirect(url_for("roster.page", batch_id=batch.id), 303)


@blueprint.get("/roster/<int:batch_id>")
def page(batch_id: int) -> ResponseReturnValue:
    """A batch: its progress, or its rows with what each would do; ?state=… narrows them."""
    batch = batch_for(batch_id)
    wanted = request.args.get("state", "")
    state = wanted if wanted in set(RowState) else None
    number = max(request.args.get("page", 1, type=int), 1)
    rows: list[RosterRow] = []
    total = 0
    if batch.state not in UNDER_WAY:
        rows, total = roster_batches.rows_of(batch.id, state, (number - 1) * PAGE, PAGE)
    shown = Rows(db.session(), batch)
    found = [from_list(row, rest) for row, *rest in batch.mapping.get("findings", [])]
    return render_template(
        "roster/page.html",
        batch=batch,
        rows=shown.shown(rows),
        wanted=state or "",
        number=number,
        pages=max(1, -(-total // PAGE)),
        ready=roster_batches.ready(batch.counts),
        under_way=batch.state in UNDER_WAY,
        found=[(one, shown.sentence(one)) for one in found],
        sentence=batch.sentence_en if chosen() == "en" else batch.sentence_zh,
        back=_back(batch),
    )


@blueprint.get("/roster/<int:batch_id>/state")
def state(batch_id: int) -> ResponseReturnValue:
    """How far a batch is, once a second; the page is shown anew when the work is done."""
    batch = batch_for(batch_id)
    if batch.state not in UNDER_WAY:
        return Response("", headers={"HX-Refresh": "true"})
    return render_template("roster/_progress.html", batch=batch)


@blueprint.post("/roster/<int:batch_id>/cells")
def correct(batch_id: int) -> ResponseReturnValue:
    """What was typed over wrong cells of a page; the dry run runs again."""
    batch = batch_for(batch_id)
    numbers = {
        int(parts[1])
        for key in request.form
        if len(parts := key.split("-")) == 3 and parts[1].isdecimal()
    }
    asked = select(RosterRow).where(
        RosterRow.batch_id == batch.id, RosterRow.number.in_(list(numbers)[:PAGE])
    )
    safe = vault()
    rows = [open_row(safe, row.number, row.sealed or b"") for row in db.session.scalars(asked)]
    changes = typed(rows, request.form)
    where = url_for("roster.page", batch_id=batch.id, state=request.form.get("state") or None)
    if not changes:
        flash(_("Nothing was typed over; nothing was changed."), "info")
        return redirect(where, 303)
    return acted(
        where, lambda: roster_batches.correct(batch.id, changes, actor_id=access.someone().id)
    )


@blueprint.get("/roster/<int:batch_id>/columns")
def columns(batch_id: int) -> ResponseReturnValue:
    """Which column is what, with the first rows of the file."""
    batch = batch_for(batch_id)
    sheets = roster_batches.open_sheets(batch)
    at = min(max(request.args.get("sheet", batch.mapping.get("sheet") or 0, type=int), 0),
             len(sheets) - 1)  # fmt: skip
    rows = sheets[at].rows[:LOOKED_AT]
    known = batch.mapping.get("header_row")
    line = min(max(request.args.get("line", (known or 0) + 1, type=int), 1), max(len(rows), 1))
    is_known = at == batch.mapping.get("sheet") and line - 1 == known
    return render_template(
        "roster/columns.html",
        batch=batch,
        sheets=[sheet.name for sheet in sheets],
        at=at,
        line=line,
        rows=[[_sample(cell) for cell in row] for row in rows],
        width=max((len(row) for row in rows), default=0),
        chosen=batch.mapping.get("columns", {}) if is_known else {},
        fields=[(str(what), words[chosen() == "en"]) for what, words in WORDS.items()],
        back=url_for("roster.page", batch_id=batch.id),
    )


@blueprint.post("/roster/<int:batch_id>/columns")
def choose(batch_id: int) -> ResponseReturnValue:
    """Keep what each column is, and read the file again."""
    batch = batch_for(batch_id)
    form = request.form
    wanted = {
        int(key.removeprefix("column-")): what
        for key, what in form.items()
        if key.startswith("column-") and key.removeprefix("column-").isdecimal()
        if what == IGNORED or what in set(Field)
    }
    sheet, line = form.get("sheet", 0, type=int), form.get("line", 0, type=int)
    return acted(
        url_for("roster.page", batch_id=batch.id),
        lambda: roster_batches.choose(
            batch.id, sheet, line - 1, wanted, actor_id=access.someone().id
        ),
    )


@blueprint.post("/roster/<int:batch_id>/import")
def import_(batch_id: int) -> ResponseReturnValue:
    """Import the rows that are ready."""
    batch = batch_for(batch_id)
    return acted(
        url_for("roster.page", batch_id=batch.id),
        lambda: roster_batches.order_import(batch.id, actor_id=access.someone().id),
    )


@blueprint.post("/roster/<int:batch_id>/drop")
def drop(batch_id: int) -> ResponseReturnValue:
    """Put a batch away that was not imported."""
    batch = batch_for(batch_id)
    return acted(
        _back(batch),
        lambda: roster_batches.drop(batch.id, actor_id=access.someone().id),
        _("Put away; nothing was imported."),
    )


@blueprint.get("/roster/<int:batch_id>/undo")
def ask_undo(batch_id: int) -> ResponseReturnValue:
    """The question before a batch is undone: how many, and who."""
    batch = batch_for(batch_id)
    return render_template(
        "roster/undo.html",
        batch=batch,
        names=roster_undo.first_names(db.session(), batch.id),
        back=url_for("roster.page", batch_id=batch.id),
    )


@blueprint.post("/roster/<int:batch_id>/undo")
def undo(batch_id: int) -> ResponseReturnValue:
    """Undo a whole batch."""
    batch = batch_for(batch_id)
    return acted(
        url_for("roster.page", batch_id=batch.id),
        lambda: roster_undo.order(batch.id, actor_id=access.someone().id),
    )


def _sample(cell: Cell) -> str:
    """A cell as the page of the columns shows it: no whole identity numbers or telephones."""
    text = cell.date().isoformat() if isinstance(cell, datetime) else str(cell).strip()
    return mask(text) if _LONG_NUMBER.search(text) else text[:40]


def _back(batch: RosterBatch) -> str:
    """The page that lists the batch, for who looks."""
    own = access.led_by(access.someone())
    return url_for("roster.own" if own is not None else "roster.office")
