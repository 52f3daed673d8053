"""A tablet that lost the network before everything was kept keeps the rest when it returns: from
then on it opens without one. Once it asked only once, and a reload in a dead corner of the hall
showed an empty page."""

import random

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser import test_tablet as tablets
from tests.browser.test_tablet import Hall
from tests.browsers import IS_KEPT, stands_alone
from tests.hall.wire import Wire

pytestmark = pytest.mark.chromium

site, hall, context = tablets.site, tablets.hall, tablets.context


# The page asks its worker to keep it when the test says so, on a slow machine too: the timer of
# `FIRST` in frontend/offline.ts.
HELD = """
const later = window.setTimeout.bind(window);
window.asks = [];
window.setTimeout = (run, ms, ...more) =>
  ms === 1_500 ? window.asks.push(run) : later(run, ms, ...more);
"""


def test_what_could_not_be_kept_at_first_is_kept_later(hall: Hall, context: BrowserContext) -> None:
    wire = Wire(int(hall.server.url.rpartition(":")[2]), lambda: None, random.Random(1))
    try:
        page = context.new_page()
        page.add_init_script(HELD)
        page.goto(f"{wire.url}/sign-in?next=/tablet/{hall.skill}/")
        hall.enter(page)
        page.wait_for_selector(".t-card")
        wire.cut = True  # before the worker has been asked
        page.evaluate("asks.forEach((ask) => ask())")
        page.wait_for_timeout(1_000)
        assert not page.evaluate(IS_KEPT)
        page.locator(".t-link").tap()
        expect(page.locator(".t-facts")).to_contain_text("还不行，正在存入本机")
        wire.cut = False
        stands_alone(page)
        expect(page.locator(".t-facts")).to_contain_text("重新打开可以")
        wire.cut = True
        page.reload()
        page.wait_for_selector(".t-card")
        expect(page.locator(".t-banner")).to_contain_text("离线")
    finally:
        wire.close()
