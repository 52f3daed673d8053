"""Entries that disagree, side by side: judges, tablets, both clocks, what each was given on."""

import html
import re
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from competition.database import db
from competition.moment import now
from judging import cells, desk_sides, marking
from judging.desk_sides import Side
from judging.marking import Parcel
from judging.models import Observation
from tests.judging.desks import page
from tests.judging.seed import PEOPLE, Seeded, pair


def differ(day: Seeded) -> dict[str, int]:
    """Li marks, Zhao on top of it, and Wang's tablet comes back after an hour."""
    pair(day)
    pair(day, "wang")
    given: dict[str, int] = {}
    for judge, value, base, late in (
        ("li", 0, None, 0),
        ("zhao", 150, "li", 0),
        ("wang", 0, None, 60),
    ):
        post = day.post(
            "K-118", "A2.02", value, judge=judge, base=given.get(base or ""),
            device_at=now() - timedelta(minutes=late),
        )  # fmt: skip
        parcel = Parcel(day.skill, [post], day.judges[judge], day.devices.get(judge))
        ((answer,),) = marking.record([parcel])
        assert answer.id is not None
        given[judge] = answer.id
    return given


def test_both_values_with_all_that_tells_them_apart(inside: None, day: Seeded) -> None:
    given = differ(day)
    found = cells.read(db.session(), day.skill)
    measured = found.works[day.entries["K-118"]].marks[day.aspects["A2.02"]].measured
    assert measured is not None
    (zhao,), (wang,) = desk_sides.of_measurement(db.session(), measured)
    assert (zhao.id, zhao.text, zhao.judge, zhao.is_late) == (
        given["zhao"],
        "1.50",
        "赵裁判",
        False,
    )
    assert zhao.before is not None
    assert (zhao.before.text, zhao.before.judge) == ("0.00", "李裁判")
    assert (wang.text, wang.judge, wang.tablet) == ("0.00", "王裁判", "tablet")
    assert wang.before is None
    assert wang.is_late


def told(client: FlaskClient, path: str) -> str:
    text = page(client, path)
    for secret in (secret for one in PEOPLE for secret in one):
        assert secret not in text, secret
    body = text[text.index("<main") : text.index("</main>")]
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", body).split()))


def test_the_form_of_the_decision_shows_them(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    with sqlite_app.app_context():
        differ(day)
    path = f"/desk/T17/works/K-118/aspects/{day.aspects['A2.02']}"
    text = told(chief, path)
    assert re.search(r"1.50 算数 裁判员 赵裁判 .*平板当时 0.00 李裁判 \d\d:\d\d:\d\d", text)
    assert re.search(
        r"0.00 算数 裁判员 王裁判 平板 tablet .*很久以后才收到.*平板当时 没有显示分值", text
    )
    assert page(chief, path).count('name="value"') == 2
    chief.get("/language/en")
    assert "by the tablet's clock" in told(chief, path)


def aside(day: Seeded) -> list[int]:
    """Of one judge: a value out of range, a vote for a work that is not there, a vote of a round
    that is still sealed."""
    found = day.give(
        day.post("K-118", "A1.04", 999),
        day.post("K-999", "B1.01", 2),
        day.post("K-118", "B1.01", 3, round=2),
    )
    assert [one.state for one in found] == ["set_aside"] * 3
    return [one.id or 0 for one in found]


def test_a_set_aside_entry_beside_what_counts(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    with sqlite_app.app_context():
        day.give(day.post("K-118", "A1.04", 100, judge="wang"), judge="wang")
        value, nowhere, sealed = aside(day)
        taken = day.give(day.post("K-073", "A1.04", 100))[0].id
    text = told(chief, f"/desk/T17/set-aside/{value}")
    assert "9.99 裁判员 李裁判" in text and "1.00 裁判员 王裁判" in text and "现在计分的" in text
    assert "没有可以显示的内容" in told(chief, f"/desk/T17/set-aside/{nowhere}")
    assert f"/desk/T17/set-aside/{value}" in page(chief)
    hidden = told(chief, f"/desk/T17/set-aside/{sealed}")
    assert "没有可以显示的内容" in hidden and "– 裁判员 李裁判" in hidden
    for number in (taken, 4711):
        assert chief.get(f"/desk/T17/set-aside/{number}").status_code == 404


def test_a_vote_shows_once_its_round_is_over(inside: None, day: Seeded) -> None:
    _value, _nowhere, number = aside(day)
    session = db.session()

    def sides() -> tuple[Side, list[Side]]:
        session.rollback()
        row = session.get_one(Observation, number)
        return desk_sides.of_set_aside(session, cells.read(session, day.skill), row, "3")

    day.give(day.post("K-118", "B1.01", 1))
    assert sides()[1] == []
    for judge in ("wang", "zhao"):
        day.give(day.post("K-118", "B1.01", 2, judge=judge), judge=judge)
    own, standing = sides()
    assert own.text == "3"
    assert [(one.text, one.judge) for one in standing] == [("1", "李裁判")]
