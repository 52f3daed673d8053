"""The chief judge's pages of rejudging: choose, look, decide, answer; closed to everybody else."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.database import db
from judging import evaluation
from judging.models import MarkQuestion, Rejudging
from sandbox.verdict import Check
from tests.judging.desks import page, read, said, signed_in
from tests.judging.handing import Cast, cast, check, hand_in, result

AT = "/desk/T17/rejudging"


def judge(*checks: Check) -> None:
    held = evaluation.claim("w1")
    assert held is not None
    assert evaluation.finish(held, result(checks), {})


def move(outcome: str = "passed") -> Check:
    return check("A1.01", outcome, id="move", points=150)


@pytest.fixture
def work(sqlite_app: Flask) -> Cast:
    """Two hand-ins, judged; a judge has marked one of them."""
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        work = cast()
        for code in ("K-073", "K-118"):
            hand_in(work, code)
            judge(move())
        work.seeded.give(work.seeded.post("K-073", "A1.01", 150))
        db.session.remove()
        return work


@pytest.fixture
def chief(sqlite_app: Flask, work: Cast) -> FlaskClient:
    return signed_in(sqlite_app, "chief")


def begin(chief: FlaskClient, **more: object) -> str:
    """Show, tick all, start; gives the address of the set."""
    shown = page(chief, f"{AT}?show=1&verdict=PARTIAL")
    chosen = re.findall(r'name="chosen" value="(\d+)"', shown)
    key = re.search(r'name="key" value="([^"]+)"', shown)
    assert len(chosen) == 2
    assert key is not None
    form = {"key": key[1], "chosen": chosen, "verdict": "PARTIAL", "reason": "燃料表的检查有误"}
    answer = chief.post(AT, data=form | more)
    assert answer.status_code == 303
    return str(answer.location)


def seen(shown: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', shown)
    assert found is not None
    return found[1]


def test_from_the_choice_to_the_answer(sqlite_app: Flask, work: Cast, chief: FlaskClient) -> None:
    address = begin(chief)
    shown = page(chief, address)
    assert "正在重判" in shown
    assert "整批采用" not in shown  # not before all are judged
    assert "还没有决定" in page(chief, AT)
    with sqlite_app.app_context():
        judge(move("failed"))
        judge(move("failed"))

    assert "等您决定" in page(chief, "/desk/T17")
    shown = page(chief, address)
    assert shown.count('class="rejudge-line"') == 2
    assert "分数不变，开一条疑问" in shown
    assert "还没有裁判评分" in shown
    form = page(chief, f"{address}/apply")
    assert "有 1 个裁判已给的分数与重判不同" in form
    nothing = {"seen": seen(form), "reason": " "}
    assert "没有写明理由" in said(chief.post(f"{address}/apply", data=nothing), chief)
    done = chief.post(f"{address}/apply", data={"seen": seen(form), "reason": "检查已修正"})
    shown = said(done, chief)
    assert "已整批采用" in shown
    assert "检查已修正" in shown
    assert shown.count('class="rejudge-line"') == 2  # the table stays

    desk = page(chief, "/desk/T17")
    assert "重判结果与裁判给的分数不同" in desk
    question = re.search(r"/desk/T17/questions/(\d+)", desk)
    assert question is not None
    assert "1.50" in page(chief, question[0])
    answer = chief.post(question[0], data={"reason": "看过录像，确实能移动"})
    assert "已答复" in said(answer, chief)
    assert "重判结果与裁判给的分数不同" not in page(chief, "/desk/T17")
    (row,) = read(sqlite_app, select(MarkQuestion))
    assert row.answer == "看过录像，确实能移动"
    assert "已经答复" in page(chief, question[0])


def test_a_set_is_dropped_whole(sqlite_app: Flask, chief: FlaskClient) -> None:
    address = begin(chief)
    assert "整批放弃吗" in page(chief, f"{address}/drop")
    shown = said(chief.post(f"{address}/drop", data={"reason": "选错了"}), chief)
    assert "所有结果保持不变" in shown
    assert [row.state for row in read(sqlite_app, select(Rejudging))] == ["dropped"]
    assert "新的一批" in page(chief, AT)


def test_a_refused_start_leads_back_to_the_choice(chief: FlaskClient) -> None:
    back = begin(chief, reason="", chosen=[])
    assert "show=1" in back
    shown = page(chief, back)
    assert "没有写明理由" in shown
    assert 'value="PARTIAL" checked' in shown


@pytest.mark.parametrize("user", ["li", "stranger", None])
def test_closed_to_everybody_else(
    sqlite_app: Flask, work: Cast, chief: FlaskClient, user: str | None
) -> None:
    address = begin(chief)
    other = signed_in(sqlite_app, user) if user else sqlite_app.test_client()
    for path in (AT, address, f"{address}/apply", "/desk/T17/questions/1"):
        assert other.get(path).status_code in ((403,) if user else (302, 303, 401))
    for path in (AT, f"{address}/apply", f"{address}/drop", "/desk/T17/questions/1"):
        assert other.post(path, data={"reason": "x"}).status_code in (
            (403,) if user else (302, 303, 401)
        )
    assert [row.state for row in read(sqlite_app, select(Rejudging))] == ["open"]


def test_a_set_of_another_skill_is_not_found(chief: FlaskClient) -> None:
    assert chief.get(f"{AT}/99").status_code == 404
    assert chief.post(f"{AT}/99/apply", data={"reason": "x"}).status_code == 404
    assert chief.post("/desk/T17/questions/99", data={"reason": "x"}).status_code == 404


def test_blind_and_in_english(sqlite_app: Flask, work: Cast, chief: FlaskClient) -> None:
    address = begin(chief)
    with sqlite_app.app_context():
        judge(move("failed"))
    chief.get("/language?lang=en")
    chief.set_cookie("language", "en")
    for path in (AT, f"{AT}?show=1", address, f"{address}/drop", "/desk/T17"):
        shown = page(chief, path)
        for word in ("欧阳雪松", "漠河极光", "P41", "work.zip"):
            assert word not in shown
    assert "Being judged anew" in page(chief, address)
