"""The pages of a scheme: begin a draft, save it, see what adopting changes, adopt; who may."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from competition.database import db, writing
from competition.models import Skill
from competition.moment import now
from judging import drafts, scheme
from judging.rules import scheme_draft
from judging.rules.scheme_mapping import from_mapping
from judging.workbook import read_bytes
from tests.judging import workbooks
from tests.judging.desks import page, said, signed_in
from tests.judging.seed import SCHEME, Seeded, judge_by_machine, seed

HOME = "/desk/T17/scheme"


def draft(app: Flask, day: Seeded) -> drafts.Draft:
    with app.app_context():
        found = drafts.read(db.session(), day.skill)
        assert found is not None
        return found


def begin(client: FlaskClient, source: str = "current", **form: Any) -> Any:
    return client.post(
        f"{HOME}/start", data={"from": source, "over": 0, **form},
        content_type="multipart/form-data",
    )  # fmt: skip


def save(client: FlaskClient, body: dict[str, Any], base: int) -> Any:
    return client.post(f"{HOME}/draft", json={"body": body, "base": base})


def test_a_draft_begins_from_the_version_in_force_and_is_saved_as_typed(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    assert "现在没有草稿" in page(chief, HOME)
    assert begin(chief).location.endswith("/scheme/edit")
    assert "scheme-data" in page(chief, f"{HOME}/edit")
    body = copy.deepcopy(draft(sqlite_app, day).body)
    body["criteria"][0]["sub_criteria"][0]["aspects"][0].update(max="", zh="半句")
    told = save(chief, body, 1).get_json()
    assert told["revision"] == 2 and told["report"]["total"] == "9.00"
    key = body["criteria"][0]["sub_criteria"][0]["aspects"][0]["key"]
    assert [one["key"] for one in told["report"]["problems"]] == [key]
    assert "没有分值" in told["report"]["problems"][0]["zh"]
    assert draft(sqlite_app, day).body == body
    assert chief.get(f"{HOME}/draft.json?have=2").get_json() == {"revision": 2}
    assert chief.get(f"{HOME}/draft.json?have=1").get_json()["body"] == body


def test_the_page_says_of_which_aspects_the_checks_give_parts(
    day: Seeded, chief: FlaskClient, sqlite_app: Flask
) -> None:
    text = page(chief, HOME)
    assert "按检查部分给分" not in text
    assert "看到哪些检查分项给分之前，这些评分点只评达到或未达到" in text
    with sqlite_app.app_context():
        judge_by_machine(day, "K-118", {"A2.02": 75})
    text = page(chief, HOME)
    assert "按检查部分给分：A2.02。" in text and "之前，这些评分点只评" not in text


def test_two_people_are_told_and_nothing_is_overwritten(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    begin(chief)
    judge = signed_in(sqlite_app, "li")
    body = draft(sqlite_app, day).body
    theirs, mine = copy.deepcopy(body), copy.deepcopy(body)
    theirs["criteria"][0]["zh"], mine["criteria"][0]["zh"] = "他的", "我的"
    assert save(judge, theirs, 1).status_code == 200
    answer = save(chief, mine, 1)
    assert answer.status_code == 409
    told = answer.get_json()
    assert told["theirs"]["body"] == theirs and told["theirs"]["by"] == "李裁判"
    assert draft(sqlite_app, day).body == theirs


@pytest.mark.parametrize(
    "posted", [None, [], {"body": {}}, {"body": {"sections": [], "criteria": []}, "base": "1"},
               {"body": {"sections": [], "criteria": []}, "base": 2**70}]
)  # fmt: skip
def test_what_no_page_of_ours_sends_changes_nothing(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient, posted: Any
) -> None:
    begin(chief)
    answer = chief.post(f"{HOME}/draft", data=json.dumps(posted), content_type="application/json")
    assert answer.status_code == 400 and "没有保存" in answer.get_json()["error"]["zh"]
    assert draft(sqlite_app, day).revision == 1


def test_the_resulting_mark_is_worked_out_by_the_rules(day: Seeded, chief: FlaskClient) -> None:
    ranged = {"kind": "RANGED_SCORE", "target": "10",
              "bands": [{"lower": "1", "upper": "1", "deduction": "0.25"}]}  # fmt: skip

    def ask(**more: Any) -> Any:
        asked = {"calculation": ranged, "max": "1", "value": "10,5", **more}
        return chief.post(f"{HOME}/worked", json=asked).get_json()

    told = ask()
    assert told["asked"]["mark"] == "0.75"
    assert [row["mark"] for row in told["rows"]] == ["0.00", "0.75", "0.75", "0.75", "0.00"]
    assert "mark" not in ask(value="abc")["asked"]
    assert "请先写满分" in ask(max="0")["problem"]["zh"]
    assert "TARGET_VALUE" in ask(calculation={**ranged, "target": ""})["problem"]["zh"]
    assert chief.post(f"{HOME}/worked", json={"calculation": 5}).status_code == 400


def test_a_workbook_becomes_a_draft_with_its_errors_said(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient, tmp_path: Path
) -> None:
    path = workbooks.save(tmp_path / "good.xlsx", workbooks.plain())
    with path.open("rb") as file:
        assert begin(chief, "workbook", file=(file, "good.xlsx")).status_code == 303
    assert scheme_draft.read(draft(sqlite_app, day).body).scheme.total == 10_000
    rows = [*workbooks.plain(), workbooks.measured("没有分值的评分点", "很多")]
    path = workbooks.save(tmp_path / "bad.xlsx", rows)
    with path.open("rb") as file:
        text = begin(chief, "workbook", file=(file, "bad.xlsx"), over=1).text
    assert "草稿" in text and f"第 {len(rows)} 行" in text
    assert len(scheme_draft.read(draft(sqlite_app, day).body).scheme.aspects) == 6
    answer = begin(chief, "workbook", over=2)
    assert answer.status_code == 409 and draft(sqlite_app, day).revision == 2


def test_a_draft_of_another_skill_only_where_it_is_no_secret(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    with sqlite_app.app_context():
        other = seed("T18").skill
    assert begin(chief, "skill", other="T18").status_code == 403
    assert "T18" not in page(chief, HOME)
    with sqlite_app.app_context(), writing() as session:
        session.get_one(Skill, other).locked_at = now()
    assert "T18" in page(chief, HOME)
    assert begin(chief, "skill", other="T18").status_code == 303
    assert begin(chief, "skill", other="T99").status_code == 400
    assert begin(chief, "magic").status_code == 400


def test_adopting_shows_the_difference_and_asks_for_a_reason_once_marks_exist(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    with sqlite_app.app_context():
        day.give(day.post("K-118", "A1.01", 150), day.post("K-246", "A1.01", 0))
        day.give(day.post("K-118", "A1.02", 100))
    begin(chief)
    body = copy.deepcopy(draft(sqlite_app, day).body)
    aspects = body["criteria"][0]["sub_criteria"][0]["aspects"]
    aspects[0]["max"], aspects[1]["zh"] = "2.00", "按空格键发射子弹"
    save(chief, body, 1)
    text = page(chief, f"{HOME}/adopt")
    assert "评分 2 个，作品 2 份" in text and "需要重评" in text
    assert 'name="keep" value="A1.02"' in text and 'name="keep" value="A1.01"' not in text
    seen = text.split('name="seen" value="')[1].split('"')[0]
    form = {"over": "2", "seen": seen, "keep": "A1.02"}
    assert "没有写明理由" in said(chief.post(f"{HOME}/adopt", data=form), chief)
    form["reason"] = "试题改为四个方向各一分"
    assert "第 2 版" in said(chief.post(f"{HOME}/adopt", data=form), chief)
    text = page(chief, HOME)
    assert "试题改为四个方向各一分" in text and "保持原样的评分 1 个" in text
    with sqlite_app.app_context():
        row = scheme.version(day.skill, 2)
        assert row is not None and row.changes is not None and row.changes["lost"] == 2
    assert "第 2 版" in said(chief.post(f"{HOME}/adopt", data=form), chief)  # a double tap
    file = chief.get(f"{HOME}/versions/1.xlsx")
    assert read_bytes(file.data).found.total == from_mapping(SCHEME).total
    assert chief.get(f"{HOME}/versions/9.xlsx").status_code == 404


def test_a_draft_that_says_the_same_is_not_offered_as_a_version(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    with sqlite_app.app_context():
        scheme.adopt(day.skill, from_mapping(SCHEME), actor_id=None)
    begin(chief)
    text = page(chief, f"{HOME}/adopt")
    assert "与第 2 版没有差异" in text and "收起草稿" in text
    assert "采用为第" not in text
    body = copy.deepcopy(draft(sqlite_app, day).body)
    body["criteria"][0]["sub_criteria"][0]["aspects"][0]["zh"] = "用方向键移动"
    save(chief, body, 1)
    assert "采用为第 3 版" in page(chief, f"{HOME}/adopt")


def test_judges_write_and_only_the_chief_judge_adopts(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    judge, stranger = signed_in(sqlite_app, "li"), signed_in(sqlite_app, "stranger")
    assert begin(judge).status_code == 303
    assert "核对并采用" not in page(judge, f"{HOME}/edit")
    assert "核对并采用" in page(chief, f"{HOME}/edit")
    assert judge.get(f"{HOME}/adopt").status_code == 403
    assert judge.post(f"{HOME}/adopt", data={"over": "1"}).status_code == 403
    assert stranger.get(HOME).status_code == 403


def test_the_first_scheme_of_a_skill_is_written_from_nothing(
    sqlite_app: Flask, bare: None, day: Seeded, chief: FlaskClient
) -> None:
    assert "还没有评分表" in page(chief, HOME)
    begin(chief, "empty")
    assert "评分方案里没有评分点" in page(chief, f"{HOME}/adopt")
    with sqlite_app.app_context():
        body = scheme_draft.body(from_mapping(SCHEME))
    save(chief, body, 1)
    assert "第一版" in page(chief, f"{HOME}/adopt")
    assert "第 1 版" in said(chief.post(f"{HOME}/adopt", data={"over": "2"}), chief)
    away = chief.post(f"{HOME}/draft/back", data={"over": "3"})
    assert away.status_code == 303 and draft(sqlite_app, day).is_open
    chief.post(f"{HOME}/draft/away", data={"over": "1"})
    assert draft(sqlite_app, day).is_open  # somebody saw an older one
    chief.post(f"{HOME}/draft/away", data={"over": "4"})
    assert not draft(sqlite_app, day).is_open
