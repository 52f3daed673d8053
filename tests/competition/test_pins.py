"""PINs: what one looks like, tries counted by account and device, what is kept."""

from datetime import timedelta
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import select

from competition import pins
from competition.database import db
from competition.models import Account, Competition, LedgerRow, Pin, PinTry
from competition.moment import now
from competition.rules.refusal import Refusal
from tests.judging.seed import seed


def wrong(account: int, device: str) -> int:
    with pytest.raises(Refusal) as refused:
        pins.check(account, "1111", device=device)
    return refused.value.status


def test_a_pin_is_set_compared_and_kept_as_a_hash(context: Flask) -> None:
    judges = seed().judges
    pins.set_(judges["li"], " ２５８０ ")
    proof = pins.check(judges["li"], "2580", device="device:1")
    assert (proof.account_id, proof.device) == (judges["li"], "device:1")
    assert pins.has(db.session(), judges.values()) == {judges["li"]}
    kept = db.session.scalars(select(Pin)).one()
    assert kept.hash.startswith("$argon2") and "2580" not in kept.hash
    assert not db.session.scalars(select(PinTry)).all()
    row = db.session.scalars(select(LedgerRow).where(LedgerRow.act == "pin.set")).one()
    assert "2580" not in row.body
    pins.set_(judges["li"], "13579")
    with pytest.raises(Refusal, match="wrong"):
        pins.check(judges["li"], "2580", device="device:1")
    with pytest.raises(Refusal, match="no PIN yet"):
        pins.check(judges["wang"], "2580", device="device:1")


@pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", "0000", "2345", "8765", "\0" * 4])
def test_what_is_no_pin(sqlite_app: Flask, pin: str) -> None:
    with sqlite_app.app_context():
        judges = seed().judges
        with pytest.raises(Refusal, match=r"was not set"):
            pins.set_(judges["li"], pin)
        assert not db.session.scalars(select(Pin)).all()


def test_tries_are_counted_by_account_and_device(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    judges = seed().judges
    for judge in ("li", "wang"):
        pins.set_(judges[judge], "2580")
    assert [wrong(judges["li"], "device:1") for _ in range(pins.TRIES + 1)] == [403] * 5 + [429]
    with pytest.raises(Refusal):  # the right one neither
        pins.check(judges["li"], "2580", device="device:1")
    pins.check(judges["li"], "2580", device="device:2")
    pins.check(judges["wang"], "2580", device="device:1")
    acts = db.session.scalars(select(LedgerRow).where(LedgerRow.act == "pin.last_try")).all()
    assert [row.subject for row in acts] == [f"account:{judges['li']}"]
    for device in (3, 4, 5):
        for _ in range(pins.TRIES):
            wrong(judges["li"], f"device:{device}")
    assert wrong(judges["li"], "device:6") == 429, "at one account, wherever"
    later = now() + pins.WINDOW + timedelta(seconds=1)
    monkeypatch.setattr(pins, "now", lambda: later)
    pins.check(judges["li"], "2580", device="device:1")


def test_one_device_has_so_many_tries_whoever_is_tried(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        judges = seed().judges
        for account in judges.values():
            for _ in range(4):
                wrong(account, "device:1")
        assert wrong(judges["li"], "device:1") == 429


def test_many_tries_at_once_are_no_more(context: Flask) -> None:
    judge = seed().judges["li"]
    pins.set_(judge, "2580")
    said: list[int] = []

    def try_it() -> None:
        with context.app_context():
            said.append(wrong(judge, "device:1"))
            db.session.remove()

    threads = [Thread(target=try_it) for _ in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == [403] * 5 + [429] * 4


def test_a_closed_account_and_the_demo(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        judges = seed().judges
        pins.set_(judges["li"], "2580")
        db.session.get_one(Account, judges["li"]).active = False
        db.session.commit()
        with pytest.raises(Refusal, match="was not taken"):
            pins.check(judges["li"], "2580", device="device:1")
        db.session.query(Competition).one().is_demo = True
        db.session.commit()
        with pytest.raises(Refusal, match="everybody"):
            pins.set_(judges["li"], "1470")
        pins.set_(judges["wang"], "2580")  # an account that was opened in the demo has none yet


def test_the_account_page_sets_one(sqlite_app: Flask) -> None:
    from tests.entering import entered
    from tests.judging.seed import PASSWORD

    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        judges = seed().judges
        db.session.remove()
    browser = entered(sqlite_app, "li")
    asked = {"password": PASSWORD, "pin": "2580", "again": "2580"}
    for spoilt in ({"password": "no"}, {"again": "2581"}, {"pin": "1234", "again": "1234"}):
        answer = browser.post("/account/pin", data=asked | spoilt)
        assert answer.status_code in (403, 409) and "没有设置" in answer.text
    assert browser.post("/account/pin", data=asked).status_code == 303
    assert "已设置 PIN" in browser.get("/account/").text
    with sqlite_app.app_context():
        pins.check(judges["li"], "2580", device="device:1")
