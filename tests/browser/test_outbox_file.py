"""A tablet whose network never returns: its unsent marks as a file, or read from its screen by the
desk's camera, handed in at the desk; and when the network returns after all, nothing is doubled."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import func, select

from competition.database import db
from judging.models import Observation
from tests import browsers
from tests.browser import test_tablet as tablets
from tests.browser.test_tablet import TABLET, Hall, row, synced, tap

pytestmark = pytest.mark.chromium

site, hall, context = tablets.site, tablets.hall, tablets.context


FILMED = {"x": 192, "y": 128, "width": 640, "height": 640}  # of the tablet's screen


def count(hall: Hall) -> int:
    with hall.database():
        asked = select(func.count(Observation.id)).where(
            Observation.skill_id == hall.day.skill, Observation.source == "judge"
        )
        return db.session.scalar(asked) or 0


def five_marks(hall: Hall, context: BrowserContext) -> Page:
    """A tablet without a network that holds five marks of two works."""
    page = hall.sign_in(context)
    hall.open(page, sub="A2")
    browsers.stands_alone(page)
    context.set_offline(True)
    tap(page, hall.day, "A2.01", "yes")
    hall.open(page, "K-118")
    for aspect in ("A1.01", "A1.02", "A1.03"):
        tap(page, hall.day, aspect, "yes")
    hall.open(page, "K-118", "B1")
    row(page, hall.day, "B1.01").locator('.t-rung[data-value="2"]').tap()
    expect(page.locator(".t-sync")).to_contain_text("5 条待传")
    return page


def to_the_desk(hall: Hall, desk: Page) -> None:
    """The chief judge comes to where unsent marks are handed in."""
    desk.goto(f"{hall.server.url}/sign-in?next=/desk/{hall.skill}")
    hall.enter(desk, "chief")
    desk.get_by_role("link", name="交入待传评分文件").click()


def filmed(page: Page, film: Path) -> int:
    """A film, as Chromium's camera of tests shows it, of the codes on a tablet's screen, each a
    third of a second long; gives how many codes there are."""
    codes = page.locator(".t-codes")
    of = int(codes.locator("figcaption").inner_text().split("/")[1].strip(" 个"))
    seen: dict[str, bytes] = {}
    while len(seen) < of:
        before = codes.locator("figcaption").inner_text()
        picture = page.screenshot(type="jpeg", quality=90, clip=FILMED)
        if codes.locator("figcaption").inner_text() == before:
            seen.setdefault(before, picture)
    film.write_bytes(b"".join(picture * 10 for picture in seen.values()))
    return of


def test_five_marks_by_file_and_then_the_network_after_all(
    hall: Hall, chromium: Browser, context: BrowserContext, tmp_path: Path
) -> None:
    page = five_marks(hall, context)
    page.reload()  # what is saved is what the disk has
    page.wait_for_selector("[data-aspect]")
    page.locator(".t-link").tap()
    with page.expect_download() as waited:
        page.locator("#save-file").tap()
    saved = tmp_path / waited.value.suggested_filename
    waited.value.save_as(saved)
    assert saved.name.startswith(f"podium-{hall.skill}-unsent-")
    expect(page.locator(".t-dialog")).to_contain_text("已把 5 条评分存入")
    assert "K-118" not in saved.read_text()
    assert len(json.loads(saved.read_text())["boxes"]) == 1
    expect(page.locator(".t-sync")).to_contain_text("5 条待传")  # they stay here, too
    page.keyboard.press("Escape")
    assert count(hall) == 0

    office = chromium.new_context(viewport=TABLET)
    desk = office.new_page()
    to_the_desk(hall, desk)
    for outcome, figures in (("applied", ["5", "0", "0"]), ("known", ["0", "5", "0"])):
        desk.set_input_files("#file", saved)
        desk.get_by_role("button", name="交入文件").click()
        expect(desk.locator(f'[data-outcome="{outcome}"]')).to_have_count(5)
        assert desk.locator("#outbox-counts dd").all_inner_texts() == figures
    office.close()
    assert count(hall) == 5
    assert hall.values("A2.01") == [100]
    assert hall.values("B1.01", "K-118") == [2]

    context.set_offline(False)
    synced(page)
    expect(page.locator(".t-banner")).to_have_count(0)  # nothing was set aside
    assert count(hall) == 5
    tap_again = row(page, hall.day, "B1.01").locator('.t-rung[data-value="2"]')
    expect(tap_again).to_have_attribute("aria-pressed", "true")


def test_five_marks_read_from_the_screen_by_a_camera(
    hall: Hall, chromium: Browser, context: BrowserContext, tmp_path: Path
) -> None:
    page = five_marks(hall, context)
    page.locator(".t-link").tap()
    page.locator("#show-codes").tap()
    expect(page.locator(".t-dialog")).to_contain_text("共 5 条评分")
    for _ in range(2):
        page.get_by_role("button", name="慢一点").tap()  # a picture is of one code
    assert filmed(page, tmp_path / "film.mjpeg") > 1
    expect(page.locator(".t-sync")).to_contain_text("5 条待传")  # they stay here, too
    assert count(hall) == 0

    office = chromium.browser_type.launch(
        executable_path=browsers.program(),
        args=[
            *browsers.switches(),
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={tmp_path / 'film.mjpeg'}",
        ],
    )
    seat = office.new_context(viewport=TABLET, permissions=["camera"])
    desk = seat.new_page()
    desk.set_default_timeout(browsers.PATIENCE)
    to_the_desk(hall, desk)
    desk.get_by_role("button", name="用相机读取").click()
    expect(desk.locator('[data-outcome="applied"]')).to_have_count(5)
    assert desk.locator("#outbox-counts dd").all_inner_texts() == ["5", "0", "0"]
    office.close()
    assert count(hall) == 5
    assert hall.values("A2.01") == [100]

    context.set_offline(False)
    synced(page)
    assert count(hall) == 5
