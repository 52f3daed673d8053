"""The pages of the big screens, and what reaches a screen: never more than the public has."""

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.database import db, writing
from competition.models import Grant, Release, Role, Skill
from judging import live, results, screens
from judging.live import socketio
from judging.models import Playlist, Screen
from tests.judging.desks import signed_in
from tests.judging.seed import PEOPLE, Seeded, let_out


@pytest.fixture
def office(sqlite_app: Flask, day: Seeded) -> FlaskClient:
    """The secretariat at a browser."""
    with sqlite_app.app_context(), writing() as session:
        session.add(Grant(account_id=day.judges["stranger"], role=Role.SECRETARIAT))
    return signed_in(sqlite_app, "stranger")


class Wall:
    """A screen as its script speaks for it."""

    def __init__(self, app: Flask) -> None:
        self.client, self.token = app.test_client(), ""

    def ask(self, method: str, path: str, body: object = None):
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.client.open(f"/screen/api/{path}", method=method, json=body, headers=headers)

    def wait(self) -> dict:
        said = self.ask("POST", "wait").json
        self.token = said.get("token") or self.token
        return said


@pytest.fixture
def wall(sqlite_app: Flask, office: FlaskClient) -> Wall:
    """A screen that the office has just paired, with the playlist that it made."""
    found = Wall(sqlite_app)
    page = found.client.get("/screen", follow_redirects=True)
    assert page.status_code == 200 and 'id="stage"' in page.text
    code = found.wait()["code"]
    made = office.post("/office/screens/playlists", data={"name": "A 馆循环"})
    assert made.status_code == 303
    add(office, made.location, kind="now", seconds="20")
    add(office, made.location, kind="skill", seconds="30", skill="T17")
    playlist = made.location.rstrip("/").rsplit("/", 1)[1]
    form = {"code": code, "name": "A 馆", "playlist": playlist, "language": "turns"}
    assert office.post("/office/screens/pair", data={**form, "theme": "dark"}).status_code == 303
    assert found.wait() == {"paired": True}
    return found


def add(office: FlaskClient, playlist: str, **form: str) -> None:
    version = re.search(r'name="version" value="(\d+)"', office.get(playlist).text)
    assert version is not None
    office.post(f"{playlist}/add", data={**form, "version": version[1]})


def test_a_code_is_typed_and_the_screen_shows_its_playlist(wall: Wall, office: FlaskClient) -> None:
    told = wall.ask("GET", "told")
    assert [one["kind"] for one in told.json["entries"]] == ["now", "skill"]
    assert told.json["play"]["entry"] == 1 and told.json["language"] == "turns"
    tag = {"If-None-Match": told.headers["ETag"], "Authorization": f"Bearer {wall.token}"}
    assert wall.client.get("/screen/api/told", headers=tag).status_code == 304
    says = {"what": "entry", "entry": 1, "page": 1, "of": 2, "width": 3840, "height": 2160}
    says |= {"sequence": told.json["sequence"], "link": "live", "version": "v1"}
    assert wall.ask("POST", "here", says).status_code == 200
    page = office.get("/office/screens/").text
    assert "A 馆" in page and "3840 × 2160" in page and "第 1 / 2 页" in page
    assert "正在进行" in page and "最近联系" in page.replace("最后联系", "最近联系")


def test_a_code_that_is_wrong_loses_nothing_that_was_typed(wall: Wall, office: FlaskClient) -> None:
    typed = {
        "code": "ZZZZ",
        "name": "B 馆 <2>",
        "playlist": "1",
        "language": "en",
        "theme": "light",
    }
    page = office.post("/office/screens/pair", data=typed, follow_redirects=True).text
    form = page[page.index('id="pair"') : page.index('id="playlists"')]
    assert "没有大屏显示这个配对码" in page and 'value="ZZZZ"' in form
    assert 'value="B 馆 &lt;2&gt;"' in form
    for chosen in ("1", "en", "light"):
        assert f'<option value="{chosen}" selected>' in form
    assert "selected" in office.get("/office/screens/?playlist=x&language=x").text


def test_a_screen_calls_the_measures_of_delegations_as_the_boards_do(office: FlaskClient) -> None:
    words = (Path(office.application.root_path) / "frontend/playing/words.ts").read_text("utf-8")
    page = office.get("/boards/delegations").text
    for word in ("平均换算分", "换算分合计"):
        assert word in page and f'"{word}"' in words


@pytest.mark.parametrize(
    "body", [None, [], "x", {"width": 1e300}, {"what": {}, "width": -1, "version": 5}], ids=str
)
def test_what_a_screen_says_of_itself_is_read_with_care(wall: Wall, body: object) -> None:
    assert wall.ask("POST", "here", body).status_code == 200
    with wall.client.application.app_context():
        row = db.session.scalars(select(Screen)).one()
        assert (row.width, row.version, row.showing["what"]) == (0, "", "entry")


def test_the_office_moves_holds_blanks_and_lets_go(wall: Wall, office: FlaskClient) -> None:
    def press(act: str, **form: str) -> dict:
        assert office.post(f"/office/screens/{act}", data=form).status_code == 303
        return wall.ask("GET", "told").json

    assert press("go", screen="1", entry="2", stay="1")["play"]["entry"] == 2
    assert press("go_on", all="1")["play"]["held"] is False
    assert press("pause", all="1")["play"]["paused"]
    assert "时钟和分数" in office.get("/office/screens/").text
    assert press("go_on", all="1")["play"]["paused"] is None
    assert press("blank", screen="1")["blank"] is True
    assert press("show", all="1")["blank"] is False
    before = press("go", screen="1", entry="9" * 30)
    assert before["play"]["entry"] == 2, "no such entry: nothing is changed"
    assert "没有这一项" in office.get("/office/screens/").text
    assert office.post("/office/screens/pause", data={"screen": "77"}).status_code == 404
    said = {"key": "a-key-of-a-form", "text_zh": "请撤离", "text_en": "Leave now"}
    assert press("message", **said)["message"]["text_zh"] == "请撤离"
    assert "1 块大屏中 0 块正在显示" in office.get("/office/screens/").text
    wall.ask("POST", "here", {"what": "message", "sequence": press("pause", all="1")["sequence"]})
    assert "1 块大屏中 1 块正在显示" in office.get("/office/screens/").text
    assert press("message/1/end")["message"] is None
    assert press("message", key="another-key-x", text_zh=" ")["message"] is None
    office.post("/office/screens/1/let-go")
    gone = wall.ask("GET", "told")
    assert gone.status_code == 401 and gone.json["error"]
    assert wall.wait()["code"] and wall.token


def test_a_card_offers_to_stay_on_what_its_screen_shows(wall: Wall, office: FlaskClient) -> None:
    def offered() -> str:
        card = office.get("/office/screens/").text.split("data-stay>")[1].split("</select>")[0]
        chosen = re.findall(r'value="(\d+)" selected', card)
        assert len(chosen) == 1
        return chosen[0]

    assert offered() == "1"
    office.post("/office/screens/go", data={"screen": "1", "entry": "2", "stay": "1"})
    assert offered() == "2"  # due there, before it says so
    wall.ask("POST", "here", {"what": "entry", "entry": 1})
    assert offered() == "1"


def test_a_playlist_is_written_line_by_line(wall: Wall, office: FlaskClient) -> None:
    def entries() -> list[dict]:
        with office.application.app_context():
            return db.session.scalars(select(Playlist.entries)).one()

    def edit(act: str, **form: str) -> list[dict]:
        with office.application.app_context():
            version = str(db.session.scalars(select(Playlist.version)).one())
        office.post(f"/office/screens/playlists/1/{act}", data={"version": version, **form})
        return entries()

    ids = [one["id"] for one in edit("up", entry="2")]
    assert ids == [2, 1]
    assert edit("edit", entry="1", kind="medals", seconds="15")[1] == {
        "id": 1, "kind": "medals", "seconds": 15,
    }  # fmt: skip
    assert len(edit("add", kind="text", seconds="20", text_zh="午餐 <b>")) == 3
    assert "午餐 &lt;b&gt;" in office.get("/office/screens/playlists/1").text
    for wrong in (
        {"kind": "skill", "seconds": "20"},
        {"kind": "x"},
        {"kind": "now", "seconds": "1"},
    ):
        assert len(edit("add", **wrong)) == 3
    assert [one["id"] for one in edit("out", entry="2")] == [1, 3]
    assert len(edit("out", entry="2")) == 2 and len(edit("down", entry="1", version="1")) == 2
    office.post("/office/screens/playlists/1/remove")
    assert "还有大屏在放" in office.get("/office/screens/playlists/1").text
    office.post("/office/screens/playlists/1/give", data={})
    assert wall.ask("GET", "told").json["entries"] == []
    office.post("/office/screens/playlists/1/remove")
    looked = office.get("/office/screens/playlists/1")
    assert looked.status_code == 404
    assert "可能已被删除" in looked.text and "没有改变" not in looked.text


def test_a_screen_hears_everything_of_its_playlist_and_nothing_sealed(
    sqlite_app: Flask, wall: Wall, day: Seeded
) -> None:
    with sqlite_app.app_context():
        let_out(day.skill, Release.HIDDEN, actor_id=day.judges["chief"])
        day.mark_all("K-073")
        sockets = socketio.test_client(sqlite_app)
        sockets.emit("watch", {"screen": wall.token})
        heard = sockets.get_received()
        assert [one["name"] for one in heard] == ["screen", "board", "overall"]
        assert heard[0]["args"][0] == wall.ask("GET", "told").json
        public = results.snapshot(db.session.get_one(Skill, day.skill)).body
        assert heard[1]["args"][0] == public and public["standings"] == []
        text = json.dumps(heard, ensure_ascii=False)
        assert not any(name in text for person in PEOPLE for name in person[:2])
        assert "K-073" not in text
        for wrong in ({"screen": "x"}, {"screen": ["x"]}, {"screen": ""}):
            sockets.emit("watch", wrong)
        assert sockets.get_received() == []


def test_the_sender_tells_a_screen_once_what_it_shall_show(
    sqlite_app: Flask, wall: Wall, office: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, dict]] = []
    monkeypatch.setattr(
        live.socketio,
        "emit",
        lambda name, data, to=None, **_more: name == "screen" and sent.append((to, data)),
    )
    with sqlite_app.app_context():
        sender, (screen,) = live.Sender(sqlite_app), screens.all_paired(db.session())
        sender.tick()
        sent.clear()
        sender.tick()
        assert not sent
        office.post("/office/screens/pause", data={"all": "1"})
        db.session.remove()
        sender.tick()
        ((to, told),) = sent
        assert to == f"screen:{screen.id}" and told["play"]["paused"]
