"""A roster in a browser: a leader on a phone mends a cell, imports and undoes; three screens."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from competition import demo, roster_worker
from competition.database import db, writing
from competition.models import Entry, RosterBatch, Stage
from competition.moment import now
from tests.competition import rostering as r
from tests.conftest import LiveServer, opened

pytestmark = pytest.mark.chromium


@contextmanager
def inside(server: LiveServer) -> Iterator[None]:
    """Beside the running site, on its database."""
    with opened(server.env["PODIUM_DATABASE_URL"], server.folder) as app, app.app_context():
        yield


@pytest.fixture
def roster(live_server: LiveServer) -> Iterator[Path]:
    """The demo while entries are open, and a file with one wrong cell."""
    with inside(live_server):
        demo.load(1)
        with writing() as session:
            session.execute(update(Stage).values(entries_until=now() + timedelta(days=9)))
    file = live_server.folder / "名册.csv"
    file.write_bytes(r.a_csv([r.person("张三", 1), ["李四", "123", "W17", "哈尔滨", *[""] * 6]]))
    yield file


def work(server: LiveServer) -> None:
    """What the worker does."""
    with inside(server):
        assert roster_worker.step()


def at(
    browser: Browser, server: LiveServer, who: str, size: tuple[int, int]
) -> tuple[Page, list[str]]:
    """Somebody at a screen, and what the console complains of."""
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}).new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.goto(f"{server.url}/sign-in?next=/delegation/roster")
    page.fill("[name=username]", who)
    page.fill("[name=password]", demo.PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("名册导入")
    return page, errors


def test_a_leader_mends_imports_and_undoes(
    chromium: Browser, live_server: LiveServer, roster: Path
) -> None:
    page, errors = at(chromium, live_server, "leader-harbin", (390, 844))
    page.get_by_label("文件").set_input_files(roster)
    page.get_by_role("button", name="上传并试导入").click()
    expect(page.locator("#roster-progress")).to_contain_text("正在等待后台程序")
    work(live_server)
    expect(page.get_by_role("button", name="导入 1 人")).to_be_visible()  # it comes by itself
    cell = page.get_by_label("身份证号")
    expect(cell).to_have_value("123")
    cell.fill(r.number(2))
    cell.press("Enter")
    expect(page.locator("#roster-progress")).to_be_visible()
    work(live_server)
    page.get_by_role("button", name="导入 2 人").click()
    expect(page.locator("#roster-progress")).to_be_visible()
    work(live_server)
    page.get_by_role("link", name="撤销导入").click()
    expect(page.locator("main")).to_contain_text("张三、李四")
    page.get_by_role("button", name="撤销全部 2 个").click()
    expect(page.locator("#roster-progress")).to_be_visible()
    work(live_server)
    expect(page.get_by_role("heading", level=2)).to_have_text("此次导入已撤销")
    assert errors == []
    with inside(live_server):
        made = db.session.scalars(select(Entry).where(Entry.batch_id.is_not(None)))
        assert made.all() == []


@pytest.mark.parametrize("size", [(390, 844), (1024, 768), (1920, 1080)])
def test_pages_fit_the_screen(
    chromium: Browser, live_server: LiveServer, roster: Path, size: tuple[int, int]
) -> None:
    page, errors = at(chromium, live_server, "organiser", size)
    page.get_by_label("文件", exact=True).set_input_files(roster)
    page.get_by_role("button", name="上传并试导入").click()
    expect(page.locator("#roster-progress")).to_be_visible()
    work(live_server)
    expect(page.locator(".roster-rows")).to_be_visible()
    with inside(live_server):
        batch = db.session.scalars(select(RosterBatch.id)).one()
    for address in (
        "office/roster",
        *(f"roster/{batch}{one}" for one in ("", "/columns", "/undo")),
    ):
        page.goto(f"{live_server.url}/{address}")
        over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(over) <= 0, address
    assert errors == []
