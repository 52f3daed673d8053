"""Entries are judged, excepted by two people, approved; the ledger has every act and no name."""

import pytest
from flask import Flask
from sqlalchemy import select

from competition import eligibility, ledger
from competition.database import db, writing
from competition.models import (
    Account,
    Coach,
    EligibilityException,
    Entry,
    EntryState,
    Grant,
    LedgerRow,
    Member,
    Role,
    Skill,
)
from competition.people import add_account, hashed
from competition.rules.refusal import Refusal
from tests.competition.views.test_office import enter, text_of


@pytest.fixture
def hall(demo_app: Flask) -> Flask:
    """W01 of the demo with all its entries as they are after an import, and a second organiser."""
    demo_app.config["WTF_CSRF_ENABLED"] = False
    with demo_app.app_context():
        password = hashed("another-password")
        with writing() as session:
            for entry in session.scalars(select(Entry).where(Entry.skill_id == w01().id)):
                entry.state = EntryState.ENTERED
            grant = Grant(role=Role.ORGANISER)
            add_account(
                session, username="second", label="Second", password_hash=password, grants=[grant]
            )
    return demo_app


def w01() -> Skill:
    return db.session.scalars(select(Skill).where(Skill.code == "W01")).one()


def who(username: str) -> int:
    return db.session.scalars(select(Account.id).where(Account.username == username)).one()


def entries() -> list[Entry]:
    return list(
        db.session.scalars(select(Entry).where(Entry.skill_id == w01().id).order_by(Entry.id))
    )


def break_status(entry: Entry) -> None:
    with writing() as session:
        for member in session.scalars(select(Member).where(Member.entry_id == entry.id)):
            member.status = None


def test_everybody_of_the_demo_is_eligible(hall: Flask) -> None:
    with hall.app_context():
        came = eligibility.judge_skill(w01().id, actor_id=who("organiser"))
        assert came == {EntryState.ELIGIBLE: len(entries())}
        assert {entry.state for entry in entries()} == {EntryState.ELIGIBLE}


def test_judging_again_writes_nothing_new(hall: Flask) -> None:
    with hall.app_context():
        for _ in range(2):
            eligibility.judge_skill(w01().id, actor_id=who("organiser"))
        acts = db.session.scalars(select(LedgerRow).where(LedgerRow.act == "eligibility.judge"))
        assert len(acts.all()) == 1
        assert ledger.walk(db.session(), None).ok


def test_a_broken_rule_needs_two_people(hall: Flask) -> None:
    with hall.app_context():
        one = entries()[0]
        break_status(one)
        eligibility.judge_skill(w01().id, actor_id=who("organiser"))
        assert db.session.get(Entry, one.id).state == EntryState.NOT_ELIGIBLE
        with pytest.raises(Refusal, match="not judged eligible"):
            eligibility.approve([one.id], actor_id=who("organiser"))
        asked = eligibility.ask_exception(
            one.id, "status", reason="证明已交", actor_id=who("organiser")
        )
        again = eligibility.ask_exception(one.id, "status", reason="x", actor_id=who("organiser"))
        assert again == asked
        with pytest.raises(Refusal, match="second person"):
            eligibility.answer_exception(asked, True, answer="", actor_id=who("organiser"))
        eligibility.answer_exception(asked, True, answer="同意", actor_id=who("second"))
        eligibility.answer_exception(asked, True, answer="同意", actor_id=who("second"))
        with pytest.raises(Refusal, match="answered before"):
            eligibility.answer_exception(asked, False, answer="", actor_id=who("second"))
        assert db.session.get(Entry, one.id).state == EntryState.ELIGIBLE
        assert eligibility.approve([one.id], actor_id=who("organiser")) == 1
        assert eligibility.approve([one.id], actor_id=who("organiser")) == 0


def test_an_exception_is_for_what_is_broken_and_says_why(hall: Flask) -> None:
    with hall.app_context():
        one = entries()[0]
        with pytest.raises(Refusal, match="not broken"):
            eligibility.ask_exception(one.id, "status", reason="x", actor_id=who("organiser"))
        break_status(one)
        with pytest.raises(Refusal, match="No reason"):
            eligibility.ask_exception(one.id, "status", reason=" ", actor_id=who("organiser"))


def test_one_person_in_two_entries_is_found_wherever_they_stand(hall: Flask) -> None:
    with hall.app_context():
        first, second = entries()[:2]
        elsewhere = db.session.scalars(
            select(Entry).join(Skill).where(Skill.code == "W17").order_by(Entry.id)
        ).first()
        with writing() as session:
            person = first.members[0].person_id
            session.add(Member(entry_id=elsewhere.id, person_id=person, status="student"))
            session.add(Member(entry_id=second.id, person_id=person, status="student"))
        found = {one.entry.id: one for one in eligibility.judged(db.session(), w01().id)}
        (reason,) = [one for one in found[first.id].broken if one.rule == "one_skill"]
        assert "W01" in reason.zh and "W17" in reason.zh


def test_withdrawn_entries_take_no_place(hall: Flask) -> None:
    with hall.app_context():
        home = entries()[0].delegation_id
        with writing() as session:
            for entry in session.scalars(select(Entry).where(Entry.skill_id == w01().id)):
                entry.delegation_id = home
        over = [one for one in eligibility.judged(db.session(), w01().id) if one.broken]
        assert [one.rule for one in over[0].broken] == ["quota"]
        assert len(over) == len(entries()) - 4
        with writing() as session:
            session.get(Entry, entries()[0].id).state = EntryState.WITHDRAWN
        fewer = [one for one in eligibility.judged(db.session(), w01().id) if one.broken]
        assert len(fewer) == len(over) - 1


def test_a_coach_is_missed_only_where_one_is_wanted(hall: Flask) -> None:
    from competition import skill_rules
    from competition.rules.skill_rules import write

    with hall.app_context():
        body = write(skill_rules.current(db.session(), w01().id)) | {"coach_required": True}
        skill_rules.adopt(w01().id, body, reason="教练必填", actor_id=who("organiser"))
        found = eligibility.judged(db.session(), w01().id)
        assert all([one.rule for one in line.broken] == ["coach"] for line in found)
        with writing() as session:
            session.add(Coach(entry_id=entries()[0].id, name="教练"))
        found = eligibility.judged(db.session(), w01().id)
        assert found[0].broken == []


def test_the_pages(hall: Flask) -> None:
    with hall.app_context():
        break_status(entries()[0])
    client, second = enter(hall, "organiser"), enter(hall, "second")
    address = "/office/skills/W01/entries"
    assert client.post(address, data={"act": "judge"}).status_code == 303
    page = text_of(client, address)
    assert "身份为未填写" in page and "不符合 · 1" in page
    with hall.app_context():
        one = entries()[0].id
    client.post(f"{address}/{one}/exceptions", data={"rule": "status", "reason": "证明已交"})
    assert "须由他人答复" in text_of(client, "/office/exceptions")
    assert "证明已交" in text_of(second, "/office/exceptions")
    with hall.app_context():
        asked = db.session.scalars(select(EligibilityException.id)).one()
    assert client.post(f"/office/exceptions/{asked}", data={"granted": "1"}).status_code == 303
    assert "不能由您答复" in text_of(client, "/office/exceptions")
    second.post(f"/office/exceptions/{asked}", data={"granted": "1", "answer": "同意"})
    client.post(address, data={"act": "approve"})
    assert "已批准" in text_of(client, address)
    with hall.app_context():
        assert {entry.state for entry in entries()} == {EntryState.APPROVED}
        for row in db.session.scalars(select(LedgerRow)):
            assert "证明已交" not in str(row.body)


@pytest.mark.parametrize("username", ["w01-chief", "leader-harbin", "w01-01", "w01-judge-1"])
def test_only_the_office_sees_them(hall: Flask, username: str) -> None:
    client = enter(hall, username)
    for address in ("/office/skills/W01/entries", "/office/exceptions"):
        assert client.get(address).status_code == 403
    assert client.post("/office/skills/W01/entries", data={"act": "judge"}).status_code == 403
    assert client.post("/office/exceptions/1", data={"granted": "1"}).status_code == 403
