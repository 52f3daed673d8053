"""The extra questions of an entry, for its team leader's phone and the office: filling in, files,
handing in, and looking at personal answers."""

from collections.abc import Mapping
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from competition import access, answering, answers, changes, forms, papers
from competition.answering import Unfit
from competition.database import db
from competition.models import Account, ChangeKind, Entry, EvidenceKind
from competition.rules import forms_words
from competition.rules.form_answers import Sentence, bounds
from competition.rules.forms import NO, YES, Option
from competition.rules.refusal import Refusal
from competition.views import asking
from competition.views.language import chosen
from competition.views.limits import limiter
from competition.views.named import entry_with_papers

blueprint = Blueprint("answers", __name__, url_prefix="/delegation/entries/<int:entry_id>/answers")
MOST_AT_ONCE = 4 * papers.MOST_BYTES + 512 * 1024  # bytes of a form with its files


@blueprint.get("")
def page(entry_id: int) -> ResponseReturnValue:
    """The questions with what was answered, or is being typed."""
    _account, entry = entry_with_papers(entry_id)
    return _page(entry)


@blueprint.post("")
@limiter.limit("60/minute")
def send(entry_id: int) -> ResponseReturnValue:
    """Keep what was typed and the files; `act` "send" hands it in, anything else shows the page
    again with the questions that belong to it (for browsers without scripts)."""
    account, entry = entry_with_papers(entry_id)
    try:
        typed = _sent()
        answering.keep_draft(entry.id, typed, actor_id=account.id)
        brought = [_bring(entry, name, file, account) for name, file in _files()]
        if request.form.get("act") != "send":
            if any(brought):
                flash(_("The file was kept."), "success")
            return redirect(url_for("answers.page", entry_id=entry.id), 303)
        sent = answering.send(entry.id, typed, reason=_reason(), actor_id=account.id)
    except Unfit as unfit:
        return _page(entry, wrong=unfit.wrong, refusal=unfit), unfit.status
    except Refusal as refusal:
        return _page(entry, refusal=refusal), refusal.status
    if sent.request_id is not None:
        flash(_("Sent to the secretariat, who will answer."), "success")
    elif sent.missing:
        flash(_("Handed in. Answers still missing: %(n)s", n=sent.missing), "info")
    else:
        flash(_("Handed in: every question is answered."), "success")
    return redirect(url_for("answers.page", entry_id=entry.id, sent=1), 303)


@blueprint.post("/draft.json")
@limiter.limit("240/minute")
def draft(entry_id: int) -> ResponseReturnValue:
    """Keep the fields that changed, while somebody types; says when, by the hall's clock."""
    account, entry = entry_with_papers(entry_id)
    at = answering.keep_draft(entry.id, _typed(), actor_id=account.id)
    return jsonify(saved=format_datetime(at, "HH:mm:ss"))


@blueprint.post("/shown")
def show(entry_id: int) -> ResponseReturnValue:
    """The page with its personal answers; the ledger says who looked, and why."""
    account, entry = entry_with_papers(entry_id)
    try:
        answering.show(entry.id, reason=_reason(), actor_id=account.id)
    except Refusal as refusal:
        return _page(entry, refusal=refusal), refusal.status
    return _page(entry, opened=True)


@blueprint.record_once
def _own_check(setup: BlueprintSetupState) -> None:
    """The form's token check would read the body, which with its files is larger than forms may
    be: `_sent` makes the same check once the size is set."""
    setup.app.extensions["csrf"].exempt(send)


def _sent() -> dict[str, list[str]]:
    request.max_content_length = MOST_AT_ONCE
    try:
        if current_app.config.get("WTF_CSRF_ENABLED", True):
            current_app.extensions["csrf"].protect()
        return _typed()
    except RequestEntityTooLarge as error:
        raise Refusal(
            "一次上传的文件太多或太大（每个最多 8 MB），没有保存。请分几次上传。",
            "Too many or too large files at once (8 MB each); they were not kept. Upload them one"
            " after the other.",
            status=413,
        ) from error


def _typed() -> dict[str, list[str]]:
    """What stands in the fields that the form says it has: an unticked box sends nothing."""
    return {name: request.form.getlist(name) for name in request.form.getlist("has")}


def _files() -> list[tuple[str, FileStorage]]:
    return [
        (name.removeprefix("file-"), file)
        for name, file in request.files.items()
        if name.startswith("file-") and file.filename
    ]


def _bring(entry: Entry, name: str, file: FileStorage, account: Account) -> bool:
    """Keep the file that answers a question; after the deadline it takes another one's place by a
    request."""
    subject, _dot, key = name.partition(".")
    stand = {one.subject.id: one for one in answers.of_entry(db.session(), entry)}
    question = forms.current(db.session(), entry.skill_id).of(key)
    one = stand.get(subject)
    if one is None or question is None or question.kind != "file":
        abort(400)
    late = bool(one.files.get(key)) and not answering.is_free(db.session(), entry)
    if late and not _reason():
        raise Refusal(
            "报名已截止，换文件须说明理由，文件没有保存。请填写理由，再选一次文件。",
            "Entries are closed, so replacing a file needs a reason; the file was not kept. Write"
            " one, and choose the file again.",
            status=422,
        )
    data = file.read(papers.MOST_BYTES + 1)
    paper = papers.add(
        entry.id,
        EvidenceKind.OTHER,
        file.filename or "",
        data,
        actor_id=account.id,
        answers_to=None if late else name,
    )
    if late:
        answering.ask_paper(entry.id, name, paper, reason=_reason(), actor_id=account.id)
    return True


def _page(
    entry: Entry,
    *,
    wrong: Mapping[str, Sentence] = asking.NO_WRONG,
    refusal: Refusal | None = None,
    opened: bool = False,
) -> Response:
    session = db.session()
    form = forms.current(session, entry.skill_id)
    kept = answers.of_entry(session, entry, form)
    typed, row = answering.draft(session, entry.id, access.someone().id)
    stand = answering.preview(form, kept, typed)
    shown: list[asking.Group] = asking.groups(
        form,
        stand,
        typed,
        wrong=wrong,
        kept=None if opened else {one.subject.id: one for one in kept},
    )
    answer = make_response(
        render_template(
            "answers/page.html",
            entry=entry,
            groups=shown,
            drafted=row,
            closed=_closed(entry),
            free=answering.is_free(session, entry),
            waiting=changes.waiting_of(session, entry.id, ChangeKind.ANSWERS),
            back=_back(entry),
            refused=refusal.sentence(chosen()) if refusal else "",
            reason=request.form.get("reason", "") if refusal else "",
            **words(),
        )
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def words() -> dict[str, Any]:
    """What templates of questions need beside them."""
    return {
        "english": chosen() == "en",
        "yes_no": (Option(YES, _("yes"), _("yes")), Option(NO, _("no"), _("no"))),
        "roles": forms_words.ROLES,
        "bounds": bounds,
        "said": lambda pair: pair[1] if chosen() == "en" else pair[0],
    }


def _closed(entry: Entry) -> str:
    """Why nothing can be answered any more; empty while it can."""
    try:
        changes.open_entry(db.session(), entry.id)
    except Refusal as refusal:
        return refusal.sentence(chosen())
    return ""


def _reason() -> str:
    return request.form.get("reason", "").strip()


def _back(entry: Entry) -> tuple[str, str]:
    """Where the page leads back to: the entry of the leader, or the skill's entries."""
    own = access.led_by(access.someone())
    if own is not None and own.id == entry.delegation_id:
        return url_for("changes.entry", entry_id=entry.id), _("The entry")
    return url_for("entries.page", code=entry.skill.code), _("Entries")
