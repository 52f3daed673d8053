"""`podium roster`: check a roster, and import one."""

import sys
from pathlib import Path

import click

from competition import roster_reading, spreadsheet
from competition.commands import print_json
from competition.moment import now
from competition.rules.refusal import Refusal
from competition.rules.roster import Asked, Checked


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


def _print(checked: Checked) -> None:
    for finding in checked.all_findings():
        word = "错误 error" if finding.is_error else "提示 note"
        where = f"第 {finding.row} 行 row {finding.row}"
        column = f" [{finding.column}]" if finding.column else ""
        click.echo(f"{word}  {where}{column}: {finding.zh} / {finding.en}", err=finding.is_error)
    click.echo(
        f"共 {len(checked.rows)} 人，可导入 {checked.ready} 人。"
        f" {len(checked.rows)} people, {checked.ready} ready to import."
    )
