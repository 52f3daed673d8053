"""`python3 -m setup COMMAND`: what each target of the Makefile does."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older one shall be told
    sys.exit("需要 Python 3.11 或更高版本 · Podium needs Python 3.11 or later (make PYTHON=…)")

from setup import checks
from setup.report import Failed

COMMANDS = {
    "quick": checks.quick,
    "lint": checks.lint,
}


def main(arguments: list[str]) -> int:
    name, *rest = arguments
    try:
        return COMMANDS[name](rest)
    except Failed as failure:
        sys.stderr.write(f"\n  {failure}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    os.chdir(Path(__file__).resolve().parent.parent)
    sys.exit(main(sys.argv[1:]))
