"""Ceremonies for the office: prepare one, see its slides and script, bring it on stage."""

import json
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from competition import access
from competition.database import db
from competition.founding import edition
from competition.models import Role, Skill
from competition.rules.refusal import Refusal
from competition.views.acted import CONFLICT, acted
from competition.views.language import chosen
from judging import ceremony, ceremony_lists, fonts, printing, result_versions, results
from judging.ceremony import Wanted
from judging.ceremony_script import Said, script, sealed
from judging.models import Ceremony
from judging.rules import ceremony_slides, ceremony_words
from judging.rules.ceremony_slides import MEASURES
from judging.rules.reveal import Order
from judging.rules.visibility import is_official
from judging.views.desk import posted_key
from judging.views.release import KEY

blueprint = Blueprint("ceremony", __name__, url_prefix="/ceremony")
NUMBER = "<int(max=2147483647):number>"


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """The ceremonies there are, and the form to prepare another."""
    return _home()


@blueprint.post("/")
def prepare() -> ResponseReturnValue:
    """Prepare a ceremony or a rehearsal."""
    access.require(access.may_stage(access.who()))
    form = request.form
    try:
        wanted = Wanted(
            _typed("name_zh"),
            _typed("name_en"),
            _chosen_skills(),
            form.get("order", Order.PLACE),
            form.get("measure", MEASURES[0]),
            form.get("kind") == "rehearsal",
        )
        number = ceremony.prepare(wanted, actor_id=access.someone().id, key=posted_key(KEY))
    except Refusal as refusal:
        return _home(refusal.sentence(chosen())), refusal.status
    flash(_("Prepared. Read the slides and the script before it goes on stage."), "success")
    return redirect(url_for("ceremony.page", number=number), 303)


@blueprint.get(f"/{NUMBER}")
def page(number: int) -> ResponseReturnValue:
    """One ceremony: where it stands, its slides, and what can be done with it."""
    return _page(opened(number))


@blueprint.post(f"/{NUMBER}/<any(again, open, close):act>")
def do(number: int, act: str) -> ResponseReturnValue:
    """Prepare again, bring on stage, take off stage."""
    row, actor = opened(number), access.someone().id
    seen = request.form.get("seen", row.project, type=int)
    deeds: dict[str, tuple[Callable[[], None], str]] = {
        "again": (
            lambda: ceremony.prepare_again(row.id, seen=seen, actor_id=actor),
            _("Prepared again, from the lists as they are now"),
        ),
        "open": (
            lambda: ceremony.go_on_stage(row.id, actor_id=actor, role=office_role()),
            _("The ceremony is on stage"),
        ),
        "close": (
            lambda: ceremony.go_off_stage(row.id, actor_id=actor),
            _("The rehearsal is off stage")
            if row.is_rehearsal
            else _("The ceremony is off stage; what became public stays so"),
        ),
    }
    deed, said = deeds[act]
    return acted(url_for("ceremony.page", number=number), deed, said, told=CONFLICT)


@blueprint.post(f"/{NUMBER}/link")
def link(number: int) -> ResponseReturnValue:
    """A link for the projector's machine, shown this once; with `new` those before it end."""
    row, actor = opened(number), access.someone().id
    if request.form.get("new"):
        ceremony.end_links(row.id, actor_id=actor)
    token = ceremony.give_link(row.id, actor_id=actor)
    return _page(row, url_for("stage.ask_machine", token=token, _external=True))


@blueprint.post(f"/{NUMBER}/links-end")
def end_links(number: int) -> ResponseReturnValue:
    """No machine shows the stage any longer, but one that is signed in."""
    row, actor = opened(number), access.someone().id
    return acted(
        url_for("ceremony.page", number=number),
        lambda: ceremony.end_links(row.id, actor_id=actor),
        _("No link and no machine opens the stage now"),
        told=CONFLICT,
    )


@blueprint.get(f"/{NUMBER}/script")
def words(number: int) -> ResponseReturnValue:
    """The script of the master of ceremonies, to read and to print."""
    row = opened(number)
    told = {"row": row, "script": _script(row), "words": ceremony_words}
    return render_template("ceremony/script.html", **told)


@blueprint.get(f"/{NUMBER}/script.pdf")
def words_pdf(number: int) -> ResponseReturnValue:
    """The same as a PDF."""
    row = opened(number)
    data = Path(current_app.config["PODIUM_DATA"])
    told = _told(row, data)
    template = Path(current_app.root_path) / "templates" / "print" / "script.typ"
    answer = Response(printing.pdf(template, told, data), mimetype="application/pdf")
    file = f"ceremony-{row.id}-{row.project}-{chosen()}.pdf"
    answer.headers["Content-Disposition"] = f"inline; filename={file}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def opened(number: int) -> Ceremony:
    """The ceremony of an address, for those who may bring one on stage."""
    access.require(access.may_stage(access.who()))
    return db.session.get(Ceremony, number, populate_existing=True) or abort(404)


def office_role() -> Role:
    """What somebody of the office acts as."""
    return Role.ORGANISER if access.may_grant(access.who()) else Role.SECRETARIAT


def _home(refused: str = "") -> str:
    access.require(access.may_stage(access.who()))
    skills, competition = _skills(), edition(db.session())
    offered = ("", "")
    if competition:
        offered = ceremony_words.offered((competition.name_zh, competition.name_en))
    return render_template(
        "ceremony/home.html",
        offered=offered,
        ceremonies=db.session.scalars(select(Ceremony).order_by(Ceremony.id.desc())).all(),
        skills=skills,
        zones={one.zone.code: one.zone for one in skills if one.zone},
        ready=result_versions.standing(db.session(), [one.id for one in skills]),
        orders=list(Order),
        measures=MEASURES,
        typed=request.form,
        refused=refused,
        key=secrets.token_urlsafe(12),
    )


def _page(row: Ceremony, link_: str = "") -> str:
    found = ceremony.project(db.session(), row)
    gone = ceremony_lists.reopened(db.session(), found)
    skills = [one for one in _skills() if one.id in row.skills]
    shots = results.publish(results.positions([one.id for one in skills]))
    return render_template(
        "ceremony/page.html",
        row=row,
        project=found,
        parts_=_script(row),
        codes={one.id: one.code for one in skills},
        public=[
            one.code
            for one in skills
            if not (row.is_rehearsal or one.id in found.told) and is_official(shots[one.id].body)
        ],
        gone=[one["code"] for one in found.versions if one["skill"] in gone],
        unannounced=ceremony_slides.leap(
            found.slides,
            row.slide if row.is_rehearsal else 0,  # which notes nothing of what it has told
            len(found.slides) + 1,
            found.told,
        )[0],
        beside=_beside(row),
        sealed=sealed(found.slides),
        words=ceremony_words,
        link=link_,
        machines=ceremony.machines(db.session(), row.id),
    )


def _beside(row: Ceremony) -> Sequence[Ceremony]:
    """The other ceremonies that are on stage now."""
    asked = select(Ceremony).where(Ceremony.state == "on_stage", Ceremony.id != row.id)
    return db.session.scalars(asked.order_by(Ceremony.id)).all()


def _skills() -> Sequence[Skill]:
    asked = select(Skill).options(joinedload(Skill.zone)).order_by(Skill.id)
    return db.session.scalars(asked).all()


def _chosen_skills() -> tuple[int, ...]:
    """The ids that the form means: all that are ready, those of a zone that are, or those ticked;
    the codes typed as the order come first."""
    skills = _skills()
    scope, ticked = request.form.get("scope", ""), set(request.form.getlist("skill"))
    ready = result_versions.standing(db.session(), [one.id for one in skills])
    if request.form.get("kind") == "rehearsal":  # which needs no lock
        ready = {one.id: (0, 0) for one in skills}
    found = [
        one
        for one in skills
        if one.code in ticked
        or (scope == "all" and one.id in ready)
        or (one.zone and f"zone:{one.zone.code}" == scope and one.id in ready)
    ]
    if scope and not found:
        raise Refusal(
            "所选范围内还没有锁定的赛项，典礼没有准备。请先锁定成绩，或先做彩排。",
            "No skill of those is locked yet, so the ceremony was not prepared. Lock their results"
            " first, or make a rehearsal.",
        )
    codes = request.form.get("sequence", "").upper().replace("，", " ").replace(",", " ").split()
    unknown = set(codes) - {one.code for one in found}
    if unknown:
        listed = "、".join(sorted(unknown)[:8])
        raise Refusal(
            f"上台顺序里有没有选中的赛项：{listed}，典礼没有准备。请改正后再提交。",
            f"The order names skills that are not chosen: {listed}. The ceremony was not prepared."
            " Correct it and send it again.",
        )
    at = {code: place for place, code in enumerate(codes)}
    return tuple(one.id for one in sorted(found, key=lambda one: at.get(one.code, len(at))))


def _typed(field: str) -> str:
    return " ".join(request.form.get(field, "").replace("\x00", "").split())


def _script(row: Ceremony) -> list[Said]:
    found = ceremony.project(db.session(), row)
    return script(found.slides, ceremony_lists.reopened(db.session(), found))


def _told(row: Ceremony, data: Path) -> dict[str, Any]:
    english = chosen() == "en"
    competition = edition(db.session())
    told: dict[str, Any] = {
        "title": row.name_en if english else row.name_zh,
        "competition": (competition.name_en if english else competition.name_zh)
        if competition
        else "Podium",
        "language": chosen(),
        "rehearsal": _("Rehearsal: every result is invented") if row.is_rehearsal else "",
        "words": {
            "page": _("Page"), "script": _("Script of the master of ceremonies"),
            "project": _("Project %(n)s", n=row.project),
            "sealed": _("Sealed until the stage has told it"),
        },
        "digest": ceremony.project(db.session(), row).digest,
        "parts": [one.plain for one in _script(row)],
    }  # fmt: skip
    missing = fonts.lacking(json.dumps(told, ensure_ascii=False), fonts.require(data))
    letters = "、".join(f"{letter} (U+{ord(letter):04X})" for letter in missing[:12])
    said = _("No font on this machine draws: %(letters)s. Write them by hand.", letters=letters)
    return {**told, "lacks": said if missing else ""}
