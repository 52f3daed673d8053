"""The marking scheme in the database: adopt a version, and find the one that counts."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from competition import ledger
from competition.database import db, writing
from competition.models import Skill
from competition.rules.refusal import Refusal
from judging import scheme_rows
from judging.models import Criterion, Observation, Scheme, SubCriterion
from judging.rules import scheme as rules


def current(skill_id: int) -> Scheme | None:
    """The newest version of a skill's scheme, with everything under it."""
    return db.session.scalar(
        select(Scheme)
        .where(Scheme.skill_id == skill_id)
        .order_by(Scheme.version.desc())
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
) -> int:
    """Make `scheme` the skill's scheme; gives the version's number.

    `automatic` are the codes of the aspects whose marks a check proposes. Adopting the very scheme
    that counts already changes nothing. Once a mark was given the scheme is closed.
    """
    with writing() as session:
        return adopt_in(session, skill_id, scheme, actor_id=actor_id, automatic=automatic)


def adopt_in(
    session: Session,
    skill_id: int,
    scheme: rules.Scheme,
    *,
    actor_id: int | None,
    automatic: Collection[str] = (),
) -> int:
    """`adopt` inside the caller's transaction, for the demo, which adopts 64 at once."""
    skill = session.get(Skill, skill_id)
    if skill is None:
        raise Refusal(
            "没有这个赛项，没有导入评分表。",
            "No such skill; the scheme was not imported.",
            status=404,
        )
    text = json.dumps([asdict(scheme), sorted(automatic)], ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    newest = session.scalar(
        select(Scheme).where(Scheme.skill_id == skill_id).order_by(Scheme.version.desc()).limit(1)
    )
    if newest is not None and newest.digest == digest:
        return newest.version
    given = select(Observation.id).where(Observation.skill_id == skill_id).limit(1)
    if session.scalar(given) is not None:
        raise Refusal(
            "该赛项已经有评分，评分表已锁定，没有导入。请先与裁判长商定新版本。",
            "Marks were already given in this skill, so its scheme is closed and nothing was"
            " imported. Agree on a new version with the chief judge first.",
        )
    row = scheme_rows.made(skill_id, scheme, set(automatic))
    row.version = newest.version + 1 if newest else 1
    row.digest = digest
    session.add(row)
    session.flush()
    ledger.append(
        session,
        act="scheme.adopt",
        subject=f"scheme:{row.id}",
        body={"version": row.version, "digest": digest, "total": scheme.total},
        actor_id=actor_id,
        skill_id=skill_id,
    )
    return row.version
