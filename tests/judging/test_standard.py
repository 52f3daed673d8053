"""The sections of the occupational standard on a skill's public page: declared weights at once,
what the scheme makes of them only once the board says that the skill is final."""

import pytest
from flask import Flask
from sqlalchemy import select

from competition.database import db, writing
from competition.models import Release, Skill
from competition.moment import now
from judging import results, standard
from judging.models import Scheme
from judging.rules.scheme import Section, Text
from judging.rules.standard import percent, shown
from tests.judging.seed import Seeded, let_out, seed

SECTIONS = (
    Section("1", Text("安全", "Safety"), 500, 525),
    Section("2", Text("制作", "Making"), 4500, 4475),
    Section("3", Text("沟通", "Communication"), None, 0),
    Section("9", Text(), None, 100),  # only found on aspects
)


def test_before_the_end_only_what_was_declared() -> None:
    told = [(one.number, one.share, one.marked) for one in shown(SECTIONS, 5100, is_final=False)]
    assert told == [("1", 1000, None), ("2", 9000, None), ("3", None, None)]


def test_at_the_end_what_the_scheme_made_of_it_where_it_differs() -> None:
    told = [(one.number, one.share, one.marked) for one in shown(SECTIONS, 5100, is_final=True)]
    assert told == [("1", 1000, 1029), ("2", 9000, 8775), ("3", None, 0), ("9", None, 196)]
    same = shown([Section("1", Text("甲"), 5000, 10_000)], 10_000, is_final=True)
    assert (same[0].share, same[0].marked, same[0].name_en) == (10_000, None, "甲")
    assert shown([Section("1", Text("甲"), 0, 0)], 0, is_final=True)[0].share == 0


def test_a_share_in_words() -> None:
    assert [percent(one) for one in (0, 1200, 1250, 1225, 10_000)] == [
        "0%", "12%", "12.5%", "12.25%", "100%",
    ]  # fmt: skip


@pytest.fixture
def day(sqlite_app: Flask) -> Seeded:
    with sqlite_app.app_context():
        made = seed()
        with writing() as session:
            row = session.scalars(select(Scheme).where(Scheme.skill_id == made.skill)).one()
            row.total = 10_000
            about = ("name_zh", "name_en", "declared", "marks")
            rows = (("1", "安全生产", "Working safely", 1000, 1375), ("7", "", "", None, 625))
            row.sections = [
                {"number": n, **dict(zip(about, rest, strict=True))} for n, *rest in rows
            ]
        return made


def page(app: Flask, lang: str = "zh") -> str:
    client = app.test_client()
    client.get(f"/language/{lang}")
    return client.get("/skills/T17").text


def test_the_public_page(sqlite_app: Flask, day: Seeded) -> None:
    text = page(sqlite_app)
    for word in (
        "T17",
        "网站设计与开发",
        "Web Technologies",
        "世赛选拔",
        "职业标准（WSOS）",
        "安全生产",
    ):
        assert word in text, word
    assert ">100%<" in text and "13.75%" not in text and "6.25%" not in text
    assert "Working safely" in page(sqlite_app, "en")

    with sqlite_app.app_context():  # locked behind a freeze: the page says no more than the board
        let_out(day.skill, Release.FROZEN, actor_id=day.judges["chief"])
        with writing() as session:
            session.get_one(Skill, day.skill).locked_at = now()
    assert "13.75%" not in page(sqlite_app)
    with sqlite_app.app_context():
        let_out(day.skill, Release.CONFIRMED, actor_id=day.judges["chief"])
        assert results.snapshot(db.session.get_one(Skill, day.skill)).body["state"] == "final"
    text = page(sqlite_app)
    assert "本评分表 13.75%" in text and "6.25%" in text


def test_no_scheme_no_sections(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        assert standard.of(db.session(), 1, is_final=True) == ()
