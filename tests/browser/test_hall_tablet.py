"""A tablet of the hall in a real browser: pairing by QR, two judges with PINs, no network."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from competition import judge_photos, pins
from competition.database import db
from competition.models import JudgeRecord
from judging import tablets
from judging.models import Observation
from tests.browser.test_tablet import CODE, TABLET, Hall, hall, site, synced, tap
from tests.browsers import PATIENCE, stands_alone
from tests.hall.tablet import READ
from tests.judging.test_hall_tablet import photo_of

pytestmark = pytest.mark.chromium
__all__ = ["hall", "site"]  # fixtures
PINS = {"li": "2580", "wang": "1470"}


@pytest.fixture
def context(chromium) -> Iterator[BrowserContext]:
    made = chromium.new_context(viewport=TABLET, has_touch=True)
    yield made
    made.close()


def paired(hall: Hall, context: BrowserContext) -> Page:
    """A tablet that was paired by the QR code, which is this address."""
    with hall.database():
        for judge, pin in PINS.items():
            pins.set_(hall.day.judges[judge], pin)
        given = tablets.give_code(hall.day.skill, actor_id=hall.day.judges["chief"])
    page = context.new_page()
    page.goto(f"{hall.server.url}/tablet/hall/#{given.code.replace('-', '')}")
    page.wait_for_selector(".t-hall-card")
    return page


def unlock(page: Page, label: str, pin: str) -> None:
    page.locator(".t-hall-card", has_text=label).tap()
    for figure in pin:
        page.get_by_role("button", name=figure, exact=True).tap()
    page.locator(".t-hall-pin [type=submit]").tap()
    expect(page.locator(".t-who")).to_contain_text(label)


def known_here(page: Page, judges: int) -> None:
    """The tablet has what it compares PINs by. The sheet opens before: the hash is slow."""
    deadline = time.monotonic() + PATIENCE / 1000
    while len(page.evaluate(READ, "pins")) < judges:
        assert time.monotonic() < deadline, "the PINs were not kept"
        time.sleep(0.1)


def test_two_judges_share_a_tablet_and_each_mark_names_its_own(hall, context):
    page = paired(hall, context)
    expect(page.locator(".t-hall-card", has_text="赵裁判")).to_be_disabled()
    assert "#" not in page.url, "the code does not stay in the address"
    unlock(page, "李裁判", PINS["li"])
    hall_open(page, hall, "A1")
    tap(page, hall.day, "A1.01", "yes")
    synced(page)
    stands_alone(page)
    page.locator("#lock").tap()
    unlock(page, "王裁判", PINS["wang"])
    expect(page.locator(".t-who")).to_contain_text("1 号平板")
    known_here(page, len(PINS))
    page.locator("#lock").tap()

    context.set_offline(True)
    page.reload()  # as after a battery was changed
    unlock(page, "李裁判", PINS["li"])
    hall_open(page, hall, "A1")
    tap(page, hall.day, "A1.02", "no")
    page.locator("#lock").tap()
    expect(page.locator(".t-hall-link")).to_contain_text("1 条待传")
    unlock(page, "王裁判", PINS["wang"])
    hall_open(page, hall, "A1")
    tap(page, hall.day, "A1.03", "yes")
    context.set_offline(False)
    hall.eventually("A1.02", [0])
    hall.eventually("A1.03", [50])
    with hall.database():
        wanted = [hall.day.aspects[code] for code in ("A1.01", "A1.02", "A1.03")]
        rows = db.session.execute(
            select(Observation.aspect_id, Observation.judge_id).where(
                Observation.aspect_id.in_(wanted),
                Observation.source == "judge",
                Observation.skill_id == hall.day.skill,
            )
        )
        judges = {row.aspect_id: row.judge_id for row in rows}
        li, wang = hall.day.judges["li"], hall.day.judges["wang"]
        assert [judges[one] for one in wanted] == [li, li, wang]


def test_a_card_shows_its_judges_photo_also_without_a_network(hall, context):
    with hall.database():
        first = photo_of(hall.day, "li")
    page = paired(hall, context)
    card = page.locator(".t-hall-card", has_text="李裁判")
    expect(card.locator("img.t-hall-face")).to_have_js_property("naturalWidth", 8)
    expect(
        page.locator(".t-hall-card", has_text="王裁判").locator("span.t-hall-face")
    ).to_have_text("王")
    unlock(page, "李裁判", PINS["li"])
    stands_alone(page)
    page.locator("#lock").tap()
    context.set_offline(True)
    page.reload()
    expect(card.locator("img.t-hall-face")).to_have_js_property("naturalWidth", 8)

    context.set_offline(False)
    with hall.database():
        record = db.session.scalars(select(JudgeRecord).where(JudgeRecord.photo == first)).one()
        judge_photos.take_away(record.id, actor_id=hall.day.judges["chief"])
    expect(card.locator("span.t-hall-face")).to_have_text("李")
    kept = page.evaluate("async () => (await (await caches.open('podium-faces')).keys()).length")
    assert kept == 0, "a photo that is gone stays on no tablet"


def hall_open(page: Page, hall: Hall, sub: str) -> None:
    page.evaluate("(hash) => { location.hash = hash }", f"#/{CODE}/{hall.day.subs[sub]}")
    page.wait_for_selector("[data-aspect]")
