"""The drawn photos of the demo's judges: who has none gets one, once, as a real one is given."""

from random import Random

import pytest
from flask import Flask
from sqlalchemy import select

from competition import judge_photos
from competition.database import db
from competition.models import JudgeRecord, LedgerRow
from competition.rules import pictures
from competition.rules.refusal import Refusal
from judging import demo_portraits, printing
from tests.judging.officials import known
from tests.judging.seed import Seeded, seed


@pytest.fixture
def day(context: Flask, monkeypatch: pytest.MonkeyPatch) -> Seeded:
    """Two judges of the panel are in the register, and somebody who judges nothing here."""
    found = seed()
    for name in ("li", "wang", "stranger"):
        known(found, name)
    monkeypatch.setattr(demo_portraits, "TOUR", "T17")
    return found


def photos(day: Seeded) -> dict[str, str]:
    kept = judge_photos.of_accounts(db.session(), list(day.judges.values()))
    names = {number: name for name, number in day.judges.items()}
    return {names[number]: name for number, name in kept.items()}


def test_the_panel_gets_photos_and_who_has_one_keeps_it(day: Seeded) -> None:
    assert demo_portraits.draw(Random(1)) == 2
    given = photos(day)
    assert set(given) == {"li", "wang"}
    shown = {judge_photos.read(name).data for name in given.values()}
    assert len(shown) == 2, "they can be told apart"
    for data in shown:
        assert pictures.size(data, pictures.PNG) == (240, 240)
        assert len(data) < 20_000
    assert demo_portraits.draw(Random(2)) == 0
    assert photos(day) == given
    acts = db.session.scalars(select(LedgerRow.act).where(LedgerRow.act == "judge.photo"))
    assert len(acts.all()) == 2


def test_where_nothing_can_be_printed_the_cards_bear_letters(
    day: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_font(*_: object) -> bytes:
        raise Refusal("没有中文字体。", "There is no Chinese font.")

    monkeypatch.setattr(printing, "png", no_font)
    assert demo_portraits.draw(Random(1)) == 0
    assert photos(day) == {}
    assert db.session.query(JudgeRecord).count() == 3
