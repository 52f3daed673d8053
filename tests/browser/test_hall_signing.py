"""Sign-off on a tablet of the hall in a real browser: three judges, the competitor and the chief
judge hand it on, each with a PIN; without a network nothing is signed and the page says so."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from competition import pins
from competition.database import db, writing
from competition.models import Account, Member
from judging import tablets
from tests.browser.test_tablet import TABLET
from tests.conftest import LiveServer, opened
from tests.judging import official
from tests.judging.seed import Seeded, seed
from tests.judging.signed import sheet

pytestmark = pytest.mark.chromium
PINS = {"li": "2580", "wang": "1470", "zhao": "3691", "chief": "7412", "own": "9517"}
WORK = "K-073"


@pytest.fixture
def day(live_server: LiveServer) -> Iterator[Seeded]:
    """Everything marked but one aspect of one work; a competitor with a PIN."""
    url = live_server.env["PODIUM_DATABASE_URL"]
    with opened(url, live_server.folder) as app, app.app_context():
        seeded = seed()
        official.rules(seeded, competitor_signs=True)
        official.mark_everything(seeded)
        seeded.give(seeded.post("K-246", "A1.02", None))
        with writing() as session:
            person = select(Member.person_id).where(Member.entry_id == seeded.entries[WORK])
            own = Account(
                username="own", label="选手本人", password="x", fs_uniquifier="own",
                person_id=session.scalar(person),
            )  # fmt: skip
            session.add(own)
            session.flush()
            seeded.judges["own"] = own.id
        for name, pin in PINS.items():
            pins.set_(seeded.judges[name], pin)
        yield seeded


@pytest.fixture
def page(chromium, live_server: LiveServer, day: Seeded) -> Iterator[Page]:
    context: BrowserContext = chromium.new_context(viewport=TABLET, has_touch=True)
    given = tablets.give_code(day.skill, actor_id=day.judges["chief"])
    page = context.new_page()
    page.goto(f"{live_server.url}/tablet/hall/#{given.code.replace('-', '')}")
    page.wait_for_selector(".t-hall-card")
    yield page
    context.close()


def choose(page: Page, who: str) -> None:
    """A card, or the code of a competitor's own work."""
    if who == WORK:
        page.get_by_role("button", name=f"作品 {WORK} 的选手").tap()
    else:
        page.locator(".t-sign-card", has_text=who).tap()


def typed(page: Page, pin: str) -> None:
    for figure in pin:
        page.get_by_role("button", name=figure, exact=True).tap()
    page.locator(".t-hall-pin [type=submit]").tap()


def signs(page: Page, who: str, pin: str) -> None:
    choose(page, who)
    typed(page, pin)
    page.locator("#sign").tap()
    expect(page.locator(".notice[data-kind=success]")).to_contain_text("已签")


def test_everybody_signs_on_one_tablet(page: Page, day: Seeded) -> None:
    page.locator("#sign-off").tap()
    first = page.locator(".t-sign-sub", has_text="A1")
    expect(first).to_contain_text("评分未完成 1")
    first.tap()
    missing = page.locator(".t-sign-sheets li").first
    expect(missing).to_contain_text("K-246")
    expect(missing).to_contain_text("A1.02")
    choose(page, "李裁判")
    typed(page, "0246")
    expect(page.locator("[role=alert]")).to_contain_text("PIN 不对")
    typed(page, PINS["li"])
    expect(page.locator(".t-sign-shown article")).not_to_have_count(0)
    page.locator("#sign").tap()
    expect(page.locator(".notice[data-kind=success]")).to_contain_text("李裁判 已签")
    signs(page, "王裁判", PINS["wang"])
    signs(page, "赵裁判", PINS["zhao"])

    page.context.set_offline(True)
    choose(page, WORK)
    typed(page, PINS["own"])
    expect(page.locator("[role=alert]")).to_contain_text("连不上服务器，没有签字")
    page.context.set_offline(False)
    typed(page, PINS["own"])
    expect(page.locator(".t-sign-shown article").first).to_contain_text("1.50")
    page.locator("#sign").tap()
    expect(page.locator(".notice[data-kind=success]")).to_contain_text("选手 已签")
    signs(page, "陈裁判长", PINS["chief"])
    expect(page.locator(".t-sign-sheets li", has_text=WORK)).to_contain_text("已签完")
    db.session.rollback()
    assert sheet(day, WORK, "A1").standing.state == "signed"
