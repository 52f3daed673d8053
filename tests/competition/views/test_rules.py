"""The rules of a skill on its pages: for everybody in words, for the office as a form."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from competition import skill_rules
from competition.database import db
from competition.models import LedgerRow, Period, Skill
from competition.moment import now
from competition.rules.refusal import Refusal
from competition.rules.skill_rules import PRESETS, TIE_BREAKS
from tests.competition.views.test_office import enter, text_of


def skill_id(code: str = "W17") -> int:
    found = db.session.scalar(select(Skill.id).where(Skill.code == code))
    assert found is not None
    return found


def form(**changes: object) -> dict[str, object]:
    """What a browser posts for the provincial preset."""
    body = PRESETS["provincial"] | changes
    posted: dict[str, object] = {}
    for name, value in body.items():
        if value is True:
            posted[name] = "1"
        elif value not in (False, None):
            posted[name] = value if name == "ties" or name == "statuses" else str(value)
    posted["excluded_medals"] = ", ".join(body["excluded_medals"])
    return posted


def test_everybody_reads_the_rules_in_words(demo_app: Flask) -> None:
    page = text_of(demo_app.test_client(), "/skills/W17/rules")
    assert "每人只能报一个赛项" in page and "第 1 版" in page
    assert "修改规则" not in page
    assert "None" not in page


def test_the_office_changes_them_with_a_reason(demo_app: Flask) -> None:
    demo_app.config["WTF_CSRF_ENABLED"] = False
    client = enter(demo_app, "organiser")
    assert text_of(client, "/office/skills/W17/rules").count("<fieldset") == 3
    refused = client.post("/office/skills/W17/rules", data=form(quota=2))
    assert refused.status_code == 422 and "理由" in refused.get_data(as_text=True)
    taken = client.post("/office/skills/W17/rules", data=form(quota=2, reason="名额调整"))
    assert taken.status_code == 303
    page = text_of(demo_app.test_client(), "/skills/W17/rules")
    assert "名额调整" in page and "第 2 版" in page
    with demo_app.app_context():
        newest = skill_rules.current(db.session(), skill_id())
        assert newest is not None and newest.quota == 2
        rows = db.session.scalars(select(LedgerRow).where(LedgerRow.act == "rules.adopt")).all()
        assert any("quota" in row.body["changed"] for row in rows)


def test_who_changes_rules_under_way_is_told_that_they_count_at_once(demo_app: Flask) -> None:
    client = enter(demo_app, "organiser")
    assert "保存后立即生效" not in text_of(client, "/office/skills/W17/rules")
    with demo_app.app_context():
        db.session.scalars(
            select(Period).where(Period.skill_id == skill_id())
        ).one().started_at = now()
        db.session.commit()
    assert "保存后立即生效" in text_of(client, "/office/skills/W17/rules")


def test_a_wrong_value_keeps_the_form_and_changes_nothing(demo_app: Flask) -> None:
    demo_app.config["WTF_CSRF_ENABLED"] = False
    client = enter(demo_app, "organiser")
    answer = client.post("/office/skills/W17/rules", data=form(quota="many", reason="名额加倍"))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and 'value="many"' in page
    assert 'value="名额加倍"' in page, "the reason that was typed is kept"
    assert "代表团名额：应为 1 至 99 的整数" in page
    with demo_app.app_context():
        assert len(skill_rules.versions(db.session(), skill_id())) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ties": ["criterion"] * 3}, "同分比较顺序：“评分项”选了不止一次"),
        ({"ties": ["criterion", "time"]}, "同分比较顺序：名次不并列时，最后一项应为“裁决”"),
        ({"shared_places": True}, "名次可并列：国内奖牌规则下名次不并列"),
        ({"trim": 2}, "去掉最高最低各：5 名裁判"),
        ({"recheck_limit": "x"}, "错误上限（%）：应为 0 至 100 的整数"),
        ({"recheck_limit": 100}, "错误上限（%）：错误超过 5% 就要全部复核"),
        ({"recheck_share": "0"}, "抽查比例（%）：前列以外至少抽查 15%"),
        ({"medals": "worldskills"}, "换算分：世赛奖牌规则按换算分比较"),
        ({"medals": "olympic"}, "奖牌规则：应为以下之一：世界技能大赛、国内规则"),
    ],
)
def test_what_is_wrong_is_said_by_the_pages_labels(demo_app: Flask, changes, said) -> None:
    demo_app.config["WTF_CSRF_ENABLED"] = False
    client = enter(demo_app, "organiser")
    answer = client.post("/office/skills/W17/rules", data=form(reason="x", **changes))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and f"规则没有保存。{said}" in page
    client.get("/language/en")
    page = client.post("/office/skills/W17/rules", data=form(reason="x", **changes)).text
    (notice,) = re.findall(r"The rules were not saved\.[^<]*", page)
    assert not re.search("[\u4e00-\u9fff]|[a-z]_[a-z]", notice)
    with demo_app.app_context():
        assert len(skill_rules.versions(db.session(), skill_id())) == 1


def test_the_form_holds_the_longest_list_of_tie_breaks(demo_app: Flask) -> None:
    demo_app.config["WTF_CSRF_ENABLED"] = False
    client = enter(demo_app, "organiser")
    given = form(reason="x", ties=list(TIE_BREAKS))
    assert client.post("/office/skills/W17/rules", data=given).status_code == 303
    page = text_of(client, "/office/skills/W17/rules")
    assert re.findall('<option value="([a-z]+)" selected', page)[-7:-2] == list(TIE_BREAKS)


@pytest.mark.parametrize("username", ["w17-chief", "leader-harbin", "w17-01", "w17-judge-1"])
def test_only_the_office_changes_them(demo_app: Flask, username: str) -> None:
    demo_app.config["WTF_CSRF_ENABLED"] = False
    client = enter(demo_app, username)
    assert client.get("/office/skills/W17/rules").status_code == 403
    assert client.post("/office/skills/W17/rules", data=form()).status_code == 403


def test_an_unknown_skill_is_not_found(demo_app: Flask) -> None:
    assert demo_app.test_client().get("/skills/X99/rules").status_code == 404


def test_the_same_rules_again_change_nothing(demo_app: Flask) -> None:
    with demo_app.app_context():
        before = skill_rules.versions(db.session(), skill_id())
        from competition.rules.skill_rules import write

        same = write(before[0].rules)
        assert skill_rules.adopt(skill_id(), same, reason="", actor_id=None) == 1
        with pytest.raises(Refusal):
            skill_rules.adopt(skill_id(), same | {"panel": 6}, reason="x", actor_id=None)
        assert len(skill_rules.versions(db.session(), skill_id())) == 1
