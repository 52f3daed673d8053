"""Entries as Excel files: the office's lists, a skill's people, a team leader's own."""

from collections.abc import Callable, Sequence

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from competition import access, list_rows, lists
from competition.database import db
from competition.list_rows import Names
from competition.lists import Wish
from competition.models import EntryState, Status
from competition.rules.identity import Sex
from competition.tables import Cell
from competition.views import entry_words, excel
from competition.views.entry_list import own_skills
from competition.views.language import chosen, name
from competition.views.limits import limiter
from competition.views.named import delegation_for, skill_or_404

blueprint = Blueprint("entry_files", __name__)


@blueprint.get("/office/entries.xlsx")
@limiter.limit("20/minute")
def entries() -> Response:
    """The list of entries, a row for each competitor."""
    _skills, within = own_skills()
    wish = lists.wish(request.args.to_dict())
    return _entries_file("entries", _("Entries"), wish, within)


@blueprint.get("/office/skills/<code>/people.xlsx")
@limiter.limit("20/minute")
def people(code: str) -> Response:
    """The competitors of a skill."""
    account = access.who()
    access.require(access.may_enter_office(account))
    skill = skill_or_404(code)
    access.require(access.may_organise(account, skill))
    wish = Wish(skill=skill.code, words=request.args.get("words", "").strip()[:100])
    return _entries_file("people", skill.code, wish, [skill.id])


@blueprint.get("/delegation/<code>/people.xlsx")
@limiter.limit("20/minute")
def delegates(code: str) -> Response:
    """The competitors of a delegation, for its leader and the office."""
    delegation = delegation_for(code)
    return _entries_file("delegates", name(delegation), Wish(delegation=delegation.code), None)


def _entries_file(listed: str, title: str, wish: Wish, within: Sequence[int] | None) -> Response:
    headings = [
        *(_("Entry"), _("Skill"), _("Name of the skill"), _("Delegation"), _("Stage"), _("State")),
        *(_("Reserve"), _("Workstation"), _("Full name"), _("Sex"), _("Born on")),
        *(_("Identity number"), _("School or company"), _("Status"), _("Years in the province")),
        _("Coaches"),
    ]
    yes = _("yes")
    # Each word is looked up once, not once a row.
    states = {one.value: entry_words.state(one) for one in EntryState}
    statuses = {one.value: entry_words.status(one) for one in Status}
    sexes = {one.value: entry_words.sex(one) for one in Sex}
    asked, said = _questions(wish, within)
    headings += asked
    rows: list[list[Cell]] = [
        [
            *(row.entry_id, row.skill, _one(row.skill_names), _one(row.delegation)),
            *(_one(row.stage), states[row.state], yes if row.is_reserve else ""),
            *(row.workstation, row.person, sexes.get(row.sex), row.born_on),
            *(row.id_masked, row.affiliation, statuses.get(row.status), row.local_years),
            row.coaches,
            *said(row),
        ]
        for row in list_rows.entries(db.session(), wish, within)
    ]
    return excel.listed(listed, title, headings, rows, wish.given())


def _questions(
    wish: Wish, within: Sequence[int] | None
) -> tuple[list[str], Callable[[list_rows.Row], list[str]]]:
    """A heading for each extra question of the one skill that the list is narrowed to, and what
    was answered in a row; personal answers masked."""
    english = chosen() == "en"
    columns, kept = list_rows.questions(db.session(), wish, within)
    headings = [one.en if english else one.zh for one in columns]

    def said(row: list_rows.Row) -> list[str]:
        return [kept(row, one)[english] for one in columns]

    return headings, said


def _one(names: Names) -> str:
    return names[chosen() == "en"] or names[chosen() != "en"]
