"""`podium roster`: check a roster, and import one."""

import sys
import time
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from competition import (
    roster_batches,
    roster_claims,
    roster_reading,
    roster_worker,
    spreadsheet,
)
from competition.commands import print_json, reporting, require_migrated
from competition.database import db
from competition.models import BatchState, RosterBatch, RosterRow, RowState
from competition.moment import now
from competition.privacy import vault
from competition.roster_claims import LEASE, Claim
from competition.roster_sealed import from_list, open_row
from competition.rules.refusal import Refusal
from competition.rules.roster import Asked, Checked
from competition.rules.roster_words import Finding


@click.group()
def roster() -> None:
    """名册 Rosters: who is entered, from Excel or CSV."""


@roster.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--delegation", help="Whom FILE enters, where it has no such column (code or name).")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def check(file: Path, delegation: str | None, as_json: bool) -> None:
    """检查 Say what is wrong with FILE, row by row. Needs neither settings nor database."""
    known = roster_reading.known_by_catalogue()
    own = known.delegations.code(delegation) if delegation else None
    try:
        if delegation and own is None:
            raise Refusal(f"没有代表队“{delegation}”。", f'There is no delegation "{delegation}".')
        asked = Asked(known, now().date(), own)
        checked = roster_reading.check(spreadsheet.open_path(file), asked)
    except Refusal as refusal:
        if not as_json:
            raise
        error = {"row": 0, "column": "", "message": f"{refusal.zh} / {refusal.en}"}
        print_json({"rows": 0, "ready": 0, "errors": [error], "warnings": []})
        sys.exit(1)
    report = roster_reading.report(checked)
    if as_json:
        print_json(report)
    else:
        _print(checked)
    sys.exit(1 if report["errors"] else 0)


@roster.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--delegation", help="Whom FILE enters, where it has no such column (code or name).")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@with_appcontext
def import_(file: Path, delegation: str | None, as_json: bool) -> None:
    """导入 Dry run and import of FILE at once, as the office: the rows that are ready go in."""
    began = time.monotonic()
    with reporting(as_json):
        require_migrated()
        batch = _imported(file, delegation, quiet=as_json)
    counts = roster_claims.lasting(batch.counts)
    errors = _errors(batch)
    ok = not errors and batch.state in (BatchState.JUDGING, BatchState.IMPORTED, BatchState.DROPPED)
    if as_json:
        seconds = round(time.monotonic() - began, 1)
        lines = [roster_reading.line(one) for one in errors]
        document = {"ok": ok, "batch": batch.id, "counts": counts, "errors": lines}
        print_json(document | {"seconds": seconds})
    else:
        for finding in errors:
            _print_one(finding)
        done = counts.get("imported", 0)
        click.echo(
            f"批次 {batch.id}：导入 {done} 人，未变 {counts.get('same', 0)} 人，错误"
            f" {counts.get('wrong', 0)} 人。"
            f" Batch {batch.id}: {done} people imported, {counts.get('same', 0)} the same,"
            f" {counts.get('wrong', 0)} wrong."
        )
    sys.exit(0 if ok else 1)


def _imported(file: Path, delegation: str | None, *, quiet: bool) -> RosterBatch:
    """The batch after its dry run and, where a row is ready, its import."""
    known = roster_reading.known_by(db.session())
    own = known.delegations.code(delegation) if delegation else None
    if delegation and own is None:
        raise Refusal(f"没有代表队“{delegation}”。", f'There is no delegation "{delegation}".')
    batch = roster_batches.upload(
        spreadsheet.bytes_of(file),
        file.name,
        delegation_id=roster_reading.delegation_id(db.session(), own),
        by_office=True,
        actor_id=None,
        claimed_until=now() + LEASE,
    )
    _work(batch, quiet)
    batch = _present(batch.id)
    if batch.state == BatchState.READY and roster_batches.ready(batch.counts):
        roster_batches.order_import(batch.id, actor_id=None, claimed_until=now() + LEASE)
        _work(_present(batch.id), quiet)
    batch = _present(batch.id)
    if batch.state == BatchState.READY and not batch.mapping.get("is_wrong"):
        if batch.sentence_en:
            raise Refusal(batch.sentence_zh, batch.sentence_en)
        if not batch.counts.get("wrong"):  # everybody is registered already
            roster_batches.drop(batch.id, actor_id=None)
            batch = _present(batch.id)
    if batch.state == BatchState.FAILED:
        raise Refusal(batch.sentence_zh, batch.sentence_en)
    return batch


def _work(batch: RosterBatch, quiet: bool) -> None:
    assert batch.claimed_until is not None
    roster_worker.do(
        Claim(batch.id, BatchState(batch.state), batch.claimed_until, _quietly if quiet else _tell)
    )


def _present(batch_id: int) -> RosterBatch:
    db.session.rollback()
    return db.session.get_one(RosterBatch, batch_id, populate_existing=True)


_PHASES = {
    "open": "读取 reading",
    "prepare": "准备 preparing",
    "write": "试导入 dry run",
    "import": "导入 importing",
    "judge": "审核资格 judging",
}


def _tell(phase: str, done: int, of: int) -> None:
    click.echo(f"{_PHASES.get(phase, phase)} {f'{done}/{of}' if of else ''}".rstrip(), err=True)


def _quietly(_phase: str, _done: int, _of: int) -> None:
    """Only the document is wanted."""


def _errors(batch: RosterBatch) -> list[Finding]:
    found = [from_list(row, rest) for row, *rest in batch.mapping.get("findings", [])]
    asked = (
        select(RosterRow.number, RosterRow.sealed)
        .where(RosterRow.batch_id == batch.id, RosterRow.state == RowState.WRONG)
        .order_by(RosterRow.number)
    )
    safe = vault()
    for number, sealed in db.session.execute(asked):
        found += open_row(safe, number, sealed or b"").findings
    return [one for one in found if one.is_error]


def _print(checked: Checked) -> None:
    for finding in checked.all_findings():
        _print_one(finding)
    click.echo(
        f"共 {len(checked.rows)} 人，可导入 {checked.ready} 人。"
        f" {len(checked.rows)} people, {checked.ready} ready to import."
    )


def _print_one(finding: Finding) -> None:
    word = "错误 error" if finding.is_error else "提示 note"
    where = f"第 {finding.row} 行 row {finding.row}"
    column = f" [{finding.column}]" if finding.column else ""
    click.echo(f"{word}  {where}{column}: {finding.zh} / {finding.en}", err=finding.is_error)
