"""The tablet in a real browser: marking, a lost network, a reload, a killed browser, votes."""

import os
import re
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from judging.models import Observation
from tests.browsers import PATIENCE, stands_alone
from tests.conftest import LiveServer, opened, serving
from tests.judging.seed import PASSWORD, Seeded, judge_by_machine, seed

pytestmark = pytest.mark.chromium

TABLET = {"width": 1024, "height": 768}
SIZES = [TABLET, {"width": 768, "height": 1024}, {"width": 390, "height": 844}]
CODE = "K-073"


class Hall:
    """The live site with a seeded skill, and a way to look into its database."""

    def __init__(self, server: LiveServer, url: str, skill: str, *, judged: bool = True) -> None:
        self.server, self.url, self.skill = server, url, skill
        with self.database():
            self.day: Seeded = seed(skill)
            if judged:
                judge_by_machine(self.day, CODE)

    @property
    def page(self) -> str:
        """The address of the skill's tablet page."""
        return f"{self.server.url}/tablet/{self.skill}/"

    def name(self, judge: str) -> str:
        """The sign-in of a judge of this skill."""
        return f"{judge}-{self.skill.lower()}"

    @contextmanager
    def database(self) -> Iterator[None]:
        with opened(self.url, self.server.folder) as app, app.app_context():
            yield

    def values(self, aspect: str, code: str = CODE) -> list[int | None]:
        """Every value that judges gave, in the order in which they were taken."""
        from competition.database import db

        with self.database():
            found = select(Observation.value).where(
                Observation.aspect_id == self.day.aspects[aspect],
                Observation.entry_id == self.day.entries[code],
                Observation.source == "judge",
            )
            return list(db.session.scalars(found.order_by(Observation.id)))

    def eventually(self, aspect: str, wanted: list[int | None], code: str = CODE) -> None:
        deadline = time.monotonic() + PATIENCE / 1000
        while (found := self.values(aspect, code)) != wanted and time.monotonic() < deadline:
            time.sleep(0.2)
        assert found == wanted

    def sign_in(self, context: BrowserContext, judge: str = "li") -> Page:
        page = context.new_page()
        page.goto(f"{self.server.url}/sign-in")
        self.enter(page, judge)
        page.wait_for_selector(".t-card")
        return page

    def enter(self, page: Page, judge: str = "li") -> None:
        page.fill("[name=username]", self.name(judge))
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")

    def open(self, page: Page, code: str = CODE, sub: str = "A1") -> None:
        page.goto(f"{self.page}#/{code}/{self.day.subs[sub]}")
        page.wait_for_selector("[data-aspect]")


@pytest.fixture(scope="module")
def site(sqlite_template, tmp_path_factory) -> Iterator[tuple[LiveServer, str]]:
    """One server for all of these tests; each has a skill of its own on it."""
    folder = tmp_path_factory.mktemp("hall")
    shutil.copyfile(sqlite_template, folder / "podium.db")
    url = f"sqlite:///{folder / 'podium.db'}"
    with serving(url, folder) as server:
        yield server, url


@pytest.fixture
def hall(site) -> Hall:
    server, url = site
    return Hall(server, url, f"B{next(_skills)}")


_skills = count(1)


@pytest.fixture
def context(chromium) -> Iterator[BrowserContext]:
    made = chromium.new_context(viewport=TABLET, has_touch=True)
    yield made
    made.close()


def row(page: Page, day: Seeded, aspect: str):
    return page.locator(f'[data-aspect="{day.aspects[aspect]}"]')


def tap(page: Page, day: Seeded, aspect: str, kind: str) -> None:
    row(page, day, aspect).locator(f'.t-score[data-kind="{kind}"]').tap()


def synced(page: Page) -> None:
    expect(page.locator('.t-link[data-link="synced"]')).to_be_visible()


def test_a_tap_is_drawn_at_once_saved_here_and_then_at_the_server(hall, context):
    page = hall.sign_in(context)
    hall.open(page, sub="A2")
    given, times = [], []
    for kind in ("yes", "no", "yes", "no", "yes"):
        pressed, took = page.evaluate(
            """async (selector) => {
              const button = document.querySelector(selector);
              const before = performance.now();
              button.click();
              await new Promise((done) => setTimeout(done));
              return [button.getAttribute("aria-pressed"), performance.now() - before];
            }""",
            f'[data-aspect="{hall.day.aspects["A2.01"]}"] [data-kind="{kind}"]',
        )
        assert pressed == "true"
        given.append(100 if kind == "yes" else 0)
        times.append(took)
        if given[-1] and min(times) < 50:  # a crowded machine draws late, never early
            break
    assert min(times) < 50
    expect(row(page, hall.day, "A2.01")).to_contain_text("已同步")
    hall.eventually("A2.01", given)
    expect(page.locator(".t-total")).to_contain_text("1.00")
    page.locator("#undo").tap()
    hall.eventually("A2.01", [*given, given[-2] if given[1:] else None])
    expect(page.locator(".t-total")).to_contain_text("0.00")


def test_a_proposal_takes_one_tap_and_overruling_it_a_reason(hall, context):
    page = hall.sign_in(context)
    hall.open(page)
    tap(page, hall.day, "A1.01", "yes")
    hall.eventually("A1.01", [150])
    tap(page, hall.day, "A1.02", "yes")
    save = page.locator(".t-dialog footer .btn-primary")
    expect(save).to_be_disabled()
    page.locator(".t-chip").first.tap()
    save.tap()
    hall.eventually("A1.02", [100])
    expect(row(page, hall.day, "A1.02")).to_contain_text("裁判改判")
    page.locator(".t-thumb").first.tap()
    expect(page.locator(".t-picture")).to_be_visible()
    drawn = page.evaluate("document.querySelector('.t-picture').naturalWidth")
    assert drawn == 8


def test_all_proposals_are_confirmed_by_holding(hall, context):
    page = hall.sign_in(context)
    hall.open(page)
    page.get_by_text("确认全部自动判定").tap()
    hold = page.locator(".t-hold")
    hold.click()  # a tap is not enough
    expect(hold).to_be_visible()
    assert hall.values("A1.01") == []
    hold.click(delay=1700)
    hall.eventually("A1.01", [150])
    hall.eventually("A1.02", [0])
    assert hall.values("A1.03") == []  # the machine could not tell


def test_marks_outlive_a_lost_network_and_a_reload_without_it(hall, context):
    page = hall.sign_in(context)
    hall.open(page, sub="A2")
    stands_alone(page)
    context.set_offline(True)
    tap(page, hall.day, "A2.01", "no")
    hall.open(page, "K-118")
    for aspect in ("A1.01", "A1.02"):
        tap(page, hall.day, aspect, "yes")
    expect(page.locator(".t-banner")).to_contain_text("离线，3 条待传")
    page.reload()
    page.wait_for_selector("[data-aspect]")
    expect(page.locator("#code")).to_have_text("K-118")
    chosen = row(page, hall.day, "A1.02").locator('[data-kind="yes"]')
    expect(chosen).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".t-sync")).to_contain_text("3 条待传")
    assert hall.values("A2.01") == []
    context.set_offline(False)
    hall.eventually("A2.01", [0])
    hall.eventually("A1.02", [100], "K-118")
    synced(page)


def test_marks_outlive_a_killed_browser(hall, chromium, tmp_path):
    folder = tmp_path / "browser"
    switches = ["--disable-gpu", "--no-first-run", "--disable-background-networking"]
    if os.geteuid() == 0:
        switches.append("--no-sandbox")

    def start() -> BrowserContext:
        return chromium.browser_type.launch_persistent_context(
            folder,
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=switches,
            viewport=TABLET,
            has_touch=True,
        )

    context = start()
    page = hall.sign_in(context)
    hall.open(page, sub="A2")
    stands_alone(page)
    context.set_offline(True)
    tap(page, hall.day, "A2.01", "yes")
    expect(row(page, hall.day, "A2.01")).to_contain_text("已保存（本机）")
    os.kill(_browser(folder), signal.SIGKILL)
    context = start()
    page = context.new_page()
    page.goto(hall.page)  # the session ended with the browser; the marks did not
    hall.enter(page)
    hall.eventually("A2.01", [100])
    context.close()


def _browser(folder: Path) -> int:
    """The process of the browser that uses this folder, which this test started."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                command = (entry / "cmdline").read_bytes().decode("utf-8", "replace")
            except OSError:
                continue
            if f"--user-data-dir={folder}" in command and "--type=" not in command:
                return int(entry.name)
    raise AssertionError("the browser is not there")


def test_a_pairing_that_is_refused_says_why_and_is_tried_again(hall, context):
    said = {"zh": "请求已过期，请刷新。", "en": "Out of date; reload the page."}
    answer = {"status": 400, "json": {"error": said}}
    context.route("**/tablet/pair", lambda route: route.fulfill(**answer), times=1)
    page = context.new_page()
    page.goto(f"{hall.server.url}/sign-in")
    hall.enter(page)
    expect(page.locator(".t-banner")).to_contain_text(said["zh"])
    page.wait_for_selector(".t-card")
    synced(page)
    expect(page.locator(".t-banner")).to_have_count(0)


def test_a_revoked_tablet_keeps_its_marks_and_sends_them_after_signing_in_again(hall, context):
    from judging import devices

    page = hall.sign_in(context)
    hall.open(page, sub="A2")
    synced(page)
    with hall.database():
        (device,) = devices.of_skill(hall.day.skill)
        devices.revoke(device.id, actor_id=hall.day.judges["chief"])
    tap(page, hall.day, "A2.01", "yes")
    expect(page.locator(".t-banner")).to_contain_text("1 条评分保留在本机")
    assert hall.values("A2.01") == []
    page.get_by_role("link", name="重新登录").tap()
    page.wait_for_url(re.compile("/sign-in"))
    hall.enter(page)
    expect(row(page, hall.day, "A2.01")).to_be_visible()  # the sheet that was open
    hall.eventually("A2.01", [100])


def test_a_mangled_address_is_the_list_of_works(hall, context):
    page = hall.sign_in(context)
    page.goto(f"{hall.page}#/%E0%A4%A")
    page.reload()
    page.wait_for_selector(".t-card")


def test_a_second_judge_confirms_by_holding_and_not_the_one_who_entered(hall, chromium, context):
    with hall.database():
        hall.day.mark_all("K-246", judge="wang")
    mine = hall.sign_in(chromium.new_context(viewport=TABLET, has_touch=True), "wang")
    hall.open(mine, "K-246", "A2")
    expect(mine.locator(".t-confirm")).to_contain_text("不能复核自己的录入")
    assert mine.locator(".t-confirm button").count() == 0
    page = hall.sign_in(context)
    hall.open(page, "K-246", "A2")
    page.locator(".t-confirm button").tap()
    expect(page.locator(".t-review li")).to_have_count(2)
    page.locator(".t-hold").click(delay=1700)
    expect(page.locator(".t-confirm")).to_contain_text("已被确认")
    expect(mine.locator(".t-confirm")).to_contain_text("已被确认 · 李裁判")
    mine.context.close()


def test_votes_are_sealed_released_and_voted_again_when_far_apart(hall, chromium):
    pages = {}
    for judge in ("li", "wang", "zhao"):
        pages[judge] = hall.sign_in(chromium.new_context(viewport=TABLET, has_touch=True), judge)
        hall.open(pages[judge], sub="B1")

    def card(judge: str, value: int):
        place = row(pages[judge], hall.day, "B1.01")
        return place.locator(f'.t-rung[data-value="{value}"]')

    card("li", 0).tap()
    seen = row(pages["li"], hall.day, "B1.01")
    expect(seen).to_contain_text("已投票 0，等待 2 人")
    hall.eventually("B1.01", [0])  # the tablet shows its own vote before the server has it
    card("wang", 3).tap()
    expect(seen).to_contain_text("等待 1 人")
    assert "3" not in seen.locator(".t-panel").inner_text()
    card("zhao", 2).tap()
    apart = seen.locator(".t-apart")
    expect(apart).to_contain_text("分差 3，需要重新打分")
    expect(apart.locator(".t-ends > div")).to_have_count(2)
    for judge in pages:
        field = row(pages[judge], hall.day, "B1.01").locator("textarea")
        field.wait_for()
        expect(card(judge, 2)).to_be_disabled()
        field.fill("对照等级描述后")
        card(judge, 2).tap()
    expect(seen).to_contain_text("打分已揭示")
    expect(seen).to_contain_text("1.33 / 2.00")
    assert hall.values("B1.01") == [0, 3, 2, 2, 2, 2]
    for page in pages.values():
        page.context.close()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size['width']}")
def test_everything_that_is_pressed_is_large_enough(hall, chromium, size):
    context = chromium.new_context(viewport=size, has_touch=True)
    page = hall.sign_in(context)
    small = """() => [...document.querySelectorAll("#tablet button, #tablet a, dialog button")]
      .map((one) => [one.className, one.textContent, one.getBoundingClientRect()])
      .filter(([, , box]) => box.width && (box.width < 48 || box.height < 48))
      .map(([name, text, box]) => `${name} ${text} ${box.width}×${box.height}`)"""
    assert page.evaluate(small) == []
    for sub in ("A1", "A2", "B1"):
        hall.open(page, sub=sub)
        assert page.evaluate(small) == []
        heights = page.eval_on_selector_all(
            ".t-score, .t-rung", "all => all.map((one) => one.getBoundingClientRect().height)"
        )
        assert min(heights) >= 64
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0
    assert _gaps(page, ".t-cards-of-vote") >= 8
    hall.open(page)
    assert _gaps(page, ".t-buttons") >= 8
    context.close()


def _gaps(page: Page, group: str) -> float:
    gap = page.eval_on_selector(group, "one => getComputedStyle(one).gap")
    return min(float(one) for one in re.findall(r"[\d.]+", gap))


def test_the_language_turns_without_leaving_the_sheet(hall, context):
    page = hall.sign_in(context)
    hall.open(page)
    context.route("**/language/*", lambda route: route.abort())  # the server does not hear of it
    page.locator(".t-link").tap()
    page.locator("#language").tap()
    page.keyboard.press("Escape")
    expect(row(page, hall.day, "A1.01")).to_contain_text("The arrow keys move the plane")
    expect(page.locator("#code")).to_have_text(CODE)
    page.reload()
    expect(row(page, hall.day, "A1.01")).to_contain_text("The arrow keys move the plane")
    context.unroute("**/language/*")
    page.reload()
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => /language/.test(key))")
    page.reload()
    expect(row(page, hall.day, "A1.01")).to_contain_text("The arrow keys move the plane")


def test_a_sheet_can_be_marked_with_the_keyboard_alone(hall, context):
    page = hall.sign_in(context)
    hall.open(page, sub="A2")
    row(page, hall.day, "A2.01").locator('[data-kind="yes"]').focus()
    page.keyboard.press("Enter")
    hall.eventually("A2.01", [100])
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    hall.eventually("A2.01", [100, 0])
