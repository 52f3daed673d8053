"""Commands of the competition: set up, demo, serve, ledger."""

import click


def register(main: click.Group) -> None:
    """Add the commands to `podium`."""
