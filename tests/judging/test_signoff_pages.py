"""The pages of sign-off at a browser: PIN, re-check, unlock, versions; the printed sheets."""

import re
import shutil
import subprocess

import pytest
from flask import Flask
from flask.testing import FlaskClient

from competition import pins
from competition.database import db
from competition.models import Competition
from judging import fonts, marking, rechecking, results
from judging.models import Reopening
from judging.rules import hanzi
from tests.judging import official
from tests.judging.desks import page, said, signed_in
from tests.judging.seed import CODES, PEOPLE, Seeded, let_out
from tests.judging.signed import book, check_again, sheet, sign, sign_off

WORK = "K-073"


@pytest.fixture
def marked(sqlite_app: Flask, day: Seeded) -> Seeded:
    with sqlite_app.app_context():
        official.rules(day)
        official.mark_everything(day)
        for name in ("li", "chief"):
            pins.set_(day.judges[name], "2580")
        db.session.remove()
    return day


@pytest.fixture
def judge(sqlite_app: Flask, marked: Seeded) -> FlaskClient:
    return signed_in(sqlite_app, "wang")


def ticked(app: Flask, day: Seeded, sub: str) -> list[str]:
    with app.app_context():
        return [f"{one.code}:{one.digest}" for one in book(day).of_sub(day.subs[sub])]


def test_a_judge_signs_with_their_pin_on_anothers_tablet(sqlite_app, marked, judge):
    day, where = marked, f"/sign-off/T17/sheets/{marked.subs['A1']}"
    shown = page(judge, where)
    assert "等待裁判签字" in shown and "王裁判 · 还没有 PIN" in shown
    assert not any(name in shown for name, *_ in PEOPLE)
    form = {"account": day.judges["li"], "pin": "1111", "sheet": ticked(sqlite_app, day, "A1")}
    wrong = judge.post(f"{where}/sign", data=form)
    assert wrong.status_code == 403 and "PIN 不对" in wrong.text
    for spoilt in ({"sheet": []}, {"account": 999_999}, {"account": "x\0"}, {"sheet": ["K:\0"]}):
        answer = judge.post(f"{where}/sign", data=form | {"pin": "2580"} | spoilt)
        assert answer.status_code == 409 and "没有签字" in answer.text
    assert "已签评分表：4 张" in said(
        judge.post(f"{where}/sign", data=form | {"pin": "2580"}), judge
    )
    with sqlite_app.app_context():
        assert [one.role for one in sheet(day, WORK, "A1").signatures] == ["judge"]
    assert "李裁判" in page(judge, where)
    assert "已签字，不能再改" in str(_tap(sqlite_app, day))


def _tap(app: Flask, day: Seeded) -> object:
    with app.app_context():
        (answer,) = day.give(day.post(WORK, "A1.01", 0))
        return answer.sentence


def test_a_judge_finds_the_way_back_to_the_marks(sqlite_app, marked, judge, chief):
    back = 'href="/tablet/T17/"'
    for where in ("/sign-off/T17", f"/sign-off/T17/sheets/{marked.subs['A1']}", "/recheck/T17"):
        assert back in page(judge, where)
        assert back not in page(chief, where)
    assert back in page(judge, "/account/")


def test_who_signs_sees_the_marks_of_each_sheet_and_ticks_them_one_by_one(
    sqlite_app, marked, chief
):
    day, where = marked, f"/sign-off/T17/sheets/{marked.subs['A1']}"
    text = page(chief, where)
    assert text.count('type="checkbox"') == len(CODES) and "checked>" not in text
    assert text.count("<details") == len(CODES) and "<details open" not in text
    assert text.count(f">{'4.00'}</td>") == len(CODES), "the sum of each sheet"
    assert text.count("A1.01</span>") == len(CODES) and "背景持续滚动" in text
    assert page(chief, f"{where}?open=1").count(" open>") == len(CODES)
    with sqlite_app.app_context():
        day.give(day.post(WORK, "A1.01", None))
        db.session.remove()
    text = page(chief, where)
    assert text.count("A1.01</span>") == len(CODES) - 1, "what is being marked stays unseen"
    for act, form in (("send-back", {"key": "nothing-ticked"}), ("excuse", {})):
        answer = chief.post(f"{where}/{act}", data={"reason": "理由", **form})
        assert answer.status_code == 409 and "没有勾选评分表" in answer.text
        assert 'value="理由"' in answer.text


def test_what_was_ticked_and_typed_in_vain_stays_on_the_page(sqlite_app, marked, chief):
    day, where = marked, f"/sign-off/T17/sheets/{marked.subs['A1']}"
    first, *others = ticked(sqlite_app, day, "A1")
    form = {"account": day.judges["li"], "pin": "1111", "sheet": [first, others[0]]}
    wrong = chief.post(f"{where}/sign", data=form)
    assert wrong.text.count(" checked ") == 2 and f'value="{first}" checked' in wrong.text
    assert re.search(rf'<option value="{day.judges["li"]}" selected', wrong.text)
    assert "1111" not in wrong.text
    code, _dash, _digest = others[0].rpartition(":")
    moved = chief.post(f"{where}/sign", data=form | {"sheet": [f"{code}:" + "0" * 64]})
    assert " checked " not in moved.text, "its marks are not those that were ticked"
    for act in ("send-back", "excuse"):
        answer = chief.post(f"{where}/{act}", data=form | {"reason": " ", "key": "in-vain-01"})
        assert answer.status_code in (400, 409) and answer.text.count(" checked ") == 2, act
    told = chief.post(
        f"{where}/send-back", data=form | {"reason": "重看", "key": "in-vain-02", "sheet": []}
    )
    assert 'name="reason" type="text" value="重看"' in told.text


def test_signing_once_more_is_not_told_as_a_success(sqlite_app, marked, judge):
    where = f"/sign-off/T17/sheets/{marked.subs['A1']}"
    form = {"account": marked.judges["li"], "pin": "2580"}
    form["sheet"] = ticked(sqlite_app, marked, "A1")
    said(judge.post(f"{where}/sign", data=form), judge)
    again = said(judge.post(f"{where}/sign", data=form), judge)
    assert "您已经签过" in again and "已签评分表" not in again


def test_the_chief_judge_sees_why_the_lock_waits_and_signs_last(sqlite_app, marked, chief):
    day = marked
    assert "还缺抽查或签字" in page(chief, "/desk/T17/lock")
    assert "抽查还没有完成" in said(chief.post("/desk/T17/lock"), chief)
    text = page(chief, "/recheck/T17")
    assert "获奖组" in text and "抽取样本" in text
    assert "样本已抽取" in said(chief.post("/recheck/T17/draw"), chief)
    with sqlite_app.app_context():
        found = rechecking.read(db.session(), day.skill, book(day))
        first = next(one for one in found.sheets if one.sheet.sub.code == "A1")
    where = f"/recheck/T17/sheets/{day.subs['A1']}/{first.sheet.code}"
    assert "全部一致" in page(chief, where)
    form = {
        "key": "page-of-recheck", "seen": first.sheet.digest, "found": "differs",
        "aspect": "A1.01", "value-A1.01": "0.00", "reason-A1.01": "只到三边",
    }  # fmt: skip
    assert "没有改变任何分数" in said(chief.post(where, data=form), chief)
    text = page(chief, "/recheck/T17")
    assert "只到三边" in text and "全部抽查：另加" in text
    assert "抽查发现差异" in page(chief, "/desk/T17")
    with sqlite_app.app_context():
        sign(day)
    assert "已签完" in page(chief, "/sign-off/T17")


def test_a_judge_does_not_learn_from_the_re_check_who_is_ahead(sqlite_app, day):
    with sqlite_app.app_context():
        official.rules(day, medals="china")
        official.mark_everything(day, {}, {"A1.01": 0}, {"A1.01": 0, "A1.02": 0}, {"A2.02": 0})
        db.session.remove()
    chief, judge = signed_in(sqlite_app, "chief"), signed_in(sqlite_app, "wang")
    chief.post("/recheck/T17/draw")
    with sqlite_app.app_context():
        found = rechecking.read(db.session(), day.skill, book(day))
        sampled = {(one.sheet.sub.code, one.sheet.code) for one in found.sheets}
        db.session.remove()
    assert found.why("top") and len(sampled) < len(day.subs) * len(CODES)
    handed: list[tuple[str, str]] = []
    while True:
        for text in (page(judge, "/recheck/T17"), page(judge, "/sign-off/T17")):
            assert "获奖组" not in text and found.row.seed not in text
            assert f"{len(sampled)} 张" not in text and f"/ {len(sampled)}" not in text
        text = page(judge, "/recheck/T17")
        open_ = {
            (sub, code): judge.get(f"/recheck/T17/sheets/{number}/{code}").status_code
            for sub, number in day.subs.items()
            for code in CODES
        }
        there = [one for one, status in open_.items() if status == 200]
        assert set(open_.values()) <= {200, 303}, "in the sample or not: one answer"
        new = [one for one in there if one not in handed]
        assert {code for code in CODES if code in text} == {code for _, code in there}
        if not new:
            break
        ((sub, code),) = new
        handed.append((sub, code))
        form = _agrees(sqlite_app, day, code, sub)
        answer = judge.post(f"/recheck/T17/sheets/{day.subs[sub]}/{code}", data=form)
        assert "没有改变任何分数" in said(answer, judge)
    assert set(handed) == {one for one in sampled if one[0] != "B1"}, "all but what wang marked"
    missed = judge.post(
        f"/recheck/T17/sheets/{day.subs['B1']}/{WORK}", data=_agrees(sqlite_app, day, WORK, "B1")
    )
    assert "现在不由您抽查" in said(missed, judge)
    assert "获奖组" in page(chief, "/recheck/T17")


def _agrees(app: Flask, day: Seeded, code: str, sub: str) -> dict[str, str]:
    with app.app_context():
        seen = sheet(day, code, sub).digest
        db.session.remove()
    return {"key": f"agrees-{sub}-{code}", "seen": seen, "found": "agrees"}


def test_unlocked_by_two_and_the_star_goes_everywhere(sqlite_app, marked, chief):
    day = marked
    with sqlite_app.app_context():
        sign_off(day)
        marking.lock(day.skill, actor_id=day.judges["chief"])
    assert "现在的评分带星号" not in page(chief, "/sign-off/T17")
    asked = {
        "what": f"sheet:{day.subs['A1']}", "work": WORK, "reason": "录错", "key": "page-unlock-1",
    }  # fmt: skip
    assert "另一人同意" in said(chief.post("/sign-off/T17/unlock", data=asked), chief)
    for what in ("sheet:9999999999999", "day:\0", "", "sub:x"):
        wrong = chief.post("/sign-off/T17/unlock", data=asked | {"what": what, "key": "page-u-2"})
        assert wrong.status_code == 409 and "什么都没有改变" in wrong.text
    for work, why in (("", "没有填写作品编号"), ("K-000", "没有编号“K-000”的作品")):
        wrong = chief.post("/sign-off/T17/unlock", data=asked | {"work": work, "key": "page-u-3"})
        assert wrong.status_code == 409 and why in wrong.text
        assert 'value="录错"' in wrong.text, "what was typed stays"
        assert f'value="{asked["what"]}" selected' in wrong.text
    with sqlite_app.app_context():
        number = db.session.query(Reopening.id).scalar()
    own = chief.post(f"/sign-off/unlocks/{number}/agree")
    assert own.status_code == 403 and "不能自己同意" in own.text
    with sqlite_app.app_context():
        from judging import kept, locking

        locking.agree(number, actor_id=day.judges["stranger"])
        work = kept.whole(db.session(), day.skill).works[day.entries[WORK]]
        mark = work.marks[day.aspects["A1.01"]]
        (answer,) = day.give(day.post(WORK, "A1.01", 0, base=mark.measured.head.id))
        day.give(day.confirm(WORK, "A1", answer.id), judge="wang")
        sign_off(day)
        marking.lock(day.skill, actor_id=day.judges["chief"])
        let_out(day.skill, "confirmed", actor_id=day.judges["chief"])
        db.session.remove()
    with sqlite_app.app_context():
        lines = results.of("T17").body["standings"]
        assert [line.get("starred") for line in lines].count(True) == 1
    assert "签字后重新打开过" in page(chief, "/provenance/T17/K-073")
    assert "★" in page(chief, f"/desk/T17/works/{WORK}/sheets/{day.subs['A1']}")
    board = page(chief, "/skills/T17")
    assert "★ 签字后重新打开过" in board and "录错" not in board
    assert "第 2 版" in page(chief, "/results/T17")


def test_sent_back_sheets_come_first_and_say_why(sqlite_app, marked, chief):
    day, where = marked, f"/sign-off/T17/sheets/{marked.subs['A1']}"
    with sqlite_app.app_context():
        sign_off(day)
        (aside,) = day.give(day.post("K-246", "A1.01", 0))
    form = page(chief, f"/desk/T17/set-aside/{aside.id}")
    link = f"{where}?work=K-246#send-back"
    assert link in form and "您" not in form
    shown = page(chief, link)
    assert re.findall(r'value="(K-\d+):\w+" checked', shown) == ["K-246"]
    assert 'id="send-back"' in shown
    back = {"sheet": "K-246:x", "reason": "A1.01 录给了别的作品", "key": "send-back-01"}
    assert "重新打开" in said(chief.post(f"{where}/send-back", data=back), chief)
    shown = page(chief, where)
    codes = re.findall(r'<strong class="desk-chip">(K-\d+)', shown)
    assert codes == ["K-246", "K-073", "K-118", "K-391"], "what is missing comes first"
    assert re.search(r"★ \d\d-\d\d \d\d:\d\d 退回：A1.01 录给了别的作品", shown)
    assert shown.count("录给了别的作品") == 1


def test_what_a_correction_would_move_is_computed_and_changes_nothing(marked, chief):
    text = page(chief, "/results/T17/preview?work=K-073&aspect=A1.01&value=0")
    assert "下降" in text and "2.50" not in page(chief, "/results/T17/preview")
    for query in ("work=x&aspect=A1.01&value=1", "work=K-073&aspect=A1.01&value=99", "value=%00"):
        assert "没有计算" in page(chief, f"/results/T17/preview?{query}")


def pdf(client: FlaskClient, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    return answer.data


def text_of(data: bytes) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], check=True, input=data, capture_output=True
    )
    return done.stdout.decode()


needs_fonts = pytest.mark.skipif(
    not fonts._installed() or not shutil.which("pdftotext"),
    reason="make test installs fonts-noto-cjk and poppler-utils",
)


@needs_fonts
def test_the_paper_twin_and_the_signed_sheet(sqlite_app, marked, chief, judge):
    day, sub = marked, marked.subs["A1"]
    blank = pdf(judge, f"/sheets/T17/{sub}.pdf?blank=1")
    assert blank == pdf(judge, f"/sheets/T17/{sub}.pdf?blank=1"), "the same data, the same bytes"
    told = text_of(blank)
    assert told.count("空白评分表") == 8, "state beside the head and on every page"
    assert "A1.01" in told and "达到" in told and "1.50" in told and "李裁判" not in told
    with sqlite_app.app_context():
        check_again(day)
        sign(day)
        head = db.session.get_one(marking.Skill, day.skill).ledger_head
        db.session.remove()
    told = text_of(pdf(judge, f"/sheets/T17/{sub}/{WORK}.pdf"))
    for word in ("K-073", "已签完", "李裁判", "裁判长", "网站设计与开发", "技能大赛", "4.00", head):
        assert word in told, word
    assert not any(name in told or school in told for name, school, *_ in PEOPLE)
    judge.post("/language/en")
    english = text_of(pdf(judge, f"/sheets/T17/{sub}/{WORK}.pdf"))
    assert "Signed off" in english and "Chief judge" in english and "Page 1 / 1" in english
    assert judge.get(f"/sheets/T17/{sub}/K-999.pdf").status_code == 404


@needs_fonts
def test_a_character_that_no_font_draws_is_named_on_the_sheet(sqlite_app, marked, judge):
    with sqlite_app.app_context():
        db.session.query(Competition).one().name_zh = "技能大赛\U0003fffd"
        db.session.commit()
        db.session.remove()
    told = text_of(pdf(judge, f"/sheets/T17/{marked.subs['A1']}/{WORK}.pdf"))
    assert "本机字体缺少以下字" in told and "U+3FFFD" in told


def test_without_a_chinese_font_a_sentence_says_what_to_type(marked, judge, monkeypatch):
    monkeypatch.setattr(fonts, "_installed", tuple)
    answer = judge.get(f"/sheets/T17/{marked.subs['A1']}.pdf")
    assert answer.status_code == 503 and "fonts-noto-cjk" in answer.text


def test_which_characters_fonts_lack():
    ranges = hanzi.merged([(0x4E00, 0x9FFF), (0x20, 0x7E), (0x3000, 0x303F)])
    assert ranges == [(0x20, 0x7E), (0x3000, 0x303F), (0x4E00, 0x9FFF)]
    assert hanzi.merged([(1, 3), (4, 6), (2, 9)]) == [(1, 9)]
    assert hanzi.lacking("欧阳 K-073，\u200b龘", ranges) == ["，"]
    assert hanzi.lacking("\U0002cb4e雪\U0002cb4e\n", ranges) == ["\U0002cb4e"]
    assert hanzi.lacking("a", []) == ["a"]
