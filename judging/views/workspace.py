"""The competitor's workspace: countdown, statement, files, handing in, receipts."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    send_from_directory,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import ValidationError, validate_csrf
from werkzeug.utils import secure_filename

from competition import access, clocks
from competition.database import db
from competition.models import Account, Entry, Period
from competition.moment import iso, now
from competition.rules.refusal import Refusal
from competition.views.language import chosen
from competition.views.limits import limiter
from judging import blobs, readiness, submissions, tasks, workspace
from judging.models import Submission, Upload
from judging.views.addresses import public
from judging.views.receipts import receipt_page
from sandbox.archive import MB
from sandbox.problem_task import ProblemTask
from sandbox.task import Task

blueprint = Blueprint("workspace", __name__, url_prefix="/work")


@blueprint.get("")
def home() -> ResponseReturnValue:
    """The one entry of the competitor, or the choice between several."""
    entries = access.entries_of(access.someone())
    if len(entries) == 1:
        return redirect(url_for("workspace.entry", entry_id=entries[0].id))
    return render_template("workspace/entries.html", entries=entries)


@blueprint.get("/<int:entry_id>")
@blueprint.get("/<int:entry_id>/<int:number>")
def entry(entry_id: int, number: int | None = None) -> ResponseReturnValue:
    """The workspace of an entry in one period; without a number, the period that matters now."""
    mine = _mine(entry_id)
    periods = clocks.periods(db.session(), mine.skill_id)
    at = now()
    shown = (
        workspace.current(periods, mine.id, at) if number is None else _numbered(periods, number)
    )
    if shown is None:
        return render_template("workspace/no_period.html", entry=mine)
    task = tasks.find(shown.task) if shown.task else None
    is_open = task is not None and workspace.may_read(shown, mine.id, at)
    return render_template(
        "workspace/page.html",
        entry=mine,
        period=shown,
        periods=periods,
        task=task,
        is_open=is_open,
        statement=_statement(task, mine, shown) if task and is_open else None,
        pack=tasks.start_pack(task) if task and is_open else None,
        data={**_page_data(mine, shown, task), "is_open": is_open},
    )


@blueprint.get("/<int:entry_id>/<int:number>/state.json")
def state(entry_id: int, number: int) -> ResponseReturnValue:
    """What the page asks for every few seconds."""
    mine = _mine(entry_id)
    period = _numbered(clocks.periods(db.session(), mine.skill_id), number)
    answer = jsonify(_state(mine, period, tasks.find(period.task) if period.task else None))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/<int:entry_id>/<int:number>/start.zip")
def start(entry_id: int, number: int) -> ResponseReturnValue:
    """The start folder as one zip."""
    _, _, task = _opened(entry_id, number)
    pack = tasks.start_pack(task)
    answer = Response(pack.data, mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{pack.name}"'
    return answer


@blueprint.get("/<int:entry_id>/<int:number>/statement/<path:name>")
def statement_file(entry_id: int, number: int, name: str) -> ResponseReturnValue:
    """A picture of the statement."""
    _, _, task = _opened(entry_id, number)
    return send_from_directory(task.statement_zh.parent, name)


@blueprint.post("/<int:entry_id>/<int:number>/uploads")
@limiter.limit("60/minute")
def announce(entry_id: int, number: int) -> ResponseReturnValue:
    """Name, size and SHA-256 of what the browser is about to send."""
    mine = _mine(entry_id)
    period = _numbered(clocks.periods(db.session(), mine.skill_id), number)
    told = request.get_json(silent=True)
    told = told if isinstance(told, dict) else {}
    size = told.get("size")
    said = submissions.Announcement(
        key=str(told.get("key", "")),
        name=str(told.get("name", "")),
        size=size if type(size) is int else 0,
        sha256=str(told.get("sha256", "")),
    )
    upload = submissions.announce(mine.id, period.id, said, actor_id=access.someone().id)
    return jsonify(key=upload.key, announced_at=iso(upload.announced_at))


@blueprint.put("/uploads/<key>")
def receive(key: str) -> ResponseReturnValue:
    """The announced bytes, as the request's body; streamed to the disk, never in memory."""
    account = _sender()
    upload = db.session.scalar(db.select(Upload).where(Upload.key == key))
    _mine(upload.entry_id if upload else 0)
    assert upload is not None
    request.max_content_length = upload.size + 1  # one more, to see that nothing follows
    row = submissions.accept(key, request.stream, actor_id=account.id)
    return jsonify(number=row.number, receipt=row.receipt, late=row.is_late, url=_receipt_url(row))


@blueprint.get("/receipts/<receipt>")
def receipt(receipt: str) -> ResponseReturnValue:
    """The receipt of a hand-in, to print: for its competitors, and for the office."""
    account = access.someone()  # a visitor does not learn which receipts there are
    row = submissions.by_receipt(receipt)
    access.require(access.may_work(account, row.entry) or access.may_organise(account))
    return receipt_page(row, public(_receipt_url(row)))


@blueprint.get("/receipts/<receipt>/file")
def handed_in(receipt: str) -> ResponseReturnValue:
    """One's own hand-in back, byte for byte."""
    account = access.someone()
    row = submissions.by_receipt(receipt)
    access.require(access.may_work(account, row.entry))
    name = secure_filename(row.name) or "submission.zip"
    kind = "application/zip" if name.lower().endswith(".zip") else "application/octet-stream"
    return send_file(blobs.path(row.sha256), kind, as_attachment=True, download_name=name)


@blueprint.record_once
def _own_check(setup: BlueprintSetupState) -> None:
    """The form's token check would read the body, which is larger than forms may be: `receive`
    makes the same check by the header."""
    setup.app.extensions["csrf"].exempt(receive)


def _sender() -> Account:
    try:
        validate_csrf(request.headers.get("X-CSRFToken"))
    except ValidationError as error:
        raise Refusal(
            "页面已过期，没有保存。请刷新页面，重新选择文件提交。",
            "The page is out of date; nothing was kept. Reload it, choose the file again and hand"
            " it in.",
            status=400,
        ) from error
    return access.someone()


def _mine(entry_id: int) -> Entry:
    """The entry, if the one who asks works in it; others learn not even whether it exists."""
    account = access.someone()
    found = db.session.get(Entry, entry_id)
    access.require(found is not None and access.may_work(account, found))
    assert found is not None
    return found


def _numbered(periods: list[Period], number: int) -> Period:
    found = next((period for period in periods if period.number == number), None)
    if found is None:
        raise Refusal("没有这个赛段。", "There is no such working period.", status=404)
    return found


def _opened(entry_id: int, number: int) -> tuple[Entry, Period, Task]:
    """Entry, period and task, once the period has begun for the entry."""
    mine = _mine(entry_id)
    period = _numbered(clocks.periods(db.session(), mine.skill_id), number)
    if period.task is None or not workspace.may_read(period, mine.id, now()):
        raise Refusal(
            "试题在赛段开始时公布，现在还不能查看。",
            "The task is given out when the working period begins; it cannot be seen yet.",
            status=403,
        )
    return mine, period, tasks.find(period.task)


def _statement(task: Task, mine: Entry, period: Period) -> tasks.Statement:
    assets = url_for(
        "workspace.statement_file", entry_id=mine.id, number=period.number, name="x"
    ).removesuffix("/x")
    return tasks.statement(task, chosen(), assets)


def _state(mine: Entry, period: Period, task: Task | None) -> dict[str, object]:
    at = now()
    data = current_app.config["PODIUM_DATA"]
    workers = readiness.ready_workers(data, at)
    rows = workspace.handed_in(db.session(), mine, period, task, workers=workers, at=at)
    for row in rows:
        row["url"] = url_for("workspace.receipt", receipt=row["receipt"])
    return {
        "now": iso(at),
        "clock": workspace.clock(period, mine.id, at),
        "judging": readiness.read(data, at).as_dict(),
        "submissions": rows,
    }


def _page_data(mine: Entry, period: Period, task: Task | None) -> dict[str, object]:
    """What the page's script starts with."""
    address: dict[str, Any] = {"entry_id": mine.id, "number": period.number}
    return {
        "state": _state(mine, period, task),
        "state_url": url_for("workspace.state", **address),
        "announce_url": url_for("workspace.announce", **address),
        "bytes_url": url_for("workspace.receive", key="KEY"),
        "shapes": url_for("static", filename="shapes.svg"),
        "most_bytes": task.limits.archive_mb * MB if task else 0,
        "endings": list(task.endings) if isinstance(task, ProblemTask) else [],
    }


def _receipt_url(row: Submission) -> str:
    return url_for("workspace.receipt", receipt=row.receipt)
