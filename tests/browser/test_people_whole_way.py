"""The whole way of an entry: a school's workbook with errors, mended by its team leader; a change
asked for after the deadline; the secretariat and a second person; eligible, with its reasons; and a
skill that its preflight keeps shut until then."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook
from passlib.totp import TOTP
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from competition import demo, people, second_factor
from competition.database import writing
from competition.models import Account, Competition, Grant, Role, SecondFactor, Stage
from competition.moment import now
from tests.competition.rostering import number
from tests.conftest import PODIUM, LiveServer, opened

pytestmark = pytest.mark.chromium

SKILL = "W17"
SEED = "ab" * 20
SECOND = "secretariat"  # the second person of the office
STRONG = ("organiser", SECOND, "w17-chief")
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}


class Days:
    """The site, its database between two clicks, and a window for each person."""

    def __init__(self, browser: Browser, server: LiveServer) -> None:
        self.browser, self.server = browser, server
        self.url = server.env["PODIUM_DATABASE_URL"]

    def window(self, username: str, path: str, size: dict[str, int] = DESK) -> Page:
        page = self.browser.new_context(viewport=size, locale="zh-CN").new_page()  # type: ignore[arg-type]
        page.goto(f"{self.server.url}/sign-in?next={path}")
        page.fill("[name=username]", username)
        page.fill("[name=password]", demo.PASSWORD)
        page.press("[name=password]", "Enter")
        if username in STRONG:
            with self.opened():
                app = TOTP(key=second_factor.typed(SEED).replace(" ", ""))
            page.fill("[name=code]", str(app.generate().token))
            page.press("[name=code]", "Enter")
        page.wait_for_url(f"**{path}")
        return page

    def close_entries(self) -> None:
        with self.opened(), writing() as session:
            for stage in session.scalars(select(Stage)):
                stage.entries_until = now() - timedelta(hours=1)

    @contextmanager
    def opened(self) -> Iterator[None]:
        with opened(self.url, self.server.folder) as app, app.app_context():
            yield


@pytest.fixture
def days(chromium: Browser, live_server: LiveServer) -> Iterator[Days]:
    """A real competition with the demo's people, its entries open, a worker beside the site."""
    found = Days(chromium, live_server)
    assert live_server.podium("demo").returncode == 0
    with found.opened(), writing() as session:
        organiser = session.scalars(select(Account).filter_by(username="organiser")).one()
        people.add_account(
            session, username=SECOND, label="秘书处", password_hash=organiser.password,
            grants=[Grant(role=Role.SECRETARIAT)], person=None,
        )  # fmt: skip
        session.flush()
        session.scalars(select(Competition)).one().is_demo = False
        for stage in session.scalars(select(Stage)):
            stage.entries_until = now() + timedelta(days=1)
        for account in session.scalars(select(Account).where(Account.username.in_(STRONG))):
            session.add(SecondFactor(account_id=account.id, seed=SEED, last_counter=0, at=now()))
    with (live_server.folder / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [PODIUM, "worker"], env=live_server.env, cwd=live_server.folder, stdout=log, stderr=log
        )
    yield found
    worker.terminate()
    worker.wait(timeout=30)


def workbook() -> bytes:
    """Two people: one is in order, the other's number has a wrong last figure."""
    wrong = number(2)[:-1] + ("0" if number(2)[-1] != "0" else "1")
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["哈尔滨市第一职业学校 参赛名册"])
    sheet.append(["序号", "姓 名", "身份证号码", "参赛项目", "组别", "所在单位", "指导教师"])
    sheet.append([1, "林晓雨", number(1), SKILL, "学生", "哈尔滨市第一职业学校", "王老师"])
    sheet.append([2, "周子墨", wrong, SKILL, "学生", "哈尔滨市第一职业学校", "王老师"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_whole_way(days: Days, tmp_path: Path) -> None:
    file = tmp_path / "名册.xlsx"
    file.write_bytes(workbook())

    leader = days.window("leader-harbin", "/delegation/roster", PHONE)
    leader.set_input_files("#file", file)
    leader.get_by_role("button", name="上传").click()
    wrong = leader.locator(".roster-rows li[data-state='wrong']")
    expect(wrong).to_contain_text("周子墨", timeout=60_000)
    cell = wrong.locator("input")
    assert cell.count() == 1, "only the wrong cell is to be typed over"
    cell.fill(number(2))
    leader.locator(".roster-save button").click()
    expect(leader.locator(".roster-rows li[data-state='new']")).to_have_count(2, timeout=60_000)
    leader.locator(".roster-acts .btn-primary").click()
    expect(leader.locator("main")).to_contain_text("撤销导入", timeout=60_000)

    # After the deadline a change is asked for, with a reason.
    days.close_entries()
    leader.goto(f"{days.server.url}/delegation/")
    leader.get_by_role("link", name="周子墨").first.click()
    # The worker judged the entries right after the import: the reasons stand there already.
    expect(leader.locator("main")).to_contain_text("在本省工作或学习未填写，要求至少 1 年")
    form = leader.locator("form", has=leader.locator("[name=local_years]"))
    form.locator("[name=local_years]").fill("3")
    form.locator("[name=reason]").fill("户口本已更新")
    form.get_by_role("button").click()
    expect(leader.locator("main")).to_contain_text("户口本已更新")

    # Nobody is left unjudged, so that no entry keeps the skill shut.
    organiser = days.window("organiser", f"/office/skills/{SKILL}/preflight")
    expect(organiser.locator("main")).to_contain_text("0 个报名尚未审定")

    organiser.goto(f"{days.server.url}/office/requests")
    asked = organiser.locator("article", has_text="户口本已更新")
    asked.get_by_role("button", name="批准").click()
    expect(organiser.locator("article", has_text="户口本已更新")).to_have_count(0)
    # What the rules say is read on the entry; who misses one needs a reason and a second person.
    entries = f"{days.server.url}/office/skills/{SKILL}/entries"
    organiser.goto(entries)
    expect(entry(organiser, "周子墨")).to_contain_text("符合条件")
    left_out = entry(organiser, "林晓雨")
    expect(left_out).to_contain_text("在本省工作或学习未填写，要求至少 1 年")
    left_out.get_by_text("申请例外", exact=True).click()
    left_out.locator("[name=reason]").fill("学籍证明已核")
    left_out.get_by_role("button").click()
    organiser.goto(f"{days.server.url}/office/exceptions")
    own = organiser.locator("article", has_text="学籍证明已核")
    expect(own).to_be_visible()
    expect(own.get_by_role("button")).to_have_count(0)

    second = days.window(SECOND, "/office/exceptions")
    second.locator("article", has_text="学籍证明已核").get_by_role("button", name="批准").click()
    expect(second.locator("article", has_text="学籍证明已核")).to_have_count(0)

    organiser.goto(entries)
    expect(entry(organiser, "林晓雨")).to_contain_text("学籍证明已核")
    organiser.get_by_role("button", name="批准符合条件的").click()
    expect(entry(organiser, "林晓雨")).to_contain_text("已批准")

    # Nothing is red any more, and the chief judge starts.
    organiser.goto(f"{days.server.url}/office/skills/{SKILL}/preflight")
    expect(organiser.locator("main")).to_contain_text("没有红灯，可以开赛")
    chief = days.window("w17-chief", f"/desk/{SKILL}")
    chief.get_by_role("link", name="开始赛段").click()
    chief.get_by_role("button", name="现在开始").click()
    expect(chief.locator("main")).to_contain_text("进行中")


def entry(page: Page, name: str) -> Locator:
    """An entry on the office's page of a skill."""
    return page.locator("article.entry", has_text=name)
