"""Roles: giving one, ending one, and noting those whose time has run out.

A grant for a skill is an act of the skill's ledger, because who judges moves what a board waits
for; every other is an act of the competition's.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from competition import ledger
from competition.database import db, writing
from competition.models import Account, Delegation, Grant, Skill, Zone
from competition.moment import iso, now
from competition.rules.duties import SCOPES, WORDS, Role, Scope, scope_of, why_not
from competition.rules.refusal import Refusal
from competition.separation import done_by, duty, held_by, still, ties


@dataclass(frozen=True, slots=True)
class Wanted:
    """A role that somebody is to have, where, and for how long."""

    account_id: int
    role: Role
    skill_id: int | None = None
    zone_id: int | None = None
    delegation_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def give(wanted: Wanted, *, actor_id: int | None) -> int:
    """Give a role, unless the separation of duties forbids it; gives the grant's id."""
    at = now()
    with writing() as session:
        account = session.get(Account, wanted.account_id)
        if account is None or not account.active:
            raise _refused(
                "没有这个账号，或账号已停用", "There is no such account, or it is closed"
            )
        _check_form(session, wanted, at)
        if account.id == actor_id:
            raise _refused(
                "不能给自己授权，请另一位组织者操作", "Nobody gives a role to themselves"
            )
        if any(_same(grant, wanted) for grant in _still(session, [account.id], at)):
            raise _refused("此账号已有这项权限", "The account has this role already")
        refusal = why_not(
            duty(session, wanted.role, wanted.skill_id, wanted.zone_id),
            held_by(session, account, at),
            ties(session, account, wanted.skill_id, wanted.zone_id),
            done_by(session, account, at),
        )
        if refusal is not None:
            raise refusal
        grant = Grant(
            account_id=account.id,
            role=wanted.role,
            skill_id=wanted.skill_id,
            zone_id=wanted.zone_id,
            delegation_id=wanted.delegation_id,
            since=wanted.since or at,
            until=wanted.until,
            granted_by=actor_id,
        )
        session.add(grant)
        session.flush()
        body = {"since": iso(grant.since), "until": iso(grant.until)}
        _note(session, "grant.give", grant, body, actor_id)
        return grant.id


def end(grant_id: int, *, reason: str, actor_id: int | None) -> None:
    """End a role now. What was done under it stands; ending it twice changes nothing."""
    at = now()
    with writing() as session:
        grant = session.get(Grant, grant_id)
        if grant is None:
            raise Refusal(
                "没有这项权限，什么都没有改变。请刷新页面。",
                "There is no such role; nothing was changed. Reload the page.",
                status=404,
            )
        if grant.ended_at is not None:
            return
        if not reason.strip():
            raise _kept("请写明结束的原因", "Say why it is ended")
        if grant.role == Role.ORGANISER and _organisers(session, at) == {grant.account_id}:
            raise _kept(
                "这是唯一的组织者，请先再任命一位",
                "This is the only organiser; appoint another one first",
            )
        grant.ended_at, grant.ended_by = at, actor_id
        _note(session, "grant.end", grant, {"reason": reason.strip()[:500]}, actor_id)


def note_ends(at: datetime) -> int:
    """Write down the roles whose time has run out; gives their number. Nobody needs it to be
    refused: a role opens nothing from that moment on. But who a panel waits for changes only with
    an act of its skill."""
    over = (Grant.ended_at.is_(None), Grant.until <= at)
    if db.session.scalar(select(Grant.id).where(*over).limit(1)) is None:
        return 0
    with writing() as session:
        grants = session.scalars(select(Grant).where(*over).order_by(Grant.id)).all()
        for grant in grants:
            grant.ended_at = grant.until
            _note(session, "grant.run_out", grant, {}, None)
        return len(grants)


def _still(session: Session, accounts: list[int], at: datetime) -> list[Grant]:
    """The grants of these accounts that are in force or will be."""
    return list(session.scalars(select(Grant).where(Grant.account_id.in_(accounts), still(at))))


def _same(grant: Grant, wanted: Wanted) -> bool:
    return (grant.role, grant.skill_id, grant.zone_id, grant.delegation_id) == (
        wanted.role,
        wanted.skill_id,
        wanted.zone_id,
        wanted.delegation_id,
    )


def _check_form(session: Session, wanted: Wanted, at: datetime) -> None:
    """A role that can be given by hand, in a place that it can have and that exists, for a time
    that is not over."""
    words = WORDS[wanted.role]
    if wanted.role == Role.COMPETITOR:
        raise _refused("选手的权限随报名而来", "A competitor's role comes with the entry")
    scope = scope_of(wanted.skill_id, wanted.zone_id, wanted.delegation_id)
    if scope not in SCOPES[wanted.role]:
        allowed = SCOPES[wanted.role]
        raise _refused(
            f"{words.name_zh}的范围应为：{'、'.join(_SCOPE_ZH[one] for one in allowed)}",
            f"The scope of {words.name_en} is: {' or '.join(_SCOPE_EN[one] for one in allowed)}",
        )
    places: tuple[tuple[type[Skill] | type[Zone] | type[Delegation], int | None], ...] = (
        (Skill, wanted.skill_id),
        (Zone, wanted.zone_id),
        (Delegation, wanted.delegation_id),
    )
    if any(number is not None and session.get(model, number) is None for model, number in places):
        raise _refused("没有这个赛项、赛区或代表团", "There is no such skill, zone or delegation")
    if wanted.until is not None and wanted.until <= max(at, wanted.since or at):
        raise _refused("结束时间已过，或早于开始时间", "Its end is over, or before its beginning")
    skill = session.get(Skill, wanted.skill_id) if wanted.skill_id is not None else None
    if skill is not None and skill.locked_at is not None and wanted.role == Role.JUDGE:
        raise _refused(
            "该赛项的评分已锁定，裁判组不再变动",
            "The marks of this skill are locked; its panel no longer changes",
        )


_SCOPE_ZH = {
    Scope.COMPETITION: "整个大赛",
    Scope.ZONE: "一个赛区",
    Scope.SKILL: "一个赛项",
    Scope.DELEGATION: "一个代表团",
}
_SCOPE_EN = {
    Scope.COMPETITION: "the whole competition",
    Scope.ZONE: "a zone",
    Scope.SKILL: "a skill",
    Scope.DELEGATION: "a delegation",
}


def _organisers(session: Session, at: datetime) -> set[int]:
    """The accounts that can organise now."""
    found = (
        select(func.distinct(Grant.account_id))
        .join(Account, Account.id == Grant.account_id)
        .where(Grant.role == Role.ORGANISER, Grant.held(at), Account.active.is_(True))
    )
    return set(session.scalars(found))


def _note(
    session: Session, act: str, grant: Grant, more: dict[str, str | None], actor_id: int | None
) -> None:
    ledger.append(
        session,
        act=act,
        subject=f"grant:{grant.id}",
        body={
            "account": grant.account_id,
            "role": grant.role,
            "zone": grant.zone_id,
            "delegation": grant.delegation_id,
            **more,
        },
        actor_id=actor_id,
        skill_id=grant.skill_id,
    )


def _refused(zh: str, en: str) -> Refusal:
    return Refusal(f"{zh}。没有授权。", f"{en}. The role was not given.")


def _kept(zh: str, en: str) -> Refusal:
    return Refusal(f"{zh}。权限没有结束。", f"{en}. The role was not ended.")
