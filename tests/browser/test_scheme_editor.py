"""A scheme is written in Chromium: one aspect of every kind, its marks seen while typing, adopted;
and two people at once, one of them without a network."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from judging import scheme, scheme_rows
from tests.conftest import LiveServer, opened
from tests.judging.seed import PASSWORD, seed

pytestmark = pytest.mark.chromium
KINDS = {
    # kind → fields by the end of their id, and a mark that then stands beside them
    "PASS_FAIL": ({}, "2.00"),
    "NUMBER_COMPLETED": ({"-of": "4"}, "0.50"),
    "CHOICE": ({"-label-0": "光滑", "-label-1": "毛糙", "-off-1": "0.75"}, "1.25"),
    "RANGED_SCORE": ({"-target": "10", "-lower-0": "0.1", "-upper-0": "0.1"}, "2.00"),
    "REGULAR_DIFFERENCE_DEDUCTION": (
        {"-target": "30", "-step": "2", "-deduction": "0.3"},
        "1.70",
    ),
    "PARTIAL_MARK": ({"-step": "0.5"}, "1.50"),
}


def editor(context: BrowserContext, server: LiveServer, who: str) -> Page:
    page = context.new_page()
    page.goto(f"{server.url}/sign-in")
    page.fill("[name=username]", who)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(f"{server.url}/desk/T17/scheme")
    return page


def is_saved(page: Page) -> None:
    expect(page.locator(".ed-saved")).to_have_attribute("data-status", "saved")


@contextmanager
def inside(server: LiveServer) -> Iterator[None]:
    with opened(server.env["PODIUM_DATABASE_URL"], server.folder) as app, app.app_context():
        yield


def test_a_scheme_with_every_kind_is_written_and_adopted(
    chromium: Browser, live_server: LiveServer
) -> None:
    with inside(live_server):
        day = seed()
    context = chromium.new_context(viewport={"width": 1024, "height": 768}, locale="zh-CN")
    page = editor(context, live_server, "chief")
    page.get_by_role("button", name="从空白开始").click()
    page.locator("#add-criterion").click()
    page.locator(".ed-criterion > .ed-head .is-name input").first.fill("加工")
    page.locator(".ed-sub .is-name input").first.fill("零件")
    for at, (kind, (fields, mark)) in enumerate(KINDS.items()):
        row = page.locator(".ed-aspect").nth(at)
        row.locator(".is-text input").first.fill(f"评分点 {at}")
        row.locator(".is-max input").fill("2")
        row.locator("button[aria-expanded]").click()
        row.locator(".ed-calculation select").select_option(kind)
        for end, value in fields.items():
            row.locator(f"[id$='{end}']").fill(value)
        expect(row.locator(".ed-worked")).to_have_attribute("data-fresh", "yes")
        expect(row.locator(".ed-worked table")).to_contain_text(mark)
        row.locator(".is-text input").first.press("Enter")  # the next one
        expect(page.locator(".ed-aspect")).to_have_count(at + 2)
    row = page.locator(".ed-aspect").nth(len(KINDS))
    row.locator(".is-text input").first.fill("整体印象")
    row.get_by_role("button", name="J 评判").click()
    for score in range(4):
        row.locator(f"[id$='-rung-{score}-zh']").fill(f"第 {score} 档")
    expect(page.locator(".ed-total strong")).to_have_text("14.00")
    expect(page.locator(".ed-errors")).to_have_attribute("data-n", "0")
    is_saved(page)
    page.locator("[data-adopt]").click()
    page.get_by_role("button", name="采用为第 2 版").click()
    expect(page.locator("#said")).to_contain_text("第 2 版")
    context.close()
    with inside(live_server):
        found = scheme.current(day.skill)
        assert found is not None and found.total == 1400
        rows = scheme_rows.aspects_of(found)
        kinds = [one.calculation_kind for one in rows]
        assert kinds == [None, *list(KINDS)[1:], None]
        assert [rung["zh"] for rung in rows[-1].rungs] == [f"第 {n} 档" for n in range(4)]


def test_two_people_write_at_once_and_one_of_them_without_a_network(
    chromium: Browser, live_server: LiveServer
) -> None:
    with inside(live_server):
        seed()
    first, second = (chromium.new_context(locale="zh-CN") for _ in range(2))
    chief = editor(first, live_server, "chief")
    chief.get_by_role("button", name="从第 1 版开始").click()
    judge = editor(second, live_server, "li")
    judge.get_by_role("link", name="继续编写").click()
    name = ".ed-criterion >> nth=0 >> .ed-head >> nth=0 >> .is-name input >> nth=0"
    text = ".ed-aspect >> nth=0 >> .is-text input >> nth=0"
    judge.wait_for_selector(text)
    second.set_offline(True)
    judge.fill(text, "断网时写的")
    expect(judge.locator(".ed-saved")).to_have_attribute("data-status", "waiting")
    chief.fill(name, "裁判长写的")
    is_saved(chief)
    second.set_offline(False)
    judge.reload()  # what was not sent is still there
    expect(judge.locator(text)).to_have_value("断网时写的")
    expect(judge.locator(name)).to_have_value("裁判长写的")
    is_saved(judge)
    expect(chief.locator(text)).to_have_value("断网时写的")
    expect(chief.locator(".ed-joined")).to_contain_text("李裁判")
    assert chief.input_value(name) == "裁判长写的"
    first.close()
    second.close()
