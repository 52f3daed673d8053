"""Choosing for many skills what the public sees: the page that is looked at first."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from competition.database import writing
from competition.models import Account, Grant, Role
from tests.entering import entered
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


def test_an_undo_with_nothing_left_says_so(office: FlaskClient) -> None:
    office.post("/office/release", data={**FORM, "key": "once-and-for-all"})
    said = []
    for _time in range(2):
        office.post("/office/release/back", data={"key": "once-and-for-all"})
        said.append(office.get("/office/release").text)
    assert "1 个赛项已恢复原来的公开方式" in said[0]
    assert "没有可以撤销的改变" in said[1] and "0 个赛项" not in said[1]
