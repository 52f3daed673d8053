"""Papers that prove what an entry says: bringing one, opening it, taking it away.

What is uploaded is looked at as bytes, never by its name; a picture loses what the camera wrote
beside it. The bytes lie sealed in a file of their own; the row stays when they are gone.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from competition import answers, changes, eligibility, entry_locks, ledger, sealed_files
from competition.database import db, writing
from competition.models import ChangeKind, Entry, EntryState, EvidenceFile, EvidenceKind
from competition.moment import now
from competition.offload import offload
from competition.rules import pictures
from competition.rules.refusal import Refusal

SEALED_AS = "evidence"
MOST_BYTES = 8 * 1024 * 1024
MOST_PAPERS = 20  # of one entry
ENDINGS = {pictures.PDF: ".pdf", pictures.JPEG: ".jpg", pictures.PNG: ".png"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A paper's bytes and what they are; `name` is made here, for a person's own file's may be
    anything."""

    data: bytes
    media_type: str
    name: str


def add(
    entry_id: int,
    kind: str,
    name: str,
    data: bytes,
    *,
    actor_id: int,
    answers_to: str | None = None,
) -> int:
    """Bring a paper; gives its id. The same paper twice is one. `answers_to`: the extra question
    that it answers."""
    if kind not in set(EvidenceKind):
        raise _not_kept("请选择材料的种类", "Choose what the paper proves", 422)
    media_type, clean = _looked_at(data)
    digest = hashlib.sha256(data).hexdigest()
    there = _standing(db.session(), entry_id)
    known = _same(there, (kind, digest, answers_to))
    if known is not None:
        return known.id
    kept_as = sealed_files.keep(SEALED_AS, clean)
    try:
        with writing() as session:
            entry = session.get(Entry, entry_id)
            if entry is None or entry.state == EntryState.WITHDRAWN:
                raise _not_kept(
                    "没有这个报名，或报名已退出", "There is no such entry, or it was withdrawn", 404
                )
            entry_locks.require_open(session, entry.skill_id)
            if len(_standing(session, entry_id)) >= MOST_PAPERS:
                raise _not_kept(
                    f"这个报名已有 {MOST_PAPERS} 份材料，请先移除不需要的",
                    f"The entry has {MOST_PAPERS} papers already; remove one that is not needed",
                )
            row = EvidenceFile(
                entry_id=entry_id,
                kind=kind,
                sha256=digest,
                name=" ".join(name.split())[-200:],
                size=len(clean),
                media_type=media_type,
                kept_as=kept_as,
                by=actor_id,
                at=now(),
                answers_to=answers_to,
            )
            session.add(row)
            session.flush()
            _note(session, "evidence.add", row, {"kind": kind}, actor_id)
            _count(session, row, actor_id)
            return row.id
    except BaseException:
        sealed_files.remove(kept_as)
        raise


def open_(paper_id: int, *, actor_id: int) -> Opened:
    """The paper itself; that it was seen is an act."""
    row = _row(db.session(), paper_id)
    if row.kept_as is None:
        raise Refusal(
            "这份材料已移除，没有可以打开的内容。",
            "The paper was removed; there is nothing to open.",
            status=410,
        )
    data = sealed_files.read(SEALED_AS, row.kept_as)
    with writing() as session:
        _note(session, "evidence.open", row, {}, actor_id)
    return Opened(data, row.media_type, f"{row.kind}-{row.id}{ENDINGS.get(row.media_type, '')}")


def remove(paper_id: int, *, why: str, is_office: bool, actor_id: int) -> None:
    """Take a paper away: its bytes go, its row stays. A team leader's are the entries that are not
    approved yet; removing twice changes nothing."""
    with writing() as session:
        row = _row(session, paper_id)
        if row.removed_at is not None:
            return
        entry = session.get_one(Entry, row.entry_id)
        entry_locks.require_open(session, entry.skill_id)
        if not is_office and entry.state == EntryState.APPROVED:
            raise _left(
                "报名已批准，材料由秘书处保管", "The entry is approved; the office keeps its papers"
            )
        if not is_office and row.answers_to and not _is_free(session, entry):
            raise _left(
                "报名已截止，这份文件是补充信息的回答，只能申请换成新的文件",
                "Entries are closed and the file answers an extra question: it can only be"
                " replaced, by a request",
            )
        if is_office and row.by != actor_id and not why.strip():
            raise _left("请写明移除的原因", "Say why it is removed")
        kept_as = forget(session, row, why=why, actor_id=actor_id)
        _count(session, row, actor_id)
    if kept_as is not None:
        sealed_files.remove(kept_as)


def forget(session: Session, row: EvidenceFile, *, why: str, actor_id: int | None) -> str | None:
    """Mark a paper as removed in the caller's transaction; gives the file to take away then."""
    kept_as, row.kept_as, row.name = row.kept_as, None, ""
    row.removed_by, row.removed_at, row.removed_why = actor_id, now(), why.strip()[:200]
    _note(session, "evidence.remove", row, {}, actor_id)
    return kept_as


def of_entries(session: Session, entry_ids: Collection[int]) -> dict[int, list[EvidenceFile]]:
    """Entry → its papers in their order, the removed ones too."""
    rows = session.scalars(
        select(EvidenceFile)
        .where(EvidenceFile.entry_id.in_(entry_ids))
        .options(joinedload(EvidenceFile.giver), joinedload(EvidenceFile.remover))
        .order_by(EvidenceFile.id)
    )
    found: dict[int, list[EvidenceFile]] = defaultdict(list)
    for row in rows:
        found[row.entry_id].append(row)
    return found


def _is_free(session: Session, entry: Entry) -> bool:
    return ChangeKind.ANSWERS in changes.free_kinds(session, entry)


def _looked_at(data: bytes) -> tuple[str, bytes]:
    if not data:
        raise _not_kept("没有选择文件", "No file was chosen", 422)
    if len(data) > MOST_BYTES:
        raise _not_kept(
            "文件超过 8 MB，请缩小或分开", "The file is over 8 MB; make it smaller", 413
        )
    found = offload(pictures.cleaned, data, ENDINGS)
    if found is None:
        raise _not_kept(
            "只收 PDF、JPEG 或 PNG，这个文件不是，或不完整。请重新拍照或导出",
            "Only PDF, JPEG and PNG are taken; this file is something else, or broken off. Take"
            " the picture again, or export it anew",
            415,
        )
    return found


def _standing(session: Session, entry_id: int) -> list[EvidenceFile]:
    return list(
        session.scalars(
            select(EvidenceFile).where(
                EvidenceFile.entry_id == entry_id, EvidenceFile.removed_at.is_(None)
            )
        )
    )


def _same(there: list[EvidenceFile], wanted: tuple[str, str, str | None]) -> EvidenceFile | None:
    return next((one for one in there if (one.kind, one.sha256, one.answers_to) == wanted), None)


def _count(session: Session, row: EvidenceFile, actor_id: int) -> None:
    """A paper that answers an extra question, or did, moves what is missing."""
    if row.answers_to is not None:
        entry = session.get_one(Entry, row.entry_id)
        answers.recount_entry(session, entry)
        eligibility.judge_in(session, entry.skill_id, actor_id)


def _row(session: Session, paper_id: int) -> EvidenceFile:
    row = session.get(EvidenceFile, paper_id)
    if row is None:
        raise Refusal("没有这份材料。", "There is no such paper.", status=404)
    return row


def _note(
    session: Session, act: str, row: EvidenceFile, more: dict[str, str], actor_id: int | None
) -> None:
    ledger.append(
        session,
        act=act,
        subject=f"evidence:{row.id}",
        body={"entry": row.entry_id, **more},
        actor_id=actor_id,
    )


def _not_kept(zh: str, en: str, status: int = 409) -> Refusal:
    return Refusal(f"{zh}。材料没有保存。", f"{en}. The paper was not kept.", status=status)


def _left(zh: str, en: str) -> Refusal:
    return Refusal(f"{zh}。材料没有移除。", f"{en}. The paper was not removed.")
