"""Locking entries on the pages: looked at, done, asked to be undone, granted; told to leaders."""

import re
from io import BytesIO

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from competition.database import db
from competition.models import Entry, EntryLock, EntryState, LedgerRow, Skill
from tests.competition.test_eligibility_verbs import hall
from tests.competition.views.test_office import enter, text_of

__all__ = ["hall"]
LOCKS = "/office/locks"


def chosen(page: str) -> list[str]:
    main = page.partition("<main")[2]  # above it the switch of languages carries the form again
    return re.findall(r'type="hidden" name="skill" value="([^"]+)"', main)


def locked(app: Flask, *codes: str) -> None:
    client = enter(app, "organiser")
    assert client.post(LOCKS, data={"skill": list(codes)}).status_code == 303


def test_many_are_looked_at_locked_and_opened_by_two(hall: Flask) -> None:
    client = enter(hall, "organiser")
    form = {"act": "lock", "skill": ["W01", "W17", "NOSUCH"]}
    look = client.post(f"{LOCKS}/look", data=form).get_data(as_text=True)
    assert chosen(look) == ["W01", "W17"]
    assert "未审核" in look  # W01 of the hall is not judged yet, and that would wait
    assert client.post(LOCKS, data={"skill": chosen(look)}).status_code == 303
    page = text_of(client, LOCKS)
    assert page.count("报名已由") == 2
    again = client.post(f"{LOCKS}/look", data=form).get_data(as_text=True)
    assert chosen(again) == []
    ask = {"skill": ["W01", "W17"], "reason": "名单有误", "until": "2031-05-04T12:00"}
    client.post(f"{LOCKS}/ask", data={**ask, "until": "不是时间"})
    assert "看不懂" in text_of(client, LOCKS)
    client.post(f"{LOCKS}/ask", data=ask)
    assert "须由他人答复" in text_of(client, LOCKS)
    with hall.app_context():
        number = db.session.scalars(select(EntryLock.id).where(EntryLock.kind == "unlock")).one()
    client.post(f"{LOCKS}/{number}", data={"granted": "1"})
    assert "不能由您答复" in text_of(client, LOCKS)
    second = enter(hall, "second")
    second.post(f"{LOCKS}/{number}", data={"granted": "1", "answer": "同意"})
    page = text_of(second, LOCKS)
    assert page.count("报名解锁至 2031-05-04 12:00") == 2
    with hall.app_context():
        done = select(LedgerRow.act).where(LedgerRow.act.startswith("entries."))
        assert db.session.scalars(done.order_by(LedgerRow.id)).all() == [
            "entries.lock", "entries.ask_unlock", "entries.unlock",
        ]  # fmt: skip


def test_everybody_concerned_reads_it(hall: Flask) -> None:
    locked(hall, "W17")
    office, leader = enter(hall, "organiser"), enter(hall, "leader-harbin")
    for address in ("/office/", "/office/skills/W17", "/office/skills/W17/entries"):
        assert "报名已由" in text_of(office, address), address
    assert "报名已锁定" in text_of(office, "/office/skills/W17/preflight")
    assert "报名尚未锁定" in text_of(office, "/office/skills/W01/preflight")
    assert "报名已由" in text_of(leader, "/delegation/")
    with hall.app_context():
        found = select(Entry.id).join(Skill).where(Skill.code == "W17")
        own = db.session.scalars(
            found.where(Entry.delegation.has(code="2301"), Entry.state != EntryState.WITHDRAWN)
        ).first()
    page = text_of(leader, f"/delegation/entries/{own}")
    assert "秘书处" in page
    assert "报名已由" in page
    assert "提出申请" in page


@pytest.mark.parametrize("address", ["look", "ask", ""])
def test_nothing_chosen_changes_nothing(hall: Flask, address: str) -> None:
    client = enter(hall, "organiser")
    sent = client.post(f"{LOCKS}/{address}".rstrip("/"), data={"skill": "\0", "reason": "x"})
    assert sent.status_code == 303
    assert "没有选择赛项" in text_of(client, LOCKS)
    with hall.app_context():
        assert db.session.scalars(select(EntryLock)).all() == []


def test_the_list_as_a_file_is_narrowed_as_the_page(hall: Flask) -> None:
    locked(hall, "W17")
    client = enter(hall, "organiser")
    assert "W01 " not in text_of(client, f"{LOCKS}?state=locked").split("已做的操作")[0]
    answer = client.get(f"{LOCKS}.xlsx?state=locked")
    sheet = openpyxl.load_workbook(BytesIO(answer.data)).active
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["W17"]
    assert text_of(client, f"{LOCKS}?state=nonsense").count('name="skill"') >= 64


def test_no_such_request(hall: Flask) -> None:
    assert enter(hall, "organiser").post(f"{LOCKS}/999", data={}).status_code == 404
    assert enter(hall, "w17-chief").get(LOCKS).status_code == 403
