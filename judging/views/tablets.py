"""The skill's tablets, for its chief judge and its office: pair, look after, unpair; labels."""

import segno
from flask import (
    Blueprint,
    abort,
    flash,
    redirect,
    render_template,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from competition.access import may_equip, someone
from competition.database import db
from competition.models import Skill
from competition.moment import now
from competition.views import assets
from competition.views.named import skill_for
from judging import contact, devices, kept, tablets
from judging.models import Device
from judging.views.addresses import public

blueprint = Blueprint("tablets", __name__, url_prefix="/desk")
HELD = "pairing_codes"  # in the browser of who made them: the site keeps hashes only
MOST_HELD = 8


@blueprint.get("/<code>/tablets")
def page(code: str) -> ResponseReturnValue:
    """Every tablet with its last contact, what it has not sent, and the page it runs; the code that
    was made here last, as words and as a QR code, while it is good."""
    one, at = _mine(code), now()
    held = session.get(HELD, {}).get(str(one.id), "")
    given = tablets.still_good(db.session(), one.id, held, made_by=someone().id) if held else None
    address = public(url_for("hall_tablet.page"))
    found = contact.of_skill(db.session(), one.id)
    return render_template(
        "desk/tablets.html",
        skill=one,
        given=given,
        address=address,
        qr=_qr(f"{address}#{given.code.replace('-', '')}") if given else None,
        hall=[tablet for tablet in found if tablet.number],
        own=[tablet for tablet in found if not tablet.number],
        at=at,
        newest=assets.version("tablet"),
    )


@blueprint.post("/<code>/tablets/code")
def give_code(code: str) -> ResponseReturnValue:
    """A new pairing code, for the page to show."""
    one = _mine(code)
    given = tablets.give_code(one.id, actor_id=someone().id)
    others = {key: held for key, held in session.get(HELD, {}).items() if key != str(one.id)}
    session[HELD] = dict([*others.items(), (str(one.id), given.code)][-MOST_HELD:])
    return redirect(url_for("tablets.page", code=one.code), 303)


@blueprint.post("/<code>/tablets/<int:number>/unpair")
def unpair(code: str, number: int) -> ResponseReturnValue:
    """Take a tablet of the hall out of use; `number` is its id."""
    one = _mine(code)
    tablets.unpair(number, skill_id=one.id, actor_id=someone().id)
    flash(_("The tablet was unpaired. What it still sends is set aside"), "success")
    return redirect(url_for("tablets.page", code=one.code), 303)


@blueprint.post("/<code>/devices/<int:number>/end")
def end(code: str, number: int) -> ResponseReturnValue:
    """Take out of use a browser that a judge signed in on."""
    one = _mine(code)
    device = db.session.get(Device, number)
    if device is None or device.skill_id != one.id:
        abort(404)
    devices.revoke(number, actor_id=someone().id)
    flash(_("The tablet is out of use until its judge signs in on it again"), "success")
    return redirect(url_for("tablets.page", code=one.code), 303)


@blueprint.get("/<code>/labels")
def labels(code: str) -> ResponseReturnValue:
    """A label with a QR code for each work, to be printed and stuck on; codes only."""
    one = _mine(code)
    codes = kept.whole(db.session(), one.id).entries.values()  # in their order
    # What the tablet reads: `frontend/tablet/work_code.ts`.
    found = [{"code": work, "qr": _qr(f"{one.code}/{work}")} for work in codes]
    return render_template("desk/labels.html", skill=one, labels=found)


def _mine(code: str) -> Skill:
    return skill_for(code, may_equip)


def _qr(text: str) -> Markup:
    """Never a Micro QR, which cameras do not read, however short the text."""
    return Markup(segno.make_qr(text, error="m").svg_inline(border=2, omitsize=True))  # noqa: S704 - ours
