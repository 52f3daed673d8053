"""Questions about marks: where a machine speaks against a mark that judges gave.

A rejudging asks, and so does a hand-in that was judged after its work was marked. The mark stays as
it is; the chief judge answers with a reason. A question is over by itself as soon as a later
hand-in gets another proposal: what it speaks against is asked anew.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from competition import ledger, separation
from competition.database import writing
from competition.models import Entry, Role
from competition.moment import now
from competition.rules.refusal import Refusal
from judging import cells
from judging.models import Aspect, Evaluation, MarkQuestion, Submission
from judging.proposing import Changed

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Against:
    """A machine's word against a mark: the aspect, what judges gave and whether a second judge had
    confirmed it, what the machine proposed before and what it found now (None: not determined)."""

    aspect_id: int
    mark: int
    before: int | None
    after: int | None
    is_confirmed: bool


def ask(
    session: Session,
    skill_id: int,
    entry_id: int,
    found: Collection[Against],
    *,
    rejudging_id: int | None = None,
    evaluation_id: int | None = None,
) -> list[int]:
    """Open a question for each of these, inside the transaction of who found them; gives their ids.
    Asked by one of both: a rejudging, or the judging of a hand-in."""
    asked = [
        MarkQuestion(
            skill_id=skill_id,
            rejudging_id=rejudging_id,
            evaluation_id=evaluation_id,
            entry_id=entry_id,
            aspect_id=one.aspect_id,
            mark=one.mark,
            before=one.before,
            after=one.after,
            is_confirmed=one.is_confirmed,
            asked_at=now(),
        )
        for one in found
    ]
    session.add_all(asked)
    session.flush()
    return [one.id for one in asked]


def ask_of_hand_in(session: Session, evaluation: Evaluation, changed: Sequence[Changed]) -> None:
    """The proposals of a work have changed by another hand-in: ask where that speaks against marks.

    `changed`: what became of the proposals; a question whose proposal is the same stands.
    """
    if not changed:
        return
    skill_id, entry_id = evaluation.submission.period.skill_id, evaluation.submission.entry_id
    found = _against(cells.read(session, skill_id, entry_id=entry_id), entry_id, changed)
    over = _overtaken(session, entry_id, [aspect for aspect, _, _ in changed])
    asked = ask(session, skill_id, entry_id, found, evaluation_id=evaluation.id)
    if asked or over:
        ledger.append(
            session,
            act="question.ask",
            subject=f"evaluation:{evaluation.id}",
            body={"questions": asked, "over": over},
            actor_id=None,
            skill_id=skill_id,
        )


def _against(read: cells.Cells, entry_id: int, changed: Sequence[Changed]) -> list[Against]:
    sheets = {one.id: one.sub_criterion_id for one in read.aspects}
    confirmed = read.works[entry_id].confirmed
    found = []
    for aspect, before, after in changed:
        mark = read.mark(entry_id, aspect)
        if mark is not None and mark.value not in (None, after):
            found.append(Against(aspect, mark.value, before, after, sheets[aspect] in confirmed))
    return found


def _overtaken(session: Session, entry_id: int, aspects: Collection[int]) -> list[int]:
    """Close what was asked of these cells on an earlier hand-in, and nobody has answered."""
    rows = session.scalars(
        select(MarkQuestion).where(
            MarkQuestion.entry_id == entry_id,
            MarkQuestion.aspect_id.in_(aspects),
            MarkQuestion.answered_at.is_(None),
        )
    ).all()
    for row in rows:
        row.answered_at, row.answer = now(), OVERTAKEN
    return [row.id for row in rows]


OVERTAKEN = "又有新的提交 · a later hand-in"


def answer(question_id: int, *, reason: str, actor_id: int) -> None:
    """The chief judge's answer to a question about a mark. It changes no mark: what the panel wants
    changed it corrects on the tablet, and the answer notes the mark as it stands."""
    if not reason.strip():
        raise Refusal(
            "没有写明理由，没有改变。请写一句理由。",
            "No reason was given, so nothing was changed. Write one sentence why.",
        )
    with writing() as session:
        row = session.get(MarkQuestion, question_id, with_for_update=True)
        if row is None:
            raise Refusal(
                "没有这个疑问，没有改变。", "No such question; nothing was changed.", status=404
            )
        if row.answered_at is not None:
            return
        separation.require(session, actor_id, Role.CHIEF_JUDGE, row.skill_id)
        row.answered_by, row.answered_at, row.answer = actor_id, now(), reason.strip()
        ledger.append(
            session,
            act="question.answer",
            subject=f"question:{row.id}",
            body={
                "entry": row.entry_id,
                "aspect": row.aspect_id,
                "mark": row.mark,
                "found": row.after,
                "now": mark_now(session, row),
                "reason": row.answer,
            },
            actor_id=actor_id,
            skill_id=row.skill_id,
        )


def unanswered(session: Session, skill_id: int) -> list[Plain]:
    """The open questions of a skill: what judges gave, what was found, and the mark now. `hand_in`:
    the number of the hand-in that asks; None for a rejudging."""
    rows = session.execute(
        select(
            MarkQuestion, Entry.code, Aspect.code, Aspect.name_zh, Aspect.name_en, Submission.number
        )
        .join(Entry, MarkQuestion.entry_id == Entry.id)
        .join(Aspect, MarkQuestion.aspect_id == Aspect.id)
        .outerjoin(Evaluation, MarkQuestion.evaluation_id == Evaluation.id)
        .outerjoin(Submission, Evaluation.submission_id == Submission.id)
        .where(MarkQuestion.skill_id == skill_id, MarkQuestion.answered_at.is_(None))
        .order_by(Entry.code, Aspect.position)
    ).all()
    return [
        {
            "question_id": row.id,
            "rejudging_id": row.rejudging_id,
            "hand_in": hand_in,
            "entry_id": row.entry_id,
            "aspect_id": row.aspect_id,
            "code": code,
            "aspect": aspect,
            "name_zh": zh,
            "name_en": en,
            "mark": row.mark,
            "before": row.before,
            "after": row.after,
            "confirmed": row.is_confirmed,
            "now": mark_now(session, row),
        }
        for row, code, aspect, zh, en, hand_in in rows
    ]


def mark_now(session: Session, question: MarkQuestion) -> int | None:
    """The judges' mark that a question is about, as it stands now."""
    found = cells.read(session, question.skill_id, entry_id=question.entry_id)
    mark = found.mark(question.entry_id, question.aspect_id)
    return mark.value if mark is not None else None


def left_of(session: Session, rejudging_id: int) -> int:
    """How many questions of a set wait for the chief judge."""
    found = select(func.count(MarkQuestion.id)).where(
        MarkQuestion.rejudging_id == rejudging_id, MarkQuestion.answered_at.is_(None)
    )
    return session.scalar(found) or 0
