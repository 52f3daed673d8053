"""Read: the checks of a skill, and how often judges gave another mark than was proposed.

For the author of the task. Works by the judges' code; marks as they stand now against the newest
proposal, so a check that was mended and judged anew is seen by what it says today.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition.models import Entry
from judging import kept, queue
from judging.models import CheckRow, Evaluation, Submission
from judging.rules.disagreement import Judged, Rate, rate


@dataclass(frozen=True, slots=True)
class Check:
    """A check: its id in the package, the aspect and the sheet it belongs to, its rate."""

    check: str
    aspect: str
    sheet: str
    title_zh: str
    title_en: str
    rate: Rate


def checks(session: Session, skill_id: int) -> list[Check]:
    """Every check of which judges have marked the aspect, the most contradicted first."""
    found = kept.whole(session, skill_id)
    aspects = {one.code: one for one in found.aspects if one.kind == "M"}
    judged: dict[tuple[str, str], list[Judged]] = {}
    newest: dict[tuple[str, str], CheckRow] = {}
    for entry, row in _rows(session, skill_id):
        aspect = aspects.get(row.aspect)
        measured = found.works[entry].marks[aspect.id].measured if aspect else None
        if measured is None or measured.head is None or not measured.settled:
            continue
        newest[row.aspect, row.check] = row
        judged.setdefault((row.aspect, row.check), []).append(
            Judged(
                found.entries[entry],
                row.outcome,
                measured.proposal.value if measured.proposal else None,
                measured.head.value or 0,
                measured.head.reason,
            )
        )
    every = [
        Check(row.check, row.aspect, aspects[row.aspect].sheet, row.title_zh, row.title_en,
              rate(judged[key]))
        for key, row in newest.items()
    ]  # fmt: skip
    return sorted(every, key=lambda one: (-len(one.rate.against), one.aspect, one.check))


def _rows(session: Session, skill_id: int) -> Iterable[tuple[int, CheckRow]]:
    """What the newest judging of each hand-in that counts saw, with the entry, in the order of the
    checks."""
    newest = {
        (entry, period): number
        for entry, period, number in session.execute(
            select(Submission.entry_id, Submission.period_id, Evaluation.id)
            .join(Evaluation, Evaluation.submission_id == Submission.id)
            .join(Entry, Entry.id == Submission.entry_id)
            .where(
                Entry.skill_id == skill_id,
                Submission.is_late.is_(False),
                Evaluation.state == "done",
                queue.LIVE,
            )
            .order_by(Submission.id, queue.SINCE, Evaluation.id)
        )
    }
    entries = {number: entry for (entry, _), number in newest.items()}
    rows = session.scalars(
        select(CheckRow).where(CheckRow.evaluation_id.in_(entries)).order_by(CheckRow.id)
    )
    return ((entries[row.evaluation_id], row) for row in rows)
