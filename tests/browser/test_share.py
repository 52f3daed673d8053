"""“Share” on a public board: the picture, its files, the link and its copy, in both languages, and
what somebody who follows the link is shown."""

import struct

import pytest
from playwright.sync_api import Browser, Page, expect

from competition.models import Release
from tests.conftest import LiveServer, opened
from tests.judging.official import mark_everything, unblind
from tests.judging.seed import PEOPLE, let_out, seed

pytestmark = pytest.mark.chromium

PHONE = {"width": 390, "height": 844}
PAGES = ("/skills/T17", "/boards/now", "/boards/medals")
SAID = {
    "zh": ("分享", "复制链接", "已复制"),
    "en": ("Share", "Copy the link", "Copied"),
}


@pytest.fixture
def site(live_server: LiveServer) -> LiveServer:
    """A site with one open board."""
    url = live_server.env["PODIUM_DATABASE_URL"]
    with opened(url, live_server.folder) as app, app.app_context():
        day = seed()
        unblind(day)
        let_out(day.skill, Release.CONFIRMED, actor_id=day.judges["chief"])
        mark_everything(day, {}, {"A1.02": 0})
    return live_server


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def downloaded(page: Page, link: str) -> bytes:
    with page.expect_download() as waited:
        page.locator(f"#share a[download]:has-text('{link}')").click()
    return waited.value.path().read_bytes()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_board_is_passed_on(chromium: Browser, site: LiveServer, lang: str) -> None:
    share, copy, copied = SAID[lang]
    context = chromium.new_context(
        viewport=PHONE, permissions=["clipboard-read", "clipboard-write"]
    )
    page = context.new_page()
    page.goto(f"{site.url}/language/{lang}")
    for path in PAGES:
        page.goto(f"{site.url}{path}")
        summary = page.locator("#share summary")
        expect(summary).to_have_text(share)
        poster = page.locator(".share-poster img")
        expect(poster).to_be_hidden()
        summary.click()
        poster.scroll_into_view_if_needed()
        expect(poster).to_have_js_property("naturalWidth", 1080)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert size_of(downloaded(page, "1080 × 1440")) == (1080, 1440)
        assert size_of(downloaded(page, "500 × 400")) == (500, 400)
        button = page.get_by_role("button", name=copy)
        button.click()
        expect(page.locator("[data-copied]")).to_have_text(copied)
        link = page.evaluate("navigator.clipboard.readText()")
        assert link == page.locator("#share-link").input_value() == f"{site.url}{path}"
    stranger = chromium.new_context(viewport=PHONE).new_page()
    stranger.goto(f"{site.url}{PAGES[0]}")
    expect(stranger.locator("#standings .who").first).to_have_text(PEOPLE[0][0])
