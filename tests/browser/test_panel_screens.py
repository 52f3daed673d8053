"""The chief judge appoints and overrides by keyboard alone; a judge declares and stands aside, and
the next mark is set aside."""

import pytest
from playwright.sync_api import Browser, expect

from judging import conflict_notes
from tests.browser import test_tablet as tablets
from tests.browser.test_tablet import CODE, TABLET, Hall
from tests.judging.officials import known, rules

pytestmark = pytest.mark.chromium

site, hall = tablets.site, tablets.hall


def test_a_panel_by_keyboard_and_a_judge_who_stands_aside(hall: Hall, chromium: Browser) -> None:
    with hall.database():
        rules(hall.day)
        known(hall.day, "li", delegation=CODE)
        conflict_notes.note(hall.day.skill, actor_id=None)
    office = chromium.new_context(viewport=TABLET, locale="zh-CN")
    desk = office.new_page()
    desk.goto(f"{hall.server.url}/sign-in?next=/desk/{hall.skill}/panel")
    hall.enter(desk, "chief")
    chair = desk.get_by_label("赛项裁判组, 第 1 席")
    chair.focus()
    chair.select_option(label="李裁判 · 同一代表团 1")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.locator(".said")).to_contain_text("已任命")
    desk.get_by_text("写明理由仍可评分").focus()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    desk.keyboard.type("全省只有三名裁判员")
    desk.keyboard.press("Enter")
    expect(desk.locator(".panel-ties")).to_contain_text("仍可评分：全省只有三名裁判员")
    assert CODE not in desk.content()

    hands = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    judge = hands.new_page()
    judge.goto(f"{hall.server.url}/sign-in?next=/judge/{hall.skill}/declaration")
    hall.enter(judge, "li")
    judge.get_by_role("button", name="我声明如上").click()
    expect(judge.locator(".said")).to_contain_text("已申报")
    judge.get_by_label("作品编号", exact=True).fill("k-118")
    judge.get_by_label("理由").fill("在训练营见过")
    judge.get_by_role("button", name="回避").click()
    expect(judge.locator(".said")).to_contain_text("您已回避")
    desk.reload()
    expect(desk.locator("main")).to_contain_text("在训练营见过")
    with hall.database():
        li = hall.day
        assert li.give(li.post("K-118", "A2.01", 100))[0].state == "set_aside"
        assert li.give(li.post(CODE, "A2.01", 100))[0].state == "taken"
    office.close()
    hands.close()
