"""Sign-off on a tablet of the hall: judges, the competitor and the chief judge sign one after the
other with their PINs, without a sign-in. Needs the server: nothing of it is kept on the tablet."""

from typing import Any

from flask import Response, g, jsonify, request

from competition import pins
from competition.database import db
from competition.models import Skill
from competition.pins import Proof
from competition.rules.refusal import Refusal
from competition.views.limits import limiter
from judging import hall_signing, sheet_states, signing
from judging.rules.signing import CHIEF, COMPETITOR, JUDGE
from judging.sheet_states import Sheet
from judging.views import tablet_posts
from judging.views.hall_tablet import api, asked_json, text_of

VERBS = {
    JUDGE: signing.sign_as_judge,
    COMPETITOR: signing.sign_as_competitor,
    CHIEF: signing.sign_as_chief,
}
MOST_SHEETS = 5_000


@api.get("/sign-off")
def sign_off() -> Response:
    """Where every sub-criterion stands; `?sub=` adds its sheets and the cards of who may sign."""
    session, skill_id = db.session(), g.hall_tablet.skill_id
    book = sheet_states.read(session, skill_id)
    sub = request.args.get("sub", type=int)
    told: dict[str, Any] = {
        "locked": session.get_one(Skill, skill_id).locked_at is not None,
        "competitor_signs": book.competitor_signs,
        "competitors": hall_signing.competitors(session, book, skill_id),
        "subs": hall_signing.subs(book),
        "sheets": [],
        "people": [],
    }
    if sub is not None and any(one.id == sub for one in book.subs):
        told["sheets"] = hall_signing.sheets(session, book, sub)
        told["people"] = hall_signing.people(session, book, skill_id)
    return _fresh(jsonify(told))


@api.post("/sign-off/look")
@limiter.limit("60/minute")
def look() -> Response:
    """The marks that wait for the signature of whoever typed a PIN."""
    skill_id, (role, code), proof = g.hall_tablet.skill_id, _role(), _proof()
    session = db.session()
    book = sheet_states.read(session, skill_id)
    found = hall_signing.waiting(book, role, proof.account_id, code)
    skill = session.get_one(Skill, skill_id)
    return _fresh(jsonify(sheets=hall_signing.marks(session, skill, found)))


@api.post("/sign-off/sign")
@limiter.limit("60/minute")
def sign() -> Response:
    """Sign the sheets that were looked at; each with the digest of what was shown."""
    skill_id, (role, code), seen = g.hall_tablet.skill_id, _role(), _seen()
    proof = _proof()
    book = sheet_states.read(db.session(), skill_id)
    known = {(one.code, one.sub.id): one for one in book.sheets.values()}
    found = {_of(known, each, role, code).key: each[2] for each in seen}
    return _fresh(jsonify(count=VERBS[role](skill_id, found, proof)))


# What they need


def _proof() -> Proof:
    """Whose PIN was typed: one card's, or a competitor's of the work that was chosen."""
    asked, tablet = asked_json(), g.hall_tablet
    account = asked.get("account")
    if not isinstance(account, int) or account is True or abs(account) > tablet_posts.INT_TOP:
        account = 0
    (role, code), tablet_id, skill_id = _role(), tablet.id, tablet.skill_id
    session = db.session()
    book = sheet_states.read(session, skill_id)
    accounts = hall_signing.signers(session, book, skill_id, role=role, account=account, code=code)
    return pins.check_any(accounts, text_of(asked, "pin"), device=f"tablet:{tablet_id}")


def _role() -> tuple[str, str]:
    """As whom somebody signs, and the code of a competitor's work."""
    asked = asked_json()
    role, code = asked.get("role"), asked.get("code", "")
    if role not in VERBS or not isinstance(code, str):
        raise Refusal(
            "请选择签字的人，没有签字。", "Choose who signs; nothing was signed.", status=400
        )
    return role, code[:64]


def _seen() -> list[tuple[str, int, str]]:
    """The sheets that were ticked: code, sub-criterion, digest."""
    items = asked_json().get("sheets")
    items = items[:MOST_SHEETS] if isinstance(items, list) else []
    out = [
        (str(one.get("code")), one["sub"], str(one.get("digest")))
        for one in items
        if isinstance(one, dict) and isinstance(one.get("sub"), int)
    ]
    if not out:
        raise Refusal(
            "没有勾选评分表，没有签字。请勾选要签的评分表。",
            "No sheet was ticked; nothing was signed. Tick those that you sign.",
        )
    return out


def _of(
    known: dict[tuple[str, int], Sheet], each: tuple[str, int, str], role: str, code: str
) -> Sheet:
    """A ticked sheet; a competitor's are those of the own work."""
    found = known.get(each[:2])
    if found is None or (role == COMPETITOR and found.code != code):
        raise Refusal(
            "没有这张评分表，没有签字。请返回后重新查看。",
            "There is no such sheet; nothing was signed. Go back and look again.",
            status=404,
        )
    return found


def _fresh(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer
