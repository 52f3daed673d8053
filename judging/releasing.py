"""The verbs of release: what the public may see of skills, from now or from a moment on.

The chief judge chooses for their skill, the office for many at once. What is planned is carried out
by whoever publishes next after its moment (`carry_out`), before anything newer is published: a
freeze at noon shows nothing that came at noon or later.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session

from competition import ledger, separation
from competition.database import UTCDateTime, db, writing
from competition.models import Role, Skill
from competition.moment import iso, now
from competition.prepared import Prepared
from competition.rules.refusal import Refusal
from judging.models import ReleaseChange
from judging.rules import release
from judging.rules.release import Terms

FURTHEST = timedelta(days=366)
_WAITS: tuple[ColumnElement[bool], ...] = (
    ReleaseChange.done_at.is_(None),
    ReleaseChange.dropped_at.is_(None),
)
_IS_DUE = Prepared(
    select(ReleaseChange.id)
    .where(ReleaseChange.at <= bindparam("now", type_=UTCDateTime), *_WAITS)
    .limit(1)
)


def terms_of(skill: Skill) -> Terms:
    """The terms in force. What a frozen skill shows, it shows on those it was frozen with."""
    if skill.release in ("hidden", "frozen"):
        return Terms(skill.release)
    return Terms(
        skill.release,
        skill.release_delay,
        skill.release_top,
        skill.release_parts,
        skill.release_aliases,
    )


def change(
    skill_ids: Collection[int],
    terms: Terms,
    *,
    actor_id: int,
    role: Role,
    key: str,
    at: datetime | None = None,
) -> int:
    """Put terms in force for skills, at once or from `at` on; gives for how many.

    The same `key` again, and what is in force already, change nothing. `role` is what the actor
    acts as: the separation of duties is asked at the act.

    Raises:
        Refusal: `at` is over or too far ahead, a skill does not exist, or the actor may not.
    """
    with writing() as session:
        if session.scalar(select(ReleaseChange.id).where(ReleaseChange.key == key).limit(1)):
            return 0
        skills = _skills(session, skill_ids)
        if at is None:
            skills = [skill for skill in skills if terms_of(skill) != terms]
        else:
            require_to_come(at)
        for skill in skills:
            separation.require(session, actor_id, role, skill.id)
        _write(session, ((skill, terms) for skill in skills), actor_id, key, at)
        return len(skills)


def require_to_come(at: datetime) -> None:
    """Refuse a moment for which nothing can be planned."""
    if not now() < at < now() + FURTHEST:
        raise Refusal(
            "计划的时间已经过去，或在一年以后，没有安排。请选择一个将来的时间，或不填时间立即生效。",
            "That moment is over, or more than a year ahead, so nothing was planned. Choose one"
            " to come, or leave it empty to change at once.",
        )


def show_published(
    session: Session, skill_id: int, *, actor_id: int, key: str, thaws: bool = False
) -> None:
    """Show hidden results, inside the transaction of whoever publishes them. `thaws`: frozen ones
    too, whole, under the names that they were frozen with."""
    (skill,) = _skills(session, [skill_id])
    if terms_of(skill).policy in ("hidden", *(["frozen"] if thaws else [])):
        terms = Terms("confirmed", aliases=skill.release_aliases)
        _write(session, [(skill, terms)], actor_id, key, None)


def put_back(key: str, allowed: Collection[int], *, actor_id: int, role: Role) -> int:
    """Undo an act that came into force at once, for all its skills together; gives for how many.
    A skill whose terms were changed again since, or that is not among `allowed`, stays."""
    with writing() as session:
        back = f"back:{key}"[:64]
        if session.scalar(select(ReleaseChange.id).where(ReleaseChange.key == back).limit(1)):
            return 0
        rows = session.scalars(
            select(ReleaseChange).where(
                ReleaseChange.key == key,
                ReleaseChange.done_at.is_not(None),
                ReleaseChange.skill_id.in_(allowed),
            )
        ).all()
        skills = {one.id: one for one in _skills(session, [row.skill_id for row in rows])}
        wanted = [
            (skills[row.skill_id], release.from_plain(row.before))
            for row in rows
            if row.before and terms_of(skills[row.skill_id]).plain == row.terms
        ]
        for skill, _terms in wanted:
            separation.require(session, actor_id, role, skill.id)
        _write(session, wanted, actor_id, back, None)
        return len(wanted)


def drop(skill_id: int, change_id: int, *, actor_id: int, role: Role) -> None:
    """Take back what was planned, before its moment; what is dropped already stays so."""
    with writing() as session:
        row = session.get(ReleaseChange, change_id, populate_existing=True, with_for_update=True)
        if row is None or row.skill_id != skill_id:
            raise Refusal(
                "没有这项计划，没有改变。", "No such plan; nothing was changed.", status=404
            )
        if row.dropped_at is not None:
            return
        if row.done_at is not None:
            raise Refusal(
                "这项计划已经生效，不能取消。请直接更改公开方式。",
                "That plan is in force already and cannot be taken back. Change what the public"
                " sees instead.",
            )
        separation.require(session, actor_id, role, skill_id)
        row.dropped_at, row.dropped_by = now(), actor_id
        _note(session, "release.drop", skill_id, {"change": row.id}, actor_id)


def carry_out(at: datetime) -> int:
    """Put in force what was planned for a moment that has come, in order; gives how many."""
    if _IS_DUE.first(db.session(), {"now": at}) is None:
        return 0
    due = (ReleaseChange.at <= at, *_WAITS)
    with writing() as session:
        rows = session.scalars(
            select(ReleaseChange)
            .where(*due)
            .order_by(ReleaseChange.at, ReleaseChange.id)
            .with_for_update()
        ).all()
        skills = {one.id: one for one in _skills(session, [row.skill_id for row in rows])}
        for row in rows:
            _apply(session, skills[row.skill_id], row)
        return len(rows)


def planned(session: Session, skill_ids: Collection[int]) -> Sequence[ReleaseChange]:
    """What is planned for skills, the next one first."""
    return session.scalars(
        select(ReleaseChange)
        .where(ReleaseChange.skill_id.in_(skill_ids), *_WAITS)
        .order_by(ReleaseChange.at, ReleaseChange.id)
    ).all()


def _skills(session: Session, ids: Collection[int]) -> list[Skill]:
    """Locked, in one order for everybody, so that two who choose for many never wait in a ring."""
    found = session.scalars(
        select(Skill)
        .where(Skill.id.in_(ids))
        .order_by(Skill.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if len(found) != len(set(ids)):
        raise Refusal("没有这个赛项，没有改变。", "No such skill; nothing was changed.", status=404)
    return list(found)


def _write(
    session: Session,
    wanted: Iterable[tuple[Skill, Terms]],
    actor_id: int,
    key: str,
    at: datetime | None,
) -> None:
    for skill, terms in wanted:
        row = ReleaseChange(
            key=key,
            skill_id=skill.id,
            at=at or now(),
            terms=terms.plain,
            asked_by=actor_id,
            asked_at=now(),
        )
        session.add(row)
        session.flush()
        if at is None:
            _apply(session, skill, row)
        else:
            body = {"change": row.id, "at": iso(at), "terms": terms.plain}
            _note(session, "release.plan", skill.id, body, actor_id)


def _apply(session: Session, skill: Skill, row: ReleaseChange) -> None:
    terms = release.from_plain(row.terms)
    row.done_at, row.before = now(), terms_of(skill).plain
    skill.release = terms.policy
    if terms.policy != "frozen":  # which keeps what it shows: places, sums and names included
        skill.release_delay, skill.release_top = terms.delay, terms.top
        skill.release_parts, skill.release_aliases = terms.parts, terms.aliases
    body = {"change": row.id, "before": row.before, "after": terms.plain}
    _note(session, "skill.release", skill.id, body, row.asked_by)


def _note(session: Session, act: str, skill_id: int, body: dict[str, Any], actor: int) -> None:
    ledger.append(
        session,
        act=act,
        subject=f"skill:{skill_id}",
        body=body,
        actor_id=actor,
        skill_id=skill_id,
    )
