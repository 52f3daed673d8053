"""`python3 -m setup COMMAND`: what each target of the Makefile does."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older one shall be told
    sys.exit("需要 Python 3.11 或更高版本 · Podium needs Python 3.11 or later (make PYTHON=…)")

from setup import checks, docker_engine, site
from setup.report import Failed

COMMANDS = {
    "run": site.run,
    "stop": site.stop,
    "status": site.status,
    "reset": site.reset,
    "test": checks.test,
    "quick": checks.quick,
    "lint": checks.lint,
    "build": checks.build,
    "wheel": checks.wheel,
    "bench": checks.bench,
    "stop-docker": docker_engine.stop,  # for CI: only a daemon that `make` itself started
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
