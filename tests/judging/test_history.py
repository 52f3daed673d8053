"""The course of a skill and the spread of its totals: what was public then, told as it is now."""

import re
from itertools import pairwise

import pytest
from flask import Flask

from competition.database import db
from judging import history, results
from judging.models import PublicHistory
from judging.rules.history import (
    Point,
    courses,
    first_to_show,
    hundredths,
    key_of,
    lines,
    spread,
    steps,
)
from judging.views import charts
from tests.judging.official import mark_everything, unblind
from tests.judging.seed import CODES, PEOPLE, Seeded, let_out


def line(who: str, place: int | None, total: str, released: int = 1) -> dict:
    return {
        "label_zh": who,
        "delegation_zh": "哈尔滨",
        "place": place,
        "total": total,
        "released": released,
    }


def body(*standings: dict, top: str = "100.00") -> dict:
    return {"standings": list(standings), "max": top}


A, B = line("甲", 1, "9.50"), line("乙", 2, "8.00")
KEY_A, KEY_B = key_of(A), key_of(B)


def test_what_is_kept_names_nobody_and_leaves_out_what_cannot_be_told_apart() -> None:
    twins = (line("丙", 3, "1.00"), line("丙", 4, "0.50"))
    found = lines(body(A, B, *twins, line("丁", None, "0.00", 0), line("戊", 5, "0.00", 0)))
    assert found == [(KEY_A, 1, 950), (KEY_B, 2, 800)]
    assert "甲" not in str(found)


def test_a_course_has_its_changes_and_its_gaps() -> None:
    kept = [
        (10, [[KEY_A, 2, 300], [KEY_B, 1, 400]]),
        (11, [[KEY_A, 2, 300], [KEY_B, 1, 450]]),
        (15, []),  # hidden
        (20, [[KEY_A, 1, 950], [KEY_B, 2, 800]]),
    ]
    found = courses(kept, body(A, B))
    assert found[KEY_A] == [
        [Point(10, 2, 300), Point(15, 2, 300)],
        [Point(20, 1, 950)],
    ]
    assert found[KEY_B][0] == [Point(10, 1, 400), Point(11, 1, 450), Point(15, 1, 450)]


def test_the_first_to_be_shown_has_a_line() -> None:
    dot, drawn = [[Point(10, 2, 300)]], [[Point(10, 1, 400), Point(11, 1, 450)]]
    assert first_to_show({"未": [], "甲": dot, "乙": drawn}) == "乙"
    assert first_to_show({"未": [], "甲": dot}) == "甲"
    assert first_to_show({"未": []}) == ""


def test_the_past_of_a_line_that_is_not_shown_now_is_not_told() -> None:
    kept = [(10, [[KEY_A, 1, 900], [KEY_B, 2, 400]])]
    assert set(courses(kept, body(A))) == {KEY_A}, "only the first places now"
    renamed = courses(kept, body(line("选手 P41", 1, "9.50")))
    assert list(renamed.values()) == [[]], "aliases now: no way back to the names"
    assert courses(kept, body()) == {}, "hidden now"


def test_steps_hold_each_value_until_the_next() -> None:
    assert (
        steps([(0, 0), (5, 50), (10, 100)], 0, 10, 100) == "0,300 500,300 500,150 1000,150 1000,0"
    )
    assert steps([(3, 10)], 3, 3, 0) == "0,0", "one minute, no maximum"
    assert steps([(0, 900)], 0, 10, 100) == "0,0", "never out of the field"


def test_a_spread_needs_five_and_counts_everybody_once() -> None:
    four = [line(str(n), n, f"{n}.00") for n in range(1, 5)]
    assert spread(body(*four, line("未", None, "0.00", 0))) is None
    found = spread(body(*four, line("满", 5, "10.00"), top="10.00"))
    assert found is not None and sum(one.count for one in found) == 5
    assert (found[0].count, found[1].count, found[9].count) == (0, 1, 1), "the maximum is inside"
    assert (found[9].low, found[9].high, hundredths("10.00")) == (900, 1000, 1000)
    odd = spread(body(*four, line("满", 5, "10.05"), top="10.05"))
    assert odd is not None and [(one.low, one.high) for one in odd][:2] == [(0, 100), (101, 200)]
    assert all(one.high + 1 == after.low for one, after in pairwise(odd)), "no total in two"


@pytest.fixture
def shown(sqlite_app: Flask, day: Seeded, inside: None) -> Seeded:
    unblind(day)
    let_out(day.skill, "confirmed", actor_id=day.judges["chief"])
    mark_everything(day, {}, {"A1.01": 0})
    results.publish(results.positions())
    return day


def page(app: Flask) -> str:
    return app.test_client().get("/skills/T17/charts").text


def test_the_page_draws_and_tells_the_same(sqlite_app: Flask, shown: Seeded) -> None:
    row = db.session.query(PublicHistory).one()
    row.minute -= 30  # half an hour ago
    db.session.commit()
    mark_everything(shown, {"A1.02": 0}, {})
    text = page(sqlite_app)
    told = re.findall(r'<td class="num figure">([\d.]+)</td>', text)
    assert text.count('class="chart-line"') == 2 and PEOPLE[1][0] in text
    assert told == ["4", "9.00", "1", "10.50"], "as it was, and as it is"
    assert "五名选手" in text, "four results are no distribution"
    asked = sqlite_app.test_client().get("/skills/T17/charts?who=%00<script>")
    assert asked.status_code == 200 and "<script>" not in asked.text.split("<main")[1]


@pytest.mark.parametrize(
    ("minutes", "labels"),
    [(0, ["08:00", "", ""]), (1, ["08:00", "", "08:01"]), (2, ["08:00", "08:01", "08:02"])],
)
def test_early_in_the_day_no_minute_is_said_twice(minutes: int, labels: list[str]) -> None:
    assert charts._times((0, minutes)) == labels  # 1970 began at eight in Harbin


def test_nothing_moves_in_a_freeze_and_nothing_is_told_while_hidden(
    sqlite_app: Flask, shown: Seeded
) -> None:
    chief = shown.judges["chief"]
    let_out(shown.skill, "frozen", actor_id=chief)
    before = page(sqlite_app)
    mark_everything(shown, {"A1.01": 0}, {"A1.02": 0}, {}, {})
    after = page(sqlite_app)
    noise = re.compile(r'(csrf[-_]token"? (?:content|value))="[^"]*"')
    assert noise.sub("", before) == noise.sub("", after)
    let_out(shown.skill, "hidden", actor_id=chief)
    hidden = page(sqlite_app)
    assert "还没有可画的内容" in hidden and PEOPLE[0][0] not in hidden and CODES[0] not in hidden


def test_of_one_minute_the_last_stays(sqlite_app: Flask, shown: Seeded) -> None:
    session = db.session()
    at = session.query(results.PublicBoard).one().changed_at
    for standings in ((A, B), (B,)):
        history.keep(session, shown.skill, body(*standings), at)
    session.flush()
    assert session.query(PublicHistory).one().lines == [[KEY_B, 2, 800]]
