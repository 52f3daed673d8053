"""What the sandbox saw and judges photographed, for the judges of the skill only, as bytes that can
do nothing.

A blob has no name here, and a sandboxed document no scripts: it comes from a competitor's work.
"""

from flask import Blueprint, abort, request, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy import String, cast, select

from competition import access
from competition.database import db
from competition.models import Account, Entry, Skill
from competition.views.uploaded import shut_in
from judging import blobs, devices, remarks
from judging.models import CheckRow, Evaluation, Submission

blueprint = Blueprint("evidence", __name__, url_prefix="/evidence")

# Shown as they are; anything else that is text is shown as plain text, and the rest is only saved.
SHOWN = ("image/png", "image/jpeg", "image/webp", "video/webm", "video/mp4")
TEXTS = ("text/", "application/json", "application/x-ndjson", "application/xml")


@blueprint.get("/<sha256>")
def blob(sha256: str) -> ResponseReturnValue:
    """The bytes of one piece of evidence."""
    account = _asker()
    if account is None:
        abort(401)
    if not blobs.SHA256.fullmatch(sha256):
        abort(404)
    media_type = _media_type(account, sha256)
    path = blobs.path(sha256)
    if media_type is None or not path.is_file():
        abort(404)
    shown, saved = _as_shown(media_type)
    answer = send_file(path, mimetype=shown, conditional=True, etag=sha256)
    answer.headers["Content-Disposition"] = "attachment" if saved else "inline"
    return shut_in(answer, "private, max-age=86400, immutable")


def _asker() -> Account | None:
    """The signed-in account, or the judge of a paired tablet whose session has ended."""
    account = access.who()
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if account is None and scheme.lower() == "bearer" and token:
        tablet = devices.authenticate(token.strip())
        account = db.session.get(Account, tablet.account_id) if tablet else None
    return account


def _media_type(account: Account, sha256: str) -> str | None:
    """What a blob is, if it is evidence in a skill whose evidence the account may see."""
    skills = db.session.scalars(select(Skill))
    allowed = [skill.id for skill in skills if access.may_see_evidence(account, skill)]
    found = db.session.scalar(
        select(CheckRow.evidence)
        .join(Evaluation)
        .join(Submission)
        .join(Entry, Entry.id == Submission.entry_id)
        .where(Entry.skill_id.in_(allowed), cast(CheckRow.evidence, String).contains(sha256))
        .limit(1)
    )
    types = (one["media_type"] for one in found or () if one["sha256"] == sha256)
    seen = next((str(media_type) for media_type in types), None)
    return seen or remarks.photo_type(db.session(), allowed, sha256, account.id)


def _as_shown(media_type: str) -> tuple[str, bool]:
    """The type that is sent, and whether it is only saved."""
    if media_type in SHOWN:
        return media_type, False
    if media_type.startswith(TEXTS):
        return "text/plain", False
    return "application/octet-stream", True
