"""Writing a scheme on a page: the editor, its saves, and the marks of a calculation while it is
typed."""

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from competition.access import may_direct, someone, who
from competition.database import db
from competition.models import Skill
from competition.moment import iso
from competition.rules.refusal import Refusal
from judging import draft_report, drafts
from judging.rules import calculation_reading, calculation_typed, draft_shape
from judging.rules.calculation_examples import examples
from judging.rules.calculations import NotObserved
from judging.rules.draft_shape import Body, NotADraft
from judging.rules.scheme import NotAMark, hundredths, two_decimals
from judging.views.schemes import written

blueprint = Blueprint("scheme_drafts", __name__, url_prefix="/desk")


@blueprint.get("/<code>/scheme/edit")
def page(code: str) -> ResponseReturnValue:
    """The editor."""
    one = written(code)
    draft = drafts.read(db.session(), one.id)
    if draft is None or not draft.is_open:
        return redirect(url_for("schemes.page", code=one.code), 303)
    data = {"code": one.code, "adopts": may_direct(who(), one), **_state(one, draft)}
    return render_template("scheme/edit.html", skill=one, data=data)


@blueprint.get("/<code>/scheme/draft.json")
def state(code: str) -> ResponseReturnValue:
    """The draft as it stands; without its body when `have` is the present revision already."""
    one = written(code)
    draft = drafts.read(db.session(), one.id)
    if draft is None or not draft.is_open:
        return _not_kept(jsonify(gone=True))
    if request.args.get("have", type=int) == draft.revision:
        return _not_kept(jsonify(revision=draft.revision))
    return _not_kept(jsonify(_state(one, draft)))


@blueprint.post("/<code>/scheme/draft")
def save(code: str) -> ResponseReturnValue:
    """Keep what was typed; on top of what somebody else saved, show theirs instead."""
    one, posted = written(code), _posted()
    try:
        body, base = draft_shape.cleaned(posted.get("body")), posted.get("base")
        if not isinstance(base, int) or not 0 <= base < 2**31:
            raise NotADraft("base")
    except NotADraft:
        raise _unreadable() from None
    try:
        drafts.save(one.id, body, base=base, actor_id=someone().id)
    except drafts.Outdated as refusal:
        theirs = _state(one, refusal.draft) if refusal.draft else None
        return jsonify(error=refusal.as_dict(), theirs=theirs), 409
    draft = drafts.read(db.session(), one.id)
    if draft is None or not draft.is_open:
        return jsonify(gone=True)
    return jsonify({name: value for name, value in _state(one, draft).items() if name != "body"})


@blueprint.post("/<code>/scheme/worked")
def worked(code: str) -> ResponseReturnValue:
    """What a calculation gives for telling values, and for the one that was asked for."""
    written(code)
    posted = _posted()
    try:
        typed = draft_shape.fields(posted.get("calculation"))
        maximum = hundredths(str(posted.get("max", ""))[:40])
        rule = calculation_typed.rule(typed)
    except NotADraft:
        raise _unreadable() from None
    except NotAMark as fault:
        return jsonify(problem={"zh": f"满分 {fault.zh}。", "en": f"The maximum {fault.en}."})
    except calculation_reading.NotARule as fault:
        return jsonify(problem={"zh": fault.zh, "en": fault.en})
    if maximum <= 0:
        return jsonify(problem={"zh": "请先写满分。", "en": "Write the maximum first."})
    rows = [_row(one.value, one.worked) for one in examples(rule, maximum)]
    asked = str(posted.get("value") or "")[:40]
    if not asked.strip():
        return jsonify(rows=rows)
    try:
        return jsonify(
            rows=rows, asked=_row(asked, rule.work(calculation_reading.observed(asked), maximum))
        )
    except NotObserved as fault:
        return jsonify(rows=rows, asked={"value": asked, "zh": fault.zh, "en": fault.en})


def _row(value: str, found: Any) -> dict[str, str]:  # noqa: ANN401 - calculations.Worked
    return {"value": value, "mark": two_decimals(found.mark), "zh": found.zh, "en": found.en}


def _state(one: Skill, draft: drafts.Draft) -> dict[str, Any]:
    return {
        "revision": draft.revision,
        "by": draft.by,
        "mine": draft.by_id == someone().id,
        "at": iso(draft.at),
        "body": draft.body,
        "report": draft_report.report(drafts.understood(draft, one)),
    }


def _posted() -> Body:
    posted = request.get_json(silent=True)
    if not isinstance(posted, dict):
        raise _unreadable()
    return posted


def _unreadable() -> Refusal:
    return Refusal(
        "内容无法读取，没有保存。请刷新页面，您输入的内容仍保存在这台设备上。",
        "It could not be read and was not saved. Reload the page; what you typed is still kept on"
        " this device.",
        status=400,
    )


def _not_kept(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer
