"""Cards for sharing: a picture of each public board, with a QR code that leads to its page.

What one shows depends on its address and on the public document alone, as with frames: nobody's
cookie is asked. `?v=`, the sequence in the addresses that pages give, only keeps what messengers
have kept from standing for a newer board.
"""

from datetime import datetime
from pathlib import Path

import segno
from flask import Blueprint, Response, current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address
from sqlalchemy import select

from competition.database import db
from competition.founding import edition
from competition.models import Skill
from competition.views import language
from competition.views.language import day_and_time
from competition.views.limits import limiter
from competition.views.named import skill_or_404
from competition.views.shared import shared
from judging import overall, results
from judging.cards import SIZES, Cards
from judging.models import OverallBoard, PublicBoard
from judging.results import Snapshot
from judging.views.addresses import public
from judging.views.card_told import Plain, as_it_stands, of_kind, of_skill
from judging.views.overall import KINDS

blueprint = Blueprint("cards", __name__, url_prefix="/cards")
SIZE = f"any({', '.join(SIZES)})"
FOR = 5  # seconds a cache may keep one
LINES = {"link": 3, "poster": 10}
_cards = Cards()


@blueprint.app_context_processor
def _addresses() -> dict[str, object]:
    return {"card_of": address_of, "whole_address": public}


def address_of(board: Plain, size: str) -> str:
    """The whole address of the card of a public document, in the reader's language."""
    told = {"size": size, "lang": language.chosen(), "v": board["sequence"]}
    if "skill" in board:
        return public(url_for("cards.skill", code=board["skill"]["code"], **told))
    return public(url_for("cards.board", kind=board["kind"], **told))


@blueprint.get(f"/skills/<code>/<{SIZE}:size>.png")
@limiter.limit("240/minute", key_func=get_remote_address)
def skill(code: str, size: str) -> ResponseReturnValue:
    """The card of a skill's board."""
    language.speak(request.args.get("lang", ""))
    found = skill_or_404(code)
    shot = results.snapshot(found)
    at = db.session.scalar(
        select(PublicBoard.changed_at)
        .join(Skill, Skill.id == PublicBoard.skill_id)
        .where(Skill.id == found.id)
    )
    page = url_for("boards.skill", code=found.code)
    return _card(shot, size, page, at, of_skill(shot.body))


@blueprint.get(f"/boards/<{KINDS}:kind>/<{SIZE}:size>.png")
@limiter.limit("240/minute", key_func=get_remote_address)
def board(kind: str, size: str) -> ResponseReturnValue:
    """The card of a board over all skills."""
    language.speak(request.args.get("lang", ""))
    shot = overall.snapshot(kind)
    at = db.session.scalar(select(OverallBoard.changed_at).where(OverallBoard.kind == kind))
    return _card(shot, size, url_for("overall.page", kind=kind), at, of_kind(shot.body))


def _card(shot: Snapshot, size: str, page: str, at: datetime | None, told: Plain) -> Response:
    whole, competition = public(page), edition(db.session())
    lines = told["lines"]
    most = LINES[size]
    told |= {
        "size": size,
        "width": SIZES[size][0],
        "height": SIZES[size][1],
        "language": language.chosen(),
        "lines": lines[:most],
        "more": _("%(n)s more on the page", n=len(lines) - most) if len(lines) > most else "",
        "time": _("Data as of %(time)s", time=day_and_time(at)),
        "competition": language.name(competition) if competition is not None else "Podium",
        "demo": _("Demo data") if competition is not None and competition.is_demo else "",
        "scan": _("Scan for the live board"),
        "note": _("Results are official only when their state says so."),
        "qr": segno.make(whole, error="m").svg_inline(border=1, omitsize=True, light="#fff"),
    }
    card = _cards.of(
        f"{shot.etag.rsplit('-', 1)[0]} {size} {language.chosen()} {whole}",
        as_it_stands(shot.body),
        told,
        Path(current_app.root_path) / "templates" / "print" / "card.typ",
        Path(current_app.config["PODIUM_DATA"]),
    )
    answer = Response(card.png, mimetype="image/png")
    answer.headers["Cache-Control"] = f"public, max-age={FOR}"
    answer.set_etag(card.tag[:32])
    answer.make_conditional(request)
    return shared(answer)
