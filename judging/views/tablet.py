"""The judge's tablet: its page and pairing (signed in), and its API (device token only)."""

import hashlib
import json
from collections.abc import Callable
from typing import Any, cast

from flask import (
    Blueprint,
    Response,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from competition import access
from competition.database import db
from competition.models import Account, Role, Skill
from competition.rules.refusal import Refusal
from competition.views import assets
from competition.views.limits import limiter
from competition.views.named import skill_or_404
from judging import devices, marking, sheets
from judging.admission import Post
from judging.devices import Tablet
from judging.marking import Answer, Parcel
from judging.views import tablet_posts

blueprint = Blueprint("tablet", __name__, url_prefix="/tablet")

api = Blueprint("tablet_api", __name__, url_prefix="/tablet/api")


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """The skill a judge marks; one who marks several chooses."""
    skills = access.skills_of(access.someone(), Role.JUDGE)
    access.require(bool(skills))
    if len(skills) == 1:
        return redirect(url_for("tablet.page", code=skills[0].code))
    return render_template("tablet/choose.html", skills=skills)


@blueprint.get("/<code>/")
def page(code: str) -> ResponseReturnValue:
    """The tablet of one skill; the script does the rest, also without a network."""
    skill = skill_or_404(code)
    account = access.who()
    access.require(access.may_judge(account, skill))
    assert account is not None
    data = {
        "skill": {"code": skill.code, "name_zh": skill.name_zh, "name_en": skill.name_en},
        "judge": {"id": account.id, "label": account.label},
        "version": assets.version("tablet"),
        "urls": {
            "home": url_for("boards.home"),
            "sign_in": url_for("signin.page", next=request.path),
            "zh": url_for("signin.language", lang="zh"),
            "en": url_for("signin.language", lang="en"),
            "sheets": url_for("signoff.home", code=skill.code) + "/sheets",
        },
    }
    answer = Response(render_template("tablet/page.html", skill=skill, data=data))
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.post("/pair")
@limiter.limit("30/minute")
def pair() -> ResponseReturnValue:
    """Pair this browser with the signed-in judge for one skill. The token is shown this once."""
    asked = request.get_json()
    code = asked.get("skill") if isinstance(asked, dict) else None
    skill = skill_or_404(str(code))
    account = access.who()
    access.require(access.may_judge(account, skill))
    assert account is not None
    name = request.user_agent.string[:100]
    paired = devices.pair(account.id, skill.id, name=name)
    answer = jsonify(
        token=paired.token,
        device=paired.device_id,
        judge={"id": account.id, "label": account.label},
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/worker.js")
def worker() -> ResponseReturnValue:
    """The service worker of the tablet's pages."""
    return assets.page_worker()


@api.before_request
def _who() -> None:
    """Let in who holds a device token, and nobody by a cookie."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    held = token.strip() if scheme.lower() == "bearer" else ""
    tablet = devices.authenticate(held) if held else None
    g.unpaired = False
    if tablet is None and held and request.endpoint == "tablet_api.marks":
        tablet = devices.out_of_use(held)
        g.unpaired = tablet is not None
    if tablet is None:
        raise devices.unpaired()
    g.tablet = tablet


def _tablet() -> Tablet:
    return cast(Tablet, g.tablet)


def _reader() -> tuple[Skill, Account]:
    """The tablet's skill and judge, for reading: only while the judge is on the panel."""
    skill = db.session.get_one(Skill, _tablet().skill_id)
    judge = db.session.get_one(Account, _tablet().account_id)
    if not access.may_judge(judge, skill):
        raise Refusal(
            "您已不在该赛项的裁判组中，不能查看评分表。平板上未上传的评分仍会上传。",
            "You are no longer on the panel of this skill, so its sheets are closed to you. Marks"
            " still on the tablet are sent all the same.",
            status=403,
        )
    return skill, judge


def _tagged(tag: str, build: Callable[[], dict[str, Any]]) -> Response:
    """304 when the tablet has it already; else what `build` gives."""
    known = request.if_none_match.contains(tag)
    answer = Response(status=304) if known else jsonify(build())
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _tag(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:24]


@api.get("/pack")
def pack() -> Response:
    """The scheme, the codes, the panel and the clock."""
    found = sheets.pack(db.session(), *_reader())
    return _tagged(_tag(found), lambda: found)


@api.get("/sheets/<code>")
def work(code: str) -> Response:
    """Every cell of one work. Whatever changes it is an act in the skill's ledger, whose head
    therefore tells whether anything is new."""
    skill, judge = _reader()
    tag = _tag("work", skill.ledger_head, code, judge.id)
    return _tagged(tag, lambda: sheets.work(db.session(), skill, code, judge.id))


@api.get("/progress")
def progress() -> Response:
    """How far each work is, for this judge and for the panel."""
    skill, judge = _reader()
    tag = _tag("progress", skill.ledger_head, judge.id)
    return _tagged(tag, lambda: sheets.progress(db.session(), skill, judge.id))


@api.post("/marks")
def marks() -> Response:
    """Take a batch of posts; every one gets its answer, in its place."""
    tablet, body = _tablet(), request.get_json()
    waiting, items = tablet_posts.read(body)
    posts = [item for item in items if isinstance(item, Post)]
    given: list[Answer] = []
    if posts:
        whose = (tablet.skill_id, posts, tablet.account_id, tablet.id)
        (given,) = marking.record([Parcel(*whose, waiting, unpaired=g.unpaired)])
    elif g.unpaired:
        raise devices.unpaired()
    else:
        devices.heartbeat(tablet, waiting=waiting, version=tablet_posts.version(body))
    answers = iter(given)
    return jsonify(
        answers=[next(answers)._asdict() if isinstance(item, Post) else item for item in items]
    )
