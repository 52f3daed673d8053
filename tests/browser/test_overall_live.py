"""The boards over all skills in a browser: a lock reaches an open page without a reload, by push
and, where sockets are blocked, by asking; a reason opens by keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import LiveServer
from tests.judging.official import beside, lock, mark_everything, rules
from tests.judging.seed import PEOPLE, Seeded

pytestmark = pytest.mark.chromium

FOUR = ({}, {"A1.02": 0}, {"A1.02": 0, "A1.04": 0}, {"A1.01": 0, "A1.03": 0, "A1.02": 0})


@pytest.fixture
def day(live_server: LiveServer) -> Iterator[Seeded]:
    """An open skill, marked to its end beside the running site, not yet locked."""
    with beside(live_server) as found:
        rules(found, ties=["criterion", "ruling"])
        mark_everything(found, *FOUR)
        yield found


def window(browser: Browser, address: str, errors: list[str], *, blocked: bool = False) -> Page:
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    if blocked:
        page.add_init_script("window.WebSocket = class { constructor() { throw new Error(); } }")
    page.goto(address)
    return page


@pytest.mark.parametrize("blocked", [False, True], ids=["pushed", "asked"])
def test_a_lock_reaches_every_open_board(
    chromium: Browser, live_server: LiveServer, day: Seeded, blocked: bool
) -> None:
    errors: list[str] = []
    boards = {
        kind: window(chromium, f"{live_server.url}/boards/{kind}", errors, blocked=blocked)
        for kind in ("now", "medals", "delegations")
    }
    expect(boards["medals"].locator("#nothing")).to_be_visible()
    expect(boards["delegations"].locator("#nothing")).to_be_visible()
    lock(day)
    first = PEOPLE[0][0]
    expect(boards["medals"].locator("#lines [data-part=gold]")).to_contain_text(first)
    expect(boards["now"].locator("#lines .state")).to_have_attribute("data-state", "final")
    expect(boards["now"].locator("#lines [data-part=gold]")).to_contain_text(first)
    expect(boards["delegations"].locator("#lines tr")).to_have_count(4)
    expect(boards["delegations"].locator("#lines [data-part=points]").first).to_have_text("4")

    assert errors == []


def test_a_phone_shows_the_chosen_order_and_lines_that_are_closed(
    chromium: Browser, live_server: LiveServer, day: Seeded
) -> None:
    lock(day)
    for language in ("zh", "en"):
        for by, last in (("medals", "bronze"), ("points", "points"), ("total_score",) * 2):
            page = chromium.new_context(viewport={"width": 390, "height": 844}).new_page()
            page.goto(f"{live_server.url}/language/{language}")
            page.goto(f"{live_server.url}/boards/delegations?by={by}")
            chosen = page.locator(".overall-by [aria-current]").bounding_box()
            assert chosen is not None and chosen["x"] >= 0 and chosen["x"] + chosen["width"] <= 390
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            figure = page.locator(f"#lines [data-part={last}]").first
            expect(figure).to_have_css("border-inline-end-width", "1px")
            head = page.locator(".delegations-table th.of-points")
            if by == "points":  # 积分 in one line
                assert head.evaluate("one => one.getClientRects()[0].height < 32")


def test_why_opens_by_keyboard(chromium: Browser, live_server: LiveServer, day: Seeded) -> None:
    errors: list[str] = []
    page = window(chromium, f"{live_server.url}/skills/T17", errors)
    expect(page.locator("details.why").first).to_be_hidden()
    lock(day)
    why = page.locator("details.why").first
    expect(why).to_be_visible()
    why.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(why.locator("li").first).to_contain_text("第 1 名，总分 10.50")
    assert errors == []
