"""Secrets that are kept in files: made at first need, whole, readable by their owner only."""

import os
import secrets
from pathlib import Path


def kept(path: Path) -> str:
    """The secret in a file; a first one is made when there is none."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        write(draft, (secrets.token_urlsafe(32) + "\n").encode(), mode=0o600)
        try:
            os.link(draft, path)  # two processes at once: the first one's key is everybody's
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text("utf-8").strip()


def write(path: Path, data: bytes, *, mode: int) -> None:
    """Write a file that was not there, down to the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Give `path` this content, the whole of it or, after a power cut, none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        write(draft, data, mode=mode)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
