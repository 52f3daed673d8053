"""What the chief judge's desk shows of marks: how far each code is, what the lock still waits for,
and what each release policy lets the public see.

Plain values for pages. Entries appear by the judges' code only.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import clocks
from competition.models import Account, Release, Skill
from judging import cells, marking, progress
from judging.models import Scheme
from judging.rules import visibility
from judging.rules.marks import Mark
from judging.rules.progress import COLUMNS, alike, needs_a_person, of_judge, of_panel
from judging.rules.scheme import two_decimals
from judging.rules.visibility import Policy


def sheets(scheme: Scheme | None) -> list[dict[str, Any]]:
    """The sub-criteria of a scheme, in its order."""
    if scheme is None:
        return []
    return [
        {
            "id": sub.id,
            "code": sub.code,
            "name_zh": sub.name_zh,
            "name_en": sub.name_en,
            "aspects": len(sub.aspects),
        }
        for criterion in scheme.criteria
        for sub in criterion.sub_criteria
        if sub.aspects
    ]


def matrix(
    found: cells.Cells, subs: Sequence[dict[str, Any]], signed: Collection[tuple[int, int]]
) -> list[dict[str, Any]]:
    """A row per code: its column, and one cell per sub-criterion with how far its sheet is.
    `signed`: the sheets that are signed off, as (entry id, sub-criterion id)."""
    kept, rows = progress.works(found), []
    for entry, code in found.entries.items():
        far = kept[entry]
        sheets = {sheet.sub: sheet for sheet in far.sheets}
        line = [
            {
                "sub": sub["id"],
                "code": sub["code"],
                "state": sheets[sub["id"]].step(signed=(entry, sub["id"]) in signed),
                "done": sheets[sub["id"]].done,
                "of": sheets[sub["id"]].of,
            }
            for sub in subs
        ]
        row = {"code": code, "cells": line, "column": far.column}
        rows.append({**row, "done": far.done, "of": far.of})
    return rows


def by_judge(session: Session, found: cells.Cells) -> dict[str, Any]:
    """The same codes by judge: what each has given and has left to give, numbers only, and as if
    nobody stood aside from a work (`progress.alike`). `measures`: what the panel enters together.
    """
    judges = [one for one in found.panels.judges if one in found.on_duty]
    shown = alike(
        [
            [of_judge(judge, found.works[entry].marks.values()) for judge in judges]
            for entry in found.entries
        ]
    )
    far = dict(zip(found.entries, shown, strict=True))
    labels = names(session, judges)
    return {
        "judges": [
            {"label": labels.get(judge, ""), "left": sum(own[number].left for own in far.values())}
            for number, judge in enumerate(judges)
        ],
        "rows": [
            {
                "code": code,
                "cells": far[entry],
                "measures": of_panel(found.works[entry].marks.values()),
            }
            for entry, code in found.entries.items()
        ],
        "has_measures": bool(found.sheets),
    }


def columns(rows: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    """The codes in each of the four columns of progress."""
    return {column: [row["code"] for row in rows if row["column"] == column] for column in COLUMNS}


def sheet(
    session: Session, found: cells.Cells, scheme: Scheme, entry: int, sub_id: int
) -> dict[str, Any] | None:
    """One sheet in detail: each aspect with its mark. Votes stay sealed until all are in."""
    labels = names(session, givers(found))
    facts = {one.id: one for one in found.aspects}
    for criterion in scheme.criteria:
        for sub in criterion.sub_criteria:
            if sub.id != sub_id:
                continue
            by = found.works[entry].confirmed.get(sub_id)
            return {
                "code": sub.code,
                "name_zh": sub.name_zh,
                "name_en": sub.name_en,
                "has_measures": any(aspect.kind == "M" for aspect in sub.aspects),
                "confirmed_by": labels.get(by) if by else None,
                "aspects": [
                    {
                        "id": aspect.id,
                        "code": aspect.code,
                        "name_zh": aspect.name_zh,
                        "name_en": aspect.name_en,
                        "max": two_decimals(aspect.max),
                        **_mark(found.works[entry].marks[aspect.id], labels),
                        "star": found.has_star(entry, facts[aspect.id]),
                    }
                    for aspect in sub.aspects
                ],
            }
    return None


def _mark(mark: Mark, labels: dict[int, str]) -> dict[str, Any]:
    ballot = mark.ballot
    votes: list[int] = []
    if ballot is not None and ballot.complete:
        votes = sorted(ballot.current.votes.values())
    head = mark.measured.head if mark.measured else None
    proposal = mark.measured.proposal if mark.measured else None
    return {
        "kind": "M" if ballot is None else "J",
        "value": None if mark.value is None else two_decimals(mark.value),
        "by": labels.get(head.judge or 0, "") if head and mark.value is not None else "",
        "decided": head is not None and head.decides,
        "proposal": None
        if proposal is None or proposal.value is None
        else two_decimals(proposal.value),
        "look": needs_a_person(mark),
        "votes": votes,
        "votes_in": len(ballot.current.votes) if ballot else 0,
        "votes_of": ballot.wanted if ballot else 0,
        "round": ballot.current.number if ballot else 1,
    }


def givers(found: cells.Cells) -> set[int]:
    """Whose entries may stand: the judges of every panel, and who decided between them."""
    marks = (mark for work in found.works.values() for mark in work.marks.values())
    heads = (mark.measured.head for mark in marks if mark.measured)
    deciders = {head.judge for head in heads if head and head.decides and head.judge is not None}
    return deciders | set(found.panels.judges)


def signed_sheet(found: cells.Cells, entry: int | None, aspect: int | None) -> int | None:
    """The sub-criterion of a cell whose sheet takes no marks for it bears signatures."""
    present = found.former.aspects.get(aspect or 0, aspect)
    sub = next((one.sub_criterion_id for one in found.aspects if one.id == present), None)
    return sub if (entry, sub) in found.closed.signed else None


def names(session: Session, accounts: Collection[int]) -> dict[int, str]:
    """What judges are called; never a competitor."""
    rows = session.execute(select(Account.id, Account.label).where(Account.id.in_(accounts)))
    return {row.id: row.label for row in rows}


def missing(session: Session, skill: Skill) -> list[dict[str, Any]]:
    """What the lock waits for, code by code."""
    return [
        {
            "code": one.code,
            "unmarked": list(one.unmarked),
            "differing": list(one.differing),
            "unconfirmed": one.unconfirmed,
        }
        for one in marking.missing(session, skill.id)
    ]


def policies(session: Session, skill: Skill, at: datetime) -> list[dict[str, Any]]:
    """The four release policies, each with what the public would see of marks right now."""
    return _policies(skill, skill.locked_at is not None, is_working(session, skill, at))


def policies_when_locked(skill: Skill) -> list[dict[str, Any]]:
    """The same, as it would be once the skill is locked."""
    return _policies(skill, locked=True, working=False)


def is_working(session: Session, skill: Skill, at: datetime) -> bool:
    """Whether anybody's personal time still runs, or a period is still to come."""
    return clocks.situation(session, skill.id, at).working


def _policies(skill: Skill, locked: bool, working: bool) -> list[dict[str, Any]]:
    return [
        {
            "policy": release.value,
            "chosen": skill.release == release,
            "shown": visibility.shown(Policy(release.value, locked, working)).value,
        }
        for release in Release
    ]
