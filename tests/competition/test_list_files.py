"""Lists as Excel files: the same rows as the page, safe to open, noted without a name."""

import io

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition import erasing, privacy, tables
from competition.database import db, writing
from competition.models import (
    Account,
    Delegation,
    Entry,
    Grant,
    LedgerRow,
    Member,
    Person,
    Role,
    Skill,
)
from tests.competition.views.test_office import enter


def sheet(client: FlaskClient, address: str) -> list[list[object]]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert ".xlsx" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.active is not None
    return [list(row) for row in book.active.iter_rows(values_only=True)]


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", " =1", "＝1"])
def test_no_text_becomes_a_formula(start: str) -> None:
    data = tables.workbook("x", [start, "b"], [[start, 1], ["plain", None]])
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.active is not None
    for row in (1, 2):
        cell = book.active.cell(row=row, column=1)
        assert cell.data_type == "s"
        assert cell.value == f"'{start}"
    assert book.active.cell(row=3, column=1).value == "plain"
    assert book.active.cell(row=2, column=2).value == 1


def test_the_file_holds_what_the_page_lists(demo_app: Flask) -> None:
    client = enter(demo_app, "organiser")
    with demo_app.app_context():
        rows = db.session.execute(
            select(Person.name, Person.id_sealed, Person.id_masked, Entry.code, Entry.alias)
            .join(Member, Member.person_id == Person.id)
            .join(Entry, Entry.id == Member.entry_id)
            .join(Skill, Skill.id == Entry.skill_id)
            .where(Skill.code == "W17")
        ).all()
        numbers = [privacy.vault().open(privacy.ID_NUMBER, row.id_sealed) for row in rows]
    head, *lines = sheet(client, "/office/entries.xlsx?skill=W17")
    assert "证件号" in head and "状态" in head
    at = head.index("姓名")
    assert sorted(str(line[at]) for line in lines) == sorted(row.name for row in rows)
    text = str(lines)
    assert "已批准" in text and rows[0].id_masked in text
    for number, row in zip(numbers, rows, strict=True):
        assert number not in text
        assert row.code not in text and f"'{row.alias}'" not in text
    assert len(sheet(client, "/office/skills/W17/people.xlsx")) == 1 + len(rows)
    assert len(sheet(client, "/office/entries.xlsx?state=withdrawn")) == 1
    assert len(sheet(client, "/office/exceptions.xlsx")) == 1
    assert len(sheet(client, "/office/requests.xlsx")) == 1


def test_a_download_is_an_act_without_names(demo_app: Flask) -> None:
    client = enter(demo_app, "organiser")
    with demo_app.app_context():
        name = db.session.scalar(select(Person.name).join(Member, Member.person_id == Person.id))
    sheet(client, f"/office/entries.xlsx?zone=harbin&words={name}")
    with demo_app.app_context():
        row = db.session.scalars(select(LedgerRow).where(LedgerRow.act == "list.download")).one()
        assert row.subject == "list:entries"
        assert row.body["filter"] == {"zone": "harbin", "words": True}
        assert isinstance(row.body["count"], int)
        assert name not in str(row.body)


def test_a_hostile_name_stays_a_text(demo_app: Flask) -> None:
    with demo_app.app_context(), writing() as session:
        person = session.scalars(select(Person).join(Member, Member.person_id == Person.id)).first()
        assert person is not None
        person.name = '=HYPERLINK("http://x","y")'
    lines = sheet(enter(demo_app, "organiser"), "/office/entries.xlsx?words=HYPERLINK")
    assert "'=HYPERLINK" in str(lines[1])


@pytest.mark.parametrize("username", ["w17-chief", "w17-judge-1", "w17-01", "leader-harbin"])
def test_only_the_office_downloads(demo_app: Flask, username: str) -> None:
    client = enter(demo_app, username)
    for address in ("entries", "skills/W17/people", "exceptions", "requests", "access", "bulk",
                    "delegations", "locks"):  # fmt: skip
        assert client.get(f"/office/{address}.xlsx").status_code == 403
        assert demo_app.test_client().get(f"/office/{address}.xlsx").status_code == 302
    assert enter(demo_app, "organiser").get("/office/skills/X9/people.xlsx").status_code == 404


def test_roles_delegations_and_bulk_acts(demo_app: Flask) -> None:
    client = enter(demo_app, "organiser")
    head, *lines = sheet(client, "/office/access.xlsx?role=chief_judge&skill=W17")
    assert [(line[1], line[2], line[4]) for line in lines] == [("w17-chief", "裁判长", "有效")]
    assert head[3] == "范围"
    assert sheet(client, "/office/access.xlsx?words=nobody-is-called-so")[1:] == []
    _head, *homes = sheet(client, "/office/delegations.xlsx")
    assert len(homes) == 13
    assert sum(int(str(row[3])) for row in homes) == 971
    assert len(sheet(client, "/office/bulk.xlsx")) == 1


def test_a_leader_takes_the_own_people_and_nobody_elses(demo_app: Flask) -> None:
    with demo_app.app_context():
        own = db.session.scalar(select(Grant.delegation_id).where(Grant.role == Role.TEAM_LEADER,
            Grant.account.has(username="leader-harbin")))  # fmt: skip
        codes = dict(db.session.execute(select(Delegation.id, Delegation.code)).all())
        names = db.session.scalars(
            select(Person.name)
            .join(Member, Member.person_id == Person.id)
            .join(Entry, Entry.id == Member.entry_id)
            .where(Entry.delegation_id == own)
        ).all()
    client = enter(demo_app, "leader-harbin")
    assert own is not None
    address = f"/delegation/{codes.pop(own)}/people.xlsx"
    assert address in client.get("/delegation/").text
    head, *lines = sheet(client, address)
    at = head.index("姓名")
    assert sorted(str(line[at]) for line in lines) == sorted(names)
    for other in codes.values():
        assert client.get(f"/delegation/{other}/people.xlsx").status_code == 403


def test_requests_to_forget_somebody(demo_app: Flask) -> None:
    with demo_app.app_context():
        person = db.session.scalars(select(Person.id).join(Member)).first()
        asker = db.session.scalar(select(Account.id).where(Account.username == "organiser"))
        assert person is not None and asker is not None
        erasing.ask(person, reason="=本人要求", actor_id=asker)
    client = enter(demo_app, "organiser")
    assert "/office/privacy/requests.xlsx" in client.get("/office/privacy").text
    [line] = sheet(client, "/office/privacy/requests.xlsx")[1:]
    assert line[0] == person and line[2] == "'=本人要求" and line[5] == "待处理"
