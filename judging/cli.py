"""Commands of judging, one file a group; `app.py` adds them to `podium`."""

import click

from competition import demo
from judging import (
    cli_boards,
    cli_doctor,
    cli_ledger,
    cli_panel,
    cli_sandbox,
    cli_scheme,
    cli_simulate,
    demo_portraits,
)
from judging.demo import adopt_schemes


def register(main: click.Group) -> None:
    """Add the commands to `podium`, and to the demo what judging has to add."""
    for module in (
        cli_boards,
        cli_ledger,
        cli_panel,
        cli_scheme,
        cli_sandbox,
        cli_doctor,
        cli_simulate,
    ):
        module.register(main)
    for step in (adopt_schemes, demo_portraits.draw):
        if step not in demo.steps:
            demo.steps.append(step)
