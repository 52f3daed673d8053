"""A marking scheme as rows, rows as a marking scheme again, and what one version takes over from
the one before."""

import re
from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from competition.models import Skill
from competition.moment import now
from judging.models import Aspect, Criterion, Scheme, SubCriterion
from judging.rules import scheme as rules
from judging.rules.scheme import Text
from judging.rules.scheme_difference import Change, Difference

_NUMBERED = re.compile(r"(.+)-[0-9]+")  # what the reading of a workbook calls an id's second use


def made(skill_id: int, scheme: rules.Scheme, automatic: set[str]) -> Scheme:
    """The rows of a scheme, not yet in a session; version and digest are the caller's."""
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


def carry(before: Scheme, after: Scheme, found: Difference, keep: Collection[str]) -> None:
    """Let the rows of a new version, just flushed, take over the marks of the one before: aspects
    that stayed the same, and of the reworded ones those in `keep` (codes in the new version). A
    measurement sheet keeps its confirmations when the very same measurements make it up."""
    olds = {one.code: one for one in aspects_of(before)}
    news = {one.code: one for one in aspects_of(after)}
    for change in found.aspects:
        if change.before is not None and change.after is not None:
            new = news[change.after.code]
            new.in_parts = new.is_automatic and olds[change.before.code].in_parts
        if change.before is not None and change.after is not None and stays(change, keep):
            old, new = olds[change.before.code], news[change.after.code]
            new.root_id = old.root_id or old.id
    of_sheet = {own: sub for sub in _sheets(before) if (own := _measured(sub))}
    for sub in _sheets(after):
        old_sheet = of_sheet.get(_measured(sub, by_root=True))
        if old_sheet is not None:
            sub.root_id = old_sheet.root_id or old_sheet.id


def stays(change: Change, keep: Collection[str]) -> bool:
    """Whether an aspect's marks count on: it is the same, or only reworded and `keep` says so."""
    if change.state == "reworded":
        return change.after is not None and change.after.code in keep
    return change.state == "same"


def aspects_of(row: Scheme) -> list[Aspect]:
    """The aspects of a version, in its order."""
    return [one for sub in _sheets(row) for one in sub.aspects]


def _sheets(row: Scheme) -> list[SubCriterion]:
    return [sub for criterion in row.criteria for sub in criterion.sub_criteria]


def _measured(sub: SubCriterion, *, by_root: bool = False) -> frozenset[int]:
    """A sheet's measurements, by the first version of each; none where one of them is new."""
    own = [one for one in sub.aspects if one.kind == "M"]
    if by_root and any(one.root_id is None for one in own):
        return frozenset()
    return frozenset(one.root_id or one.id for one in own)


def plain(row: Scheme, skill: Skill) -> rules.Scheme:
    """The scheme that stands in the rows, as the rules and the workbook know it.

    A version's rows keep neither the skill's name nor that a sub-criterion's id was written twice;
    the first is the skill's own, the second is told by the code that was given instead.
    """
    used: set[str] = set()
    criteria = tuple(_criterion(one, used) for one in row.criteria)
    sections = [
        rules.Section(one["number"], Text(one["name_zh"], one["name_en"]), one["declared"])
        for one in row.sections
    ]
    return rules.assemble(skill.code, Text(skill.name_zh, skill.name_en), sections, criteria)


def _criterion(row: Criterion, used: set[str]) -> rules.Criterion:
    subs = tuple(_sub_criterion(one, used) for one in row.sub_criteria)
    return rules.Criterion(row.letter, Text(row.name_zh, row.name_en), subs)


def _sub_criterion(row: SubCriterion, used: set[str]) -> rules.SubCriterion:
    again = _NUMBERED.fullmatch(row.code)
    written = again[1] if again and again[1] in used else row.code
    used.add(row.code)
    aspects = tuple(plain_aspect(one) for one in row.aspects)
    name = Text(row.name_zh, row.name_en)
    return rules.SubCriterion(row.code, name, row.day or "", aspects, written)


def plain_aspect(row: Aspect) -> rules.Aspect:
    """One aspect as the rules know it."""
    return rules.Aspect(
        code=row.code,
        kind=row.kind,
        description=Text(row.name_zh, row.name_en),
        max=row.max,
        section=row.section,
        extra=Text(row.extra_zh, row.extra_en),
        requirement=Text(row.requirement_zh, row.requirement_en),
        rungs=tuple(
            rules.Rung(score, Text(one["zh"], one["en"])) for score, one in enumerate(row.rungs)
        ),
        calculation=calculation(row.calculation) if row.calculation else None,
    )


def calculation(kept: dict[str, Any]) -> rules.Calculation:
    """A calculation as its column keeps it."""
    parameters = tuple(rules.Parameter(**one) for one in kept["parameters"])
    return rules.Calculation(kept["kind"], parameters, kept["label"], kept["flag"])
