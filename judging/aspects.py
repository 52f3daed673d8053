"""Read: the aspects of the scheme that counts, and what earlier versions called them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from judging.models import Aspect, Criterion, Scheme, SubCriterion


@dataclass(frozen=True, slots=True)
class AspectFacts:
    """What folding needs to know of an aspect. `sheet`: the code of its sub-criterion; `partial`:
    not only zero or the full mark, because its calculation or its checks give parts of it;
    `calculation`: how an observed value becomes a mark, as `models.Aspect` keeps it."""

    id: int
    code: str
    kind: str
    max: int
    sub_criterion_id: int
    sheet: str
    is_automatic: bool
    partial: bool
    calculation: dict[str, Any] | None = field(default=None, compare=False)
    root_id: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Former:
    """What earlier versions of the scheme called what counts now: their id → the present id.
    A sheet is in it where the very same measurements make it up."""

    aspects: dict[int, int] = field(default_factory=dict)
    sheets: dict[int, int] = field(default_factory=dict)


def is_partial() -> ColumnElement[bool]:
    """Of an aspect: whether it can get another mark than zero and the full one."""
    return Aspect.in_parts | (func.coalesce(Aspect.calculation_kind, "PASS_FAIL") != "PASS_FAIL")


def newest_scheme(skill_id: int) -> ScalarSelect[int]:
    """The id of the scheme that counts, for a query."""
    newest = select(Scheme.id).where(Scheme.skill_id == skill_id)
    return newest.order_by(Scheme.version.desc()).limit(1).scalar_subquery()


def aspects_of(session: Session, skill_id: int) -> tuple[AspectFacts, ...]:
    """The aspects of the scheme that counts, in its order."""
    return aspects_of_all(session, [skill_id])[skill_id]


def aspects_of_all(
    session: Session, skill_ids: Collection[int]
) -> dict[int, tuple[AspectFacts, ...]]:
    """The same of several skills, in one query."""
    newest = (
        select(Scheme.skill_id, func.max(Scheme.version).label("version"))
        .where(Scheme.skill_id.in_(skill_ids))
        .group_by(Scheme.skill_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Aspect.id,
            Aspect.code,
            Aspect.kind,
            Aspect.max,
            Aspect.sub_criterion_id,
            SubCriterion.code.label("sheet"),
            Aspect.is_automatic,
            is_partial().label("partial"),
            Aspect.calculation,
            Aspect.root_id,
            Scheme.skill_id,
        )
        .join(SubCriterion, SubCriterion.id == Aspect.sub_criterion_id)
        .join(Scheme, Scheme.id == Aspect.scheme_id)
        .join(
            newest,
            (newest.c.skill_id == Scheme.skill_id) & (newest.c.version == Scheme.version),
        )
        .order_by(Aspect.position)
    )
    found: dict[int, list[AspectFacts]] = {one: [] for one in skill_ids}
    for row in rows:
        facts = {**row._mapping, "partial": bool(row.partial)}
        found[facts.pop("skill_id")].append(AspectFacts(**facts))
    return {skill: tuple(aspects) for skill, aspects in found.items()}


def former(session: Session, skill_ids: Collection[int], aspects: Sequence[AspectFacts]) -> Former:
    """How the rows of earlier versions of the skills' schemes belong to the present `aspects`."""
    roots = {one.root_id: one.id for one in aspects if one.root_id is not None}
    if not roots:
        return Former()
    theirs = select(Aspect.id, Aspect.root_id).join(Scheme, Scheme.id == Aspect.scheme_id)
    sheets = (
        select(SubCriterion.id, SubCriterion.root_id)
        .join(Criterion, Criterion.id == SubCriterion.criterion_id)
        .join(Scheme, Scheme.id == Criterion.scheme_id)
    )
    found = _descended(session, theirs.where(Aspect.root_id.is_not(None)), skill_ids)
    subs = _descended(session, sheets.where(SubCriterion.root_id.is_not(None)), skill_ids)
    present = {one.sub_criterion_id for one in aspects if one.kind == "M"}
    sheet_roots = {root: number for number, root in subs.items() if number in present}
    return Former(_present(found, roots), _present(subs, sheet_roots))


def _descended(
    session: Session,
    rows: Select[int, int | None],
    skill_ids: Collection[int],
) -> dict[int, int]:
    """Row → the first version of it, where it has one."""
    found = session.execute(rows.where(Scheme.skill_id.in_(skill_ids)))
    return {number: root for number, root in found if root is not None}


def _present(descended: Mapping[int, int], roots: Mapping[int, int]) -> dict[int, int]:
    """Every row of these roots, and the roots themselves → the present row."""
    found = {number: roots[root] for number, root in descended.items() if root in roots}
    return {number: one for number, one in {**roots, **found}.items() if number != one}
