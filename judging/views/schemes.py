"""The marking scheme of a skill: its versions with what each changed, its draft, and the step from
the one to the other."""

from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from competition.access import (
    may_copy_scheme,
    may_direct,
    may_write_scheme,
    require,
    someone,
    who,
)
from competition.database import db
from competition.models import Skill
from competition.offload import offload
from competition.rules.refusal import Refusal
from competition.views import excel
from competition.views.language import chosen
from competition.views.named import skill_for
from judging import (
    conversion,
    desk_times,
    draft_report,
    drafts,
    scheme,
    scheme_rows,
    versions,
    workbook,
)
from judging.models import Scheme
from judging.rules import scheme as rules
from judging.rules import scheme_draft
from judging.rules.scheme import two_decimals
from judging.scheme import Agreed
from judging.views.desk import mine
from judging.views.prepare import uploaded

blueprint = Blueprint("schemes", __name__, url_prefix="/desk")
SOURCES = ("empty", "current", "skill", "workbook", "package")


@blueprint.get("/<code>/scheme")
def page(code: str) -> ResponseReturnValue:
    """The version that counts, the draft, the versions before."""
    return _page(written(code))


@blueprint.post("/<code>/scheme/start")
def start(code: str) -> ResponseReturnValue:
    """Begin a draft: empty, from the present version, another skill, a workbook, a package."""
    one, source = written(code), request.form.get("from", "")
    if source not in SOURCES:
        abort(400)
    over = request.form.get("over", 0, type=int)
    current = versions.newest(db.session(), one.id)
    based_on = current.version if current else 0
    try:
        reading = uploaded(one) if source in ("workbook", "package") else None
        body = _body(one, source, reading)
        drafts.start(one.id, body, based_on=based_on, over=over, actor_id=someone().id)
    except Refusal as refusal:
        return _page(one, refused=refusal.sentence(chosen())), refusal.status
    if reading is not None and reading.errors:
        return _page(one, report=workbook.report(reading))
    return redirect(url_for("scheme_drafts.page", code=one.code), 303)


@blueprint.post("/<code>/scheme/draft/<any(away, back):act>")
def settle(code: str, act: str) -> ResponseReturnValue:
    """Put the draft away, or bring back the one before."""
    one, over, actor = written(code), request.form.get("over", 0, type=int), someone().id
    back = redirect(url_for("schemes.page", code=one.code), 303)
    try:
        (drafts.put_away if act == "away" else drafts.bring_back)(one.id, over=over, actor_id=actor)
    except Refusal as refusal:
        flash(refusal.sentence(chosen()), "refusal")
    return back


@blueprint.get("/<code>/scheme/adopt")
def ask(code: str) -> ResponseReturnValue:
    """What the draft would change and which marks it affects, before it is adopted."""
    one = mine(code)
    draft = drafts.read(db.session(), one.id)
    if draft is None or not draft.is_open:
        return redirect(url_for("schemes.page", code=one.code), 303)
    found = drafts.understood(draft, one)
    checked = versions.automatic(db.session(), one.id)
    plan = versions.planned(db.session(), one, found.scheme, checked)
    newest = versions.newest(db.session(), one.id)
    return render_template(
        "scheme/adopt.html",
        skill=one,
        draft=draft,
        told=draft_report.report(found),
        plan=plan,
        same=bool(newest and plan and scheme.says_the_same(newest, plan, checked)),
        changes=plan.document("", ()) if plan else None,
        keepable=_keepable(plan) if plan else (),
    )


@blueprint.post("/<code>/scheme/adopt")
def adopt(code: str) -> ResponseReturnValue:
    """Make the draft the scheme that counts."""
    one, form = mine(code), request.form
    agreed = Agreed(
        form.get("seen", ""), form.get("reason", "")[:500], frozenset(form.getlist("keep"))
    )
    try:
        version = drafts.adopt(
            one.id, over=form.get("over", 0, type=int), actor_id=someone().id, agreed=agreed
        )
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        flash(refusal.sentence(chosen()), "refusal")
        return redirect(url_for("schemes.ask", code=one.code), 303)
    flash(_("Version %(version)s of the scheme is in force", version=version), "success")
    return redirect(url_for("schemes.page", code=one.code), 303)


@blueprint.get("/<code>/scheme/versions/<int:number>.xlsx")
def version_file(code: str, number: int) -> ResponseReturnValue:
    """One version as a CIS workbook, in the language of the page."""
    one, language = written(code), chosen()
    row = scheme.version(one.id, number) or abort(404)
    data = offload(conversion.written, scheme_rows.plain(row, one), language)
    return excel.sent(data, f"{one.code}-v{row.version}-{language}.xlsx")


def written(code: str) -> Skill:
    """The skill of an address, for those who write its scheme; refused to everybody else."""
    return skill_for(code, may_write_scheme)


def _page(one: Skill, **values: Any) -> str:  # noqa: ANN401 - what the template shows on top
    session = db.session()
    current = scheme.current(one.id)
    draft = drafts.read(session, one.id)
    return render_template(
        "scheme/page.html",
        skill=one,
        is_chief=may_direct(who(), one),
        current=_told(current) if current else None,
        marked=versions.has_marks(session, one.id),
        draft=draft,
        others=_others(one),
        packages=desk_times.packages(session, one.id),
        history=versions.history(session, one.id),
        **values,
    )


def _told(row: Scheme) -> dict[str, Any]:
    aspects = scheme_rows.aspects_of(row)
    return {
        "version": row.version,
        "total": two_decimals(row.total),
        "aspects": len(aspects),
        "measurement": sum(one.kind == "M" for one in aspects),
        "judgement": sum(one.kind == "J" for one in aspects),
        "sheets": sum(len(criterion.sub_criteria) for criterion in row.criteria),
        "by_checks": sum(one.is_automatic for one in aspects),
        "in_parts": [one.code for one in aspects if one.in_parts],
    }


def _others(one: Skill) -> list[Skill]:
    """The other skills whose scheme may be taken over."""
    rows = versions.skills(db.session())
    return [row for row in rows if row.id != one.id and may_copy_scheme(who(), row)]


def _body(one: Skill, source: str, reading: workbook.Reading | None) -> scheme_draft.Body:
    if reading is not None:
        return _of_workbook(one, reading)
    if source == "empty":
        return dict(scheme_draft.EMPTY)
    return scheme_draft.body(_scheme_of(one if source == "current" else _other()))


def _of_workbook(one: Skill, reading: workbook.Reading) -> scheme_draft.Body:
    """What could be read; a file that held nothing begins no draft."""
    found = reading.found
    if not found.criteria and not found.sections:
        first = reading.errors[0]
        raise Refusal(f"{first.zh}没有开始草稿。", f"{first.en} No draft was begun.")
    return scheme_draft.body(versions.from_workbook(one, db.session(), found))


def _scheme_of(one: Skill) -> rules.Scheme:
    row = scheme.current(one.id)
    if row is None:
        raise Refusal(
            f"赛项 {one.code} 还没有评分表，没有开始草稿。请选择别的起点。",
            f"Skill {one.code} has no marking scheme yet; no draft was begun. Choose another"
            " beginning.",
        )
    return scheme_rows.plain(row, one)


def _other() -> Skill:
    found = db.session.scalar(select(Skill).where(Skill.code == request.form.get("other", "")))
    if found is None:
        abort(400)
    require(may_copy_scheme(who(), found))
    return found


def _keepable(plan: versions.Plan) -> set[str]:
    """Codes of the aspects whose wording alone changed and that have marks."""
    return {
        one.after.code
        for one in plan.difference.aspects
        if one.state == "reworded" and one.before and one.after and one.before.code in plan.marks
    }
