"""The chief judge's desk in a browser: acts in dialogs, refreshing by itself, on three screens."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from competition.database import db, writing
from competition.models import Competition, ExtraTime, Grant, Pause, Period, Role
from competition.moment import now
from judging import kept, signing
from judging.models import Device
from tests.conftest import LiveServer, opened
from tests.judging.desks import finish
from tests.judging.seed import CODES, PASSWORD, Seeded, seed
from tests.judging.signed import proof, seen
from tests.judging.test_desk_sides import differ

pytestmark = pytest.mark.chromium


@pytest.fixture
def day(live_server: LiveServer) -> Iterator[Seeded]:
    """A seeded skill with a period of five hours, written beside the running site."""
    url = live_server.env["PODIUM_DATABASE_URL"]
    with opened(url, live_server.folder) as app, app.app_context():
        seeded = seed()
        with writing() as session:
            session.add(
                Period(
                    skill_id=seeded.skill, number=1, name_zh="五小时", name_en="Five hours",
                    minutes=300,
                )
            )  # fmt: skip
        yield seeded


class Desk:
    """A chief judge at a screen; `errors` collects what the console complains of."""

    def __init__(self, browser: Browser, server: LiveServer, width: int, height: int) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": height})
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console", lambda said: self.errors.append(said.text) if said.type == "error" else None
        )
        self.page.goto(f"{server.url}/sign-in?next=/desk/T17")
        self.page.fill("[name=username]", "chief")
        self.page.fill("[name=password]", PASSWORD)
        self.page.press("[name=password]", "Enter")
        expect(self.page.locator("#desk-clock")).to_be_visible()

    def ask(self, selector: str) -> Any:
        """Opens the form behind a link; gives the dialog."""
        self.page.wait_for_load_state("load")  # before, the link leads to a page of its own
        self.page.locator(selector).first.click()
        dialog = self.page.locator("#ask")
        expect(dialog).to_be_visible()
        return dialog


@pytest.fixture
def desk(chromium: Browser, live_server: LiveServer, day: Seeded) -> Iterator[Desk]:
    found = Desk(chromium, live_server, 1024, 768)
    yield found
    found.context.close()
    assert found.errors == []


def rows(model: type[Any]) -> list[Any]:
    """What the site has written by now."""
    db.session.rollback()
    return list(db.session.scalars(select(model)))


def test_the_clock_is_started_paused_and_extended(desk: Desk, day: Seeded) -> None:
    page = desk.page
    with writing() as session:
        session.scalars(select(Competition)).one().is_demo = True  # a real one has red lights
    dialog = desk.ask("#desk-clock .btn-primary")
    expect(dialog).to_contain_text("4 个编号同时开始")
    dialog.locator("[data-close]").last.click()  # "leave as it is" changes nothing
    expect(dialog).to_be_hidden()
    assert [period.started_at for period in rows(Period)] == [None]
    desk.ask("#desk-clock .btn-primary").locator("button[type=submit]").dblclick()
    expect(page.locator("#said")).to_contain_text("赛段已开始")
    figure = page.locator("#desk-clock [data-clock]")
    expect(figure).to_have_text(re.compile(r"0[45]:\d\d:\d\d"))
    first = figure.inner_text()
    expect(figure).not_to_have_text(first)  # it runs

    dialog = desk.ask("#work-K-118 .desk-clock-button")
    promised = re.search(r"\d\d:\d\d", dialog.locator("[name=minutes][value='10']").inner_text())
    assert promised is not None
    dialog.locator("[name=reason]").fill("网络故障")
    dialog.locator("[name=minutes][value='10']").dblclick()
    expect(page.locator("#said")).to_contain_text("已给 K-118 加时 10 分钟")
    expect(page.locator("#work-K-118 .desk-clock-button")).to_contain_text(promised[0])
    assert len(rows(ExtraTime)) == 1

    dialog = desk.ask("#desk-clock .btn-quiet")
    dialog.locator("[name=reason]").fill("停电")
    dialog.locator("button[type=submit]").click()
    expect(page.locator("#desk-clock")).to_contain_text("停电")
    page.wait_for_timeout(500)
    still = figure.inner_text()
    page.wait_for_timeout(1500)
    assert figure.inner_text() == still and still != "00:00:00"
    assert len(rows(Pause)) == 1


def test_the_desk_refreshes_by_itself_while_a_form_is_open(desk: Desk, day: Seeded) -> None:
    page = desk.page
    expect(page.locator("#desk-needs .desk-count")).to_have_text("0")
    dialog = desk.ask("#desk-clock .btn-primary")
    day.give(day.post("K-118", "A2.01", 100))
    day.give(day.post("K-118", "A2.01", 0, judge="wang"), judge="wang")
    expect(page.locator("#desk-needs .desk-count")).to_have_text("1")
    expect(page.locator("#work-K-118 [data-cell=look]")).to_have_count(1)
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")

    dialog = desk.ask("#desk-needs li[data-kind=measurement] .btn")
    dialog.locator("[name=reason]").fill("共同复测")
    dialog.locator("[name=value][value='100']").click()
    expect(page.locator("#said")).to_contain_text("已裁定")
    expect(page.locator("#desk-needs .desk-count")).to_have_text("0")

    page.goto(page.url + "/board")
    expect(page.locator(".desk-real")).to_contain_text("此为真实榜，公众看到的不同")
    day.mark_all("K-073")
    expect(page.locator("#board-lines")).to_contain_text("6.50")
    page.locator(".desk-real .btn").click()
    expect(page.locator("main")).not_to_contain_text("6.50")


def test_every_part_fits_the_screen_and_the_finger(
    chromium: Browser, live_server: LiveServer, day: Seeded
) -> None:
    with writing() as session:
        session.query(Period).one().started_at = now() - timedelta(minutes=5)
    for width, height in ((1024, 768), (390, 844), (1920, 1080)):
        desk = Desk(chromium, live_server, width, height)
        for language in ("zh", "en"):
            desk.page.goto(f"{live_server.url}/language/{language}?next=/desk/T17")
            fits(desk, width, height)
        desk.context.close()
        assert desk.errors == []


def fits(desk: Desk, width: int, height: int) -> None:
    """Nothing wider than the screen, nothing smaller than a finger, the dialog within sight."""
    page = desk.page
    expect(page.locator("#desk-clock [data-clock]")).to_have_text(re.compile(r"0\d:\d\d:\d\d"))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.evaluate(
        """() => [...document.querySelectorAll('main .btn, main a.desk-cell')]
          .map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
          .filter(([, box]) => box.height < 47.5 || box.width < 47.5)
          .map(([text, box]) => `${text} ${box.width}×${box.height}`)"""
    )
    assert small == []
    dialog = desk.ask("#work-K-391 .desk-clock-button")
    box = dialog.bounding_box()
    assert box is not None
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert box["y"] >= 0 and box["y"] + box["height"] <= height
    expect(dialog.locator(".desk-now [data-clock]")).to_have_text(re.compile(r"0\d:\d\d:\d\d"))


def test_the_command_board_follows_and_nobody_loses_their_place(
    chromium: Browser, live_server: LiveServer, day: Seeded
) -> None:
    with writing() as session:
        session.add(Grant(account_id=day.judges["chief"], role=Role.ORGANISER))
    desk = Desk(chromium, live_server, 1920, 1080)
    page, tile = desk.page, desk.page.locator("#tile-T17")
    page.goto(f"{live_server.url}/office/command?order=needs")
    expect(tile).to_contain_text("未开始")
    page.wait_for_load_state("load")  # its script follows by now
    tile.focus()
    day.mark_all("K-073")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(tile).to_contain_text("评分中")
    expect(tile).to_contain_text("18%")
    expect(tile).to_be_focused()
    for width, height in ((390, 844), (1024, 768), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="大屏视图").click()
    expect(page.locator(".bar")).to_be_hidden()
    tile.press("Enter")
    expect(page).to_have_url(re.compile("/desk/T17$"))
    assert desk.errors == []


def test_a_new_tablet_appears_beside_the_code_that_paired_it(
    desk: Desk, live_server: LiveServer
) -> None:
    page = desk.page
    page.goto(f"{live_server.url}/desk/T17/tablets")
    page.locator("#pairing button").click()
    code = page.locator("#pairing-code")
    expect(code).to_be_visible()
    page.locator("a[href*='/language/en']").first.click()
    expect(code).to_be_visible()
    page.wait_for_load_state("load")
    answer = page.request.post(
        f"{live_server.url}/tablet/api/hall/pair", data={"code": code.inner_text()}
    )
    assert answer.ok
    expect(page.locator("#tablets-hall .tablets-number")).to_have_text("1")
    expect(code).to_have_count(0)
    expect(page.locator("#desk-link")).to_be_hidden()


# What sticks out of the page, or out of the card that it is in.
STICKS_OUT = """() => {
  const right = (one) => Math.floor(one.getBoundingClientRect().right);
  const cards = [...document.querySelectorAll(".desk-side-card")];
  return [
    ...(document.documentElement.scrollWidth > innerWidth ? ["the page"] : []),
    ...cards.flatMap((card) => [...card.querySelectorAll("*")]
      .filter((one) => right(one) > right(card)).map((one) => one.className || one.tagName)),
  ];
}"""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_cards_beside_each_other_hold_any_name_of_a_tablet(
    desk: Desk, day: Seeded, live_server: LiveServer, language: str
) -> None:
    differ(day)
    with writing() as session:
        session.execute(update(Device).values(name="LongNameWithoutAnyBreak" * 4))
    page = desk.page
    page.goto(f"{live_server.url}/language/{language}")
    for width, height in ((1280, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{live_server.url}/desk/T17")
        expect(desk.ask("#desk-needs [data-kind=measurement] a")).to_contain_text("LongName")
        assert page.evaluate(STICKS_OUT) == [], width


def test_a_sheet_sent_back_on_a_laptop_and_its_star_on_a_phone(
    desk: Desk, day: Seeded, live_server: LiveServer
) -> None:
    where = (day.entries["K-073"], day.subs["A1"])
    for code in CODES:
        finish(day, code)
    signing.sign_as_judge(day.skill, seen(day, ("K-073", "A1")), proof(day, "li"))
    page = desk.page
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live_server.url}/sign-off/T17/sheets/{where[1]}")
    box = page.locator("#send-back").bounding_box()
    assert box is not None and box["y"] + box["height"] <= 900
    chief = day.judges["chief"]
    signing.send_back(day.skill, [where], reason="again", actor_id=chief, key="back-000001")
    head = kept.whole(db.session(), day.skill).works[where[0]].marks[day.aspects["A1.01"]].measured
    assert head is not None and head.head is not None
    day.give(day.post("K-073", "A1.01", 0, base=head.head.id))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/language/en")
    page.goto(f"{live_server.url}/provenance/T17/K-073")
    expect(page.locator(".prov-mark strong")).to_contain_text("★")
    assert page.evaluate(STICKS_OUT) == []
    icon = page.locator(".prov-when svg").first.bounding_box()
    assert icon is not None and icon["width"] < 32
