"""Preparing a skill: periods are planned, the scheme is checked and imported on a page."""

from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.database import db, writing
from competition.models import (
    Account,
    Entry,
    Member,
    Period,
    Person,
    Skill,
)
from judging import scheme, workbook
from judging.aspects import aspects_of
from tests.judging import workbooks
from tests.judging.desks import (
    page,
    read,
    said,
)
from tests.judging.seed import Seeded


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


def upload(client: FlaskClient, path: Path, act: str) -> Any:
    with path.open("rb") as file:
        return client.post(
            "/desk/T17/scheme", data={"file": (file, path.name), "act": act},
            content_type="multipart/form-data",
        )  # fmt: skip


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
        aspects = aspects_of(db.session(), db.session.scalars(select(Skill.id)).one())
        assert any(aspect.is_automatic for aspect in aspects)
        assert not all(aspect.is_automatic for aspect in aspects)
    answer = chief.post("/desk/T17/scheme", data={"package": "other", "act": "import"})
    assert answer.status_code == 409


def test_a_skill_without_anything_says_what_to_do_next(
    sqlite_app: Flask, bare: None, chief: FlaskClient
) -> None:
    text = page(chief)
    assert "还没有安排赛段" in text and "还没有评分表" in text and "还没有平板在用" in text
    assert "没有待处理的事项" in text and "还没有可锁定的内容" in text
    assert "该赛项还没有评分表或选手" in said(chief.post("/desk/T17/lock"), chief)
    with sqlite_app.app_context(), writing() as session:
        for table in (Member, Entry, Person):
            session.query(table).delete()
    assert page(chief)
    assert read(sqlite_app, select(Account))
