"""Separation of duties: what binds a person to a skill, at the grant and again at the act.

A grant is refused when it would be in conflict (`grants.give`). But a roster that comes later, a
coach who is named later or a skill that moves to another zone bring conflicts to roles that were
in order. So whoever gives marks or acts as chief judge is asked about once more when they act.
Read only.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from competition.models import (
    Account,
    Coach,
    Entry,
    EntryState,
    Grant,
    LedgerRow,
    Member,
    Person,
    Skill,
)
from competition.moment import now
from competition.prepared import Prepared
from competition.rules.duties import PANEL, Conflict, Duty, Role, Ties, conflict
from competition.rules.refusal import Refusal


def duty(session: Session, role: Role, skill_id: int | None, zone_id: int | None) -> Duty:
    """A role somewhere, as the rule compares it."""
    if skill_id is not None:
        zone_id = session.scalar(select(Skill.zone_id).where(Skill.id == skill_id))
    return Duty(role, skill_id, zone_id)


def held_by(session: Session, account: Account, at: datetime) -> list[Duty]:
    """What the human being behind an account holds or will hold, under whatever account."""
    grants = session.scalars(
        select(Grant).where(Grant.account_id.in_(_accounts(session, account)), still(at))
    )
    return [duty(session, Role(one.role), one.skill_id, one.zone_id) for one in grants]


def done_by(session: Session, account: Account, at: datetime) -> list[Duty]:
    """What that human being held once and acted under: who marked and stepped down does not rule
    on those marks afterwards. A role given by mistake, without an act in it, is none."""
    over = session.scalars(
        select(Grant).where(
            Grant.account_id.in_(_accounts(session, account)),
            or_(Grant.ended_at.is_not(None), Grant.until <= at),
        )
    )
    return [
        duty(session, Role(one.role), one.skill_id, one.zone_id)
        for one in over
        if _acted(session, one)
    ]


def ties(session: Session, account: Account, skill_id: int | None, zone_id: int | None) -> Ties:
    """What binds the human being behind an account to the competitors of these skills."""
    person = account.person
    if person is None:
        return Ties()
    there = (
        select(Member.id)
        .join(Entry, Entry.id == Member.entry_id)
        .where(_reached(skill_id, zone_id))
    )
    competes = session.scalar(there.where(Member.person_id == person.id).limit(1)) is not None
    shares = False
    if person.affiliation_id is not None:
        same = there.join(Person, Person.id == Member.person_id).where(
            Person.affiliation_id == person.affiliation_id, Person.id != person.id
        )
        shares = session.scalar(same.limit(1)) is not None
    coaches = session.scalar(
        select(Coach.id)
        .join(Entry, Entry.id == Coach.entry_id)
        .where(
            _reached(skill_id, zone_id),
            is_coach(person.id, person.name, person.affiliation_id),
        )
        .limit(1)
    )
    return Ties(competes=competes, coaches=coaches is not None, shares_affiliation=shares)


def is_coach(person_id: object, name: object, affiliation_id: object) -> ColumnElement[bool]:
    """Whether a coach's row means a person: it names them, or rosters wrote down the same name
    from the same place."""
    return or_(
        Coach.person_id == person_id,
        and_(
            Coach.person_id.is_(None),
            Coach.name == name,
            Coach.affiliation_id == affiliation_id,
        ),
    )  # fmt: skip


# At the act

_judge, _theirs, _grant = aliased(Person), aliased(Person), aliased(Grant)
_own, _same = aliased(Account), aliased(Account)
_in_skill = and_(Entry.skill_id == bindparam("skill"), Entry.state != EntryState.WITHDRAWN)
# Whether anything at all could be in the way: asked at every mark (`judging/on_duty`).
IN_QUESTION = (
    select(_own.id)
    .outerjoin(_judge, _judge.id == _own.person_id)
    .where(_own.id == bindparam("account"))
    .where(
        or_(
            exists()
            .where(_grant.account_id == _same.id)
            .where(or_(_same.id == _own.id, _same.person_id == _own.person_id))
            .where(*(_grant.role != one for one in (*PANEL, Role.COMPETITOR)))
            .where(_grant.ended_at.is_(None)),
            exists()
            .where(Member.entry_id == Entry.id, _in_skill)
            .where(_theirs.id == Member.person_id)
            .where(
                or_(
                    _theirs.id == _judge.id,
                    _theirs.affiliation_id == _judge.affiliation_id,
                )
            ),
            exists()
            .where(Coach.entry_id == Entry.id, _in_skill)
            .where(is_coach(_judge.id, _judge.name, _judge.affiliation_id)),
        )
    )
)
_IS_IN_QUESTION = Prepared(IN_QUESTION)


def conflict_at_act(
    session: Session, account_id: int, role: Role, skill_id: int
) -> Conflict | None:
    """What keeps somebody who holds a role of the panel from acting in it at this moment."""
    asked = {"account": account_id, "skill": skill_id}
    if _IS_IN_QUESTION.first(session, asked) is None:
        return None
    account = session.get_one(Account, account_id)
    wanted = duty(session, role, skill_id, None)
    found = session.scalars(
        select(Grant).where(Grant.account_id.in_(_accounts(session, account)), Grant.held(now()))
    )
    held = [duty(session, Role(one.role), one.skill_id, one.zone_id) for one in found]
    return conflict(wanted, held, ties(session, account, skill_id, None))


def require(session: Session, account_id: int | None, role: Role, skill_id: int) -> None:
    """Refuse an act of the panel to whom the separation of duties forbids it. Nobody in person
    (the worker, the command line) is not asked."""
    found = conflict_at_act(session, account_id, role, skill_id) if account_id is not None else None
    if found is not None:
        raise Refusal(
            f"{found.zh}。什么都没有改变。请由他人操作，或请组织者结束其中一项权限。",
            f"{found.en}. Nothing was changed. Somebody else must do it, or an organiser ends one"
            " of the two roles.",
            status=403,
        )


# Whose, where and when


def accounts_of(session: Session, account_id: int) -> list[int]:
    """All accounts of the human being behind one: who asks does not grant under another name."""
    return _accounts(session, session.get_one(Account, account_id))


def _accounts(session: Session, account: Account) -> list[int]:
    if account.person_id is None:
        return [account.id]
    same = select(Account.id).where(Account.person_id == account.person_id)
    return list(session.scalars(same))


def still(at: datetime) -> ColumnElement[bool]:
    """The grants that are in force or will be."""
    return and_(Grant.ended_at.is_(None), or_(Grant.until.is_(None), Grant.until > at))


def _acted(session: Session, grant: Grant) -> bool:
    """Whether its holder did anything in a skill's ledger while they held it."""
    ended = min(one for one in (grant.ended_at, grant.until) if one is not None)
    acts = select(LedgerRow.id).where(LedgerRow.actor_id == grant.account_id, LedgerRow.at <= ended)
    if grant.since is not None:
        acts = acts.where(LedgerRow.at >= grant.since)
    if grant.skill_id is not None:
        acts = acts.where(LedgerRow.skill_id == grant.skill_id)
    elif grant.zone_id is not None:
        there = select(Skill.id).where(Skill.zone_id == grant.zone_id)
        acts = acts.where(LedgerRow.skill_id.in_(there))
    else:
        acts = acts.where(LedgerRow.skill_id.is_not(None))
    return session.scalar(acts.limit(1)) is not None


def _reached(skill_id: int | None, zone_id: int | None) -> ColumnElement[bool]:
    """The entries of the skills that a duty reaches; who withdrew binds nobody."""
    stands = Entry.state != EntryState.WITHDRAWN
    if skill_id is not None:
        return and_(stands, Entry.skill_id == skill_id)
    if zone_id is not None:
        return and_(stands, Entry.skill_id.in_(select(Skill.id).where(Skill.zone_id == zone_id)))
    return stands
