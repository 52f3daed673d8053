"""From the last mark to the lock and back in a browser: re-check, signatures by PIN, the lock, an
unlock by two people, and the star that stays."""

import re
from collections.abc import Iterator

import pytest
from flask_security import hash_password
from playwright.sync_api import Browser, Page, expect

from competition import pins
from competition.database import db, writing
from competition.models import Account, Grant, Role
from judging import kept
from tests.browser import axe
from tests.conftest import LiveServer, opened
from tests.judging import official
from tests.judging.seed import PASSWORD, Seeded, seed
from tests.judging.signed import check_again, sign, sign_off

pytestmark = pytest.mark.chromium

WORK = "K-073"


@pytest.fixture
def day(live_server: LiveServer) -> Iterator[Seeded]:
    """Everything marked and confirmed, beside the running site; a supervisor who can agree."""
    url = live_server.env["PODIUM_DATABASE_URL"]
    with opened(url, live_server.folder) as app, app.app_context():
        seeded = seed()
        official.rules(seeded)
        official.unblind(seeded)
        official.mark_everything(seeded, {"A1.01": 0})
        for name in ("li", "chief"):
            pins.set_(seeded.judges[name], "2580")
        with writing() as session:
            account = Account(
                username="supervisor", label="监督", password=hash_password(PASSWORD),
                fs_uniquifier="supervisor",
            )  # fmt: skip
            account.grants.append(Grant(role=Role.SUPERVISOR, skill_id=seeded.skill))
            session.add(account)
        yield seeded


def entered(browser: Browser, site: LiveServer, who: str, path: str) -> Page:
    context = browser.new_context(
        viewport={"width": 1024, "height": 768}, locale="zh-CN", bypass_csp=True
    )
    page = context.new_page()
    page.goto(f"{site.url}/sign-in?next={path}")
    page.fill("[name=username]", who)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"**{path}")
    return page


def says(page: Page, words: str) -> None:
    expect(page.locator("body")).to_contain_text(words)


def test_from_the_last_mark_to_the_lock_and_back(
    chromium: Browser, live_server: LiveServer, day: Seeded
) -> None:
    site, sub = live_server.url, day.subs["A1"]
    chief = entered(chromium, live_server, "chief", "/recheck/T17")
    chief.get_by_role("button", name="抽取样本").click()
    says(chief, "获奖组")
    chief.get_by_role("link", name=re.compile("抽查 K-")).first.click()
    chief.get_by_role("button", name="全部一致").click()
    says(chief, "没有改变任何分数")
    check_again(day)

    judge = entered(chromium, live_server, "li", f"/sign-off/T17/sheets/{sub}")
    assert axe.serious(judge) == []
    judge.fill("#pin", "2580")
    judge.get_by_role("button", name="签署勾选的评分表").click()
    says(judge, "没有勾选评分表")
    judge.get_by_role("link", name="全部展开").click()
    for box in judge.get_by_role("checkbox").all():
        box.check()
    judge.locator("summary").first.click()
    expect(judge.locator(".sign-ticked").first).to_be_visible()
    judge.fill("#pin", "2580")
    judge.get_by_role("button", name="签署勾选的评分表").click()
    says(judge, "已签评分表：4 张")
    sign(day)  # the others' signatures
    chief.goto(f"{site}/sign-off/T17")
    chief.get_by_role("link", name=re.compile("锁定评分")).click()
    chief.get_by_role("button", name="锁定评分").click()
    says(chief, "评分已锁定")

    chief.goto(f"{site}/sign-off/T17")
    chief.select_option("#what", f"sheet:{sub}")
    chief.fill("#work", WORK)
    chief.fill("#reason", "A1.01 录到了别的作品上")
    chief.get_by_role("button", name="申请解锁").click()
    says(chief, "另一人同意")
    second = entered(chromium, live_server, "supervisor", "/sign-off/unlocks")
    says(second, "A1.01 录到了别的作品上")
    second.get_by_role("button", name="同意并解锁").click()
    says(second, "已解锁")

    _mark_anew(day)
    sign_off(day)
    chief.goto(f"{site}/desk/T17/lock")
    chief.get_by_role("button", name="锁定评分").click()
    says(chief, "评分已锁定")
    chief.goto(f"{site}/desk/T17/release/confirmed")
    chief.locator("main form button.btn-primary").click()
    says(chief, "公开方式已更改")
    chief.goto(f"{site}/provenance/T17/{WORK}")
    says(chief, "★ 签字后重新打开过")
    board = chromium.new_context(locale="zh-CN").new_page()
    board.goto(f"{site}/skills/T17")
    starred = board.locator("[data-part='star']", has_text="★")
    expect(starred).to_have_count(1)
    expect(starred).to_have_text("★ 签字后重新打开过")


def _mark_anew(day: Seeded) -> None:
    db.session.rollback()
    found = kept.whole(db.session(), day.skill)
    head = found.works[day.entries[WORK]].marks[day.aspects["A1.01"]].measured.head
    (answer,) = day.give(day.post(WORK, "A1.01", 150, base=head.id))
    assert answer.state == "taken"
    day.give(day.confirm(WORK, "A1", answer.id), judge="wang")
