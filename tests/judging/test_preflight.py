"""Preflight of a skill from its rows, and the door that a red light keeps shut."""

import pytest
from flask import Flask
from sqlalchemy import select

from competition.database import db
from competition.models import (
    Account,
    Competition,
    Entry,
    EntryState,
    Grant,
    Period,
    SecondFactor,
    Skill,
)
from competition.moment import now
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
            .where(Grant.skill_id == skill.id, Grant.role == "chief_judge")
        ).first()
        judge.person.affiliation_id = entries[0].members[0].person.affiliation_id
        db.session.commit()
        found = lights(skill)
        assert found["workstations"] is Light.AMBER
        assert found["eligibility"] is found["conflicts"] is Light.RED


def test_who_can_change_results_has_a_second_factor(judged_demo: Flask) -> None:
    def missing() -> str:
        found = preflight.of_skill(db.session(), w17())
        return next(one.en for one in found if one.name == "second_factor")

    with judged_demo.app_context():
        assert lights(w17())["second_factor"] is Light.GREEN, "the demo does not ask for one"
        db.session.scalars(select(Competition)).one().asks_second_factor = True
        db.session.commit()
        said = missing()
        assert "organiser" in said
        assert "w17-chief" in said
        assert "w10-chief" not in said, "of this skill only"
        assert "w17-judge-1" not in said, "a judge's tablet is paired, and a second judge confirms"
        names = ("organiser", "w17-chief")
        accounts = db.session.scalars(select(Account).where(Account.username.in_(names))).all()
        for account in accounts:
            db.session.add(
                SecondFactor(account_id=account.id, seed="ab" * 20, last_counter=0, at=now())
            )
        db.session.commit()
        found = lights(w17())
        assert found["second_factor"] is Light.GREEN, missing()
        assert found["second_factor_asked"] is Light.GREEN


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
