"""The office's lists as Excel files: all rows of what the page shows, narrowed the same way."""

from dataclasses import asdict

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from competition import (
    access,
    asked_lists,
    changes,
    entry_lock_lines,
    granted,
    overview,
    preparation,
    skill_profiles,
    tiles,
)
from competition.database import db
from competition.entry_lock_lines import LockLine
from competition.models import ChangeKind, Entry, Grant, Role
from competition.moment import now
from competition.rules.duties import WORDS
from competition.rules.eligibility import NAMES
from competition.rules.entry_lock import LockState
from competition.rules.preparation import MILESTONES, Colour
from competition.rules.skill_profile import Profile
from competition.tables import Cell
from competition.tiles import Tile
from competition.views import bulk, entry_words, excel, grants
from competition.views.entry_list import own_skills
from competition.views.language import chosen, name
from competition.views.limits import limiter

blueprint = Blueprint("list_files", __name__, url_prefix="/office")
EVERY = 1_000_000  # rows, which no list has


@blueprint.get("/skills.xlsx")
@limiter.limit("20/minute")
def skills() -> Response:
    """The tiles of the first page: a row for each skill."""
    account = access.who()
    access.require(access.may_enter_office(account))
    every = tiles.tiles(db.session(), now(), lambda skill: access.may_organise(account, skill))
    narrowed = {key: text for key in ("zone", "light") if (text := request.args.get(key, ""))}
    headings = [
        *(_("Skill"), _("Name of the skill"), _("Zone"), _("Venue"), _("Next date")),
        *(_("entries"), _("competitors"), _("judges"), _("Must be mended"), _("To look at")),
        *(_("What is missing"), _("State"), _("Sector"), _("Track"), _("Host")),
        _("Sponsors"),
    ]
    shown = [one for one in every if tiles.fits(one, **narrowed)]
    profiles = skill_profiles.of_skills(db.session(), [one.line.skill.id for one in shown])
    rows = [_of_tile(one, profiles.get(one.line.skill.id, Profile())) for one in shown]
    return excel.listed("skills", _("Skills"), headings, rows, narrowed)


@blueprint.get("/preparation.xlsx", endpoint="preparation")
@limiter.limit("20/minute")
def preparation_() -> Response:
    """The tracker of preparation: a row for each skill, a column for each milestone."""
    account = access.who()
    access.require(access.may_enter_office(account))
    session, english = db.session(), chosen() == "en"
    every = preparation.rows(session, lambda skill: access.may_organise(account, skill))
    narrowed = {key: text for key in ("zone", "colour") if (text := request.args.get(key, ""))}
    due = preparation.days(session)
    headings = [_("Skill"), _("Name of the skill"), _("Zone")]
    headings += [f"{one.en if english else one.zh} {due[one.name]}" for one in MILESTONES]
    words = {
        Colour.GREEN: _("done"),
        Colour.AMBER: _("due soon"),
        Colour.RED: _("overdue"),
        Colour.AHEAD: _("ahead"),
    }
    rows: list[list[Cell]] = [
        [
            *(row.skill.code, name(row.skill), name(row.skill.zone) if row.skill.zone else ""),
            *(words[cell] for cell in row.cells),
        ]
        for row in every
        if row.fits(**narrowed)
    ]
    return excel.listed("preparation", _("Preparation"), headings, rows, narrowed)


@blueprint.get("/locks.xlsx")
@limiter.limit("20/minute")
def locks() -> Response:
    """How the entries of each skill stand, and what is still open there."""
    skills, _within = own_skills()
    narrowed = {key: text for key in ("zone", "state") if (text := request.args.get(key, ""))}
    headings = [
        *(_("Skill"), _("Name of the skill"), _("Zone"), _("State"), _("By"), _("Since")),
        *(_("Until"), _("entries"), _("Not judged"), _("Change requests"), _("Exceptions")),
    ]
    rows: list[list[Cell]] = [
        [
            *(one.skill.code, name(one.skill), name(one.skill.zone) if one.skill.zone else ""),
            *_of_lock(one),
            *(one.entries, one.unjudged, one.requests, one.exceptions),
        ]
        for one in entry_lock_lines.lines(db.session(), skills, now())
        if one.fits(**narrowed)
    ]
    return excel.listed("locks", _("Entry locks"), headings, rows, narrowed)


@blueprint.get("/delegations.xlsx")
@limiter.limit("20/minute")
def delegations() -> Response:
    """The delegations with the number of their competitors."""
    access.require(access.may_organise(access.who()))
    headings = [_("Code"), _("Delegation"), _("In English"), _("competitors")]
    rows: list[list[Cell]] = [
        [one.code, one.name_zh, one.name_en, number]
        for one, number in overview.delegation_sizes(db.session())
    ]
    return excel.listed("delegations", _("Delegations"), headings, rows, {})


@blueprint.get("/bulk.xlsx", endpoint="bulk")
@limiter.limit("20/minute")
def bulk_() -> Response:
    """The bulk acts that the asker may undo."""
    headings = [_("Act"), _("Reason"), _("By"), _("At"), _("Undone at")]
    rows: list[list[Cell]] = [
        [
            *(entry_words.bulk(one.kind, one.count), one.reason, one.actor.label),
            *(excel.at_hall(one.at), excel.at_hall(one.undone_at)),
        ]
        for one in bulk.acts()
    ]
    return excel.listed("bulk", _("Bulk acts"), headings, rows, {})


@blueprint.get("/access.xlsx", endpoint="access")
@limiter.limit("20/minute")
def access_() -> Response:
    """Who can do what: the roles that the page lists."""
    access.require(access.may_see_grants(access.who()))
    wish, english = grants.wish_of_request(), chosen() == "en"
    lines, _total = granted.page(db.session(), wish, now(), start=0, size=EVERY)
    headings = [
        *(_("Name"), _("Sign-in name"), _("Role"), _("Where"), _("State"), _("From"), _("Until")),
        *(_("Ended"), _("Given by"), _("Second factor missing")),
    ]
    states = {"now": _("In force"), "later": _("Not yet"), "over": _("Over")}
    rows: list[list[Cell]] = [
        [
            *(one.grant.account.label, one.grant.account.username),
            *(getattr(WORDS[Role(one.grant.role)], "name_en" if english else "name_zh"),),
            *(
                _where(one.grant),
                states[one.state],
                excel.at_hall(one.grant.since),
                excel.at_hall(one.grant.until),
            ),
            *(excel.at_hall(one.grant.ended_at), one.grant.giver.label if one.grant.giver else ""),
            _("yes") if one.lacks_factor else "",
        ]
        for one in lines
    ]
    narrowed = {key: text for key, text in asdict(wish).items() if text}
    return excel.listed("access", _("Access"), headings, rows, narrowed)


def _where(grant: Grant) -> str:
    if grant.skill is not None:
        return f"{grant.skill.code} {name(grant.skill)}"
    place = grant.zone or grant.delegation
    if place is not None:
        return str(name(place))
    own = grant.role == Role.COMPETITOR
    return str(_("own entries") if own else _("the whole competition"))


@blueprint.get("/exceptions.xlsx")
@limiter.limit("20/minute")
def exceptions() -> Response:
    """The exceptions: those that wait, or what the page is narrowed to."""
    access.require(access.may_organise(access.who()))
    wish = asked_lists.wish(request.args, NAMES, asked_lists.EXCEPTION_STATES)
    headings = [*_about_entry(), _("Rule"), *_about_asking()]
    states = {None: _("Waiting"), True: _("Granted"), False: _("Refused")}
    rows = [
        [
            *(*_of_entry(one.entry), NAMES[one.row.rule][chosen() == "en"], one.row.reason),
            *(one.asked_by, excel.at_hall(one.row.asked_at), states[one.row.is_granted]),
            *(one.answered_by, excel.at_hall(one.row.answered_at), one.row.answer),
        ]
        for one in asked_lists.exceptions(db.session(), wish, number=1, size=None).lines
    ]
    return excel.listed("exceptions", _("Exceptions"), headings, rows, wish.given())


@blueprint.get("/requests.xlsx")
@limiter.limit("20/minute")
def requests() -> Response:
    """The change requests: those that wait, or what the page is narrowed to."""
    access.require(access.may_organise(access.who()))
    kinds = {one.value: one for one in ChangeKind}
    wish = asked_lists.wish(request.args, kinds, asked_lists.REQUEST_STATES)
    headings = [*_about_entry(), _("Wanted"), *_about_asking()]
    rows = [
        [
            *(_of_entry(one.row.entry) if one.row.entry else _of_added(one)),
            *(entry_words.change(one.row.kind), one.row.reason, one.asked_by),
            *(excel.at_hall(one.row.asked_at), entry_words.request_state(one.row.state)),
            *(one.decided_by, excel.at_hall(one.row.decided_at), one.row.answer),
        ]
        for one in asked_lists.requests(db.session(), wish, number=1, size=None).lines
    ]
    return excel.listed("requests", _("Change requests"), headings, rows, wish.given())


def _about_entry() -> list[str]:
    return [_("Skill"), _("Name of the skill"), _("Delegation"), _("Full name")]


def _about_asking() -> list[str]:
    asked = [_("Reason"), _("Asked by"), _("Asked at"), _("State")]
    return [*asked, _("Answered by"), _("Answered at"), _("Answer")]


def _of_added(asked: changes.Request) -> list[Cell]:
    """Whom a request would add: no entry says it yet."""
    names = "、".join(one["name"] for one in asked.wanted.get("rows", ()))
    return [asked.wanted.get("skill", ""), "", name(asked.row.delegation), names]


def _of_entry(entry: Entry) -> list[Cell]:
    names = "、".join(member.person.name for member in entry.members)
    return [entry.skill.code, name(entry.skill), name(entry.delegation), names]


def _of_tile(tile: Tile, profile: Profile) -> list[Cell]:
    line, english = tile.line, chosen() == "en"
    ahead = line.ends_at or line.next_at
    return [
        *(line.skill.code, name(line.skill), name(line.skill.zone) if line.skill.zone else ""),
        *(name(line.skill.venue) if line.skill.venue else "", excel.at_hall(ahead)),
        *(line.entries, line.competitors, line.judges, len(tile.reds), len(tile.ambers)),
        "；".join(one.en if english else one.zh for one in tile.missing),
        *(_state(line.state), name(line.skill, "sector"), _track(line.skill.track)),
        name(profile, "host"),
        "；".join(name(one) for one in profile.sponsors),
    ]


def _state(state: str) -> str:
    words = {
        "not_started": _("Not started"),
        "running": _("In progress"),
        "paused": _("Paused"),
        "frozen": _("Frozen"),
        "checking": _("Being confirmed"),
        "locked": _("Locked"),
    }
    return str(words[state])


def _track(track: str) -> str:
    words = {"world": _("World selection"), "national": _("National selection")}
    return str(words.get(track, track))


def _of_lock(line: LockLine) -> list[Cell]:
    act = line.standing.act
    words = {
        LockState.OPEN: _("not locked"),
        LockState.LOCKED: _("locked"),
        LockState.UNLOCKED: _("unlocked again"),
    }
    if act is None:
        return [words[line.standing.state], "", None, None]
    return [words[line.standing.state], act.by, excel.at_hall(act.at), excel.at_hall(act.until)]
