"""`podium ledger`: verify the chains and the marks, sign the heads of a day, export a bundle."""

import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from competition import heads as signing
from competition import verify_ledger
from competition.commands import print_json, reporting, require_migrated
from competition.database import db
from competition.rules import ed25519
from competition.rules.refusal import Refusal
from competition.verify_ledger import Report
from judging import ledger_bundle, ledger_proof


@click.group("ledger")
def ledger_group() -> None:
    """台账 The ledger."""


@ledger_group.command()
@click.argument("bundle", required=False, type=click.Path(path_type=Path))
@click.option("--skill", "code", help="Only the chain of this skill, such as W17.")
@click.option("--key", default="", help="With BUNDLE: the public key as it was published.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_context
def verify(
    context: click.Context, bundle: Path | None, code: str | None, key: str, as_json: bool
) -> None:
    """校验台账 Walk the chains, compare the marks with them, and name what does not fit.

    With BUNDLE, an exported one; that needs neither settings nor database.
    """
    with reporting(as_json):
        if bundle is not None:
            report = _of_bundle(bundle, key)
        else:
            report = context.invoke(_of_database, code)
    if as_json:
        print_json(_plain(report))
    else:
        click.echo(verify_ledger.said(report))
        if report.key:
            click.echo(f"公钥 public key: {report.key}")
    sys.exit(1 if report.faults else 0)


@with_appcontext
def _of_database(code: str | None) -> Report:
    require_migrated()
    return ledger_proof.verify(db.session(), code)


def _of_bundle(bundle: Path, key: str) -> Report:
    try:
        published = ed25519.key_typed(key)
    except ValueError:
        raise Refusal(*verify_ledger.NO_KEY) from None
    try:
        return verify_ledger.verify_bundle(bundle, published)
    except (OSError, KeyError, TypeError, ValueError, AttributeError, zipfile.BadZipFile) as error:
        raise Refusal(
            f"{bundle} 不是完整的台账导出文件，无法校验（{type(error).__name__}）。",
            f"{bundle} is not a whole export of a ledger and cannot be verified"
            f" ({type(error).__name__}).",
        ) from error


def _plain(report: Report) -> dict[str, Any]:
    return {
        "ok": not report.faults,
        "chains": [
            {"chain": name, "rows": found.rows, "head": found.head, "bad": found.bad,
             "why": found.en}
            for name, found in report.chains
        ],
        "marks": report.marks,
        "days": report.days,
        "public_key": report.key,
        "faults": [fault._asdict() for fault in report.faults],
    }  # fmt: skip


@ledger_group.command()
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="A day; without one, today.")
@click.option("--new-key", is_flag=True, help="Make a new key where the former one is lost.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@with_appcontext
def heads(day: datetime | None, new_key: bool, as_json: bool) -> None:
    """链首 Sign the heads of all chains into PODIUM_DATA/heads/DAY.json."""
    with reporting(as_json):
        require_migrated()
        path, signed = signing.write_day(day.date() if day else None, new_key=new_key)
    if as_json:
        return print_json({"ok": True, "file": str(path), **signed})
    click.echo(f"已写入 {path}。 Written.")
    click.echo(f"公钥 public key: {signed['public_key']}")
    return None


@ledger_group.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@with_appcontext
def export(file: Path, as_json: bool) -> None:
    """导出 Write the ledger, the marks, signed heads and the verifier as FILE, a zip file."""
    with reporting(as_json):
        require_migrated()
        signed = ledger_bundle.export(db.session(), file)
    if as_json:
        return print_json({"ok": True, "file": str(file), **signed})
    click.echo(f"已写入 {file}。校验 Verify: python3 verify_ledger.py {file}")
    click.echo(f"公钥 public key: {signed['public_key']}")
    return None


def register(main: click.Group) -> None:
    """Add the group to `podium`."""
    main.add_command(ledger_group)
