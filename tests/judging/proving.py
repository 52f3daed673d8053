"""A skill with marks of every kind, for tests that prove the ledger."""

from sqlalchemy import select

from competition import heads, moment, verify_ledger
from competition.database import db
from judging import marking
from judging.models import Observation
from tests.judging.seed import Seeded, judge_by_machine, seed


def marked_day() -> Seeded:
    """Proposals, entries, a difference decided, a vote, a confirmation, and one set aside; the
    heads of the day are signed."""
    found = seed()
    judge_by_machine(found, "K-073")
    found.mark_all("K-118")
    found.give(found.post("K-073", "A1.02", 100, reason="现场正常", device_at=moment.now()))
    found.give(found.post("K-118", "A2.01", 0, judge="wang"), judge="wang")
    marking.decide(
        found.skill, "K-118", found.aspects["A2.01"], 100, reason="看过录像",
        actor_id=found.judges["chief"], key="decide-1",
    )  # fmt: skip
    found.give(found.post("K-246", "B1.01", 2), found.post("K-999", "A1.01", 150))
    last = _last(found, "K-118", "A1")
    found.give(found.confirm("K-118", "A1", last), judge="wang")
    heads.write_day()
    return found


def _last(day: Seeded, code: str, sub: str) -> int:
    ids = [number for name, number in day.aspects.items() if name.startswith(sub)]
    asked = select(Observation.id).where(
        Observation.entry_id == day.entries[code], Observation.aspect_id.in_(ids)
    )
    return max(db.session.scalars(asked))


def sentences(report: verify_ledger.Report) -> str:
    return verify_ledger.said(report)
