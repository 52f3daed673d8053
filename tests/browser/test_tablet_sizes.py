"""Nothing in the bar or at the foot of a tablet lies on something else, at no width, size of
letters, hand or language, with the clock running; and under a notice rows are still in sight."""

from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.test_hall_tablet import PINS, hall_open, paired, unlock
from tests.browser.test_tablet import TABLET, Hall, site, synced, tap

pytestmark = pytest.mark.chromium
__all__ = ["site"]  # a fixture
_skills = count(1)
SIZES = [
    *((390, 844), (640, 900), (705, 900), (768, 1024)),
    *((800, 1280), (1024, 768), (1180, 820), (1920, 1080)),
]
LETTERS = [16, 18, 20, 22, 24]

# As `comfort.ts` makes the page look.
SUIT = """([left, size]) => {
  const root = document.documentElement;
  root.style.fontSize = size === 16 ? "" : `${size}px`;
  root.toggleAttribute("data-left", left);
  root.toggleAttribute("data-large", size >= 20);
}"""
# What is pressed is what lies under its middle; no word lies on another, and none outside the page.
WRONG = """() => {
  const boxes = (chosen) => [...document.querySelectorAll(chosen)]
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([, box]) => box.width && box.height);
  const name = (one) => `${one.tagName} ${one.id || one.className}`;
  const found = [];
  for (const [one, box] of boxes(":is(.t-bar, .t-foot) button")) {
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    if (!one.contains(top)) found.push(`${name(one)} is under ${top && name(top)}`);
  }
  const words = boxes(
    ":is(.t-bar, .t-foot) :is(button, .t-skill, .t-code-text, .t-title, .t-clock, .t-saved)," +
      ".t-part, .t-total, .t-progress .figure",
  );
  for (const [at, [one, a]] of words.entries()) {
    if (a.left < -1 || a.right > innerWidth + 1) found.push(`${name(one)} is outside`);
    for (const [other, b] of words.slice(at + 1)) {
      const [x, y] = [Math.min(a.right, b.right) - Math.max(a.left, b.left),
                      Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)];
      if (x > 1 && y > 1) found.push(`${name(one)} lies on ${name(other)}`);
    }
  }
  const whole = ":is(.t-bar, .t-foot) button, .t-part, .t-total, .t-clock, .t-code-text";
  for (const [one] of boxes(whole))
    if (one.scrollWidth > one.clientWidth + 1 && one.clientWidth) found.push(`${name(one)} is cut`);
  if (document.documentElement.scrollWidth > innerWidth) {
    const [out] = boxes("#tablet *").filter(([, box]) => box.right > innerWidth + 1).reverse();
    found.push(`the page is too wide: ${out && name(out[0])}`);
  }
  return found;
}"""


@pytest.fixture
def hall(site) -> Hall:
    server, url = site
    return Hall(server, url, f"Z{next(_skills)}")  # its clock is running


@pytest.fixture
def context(chromium) -> Iterator[BrowserContext]:
    made = chromium.new_context(viewport=TABLET, has_touch=True)
    yield made
    made.close()


def on_the_hall(hall: Hall, context: BrowserContext) -> Page:
    page = paired(hall, context)
    unlock(page, "李裁判", PINS["li"])
    hall_open(page, hall, "A1")
    return page


def on_the_own(hall: Hall, context: BrowserContext) -> Page:
    page = hall.sign_in(context)
    hall.open(page)
    return page


def speak_english(page: Page) -> None:
    page.locator(".t-link").tap()
    page.locator("#language").tap()
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_have_attribute("aria-label", "Help")


def wrong(page: Page) -> list[str]:
    found = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for size in LETTERS:
            for left in (False, True):
                page.evaluate(SUIT, [left, size])
                where = f"{width}×{height}, {size} px{', left' if left else ''}"
                found += [f"{where}: {one}" for one in page.evaluate(WRONG)]
    page.set_viewport_size(TABLET)
    page.evaluate(SUIT, [False, 16])
    return found


@pytest.mark.parametrize("opened", [on_the_hall, on_the_own])
def test_nothing_lies_on_anything_else(hall, context, opened):
    page = opened(hall, context)
    synced(page)
    expect(page.locator(".t-clock[data-phase=working]")).to_have_count(1)
    tap(page, hall.day, "A1.02", "no")  # the undo says what it would undo, which takes more room
    synced(page)
    assert wrong(page) == []
    speak_english(page)
    assert wrong(page) == []
    page.locator(".t-bar-left .t-icon").tap()
    page.wait_for_selector(".t-card")
    assert wrong(page) == []


def test_rows_are_in_sight_beside_another_tablet_and_without_a_network(hall, context):
    others = {"watching": False, "taken_by": None, "others": [{"label": "王裁判", "number": 2}]}
    context.route("**/tablet/api/open*", lambda route: route.fulfill(json=others))
    page = on_the_own(hall, context)
    expect(page.locator(".t-presence")).to_be_visible()
    context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".t-banner")).to_be_visible()
    for width, height in [(390, 844), (768, 1024), (1024, 768)]:
        for size in (16, 24):
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate(SUIT, [False, size])
            room = page.evaluate(
                """() => {
                  const button = document.querySelector(".t-score");
                  button.scrollIntoView({ block: "center" });
                  const box = button.getBoundingClientRect();
                  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
                  return button.contains(document.elementFromPoint(x, y));
                }"""
            )
            assert room, f"{width}×{height}, {size} px: no row is in sight"
