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
from competition.moment import now
from competition.rules.refusal import Refusal
from judging.models import Aspect, Criterion, Observation, Scheme, SubCriterion
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
    row = _rows(skill_id, scheme, set(automatic))
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


def _rows(skill_id: int, scheme: rules.Scheme, automatic: set[str]) -> Scheme:
    sections = [
        {
            "number": section.number,
            "name_zh": section.name.zh,
            "name_en": section.name.en,
            "declared": section.declared,
            "marks": section.marks,
        }
        for section in scheme.sections
    ]
    top = Scheme(skill_id=skill_id, total=scheme.total, sections=sections, created_at=now())
    positions = {aspect.code: number for number, aspect in enumerate(scheme.aspects, 1)}
    for letter_number, criterion in enumerate(scheme.criteria, 1):
        row = Criterion(
            position=letter_number,
            letter=criterion.letter,
            name_zh=criterion.name.zh,
            name_en=criterion.name.en,
        )
        for sub_number, sub in enumerate(criterion.sub_criteria, 1):
            aspects = [
                _aspect(top, aspect, positions[aspect.code], aspect.code in automatic)
                for aspect in sub.aspects
            ]
            row.sub_criteria.append(
                SubCriterion(
                    position=sub_number,
                    code=sub.code,
                    name_zh=sub.name.zh,
                    name_en=sub.name.en,
                    day=sub.day or None,
                    aspects=aspects,
                )
            )
        top.criteria.append(row)
    return top


def _aspect(top: Scheme, aspect: rules.Aspect, position: int, is_automatic: bool) -> Aspect:
    return Aspect(
        scheme=top,
        position=position,
        code=aspect.code,
        kind=aspect.kind,
        max=aspect.max,
        section=aspect.section,
        name_zh=aspect.description.zh,
        name_en=aspect.description.en,
        extra_zh=aspect.extra.zh,
        extra_en=aspect.extra.en,
        requirement_zh=aspect.requirement.zh,
        requirement_en=aspect.requirement.en,
        rungs=[{"zh": rung.text.zh, "en": rung.text.en} for rung in aspect.rungs],
        calculation=asdict(aspect.calculation) if aspect.calculation else None,
        calculation_kind=aspect.calculation.kind if aspect.calculation else None,
        is_automatic=is_automatic,
    )
