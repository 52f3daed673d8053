"""Which image the benchmarks use: the one named on the command line, or the house's own."""

import sys

from sandbox.images.build import ready


def chosen(given, name):
    """`given` by a person; else the image of that name as its recipe stands now."""
    found = given or ready(name)
    if found is None:
        sys.exit(f"the image is not built: .venv/bin/podium sandbox build --only {name}")
    return found
