"""Rate limits of signing in: by name and browser, never by address alone, and nobody is kept out
of their own browser by somebody else's guesses."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import create_app
from competition import founding, second_factor
from competition.database import db, writing
from competition.models import Account, SecondFactor
from competition.moment import now
from competition.views.limits import limiter
from tests.competition.test_founding import GIVEN
from tests.conftest import settings_for

PASSWORD = "long enough 123"


@pytest.fixture
def site(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    app = create_app(settings_for(sqlite_url, tmp_path) | {"PODIUM_TESTING": "0"})
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        founding.found(founding.read(GIVEN))
        db.session.remove()
    # argon2 is not what is tested here
    monkeypatch.setattr(
        "competition.views.entrance.matches", lambda password, stored: password == PASSWORD
    )
    try:
        yield app
    finally:
        limiter.reset()
        limiter.enabled = False  # there is one limiter for all apps of a process
        with app.app_context():
            db.engine.dispose()


def attempt(client: FlaskClient, password: str, address: str = "10.0.0.1") -> int:
    form = {"username": "office", "password": password}
    return client.post("/sign-in", data=form, environ_base={"REMOTE_ADDR": address}).status_code


def test_a_guesser_waits_after_ten_tries(site: Flask) -> None:
    client = site.test_client()
    assert [attempt(client, "guess") for _ in range(11)] == [403] * 10 + [429]
    # Another person behind the same address goes on.
    other = client.post("/sign-in", data={"username": "other", "password": "guess"})
    assert other.status_code == 403


def test_many_addresses_are_one_guesser_but_keep_nobody_out_of_their_own_browser(
    site: Flask,
) -> None:
    own = site.test_client()
    assert attempt(own, PASSWORD) == 303
    own.post("/sign-out")
    guesser = [
        attempt(site.test_client(), "guess", f"10.1.{number // 10}.1") for number in range(80)
    ]
    assert guesser.count(403) <= 60
    assert set(guesser[-20:]) == {429}
    assert attempt(site.test_client(), PASSWORD) == 429, "a strange browser waits, even rightly"
    assert attempt(own, PASSWORD, "10.9.9.9") == 303, "the holder's own browser does not"


def test_the_known_browser_is_limited_too(site: Flask) -> None:
    own = site.test_client()
    attempt(own, PASSWORD)
    own.post("/sign-out")
    assert [attempt(own, "guess") for _ in range(11)] == [403] * 10 + [429]


def test_a_browsers_token_is_its_own(site: Flask) -> None:
    client = site.test_client()
    answer = client.post("/sign-in", data={"username": "office", "password": PASSWORD})
    (cookie,) = (
        line for line in answer.headers.getlist("Set-Cookie") if line.startswith("podium_device=")
    )
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    client.post("/sign-out")
    again = client.post("/sign-in", data={"username": "office", "password": PASSWORD})
    assert not any("podium_device" in line for line in again.headers.getlist("Set-Cookie"))


def test_codes_are_not_guessed(site: Flask) -> None:
    with site.app_context(), writing() as session:
        account_id = session.scalars(select(Account.id)).one()
        seed = second_factor.new_seed()
        row = SecondFactor(account_id=account_id, seed=seed, last_counter=0, at=now())
        session.add(row)
    clients = [site.test_client() for _ in range(2)]
    for client in clients:
        assert attempt(client, PASSWORD) == 303
    tries = [
        clients[n % 2].post("/sign-in/code", data={"code": "123"}).status_code for n in range(11)
    ]
    assert tries == [403] * 10 + [429], "counted by account, in however many windows"
