"""What a tablet reads: the pack of a skill, the sheets of one work, progress. Plain dicts.

Entries are selected as id and code and nothing else, so no identity can be in any of it. A vote of
another judge is not in it before its round is complete: only who has voted.
"""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from competition import clocks
from competition.models import Account, Grant, Role, Skill
from competition.moment import iso, now
from competition.rules.refusal import Refusal
from judging import admission, cells, closed, kept, observed, queue, remarks, scheme
from judging.models import (
    Aspect,
    CheckRow,
    Confirmation,
    Criterion,
    Evaluation,
    Observation,
    SubCriterion,
    Submission,
)
from judging.rules.marks import Mark, Seen
from judging.rules.votes import Ballot, own_vote

Plain = dict[str, Any]


def pack(session: Session, skill: Skill, judge: Account) -> Plain:
    """All that does not change from tap to tap: a tablet works on from it without a network."""
    found = scheme.current(skill.id)
    panel = session.execute(
        select(Account.id, Account.label).where(Account.id.in_(cells.panel_ids(session, skill.id)))
    )
    clock = clocks.situation(session, skill.id, now())
    works = kept.whole(session, skill.id).entries
    return {
        "skill": {"code": skill.code, "name_zh": skill.name_zh, "name_en": skill.name_en},
        "judge": {"id": judge.id, "label": judge.label},
        "panel": sorted(({"id": row.id, "label": row.label} for row in panel), key=_by_id),
        "chiefs": list(session.scalars(_chiefs(skill.id))),
        "codes": sorted(works.values()),
        "clock": {
            "starts_at": iso(clock.starts_at),
            "ends_at": iso(clock.ends_at),
            "paused_at": iso(clock.paused_at),
        },
        "scheme": {
            "version": found.version if found else 0,
            "total": found.total if found else 0,
            "criteria": [_criterion(row) for row in found.criteria] if found else [],
        },
    }


def _chiefs(skill_id: int) -> Select[str]:
    """Whom a judge calls: the labels of the chief judges who hold the role now."""
    return (
        select(Account.label)
        .join(Grant, Grant.account_id == Account.id)
        .where(Grant.skill_id == skill_id, Grant.role == Role.CHIEF_JUDGE, Grant.held(now()))
        .order_by(Account.label)
    )


def _by_id(row: Plain) -> int:
    return int(row["id"])


def _criterion(row: Criterion) -> Plain:
    return {
        "letter": row.letter,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "sub_criteria": [_sub_criterion(sub) for sub in row.sub_criteria],
    }


def _sub_criterion(row: SubCriterion) -> Plain:
    return {
        "id": row.id,
        "code": row.code,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "day": row.day,
        "aspects": [_aspect(aspect) for aspect in row.aspects],
    }


def _aspect(row: Aspect) -> Plain:
    return {
        "id": row.id,
        "code": row.code,
        "kind": row.kind,
        "max": row.max,
        "partial": observed.is_partial(row),
        "automatic": row.is_automatic,
        "calculation": observed.told(row),
        "rungs": row.rungs,
        **{
            f"{name}_{language}": getattr(row, f"{name}_{language}")
            for name in ("name", "extra", "requirement")
            for language in ("zh", "en")
        },
    }


def work(session: Session, skill: Skill, code: str, judge_id: int) -> Plain:
    """Every cell and sheet of one work, as `judge_id` may see it."""
    found = kept.whole(session, skill.id)
    entry_id = found.entry_of(code)
    if entry_id is None:
        raise Refusal(
            "该赛项没有这个编号。请核对编号后再试。",
            "This skill has no work with that code. Check the code and try again.",
            status=404,
        )
    times = session.execute(
        select(Observation.id, Observation.at).where(Observation.entry_id == entry_id)
    )
    at = {row.id: iso(row.at) for row in times}
    checks, contact = _checks(session, entry_id)
    left = remarks.of_work(session, found, entry_id, judge_id)
    return {
        "code": code,
        "locked_at": iso(skill.locked_at),
        "aside": found.panels.stands_aside(judge_id, entry_id),
        "contact": contact,
        "cells": {
            str(aspect.id): _cell(found.works[entry_id], aspect.id, at, judge_id)
            | {
                "checks": checks.get(aspect.code, []),
                "remarks": left.get(aspect.id, []),
                "star": found.has_star(entry_id, aspect),
            }
            for aspect in found.aspects
        },
        "sheets": _sheets(session, skill, found, entry_id, judge_id),
        "closed": _closed(found, entry_id),
        "reopened": _reopened(session, skill, found, entry_id),
    }


def _closed(found: cells.Cells, entry_id: int) -> dict[str, str]:
    """The sheets of a work that take no marks, also those without measurements → why."""
    why = {
        sub: found.closed.why(entry_id, sub)
        for sub in dict.fromkeys(one.sub_criterion_id for one in found.aspects)
    }
    return {str(sub): said for sub, said in why.items() if said is not None}


def _reopened(
    session: Session, skill: Skill, found: cells.Cells, entry_id: int
) -> dict[str, Plain]:
    """The sheets of a work that were opened again after signing → by whom, when and why."""
    return {
        str(found.former.sheets.get(sub, sub)): {
            "by": one.by,
            "at": iso(one.at),
            "reason": one.reason,
        }
        for sub, one in closed.reopened(session, skill.id, entry_id).items()
    }


def _cell(work: cells.Work, aspect_id: int, at: dict[int, str | None], judge_id: int) -> Plain:
    mark = work.marks[aspect_id]
    if mark.ballot is not None:
        own = own_vote(work.seen.get(aspect_id, []), judge_id, mark.ballot.open_round)
        return _judged(mark, mark.ballot, judge_id) | {"mine_id": own.id if own else None}
    measured = mark.measured
    assert measured is not None
    return {
        "head": _seen(measured.head, at),
        "differing": [_seen(one, at) for one in measured.differing],
        "proposal": _seen(measured.proposal, at),
        "weighed": measured.weighed.value if measured.weighed else None,
    }


def _seen(one: Seen | None, at: dict[int, str | None]) -> Plain | None:
    if one is None:
        return None
    return {
        "id": one.id,
        "value": one.value,
        "observed": one.observed,
        "by": one.judge,
        "at": at.get(one.id),
        "reason": one.reason,
        "decides": one.decides,
    }


def _judged(mark: Mark, ballot: Ballot, judge_id: int) -> Plain:
    """Complete rounds in full; of the open one my own vote, and who has voted."""
    complete = ballot.rounds if ballot.complete else ballot.rounds[:-1]
    opened = None if ballot.complete else ballot.current
    mine = opened.votes.get(judge_id) if opened else None
    return {
        "round": ballot.open_round,
        "mine": mine,
        "my_reason": opened.reasons.get(judge_id, "") if opened else "",
        "panel": list(ballot.panel),
        "voted": [judge for judge in ballot.panel if opened and judge in opened.votes],
        "rounds": [
            {
                "number": one.number,
                "votes": [
                    {"by": judge, "value": value, "reason": one.reasons.get(judge, "")}
                    for judge, value in sorted(one.votes.items())
                ],
            }
            for one in complete
        ],
        "needs_new_vote": ballot.needs_new_vote or (opened is not None and opened.number > 1),
        "agreed": ballot.agreed,
        "too_few": ballot.too_few,
        "mark": mark.value,
    }


def _checks(session: Session, entry_id: int) -> tuple[dict[str, list[Plain]], Plain | None]:
    """What the newest judging of the hand-in that counts saw, by aspect, and the one picture of it
    all. File names stay out: competitors give them."""
    newest = session.scalar(
        select(Evaluation.id)
        .join(Submission)
        .where(
            Submission.entry_id == entry_id,
            Submission.is_late.is_(False),
            Evaluation.state == "done",
            queue.LIVE,
        )
        .order_by(Submission.id.desc(), queue.SINCE.desc(), Evaluation.id.desc())
        .limit(1)
    )
    if newest is None:
        return {}, None
    rows = session.scalars(
        select(CheckRow).where(CheckRow.evaluation_id == newest).order_by(CheckRow.id)
    )
    found: dict[str, list[Plain]] = {}
    contact = None
    for row in rows:
        pieces = [_piece(one) for one in row.evidence]
        contact = next((one for one in pieces if one["kind"] == "contact"), contact)
        found.setdefault(row.aspect, []).append(
            {
                "title_zh": row.title_zh,
                "title_en": row.title_en,
                "outcome": row.outcome,
                "message_zh": row.message_zh,
                "message_en": row.message_en,
                "evidence": [one for one in pieces if one["kind"] != "contact"],
            }
        )
    return found, contact


def _piece(one: Plain) -> Plain:
    return {
        "kind": one["kind"],
        "type": one["media_type"],
        "url": f"/evidence/{one['sha256']}",
    }


def _sheets(
    session: Session, skill: Skill, found: cells.Cells, entry_id: int, judge_id: int
) -> dict[str, Plain]:
    """The measurement sheets of a work: confirmed by whom, and whether I may."""
    rows = session.execute(
        select(Confirmation.sub_criterion_id, Confirmation.judge_id, Confirmation.at)
        .where(Confirmation.entry_id == entry_id)
        .order_by(Confirmation.id)
    )
    present = found.former.sheets
    at = {
        (present.get(row.sub_criterion_id, row.sub_criterion_id), row.judge_id): iso(row.at)
        for row in rows
    }
    out = {}
    work = found.works[entry_id]
    for sub in dict.fromkeys(one.sub_criterion_id for one in found.aspects if one.kind == "M"):
        by = work.confirmed.get(sub)
        why = _why_not(skill, found, entry_id, sub, judge_id)
        out[str(sub)] = {
            "last": work.last.get(sub, 0),
            "confirmed": {"by": by, "at": at.get((sub, by))} if by is not None else None,
            "confirming": list(dict.fromkeys(work.confirming.get(sub, ()))),
            "may_confirm": why is None,
            "why": why,
        }
    return out


def _why_not(
    skill: Skill, found: cells.Cells, entry_id: int, sub: int, judge_id: int
) -> str | None:
    if skill.locked_at is not None or found.closed.is_closed(entry_id, sub):
        return "closed" if skill.locked_at is None else "locked"
    if sub in found.works[entry_id].confirmed:
        return "confirmed"
    if not all(mark.settled for mark in found.sheet(entry_id, sub)):
        return "incomplete"
    if judge_id not in found.sitting(entry_id, sub):
        return "aside"
    if not admission.may_confirm(judge_id, found, entry_id, sub):
        return "own"
    return "once" if judge_id in found.works[entry_id].confirming.get(sub, ()) else None


def progress(session: Session, skill: Skill, judge_id: int) -> Plain:
    """Per work: what is done by me and by the panel, and what needs me. No mark, no total."""
    found = kept.whole(session, skill.id)
    subs = tuple(dict.fromkeys(one.sub_criterion_id for one in found.aspects if one.kind == "M"))
    return {
        "locked_at": iso(skill.locked_at),
        "codes": {
            code: _progress(skill, found, entry_id, subs, judge_id)
            for entry_id, code in found.entries.items()
        },
    }


def _progress(
    skill: Skill, found: cells.Cells, entry_id: int, subs: tuple[int, ...], judge_id: int
) -> Plain:
    work = found.works[entry_id]
    marks = [work.marks[aspect.id] for aspect in found.aspects]
    asked = [
        judge_id in found.panels.sitting(aspect.sheet, entry_id)
        if mark.ballot is None
        else judge_id in mark.ballot.asked
        or (judge_id in mark.ballot.panel and not mark.ballot.needs_new_vote)
        for aspect, mark in zip(found.aspects, marks, strict=True)
    ]
    ballots = [mark.ballot for mark in marks if mark.ballot]
    return {
        "of": len(marks),
        # what a judge is not asked for is done, as far as they are concerned
        "mine": sum(
            _done_by(mark, judge_id) or not own for mark, own in zip(marks, asked, strict=True)
        ),
        "asked": sum(asked),
        "aside": found.panels.stands_aside(judge_id, entry_id),
        "panel": sum(mark.settled for mark in marks),
        "differing": sum(bool(mark.measured and mark.measured.differing) for mark in marks),
        "new_votes": sum(
            judge_id in ballot.asked and (ballot.needs_new_vote or _again(ballot, judge_id))
            for ballot in ballots
        ),
        "proposals": sum(
            mark.value is None and mark.measured is not None and mark.measured.proposal is not None
            for mark in marks
        ),
        "sheets": len(subs),
        "confirmed": sum(sub in work.confirmed for sub in subs),
        # signed once, sent back, and not signed again since
        "reopened": sum(
            entry == entry_id and not found.closed.is_closed(entry, sub)
            for entry, sub in found.closed.reopened
        ),
        "to_confirm": sum(_why_not(skill, found, entry_id, sub, judge_id) is None for sub in subs),
    }


def _done_by(mark: Mark, judge_id: int) -> bool:
    """Nothing is left for this judge to enter: a measurement has its value, a judgement my vote."""
    if mark.ballot is None:
        return mark.value is not None
    return mark.ballot.agreed or (
        not mark.ballot.complete and judge_id in mark.ballot.current.votes
    )


def _again(ballot: Ballot, judge_id: int) -> bool:
    """A new round is open and this judge has not voted in it."""
    current = ballot.current
    return not ballot.complete and current.number > 1 and judge_id not in current.votes
