"""The chief judge's desk: who may see it, that no name is on it, and every act through HTTP."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from competition.database import db, writing
from competition.models import (
    Account,
    Entry,
    ExtraTime,
    Grant,
    LateStart,
    LedgerRow,
    Member,
    Pause,
    Period,
    Person,
    Role,
    Skill,
)
from competition.moment import now
from judging import cells, desk, desk_needs, desk_times, scheme, workbook
from judging.models import Device, Evaluation, Observation, Submission
from tests.judging import workbooks
from tests.judging.seed import FULL, PASSWORD, PEOPLE, Seeded, judge_by_machine, seed


@pytest.fixture
def day(sqlite_app: Flask) -> Seeded:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        return seed()


@pytest.fixture
def context(sqlite_app: Flask, day: Seeded) -> Iterator[None]:
    with sqlite_app.app_context():
        yield


def signed_in(app: Flask, username: str) -> FlaskClient:
    client = app.test_client()
    answer = client.post("/sign-in", data={"username": username, "password": PASSWORD})
    assert answer.status_code == 303
    return client


@pytest.fixture
def chief(sqlite_app: Flask, day: Seeded) -> FlaskClient:
    return signed_in(sqlite_app, "chief")


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
                for secret in (name, school, zh, en, number, alias, str(int(alias[1:]) + 900)):
                    assert secret not in text, (path, secret)


# The clock


def test_start_pause_and_resume_for_everybody(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    add_period(sqlite_app)
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


def test_the_preview_is_the_end_that_the_act_brings(context: None, day: Seeded) -> None:
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
    context: None, day: Seeded
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


def test_a_planned_period_appears_and_can_be_started(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    assert "还没有安排赛段" in page(chief)
    form = {"number": "1", "name_zh": "上午", "minutes": "300", "planned_at": "2026-11-23T09:00"}
    for _ in range(2):
        assert "赛段已新增" in said(chief.post("/desk/T17/periods", data=form), chief)
    [period] = read(sqlite_app, select(Period))
    assert period.planned_at.isoformat() == "2026-11-23T01:00:00+00:00"  # typed in the hall's time
    assert "开始赛段" in page(chief)
    wrong = {"number": "2", "name_zh": "下午", "minutes": "60", "task": "no-such-task"}
    assert "no-such-task" in said(chief.post("/desk/T17/periods", data=wrong), chief)
    assert len(read(sqlite_app, select(Period))) == 1


# Marks


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
    tablets = desk.tablets(db.session(), skill, now())
    found = cells.read(db.session(), day.skill)
    rows = desk_needs.read(db.session(), skill, found, scheme.current(day.skill), tablets)
    kinds: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        kinds.setdefault(row["kind"], []).append(row)
    return kinds


def test_everything_that_needs_the_chief_judge_is_listed(context: None, day: Seeded) -> None:
    assert needs(day) == {}
    trouble(day)
    late_hand_in(day, "K-391")
    found = needs(day)
    assert {kind: [row.get("code") for row in rows] for kind, rows in found.items()} == {
        "measurement": ["K-118"],
        "votes": ["K-118"],
        "tablet": [None],
        "evaluation": ["K-246"],
        "late": ["K-391"],
        "set_aside": ["K-999"],
    }
    assert [(one["text"], one["by"]) for one in found["measurement"][0]["values"]] == [
        ("0.00", ["王裁判"]),
        ("1.00", ["李裁判"]),
    ]
    assert found["votes"][0]["votes"] == [0, 2, 3]
    assert (found["tablet"][0]["waiting"], found["tablet"][0]["judge"]) == (3, "李裁判")
    assert found["set_aside"][0]["value"] == "1.00"


def test_sealed_votes_are_not_on_the_desk(context: None, day: Seeded) -> None:
    for judge, vote in (("li", 0), ("wang", 3)):
        day.give(day.post("K-118", "B1.01", vote, judge=judge), judge=judge)
    assert "votes" not in needs(day)
    found = cells.read(db.session(), day.skill)
    current = scheme.current(day.skill)
    assert current is not None
    sheet = desk.sheet(db.session(), found, current, day.entries["K-118"], day.subs["B1"])
    assert sheet is not None
    first = sheet["aspects"][0]
    assert (first["votes"], first["votes_in"], first["votes_of"], first["value"]) == (
        [],
        2,
        3,
        None,
    )


def test_a_set_aside_post_leaves_the_list_when_marked_anew_or_noted(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    with sqlite_app.app_context():
        day.give(day.post("K-118", "A1.04", 999), day.post("K-999", "A1.04", 100))
        assert [row["code"] for row in needs(day)["set_aside"]] == ["K-999", "K-118"]
        day.give(day.post("K-118", "A1.04", 100))
        [left] = needs(day)["set_aside"]
    number = left["observation_id"]
    for _ in range(2):
        assert "已阅" in said(chief.post(f"/desk/T17/set-aside/{number}"), chief)
    with sqlite_app.app_context():
        assert needs(day) == {}
        kept = select(func.count()).where(Observation.state == "set_aside")
        assert db.session.scalar(kept) == 2
        seen = select(func.count()).where(LedgerRow.act == "marks.seen")
        assert db.session.scalar(seen) == 1
    assert chief.post("/desk/T17/set-aside/4711").status_code == 404


def test_a_difference_is_decided_with_a_reason(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    with sqlite_app.app_context():
        trouble(day)
    path = f"/desk/T17/works/K-118/aspects/{day.aspects['A2.01']}"
    form = page(chief, path)
    assert "李裁判" in form and "王裁判" in form
    key = re.search(r'name="key" value="([^"]+)"', form)
    assert key is not None
    choice = {"value": "100", "key": key[1]}
    assert "没有写明理由" in said(chief.post(path, data=choice), chief)
    wrong = said(chief.post(path, data={**choice, "value": "55", "reason": "x"}), chief)
    assert "只能在裁判给出的分值中选择" in wrong
    for _ in range(2):
        assert "已裁定" in said(chief.post(path, data={**choice, "reason": "共同复测"}), chief)
    rows = read(sqlite_app, select(Observation).where(Observation.decides.is_(True)))
    assert [(row.value, row.reason) for row in rows] == [(100, "共同复测")]
    assert "已没有分歧" in page(chief, path)


def test_a_failed_evaluation_is_queued_again_and_a_late_hand_in_taken(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    with sqlite_app.app_context():
        trouble(day)
        late_hand_in(day, "K-391")
        late = db.session.scalars(select(Submission.id).where(Submission.is_late.is_(True))).one()
    number = day.evaluations["K-246"]
    chief.post(f"/desk/T17/evaluations/{number}/again")
    chief.post(f"/desk/T17/submissions/{late}/admit", data={"reason": "断网"})
    with sqlite_app.app_context():
        assert not {"evaluation", "late"} & needs(day).keys()
        waiting = select(Evaluation.submission_id).where(Evaluation.state == "queued")
        assert set(db.session.scalars(waiting)) >= {late}
    assert chief.post("/desk/T17/evaluations/4711/again").status_code == 404
    assert chief.post("/desk/T17/submissions/4711/admit").status_code == 404


def test_columns_and_matrix_follow_the_marks(context: None, day: Seeded) -> None:
    trouble(day)
    finish(day, "K-073")
    day.give(day.post("K-246", "A1.02", 0))
    subs = desk.sheets(scheme.current(day.skill))
    rows = desk.matrix(cells.read(db.session(), day.skill), subs)
    states = {row["code"]: [cell["state"] for cell in row["cells"]] for row in rows}
    assert states == {
        "K-073": ["done", "done", "done"],
        "K-118": ["none", "look", "look"],
        "K-246": ["part", "none", "none"],  # a proposal alone is nothing yet
        "K-391": ["none", "none", "none"],
    }
    assert desk.columns(rows) == {
        "not_started": ["K-391"],
        "marking": ["K-246"],
        "difference": ["K-118"],
        "ready": ["K-073"],
    }


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


# Release and lock


def test_a_release_policy_says_what_the_public_will_see(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    add_period(sqlite_app, started=True)
    text = page(chief, "/desk/T17/release/automatic")
    assert "从“不公布”改为“自动分”？" in text
    assert text.count("公众看不到任何分数。") == 2  # now, and at once: somebody works
    for _ in range(2):
        chief.post("/desk/T17/release/automatic")
    rows = read(sqlite_app, select(LedgerRow).where(LedgerRow.act == "skill.release"))
    assert [row.body for row in rows] == [{"before": "hidden", "after": "automatic"}]
    assert "当前已是“自动分”" in page(chief, "/desk/T17/release/automatic")
    assert chief.post("/desk/T17/release/everything").status_code == 404


def test_the_lock_waits_for_what_is_missing_and_for_the_end_of_work(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    period = add_period(sqlite_app, started=True)
    text = page(chief, "/desk/T17/lock")
    assert "还不能锁定" in text and "还有选手在比赛" in text and "8 个评分点未评" in text
    assert '<button class="btn btn-error"' not in text
    assert "没有锁定" in said(chief.post("/desk/T17/lock"), chief)
    with sqlite_app.app_context():
        for code in day.entries:
            finish(day, code)
    assert "还有选手在比赛" in said(chief.post("/desk/T17/lock"), chief)
    with sqlite_app.app_context(), writing() as session:
        session.get_one(Period, period).started_at = now() - timedelta(hours=2)
    assert "所有作品都已评完并复核" in page(chief)
    assert '<button class="btn btn-error"' in page(chief, "/desk/T17/lock")
    for _ in range(2):
        assert "评分已锁定" in said(chief.post("/desk/T17/lock"), chief)
    assert len(read(sqlite_app, select(LedgerRow).where(LedgerRow.act == "skill.lock"))) == 1
    refused = said(chief.post("/desk/T17/periods/1/works/K-118",
                              data={"act": "pause", "reason": "x"}), chief)  # fmt: skip
    assert "已锁定" in refused


def test_the_real_board_shows_codes_and_says_that_it_is_not_public(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    assert "还没有可排名的分数" in page(chief, "/desk/T17/board")
    with sqlite_app.app_context():
        finish(day, "K-073")
    text = page(chief, "/desk/T17/board")
    assert "此为真实榜，公众看到的不同。" in text and "公众看不到任何分数。" in text
    assert "K-073" in text and "9.16" in text and ">None<" not in text
    public = sqlite_app.test_client().get("/skills/T17").text
    assert "9.16" not in public and "K-073" not in public


# The scheme


def upload(client: FlaskClient, path: Path, act: str) -> Any:
    with path.open("rb") as file:
        return client.post(
            "/desk/T17/scheme", data={"file": (file, path.name), "act": act},
            content_type="multipart/form-data",
        )  # fmt: skip


@pytest.fixture
def bare(sqlite_app: Flask, day: Seeded) -> None:
    """The same skill before it had a scheme."""
    from judging.models import Aspect, Criterion, Scheme, SubCriterion

    with sqlite_app.app_context(), writing() as session:
        for table in (Aspect, SubCriterion, Criterion, Scheme):
            session.query(table).delete()


def test_a_workbook_is_checked_then_imported(
    sqlite_app: Flask, bare: None, chief: FlaskClient, tmp_path: Path
) -> None:
    assert "还没有评分表" in page(chief)
    path = workbooks.save(tmp_path / "scheme.xlsx", workbooks.plain())
    aspects = len(workbook.read(path).found.aspects)
    answer = upload(chief, path, "check")
    assert answer.status_code == 200 and "目前还没有改变任何内容" in answer.text
    assert f"评分点 {aspects} 个" in answer.text
    with sqlite_app.app_context():
        assert scheme.current(db.session.scalars(select(Skill.id)).one()) is None
    answer = upload(chief, path, "import")
    assert answer.status_code == 200 and "第 1 版" in answer.text
    assert f"{aspects} 个评分点，共 100.00 分" in page(chief, "/desk/T17/prepare")


def test_the_errors_of_a_workbook_are_shown_with_their_rows(
    sqlite_app: Flask, bare: None, chief: FlaskClient, tmp_path: Path
) -> None:
    rows = [*workbooks.plain(), workbooks.measured("没有分值的评分点", "很多")]
    answer = upload(chief, workbooks.save(tmp_path / "scheme.xlsx", rows), "import")
    assert answer.status_code == 422
    assert "没有导入" in answer.text and f"第 {len(rows)} 行" in answer.text
    with sqlite_app.app_context():
        assert scheme.current(db.session.scalars(select(Skill.id)).one()) is None


def test_a_file_that_is_no_workbook_changes_nothing(
    sqlite_app: Flask, bare: None, chief: FlaskClient
) -> None:
    from io import BytesIO

    for file in ({}, {"file": (BytesIO(b"PK\x03\x04 no workbook"), "x.xlsx")}):
        answer = chief.post("/desk/T17/scheme", data={**file, "act": "import"})
        assert answer.status_code in (409, 422)
        assert "没有导入" in answer.text
    with sqlite_app.app_context():
        assert scheme.current(db.session.scalars(select(Skill.id)).one()) is None


def test_the_scheme_is_closed_once_a_mark_was_given(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient, tmp_path: Path
) -> None:
    with sqlite_app.app_context():
        day.give(day.post("K-118", "A2.01", 100))
    path = workbooks.save(tmp_path / "scheme.xlsx", workbooks.plain())
    answer = upload(chief, path, "import")
    assert answer.status_code == 409 and "已经有评分" in answer.text


def test_the_scheme_of_the_task_package_is_imported_with_its_automatic_aspects(
    sqlite_app: Flask, bare: None, chief: FlaskClient
) -> None:
    form = {"number": "1", "name_zh": "制作", "minutes": "300", "task": "sky-battle"}
    chief.post("/desk/T17/periods", data=form)
    assert "导入试题包 sky-battle 的评分表" in page(chief, "/desk/T17/prepare")
    chief.post("/desk/T17/scheme", data={"package": "sky-battle", "act": "import"})
    with sqlite_app.app_context():
        aspects = cells.aspects_of(db.session(), db.session.scalars(select(Skill.id)).one())
        assert any(aspect.is_automatic for aspect in aspects)
        assert not all(aspect.is_automatic for aspect in aspects)
    answer = chief.post("/desk/T17/scheme", data={"package": "other", "act": "import"})
    assert answer.status_code == 409


def test_a_skill_without_anything_says_what_to_do_next(
    sqlite_app: Flask, bare: None, chief: FlaskClient
) -> None:
    text = page(chief)
    assert "还没有安排赛段" in text and "还没有评分表" in text and "还没有配对的平板" in text
    assert "没有待处理的事项" in text and "还没有可锁定的内容" in text
    assert "该赛项还没有评分表或选手" in said(chief.post("/desk/T17/lock"), chief)
    with sqlite_app.app_context(), writing() as session:
        for table in (Member, Entry, Person):
            session.query(table).delete()
    assert page(chief)
    assert read(sqlite_app, select(Account))
