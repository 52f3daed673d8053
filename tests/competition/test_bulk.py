"""Bulk acts on entries: looked at, done as one, undone as one, never on another list than seen."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from competition import bulk, lists
from competition.database import db, writing
from competition.lists import Wish
from competition.models import (
    BulkAct,
    BulkChange,
    BulkKind,
    Entry,
    EntryState,
    Grant,
    LedgerRow,
    Member,
    Period,
    Role,
    Skill,
)
from competition.moment import now
from competition.people import add_account
from competition.rules.refusal import Refusal
from tests.competition.test_eligibility_verbs import entries, hall, w01, who
from tests.competition.views.test_office import enter, text_of

__all__ = ["hall"]


def chosen(wish: Wish | None = None) -> list[tuple[int, str]]:
    db.session.rollback()
    return lists.ids(db.session(), wish or Wish(skill="W01"), None)


def done(kind: BulkKind, wish: Wish | None = None, reason: str = "") -> BulkAct:
    seen = bulk.look(db.session(), kind, chosen(wish))
    return bulk.do(kind, chosen(wish), seen.seal, reason=reason, actor_id=who("organiser"))


def states() -> list[str]:
    db.session.rollback()
    db.session.expire_all()
    return [entry.state for entry in entries()]


def not_begun() -> None:
    with writing() as session:
        for period in session.scalars(select(Period).where(Period.skill_id == w01().id)):
            period.started_at = period.ended_at = None


def test_judge_approve_and_undo_both(hall: Flask) -> None:
    with hall.app_context():
        number = len(entries())
        with writing() as session:
            first = session.get_one(Entry, entries()[0].id)
            for member in first.members:
                member.status = None
        judge = done(BulkKind.JUDGE)
        assert judge.count == number
        assert states() == ["not_eligible"] + ["eligible"] * (number - 1)
        seen = bulk.look(db.session(), BulkKind.APPROVE, chosen())
        assert len(seen.touched) == number - 1 and seen.left_out == {"state": 1}
        approve = done(BulkKind.APPROVE)
        assert states() == ["not_eligible"] + ["approved"] * (number - 1)
        back, left = bulk.undo(judge.id, actor_id=who("organiser"))
        assert (back, left) == (1, number - 1)  # the others were approved since
        assert bulk.undo(approve.id, actor_id=who("organiser")) == (number - 1, 0)
        assert states() == ["entered"] + ["eligible"] * (number - 1)
        with pytest.raises(Refusal):
            bulk.undo(approve.id, actor_id=who("organiser"))
        rows = db.session.scalars(select(LedgerRow).where(LedgerRow.act.like("entry.bulk%"))).all()
        assert [row.act for row in rows] == ["entry.bulk"] * 2 + ["entry.bulk_undo"] * 2
        assert rows[1].body["states"] == {"eligible>approved": number - 1}


def test_another_list_than_was_seen_is_refused(hall: Flask) -> None:
    with hall.app_context():
        seal = bulk.look(db.session(), BulkKind.JUDGE, chosen()).seal
        with writing() as session:
            session.get_one(Entry, entries()[0].id).state = EntryState.WITHDRAWN
        before = states()
        with pytest.raises(Refusal):
            bulk.do(BulkKind.JUDGE, chosen(), seal, reason="", actor_id=who("organiser"))
        with pytest.raises(Refusal):  # another one was withdrawn between reading and writing
            bulk._move(db.session(), [(entries()[0].id, "entered", "eligible")])
        db.session.rollback()
        assert states() == before
        assert db.session.scalars(select(BulkChange)).all() == []


def test_withdrawing_needs_a_reason_and_a_skill_that_has_not_begun(hall: Flask) -> None:
    with hall.app_context():
        with writing() as session:
            for period in session.scalars(select(Period).where(Period.skill_id == w01().id)):
                period.started_at = now()
        seen = bulk.look(db.session(), BulkKind.WITHDRAW, chosen())
        assert (seen.touched, seen.left_out["begun"]) == ([], len(entries()))
        with pytest.raises(Refusal):
            done(BulkKind.WITHDRAW, reason="停办")
        not_begun()
        with pytest.raises(Refusal):
            done(BulkKind.WITHDRAW, reason="  ")
        act = done(BulkKind.WITHDRAW, reason="停办")
        assert set(states()) == {"withdrawn"}
        rows = db.session.scalars(select(LedgerRow)).all()
        assert all("停办" not in str(row.body) for row in rows)
        with writing() as session:  # work begins: nobody comes back into it by undoing
            for period in session.scalars(select(Period).where(Period.skill_id == w01().id)):
                period.started_at = act.at
        with pytest.raises(Refusal):
            bulk.undo(act.id, actor_id=who("organiser"))
        not_begun()
        assert bulk.undo(act.id, actor_id=who("organiser")) == (len(entries()), 0)
        assert set(states()) == {"entered"}


def test_a_later_act_keeps_its_entries(hall: Flask) -> None:
    with hall.app_context():
        not_begun()
        done(BulkKind.JUDGE)
        first = done(BulkKind.APPROVE)
        second = done(BulkKind.WITHDRAW, reason="停办")
        with pytest.raises(Refusal):
            bulk.undo(first.id, actor_id=who("organiser"))
        bulk.undo(second.id, actor_id=who("organiser"))
        assert bulk.undo(first.id, actor_id=who("organiser"))[1] == 0


def hidden(page: str) -> dict[str, list[str]]:
    """The fields of the confirmation."""
    form = page[page.index('class="bulk-confirm"') :]
    found: dict[str, list[str]] = {}
    for field, text in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form):
        found.setdefault(field, []).append(text)
    return found


def test_the_way_over_the_pages(hall: Flask) -> None:
    client = enter(hall, "organiser")
    with hall.app_context():
        ids = [str(entry.id) for entry in entries()]
        name = entries()[0].members[0].person.name
    ask = {"kind": "judge", "skill": "W01"}
    empty = client.post("/office/bulk/look", data=ask, follow_redirects=True)
    assert "没有选择报名" in empty.get_data(as_text=True)
    page = client.post("/office/bulk/look", data=ask | {"id": ids[:3]}).get_data(as_text=True)
    assert name in page and "审核 3 个报名" in page
    answer = client.post("/office/bulk", data=hidden(page), follow_redirects=True)
    said = answer.get_data(as_text=True)
    assert "3 个报名的状态有变" in said and "撤销全部 3 个" in said
    page = client.post("/office/bulk/look", data=ask | {"all": "1"}).get_data(as_text=True)
    assert f"审核 {len(ids)} 个报名" in page
    fields = hidden(page)
    assert "id" not in fields
    client.post("/office/bulk", data=fields)
    again = client.post("/office/bulk", data=fields, follow_redirects=True)
    assert "您查看之后，名单有了变化" in again.get_data(as_text=True)
    with hall.app_context():
        assert set(states()) == {"eligible"}
        last = db.session.scalars(select(BulkAct.id).order_by(BulkAct.id.desc())).first()
    undone = client.post(f"/office/bulk/{last}/undo", follow_redirects=True)
    assert "已恢复原状" in undone.get_data(as_text=True)
    assert "已撤销" in text_of(client, "/office/bulk")
    assert client.post("/office/bulk/look", data={"kind": "burn"}).status_code == 400
    assert client.post("/office/bulk/999/undo").status_code == 404


def test_a_zone_acts_on_its_own_only(hall: Flask) -> None:
    with hall.app_context():
        own = w01().zone_id
        other = db.session.scalars(
            select(Entry.id).join(Skill).where(Skill.zone_id != own).order_by(Entry.id)
        ).first()
        with writing() as session:
            add_account(
                session, username="zone", label="赛区", password_hash="x",
                grants=[Grant(role=Role.SECRETARIAT, zone_id=own)],
            )  # fmt: skip
            session.get_one(Entry, other).state = EntryState.ENTERED
        theirs = done(BulkKind.JUDGE).id
    client = enter(hall, "zone")
    given = {"kind": "judge", "id": [str(other)]}
    answer = client.post("/office/bulk/look", data=given, follow_redirects=True)
    assert "没有选择报名" in answer.get_data(as_text=True)
    assert client.post(f"/office/bulk/{theirs}/undo").status_code == 403
    assert "还没有批量操作" in text_of(client, "/office/bulk")


@pytest.mark.parametrize("username", ["w01-chief", "leader-harbin", "w01-01", "w01-judge-1"])
def test_only_the_office_acts(hall: Flask, username: str) -> None:
    client = enter(hall, username)
    assert client.get("/office/bulk").status_code == 403
    for address in ("/office/bulk/look", "/office/bulk", "/office/bulk/1/undo"):
        assert client.post(address, data={"kind": "judge", "all": "1"}).status_code in (403, 404)
    with hall.app_context():
        assert db.session.scalars(select(BulkAct)).all() == []
        assert db.session.scalars(select(Member.id)).first() is not None
