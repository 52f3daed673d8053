"""The profile of a skill: the office's form of host, photo and sponsors; its public pictures."""

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from competition import access, documents, skill_profiles
from competition.database import db
from competition.models import Skill
from competition.rules.refusal import Refusal
from competition.rules.skill_profile import MOST_SPONSORS, Profile, Sponsor, not_saved
from competition.skill_profiles import (
    MOST_LOGO_BYTES,
    MOST_PHOTO_BYTES,
    PictureSent,
    Sent,
    SponsorSent,
)
from competition.views.language import chosen
from competition.views.limits import limiter
from competition.views.named import skill_or_404
from competition.views.uploaded import shut_in

blueprint = Blueprint("skill_profiles", __name__)
AROUND = 128 * 1024  # bytes of a form beside its files
EMPTY_LINES = 2  # offered after the sponsors that are there
WORDS = ("host_zh", "host_en", "photo_zh", "photo_en")


@blueprint.get("/skills/<code>/pictures/<sha256>")
@limiter.limit("600/minute")
def picture(code: str, sha256: str) -> ResponseReturnValue:
    """A picture of the profile, for everybody; under its address it never changes."""
    _version, profile = skill_profiles.of(db.session(), skill_or_404(code).id)
    found = profile.pictures().get(sha256)
    if found is None or not documents.path(sha256).is_file():
        abort(404)
    answer = send_file(documents.path(sha256), found.media_type, conditional=True, etag=sha256)
    return shut_in(answer, "public, max-age=31536000, immutable")


@blueprint.get("/office/skills/<code>/profile")
def edit(code: str) -> ResponseReturnValue:
    """The form, filled with what stands."""
    skill = _own(code)
    version, profile = skill_profiles.of(db.session(), skill.id)
    return _form(skill, profile, profile, version)


@blueprint.post("/office/skills/<code>/profile")
@limiter.limit("30/minute")
def change(code: str) -> ResponseReturnValue:
    """Make the form the profile."""
    skill = _own(code)
    try:
        sent, seen = _sent()
    except RequestEntityTooLarge:
        # What was typed could not be read: the browser's own "back" still has it.
        raise not_saved(
            "图片合起来太大，请返回上一页，把图片缩小后再试",
            "The pictures together are too large; go back and make them smaller",
            413,
        ) from None
    try:
        skill_profiles.change(skill.id, sent, seen=seen, actor_id=access.someone().id)
    except Refusal as refusal:
        _version, stands = skill_profiles.of(db.session(), skill.id)
        said = refusal.sentence(chosen())
        return _form(skill, _typed(sent, stands), stands, seen, said), refusal.status
    flash(_("The profile is saved."), "success")
    return redirect(url_for("boards.skill", code=skill.code, _anchor="profile"), 303)


@blueprint.record_once
def _own_check(setup: BlueprintSetupState) -> None:
    """The form's token check would read the body, which is larger than forms may be: `_sent` makes
    the same check once the size is set."""
    setup.app.extensions["csrf"].exempt(change)


def _sent() -> tuple[Sent, int]:
    """The form, and the version that it was filled with."""
    request.max_content_length = MOST_PHOTO_BYTES + MOST_SPONSORS * MOST_LOGO_BYTES + AROUND
    if current_app.config.get("WTF_CSRF_ENABLED", True):
        current_app.extensions["csrf"].protect()
    words = {field: request.form.get(field, "") for field in WORDS}
    lines = (_sponsor(f"sponsor-{at}") for at in range(MOST_SPONSORS + 1))
    sent = Sent(**words, photo=_picture("photo", MOST_PHOTO_BYTES), sponsors=tuple(lines))
    seen = request.form.get("seen", "")
    return sent, int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 8 else 0


def _sponsor(line: str) -> SponsorSent:
    zh, en, link = (request.form.get(f"{line}-{field}", "") for field in ("zh", "en", "link"))
    return SponsorSent(zh, en, link, _picture(f"{line}-logo", MOST_LOGO_BYTES))


def _picture(field: str, most: int) -> PictureSent:
    """A file, of which no more is read than is needed to see that it is too large."""
    file = request.files.get(field)
    data = file.read(most + 1) if file is not None else b""
    return PictureSent(data, request.form.get(f"{field}-kept", ""))


def _typed(sent: Sent, stands: Profile) -> Profile:
    """What was typed, for the form once more; the pictures are those that stay."""
    there = stands.pictures()
    return Profile(
        *(sent.host_zh, sent.host_en, there.get(sent.photo.kept), sent.photo_zh, sent.photo_en),
        sponsors=tuple(
            Sponsor(one.name_zh, one.name_en, one.link, there.get(one.logo.kept))
            for one in sent.sponsors
            if not one.is_empty
        ),
    )


def _form(skill: Skill, typed: Profile, stands: Profile, seen: int, refused: str = "") -> str:
    empty = (Sponsor("", ""),) * EMPTY_LINES
    return render_template(
        "profile/edit.html",
        skill=skill,
        profile=typed,
        photo=typed.photo or stands.photo,
        lines=(*typed.sponsors, *empty)[:MOST_SPONSORS],
        most=MOST_SPONSORS,
        seen=seen,
        refused=refused,
    )


def _own(code: str) -> Skill:
    """A skill whose profile the account may change; a visitor signs in first."""
    access.someone()
    skill = skill_or_404(code)
    access.require(access.may_organise(access.who(), skill))
    return skill
