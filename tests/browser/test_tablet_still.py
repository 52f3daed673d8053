"""A tablet stands still where a finger is, or is on its way: notices come and go above the rows."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_tablet import Hall, context, hall, row, site, synced

pytestmark = pytest.mark.chromium
__all__ = ["context", "hall", "site"]  # fixtures


def lose(page: Page) -> None:
    """The network goes, and the page has noticed."""
    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.evaluate("dispatchEvent(new Event('online'))")


def come_back(page: Page) -> None:
    """The network is there again, and everything is sent."""
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    synced(page)


def test_nothing_moves_under_a_finger(hall: Hall, context):
    page = hall.sign_in(context)
    hall.open(page, sub="A2")
    synced(page)
    button = row(page, hall.day, "A2.01").locator('.t-score[data-kind="yes"]')
    box = button.bounding_box()
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + 10}
    fingers = context.new_cdp_session(page)
    fingers.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    lose(page)  # a banner wants to come, above the rows
    page.evaluate("new Promise((done) => setTimeout(done, 50))")
    assert page.locator(".t-banner").count() == 0
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".t-banner")).to_be_visible()
    come_back(page)
    assert (hall.values("A2.01"), hall.values("A2.02")) == ([100], [])


def test_rows_stay_where_they_are_while_a_banner_comes_and_goes(hall: Hall, context):
    page = hall.sign_in(context)
    hall.open(page, sub="A2")
    synced(page)
    first, banner = row(page, hall.day, "A2.01"), page.locator(".t-banner")
    at = first.bounding_box()["y"]
    lose(page)
    expect(banner).to_be_visible()
    assert banner.bounding_box()["height"] > 40
    assert abs(first.bounding_box()["y"] - at) < 2
    come_back(page)
    expect(banner).to_have_count(0)
    assert abs(first.bounding_box()["y"] - at) < 2
