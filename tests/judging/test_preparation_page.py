"""The tracker of preparation on its page, with what judging knows of the demo."""

import io
import re

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import event, select

from competition import preparation, technical
from competition.database import db, writing
from competition.models import Skill
from tests.competition.views.test_office import enter, text_of

PAGE = "/office/preparation"


def test_64_skills_by_zone_and_colour(judged_demo: Flask) -> None:
    with judged_demo.app_context():
        with writing() as session:
            skill = session.scalars(select(Skill).where(Skill.code == "W05")).one()
            assert skill.zone is not None
            zone, skill_id = skill.zone.code, skill.id
        technical.publish(
            skill_id, "一", reason="", publish_on=technical.today(), pdf=b"", keeps_pdf=False,
            actor_id=1,
        )  # fmt: skip
    client = enter(judged_demo, "organiser")
    page = text_of(client, PAGE)
    assert page.count('<th scope="row">') == 64
    assert page.count('class="light-word" data-light=') == 64 * 8
    assert "技术文件公布" in page and "完成" in page
    there = text_of(client, f"{PAGE}?zone={zone}")
    assert 0 < there.count('<th scope="row">') < 64
    assert text_of(client, f"{PAGE}?colour=mauve").count('<th scope="row">') == 64
    assert "该赛区没有处于这种进度的赛项" in text_of(client, f"{PAGE}?zone=nowhere")
    answer = client.get(f"{PAGE}.xlsx?zone={zone}")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 1 + there.count('<th scope="row">') and len(rows[0]) == 11
    assert re.fullmatch(r"技术文件公布 \d{4}-\d\d-\d\d", str(rows[0][4]))
    (w05,) = [row for row in rows if row[0] == "W05"]
    assert w05[4] == "完成"


def test_a_handful_of_queries(judged_demo: Flask) -> None:
    with judged_demo.app_context():
        asked: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        assert len(preparation.rows(db.session(), lambda _skill: True)) == 64
    assert len(asked) < 40, "\n".join(asked)


def test_the_organiser_sets_the_days(judged_demo: Flask) -> None:
    judged_demo.config["WTF_CSRF_ENABLED"] = False
    client = enter(judged_demo, "organiser")
    assert client.post(PAGE, data={"scheme": "2026-01-02"}).status_code == 303
    page = text_of(client, PAGE)
    assert 'value="2026-01-02"' in page and '<span class="soft figure">2026-01-02' in page
    for wrong, words in (("soon", "不是日期"), ("2999-01-01", "不能晚于")):
        answer = client.post(PAGE, data={"scheme": wrong, "rules": "2026-01-01"})
        assert answer.status_code == 422 and words in answer.get_data(as_text=True)
    page = text_of(client, PAGE)
    assert "2026-01-02" in page and "2026-01-01" not in page
    assert client.post(PAGE, data={}).status_code == 303
    assert "2026-01-02" not in text_of(client, PAGE)


def test_without_anybody_who_knows_checks_nothing_is_called_done(judged_demo: Flask) -> None:
    judged_demo.extensions.pop("podium_lights")
    page = text_of(enter(judged_demo, "organiser"), PAGE)
    scheme = re.findall(r"</th>(?:<td>.*?</td>){2}<td>(.*?)</td>", page)
    assert len(scheme) == 64 and not any('data-light="green"' in cell for cell in scheme)


@pytest.mark.parametrize("username", ["w17-chief", "leader-harbin", "w17-01"])
def test_others_are_kept_out(judged_demo: Flask, username: str) -> None:
    judged_demo.config["WTF_CSRF_ENABLED"] = False
    client = enter(judged_demo, username)
    assert client.get(PAGE).status_code == client.get(f"{PAGE}.xlsx").status_code == 403
    assert client.post(PAGE, data={}).status_code == 403
