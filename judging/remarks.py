"""Notes and photos that judges leave at an aspect of a work: take, take back, and who sees which.

They obey what marks obey. Every post is stored, with its key, and a key sent twice is answered as
the first time; what the rules refuse is set aside (decisions 6). At a judgement they are sealed as
the votes are: until the round in which one was written is released each judge reads their own only,
and so does the chief. After a release with a difference the next round is open already.
A photo loses what the camera wrote into it (`pictures`), though the tablet has done so before.
How long they are kept: `remark_retention`.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import ledger
from competition.database import writing
from competition.models import Account
from competition.moment import iso, now
from competition.offload import offload
from competition.rules import pictures
from competition.rules.refusal import Refusal
from judging import blobs, kept
from judging.admission import NO_SUCH_ASPECT, NO_SUCH_WORK, Admission, Post
from judging.cells import Cells
from judging.models import Observation, Remark

LONGEST = 2_000
MOST_BYTES = 3 * 1024 * 1024
PHOTOS = (pictures.JPEG, pictures.PNG)


@dataclass(frozen=True, slots=True)
class Given:
    """A note or a photo as it was posted; `takes_back`: the key of an own one that it ends."""

    key: str
    code: str
    judge: int
    aspect: int
    words: str = ""
    takes_back: str = ""
    device_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of it: "taken" or "set_aside", and the sentence why not."""

    id: int
    state: str
    sentence: dict[str, str] | None


def add(
    skill_id: int,
    given: Given,
    photo: bytes | None,
    *,
    judge_id: int,
    device_id: int,
    brought_by: int | None = None,
) -> Kept:
    """Keep a note or a photo. Refused is only what is none, or cannot be read as a picture.
    `brought_by`: who handed in the file that holds it."""
    kind, clean = _looked_at(photo) if photo is not None else (None, None)
    if not given.words.strip() and clean is None and not given.takes_back:
        raise Refusal(
            "备注是空的，没有保存。请写下内容或拍照。",
            "The note is empty and was not kept. Write something or take a photo.",
            status=422,
        )
    digest = blobs.put_bytes(clean) if clean is not None else None
    with writing() as session:
        known = session.scalar(select(Remark).where(Remark.key == given.key))
        if known is not None:
            return _known(known, judge_id)
        admission = Admission(session, skill_id, judge_id)
        entry_id = admission.entries.get(given.code)
        aspect_id = given.aspect if given.aspect in admission.aspects else None
        ended = _own(session, given, judge_id) if given.takes_back else None
        refusal = _refusal(admission, given, entry_id, aspect_id, ended)
        row = Remark(
            key=given.key,
            skill_id=skill_id,
            entry_id=entry_id,
            aspect_id=aspect_id,
            judge_id=judge_id,
            device_id=device_id,
            words=given.words.strip()[:LONGEST],
            photo=digest,
            media_type=kind,
            takes_back=ended.id if ended is not None and refusal is None else None,
            device_at=given.device_at,
            at=now(),
            state="set_aside" if refusal else "taken",
            refusal=refusal.as_dict() if refusal else None,
            posted={"code": given.code, "aspect": given.aspect} if refusal else None,
        )
        session.add(row)
        session.flush()
        ledger.append(
            session,
            act="remark.add" if not given.takes_back else "remark.take_back",
            subject=f"remark:{row.id}",
            body={
                "device": device_id,
                "entry": entry_id,
                "aspect": aspect_id,
                "photo": digest,
                "of": row.takes_back,
                "state": row.state,
                **({} if brought_by is None else {"brought_by": brought_by}),
            },
            actor_id=judge_id,
            skill_id=skill_id,
        )
        return Kept(row.id, row.state, row.refusal)


def is_known(session: Session, key: str) -> bool:
    """Whether a note with this key was taken in before."""
    return session.scalar(select(Remark.id).where(Remark.key == key)) is not None


def _looked_at(photo: bytes) -> tuple[str, bytes]:
    found = offload(pictures.cleaned, photo, PHOTOS) if len(photo) <= MOST_BYTES else None
    if found is None:
        raise Refusal(
            "照片不是完整的 JPEG 或 PNG，或超过 3 MB，没有保存。请重新拍照。",
            "The photo is no whole JPEG or PNG, or over 3 MB; it was not kept. Take it again.",
            status=422,
        )
    return found


def _known(row: Remark, judge_id: int) -> Kept:
    if row.judge_id != judge_id:
        raise Refusal(
            "这条备注的标识已被使用，没有保存。请再写一次。",
            "The key of this note is already in use, so it was not kept. Write it once more.",
        )
    return Kept(row.id, row.state, row.refusal)


def _own(session: Session, given: Given, judge_id: int) -> Remark | None:
    return session.scalar(
        select(Remark).where(Remark.key == given.takes_back, Remark.judge_id == judge_id)
    )


def _refusal(
    admission: Admission,
    given: Given,
    entry_id: int | None,
    aspect_id: int | None,
    ended: Remark | None,
) -> Refusal | None:
    try:
        admission.may(Post(given.key, given.code, given.judge), entry_id)
    except Refusal as refusal:
        return refusal
    if entry_id is None:
        return NO_SUCH_WORK()
    if aspect_id is None or (given.takes_back and ended is None):
        return NO_SUCH_ASPECT()
    return None


def of_work(
    session: Session, found: Cells, entry_id: int, reader_id: int
) -> dict[int, list[dict[str, Any]]]:
    """Aspect → what the reader may see of its notes and photos, oldest first."""
    rows = list(
        session.execute(
            select(Remark, Account.label)
            .join(Account, Account.id == Remark.judge_id)
            .where(
                Remark.entry_id == entry_id, Remark.state == "taken", Remark.removed_at.is_(None)
            )
            .order_by(Remark.id)
        )
    )
    ended = {row.takes_back for row, _label in rows}
    out: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row, label in rows:
        gone = row.id in ended or row.takes_back is not None
        if gone or row.aspect_id is None or not _open(session, found, row, reader_id):
            continue
        out[_present(found, row)].append(
            {
                "key": row.key,
                "by": row.judge_id,
                "label": label,
                "at": iso(row.at),
                "words": row.words,
                "photo": f"/evidence/{row.photo}" if row.photo else None,
            }
        )
    return out


def photo_type(session: Session, skill_ids: list[int], sha256: str, reader_id: int) -> str | None:
    """What kind of picture a photo is, where the reader may see it; None else."""
    rows = session.scalars(
        select(Remark).where(
            Remark.photo == sha256,
            Remark.skill_id.in_(skill_ids),
            Remark.state == "taken",
            Remark.removed_at.is_(None),
            Remark.id.not_in(select(Remark.takes_back).where(Remark.takes_back.is_not(None))),
        )
    )
    for row in rows:
        if _open(session, kept.whole(session, row.skill_id), row, reader_id):
            return row.media_type
    return None


def _open(session: Session, found: Cells, row: Remark, reader_id: int) -> bool:
    aspect = _present(found, row)
    mark = found.mark(row.entry_id, aspect)
    if mark is None or row.judge_id == reader_id:
        return row.judge_id == reader_id
    if mark.ballot is None or mark.ballot.agreed:
        return True
    seen = found.works[row.entry_id or 0].seen.get(aspect, ())
    released = [one.id for one in seen if not mark.ballot.seals(one.round)]
    if not released:
        return False
    last = session.scalar(select(Observation.at).where(Observation.id == released[-1]))
    return last is not None and row.at <= last


def _present(found: Cells, row: Remark) -> int:
    """The aspect that counts for the one of an earlier scheme at which it was left."""
    given = row.aspect_id or 0
    return found.former.aspects.get(given, given)
