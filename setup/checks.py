"""What a developer runs before handing work in: lint and tests."""

from __future__ import annotations

from setup import front_end, python_packages
from setup.places import BIN, FRONTEND
from setup.report import aloud

STRICT = ("competition", "judging", "sandbox", "setup")


def lint(arguments: list[str]) -> int:
    """Every check is run, so that one look shows everything."""
    python_packages.ensure(python_packages.TEST)
    front_end.packages()
    packages = [word for name in STRICT for word in ("-p", name)]
    return max(
        aloud([BIN / "ruff", "check", "."]),
        aloud([BIN / "ruff", "format", "--check", "."]),
        aloud([BIN / "mypy", *packages]),
        aloud([BIN / "npm", "run", "--silent", "check"], cwd=FRONTEND),
    )


def quick(arguments: list[str]) -> int:
    python_packages.ensure(python_packages.TEST)
    front_end.translations()
    chosen = "not slow and not docker and not chromium"
    return aloud([BIN / "pytest", "-q", "-n", "2", "-m", chosen, *arguments])
