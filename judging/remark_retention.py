"""How long the notes and photos of judges are kept: evidence until the results of their skill are
final, personal data afterwards.

They go as many days as the edition keeps personal data (competition/retention.py; 0: for good)
after the day on which the skill's results were published, or after the competition's last day where
that is later. Results that were opened again are not final. The worker does it by itself (`step`):
words and photos go, that there was a note stays, and the ledger tells it.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import ledger
from competition.database import db, writing
from competition.founding import edition
from competition.models import Skill
from competition.moment import now
from competition.retention import HALL
from judging import blobs, result_versions
from judging.models import CheckRow, Remark, ResultVersion, Submission


def until(session: Session, skill_id: int) -> date | None:
    """The last day on which they are kept; None while nobody can say, and for good."""
    found, versions = edition(session), result_versions.newest_of(session, [skill_id])
    skill = session.get(Skill, skill_id)
    if found is None or not found.keeps_days or not versions:
        return None
    if versions[0].state != "published" or skill is None or skill.locked_at is None:
        return None
    final = max(_published(versions[0]), found.ends_on)
    return final + timedelta(days=found.keeps_days)


def _published(version: ResultVersion) -> date:
    """The hall's day of the last publication."""
    last = max(step["at"] for step in version.steps if step["state"] == "published")
    return datetime.fromisoformat(last).astimezone(HALL).date()


def step() -> None:
    """Remove what was kept long enough, skill by skill."""
    held = select(Remark.skill_id).where(Remark.removed_at.is_(None)).distinct()
    for skill_id in db.session.scalars(held).all():
        _sweep(skill_id)
    _remove_files()


def _sweep(skill_id: int) -> int:
    """Gives how many went."""
    with writing() as session:
        session.get(Skill, skill_id, with_for_update=True)  # it is not unlocked meanwhile
        day = until(session, skill_id)
        if day is None or now().astimezone(HALL).date() <= day:
            return 0
        asked = select(Remark).where(Remark.skill_id == skill_id, Remark.removed_at.is_(None))
        rows = session.scalars(asked).all()
        for row in rows:
            row.words, row.removed_at = "", now()
        photos = sum(row.photo is not None for row in rows)
        ledger.append(
            session,
            act="remark.sweep",
            subject=f"skill:{skill_id}",
            body={"remarks": len(rows), "photos": photos, "until": day.isoformat()},
            actor_id=None,
        )
        return len(rows)


def _remove_files() -> None:
    """The bytes of removed photos, once the rows say so; also those of a step that was broken off.
    The same bytes may be something else's too."""
    session = db.session()
    gone = select(Remark.photo).where(Remark.removed_at.is_not(None), Remark.photo.is_not(None))
    left = {one for one in session.scalars(gone.distinct()) if one and blobs.path(one).exists()}
    if not left:
        return
    kept = set(session.scalars(select(Remark.photo).where(Remark.removed_at.is_(None))))
    kept |= set(session.scalars(select(Submission.sha256).where(Submission.sha256.in_(left))))
    for pieces in session.scalars(select(CheckRow.evidence)):
        kept |= {piece["sha256"] for piece in pieces or ()}
    for one in left - kept:
        blobs.remove(one)
