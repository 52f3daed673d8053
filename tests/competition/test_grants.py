"""Giving and ending roles: the scopes, the times, the separation of duties, the ledger."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from competition import access, founding, grants, ledger, people
from competition.database import db, writing
from competition.grants import Wanted
from competition.models import (
    Account,
    Affiliation,
    Delegation,
    Entry,
    Grant,
    LedgerRow,
    Member,
    Person,
    Role,
    Skill,
    Zone,
)
from competition.moment import now
from competition.rules.refusal import Refusal
from tests.competition.test_founding import GIVEN

HOUR = timedelta(hours=1)


@dataclass
class Office:
    """A founded competition with its organiser and some accounts to give roles to."""

    organiser: int
    w17: Skill
    w10: Skill

    def account(self, name: str, affiliation: str | None = None, person: int | None = None) -> int:
        with writing() as session:
            somebody = session.get(Person, person) if person else None
            if affiliation:
                home = session.scalar(select(Affiliation).where(Affiliation.name == affiliation))
                somebody = Person(name=name, affiliation=home or Affiliation(name=affiliation))
            account = people.add_account(
                session, username=name, label=name, password_hash="x", grants=[], person=somebody
            )
            session.flush()
            return account.id

    def give(self, account: int, role: Role, **scope: Any) -> int:
        return grants.give(Wanted(account, role, **scope), actor_id=self.organiser)

    def of(self, account: int) -> Account:
        db.session.expire_all()
        return db.session.get_one(Account, account)


@pytest.fixture
def office(context: Flask) -> Iterator[Office]:
    founding.found(founding.read(GIVEN))
    organiser = db.session.scalars(select(Account.id)).one()
    skills = {skill.code: skill for skill in db.session.scalars(select(Skill))}
    zones = {zone.code: zone for zone in db.session.scalars(select(Zone))}
    with writing():
        skills["W17"].zone_id, skills["W10"].zone_id = zones["harbin"].id, zones["suihua"].id
    yield Office(organiser, skills["W17"], skills["W10"])


def refused(words: str, *arguments: Any, **more: Any) -> None:
    with pytest.raises(Refusal) as caught:
        grants.give(*arguments, **more)
    assert words in caught.value.zh
    assert "没有授权" in caught.value.zh


def test_a_role_holds_in_its_skill(office: Office) -> None:
    li = office.account("li")
    office.give(li, Role.JUDGE, skill_id=office.w17.id)
    account = office.of(li)
    assert access.may_judge(account, office.w17)
    assert not access.may_judge(account, office.w10)
    assert not access.may_direct(account, office.w17)
    row = db.session.scalars(select(LedgerRow).where(LedgerRow.act == "grant.give")).one()
    assert (row.skill_id, row.actor_id) == (office.w17.id, office.organiser)
    assert row.body["account"] == li
    assert office.w17.revision == 1
    assert ledger.walk(db.session(), office.w17.id).ok


def test_a_role_holds_in_its_zone(office: Office) -> None:
    zhou = office.account("zhou")
    office.give(zhou, Role.SECRETARIAT, zone_id=office.w17.zone_id)
    account = office.of(zhou)
    assert access.may_organise(account, office.w17)
    assert not access.may_organise(account, office.w10)
    assert not access.may_organise(account), "the whole competition is not a zone"
    assert access.may_enter_office(account)
    assert not access.may_grant(account)


@pytest.mark.parametrize(
    "since, until, holds",
    [
        (None, None, True),
        (-HOUR, HOUR, True),
        (HOUR, None, False),
        (HOUR, 2 * HOUR, False),
        (None, HOUR, True),
    ],
)
def test_a_role_holds_in_its_time(
    office: Office, since: timedelta | None, until: timedelta | None, holds: bool
) -> None:
    li = office.account("li")
    at = now()
    office.give(
        li,
        Role.JUDGE,
        skill_id=office.w17.id,
        since=at + since if since else None,
        until=at + until if until else None,
    )
    assert access.may_judge(office.of(li), office.w17) is holds
    found = db.session.scalars(select(Grant).where(Grant.account_id == li, Grant.held(now())))
    assert bool(found.all()) is holds
    assert bool(access.skills_of(office.of(li), Role.JUDGE)) is holds


def test_a_role_whose_time_is_over_does_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    li = office.account("li")
    given = office.give(li, Role.CHIEF_JUDGE, skill_id=office.w17.id, until=now() + HOUR)
    assert access.may_direct(office.of(li), office.w17)
    later = now() + 2 * HOUR
    monkeypatch.setattr(access, "now", lambda: later)
    assert not access.may_direct(office.of(li), office.w17)
    assert access.home_of(office.of(li)) == "boards.home"
    before = office.w17.revision
    assert grants.note_ends(later) == 1
    assert grants.note_ends(later) == 0
    grant = db.session.get_one(Grant, given)
    assert (grant.ended_at, grant.ended_by) == (grant.until, None)
    assert office.of(office.organiser)
    assert db.session.get_one(Skill, office.w17.id).revision == before + 1


def test_an_ended_role_does_nothing(office: Office) -> None:
    li = office.account("li")
    given = office.give(li, Role.JUDGE, skill_id=office.w17.id)
    with pytest.raises(Refusal, match="Say why"):
        grants.end(given, reason=" ", actor_id=office.organiser)
    grants.end(given, reason="换人", actor_id=office.organiser)
    grants.end(given, reason="换人", actor_id=office.organiser)
    assert not access.may_judge(office.of(li), office.w17)
    acts = db.session.scalars(
        select(LedgerRow.act).where(LedgerRow.skill_id == office.w17.id).order_by(LedgerRow.number)
    )
    assert list(acts) == ["grant.give", "grant.end"]
    office.give(li, Role.JUDGE, skill_id=office.w17.id)
    assert access.may_judge(office.of(li), office.w17)
    with pytest.raises(Refusal, match="no such role"):
        grants.end(99_999, reason="x", actor_id=office.organiser)


def test_scopes_and_times_that_cannot_be(office: Office) -> None:
    li, delegation = office.account("li"), db.session.scalars(select(Delegation.id)).first()
    actor = {"actor_id": office.organiser}
    w17, zone = office.w17.id, office.w17.zone_id
    refused("范围应为：一个赛项", Wanted(li, Role.JUDGE), **actor)
    refused("范围应为：一个赛项", Wanted(li, Role.JUDGE, zone_id=zone), **actor)
    refused("范围应为", Wanted(li, Role.ORGANISER, skill_id=w17), **actor)
    refused("范围应为", Wanted(li, Role.ARBITER, skill_id=w17, zone_id=zone), **actor)
    refused("范围应为", Wanted(li, Role.ARBITER, delegation_id=delegation), **actor)
    refused("随报名而来", Wanted(li, Role.COMPETITOR), **actor)
    refused("没有这个赛项", Wanted(li, Role.JUDGE, skill_id=99_999), **actor)
    refused("没有这个账号", Wanted(99_999, Role.ORGANISER), **actor)
    ago: datetime = now() - HOUR
    refused("结束时间", Wanted(li, Role.JUDGE, skill_id=w17, until=ago), **actor)
    soon = now() + HOUR
    refused(
        "结束时间", Wanted(li, Role.JUDGE, skill_id=w17, since=soon + HOUR, until=soon), **actor
    )
    assert db.session.scalars(select(Grant).where(Grant.account_id == li)).all() == []


def test_not_twice_and_not_to_oneself(office: Office) -> None:
    li = office.account("li")
    office.give(li, Role.ARBITER)
    refused("已有这项权限", Wanted(li, Role.ARBITER), actor_id=office.organiser)
    refused("不能给自己授权", Wanted(office.organiser, Role.SUPERVISOR), actor_id=office.organiser)


def test_duties_are_kept_apart_by_person(office: Office) -> None:
    li = office.account("li", affiliation="甲学校")
    person = office.of(li).person_id
    second = office.account("li-2", person=person)
    office.give(li, Role.RECORDER, skill_id=office.w17.id)
    refused(
        "录分员从不复核",
        Wanted(second, Role.CONFIRMER, zone_id=office.w17.zone_id),
        actor_id=office.organiser,
    )
    office.give(second, Role.CONFIRMER, skill_id=office.w10.id)
    refused(
        "管理大赛的人从不评分",
        Wanted(office.organiser, Role.JUDGE, skill_id=office.w17.id),
        actor_id=li,
    )


def test_a_later_role_counts_and_an_ended_one_does_not(office: Office) -> None:
    li = office.account("li")
    later = office.give(li, Role.ARBITER, skill_id=office.w17.id, since=now() + HOUR)
    wanted = Wanted(li, Role.JUDGE, skill_id=office.w17.id)
    refused("仲裁", wanted, actor_id=office.organiser)
    grants.end(later, reason="改任裁判员", actor_id=office.organiser)
    grants.give(wanted, actor_id=office.organiser)


def test_a_chief_judge_does_not_come_from_where_a_competitor_does(office: Office) -> None:
    li = office.account("li", affiliation="甲学校")
    with writing() as session:
        home = session.scalars(select(Affiliation)).one()
        pupil = Person(name="学生", affiliation=home)
        delegation = session.scalars(select(Delegation.id)).first()
        entry = Entry(skill_id=office.w17.id, delegation_id=delegation, code="K-1", alias="P1")
        entry.members = [Member(person=pupil)]
        session.add(entry)
        session.flush()
        pupil_id = pupil.id
    actor = {"actor_id": office.organiser}
    refused("所在的单位", Wanted(li, Role.CHIEF_JUDGE, skill_id=office.w17.id), **actor)
    office.give(li, Role.JUDGE, skill_id=office.w17.id)  # and stands aside from that one work
    competitor = office.account("pupil", person=pupil_id)
    refused("本人是该赛项的选手", Wanted(competitor, Role.ARBITER), **actor)
    office.give(competitor, Role.INVIGILATOR, skill_id=office.w10.id)


def test_the_last_organiser_stays(office: Office) -> None:
    own = db.session.scalars(select(Grant.id).where(Grant.account_id == office.organiser)).one()
    with pytest.raises(Refusal, match="only organiser"):
        grants.end(own, reason="x", actor_id=office.organiser)
    wang = office.account("wang")
    office.give(wang, Role.ORGANISER)
    grants.end(own, reason="移交", actor_id=wang)
    assert not access.may_organise(office.of(office.organiser))


def test_the_panel_of_a_locked_skill_takes_nobody(office: Office) -> None:
    li = office.account("li")
    with writing() as session:
        session.get_one(Skill, office.w17.id).locked_at = now()
    refused("已锁定", Wanted(li, Role.JUDGE, skill_id=office.w17.id), actor_id=office.organiser)


def test_a_grant_out_of_scope_opens_nothing(office: Office) -> None:
    """A row that no verb writes, a judge of everything, is no judge of anything."""
    li = office.account("li")
    with writing() as session:
        session.add(Grant(account_id=li, role=Role.JUDGE))
        session.add(Grant(account_id=li, role=Role.ORGANISER, zone_id=office.w17.zone_id))
    account = office.of(li)
    assert not access.may_judge(account, office.w17)
    assert not access.may_organise(account)
    assert not access.may_organise(account, office.w17)
    assert access.home_of(account) == "boards.home"


def test_an_arbiter_sees_evidence_once_marks_are_locked(office: Office) -> None:
    li = office.account("li")
    office.give(li, Role.ARBITER, zone_id=office.w17.zone_id)
    assert not access.may_see_evidence(office.of(li), office.w17)
    with writing() as session:
        for skill in (office.w17, office.w10):
            session.get_one(Skill, skill.id).locked_at = now()
    account = office.of(li)
    assert access.may_see_evidence(account, db.session.get_one(Skill, office.w17.id))
    assert not access.may_see_evidence(account, db.session.get_one(Skill, office.w10.id))
