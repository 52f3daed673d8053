"""Personal data: everybody's own as a pack; in the office how long it is kept, whom to forget."""

from collections.abc import Callable

from flask import Blueprint, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition import access, erasing, pack, retention
from competition.database import db
from competition.models import Account
from competition.tables import Cell
from competition.views import excel
from competition.views.acted import acted
from competition.views.language import chosen, only_looks
from competition.views.limits import limiter

blueprint = Blueprint("privacy", __name__)
LISTED = 100  # requests on the page; the file has all


@blueprint.app_context_processor
def _reminder() -> dict[str, object]:
    """For the office's pages, which remind when something was kept long enough."""
    return {"privacy_is_due": lambda found: retention.is_due(db.session(), found)}


@blueprint.get("/account/data")
def own() -> ResponseReturnValue:
    """What is kept of the person who asks, and how to get it."""
    return render_template(
        "account/data.html", account=_oneself(), kept=retention.read(db.session())
    )


@blueprint.get("/account/data.zip")
@limiter.limit("10/hour")
def own_pack() -> ResponseReturnValue:
    """The pack itself."""
    made = pack.of_account(_oneself())
    answer = send_file(made, "application/zip", as_attachment=True, download_name="my-data.zip")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/office/privacy")
def office() -> ResponseReturnValue:
    """How long data is kept, the requests to forget somebody, and finding whom."""
    access.require(access.may_organise(access.who()))
    return _page()


@blueprint.get("/office/privacy/requests.xlsx")
@limiter.limit("20/minute")
def requests_file() -> ResponseReturnValue:
    """Every request to forget somebody, and what became of it."""
    access.require(access.may_organise(access.who()))
    states = {None: _("Waiting"), True: _("granted"), False: _("refused")}
    rows: list[list[Cell]] = [
        [
            *(one.person_id, one.person.name, one.reason, one.asker.label),
            *(excel.at_hall(one.asked_at), states[one.is_granted]),
            *(excel.at_hall(one.answered_at), one.answer),
        ]
        for one in erasing.requests(db.session())
    ]
    headings = [
        *("#", _("Full name"), _("Reason"), _("Asked by"), _("Asked at"), _("State")),
        *(_("Answered at"), _("Answer")),
    ]
    return excel.listed("erasures", _("Requests"), headings, rows, {})


@blueprint.post("/office/privacy/find")
@only_looks
def find() -> ResponseReturnValue:
    """Find a person by name or number; posted, so that neither stands in an address."""
    access.require(access.may_organise(access.who()))
    return _page(request.form.get("words", "").replace("\x00", "")[:100])


@blueprint.post("/office/privacy/days")
def days() -> ResponseReturnValue:
    """Say how long data is kept."""
    access.require(access.may_grant(access.who()))
    wanted = request.form.get("days", -1, type=int)
    return _then(
        lambda: retention.set_days(wanted, actor_id=access.someone().id),
        _("How long personal data is kept was changed"),
    )


@blueprint.post("/office/privacy/people/<int:person_id>/erase")
def ask(person_id: int) -> ResponseReturnValue:
    """Ask that a person be forgotten."""
    access.require(access.may_organise(access.who()))
    reason = request.form.get("reason", "")
    return _then(
        lambda: erasing.ask(person_id, reason=reason, actor_id=access.someone().id),
        _("Asked. A second person must answer."),
    )


@blueprint.post("/office/privacy/erasures/<int:number>")
def answer(number: int) -> ResponseReturnValue:
    """Grant or refuse what somebody else asked for."""
    access.require(access.may_organise(access.who()))
    granted = request.form.get("granted") == "1"
    return _then(
        lambda: erasing.answer(
            number,
            granted,
            answer=request.form.get("answer", ""),
            actor_id=access.someone().id,
        ),
        _("Granted; the person was erased.") if granted else _("Refused."),
    )


def _oneself() -> Account:
    """The account that asks; who looks on as somebody else has no data here."""
    account = access.someone()
    access.require(not access.looks_on() and not access.lacks_proof(account))
    return account


def _page(words: str = "") -> str:
    session, account = db.session(), access.someone()
    asked = erasing.requests(session)
    return render_template(
        "office/privacy.html",
        kept=retention.read(session),
        longest=retention.LONGEST,
        requests=asked[:LISTED],
        total=len(asked),
        words=words,
        found=erasing.find(session, words),
        me=account.id,
        may_set=access.may_grant(account),
        english=chosen() == "en",
    )


def _then(verb: Callable[[], object], said: str) -> ResponseReturnValue:
    return acted(url_for("privacy.office"), verb, said)
