"""The rules of a skill: which version counts, what each changed, and adopting a new one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from competition import ledger
from competition.database import writing
from competition.models import Account, Skill
from competition.models import SkillRules as Row
from competition.moment import now
from competition.rules import skill_rules as rules
from competition.rules import skill_rules_words as words
from competition.rules.refusal import Refusal
from competition.rules.skill_rules import SkillRules


@dataclass(frozen=True, slots=True)
class Version:
    """One version as people read it; `changed` says what differs from the one before."""

    number: int
    rules: SkillRules
    reason: str
    by: str
    at: datetime
    changed: list[tuple[str, Any, Any]]


def current(session: Session, skill_id: int) -> SkillRules | None:
    """The rules that count, or None where none were adopted."""
    row = _newest(session, skill_id)
    return _read(row) if row else None


def newest(session: Session, skill_ids: Collection[int]) -> dict[int, tuple[int, SkillRules]]:
    """Skill → version and rules that count, for every skill that has rules."""
    last = (
        select(Row.skill_id, func.max(Row.version).label("version"))
        .where(Row.skill_id.in_(skill_ids))
        .group_by(Row.skill_id)
        .subquery()
    )
    rows = session.scalars(
        select(Row).join(last, (Row.skill_id == last.c.skill_id) & (Row.version == last.c.version))
    )
    return {row.skill_id: (row.version, _read(row)) for row in rows}


def quotas(session: Session) -> dict[int, int]:
    """Skill → entries of one delegation, for every skill that has rules."""
    rows = session.execute(select(Row.skill_id, Row.body).order_by(Row.skill_id, Row.version))
    return {skill_id: body["quota"] for skill_id, body in rows}


def versions(session: Session, skill_id: int) -> list[Version]:
    """Every version, the newest first."""
    found = session.execute(
        select(Row, Account.label)
        .outerjoin(Account, Account.id == Row.made_by)
        .where(Row.skill_id == skill_id)
        .order_by(Row.version)
    ).all()
    out: list[Version] = []
    for row, label in found:
        read = _read(row)
        changed = rules.differences(out[-1].rules, read) if out else []
        out.append(Version(row.version, read, row.reason, label or "", row.at, changed))
    return out[::-1]


def adopt(skill_id: int, body: dict[str, Any], *, reason: str, actor_id: int | None) -> int:
    """Make `body` the rules of the skill; gives the version. The very rules that count already
    change nothing. A change needs a reason; a locked skill's rules stay."""
    with writing() as session:
        return adopt_in(session, skill_id, body, reason=reason, actor_id=actor_id)


def adopt_in(
    session: Session, skill_id: int, body: dict[str, Any], *, reason: str, actor_id: int | None
) -> int:
    """`adopt` inside the caller's transaction."""
    wanted = rules.read(body)
    faults = wanted if isinstance(wanted, list) else rules.wanting(wanted)
    if isinstance(wanted, list) or faults:
        zh, en = words.faults(faults)
        raise Refusal(f"规则没有保存。{zh}", f"The rules were not saved. {en}", status=422)
    skill = session.get(Skill, skill_id)
    if skill is None:
        raise Refusal(
            "没有这个赛项，规则没有保存。", "No such skill; the rules were not saved.", status=404
        )
    last = _newest(session, skill_id)
    if last is not None and _read(last) == wanted:
        return last.version
    if skill.locked_at is not None:
        raise Refusal(
            "赛项已经锁定，规则没有改变。如需更改，请先由两人解锁。",
            "The skill is locked; its rules were not changed. Two people must unlock it first.",
        )
    if last is not None and not reason.strip():
        raise Refusal(
            "没有写明更改的理由，规则没有改变。请填写理由，所有人都会看到。",
            "No reason was given; the rules were not changed. Write one: everybody will read it.",
            status=422,
        )
    row = Row(
        skill_id=skill_id,
        version=last.version + 1 if last else 1,
        body=rules.write(wanted),
        reason=reason.strip(),
        made_by=actor_id,
        at=now(),
    )
    session.add(row)
    session.flush()
    changed = [name for name, *_ in rules.differences(_read(last), wanted)] if last else []
    ledger.append(
        session,
        act="rules.adopt",
        subject=f"skill_rules:{row.id}",
        body={"version": row.version, "preset": wanted.preset, "changed": changed},
        actor_id=actor_id,
        skill_id=skill_id,
    )
    return row.version


def _newest(session: Session, skill_id: int) -> Row | None:
    return session.scalar(
        select(Row).where(Row.skill_id == skill_id).order_by(Row.version.desc()).limit(1)
    )


def _read(row: Row) -> SkillRules:
    found = rules.read(row.body)
    if isinstance(found, list):  # what was adopted was read before: the code forgot a version
        raise TypeError(f"rules {row.id} cannot be read: {found}")
    return found
