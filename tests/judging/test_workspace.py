"""The competitor's pages over HTTP: what is shown when, to whom, and what never."""

import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from competition import timetable
from competition.database import writing
from competition.models import Account, Grant, Role
from judging import evaluation, tasks
from sandbox.task import Task
from tests.judging.handing import (
    PASSWORD,
    Cast,
    announcement,
    cast,
    check,
    hand_in,
    result,
    set_start,
    zipped,
)
from tests.judging.seed import PEOPLE

END = timedelta(minutes=300)


class Person:
    """Somebody signed in, with the page's token."""

    def __init__(self, app: Flask, username: str, password: str = PASSWORD) -> None:
        self.client: FlaskClient = app.test_client()
        self.token = self._token(self.client.get("/sign-in").text)
        form = {"username": username, "password": password, "csrf_token": self.token}
        assert self.client.post("/sign-in", data=form).status_code == 303

    @staticmethod
    def _token(page: str) -> str:
        found = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert found
        return found.group(1)

    def get(self, address: str) -> TestResponse:
        return self.client.get(address)

    def state(self, entry: int = 1) -> dict[str, Any]:
        answer: dict[str, Any] = self.get(f"/work/{entry}/1/state.json").get_json()
        return answer

    def announce(self, data: bytes, entry: int = 1, **more: Any) -> tuple[str, TestResponse]:
        said = announcement(data)
        body = {
            "key": said.key,
            "name": "作品.zip",
            "size": said.size,
            "sha256": said.sha256,
        } | more
        self.token = self._token(self.get("/").text)
        answer = self.client.post(
            f"/work/{entry}/1/uploads", json=body, headers={"X-CSRFToken": self.token}
        )
        return said.key, answer

    def send(self, key: str, data: bytes, token: str | None = None) -> TestResponse:
        return self.client.put(
            f"/work/uploads/{key}",
            data=data,
            content_type="application/zip",
            headers={
                "X-CSRFToken": self.token if token is None else token,
                "Accept": "application/json",
            },
        )

    def hand_in(self, data: bytes) -> dict[str, Any]:
        key, _ = self.announce(data)
        answer: dict[str, Any] = self.send(key, data).get_json()
        return answer


def begun(app: Flask, ago: timedelta | None = timedelta(hours=1)) -> Cast:
    with app.app_context():
        return cast(started_ago=ago)


def test_before_the_start_the_statement_is_nowhere(sqlite_app: Flask) -> None:
    begun(sqlite_app, None)
    one = Person(sqlite_app, "competitor-1")
    page = one.get("/work/1").text
    assert "接下来会发生什么" in page
    assert "在浏览器里制作" not in page
    for address in ("/work/1/1/start.zip", "/work/1/1/statement/sketch.png"):
        answer = one.get(address)
        assert answer.status_code == 403
        assert "PNG" not in answer.text
    _, refused = one.announce(zipped())
    assert refused.status_code == 409
    assert one.state()["clock"]["state"] == "waiting"


def test_once_it_runs_statement_files_and_hashes_are_there(sqlite_app: Flask) -> None:
    begun(sqlite_app)
    one = Person(sqlite_app, "competitor-1")
    assert one.get("/work").headers["Location"] == "/work/1"
    page = one.get("/work/1").text
    assert "<td>方向键</td>" in page
    assert 'src="/work/1/1/statement/sketch.png"' in page
    assert one.get("/work/1/1/statement/sketch.png").status_code == 200
    assert one.get("/work/1/1/statement/../task.yaml").status_code in (403, 404)
    packed = one.get("/work/1/1/start.zip").data
    with zipfile.ZipFile(io.BytesIO(packed)) as start:
        assert start.namelist() == ["assets/plane.svg", "index.html"]
    with sqlite_app.app_context():
        pack = tasks.start_pack(tasks.find("small-game"))
    assert pack.data == packed
    assert pack.sha256 in page
    one.get("/language/en")
    assert "Move and shoot." in one.get("/work/1").text


def test_the_hand_in_its_receipt_and_the_zip_back(sqlite_app: Flask) -> None:
    begun(sqlite_app)
    one = Person(sqlite_app, "competitor-1")
    data = zipped({"index.html": "<p>", "notes.docx": "x"})
    taken = one.hand_in(data)
    assert (taken["number"], taken["late"]) == (1, False)
    row = one.state()["submissions"][0]
    assert (row["counts"], row["state"], row["position"]) == (True, "queued", 1)
    receipt = one.get(taken["url"]).text
    for expected in (taken["receipt"], row["sha256"], "作品.zip", "index.html", "<svg"):
        assert expected in receipt
    assert "不在要求之列" in receipt  # notes.docx is not asked for
    assert one.get(f"{taken['url']}/file").data == data


def test_more_than_four_megabytes_go_through_and_too_much_is_refused(sqlite_app: Flask) -> None:
    begun(sqlite_app)
    one = Person(sqlite_app, "competitor-1")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("index.html", "x" * 4_600_000)
    assert one.hand_in(packed.getvalue())["number"] == 1

    _, refused = one.announce(zipped(), size=5_000_001)
    assert refused.status_code == 413
    assert "超过上限 5 MB" in refused.get_json()["error"]["zh"]
    key, _ = one.announce(zipped())
    assert one.send(key, b"PK" * 3_000_000).status_code in (409, 413)
    assert len(one.state()["submissions"]) == 1


def test_bytes_without_the_pages_token_are_refused(sqlite_app: Flask) -> None:
    begun(sqlite_app)
    one = Person(sqlite_app, "competitor-1")
    data = zipped()
    key, _ = one.announce(data)
    assert one.send(key, data, token="made-up").status_code == 400
    assert one.state()["submissions"] == []


def test_nobody_sees_or_sends_anything_of_another_entry(sqlite_app: Flask) -> None:
    begun(sqlite_app)
    one, other = (Person(sqlite_app, f"competitor-{n}") for n in (1, 2))
    data = zipped()
    key, _ = one.announce(data)
    assert other.send(key, data).status_code == 403
    taken = one.hand_in(zipped())
    for address in (
        "/work/1",
        "/work/1/1/state.json",
        "/work/1/1/start.zip",
        taken["url"],
        f"{taken['url']}/file",
        "/work/99",
    ):
        assert other.get(address).status_code == 403, address
    assert other.announce(zipped(), entry=1)[1].status_code == 403
    assert sqlite_app.test_client().get("/work/1").status_code == 302

    other.announce(zipped(), entry=2)
    shown = one.get("/work/1").text + json.dumps(one.state(), ensure_ascii=False)
    for name, school, zh, en, number, alias in PEOPLE[1:]:
        assert not any(word in shown for word in (name, school, zh, en, number, alias))


def test_judges_have_no_way_into_the_workspace(sqlite_app: Flask) -> None:
    begun(sqlite_app)
    taken = Person(sqlite_app, "competitor-1").hand_in(zipped())
    for username in ("li", "chief"):
        judge = Person(sqlite_app, username, "a-judge-for-tests")
        for address in ("/work/1", taken["url"], f"{taken['url']}/file"):
            assert judge.get(address).status_code == 403


def test_the_office_may_check_a_receipt_but_gets_no_zip(sqlite_app: Flask) -> None:
    begun(sqlite_app)
    taken = Person(sqlite_app, "competitor-1").hand_in(zipped())
    with sqlite_app.app_context(), writing() as session:
        office = session.query(Account).filter_by(username="stranger").one()
        session.add(Grant(account_id=office.id, role=Role.ORGANISER))
    person = Person(sqlite_app, "stranger", "a-judge-for-tests")
    assert taken["receipt"] in person.get(taken["url"]).text
    assert person.get(f"{taken['url']}/file").status_code == 403


def judged(app: Flask, **of_public: Any) -> None:
    """The sandbox has judged: one public check, one that only judges may see."""
    with app.app_context():
        held = evaluation.claim("w1")
        assert held is not None
        secret = check("A1.02", "failed", title_zh="机密检查", message_zh="机密消息")
        evaluation.finish(held, result([check("A1.01", public=True, **of_public), secret]), {})


@pytest.mark.parametrize("over", [False, True], ids=["while it runs", "after the end"])
def test_competitors_learn_of_public_checks_only(sqlite_app: Flask, over: bool) -> None:
    work = begun(sqlite_app)
    with sqlite_app.app_context():
        hand_in(work)
    judged(sqlite_app, outcome="failed", message_zh="没有 index.html")
    if over:
        with sqlite_app.app_context():
            set_start(work, END + timedelta(hours=1))
    one = Person(sqlite_app, "competitor-1")
    row = one.state()["submissions"][0]
    assert row["state"] == "done"
    assert [(found["outcome"], found["message_zh"]) for found in row["checks"]] == [
        ("failed", "没有 index.html")
    ]
    shown = one.get("/work/1").text + json.dumps(one.state(), ensure_ascii=False)
    for hidden in ("机密", "PARTIAL", "verdict", "A1.02", '"points"'):
        assert hidden not in shown


def test_a_task_may_declare_its_checks_open(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = begun(sqlite_app)
    with sqlite_app.app_context():
        hand_in(work)
    judged(sqlite_app)
    plain = tasks.find

    def opened(task_id: str) -> Task:
        return replace(plain(task_id), checks_open=True)

    monkeypatch.setattr(tasks, "find", opened)
    row = Person(sqlite_app, "competitor-1").state()["submissions"][0]
    assert [found["title_zh"] for found in row["checks"]] == ["飞机能移动", "机密检查"]


def test_the_clock_is_personal_and_tells_why(sqlite_app: Flask) -> None:
    work = begun(sqlite_app)
    with sqlite_app.app_context():
        chief = work.seeded.judges["chief"]
        timetable.give_time(
            work.period, work.entry("K-073"), 12, reason="停电", key="extra-01", actor_id=chief
        )
        timetable.pause(work.period, work.entry("K-118"), reason="换电脑", actor_id=chief)
    first = Person(sqlite_app, "competitor-1").state(1)["clock"]
    second = Person(sqlite_app, "competitor-2").state(2)["clock"]
    third = Person(sqlite_app, "competitor-3").state(3)["clock"]
    assert (first["state"], first["changes"]) == (
        "running",
        [{"kind": "extra", "minutes": 12, "reason": "停电"}],
    )
    assert (second["state"], second["reason"]) == ("paused", "换电脑")
    assert second["paused_at"]
    assert (third["state"], third["changes"]) == ("running", [])
    assert first["ends_at"] > third["ends_at"]


def test_who_is_no_competitor_is_told_so_and_unknown_addresses_are_sentences(
    sqlite_app: Flask,
) -> None:
    begun(sqlite_app)
    assert "您没有报名任何赛项" in Person(sqlite_app, "li", "a-judge-for-tests").get("/work").text
    one = Person(sqlite_app, "competitor-1")
    assert one.get("/work/receipts/AAAA-BBBB-CCCC").status_code == 404
    assert "没有这个编号的回执" in one.get("/work/receipts/AAAA-BBBB-CCCC").text
    assert one.get("/work/1/7").status_code == 404
