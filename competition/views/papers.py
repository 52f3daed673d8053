"""Evidence of an entry: bringing a paper, opening it, taking it away; by the team leader's phone or
in the office."""

import io

from flask import Blueprint, abort, current_app, flash, redirect, request, send_file, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from competition import access, papers
from competition.database import db
from competition.models import Account, Entry, EvidenceFile
from competition.rules import pictures
from competition.rules.refusal import Refusal
from competition.views.language import chosen
from competition.views.limits import limiter
from competition.views.named import entry_with_papers
from competition.views.signin import local
from competition.views.uploaded import shut_in

blueprint = Blueprint("papers", __name__)
AROUND = 64 * 1024  # bytes of a form beside its file


@blueprint.post("/delegation/entries/<int:entry_id>/evidence")
@limiter.limit("60/minute")
def add(entry_id: int) -> ResponseReturnValue:
    """Bring a paper."""
    account, entry = entry_with_papers(entry_id)
    try:
        kind, name, data = _sent()
        papers.add(entry.id, kind, name, data, actor_id=account.id)
    except Refusal as refusal:
        flash(refusal.sentence(chosen()), "refusal")
    else:
        flash(_("The paper was kept."), "success")
    return redirect(_back(entry), 303)


@blueprint.get("/delegation/evidence/<int:number>")
def open_(number: int) -> ResponseReturnValue:
    """The paper itself; the ledger says who looked at it."""
    account, _entry_of, row = _paper(number)
    opened = papers.open_(row.id, actor_id=account.id)
    answer = send_file(
        io.BytesIO(opened.data),
        opened.media_type,
        as_attachment=opened.media_type == pictures.PDF,  # in a sandbox no browser shows one
        download_name=opened.name,
    )
    return shut_in(answer, "no-store")


@blueprint.post("/delegation/evidence/<int:number>/remove")
def remove(number: int) -> ResponseReturnValue:
    """Take a paper away."""
    account, entry, row = _paper(number)
    try:
        papers.remove(
            row.id,
            why=request.form.get("why", ""),
            is_office=access.may_organise(account, entry.skill),
            actor_id=account.id,
        )
    except Refusal as refusal:
        flash(refusal.sentence(chosen()), "refusal")
    else:
        flash(_("The paper was removed."), "success")
    return redirect(_back(entry), 303)


@blueprint.record_once
def _own_check(setup: BlueprintSetupState) -> None:
    """The form's token check would read the body, which is larger than forms may be: `_sent` makes
    the same check once the size is set."""
    setup.app.extensions["csrf"].exempt(add)


def _sent() -> tuple[str, str, bytes]:
    request.max_content_length = papers.MOST_BYTES + AROUND
    try:
        if current_app.config.get("WTF_CSRF_ENABLED", True):
            current_app.extensions["csrf"].protect()
        file = request.files.get("file")
        data = file.read(papers.MOST_BYTES + 1) if file is not None else b""
    except RequestEntityTooLarge as error:
        raise Refusal(
            "文件超过 8 MB，请缩小或分开。材料没有保存。",
            "The file is over 8 MB; make it smaller. The paper was not kept.",
        ) from error
    return request.form.get("kind", ""), (file.filename or "") if file is not None else "", data


def _paper(number: int) -> tuple[Account, Entry, EvidenceFile]:
    access.someone()
    row = db.session.get(EvidenceFile, number)
    if row is None:
        abort(404)
    return *entry_with_papers(row.entry_id), row


def _back(entry: Entry) -> str:
    """To the page that the form was on."""
    asked = local(request.args.get("next"))
    if asked:
        return asked
    if access.may_lead(access.who(), entry.delegation_id):
        return url_for("changes.entry", entry_id=entry.id, _anchor="evidence")
    return url_for("entries.page", code=entry.skill.code)
