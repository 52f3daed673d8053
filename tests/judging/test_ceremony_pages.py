"""Pages of ceremonies: preparing, the stage that holds no more than was told, the remote by PIN."""

import html
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from competition import pins
from competition.database import db, writing
from competition.models import Account, Competition, Grant, Role
from judging import ceremony, fonts, showing
from judging.models import Ceremony, CeremonyProject
from tests.entering import entered
from tests.judging.official import lock, mark_everything, rules, unblind
from tests.judging.seed import PEOPLE, Seeded, let_out
from tests.judging.test_official import FOUR

PART = {"HX-Request": "true"}
FORM = {
    "key": "ceremony-pages-1", "kind": "real", "name_zh": "闭幕式", "name_en": "Closing",
    "order": "place", "measure": "medals", "skill": "T17",
}  # fmt: skip
FIRST = PEOPLE[0][0]  # who has gold


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Presses follow each other at once; `test_ceremony.py` has the rest after each."""
    monkeypatch.setattr(ceremony, "REST", timedelta())


@pytest.fixture
def office(sqlite_app: Flask, day: Seeded) -> FlaskClient:
    """Somebody of the office with a PIN, at a browser."""
    with sqlite_app.app_context():
        with writing() as session:
            account = Account(username="office", label="秘书处", fs_uniquifier="office")
            account.grants = [Grant(role=Role.ORGANISER)]
            session.add(account)
            session.flush()
            number = account.id
        pins.set_(number, "2580")
    return entered(sqlite_app, "office")


@pytest.fixture
def real(sqlite_app: Flask, day: Seeded, office: FlaskClient) -> int:
    """A ceremony of a locked skill, prepared over the form."""
    with sqlite_app.app_context():
        unblind(day)
        rules(day, ties=["criterion", "ruling"])
        mark_everything(day, *FOUR)
        lock(day)
    answer = office.post("/ceremony/", data=FORM)
    assert answer.status_code == 303, answer.text
    return int(answer.location.rsplit("/", 1)[-1])


def press(client: FlaskClient, number: int, act: str, **more: object) -> str:
    """As the page's button does: with the slide and turn that the page shows."""
    page = client.get(f"/ceremony/{number}/remote").text
    at = {
        name: re.search(rf'name="{name}" value="(\d+)"', page)[1]  # type: ignore[index]
        for name in ("slide", "turn")
    }
    answer = client.post(f"/ceremony/{number}/press", data={"act": act, **at, **more}, headers=PART)
    assert answer.status_code == 200
    return answer.text


def test_who_may_and_what_is_refused(office: FlaskClient, chief: FlaskClient) -> None:
    assert chief.get("/ceremony/").status_code == 403
    page = office.get("/ceremony/").text
    assert "准备一场典礼" in page and "未锁定" in page
    for change, said in (
        ({}, "T17：还没有锁定"),
        ({"skill": ""}, "没有选择赛项"),
        ({"skill": "", "scope": "all"}, "还没有锁定的赛项"),
        ({"name_en": " \x00 "}, "英文名称有 0 字"),
        ({"name_en": "C" * 101}, "英文名称有 101 字，应为 1 至 100 字"),
        ({"sequence": "T17 Z99"}, "没有选中的赛项：Z99"),
        ({"order": "\x00"}, "没有这种揭晓顺序"),
    ):
        answer = office.post("/ceremony/", data={**FORM, **change})
        assert answer.status_code == 409 and said in answer.text
        assert 'value="闭幕式"' in answer.text  # what was typed stays
    assert office.post("/ceremony/", data={**FORM, "key": "x"}).status_code == 400
    for address in ("/ceremony/77", "/ceremony/77/stage", f"/ceremony/{10**30}"):
        assert office.get(address).status_code == 404
    assert office.post("/ceremony/77/link").status_code == 404


def test_the_remote_moves_the_stage_and_the_stage_knows_no_more(
    sqlite_app: Flask, office: FlaskClient, real: int
) -> None:
    hall, stage = sqlite_app.test_client(), f"/ceremony/{real}/stage"
    assert hall.get(stage).status_code == 302  # to the sign-in page
    assert hall.get(stage, headers=PART).status_code == 401  # which never comes on stage
    given = re.search(r"/ceremony/machine/[\w-]+", office.post(f"/ceremony/{real}/link").text)
    assert given is not None
    assert "打开舞台" in hall.get(given[0]).text  # looking at the link does not use it up
    assert hall.post(given[0]).location.endswith(stage)
    assert sqlite_app.test_client().post(given[0]).status_code == 409
    assert FIRST not in hall.get(stage).text and "即将开始" in hall.get(stage).text

    pin = f"/ceremony/{real}/remote"
    assert office.post(f"/ceremony/{real}/press", data={"act": "next"}).status_code == 409
    assert "PIN 不对" in office.post(pin, data={"pin": "1111"}).text
    assert office.post(pin, data={"pin": "2580"}).status_code == 303
    assert "还没有在台上" in press(office, real, "next") or "没有在台上" in press(
        office, real, "next"
    )
    assert office.post(f"/ceremony/{real}/open", data={}).status_code == 303

    shown = hall.get(stage)
    seen = re.search(r"seen=([\w.]+)", shown.text)
    assert seen is not None and shown.headers["Cache-Control"] == "no-store"
    assert hall.get(f"{stage}?seen={seen[1]}", headers=PART).status_code == 204
    assert 'data-kind="opening"' in hall.get(f"{stage}?seen=1", headers=PART).text
    # what is to come stands on the remote, and nowhere in the stage's document
    for kind in ("call_up", "merit"):
        remote = press(office, real, "next")
        told = hall.get(stage).text
        assert f'data-kind="{kind}"' in told and "金牌" not in told and "主持" not in told
        assert "下一页" in remote
        assert FIRST not in hall.get("/skills/T17").text
    assert (
        "没有起作用"
        in office.post(
            f"/ceremony/{real}/press", data={"act": "next", "slide": "1", "turn": "0"}, headers=PART
        ).text
    )
    assert 'data-kind="merit"' in hall.get(stage).text
    press(office, real, "next")
    told = hall.get(stage).text
    assert FIRST in told and 'data-award="gold"' in told and "data-rehearsal" not in told
    assert FIRST in hall.get("/skills/T17").text  # public with the slide
    press(office, real, "blank")
    assert FIRST not in hall.get(stage).text
    for wrong in ({"act": "x"}, {"act": "jump", "to": str(10**30)}, {}, {"slide": "\x00"}):
        assert office.post(f"/ceremony/{real}/press", data=wrong, headers=PART).status_code == 200


def test_an_emergency_text_covers_every_stage_and_the_remote_goes_on(
    sqlite_app: Flask, office: FlaskClient, real: int
) -> None:
    """At the office, on a machine let in by a link, over a black stage, in rehearsal."""
    rehearsal = {**FORM, "key": "ceremony-pages-2", "kind": "rehearsal"}
    other = int(office.post("/ceremony/", data=rehearsal).location.rsplit("/", 1)[-1])
    given = re.search(r"/ceremony/machine/[\w-]+", office.post(f"/ceremony/{real}/link").text)
    machine = sqlite_app.test_client()
    machine.post(given[0])  # type: ignore[index]
    office.post(f"/ceremony/{real}/open", data={})
    office.post(f"/ceremony/{real}/remote", data={"pin": "2580"})
    stages = [(office, real), (machine, real), (office, other)]

    def look(client: FlaskClient, number: int, seen: str) -> tuple[int, str, str]:
        answer = client.get(f"/ceremony/{number}/stage?seen={seen}", headers=PART)
        found = re.search(r"seen=([\w.]+)", answer.text)
        return answer.status_code, answer.text, found[1] if found else seen

    before = [look(client, number, "1")[2] for client, number in stages]
    assert "紧急文字" not in office.get(f"/ceremony/{real}/remote").text
    with sqlite_app.app_context():
        showing.say("请撤离 <b>", "Please leave", key="emergency-key-1", actor_id=1)
    for (client, number), seen in zip(stages, before, strict=True):
        status, page, now = look(client, number, seen)
        assert status == 200 and "请撤离 &lt;b&gt;" in page and "Please leave" in page
        assert "紧急通知 · Emergency" in page
        assert look(client, number, now)[0] == 204
    remote = press(office, real, "next")
    assert "紧急文字正覆盖舞台" in remote and "照样公开" in remote
    page = look(machine, real, "1")[1]
    assert 'data-kind="call_up"' in page and "请撤离" in page
    press(office, real, "blank")
    page = look(machine, real, "1")[1]
    assert 'data-kind="blank"' in page and "请撤离" in page
    with sqlite_app.app_context():
        message = showing.message(db.session())
        assert message is not None
        covered = look(machine, real, "1")[2]
        showing.take_away(message.id, actor_id=1)
    status, page, _seen = look(machine, real, covered)
    assert status == 200 and "emergency" not in page and 'data-kind="blank"' in page
    assert "紧急文字" not in office.get(f"/ceremony/{real}/remote").text


def test_who_brings_a_second_one_on_stage_is_told_of_the_first(
    office: FlaskClient, real: int
) -> None:
    rehearsal = {**FORM, "key": "ceremony-pages-2", "kind": "rehearsal", "name_zh": "彩排一"}
    other = int(office.post("/ceremony/", data=rehearsal).location.rsplit("/", 1)[-1])
    page = f"/ceremony/{real}"
    assert "同时在台上" not in office.get(page).text
    office.post(f"/ceremony/{other}/open", data={})
    told = office.get(page).text
    assert "同时在台上的还有" in told and f'href="/ceremony/{other}">彩排一</a> (彩排)' in told
    assert "同时在台上" not in office.get(f"/ceremony/{other}").text
    left = office.post(f"/ceremony/{other}/close", data={}, follow_redirects=True).text
    assert "彩排已下台" in left and "保持公开" not in left
    office.post(f"{page}/open", data={})
    assert "保持公开" in office.post(f"{page}/close", data={}, follow_redirects=True).text


def test_a_board_made_before_shows_no_old_place_either(
    sqlite_app: Flask, office: FlaskClient, real: int
) -> None:
    """Projects are fixed: those made when waiting lines held the public's place still hold it."""
    with sqlite_app.app_context(), writing() as session:
        found = session.query(CeremonyProject).one()
        name = {"label": ["甲", "A"], "delegation": ["", ""], "award": None, "total": "9.00"}
        lines = [
            {**name, "place": 61, "settled": False, "new": False},
            {**name, "place": 72, "settled": True, "new": True},
        ]
        first = {**found.slides[1], "kind": "board", "title": ["成绩揭晓", "The results"]}
        found.slides = [{**first, "lines": lines, "page": None}, *found.slides[1:]]
    office.post(f"/ceremony/{real}/open", data={})
    office.post(f"/ceremony/{real}/remote", data={"pin": "2580"})
    stage, remote = (office.get(f"/ceremony/{real}/{one}").text for one in ("stage", "remote"))
    assert ">72<" in stage and ">61<" not in stage and ">–<" in stage
    assert "72 甲" in remote and "61 甲" not in remote and "– 甲" in remote
    for page in (remote, office.get(f"/ceremony/{real}").text):
        assert "成绩揭晓 · 第 72 名" in page
    assert "成绩揭晓 · 第 72 名" in office.get(f"/ceremony/{real}/script").text


def test_the_form_takes_the_name_it_offers(sqlite_app: Flask, office: FlaskClient) -> None:
    with sqlite_app.app_context(), writing() as session:
        competition = session.query(Competition).one()
        competition.name_en = "The 2026 Heilongjiang Vocational Skills Competition"
    page = office.get("/ceremony/").text
    offered = {
        field: html.unescape(re.search(rf'name="{field}"[^>]*value="([^"]*)"', page)[1])  # type: ignore[index]
        for field in ("name_zh", "name_en")
    }
    assert offered["name_en"] == (
        "Award Ceremony of the 2026 Heilongjiang Vocational Skills Competition"
    )
    assert page.index('name="skill"') < page.index("准备</button>")
    answer = office.post("/ceremony/", data={**FORM, **offered, "kind": "rehearsal"})
    assert answer.status_code == 303, answer.text
    assert "<wbr>颁奖典礼</span>" in office.get(f"{answer.location}/stage").text


def test_the_remote_rests_and_asks_before_a_leap(
    office: FlaskClient, real: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.post(f"/ceremony/{real}/remote", data={"pin": "2580"})
    office.post(f"/ceremony/{real}/open", data={})
    asked = press(office, real, "jump", to=5)
    assert "<dialog" in asked and "会越过还没有宣布的 T17" in asked and 'name="meant"' in asked
    assert "<dialog" not in office.get(f"/ceremony/{real}/remote").text  # 留在这一页
    assert 'data-slide="1"' in office.get(f"/ceremony/{real}/remote").text
    page = office.get(f"/ceremony/{real}").text
    assert "要下台吗" in page and "还没有宣布：T17" in page
    assert "还没有宣布" not in press(office, real, "jump", to=5, meant="1")
    monkeypatch.setattr(ceremony, "REST", timedelta(seconds=60))
    assert re.search(r'data-rests="\d+"', press(office, real, "back"))
    assert "舞台刚刚变过" in press(office, real, "next")
    assert "舞台刚刚变过" not in press(office, real, "blank")


def test_the_script_is_for_the_office_and_on_paper(
    sqlite_app: Flask, office: FlaskClient, real: int, day: Seeded
) -> None:
    page = office.get(f"/ceremony/{real}/script").text
    assert f"金牌的是：大兴安岭代表团 {FIRST}！" in page and "The gold medal in" in page
    assert "已经公开：T17" not in office.get(f"/ceremony/{real}").text
    with sqlite_app.app_context():
        let_out(1, "confirmed", actor_id=day.judges["chief"])
    assert "已经公开：T17" in office.get(f"/ceremony/{real}").text
    with sqlite_app.app_context():  # which leaves official results as they are
        let_out(1, "frozen", actor_id=day.judges["chief"])
    assert "已经公开：T17" in office.get(f"/ceremony/{real}").text
    if fonts.files(Path(sqlite_app.config["PODIUM_DATA"])):
        paper = office.get(f"/ceremony/{real}/script.pdf")
        assert paper.data.startswith(b"%PDF") and paper.headers["Cache-Control"] == "no-store"
    with sqlite_app.app_context(), writing() as session:  # its version is gone: amber, not on stage
        session.query(CeremonyProject).one().versions = [{"skill": 1, "code": "T17", "id": 99}]
    assert 'data-kind="warning"' in office.get(f"/ceremony/{real}").text
    answer = office.post(f"/ceremony/{real}/open", data={})
    assert "在准备之后重新打开过" in office.get(answer.location).text
    with sqlite_app.app_context():
        assert db.session.get_one(Ceremony, real).state == "prepared"


def test_a_rehearsal_says_so_everywhere(sqlite_app: Flask, office: FlaskClient) -> None:
    answer = office.post("/ceremony/", data={**FORM, "kind": "rehearsal", "order": "change"})
    number = int(answer.location.rsplit("/", 1)[-1])
    office.post(f"/ceremony/{number}/open", data={})
    office.post(f"/ceremony/{number}/remote", data={"pin": "2580"})
    for address in (f"/ceremony/{number}/stage", f"/ceremony/{number}/remote"):
        page = office.get(address).text
        assert "data-rehearsal" in page and "彩排 TEST" in page
    assert "成绩均为虚构" in office.get(f"/ceremony/{number}/script").text
    with sqlite_app.app_context():
        kinds = [one["kind"] for one in db.session.query(CeremonyProject).one().slides]
    for at in range(1, len(kinds) + 1):  # every kind of slide is drawn
        if at > 1:
            press(office, number, "jump", to=at)
        assert f'data-kind="{kinds[at - 1]}"' in office.get(f"/ceremony/{number}/stage").text
    assert {"board", "medal", "delegations"} <= set(kinds)
    with sqlite_app.app_context():
        ceremony.go_off_stage(number, actor_id=1)
    assert "典礼结束" in office.get(f"/ceremony/{number}/stage").text


def test_a_machine_that_was_let_in_is_let_go_at_once(
    sqlite_app: Flask, office: FlaskClient
) -> None:
    answer = office.post("/ceremony/", data={**FORM, "kind": "rehearsal"})
    number = int(answer.location.rsplit("/", 1)[-1])
    stage, part = f"/ceremony/{number}/stage", {"HX-Request": "true"}

    def let_in(**form: str) -> FlaskClient:
        page = office.post(f"/ceremony/{number}/link", data=form).text
        found = re.search(r"/ceremony/machine/([\w-]+)", page)
        assert found is not None
        machine = sqlite_app.test_client()
        assert machine.post(f"/ceremony/machine/{found[1]}").status_code == 303
        assert machine.get(stage).status_code == 200
        return machine

    first = let_in()
    second = let_in()
    assert first.get(stage).status_code == 200, "one more machine ends none"
    third = let_in(new="1")
    for gone in (first, second):
        answer = gone.get(stage, headers=part)
        assert answer.status_code == 200 and "此机器不再显示舞台" in answer.text
        assert gone.get(f"{stage}?seen=ended", headers=part).status_code == 204
        assert gone.get(stage).status_code != 200
    stranger = sqlite_app.test_client()
    assert stranger.get(stage, headers=part).status_code == 401
    assert third.get(stage, headers=part).status_code == 200
    assert "已放行 1 台" in office.get(f"/ceremony/{number}").text
    assert office.post(f"/ceremony/{number}/links-end").status_code == 303
    assert "此机器不再显示舞台" in third.get(stage, headers=part).text
    assert office.get(stage).status_code == 200
    assert 'id="machines"' not in office.get(f"/ceremony/{number}").text
