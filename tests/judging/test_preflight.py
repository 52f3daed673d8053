"""Preflight of a skill from its rows, and the door that a red light keeps shut."""

import pytest
from flask import Flask
from sqlalchemy import select

from competition.database import db
from competition.models import Account, Competition, Entry, EntryState, Grant, Period, Skill
from competition.rules.preflight import Light
from competition.rules.refusal import Refusal
from judging import preflight
from tests.competition.views.test_office import enter, text_of


def lights(skill: Skill) -> dict[str, Light]:
    return {one.name: one.light for one in preflight.of_skill(db.session(), skill)}


def w17() -> Skill:
    return db.session.scalars(select(Skill).where(Skill.code == "W17")).one()


def test_the_demo_shows_what_is_missing(judged_demo: Flask) -> None:
    with judged_demo.app_context():
        found = lights(w17())
    assert found["scheme"] is found["total"] is found["rules"] is found["chief"] is Light.GREEN
    assert found["panel"] is found["codes"] is found["aliases"] is Light.GREEN
    assert found["images"] is Light.AMBER  # no worker runs in a test


def test_faults_in_the_rows_turn_lights_on(judged_demo: Flask) -> None:
    with judged_demo.app_context():
        skill = w17()
        entries = db.session.scalars(select(Entry).where(Entry.skill_id == skill.id)).all()
        entries[0].workstation = entries[1].workstation
        entries[2].state = EntryState.ENTERED
        judge = db.session.scalars(
            select(Account)
            .join(Account.grants)
            .where(Grant.skill_id == skill.id, Grant.role == "judge")
        ).first()
        judge.person.affiliation_id = entries[0].members[0].person.affiliation_id
        db.session.commit()
        found = lights(skill)
        assert found["workstations"] is Light.AMBER
        assert found["eligibility"] is found["conflicts"] is Light.RED


def test_a_real_competition_does_not_start_with_a_red_light(judged_demo: Flask) -> None:
    with judged_demo.app_context():
        competition = db.session.scalars(select(Competition)).one()
        competition.is_demo = False
        skill = w17()
        skill.venue_id = None
        db.session.commit()
        period = db.session.scalars(select(Period).where(Period.skill_id == skill.id)).one()
        chief = db.session.scalars(
            select(Account).join(Account.grants).where(Grant.role == "chief_judge")
        ).first()
        with pytest.raises(Refusal, match="preflight"):
            preflight.start(db.session(), skill, period.id, actor_id=chief.id)
        assert db.session.get(Period, period.id).started_at is None


def test_the_page_is_for_the_office_and_the_chief_judge(judged_demo: Flask) -> None:
    for username in ("organiser", "w17-chief"):
        page = text_of(enter(judged_demo, username), "/office/skills/W17/preflight")
        assert page.count("<li><svg") >= 20
    for username in ("leader-harbin", "w17-01", "w17-judge-1", "w01-chief"):
        client = enter(judged_demo, username)
        assert client.get("/office/skills/W17/preflight").status_code == 403
    assert judged_demo.test_client().get("/office/skills/W17/preflight").status_code == 302
