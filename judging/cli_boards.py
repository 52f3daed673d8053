"""`podium boards`: the process that makes the boards; `podium serve` starts it."""

import click
from flask import current_app
from flask.cli import with_appcontext

from judging import board_process


def register(main: click.Group) -> None:
    """Add the command to `podium`."""
    main.add_command(boards)


@click.command()
@with_appcontext
def boards() -> None:
    """制作榜单 Make the boards: started by the site, ends with it."""
    board_process.make(current_app._get_current_object())  # type: ignore[attr-defined]
