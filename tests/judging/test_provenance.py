"""From a work's total down to votes, devices, evidence and the ledger; who may see which of it."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from competition import heads
from competition.database import db, writing
from competition.models import Account, Grant, LedgerRow, Role, Skill
from competition.moment import now
from judging import provenance, scheme
from judging.models import Observation
from tests.judging.desks import signed_in
from tests.judging.proving import marked_day
from tests.judging.seed import Seeded

ADDRESS = "/provenance/T17/{}"


@pytest.fixture
def day(sqlite_app: Flask) -> Seeded:
    """Everything that a mark can come from, instead of the bare skill."""
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        found = marked_day()
        with writing() as session:
            for name, role in (("arbiter", Role.ARBITER), ("invigilator", Role.INVIGILATOR)):
                like = session.get_one(Account, found.judges["chief"])
                session.add(
                    Account(
                        username=name, label=name, password=like.password, fs_uniquifier=name,
                        grants=[Grant(role=role, skill_id=found.skill)],
                    )
                )  # fmt: skip
        db.session.remove()
    return found


def read(day: Seeded, code: str) -> provenance.Plain:
    skill = db.session.get_one(Skill, day.skill)
    newest = scheme.current(day.skill)
    assert newest is not None
    return provenance.read(db.session(), skill, newest, day.entries[code])


def aspect(found: provenance.Plain, code: str) -> provenance.Plain:
    every = (one for sheet in found["sheets"] for one in sheet["aspects"])
    return next(one for one in every if one["code"] == code)


def test_a_total_down_to_the_ledger(inside: None, day: Seeded) -> None:
    found = read(day, "K-118")
    assert (found["total"], found["settled"], found["aspects"]) == ("6.50", 6, 8)
    assert found["scheme"]["version"] == 1
    assert found["key"] == heads.public_key()
    assert found["faults"] == []
    assert aspect(found, "A1.04")["calculation"]["zh"] == "按完成数给分，共 5 项"
    decided = aspect(found, "A2.01")
    assert decided["value"] == "1.00"
    assert [(row["kind"], row["by"], row["value"], row["stands"]) for row in decided["rows"]] == [
        ("entry", "李裁判", 100, False),
        ("entry", "王裁判", 0, False),
        ("decision", "陈裁判长", 100, True),
    ]
    assert decided["rows"][2]["reason"] == "看过录像"
    hashes = dict(
        db.session.execute(
            select(LedgerRow.number, LedgerRow.hash).where(LedgerRow.skill_id == day.skill)
        ).all()
    )
    for row in decided["rows"]:
        assert hashes[row["number"]] == row["hash"]
    (confirmation,) = found["sheets"][0]["confirmations"]
    assert (confirmation["by"], found["sheets"][0]["confirmed"]) == ("王裁判", True)
    assert hashes[confirmation["number"]] == confirmation["hash"]


def test_a_proposal_with_its_evidence(inside: None, day: Seeded) -> None:
    proposed, given = aspect(read(day, "K-073"), "A1.02")["rows"]
    assert (proposed["kind"], proposed["value"], given["reason"]) == ("proposal", 0, "现场正常")
    (check,) = proposed["run"]["checks"]
    assert (check["title_en"], check["outcome"]) == ("Space shoots", "failed")
    assert check["evidence"]
    assert given["device_at"] is not None


def test_votes_are_sealed_while_the_round_is_open(inside: None, day: Seeded) -> None:
    day.give(day.post("K-246", "B1.01", 9))  # set aside, and sealed as well
    vote, aside = aspect(read(day, "K-246"), "B1.01")["rows"]
    assert (vote["sealed"], vote["value"], vote["number"] is not None) == (True, None, True)
    assert (aside["kind"], aside["value"]) == ("set_aside", None)
    for judge in ("wang", "zhao"):
        day.give(day.post("K-246", "B1.01", 0 if judge == "wang" else 2, judge=judge), judge=judge)
    apart = aspect(read(day, "K-246"), "B1.01")
    assert sorted(row["value"] for row in apart["rows"] if row["kind"] == "entry") == [0, 2, 2]
    day.give(day.post("K-246", "B1.01", 1, round=2, reason="再看"))  # the second round is open
    again = aspect(read(day, "K-246"), "B1.01")
    second = [row for row in again["rows"] if row["round"] == 2]
    assert [(row["value"], row["reason"]) for row in second] == [(None, "")]
    assert again["votes"] is None


def test_what_belongs_to_no_aspect_is_there_too(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    with sqlite_app.app_context():
        post = day.post("K-391", "A1.01", 150)
        day.give(post._replace(aspect=9999))
        assert [row["kind"] for row in read(day, "K-391")["loose"]] == ["set_aside"]
        db.session.remove()
    assert "不属于现行评分表" in page(chief, "K-391")


def page(client: FlaskClient, work: str) -> str:
    answer = client.get(ADDRESS.format(work))
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_page(sqlite_app: Flask, day: Seeded, chief: FlaskClient) -> None:
    text = page(chief, "K-118")
    for wanted in ("6.50", "看过录像", "裁判长裁定", "台账第 3 行", "每条评分都与台账一致", "复核"):
        assert wanted in text, wanted
    for hidden in ("欧阳", "司徒", "漠河", "P42", "None"):
        assert hidden not in re.sub(r"<head>.*?</head>", "", text, flags=re.S), hidden
    assert "/evidence/" in page(chief, "K-073")
    assert "还没有评分" in page(chief, "K-391")
    sheet = chief.get(f"/desk/T17/works/K-118/sheets/{day.subs['A1']}").get_data(as_text=True)
    assert "/provenance/T17/K-118#sheet-A1" in sheet
    assert chief.get(ADDRESS.format("K-000")).status_code == 404
    assert chief.get("/provenance/X99/K-118").status_code == 404


def lock(app: Flask, day: Seeded) -> None:
    with app.app_context(), writing() as session:
        session.get_one(Skill, day.skill).locked_at = now()


def test_who_may_before_and_after_the_lock(sqlite_app: Flask, day: Seeded) -> None:
    def said() -> dict[str, int]:
        names = ("chief", "li", "arbiter", "invigilator", "stranger")
        return {
            name: signed_in(sqlite_app, name).get(ADDRESS.format("K-118")).status_code
            for name in names
        }

    nobody = {"invigilator": 403, "stranger": 403}
    assert said() == {"chief": 200, "li": 403, "arbiter": 403} | nobody
    lock(sqlite_app, day)
    assert said() == {"chief": 200, "li": 200, "arbiter": 200} | nobody
    assert "裁判长台" not in page(signed_in(sqlite_app, "arbiter"), "K-118")
    assert sqlite_app.test_client().get(ADDRESS.format("K-118")).status_code in (302, 401)


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda: update(Observation).where(Observation.value == 150).values(value=0), "A2.02"),
        (lambda: update(Observation).where(Observation.value == 50).values(key="another"), "A1.03"),
    ],
)
def test_a_changed_mark_is_said(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient, spoil: Callable[[], object], named: str
) -> None:
    with sqlite_app.app_context():
        db.session.execute(spoil())  # type: ignore[call-overload]
        db.session.commit()
        db.session.remove()
    text = page(chief, "K-118")
    assert "与台账不符" in text
    assert "现为" not in text  # what it was and is waits for the lock: it might be a sealed vote
    lock(sqlite_app, day)
    assert f"作品 K-118 · {named}：" in page(chief, "K-118")


def test_on_both_kinds_of_database(context: Flask) -> None:
    found = marked_day()
    told = read(found, "K-118")
    assert (told["total"], told["faults"]) == ("6.50", [])
    assert all(row["number"] for row in aspect(told, "A2.01")["rows"])
