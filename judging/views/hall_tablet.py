"""The tablet of the hall: its page, which needs no sign-in, and what its own token opens.

That token reads no mark and posts none: it shows whose cards stand on the locked tablet, and with a
judge's PIN it gets the token by which that judge marks (`judging/views/tablet.py`). What waits for
signatures it shows too, and its marks only to whoever types a PIN (`hall_signing`).
"""

from typing import Any, cast

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    g,
    jsonify,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from competition import judge_photos
from competition.database import db
from competition.models import Skill
from competition.rules.refusal import Refusal
from competition.views import assets
from competition.views.language import chosen
from competition.views.limits import limiter, pairing
from judging import cells, devices, hall_signing, tablets
from judging.models import HallTablet
from judging.views import tablet_posts

blueprint = Blueprint("hall_tablet", __name__, url_prefix="/tablet/hall")
api = Blueprint("hall_tablet_api", __name__, url_prefix="/tablet/api/hall")


@blueprint.get("/")
def page() -> Response:
    """The tablet itself; the script knows what it is paired with, also without a network."""
    data = {
        "hall": True,
        "version": assets.version("tablet"),
        "urls": {
            "home": url_for("boards.home"),
            "sign_in": url_for("hall_tablet.page"),
            "zh": url_for("signin.language", lang="zh"),
            "en": url_for("signin.language", lang="en"),
        },
    }
    answer = Response(render_template("tablet/hall.html", data=data))
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/app.webmanifest")
def manifest() -> Response:
    """What a browser needs to install the tablet as an app of its own."""
    answer = jsonify(
        name=_("Podium · Marking"),
        short_name="Podium",
        lang=chosen(),
        start_url=url_for("tablet.home" if "own" in request.args else "hall_tablet.page"),
        scope="/tablet/",
        display="standalone",
        background_color="#ffffff",
        theme_color="#0b3a53",
        icons=[
            {"src": url_for("static", filename=f"icon-{size}.png"), "sizes": f"{size}x{size}",
             "type": "image/png", "purpose": "any maskable"}
            for size in (192, 512)
        ],
    )  # fmt: skip
    answer.mimetype = "application/manifest+json"
    return answer


@api.post("/pair")
@limiter.limit("20/minute", key_func=pairing)
def pair() -> Response:
    """Pair with the code that was typed or scanned. The token is shown this once."""
    asked = asked_json()
    paired = tablets.pair(text_of(asked, "code"), name=request.user_agent.string[:100])
    answer = jsonify(token=paired.token, number=paired.number, skill=_skill(paired.skill))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@api.before_request
def _who() -> None:
    """Let in who holds the token of a tablet of the hall; pairing is how one gets it."""
    if request.endpoint == "hall_tablet_api.pair":
        return
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    tablet = tablets.authenticate(token.strip()) if scheme.lower() == "bearer" and token else None
    if tablet is None:
        raise devices.unpaired()
    g.hall_tablet = tablet


def _tablet() -> HallTablet:
    return cast(HallTablet, g.hall_tablet)


@api.post("/here")
def here() -> Response:
    """The tablet lives. It is told what it shows while locked: its number and the panel's cards."""
    asked, tablet = asked_json(), _tablet()
    number, skill_id = tablet.number, tablet.skill_id
    tablets.here(tablet, waiting=tablet_posts.waiting(asked), version=text_of(asked, "version"))
    skill = db.session.get_one(Skill, skill_id)
    return jsonify(
        number=number,
        skill=_skill(skill),
        judges=tablets.panel(db.session(), skill_id),
        lock_minutes=current_app.config["PODIUM_TABLET_LOCK"],
    )


@api.get("/photos/<name>")
def photo(name: str) -> Response:
    """The photo on the card of a judge of this panel, or of a chief judge where sheets are signed;
    under its name it never changes."""
    session, skill_id = db.session(), _tablet().skill_id
    ids = [*cells.panel_ids(session, skill_id), *hall_signing.chiefs(session, skill_id)]
    if name not in judge_photos.of_accounts(session, ids).values():
        abort(404)
    found = judge_photos.read(name)
    answer = Response(found.data, mimetype=found.media_type)
    answer.headers["Cache-Control"] = "private, no-store"  # the tablet keeps it, and forgets it
    return answer


@api.post("/unlock")
@limiter.limit("60/minute")
def unlock() -> Response:
    """Let in the judge whose PIN was typed; wrong ones are counted by `competition.pins`."""
    asked = asked_json()
    judge = asked.get("judge")
    if isinstance(judge, bool) or not isinstance(judge, int) or abs(judge) > tablet_posts.INT_TOP:
        raise Refusal(
            "没有选择裁判，没有解锁。请点自己的名字。",
            "No judge was chosen, so the tablet stays locked. Tap your name.",
            status=400,
        )
    found = tablets.let_in(_tablet(), judge, text_of(asked, "pin"), held=text_of(asked, "held"))
    answer = jsonify(token=found.token, judge={"id": found.judge.id, "label": found.judge.label})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def asked_json() -> dict[str, Any]:
    """What was posted, nothing where it is no JSON object."""
    asked = request.get_json(silent=True)
    return asked if isinstance(asked, dict) else {}


def text_of(asked: dict[str, Any], name: str) -> str:
    """A text of it, clean and short; empty where it is none."""
    value = asked.get(name)
    if not isinstance(value, str):
        return ""
    return value.replace("\x00", "").encode("utf-8", "replace").decode()[:200]


def _skill(skill: Skill) -> dict[str, str]:
    return {"code": skill.code, "name_zh": skill.name_zh, "name_en": skill.name_en}
