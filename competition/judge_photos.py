"""The photo by which a judge's card is told apart on a tablet of the hall (`ux.md` 1, 14).

It shows a person, so it lies sealed like the papers do, goes with the person's data, and is opened
to the office and to paired tablets of the skills where they judge; never to the public. Nobody
needs one: a card without it bears the first letter of the name.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import ledger, sealed_files
from competition.database import writing
from competition.models import Account, JudgeRecord
from competition.offload import offload
from competition.rules import pictures
from competition.rules.refusal import Refusal

SEALED_AS = "judge photo"
MOST_BYTES = 3 << 20  # the page makes it smaller than a hundredth of that before it is sent
TYPES = {pictures.JPEG: ".jpg", pictures.PNG: ".png"}


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo's bytes and what they are."""

    data: bytes
    media_type: str


def put(record_id: int, data: bytes, *, actor_id: int | None) -> None:
    """Give a judge a photo; the one before goes. Nobody in person gives those of the demo."""
    kept_as = sealed_files.keep(SEALED_AS, _clean(data))
    try:
        before = _change(record_id, kept_as, actor_id)
    except BaseException:
        sealed_files.remove(kept_as)
        raise
    _gone(before)


def take_away(record_id: int, *, actor_id: int) -> None:
    """The judge has no photo; twice changes nothing."""
    _gone(_change(record_id, None, actor_id))


def read(name: str) -> Photo:
    """The photo that is kept under a name."""
    data = sealed_files.read(SEALED_AS, name)
    return Photo(data, pictures.media_type(data) or pictures.JPEG)


def of_accounts(session: Session, accounts: Collection[int]) -> dict[int, str]:
    """Account → the name of its judge's photo; who has none is left out."""
    rows = session.execute(
        select(Account.id, JudgeRecord.photo)
        .join(JudgeRecord, JudgeRecord.person_id == Account.person_id)
        .where(Account.id.in_(accounts), JudgeRecord.photo.is_not(None))
    )
    return {row[0]: str(row[1]) for row in rows}


def _change(record_id: int, kept_as: str | None, actor_id: int | None) -> str | None:
    """Write which photo is a judge's; gives the name of the one before."""
    with writing() as session:
        record = session.get(JudgeRecord, record_id, with_for_update=True)
        if record is None or record.person.erased_at is not None:
            raise _not_kept("裁判库中没有此人", "The register has no such judge", 404)
        before, record.photo = record.photo, kept_as
        if before != kept_as:
            ledger.append(
                session,
                act="judge.photo",
                subject=f"judge:{record_id}",
                body={"state": "given" if kept_as else "removed"},
                actor_id=actor_id,
            )
        return before


def _gone(name: str | None) -> None:
    if name is not None:
        sealed_files.remove(name)


def _clean(data: bytes) -> bytes:
    if not data:
        raise _not_kept("没有选择文件", "No file was chosen", 422)
    if len(data) > MOST_BYTES:
        raise _not_kept("照片超过 3 MB，请缩小", "The photo is over 3 MB; make it smaller", 413)
    found = offload(pictures.cleaned, data, TYPES)
    if found is None:
        raise _not_kept(
            "只收 JPEG 或 PNG，这个文件不是，或不完整。请重新拍照或导出",
            "Only JPEG and PNG are taken; this file is something else, or broken off. Take the"
            " picture again, or export it anew",
            415,
        )
    return found[1]


def _not_kept(zh: str, en: str, status: int) -> Refusal:
    return Refusal(f"{zh}。照片没有改变。", f"{en}. The photo was not changed.", status=status)
