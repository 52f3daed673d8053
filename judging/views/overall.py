"""Boards over all skills for everybody: delegations, medals, what is on now, the timetable; a page
and a snapshot each."""

from collections.abc import Mapping

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from competition.database import db
from judging import overall
from judging.rules.delegations import MEASURES
from judging.rules.prefectures import TILES, Tile
from judging.views.boards import as_json

blueprint = Blueprint("overall", __name__, url_prefix="/boards")

KINDS = "any(now, medals, delegations, timetable)"
DOCUMENTS = "any(now, medals, delegations, timetable, sponsors, hour)"  # two have no page


@blueprint.get(f"/<{KINDS}:kind>")
def page(kind: str) -> ResponseReturnValue:
    """The board as a page, drawn first from the very document that sockets send."""
    return render_template(f"boards/{kind}.html", **shown(kind))


def shown(kind: str) -> dict[str, object]:
    """What the template of a board over all skills needs, on its page and in frames."""
    by = request.args.get("by", "")
    return {
        "board": overall.snapshot(kind).body,
        "snapshot_url": url_for("overall.snapshot", kind=kind),
        "kind": kind,
        "measures": list(MEASURES),
        "by": by if by in MEASURES else "points",
        "tiles": tiles(),
    }


def tiles() -> Mapping[str, Tile]:
    """The map of prefectures, where delegations are prefectures; else nothing."""
    known = {code for code, _zh, _en in overall.called(db.session())}
    return TILES if known & TILES.keys() else {}


@blueprint.get(f"/<{DOCUMENTS}:kind>.json")
def snapshot(kind: str) -> Response:
    """The same document as JSON; the ETag names its public sequence and nothing else."""
    return as_json(overall.snapshot(kind))
