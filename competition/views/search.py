"""The search in the bar of the office's pages: people, codes, skills and places to go.

It is posted, not asked for in an address: names and numbers stay out of logs and histories.
"""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from competition import access, search
from competition.database import db
from competition.views import office_frame
from competition.views.entry_list import own_skills
from competition.views.language import only_looks
from competition.views.limits import limiter

blueprint = Blueprint("search", __name__, url_prefix="/office/search")
LONGEST = 60


@blueprint.get("")
def page() -> ResponseReturnValue:
    """The search by itself, with all the places to go."""
    return _page("")


@blueprint.post("")
@limiter.limit("300/minute")
@only_looks
def find() -> ResponseReturnValue:
    """What the text finds: a page, or while one types the list alone."""
    return _page(request.form.get("q", "").strip()[:LONGEST])


def _page(text: str) -> str:
    own, within = own_skills()
    account = access.who()
    traceable = [skill.id for skill in own if access.may_trace_codes(account, skill)]
    typing = "HX-Request" in request.headers
    return render_template(
        "office/_found.html" if typing else "office/search.html",
        text=text,
        found=search.search(db.session(), text, own, traceable, everybody=within is None),
        actions=[one for one in office_frame.open_to(account) if office_frame.is_called(one, text)],
        may_see_accounts=access.may_see_grants(account),
    )
