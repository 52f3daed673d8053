"""The organiser's 64 tiles: the lights of all skills at once are those of each alone."""

import io
import re

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import event, select

from competition import tiles
from competition.database import db, writing
from competition.models import Entry, Period, Skill, Stage
from competition.moment import now
from competition.rules.preflight import Light
from judging import preflight
from tests.competition.views.test_office import enter, text_of


def test_all_at_once_say_the_same_as_each_alone(judged_demo: Flask) -> None:
    with judged_demo.app_context():
        with writing() as session:
            entries = session.scalars(select(Entry).join(Skill).where(Skill.code == "W17")).all()
            entries[0].workstation = entries[1].workstation
            entries[2].state = "entered"
            entries[3].state = "withdrawn"
            session.scalars(select(Skill).where(Skill.code == "W05")).one().venue_id = None
        skills = db.session.scalars(select(Skill)).all()
        every = preflight.of_skills(db.session(), skills)
        assert len(every) == 64
        for skill in skills[::9]:
            assert every[skill.id] == preflight.of_skill(db.session(), skill)
        (w17,) = [skill for skill in skills if skill.code == "W17"]
        found = {one.name: one for one in every[w17.id]}
        assert found["workstations"].en.endswith("1 doubled")
        assert found["eligibility"].en.startswith("1 entries")
        assert found["codes"].light is found["aliases"].light is Light.GREEN


def test_a_handful_of_queries(judged_demo: Flask) -> None:
    with judged_demo.app_context():
        asked: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        found = tiles.tiles(db.session(), now(), lambda _skill: True)
    assert len(found) == 64
    assert len(asked) < 36, "\n".join(asked)


def test_the_page_filters_by_zone_and_light(judged_demo: Flask) -> None:
    with judged_demo.app_context(), writing() as session:
        skill = session.scalars(select(Skill).where(Skill.code == "W05")).one()
        skill.venue_id = None
        assert skill.zone is not None
        zone = skill.zone.code
    client = enter(judged_demo, "organiser")
    page = text_of(client, "/office/")
    assert page.count('class="facet office-tile"') == 64
    assert "1 项未通过" in page and "场馆：未定" in page
    red = text_of(client, "/office/?light=red")
    assert re.findall(r'class="figure soft">([WN]\d\d)<', red) == ["W05"]
    assert text_of(client, f"/office/?light=red&zone={zone}").count("office-tile-top") == 1
    assert "该赛区没有这种检查结果" in text_of(client, "/office/?light=red&zone=nowhere")
    assert text_of(client, "/office/?light=mauve").count("office-tile-top") == 64
    answer = client.get("/office/skills.xlsx?light=red")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["W05"]
    assert "场馆：未定" in str(rows[1])


def test_what_is_next(judged_demo: Flask) -> None:
    from datetime import timedelta

    with judged_demo.app_context():
        ahead = now() + timedelta(days=3)
        with writing() as session:
            period = session.scalars(
                select(Period).join(Skill).where(Skill.code == "W17", Period.number == 1)
            ).one()
            period.planned_at = ahead
            for stage in session.scalars(select(Stage)):
                stage.entries_until = ahead
        found = {
            one.line.skill.code: one for one in tiles.tiles(db.session(), now(), lambda _: True)
        }
        assert found["W17"].line.next_at == ahead
    page = text_of(enter(judged_demo, "organiser"), "/office/")
    assert "报名截止" in page


def test_without_anybody_who_knows_them_there_are_no_lights(judged_demo: Flask) -> None:
    judged_demo.extensions.pop("podium_lights")
    page = text_of(enter(judged_demo, "organiser"), "/office/")
    assert page.count("office-tile-top") == 64
    assert 'class="office-light" data-light' not in page


@pytest.mark.parametrize("username", ["w17-chief", "leader-harbin"])
def test_only_the_office_takes_the_file(judged_demo: Flask, username: str) -> None:
    assert enter(judged_demo, username).get("/office/skills.xlsx").status_code == 403


def test_a_locked_skill_is_called_locked(judged_demo: Flask) -> None:
    """Whether its results are official, hidden or wait for a decision, the office does not ask."""
    with judged_demo.app_context(), writing() as session:
        session.scalars(select(Skill).where(Skill.code == "W05")).one().locked_at = now()
    client = enter(judged_demo, "organiser")
    page = text_of(client, "/office/")
    assert "已锁定" in page and "data-word>正式成绩" not in page
    book = openpyxl.load_workbook(io.BytesIO(client.get("/office/skills.xlsx").data))
    assert "已锁定" in {cell for row in book.active.iter_rows(values_only=True) for cell in row}
    leader = enter(judged_demo, "leader-harbin")
    assert "已锁定" in leader.get("/delegation/", follow_redirects=True).text
