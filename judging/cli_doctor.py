"""`podium doctor`: what this host lacks for judging, and what to type."""

import sys
from dataclasses import asdict

import click

from competition.commands import print_json
from sandbox.doctor import examine
from sandbox.host import look

MARKS = {"fine": "✓", "note": "!", "problem": "✗"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def doctor(as_json: bool) -> None:
    """体检 Say what this host lacks for judging, and what to type; exit code 1 for a problem.

    Needs neither settings nor database, and changes nothing.
    """
    findings = examine(look())
    ok = not any(finding.state == "problem" for finding in findings)
    if as_json:
        print_json({"ok": ok, "findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            click.echo(f"{MARKS[finding.state]} {finding.zh}\n  {finding.en}")
            if finding.type:
                click.echo(f"  → {finding.type}")
        end = (
            ("可以判题。", "Judging can begin.") if ok else ("还不能判题。", "Not ready to judge.")
        )
        click.echo(" ".join(end))
    sys.exit(0 if ok else 1)


def register(main: click.Group) -> None:
    """Add the command to `podium`."""
    main.add_command(doctor)
