"""Bytes kept under their SHA-256: handed-in archives and evidence, in `PODIUM_DATA/blobs/`.

A blob is written beside its place, flushed to the disk and then renamed, so that a name never leads
to half a file, not even after a power cut. The same bytes are kept once.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from flask import current_app

SHA256 = re.compile(r"[0-9a-f]{64}")
CHUNK = 1 << 20


def path(sha256: str) -> Path:
    """Where the bytes with this digest lie, whether they are there or not."""
    if not SHA256.fullmatch(sha256):
        raise ValueError("not a SHA-256 in small hexadecimal letters")
    return _folder() / sha256[:2] / sha256


def put_bytes(data: bytes) -> str:
    """Keep `data`; gives its SHA-256."""
    digest = hashlib.sha256(data).hexdigest()
    if not path(digest).exists():
        with _beside() as (temporary, file):
            file.write(data)
            _settle(temporary, file, digest)
    return digest


def put_file(source: Path) -> str:
    """Keep a copy of a file of any size; gives its SHA-256."""
    hashed = hashlib.sha256()
    with source.open("rb") as given, _beside() as (temporary, file):
        while chunk := given.read(CHUNK):
            hashed.update(chunk)
            file.write(chunk)
        digest = hashed.hexdigest()
        if not path(digest).exists():
            _settle(temporary, file, digest)
    return digest


def remove(sha256: str) -> None:
    """Take bytes away that nothing names any more; twice does no harm."""
    path(sha256).unlink(missing_ok=True)


def _folder() -> Path:
    return Path(current_app.config["PODIUM_DATA"]) / "blobs"


@contextmanager
def _beside() -> Iterator[tuple[Path, BinaryIO]]:
    """A file of our own in the blob folder, gone afterwards unless it was renamed."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{secrets.token_hex(12)}"
    try:
        with temporary.open("xb") as file:
            yield temporary, file
    finally:
        temporary.unlink(missing_ok=True)


def _settle(temporary: Path, file: BinaryIO, digest: str) -> None:
    """Flush the bytes, give them their name, and flush the folders that hold the name."""
    file.flush()
    os.fsync(file.fileno())
    place = path(digest)
    place.parent.mkdir(exist_ok=True)
    temporary.chmod(0o440)
    temporary.replace(place)
    for folder in (place.parent, place.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
