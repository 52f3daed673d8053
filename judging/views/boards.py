"""What everybody may see: the home page, a page per skill with its live board, the snapshot."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from competition import skill_profiles
from competition.database import db
from competition.models import Competition, Delegation, Member
from competition.views.named import skill_or_404
from competition.views.shared import shared
from judging import results, standard
from judging.rules.standard import percent
from judging.rules.visibility import shown_state

blueprint = Blueprint("boards", __name__)


@blueprint.app_context_processor
def _competition() -> dict[str, Any]:
    return {"competition": db.session.scalars(select(Competition)).first(), "feed": feed}


def feed(snapshot_url: str) -> str:
    """Where a page asks for a snapshot while sockets are blocked: the file of it, where files are
    served apart from the site, else the site itself."""
    return str(current_app.config["PODIUM_FEEDS_URL"]).rstrip("/") + snapshot_url


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """What is on now, and the skills by sector."""
    tiles = [_tile(body) for body in results.all_bodies()]
    by_sector: dict[str, list[dict[str, Any]]] = {}
    for tile in tiles:
        by_sector.setdefault(tile["sector_en"], []).append(tile)
    sectors = [
        {"name_zh": rows[0]["sector_zh"], "name_en": rows[0]["sector_en"], "skills": rows}
        for rows in by_sector.values()
    ]
    numbers = {
        "skills": len(tiles),
        "competitors": db.session.scalar(select(func.count()).select_from(Member)),
        "delegations": db.session.scalar(select(func.count()).select_from(Delegation)),
    }
    now = [tile for tile in tiles if tile["state"] in ("running", "paused")]
    return render_template("boards/home.html", sectors=sectors, now=now, numbers=numbers)


def _tile(body: dict[str, Any]) -> dict[str, Any]:
    head = body["skill"]
    return {
        **head,
        "state": shown_state(body),
        "clock": body["clock"],
        "progress": body["progress"],
        "url": url_for("boards.skill", code=head["code"]),
    }


@blueprint.get("/skills/<code>")
def skill(code: str) -> ResponseReturnValue:
    """The live board of a skill, drawn first from the very document that sockets send."""
    found = skill_or_404(code)
    shot = results.snapshot(found)
    _version, profile = skill_profiles.of(db.session(), found.id)
    return render_template(
        "boards/skill.html",
        board=shot.body,
        snapshot_url=url_for("boards.snapshot", code=code),
        screen_url=url_for("screen.page", code=code),
        track=found.track,
        profile=profile,
        standard=standard.of(db.session(), found.id, is_final=shot.body["state"] == "final"),
        percent=percent,
    )


@blueprint.get("/skills/<code>/board.json")
def snapshot(code: str) -> Response:
    """The same document as JSON; the ETag names its public sequence and nothing else."""
    shot = results.of(code)
    if shot is None:
        abort(404)
    return as_json(shot)


def as_json(shot: results.Snapshot) -> Response:
    """A public document as it is sent to whoever asks, or that it is the one they have."""
    answer = Response(shot.encoded, mimetype="application/json")
    answer.headers["Cache-Control"] = "no-cache"
    answer.set_etag(shot.etag)
    answer.make_conditional(request)
    return shared(answer)
