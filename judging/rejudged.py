"""Reads of rejudging: what a set would hold, how far it is, and its table of differences.

The table compares, entry by entry and aspect by aspect, what the machine proposes now with what the
set found, beside the mark that judges gave. Entries appear by the judges' code only.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition.models import Entry, Period
from competition.moment import iso
from judging import cells, queue, submissions
from judging.models import Aspect, CheckRow, Evaluation, Rejudging, Submission
from sandbox.verdict import Check, proposals

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a set is chosen; what is empty does not restrict. Times are of the hand-in."""

    task: str = ""
    verdicts: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    counting_only: bool = True

    def as_dict(self) -> Plain:
        return {**asdict(self), "since": iso(self.since), "until": iso(self.until)}


def matching(session: Session, skill_id: int, wanted: Wanted) -> list[Plain]:
    """The hand-ins of a skill that a set would hold: judged already, and as wanted."""
    rows = session.execute(
        select(Submission, Entry.code, Period.task)
        .join(Entry, Submission.entry_id == Entry.id)
        .join(Period, Submission.period_id == Period.id)
        .where(Period.skill_id == skill_id, Submission.is_late.is_(False))
        .order_by(Entry.code, Submission.period_id, Submission.number)
    ).all()
    live = queue.newest(session, [row.id for row, _, _ in rows])
    newest = {(row.entry_id, row.period_id): row.number for row, _, _ in rows}
    found = []
    for row, code, task in rows:
        last = live.get(row.id)
        counts = newest[row.entry_id, row.period_id] == row.number
        if (
            last is not None
            and last.state in ("done", "failed")
            and (not wanted.task or task == wanted.task)
            and (not wanted.verdicts or last.verdict in wanted.verdicts)
            and (wanted.since is None or row.at >= wanted.since)
            and (wanted.until is None or row.at < wanted.until)
            and (counts or not wanted.counting_only)
        ):
            plain = {"submission_id": row.id, "code": code, "number": row.number, "at": row.at}
            found.append({**plain, "task": task, "verdict": last.verdict, "counts": counts})
    return found


def choices(session: Session, skill_id: int) -> tuple[list[str], list[str]]:
    """The tasks and the verdicts among what was judged in a skill."""
    found = matching(session, skill_id, Wanted(counting_only=False))
    return (
        sorted({row["task"] for row in found if row["task"]}),
        sorted({row["verdict"] for row in found if row["verdict"]}),
    )


def judged(session: Session, rejudging_id: int) -> list[Evaluation]:
    """The judgings of a set, the newest of each hand-in."""
    rows = session.scalars(
        select(Evaluation).where(Evaluation.rejudging_id == rejudging_id).order_by(Evaluation.id)
    )
    return list({row.submission_id: row for row in rows}.values())


def progress(session: Session, rejudging_id: int) -> Plain:
    """How far a set is: judged, of how many, and what waits for a person."""
    rows = judged(session, rejudging_id)
    states = [row.state for row in rows]
    return {
        "of": len(rows),
        "done": states.count("done"),
        "running": states.count("running"),
        "failed": [
            {
                "evaluation_id": row.id,
                "code": row.submission.entry.code,
                "number": row.submission.number,
                "sentence": {"zh": row.message_zh, "en": row.message_en},
            }
            for row in rows
            if row.state == "failed"
        ],
        "complete": bool(rows) and states.count("done") == len(rows),
    }


def sets(session: Session, skill_id: int) -> list[tuple[Rejudging, Plain]]:
    """The sets of a skill with their progress, newest first."""
    rows = session.scalars(
        select(Rejudging).where(Rejudging.skill_id == skill_id).order_by(Rejudging.id.desc())
    )
    return [(row, progress(session, row.id)) for row in rows]


def table(session: Session, row: Rejudging) -> list[Plain]:
    """What would change, hand-in by hand-in; what stays the same is left out. Once the set is
    decided, the table as it stood then. Plain JSON values; marks in hundredths."""
    if row.state != "open":
        return list(row.outcome)
    done = [one for one in judged(session, row.id) if one.state == "done"]
    live = queue.newest(session, [one.submission_id for one in done])
    found = cells.read(session, row.skill_id)
    names = _names(session, [aspect.id for aspect in found.aspects])
    lines = [_line(session, one, live.get(one.submission_id), found, names) for one in done]
    changed = [line for line in lines if line["verdict_before"] != line["verdict_after"]
               or line["aspects"] or line["checks"]]  # fmt: skip
    return sorted(changed, key=lambda line: (line["code"], line["number"]))


def stamp(lines: Sequence[Plain]) -> str:
    """What a person has looked at, as a short text: a decision names the table that it rests on."""
    text = json.dumps(lines, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _line(
    session: Session,
    after: Evaluation,
    before: Evaluation | None,
    found: cells.Cells,
    names: dict[int, tuple[str, str]],
) -> Plain:
    submission = after.submission
    was = before.checks if before is not None and before.state == "done" else []
    counts = submissions.counts(session, submission.entry_id, submission.period_id)
    return {
        "submission": submission.id,
        "evaluation": after.id,
        "code": submission.entry.code,
        "number": submission.number,
        "counts": submission.number == counts,
        "verdict_before": before.verdict if before is not None else None,
        "verdict_after": after.verdict,
        "aspects": _aspects(
            was,
            after.checks,
            found,
            names,
            entry_id=submission.entry_id,
            counts=submission.number == counts,
        ),
        "checks": _checks(was, after.checks),
    }


def _aspects(
    was: Collection[CheckRow],
    now: Collection[CheckRow],
    found: cells.Cells,
    names: dict[int, tuple[str, str]],
    *,
    entry_id: int,
    counts: bool,
) -> list[Plain]:
    """The aspects whose proposal differs, each with the mark that judges gave. A question opens
    where the set speaks against such a mark."""
    maxima = {one.code: one.max for one in found.aspects if one.kind == "M"}
    before, after = (proposals(map(as_check, rows), maxima) for rows in (was, now))
    work = found.works[entry_id]
    lines = []
    for aspect in found.aspects:
        old, new = before.get(aspect.code), after.get(aspect.code)
        if old == new:
            continue
        mark = work.marks[aspect.id].value
        confirmed = aspect.sub_criterion_id in work.confirmed
        lines.append(
            {
                "id": aspect.id,
                "code": aspect.code,
                "name_zh": names[aspect.id][0],
                "name_en": names[aspect.id][1],
                "before": old,
                "after": new,
                "mark": mark,
                "confirmed": confirmed and mark is not None,
                "question": counts and mark is not None and mark != new,
            }
        )
    return lines


def _checks(was: Iterable[CheckRow], now: Iterable[CheckRow]) -> list[Plain]:
    """The checks with another outcome than before; None where one of both did not have it."""
    before, after = ({row.check: row for row in rows} for rows in (was, now))
    lines = []
    for check in {**before, **after}:
        old, new = before.get(check), after.get(check)
        shown = new or old
        if shown is None or (old and new and old.outcome == new.outcome):
            continue
        lines.append(
            {
                "title_zh": shown.title_zh,
                "title_en": shown.title_en,
                "before": old.outcome if old else None,
                "after": new.outcome if new else None,
            }
        )
    return lines


def as_check(row: CheckRow) -> Check:
    """A stored check as the sandbox gave it, as far as marks follow from it."""
    return Check(
        row.check, row.aspect, row.title_zh, row.title_en, row.rule, row.points,  # type: ignore[arg-type]
        row.public, row.outcome,  # type: ignore[arg-type]
    )  # fmt: skip


def _names(session: Session, aspects: Collection[int]) -> dict[int, tuple[str, str]]:
    rows = session.execute(
        select(Aspect.id, Aspect.name_zh, Aspect.name_en).where(Aspect.id.in_(aspects))
    )
    return {row.id: (row.name_zh, row.name_en) for row in rows}


def open_set(session: Session, skill_id: int) -> Rejudging | None:
    """The set of a skill that still waits to be applied or dropped; there is at most one."""
    return session.scalar(
        select(Rejudging).where(Rejudging.skill_id == skill_id, Rejudging.state == "open")
    )
