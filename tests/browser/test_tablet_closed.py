"""A sheet that is signed, sent back and signed again, as a tablet of the hall shows it: its buttons
rest and say why, one press leads to its signatures; open again, it says by whom and why."""

from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from competition.database import db
from judging import kept, signing
from tests.browser.test_hall_tablet import PINS, hall_open, paired, unlock
from tests.browser.test_tablet import CODE, TABLET, Hall, row, site, synced, tap
from tests.judging import official
from tests.judging.signed import proof, seen

pytestmark = pytest.mark.chromium
__all__ = ["site"]  # a fixture
WHY = "空格键要再看一次"
_skills = count(1)


@pytest.fixture
def hall(site) -> Hall:
    server, url = site
    return Hall(server, url, f"S{next(_skills)}", judged=False)


@pytest.fixture
def context(chromium) -> Iterator[BrowserContext]:
    made = chromium.new_context(viewport=TABLET, has_touch=True)
    yield made
    made.close()


def marked(hall: Hall, context: BrowserContext) -> Page:
    with hall.database():
        official.rules(hall.day)
        official.mark_everything(hall.day)
    page = paired(hall, context)
    unlock(page, "李裁判", PINS["li"])
    hall_open(page, hall, "A1")
    synced(page)
    return page


def sign(hall: Hall, sub: str) -> None:
    with hall.database():
        signing.sign_as_judge(hall.day.skill, seen(hall.day, (CODE, sub)), proof(hall.day, "zhao"))


def send_back(hall: Hall, sub: str) -> None:
    with hall.database():
        sheet = (hall.day.entries[CODE], hall.day.subs[sub])
        chief = hall.day.judges["chief"]
        key = f"back-{hall.skill}-{sub}"
        signing.send_back(hall.day.skill, [sheet], reason=WHY, actor_id=chief, key=key)


def test_a_signed_sheet_rests_and_one_sent_back_says_who_opened_it_and_why(hall, context):
    page = marked(hall, context)
    tap(page, hall.day, "A1.02", "no")
    synced(page)
    with hall.database():  # a second judge confirms what the tap left
        work = kept.whole(db.session(), hall.day.skill).works[hall.day.entries[CODE]]
        last = work.last[hall.day.subs["A1"]]
        hall.day.give(hall.day.confirm(CODE, "A1", last), judge="wang")
    closing = page.locator(".t-closing")
    sign(hall, "A1")
    expect(closing).to_contain_text("A1 已签字")
    expect(closing).to_contain_text("请裁判长写明理由退回")
    expect(page.locator("[data-aspect] .t-score:enabled, .t-other:enabled")).to_have_count(0)
    expect(page.locator("#undo")).to_be_disabled()
    expect(page.locator("#saved")).to_have_text("已签字")

    send_back(hall, "A1")
    expect(closing).to_contain_text("已退回，重新打开 · 陈裁判长")
    expect(closing).to_contain_text(WHY)
    expect(closing).to_contain_text("★")
    expect(page.locator("#saved")).to_contain_text("★ 已退回")
    expect(page.locator("#undo")).to_be_disabled()  # what was given before it was signed stays
    expect(page.locator(".t-confirm")).to_contain_text("退回前已复核")
    tap(page, hall.day, "A1.02", "no")
    expect(row(page, hall.day, "A1.02")).to_contain_text("★ 签字后改过")
    expect(page.locator("#undo")).to_be_enabled()
    expect(page.locator(".t-banner")).to_have_count(0)  # nothing was set aside


def test_votes_that_are_signed_rest_too(hall, context):
    page = marked(hall, context)
    hall_open(page, hall, "B1")
    sign(hall, "B1")
    expect(page.locator(".t-closing")).to_contain_text("B1 已签字")
    send_back(hall, "B1")
    expect(page.locator(".t-closing")).to_contain_text(WHY)


def test_the_bar_of_a_hall_tablet_speaks_the_judges_language(hall, context):
    page = marked(hall, context)
    page.locator(".t-link").tap()
    page.locator("#language").tap()
    page.keyboard.press("Escape")
    expect(page.locator("#lock")).to_have_text("Lock")
    expect(page.locator(".t-who")).to_contain_text("Tablet 1")


def test_one_press_leads_from_a_sheet_to_its_signatures(hall, context):
    page = marked(hall, context)
    page.locator("#to-sign").tap()
    expect(page.locator(".t-sign h1")).to_contain_text("A1")
    expect(page.locator(".t-sign-sheets li", has_text=CODE)).to_contain_text("待裁判签字")
    expect(page.locator("#lock")).to_have_count(0)  # nobody is unlocked any more
