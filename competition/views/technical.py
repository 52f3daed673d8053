"""The technical file of a skill: for everybody its newest version and what each one changed; for
its chief judge and the office the form of a new version, and who has read it."""

from datetime import date

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

from competition import access, documents, technical
from competition.database import db
from competition.models import Role, Skill, TechnicalFile
from competition.rules import technical as rules
from competition.rules.duties import WORDS
from competition.rules.refusal import Refusal
from competition.tables import Cell
from competition.views import excel
from competition.views.acted import acted
from competition.views.language import chosen, name
from competition.views.limits import limiter
from competition.views.named import skill_or_404
from competition.views.uploaded import shut_in

blueprint = Blueprint("technical", __name__, url_prefix="/skills/<code>/technical")
AROUND = 1024 * 1024  # bytes of a form beside its file


@blueprint.get("")
def page(code: str) -> ResponseReturnValue:
    """The newest version, or ?version=…; whoever writes the file sees what is yet to come too."""
    skill = skill_or_404(code)
    account = access.who()
    may_write = access.may_write_technical(account, skill)
    every = technical.versions(db.session(), skill.id)
    public = rules.public(every, technical.today())
    listed = every if may_write else public
    shown = _of(listed, "version") or next(iter(public or listed), None)
    newest = public[0] if public else None
    may_confirm = newest is not None and access.may_confirm_technical(account, skill)
    read_at = None
    if newest is not None and account is not None:
        read_at = technical.read_at(db.session(), newest.id, account.id)
    return render_template(
        "technical/page.html",
        skill=skill,
        shown=shown,
        html=documents.html(shown.body) if shown else "",
        listed=listed,
        public={one.id for one in public},
        newest=newest,
        today=technical.today(),
        may_write=may_write,
        may_confirm=may_confirm,
        read_at=read_at,
    )


@blueprint.get("/differences")
def differences(code: str) -> ResponseReturnValue:
    """What differs between ?before=… and ?after=…; without them the last two."""
    skill = skill_or_404(code)
    listed = _listed(skill)
    after = _of(listed, "after") or next(iter(listed), None)
    older = [one for one in listed if after is not None and one.version < after.version]
    before = _of(listed, "before") or next(iter(older), None)
    lines = rules.differences(before.body, after.body) if before and after else []
    return render_template(
        "technical/differences.html",
        skill=skill,
        listed=listed,
        before=before,
        after=after,
        lines=lines,
    )


@blueprint.get("/<int:number>.pdf")
@limiter.limit("60/minute")
def attachment(code: str, number: int) -> ResponseReturnValue:
    """The PDF of a version."""
    skill = skill_or_404(code)
    found = next((one for one in _listed(skill) if one.version == number), None)
    if found is None or found.attached is None:
        abort(404)
    place = documents.path(found.attached)
    if not place.is_file():
        raise Refusal(
            "这个 PDF 不在服务器上，无法打开。请告诉系统管理员从备份恢复 blobs 文件夹。",
            "The PDF is not on the server and cannot be opened. Ask whoever runs the server to"
            " restore the blobs folder from the backup.",
            status=503,
        )
    called = f"{skill.code}-technical-{number}.pdf"
    answer = send_file(place, "application/pdf", as_attachment=True, download_name=called)
    return shut_in(answer)


@blueprint.post("/read")
@limiter.limit("60/minute")
def confirm(code: str) -> ResponseReturnValue:
    """我已阅读: the newest version."""
    account = access.someone()
    skill = skill_or_404(code)
    access.require(access.may_confirm_technical(account, skill))
    version = request.form.get("version", 0, type=int)
    return acted(
        url_for("technical.page", code=skill.code),
        lambda: technical.confirm(skill.id, version, actor_id=account.id),
        _("Noted: you have read version %(version)s.", version=version),
    )


@blueprint.get("/readers")
def readers(code: str) -> ResponseReturnValue:
    """Who has read the newest version and who has not."""
    skill = _own(code)
    newest = next(iter(technical.public(db.session(), skill.id)), None)
    found = technical.readers(db.session(), skill, newest.id) if newest else []
    return render_template(
        "technical/readers.html",
        skill=skill,
        newest=newest,
        found=found,
        should=sum(1 for one in found if one.role),
        have=sum(1 for one in found if one.role and one.read_at),
        role_words=WORDS,
    )


@blueprint.get("/readers.xlsx")
@limiter.limit("20/minute")
def readers_file(code: str) -> ResponseReturnValue:
    """The same as an Excel file."""
    skill = _own(code)
    newest = next(iter(technical.public(db.session(), skill.id)), None) or abort(404)
    rows: list[list[Cell]] = [
        [
            one.label,
            name(WORDS[Role(one.role)]) if one.role else "",
            name(one.delegation) if one.delegation else "",
            excel.at_hall(one.read_at),
        ]
        for one in technical.readers(db.session(), skill, newest.id)
    ]
    headings = [_("Who"), _("Role"), _("Delegation"), _("Read")]
    narrowed = {"skill": skill.code, "version": str(newest.version)}
    return excel.listed("readers", _("Who has read it"), headings, rows, narrowed)


@blueprint.get("/new")
def edit(code: str) -> ResponseReturnValue:
    """The form of a new version, filled with the last one."""
    skill = _own(code)
    last = next(iter(technical.versions(db.session(), skill.id)), None)
    return _form(skill, last.body if last else "", "", technical.today().isoformat())


@blueprint.post("/new")
@limiter.limit("30/minute")
def publish(code: str) -> ResponseReturnValue:
    """Make the form a new version."""
    skill = _own(code)
    try:
        pdf = _sent()
        number = technical.publish(
            skill.id,
            request.form.get("body", ""),
            reason=request.form.get("reason", ""),
            publish_on=_day(request.form.get("publish_on", "")),
            pdf=pdf,
            keeps_pdf=request.form.get("keeps_pdf") == "1",
            actor_id=access.someone().id,
        )
    except RequestEntityTooLarge:
        # What was typed could not be read: the browser's own "back" still has it.
        raise Refusal(
            "PDF 超过 20 MB 或正文过长，这一版没有保存。请返回上一页，压缩 PDF 或缩短正文后再试。",
            "The PDF is over 20 MB or the text too long; the version was not saved. Go back, make"
            " it smaller and try again.",
            status=413,
        ) from None
    except Refusal as refusal:
        form = request.form
        typed = [form.get(field, "") for field in ("body", "reason", "publish_on")]
        return _form(skill, *typed, refused=refusal.sentence(chosen())), refusal.status
    flash(_("Version %(version)s is saved", version=number), "success")
    return redirect(url_for("technical.page", code=skill.code, version=number), 303)


@blueprint.record_once
def _own_check(setup: BlueprintSetupState) -> None:
    """The form's token check would read the body, which is larger than forms may be: `_sent` makes
    the same check once the size is set."""
    setup.app.extensions["csrf"].exempt(publish)


def _sent() -> bytes:
    request.max_content_length = technical.MOST_BYTES + AROUND
    if current_app.config.get("WTF_CSRF_ENABLED", True):
        current_app.extensions["csrf"].protect()
    file = request.files.get("pdf")
    return file.read(technical.MOST_BYTES + 1) if file is not None else b""


def _form(skill: Skill, body: str, reason: str, publish_on: str, *, refused: str = "") -> str:
    last = next(iter(technical.versions(db.session(), skill.id)), None)
    return render_template(
        "technical/edit.html",
        skill=skill,
        body=body,
        reason=reason,
        publish_on=publish_on,
        refused=refused,
        last=last,
        today=technical.today(),
    )


def _own(code: str) -> Skill:
    """A skill whose technical file the account may write; a visitor signs in first."""
    access.someone()
    skill = skill_or_404(code)
    access.require(access.may_write_technical(access.who(), skill))
    return skill


def _listed(skill: Skill) -> list[TechnicalFile]:
    """The versions that who asks may see."""
    every = technical.versions(db.session(), skill.id)
    if access.may_write_technical(access.who(), skill):
        return every
    return rules.public(every, technical.today())


def _of(listed: list[TechnicalFile], asked: str) -> TechnicalFile | None:
    """The version that a query names; 404 for one that is not there."""
    text = request.args.get(asked, "")
    if not text:
        return None
    found = next((one for one in listed if str(one.version) == text), None)
    if found is None:
        abort(404)
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
