"""The ledger's page: the public key and how to verify, for everybody; the signed heads of each day
for the office and supervisors (how far a skill's chain is tells of sealed work, decisions 3)."""

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from competition import access, heads
from competition.database import db
from competition.moment import now
from competition.views.language import chosen

blueprint = Blueprint("ledger", __name__, url_prefix="/ledger")


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """The public key in force and those before it."""
    may = access.may_see_grants(access.who())
    session = db.session()
    keys = heads.noted_keys(session)
    found = list(heads.days())[::-1] if may else []
    faults = heads.check_days(session) if may else {}
    today = now().astimezone(heads.HALL).date().isoformat()
    return render_template(
        "ledger/page.html",
        key=keys[-1] if keys else "",
        former=keys[:-1],
        may=may,
        days=[
            {
                "day": day,
                "at": one["statement"]["at"],
                "rows": sum(chain["number"] for chain in one["statement"]["chains"]),
                "head": next(
                    (chain["head"] for chain in one["statement"]["chains"] if not chain["chain"]),
                    "",
                ),
                "faults": [getattr(fault, chosen()) for fault in faults.get(day, ())],
            }
            for day, one in found
        ],
        faulty=bool(faults),
        lacks_today=may and not any(day == today for day, _one in found),
    )


@blueprint.get("/heads/<day>.json")
def day_file(day: str) -> ResponseReturnValue:
    """The signed heads of one day, as the file has them."""
    access.require(access.may_see_grants(access.who()))
    path = next((path for path in heads.files() if path.stem == day), None)
    if path is None:
        abort(404)
    answer = Response(path.read_bytes(), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="heads-{path.stem}.json"'
    return answer
