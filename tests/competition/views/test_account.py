"""My account: the second factor before what can change results, sign-ins, the password."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from sqlalchemy import select

from competition import founding, second_factor, sign_ins
from competition.database import db, writing
from competition.models import Account, Competition, Door, Grant, Role, SignIn, Skill
from competition.moment import now
from competition.people import add_account, hashed
from tests.competition.test_founding import GIVEN
from tests.entering import entered

PASSWORD = "long enough 123"


@pytest.fixture
def site(sqlite_app: Flask) -> Iterator[Flask]:
    """A real competition: the organiser `office`, the chief judge `chief`, the competitor `pupil`,
    all with one password."""
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        founding.found(founding.read(GIVEN))
        password_hash = hashed(PASSWORD)
        with writing() as session:
            skill = session.scalars(select(Skill).where(Skill.code == "W17")).one()
            for username, grant in (
                ("chief", Grant(role=Role.CHIEF_JUDGE, skill_id=skill.id)),
                ("judge", Grant(role=Role.JUDGE, skill_id=skill.id)),
                ("pupil", Grant(role=Role.COMPETITOR)),
            ):
                add_account(
                    session,
                    username=username,
                    label=username.title(),
                    password_hash=password_hash,
                    grants=[grant],
                )
    yield sqlite_app


def sign_in(app: Flask, username: str, password: str = PASSWORD, **more: str) -> FlaskClient:
    client = app.test_client()
    client.answer = client.post(  # type: ignore[attr-defined]
        "/sign-in", data={"username": username, "password": password, **more}
    )
    return client


def app_of(client: FlaskClient) -> TOTP:
    """An authenticator app set up from what the page says."""
    page = client.get("/account/second-factor").text
    typed = re.search(r'factor-typed">([A-Z2-7 ]+)<', page)
    assert typed is not None, page
    assert "<svg" in page
    return TOTP(key=typed.group(1).replace(" ", ""))


def enrol(client: FlaskClient, **more: str) -> tuple[TOTP, list[str]]:
    app = app_of(client)
    answer = client.post("/account/second-factor", data={"code": app.generate(now()).token, **more})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return app, re.findall(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", answer.text)


def later(app: TOTP) -> str:
    """The app's next code: one is taken once."""
    return str(app.generate(now() + timedelta(seconds=30)).token)


@pytest.mark.parametrize(
    "username, address", [("office", "/office/"), ("chief", "/desk/W17"), ("chief", "/desk/")]
)
def test_what_can_change_results_waits_for_a_second_factor(
    site: Flask, username: str, address: str
) -> None:
    client = sign_in(site, username)
    answer = client.get(address)
    assert answer.location == f"/account/second-factor?next={address}"
    page = client.get(answer.location)
    assert "您的权限可以改变成绩" in page.text
    _app, codes = enrol(client, next=address)
    assert len(codes) == 10
    assert client.get(address).status_code in (200, 302)
    assert "second-factor" not in client.get(address).headers.get("Location", "")


def test_an_act_without_it_is_refused(site: Flask) -> None:
    client = sign_in(site, "chief")
    answer = client.post("/desk/W17/lock")
    assert answer.status_code == 403
    assert "需要先通过二次验证" in answer.text


def test_who_cannot_change_results_is_not_asked(site: Flask) -> None:
    assert sign_in(site, "judge").get("/tablet/W17/").status_code == 200
    assert sign_in(site, "pupil").get("/work").status_code == 200


def test_the_demo_does_not_ask(site: Flask) -> None:
    with site.app_context(), writing() as session:
        session.scalars(select(Competition)).one().asks_second_factor = False
    assert sign_in(site, "office").get("/office/").status_code == 200


def test_from_then_on_signing_in_takes_the_code(site: Flask) -> None:
    app, codes = enrol(sign_in(site, "office"))
    client = sign_in(site, "office", next="/office/access/")
    assert client.answer.location == "/sign-in/code?next=/office/access/"  # type: ignore[attr-defined]
    assert client.get("/office/").location == "/sign-in?next=/office/", "not in yet"
    assert (
        "Office" in client.get("/sign-in/code").text or "office" in client.get("/sign-in/code").text
    )
    wrong = client.post("/sign-in/code", data={"code": "000000"})
    assert wrong.status_code == 403
    assert "验证码不对" in wrong.text
    right = client.post("/sign-in/code", data={"code": later(app), "next": "/office/access/"})
    assert right.location == "/office/access/"
    assert client.get("/office/").status_code == 200

    lost_phone = sign_in(site, "office")
    assert lost_phone.post("/sign-in/code", data={"code": codes[0]}).location == "/office/"
    again = sign_in(site, "office")
    assert again.post("/sign-in/code", data={"code": codes[0]}).status_code == 403


def test_a_code_without_the_password_opens_nothing(site: Flask) -> None:
    app, _codes = enrol(sign_in(site, "office"))
    client = site.test_client()
    assert client.get("/sign-in/code").location.startswith("/sign-in")
    answer = client.post("/sign-in/code", data={"code": later(app)})
    assert answer.location.startswith("/sign-in")
    assert client.get("/office/").location == "/sign-in?next=/office/"
    wrong = sign_in(site, "office", "wrong password")
    assert wrong.post("/sign-in/code", data={"code": later(app)}).location.startswith("/sign-in")


def test_halfway_lasts_ten_minutes(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from competition.views import entrance

    app, _codes = enrol(sign_in(site, "office"))
    client = sign_in(site, "office")
    late = now() + timedelta(minutes=11)
    monkeypatch.setattr(entrance, "now", lambda: late)
    assert client.post("/sign-in/code", data={"code": later(app)}).location.startswith("/sign-in")


def test_a_sign_in_without_proof_shows_it_before_anything_is_changed(site: Flask) -> None:
    """Somebody was in when an app was set up elsewhere: a demo card, or the requirement is new."""
    app, _codes = enrol(sign_in(site, "office"))
    client = entered(site, "office", proved=False)
    assert client.get("/office/").location == "/account/second-factor?next=/office/"
    assert "factor-typed" not in client.get("/account/second-factor?replace=1").text
    assert client.post("/account/second-factor", data={"code": "1"}).status_code == 403
    assert client.post("/account/second-factor/codes").status_code == 403
    assert client.post("/account/second-factor/prove", data={"code": "1"}).status_code == 403
    proved = client.post(
        "/account/second-factor/prove", data={"code": later(app), "next": "/office/"}
    )
    assert proved.location == "/office/"
    assert client.get("/office/").status_code == 200
    assert "factor-typed" in client.get("/account/second-factor?replace=1").text
    renewed = client.post("/account/second-factor/codes")
    assert len(re.findall(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", renewed.text)) == 10


def test_reloading_the_page_keeps_the_picture(site: Flask) -> None:
    client = sign_in(site, "office")
    pages = [client.get("/account/second-factor").text for _ in range(2)]
    assert len({re.search(r'factor-typed">([A-Z2-7 ]+)<', page).group(1) for page in pages}) == 1  # type: ignore[union-attr]


# Sign-ins


def rows(app: Flask, username: str) -> list[SignIn]:
    with app.app_context():
        account = db.session.scalars(select(Account).where(Account.username == username)).one()
        return sign_ins.of_account(db.session(), account.id, now())


def test_sign_ins_are_listed_and_ended_by_their_owner(site: Flask) -> None:
    first = site.test_client()
    agent = {"User-Agent": "Mozilla/5.0 (iPad; CPU OS 17_5) Version/17.5 Safari/604.1"}
    form = {"username": "pupil", "password": PASSWORD}
    first.post("/sign-in", data=form, headers=agent)
    second = sign_in(site, "pupil")
    page = second.get("/account/").text
    assert "Safari 17 · iPad" in page
    assert "本机" in page
    (ipad,) = (row for row in rows(site, "pupil") if row.device)
    assert second.post(f"/account/sign-ins/{ipad.id}/end").status_code == 303
    assert first.get("/work", headers=agent).location == "/sign-in?next=/work"
    assert second.get("/work").status_code == 200
    assert len(rows(site, "pupil")) == 1


def test_all_others_are_ended_at_once(site: Flask) -> None:
    clients = [sign_in(site, "pupil") for _ in range(3)]
    assert clients[0].post("/account/sign-ins/others/end").status_code == 303
    assert [client.get("/work").status_code for client in clients] == [200, 302, 302]


def test_nobody_ends_anothers(site: Flask) -> None:
    mine, theirs = sign_in(site, "pupil"), sign_in(site, "judge")
    (row,) = rows(site, "judge")
    assert mine.post(f"/account/sign-ins/{row.id}/end").status_code == 404
    assert theirs.get("/tablet/W17/").status_code == 200


def test_signing_out_ends_the_row_and_a_copied_cookie_with_it(site: Flask) -> None:
    client = sign_in(site, "pupil")
    with client.session_transaction() as session:
        copied = dict(session)
    client.post("/sign-out")
    thief = site.test_client()
    with thief.session_transaction() as session:
        session.update(copied)
    assert thief.get("/work").status_code == 302
    assert rows(site, "pupil") == []


def test_a_sign_in_is_over_after_a_day_unheard_of(
    site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from competition.views import entrance

    client = sign_in(site, "pupil")
    in_time = now() + sign_ins.LASTS - timedelta(minutes=1)
    monkeypatch.setattr(entrance, "now", lambda: in_time)
    assert client.get("/work").status_code == 200
    (row,) = rows(site, "pupil")
    assert row.seen_at == in_time
    late = in_time + sign_ins.LASTS + timedelta(minutes=1)
    monkeypatch.setattr(entrance, "now", lambda: late)
    assert client.get("/work").status_code == 302


def test_the_key_is_not_kept(site: Flask) -> None:
    client = sign_in(site, "pupil")
    with client.session_transaction() as session:
        key = session["sign_in"]
    (row,) = rows(site, "pupil")
    assert key not in (row.key_hash, row.device_hash)
    assert len(row.key_hash) == 64


# The password


@pytest.mark.parametrize(
    "form, said",
    [
        (
            {"password": "wrong", "new": "a new and long one", "again": "a new and long one"},
            "密码不对",
        ),
        ({"password": PASSWORD, "new": "a new and long one", "again": "another one!"}, "不一样"),
        ({"password": PASSWORD, "new": "short", "again": "short"}, "少于 10"),
    ],
)
def test_a_password_that_is_not_changed(site: Flask, form: dict[str, str], said: str) -> None:
    client = sign_in(site, "pupil")
    answer = client.post("/account/password", data=form)
    assert answer.status_code in (403, 409)
    assert said in answer.text
    assert sign_in(site, "pupil").get("/work").status_code == 200


def test_a_changed_password_ends_all_other_sign_ins(site: Flask) -> None:
    client, other = sign_in(site, "pupil"), sign_in(site, "pupil")
    new = "a new and long one"
    form = {"password": PASSWORD, "new": new, "again": new}
    assert client.post("/account/password", data=form).status_code == 303
    assert client.get("/work").status_code == 200
    assert other.get("/work").status_code == 302
    assert sign_in(site, "pupil").answer.status_code == 403  # type: ignore[attr-defined]
    assert sign_in(site, "pupil", new).get("/work").status_code == 200


# The door


@pytest.mark.parametrize(
    "door, lets_in",
    [
        (Door.EVERYBODY, {"office", "chief", "judge", "pupil"}),
        (Door.STAFF, {"office", "chief", "judge"}),
        (Door.ORGANISERS, {"office"}),
    ],
)
def test_the_door(site: Flask, door: Door, lets_in: set[str]) -> None:
    inside = sign_in(site, "pupil")
    organiser = entered(site, "office")
    assert organiser.post("/office/access/door", data={"door": door}).status_code == 303
    for username in ("office", "chief", "judge", "pupil"):
        answer = sign_in(site, username).answer  # type: ignore[attr-defined]
        assert (answer.status_code == 303) == (username in lets_in), username
        if username not in lets_in:
            assert "已暂停此类账号登录" in answer.text
    assert inside.get("/work").status_code == 200, "whoever is in stays in"
    assert organiser.post("/office/access/door", data={"door": "nobody"}).status_code == 400


def test_whoever_has_no_factor_has_none(site: Flask) -> None:
    with site.app_context():
        ids = list(db.session.scalars(select(Account.id)))
        assert second_factor.has(db.session(), ids) == set()
