"""Is the site alive? For `make run`, monitors and load balancers."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from competition.database import db
from competition.moment import iso, now

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """200 when the site answers and its database does."""
    db.session.execute(text("SELECT 1"))
    return jsonify(ok=True)


@blueprint.get("/time.json")
def time() -> ResponseReturnValue:
    """The server's time, by which every page corrects its own clock."""
    answer = jsonify(now=iso(now()))
    answer.headers["Cache-Control"] = "no-store"
    return answer
