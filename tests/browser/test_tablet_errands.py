"""The tablet beside marks, in a real browser: a wrong label, help and a photo without a network,
two tablets on one sheet, what is observed."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from competition.database import db
from judging import calls, recusals
from judging.models import HelpCall, Observation, Remark
from tests.browser.test_tablet import CODE, TABLET, Hall, context, hall, row, site, synced

pytestmark = pytest.mark.chromium
__all__ = ["context", "hall", "site"]  # fixtures
ICON = Path(__file__).parents[2] / "static" / "icon-192.png"


def test_a_wrong_label_is_refused_and_help_and_photo_wait_for_the_network(hall: Hall, context):
    page = hall.sign_in(context)
    page.locator(".t-tools .t-scan").tap()
    page.fill("#work-code", "N99/K-073")
    page.keyboard.press("Enter")
    said = page.locator(".t-dialog [role=alert]")
    expect(said).to_contain_text("N99/K-073")
    expect(said).to_contain_text(hall.skill)
    page.fill("#work-code", f"{hall.skill}/{CODE}")
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_have_text(CODE)
    page.locator(".t-scan").tap()
    page.fill("#work-code", "K-118")  # another work than the open sheet's
    page.keyboard.press("Enter")
    expect(said).to_contain_text("K-118")
    expect(page.locator("#code")).to_have_text(CODE)
    page.keyboard.press("Escape")
    synced(page)

    context.set_offline(True)
    page.locator("#help").tap()
    page.locator('.t-help-kinds [data-kind="medical"]').tap()
    page.locator('.t-help-kinds [data-kind="medical"]').tap()  # in a hurry: it is one call
    expect(page.locator(".t-dialog .notice")).to_contain_text("已经呼叫过")
    expect(page.locator('.t-calls [data-state="waits"]')).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".t-notes").first.tap()
    page.fill(".t-dialog textarea", "边缘重叠")
    page.set_input_files("#photo", ICON)
    expect(page.locator(".t-remarks .t-thumb img")).to_be_visible()
    context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".t-remarks")).not_to_contain_text("未上传")
    page.keyboard.press("Escape")
    with hall.database():
        call = db.session.scalars(select(HelpCall).where(HelpCall.skill_id == hall.day.skill)).one()
        calls.take(call.id, skill_id=hall.day.skill, actor_id=hall.day.judges["chief"])
        mark = db.session.scalars(select(Remark).where(Remark.skill_id == hall.day.skill)).one()
        assert (mark.words, mark.media_type, mark.state) == ("边缘重叠", "image/jpeg", "taken")
    page.locator("#help").tap()
    expect(page.locator('.t-calls [data-state="coming"]')).to_contain_text("陈裁判长")
    page.keyboard.press("Escape")

    with hall.database():  # from another work the judge stands aside, and is told so there
        li, chief = hall.day.judges["li"], hall.day.judges["chief"]
        recusals.recuse(
            hall.day.skill, li, work="K-118", reason="认识作者", actor_id=chief, key="recusal-001"
        )
    hall.open(page, "K-118")
    aside = page.locator(".t-banner", has_text="须回避作品 K-118")
    expect(aside).to_contain_text("陈裁判长")
    aside.locator("#call-chief").tap()
    expect(page.locator(".t-help-kinds")).to_be_visible()


def test_two_tablets_on_one_sheet_and_a_count_by_steps(hall: Hall, context, chromium):
    page = hall.sign_in(context)
    hall.open(page)
    counting = row(page, hall.day, "A1.04")
    counting.locator(".t-other").tap()
    for _ in range(3):
        page.locator(".t-stepper .t-key").last.tap()
    expect(page.locator(".t-typed")).to_contain_text("0.60")
    page.locator(".t-dialog .btn-primary").tap()
    expect(counting.locator(".t-other")).to_contain_text("3 / 5")
    hall.eventually("A1.04", [60])
    other = chromium.new_context(viewport=TABLET, has_touch=True)
    try:
        wang = hall.sign_in(other, "wang")
        hall.open(wang)
        expect(wang.locator(".t-presence")).to_contain_text("李裁判")
        wang.locator('.t-presence [data-way="watch"]').tap()
        expect(row(wang, hall.day, "A1.01").locator(".t-score").first).to_be_disabled()
        wang.locator('.t-presence [data-way="take"]').tap()
        expect(row(wang, hall.day, "A1.01").locator(".t-score").first).to_be_enabled()
        expect(page.locator(".t-presence")).to_contain_text("王裁判")
        expect(row(page, hall.day, "A1.01").locator(".t-score").first).to_be_disabled()
        page.locator('.t-presence [data-way="mark"]').tap()
        expect(row(page, hall.day, "A1.01").locator(".t-score").first).to_be_enabled()
    finally:
        other.close()
    with hall.database():
        asked = select(Observation.observed).where(Observation.observed.is_not(None))
        assert db.session.scalars(asked).all() == ["3"]
