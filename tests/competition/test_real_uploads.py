"""Excel files that come in at the real site: gevent patches there what starts the process that
reads them, and only a running server shows what it makes of that."""

import re
from collections.abc import Iterator

import pytest
import requests

from competition.database import writing
from competition.models import Grant, Role, Stage
from competition.tables import workbook
from tests.competition.test_judge_register import HEADS, QIAN, ZHAO
from tests.conftest import LiveServer, opened
from tests.judging.seed import PASSWORD, seed

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
ROSTER = (["姓名", "证件号码", "赛项"], ["张三", "110101199003078515", "T17"])


@pytest.fixture
def office(live_server: LiveServer) -> Iterator[requests.Session]:
    url = live_server.env["PODIUM_DATABASE_URL"]
    with opened(url, live_server.folder) as app, app.app_context():
        actor = seed().judges["stranger"]
        with writing() as session:
            session.add(Grant(account_id=actor, role=Role.SECRETARIAT))
            session.add(
                Stage(number=1, kind="final", name_zh="决赛", name_en="Final", takes_entries=True)
            )
    with requests.Session() as browser:
        entered = post(browser, f"{live_server.url}/sign-in", "/sign-in",
                       username="stranger", password=PASSWORD)  # fmt: skip
        assert entered.status_code == 200
        yield browser


def post(
    browser: requests.Session, page: str, path: str, file: bytes = b"", **form: str
) -> requests.Response:
    """Fill in a form of `page` and send it to `path`."""
    token = TOKEN.search(browser.get(page, timeout=60).text)
    assert token is not None
    site = "/".join(page.split("/", 3)[:3])
    files = {"file": ("表.xlsx", file)} if file else None
    sent = {"csrf_token": token.group(1), **form}
    return browser.post(f"{site}{path}", data=sent, files=files, timeout=60)


def test_a_judge_register_and_a_roster_in_excel(
    live_server: LiveServer, office: requests.Session
) -> None:
    register = workbook("裁判", HEADS.split(","), [ZHAO.split(","), QIAN.split(",")])
    page = f"{live_server.url}/office/judges"
    looked = post(office, page, "/office/judges/files", register)
    assert looked.status_code == 200, looked.text[:500]
    assert "赵一" in looked.text
    damaged = post(office, page, "/office/judges/files", register[:900])
    assert (damaged.status_code, "文件已损坏" in damaged.text) == (200, True)

    heads, *rows = ROSTER
    sent = post(office, f"{live_server.url}/office/roster", "/office/roster",
                workbook("名册", heads, rows))  # fmt: skip
    assert sent.status_code == 200, sent.text[:500]
    number = re.search(r"/roster/(\d+)", sent.url)
    assert number is not None
    columns = office.get(f"{live_server.url}/roster/{number.group(1)}/columns", timeout=60)
    assert columns.status_code == 200, columns.text[:500]
    assert "证件号码" in columns.text
    assert "Traceback" not in (live_server.folder / "serve.log").read_text()
