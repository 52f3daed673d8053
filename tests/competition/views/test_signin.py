"""Signing in: passwords, the demo's cards, where one lands, the language; and what is refused."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import create_app
from competition import founding
from competition.database import db
from competition.demo import CARDS, PASSWORD, PIN
from competition.models import Account
from competition.views.limits import limiter
from competition.views.signin import local
from tests.competition.test_founding import GIVEN
from tests.conftest import settings_for


@pytest.fixture
def real_app(app: Flask) -> Flask:
    """A real competition with one organiser, on both databases."""
    with app.app_context():
        founding.found(founding.read(GIVEN))
        db.session.remove()
    return app


def token(client: FlaskClient, address: str = "/sign-in") -> str:
    page = client.get(address).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def sign_in(client: FlaskClient, username: str, password: str, **more: str) -> object:
    form = {"csrf_token": token(client), "username": username, "password": password, **more}
    return client.post("/sign-in", data=form)


def test_the_right_password_opens_the_office(real_app: Flask) -> None:
    client = real_app.test_client()
    answer = sign_in(client, "OFFICE ", "long enough 123")
    assert (answer.status_code, answer.location) == (303, "/office/")
    assert client.get("/office/").location == "/account/second-factor?next=/office/"
    assert client.get("/account/second-factor?next=/office/").status_code == 200


@pytest.mark.parametrize(
    ("username", "password"),
    [("office", "long enough 124"), ("nobody", "long enough 123"), ("office", ""), ("", "")],
)
def test_a_wrong_one_says_the_same_whatever_was_wrong(
    real_app: Flask, username: str, password: str
) -> None:
    client = real_app.test_client()
    answer = sign_in(client, username, password)
    assert answer.status_code == 403
    assert "账号或密码不对" in answer.get_data(as_text=True)
    assert client.get("/office/").status_code == 302


def test_a_closed_account_stays_out(real_app: Flask) -> None:
    client = real_app.test_client()
    sign_in(client, "office", "long enough 123")
    with real_app.app_context():
        account = db.session.scalar(select(Account))
        assert account is not None
        account.active = False
        db.session.commit()
    assert client.get("/office/").status_code == 302  # the session it had is over, too
    assert sign_in(client, "office", "long enough 123").status_code == 403


def test_without_a_token_nothing_happens(real_app: Flask) -> None:
    client = real_app.test_client()
    form = {"username": "office", "password": "long enough 123"}
    assert client.post("/sign-in", data=form).status_code == 400
    assert client.get("/office/").status_code == 302
    assert client.post("/sign-out").status_code == 400


def test_the_eleventh_try_of_a_minute_waits(sqlite_url: str, tmp_path: Path) -> None:
    app = create_app(settings_for(sqlite_url, tmp_path) | {"PODIUM_TESTING": "0"})
    try:
        client = app.test_client()
        statuses = [sign_in(client, "office", "guess").status_code for _ in range(11)]
        assert statuses == [403] * 10 + [429]
        assert sign_in(client, "another", "guess").status_code == 403  # counted by name
    finally:
        limiter.reset()
        limiter.enabled = False  # there is one limiter for all apps of a process


def test_one_is_led_back_to_the_page_one_wanted(real_app: Flask) -> None:
    client = real_app.test_client()
    asked = client.get("/office/skills/W17?page=1")
    assert asked.location == "/sign-in?next=/office/skills/W17?page%3D1"
    answer = sign_in(client, "office", "long enough 123", next="/office/skills/W17?page=1")
    assert answer.location == "/office/skills/W17?page=1"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/a\nb",
        "/\t/evil.example",
        "",
        None,
    ],
)
def test_nobody_is_led_to_another_site(address: str | None) -> None:
    assert local(address) is None


def test_a_path_of_ours_is_kept() -> None:
    assert local("/skills/W17?x=1#top") == "/skills/W17?x=1#top"


def test_signing_out_ends_it_and_keeps_the_language(real_app: Flask) -> None:
    client = real_app.test_client()
    sign_in(client, "office", "long enough 123")
    client.get("/language/en?next=/office/")
    client.post("/sign-out", data={"csrf_token": token(client, "/account/")})
    page = client.get("/sign-in").get_data(as_text=True)
    assert "You are signed out." in page
    assert client.get("/office/").status_code == 302


# The demo


def test_a_card_signs_in_with_one_click(demo_app: Flask) -> None:
    for card in CARDS:
        client = demo_app.test_client()
        form = {"csrf_token": token(client), "card": card.key}
        answer = client.post("/sign-in/card", data=form)
        assert answer.status_code == 303
        with client.session_transaction() as session, demo_app.app_context():
            account = db.session.scalar(
                select(Account).where(Account.fs_uniquifier == session["_user_id"])
            )
            assert account is not None
            assert account.username == card.username


def test_the_printed_password_works_too(demo_app: Flask) -> None:
    client = demo_app.test_client()
    page = client.get("/sign-in").get_data(as_text=True)
    assert PASSWORD in page and f"PIN 都是 {PIN}" in page
    assert sign_in(client, "leader-harbin", PASSWORD).location == "/delegation/"


def test_no_cards_outside_the_demo(real_app: Flask) -> None:
    client = real_app.test_client()
    page = client.get("/sign-in").get_data(as_text=True)
    assert "/sign-in/card" not in page
    assert PASSWORD not in page
    form = {"csrf_token": token(client), "card": "organiser"}
    assert client.post("/sign-in/card", data=form).status_code == 404
    assert client.get("/office/").status_code == 302


def test_an_empty_site_says_what_to_type(sqlite_app: Flask) -> None:
    assert "podium init" in sqlite_app.test_client().get("/sign-in").get_data(as_text=True)


# The language


def test_chinese_until_one_chooses_and_then_on_every_page(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    assert '<html lang="zh-CN"' in client.get("/sign-in").get_data(as_text=True)
    assert client.get("/language/en?next=/sign-in").location == "/sign-in"
    for page in ("/sign-in", "/nowhere"):
        assert '<html lang="en"' in client.get(page).get_data(as_text=True)
    client.get("/language/xx")
    assert client.get("/language/zh?next=//evil.example").location == "/"
    assert '<html lang="zh-CN"' in client.get("/sign-in").get_data(as_text=True)


def test_a_page_that_answered_a_form_is_left_for_a_page(demo_app: Flask) -> None:
    client = demo_app.test_client()
    client.post("/sign-in/card", data={"csrf_token": token(client), "card": "organiser"})
    form = {"csrf_token": token(client, "/account/"), "act": "lock", "skill": ["W16", "W17"]}
    look = client.post("/office/locks/look", data=form)
    assert look.status_code == 200 and "W16" in look.text
    switch = "/language/en?next=/office/locks/look?"
    assert f'<form method="post" action="{switch}">' in look.text
    assert '<input type="hidden" name="skill" value="W17">' in look.text
    again = client.post(switch, data=form)
    assert again.status_code == 307, "the browser posts the same form again"
    english = client.post(again.location, data=form).text
    assert '<html lang="en"' in english and "W16" in english
    # what acts is never posted again: its own page, or the one that the form stood on
    for address, asked_on, back in (
        ("/account/password", "/account/", "/account/"),
        ("/account/password", "", "/"),
        ("/account/password", "http://evil.example/account/", "/"),
        ("/office/accounts/new", "", "/office/accounts/new"),
    ):
        from_there = {"Referer": asked_on.replace("/account/", "http://localhost/account/", 1)}
        if "evil" in asked_on:
            from_there = {"Referer": asked_on}
        page = client.post(address, data={"csrf_token": form["csrf_token"]}, headers=from_there)
        assert f'href="/language/zh?next={back}"' in page.text, (address, asked_on)
        assert client.post(f"/language/zh?next={address}", data=form).status_code == 302
        client.get("/language/en")


def test_an_account_remembers_its_language_on_another_device(real_app: Flask) -> None:
    first, second = real_app.test_client(), real_app.test_client()
    sign_in(first, "office", "long enough 123")
    first.get("/language/en")
    sign_in(second, "office", "long enough 123")
    assert '<html lang="en"' in second.get("/account/").get_data(as_text=True)
