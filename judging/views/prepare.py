"""Preparing a skill: its working periods and its marking scheme, by the chief judge."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition import timetable
from competition.access import someone
from competition.database import db
from competition.models import Skill
from competition.moment import now
from competition.offload import offload
from competition.rules.refusal import Refusal
from competition.views import excel
from competition.views.language import chosen
from judging import conversion, desk, desk_times, scheme, tasks, versions, workbook
from judging.rules.scheme import two_decimals
from judging.views.desk import mine

blueprint = Blueprint("prepare", __name__, url_prefix="/desk")
ZONE = ZoneInfo("Asia/Shanghai")  # times are typed as the hall's clock shows them


@blueprint.get("/<code>/prepare")
def page(code: str) -> ResponseReturnValue:
    """Periods and scheme as they are, with the forms to add and import."""
    return _page(mine(code))


@blueprint.post("/<code>/periods")
def plan(code: str) -> ResponseReturnValue:
    """Add a working period."""
    one, form = mine(code), request.form
    task = form.get("task") or None
    try:
        if task:
            tasks.find(task)
        timetable.plan(
            one.id,
            form.get("number", 0, type=int),
            name_zh=form.get("name_zh", ""),
            name_en=form.get("name_en", ""),
            minutes=form.get("minutes", 0, type=int),
            task=task,
            planned_at=_typed(form.get("planned_at", "")),
            actor_id=someone().id,
        )
    except Refusal as refusal:
        flash(refusal.sentence(chosen()), "refusal")
    else:
        flash(_("The period was added"), "success")
    return redirect(url_for("prepare.page", code=one.code), 303)


@blueprint.get("/<code>/scheme.xlsx")
def workbook_file(code: str) -> ResponseReturnValue:
    """The scheme that counts as a CIS workbook, in the language of the page."""
    one, language = mine(code), chosen()
    data = offload(conversion.written, conversion.of_skill(one), language)
    return excel.sent(data, f"{one.code}-{language}.xlsx")


@blueprint.post("/<code>/scheme")
def take(code: str) -> ResponseReturnValue:
    """Check an uploaded CIS workbook or that of the task package; import it when asked to."""
    one, actor = mine(code), someone().id
    try:
        reading = uploaded(one)
    except Refusal as refusal:
        return _page(one, refused=refusal.sentence(chosen())), refusal.status
    if request.form.get("act") != "import" or reading.scheme is None:
        return _page(one, reading=reading), 422 if reading.errors else 200
    try:
        wanted = versions.from_workbook(one, db.session(), reading.scheme)
        checked = versions.automatic(db.session(), one.id)
        version = scheme.adopt(one.id, wanted, actor_id=actor, automatic=checked)
    except Refusal as refusal:
        return _page(one, reading=reading, refused=refusal.sentence(chosen())), refusal.status
    flash(_("Version %(version)s of the scheme is in force", version=version), "success")
    return _page(one, reading=reading, imported=True)


def _page(one: Skill, **values: Any) -> str:  # noqa: ANN401 - what the template shows on top
    current = scheme.current(one.id)
    subs = desk.sheets(current)
    reading: workbook.Reading | None = values.pop("reading", None)
    return render_template(
        "desk/prepare.html",
        skill=one,
        periods=desk_times.periods(db.session(), one, now()),
        packages=tasks.ids(),
        own_packages=_packages(one),
        version=current.version if current else None,
        total=two_decimals(current.total) if current else "",
        subs=subs,
        aspects=sum(sub["aspects"] for sub in subs),
        report=workbook.report(reading) if reading else None,
        **values,
    )


def uploaded(one: Skill) -> workbook.Reading:
    """The workbook that was sent, or the one in a task package of the skill."""
    package = request.form.get("package", "")
    if package:
        found = tasks.find(package).scheme if package in _packages(one) else None
        if found is None:
            raise Refusal(
                "这个试题包没有评分表，没有导入。",
                "That task package has no marking scheme; nothing was imported.",
            )
        return offload(workbook.read, found)
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refusal(
            "没有选择文件，没有导入。请选择 CIS 评分表（.xlsx）。",
            "No file was chosen; nothing was imported. Choose the CIS workbook (.xlsx).",
        )
    return offload(workbook.read_bytes, file.read())


def _packages(one: Skill) -> list[str]:
    """The task packages worked on in the skill's periods."""
    return desk_times.packages(db.session(), one.id)


def _typed(text: str) -> datetime | None:
    """What a datetime-local field holds; nothing when it is empty or not a time."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZONE)
    except ValueError:
        return None
