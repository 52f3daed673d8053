"""The catalogue: the 64 skills, the zones and venues, the delegations, from our own data files."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from sqlalchemy.orm import Session

from competition.models import Delegation, Skill, Venue, Zone

DATA = files("competition") / "data"


@dataclass(frozen=True, slots=True)
class SkillFacts:
    """A line of skills64.csv. `track` is "world" or "national"; `venue` is a code of places.yaml.

    `is_blind`: what is judged stays behind without its maker, so judges can see codes only.
    """

    code: str
    name_zh: str
    name_en: str
    track: str
    sector_zh: str
    sector_en: str
    team_size: int
    is_blind: bool
    venue: str


@dataclass(frozen=True, slots=True)
class Place:
    """A zone (赛区), a venue in a zone, or a delegation with the regions it stands for."""

    code: str
    name_zh: str
    name_en: str
    zone: str = ""
    regions: tuple[str, ...] = ()


@cache
def skills() -> tuple[SkillFacts, ...]:
    """The 64 skills, in the order of their codes."""
    with (DATA / "skills64.csv").open(encoding="utf-8") as lines:
        return tuple(
            SkillFacts(
                code=row["code"],
                name_zh=row["name_zh"],
                name_en=row["name_en"],
                track=row["track"],
                sector_zh=row["sector_zh"],
                sector_en=row["sector_en"],
                team_size=int(row["team_size"]),
                is_blind=row["blind"] == "yes",
                venue=row["venue"],
            )
            for row in csv.DictReader(lines)
        )


@cache
def _places() -> dict[str, Any]:
    places: dict[str, Any] = yaml.safe_load((DATA / "places.yaml").read_text("utf-8"))
    return places


def zones() -> tuple[Place, ...]:
    """The five zones that the catalogue's venues lie in, the main one first."""
    return tuple(Place(**row) for row in _places()["zones"])


def venues() -> tuple[Place, ...]:
    """The halls, each with the code of its zone."""
    return tuple(Place(**row) for row in _places()["venues"])


def delegations() -> tuple[Place, ...]:
    """The thirteen prefectures."""
    return tuple(
        Place(**{**row, "regions": tuple(row["regions"])}) for row in _places()["delegations"]
    )


def add(session: Session, chosen: tuple[Place, ...]) -> tuple[list[Skill], list[Delegation]]:
    """Add the catalogue inside the caller's transaction, held in the chosen zones.

    A skill whose venue lies in a zone that was not chosen is left without a place, for the office
    to give it one.
    """
    zone_rows = {
        zone.code: Zone(code=zone.code, name_zh=zone.name_zh, name_en=zone.name_en)
        for zone in chosen
    }
    venue_rows = {
        venue.code: Venue(zone=zone_rows[venue.zone], name_zh=venue.name_zh, name_en=venue.name_en)
        for venue in venues()
        if venue.zone in zone_rows
    }
    delegation_rows = [
        Delegation(code=place.code, name_zh=place.name_zh, name_en=place.name_en)
        for place in delegations()
    ]
    skill_rows = [_skill(facts, venue_rows.get(facts.venue)) for facts in skills()]
    session.add_all([*zone_rows.values(), *venue_rows.values(), *delegation_rows, *skill_rows])
    session.flush()
    return skill_rows, delegation_rows


def _skill(facts: SkillFacts, venue: Venue | None) -> Skill:
    return Skill(
        code=facts.code,
        name_zh=facts.name_zh,
        name_en=facts.name_en,
        sector_zh=facts.sector_zh,
        sector_en=facts.sector_en,
        track=facts.track,
        team_size=facts.team_size,
        is_blind=facts.is_blind,
        venue=venue,
        zone=venue.zone if venue else None,
    )
