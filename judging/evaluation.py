"""The verbs of judging by machine: claim, heartbeat, finish, give back, judge again.

The database says what waits; a worker claims one evaluation with a lease and a fence by one guarded
update. Only who holds the newest fence may write the end, and results, proposals and final state
are one transaction: a worker killed at any moment loses nothing and doubles nothing. The sandbox's
own failure (JE, IE) is judged again at most twice and then waits for a person; it never becomes a
mark. What belongs to a rejudging is judged in the same way and proposes nothing until it is applied
(`judging/rejudging.py`).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from competition import ledger, separation
from competition.database import db, writing
from competition.models import Role
from competition.moment import now
from competition.rules.refusal import Refusal
from judging import images, proposing, questions, queue, submissions
from judging.aspects import aspects_of
from judging.models import CheckRow, Evaluation
from sandbox.verdict import Check, Result, Verdict, in_parts, proposals

LEASE = timedelta(seconds=60)
RETRIES = 2  # after a failure of the sandbox itself
MOST_CLAIMS = 10  # a hand-in that takes its worker down every time waits for a person too
OUR_FAULT = (Verdict.JE, Verdict.IE)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a worker holds: which evaluation, its fence, and what to judge on which image."""

    evaluation_id: int
    fence: int
    task: str
    sha256: str
    image: str | None  # what this period was judged on before, None for its first hand-in


def claim(worker: str, without: Collection[str] = ()) -> Claim | None:
    """Take the next one that waits, or None; none of the tasks in `without`, whose images are still
    being built. Two workers never hold the same one."""
    waiting = queue.order(db.session())
    db.session.rollback()
    for evaluation_id in waiting:
        with writing() as session:
            row = session.get_one(Evaluation, evaluation_id, populate_existing=True)
            if without and row.submission.period.task in without:
                continue
            if row.fence >= MOST_CLAIMS:
                _leave_to_a_person(session, row)
                continue
            fence = row.fence + 1
            taken = {
                "state": "running",
                "worker": worker,
                "fence": fence,
                "lease_until": now() + LEASE,
                "started_at": now(),
                "checks_done": 0,
                "checks_total": 0,
            }
            if _guarded(session, evaluation_id, fence - 1, taken, free_only=True):
                return _claimed(session, row, fence)
    return None


def heartbeat(held: Claim, *, done: int = 0, total: int = 0) -> bool:
    """Renew the lease and note how far it is; False when another worker holds it by now."""
    values: dict[str, Any] = {"lease_until": now() + LEASE}
    if total:
        values |= {"checks_done": done, "checks_total": total}
    with writing() as session:
        return _guarded(session, held.evaluation_id, held.fence, values)


def finish(held: Claim, result: Result, evidence: Mapping[str, str]) -> bool:
    """Write the end, once: checks, proposals and state. False: the fence is not ours any more.

    `evidence` maps the paths of the result to the SHA-256 of blobs that are already stored.
    """
    with writing() as session:
        row = session.get_one(Evaluation, held.evaluation_id, populate_existing=True)
        failed = result.verdict in OUR_FAULT
        again = failed and row.attempts < RETRIES
        values = {
            "state": "queued" if again else "failed" if failed else "done",
            "attempts": row.attempts + failed,
            "lease_until": None,
            "finished_at": None if again else now(),
            "verdict": result.verdict.value,
            "message_zh": result.message_zh,
            "message_en": result.message_en,
            "image": result.image or None,
        }
        if not _guarded(session, held.evaluation_id, held.fence, values):
            return False
        if not again:
            session.add_all(_check_row(row.id, check, evidence) for check in result.checks)
            _note(session, row, result)
        return True


def give_back(held: Claim) -> bool:
    """Let go of what was not finished, because the worker stops or Docker is gone."""
    with writing() as session:
        values = {"state": "queued", "lease_until": None, "worker": None}
        return _guarded(session, held.evaluation_id, held.fence, values)


def judge_again(evaluation_id: int, *, actor_id: int) -> None:
    """A person has looked at a failure of the sandbox and sends the hand-in through once more, in
    its rejudging if it belongs to one."""
    with writing() as session:
        row = session.get(Evaluation, evaluation_id)
        if row is None or row.state != "failed" or _has_later(session, row):
            raise Refusal(
                "这次评测不在“等待人工处理”状态，没有改变。请刷新页面。",
                "This evaluation waits for nobody; nothing was changed. Reload the page.",
            )
        separation.require(session, actor_id, Role.CHIEF_JUDGE, row.submission.period.skill_id)
        again = Evaluation(
            submission_id=row.submission_id, rejudging_id=row.rejudging_id, queued_at=now()
        )
        session.add(again)
        session.flush()
        ledger.append(
            session,
            act="evaluation.again",
            subject=f"evaluation:{row.id}",
            body={"submission": row.submission_id, "evaluation": again.id},
            actor_id=actor_id,
            skill_id=row.submission.period.skill_id,
        )


def _has_later(session: Session, row: Evaluation) -> bool:
    """Whether it was sent through again already, as by the second of two taps."""
    later = select(Evaluation.id).where(
        Evaluation.submission_id == row.submission_id,
        Evaluation.rejudging_id.is_not_distinct_from(row.rejudging_id),
        Evaluation.id > row.id,
    )
    return session.scalar(later.limit(1)) is not None


def _guarded(
    session: Session,
    evaluation_id: int,
    fence: int,
    values: Mapping[str, Any],
    *,
    free_only: bool = False,
) -> bool:
    """The one update that only the newest fence can make; a claim also needs it to be free."""
    state = queue.free(now()) if free_only else Evaluation.state == "running"
    changed = session.execute(
        update(Evaluation)
        .where(Evaluation.id == evaluation_id, Evaluation.fence == fence, state)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    return isinstance(changed, CursorResult) and changed.rowcount == 1


def _claimed(session: Session, row: Evaluation, fence: int) -> Claim:
    submission = row.submission
    frozen = images.of_period(session, submission.period_id)
    return Claim(row.id, fence, submission.period.task or "", submission.sha256, frozen)


def _leave_to_a_person(session: Session, row: Evaluation) -> None:
    row.state, row.verdict, row.finished_at = "failed", Verdict.IE.value, now()
    row.message_zh, row.message_en = GAVE_UP
    _note(session, row, Result(Verdict.IE, *GAVE_UP))


def _note(session: Session, row: Evaluation, result: Result) -> None:
    """The ledger's row, and the proposals when this is the live result of what counts."""
    submission = row.submission
    body = {
        "submission": submission.id,
        "verdict": result.verdict.value,
        "image": result.image,
        "checks": {check.id: check.outcome for check in result.checks},
    }
    if row.rejudging_id is not None:
        body["rejudging"] = row.rejudging_id
    ledger.append(
        session,
        act="evaluation.end",
        subject=f"evaluation:{row.id}",
        body=body,
        actor_id=None,
        skill_id=submission.period.skill_id,
    )
    if result.verdict in OUR_FAULT or row.rejudging_id is not None:
        return
    counts = submissions.counts(session, submission.entry_id, submission.period_id)
    if submission.number == counts:
        questions.ask_of_hand_in(session, row, propose(session, row, result.checks))


def propose(session: Session, row: Evaluation, checks: Iterable[Check]) -> list[proposing.Changed]:
    """What these checks say of the marks, inside the caller's transaction: see `proposing`."""
    skill_id = row.submission.period.skill_id
    checks, full = tuple(checks), maxima(session, skill_id)
    found = proposals(checks, full)
    return proposing.propose(
        session,
        skill_id=skill_id,
        entry_id=row.submission.entry_id,
        evaluation_id=row.id,
        proposals={code: mark for code, mark in found.items() if mark is not None},
        parts=in_parts(checks, full),
    )


def maxima(session: Session, skill_id: int) -> dict[str, int]:
    """The aspects for which a check may propose a mark, with their maximum."""
    return {one.code: one.max for one in aspects_of(session, skill_id) if one.kind == "M"}


def _check_row(evaluation_id: int, check: Check, evidence: Mapping[str, str]) -> CheckRow:
    return CheckRow(
        evaluation_id=evaluation_id,
        check=check.id,
        aspect=check.aspect,
        title_zh=check.title_zh,
        title_en=check.title_en,
        rule=check.rule,
        points=check.points,
        public=check.public,
        outcome=check.outcome,
        message_zh=check.message_zh,
        message_en=check.message_en,
        duration_ms=check.duration_ms,
        evidence=[
            {
                "kind": piece.kind,
                "name": piece.name,
                "sha256": evidence[piece.path],
                "media_type": piece.media_type,
            }
            for piece in check.evidence
        ],
    )


GAVE_UP = (
    f"评测程序在这份提交上中断了 {MOST_CLAIMS} 次，等待工作人员处理。",
    f"The worker ended {MOST_CLAIMS} times on this hand-in; it waits for a person.",
)
