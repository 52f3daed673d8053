"""How long personal data is kept: identity numbers, phones, rosters, evidence and photos of judges
go so many days after the competition's last day; a setting of the edition says how many.

Nothing goes by itself: the office's pages remind, and `podium privacy sweep --yes` does it.
"""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, or_, select, true, update
from sqlalchemy.orm import Session

from competition import ledger, sealed_files
from competition.changes import SEALED_AS as CHANGE
from competition.database import writing
from competition.founding import edition
from competition.models import (
    AnswerDraft,
    Answers,
    ChangeKind,
    ChangeRequest,
    Competition,
    EvidenceFile,
    JudgeRecord,
    Person,
    RosterBatch,
    RosterRow,
)
from competition.moment import now
from competition.privacy import vault
from competition.rules.refusal import Refusal

HALL = ZoneInfo("Asia/Shanghai")  # a day is the hall's day
LONGEST = 3650  # days
WHY = "保存期满 kept long enough"
_IDENTIFIED = or_(Person.id_sealed.is_not(None), Person.phone_sealed.is_not(None))
_ROWS = or_(RosterRow.sealed.is_not(None), RosterRow.before_sealed.is_not(None))
_ANSWERS_ASKED = ChangeRequest.kind == ChangeKind.ANSWERS
_FILES = or_(RosterBatch.file_sealed.is_not(None), RosterBatch.corrections_sealed.is_not(None))


@dataclass(frozen=True, slots=True)
class Kept:
    """What is there still that the date concerns."""

    people: int
    papers: int
    roster_rows: int
    roster_files: int
    answers: int = 0
    photos: int = 0

    def __bool__(self) -> bool:
        return any(asdict(self).values())

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Retention:
    """Until which day personal data is kept (None: for good), what is there, and whether it is
    time."""

    days: int
    until: date | None
    kept: Kept
    is_due: bool


def read(session: Session) -> Retention:
    """How it stands today."""
    found = edition(session)
    days = found.keeps_days if found is not None else 0
    until = found.ends_on + timedelta(days=days) if found is not None and days else None
    kept = _kept(session)
    return Retention(days, until, kept, until is not None and bool(kept) and _today() > until)


def is_due(session: Session, found: Competition | None) -> bool:
    """Whether something of this edition has been kept longer than it should: for the pages that
    remind. Nothing is asked until the day has come."""
    if found is None or not found.keeps_days:
        return False
    return _today() > found.ends_on + timedelta(days=found.keeps_days) and bool(_kept(session))


def set_days(days: int, *, actor_id: int | None) -> None:
    """Say how many days after the last day it is kept; 0 keeps it for good."""
    if not 0 <= days <= LONGEST:
        raise Refusal(
            f"保存天数应为 0（一直保存）至 {LONGEST}，没有改变。",
            f"The days are 0 (kept for good) to {LONGEST}; nothing was changed.",
            status=422,
        )
    with writing() as session:
        found = session.scalars(select(Competition)).one()
        if found.keeps_days == days:
            return
        before, found.keeps_days = found.keeps_days, days
        body = {"before": before, "after": days}
        ledger.append(
            session,
            act="privacy.keep",
            subject=f"competition:{found.id}",
            body=body,
            actor_id=actor_id,
        )


def sweep(*, actor_id: int | None) -> Kept:
    """Remove what was kept long enough; gives what it was. Entries, names and marks stay."""
    with writing() as session:
        found = read(session)
        if found.until is None or _today() <= found.until:
            raise _too_early(found.until)
        files = [
            name
            for kept_as in (EvidenceFile.kept_as, JudgeRecord.photo)
            for name in session.scalars(select(kept_as).where(kept_as.is_not(None)))
        ]
        if not found.kept:
            return found.kept
        numbers = dict.fromkeys(("id_sealed", "id_hash", "id_masked"))
        phones = dict.fromkeys(("phone_sealed", "phone_masked"))
        session.execute(update(Person).where(_IDENTIFIED).values(**numbers, **phones))
        session.execute(
            update(EvidenceFile)
            .where(EvidenceFile.kept_as.is_not(None))
            .values(kept_as=None, name="", removed_at=now(), removed_why=WHY)
        )
        session.execute(
            update(JudgeRecord).where(JudgeRecord.photo.is_not(None)).values(photo=None)
        )
        session.execute(update(RosterRow).where(_ROWS).values(sealed=None, before_sealed=None))
        session.execute(
            update(RosterBatch).where(_FILES).values(file_sealed=None, corrections_sealed=None)
        )
        session.execute(update(Answers).where(Answers.sealed.is_not(None)).values(sealed=None))
        session.execute(delete(AnswerDraft))
        for row in session.scalars(select(ChangeRequest).where(_ANSWERS_ASKED)):
            row.wanted_sealed = vault().seal(CHANGE, "{}")
        ledger.append(
            session,
            act="privacy.sweep",
            subject="competition",
            body=found.kept.as_dict(),
            actor_id=actor_id,
        )
    for name in files:
        sealed_files.remove(name or "")
    return found.kept


def _kept(session: Session) -> Kept:
    def count(model: type[object], which: object) -> int:
        asked = select(func.count()).select_from(model).where(which)  # type: ignore[arg-type]
        return session.scalar(asked) or 0

    return Kept(
        people=count(Person, _IDENTIFIED),
        papers=count(EvidenceFile, EvidenceFile.kept_as.is_not(None)),
        roster_rows=count(RosterRow, _ROWS),
        roster_files=count(RosterBatch, _FILES),
        answers=count(Answers, Answers.sealed.is_not(None)) + count(AnswerDraft, true()),
        photos=count(JudgeRecord, JudgeRecord.photo.is_not(None)),
    )


def _today() -> date:
    return now().astimezone(HALL).date()


def _too_early(until: date | None) -> Refusal:
    if until is None:
        return Refusal(
            "大赛设置为一直保存个人信息，什么都没有删除。请先在“个人信息”页设置保存天数。",
            "The competition keeps personal data for good; nothing was removed. Set the days on the"
            " privacy page first.",
        )
    return Refusal(
        f"个人信息保存到 {until}，还不到删除的时候，什么都没有删除。",
        f"Personal data is kept until {until}; it is too early, and nothing was removed.",
    )
