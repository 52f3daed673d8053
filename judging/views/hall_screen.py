"""A big screen of the hall: its page, which needs no sign-in, and what its token opens.

The page shows a code until the office has paired it, then the playlist it is given. The token reads
what to show and says how the screen is; every board comes from the addresses that are public.
"""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, g, jsonify, render_template, request, url_for
from flask_limiter.util import get_remote_address

from competition.database import db
from competition.moment import iso
from competition.rules.refusal import Refusal
from competition.views import assets
from competition.views.limits import limiter
from judging import screens, showing
from judging.views import tablet_posts
from judging.views.addresses import public
from judging.views.overall import tiles

blueprint = Blueprint("hall_screen", __name__, url_prefix="/screen")
api = Blueprint("hall_screen_api", __name__, url_prefix="/screen/api")

WHAT = ("entry", "blank", "message", "nothing")
LINKS = ("connecting", "live", "polling", "lost")


@blueprint.get("/")
def page() -> Response:
    """The screen itself; the script knows what it is paired with, also without a network."""
    data = {
        "version": assets.version("playing"),
        "pair": public(url_for("screens.page")),
        "skill": public(url_for("boards.skill", code="CODE")),
        "boards": public(url_for("overall.page", kind="now")).rsplit("/", 1)[0] + "/",
        "tiles": {code: asdict(tile) for code, tile in tiles().items()},
    }
    answer = Response(render_template("screens/screen.html", data=data))
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/worker.js")
def worker() -> Response:
    """The service worker of the screens' pages."""
    return assets.page_worker()


# One hall is one address, and no hall has so many screens that wait to be paired.
@api.post("/wait")
@limiter.limit("300/minute", key_func=get_remote_address)
def wait() -> Response:
    """The code that this browser shall show, with a token the first time; or that it is paired."""
    waiting = screens.wait(_token())
    if waiting is None:
        answer = jsonify(paired=True)
    else:
        answer = jsonify(
            paired=False, code=waiting.code, until=iso(waiting.until), token=waiting.token
        )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@api.before_request
def _who() -> None:
    """Let in who holds the token of a paired screen; waiting is how one becomes one."""
    if request.endpoint == "hall_screen_api.wait":
        return
    screen = screens.paired(db.session(), _token())
    if screen is None:
        raise Refusal(
            "这块大屏没有配对或已取消配对。",
            "This screen is not paired, or no longer.",
            status=401,
        )
    g.screen = screen


@api.get("/told")
def told() -> Response:
    """What the screen shall show: the document that sockets push, for where they are blocked."""
    answer = jsonify(showing.document(db.session(), g.screen))
    answer.headers["Cache-Control"] = "no-cache"
    answer.set_etag(f"{g.screen.id}-{g.screen.sequence}")
    answer.make_conditional(request)
    return answer


@api.post("/here")
def here() -> Response:
    """The screen lives, and shows this."""
    asked = request.get_json(silent=True)
    body = asked if isinstance(asked, dict) else {}
    screens.here(
        g.screen,
        {
            "width": _size(body, "width"),
            "height": _size(body, "height"),
            "version": tablet_posts.version(body),
            "showing": {
                "what": _one_of(body, "what", WHAT),
                "link": _one_of(body, "link", LINKS),
                **{name: _size(body, name) for name in ("entry", "page", "of", "sequence")},
            },
        },
    )
    return jsonify(version=assets.version("playing"))


def _token() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _size(body: dict[str, Any], name: str) -> int:
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        return 0
    return value if 0 <= value <= tablet_posts.INT_TOP else 0


def _one_of(body: dict[str, Any], name: str, known: tuple[str, ...]) -> str:
    value = body.get(name)
    return value if value in known else known[0]
