"""Read: the marking sheets of one sub-criterion as they are printed, blank or filled.

Codes and judges' names only. Votes of a round that is still open are not on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from competition.models import Skill
from judging import desk, locking, scheme, sheet_states
from judging.cells import Cells
from judging.models import Aspect
from judging.rules.marks import Mark
from judging.rules.scheme import two_decimals
from judging.rules.signing import COMPETITOR
from judging.sheet_states import Given, Sheet, Sub

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pages:
    """What all sheets of a print share, and the sheets. `judges`: names of the panel on duty."""

    sub: Sub
    version: int
    number: int
    head: str
    judges: tuple[str, ...]
    competitor_signs: bool
    is_locked: bool
    most: str
    sheets: tuple[Plain, ...]


def read(
    session: Session, skill: Skill, sub_id: int, *, work: str | None, blank: bool
) -> Pages | None:
    """The sheets of a sub-criterion, or the one of `work`; None where there is none."""
    book = sheet_states.read(session, skill.id)
    newest = scheme.current(skill.id)
    wanted = [one for one in book.of_sub(sub_id) if work in (None, one.code)]
    if newest is None or not wanted:
        return None
    subs = [sub for criterion in newest.criteria for sub in criterion.sub_criteria]
    aspects = next(one.aspects for one in subs if one.id == sub_id)
    signers = {judge: None for one in wanted for judge in book.found.signers(one.entry_id, sub_id)}
    panel = list(signers)
    given = {one.account for sheet in wanted for one in sheet.signatures if one.account}
    names = desk.names(session, [*panel, *given])
    opened = locking.history(session, skill.id)
    return Pages(
        sub=wanted[0].sub,
        version=newest.version,
        number=skill.revision,
        head=skill.ledger_head,
        judges=tuple(names[judge] for judge in panel),
        competitor_signs=book.competitor_signs,
        is_locked=skill.locked_at is not None or wanted[0].is_locked,
        most=two_decimals(sum(aspect.max for aspect in aspects)),
        sheets=tuple(
            _sheet(one, aspects, book.found, names)
            | {"blank": blank, "reasons": locking.reasons(opened, one.entry_id, one.sub.id)}
            for one in wanted
        ),
    )


def _sheet(sheet: Sheet, aspects: list[Aspect], found: Cells, names: Mapping[int, str]) -> Plain:
    facts = {one.id: one for one in found.aspects}
    marks = [(aspect, found.works[sheet.entry_id].marks[aspect.id]) for aspect in aspects]
    settled = [mark.value for _, mark in marks if mark.settled and mark.value is not None]
    return {
        "code": sheet.code,
        "state": sheet.standing.state,
        "digest": sheet.digest,
        "total": two_decimals(sum(settled)),
        "whole": len(settled) == len(marks),
        "aspects": [
            _aspect(aspect, mark)
            | {
                "partial": facts[aspect.id].partial and not aspect.is_automatic,
                "star": found.has_star(sheet.entry_id, facts[aspect.id]),
            }
            for aspect, mark in marks
        ],
        "signatures": [_signature(one, names) for one in sheet.signatures],
    }


def _aspect(aspect: Aspect, mark: Mark) -> Plain:
    ballot = mark.ballot
    votes = sorted(ballot.current.votes.values()) if ballot and ballot.complete else []
    words = {
        f"{name}_{language}": getattr(aspect, f"{name}_{language}")
        for name in ("name", "extra", "requirement")
        for language in ("zh", "en")
    }
    return {
        **words,
        "code": aspect.code,
        "kind": aspect.kind,
        "max": two_decimals(aspect.max),
        "mark": "–" if mark.value is None or not mark.settled else two_decimals(mark.value),
        "votes": votes,
        "rungs": aspect.rungs,
    }


def _signature(one: Given, names: Mapping[int, str]) -> Plain:
    who = "" if one.role == COMPETITOR else names.get(one.account or 0, "")
    return {"role": one.role, "who": who, "remark": one.remark, "at": one.at}
