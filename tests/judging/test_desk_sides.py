"""Entries that disagree, side by side: judges, tablets, both clocks, what each was given on."""

import html
import inspect
import re
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from competition.database import db, writing
from competition.models import Skill
from competition.moment import now
from competition.rules.refusal import Refusal
from judging import (
    admission,
    aside_words,
    cells,
    desk_needs,
    desk_sides,
    marking,
    provenance,
    scheme,
)
from judging.desk_sides import Side
from judging.marking import Parcel
from judging.models import Device, Observation
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
    assert "没有可以显示的内容" in hidden and "密封 裁判员 李裁判" in hidden
    for number in (taken, 4711):
        assert chief.get(f"/desk/T17/set-aside/{number}").status_code == 404


def test_a_vote_shows_once_its_round_is_over(inside: None, day: Seeded) -> None:
    _value, _nowhere, number = aside(day)
    session = db.session()

    def sides() -> tuple[Side, list[Side]]:
        session.rollback()
        row = session.get_one(Observation, number)
        found = cells.read(session, day.skill)
        told = desk_needs.posted(session, day.skill, found, row)
        return desk_sides.of_set_aside(session, found, row, told)

    day.give(day.post("K-118", "B1.01", 1))
    assert sides()[1] == []
    for judge in ("wang", "zhao"):
        day.give(day.post("K-118", "B1.01", 2, judge=judge), judge=judge)
    own, standing = sides()
    assert own.text == "3"
    assert [(one.text, one.judge) for one in standing] == [("1", "李裁判")]


def two_tablets(day: Seeded) -> int:
    """Round 2 is open; one judge votes on two tablets that had no network, with reasons. Gives the
    vote that was set aside."""
    for judge, vote in (("li", 0), ("wang", 3), ("zhao", 3)):
        day.give(day.post("K-118", "B1.01", vote, judge=judge), judge=judge)
    first, second = (
        day.post("K-118", "B1.01", vote, round=2, reason=f"RSN-{vote} because") for vote in (3, 1)
    )
    pair(day)
    device = day.devices["li"]
    pair(day)
    parcels = [
        Parcel(day.skill, (post,), day.judges["li"], one)
        for post, one in ((first, device), (second, day.devices["li"]))
    ]
    (taken,), (aside,) = (marking.record([one])[0] for one in parcels)
    assert (taken.state, aside.state) == ("taken", "set_aside")
    return aside.id or 0


def test_the_reason_of_a_vote_is_sealed_as_the_vote_is(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    with sqlite_app.app_context():
        number = two_tablets(day)
    work, b1 = "/desk/T17/works/K-118", day.subs["B1"]
    pages = ("/desk/T17", f"/desk/T17/set-aside/{number}", f"{work}/sheets/{b1}",
             "/provenance/T17/K-118", f"/sign-off/T17/sheets/{b1}")  # fmt: skip
    for path in pages:
        assert "RSN-" not in page(chief, path), path
    with sqlite_app.app_context():
        for judge in ("wang", "zhao"):
            post = day.post("K-118", "B1.01", 3, judge=judge, round=2, reason="talked over")
            assert day.give(post, judge=judge)[0].state == "taken"
    assert "RSN-1 because" in told(chief, pages[1]), "nothing is lost: it shows with the votes"


def test_a_vote_that_came_before_its_round_is_sealed_too(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    """Nobody has voted in round 2 yet, so round 1 is still the last that the ballot knows."""
    with sqlite_app.app_context():
        for judge, vote in (("li", 0), ("wang", 3), ("zhao", 3)):
            day.give(day.post("K-118", "B1.01", vote, judge=judge), judge=judge)
        (refused,) = day.give(day.post("K-118", "B1.01", 2, round=2))
        assert refused.state == "set_aside", "without a reason"
        found = cells.read(db.session(), day.skill)
        row = db.session.get_one(Observation, refused.id)
        assert desk_needs.posted(db.session(), day.skill, found, row) == {
            "aspect": "B1.01",
            "value": "",
            "sealed": True,
        }
        skill, newest = db.session.get_one(Skill, day.skill), scheme.current(day.skill)
        assert newest is not None
        traced = provenance.read(db.session(), skill, newest, day.entries["K-118"])
        (last,) = [
            one
            for sheet in traced["sheets"]
            for aspect in sheet["aspects"]
            for one in aspect["rows"]
            if one["id"] == refused.id
        ]
        assert (last["sealed"], last["value"]) == (True, None)


def test_every_reason_for_setting_aside_speaks_to_the_chief_judge() -> None:
    told = [value for value in vars(admission).values() if inspect.isfunction(value)]
    refusals = [says() for says in told if not inspect.signature(says).parameters]
    refusals = [one for one in refusals if isinstance(one, Refusal)]
    assert len(refusals) > 12
    for one in refusals:
        words = aside_words.for_chief(one.as_dict())
        assert words["zh"] and words["en"] and words != one.as_dict()
        for judges in ("您", "请刷新", "裁判长会看到", " you", "You ", "Reload"):
            assert judges not in words["zh"] + words["en"], one.en
    other = {"zh": f"完成数不对。{admission.KEPT_ZH}", "en": f"No count. {admission.KEPT_EN}"}
    assert aside_words.for_chief(other) == {"zh": "完成数不对。", "en": "No count."}
    assert aside_words.for_chief(None) == {"zh": "", "en": ""}


def test_the_chief_judges_own_decision_has_a_name(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    with sqlite_app.app_context():
        differ(day)
        where = (day.skill, "K-118", day.aspects["A2.02"])
        chief_id = day.judges["chief"]
        marking.decide(*where, 0, reason="seen again", actor_id=chief_id, key="decide-01")
    sheet = told(chief, f"/desk/T17/works/K-118/sheets/{day.subs['A2']}")
    assert "陈裁判长 · 裁定" in sheet
    with sqlite_app.app_context():
        day.give(day.post("K-118", "A2.02", 150, judge="zhao"), judge="zhao")
    assert "0.00 陈裁判长" in told(chief, "/desk/T17")
    form = told(chief, f"/desk/T17/works/K-118/aspects/{day.aspects['A2.02']}")
    assert re.search(r"现有，有分歧 0.00 算数 .*与之不同 1.50 算数", form)


def test_a_device_without_a_name_is_called_by_its_browser(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    raw = (
        "Mozilla/5.0 (Linux; Android 14; SM-X210) AppleWebKit/537.36 (KHTML, like Gecko)"
        " Chrome/131.0.0.0 Safa"
    )
    with sqlite_app.app_context():
        differ(day)
        with writing() as session:
            session.execute(update(Device).values(name=raw))
    path = f"/desk/T17/works/K-118/aspects/{day.aspects['A2.02']}"
    for shown in (path, "/desk/T17", "/desk/T17/tablets", "/provenance/T17/K-118"):
        text = page(chief, shown)
        assert "Chrome 131 · Android" in text and "KHTML" not in text, shown
