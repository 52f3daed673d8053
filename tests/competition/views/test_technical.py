"""The technical file on its pages: read by everybody, written by chief judge and office, confirmed
by judges and team leaders."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from competition import technical
from tests.competition.test_list_files import sheet
from tests.competition.views.test_office import enter, text_of
from tests.papers_made import PDF, png

PAGE = "/skills/W17/technical"


@pytest.fixture
def site(demo_app: Flask) -> Flask:
    demo_app.config["WTF_CSRF_ENABLED"] = False
    return demo_app


def send(client: FlaskClient, body: str, after: int = 0, **given: object) -> TestResponse:
    day = (technical.today() + timedelta(days=after)).isoformat()
    form = {"body": body, "reason": "改动", "publish_on": day, "keeps_pdf": "1"} | given
    return client.post(f"{PAGE}/new", data=form, content_type="multipart/form-data")


def test_before_the_first_version_the_page_says_what_is_next(site: Flask) -> None:
    page = text_of(site.test_client(), PAGE)
    assert "还没有技术文件" in page and "编写技术文件" not in page
    assert "编写技术文件" in text_of(enter(site, "w17-chief"), PAGE)
    assert "没有可以对比的版本" in text_of(site.test_client(), f"{PAGE}/differences")
    assert "还没有公布任何版本" in text_of(enter(site, "organiser"), f"{PAGE}/readers")
    for address in ("/skills/W17/rules", "/skills/W17"):
        assert f'href="{PAGE}"' in text_of(site.test_client(), address)
    assert site.test_client().get("/skills/X99/technical").status_code == 404


def test_the_chief_judge_publishes_and_everybody_reads(site: Flask) -> None:
    chief, visitor = enter(site, "w17-chief"), site.test_client()
    assert send(chief, "# 任务\n\n做<b>网站</b>", pdf=(io.BytesIO(PDF), "t.pdf")).status_code == 303
    assert send(chief, "# 任务\n\n做游戏", reason="换了试题").status_code == 303
    assert send(chief, "# 以后", after=5).status_code == 303
    page = text_of(visitor, PAGE)
    assert "<h1>任务</h1>" in page and "做游戏" in page and "换了试题" in page
    assert "以后" not in page and "第 3 版" not in page
    assert "尚未公布" in text_of(chief, f"{PAGE}?version=3")
    assert visitor.get(f"{PAGE}?version=3").status_code == 404
    assert visitor.get(f"{PAGE}?version=x").status_code == 404
    assert visitor.get(f"{PAGE}/differences?after=3").status_code == 404
    assert visitor.get(f"{PAGE}/3.pdf").status_code == 404
    old = text_of(visitor, f"{PAGE}?version=1")
    assert "做&lt;b&gt;网站&lt;/b&gt;" in old and "现行的是第 2 版" in old
    lines = text_of(visitor, f"{PAGE}/differences")
    assert lines.count('data-line="gone"') == lines.count('data-line="new"') == 1
    pdf = visitor.get(f"{PAGE}/2.pdf")
    assert pdf.data == PDF and pdf.mimetype == "application/pdf"
    assert "sandbox" in pdf.headers["Content-Security-Policy"]
    assert "attachment" in pdf.headers["Content-Disposition"]


def test_a_wrong_form_keeps_what_was_typed(site: Flask) -> None:
    organiser = enter(site, "organiser")
    answer = send(organiser, "写了很久的内容", pdf=(io.BytesIO(png()), "t.pdf"))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 415 and "不是完整的 PDF" in page and "写了很久的内容" in page
    assert send(organiser, "内容", publish_on="morgen").status_code == 422
    huge = send(organiser, "x", pdf=(io.BytesIO(b"0" * (22 << 20)), "t.pdf"))
    assert huge.status_code == 413 and "没有保存" in huge.get_data(as_text=True)
    assert "还没有技术文件" in text_of(site.test_client(), PAGE)


def test_the_token_of_the_form_is_checked(demo_app: Flask) -> None:
    assert send(enter(demo_app, "organiser"), "内容").status_code == 400


def test_judges_and_leaders_confirm_and_the_office_sees_who_has_not(site: Flask) -> None:
    office = enter(site, "organiser")
    send(office, "一")
    before = text_of(office, f"{PAGE}/readers")
    assert "尚未阅读" in before and "0 / " in before
    judge, leader = enter(site, "w17-judge-1"), enter(site, "leader-harbin")
    for client in (judge, leader):
        assert "我已阅读" in text_of(client, PAGE)
        for _ in range(2):
            assert client.post(f"{PAGE}/read", data={"version": "1"}).status_code == 303
        page = text_of(client, PAGE)
        assert "您已于" in page and "我已阅读" not in page
    assert "2 / " in text_of(office, f"{PAGE}/readers")
    lines = sheet(office, f"{PAGE}/readers.xlsx")[1:]
    assert sum(line[3] is not None for line in lines) == 2
    assert {line[1] for line in lines} >= {"裁判员", "领队"}
    send(office, "二")
    assert "0 / " in text_of(office, f"{PAGE}/readers")
    assert judge.post(f"{PAGE}/read", data={"version": "1"}).status_code == 303
    assert "0 / " in text_of(office, f"{PAGE}/readers")  # the old one says nothing of the new


@pytest.mark.parametrize("username", ["w17-01", "w17-judge-1", "leader-harbin", "w05-chief"])
def test_others_neither_write_nor_see_who_read(site: Flask, username: str) -> None:
    client = enter(site, username)
    for address in (f"{PAGE}/new", f"{PAGE}/readers"):
        assert client.get(address).status_code == 403
    assert send(client, "内容").status_code == 403


def test_a_competitor_confirms_nothing(site: Flask) -> None:
    send(enter(site, "organiser"), "一")
    client = enter(site, "w17-01")
    assert "我已阅读" not in text_of(client, PAGE)
    assert client.post(f"{PAGE}/read", data={"version": "1"}).status_code == 403
