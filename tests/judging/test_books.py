"""成绩册: each page says its state, nothing final is made of what is not."""

import io
import shutil
import subprocess

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from openpyxl import load_workbook

from competition.database import db, writing
from competition.models import Account, Grant, Period, Role, Skill
from competition.moment import now
from judging import books, cis_results, fonts, history, result_versions, results
from judging.rules.book import Ripe, lacking, refusal
from judging.rules.names import split
from tests.judging.desks import signed_in
from tests.judging.official import lock, mark_everything, rules, unblind
from tests.judging.seed import PASSWORD, PEOPLE, Seeded, let_out, seed

needs_fonts = pytest.mark.skipif(
    not fonts._installed() or not shutil.which("pdftotext"),
    reason="make test installs fonts-noto-cjk and poppler-utils",
)
# Totals 10.50, 9.50, 8.50 and 7.50.
FOUR = ({}, {"A1.02": 0}, {"A1.02": 0, "A1.04": 0}, {"A1.01": 0, "A1.03": 0, "A1.02": 0})


@pytest.fixture
def marked(sqlite_app: Flask, day: Seeded) -> Seeded:
    with sqlite_app.app_context():
        unblind(day)
        rules(day, ties=["criterion", "ruling"])
        let_out(day.skill, "confirmed", actor_id=day.judges["chief"])
        mark_everything(day, *FOUR)
        with writing() as session:
            session.add(
                Account(
                    username="office", label="秘书处", password=hash_password(PASSWORD),
                    fs_uniquifier="office", grants=[Grant(role=Role.SECRETARIAT)],
                )
            )  # fmt: skip
        db.session.remove()
    return day


def hand_over(app: Flask, day: Seeded) -> None:
    with app.app_context():
        lock(day)
        result_versions.step(day.skill, 1, "handed_over", actor_id=day.judges["chief"])
        db.session.remove()


def sheets(client: FlaskClient, address: str) -> dict[str, list[tuple]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    book = load_workbook(io.BytesIO(answer.data))
    for sheet in book:  # what is printed bears its state
        assert sheet.oddHeader.center.text
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], check=True, input=answer.data, capture_output=True
    )
    return done.stdout.decode()


def refused(client: FlaskClient, *addresses: str) -> set[str]:
    answers = [client.get(one, headers={"Accept": "application/json"}) for one in addresses]
    assert {one.status_code for one in answers} == {409}
    return {str(one.get_json()) for one in answers}


FINAL = ("/books/final/T17.pdf", "/books/final/all.xlsx", "/books/cis/T17.xlsx")


def test_nothing_final_before_lock_and_hand_over_nor_in_a_freeze(sqlite_app, marked, chief):
    office = signed_in(sqlite_app, "office")
    found = refused(office, *FINAL)
    assert all("没有锁定" in one and "没有生成正式成绩文件" in one for one in found)
    with sqlite_app.app_context():
        lock(marked)
        db.session.remove()
    assert all("没有交出" in one for one in refused(chief, *FINAL[:1], FINAL[2]))
    assert "还没有交出" in office.get("/office/books").text
    with sqlite_app.app_context():
        result_versions.step(marked.skill, 1, "handed_over", actor_id=marked.judges["chief"])
        let_out(marked.skill, "frozen", actor_id=marked.judges["chief"])
        db.session.remove()
    assert all("封榜" in one for one in refused(office, *FINAL))
    assert "T17-final" not in office.get("/office/books").text
    assert office.get("/books/final/W99.pdf").status_code == 404


def test_a_public_file_says_what_of_it_is_kept_back(sqlite_app, marked):
    with sqlite_app.app_context():
        let_out(marked.skill, "confirmed", actor_id=marked.judges["chief"], top=2)
        db.session.remove()
    rows = sheets(sqlite_app.test_client(), "/books/T17.xlsx")["赛项"]
    assert "临时成绩，非正式 · 待复核 · 只公布前 2 名" in rows[1]


def test_a_public_file_says_that_it_is_frozen_while_work_goes_on(sqlite_app, marked):
    with sqlite_app.app_context():
        let_out(marked.skill, "confirmed", actor_id=marked.judges["chief"])
        with writing() as session:
            period = session.query(Period).filter_by(skill_id=marked.skill).one()
            period.started_at, period.ended_at = now(), None
        let_out(marked.skill, "frozen", actor_id=marked.judges["chief"])
        db.session.remove()
    found = sheets(sqlite_app.test_client(), "/books/T17.xlsx")
    assert "临时成绩，非正式 · 进行中 · 封榜" in found["赛项"][1]
    assert any("封榜，非正式成绩" in row for rows in found.values() for row in rows)


@needs_fonts
def test_the_final_book_and_the_public_one_say_what_they_are(sqlite_app, marked, chief):
    visitor = sqlite_app.test_client()
    early = text_of(visitor, "/books/T17.pdf")
    assert "临时成绩，非正式" in early and "10.50" in early and PEOPLE[0][0] in early
    assert "公开序号" in early and "台账" not in early, "a ledger moves with sealed work"
    working = text_of(chief, "/books/working/T17.pdf")
    assert "工作稿" in working and "K-073" in working and PEOPLE[0][0] not in working
    hand_over(sqlite_app, marked)
    final = text_of(chief, "/books/final/T17.pdf")
    for word in ("正式成绩", "第 1 版", "已交出", "台账", "金牌", "10.50", PEOPLE[0][0], "1/1"):
        assert word in final, word
    whole = text_of(signed_in(sqlite_app, "office"), "/books/final/all.pdf")
    assert whole.count("正式成绩 ·") >= 2, "on every page"
    visitor.post("/language/en")
    assert "Official results, as published" in text_of(visitor, "/books/all.pdf")


@needs_fonts
def test_a_character_that_no_font_draws_is_named(sqlite_app, marked):
    with sqlite_app.app_context():
        db.session.get_one(Skill, marked.skill).name_zh = "网站\U0003fffd"
        db.session.commit()
        db.session.remove()
    said = text_of(sqlite_app.test_client(), "/books/T17.pdf")
    assert "本机字体缺少以下字" in said and "U+3FFFD" in said


def test_the_excel_book_and_the_cis_sheet_hold_the_same_figures(sqlite_app, marked, chief):
    hand_over(sqlite_app, marked)
    book = sheets(chief, "/books/final/T17.xlsx")
    lines = book["名次"][1:]
    assert [line[1] for line in lines] == [1, 2, 3, 4]
    assert [line[7] for line in lines] == [10.5, 9.5, 8.5, 7.5]
    assert lines[0][3] == PEOPLE[0][0] and "总分 10.50" in lines[0][6]
    assert book["代表团"][1][2] == 1, "one gold"
    cis = sheets(chief, "/books/cis/T17.xlsx")
    heads, first = cis["Results"][:2]
    assert heads == (
        *("Position", "Member", "Member Name", "Skill Number", "Medal", "First Name", "Last Name"),
        "WorldSkills Scale Score",
    )
    assert (first[0], first[1], first[3], first[4], first[7]) == (1, "D-P41", "T17", "Gold", 730)
    assert f"{first[6]}{first[5]}" == PEOPLE[0][0]
    columns, marks = cis["分数"][0], cis["分数"][1]
    assert columns[4].startswith("A1.01 M /1.50") and marks[3] == 10.5 == sum(marks[4:])


def test_shared_places_keep_their_state_and_scores_have_a_column(sqlite_app, marked, chief):
    with sqlite_app.app_context():
        rules(marked, "worldskills", shared_places=True, ties=[])
        mark_everything(marked, {}, {}, {"A1.02": 0}, {"A1.02": 0, "A1.04": 0})
        db.session.remove()
    hand_over(sqlite_app, marked)
    book = sheets(chief, "/books/final/T17.xlsx")
    heads, *lines = book["名次"]
    assert [line[1] for line in lines] == [1, 1, 3, 4]
    assert [line[2] for line in lines] == ["正式成绩 · 并列"] * 2 + ["正式成绩"] * 2
    assert heads[8] == "换算分（近似）"
    with sqlite_app.app_context():
        body = books.final(db.session(), *books.part_of(db.session(), "T17")).chapters[0].body
    assert [line[8] for line in lines] == [line["score"] for line in body["standings"]]
    for name in ("赛项", "奖牌"):
        assert book[name][0][:2] == ("赛项", "赛项名称")
    heads, first, *rest = book["代表团"]
    assert heads[9:] == ("平均换算分", "换算分合计") and any("近似" in str(row[1]) for row in rest)
    assert first[9] == first[10] == 720, "one entry: its score"


@needs_fonts
def test_the_printed_book_has_scale_scores(sqlite_app, marked, chief):
    with sqlite_app.app_context():
        rules(marked, "worldskills")
        db.session.remove()
    hand_over(sqlite_app, marked)
    one = text_of(chief, "/books/final/T17.pdf")
    assert "换算分（近似）" in " ".join(one.split()) and " 730 " in one
    assert "平均换算分" in text_of(signed_in(sqlite_app, "office"), "/books/final/all.pdf")


def test_a_sealed_skill_names_nobody_in_any_file(sqlite_app, marked, chief):
    with sqlite_app.app_context():
        with writing() as session:
            session.get_one(Skill, marked.skill).is_blind = True
        db.session.remove()
    hand_over(sqlite_app, marked)
    found = [
        sheets(chief, "/books/cis/T17.xlsx"),
        sheets(chief, "/books/final/T17.xlsx"),
        sheets(sqlite_app.test_client(), "/books/T17.xlsx"),
    ]
    for one in found:
        told = str(one)
        assert "P41" in told and not any(
            word in told
            for name, school, zh, en, number, _ in PEOPLE
            for word in (name, school, zh)
        )


def test_what_is_asked_first(sqlite_app):
    ready = Ripe("W1", is_frozen=False, is_locked=True, version="received")
    assert lacking(ready) is None and refusal([ready]) is None
    frozen = [
        Ripe("W1", True, locked, version) for locked in (True, False) for version in (None, "x")
    ]
    assert len({lacking(one) for one in frozen}) == 1, "a freeze says the same whatever goes on"
    tied = refusal([ready, Ripe("W2", False, True, "published", 2)])
    assert tied is not None and "W2 还有 2 个名次待定" in tied[0] and "W1" not in tied[0]
    many = refusal(Ripe(f"W{n}", False, False, None) for n in range(9))
    assert many is not None and "另有 4 个赛项" in many[0] and "4 more" in many[1]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("张三", ("三", "张")),
        ("欧阳小明", ("小明", "欧阳")),
        ("诸葛", ("", "诸葛")),
        ("阿布都·热合曼", ("阿布都·热合曼", "")),
        ("John  von Neumann", ("John von", "Neumann")),
        ("Cher", ("", "Cher")),
        ("", ("", "")),
    ],
)
def test_a_name_as_first_and_last(name: str, parts: tuple[str, str]) -> None:
    assert split(name) == parts


def test_both_databases_give_the_same_book(context) -> None:
    day = seed()
    unblind(day)
    rules(day, ties=["criterion", "ruling"])
    let_out(day.skill, "confirmed", actor_id=day.judges["chief"])
    mark_everything(day, *FOUR)
    results.publish(results.positions())
    lock(day)
    result_versions.step(day.skill, 1, "handed_over", actor_id=day.judges["chief"])
    session = db.session()
    found = books.part_of(session, "all")
    assert found is not None and books.part_of(session, "zone-none") is None
    public, final = books.public(session, *found), books.final(session, *found)
    totals = ["10.50", "9.50", "8.50", "7.50"]
    for book in (public, final):
        (chapter,) = book.chapters
        assert [line["total"] for line in chapter.body["standings"]] == totals
        assert book.delegations["rows"][0]["gold"] == 1
    assert (final.chapters[0].version, final.chapters[0].version_state) == (1, "handed_over")
    sheet = cis_results.read(session, found[1][0], "en")
    assert [row[3] for row in sheet.marks] == totals
    course, span = history.courses(session, day.skill, public.chapters[0].body)
    assert span is not None and len(course) == 4 and all(course.values())
    assert context.test_client().get("/books/%00.pdf").status_code == 404
