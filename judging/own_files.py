"""What competitors handed in themselves: for the pack of their own data, and when one is erased."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.utils import secure_filename

from competition.models import Member, Person
from competition.moment import iso
from competition.pack import OwnFile
from judging import blobs
from judging.models import Submission, Upload


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


def forget(session: Session, person: Person) -> None:
    """Take the names of files away that a person gave what they handed in, a team's too, in the
    caller's transaction. What was handed in stays, under its SHA-256 and its receipt, and so does
    the ending, by which its language is known; the ledger never held a name."""
    own = select(Member.entry_id).where(Member.person_id == person.id)
    for upload in session.scalars(select(Upload).where(Upload.entry_id.in_(own))):
        upload.name = _bare(f"upload-{upload.id}", upload.name)
    for row in session.scalars(select(Submission).where(Submission.entry_id.in_(own))):
        was, row.name = row.name, _bare(row.receipt, row.name)
        row.files = [
            {**one, "name": row.name if one["name"] == was else _without(one["name"], person.name)}
            for one in row.files
        ]


def _bare(name: str, was: str) -> str:
    ending = PurePosixPath(was).suffix
    return name + (ending if ending[1:].isascii() and ending[1:].isalnum() else "")


def _without(path: str, name: str) -> str:
    return path.replace(name, "erased") if name else path
