"""Read: the checks of a skill, and how often judges gave another mark than was proposed.

For the author of the task. Works by the judges' code; marks as they stand now against what the
hand-in that they were given on gets today: a check that was mended and judged anew is seen by what
it says now, and a hand-in that came after the mark was judged by nobody.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition.models import Entry
from judging import kept, queue
from judging.cells import Cells
from judging.models import CheckRow, Evaluation, Observation, Submission
from judging.rejudged import as_check
from judging.rules.disagreement import Judged, Rate, rate
from judging.rules.marks import Measured
from sandbox.verdict import proposals


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
    maxima = {one.code: one.max for one in aspects.values()}
    judged: dict[tuple[str, str], list[Judged]] = {}
    newest: dict[tuple[str, str], CheckRow] = {}
    for entry, rows in _judgings(session, skill_id, found):
        proposed = proposals(map(as_check, rows), maxima)
        for row in rows:
            measured = _settled(found, entry, aspects[row.aspect].id)
            if measured is None or measured.head is None:
                continue
            newest[row.aspect, row.check] = row
            judged.setdefault((row.aspect, row.check), []).append(
                Judged(
                    found.entries[entry],
                    row.outcome,
                    proposed.get(row.aspect),
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


def _settled(found: Cells, entry_id: int, aspect_id: int) -> Measured | None:
    measured = found.works[entry_id].marks[aspect_id].measured
    return measured if measured is not None and measured.settled else None


def _judgings(
    session: Session, skill_id: int, found: Cells
) -> Iterable[tuple[int, list[CheckRow]]]:
    """Work by work, the checks of the hand-in on which each mark was given; where nothing had been
    proposed yet, of the one that counts. All checks of one aspect are of one judging."""
    entries, counting, of_submission = _live(session, skill_id)
    weighed = _weighed(session, skill_id, found, of_submission)
    codes = {one.code for one in found.aspects if one.kind == "M"}
    rows = session.scalars(
        select(CheckRow)
        .where(CheckRow.evaluation_id.in_(counting | set(weighed.values())))
        .order_by(CheckRow.id)
    )
    of_work: dict[int, list[CheckRow]] = defaultdict(list)
    for row in rows:
        entry = entries[row.evaluation_id]
        wanted = weighed.get((entry, row.aspect))
        shown = row.evaluation_id in counting if wanted is None else row.evaluation_id == wanted
        if row.aspect in codes and shown:
            of_work[entry].append(row)
    return of_work.items()


def _live(session: Session, skill_id: int) -> tuple[dict[int, int], set[int], dict[int, int]]:
    """Judging → entry; the judgings of what counts; hand-in → its judging: all that are results."""
    entries, counting, of_submission = {}, {}, {}
    for entry, period, submission, number in session.execute(
        select(Submission.entry_id, Submission.period_id, Submission.id, Evaluation.id)
        .join(Evaluation, Evaluation.submission_id == Submission.id)
        .join(Entry, Entry.id == Submission.entry_id)
        .where(
            Entry.skill_id == skill_id,
            Submission.is_late.is_(False),
            Evaluation.state == "done",
            queue.LIVE,
        )
        .order_by(Submission.id, queue.SINCE, Evaluation.id)
    ):
        entries[number] = entry
        counting[entry, period] = of_submission[submission] = number
    return entries, set(counting.values()), of_submission


def _weighed(
    session: Session, skill_id: int, found: Cells, of_submission: dict[int, int]
) -> dict[tuple[int, str], int]:
    """Entry and aspect → the judging today of the hand-in that judges had before them."""
    rows = session.execute(
        select(Observation.id, Evaluation.submission_id)
        .join(Evaluation, Evaluation.id == Observation.evaluation_id)
        .where(Observation.skill_id == skill_id)
    )
    handed = {row.id: row.submission_id for row in rows}
    out = {}
    for entry in found.works:
        for aspect in found.aspects:
            measured = _settled(found, entry, aspect.id)
            if measured is not None and measured.weighed is not None:
                judging = of_submission.get(handed.get(measured.weighed.id, 0))
                if judging is not None:
                    out[entry, aspect.code] = judging
    return out
