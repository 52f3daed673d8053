"""Boards in frames: others may frame these pages and no other, and one copy serves everybody."""

import re

import pytest
from flask import Flask

from competition.database import writing
from competition.models import Account, Delegation, Grant, Role
from judging.rules.prefectures import TILES
from tests.judging.desks import signed_in
from tests.judging.official import mark_everything, unblind
from tests.judging.seed import PEOPLE, Seeded, let_out


@pytest.fixture
def shown(sqlite_app: Flask, day: Seeded) -> Seeded:
    with sqlite_app.app_context():
        unblind(day)
        let_out(day.skill, "confirmed", actor_id=day.judges["chief"])
        mark_everything(day, {})
        with writing() as session:
            account = session.get_one(Account, day.judges["stranger"])
            account.grants.append(Grant(role=Role.SECRETARIAT))
    return day


FRAMED = (
    "/embed/T17",
    "/embed/boards/delegations",
    "/embed/boards/medals",
    "/embed/boards/now",
    "/embed/boards/timetable",
)


def test_only_these_pages_may_be_framed_and_caches_keep_them(sqlite_app, shown) -> None:
    client = sqlite_app.test_client()
    for address in FRAMED:
        answer = client.get(address)
        assert answer.status_code == 200
        assert "frame-ancestors *;" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "public, max-age=5"
        assert "Set-Cookie" not in answer.headers and "csrf" not in answer.text
        assert "<form" not in answer.text and 'role="img"' in answer.text, "a QR, and no form"
    for address in ("/skills/T17", "/boards/medals", "/", "/screen/T17", "/office/embeds"):
        policy = client.get(address).headers["Content-Security-Policy"]
        assert "frame-ancestors 'self';" in policy
    assert PEOPLE[0][0] in client.get("/embed/T17").text
    assert client.get("/embed/NONE").status_code == 404


def test_what_it_says_depends_on_its_address_alone(sqlite_app, shown, chief) -> None:
    stranger = sqlite_app.test_client()
    chief.post("/language/en")
    for address in ("/embed/T17", "/embed/T17?lang=en&theme=dark", "/embed/T17?lang=xx&theme=yy"):
        assert chief.get(address).text == stranger.get(address).text
    documents = ("/skills/T17/board.json", "/boards/medals.json", "/screen/T17/qr.svg")
    for address in (*FRAMED, *documents):
        for client in (chief, stranger):  # so that a cache keeps one copy, and not one a cookie
            assert "Cookie" not in client.get(address).headers.get("Vary", ""), address
    assert "Cookie" in chief.get("/skills/T17").headers["Vary"]
    assert '<html lang="en"' in chief.get("/skills/T17").text, "the choice is still known"
    assert '<html lang="zh-CN">' in stranger.get("/embed/T17?theme=<b>").text
    dark = stranger.get("/embed/T17?lang=en&theme=dark").text
    assert '<html lang="en" data-theme="podium-dark">' in dark


def test_a_frozen_skill_shows_nothing_new_in_a_frame(sqlite_app, shown) -> None:
    client = sqlite_app.test_client()
    with sqlite_app.app_context():
        let_out(shown.skill, "frozen", actor_id=shown.judges["chief"])
    before = [client.get(address).data for address in FRAMED]
    with sqlite_app.app_context():
        mark_everything(shown, {"A1.01": 0}, {"A1.02": 0}, {}, {})
    assert [client.get(address).data for address in FRAMED] == before


def test_the_office_copies_the_lines(sqlite_app, shown) -> None:
    office = signed_in(sqlite_app, "stranger")
    sqlite_app.config["PODIUM_PUBLIC_URL"] = "https://podium.example"
    text = office.get("/office/embeds?board=T17&theme=dark&lang=en").text
    (lines,) = re.findall(r"<textarea[^>]*>(.*?)</textarea>", text)
    assert 'src="https://podium.example/embed/T17?lang=en&amp;amp;theme=dark"' in lines.replace(
        "&#34;", '"'
    )
    assert "title=&#34;T17 Web Technologies · Podium&#34;" in lines or (
        'title="T17 Web Technologies · Podium"' in lines
    )
    assert "Medals · Podium" in office.get("/office/embeds?board=medals&lang=en").text
    assert "奖牌 · Podium" in office.get("/office/embeds?board=medals&lang=zh").text
    nonsense = office.get('/office/embeds?board="><script>&theme=x&lang=y').text
    assert "/embed/boards/delegations?lang=zh" in nonsense and "<script>&" not in nonsense


def test_the_map_is_there_where_delegations_are_prefectures(sqlite_app, shown) -> None:
    client = sqlite_app.test_client()
    assert "data-tile" not in client.get("/boards/delegations").text
    with sqlite_app.app_context(), writing() as session:
        session.query(Delegation).first().code = "2301"
    text = client.get("/boards/delegations").text
    assert text.count("data-tile=") == 13 and "哈尔滨" in text
    places = {(tile.column, tile.row) for tile in TILES.values()}
    assert len(places) == 13, "no two on one place"
