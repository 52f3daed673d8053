"""Changes of entries: a team leader's page for one entry, and the office's list of requests."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from competition import (
    access,
    answers,
    asked_lists,
    changes,
    changes_applied,
    eligibility,
    entry_locks,
    papers,
)
from competition.database import db
from competition.models import (
    ChangeKind,
    ChangeRequest,
    ChangeState,
    Entry,
    EntryState,
    EvidenceKind,
)
from competition.moment import now
from competition.rules.refusal import Refusal
from competition.views import entry_list
from competition.views.acted import acted
from competition.views.answers import words
from competition.views.language import chosen
from competition.views.signin import local

blueprint = Blueprint("changes", __name__)
PAGE = 25  # requests on one page


@blueprint.get("/delegation/entries/<int:entry_id>")
def entry(entry_id: int) -> ResponseReturnValue:
    """An entry of one's own delegation: what each rule says of it, and what may be changed."""
    found = _own(entry_id)
    session = db.session()
    judged = eligibility.judged(session, found.skill_id, found.delegation_id)
    requests = changes.of_delegation(session, found.delegation_id)
    reserves = [
        one.entry
        for one in judged
        if one.entry.is_reserve and one.entry.state != EntryState.WITHDRAWN
    ]
    return render_template(
        "delegation/entry.html",
        entry=found,
        one=next(one for one in judged if one.entry.id == entry_id),
        reserves=reserves if not found.is_reserve else [],
        free=changes.free_kinds(session, found),
        papers=papers.of_entries(session, [entry_id]).get(entry_id, []),
        paper_kinds=tuple(EvidenceKind),
        requests=[one for one in requests if one.row.entry_id == entry_id],
        answered=answers.of_entry(session, found),
        names=_names(requests),
        lock=entry_locks.standings(session, now(), [found.skill_id])[found.skill_id],
        **words(),
    )


@blueprint.post("/delegation/entries/<int:entry_id>")
def ask(entry_id: int) -> ResponseReturnValue:
    """Change the entry, or ask for it."""
    found, form = _own(entry_id), request.form
    try:
        kind = ChangeKind(form.get("kind", ""))
    except ValueError:
        abort(400)
    wanted: dict[str, Any] = {name: form.get(name, "") for name in changes_applied.FIELDS}
    wanted |= {name: form.get(name, type=int) for name in ("person", "out", "reserve")}
    try:
        row = changes.ask(
            found.id,
            kind,
            wanted,
            reason=form.get("reason", ""),
            actor_id=access.someone().id,
        )
    except Refusal as refusal:
        flash(refusal.sentence(chosen()), "refusal")
    else:
        done = row.state == ChangeState.APPROVED
        flash(_("Changed.") if done else _("Sent to the secretariat, who will answer."), "success")
    return redirect(url_for("changes.entry", entry_id=found.id), 303)


@blueprint.post("/delegation/requests/<int:request_id>/back")
def take_back(request_id: int) -> ResponseReturnValue:
    """Take back what nobody has answered."""
    own = db.session.get(ChangeRequest, request_id)
    if own is None:
        access.someone()
        abort(404)
    access.require(access.may_lead(access.who(), own.delegation_id))
    if own.entry_id is None:  # somebody who was to be added
        back = url_for("delegation.one", code=own.delegation.code)
    else:
        back = url_for("changes.entry", entry_id=own.entry_id)
    actor = access.someone().id
    return acted(back, lambda: changes.take_back(request_id, actor_id=actor), _("Taken back."))


@blueprint.get("/office/requests")
def requests() -> ResponseReturnValue:
    """The requests that wait for the office; others, and some, by the filter."""
    access.require(access.may_organise(access.who()))
    kinds = {one.value: one for one in ChangeKind}
    wish = asked_lists.wish(request.args, kinds, asked_lists.REQUEST_STATES)
    number = request.args.get("page", 1, type=int)
    found = asked_lists.requests(db.session(), wish, number=number, size=PAGE)
    offered = entry_list.places()
    return render_template(
        "office/requests.html",
        found=found,
        wish=wish,
        names=_names(found.lines),
        by_code={one.code: one for one in offered["skills"]},
        kinds=kinds,
        states=asked_lists.REQUEST_STATES,
        me=access.someone().id,
        english=chosen() == "en",
        **offered,
    )


@blueprint.post("/office/requests/<int:request_id>")
def decide(request_id: int) -> ResponseReturnValue:
    """Approve or refuse a request."""
    access.require(access.may_organise(access.who()))
    approved = request.form.get("approved") == "1"
    try:
        changes.decide(
            request_id,
            approved,
            answer=request.form.get("answer", ""),
            actor_id=access.someone().id,
        )
    except Refusal as refusal:
        flash(refusal.sentence(chosen()), "refusal")
    else:
        flash(_("Approved and applied.") if approved else _("Refused."), "success")
    return redirect(local(request.form.get("back")) or url_for("changes.requests"), 303)


def _own(entry_id: int) -> Entry:
    found = db.session.scalar(select(Entry).where(Entry.id == entry_id))
    if found is None:
        access.someone()
        abort(404)
    access.require(access.may_lead(access.who(), found.delegation_id))
    return found


def _names(requests: list[changes.Request]) -> dict[int, str]:
    """Names of the people that requests speak of, those who step in included."""
    wanted = [one.wanted for one in requests]
    people = {one[key] for one in wanted for key in ("person", "out") if key in one}
    named = changes_applied.people(db.session(), people)
    reserves = {one["reserve"] for one in wanted if "reserve" in one}
    for row in db.session.scalars(select(Entry).where(Entry.id.in_(reserves))):
        named[-row.id] = "、".join(member.person.name for member in row.members)
    return named
