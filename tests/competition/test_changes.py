"""Changes of entries: at once while entries are open, by a second person's word afterwards."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from competition import changes, ledger, skill_rules
from competition.database import db, writing
from competition.models import (
    Account,
    ChangeKind,
    ChangeRequest,
    Entry,
    EntryState,
    Grant,
    LedgerRow,
    Member,
    Period,
    Person,
    Role,
    Skill,
    Stage,
)
from competition.moment import now
from competition.people import add_account, hashed
from competition.rules.refusal import Refusal
from competition.rules.skill_rules import write
from tests.competition.views.test_office import enter, text_of

DAY = timedelta(days=1)


@pytest.fixture
def closed(demo_app: Flask) -> Flask:
    """W17, not yet started, after the deadline for entries; a reserve of its first delegation."""
    demo_app.config["WTF_CSRF_ENABLED"] = False
    with demo_app.app_context():
        password = hashed("another-password")
        with writing() as session:
            for stage in session.scalars(select(Stage)):
                stage.entries_until = now() - DAY
            first = one()
            reserve = Entry(
                skill_id=first.skill_id,
                delegation_id=first.delegation_id,
                stage_id=first.stage_id,
                state=EntryState.APPROVED,
                is_reserve=True,
                code="R-001",
                alias="R1",
            )
            spare = Person(name="替补生", born_on=date(2000, 1, 1))
            reserve.members = [Member(person=spare, status="student", local_years=2)]
            session.add(reserve)
            grant = Grant(role=Role.TEAM_LEADER, delegation_id=first.delegation_id)
            add_account(
                session, username="leader", label="领队", password_hash=password, grants=[grant]
            )
    return demo_app


def one() -> Entry:
    found = select(Entry).join(Skill).where(Skill.code == "W17", Entry.is_reserve.is_(False))
    entry = db.session.scalars(found.order_by(Entry.id)).first()
    assert entry is not None
    return entry


def reserve() -> Entry:
    return db.session.scalars(select(Entry).where(Entry.is_reserve)).one()


def who(username: str) -> int:
    return db.session.scalars(select(Account.id).where(Account.username == username)).one()


def ask(kind: str, reason: str = "生病", **wanted: object) -> ChangeRequest:
    return changes.ask(one().id, ChangeKind(kind), wanted, reason=reason, actor_id=who("leader"))


def decide(row: ChangeRequest, approved: bool, answer: str = "同意", by: str = "organiser") -> None:
    changes.decide(row.id, approved, answer=answer, actor_id=who(by))


def test_after_the_deadline_a_change_waits_for_a_second_person(closed: Flask) -> None:
    with closed.app_context():
        person = one().members[0].person_id
        row = ask("change", person=person, name="新名字", status="student")
        assert row.state == "asked"
        assert db.session.get(Person, person).name != "新名字"
        with pytest.raises(Refusal, match="somebody else"):
            decide(row, True, by="leader")
        decide(row, True)
        decide(row, True)  # a double tap
        assert db.session.get(Person, person).name == "新名字"
        with pytest.raises(Refusal, match="answered"):
            decide(row, False)
        assert one().state == EntryState.ELIGIBLE  # judged anew; the office approves again


def test_a_refusal_needs_a_reason_that_the_leader_reads(closed: Flask) -> None:
    with closed.app_context():
        row = ask("withdraw")
        with pytest.raises(Refusal, match="No reason for refusing"):
            decide(row, False, answer=" ")
        decide(row, False, answer="材料不全")
        assert one().state == EntryState.APPROVED
        (request,) = changes.of_delegation(db.session(), one().delegation_id)
        assert (request.row.state, request.row.answer) == ("refused", "材料不全")


def test_a_reserve_steps_in(closed: Flask) -> None:
    with closed.app_context():
        leaves = one().members[0].person_id
        row = ask("substitute", out=leaves, reserve=reserve().id)
        decide(row, True)
        db.session.expire_all()
        assert [member.person.name for member in one().members] == ["替补生"]
        assert reserve().state == EntryState.WITHDRAWN


def test_until_the_skills_own_day_a_substitution_is_free(closed: Flask) -> None:
    with closed.app_context():
        skill_id = one().skill_id
        body = write(skill_rules.current(db.session(), skill_id))
        body["substitute_until"] = (now() + DAY).date().isoformat()
        skill_rules.adopt(skill_id, body, reason="换人", actor_id=who("organiser"))
        row = ask("substitute", reason="", out=one().members[0].person_id, reserve=reserve().id)
        assert row.state == "approved"
        assert changes.free_kinds(db.session(), one()) == {ChangeKind.SUBSTITUTE}


def test_while_entries_are_open_everything_is_done_at_once(closed: Flask) -> None:
    with closed.app_context():
        with writing() as session:
            session.get(Stage, one().stage_id).entries_until = now() + DAY
        row = ask("withdraw", reason="")
        assert (row.state, row.decided_by) == ("approved", None)
        withdrawn = db.session.get(Entry, row.entry_id)
        assert withdrawn.state == EntryState.WITHDRAWN
        with pytest.raises(Refusal, match="withdrawn"):
            changes.ask(withdrawn.id, ChangeKind.WITHDRAW, {}, reason="x", actor_id=who("leader"))


def test_taking_back(closed: Flask) -> None:
    with closed.app_context():
        row = ask("withdraw")
        for _ in range(2):
            changes.take_back(row.id, actor_id=who("leader"))
        with pytest.raises(Refusal, match="taken back"):
            decide(row, True)


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("change", {"person": 0, "name": "某人"}),
        ("change", {"name": "x" * 101}),
        ("change", {"status": "retired"}),
        ("change", {"local_years": "3.5"}),
        ("change", {"local_years": "99"}),
        ("change", {}),
        ("substitute", {"reserve": 0}),
        ("substitute", {"reserve": None}),
        ("add", {}),
    ],
)
def test_what_cannot_be_done_is_refused_when_it_is_asked(closed: Flask, kind, wanted) -> None:
    with closed.app_context():
        person = one().members[0].person_id
        with pytest.raises(Refusal):
            ask(kind, **({"person": person, "out": person} | wanted))
        assert db.session.scalars(select(ChangeRequest)).all() == []


def test_once_work_has_begun_entries_stay(closed: Flask) -> None:
    with closed.app_context():
        row = ask("withdraw")
        with writing() as session:
            period = session.scalars(
                select(Period).where(Period.skill_id == one().skill_id)
            ).first()
            period.started_at = now()
        with pytest.raises(Refusal, match="Work has begun"):
            decide(row, True)
        with pytest.raises(Refusal, match="Work has begun"):
            ask("withdraw")


def test_the_ledger_and_the_table_hold_no_name(closed: Flask) -> None:
    with closed.app_context():
        row = ask("change", person=one().members[0].person_id, name="张不凡")
        decide(row, True)
        for line in db.session.scalars(select(LedgerRow)):
            assert "张不凡" not in str(line.body)
        assert "张不凡".encode() not in db.session.get(ChangeRequest, row.id).wanted_sealed
        assert ledger.walk(db.session(), None).ok


def test_the_way_on_the_pages(closed: Flask) -> None:
    leader, office = enter(closed, "leader"), enter(closed, "organiser")
    with closed.app_context():
        entry_id, person = one().id, one().members[0].person_id
    address = f"/delegation/entries/{entry_id}"
    page = text_of(leader, address)
    assert "替补生" in page and "要等秘书处答复" in page
    sent = {"kind": "change", "person": person, "status": "student", "reason": "证件更新"}
    assert leader.post(address, data=sent).status_code == 303
    assert "等待秘书处答复" in text_of(leader, address)
    listed = text_of(office, "/office/requests")
    assert "证件更新" in listed and "身份 → 学生" in listed
    with closed.app_context():
        waiting = db.session.scalars(select(ChangeRequest.id)).first()
    office.post(f"/office/requests/{waiting}", data={"approved": "1", "answer": "已核实"})
    assert "已核实" in text_of(leader, address)
    assert "没有待办" in text_of(office, "/office/requests")


def test_a_leader_reaches_the_own_delegation_only(closed: Flask) -> None:
    with closed.app_context():
        entry_id, code = one().id, one().delegation.code
        others = select(Account.username).join(Account.grants)
        other = db.session.scalars(
            others.where(Grant.role == Role.TEAM_LEADER, Grant.delegation_id != one().delegation_id)
        ).first()
        row = ask("withdraw")
    stranger = enter(closed, other)
    assert code and stranger.get(f"/delegation/entries/{entry_id}").status_code == 403
    assert stranger.post(f"/delegation/entries/{entry_id}").status_code == 403
    assert stranger.post(f"/delegation/requests/{row.id}/back").status_code == 403
    assert stranger.get("/office/requests").status_code == 403
    assert stranger.post(f"/office/requests/{row.id}").status_code == 403
    assert closed.test_client().get(f"/delegation/entries/{entry_id}").status_code == 302
    assert enter(closed, "leader").get("/delegation/entries/999999").status_code == 404
