"""The page of ties at a browser: the chief judge decides by codes, and everything leads there."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition import pins
from competition.database import db
from judging.models import TieDecision
from tests.judging.desks import page, read, said, signed_in
from tests.judging.official import lock, mark_everything, rules
from tests.judging.seed import CODES, PEOPLE, Seeded

FOUR = ({}, {"A1.02": 0}, {"A1.02": 0, "A1.04": 0}, {"A1.01": 0, "A1.03": 0})
WHERE = "/results/T17/ties"
TIMES = {"by": "time", "figure-K-246": "4:40:00", "figure-K-391": "16632", "reason": "计时表"}


@pytest.fixture
def locked(sqlite_app: Flask, day: Seeded) -> Seeded:
    with sqlite_app.app_context():
        rules(day)
        mark_everything(day, *FOUR)
        lock(day)
        pins.set_(day.judges["chief"], "2580")
        db.session.remove()
    return day


def english(client: FlaskClient) -> str:
    client.get("/language/en")
    return page(client, WHERE)


def key(client: FlaskClient) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page(client, WHERE))
    assert found is not None
    return found[1]


def test_everything_leads_to_the_page_and_it_names_codes_only(locked: Seeded, chief: FlaskClient):
    for place in ("/desk/T17", "/sign-off/T17", "/results/T17"):
        assert f'href="{WHERE}"' in page(chief, place)
    assert "正式成绩</span>" not in page(chief, "/desk/T17")
    shown = page(chief, WHERE)
    assert "第 3 至 4 名待定" in shown and "K-246" in shown and "K-391" in shown
    assert not any(one in shown for person in PEOPLE for one in person)
    assert "Places 3 to 4 are not decided" in english(chief)


def test_times_are_typed_either_way_and_decide(sqlite_app, locked, chief):
    assert "裁决已记录" in said(chief.post(WHERE, data=TIMES | {"key": key(chief)}), chief)
    (row,) = read(sqlite_app, select(TieDecision))
    assert sorted(row.of_entries.values()) == [16632, 16800]
    assert "4:37:12" in page(chief, WHERE) and "待定" not in page(chief, WHERE)
    assert f'href="{WHERE}"' not in page(chief, "/sign-off/T17")
    traced = page(chief, "/provenance/T17/K-246")
    assert "4:40:00" in traced and "与 K-391 同分" in traced and "计时表" in traced
    assert "裁决了同分" in page(chief, "/results/T17")


def test_what_is_wrong_is_said_and_what_was_typed_stays(sqlite_app, locked, chief):
    wrong = chief.post(WHERE, data=TIMES | {"key": key(chief), "figure-K-391": "五小时"})
    assert wrong.status_code == 409 and "K-391：没有看懂“五小时”，什么都没有改变" in wrong.text
    for spoilt in ({"by": "coin"}, {"figure-K-246": "\0"}, {"reason": ""}, {"figure-K-000": "1"}):
        answer = chief.post(WHERE, data=TIMES | {"key": key(chief)} | spoilt)
        assert answer.status_code == 409 and "什么都没有改变" in answer.text
    assert not read(sqlite_app, select(TieDecision))


def test_a_ruling_needs_the_chief_judges_pin(sqlite_app, locked, chief):
    form = {
        "by": "ruling", "figure-K-246": "2", "figure-K-391": "1", "reason": "现场复看",
        "form": "tie-1-ruling",
    }  # fmt: skip
    wrong = chief.post(WHERE, data=form | {"key": key(chief), "pin": "1111"})
    assert wrong.status_code == 403 and "PIN 不对" in wrong.text and "现场复看" in wrong.text
    assert not read(sqlite_app, select(TieDecision))
    assert "裁决已记录" in said(
        chief.post(WHERE, data=form | {"key": key(chief), "pin": "2580"}), chief
    )
    assert "已用 PIN 签字" in page(chief, WHERE)
    assert signed_in(sqlite_app, "li").get(WHERE).status_code == 403


def test_the_results_are_handed_over_only_when_every_place_is_decided(locked, chief):
    shown = page(chief, "/results/T17")
    assert "待定的名次：2 个" in shown and "results/T17/1/handed_over" not in shown
    refused = said(chief.post("/results/T17/1/handed_over"), chief)
    assert "2 个名次待定，没有交出" in refused and WHERE in refused
    chief.post(WHERE, data=TIMES | {"key": key(chief)})
    assert "成绩已交出" in said(chief.post("/results/T17/2/handed_over"), chief)
    late = chief.post(WHERE, data=TIMES | {"key": "a-later-key"})
    assert late.status_code == 409 and "成绩已经交出" in late.text


def test_before_the_lock_the_page_says_when(sqlite_app, day, chief):
    assert "赛项锁定后才知道谁同分" in page(chief, WHERE)
    assert CODES[0] not in page(chief, WHERE)
