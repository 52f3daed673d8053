"""A tablet whose network never returns: its unsent marks as a file, handed in at the desk; and when
the network returns after all, nothing is doubled."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from sqlalchemy import func, select

from competition.database import db
from judging.models import Observation
from tests.browser import test_tablet as tablets
from tests.browser.test_tablet import TABLET, Hall, kept_for_offline, row, synced, tap

pytestmark = pytest.mark.chromium

site, hall, context = tablets.site, tablets.hall, tablets.context


def count(hall: Hall) -> int:
    with hall.database():
        asked = select(func.count(Observation.id)).where(
            Observation.skill_id == hall.day.skill, Observation.source == "judge"
        )
        return db.session.scalar(asked) or 0


def test_five_marks_by_file_and_then_the_network_after_all(
    hall: Hall, chromium: Browser, context: BrowserContext, tmp_path: Path
) -> None:
    page = hall.sign_in(context)
    hall.open(page, sub="A2")
    kept_for_offline(page)
    context.set_offline(True)
    tap(page, hall.day, "A2.01", "yes")
    hall.open(page, "K-118")
    for aspect in ("A1.01", "A1.02", "A1.03"):
        tap(page, hall.day, aspect, "yes")
    hall.open(page, "K-118", "B1")
    row(page, hall.day, "B1.01").locator('.t-rung[data-value="2"]').tap()
    expect(page.locator(".t-sync")).to_contain_text("5 条待传")
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
    desk.goto(f"{hall.server.url}/sign-in?next=/desk/{hall.skill}")
    hall.enter(desk, "chief")
    desk.get_by_role("link", name="交入待传评分文件").click()
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
