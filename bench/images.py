"""Which image the sandbox's benchmarks use: the one named, or the newest for Python programs."""

import sys

from sandbox.docker_box import client


def chosen(named=None):
    if named:
        return named
    connection = client()
    try:
        tags = [tag for image in connection.images.list() for tag in image.tags]
    finally:
        connection.close()
    found = [tag for tag in tags if tag.startswith("podium-program-") and "python" in tag]
    if not found:
        sys.exit("no image for Python programs: podium sandbox build --only python3")
    return found[0]
