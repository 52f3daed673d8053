"""What an image must hold to be a program box's: the agent, and how it is started.

An image of programs has Python 3 (any version from 3.9) at PYTHON and the files of `agent_files`
below FOLDER, root's, 0644, with their bytecode compiled (`python3 -m compileall -q /opt/podium`):
that halves the time a box takes to start.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

FOLDER: Final = "/opt/podium"
PYTHON: Final = "/usr/bin/python3"
COMMAND: Final = (PYTHON, "-ISB", f"{FOLDER}/sandbox/inside")  # and the slot's uid


def agent_files() -> dict[str, bytes]:
    """Names below FOLDER and contents."""
    house = Path(__file__).parent
    inside = sorted((house / "inside").glob("*.py"))
    return {
        f"sandbox/{path.relative_to(house)}": path.read_bytes()
        for path in (house / "__init__.py", *inside)
    }
