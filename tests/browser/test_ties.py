"""A tie for the medals in a browser: it waits on every screen until the chief judge decides it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from competition import pins
from tests.browser import axe
from tests.browser.test_signoff import entered, says
from tests.conftest import LiveServer
from tests.judging import official
from tests.judging.seed import Seeded

pytestmark = pytest.mark.chromium

WHERE = "/results/T17/ties"


@pytest.fixture
def day(live_server: LiveServer) -> Iterator[Seeded]:
    """Locked: two are tied for gold, two for the third place; the lines are public."""
    with official.beside(live_server) as found:
        official.rules(found)
        official.mark_everything(found, {}, {}, {"A1.02": 0}, {"A1.02": 0})
        official.lock(found)
        pins.set_(found.judges["chief"], "2580")
        yield found


def looked(page: Page, name: str) -> None:
    """Pictures for whoever asks: PODIUM_LOOK names a folder."""
    folder = os.environ.get("PODIUM_LOOK")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_a_tie_waits_on_every_screen_until_the_chief_judge_decides_it(
    chromium: Browser, live_server: LiveServer, day: Seeded
) -> None:
    screen = chromium.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    screen.goto(f"{live_server.url}/screen/T17")
    expect(screen.locator(".shared")).to_have_text(["待定"] * 4)
    expect(screen.locator("tr[data-step='1'], tr[data-step='3']")).to_have_count(0)
    expect(screen.locator(".screen-now .state")).to_have_text("有名次待定")
    looked(screen, "screen-waits")
    phone = chromium.new_context(viewport={"width": 390, "height": 844}).new_page()
    phone.goto(f"{live_server.url}/language/en")
    phone.goto(f"{live_server.url}/skills/T17")
    expect(phone.locator(".state").first).to_have_text("Places wait for a decision")
    expect(phone.locator("#standings .shared")).to_have_text(["not decided"] * 4)
    expect(phone.locator("tr[data-step='1']")).to_have_count(0)
    looked(phone, "phone-waits")
    phone.set_viewport_size({"width": 1920, "height": 1080})
    phone.goto(f"{live_server.url}/screen/T17")
    says(phone, "not decided")
    looked(phone, "screen-waits-en")

    chief = entered(chromium, live_server, "chief", "/results/T17")
    says(chief, "待定的名次：4 个")
    looked(chief, "results-waits")
    chief.get_by_role("link", name="裁决同分").click()
    says(chief, "第 1 至 2 名待定")
    assert axe.serious(chief) == []
    gold = chief.locator("#tie-1 form[data-by=time]")
    gold.get_by_label("K-073").fill("4:40:00")
    gold.get_by_label("K-118").fill("五小时")
    gold.get_by_label("理由").fill("计时表第 3 页")
    gold.get_by_role("button", name="记录用时").click()
    says(chief, "没有看懂“五小时”")
    for width, height in ((1920, 1080), (390, 844), (1024, 768)):
        chief.set_viewport_size({"width": width, "height": height})
        assert chief.evaluate("document.documentElement.scrollWidth <= innerWidth")
        looked(chief, f"ties-refused-{width}")
    expect(gold.get_by_label("K-073")).to_have_value("4:40:00")
    gold.get_by_label("K-118").fill("4:40:00")
    gold.get_by_role("button", name="记录用时").click()
    says(chief, "裁决已记录")

    ruling = chief.locator("#tie-1 form[data-by=ruling]")
    ruling.get_by_label("K-073").fill("2")
    ruling.get_by_label("K-118").fill("1")
    ruling.get_by_label("理由").fill("现场复看")
    ruling.get_by_label("PIN").fill("2580")
    ruling.get_by_role("button", name="签字裁决").click()
    says(chief, "已用 PIN 签字")
    expect(screen.locator("tr[data-step='1']")).to_have_count(1)
    expect(screen.locator("tr[data-step='1'] .award")).to_have_text("金牌")
    expect(screen.locator(".screen-now .state")).to_have_text("有名次待定")  # the third place

    third = chief.locator("#tie-1")
    says(chief, "第 3 至 4 名待定")
    third.get_by_text("无法得知").click()
    third.locator("form[data-by=ruling]").get_by_label("K-246").fill("1")
    third.locator("form[data-by=ruling]").get_by_label("K-391").fill("2")
    third.locator("form[data-by=ruling]").get_by_label("理由").fill("无计时")
    third.locator("form[data-by=ruling]").get_by_label("PIN").fill("2580")
    for width, height in ((1920, 1080), (390, 844), (1024, 768)):
        chief.set_viewport_size({"width": width, "height": height})
        looked(chief, f"ties-half-{width}")
    third.get_by_role("button", name="签字裁决").click()
    says(chief, "没有要裁决的同分")
    expect(screen.locator(".screen-now .state")).to_have_text("正式成绩")
    looked(screen, "screen-decided")
    for language in ("en", "zh"):
        chief.goto(f"{live_server.url}/language/{language}")
        chief.goto(f"{live_server.url}{WHERE}")
        looked(chief, f"ties-decided-{language}")
    chief.goto(f"{live_server.url}/results/T17")
    chief.get_by_role("button", name="交出").click()
    says(chief, "成绩已交出")
