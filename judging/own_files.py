"""Read: what competitors handed in themselves, for the pack of their own data."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.utils import secure_filename

from competition.models import Member
from competition.moment import iso
from competition.pack import OwnFile
from judging import blobs
from judging.models import Submission


def of_person(session: Session, person_id: int) -> tuple[Mapping[str, Any], Iterable[OwnFile]]:
    """The hand-ins of a person's entries, a team's too, with their receipts."""
    rows = session.scalars(
        select(Submission)
        .join(Member, Member.entry_id == Submission.entry_id)
        .where(Member.person_id == person_id)
        .order_by(Submission.id)
    ).all()
    files = []
    listed = []
    for row in rows:
        name = f"submissions/{row.receipt}-{secure_filename(row.name) or 'submission'}"
        listed.append(
            {
                "receipt": row.receipt,
                "entry": row.entry_id,
                "name": row.name,
                "at": iso(row.at),
                "late": row.is_late,
                "file": name,
            }
        )
        files.append(OwnFile(name, blobs.path(row.sha256)))
    return {"submissions": listed}, files
