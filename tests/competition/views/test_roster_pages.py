"""Rosters on pages: the way from the upload to undoing, who may, and what is refused."""

import io
import re
from collections.abc import Iterator

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from competition import roster_worker
from competition.database import db, writing
from competition.models import Entry, Grant, LedgerRow, Role, RosterBatch, Stage
from competition.moment import now
from competition.people import add_account, hashed
from tests.competition import rostering as r
from tests.competition.test_list_files import sheet
from tests.entering import entered


@pytest.fixture
def site(sqlite_app: Flask) -> Iterator[Flask]:
    """A founded competition with a leader of Harbin and one of Daqing."""
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        r.founded()
        password = hashed("long enough 123")
        with writing() as session:
            for name, code in (("harbin", "2301"), ("daqing", "2306")):
                grant = Grant(role=Role.TEAM_LEADER, delegation_id=r.delegation_id(code))
                add_account(
                    session, username=name, label=name, password_hash=password, grants=[grant]
                )
    yield sqlite_app


def send(client: FlaskClient, address: str, data: bytes, **more: str) -> str:
    """Uploads a file; gives the address it leads to."""
    answer = client.post(address, data={"file": (io.BytesIO(data), "名册.csv"), **more})
    assert answer.status_code == 303, answer.status_code
    return str(answer.location)


def work(site: Flask) -> None:
    with site.app_context():
        assert roster_worker.step()


def text(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def test_a_leader_goes_the_whole_way(site: Flask) -> None:
    leader = entered(site, "harbin")
    assert "还没有名册" in text(leader, "/delegation/roster")
    rows = [r.person("张三", 1), ["李四", "123", "W19", "哈尔滨", *[""] * 6]]
    page = send(leader, "/delegation/roster", r.a_csv(rows))
    assert 'hx-get="' + page + '/state"' in text(leader, page)
    assert "roster-progress" in text(leader, f"{page}/state")
    work(site)
    assert leader.get(f"{page}/state").headers["HX-Refresh"] == "true"
    seen = text(leader, page)
    assert "导入 1 人" in seen and "应为 18 位" in seen and 'value="123"' in seen
    assert r.number(1) not in seen and r.number(1)[:2] + "*" in seen
    assert "李四" not in text(leader, f"{page}?state=new")
    answer = leader.post(f"{page}/cells", data={"cell-3-1": r.number(2), "cell-2-0": "张三"})
    assert answer.status_code == 303
    work(site)
    assert "导入 2 人" in text(leader, page)
    assert "/roster/list.xlsx" in text(leader, "/delegation/roster")
    assert sheet(leader, "/roster/list.xlsx")[1][0] == "名册.csv"
    leader.post(f"{page}/import")
    leader.post(f"{page}/import")
    work(site)
    assert "已导入" in text(leader, page) and "张三" in text(leader, "/delegation/")
    asked = text(leader, f"{page}/undo")
    assert "张三、李四" in asked and "撤销全部 2" in asked
    leader.post(f"{page}/undo")
    work(site)
    assert "此次导入已撤销" in text(leader, page)
    with site.app_context():
        assert r.many(Entry) == 0
        acts = db.session.scalars(select(LedgerRow.act)).all()
        assert [act for act in acts if act.startswith("roster")] == [
            "roster.upload", "roster.correct", "roster.import", "roster.undo",
        ]  # fmt: skip


def test_others_may_not(site: Flask) -> None:
    page = send(entered(site, "harbin"), "/delegation/roster", r.a_csv([r.person("张三", 1)]))
    other, office = entered(site, "daqing"), entered(site, "office")
    for address in (
        page,
        f"{page}/state",
        f"{page}/columns",
        f"{page}/undo",
        f"{page}/errors.xlsx",
    ):
        assert other.get(address).status_code == 403, address
        assert site.test_client().get(address).status_code == 302
    for act in ("cells", "columns", "import", "drop", "undo"):
        assert other.post(f"{page}/{act}").status_code == 403, act
    assert other.get("/office/roster").status_code == 403
    assert "名册.csv" not in text(other, "/delegation/roster")
    assert "名册.csv" in text(office, "/office/roster")
    assert office.get(page).status_code == 200
    assert sheet(other, "/roster/list.xlsx")[1:] == []
    assert [row[0] for row in sheet(office, "/roster/list.xlsx")[1:]] == ["名册.csv"]
    mine = send(office, "/office/roster", r.a_csv([r.person("李四", 2)]),
                delegation=str(_id(site, "2306")))  # fmt: skip
    assert other.get(mine).status_code == 403
    assert sheet(other, "/roster/list.xlsx")[1:] == []  # the office's own are not the leader's
    assert office.get("/delegation/roster").location == "/office/roster"
    assert office.get("/roster/999").status_code == 404


def _id(site: Flask, code: str) -> int:
    with site.app_context():
        return r.delegation_id(code)


def test_bad_input_is_answered_with_sentences(site: Flask) -> None:
    office = entered(site, "office")
    assert send(office, "/office/roster", b"") == "/office/roster"
    assert "没有选择文件" in text(office, "/office/roster")
    assert office.post("/office/roster", data={"delegation": "999"}).status_code == 400
    page = send(office, "/office/roster", b"%PDF-1.4")
    work(site)
    assert "不是 Excel" in text(office, page) and "请改好文件" in text(office, page)
    office.post(f"{page}/import")
    assert "正在处理或已经结束" in text(office, page)
    page = send(office, "/office/roster", r.a_csv([r.person("张三", 1)]))
    work(site)
    office.post(f"{page}/cells", data={"cell-x-1": "a", "cell-2-0": "张三", "other": "1"})
    assert "没有更正任何单元格" in text(office, page)
    office.post(f"{page}/drop")
    assert "已放弃" in text(office, "/office/roster")


def test_the_columns_are_chosen_on_a_page(site: Flask) -> None:
    leader = entered(site, "harbin")
    data = r.a_csv([r.person("张三", 1)[:3]], ["甲", "乙", "丙"])
    page = send(leader, "/delegation/roster", data)
    work(site)
    assert "没有找到标题行" in text(leader, page)
    columns = text(leader, f"{page}/columns")
    assert "甲" in columns and "张三" in columns and columns.count("<select") == 3
    form = {"sheet": "0", "line": "1", "column-0": "name", "column-1": "id_number"}
    leader.post(f"{page}/columns", data=form | {"column-2": "skill"})
    work(site)
    assert "导入 1 人" in text(leader, page)
    again = send(leader, "/delegation/roster", data)
    work(site)
    assert "导入 1 人" in text(leader, again)


def test_the_wrong_rows_come_as_a_workbook_that_can_be_sent_in_again(site: Flask) -> None:
    leader = entered(site, "harbin")
    rows = [r.person("=1+1", 1), r.person("李四", 2, "没有的"), r.person("王五", 3)]
    page = send(leader, "/delegation/roster", r.a_csv(rows))
    work(site)
    data = leader.get(f"{page}/errors.xlsx").data
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    assert headings == [*r.HEAD, "原行号", "问题"]
    assert [sheet.cell(row, 11).value for row in (2, 3)] == [2, 3]
    assert sheet.max_row == 3
    marked = sheet.cell(3, 3)
    assert marked.fill.fgColor.rgb == "FFFFC7CE" and "没有赛项" in marked.comment.text
    assert "没有赛项" in sheet.cell(3, 12).value
    assert sheet.cell(2, 1).value == "'=1+1" and sheet.cell(2, 1).data_type == "s"
    assert sheet.cell(3, 1).comment is None
    sheet.cell(2, 1).value, sheet.cell(3, 3).value = "张三", "W19"
    out = io.BytesIO()
    sheet.parent.save(out)
    again = send(leader, "/delegation/roster", out.getvalue())
    work(site)
    assert "导入 2 人" in text(leader, again)


@pytest.mark.parametrize(("who", "columns"), [("office", 13), ("harbin", 12)])
def test_the_empty_roster_imports_once_it_is_filled_in(site: Flask, who: str, columns: int) -> None:
    client = entered(site, who)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/roster/template.xlsx").data))
    sheet = book.worksheets[0]
    assert sheet.max_column == columns
    words = {"姓名": "张三", "身份证号": r.number(1), "赛项": "W17 网站设计与开发",
             "代表队": "哈尔滨市"}  # fmt: skip
    for cell in sheet[1]:
        sheet.cell(3, cell.column).value = words.get(str(cell.value))
    out = io.BytesIO()
    book.save(out)
    where = "/office/roster" if who == "office" else "/delegation/roster"
    page = send(client, where, out.getvalue())
    work(site)
    assert "导入 1 人" in text(client, page)


def test_a_file_larger_than_forms_may_be(site: Flask) -> None:
    site.config["WTF_CSRF_ENABLED"] = True
    office = entered(site, "office")
    token = re.search(r'name="csrf_token" value="([^"]+)"', text(office, "/office/roster"))
    assert token is not None
    data = r.a_csv([r.person("张三", 1)]) + b"\n" * 5_000_000
    assert send(office, "/office/roster", data, csrf_token=token[1]).startswith("/roster/")
    answer = office.post("/office/roster", data={"file": (io.BytesIO(b"a" * 22_000_000), "a")})
    assert answer.status_code == 413


def test_after_the_deadline_a_leader_is_told_where_to_ask(site: Flask) -> None:
    with site.app_context(), writing() as session:
        session.execute(update(Stage).values(entries_until=now()))
    leader = entered(site, "harbin")
    page = text(leader, "/delegation/roster")
    assert "截止" in page and 'type="file"' not in page
    send(leader, "/delegation/roster", r.a_csv([r.person("张三", 1)]))
    with site.app_context():
        assert r.many(RosterBatch) == 0
