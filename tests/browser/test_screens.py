"""A big screen in a browser: paired by its code, moved by the clock and by the office, a text over
it, the network gone and back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from competition.database import writing
from competition.models import Grant, Role
from judging import playlists, screens, showing
from judging.rules.playing import Entry
from judging.screens import Wanted
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

    stay = office.locator("select[name=entry]")
    expect(stay).to_have_value("1")  # looked up every four seconds, it follows the screen
    expect(stay).to_have_value("2", timeout=15_000)
    kind(screen, "skill")
    stay.select_option("1")
    kind(screen, "text")
    for _look in range(2):
        with office.expect_response("**/office/screens/"):
            pass
    expect(stay).to_have_value("1")  # chosen by somebody, it is theirs
    office.get_by_role("button", name="停在这一项").click()
    expect(office.locator(".screens-state")).to_be_visible()
    kind(screen, "skill")
    first = screen.locator(".playing-frame tbody tr").first
    expect(first).to_contain_text(PEOPLE[0][0])
    assert screen.evaluate("document.documentElement.scrollHeight <= innerHeight")

    office.locator("#emergency summary").click()
    office.fill("[name=text_zh]", "请立即离开")
    office.get_by_role("button", name="立即显示在所有大屏上").click()
    expect(screen.locator(".emergency")).to_contain_text("请立即离开")
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


def test_long_names_and_the_light_look_stay_within_their_bounds(
    screen: Page, office: Page, day: Seeded
) -> None:
    """A name of forty letters in its card, a title of two lines off the edge, no night by day."""
    screen.set_viewport_size({"width": 1280, "height": 720})
    office.set_viewport_size({"width": 1024, "height": 768})
    made = playlists.make("昼", actor_id=day.judges["stranger"])
    long = {"title_zh": "闭幕式", "title_en": "How to come to the closing ceremony " * 2}
    entries = [Entry(1, "text", 600, text_en="By bus", **long), Entry(2, "sponsors", 600)]
    playlists.change(made, "昼", entries, based_on=1, actor_id=day.judges["stranger"])
    wanted = Wanted("W" * 40, "en", "light", made)
    number = screens.pair(screen.locator(".playing-code").inner_text(), wanted, actor_id=1)
    kind(screen, "text")
    names = screen.locator(".screen-names")
    expect(names).to_contain_text("closing ceremony")
    screen.evaluate("document.fonts.ready")
    top, lines = names.evaluate(
        "one => [one.getBoundingClientRect().top, one.querySelector('h1').offsetHeight]"
    )
    assert lines > 60 and top >= 8, (top, lines)
    showing.go_to([number], 2, held=True, actor_id=1)
    kind(screen, "sponsors")
    alone = screen.locator(".playing-only")
    assert alone.evaluate("one => getComputedStyle(one).backgroundColor") == "rgba(0, 0, 0, 0)"
    expect(alone.locator(".sky")).to_be_hidden()
    office.reload()
    card = office.locator(".screens-card")
    assert card.evaluate("one => one.scrollWidth <= one.clientWidth")
    button = card.get_by_role("button", name="停在这一项").bounding_box()
    box = card.bounding_box()
    assert button is not None and box is not None
    assert button["x"] + button["width"] <= box["x"] + box["width"]
