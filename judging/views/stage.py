"""The stage for the projector, and the remote for a phone.

Both pages ask for themselves again and again and answer with nothing while nothing has moved. The
stage's holds what the hall may see at this moment and not a word more; the office's text over all
screens covers it too.
"""

from datetime import timedelta

from flask import (
    Blueprint,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition import access, demo, pins
from competition.database import db
from competition.models import Account
from competition.rules.refusal import Refusal
from competition.views.language import chosen
from competition.views.limits import limiter
from judging import ceremony, ceremony_lists, showing
from judging.ceremony_script import on_screen, script
from judging.models import Ceremony, CeremonyProject, ScreenMessage
from judging.rules import ceremony_slides, ceremony_words
from judging.views.ceremony import NUMBER, office_role, opened

blueprint = Blueprint("stage", __name__, url_prefix="/ceremony")
KEY_LASTS = 3 * 24 * 3600  # seconds; a ceremony and its rehearsals
TAKEN = "remotes"


@blueprint.get(f"/{NUMBER}/stage")
def page(number: int) -> ResponseReturnValue:
    """The stage, to somebody of the office or to a machine that was let in by a link."""
    key = request.cookies.get(_cookie(number), "")
    if not ceremony.has_key(db.session(), number, key):
        if _is_part() and access.who() is None:  # a sign-in page must not come on stage
            return _ended(number) if key else ("", 401)
        access.require(access.may_stage(access.who()))
    row = db.session.get(Ceremony, number, populate_existing=True) or abort(404)
    found = ceremony.project(db.session(), row)
    gone = ceremony_lists.reopened(db.session(), found)
    message = showing.message(db.session())
    seen = _stands(row, found, len(gone), message)
    if _is_part() and request.args.get("seen") == seen:
        return "", 204
    return _fresh(
        render_template(
            "ceremony/_stage.html" if _is_part() else "ceremony/stage.html",
            row=row,
            screen=on_screen(row, found.slides, gone),
            message=message,
            words=ceremony_words,
            seen=seen,
        )
    )


def _ended(number: int) -> ResponseReturnValue:
    """To a machine whose key was ended: what it showed goes away, where a laptop that is only
    signed out keeps its last frame."""
    if request.args.get("seen") == "ended":
        return "", 204
    row = db.session.get(Ceremony, number, populate_existing=True) or abort(404)
    screen = {"kind": "pause", "title": list(ceremony_words.ENDED)}
    told = {"row": row, "screen": screen, "words": ceremony_words, "seen": "ended"}
    return _fresh(render_template("ceremony/_stage.html", **told, message=None))


@blueprint.get("/machine/<token>")
def ask_machine(token: str) -> ResponseReturnValue:
    """Asks before the link is used: whatever looks a link up in advance must not use it up."""
    return render_template("ceremony/machine.html", token=token, refused="")


@blueprint.post("/machine/<token>")
@limiter.limit("20/minute")
def use_machine(token: str) -> ResponseReturnValue:
    """Use a link: this machine may show the stage from now on."""
    try:
        number, key = ceremony.use_link(token)
    except Refusal as refusal:
        said = refusal.sentence(chosen())
        return render_template("ceremony/machine.html", token="", refused=said), refusal.status
    answer = redirect(url_for("stage.page", number=number), 303)
    answer.set_cookie(
        _cookie(number), key, max_age=KEY_LASTS, httponly=True, samesite="Lax", path="/ceremony",
        secure=current_app.config["PODIUM_HTTPS"],
    )  # fmt: skip
    return answer


# The remote


@blueprint.get(f"/{NUMBER}/remote")
def remote(number: int) -> ResponseReturnValue:
    """The remote; before a PIN was typed, the question for it."""
    row = opened(number)
    if not _is_taken(number):
        return _ask_pin(row)
    return _remote(row)


@blueprint.post(f"/{NUMBER}/remote")
@limiter.limit("20/minute")
def take(number: int) -> ResponseReturnValue:
    """Take the remote in hand by one's own PIN."""
    row, sign_in = opened(number), access.sign_in_of_request()
    if sign_in is None:
        abort(401)
    account: Account = access.someone()
    try:
        proof = pins.check(account.id, request.form.get("pin", ""), device=f"sign_in:{sign_in.id}")
        ceremony.take_remote(row.id, proof, office_role())
    except Refusal as refusal:
        return _ask_pin(row, refusal.sentence(chosen())), 409
    session[TAKEN] = {"by": sign_in.id, "of": [*_taken(), number]}
    return redirect(url_for("stage.remote", number=number), 303)


@blueprint.post(f"/{NUMBER}/press")
def press(number: int) -> ResponseReturnValue:
    """A button of the remote, with the slide and turn that it was pressed on."""
    row, form = opened(number), request.form
    if not _is_taken(number):
        return _ask_pin(row), 409
    said, leap = "", 0
    try:
        did = ceremony.press(
            row.id,
            form.get("act", ""),
            slide=form.get("slide", -1, type=int),
            turn=form.get("turn", -1, type=int),
            to=form.get("to", 0, type=int),
            is_meant="meant" in form,
            actor_id=access.someone().id,
        )
    except ceremony.Leap as asked:
        said, leap = asked.sentence(chosen()), form.get("to", 0, type=int)
    except Refusal as refusal:
        said = refusal.sentence(chosen())
    else:
        late = form.get("turn", -1, type=int) != row.turn
        if not did and late:
            said = _("The stage had moved already, so this press did nothing.")
    if not _is_part() and not said:
        return redirect(url_for("stage.remote", number=number), 303)
    return _remote(opened(number), said, leap, always=True)


def _remote(
    row: Ceremony, said: str = "", leap: int = 0, *, always: bool = False
) -> ResponseReturnValue:
    """The remote, with what is `said` about a press; with `leap` that is a question whether to jump
    there."""
    found = ceremony.project(db.session(), row)
    gone = ceremony_lists.reopened(db.session(), found)
    message = showing.message(db.session())
    seen = _stands(row, found, len(gone), message)
    if _is_part() and not always and request.args.get("seen") == seen:
        return "", 204
    last = len(found.slides)
    return _fresh(
        render_template(
            "ceremony/_remote.html" if _is_part() else "ceremony/remote.html",
            row=row,
            now=ceremony_slides.shown(found.slides[row.slide - 1], gone),
            next=ceremony_slides.shown(found.slides[row.slide], gone) if row.slide < last else None,
            of=last,
            parts_=script(found.slides, gone),
            told=found.told,
            message=message,
            words=ceremony_words,
            seen=seen,
            said=said,
            leap=leap,
            rests=round(ceremony.rests(row) / timedelta(milliseconds=1)),
        )
    )


def _ask_pin(row: Ceremony, refused: str = "") -> str:
    has_pin = access.someone().id in pins.has(db.session(), [access.someone().id])
    told = {"row": row, "refused": refused, "has_pin": has_pin, "demo_pin": demo.PIN}
    return render_template("ceremony/pin.html", **told)


def _is_taken(number: int) -> bool:
    return number in _taken()


def _taken() -> list[int]:
    """The ceremonies whose remote this very sign-in has in hand."""
    kept, sign_in = session.get(TAKEN), access.sign_in_of_request()
    if not isinstance(kept, dict) or sign_in is None or kept.get("by") != sign_in.id:
        return []
    return list(kept.get("of", ()))


def _stands(row: Ceremony, found: CeremonyProject, gone: int, message: ScreenMessage | None) -> str:
    """What tells one moment of a stage from another. It tells nothing of any slide."""
    over = message.id if message else 0
    return f"{row.project}.{row.state}.{row.turn}.{row.cover}.{gone}.{len(found.told)}.{over}"


def _fresh(body: str) -> Response:
    answer = current_app.make_response(body)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _is_part() -> bool:
    """Whether the page asks for a new part of itself."""
    return "HX-Request" in request.headers


def _cookie(number: int) -> str:
    return f"podium_stage_{number}"
