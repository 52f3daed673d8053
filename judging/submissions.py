"""The verbs of handing in: announce, accept, admit a late one; and which hand-in counts.

A hand-in is acknowledged only when its bytes are flushed to the disk and its row is committed. A
key of the browser makes each step harmless when it is sent twice.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from competition import clocks, ledger, separation
from competition.database import db, writing
from competition.models import Entry, Period, Role
from competition.moment import iso, now
from competition.offload import offload
from competition.rules.clock import ClockState
from competition.rules.refusal import Refusal
from judging import blobs, incoming, tasks
from judging.models import Evaluation, Submission, Upload
from judging.rules.handin import Handed, Timeliness, counting, timeliness
from sandbox.archive import MB
from sandbox.task import Limits

KEY = re.compile(r"[0-9a-zA-Z-]{8,64}")
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another on paper


@dataclass(frozen=True, slots=True)
class Announcement:
    """What the browser says it will send."""

    key: str
    name: str
    size: int
    sha256: str


def announce(entry_id: int, period_id: int, said: Announcement, *, actor_id: int) -> Upload:
    """Note name, size and SHA-256 before the bytes come; the deadline looks at this."""
    at = now()
    with writing() as session:
        period = _open_period(session, entry_id, period_id, at)
        known = session.scalar(select(Upload).where(Upload.key == said.key))
        if known is not None:
            if (known.entry_id, known.size, known.sha256) != (entry_id, said.size, said.sha256):
                raise _unclear()
            return known
        _plausible(said, tasks.find(period.task or "").limits)
        upload = Upload(
            key=said.key,
            period_id=period.id,
            entry_id=entry_id,
            name=_shown(said.name),
            size=said.size,
            sha256=said.sha256,
            announced_at=at,
        )
        session.add(upload)
        session.flush()
        ledger.append(
            session,
            act="submission.announce",
            subject=f"entry:{entry_id}",
            body={"upload": upload.id, "size": upload.size, "sha256": upload.sha256},
            actor_id=actor_id,
            skill_id=period.skill_id,
        )
        return upload


def accept(key: str, stream: incoming.Stream, *, actor_id: int) -> Submission:
    """Take the announced bytes: checked, stored under their SHA-256, committed, then queued."""
    upload = db.session.scalar(select(Upload).where(Upload.key == key))
    if upload is None:
        raise _unclear()
    if done := _submitted(db.session(), key):
        return done
    period = db.session.get_one(Period, upload.period_id)
    task = tasks.find(period.task or "")
    db.session.expunge(upload)
    db.session.rollback()  # a slow upload must not hold a connection to the database
    with incoming.arrived(stream, upload.size, upload.sha256) as bytes_here:
        files = incoming.listing(bytes_here.path, task, upload.name).files
        offload(blobs.put_file, bytes_here.path)
    listed = [{"name": one.name, "size": one.size, "sha256": one.sha256} for one in files]
    with writing() as session:
        return _submitted(session, key) or _keep(session, upload, listed, bytes_here.at, actor_id)


def _keep(
    session: Session, upload: Upload, files: list[dict[str, object]], at: datetime, actor_id: int
) -> Submission:
    period = session.get_one(Period, upload.period_id)
    end = clocks.clock_of(period, upload.entry_id, at).ends_at
    late = end is None or timeliness(upload.announced_at, at, end) is Timeliness.LATE
    row = Submission(
        key=upload.key,
        receipt=_receipt(),
        period_id=period.id,
        entry_id=upload.entry_id,
        number=_next_number(session, upload.entry_id, period.id),
        name=upload.name,
        size=upload.size,
        sha256=upload.sha256,
        files=files,
        announced_at=upload.announced_at,
        at=at,
        is_late=late,
    )
    session.add(row)
    session.flush()
    if not late:
        session.add(Evaluation(submission_id=row.id, queued_at=at))
    ledger.append(
        session,
        act="submission.accept",
        subject=f"submission:{row.id}",
        body={
            "entry": row.entry_id,
            "period": period.number,
            "number": row.number,
            "receipt": row.receipt,
            "size": row.size,
            "sha256": row.sha256,
            "files": len(files),
            "announced_at": iso(row.announced_at),
            "at": iso(row.at),
            "late": late,
        },
        actor_id=actor_id,
        skill_id=period.skill_id,
    )
    return row


def admit(submission_id: int, *, reason: str, actor_id: int) -> None:
    """The ruling on a late hand-in (迟交·待裁定): it is taken as in time, judged, and may count."""
    if not reason.strip():
        raise Refusal(
            "没有写明理由，裁定没有保存。请写一句理由。",
            "No reason was given, so the ruling was not kept. Write one sentence why.",
        )
    with writing() as session:
        row = session.get(Submission, submission_id)
        if row is None:
            raise Refusal(
                "没有这份提交，没有改变。", "No such hand-in; nothing changed.", status=404
            )
        if not row.is_late:
            return
        separation.require(session, actor_id, Role.CHIEF_JUDGE, row.period.skill_id)
        row.is_late = False
        session.add(Evaluation(submission_id=row.id, queued_at=now()))
        ledger.append(
            session,
            act="submission.admit",
            subject=f"submission:{row.id}",
            body={"entry": row.entry_id, "number": row.number, "reason": reason.strip()},
            actor_id=actor_id,
            skill_id=row.period.skill_id,
        )


def of(session: Session, entry_id: int, period_id: int) -> list[Submission]:
    """An entry's hand-ins of one period, in their order."""
    found = select(Submission).where(
        Submission.entry_id == entry_id, Submission.period_id == period_id
    )
    return list(session.scalars(found.order_by(Submission.number)))


def counts(session: Session, entry_id: int, period_id: int) -> int | None:
    """The number of the hand-in that counts, if there is one."""
    rows = session.execute(
        select(Submission.number, Submission.is_late).where(
            Submission.entry_id == entry_id, Submission.period_id == period_id
        )
    )
    return counting(Handed(number, late) for number, late in rows)


def by_receipt(receipt: str) -> Submission:
    """The hand-in a receipt was given for."""
    row = db.session.scalar(select(Submission).where(Submission.receipt == receipt.upper()))
    if row is None:
        raise Refusal(
            "没有这个编号的回执。请检查编号。",
            "There is no receipt with that number. Check the number.",
            status=404,
        )
    return row


def _submitted(session: Session, key: str) -> Submission | None:
    return session.scalar(select(Submission).where(Submission.key == key))


def _open_period(session: Session, entry_id: int, period_id: int, at: datetime) -> Period:
    """The period, if it takes hand-ins of this entry: begun for it, with a task, not locked."""
    period, entry = session.get(Period, period_id), session.get(Entry, entry_id)
    if period is None or entry is None or period.skill_id != entry.skill_id or not period.task:
        raise _unclear()
    if entry.skill.locked_at is not None:
        raise Refusal(
            "该赛项的评分已锁定，不再接收提交；没有保存。如有异议请通过领队申诉。",
            "The marks of this skill are locked, so nothing more is taken and nothing was kept."
            " If you object, appeal through your team leader.",
        )
    if clocks.clock_of(period, entry_id, at).state is ClockState.WAITING:
        raise Refusal(
            "赛段还没有开始，没有保存。开始之后再提交。",
            "The working period has not begun; nothing was kept. Hand in once it has.",
        )
    return period


def _plausible(said: Announcement, limits: Limits) -> None:
    if not KEY.fullmatch(said.key) or not blobs.SHA256.fullmatch(said.sha256):
        raise _unclear()
    if said.size <= 0:
        raise Refusal(
            f"“{_shown(said.name)}”是空文件，没有保存。请重新打包后再交。",
            f'"{_shown(said.name)}" is empty; nothing was kept. Pack it again and hand it in.',
        )
    most, megabytes = limits.archive_mb, f"{-(-said.size * 10 // MB) / 10:.1f}"
    if said.size > most * MB:
        raise Refusal(
            f"文件有 {megabytes} MB，超过上限 {most} MB，没有保存。请精简后重新打包。",
            f"The file has {megabytes} MB, more than the {most} MB allowed; nothing was kept. Leave"
            " out what is not needed and pack it again.",
            status=413,
        )


def _shown(name: str) -> str:
    """A file name as its owner will read it again: the last part, nothing invisible."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable())[:200] or "submission.zip"


def _next_number(session: Session, entry_id: int, period_id: int) -> int:
    last = select(func.max(Submission.number)).where(
        Submission.entry_id == entry_id, Submission.period_id == period_id
    )
    return (session.scalar(last) or 0) + 1


def _receipt() -> str:
    drawn = "".join(secrets.choice(LETTERS) for _ in range(12))
    return f"{drawn[:4]}-{drawn[4:8]}-{drawn[8:]}"


def _unclear() -> Refusal:
    return Refusal(
        "提交没有登记成功，没有保存。请刷新页面，重新选择文件提交。",
        "The hand-in was not announced properly; nothing was kept. Reload the page, choose the"
        " file again and hand it in.",
    )
