"""The organiser's command board: every skill a tile, followed while marks are given."""

from collections import Counter

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from competition import access
from competition.database import db
from competition.moment import now
from judging import command
from judging.command import Tile

blueprint = Blueprint("command", __name__, url_prefix="/office/command")


@blueprint.get("")
def page() -> ResponseReturnValue:
    """The tiles; ?order=needs|zone&zone=…, and ?wall=1 without what only a hand needs."""
    account = access.who()
    access.require(access.may_enter_office(account))
    at = now()
    every = command.tiles(db.session(), at, lambda skill: access.may_organise(account, skill))
    zones = {one.skill.zone.code: one.skill.zone for one in every if one.skill.zone}
    zone = request.args.get("zone", "")
    shown = [one for one in every if not zone or _zone(one) == zone]
    order = request.args.get("order", "")
    by_need = order == "needs"
    return render_template(
        "command/page.html",
        groups=[sorted(shown, key=lambda one: one.rank)] if by_need else _by_zone(shown),
        every=every,
        shown=shown,
        lights=Counter(one.far.light for one in shown),
        zones=zones,
        zone=zone if zone in zones else "",
        by_need=by_need,
        wall="wall" in request.args,
        at=at,
        directed={one.skill.id for one in shown if access.may_direct(account, one.skill)},
    )


def _zone(tile: Tile) -> str:
    return tile.skill.zone.code if tile.skill.zone else ""


def _by_zone(tiles: list[Tile]) -> list[list[Tile]]:
    """By zone, the largest first."""
    found: dict[str, list[Tile]] = {}
    for one in tiles:
        found.setdefault(_zone(one), []).append(one)
    return sorted(found.values(), key=len, reverse=True)
