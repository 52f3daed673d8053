"""var/podium.env: written once with fresh secrets, from then on only read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from setup.places import VAR

SETTINGS = VAR / "podium.env"

TEMPLATE = """\
# Podium 的设置，由 make run 首次写入，之后不再改动。全部设置见 README。
# Podium's settings, written by the first `make run` and never changed by it again.
# The README lists them all. Change a line, then: make stop run
PODIUM_SECRET_KEY={key}
PODIUM_PASSWORD_SALT={salt}
PODIUM_DATABASE_URL=sqlite:///{data}/podium.db
PODIUM_DATA={data}
PODIUM_HOST=127.0.0.1
PODIUM_PORT={port}
"""


def ensure(path: Path, port: int) -> bool:
    """Writes the file, readable by its owner only, unless there is one. True when it wrote."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = TEMPLATE.format(
        key=secrets.token_urlsafe(48),
        salt=secrets.token_urlsafe(24),
        data=path.parent.resolve(),
        port=port,
    )
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return True


def read(path: Path) -> dict[str, str]:
    """NAME=value lines, as the site reads them."""
    lines = (line.strip() for line in path.read_text("utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip('"') for name, _, value in pairs}


def sqlite_file(url: str) -> Path | None:
    """The database's file, when it is SQLite."""
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None
