"""The entries of a skill are locked once registration is over; two people open them again.

While they are locked nothing about them changes: every verb that would asks `require_open` (rosters
and forms read the same from `locked_skills`). The office locks one skill or many at once; opening
is asked for with a reason and granted by somebody else, for a stated time or until it is locked
again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select, text
from sqlalchemy.orm import Session, joinedload, selectinload

from competition import ledger, separation
from competition.database import writing
from competition.models import Account, EntryLock, EntryLockSkill, Skill, Stage
from competition.moment import iso, now, wall
from competition.rules.entry_lock import NEVER, LockAct, LockKind, Standing, standing
from competition.rules.refusal import Refusal

_LOCK = 0x706F646C  # PostgreSQL: locks of entries against whatever changes an entry
LONGEST = 1000  # characters of a reason


def standings(
    session: Session, at: datetime, skill_ids: Collection[int] | None = None
) -> defaultdict[int, Standing]:
    """Skill → how its entries stand; of all skills where none are named."""
    asked = (
        select(EntryLockSkill.skill_id, EntryLock.kind, EntryLock.answered_at, EntryLock.until,
               Account.label)
        .join(EntryLock, EntryLock.id == EntryLockSkill.lock_id)
        .join(Account, Account.id == EntryLock.by)
        .where(EntryLock.is_granted.is_(True))
        .order_by(EntryLock.answered_at, EntryLock.id)
    )  # fmt: skip
    if skill_ids is not None:
        asked = asked.where(EntryLockSkill.skill_id.in_(skill_ids))
    acts: dict[int, list[LockAct]] = defaultdict(list)
    for skill_id, kind, since, until, label in session.execute(asked):
        acts[skill_id].append(LockAct(LockKind(kind), since or at, label, until))
    found: defaultdict[int, Standing] = defaultdict(lambda: NEVER)
    found.update({skill_id: standing(own, at) for skill_id, own in acts.items()})
    return found


def locked_skills(session: Session) -> dict[str, Mapping[str, str]]:
    """The codes of the skills whose entries are locked, with who locked them and when."""
    found = standings(session, now())
    codes = session.execute(select(Skill.id, Skill.code).where(Skill.id.in_(found)))
    return {
        code: {"by": one.act.by, "at": wall(one.act.at)}
        for skill_id, code in codes
        if (one := found[skill_id]).is_locked and one.act is not None
    }


def require_open(session: Session, *skill_ids: int) -> None:
    """Refuse to change an entry of a skill whose entries are locked, inside the caller's
    transaction: until it ends nobody locks them."""
    hold(session)
    found = standings(session, now(), skill_ids)
    for skill_id in skill_ids:
        one = found[skill_id]
        if one.is_locked and one.act is not None:
            code = session.get_one(Skill, skill_id).code
            raise locked(code, one.act.by, wall(one.act.at))


def locked(code: str, by: str, at: str) -> Refusal:
    """What whoever would change a locked entry reads."""
    return Refusal(
        f"{code} 的报名已由{by}于 {at} 锁定，什么都没有改变。确需更改的，请秘书处在“报名锁定”页写明"
        "理由申请解锁，由另一人批准。",
        f"The entries of {code} were locked by {by} on {at}; nothing was changed. If it must"
        " change, the secretariat asks on “Entry locks”, with a reason, to unlock them, and a"
        " second person grants it.",
    )


def hold(session: Session, *, alone: bool = False) -> None:
    """Until the transaction ends no entry is locked or unlocked by others; `alone`: nobody changes
    an entry either. On SQLite only one writes anyway. Taken before the ledger is."""
    if session.get_bind().dialect.name == "postgresql":
        how = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        session.execute(text(f"SELECT {how}(:lock)"), {"lock": _LOCK})


# The verbs


def lock(skill_ids: Iterable[int], *, actor_id: int) -> int | None:
    """Lock the entries of these skills, at once; gives the act. Those that are locked stay as they
    are, and where all are there is no act."""
    with writing() as session:
        hold(session, alone=True)
        skills, at = _skills(session, skill_ids), now()
        found = standings(session, at, [one.id for one in skills])
        new = [one for one in skills if not found[one.id].is_locked]
        if not new:
            return None
        _refuse_early(session, at)
        row = EntryLock(
            kind=LockKind.LOCK, by=actor_id, at=at, answered_at=at, is_granted=True, skills=new
        )
        session.add(row)
        session.flush()
        _note(session, "entries.lock", row, {}, actor_id)
        return row.id


def ask_unlock(
    skill_ids: Iterable[int], *, reason: str, until: datetime | None, actor_id: int
) -> int:
    """Ask that the entries of these skills be opened, with a reason, until a time or until they are
    locked again; gives the request. Asking twice is asking once."""
    reason = reason.strip()[:LONGEST]
    if not reason:
        raise _unchanged("没有写明解锁的理由。请填写理由", "Say why they should be unlocked", 422)
    with writing() as session:
        skills, at = _skills(session, skill_ids), now()
        if until is not None and until <= at:
            raise _unchanged("解锁的截止时间已经过去", "The time until when is over already", 422)
        same = _waiting_for(session, {one.id for one in skills})
        if same is not None:
            if same.by == actor_id and {one.id for one in same.skills} == {s.id for s in skills}:
                return same.id
            codes = "、".join(one.code for one in same.skills)
            raise _unchanged(
                f"已有解锁申请在等待批准（{codes}），请先答复那一个",
                f"A request to unlock waits already ({codes}); answer that one first",
            )
        found = standings(session, at, [one.id for one in skills])
        free = [one.code for one in skills if not found[one.id].is_locked]
        if free:
            raise _unchanged(
                f"{'、'.join(free)} 的报名没有锁定，不需要解锁",
                f"The entries of {', '.join(free)} are not locked",
            )
        row = EntryLock(
            kind=LockKind.UNLOCK, reason=reason, until=until, by=actor_id, at=at, skills=skills
        )
        session.add(row)
        session.flush()
        _note(session, "entries.ask_unlock", row, {"until": iso(until)}, actor_id)
        return row.id


def answer(request_id: int, granted: bool, *, answer: str, actor_id: int) -> None:
    """Grant an unlocking, which opens the entries at once, or refuse it; whoever asked cannot,
    under whatever account."""
    with writing() as session:
        hold(session, alone=True)
        row = session.get(EntryLock, request_id)
        if row is None or row.kind != LockKind.UNLOCK:
            raise Refusal("没有这个解锁申请。", "There is no such request to unlock.", status=404)
        if row.is_granted is not None:
            if (row.is_granted, row.answered_by) == (granted, actor_id):
                return
            raise _unchanged("这个解锁申请已经答复过", "This request was answered before")
        if actor_id in separation.accounts_of(session, row.by):
            raise _unchanged(
                "解锁须由另一人批准，您提出的申请不能由您答复。请另一位工作人员处理",
                "Unlocking takes a second person: you asked for it, so somebody else answers",
                403,
            )
        at = now()
        if granted and row.until is not None and row.until <= at:
            raise _unchanged(
                "申请的解锁时间已经过去，请拒绝这个申请，再重新申请",
                "The time until when is over; refuse this request and ask anew",
            )
        row.is_granted, row.answer = granted, answer.strip()[:LONGEST]
        row.answered_by, row.answered_at = actor_id, at
        body = {"granted": granted, "until": iso(row.until)}
        _note(session, "entries.unlock", row, body, actor_id)


# Reads


def waiting(session: Session) -> list[EntryLock]:
    """Requests to unlock that nobody has answered, the oldest first."""
    asked = _with_people(EntryLock.is_granted.is_(None))
    return list(session.scalars(asked.order_by(EntryLock.id)))


def history(session: Session, limit: int = 50) -> list[EntryLock]:
    """What was done and answered, the newest first."""
    done = _with_people(EntryLock.is_granted.is_not(None))
    return list(session.scalars(done.order_by(EntryLock.answered_at.desc()).limit(limit)))


def one(session: Session, lock_id: int) -> EntryLock | None:
    """An act or a request."""
    return session.scalars(_with_people(EntryLock.id == lock_id)).one_or_none()


def _with_people(which: ColumnElement[bool]) -> Select[EntryLock]:
    return (
        select(EntryLock)
        .where(which)
        .options(
            selectinload(EntryLock.skills),
            joinedload(EntryLock.actor),
            joinedload(EntryLock.second),
        )
    )


def _waiting_for(session: Session, skill_ids: set[int]) -> EntryLock | None:
    """A request that waits and concerns one of these skills."""
    theirs = exists().where(
        EntryLockSkill.lock_id == EntryLock.id, EntryLockSkill.skill_id.in_(skill_ids)
    )
    asked = select(EntryLock).where(EntryLock.is_granted.is_(None), theirs)
    return session.scalars(asked.order_by(EntryLock.id).limit(1)).first()


def _skills(session: Session, skill_ids: Iterable[int]) -> list[Skill]:
    wanted = set(skill_ids)
    found = list(session.scalars(select(Skill).where(Skill.id.in_(wanted)).order_by(Skill.id)))
    if not wanted or len(found) != len(wanted):
        raise _unchanged("没有选择赛项", "No skill was chosen", 422)
    return found


def _refuse_early(session: Session, at: datetime) -> None:
    """Locked is what is closed: team leaders were promised a date. A date that is not set never
    comes, so that without one the office says when."""
    stage = session.scalars(
        select(Stage).where(Stage.takes_entries).order_by(Stage.number).limit(1)
    ).first()
    if stage is not None and stage.entries_until is not None and at < stage.entries_until:
        day = wall(stage.entries_until)
        raise _unchanged(
            f"报名到 {day} 才截止，截止后才能锁定", f"Entries are open until {day}; lock them then"
        )


def _note(session: Session, act: str, row: EntryLock, more: dict[str, Any], actor_id: int) -> None:
    body = {"skills": [one.code for one in row.skills], **more}
    subject = f"entry_lock:{row.id}"
    ledger.append(session, act=act, subject=subject, body=body, actor_id=actor_id)


def _unchanged(zh: str, en: str, status: int = 409) -> Refusal:
    return Refusal(f"{zh}。什么都没有改变。", f"{en}. Nothing was changed.", status=status)
