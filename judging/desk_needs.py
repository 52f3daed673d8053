"""The list "needs you" of the chief judge's desk: everything that waits for a person's word.

Differing measurements, votes that need a new round, posts set aside, tablets with unsent marks,
a rejudging to decide, the questions it opened, hand-ins that the sandbox could not judge, late
hand-ins, ties after the lock. By the judges' code only; the name of a
file that a competitor handed in is not shown, it may hold anything.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from competition.models import Entry, Period, Skill
from judging import (
    aside_words,
    cells,
    conflict_notes,
    desk,
    questions,
    queue,
    rechecking,
    rejudged,
    setting_aside,
    sheet_states,
    ties,
)
from judging.contact import Tablet
from judging.models import Aspect, Evaluation, Observation, Scheme, Submission
from judging.rules.marks import Measured
from judging.rules.scheme import two_decimals

MOST_SET_ASIDE = 50  # newest first; a tablet that floods must not bury the rest


def read(
    session: Session,
    skill: Skill,
    found: cells.Cells,
    scheme: Scheme | None,
    tablets: Sequence[Tablet],
) -> list[dict[str, Any]]:
    """Everything that needs the chief judge, most pressing first. Each has a "kind"."""
    return [
        *differing(session, found, scheme),
        *_votes(found, scheme),
        *_panels(session, skill, found),
        *_unsent(tablets),
        *_rejudging(session, skill),
        *_questions(session, skill),
        *_rechecks(session, skill),
        *({"kind": "tie", "codes": tie.codes} for tie in ties.waiting(session, skill)),
        *_failed(session, skill),
        *_late(session, skill),
        *_set_aside(session, skill, found),
    ]


def _words(scheme: Scheme | None) -> dict[int, dict[str, str]]:
    if scheme is None:
        return {}
    return {
        aspect.id: {"aspect": aspect.code, "name_zh": aspect.name_zh, "name_en": aspect.name_en}
        for criterion in scheme.criteria
        for sub in criterion.sub_criteria
        for aspect in sub.aspects
    }


def _cells(found: cells.Cells) -> Iterable[tuple[str, int, Any]]:
    for entry, code in found.entries.items():
        marks = found.works[entry].marks
        for aspect in found.aspects:
            yield code, aspect.id, marks[aspect.id]


def differing(session: Session, found: cells.Cells, scheme: Scheme | None) -> list[dict[str, Any]]:
    """Measurements to which judges gave different values, each value with its judges."""
    labels, words = desk.names(session, desk.givers(found)), _words(scheme)
    return [
        {
            "kind": "measurement",
            "code": code,
            "aspect_id": aspect_id,
            **words.get(aspect_id, {}),
            "values": _values(mark.measured, labels),
        }
        for code, aspect_id, mark in _cells(found)
        if mark.measured and mark.measured.differing
    ]


def _values(measured: Measured, labels: dict[int, str]) -> list[dict[str, Any]]:
    """The values that judges gave for one measurement, each once, with who gave it."""
    by_value: dict[int, list[str]] = {}
    for one in (measured.head, *measured.differing):
        if one is not None and one.value is not None:
            by_value.setdefault(one.value, []).append(labels.get(one.judge or 0, ""))
    return [
        {"value": value, "text": two_decimals(value), "by": [name for name in by if name]}
        for value, by in sorted(by_value.items())
    ]


def _votes(found: cells.Cells, scheme: Scheme | None) -> list[dict[str, Any]]:
    words = _words(scheme)
    return [
        {
            "kind": "votes",
            "code": code,
            **words.get(aspect_id, {}),
            "votes": sorted(mark.ballot.current.votes.values()),
            "round": mark.ballot.current.number,
        }
        for code, aspect_id, mark in _cells(found)
        if mark.ballot and mark.ballot.needs_new_vote
    ]


def _panels(session: Session, skill: Skill, found: cells.Cells) -> list[dict[str, Any]]:
    """Judges who marked before a conflict was found, and judgements that too few judges are left
    for."""
    late = conflict_notes.late(session, skill.id)
    labels = desk.names(session, [one.judge for one in late])
    short = sum(bool(mark.ballot and mark.ballot.too_few) for _, _, mark in _cells(found))
    return [
        *({"kind": "conflict", "judge": labels.get(one.judge, ""), "marks": one.marks}
          for one in late),
        *([{"kind": "too_few", "judgements": short}] if short else []),
    ]  # fmt: skip


def _unsent(tablets: Sequence[Tablet]) -> list[dict[str, Any]]:
    """Marks that tablets hold, each judge's; what has no judge any more by the tablet alone."""
    return [
        {"kind": "tablet", "tablet": one, "judge": judge, "waiting": waiting}
        for one in tablets
        if one.waiting
        for judge, waiting in (
            [(held.judge, held.waiting) for held in one.judges if held.waiting]
            or [("", one.waiting)]
        )
    ]


def _rejudging(session: Session, skill: Skill) -> list[dict[str, Any]]:
    """The set that was judged anew and waits to be applied or dropped."""
    row = rejudged.open_set(session, skill.id)
    progress = rejudged.progress(session, row.id) if row else None
    if row is None or progress is None:
        return []
    if progress["done"] + len(progress["failed"]) < progress["of"]:
        return []
    return [{"kind": "rejudging", "rejudging_id": row.id, **progress}]


def _questions(session: Session, skill: Skill) -> list[dict[str, Any]]:
    """Marks of judges that a rejudging or a later hand-in spoke against."""
    return [
        {
            **one,
            "kind": "question",
            **{name: _marks(one[name]) for name in ("mark", "before", "after", "now")},
        }
        for one in questions.unanswered(session, skill.id)
    ]


def _rechecks(session: Session, skill: Skill) -> list[dict[str, Any]]:
    """Differences that a re-check found and that have no answer."""
    found = rechecking.read(session, skill.id, sheet_states.read(session, skill.id))
    return [
        {"kind": "recheck", "code": one.sheet.code, "sheet": one.sheet.sub.code}
        for one in (found.sheets if found else ())
        if one.state == "differs"
    ]


def _marks(value: int | None) -> str:
    return "" if value is None else two_decimals(value)


def _failed(session: Session, skill: Skill) -> list[dict[str, Any]]:
    """Hand-ins whose newest judging failed through no fault of the competitor's."""
    rows = session.execute(
        select(Evaluation, Submission.number, Entry.code)
        .join(Submission, Evaluation.submission_id == Submission.id)
        .join(Entry, Submission.entry_id == Entry.id)
        .where(Entry.skill_id == skill.id, Evaluation.state == "failed", queue.LIVE)
        .order_by(Entry.code, Submission.number)
    ).all()
    newest = queue.newest(session, [row.submission_id for row, _, _ in rows]) if rows else {}
    return [
        {
            "kind": "evaluation",
            "code": code,
            "evaluation_id": row.id,
            "number": number,
            "at": row.finished_at,
            "sentence": {"zh": row.message_zh, "en": row.message_en},
        }
        for row, number, code in rows
        if newest[row.submission_id].id == row.id
    ]


def _late(session: Session, skill: Skill) -> list[dict[str, Any]]:
    rows = session.execute(
        select(Submission.id, Submission.number, Submission.at, Entry.code)
        .join(Entry, Submission.entry_id == Entry.id)
        .join(Period, Submission.period_id == Period.id)
        .where(Period.skill_id == skill.id, Submission.is_late.is_(True))
        .order_by(Submission.id)
    )
    return [
        {"kind": "late", "submission_id": row.id, "number": row.number, "at": row.at,
         "code": row.code}
        for row in rows
    ]  # fmt: skip


def _set_aside(session: Session, skill: Skill, found: cells.Cells) -> list[dict[str, Any]]:
    """Posts that the rules refused, that their judge has not marked anew since, and that the chief
    judge has not noted."""
    rows = list(
        session.scalars(
            select(Observation)
            .where(Observation.skill_id == skill.id, Observation.state == "set_aside")
            .order_by(Observation.id.desc())
            .limit(MOST_SET_ASIDE)
        )
    )
    seen = setting_aside.noted(session, skill.id) if rows else set()
    rows = [row for row in rows if row.id not in seen]
    later = _taken_later(session, skill.id, rows)
    labels = desk.names(session, [row.judge_id for row in rows if row.judge_id])
    aspects = _named(session, skill.id, {_meant(row) for row in rows})
    return [
        {
            "kind": "set_aside",
            "observation_id": row.id,
            "code": str((row.posted or {}).get("code", ""))[:20],
            "aspect": aspects.get(_meant(row), ("", ""))[0],
            "value": _posted_value(row, found, aspects.get(_meant(row), ("", ""))[1]),
            "judge": labels.get(row.judge_id or 0, ""),
            "at": row.at,
            "sentence": aside_words.for_chief(row.refusal),
        }
        for row in rows
        if row.id >= later.get((row.judge_id, row.entry_id, row.aspect_id), 0)
    ]


def posted(session: Session, skill_id: int, found: cells.Cells, row: Observation) -> dict[str, Any]:
    """What a set-aside post gave, as far as it may be seen: "aspect", its code, "value", and
    whether it is "sealed"."""
    code, kind = _named(session, skill_id, {_meant(row)}).get(_meant(row), ("", ""))
    value, sealed = _posted_value(row, found, kind), _is_sealed(row, found, kind)
    return {"aspect": code, "value": value, "sealed": sealed}


def _meant(row: Observation) -> int:
    """The aspect of a post; one that the scheme of today no longer has stands in the post alone."""
    given = row.aspect_id or (row.posted or {}).get("aspect")
    return given if isinstance(given, int) and 0 < given < 2**31 else 0


def _named(session: Session, skill_id: int, aspects: Collection[int]) -> dict[int, tuple[str, str]]:
    """Code and kind of aspects, whatever version of the skill's scheme they belong to."""
    rows = session.execute(
        select(Aspect.id, Aspect.code, Aspect.kind)
        .join(Scheme, Aspect.scheme_id == Scheme.id)
        .where(Scheme.skill_id == skill_id, Aspect.id.in_(aspects))
    )
    return {number: (code, kind) for number, code, kind in rows}


def _posted_value(row: Observation, found: cells.Cells, kind: str) -> str:
    """What the judge gave: marks for a measurement, the vote itself for a judgement."""
    if _is_sealed(row, found, kind):
        return ""
    if row.value is None:
        return row.observed or ""
    return two_decimals(row.value) if kind == "M" else str(row.value)


def _is_sealed(row: Observation, found: cells.Cells, kind: str) -> bool:
    """Whether nobody may see yet what a post gave: a vote stays sealed as long as its round does,
    and for good where there is no round that could be over."""
    if kind == "M":
        return False
    mark = found.mark(row.entry_id, found.former.aspects.get(_meant(row), _meant(row)))
    return mark is None or mark.ballot is None or mark.ballot.seals(row.round)


def _taken_later(
    session: Session, skill_id: int, rows: Sequence[Observation]
) -> dict[tuple[int | None, int | None, int | None], int]:
    """(judge, entry, aspect) → the newest observation of theirs that was taken."""
    if not rows:
        return {}
    found = session.execute(
        select(
            Observation.judge_id,
            Observation.entry_id,
            Observation.aspect_id,
            func.max(Observation.id),
        )
        .where(
            Observation.skill_id == skill_id,
            Observation.state == "taken",
            Observation.judge_id.in_({row.judge_id for row in rows}),
            Observation.id > min(row.id for row in rows),
        )
        .group_by(Observation.judge_id, Observation.entry_id, Observation.aspect_id)
    )
    return {(judge, entry, aspect): newest for judge, entry, aspect, newest in found}
