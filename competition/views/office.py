"""The organiser's office: how the skills stand, who takes part, the demo's bots."""

from collections import Counter

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition import access, demo, entry_locks, lists, overview, tiles
from competition.database import db
from competition.moment import now
from competition.rules.preflight import Light
from competition.tiles import Tile
from competition.views.language import chosen
from competition.views.limits import limiter
from competition.views.named import skill_or_404
from competition.views.signin import local

blueprint = Blueprint("office", __name__, url_prefix="/office")
PAGE = 20  # people on one page


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """The skills by zone, each a tile: its state, its light, what is missing, its next date;
    ?zone=…&light=… shows some of them."""
    account = access.who()
    access.require(access.may_enter_office(account))
    every = tiles.tiles(db.session(), now(), lambda skill: access.may_organise(account, skill))
    zone, light = request.args.get("zone", ""), request.args.get("light", "")
    there = [one for one in every if tiles.fits(one, zone)]
    shown = [one for one in there if tiles.fits(one, light=light)]
    zones: dict[str, list[Tile]] = {}
    for tile in shown:
        zones.setdefault(_zone(tile), []).append(tile)
    lines = [tile.line for tile in every]
    return render_template(
        "office/home.html",
        zones=sorted(zones.values(), key=len, reverse=True),
        every=every,
        shown=len(shown),
        lights=Counter(tile.light for tile in there),
        all_zones={_zone(tile): tile.line.skill.zone for tile in every if _zone(tile)},
        zone=zone,
        light=light if light in set(Light) else "",
        here=len(there),
        english=chosen() == "en",
        has_judges=access.may_organise(access.who()),
        stages=access.may_stage(access.who()),
        states=Counter(line.state for line in lines),
        competitors=sum(line.competitors for line in lines),
        judges=sum(line.judges for line in lines),
        dates=overview.dates(db.session(), now()),
        delegations=overview.delegation_sizes(db.session()) if access.may_organise(account) else [],
    )


def _zone(tile: Tile) -> str:
    return tile.line.skill.zone.code if tile.line.skill.zone else ""


@blueprint.get("/skills/<code>")
def people(code: str) -> ResponseReturnValue:
    """The panel and the competitors of a skill, a page at a time."""
    account = access.who()
    access.require(access.may_enter_office(account))
    skill = skill_or_404(code)
    access.require(access.may_organise(account, skill))
    words = request.args.get("words", "").strip()[:100]
    number = request.args.get("page", 1, type=int)
    found = lists.people(db.session(), skill.id, words, number=number, size=PAGE)
    return render_template(
        "office/people.html",
        skill=skill,
        panel=overview.panel_of(db.session(), skill.id, now()),
        found=found,
        words=words,
        lock=entry_locks.standings(db.session(), now(), [skill.id])[skill.id],
    )


@blueprint.post("/simulation")
@limiter.limit("20/minute")
def simulation() -> ResponseReturnValue:
    """Switch the demo's bots on or off: whoever looks at the demo may; elsewhere there are none."""
    account = access.who()
    on = request.form.get("on") == "1"
    demo.simulate(on, account.id if account else None)
    flash(_("Bots are marking now.") if on else _("The bots have stopped marking."), "success")
    return redirect(local(request.form.get("next")) or url_for("boards.home"), code=303)
