"""A competitor signs the sheets of their own work, where the skill's rules ask for it.

Shown once the panel has signed a sheet and nobody in the skill works any more (decisions 4); the
judges see that the competitor has signed, never who that is.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition import clocks, pins
from competition.access import looks_on, may_work, require, sign_in_of_request, someone
from competition.database import db
from competition.models import Entry
from competition.moment import now
from competition.rules.refusal import Refusal
from competition.views.language import chosen
from competition.views.limits import limiter
from judging import scheme, sheet_pages, sheet_states, signing
from judging.sheet_states import Sheet

blueprint = Blueprint("own_sheets", __name__, url_prefix="/work")
SHOWN = ("competitor", "chief", "signed")


@blueprint.get("/<int:entry_id>/sheets")
def page(entry_id: int) -> ResponseReturnValue:
    """The sheets that the panel has signed, each with its marks."""
    return _page(_mine(entry_id))


@blueprint.post("/<int:entry_id>/sheets")
@limiter.limit("20/minute")
def sign(entry_id: int) -> ResponseReturnValue:
    """Sign every sheet that was shown."""
    entry, form, sign_in = _mine(entry_id), request.form, sign_in_of_request()
    shown = {(entry.id, one.sub.id): one.digest for one in _waiting(entry)}
    looked = set(form.getlist("digest"))
    try:
        if not shown or set(shown.values()) != looked:
            raise Refusal(
                "评分表与您看到的不同，没有签字。请刷新页面，核对后再签。",
                "The sheets are not those that you saw; nothing was signed. Reload the page, check"
                " them and sign again.",
            )
        device = f"sign_in:{sign_in.id}" if sign_in is not None else "own"
        proof = pins.check(someone().id, form.get("pin", ""), device=device)
        count = signing.sign_as_competitor(entry.skill_id, shown, proof)
    except Refusal as refusal:
        return _page(entry, refusal.sentence(chosen())), refusal.status
    flash(_("Signed sheets: %(n)s", n=count), "success")
    return redirect(url_for("own_sheets.page", entry_id=entry_id), 303)


def _mine(entry_id: int) -> Entry:
    """The entry, if the one who asks works in it; others learn not even whether it exists."""
    account, found = someone(), db.session.get(Entry, entry_id)
    require(found is not None and not looks_on() and may_work(account, found))
    assert found is not None
    return found


def _shown(entry: Entry) -> list[Sheet]:
    session = db.session()
    book = sheet_states.read(session, entry.skill_id)
    if not book.competitor_signs or clocks.situation(session, entry.skill_id, now()).working:
        return []
    return [one for one in book.of_entry(entry.id) if one.standing.state in SHOWN]


def _waiting(entry: Entry) -> list[Sheet]:
    return [one for one in _shown(entry) if one.standing.state == "competitor"]


def _page(entry: Entry, error: str = "") -> str:
    session = db.session()
    session.rollback()
    shown = _shown(entry)
    newest = scheme.current(entry.skill_id)
    printed = {
        one.sub.id: found.sheets[0]
        for one in shown
        if newest is not None
        and (
            found := sheet_pages.read(
                session, entry.skill, one.sub.id, work=entry.code, blank=False
            )
        )
    }
    return render_template(
        "workspace/sheets.html",
        entry=entry,
        sheets=[(one, printed[one.sub.id]) for one in shown],
        waiting=[one for one in shown if one.standing.state == "competitor"],
        asks=sheet_states.read(session, entry.skill_id).competitor_signs,
        has_pin=bool(pins.has(session, [someone().id])),
        error=error,
    )
