"""Extra questions on pages: the office's editor without scripts, the leader's form without scripts,
answers in the office's Excel file."""

import html
import io
import json
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from competition import form_adopting, forms
from competition.database import db, writing
from competition.models import Account, Delegation, Entry, LedgerRow, Skill, Stage
from competition.moment import now
from tests import papers_made
from tests.competition import rostering as r
from tests.competition.rules.test_forms import question, when
from tests.entering import entered

EDITOR = "/office/skills/W17/form"
PASSPORT = "E12345678"


@pytest.fixture
def app(demo_app: Flask) -> Flask:
    demo_app.config["WTF_CSRF_ENABLED"] = False
    return demo_app


def carried(text: str) -> str:
    """The copy that a page of the editor carries."""
    found = re.search(r'name="body" value="([^"]*)"', text)
    assert found is not None
    return html.unescape(found[1])


def step(client: FlaskClient, body: str, act: str, **more: Any) -> tuple[int, str]:
    answer = client.post(EDITOR, data={"body": body, "act": act, **more})
    return answer.status_code, answer.text


def keys(body: str) -> list[str]:
    return [one["key"] for one in json.loads(body)["fields"]]


def typed(kind: str, en: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "zh": f"问{en}", "en": en, "roles": ["competitor"], "needed": "1"} | more


def test_the_editor_builds_a_form_step_by_step(app: Flask) -> None:
    client = entered(app, "organiser")
    body = carried(client.get(EDITOR).text)
    _, text = step(client, body, "add")
    assert 'name="zh"' in text
    _, text = step(client, carried(text), "keep", **typed("yes_no", "Abroad?"))
    _, text = step(
        client, carried(text), "keep", **typed("one_of", "Size", options="小 | Small\n大")
    )
    hung = typed("short", "Passport", key="passport", when="q1:yes", personal="1")
    _, text = step(client, carried(text), "keep", **hung)
    assert keys(carried(text)) == ["q1", "q2", "passport"]
    assert "仅当“问Abroad?”为是" in text
    _, text = step(client, carried(text), "up:passport")
    body = carried(text)
    assert keys(body) == ["q1", "passport", "q2"]
    status, text = step(client, body, "remove:q1")  # another question hangs on it
    assert status == 422 and keys(carried(text)) == ["q1", "passport", "q2"]
    status, text = step(client, body, "keep", **typed("number", "Height", low="9", high="3"))
    assert (status, len(keys(carried(text)))) == (422, 3) and 'value="Height"' in text
    with app.app_context():
        assert forms.current(db.session(), skill_id()).fields == ()  # nothing was saved yet
    assert step(client, body, "save")[0] == 303
    shown = client.get(EDITOR).text
    assert "新增问题：问Passport" in shown
    status, text = step(client, carried(step(client, body, "remove:q2")[1]), "save")
    assert status == 422 and "理由" in text and keys(carried(text)) == ["q1", "passport"]


@pytest.mark.parametrize(
    "body", ["", "[", "[]", '{"fields": 3}', "[" * 9000, '{"fields": [{}]}', "x" * 500_000, "\0"]
)
def test_a_broken_copy_is_refused_with_a_sentence(app: Flask, body: str) -> None:
    status, text = step(entered(app, "organiser"), body, "save")
    assert status in (413, 422) and ("没有" in text)
    with app.app_context():
        assert forms.versions(db.session(), skill_id()) == []


def test_the_questions_of_another_skill_are_copied(app: Flask) -> None:
    adopt(app, question("size", "one_of"), code="W10")
    client = entered(app, "organiser")
    _, text = step(client, carried(client.get(EDITOR).text), "copy", other="W10")
    assert keys(carried(text)) == ["size"] and "尚未保存" in text


def skill_id(code: str = "W17") -> int:
    return db.session.scalars(select(Skill.id).where(Skill.code == code)).one()


def adopt(app: Flask, *questions: dict[str, Any], code: str = "W17") -> None:
    with app.app_context():
        by = db.session.scalars(select(Account.id).where(Account.username == "organiser")).one()
        body = {"fields": list(questions)}
        form_adopting.adopt(skill_id(code), body, reason="表", actor_id=by)


@pytest.fixture
def entry(app: Flask) -> tuple[str, str]:
    """The address of an entry's questions, and its person as a subject."""
    adopt(
        app,
        question("abroad", "yes_no", roles=["entry"]),
        question("passport", personal=True, when=when("abroad", "yes")),
        question("photo", "file"),
        question("note", needed=False),
    )
    with app.app_context():
        asked = select(Entry).join(Skill).join(Delegation)
        found = asked.where(Delegation.code == "2301", Skill.code == "W17").order_by(Entry.id)
        one = db.session.scalars(found).first()
        assert one is not None
        return f"/delegation/entries/{one.id}/answers", f"p{one.members[0].person_id}"


def pdf() -> tuple[io.BytesIO, str]:
    return io.BytesIO(papers_made.PDF), "b.pdf"


def is_hidden(text: str, name: str) -> bool:
    (tag,) = re.findall(rf'<div class="field ask" data-ask="{re.escape(name)}"[^>]*>', text)
    return " hidden" in tag


def test_a_leader_answers_without_scripts(app: Flask, entry: tuple[str, str]) -> None:
    address, person = entry
    leader = entered(app, "leader-harbin")
    assert "缺补充信息" in leader.get("/delegation/").text
    text = leader.get(address).text
    assert is_hidden(text, f"{person}.passport") and "还缺 2 个回答" in text
    on = {"has": ["entry.abroad", f"{person}.passport", f"{person}.note"], "entry.abroad": "yes"}
    assert leader.post(address, data=on | {"act": "keep"}).status_code == 303
    text = leader.get(address).text
    assert not is_hidden(text, f"{person}.passport") and "还缺 2 个回答" in text
    photo = (io.BytesIO(papers_made.png()), "a.png")
    full = on | {f"{person}.passport": PASSPORT, f"{person}.note": "=1+1", "act": "send"}
    answer = leader.post(address, data=full | {f"file-{person}.photo": photo})
    assert answer.status_code == 303, answer.text
    text = leader.get(address).text
    assert "所有问题都已回答" in text and PASSPORT not in text and "E1*****78" in text
    assert "缺补充信息" not in leader.get("/delegation/").text.split("</section>")[0]
    opened = leader.post(f"{address}/shown", data={"reason": "签证"}).text
    assert f'value="{PASSPORT}"' in opened
    with app.app_context():
        newest = select(LedgerRow).where(LedgerRow.act == "answers.show")
        assert db.session.scalars(newest).one().body == {"reason": "签证"}
    office = entered(app, "organiser")
    shown = office.get("/office/skills/W17/entries?answers=missing").text
    assert "缺补充信息" in shown
    book = openpyxl.load_workbook(io.BytesIO(office.get("/office/entries.xlsx?skill=W17").data))
    rows = list(book.active.values)
    assert rows[0][-4:] == ("问abroad", "问passport", "问photo", "问note")
    told = next(row for row in rows if row[-4] == "是")
    assert told[-3:] == ("E1*****78", "1 份文件", "'=1+1")
    note = {"has": f"{person}.note", f"{person}.note": "b", "act": "send"}  # entries are closed
    assert leader.post(address, data=note).status_code == 422
    assert leader.post(address, data=note | {"reason": "改"}).status_code == 303
    wanted = "问note =1+1 → b"
    assert wanted in office.get("/office/requests").text
    assert wanted in leader.get(address.removesuffix("/answers")).text
    late = {"act": "keep", "reason": "更清楚", f"file-{person}.photo": pdf()}
    assert leader.post(address, data=late).status_code == 303
    assert "问photo 文件 → 新文件" in office.get("/office/requests").text


@pytest.mark.parametrize(
    "data",
    [
        {"has": "entry.abroad", "entry.abroad": "perhaps"},
        {"has": "entry.abroad", "entry.abroad": ["yes", "no"]},
        {"has": "entry.abroad", "entry.abroad": "\0"},
        {"has": "entry.abroad", "entry.abroad": "x" * 90_000},
        {"has": ["nobody.abroad", "entry", "\0", "."], "nobody.abroad": "x"},
    ],
)
def test_what_makes_no_sense_is_told_in_a_sentence(
    app: Flask, entry: tuple[str, str], data: dict[str, Any]
) -> None:
    leader = entered(app, "leader-harbin")
    answer = leader.post(entry[0], data=data | {"act": "send"})
    assert answer.status_code in (303, 413, 422)
    if answer.status_code != 303:
        assert "没有" in answer.text
    draft = leader.post(f"{entry[0]}/draft.json", data=data)
    assert draft.status_code in (200, 413)
    assert draft.status_code == 413 or re.fullmatch(r"\d\d:\d\d:\d\d", draft.json["saved"])


def test_another_delegation_is_kept_out(app: Flask, entry: tuple[str, str]) -> None:
    assert entered(app, "leader-daqing").get(entry[0]).status_code == 403


def test_questions_follow_once_somebody_was_added(app: Flask, entry: tuple[str, str]) -> None:
    with app.app_context(), writing() as session:
        session.execute(update(Stage).values(entries_until=now() + timedelta(days=1)))
    leader = entered(app, "leader-harbin")
    form = "/delegation/2301/add/W17"
    assert "本赛项还有 4 个补充问题" in leader.get(form).text
    given = {"name-0": "张三", "id_number-0": r.number(1), "status-0": "student"}
    answer = leader.post(form, data=given)
    assert answer.status_code == 303 and answer.location.endswith("/answers?sent=1")
    assert "张三" in leader.get(answer.location).text
