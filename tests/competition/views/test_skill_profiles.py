"""The profile of a skill on its pages: the office writes, everybody sees, boards do not move."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from competition import skill_profiles
from competition.database import db
from competition.models import Skill
from tests.competition.test_list_files import sheet
from tests.competition.views.test_office import enter, text_of
from tests.papers_made import PLACE, jpeg, png

FORM = "/office/skills/W17/profile"


@pytest.fixture
def site(demo_app: Flask) -> Flask:
    demo_app.config["WTF_CSRF_ENABLED"] = False
    return demo_app


def send(client: FlaskClient, **given: object) -> TestResponse:
    form = {
        "seen": "0", "host_zh": "某学院", "host_en": "A college", "photo_zh": "考场",
        "photo_en": "The hall", "photo": (io.BytesIO(jpeg()), "../p.svg"),
        "sponsor-0-zh": "=某公司", "sponsor-0-en": "<b>A company</b>",
        "sponsor-0-link": "https://a.example/", "sponsor-1-zh": "别家", "sponsor-1-en": "Other",
        "sponsor-1-logo": (io.BytesIO(png()), "l.png"),
    }  # fmt: skip
    return client.post(FORM, data=form | given, content_type="multipart/form-data")


def digests(site: Flask) -> list[str]:
    with site.app_context():
        skill = db.session.query(Skill).filter_by(code="W17").one()
        return list(skill_profiles.of(db.session(), skill.id)[1].pictures())


def test_the_office_writes_and_everybody_sees(site: Flask) -> None:
    visitor, office = site.test_client(), enter(site, "organiser")
    before = visitor.get("/skills/W17/board.json")
    assert send(office).status_code == send(office).status_code == 303
    page, screen = text_of(visitor, "/skills/W17"), text_of(visitor, "/screen/W17")
    for text in (page, screen):
        assert "=某公司" in text and 'alt="别家"' in text
    assert "某学院" in page and 'alt="考场"' in page and "世赛选拔" in page
    assert 'href="https://a.example/" rel="sponsored noopener noreferrer"' in page
    assert 'href="https://a.example/"' not in screen
    after = visitor.get("/skills/W17/board.json")
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])
    visitor.get("/language?lang=en")
    for digest in digests(site):
        answer = visitor.get(f"/skills/W17/pictures/{digest}")
        assert answer.mimetype in ("image/jpeg", "image/png") and PLACE.encode() not in answer.data
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "immutable" in answer.headers["Cache-Control"]
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert visitor.get(f"/skills/W05/pictures/{digest}").status_code == 404
    assert visitor.get("/skills/W17/pictures/..%2f..%2fpodium.db").status_code == 404


def test_the_list_of_skills_as_a_file_says_it(site: Flask) -> None:
    office = enter(site, "organiser")
    send(office)
    head, *lines = sheet(office, "/office/skills.xlsx")
    assert head[-5:] == ["状态", "领域", "赛道", "承办单位", "赞助单位"]
    (line,) = [one for one in lines if one[0] == "W17"]
    assert line[-5] == "未开始"
    assert line[-3:] == ["世赛选拔", "某学院", "'=某公司；别家"]


def test_a_wrong_form_keeps_what_was_typed(site: Flask) -> None:
    office = enter(site, "organiser")
    answer = send(office, **{"sponsor-1-link": "javascript:alert(1)"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "第 2 个赞助单位" in text
    assert "某学院" in text and "&lt;b&gt;A company" in text and "重新选择" in text
    answer = send(office, photo=(io.BytesIO(b"0" * (9 << 20)), "p.jpg"))
    assert answer.status_code == 413 and "没有改变" in answer.get_data(as_text=True)
    assert digests(site) == []
    assert "保存赛项介绍" in text_of(office, FORM)


def test_the_token_of_the_form_is_checked(demo_app: Flask) -> None:
    assert send(enter(demo_app, "organiser")).status_code == 400
    assert digests(demo_app) == []
