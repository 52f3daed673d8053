"""Rosters as Excel files: an empty one, the wrong rows of one, the list of all so far."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, get_template_attribute
from flask_babel import gettext as _
from sqlalchemy import select

from competition import access, downloads, roster_batches, roster_workbooks
from competition.database import db
from competition.models import Account, RosterBatch, RowState
from competition.offload import offload
from competition.tables import Cell
from competition.views import excel
from competition.views.language import chosen, name
from competition.views.limits import limiter

blueprint = Blueprint("roster_files", __name__)


@blueprint.get("/roster/template.xlsx")
@limiter.limit("20/minute")
def template() -> Response:
    """An empty roster to fill in."""
    account = access.someone()
    office = access.may_organise(account)
    access.require(office or access.led_by(account) is not None)
    data = roster_workbooks.template(db.session(), with_delegation=office)
    return excel.sent(data, "podium-roster.xlsx")


@blueprint.get("/roster/<int:batch_id>/errors.xlsx")
@limiter.limit("20/minute")
def errors(batch_id: int) -> Response:
    """The wrong rows as a workbook for whoever sent them; that it left the site is an act."""
    batch = batch_for(batch_id)
    rows = roster_workbooks.wrong_rows(db.session(), batch.id)
    actor = access.someone().id
    downloads.note("roster_errors", {"batch": str(batch.id)}, len(rows), actor_id=actor)
    data = offload(roster_workbooks.errors, batch, rows, chosen() == "en")
    return excel.sent(data, f"roster-{batch.id}-errors.xlsx")


@blueprint.get("/roster/list.xlsx")
@limiter.limit("20/minute")
def listed() -> Response:
    """All rosters so far: a leader's own ones, everybody's for the office."""
    account = access.someone()
    own = access.led_by(account)
    access.require(own is not None or access.may_organise(account))
    batches = roster_batches.history(db.session(), own.id if own else None)
    labels, said = labels_of(batches), get_template_attribute("roster/_words.html", "batch_state")
    headings = [_("File"), _("Delegation"), _("State"), _("By"), _("At"), _("Imported at")]
    states = [*RowState]
    headings += [str(get_template_attribute("roster/_words.html", "row_state")(s)) for s in states]
    rows: list[list[Cell]] = [
        [
            *(one.file_name, name(one.delegation) if one.delegation else _("Several delegations")),
            *(str(said(one.state)), labels.get(one.uploaded_by, _("command line"))),
            *(excel.at_hall(one.uploaded_at), excel.at_hall(one.imported_at)),
            *(one.counts.get(state, 0) for state in states),
        ]
        for one in batches
    ]
    return excel.listed("rosters", _("Import rosters"), headings, rows, {})


def batch_for(batch_id: int) -> RosterBatch:
    """The batch, for who may see it: the office, and what a delegation sent in for its leader."""
    account = access.someone()
    batch = db.session.get(RosterBatch, batch_id)
    if batch is None:
        abort(404)
    own = batch.delegation_id if not batch.by_office else None
    access.require(access.may_organise(account) if own is None else access.may_lead(account, own))
    return batch


def labels_of(batches: Sequence[RosterBatch]) -> dict[int | None, str]:
    """Who uploaded what, as account → label."""
    ids = {one.uploaded_by for one in batches}
    asked = select(Account.id, Account.label).where(Account.id.in_(ids))
    return dict(db.session.execute(asked).all())
