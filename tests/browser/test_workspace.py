"""The competitor's page in a real browser against the real server."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from competition import timetable
from judging import evaluation
from tests.conftest import LiveServer, opened
from tests.judging.handing import PASSWORD, Cast, cast, check, result, set_start, zipped

pytestmark = pytest.mark.chromium
END = timedelta(minutes=300)


class Day:
    """The server, its data, and a browser; verbs run beside the server as other processes' do."""

    def __init__(self, server: LiveServer, chromium: Browser) -> None:
        self.server, self.chromium = server, chromium
        self.contexts: list[BrowserContext] = []

    @contextmanager
    def verbs(self) -> Iterator[None]:
        url = self.server.env["PODIUM_DATABASE_URL"]
        with opened(url, Path(self.server.env["PODIUM_DATA"])) as app, app.app_context():
            yield

    def begin(self, ago: timedelta | None = timedelta(hours=1)) -> Cast:
        with self.verbs():
            return cast(started_ago=ago)

    def open(self, language: str = "zh", width: int = 1280) -> Page:
        """The workspace of the first competitor, signed in through the form."""
        context = self.chromium.new_context(viewport={"width": width, "height": 900})
        self.contexts.append(context)
        page = context.new_page()
        page.goto(f"{self.server.url}/language/{language}?next=/sign-in")
        page.fill("#username", "competitor-1")
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_url("**/work/*")
        return page

    def judge(self, **of_public: str) -> None:
        with self.verbs():
            held = evaluation.claim("w1")
            assert held is not None
            secret = check("A1.02", "failed", title_zh="机密检查")
            shown = check("A1.01", public=True, **of_public)
            assert evaluation.finish(held, result([shown, secret]), {})


@pytest.fixture
def day(live_server: LiveServer, chromium: Browser) -> Iterator[Day]:
    there = Day(live_server, chromium)
    yield there
    for context in there.contexts:
        context.close()


def choose(page: Page, data: bytes, name: str = "作品.zip") -> None:
    page.set_input_files("#file", {"name": name, "mimeType": "application/zip", "buffer": data})


def look_again(page: Page) -> None:
    """As when the person comes back to the tab: the page asks at once."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_from_before_the_start_to_the_public_checks(day: Day) -> None:
    work = day.begin(None)
    page = day.open()
    expect(page.locator("#clock .state")).to_contain_text("未开始")
    expect(page.get_by_text("接下来会发生什么")).to_be_visible()
    expect(page.locator("#ready [data-well=true]")).to_have_count(2)
    expect(page.get_by_text("在浏览器里制作一个小游戏")).to_have_count(0)

    with day.verbs():
        timetable.start(work.period, actor_id=work.seeded.judges["chief"])
    expect(page.get_by_text("在浏览器里制作一个小游戏")).to_be_visible(timeout=15_000)
    expect(page.locator("#clock .state")).to_contain_text("进行中")
    expect(page.locator("[data-show=left]")).to_contain_text("04:59:")

    for number in (1, 2):
        choose(page, zipped())
        expect(page.locator("#hand-in")).to_contain_text(f"第 {number} 次提交已完整保存")
    rows = page.locator("#list .work-row")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("第 2 次")
    expect(rows.nth(0).locator(".work-star")).to_have_text("计分版本")
    expect(rows.nth(1).locator(".work-star")).to_have_count(0)
    expect(rows.nth(0)).to_contain_text("排队（第 1 位）")
    expect(page.locator("[data-show=judging]")).to_contain_text("已收到，排队等待")

    day.judge(title_zh="页面能打开")
    look_again(page)
    expect(rows.nth(0).locator("[aria-current=step]")).to_have_text("待确认")
    expect(rows.nth(0).locator(".work-checks")).to_have_text("页面能打开通过")
    expect(page.locator("body")).not_to_contain_text("机密")

    rows.nth(0).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("提交回执")
    expect(page.locator(".receipt-qr svg")).to_be_visible()
    assert page.pdf().startswith(b"%PDF")


def test_a_pause_stands_still_and_says_why(day: Day) -> None:
    work = day.begin()
    chief = work.seeded.judges["chief"]
    page = day.open("en")
    with day.verbs():
        timetable.pause(work.period, None, reason="Power cut", actor_id=chief)
    look_again(page)
    expect(page.locator("#clock .state")).to_contain_text("Paused")
    expect(page.locator("[data-show=reason]")).to_have_text("Paused because: Power cut")
    left = page.locator("[data-show=left]")
    before = left.text_content()
    page.wait_for_timeout(2200)
    assert left.text_content() == before
    with day.verbs():
        timetable.resume(work.period, None, actor_id=chief)
        timetable.give_time(
            work.period, work.entry("K-073"), 12, reason="Power cut", key="extra-01", actor_id=chief
        )
    look_again(page)
    expect(page.locator("#clock .state")).to_contain_text("In progress")
    expect(page.locator("[data-show=extra]")).to_have_text("+12 min added")
    expect(page.locator("[data-show=changes] li")).to_have_count(2)


def test_without_a_network_the_clock_runs_and_a_hand_in_arrives_once(day: Day) -> None:
    day.begin()
    page = day.open()
    left = page.locator("[data-show=left]")
    expect(left).to_contain_text("03:59:")
    page.context.set_offline(True)
    expect(page.locator("[data-show=link]")).to_contain_text("连接中断，倒计时仍在继续")
    before = left.text_content()
    choose(page, zipped())
    expect(page.locator("[data-show=sending-word]")).to_contain_text("连接中断，正在重试")
    page.wait_for_timeout(1500)
    assert left.text_content() != before
    page.context.set_offline(False)
    expect(page.locator("#hand-in")).to_contain_text("第 1 次提交已完整保存")
    expect(page.locator("[data-show=link]")).to_have_text("已连接")


def test_an_answer_that_is_lost_does_not_double_the_hand_in(day: Day) -> None:
    day.begin()
    page = day.open()
    lost = []

    def lose_the_first(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.fetch())  # the server has taken it; the browser never hears
        return route.abort()

    page.route("**/work/uploads/*", lose_the_first)
    choose(page, zipped())
    expect(page.locator("#hand-in")).to_contain_text("第 1 次提交已完整保存")
    expect(page.locator("#list .work-row")).to_have_count(1)
    assert lost[0].ok


def test_at_the_end_it_says_which_counts_and_keeps_what_comes_late(day: Day) -> None:
    work = day.begin()
    page = day.open()
    choose(page, zipped())
    expect(page.locator("#list .work-row")).to_have_count(1)
    with day.verbs():
        set_start(work, END - timedelta(seconds=4))
    look_again(page)
    expect(page.locator("#clock .state")).to_contain_text("已结束")
    expect(page.locator("#notices")).to_contain_text("您的时间已到")
    expect(page.locator("[data-show=rule]")).to_contain_text("计分版本：第 1 次")
    choose(page, zipped())
    expect(page.locator("#hand-in")).to_contain_text("已保存为迟交")
    rows = page.locator("#list .work-row")
    expect(rows.nth(0)).to_contain_text("迟交·待裁定")
    expect(rows.nth(1).locator(".work-star")).to_be_visible()


def test_what_cannot_be_taken_is_said_in_a_sentence(day: Day) -> None:
    day.begin()
    page = day.open()
    said = page.locator("#hand-in .notice[data-kind=refusal]")
    for data, sentence in (
        (b"Rar!\x1a", "不是 zip 压缩包"),
        (b"PK" + b"0" * 5_000_000, "超过上限 5 MB"),
        (b"PK\x03\x04 broken", "不是完整的 zip"),
        (zipped({"../evil.html": "x"}), "没有保存任何内容"),
    ):
        choose(page, data)
        expect(said).to_contain_text(sentence)
    expect(page.locator("#list .work-row")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_nothing_sticks_out_and_targets_are_large(day: Day, width: int) -> None:
    day.begin()
    page = day.open(width=width)
    choose(page, zipped())
    expect(page.locator("#list .work-row")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for button in page.locator("main .btn:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 48
