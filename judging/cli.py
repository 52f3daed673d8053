"""Commands of judging, one file a group; `app.py` adds them to `podium`."""

import click

from judging import cli_scheme


def register(main: click.Group) -> None:
    """Add the commands to `podium`."""
    cli_scheme.register(main)
