"""Every page of office, delegations, desk and boards: axe-core finds nothing serious on a tablet
and on a phone, nothing is wider than the screen, and the keyboard alone will do."""

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import axe, by_keyboard
from tests.browser.pages import PAGES, entry, signed_in  # noqa: F401  (entry is a fixture)
from tests.conftest import LiveServer

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(900)]  # some sixty pages

TABLET, PHONE = 1024, 390  # pixels wide


def faults(page: Page, width: int) -> list[str]:
    """What is wrong with an open page that has this width now."""
    page.set_viewport_size({"width": width, "height": 844})
    found = axe.serious(page)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("wider than the screen")
    return [f"{width}: {one}" for one in found]


def test_nothing_serious_and_the_keyboard_will_do(
    chromium: Browser,
    live_server: LiveServer,
    entry: int,  # noqa: F811
) -> None:
    wrong = []
    for who, paths in PAGES.items():
        page = signed_in(chromium, live_server, who)
        for path in paths:
            page.set_viewport_size({"width": TABLET, "height": 844})
            answer = page.goto(live_server.url + path.format(entry=entry))
            assert answer is not None and answer.ok, path
            expect(page.locator("main :is(a, button, input, h1, p)").first).to_be_visible()
            found = [*faults(page, TABLET), *by_keyboard.faults(page), *faults(page, PHONE)]
            wrong += [f"{path}: {one}" for one in found]
        page.context.close()
    assert not wrong, json.dumps(wrong, indent=1, ensure_ascii=False)
