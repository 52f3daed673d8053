"""The access pages: who can do what, giving and ending roles, accounts, looking as another."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from competition import grants, ledger, sign_ins
from competition.database import db, writing
from competition.grants import Wanted
from competition.models import Account, Entry, Grant, LedgerRow, Person, Role, Skill, Zone
from competition.moment import now
from tests.entering import entered


@pytest.fixture
def demo(demo_app: Flask) -> Iterator[Flask]:
    demo_app.config["WTF_CSRF_ENABLED"] = False
    yield demo_app


@pytest.fixture
def office(demo: Flask) -> FlaskClient:
    return entered(demo, "organiser")


def id_of(app: Flask, username: str) -> int:
    with app.app_context():
        return db.session.scalars(select(Account.id).where(Account.username == username)).one()


def skill_of(app: Flask, code: str) -> int:
    with app.app_context():
        return db.session.scalars(select(Skill.id).where(Skill.code == code)).one()


def give(app: Flask, username: str, role: Role, **scope: int) -> int:
    with app.app_context():
        return grants.give(Wanted(id_of(app, username), role, **scope), actor_id=None)  # type: ignore[arg-type]


def shown(client: FlaskClient, query: str = "") -> list[str]:
    """The sign-in names of the list, in its order."""
    page = client.get(f"/office/access/?{query}")
    assert page.status_code == 200
    return re.findall(r'<span class="mono soft">([^<]+)</span>', page.text)


def test_the_list_by_role_skill_and_name(office: FlaskClient) -> None:
    everybody = office.get("/office/access/").text
    total = int(re.search(r">(\d+) 项权限<", everybody).group(1))  # type: ignore[union-attr]
    assert total > 1_300
    assert set(shown(office, "skill=W17")) == {
        "w17-chief", "w17-judge-1", "w17-judge-2", "w17-judge-3", "organiser",
    }  # fmt: skip
    assert shown(office, "skill=W17&role=chief_judge") == ["w17-chief"]
    assert shown(office, "words=harbin") == ["leader-harbin"]
    assert shown(office, "words=%25") == []
    assert shown(office, "role=nonsense&state=nonsense&words=w17-chief") == ["w17-chief"]
    assert shown(office, "skill=X99") == []


def test_the_list_comes_by_the_page(office: FlaskClient) -> None:
    first, second = shown(office, "role=judge"), shown(office, "role=judge&page=2")
    assert len(first) == len(second) == 50
    assert not set(first) & set(second)
    assert "role=judge" in office.get("/office/access/?role=judge&page=999").location


def test_the_sheet_says_who_does_what_where(demo: Flask, office: FlaskClient) -> None:
    give(demo, "w10-judge-1", Role.SUPERVISOR, skill_id=skill_of(demo, "W17"))
    page = office.get("/office/access/sheet").text
    functions = page.split('<section class="access-function">')[1:]
    assert len(functions) == len(Role) - 1, "competitors' roles come with their entries"
    (chiefs,) = [one for one in functions if "w17-chief" in one and "w10-chief" in one]
    assert "管理赛项计时、分歧、锁定和发布" in chiefs
    assert chiefs.count("<tr>") == 64 + 1
    assert re.search(r"W17 [^<]*</td>\s*<td>[^<]*<span class=\"mono soft\">w17-chief", chiefs)
    (watching,) = [one for one in functions if "查看谁有什么权限" in one]
    assert "w10-judge-1" in watching
    assert "目前无人担任" in functions[1]
    assert "w17-01" not in page
    assert entered(demo, "w17-chief").get("/office/access/sheet").status_code == 403


def test_few_queries_for_a_page(demo: Flask, office: FlaskClient) -> None:
    asked: list[str] = []
    with demo.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    shown(office, "role=judge")
    office.get("/office/access/sheet")
    assert len(asked) < 40, "\n".join(asked)


def test_a_role_is_given_and_ended(demo: Flask, office: FlaskClient) -> None:
    skill = skill_of(demo, "W17")
    form = {"account": "leader-harbin", "role": "arbiter", "place": f"skill:{skill}"}
    refused = office.post("/office/access/give", data=form)
    assert refused.status_code == 409
    assert "领队代表选手一方" in refused.text
    assert 'value="leader-harbin"' in refused.text, "what was typed is still there"
    opened = office.post(
        "/office/accounts/new",
        data={"username": "zhong", "label": "仲裁甲", "affiliation": "省人社厅"},
    )
    assert opened.status_code == 200
    assert opened.headers["Cache-Control"] == "no-store"
    assert re.search(r"[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}", opened.text)
    tomorrow = (now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    given = office.post(
        "/office/access/give", data={**form, "account": "仲裁甲", "until": tomorrow}
    )
    assert given.location == f"/office/accounts/{id_of(demo, 'zhong')}"
    assert "仲裁" in office.get(given.location).text
    assert shown(office, "skill=W17&role=arbiter") == ["zhong"]
    with demo.app_context():
        grant = db.session.scalars(select(Grant).where(Grant.role == Role.ARBITER)).one()
        assert grant.giver is not None
        assert grant.giver.username == "organiser"
        number = grant.id
    assert "结束这项权限" in office.get(f"/office/access/{number}/end").text
    without = office.post(f"/office/access/{number}/end", data={"reason": " "})
    assert without.status_code == 409
    assert "请写明结束的原因" in without.text
    assert office.post(f"/office/access/{number}/end", data={"reason": "换人"}).status_code == 303
    assert shown(office, "role=arbiter") == []
    assert shown(office, "role=arbiter&state=over") == ["zhong"]
    assert office.get("/office/access/99999/end").status_code == 404


@pytest.mark.parametrize(
    "form, said",
    [
        ({"account": "nobody", "role": "judge", "place": "skill:1"}, "没有这个账号"),
        ({"account": "", "role": "judge", "place": "skill:1"}, "没有这个账号"),
        ({"account": "w17-chief", "role": "", "place": ""}, "请选择角色"),
        ({"account": "w17-chief", "role": "competitor", "place": ""}, "请选择角色"),
        ({"account": "w17-chief", "role": "judge", "place": ""}, "范围应为"),
        ({"account": "w17-chief", "role": "judge", "place": "skill:0"}, "没有这个赛项"),
        ({"account": "w17-chief", "role": "judge", "place": "skill:9999999999"}, "范围应为"),
        ({"account": "w17-chief", "role": "judge", "place": "skill:x"}, "范围应为"),
        ({"account": "w17-chief\x00", "role": "key_holder", "place": ""}, "从不评分"),
        ({"account": "organiser", "role": "supervisor", "place": ""}, "不能给自己授权"),
    ],
)
def test_what_is_not_given(office: FlaskClient, form: dict[str, str], said: str) -> None:
    answer = office.post("/office/access/give", data=form)
    assert answer.status_code == 409
    assert said in answer.text


def test_accounts_of_one_name_are_told_apart(demo: Flask, office: FlaskClient) -> None:
    for username in ("li-1", "li-2"):
        office.post("/office/accounts/new", data={"username": username, "label": "李雷"})
    form = {"account": "李雷", "role": "supervisor", "place": ""}
    answer = office.post("/office/access/give", data=form)
    assert answer.status_code == 409
    assert "li-1 · li-2" in answer.text


@pytest.mark.parametrize(
    "form, said",
    [
        ({"username": "w17-chief", "label": "某人"}, "已有人使用"),
        ({"username": "A B", "label": "某人"}, "小写字母"),
        ({"username": "someone", "label": " "}, "请填写姓名"),
    ],
)
def test_accounts_that_are_not_opened(office: FlaskClient, form: dict[str, str], said: str) -> None:
    answer = office.post("/office/accounts/new", data=form)
    assert answer.status_code == 409
    assert said in answer.text


def test_conflicts_that_came_later_are_shown(demo: Flask, office: FlaskClient) -> None:
    assert "互相冲突" not in office.get("/office/access/").text
    with demo.app_context(), writing() as session:
        judge = session.scalars(select(Account).where(Account.username == "w17-chief")).one()
        entry = session.scalars(
            select(Entry).where(Entry.skill_id == skill_of(demo, "W17"))
        ).first()
        assert entry is not None
        assert judge.person is not None
        entry.members[0].person.affiliation_id = judge.person.affiliation_id
        other = session.scalars(select(Account).where(Account.username == "w10-judge-1")).one()
        session.add(Grant(account_id=other.id, role=Role.SECRETARIAT))
    page = office.get("/office/access/").text
    assert "有 2 项权限互相冲突" in page
    assert "有选手来自本人所在的单位" in page
    assert "管理大赛的人从不评分" in page


def test_a_supervisor_sees_and_changes_nothing(demo: Flask, office: FlaskClient) -> None:
    office.post("/office/accounts/new", data={"username": "super", "label": "监督"})
    give(demo, "super", Role.SUPERVISOR)
    client = entered(demo, "super")
    assert "w17-chief" in client.get("/office/access/?skill=W17").text
    assert client.get("/office/access/give").status_code == 403
    chief = id_of(demo, "w17-chief")
    assert client.get(f"/office/accounts/{chief}").status_code == 200
    assert "以此账号的身份查看" not in client.get(f"/office/accounts/{chief}").text
    for act in ("password", "second-factor", "sign-ins", "close", "look"):
        assert client.post(f"/office/accounts/{chief}/{act}").status_code == 403
    assert client.get("/office/").status_code == 403


def test_a_zones_secretariat_sees_its_zone(demo: Flask, office: FlaskClient) -> None:
    office.post("/office/accounts/new", data={"username": "zone", "label": "赛区秘书"})
    with demo.app_context():
        zone = db.session.scalars(select(Zone.id).where(Zone.code == "harbin")).one()
        inside = list(db.session.scalars(select(Skill.code).where(Skill.zone_id == zone)))
        outside = list(db.session.scalars(select(Skill.code).where(Skill.zone_id != zone)))
    give(demo, "zone", Role.SECRETARIAT, zone_id=zone)
    client = entered(demo, "zone")
    page = client.get("/office/")
    assert page.text.count('class="facet office-tile"') == len(inside)
    assert "/delegation/" not in page.text
    assert client.get(f"/office/skills/{inside[0]}").status_code == 200
    assert client.get(f"/office/skills/{outside[0]}").status_code == 403
    assert client.get("/office/access/").status_code == 403


def test_a_closed_account_is_out_at_once(demo: Flask, office: FlaskClient) -> None:
    judge, number = entered(demo, "w17-judge-1"), id_of(demo, "w17-judge-1")
    assert office.post(f"/office/accounts/{number}/close", data={"reason": ""}).status_code == 409
    closed = office.post(f"/office/accounts/{number}/close", data={"reason": "离开"})
    assert closed.status_code == 303
    assert "此账号已停用" in office.get(closed.location).text
    assert judge.get("/tablet/").status_code == 302
    office.post(f"/office/accounts/{number}/reopen", data={"reason": "回来"})
    assert entered(demo, "w17-judge-1").get("/tablet/").status_code == 302  # to its one skill
    own = id_of(demo, "organiser")
    answer = office.post(f"/office/accounts/{own}/close", data={"reason": "x"})
    assert "不能停用自己的账号" in answer.text


def test_the_demos_passwords_are_everybodys(demo: Flask, office: FlaskClient) -> None:
    number = id_of(demo, "w17-chief")
    answer = office.post(f"/office/accounts/{number}/password")
    assert answer.status_code == 409
    assert "演示账号的密码是公开的" in answer.text


# Looking as somebody else


def look(client: FlaskClient, app: Flask, username: str) -> str:
    answer = client.post(f"/office/accounts/{id_of(app, username)}/look")
    assert answer.status_code == 303
    return str(answer.location)


def test_both_identities_stand_on_every_page_until_it_is_stopped(
    demo: Flask, office: FlaskClient
) -> None:
    assert look(office, demo, "leader-harbin") == "/delegation/"
    for address in ("/delegation/", "/", "/skills/W17", "/account/", "/office/", "/nowhere"):
        page = office.get(address).text
        assert "您正以 哈尔滨市领队 Harbin 的身份查看，只读。" in page, address
        assert "您是秘书处 Office。" in page
    assert office.get("/office/").status_code == 403, "with the other's rights, not one's own"
    assert office.get("/delegation/2302").status_code == 403
    stopped = office.post("/office/accounts/look/stop")
    assert stopped.location == f"/office/accounts/{id_of(demo, 'leader-harbin')}"
    assert "身份查看，只读" not in office.get("/office/").text


def test_nothing_can_be_done_while_looking(demo: Flask, office: FlaskClient) -> None:
    look(office, demo, "w17-chief")
    for address, form in (
        ("/desk/W17/periods/1/start", {}),
        ("/account/password", {"password": "podium-demo", "new": "x" * 12, "again": "x" * 12}),
        ("/account/sign-ins/others/end", {}),
        ("/office/simulation", {"on": "0"}),
        ("/tablet/pair", {}),
        ("/nowhere", {}),
    ):
        answer = office.post(address, data=form)
        assert answer.status_code in (403, 404), address
    assert "只能看，不能操作" in office.post("/office/simulation", data={"on": "0"}).text
    assert office.get("/account/second-factor").status_code == 403


def test_what_is_sealed_stays_sealed(demo: Flask, office: FlaskClient) -> None:
    """The office must learn neither marks before the lock nor whose code is whose."""
    with demo.app_context():
        entry = db.session.scalars(
            select(Entry).where(Entry.skill_id == skill_of(demo, "W17")).order_by(Entry.id)
        ).first()
        assert entry is not None
        code, person = entry.code, entry.members[0].person_id
        competitor = db.session.scalars(
            select(Account.username).where(Account.person_id == person)
        ).one()
        number = entry.id
    look(office, demo, "w17-chief")
    assert office.get("/desk/").location == "/desk/W17"
    assert office.get("/desk/W17").status_code == 403
    assert "密封" in office.get("/desk/W17").text
    assert office.get("/desk/W17/board").status_code == 403
    office.post("/office/accounts/look/stop")
    look(office, demo, "w17-judge-1")
    assert office.get("/tablet/W17/").status_code == 403
    office.post("/office/accounts/look/stop")
    look(office, demo, competitor)
    for address in ("/work", f"/work/{number}", f"/work/{number}/1/state.json"):
        answer = office.get(address)
        assert answer.status_code in (302, 403)
        assert code not in answer.text
    with demo.app_context(), writing() as session:
        session.get_one(Skill, skill_of(demo, "W17")).locked_at = now()
    office.post("/office/accounts/look/stop")
    look(office, demo, "w17-chief")
    assert office.get("/desk/W17").status_code == 200, "locked marks are no secret of the office's"


def test_the_ledger_names_both(demo: Flask, office: FlaskClient) -> None:
    look(office, demo, "leader-harbin")
    office.post("/office/accounts/look/stop")
    organiser, leader = id_of(demo, "organiser"), id_of(demo, "leader-harbin")
    with demo.app_context():
        acts = db.session.scalars(
            select(LedgerRow).where(LedgerRow.act.startswith("look_as")).order_by(LedgerRow.number)
        ).all()
        assert [row.act for row in acts] == ["look_as.begin", "look_as.end"]
        assert {(row.actor_id, row.body["as"]) for row in acts} == {(organiser, leader)}


def test_what_a_look_notes_is_the_organisers_act(demo: Flask) -> None:
    organiser, leader = id_of(demo, "organiser"), id_of(demo, "leader-harbin")
    with demo.app_context():
        db.session().info["looks_on"] = (organiser, leader)
        with writing() as session:
            ledger.append(session, act="person.view", subject="person:1", body={}, actor_id=leader)
        row = db.session.scalars(select(LedgerRow).where(LedgerRow.act == "person.view")).one()
        assert (row.actor_id, row.body) == (organiser, {"as": leader})
        assert ledger.walk(db.session(), None).ok


@pytest.mark.parametrize("username", ["w17-chief", "w17-judge-1", "w17-01", "leader-harbin"])
def test_only_the_organiser_looks_as_somebody(demo: Flask, username: str) -> None:
    client = entered(demo, username)
    answer = client.post(f"/office/accounts/{id_of(demo, 'leader-daqing')}/look")
    assert answer.status_code == 403
    own = entered(demo, "organiser").post(f"/office/accounts/{id_of(demo, 'organiser')}/look")
    assert own.status_code == 403


def test_looking_ends_with_the_organisers_role(demo: Flask, office: FlaskClient) -> None:
    office.post("/office/accounts/new", data={"username": "second", "label": "第二组织者"})
    give(demo, "second", Role.ORGANISER)
    second = entered(demo, "second")
    look(second, demo, "leader-harbin")
    with demo.app_context():
        own = db.session.scalars(
            select(Grant.id).where(
                Grant.account_id == id_of(demo, "second"), Grant.role == Role.ORGANISER
            )
        ).one()
        grants.end(own, reason="x", actor_id=None)
    assert second.get("/delegation/").status_code == 302
    with demo.app_context():
        assert sign_ins.of_account(db.session(), id_of(demo, "second"), now()) != []


def test_a_language_chosen_while_looking_is_not_the_others(
    demo: Flask, office: FlaskClient
) -> None:
    look(office, demo, "leader-harbin")
    assert office.get("/language/en?next=/delegation/").status_code == 302
    assert "You see the site as" in office.get("/delegation/").text
    with demo.app_context():
        assert db.session.get_one(Account, id_of(demo, "leader-harbin")).language is None


def test_names_are_text(demo: Flask, office: FlaskClient) -> None:
    name = "<script>alert(1)</script>"
    office.post(
        "/office/accounts/new", data={"username": "xss", "label": name, "affiliation": name}
    )
    give(demo, "xss", Role.SUPERVISOR)
    for address in (
        "/office/access/?role=supervisor",
        f"/office/accounts/{id_of(demo, 'xss')}",
        f"/office/access/give?account={name}",
        f"/office/access/?words={name}",
    ):
        assert name not in office.get(address).text, address
    with demo.app_context():
        assert db.session.scalars(select(Person).where(Person.name == name)).one()
