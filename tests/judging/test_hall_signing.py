"""Sign-off on a tablet of the hall: everybody's PIN one after the other, and no mark before one."""

import pytest
from flask import Flask
from sqlalchemy import select

from competition import pins
from competition.database import db, writing
from competition.models import Account, Grant, LedgerRow, Member, Role
from judging import tablets
from judging.models import Signature
from tests.judging import official
from tests.judging.seed import PEOPLE, Seeded
from tests.judging.signed import sheet
from tests.judging.test_hall_tablet import Hall

WORK = "K-073"
PIN = {"li": "2580", "wang": "1470", "zhao": "3691", "chief": "7412", "own": "9517"}


@pytest.fixture
def marked(sqlite_app: Flask, day: Seeded) -> Seeded:
    """Everything is marked; the competitor of one work has an account."""
    with sqlite_app.app_context():
        official.rules(day, competitor_signs=True)
        official.mark_everything(day)
        with writing() as session:
            person = session.scalar(
                select(Member.person_id).where(Member.entry_id == day.entries[WORK])
            )
            own = Account(
                username="own", label="选手本人", password="x", fs_uniquifier="own",
                person_id=person, grants=[Grant(role=Role.COMPETITOR)],
            )  # fmt: skip
            session.add(own)
            session.flush()
            day.judges["own"] = own.id
        for name, pin in PIN.items():
            pins.set_(day.judges[name], pin)
        db.session.remove()
    return day


@pytest.fixture
def hall(sqlite_app: Flask, marked: Seeded) -> Hall:
    with sqlite_app.app_context():
        given = tablets.give_code(marked.skill, actor_id=marked.judges["chief"])
        return Hall(sqlite_app, tablets.pair(given.code, name="T").token)


def told(hall: Hall, sub: int | None = None):
    answer = hall.client.get(
        f"/tablet/api/hall/sign-off{'' if sub is None else f'?sub={sub}'}",
        headers={"Authorization": f"Bearer {hall.token}"},
    )
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    return answer.json


def card(day: Seeded, name: str) -> dict[str, object]:
    role = {"chief": "chief", "own": "competitor"}.get(name, "judge")
    body: dict[str, object] = {"role": role, "pin": PIN[name]}
    return body | ({"code": WORK} if name == "own" else {"account": day.judges[name]})


def look(hall: Hall, day: Seeded, name: str):
    answer = hall.ask("hall/sign-off/look", card(day, name))
    assert answer.status_code == 200, answer.json
    return answer.json["sheets"]


def ticked(shown) -> list[dict[str, object]]:
    return [
        {"code": one["code"], "sub": one["sub"]["id"], "digest": one["digest"]} for one in shown
    ]


def sign(hall: Hall, day: Seeded, name: str) -> int:
    shown = ticked(look(hall, day, name))
    answer = hall.ask("hall/sign-off/sign", card(day, name) | {"sheets": shown})
    assert answer.status_code == 200, answer.json
    return answer.json["count"]


def test_everybody_signs_one_after_the_other(sqlite_app, hall, marked):
    day, sheets = marked, 4 * len(marked.subs)
    a1 = day.subs["A1"]
    assert [one["waits"] for one in told(hall, a1)["people"]] == [*3 * [sheets], 0]
    for judge in ("li", "wang", "zhao"):
        assert sign(hall, day, judge) == sheets
        assert sign_nothing(hall, day, judge)
    shown = told(hall, a1)
    assert {one["state"] for one in shown["sheets"]} == {"competitor"}
    assert shown["competitors"] == ["K-073", "K-118", "K-246", "K-391"]
    own = look(hall, day, "own")
    assert {one["code"] for one in own} == {WORK} and len(own) == len(day.subs)
    assert own[0]["aspects"][0]["mark"] == "1.50" and own[0]["total"] == "4.00"
    assert sign(hall, day, "own") == len(day.subs)
    assert sign(hall, day, "chief") == len(day.subs)
    with sqlite_app.app_context():
        signed = sheet(day, WORK, "A1")
        assert signed.standing.state == "signed"
        assert [one.role for one in signed.signatures] == [*3 * ["judge"], "competitor", "chief"]
        rows = set(db.session.scalars(select(Signature.device)))
        assert len(rows) == 1 and rows.pop().startswith("tablet:")
        acts = list(db.session.scalars(select(LedgerRow.act)))
        assert acts.count("sheet.sign") == 5
    counts = next(one["counts"] for one in told(hall)["subs"] if one["id"] == a1)
    assert counts == {"marking": 0, "judges": 0, "competitor": 3, "chief": 0, "signed": 1}


def sign_nothing(hall: Hall, day: Seeded, name: str) -> bool:
    """Who has signed all has nothing to look at; the same sheets again are signed once."""
    return not look(hall, day, name)


def test_nothing_is_told_without_a_pin_but_what_is_missing(hall, marked):
    day = marked
    text = str(told(hall, day.subs["A1"]))
    assert "'mark'" not in text and "digest" not in text and "total" not in text
    sign(hall, day, "li")
    for sub in day.subs.values():
        assert not any(name in str(told(hall, sub)) for row in PEOPLE for name in row[:3])
    assert "选手本人" not in str(told(hall, day.subs["A1"]))
    assert told(hall, 999_999)["sheets"] == []


def test_what_is_missing_comes_first(sqlite_app, hall, marked):
    day = marked
    with sqlite_app.app_context():
        day.give(day.post("K-246", "A1.02", None))
    shown = told(hall, day.subs["A1"])["sheets"]
    assert (shown[0]["code"], shown[0]["state"]) == ("K-246", "marking")
    assert shown[0]["unmarked"] == ["A1.02"] or shown[0]["differing"] == ["A1.02"]
    assert "K-246" not in {
        one["code"] for one in look(hall, day, "li") if one["sub"]["code"] == "A1"
    }


def test_wrong_pins_are_counted_and_sign_nothing(sqlite_app, hall, marked):
    day = marked
    for name in ("li", "own"):
        if name == "own":
            for judge in ("wang", "zhao"):
                sign(hall, day, judge)
            with sqlite_app.app_context():
                pins.set_(day.judges["li"], PIN["li"])  # a new PIN starts the count anew
            sign(hall, day, "li")
        body = card(day, name) | {"pin": "0246", "sheets": [{"code": WORK, "sub": 1}]}
        for _ in range(pins.TRIES):
            for path in ("look",):
                answer = hall.ask(f"hall/sign-off/{path}", body)
                assert answer.status_code == 403 and "PIN" in answer.json["error"]["zh"]
        full = hall.ask("hall/sign-off/look", card(day, name))
        assert full.status_code == 429 and "15" in full.json["error"]["en"]
        assert hall.ask("hall/sign-off/sign", body).status_code == 429


def test_a_member_of_a_team_signs_with_the_own_pin(sqlite_app, hall, marked):
    """Nobody says which of them it is; a colleague's right PIN leaves no wrong try behind."""
    day = marked
    with sqlite_app.app_context():
        with writing() as session:
            person = session.scalar(
                select(Member.person_id).where(Member.entry_id == day.entries["K-118"])
            )
            session.add(Member(entry_id=day.entries[WORK], person_id=person))
            mate = Account(
                username="mate", label="队友", password="x", fs_uniquifier="mate", person_id=person,
            )  # fmt: skip
            session.add(mate)
            session.flush()
            day.judges["mate"] = mate.id
        pins.set_(day.judges["mate"], "8632")
    for judge in ("li", "wang", "zhao"):
        sign(hall, day, judge)
    body = card(day, "own") | {"pin": "8632"}
    for _ in range(pins.TRIES + 2):
        assert hall.ask("hall/sign-off/look", body).status_code == 200
    shown = hall.ask("hall/sign-off/look", body).json["sheets"]
    answer = hall.ask("hall/sign-off/sign", body | {"sheets": ticked(shown)})
    assert answer.json["count"] == len(day.subs)
    with sqlite_app.app_context():
        rows = select(Signature.account_id).where(Signature.role == "competitor")
        assert set(db.session.scalars(rows)) == {day.judges["mate"]}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"role": "judge", "account": 999_999}, 409),
        ({"role": "judge", "account": True}, 409),
        ({"role": "judge", "account": 2**80}, 409),
        ({"role": "boss"}, 400),
        ({"role": None}, 400),
        ({"role": "competitor", "code": WORK}, 409),  # the panel has not signed yet
        ({"role": "competitor", "code": 7}, 400),
        ({"sheets": []}, 409),
        ({"sheets": "x"}, 409),
        ({"sheets": [{"code": "K-999", "sub": 1, "digest": "x"}]}, 404),
        ({"sheets": [7, None, {"sub": "1"}]}, 409),
        ({"pin": None}, 403),
        ({"pin": 7}, 403),
        ({"pin": "\ud800\x00"}, 403),
        ({"code": "\ud800", "role": "competitor"}, 409),
        ({"sheets": [{"code": "\ud800", "sub": 2**80, "digest": "\ud800"}]}, 404),
    ],
)
def test_what_is_no_signature_is_refused_with_a_sentence(hall, marked, change, status):
    day = marked
    body = card(day, "li") | {"sheets": ticked(look(hall, day, "li"))} | change
    answer = hall.ask("hall/sign-off/sign", body)
    assert answer.status_code == status, answer.json
    assert "没有签字" in answer.json["error"]["zh"] or "没有通过" in answer.json["error"]["zh"]


def test_a_chief_judge_of_another_skill_and_a_judge_as_chief_sign_nothing(hall, marked):
    day = marked
    body = {"role": "chief", "account": day.judges["li"], "pin": PIN["li"]}
    assert hall.ask("hall/sign-off/look", body).status_code == 409
    body = {"role": "judge", "account": day.judges["chief"], "pin": PIN["chief"]}
    assert hall.ask("hall/sign-off/look", body).status_code == 409


def test_a_competitor_signs_only_the_own_work(hall, marked):
    day = marked
    for judge in ("li", "wang", "zhao"):
        sign(hall, day, judge)
    other = card(day, "own") | {"code": "K-118"}
    assert hall.ask("hall/sign-off/look", other).status_code == 409  # nobody there has an account
    sheets = [{"code": "K-118", "sub": day.subs["A1"], "digest": "x"}]
    answer = hall.ask("hall/sign-off/sign", card(day, "own") | {"sheets": sheets})
    assert answer.status_code == 404


def test_a_sheet_that_moved_since_is_not_signed(sqlite_app, hall, marked):
    day = marked
    shown = ticked(look(hall, day, "li"))
    for one in shown:
        one["digest"] = "0" * 64
    answer = hall.ask("hall/sign-off/sign", card(day, "li") | {"sheets": shown})
    assert answer.status_code == 409 and "改动" in answer.json["error"]["zh"]
    with sqlite_app.app_context():
        assert not db.session.scalars(select(Signature.id)).all()


def test_a_signed_sheet_takes_no_mark_and_a_locked_skill_no_signature(sqlite_app, hall, marked):
    day = marked
    shown = ticked(look(hall, day, "li"))
    for judge in ("li", "wang", "zhao"):
        sign(hall, day, judge)
    sign(hall, day, "own")
    sign(hall, day, "chief")
    with sqlite_app.app_context():
        (answer,) = day.give(day.post(WORK, "A1.01", 0))
        assert answer.state == "set_aside" and "已签字" in str(answer.sentence)
        from judging import marking, signing
        from tests.judging.signed import check_again, proof, seen

        keys = list(seen(day))
        signing.excuse_competitor(day.skill, keys, reason="缺席", actor_id=day.judges["chief"])
        signing.sign_as_chief(day.skill, seen(day), proof(day, "chief"))
        check_again(day)
        marking.lock(day.skill, actor_id=day.judges["chief"])
    assert told(hall)["locked"]
    answer = hall.ask("hall/sign-off/sign", card(day, "li") | {"sheets": shown})
    assert answer.status_code == 409 and "已锁定" in answer.json["error"]["zh"]


def test_an_unpaired_tablet_shows_and_signs_nothing(sqlite_app, hall, marked):
    day = marked
    with sqlite_app.app_context():
        (one,) = tablets.of_skill(db.session(), day.skill)
        tablets.unpair(one.id, skill_id=day.skill, actor_id=day.judges["chief"])
    assert hall.ask("hall/sign-off/look", card(day, "li")).status_code == 401
    assert hall.ask("hall/sign-off/sign", card(day, "li")).status_code == 401
    for token in (hall.token, "", "x"):
        headers = {"Authorization": f"Bearer {token}"}
        assert hall.client.get("/tablet/api/hall/sign-off", headers=headers).status_code == 401
