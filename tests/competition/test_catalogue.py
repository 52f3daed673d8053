"""Our own copy of the 64 skills, the places, and how they become rows."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from competition import catalogue
from competition.database import db, writing
from competition.models import Delegation, Skill, Venue, Zone

SHARED = Path(__file__).parents[3] / "shared/fixtures/skills64.csv"


def test_64_skills_of_which_21_are_national() -> None:
    skills = catalogue.skills()
    assert len({skill.code for skill in skills}) == 64
    assert Counter(skill.track for skill in skills) == {"world": 43, "national": 21}
    assert all(skill.name_zh and skill.name_en and skill.sector_zh for skill in skills)


def test_46_skills_in_harbin_and_18_in_four_other_zones() -> None:
    zone_of = {venue.code: venue.zone for venue in catalogue.venues()}
    zones = Counter(zone_of[skill.venue] for skill in catalogue.skills())
    assert zones["harbin"] == 46
    assert sum(zones.values()) - 46 == 18
    assert set(zones) == {zone.code for zone in catalogue.zones()}


def test_13_delegations_with_the_counties_of_heilongjiang() -> None:
    delegations = catalogue.delegations()
    assert len({delegation.code for delegation in delegations}) == 13
    for delegation in delegations:
        assert delegation.regions
        assert all(len(region) == 6 and region[:2] == "23" for region in delegation.regions)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared fixtures are not beside the project")
def test_our_copy_tells_the_same_facts() -> None:
    with SHARED.open(encoding="utf-8", newline="") as lines:
        shared = {row["code"]: row for row in csv.DictReader(lines)}
    assert list(shared) == [skill.code for skill in catalogue.skills()]
    for skill in catalogue.skills():
        row = shared[skill.code]
        assert (skill.name_zh, skill.name_en) == (row["name_zh"], row["name_en"])
        assert (skill.sector_zh, skill.team_size) == (row["cluster_zh"], int(row["team_size"]))


def test_rows_for_the_chosen_zones(context: Flask) -> None:
    harbin = tuple(zone for zone in catalogue.zones() if zone.code == "harbin")
    with writing() as session:
        skills, delegations = catalogue.add(session, harbin)
    assert (len(skills), len(delegations)) == (64, 13)
    assert db.session.scalars(select(Zone.code)).all() == ["harbin"]
    assert len(db.session.scalars(select(Venue.id)).all()) == 4
    assert len(db.session.scalars(select(Delegation.id)).all()) == 13
    without = db.session.scalars(select(Skill.code).where(Skill.zone_id.is_(None))).all()
    assert len(without) == 18
    web = db.session.scalar(select(Skill).where(Skill.code == "W17"))
    assert web is not None
    assert web.is_blind
    assert web.venue is not None
    assert web.venue.zone.code == "harbin"
