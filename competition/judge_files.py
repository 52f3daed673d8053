"""Files of judges: looked through, imported and undone as a whole, or put away.

They are small beside rosters, so that the dry run is made when it is looked at, against what is
there at that moment, and made again inside the import.
"""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import ledger, roster_reading, spreadsheet
from competition.database import db, writing
from competition.judge_writing import Looked, against, put_back, write
from competition.models import JudgeBatch
from competition.moment import now
from competition.privacy import vault
from competition.rules.judge_rows import Checked, check
from competition.rules.refusal import Refusal
from competition.rules.roster import Table
from competition.technical import today

FILE, BEFORE = "judge file", "judges before"


def upload(data: bytes, file_name: str, *, actor_id: int) -> int:
    """Keep a file, sealed, to be looked through; gives the batch. Nothing else is written."""
    if not data:
        raise _refused("没有选择文件", "No file was chosen", status=422)
    checked = _checked(data)  # a file that cannot be opened at all is not kept
    sealed = vault().seal_bytes(FILE, data)
    looked = against(db.session(), checked)
    with writing() as session:
        batch = JudgeBatch(
            file_name=" ".join(file_name.replace("\x00", "").split())[-200:] or "–",
            file_sealed=sealed,
            state="ready",
            counts=looked.counts,
            uploaded_by=actor_id,
            uploaded_at=now(),
        )
        session.add(batch)
        session.flush()
        _note(session, "judges.upload", f"judge_batch:{batch.id}", {"bytes": len(data)}, actor_id)
        return batch.id


def look(session: Session, batch: JudgeBatch) -> Looked:
    """The dry run of a batch, as things stand now."""
    if batch.file_sealed is None:
        return Looked()
    return against(session, _checked(vault().open_bytes(FILE, batch.file_sealed)))


def import_(batch_id: int, *, actor_id: int) -> int:
    """Write every row that is in order; gives how many. Twice changes nothing."""
    seen = db.session().get(JudgeBatch, batch_id)
    checked = (
        _checked(vault().open_bytes(FILE, seen.file_sealed)) if seen and seen.file_sealed else None
    )
    with writing() as session:
        batch = _batch(session, batch_id)
        if batch.state == "imported":
            return 0
        if batch.state != "ready" or checked is None:
            raise _refused("这个文件已经处理过", "This file was dealt with already")
        looked = against(session, checked)
        if not looked.ready:
            raise _refused("没有可以导入的行", "There is no row that can be imported")
        before = [
            write(session, one, batch.id) for one in looked.lines if one.state in ("new", "changed")
        ]
        batch.before_sealed = vault().seal(BEFORE, json.dumps(before, ensure_ascii=False))
        batch.state, batch.imported_at, batch.file_sealed = "imported", now(), None
        batch.counts = looked.counts
        _note(session, "judges.import", f"judge_batch:{batch_id}", looked.counts, actor_id)
        return len(before)


def undo(batch_id: int, *, actor_id: int) -> tuple[int, int]:
    """Put back what an import changed; gives how many judges were put back, and how many were kept
    because somebody worked with them or changed them since."""
    with writing() as session:
        batch = _batch(session, batch_id)
        if batch.state == "undone":
            return 0, 0
        if batch.state != "imported" or batch.before_sealed is None:
            raise _refused("没有导入过，无可撤销", "Nothing was imported; there is nothing to undo")
        done = [
            put_back(session, one) for one in json.loads(vault().open(BEFORE, batch.before_sealed))
        ]
        batch.state, batch.undone_at, batch.before_sealed = "undone", now(), None
        body = {"back": sum(done), "kept": len(done) - sum(done)}
        _note(session, "judges.undo", f"judge_batch:{batch_id}", body, actor_id)
        return body["back"], body["kept"]


def drop(batch_id: int, *, actor_id: int) -> None:
    """Put a file away without importing it."""
    with writing() as session:
        batch = _batch(session, batch_id)
        if batch.state == "ready":
            batch.state, batch.file_sealed = "dropped", None
            _note(session, "judges.drop", f"judge_batch:{batch_id}", {}, actor_id)


def _checked(data: bytes) -> Checked:
    sheets = spreadsheet.open_bytes(data)
    tables = [Table(one.name, one.rows, one.formulas) for one in sheets]
    return check(tables, roster_reading.known_by(db.session()), today())


def _batch(session: Session, batch_id: int) -> JudgeBatch:
    batch = session.get(JudgeBatch, batch_id, populate_existing=True, with_for_update=True)
    if batch is None:
        raise _refused("没有这个文件", "There is no such file", status=404)
    return batch


def batches(session: Session) -> Sequence[JudgeBatch]:
    """The files so far, the newest first."""
    return session.scalars(select(JudgeBatch).order_by(JudgeBatch.id.desc()).limit(20)).all()


def _note(
    session: Session, act: str, subject: str, body: dict[str, Any], actor_id: int | None
) -> None:
    ledger.append(session, act=act, subject=subject, body=body, actor_id=actor_id)


def _refused(zh: str, en: str, *, status: int = 409) -> Refusal:
    return Refusal(f"{zh}。什么都没有改变。", f"{en}. Nothing was changed.", status=status)
