"""A big screen in a browser: paired by its code, moved by the clock and by the office, a text over
it, the network gone and back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from competition.database import writing
from competition.models import Grant, Role
from judging import playlists
from judging.rules.playing import Entry
from tests.browsers import stands_alone
from tests.conftest import LiveServer
from tests.judging.desks import finish
from tests.judging.official import beside
from tests.judging.seed import PASSWORD, PEOPLE, Seeded

pytestmark = pytest.mark.chromium

# A board is kept, to be shown without a network.
HAS_HEARD = """() => (localStorage.getItem("podium-screen-heard") ?? "").includes("standings")"""


@pytest.fixture
def day(live_server: LiveServer) -> Iterator[Seeded]:
    """An open skill whose confirmed marks show, a secretariat, a playlist; the site runs."""
    with beside(live_server) as found:
        with writing() as session:
            session.add(Grant(account_id=found.judges["stranger"], role=Role.SECRETARIAT))
        made = playlists.make("循环", actor_id=found.judges["stranger"])
        entries = [
            Entry(1, "skill", 5, skill="T17"),
            Entry(2, "text", 5, title_zh="午餐", text_zh="十二点，二楼"),
        ]
        playlists.change(made, "循环", entries, based_on=1, actor_id=found.judges["stranger"])
        yield found


@pytest.fixture
def office(chromium: Browser, live_server: LiveServer, day: Seeded) -> Page:
    page = chromium.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"{live_server.url}/sign-in?next=/office/screens/")
    page.fill("[name=username]", "stranger")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/office/screens/")
    return page


@pytest.fixture
def screen(chromium: Browser, live_server: LiveServer) -> Page:
    page = chromium.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    page.goto(f"{live_server.url}/screen")
    return page


def kind(page: Page, wanted: str) -> None:
    expect(page.locator(".playing-frame")).to_have_attribute("data-kind", wanted)


def test_a_screen_from_its_code_to_the_network_that_comes_back(
    screen: Page, office: Page, day: Seeded
) -> None:
    errors: list[str] = []
    screen.on("pageerror", lambda error: errors.append(str(error)))
    code = screen.locator(".playing-code").inner_text()
    office.fill("#code", code)
    office.fill("[name=name]", "A 馆")
    office.select_option("#playlist-new", label="循环")
    office.select_option("#language-new", "zh")
    office.press("#code", "Enter")
    kind(screen, "skill")
    kind(screen, "text")
    kind(screen, "skill")  # the clock alone moves it

    office.select_option("select[name=entry]", "1")
    office.get_by_role("button", name="停在这一项").click()
    expect(office.locator(".screens-state")).to_be_visible()
    kind(screen, "skill")
    first = screen.locator(".playing-frame tbody tr").first
    expect(first).to_contain_text(PEOPLE[0][0])
    assert screen.evaluate("document.documentElement.scrollHeight <= innerHeight")

    office.locator("#emergency summary").click()
    office.fill("[name=text_zh]", "请立即离开")
    office.get_by_role("button", name="立即显示在所有大屏上").click()
    expect(screen.locator(".playing-message")).to_contain_text("请立即离开")
    office.get_by_role("button", name="撤下文字").click()
    kind(screen, "skill")

    screen.wait_for_function(HAS_HEARD)
    stands_alone(screen)
    screen.context.set_offline(True)
    screen.reload()
    expect(first).to_contain_text(PEOPLE[0][0])
    expect(screen.locator("[data-part=as-of]")).to_contain_text("网络中断，显示")
    finish(day, "K-118")
    screen.context.set_offline(False)
    expect(first).to_contain_text(PEOPLE[1][0])
    expect(screen.locator("[data-part=as-of]")).to_be_empty()
    assert errors == []
