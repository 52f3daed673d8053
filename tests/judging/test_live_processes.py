"""`podium live`: spectators of several processes see what the site stored, and nothing is written
there."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from app import create_app
from competition.database import db, writing
from competition.models import Release, SignIn, Skill
from competition.moment import now
from competition.sign_ins import HEARD_EVERY
from judging import devices, live, overall, results
from judging.live import Sender
from judging.tablet_client import TabletClient
from tests.browsers import PATIENCE
from tests.conftest import LiveServer, serving, settings_for
from tests.judging.desks import signed_in
from tests.judging.raw_socket import RawSocket
from tests.judging.seed import CODES, Seeded, let_out, seed

CODE, PAIR = "T17", ("li", "wang")


@pytest.fixture
def day(context: Flask) -> Seeded:
    return opened_skill()


def opened_skill() -> Seeded:
    found = seed()
    let_out(found.skill, Release.CONFIRMED, actor_id=found.judges["chief"])
    return found


@pytest.fixture
def reader(context: Flask, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The app of a `podium live` on the same database."""
    app = create_app(settings_for(database_url, tmp_path), reads_only=True)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def release(day: Seeded) -> None:
    """A sheet is marked and confirmed: the public board moves."""
    answers = day.give(day.post(CODES[0], "A2.01", 100), day.post(CODES[0], "A2.02", 150))
    day.give(day.confirm(CODES[0], "A2", answers[-1].id), judge="wang")


def site_stores(day: Seeded) -> results.Snapshot:
    """As the site's sender does a few times a second."""
    shot = results.snapshot(db.session.get_one(Skill, day.skill, populate_existing=True))
    overall.snapshots()
    db.session.rollback()
    return shot


def test_a_reader_shows_what_is_stored_and_never_what_is_not(day: Seeded, reader: Flask) -> None:
    browser = reader.test_client()
    assert browser.get(f"/skills/{CODE}/board.json").status_code == 404
    assert browser.get(f"/skills/{CODE}").status_code == 503
    assert browser.get("/boards/now.json").status_code == 503
    first = site_stores(day)
    answer = browser.get(f"/skills/{CODE}/board.json")
    assert (answer.json, answer.headers["ETag"]) == (first.body, f'"{first.etag}"')
    release(day)  # committed, but the site has not stored the board yet
    assert browser.get(f"/skills/{CODE}/board.json").json == first.body
    second = site_stores(day)
    assert second.sequence == first.sequence + 1
    assert browser.get(f"/skills/{CODE}/board.json").json == second.body
    for kind, shot in overall.snapshots().items():
        assert browser.get(f"/boards/{kind}.json").json == shot.body
    pages = ("/", f"/skills/{CODE}", f"/embed/{CODE}", "/boards/medals", "/embed/boards/now")
    for page in (*pages, f"/screen/{CODE}", "/healthz"):
        assert browser.get(page).status_code == 200, page


def test_a_reader_answers_nothing_but_boards(context: Flask, reader: Flask) -> None:
    browser = reader.test_client()
    for method, path in (
        *(("GET", one) for one in ("/sign-in", "/desk/T17", "/office/", "/no/such/page")),
        *(("POST", one) for one in ("/sign-in", "/tablet/api/marks")),
    ):
        answer = browser.open(path, method=method)
        assert answer.status_code in (400, 404), path  # 400: the form's token, asked for first
        assert "location" not in answer.headers


def test_no_connection_of_a_reader_can_write(day: Seeded, reader: Flask) -> None:
    with reader.app_context():
        with pytest.raises(DBAPIError):
            db.session.execute(text("UPDATE skill SET revision = revision + 1"))
        db.session.rollback()
        with pytest.raises((DBAPIError, sqlite3.Error)):
            devices.pair(day.judges["li"], day.skill, name="a tablet")
        db.session.rollback()


def test_a_signed_in_browser_sees_boards_there_too(
    sqlite_app: Flask, sqlite_url: str, tmp_path: Path
) -> None:
    """Being heard of is written down by the site only."""
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        site_stores(seed())
    cookie = signed_in(sqlite_app, "li").get_cookie("session")
    with sqlite_app.app_context(), writing() as session:
        session.execute(update(SignIn).values(seen_at=now() - 2 * HEARD_EVERY))
    reader = create_app(settings_for(sqlite_url, tmp_path), reads_only=True)
    browser = reader.test_client()
    browser.set_cookie("session", cookie.value)
    page = browser.get(f"/skills/{CODE}")
    assert page.status_code == 200 and 'href="/account' in page.text
    with reader.app_context():
        db.engine.dispose()


def test_the_sender_of_a_reader_sends_what_the_site_stored(
    day: Seeded, reader: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: dict[str, dict] = {}
    monkeypatch.setattr(live.socketio, "emit", lambda event, body, to: sent.update({to: body}))
    sender = Sender(reader)

    def tick() -> dict[str, dict]:
        sent.clear()
        with reader.app_context():
            sender.tick()
        return dict(sent)

    assert set(tick()) == {f"staff:{CODE}"}, "no board is there yet"
    assert tick() == {}
    first = site_stores(day)
    everything = {f"overall:{kind}": shot.body for kind, shot in overall.snapshots().items()}
    told = tick()
    assert told[f"skill:{CODE}"] == first.body
    assert everything.items() <= told.items()
    assert tick() == {}
    release(day)
    assert set(tick()) == {f"staff:{CODE}"}
    assert tick() == {}
    second = site_stores(day)
    assert tick()[f"skill:{CODE}"] == second.body != first.body


def watching(server: LiveServer) -> RawSocket:
    client = RawSocket(server.url)
    client.sock.settimeout(PATIENCE / 1000)
    assert client.frame()[1].startswith(b"0{")
    client.say("40")
    assert client.frame()[1].startswith(b"40{")
    client.event("watch", {"skill": CODE})
    return client


@pytest.mark.slow
def test_a_mark_that_the_site_takes_reaches_the_spectators_of_every_process(
    sqlite_app: Flask, sqlite_url: str, tmp_path: Path
) -> None:
    with sqlite_app.app_context():
        day = opened_skill()
        tablets = {
            name: devices.pair(day.judges[name], day.skill, name="a tablet") for name in PAIR
        }
    started = [serving(sqlite_url, tmp_path, by=by) for by in ("", "live", "live")]
    with ExitStack() as stack, ThreadPoolExecutor() as pool:
        site, *beside = pool.map(stack.enter_context, started)
        clients = [watching(server) for server in (site, *beside, *beside)]
        bots = {}
        for name, paired in tablets.items():
            bots[name] = TabletClient(site.url, CODE)
            bots[name].carry(paired.token, day.judges[name])
        li, wang = bots["li"], bots["wang"]
        given = li.post(
            li.observation(CODES[0], day.aspects[aspect], value)
            for aspect, value in (("A2.01", 100), ("A2.02", 150))
        )
        (answer,) = wang.post([wang.confirmation(CODES[0], day.subs["A2"], given[-1]["id"])])
        assert answer["state"] == "taken"
        boards = []
        for client in clients:
            board = client.hear()[1]
            while board["progress"]["released"] < 2:
                board = client.hear()[1]
            boards.append(board)
            client.close()
        assert all(board == boards[0] for board in boards)
        assert boards[0]["standings"][0]["total"] == "2.50"
    for written in tmp_path.glob("live-*.log"):
        assert "Traceback" not in written.read_text()
