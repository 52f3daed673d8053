"""The form that adds one entry: the way of a leader, what stays typed, the request, who may."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from competition import privacy, skill_rules
from competition.database import db, writing
from competition.models import ChangeRequest, Entry, Grant, Role, Skill, Stage
from competition.moment import now
from competition.people import add_account, hashed
from competition.rules.skill_rules import PRESETS
from tests.competition import rostering as r
from tests.entering import entered

FORM = "/delegation/2301/add/W17"
GIVEN = {
    "name-0": "张三",
    "id_number-0": r.number(1),
    "affiliation-0": "一中",
    "status-0": "student",
    "coach": "王师傅",
}


@pytest.fixture
def site(sqlite_app: Flask) -> Iterator[Flask]:
    """A founded competition with a leader of Harbin and one of Daqing, and a second secretary."""
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        r.founded()
        password = hashed("long enough 123")
        with writing() as session:
            for name, code in (("harbin", "2301"), ("daqing", "2306")):
                grant = Grant(role=Role.TEAM_LEADER, delegation_id=r.delegation_id(code))
                add_account(
                    session, username=name, label=name, password_hash=password, grants=[grant]
                )
    yield sqlite_app


def text(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def close(site: Flask) -> None:
    with site.app_context(), writing() as session:
        session.execute(update(Stage).values(entries_until=now() - timedelta(days=1)))


def entries(site: Flask) -> int:
    with site.app_context():
        return r.many(Entry)


def test_a_leader_enters_somebody(site: Flask) -> None:
    leader = entered(site, "harbin")
    home = text(leader, "/delegation/")
    assert 'href="/delegation/2301/add"' in home and "逐个增加选手" in home
    assert f'href="{FORM}"' in text(leader, "/delegation/2301/add")
    empty = text(leader, FORM)
    assert "身份证号" in empty and 'name="reason"' not in empty and "name-1" not in empty
    answer = leader.post(FORM, data=GIVEN)
    assert answer.status_code == 303 and answer.location.endswith("?sent=1")
    seen = text(leader, answer.location)
    assert "已报名" in seen and "张三" in seen and r.number(1) not in seen
    assert f'href="{FORM}"' in text(leader, "/delegation/")
    again = text(leader, leader.post(FORM, data=GIVEN).location)
    assert "没有改变" in again and entries(site) == 1
    assert "表单 form · W17" in text(leader, "/delegation/roster")
    batch = leader.get("/roster/1")
    assert batch.status_code == 200 and "撤销" in batch.get_data(as_text=True)


def test_what_was_typed_stays_beside_its_sentence(site: Flask) -> None:
    leader = entered(site, "harbin")
    wrong = {**GIVEN, "id_number-0": "123", "reserve": "1", "phone-0": "12", "coach": "李4"}
    wrong["local_years-0"] = "三"
    answer = leader.post(FORM, data=wrong)
    seen = answer.get_data(as_text=True)
    assert answer.status_code == 422 and entries(site) == 0
    for stays in ('value="123"', 'value="张三"', 'value="一中"', 'value="李4"', 'value="12"'):
        assert stays in seen
    assert 'value="student" selected' in seen and "checked" in seen
    for said in ("id_number-0-said", "phone-0-said", "local_years-0-said", "coach-said"):
        assert f'aria-describedby="{said}"' in seen and f'id="{said}"' in seen
    assert "应为 18 位，现有 3 位" in seen
    leader.get("/language/en")
    assert "Should have 18 characters" in leader.post(FORM, data=wrong).get_data(as_text=True)


def test_a_team_and_its_second_person(site: Flask) -> None:
    with site.app_context():
        form = f"/delegation/2301/add/{r.team_skill()}"
    leader = entered(site, "harbin")
    assert "选手 2" in text(leader, form)
    both = {**GIVEN, "name-1": "李四", "id_number-1": "9"}
    seen = leader.post(form, data=both).get_data(as_text=True)
    assert 'id="id_number-1-said"' in seen and 'id="id_number-0-said"' not in seen.replace(
        '<p class="hint" id="id_number-0-said"', ""
    )
    assert leader.post(form, data=GIVEN).status_code == 303  # a team that is short, for now
    assert entries(site) == 1


def test_after_the_deadline_the_secretariat_answers(site: Flask) -> None:
    close(site)
    leader, office = entered(site, "harbin"), entered(site, "office")
    assert 'name="reason"' in text(leader, FORM)
    refused = leader.post(FORM, data=GIVEN)
    assert refused.status_code == 422 and "须说明理由" in refused.get_data(as_text=True)
    answer = leader.post(FORM, data={**GIVEN, "reason": "漏报了"})
    assert answer.status_code == 303 and entries(site) == 0
    home = text(leader, answer.location)
    assert "等待秘书处答复" in home and "漏报了" in home
    listed = text(office, "/office/requests")
    with site.app_context():
        masked = privacy.mask(r.number(1))
        waiting = db.session.scalars(select(ChangeRequest.id)).one()
    assert "漏报了" in listed and "张三" in listed and masked in listed and "王师傅" in listed
    assert r.number(1) not in listed
    assert office.get("/office/requests.xlsx").status_code == 200
    office.post(f"/office/requests/{waiting}", data={"approved": "1"})
    assert "查看报名" in text(leader, "/delegation/") and entries(site) == 1
    assert "没有待办" in text(office, "/office/requests")


def test_a_leader_takes_a_request_back(site: Flask) -> None:
    close(site)
    leader, other = entered(site, "harbin"), entered(site, "daqing")
    leader.post(FORM, data={**GIVEN, "reason": "漏报"})
    assert other.post("/delegation/requests/1/back").status_code == 403
    back = leader.post("/delegation/requests/1/back")
    assert back.location == "/delegation/2301" and "已撤回" in text(leader, back.location)


def test_the_office_enters_for_a_delegation_after_the_deadline(site: Flask) -> None:
    close(site)
    office = entered(site, "office")
    assert 'name="reason"' not in text(office, FORM)
    assert office.post(FORM, data=GIVEN).status_code == 303 and entries(site) == 1


def test_where_nothing_can_be_entered_it_says_what_to_do(site: Flask) -> None:
    leader = entered(site, "harbin")
    with site.app_context():
        body = dict(PRESETS["provincial"]) | {"quota": 1, "reserves": 0}
        skill = db.session.scalars(select(Skill.id).where(Skill.code == "W17")).one()
        skill_rules.adopt(skill, body, reason="表", actor_id=None)
    leader.post(FORM, data=GIVEN)
    assert f'href="{FORM}"' not in text(leader, "/delegation/2301/add")
    assert f'href="{FORM}"' not in text(leader, "/delegation/")
    second = {**GIVEN, "name-0": "李四", "id_number-0": r.number(2)}
    full = leader.post(FORM, data=second)
    assert full.status_code == 409 and "名额（1）已用完" in full.get_data(as_text=True)
    with site.app_context(), writing() as session:
        session.execute(update(Stage).values(takes_entries=False))
    assert "目前没有接受报名的阶段" in text(leader, "/delegation/2301/add")
    assert "目前没有接受报名的阶段" in text(leader, FORM)
    assert leader.post(FORM, data=second).status_code == 409


def test_others_may_not(site: Flask) -> None:
    other = entered(site, "daqing")
    for address in ("/delegation/2301/add", FORM):
        assert other.get(address).status_code == 403
        assert site.test_client().get(address).status_code == 302
    assert other.post(FORM, data=GIVEN).status_code == 403
    assert site.test_client().post(FORM, data=GIVEN).status_code in (302, 303)
    assert other.get("/delegation/2306/add/X99").status_code == 404
    assert other.get("/delegation/9999/add").status_code == 404
    assert entries(site) == 0
