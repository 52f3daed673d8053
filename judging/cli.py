"""Commands of judging, one file a group; `app.py` adds them to `podium`."""

import click

from competition import demo
from judging import cli_sandbox, cli_scheme
from judging.demo import adopt_schemes


def register(main: click.Group) -> None:
    """Add the commands to `podium`, and to the demo what judging has to add."""
    cli_scheme.register(main)
    cli_sandbox.register(main)
    if adopt_schemes not in demo.steps:
        demo.steps.append(adopt_schemes)
