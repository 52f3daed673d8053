"""Commands of judging: schemes, tasks, worker, simulate."""

import click


def register(main: click.Group) -> None:
    """Add the commands to `podium`."""
