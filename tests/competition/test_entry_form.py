"""One entry by a form: read as a roster is, written as a batch, asked for after the deadline."""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from competition import (
    changes,
    entry_adding,
    entry_form,
    ledger,
    privacy,
    roster_undo,
    roster_worker,
    skill_rules,
)
from competition.database import db, writing
from competition.entry_form import Typed, Unfit
from competition.models import (
    Account,
    BatchState,
    ChangeRequest,
    Entry,
    Grant,
    LedgerRow,
    Person,
    Role,
    RosterBatch,
    Skill,
    Stage,
)
from competition.moment import now
from competition.people import add_account, hashed
from competition.rules.refusal import Refusal
from competition.rules.skill_rules import PRESETS
from tests.competition import rostering as r

DAY = timedelta(days=1)


@pytest.fixture
def office(context: Flask) -> int:
    founder = r.founded()
    with writing() as session:
        grant = Grant(role=Role.TEAM_LEADER, delegation_id=r.delegation_id())
        add_account(
            session, username="leader", label="领队", password_hash=hashed("long enough 123"),
            grants=[grant],
        )  # fmt: skip
    return founder


def leader() -> int:
    return db.session.scalars(select(Account.id).where(Account.username == "leader")).one()


def skill(code: str = "W17") -> int:
    return db.session.scalars(select(Skill.id).where(Skill.code == code)).one()


def somebody(name: str = "张三", day: int = 1, **more: str) -> dict[str, str]:
    given = {"name": name, "id_number": r.number(day), "affiliation": "一中", "status": "学生"}
    return given | more


def add(*people: dict[str, str], code: str = "W17", reason: str = "", **more: Any) -> Any:
    return entry_adding.add(
        r.delegation_id(more.pop("home", "2301")),
        skill(code),
        Typed(people, more.pop("entry", {})),
        reason=reason,
        by_office=more.pop("by_office", False),
        actor_id=more.pop("actor_id", None) or leader(),
    )


def close() -> None:
    with writing() as session:
        session.execute(update(Stage).values(entries_until=now() - DAY))


def rules(code: str = "W17", **more: Any) -> None:
    body = dict(PRESETS["provincial"]) | more
    skill_rules.adopt(skill(code), body, reason="表", actor_id=None)


def one() -> Entry:
    db.session.rollback()
    return db.session.scalars(select(Entry)).one()


def kinds(refused: Any) -> list[tuple[int, str, str]]:
    return [(at, str(found.field), found.kind) for at, found in refused.value.findings]


def test_somebody_is_entered_at_once_and_judged(office: int) -> None:
    rules()
    sent = add(somebody(phone="138 0000 0001"), entry={"coach": "王师傅、李老师", "reserve": ""})
    entry = one()
    assert (sent.entry_id, sent.request_id, sent.is_known) == (entry.id, None, False)
    assert (entry.skill.code, entry.delegation.code, entry.state) == ("W17", "2301", "not_eligible")
    assert [coach.name for coach in entry.coaches] == ["王师傅", "李老师"]
    assert privacy.find(r.number(1)) == entry.members[0].person
    assert entry.code != entry.alias and entry.members[0].status == "student"
    batch = r.batch(entry.batch_id)
    assert (batch.state, batch.by_office, batch.counts["imported"]) == ("imported", False, 1)
    acts = db.session.scalars(select(LedgerRow)).all()
    assert "roster.import" in [row.act for row in acts]
    assert not any("张三" in str(row.body) for row in acts)
    assert ledger.walk(db.session(), None).ok


def test_what_eligibility_asks_can_be_said_at_once(office: int) -> None:
    rules(coach_required=False, born_before=None, youngest=None, oldest=None)
    add(somebody(local_years="2"))
    assert (one().members[0].local_years, one().state) == (2, "eligible")


def test_the_same_twice_is_one_entry(office: int) -> None:
    first, second = add(somebody()), add(somebody())
    assert second.is_known and second.entry_id == first.entry_id
    assert (r.many(Entry), r.many(RosterBatch)) == (1, 1)


def test_sent_twice_at_the_same_moment_it_is_one_entry(office: int, context: Flask) -> None:
    db.session.remove()
    found: list[Any] = []

    def tap() -> None:
        with context.app_context():
            found.append(add(somebody()))

    taps = [Thread(target=tap) for _ in range(4)]
    for one_tap in taps:
        one_tap.start()
    for one_tap in taps:
        one_tap.join()
    assert len({sent.entry_id for sent in found}) == 1 and len(found) == 4
    assert (r.many(Entry), r.many(RosterBatch), r.many(Person)) == (1, 1, 1)


def test_it_is_undone_as_a_roster_is(office: int) -> None:
    rules()
    add(somebody())
    roster_undo.order(one().batch_id, actor_id=leader())
    assert roster_worker.step()
    assert (r.many(Entry), r.many(Person)) == (0, 0)
    db.session.rollback()
    assert db.session.scalars(select(RosterBatch.state)).one() == BatchState.UNDONE


@pytest.mark.parametrize(
    ("people", "found"),
    [
        ([{}], [(0, "name", "missing"), (0, "id_number", "missing")]),
        ([{"name": "张三"}], [(0, "id_number", "missing")]),
        ([{"name": "合计"}], [(0, "name", "missing"), (0, "id_number", "missing")]),
        ([somebody(id_number="123")], [(0, "id_number", "id_length")]),
        ([somebody(status="退休", phone="12")], [(0, "status", "status_word"),
                                                (0, "phone", "phone_form")]),
        ([somebody(local_years="3.5")], [(0, "local_years", "years_form")]),
        ([somebody(local_years="0" * 10 + "99")], [(0, "local_years", "years_form")]),
        ([somebody(name="=1+1")], [(0, "name", "formula")]),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_beside_its_field(office: int, people: Any, found: Any) -> None:
    with pytest.raises(Unfit) as refused:
        add(*people)
    assert kinds(refused) == found
    assert (r.many(Entry), r.many(RosterBatch)) == (0, 0)


def test_what_others_registered_is_refused(office: int) -> None:
    r.imported([r.person("张三", 1, home="大庆市")])
    with pytest.raises(Unfit) as refused:
        add(somebody())
    assert kinds(refused) == [(0, "delegation", "entered_elsewhere")]
    with pytest.raises(Unfit) as refused:
        add(somebody("李四"))
    assert (0, "name", "known_as") in kinds(refused)
    assert "张三" not in refused.value.findings[0][1].zh  # another delegation's name


def test_a_started_skill_takes_nobody(office: int) -> None:
    r.start("W17")
    with pytest.raises(Unfit) as refused:
        add(somebody())
    assert kinds(refused) == [(0, "skill", "has_started")]
    assert "W17" not in [
        one.skill.code for one in entry_form.choices(db.session(), r.delegation_id(), None)
    ]


def test_a_team_is_one_entry(office: int) -> None:
    code = r.team_skill()
    with pytest.raises(Unfit) as refused:
        add(somebody(), somebody("李四", 1), code=code)
    assert "与第 1 行" in dict(refused.value.findings)[1].zh
    with pytest.raises(Unfit) as refused:
        add(somebody(), {}, code=code)
    assert kinds(refused) == [(1, "name", "missing"), (1, "id_number", "missing")]
    add(somebody(), somebody("李四", 2), code=code, entry={"coach": "王师傅"})
    assert [member.person.name for member in one().members] == ["张三", "李四"]
    assert len(one().coaches) == 1


def test_a_reserve_and_the_quota(office: int) -> None:
    rules(quota=1, reserves=1)
    add(somebody())
    with pytest.raises(Refusal, match="used its 1 places"):
        add(somebody("李四", 2))
    add(somebody("李四", 2), entry={"reserve": "是"})
    with pytest.raises(Refusal, match="reserve places"):
        add(somebody("王五", 3), entry={"reserve": "是"})
    with db.session() as session:
        stage = session.scalars(select(Stage.id).where(Stage.takes_entries)).one()
        left = {one.skill.code for one in entry_form.choices(session, r.delegation_id(), stage)}
    assert "W17" not in left and "W19" in left
    add(somebody("王五", 3), by_office=True, actor_id=office)  # judged, and not eligible
    assert r.many(Entry) == 3


def test_after_the_deadline_it_waits_for_a_second_person(office: int) -> None:
    rules()
    close()
    with pytest.raises(Refusal, match="needs a reason"):
        add(somebody())
    sent, again = add(somebody(), reason="漏报"), add(somebody(), reason="漏报")
    assert sent.entry_id is None and sent.request_id == again.request_id and r.many(Entry) == 0
    row = db.session.get(ChangeRequest, sent.request_id)
    assert r.number(1).encode() not in row.wanted_sealed
    wanted = changes.opened(row)
    assert wanted["rows"][0]["masked"] == privacy.mask(r.number(1))
    with pytest.raises(Refusal, match="somebody else"):
        changes.decide(row.id, True, answer="", actor_id=leader())
    for _ in range(2):
        changes.decide(row.id, True, answer="", actor_id=office)
    entry = one()
    assert entry.state == "not_eligible" and r.batch(entry.batch_id).imported_by == office
    db.session.rollback()
    row = db.session.get(ChangeRequest, sent.request_id)
    assert (row.state, row.entry_id) == ("approved", entry.id)
    assert changes.opened(row) == {"skill": "W17", "rows": [{"name": "张*"}]}


def test_refused_or_taken_back_nothing_typed_is_kept(office: int) -> None:
    close()
    first, second = add(somebody(), reason="a"), add(somebody("李四", 2), reason="b")
    changes.decide(first.request_id, False, answer="已满", actor_id=office)
    changes.take_back(second.request_id, actor_id=leader())
    for one in db.session.scalars(select(ChangeRequest)):
        assert set(changes.opened(one)) == {"skill", "rows"}
    assert r.many(Entry) == 0


def test_what_does_not_fit_any_more_is_not_approved(office: int) -> None:
    close()
    sent = add(somebody(), reason="漏报")
    r.imported([r.person("张三", 1, home="大庆市")])
    with pytest.raises(Refusal, match="cannot be entered any more"):
        changes.decide(sent.request_id, True, answer="", actor_id=office)
    db.session.rollback()
    assert db.session.get(ChangeRequest, sent.request_id).state == "asked"
    assert r.many(Entry) == 1


def test_the_office_is_not_bound_by_the_deadline(office: int) -> None:
    close()
    assert add(somebody(), by_office=True, actor_id=office).entry_id == one().id
    assert r.batch(one().batch_id).by_office
