"""The pages of panels, declarations and the register: what they show, and what never."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.database import db, writing
from competition.models import Account, Declaration, Entry, Grant, Person, Role, Skill
from competition.moment import now
from judging import appointing, conflict_notes, panel_checks, preflight
from judging.models import ConflictOverride, PanelSeat, Recusal
from tests import papers_made
from tests.judging.desks import page, read, said, signed_in
from tests.judging.officials import known, rules
from tests.judging.seed import CODES, PEOPLE, Seeded

PANEL = "/desk/T17/panel"


@pytest.fixture
def with_rules(sqlite_app: Flask, day: Seeded) -> Seeded:
    with sqlite_app.app_context():
        rules(day, supervisor=True)
        known(day, "li", delegation="K-073")
        conflict_notes.note(day.skill, actor_id=None)
    return day


@pytest.fixture
def office(sqlite_app: Flask, day: Seeded) -> FlaskClient:
    with sqlite_app.app_context(), writing() as session:
        session.get_one(Account, day.judges["stranger"]).grants = [Grant(role=Role.ORGANISER)]
    return signed_in(sqlite_app, "stranger")


def key(judge: str) -> str:
    return f"desk-key-{judge}"


def test_an_empty_panel_says_what_to_do_and_is_filled_from_the_page(
    sqlite_app: Flask, chief: FlaskClient, with_rules: Seeded
) -> None:
    assert "还没有任命" in page(chief, PANEL)
    li = with_rules.judges["li"]
    answer = chief.post(f"{PANEL}/seats", data={"judge": li, "chair": 1, "sheet": ""})
    assert "已任命" in said(answer, chief)
    again = chief.post(f"{PANEL}/seats", data={"judge": li, "chair": 2, "sheet": ""})
    assert "此人已在这个裁判组中" in said(again, chief)
    (seat,) = read(sqlite_app, select(PanelSeat.id))
    answer = chief.post(
        f"{PANEL}/seats/{seat}", data={"judge": with_rules.judges["wang"], "reason": "生病"}
    )
    assert "已替换" in said(answer, chief)
    shown = page(chief, PANEL)
    assert "已结束的席位" in shown
    assert "生病" in shown


def test_conflicts_are_in_words_and_never_with_a_code(
    chief: FlaskClient, with_rules: Seeded
) -> None:
    shown = page(chief, PANEL)
    assert "同一代表团" in shown
    assert "1 件作品" in shown
    assert "还没有申报" in shown
    assert not any(code in shown for code in CODES)
    assert not any(name in shown for name, *_ in PEOPLE)


def test_an_override_and_its_end(sqlite_app: Flask, chief: FlaskClient, with_rules: Seeded) -> None:
    li = with_rules.judges["li"]
    given = {"judge": li, "tie": "delegation", "reason": "没有别人"}
    assert "仍可评分" in said(chief.post(f"{PANEL}/overrides", data=given), chief)
    (number,) = read(sqlite_app, select(ConflictOverride.id))
    assert "没有别人" in page(chief, PANEL)
    answer = chief.post(f"{PANEL}/overrides/{number}/end", data={"reason": "来人了"})
    assert "已重新回避" in said(answer, chief)


def test_a_recusal_by_code_and_its_end(
    sqlite_app: Flask, chief: FlaskClient, with_rules: Seeded
) -> None:
    given = {"judge": with_rules.judges["wang"], "work": "K-118", "reason": "认识", "key": key("w")}
    assert "已回避" in said(chief.post(f"{PANEL}/recusals", data=given), chief)
    (number,) = read(sqlite_app, select(Recusal.id).where(Recusal.source == "chief"))
    assert "K-118" in page(chief, PANEL)
    answer = chief.post(f"{PANEL}/recusals/{number}/lift", data={"reason": "查清了"})
    assert "已恢复评分" in said(answer, chief)


def test_late_marks_wait_on_the_page(
    sqlite_app: Flask, chief: FlaskClient, with_rules: Seeded
) -> None:
    with sqlite_app.app_context():
        with_rules.give(with_rules.post("K-118", "A1.01", 150, judge="wang"), judge="wang")
        known(with_rules, "wang", delegation="K-118")
        conflict_notes.note(with_rules.skill, actor_id=None)
    assert "评分之后查到回避关系" in page(chief, PANEL)
    given = {"judge": with_rules.judges["wang"], "act": "again", "reason": "重评"}
    said(chief.post(f"{PANEL}/late", data=given), chief)
    assert "评分之后查到回避关系" not in page(chief, PANEL)


@pytest.mark.parametrize("tie", ["delegation", "affiliation"])
def test_a_chief_judge_whose_own_people_compete_is_found(
    sqlite_app: Flask, chief: FlaskClient, day: Seeded, tie: str
) -> None:
    assert "裁判长 陈裁判长 的利害关系" not in page(chief, PANEL)
    with sqlite_app.app_context():
        person_id = known(day, "chief", delegation="K-118" if tie == "delegation" else None)
        if tie == "affiliation":
            with writing() as session:
                work = session.get_one(Entry, day.entries["K-118"])
                own = session.get_one(Person, person_id)
                own.affiliation = work.members[0].person.affiliation
        (facts,) = panel_checks.of_skills(db.session(), [day.skill], {}).values()
        assert facts.chief_bound == 1
        skill = db.session.get_one(Skill, day.skill)
        found = {one.name: one for one in preflight.of_skill(db.session(), skill)}
        assert found["chief_free"].light == "amber" and "1 份作品" in found["chief_free"].zh
    text = page(chief, PANEL)
    assert "裁判长 陈裁判长 的利害关系" in text
    assert ("同一代表团" if tie == "delegation" else "同一单位") in text
    assert not any(code in text for code in CODES)


def test_a_draw_is_looked_at_before_it_is_done(chief: FlaskClient, with_rules: Seeded) -> None:
    shown = page(chief, f"{PANEL}/draw?sheet=all&seed=2026")
    assert "须回避" in shown, "three judges for three chairs and a supervisor: li cannot be avoided"
    assert "没有人可任监督裁判" in shown
    answer = chief.post(f"{PANEL}/draw", data={"sheet": "all", "seed": "2026"})
    assert "已按抽签任命" in said(answer, chief)
    assert "抽签种子 2026" in page(chief, PANEL)
    chief.post(f"{PANEL}/draw", data={"sheet": "all", "seed": "彩票 1"})
    assert "改由抽签产生（种子 彩票 1）" in page(chief, PANEL)
    assert "抽签 draw" not in page(chief, PANEL)
    assert "请先公布种子" in said(_follow(chief, f"{PANEL}/draw?sheet=all"), chief)
    assert "没有选择" in said(chief.post(f"{PANEL}/draw", data={"seed": "1"}), chief)


def _follow(client: FlaskClient, path: str) -> object:
    answer = client.get(path)
    assert answer.status_code == 303
    return answer


BAD = [
    ("seats", {"judge": "x", "chair": "1"}, 400),
    ("seats", {}, 400),
    ("seats/999999", {"reason": "x"}, 404),
    ("seats/99999999999999999999", {"reason": "x"}, 404),
    ("recusals", {"judge": "1", "reason": "x"}, 400),
    ("overrides", {"judge": "1", "tie": "\x00", "reason": "x"}, 400),
    ("overrides/7/end", {"reason": "x"}, 404),
    ("late", {"judge": "1", "act": "x"}, 400),
]


@pytest.mark.parametrize(("path", "form", "status"), BAD)
def test_bad_forms_change_nothing(
    chief: FlaskClient, with_rules: Seeded, path: str, form: dict[str, str], status: int
) -> None:
    assert chief.post(f"{PANEL}/{path}", data=form).status_code == status


def test_another_skills_seat_is_nobodys_here(
    sqlite_app: Flask, chief: FlaskClient, with_rules: Seeded
) -> None:
    with sqlite_app.app_context(), writing() as session:
        other = Skill(code="N99", name_zh="别", name_en="O", sector_zh="", sector_en="", track="x")
        session.add(other)
        session.flush()
        li, head = with_rules.judges["li"], with_rules.judges["chief"]
        when = {"since": 0, "appointed_by": head, "appointed_at": now()}
        seat = PanelSeat(skill_id=other.id, sheet="", judge_id=li, chair=1, **when)
        session.add(seat)
        session.flush()
        number = seat.id
    assert chief.post(f"{PANEL}/seats/{number}", data={"reason": "x"}).status_code == 404


def test_a_wrong_code_keeps_what_was_typed(chief: FlaskClient, day: Seeded) -> None:
    form = {"judge": day.judges["wang"], "work": "K-999", "reason": "同事", "key": key("w")}
    answer = chief.post(f"{PANEL}/recusals", data=form)
    assert answer.status_code == 409 and "什么都没有改变" in answer.text
    assert answer.text.count('value="K-999"') == answer.text.count('value="同事"') == 1
    assert answer.text.count("<details open>") == 1


# A judge's own page


def test_a_judge_declares_and_stands_aside(sqlite_app: Flask, day: Seeded) -> None:
    judge = signed_in(sqlite_app, "wang")
    path = "/judge/T17/declaration"
    assert "您还没有申报" in page(judge, path)
    told = {"tie": "family", "name": PEOPLE[2][0], "key": key("d")}
    for _twice in range(2):
        assert "已申报" in said(judge.post(path, data=told), judge)
    assert len(read(sqlite_app, select(Declaration.id))) == 1
    shown = page(judge, path)
    assert PEOPLE[2][0] in shown, "the judge's own words"
    assert "K-246" not in shown, "but never which work they met"
    aside = {"work": "K-118", "reason": "看过", "key": key("a")}
    assert "您已回避" in said(judge.post("/judge/T17/aside", data=aside), judge)
    assert "K-118" in page(judge, path)
    nobody = judge.post(path, data={"tie": "family", "words": "我不确定"})
    assert nobody.status_code == 409 and "没有保存" in nobody.text
    assert 'value="family" selected' in nobody.text and 'value="我不确定"' in nobody.text
    unknown = {"work": "K-999", "reason": "看过", "key": key("b")}
    wrong = judge.post("/judge/T17/aside", data=unknown)
    assert wrong.status_code == 409 and "什么都没有改变" in wrong.text
    assert 'value="K-999"' in wrong.text and 'value="看过"' in wrong.text
    assert signed_in(sqlite_app, "li").get(path).status_code == 200
    assert PEOPLE[2][0] not in page(signed_in(sqlite_app, "li"), path)


# The office


def test_the_office_settles_what_meets_nobody(
    sqlite_app: Flask, day: Seeded, office: FlaskClient
) -> None:
    judge = signed_in(sqlite_app, "wang")
    judge.post("/judge/T17/declaration", data={"tie": "pupil", "name": "小雪", "key": key("p")})
    known_work = {"tie": "known_work", "work": "K-246", "words": "雪松的作品", "key": key("k")}
    judge.post("/judge/T17/declaration", data=known_work)
    shown = page(office, "/office/declarations?skill=T17")
    assert "没有找到对应的人" in shown
    assert "K-246" not in shown, "whose code it is the office must not learn"
    assert "雪松的作品" not in shown
    with sqlite_app.app_context():
        facts = panel_checks.of_skills(db.session(), [day.skill], {})[day.skill]
        assert (facts.declarations_open, facts.undeclared) == (1, 2)
    (number,) = read(sqlite_app, select(Declaration.id).where(Declaration.tie == "pupil"))
    settle = f"/office/declarations/{number}"
    assert "没有这个单位" in said(
        office.post(f"{settle}/settle", data={"affiliation": "x"}), office
    )
    assert "请选择指的是谁" in said(office.post(f"{settle}/settle", data={}), office)
    assert "已确定" in said(office.post(f"{settle}/settle", data={"person": "none"}), office)
    assert "请写明撤回的原因" in said(office.post(f"{settle}/withdraw", data={}), office)
    assert "已撤回" in said(office.post(f"{settle}/withdraw", data={"reason": "误报"}), office)
    given = {"skill": "T17", "judge": day.judges["li"], "tie": "other", "place": PEOPLE[0][1],
             "key": key("o")}  # fmt: skip
    assert "已代为申报" in said(office.post("/office/declarations", data=given), office)


def test_the_office_confirms_whom_the_words_met(
    sqlite_app: Flask, day: Seeded, office: FlaskClient
) -> None:
    judge = signed_in(sqlite_app, "wang")
    told = {"tie": "family", "name": PEOPLE[2][0], "key": key("f")}
    judge.post("/judge/T17/declaration", data=told)
    assert "等待秘书处核对" in page(judge, "/judge/T17/declaration")
    shown = page(office, "/office/declarations?skill=T17")
    assert re.search(rf'<option value="\d+" selected>{PEOPLE[2][0]}', shown)
    assert "申报：" not in shown, "on a page where everything is declared"
    (number,) = read(sqlite_app, select(Declaration.id))
    (person,) = read(sqlite_app, select(Person.id).where(Person.name == PEOPLE[2][0]))
    settle = f"/office/declarations/{number}/settle"
    assert "已确定" in said(office.post(settle, data={"person": str(person)}), office)
    assert "秘书处已核对" in page(judge, "/judge/T17/declaration")
    assert "请写明原因" in said(office.post(settle, data={"person": "none"}), office)
    given = {"person": "none", "reason": "同名的另一人"}
    assert "已确定" in said(office.post(settle, data=given), office)
    assert "同名的另一人" in page(office, "/office/declarations?skill=T17")
    assert "同名的另一人" not in page(judge, "/judge/T17/declaration")


def test_preflight_sees_empty_chairs_and_missing_declarations(
    sqlite_app: Flask, with_rules: Seeded
) -> None:
    with sqlite_app.app_context():
        chief = with_rules.judges["chief"]
        appointing.appoint(with_rules.skill, "", 1, with_rules.judges["li"], actor_id=chief)
        skill = db.session.get_one(Skill, with_rules.skill)
        lights = {one.name: one for one in preflight.of_skill(db.session(), skill)}
    assert (lights["chairs"].light, lights["chairs"].zh) == ("red", "已任命的裁判组有 2 个空席")
    assert lights["declared"].light == "amber"
    assert lights["declarations"].light == lights["late"].light == "green"
    assert lights["supervisor"].light == "amber"


def test_too_few_judges_are_said_on_the_page_and_the_desk(
    sqlite_app: Flask, with_rules: Seeded
) -> None:
    chief = signed_in(sqlite_app, "chief")
    assert "至少要 2 名" not in page(chief, PANEL)
    with sqlite_app.app_context():
        li, by = with_rules.judges["li"], with_rules.judges["chief"]
        appointing.appoint(with_rules.skill, "", 1, li, actor_id=by)
        judgements = sum(code.startswith("B") for code in with_rules.aspects)
    assert "这里有 1 名裁判员，至少要 2 名" in page(chief, PANEL)
    assert f"{judgements * len(with_rules.entries)} 项评判（评分点 × 作品）" in page(chief)


def test_the_register_on_its_pages(sqlite_app: Flask, office: FlaskClient) -> None:
    assert "裁判库还是空的" in page(office, "/office/judges")
    data = "姓名,单位,裁判等级,手机号\n赵一,甲校,省级,13900000001\n钱二,乙校,特级,\n".encode()
    answer = office.post("/office/judges/files", data={"file": (io.BytesIO(data), "裁判.csv")})
    shown = said(answer, office)
    assert "应为国家级、省级或市级" in shown
    assert "13900000001" not in shown
    back = office.post(f"{answer.location}/import")
    assert "已导入 1 名裁判员" in said(back, office)
    assert "赵一" in page(office, "/office/judges?words=赵")
    assert "没有符合条件的人" in page(office, "/office/judges?words=无此人")
    one = page(office, "/office/judges/1")
    assert "13900000001" not in one
    assert "13900000001" in office.post("/office/judges/1/contact", data={"reason": "通知"}).text
    opened = office.post("/office/judges/1/account", data={"username": "zhao1"})
    assert opened.status_code == 200
    assert "zhao1" in page(office, "/office/judges/1")
    photo = {"photo": (io.BytesIO(papers_made.jpeg(6)), "x.jpg")}
    assert office.get("/office/judges/1/photo").status_code == 404
    assert "照片已放到卡片上" in said(office.post("/office/judges/1/photo", data=photo), office)
    seen = office.get("/office/judges/1/photo")
    assert (seen.mimetype, seen.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    assert sqlite_app.test_client().get("/office/judges/1/photo").status_code != 200
    bad = office.post("/office/judges/1/photo", data={"photo": (io.BytesIO(b"GIF89a"), "x.gif")})
    assert (bad.status_code, "只收 JPEG 或 PNG" in bad.text) == (415, True)
    assert "照片已移除" in said(
        office.post("/office/judges/1/photo", data={"act": "remove"}), office
    )
    form = page(office, "/office/judges/new?record=1")
    assert 'value="赵一"' in form
    assert "13900000001" not in form
    changed = {"name": "赵一", "affiliation": "新校", "level": "", "fields": "T17"}
    assert "已在裁判库中" in said(office.post("/office/judges/new?record=1", data=changed), office)
    assert "新校" in page(office, "/office/judges/1")
    assert "省级" not in page(office, "/office/judges?words=新校").split("<tbody>")[1]
    assert office.get("/office/judges/new?record=99").status_code == 404
    assert office.get("/office/judges/list.xlsx").data[:2] == b"PK"
    assert office.post("/office/judges/new", data={"name": "孙三"}).status_code == 422
    typed = office.post("/office/judges/new", data={"name": "孙三", "affiliation": "丙校"})
    assert "已在裁判库中" in said(typed, office)
    assert office.get("/office/judges/999999999999").status_code == 404
    assert "已移出" in said(office.post("/office/judges/2/leave"), office)
