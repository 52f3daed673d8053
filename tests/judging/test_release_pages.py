"""Choosing for many skills what the public sees: the page that is looked at first."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from competition.database import writing
from competition.models import Account, Grant, Role
from judging.models import Aspect
from tests.entering import entered
from tests.judging.desks import add_period
from tests.judging.seed import Seeded

LOOK = "/office/release/look"
FORM = {"policy": "confirmed", "delay": "7", "skill": "T17"}


@pytest.fixture
def office(sqlite_app: Flask, day: Seeded) -> FlaskClient:
    with sqlite_app.app_context(), writing() as session:
        account = Account(username="office", label="秘书处", fs_uniquifier="office")
        account.grants = [Grant(role=Role.ORGANISER)]
        session.add(account)
    return entered(sqlite_app, "office")


def test_a_moment_that_is_over_is_refused_at_the_look_and_the_form_stays(
    office: FlaskClient,
) -> None:
    answer = office.post(LOOK, data={**FORM, "at": "2020-01-01T10:00"})
    assert answer.status_code == 409 and "计划的时间已经过去" in answer.text
    assert 'value="7"' in answer.text and "2020-01-01T10:00" in answer.text
    assert office.post(LOOK, data=FORM).status_code == 200


def test_the_look_is_repeated_in_the_other_language(office: FlaskClient) -> None:
    for form in (FORM, {**FORM, "skill": ""}):  # also where nothing was chosen
        switch = f"/language/en?next={LOOK}?"
        assert f'<form method="post" action="{switch}">' in office.post(LOOK, data=form).text
        again = office.post(switch, data=form)
        assert (again.status_code, again.location) == (307, LOOK)
        english = office.post(again.location, data=form).text
        assert '<html lang="en"' in english and 'value="7"' in english
        office.get("/language/zh")


def test_a_board_that_would_stay_empty_is_said_before(
    sqlite_app: Flask, day: Seeded, office: FlaskClient
) -> None:
    chief = entered(sqlite_app, "chief")
    bare, unplaced = "没有自动评分的评分点", "还没有开始，没有名次"
    automatic = {**FORM, "policy": "automatic"}
    assert bare not in office.post(LOOK, data=automatic).text
    with sqlite_app.app_context(), writing() as session:
        session.execute(update(Aspect).values(is_automatic=False))
    assert f"{bare}，锁定之前每一行都没有分数：T17" in office.post(LOOK, data=automatic).text
    assert bare in chief.get("/desk/T17/release/automatic").text
    assert bare not in office.post(LOOK, data=FORM).text
    assert bare not in chief.get("/desk/T17/release/confirmed").text

    assert unplaced in office.post(LOOK, data={**FORM, "top": "3"}).text
    assert unplaced in chief.get("/desk/T17/release/confirmed").text
    assert unplaced not in office.post(LOOK, data=FORM).text
    assert unplaced not in chief.get("/desk/T17/release/hidden").text
    add_period(sqlite_app, started=True)
    assert unplaced not in office.post(LOOK, data={**FORM, "top": "3"}).text
    assert unplaced not in chief.get("/desk/T17/release/confirmed").text


def test_the_office_keeps_its_form_when_the_moment_passed_before_it_confirmed(
    office: FlaskClient,
) -> None:
    late = {**FORM, "at": "2020-01-01T10:00", "key": "too-late-by-now"}
    answer = office.post("/office/release", data=late)
    assert answer.status_code == 409 and "计划的时间已经过去" in answer.text
    assert 'value="7"' in answer.text and 'value="T17" checked' in answer.text


def test_an_undo_with_nothing_left_says_so(office: FlaskClient) -> None:
    office.post("/office/release", data={**FORM, "key": "once-and-for-all"})
    said = []
    for _time in range(2):
        office.post("/office/release/back", data={"key": "once-and-for-all"})
        said.append(office.get("/office/release").text)
    assert "1 个赛项已恢复原来的公开方式" in said[0]
    assert "没有可以撤销的改变" in said[1] and "0 个赛项" not in said[1]


def test_one_skill_is_one_in_english(office: FlaskClient) -> None:
    office.get("/language/en")
    assert "the 1 skill" in office.get("/office/release").text
    look = office.post(LOOK, data={**FORM, "top": "1"}).text
    assert "first place only" in look and "<dt>skill</dt>" in look
    office.post("/office/release", data={**FORM, "key": "once-and-for-all"})
    assert "1 of the chosen is shown like this" in office.post(LOOK, data=FORM).text
    office.post("/office/release/back", data={"key": "once-and-for-all"})
    assert "1 skill is shown as before again." in office.get("/office/release").text
