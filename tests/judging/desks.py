"""What tests of the chief judge's desk share: reading pages, and trouble to be shown on them."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.database import db, writing
from competition.models import (
    Period,
    Skill,
)
from competition.moment import now
from judging import cells, contact, desk_needs, scheme
from judging.models import Device, Evaluation, Submission
from tests.judging.seed import FULL, PASSWORD, Seeded, judge_by_machine


def signed_in(app: Flask, username: str) -> FlaskClient:
    client = app.test_client()
    answer = client.post("/sign-in", data={"username": username, "password": PASSWORD})
    assert answer.status_code == 303
    return client


def read(app: Flask, statement: Any) -> Any:
    with app.app_context():
        return db.session.scalars(statement).all()


def page(client: FlaskClient, path: str = "/desk/T17") -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def said(answer: Any, client: FlaskClient) -> str:
    """What the desk says after an act."""
    assert answer.status_code == 303, answer.text
    return page(client, answer.location)


def add_period(app: Flask, *, minutes: int = 60, started: bool = False) -> int:
    with app.app_context(), writing() as session:
        skill_id = session.scalars(select(Skill.id)).one()
        period = Period(
            skill_id=skill_id, number=1, name_zh="上午", name_en="Morning", minutes=minutes,
            started_at=now() - timedelta(minutes=10) if started else None,
        )  # fmt: skip
        session.add(period)
        session.flush()
        return period.id


def trouble(day: Seeded) -> None:
    """A difference, votes too far apart, a set-aside post, an unsent mark, a failed evaluation."""
    judge_by_machine(day, "K-246")
    day.give(day.post("K-118", "A2.01", 100))
    day.give(day.post("K-118", "A2.01", 0, judge="wang"), judge="wang")
    for judge, vote in (("li", 0), ("wang", 2), ("zhao", 3)):
        day.give(day.post("K-118", "B1.01", vote, judge=judge), judge=judge)
    day.give(day.post("K-999", "A1.02", 100))
    with writing() as session:
        row = session.get_one(Evaluation, day.evaluations["K-246"])
        row.state, row.message_zh, row.message_en = "failed", "浏览器没有启动。", "No browser."
        session.add(
            Device(
                account_id=day.judges["li"], skill_id=day.skill, name="平板 3", token_hash="x",
                created_at=now(), seen_at=now() - timedelta(minutes=4), waiting=3,
            )
        )  # fmt: skip


def late_hand_in(day: Seeded, code: str) -> None:
    with writing() as session:
        sample = session.scalars(select(Submission)).first()
        assert sample is not None
        session.add(
            Submission(
                key="late-hand-in", receipt="RLATE", period_id=sample.period_id, number=99,
                entry_id=day.entries[code], name="欧阳雪松.zip", size=1, sha256=sample.sha256,
                files=[], announced_at=now(), at=now(), is_late=True,
            )
        )  # fmt: skip


def needs(day: Seeded) -> dict[str, list[dict[str, Any]]]:
    skill = db.session.get_one(Skill, day.skill)
    tablets = contact.of_skill(db.session(), day.skill)
    found = cells.read(db.session(), day.skill)
    rows = desk_needs.read(db.session(), skill, found, scheme.current(day.skill), tablets)
    kinds: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        kinds.setdefault(row["kind"], []).append(row)
    return kinds


def finish(day: Seeded, code: str) -> None:
    """Everything of one work marked, voted and confirmed."""
    last = dict.fromkeys(day.subs, 0)
    for aspect, answer in zip(FULL, day.mark_all(code), strict=True):
        last[aspect[:2]] = answer.id or 0
    for sub in ("A1", "A2"):
        assert day.give(day.confirm(code, sub, last[sub]), judge="wang")[0].state == "taken"
    for judge in ("li", "wang", "zhao"):
        for aspect in ("B1.01", "B1.02"):
            day.give(day.post(code, aspect, 2, judge=judge), judge=judge)
