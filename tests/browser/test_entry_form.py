"""A leader on a phone adds a competitor: what was typed outlives the page, but no number does."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from competition import demo
from competition.database import db, writing
from competition.models import Entry, Stage
from competition.moment import now
from tests.competition import rostering as r
from tests.conftest import LiveServer, opened

pytestmark = pytest.mark.chromium

WORDS = {
    "zh": ("增加选手", "报名", "提交申请", "应为 18 位"),
    "en": (
        *("Add a competitor", "Enter", "Ask for it"),
        "Should have 18 characters",
    ),
}


@pytest.fixture
def site(live_server: LiveServer) -> Iterator[LiveServer]:
    url = live_server.env["PODIUM_DATABASE_URL"]
    with opened(url, live_server.folder) as app, app.app_context():
        demo.load(1)
        _until(9)
    yield live_server


def _until(days: int) -> None:
    with writing() as session:
        session.execute(update(Stage).values(entries_until=now() + timedelta(days=days)))


def fits(page: Page) -> bool:
    """Whether nothing sticks out to the side."""
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return bool(page.evaluate(over) <= 0)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_competitor_by_phone(chromium: Browser, site: LiveServer, language: str) -> None:
    add, enter, ask, wrong = WORDS[language]
    page = chromium.new_context(viewport={"width": 390, "height": 844}).new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{site.url}/language/{language}?next=/sign-in%3Fnext=/delegation/")
    page.fill("[name=username]", "leader-harbin")
    page.fill("[name=password]", demo.PASSWORD)
    page.press("[name=password]", "Enter")
    page.get_by_role("link", name=add, exact=True).first.click()
    assert fits(page)
    page.screenshot(path=site.folder / f"choose-{language}.png")
    page.locator(".add-skills a", has_text="W17").click()
    page.wait_for_url("**/add/W17")  # loaded, its scripts as well
    page.locator("#name-0").fill("张三丰")
    page.locator("#id_number-0").fill("123")
    page.reload()  # the phone threw the page away
    expect(page.locator("#name-0")).to_have_value("张三丰")
    expect(page.locator("#id_number-0")).to_have_value("")
    assert "123" not in page.evaluate("JSON.stringify([sessionStorage, localStorage])")
    page.locator("#id_number-0").fill("123")
    page.screenshot(path=site.folder / f"typed-{language}.png", full_page=True)
    page.get_by_role("button", name=enter, exact=True).click()
    expect(page.locator("#id_number-0-said")).to_contain_text(wrong)
    expect(page.locator("#id_number-0")).to_have_value("123")
    assert fits(page)
    page.screenshot(path=site.folder / f"wrong-{language}.png", full_page=True)
    page.locator("#id_number-0").fill(r.number(1))
    page.get_by_role("button", name=enter, exact=True).click()
    page.wait_for_url("**/delegation/entries/*?sent=1")  # loaded, its scripts as well
    expect(page.get_by_role("heading", level=1)).to_have_text("张三丰")
    assert (
        page.evaluate("Object.keys(sessionStorage).filter(one => one.startsWith('podium'))") == []
    )
    page.screenshot(path=site.folder / f"entered-{language}.png")
    with opened(site.env["PODIUM_DATABASE_URL"], site.folder) as app, app.app_context():
        made = db.session.scalars(select(Entry).where(Entry.batch_id.is_not(None))).one()
        assert made.members[0].person.name == "张三丰"
        db.session.rollback()
        _until(-1)
    page.goto(page.url.split("/delegation")[0] + f"/delegation/{_code(site)}/add/W17")
    expect(page.get_by_role("button", name=ask, exact=True)).to_be_visible()
    page.screenshot(path=site.folder / f"late-{language}.png", full_page=True)
    page.locator("#name-0").fill("李四光")
    page.locator("#id_number-0").fill(r.number(2))
    page.locator("#reason").fill("x")
    page.get_by_role("button", name=ask, exact=True).click()
    expect(page.locator("main")).to_contain_text("李四光")
    assert fits(page)
    page.screenshot(path=site.folder / f"asked-{language}.png")
    assert errors == []


def _code(site: LiveServer) -> str:
    with opened(site.env["PODIUM_DATABASE_URL"], site.folder) as app, app.app_context():
        return (
            db.session.scalars(select(Entry).where(Entry.batch_id.is_not(None)))
            .one()
            .delegation.code
        )
