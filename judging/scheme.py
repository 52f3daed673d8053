"""The marking scheme in the database: adopt a version, and find the one that counts.

Once something was observed in a skill, its scheme is closed: a new version then needs who adopts it
to have seen what it changes and which marks it affects (`versions.Plan`), and a reason. Marks are
never moved or removed: an aspect that stays the same says which earlier one it was, and counts
that one's marks too (`Aspect.root_id`); what is left behind stays in the record.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from competition import ledger
from competition.database import db, writing
from competition.models import Skill
from competition.rules.refusal import Refusal
from judging import questions, rejudged, scheme_rows, versions
from judging.models import Criterion, Scheme, SubCriterion
from judging.rules import scheme as rules
from judging.versions import Plan


@dataclass(frozen=True, slots=True)
class Agreed:
    """What somebody agreed to when marks exist: the plan they saw, why, and which reworded aspects
    keep their marks (codes in the new version)."""

    seen: str
    reason: str
    keep: frozenset[str] = frozenset()


def current(skill_id: int) -> Scheme | None:
    """The newest version of a skill's scheme, with everything under it."""
    return version(skill_id, None)


def version(skill_id: int, number: int | None) -> Scheme | None:
    """One version of a skill's scheme, with everything under it; the newest for None."""
    asked = select(Scheme).where(Scheme.skill_id == skill_id)
    if number is not None:
        asked = asked.where(Scheme.version == number)
    return db.session.scalar(
        asked.order_by(Scheme.version.desc())
        .limit(1)
        .options(
            selectinload(Scheme.criteria)
            .selectinload(Criterion.sub_criteria)
            .selectinload(SubCriterion.aspects)
        )
    )


def adopt(
    skill_id: int,
    scheme: rules.Scheme,
    *,
    actor_id: int | None,
    automatic: Collection[str] = (),
    agreed: Agreed | None = None,
) -> int:
    """Make `scheme` the skill's scheme; gives the version's number.

    `automatic` are the codes of the aspects whose marks a check proposes. Adopting the very scheme
    that counts already changes nothing. Once a mark was given, only with `agreed`.
    """
    with writing() as session:
        return adopt_in(
            session, skill_id, scheme, actor_id=actor_id, automatic=automatic, agreed=agreed
        )


def adopt_in(
    session: Session,
    skill_id: int,
    scheme: rules.Scheme,
    *,
    actor_id: int | None,
    automatic: Collection[str] = (),
    agreed: Agreed | None = None,
) -> int:
    """`adopt` inside the caller's transaction, for the demo, which adopts 64 at once."""
    # Locked, so that no mark slips in between the look at what is affected and the new version.
    skill = session.get(Skill, skill_id, populate_existing=True, with_for_update=True)
    if skill is None:
        raise Refusal(
            "没有这个赛项，没有导入评分表。",
            "No such skill; the scheme was not imported.",
            status=404,
        )
    digest = versions.digest(scheme, automatic)
    newest = versions.newest(session, skill_id)
    plan = versions.planned(session, skill, scheme, automatic)
    if (
        newest is not None
        and plan is not None
        and (newest.digest == digest or says_the_same(newest, plan, automatic))
    ):
        return newest.version
    if versions.has_marks(session, skill_id):
        _require_agreed(session, skill, plan, agreed)
    row = scheme_rows.made(skill_id, scheme, set(automatic))
    row.version = newest.version + 1 if newest else 1
    row.digest = digest
    row.adopted_by = actor_id
    reason, keep = (agreed.reason.strip(), agreed.keep) if agreed else ("", frozenset[str]())
    row.changes = plan.document(reason, keep) if plan else None
    session.add(row)
    session.flush()
    if newest is not None and plan is not None:
        scheme_rows.carry(newest, row, plan.difference, keep)
        session.flush()
    told = {name: row.changes[name] for name in ("base", "share", "reason", "kept", "lost")
            } if row.changes else {}  # fmt: skip
    ledger.append(
        session,
        act="scheme.adopt",
        subject=f"scheme:{row.id}",
        body={"version": row.version, "digest": digest, "total": scheme.total, **told},
        actor_id=actor_id,
        skill_id=skill_id,
    )
    return row.version


def says_the_same(newest: Scheme, plan: Plan, automatic: Collection[str]) -> bool:
    """Whether the version that counts says the same; a workbook may have it in other rows."""
    was = {one.code for one in scheme_rows.aspects_of(newest) if one.is_automatic}
    codes = {one.after.code for one in plan.difference.aspects if one.after}
    return not plan.difference and was == codes & set(automatic)


def _require_agreed(
    session: Session, skill: Skill, plan: Plan | None, agreed: Agreed | None
) -> None:
    if skill.locked_at is not None:
        raise Refusal(
            "该赛项的评分已锁定，评分表不能再改。什么都没有改变。",
            "The marks of this skill are locked, so its scheme cannot change any more. Nothing was"
            " changed.",
        )
    if plan is None or agreed is None:
        raise Refusal(
            "该赛项已经有评分，评分表已锁定，没有导入。请裁判长在“评分表”页采用新版本，看清受影响的评分并写明"
            "理由。",
            "Marks were already given in this skill, so its scheme is closed and nothing was"
            " imported. The chief judge adopts a new version on the scheme's page, sees which marks"
            " it affects, and gives a reason.",
        )
    if rejudged.open_set(session, skill.id) or questions.unanswered(session, skill.id):
        raise Refusal(
            "还有一批重判没有决定，或有分数疑问没有答复，没有采用新版本。请先在“重判”和“待处理”中处理。",
            "A rejudging is not decided yet, or a question about a mark has no answer; the new"
            " version was not adopted. Settle them first, under Rejudging and in the needs list.",
        )
    if plan.renamed:
        told = "、".join(code for code, _ in plan.renamed[:8])
        raise Refusal(
            f"试题的自动检查按编号给评分点 {told} 提出分数，新版本里这些编号变成了"
            "别的评分点，没有采用。请把新评分点加在子项末尾，或把原评分点放回原编号。",
            f"The task's checks propose marks for {told} by number, and in the new version these"
            " numbers are other aspects; it was not adopted. Add new aspects at the end of a"
            " sub-criterion, or put the aspects back in their places.",
        )
    if agreed.seen != plan.seen:
        raise Refusal(
            "评分表在您查看之后又有改动，没有采用。请再看一次差异后确认。",
            "The scheme has changed since you looked at the difference, so it was not adopted. Look"
            " at it again, then confirm.",
        )
    if not agreed.reason.strip():
        raise Refusal(
            "没有写明理由，新版本没有采用。请写一句理由。",
            "No reason was given, so the new version was not adopted. Write one sentence why.",
        )
