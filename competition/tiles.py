"""The organiser's tiles: how each skill stands, its light, what is missing, its next date.

The lights need marks and tasks, of which `competition` knows nothing: whoever puts the site
together says who knows them (`register`); without anybody every tile is without a light.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy.orm import Session

from competition.models import Skill
from competition.overview import SkillLine, skill_lines
from competition.rules.preflight import Light, Result

Lights = Callable[[Session, Sequence[Skill]], dict[int, list[Result]]]
_KEY = "podium_lights"


@dataclass(frozen=True, slots=True)
class Tile:
    """One skill. `light` is the worst of its checks; `reds` and `ambers` are those not passed."""

    line: SkillLine
    light: Light | None
    reds: list[Result]
    ambers: list[Result]

    @property
    def missing(self) -> list[Result]:
        """What is not in order, the worst first."""
        return [*self.reds, *self.ambers]


def register(app: Flask, lights: Lights) -> None:
    """Say who knows the checks of skills."""
    app.extensions[_KEY] = lights


def tiles(session: Session, at: datetime, may_see: Callable[[Skill], bool]) -> list[Tile]:
    """A tile for every skill that may be seen, in a handful of queries for all of them."""
    lines = [line for line in skill_lines(session, at) if may_see(line.skill)]
    lights: Lights | None = current_app.extensions.get(_KEY)
    found = lights(session, [line.skill for line in lines]) if lights is not None else {}
    return [_tile(line, found.get(line.skill.id)) for line in lines]


def fits(tile: Tile, zone: str = "", light: str = "") -> bool:
    """Whether a tile is of a zone and has a light; empty words, and lights that are none, narrow
    nothing."""
    own = tile.line.skill.zone.code if tile.line.skill.zone else ""
    return (not zone or own == zone) and (light not in set(Light) or tile.light == light)


def _tile(line: SkillLine, results: list[Result] | None) -> Tile:
    if results is None:
        return Tile(line, None, [], [])
    reds = [one for one in results if one.light is Light.RED]
    ambers = [one for one in results if one.light is Light.AMBER]
    light = Light.RED if reds else Light.AMBER if ambers else Light.GREEN
    return Tile(line, light, reds, ambers)
