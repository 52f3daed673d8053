"""The chief judge's desk: who may see it, that no name is on it, and the clock through HTTP."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.database import db, writing
from competition.models import (
    Competition,
    Entry,
    ExtraTime,
    Grant,
    LateStart,
    LedgerRow,
    Pause,
    Period,
    Role,
    Skill,
)
from competition.moment import now
from judging import desk_times
from judging.models import Submission
from tests.judging.desks import (
    add_period,
    late_hand_in,
    page,
    read,
    said,
    signed_in,
    trouble,
)
from tests.judging.seed import PEOPLE, Seeded

# Who may


PATHS = (
    "/desk/", "/desk/T17", "/desk/T17/board", "/desk/T17/prepare", "/desk/T17/lock",
    "/desk/T17/release/hidden", "/desk/T17/periods/1/start", "/desk/T17/periods/1/works/K-073",
)  # fmt: skip
POSTS = (
    "/desk/T17/lock", "/desk/T17/release/confirmed", "/desk/T17/periods/1/start",
    "/desk/T17/periods/1/works/K-073", "/desk/T17/periods", "/desk/T17/scheme",
    "/desk/T17/set-aside/1", "/desk/T17/evaluations/1/again", "/desk/T17/submissions/1/admit",
    "/desk/T17/works/K-073/aspects/1",
)  # fmt: skip


def test_strangers_are_sent_to_sign_in(sqlite_app: Flask, day: Seeded) -> None:
    client = sqlite_app.test_client()
    for path in PATHS:
        answer = client.get(path)
        assert answer.status_code == 302 and "/sign-in" in answer.location, path
    for path in POSTS:
        assert client.post(path).status_code == 302, path


@pytest.mark.parametrize("username", ["li", "stranger"])
def test_judges_and_others_are_refused(sqlite_app: Flask, day: Seeded, username: str) -> None:
    add_period(sqlite_app, started=True)
    client = signed_in(sqlite_app, username)
    for path in PATHS:
        assert client.get(path).status_code == 403, path
    for path in POSTS:
        assert client.post(path, data={"reason": "x", "minutes": "5"}).status_code == 403, path
    assert not read(sqlite_app, select(LedgerRow).where(LedgerRow.act.like("period.%")))


def test_the_chief_judge_of_another_skill_is_refused(sqlite_app: Flask, day: Seeded) -> None:
    with sqlite_app.app_context(), writing() as session:
        other = Skill(
            code="T18", name_zh="焊接", name_en="Welding", sector_zh="", sector_en="", track="world"
        )
        session.add(other)
        session.flush()
        session.add(
            Grant(account_id=day.judges["stranger"], role=Role.CHIEF_JUDGE, skill_id=other.id)
        )
    client = signed_in(sqlite_app, "stranger")
    assert client.get("/desk/T17").status_code == 403
    assert client.get("/desk/T18").status_code == 200
    assert client.get("/desk/T99").status_code == 404


def test_home_leads_to_the_only_skill_or_lists_them(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    assert chief.get("/desk/").location == "/desk/T17"
    with sqlite_app.app_context(), writing() as session:
        other = Skill(
            code="T18", name_zh="焊接", name_en="Welding", sector_zh="", sector_en="", track="world"
        )
        session.add(other)
        session.flush()
        session.add(Grant(account_id=day.judges["chief"], role=Role.CHIEF_JUDGE, skill_id=other.id))
    text = page(chief, "/desk/")
    assert 'href="/desk/T17"' in text and 'href="/desk/T18"' in text


def test_a_form_without_its_token_is_refused(sqlite_app: Flask, day: Seeded) -> None:
    client = signed_in(sqlite_app, "chief")
    sqlite_app.config["WTF_CSRF_ENABLED"] = True
    add_period(sqlite_app)
    for path in POSTS:
        assert client.post(path, data={"reason": "x", "minutes": "5"}).status_code == 400, path
    assert not read(sqlite_app, select(Pause))


# Blind


def test_no_identity_on_any_page_of_the_desk(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    with sqlite_app.app_context():
        trouble(day)
        late_hand_in(day, "K-391")
        aspect, sub = day.aspects["A2.01"], day.subs["A1"]
        submission = db.session.scalars(
            select(Submission.id).where(Submission.is_late.is_(True))
        ).one()
    paths = [
        "/desk/T17", "/desk/T17/board", "/desk/T17/prepare", "/desk/T17/lock",
        "/desk/T17/periods/1/works/K-118", f"/desk/T17/works/K-118/aspects/{aspect}",
        f"/desk/T17/works/K-118/sheets/{sub}", f"/desk/T17/submissions/{submission}/admit",
    ]  # fmt: skip
    for language in ("zh", "en"):
        chief.get(f"/language/{language}")
        for path in paths:
            text = page(chief, path)
            for name, school, zh, en, number, alias in PEOPLE:
                for secret in (name, school, zh, en, number):
                    assert secret not in text, (path, secret)
                for secret in (alias, str(int(alias[1:]) + 900)):
                    # Three characters stand by chance in a token or in a time.
                    alone = rf"(?<![0-9A-Za-z]){secret}(?![0-9A-Za-z])"
                    assert not re.search(alone, text), (path, secret)


# The clock


def test_start_pause_and_resume_for_everybody(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    add_period(sqlite_app)
    with sqlite_app.app_context(), writing() as session:
        session.scalars(select(Competition)).one().is_demo = True  # a real one has red lights
    assert "4 个编号同时开始，各有 60 分钟" in page(chief, "/desk/T17/periods/1/start")
    for _ in range(2):  # a double tap
        assert "赛段已开始" in said(chief.post("/desk/T17/periods/1/start"), chief)
    assert "没有写明理由" in said(chief.post("/desk/T17/periods/1/pause"), chief)
    for _ in range(2):
        chief.post("/desk/T17/periods/1/pause", data={"reason": "停电"})
    text = page(chief)
    assert "停电" in text and "全体恢复" in text
    for _ in range(2):
        chief.post("/desk/T17/periods/1/resume")
    assert "全体暂停" in page(chief)
    acts = read(sqlite_app, select(LedgerRow.act).where(LedgerRow.act.like("period.%")))
    assert acts == ["period.start", "period.pause", "period.resume"]


def test_one_code_is_paused_given_time_and_started_late(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    add_period(sqlite_app, started=True)
    path = "/desk/T17/periods/1/works/K-118"
    chief.post(path, data={"act": "pause", "reason": "键盘故障"})
    form = page(chief, path)
    assert "恢复 K-118" in form and "键盘故障" in form
    chief.post(path, data={"act": "resume"})
    key = re.search(r'name="key" value="([^"]+)"', form)
    assert key is not None
    more = {"minutes": "10", "reason": "网络", "key": key[1]}
    for _ in range(2):
        chief.post(path, data=more)
    chief.post(path, data={"act": "late", "reason": "断电"})
    assert [row.minutes for row in read(sqlite_app, select(ExtraTime))] == [10]
    assert len(read(sqlite_app, select(LateStart))) == 1
    assert chief.post(path, data={"act": "fly"}).status_code == 400
    assert chief.post(path, data={"minutes": "5", "reason": "x"}).status_code == 400  # no key
    assert chief.get("/desk/T17/periods/1/works/K-999").status_code == 404
    assert chief.get("/desk/T17/periods/9/works/K-118").status_code == 404


def test_the_preview_is_the_end_that_the_act_brings(inside: None, day: Seeded) -> None:
    from competition import clocks, timetable

    with writing() as session:
        period = Period(
            skill_id=day.skill, number=1, name_zh="上午", name_en="Morning", minutes=60,
            started_at=now() - timedelta(minutes=10),
        )  # fmt: skip
        session.add(period)
        session.flush()
        number = period.id
    entry = db.session.get_one(Entry, day.entries["K-118"])
    period = db.session.get_one(Period, number)
    shown = desk_times.time(period, entry, now())
    assert [step["minutes"] for step in shown["steps"]] == [5, 10, 15]
    timetable.give_time(
        number, entry.id, 10, reason="x", actor_id=day.judges["chief"], key="key-00001"
    )
    period = db.session.get_one(Period, number, populate_existing=True)
    assert clocks.clock_of(period, entry.id, now()).ends_at == shown["steps"][1]["ends_at"]


def test_the_desk_is_about_the_period_that_runs_else_the_next_else_the_last(
    inside: None, day: Seeded
) -> None:
    skill, begin = db.session.get_one(Skill, day.skill), now() - timedelta(hours=3)

    def current(*started: Any) -> int | None:
        with writing() as session:
            for row in session.scalars(select(Period)):
                session.delete(row)
            session.flush()
            for number, at in enumerate(started, 1):
                session.add(
                    Period(skill_id=day.skill, number=number, name_zh="x", name_en="x", minutes=60,
                           started_at=at)
                )  # fmt: skip
        found = desk_times.current(desk_times.periods(db.session(), skill, now()))
        return found["number"] if found else None

    assert current() is None
    assert current(None, None) == 1
    assert current(begin, None) == 2
    assert current(begin, now()) == 2
    assert current(now(), None) == 1
    assert current(begin, begin) == 2
