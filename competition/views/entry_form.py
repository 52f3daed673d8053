"""A form that adds one entry: the choice of a skill, the form, and what became of it."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition import access, entry_adding, entry_form, forms, roster_batches
from competition.database import db
from competition.entry_adding import Sent
from competition.entry_form import OF_ENTRY, OF_PERSON, YEARS, Typed, Unfit
from competition.models import Delegation, Entry, Skill, Stage
from competition.moment import now
from competition.rules.refusal import Refusal
from competition.rules.roster_words import Finding
from competition.views.language import chosen
from competition.views.limits import limiter
from competition.views.named import delegation_for, skill_or_404

blueprint = Blueprint("entry_form", __name__, url_prefix="/delegation/<code>/add")
WORD_OF_RESERVE = "是"  # as a roster says it


@dataclass(frozen=True, slots=True)
class Place:
    """Where the form enters people, and on whose word."""

    delegation: Delegation
    stage: Stage | None
    by_office: bool

    @property
    def is_free(self) -> bool:
        """Whether what is sent is written at once."""
        return self.by_office or roster_batches.is_open(self.stage, now())


@blueprint.get("")
def choose(code: str) -> ResponseReturnValue:
    """The skills in which the delegation has a place left."""
    place = _place(code)
    stage_id = place.stage.id if place.stage else None
    found = entry_form.choices(db.session(), place.delegation.id, stage_id) if place.stage else []
    return render_template("delegation/add.html", place=place, choices=found)


@blueprint.get("/<skill>")
def page(code: str, skill: str) -> ResponseReturnValue:
    """The empty form of a skill."""
    place, found = _place(code), skill_or_404(skill)
    return _page(place, found, Typed(({},) * found.team_size))


@blueprint.post("/<skill>")
@limiter.limit("30/minute")
def send(code: str, skill: str) -> ResponseReturnValue:
    """Enter who was typed, or ask for it; what is wrong stands beside its field."""
    place, found = _place(code), skill_or_404(skill)
    typed, reason = _typed(found), request.form.get("reason", "")
    try:
        sent = entry_adding.add(
            place.delegation.id,
            found.id,
            _filled(typed),
            reason=reason,
            by_office=place.by_office,
            actor_id=access.someone().id,
        )
    except Unfit as unfit:
        return _page(place, found, typed, reason, unfit=unfit), unfit.status
    except Refusal as refusal:
        return _page(place, found, typed, reason, refusal=refusal), refusal.status
    return _sent(place, sent)


def _sent(place: Place, sent: Sent) -> ResponseReturnValue:
    for note in sent.notes:
        flash(f"{note.column}{_(': ')}{_sentence(note)}", "info")
    if sent.request_id is not None:
        flash(_("Sent to the secretariat, who will answer."), "success")
        return redirect(url_for("delegation.one", code=place.delegation.code, sent=1), 303)
    flash(
        _("Already entered with the same particulars; nothing was changed.")
        if sent.is_known
        else _("Entered. Evidence can be added here; “Import rosters” undoes it."),
        "success",
    )
    entry = db.session.get(Entry, sent.entry_id)
    asks = entry is not None and entry.answers_missing > 0
    where = "answers.page" if asks else "changes.entry"
    return redirect(url_for(where, entry_id=sent.entry_id, sent=1), 303)


def _page(
    place: Place,
    skill: Skill,
    typed: Typed,
    reason: str = "",
    *,
    unfit: Unfit | None = None,
    refusal: Refusal | None = None,
) -> str:
    wrong, general = _wrong(unfit)
    said = unfit or refusal
    if said is not None:
        general.insert(0, said.sentence(chosen()))
    return render_template(
        "delegation/add_form.html",
        place=place,
        skill=skill,
        typed=typed,
        reason=reason,
        wrong=wrong,
        general=general,
        questions=len(forms.current(db.session(), skill.id).fields),
    )


def _wrong(unfit: Unfit | None) -> tuple[dict[str, str], list[str]]:
    """Name of a field → what is wrong with it; and what concerns no field of the form."""
    wrong: dict[str, str] = {}
    general: list[str] = []
    for person, finding in unfit.findings if unfit else ():
        sentence = _sentence(finding)
        if finding.field in (*OF_PERSON, YEARS):
            wrong.setdefault(f"{finding.field}-{person}", sentence)
        elif finding.field in OF_ENTRY:
            wrong.setdefault(finding.field, sentence)
        elif sentence not in general:
            general.append(sentence)
    return wrong, general


def _typed(skill: Skill) -> Typed:
    """What stands in the fields, person by person."""
    form = request.form
    people = tuple(
        {str(what): form.get(f"{what}-{number}", "").strip() for what in (*OF_PERSON, YEARS)}
        for number in range(skill.team_size)
    )
    entry = {str(what): form.get(what, "").strip() for what in OF_ENTRY}
    entry["reserve"] = WORD_OF_RESERVE if entry["reserve"] else ""
    return Typed(people, entry)


def _filled(typed: Typed) -> Typed:
    """Without the people at the end whose fields are empty: a team may be short."""
    people = list(typed.people)
    while len(people) > 1 and not any(people[-1].values()):
        people.pop()
    return Typed(tuple(people), typed.entry)


def _sentence(finding: Finding) -> str:
    return finding.en if chosen() == "en" else finding.zh


def _place(code: str) -> Place:
    """The delegation, for who leads it or the office."""
    account, delegation = access.someone(), delegation_for(code)
    own = access.led_by(account)
    by_office = access.may_organise(account) and (own is None or own.id != delegation.id)
    try:
        stage = roster_batches.stage_of_entries(db.session())
    except Refusal:
        stage = None
    return Place(delegation, stage, by_office)
