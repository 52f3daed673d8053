"""What the marks of one work come from: votes, devices, evidence and the ledger; to print."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from competition.access import may_direct, may_trace_marks, who
from competition.database import db
from competition.models import Entry
from competition.moment import now
from competition.views.named import skill_for
from judging import provenance, scheme

blueprint = Blueprint("provenance", __name__, url_prefix="/provenance")


@blueprint.get("/<code>/<work>")
def page(code: str, work: str) -> ResponseReturnValue:
    """One work by the judges' code."""
    skill = skill_for(code, may_trace_marks)
    entry = select(Entry.id).where(Entry.skill_id == skill.id, Entry.code == work)
    entry_id, newest = db.session.scalar(entry), scheme.current(skill.id)
    if entry_id is None:
        abort(404)
    found = provenance.read(db.session(), skill, newest, entry_id) if newest is not None else None
    return render_template(
        "provenance/page.html",
        skill=skill,
        work=work,
        found=found,
        at=now(),
        directs=may_direct(who(), skill),
    )
