"""Work that is done again only when what it was made from has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from setup.places import ROOT


def fingerprint(inputs: Iterable[Path], *words: str) -> str:
    """A hash of the files' names and contents, and of the words that also matter."""
    digest = hashlib.sha256()
    for path in sorted(set(_files(inputs))):
        digest.update(str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path).encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for word in words:
        digest.update(b"\0" + word.encode())
    return digest.hexdigest()


def _files(inputs: Iterable[Path]) -> Iterable[Path]:
    for path in inputs:
        if path.is_dir():
            inside = (p for p in path.rglob("*") if p.is_file())
            yield from (p for p in inside if "node_modules" not in p.relative_to(path).parts)
        elif path.is_file():
            yield path


def fresh(stamp: Path, value: str) -> bool:
    return stamp.is_file() and stamp.read_text() == value


def mark(stamp: Path, value: str) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(value)
