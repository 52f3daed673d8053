"""How often judges disagreed with a check: worked examples, the page, the file, who may."""

import io
import re

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from competition.database import db
from competition.models import LedgerRow
from judging import disagreement
from judging.rules.disagreement import Judged, rate
from tests.judging.desks import page, read, signed_in
from tests.judging.seed import PEOPLE, Seeded, judge_by_machine


@pytest.mark.parametrize(
    ("outcome", "proposed", "given", "against"),
    [
        ("passed", 100, 100, False),
        ("passed", 100, 0, True),
        ("failed", 0, 100, True),
        ("failed", 0, 0, False),
        # Of two checks of one aspect only the one that pulled the wrong way.
        ("passed", 75, 150, False),
        ("failed", 75, 150, True),
        ("failed", 75, 0, False),
        ("passed", 75, 0, True),
        ("undetermined", None, 50, False),
        ("error", None, 0, False),
        ("undetermined", 75, 150, False),
    ],
)
def test_what_a_mark_says_of_a_check(
    outcome: str, proposed: int | None, given: int, against: bool
) -> None:
    assert Judged("K-073", outcome, proposed, given).is_against == against


def test_a_rate_counts_what_could_be_told() -> None:
    agreed = [Judged(f"K-{n}", "passed", 100, 100) for n in range(5)]
    against = Judged("K-9", "passed", 100, 0, "不对")
    found = rate([*agreed, against, Judged("K-8", "undetermined", None, 100)])
    assert (found.of, found.against, found.by_eye, found.per_cent) == (6, (against,), 1, 17)
    assert rate([]).per_cent == 0
    assert rate([against, agreed[0]]).per_cent == 50


@pytest.fixture
def judged(sqlite_app: Flask, day: Seeded) -> Seeded:
    """Two works checked alike; of one the judge saw two aspects another way, and two by eye."""
    with sqlite_app.app_context():
        for code in ("K-073", "K-118"):
            judge_by_machine(day, code)
        day.give(day.post("K-073", "A1.01", 150), day.post("K-118", "A1.01", 150))
        day.give(day.post("K-073", "A1.02", 100, reason="第三次才出子弹，=1+1"))
        day.give(day.post("K-118", "A1.02", 0))
        day.give(day.post("K-073", "A2.02", 150, reason="两次都加了 10 分"))
        day.give(day.post("K-118", "A1.03", 50))
        day.give(day.post("K-118", "A2.02", 0), judge="li")  # contradicted: it does not count yet
        day.give(day.post("K-118", "A2.02", 150, judge="wang"), judge="wang")
    return day


def test_each_check_with_its_rate(sqlite_app: Flask, judged: Seeded) -> None:
    with sqlite_app.app_context():
        found = {one.check: one for one in disagreement.checks(db.session(), judged.skill)}
        assert list(found)[:2] == ["shoot", "rock-2"]  # the contradicted first
        told = {
            key: (one.rate.of, one.rate.per_cent, one.rate.by_eye) for key, one in found.items()
        }
    assert told == {
        "move": (2, 0, 0),
        "shoot": (2, 50, 0),
        "scroll": (0, 0, 1),
        "rock-1": (1, 0, 0),
        "rock-2": (1, 100, 0),
    }


def test_the_page_near_the_task_and_its_file(sqlite_app: Flask, judged: Seeded) -> None:
    chief = signed_in(sqlite_app, "chief")
    assert "/desk/T17/checks" in page(chief, "/desk/T17/prepare")
    text = page(chief, "/desk/T17/checks")
    assert "1 · 50%" in text and "第三次才出子弹" in text and "空格发射" in text
    assert 'href="/provenance/T17/K-073#sheet-A1"' in text
    for secret in (secret for one in PEOPLE for secret in one):
        assert secret not in text, secret
    answer = chief.get("/desk/T17/checks.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 1 + 5
    assert rows[1][:10] == ("A1.02", "shoot", "空格发射", 2, 1, 50, 0, "K-073", "0.00", "1.00")
    assert read(sqlite_app, select(LedgerRow).where(LedgerRow.act == "list.download"))
    chief.get("/language/en")
    assert re.search(r"Space shoots.*1 · 50%", page(chief, "/desk/T17/checks"), re.S)


def test_who_sees_it_and_what_an_empty_one_says(sqlite_app: Flask, day: Seeded) -> None:
    assert "还没有可以对照的内容" in page(signed_in(sqlite_app, "chief"), "/desk/T17/checks")
    judge = signed_in(sqlite_app, "li")  # others' marks are not theirs to see before the lock
    for path in ("/desk/T17/checks", "/desk/T17/checks.xlsx"):
        assert judge.get(path).status_code == 403
