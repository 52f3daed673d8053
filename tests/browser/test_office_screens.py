"""The office in a browser: the search by keyboard, a bulk act and its undoing, three screens."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from competition import demo
from competition.database import db, writing
from competition.models import Entry, EntryState, Member, Person, Skill
from tests.conftest import LiveServer, opened

pytestmark = pytest.mark.chromium

PAGES = (
    "/office/",
    "/office/entries?skill=W17",
    "/office/skills/W17",
    "/office/skills/W17/entries",
    "/office/search",
    "/office/bulk",
)


@pytest.fixture
def name(live_server: LiveServer) -> Iterator[str]:
    """The demo with the entries of W17 as after an import; gives the name of one of its people."""
    url = live_server.env["PODIUM_DATABASE_URL"]
    with opened(url, live_server.folder) as app, app.app_context():
        demo.load(1)
        with writing() as session:
            for entry in session.scalars(select(Entry).join(Skill).where(Skill.code == "W17")):
                entry.state = EntryState.ELIGIBLE
        found = db.session.scalars(
            select(Person.name)
            .join(Member, Member.person_id == Person.id)
            .join(Entry, Entry.id == Member.entry_id)
            .join(Skill, Skill.id == Entry.skill_id)
            .where(Skill.code == "W17")
        ).first()
        assert found is not None
        yield found


def office(browser: Browser, server: LiveServer, width: int, height: int) -> tuple[Page, list[str]]:
    """The organiser at a screen, and what the console complains of."""
    page = browser.new_context(viewport={"width": width, "height": height}).new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.goto(f"{server.url}/sign-in?next=/office/entries")
    page.fill("[name=username]", "organiser")
    page.fill("[name=password]", demo.PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.locator(".list-table")).to_be_visible()
    page.wait_for_load_state("load")  # its scripts listen to keys by then
    return page, errors


def test_the_search_by_keyboard(chromium: Browser, live_server: LiveServer, name: str) -> None:
    page, errors = office(chromium, live_server, 1024, 768)
    results = page.locator("#find-results")
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("w17")
    link = results.locator("a[href='/office/skills/W17']")
    expect(link).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(link).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#find")).to_be_focused()
    expect(results).to_be_hidden()
    page.keyboard.press("Control+a")
    page.keyboard.type(name)
    expect(results).to_contain_text(name)
    assert name not in page.url
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/office/entries?person=*")
    expect(page.locator(".list-table")).to_contain_text(name)
    page.locator("#find").fill("例外")
    page.keyboard.press("Enter")  # without waiting: the page of results
    expect(page.locator(".find-page-results")).to_contain_text("例外")
    assert errors == []
    page.context.close()


def test_a_bulk_act_and_its_undoing(chromium: Browser, live_server: LiveServer, name: str) -> None:
    page, errors = office(chromium, live_server, 390, 844)
    page.goto(f"{live_server.url}/office/entries?skill=W17")
    ticks = page.locator("[name=id]")
    ticks.nth(0).check()
    ticks.nth(1).check()
    page.locator("[name=kind][value=approve]").click()
    expect(page.locator(".bulk-names li")).to_have_count(2)
    page.locator(".bulk-confirm button[type=submit]").click()
    expect(page.locator("#said")).to_contain_text("2 个报名")
    expect(page.locator(".entry-state[data-state=approved]")).to_have_count(2)
    page.locator(".bulk-last button").click()
    expect(page.locator("#said")).to_contain_text("已恢复原状")
    page.goto(f"{live_server.url}/office/entries?skill=W17")
    expect(page.locator(".entry-state[data-state=approved]")).to_have_count(0)
    assert errors == []
    page.context.close()


def test_every_page_fits_the_screen(chromium: Browser, live_server: LiveServer, name: str) -> None:
    for width, height in ((1024, 768), (390, 844), (1920, 1080)):
        page, errors = office(chromium, live_server, width, height)
        for language in ("zh", "en"):
            for address in PAGES:
                there = address.replace("?", "%3F")
                page.goto(f"{live_server.url}/language/{language}?next={there}")
                over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                assert over <= 0, (address, width, language)
                bar = page.evaluate("document.querySelector('.bar').offsetHeight")
                rows = {390: 3, 1024: 1 if language == "zh" else 2, 1920: 1}[width]
                assert bar <= 16 + 52 * rows, (address, width, language, bar)
        assert errors == []
        page.context.close()
