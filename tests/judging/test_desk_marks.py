"""The chief judge's desk: what needs a decision, progress, release, lock, the real board."""

import re
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from competition.database import db, writing
from competition.models import (
    LedgerRow,
    Period,
)
from competition.moment import now
from judging import cells, desk, recusals, scheme
from judging.models import Evaluation, Observation, Submission
from tests.judging.desks import (
    add_period,
    finish,
    late_hand_in,
    needs,
    page,
    read,
    said,
    trouble,
)
from tests.judging.seed import Seeded


def test_everything_that_needs_the_chief_judge_is_listed(inside: None, day: Seeded) -> None:
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


def test_sealed_votes_are_not_on_the_desk(inside: None, day: Seeded) -> None:
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


def test_columns_and_matrix_follow_the_marks(inside: None, day: Seeded) -> None:
    trouble(day)
    finish(day, "K-073")
    day.give(day.post("K-246", "A1.02", 0))
    subs = desk.sheets(scheme.current(day.skill))
    signed = {(day.entries["K-073"], day.subs["A2"]), (day.entries["K-118"], day.subs["A2"])}
    rows = desk.matrix(cells.read(db.session(), day.skill), subs, signed)
    states = {row["code"]: [cell["state"] for cell in row["cells"]] for row in rows}
    assert states == {
        "K-073": ["confirmed", "signed", "confirmed"],
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


# Release and lock


def test_a_release_policy_says_what_the_public_will_see(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    add_period(sqlite_app, started=True)
    text = page(chief, "/desk/T17/release/automatic")
    assert "从“不公布”改为“自动分”？" in text
    assert text.count("公众看不到任何分数。") == 2  # now, and at once: somebody works
    form = {"key": re.search('name="key" value="([^"]+)"', text)[1], "delay": "5", "top": "8"}
    for _ in range(2):
        chief.post("/desk/T17/release/automatic", data=form)
    rows = read(sqlite_app, select(LedgerRow).where(LedgerRow.act == "skill.release"))
    assert [(row.body["before"]["policy"], row.body["after"]["top"]) for row in rows] == [
        ("hidden", 8)
    ]
    assert "自动分：更改公开条件" in page(chief, "/desk/T17/release/automatic")
    present = re.search(
        r'<p class="desk-present"><span>(.*?)</span>(.*?)</p>', page(chief, "/desk/T17"), re.S
    )
    assert present and "延迟 5 分钟" in present[1] and present[2].strip() == "公众看不到任何分数。"
    assert chief.post("/desk/T17/release/everything").status_code == 404
    wrong = {**form, "key": "another-key-1", "top": "none"}
    answer = chief.post("/desk/T17/release/automatic", data={**wrong, "aliases": "1"})
    assert answer.status_code == 409 and "公开名次数应为 1 到 200 的整数" in answer.text
    # what was typed stands there to be corrected
    assert 'name="top" type="text" value="none"' in answer.text and 'value="5"' in answer.text
    ticks = re.findall(r'name="(parts|aliases)" value="1"( checked)?', answer.text)
    assert ticks == [("parts", ""), ("aliases", " checked")]
    assert "自动评分" not in answer.text, "a check proposes marks of this skill"


def test_a_plan_is_made_shown_and_taken_back_at_the_desk(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    form = {"key": "plan-of-a-freeze", "at": "2999-01-01T12:00"}
    answer = chief.post("/desk/T17/release/frozen", data=form)
    assert "一年以后" in answer.text and 'value="2999-01-01T12:00"' in answer.text
    noon = (now() + timedelta(hours=30)).strftime("%Y-%m-%dT12:00")
    for _ in range(2):
        chief.post("/desk/T17/release/frozen", data={**form, "at": noon})
    text = page(chief, "/desk/T17")
    assert text.count("/release/planned/") == 1 and noon.replace("T", " ") in text
    drop = re.search(r"/desk/T17/release/planned/\d+/drop", text)[0]
    assert "计划已取消" in chief.post(drop, follow_redirects=True).get_data(as_text=True)
    assert "/release/planned/" not in page(chief, "/desk/T17")


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


def test_the_second_view_tells_which_judge_is_behind_and_no_vote(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    with sqlite_app.app_context():
        day.mark_all("K-073")
        for judge, aspects in (("li", ("B1.01", "B1.02")), ("wang", ("B1.01",))):
            for aspect in aspects:
                day.give(day.post("K-073", aspect, 3, judge=judge), judge=judge)
        found = desk.by_judge(db.session(), cells.read(db.session(), day.skill))
        assert [(one["label"], one["left"]) for one in found["judges"]] == [
            ("李裁判", 6),
            ("王裁判", 7),
            ("赵裁判", 8),
        ]
    text = page(chief, "/desk/T17?by=judge")
    cells_ = re.findall(r'data-cell="(\w+)" aria-label="(\S+) K-073: ([^"]+)"', text)
    assert cells_ == [
        ("done", "李裁判", "没有要给的了"),
        ("part", "王裁判", "给了一部分 · 1/2"),
        ("none", "赵裁判", "一项未给 · 0/2"),
        ("done", "测量", "没有要给的了"),
    ]
    body = text[text.index('id="desk-works"') : text.index("desk-release")]
    assert 'aria-current="page">按裁判员' in body and "3.00" not in body
    assert 'aria-current="page">按评分表' in page(chief)


def test_who_stands_aside_looks_like_everybody(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    """A tie of a judge would tell whose code it is (decisions 1): before marking begins, and when
    all votes are in."""
    with sqlite_app.app_context():
        li, chief_id = day.judges["li"], day.judges["chief"]
        recusals.recuse(
            day.skill, li, work="K-118", reason="x", actor_id=chief_id, key="aside-0001"
        )

    def shown(judge: str, code: str) -> str:
        found = re.findall(
            rf'<span[^>]*aria-label="{judge} {code}: [^>]*>.*?</span>',
            page(chief, "/desk/T17?by=judge"),
        )
        return str(found[0]).replace(code, "").replace(judge, "")

    assert "这里不显示谁回避了哪件作品" in page(chief, "/desk/T17?by=judge")
    assert shown("李裁判", "K-118") == shown("王裁判", "K-118") == shown("李裁判", "K-073")
    with sqlite_app.app_context():
        for code in ("K-073", "K-118"):
            for judge in ("li", "wang", "zhao"):
                for aspect in ("B1.01", "B1.02"):
                    if (judge, code) != ("li", "K-118"):
                        day.give(day.post(code, aspect, 3, judge=judge), judge=judge)
    assert shown("李裁判", "K-118") == shown("李裁判", "K-073")
