"""The judge register in the office: the list, one judge, files in and out."""

from collections.abc import Callable
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from competition import (
    access,
    judge_files,
    judge_photos,
    judge_register,
    judge_writing,
    people,
    spreadsheet,
    tables,
)
from competition.database import db
from competition.models import Delegation, JudgeBatch, JudgeRecord, Level, Skill
from competition.offload import offload
from competition.privacy import mask
from competition.rules.judge_rows import HEADS, Column
from competition.rules.refusal import Refusal
from competition.tables import Cell
from competition.technical import today
from competition.views import excel
from competition.views.language import chosen, name
from competition.views.limits import limiter
from competition.views.uploaded import shut_in

blueprint = Blueprint("judges", __name__, url_prefix="/office/judges")
PAGE = 50  # judges on one page


@blueprint.url_value_preprocessor
def _takes_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Files may be larger than forms are; said before anybody reads the form's token."""
    most = {"judges.upload": spreadsheet.MAX_FILE, "judges.give_photo": judge_photos.MOST_BYTES}
    if endpoint in most:
        request.max_content_length = most[endpoint] + 65_536


def _office() -> int:
    """The office alone, as itself: judges' contacts are personal."""
    access.require(access.may_organise(access.who()))
    return access.someone().id


@blueprint.get("")
def page() -> ResponseReturnValue:
    """The register, narrowed and paged."""
    _office()
    wanted = judge_register.wish(request.args)
    number = request.args.get("page", 1, type=int)
    found = judge_register.page(db.session(), wanted, number=number, size=PAGE)
    return render_template(
        "judges/page.html",
        wish=wanted,
        kept=wanted.given(),
        found=found,
        batches=judge_files.batches(db.session()),
        today=today(),
        **_choices(),
    )


@blueprint.get("/list.xlsx")
@limiter.limit("20/minute")
def file() -> Response:
    """The narrowed list as Excel, contacts masked; its headings are those that are read back."""
    _office()
    wanted = judge_register.wish(request.args)
    rows = [_row(one) for one in judge_register.rows(db.session(), wanted)]
    return excel.listed("judges", _("Judge register"), _heads(), rows, wanted.given())


@blueprint.get("/template.xlsx")
def template() -> Response:
    """An empty file with the headings."""
    _office()
    return excel.sent(offload(tables.workbook, _("Judge register"), _heads(), []), "judges.xlsx")


@blueprint.get("/new")
def ask_new() -> ResponseReturnValue:
    """The form for one judge; with `record` for one who is there."""
    _office()
    number = request.args.get("record", type=int)
    return _form(None, _typed(_record(number)) if number is not None else {})


@blueprint.post("/new")
def new() -> ResponseReturnValue:
    """Keep one judge."""
    actor = _office()
    given = {one: request.form.get(one, "").replace("\x00", "")[:300] for one in Column}
    number = request.args.get("record", type=int)
    if number is not None:
        number = _record(number).id
    try:
        record_id = judge_register.typed(given, actor_id=actor, record_id=number)
    except Refusal as refusal:
        return _form(refusal.sentence(chosen()), given), refusal.status
    flash(_("The judge is in the register"), "success")
    return redirect(url_for("judges.one", record_id=record_id), 303)


@blueprint.get("/<int:record_id>")
def one(record_id: int) -> ResponseReturnValue:
    """One judge, and what was given of them."""
    _office()
    return _judge(_record(record_id))


@blueprint.post("/<int:record_id>/<any(leave, back):act>")
def leave(record_id: int, act: str) -> ResponseReturnValue:
    """Out of the register, or back in."""
    actor = _office()
    judge_register.leave(_record(record_id).id, back=act == "back", actor_id=actor)
    said = _("The judge is in the register") if act == "back" else _("The judge left the register")
    flash(said, "success")
    return redirect(url_for("judges.one", record_id=record_id), 303)


@blueprint.get("/<int:record_id>/photo")
def photo(record_id: int) -> ResponseReturnValue:
    """The photo on the judge's card."""
    _office()
    found = judge_photos.read(_record(record_id).photo or abort(404))
    answer = make_response(found.data)
    answer.mimetype = found.media_type
    return shut_in(answer, "no-store")


@blueprint.post("/<int:record_id>/photo")
@limiter.limit("60/minute")
def give_photo(record_id: int) -> ResponseReturnValue:
    """Give the judge a photo, or take it away."""
    actor, record = _office(), _record(record_id)
    try:
        if request.form.get("act") == "remove":
            judge_photos.take_away(record.id, actor_id=actor)
            flash(_("The photo was removed"), "success")
        else:
            given = request.files.get("photo")
            judge_photos.put(record.id, given.read() if given else b"", actor_id=actor)
            flash(_("The photo is on the card"), "success")
    except Refusal as refusal:
        return _judge(record, error=refusal.sentence(chosen())), refusal.status
    return redirect(url_for("judges.one", record_id=record_id), 303)


@blueprint.post("/<int:record_id>/contact")
@limiter.limit("60/hour")
def contact(record_id: int) -> ResponseReturnValue:
    """The whole telephone number; that it was seen is an act."""
    actor, record = _office(), _record(record_id)
    access.require(not access.looks_on())
    try:
        phone = judge_register.show_contact(
            record.id, reason=request.form.get("reason", ""), actor_id=actor
        )
    except Refusal as refusal:
        return _judge(record, error=refusal.sentence(chosen())), refusal.status
    answer = make_response(_judge(record, phone=phone))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/<int:record_id>/account")
def account(record_id: int) -> ResponseReturnValue:
    """Open a sign-in for a judge; its password is shown this once."""
    access.require(access.may_grant(access.who()))
    record = _record(record_id)
    username = request.form.get("username", "").replace("\x00", "")
    try:
        opened = people.open_account(
            username,
            record.person.name,
            "",
            actor_id=access.someone().id,
            person_id=record.person_id,
        )
    except Refusal as refusal:
        return _judge(record, error=refusal.sentence(chosen())), refusal.status
    found = next(a for a in judge_register.accounts(db.session(), record)
                 if a.id == opened.account_id)  # fmt: skip
    answer = make_response(
        render_template("access/password.html", account=found, password=opened.password)
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


# Files


@blueprint.post("/files")
@limiter.limit("30/minute")
def upload() -> ResponseReturnValue:
    """Look through a file; nothing is written yet."""
    actor, given = _office(), request.files.get("file")
    data = given.read() if given else b""
    try:
        batch_id = judge_files.upload(data, given.filename or "" if given else "", actor_id=actor)
    except Refusal as refusal:
        flash(refusal.sentence(chosen()), "refusal")
        return redirect(url_for("judges.page"), 303)
    return redirect(url_for("judges.batch", batch_id=batch_id), 303)


@blueprint.get("/files/<int:batch_id>")
def batch(batch_id: int) -> ResponseReturnValue:
    """The dry run: what each row would do, and what is wrong with it."""
    _office()
    found = db.session.get(JudgeBatch, batch_id) or abort(404)
    looked = judge_files.look(db.session(), found)
    return render_template(
        "judges/batch.html",
        batch=found,
        looked=looked,
        counts=looked.counts if found.state == "ready" else found.counts,
        mask=mask,
        Column=Column,
    )


@blueprint.post("/files/<int:batch_id>/<any('import', undo, drop):act>")
def act(batch_id: int, act: str) -> ResponseReturnValue:
    """Import, undo or put away a file."""
    actor = _office()
    deeds: dict[str, Callable[[], str]] = {
        "import": lambda: _("%(n)s judges were imported",
                            n=judge_files.import_(batch_id, actor_id=actor)),
        "undo": lambda: _undone(*judge_files.undo(batch_id, actor_id=actor)),
        "drop": lambda: _dropped(batch_id, actor),
    }  # fmt: skip
    try:
        flash(deeds[act](), "success")
    except Refusal as refusal:
        if refusal.status == 404:
            abort(404)
        flash(refusal.sentence(chosen()), "refusal")
    return redirect(url_for("judges.batch", batch_id=batch_id), 303)


def _undone(back: int, kept: int) -> str:
    if kept:
        return str(
            _(
                "%(back)s judges were put back; %(kept)s stay, because they were changed or have a"
                " sign-in since",
                back=back,
                kept=kept,
            )
        )
    return str(_("%(back)s judges were put back", back=back))


def _dropped(batch_id: int, actor: int) -> str:
    judge_files.drop(batch_id, actor_id=actor)
    return str(_("The file was put away"))


# What all of them need


def _record(record_id: int) -> JudgeRecord:
    return (db.session.get(JudgeRecord, record_id) if record_id < 2**31 else None) or abort(404)


def _judge(record: JudgeRecord, *, error: str = "", phone: str = "") -> str:
    return render_template(
        "judges/judge.html",
        record=record,
        accounts=judge_register.accounts(db.session(), record),
        error=error,
        phone=phone,
        today=today(),
        may_open=access.may_grant(access.who()),
        **_choices(),
    )


def _form(error: str | None, given: dict[Column, str]) -> str:
    return render_template("judges/new.html", error=error, typed=given, Column=Column, **_choices())


def _typed(record: JudgeRecord) -> dict[Column, str]:
    """A record as its form shows it; what is sealed stays so and is only written over."""
    plain = judge_writing.plain(record)
    plain[Column.FIELDS] = "、".join(record.fields)
    return {one: str(plain.get(one) or "") for one in Column}


def _choices() -> dict[str, Any]:
    session = db.session
    return {
        "skills": session.scalars(select(Skill).order_by(Skill.code)).all(),
        "delegations": session.scalars(select(Delegation).order_by(Delegation.code)).all(),
        "levels": {one.value: _level(one) for one in Level},
    }


def _level(level: str) -> str:
    words: dict[str, str] = {
        "national": _("national level"),
        "provincial": _("provincial level"),
        "city": _("city level"),
    }
    return words.get(level, "")


def _heads() -> list[str]:
    english = chosen() == "en"
    return [HEADS[one][english] for one in Column]


def _row(record: JudgeRecord) -> list[Cell]:
    person = record.person
    return [
        *(person.name, person.id_masked, person.phone_masked),
        person.affiliation.name if person.affiliation else "",
        name(record.delegation) if record.delegation else "",
        *(_level(record.level or ""), "、".join(record.fields), record.since, record.until),
        *(record.trained_on, record.training),
    ]
