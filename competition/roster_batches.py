"""A roster that was handed in, from the upload to the order to import it: the verbs of people.

The work itself, reading, comparing and importing, is the worker's (`roster_worker`); these verbs
only say what is wanted. A team leader is bound by the deadline of the stage, the office is not.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, defer

from competition import ledger, spreadsheet
from competition.database import db, writing
from competition.models import (
    BatchState,
    RosterBatch,
    RosterHeading,
    RosterRow,
    Stage,
)
from competition.moment import now
from competition.offload import offload
from competition.privacy import vault
from competition.roster_sealed import open_file, open_typed, seal_file, seal_typed
from competition.rules.refusal import Refusal
from competition.rules.roster_headings import normal
from competition.rules.roster_lexicon import IGNORED, Field

LONGEST_TYPED = 200  # characters of a correction
MOST_ROWS = 500  # rows corrected at once


def upload(
    data: bytes,
    file_name: str,
    *,
    delegation_id: int | None,
    by_office: bool,
    actor_id: int | None,
    claimed_until: datetime | None = None,
) -> RosterBatch:
    """Keep a file, sealed, for the worker to read. `delegation_id`: whom it enters, where it does
    not say so itself; only the office may leave it open. `claimed_until`: the caller reads it."""
    if len(data) > spreadsheet.MAX_FILE:
        raise spreadsheet.too_large()
    if not data:
        raise Refusal(
            "没有选择文件，什么都没有上传。请先选择一个 Excel 或 CSV 文件。",
            "No file was chosen; nothing was uploaded. Choose an Excel or CSV file first.",
            status=422,
        )
    safe = vault()
    sealed = offload(seal_file, safe, data)
    sha256 = offload(hashlib.sha256, data).hexdigest()
    with writing() as session:
        stage = stage_of_entries(session)
        _refuse_late(stage, by_office, now())
        batch = RosterBatch(
            delegation_id=delegation_id,
            stage_id=stage.id,
            by_office=by_office,
            file_name=_short(file_name),
            sha256=sha256,
            file_sealed=sealed,
            mapping={},
            state=BatchState.READING,
            claimed_until=claimed_until,
            counts={},
            uploaded_by=actor_id,
            uploaded_at=now(),
        )
        session.add(batch)
        session.flush()
        body = {"delegation": delegation_id, "bytes": len(data), "office": by_office}
        _note(session, "roster.upload", batch, body, actor_id)
        return batch


def correct(batch_id: int, typed: Mapping[int, Mapping[int, str]], *, actor_id: int) -> None:
    """Type over cells; the dry run runs again."""
    if len(typed) > MOST_ROWS or any(
        len(text) > LONGEST_TYPED or column < 0 or column >= spreadsheet.MAX_COLUMNS
        for cells in typed.values()
        for column, text in cells.items()
    ):
        raise Refusal(
            f"更正太长（每格最多 {LONGEST_TYPED} 个字符），没有保存。",
            f"A correction is too long (at most {LONGEST_TYPED} characters a cell); not kept.",
            status=422,
        )
    with writing() as session:
        batch = _in_state(session, batch_id, BatchState.READY)
        safe = vault()
        kept = open_typed(safe, batch.corrections_sealed)
        for number, cells in typed.items():
            kept.setdefault(number, {}).update(cells)
        batch.corrections_sealed = seal_typed(safe, kept)
        _again(batch)
        count = sum(map(len, typed.values()))
        _note(session, "roster.correct", batch, {"cells": count}, actor_id)


def choose(
    batch_id: int, sheet: int, header_row: int, chosen: Mapping[int, str], *, actor_id: int
) -> None:
    """Say which column is which field; remembered for the next file of the same people."""
    taken = [what for what in chosen.values() if what != IGNORED]
    if any(what not in set(Field) for what in taken) or len(taken) != len(set(taken)):
        raise Refusal(
            "有两列选了同一个内容，没有保存。请让每一列的内容不同，或选“不读取”。",
            "Two columns are set to the same; not kept. Let each be another, or pass one over.",
            status=422,
        )
    # Opening a file takes its time: before the transaction. What a batch's file is never changes.
    seen = db.session().get(RosterBatch, batch_id)
    sheets = open_sheets(seen) if seen is not None else []
    with writing() as session:
        batch = _in_state(session, batch_id, BatchState.READY, BatchState.FAILED)
        rows = sheets[sheet].rows if 0 <= sheet < len(sheets) else []
        if not 0 <= header_row < len(rows):
            raise Refusal(
                "没有这一行，没有保存。请选择标题所在的行。",
                "There is no such row; not kept. Choose the row that holds the headings.",
                status=422,
            )
        headings = [normal(cell) for cell in rows[header_row]]
        _remember(session, batch.delegation_id, headings, chosen)
        batch.mapping = {
            "sheet": sheet,
            "header_row": header_row,
            "chosen": {str(column): what for column, what in chosen.items()},
        }
        batch.sentence_zh = batch.sentence_en = ""
        _again(batch)
        _note(session, "roster.map", batch, {"columns": len(taken)}, actor_id)


def _remember(
    session: Session, delegation_id: int | None, headings: list[str], chosen: Mapping[int, str]
) -> None:
    said = {
        headings[column][:100]: what
        for column, what in chosen.items()
        if column < len(headings) and headings[column]
    }
    whose = (
        RosterHeading.delegation_id.is_(None)
        if delegation_id is None
        else RosterHeading.delegation_id == delegation_id
    )
    session.execute(delete(RosterHeading).where(whose, RosterHeading.heading.in_(said)))
    session.add_all(
        RosterHeading(delegation_id=delegation_id, heading=heading, field=what, at=now())
        for heading, what in said.items()
    )


def remembered(session: Session, delegation_id: int | None) -> dict[str, str]:
    """What headings meant: for the office, then for the delegation itself."""
    out: dict[str, str] = {}
    for whose in (None, delegation_id) if delegation_id is not None else (None,):
        rows = session.execute(
            select(RosterHeading.heading, RosterHeading.field).where(
                RosterHeading.delegation_id.is_(None)
                if whose is None
                else RosterHeading.delegation_id == whose
            )
        )
        out |= dict(rows.all())
    return out


def order_import(
    batch_id: int, *, actor_id: int | None, claimed_until: datetime | None = None
) -> None:
    """Import the rows that are ready; asked for twice, it happens once. `claimed_until`: the
    caller does it."""
    with writing() as session:
        batch = found(session, batch_id)
        if batch.state in (BatchState.IMPORTING, BatchState.JUDGING, BatchState.IMPORTED):
            return
        batch = _in_state(session, batch_id, BatchState.READY)
        _refuse_late(batch.stage, batch.by_office, now())
        if not ready(batch.counts):
            raise Refusal(
                "没有可以导入的行：都已登记，或还有错误。什么都没有改变。",
                "No row can be imported: all are registered, or wrong. Nothing was changed.",
            )
        batch.state, batch.claimed_until = BatchState.IMPORTING, claimed_until
        batch.imported_by = actor_id
        batch.sentence_zh = batch.sentence_en = ""


def drop(batch_id: int, *, actor_id: int | None) -> None:
    """Put a batch away that was not imported; its file and its rows are gone."""
    with writing() as session:
        batch = found(session, batch_id)
        if batch.state == BatchState.DROPPED:
            return
        batch = _in_state(
            session, batch_id, BatchState.READY, BatchState.READING, BatchState.FAILED
        )
        session.execute(delete(RosterRow).where(RosterRow.batch_id == batch.id))
        batch.state, batch.claimed_until = BatchState.DROPPED, None
        batch.file_sealed = batch.corrections_sealed = None
        _note(session, "roster.drop", batch, {}, actor_id)


def ready(counts: Mapping[str, Any]) -> int:
    """How many rows an import would write."""
    return int(counts.get("new", 0)) + int(counts.get("changed", 0))


def found(session: Session, batch_id: int) -> RosterBatch:
    """The batch, locked for the caller's transaction."""
    batch = session.scalars(
        select(RosterBatch).where(RosterBatch.id == batch_id).with_for_update()
    ).one_or_none()
    if batch is None:
        raise Refusal("没有这个批次。", "There is no such batch.", status=404)
    return batch


def open_sheets(batch: RosterBatch) -> list[spreadsheet.Sheet]:
    """The sheets of a batch's file, for who chooses columns."""
    if batch.file_sealed is None:
        raise _gone()
    return spreadsheet.open_bytes(offload(open_file, vault(), batch.file_sealed))


def stage_of_entries(session: Session) -> Stage:
    """The stage that rosters go into."""
    stage = session.scalars(
        select(Stage).where(Stage.takes_entries).order_by(Stage.number).limit(1)
    ).first()
    if stage is None:
        raise Refusal(
            "目前没有接受报名的阶段，什么都没有上传。请联系秘书处。",
            "No stage takes entries at present; nothing was uploaded. Ask the secretariat.",
        )
    return stage


def is_open(stage: Stage | None, at: datetime) -> bool:
    """Whether team leaders may still enter people. A date that is not set never passes."""
    return stage is None or stage.entries_until is None or at < stage.entries_until


def _refuse_late(stage: Stage | None, by_office: bool, at: datetime) -> None:
    if by_office or is_open(stage, at):
        return
    raise Refusal(
        "报名已截止，名册没有导入。更改请在选手页提出申请，新增请用“增加选手”表单申请。",
        "Entries are closed; the roster was not taken. Ask for changes on a competitor's page, and"
        " for new ones with the form that adds a competitor.",
    )


def _in_state(session: Session, batch_id: int, *states: BatchState) -> RosterBatch:
    batch = found(session, batch_id)
    if batch.state not in states:
        raise Refusal(
            "这个批次正在处理或已经结束，什么都没有改变。请刷新页面。",
            "This batch is being worked on or is over; nothing was changed. Reload the page.",
        )
    return batch


def _again(batch: RosterBatch) -> None:
    """Back to the worker."""
    batch.state, batch.claimed_until, batch.counts = BatchState.READING, None, {}


def _short(file_name: str) -> str:
    name = file_name.replace("\\", "/").rsplit("/", 1)[-1].strip()
    return "".join(sign for sign in name if sign.isprintable())[:200] or "—"


def _gone() -> Refusal:
    return Refusal(
        "原文件已不再保存，什么都没有改变。请重新上传。",
        "The file is no longer kept; nothing was changed. Upload it again.",
    )


def _note(
    session: Session, act: str, batch: RosterBatch, body: dict[str, Any], actor_id: int | None
) -> None:
    subject = f"roster:{batch.id}"
    ledger.append(session, act=act, subject=subject, body=body, actor_id=actor_id)


def history(session: Session, delegation_id: int | None) -> list[RosterBatch]:
    """The batches that a delegation sent in itself, or everybody's, the newest first; their files
    stay where they are."""
    files = defer(RosterBatch.file_sealed), defer(RosterBatch.corrections_sealed)
    asked = select(RosterBatch).options(*files).order_by(RosterBatch.id.desc())
    if delegation_id is not None:
        own = RosterBatch.delegation_id == delegation_id
        asked = asked.where(own, RosterBatch.by_office.is_(False))
    return list(session.scalars(asked))


def rows_of(
    batch_id: int, state: str | None, start: int, number: int
) -> tuple[list[RosterRow], int]:
    """A page of a batch's rows in the order of the file, and how many there are."""
    which = RosterRow.batch_id == batch_id
    if state is not None:
        which &= RosterRow.state == state
    total = db.session.scalar(select(func.count()).select_from(RosterRow).where(which)) or 0
    found_rows = db.session.scalars(
        select(RosterRow).where(which).order_by(RosterRow.number).offset(start).limit(number)
    )
    return list(found_rows), total
