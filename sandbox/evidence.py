"""Takes evidence out of a box and keeps it under the name of its contents."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path, PurePosixPath
from typing import Any, Final, cast

from sandbox.box import Box
from sandbox.verdict import EVIDENCE_KINDS, Evidence

LARGEST: Final = 8_000_000  # bytes of one piece; a full-page screenshot is below a tenth of that
ENDINGS: Final = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "video/webm": ".webm",
    "application/json": ".json",
    "text/plain": ".txt",
}
BEGINNINGS: Final = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8",
    "image/webp": b"RIFF",
    "video/webm": b"\x1a\x45\xdf\xa3",
}


def collect(
    box: Box, pieces: list[dict[str, str]], source: str, folder: Path | None
) -> tuple[Evidence, ...]:
    """The pieces that are what they say they are; anything else is left in the box."""
    if folder is None:
        return ()
    kept: list[Evidence] = []
    for piece in pieces:
        kind, media_type = piece["kind"], piece["media_type"].partition(";")[0].strip()
        path = PurePosixPath(piece["file"])
        if kind not in EVIDENCE_KINDS or media_type not in ENDINGS:
            continue
        if path.is_absolute() or ".." in path.parts:
            continue
        data = box.get(f"{source}/{path}", LARGEST)
        if data is None or not data.startswith(BEGINNINGS.get(media_type, b"")):
            continue
        number = sum(each.kind == kind for each in kept) + 1
        name = f"{kind}-{number}{ENDINGS[media_type]}"
        kept.append(Evidence(cast(Any, kind), name, keep(data, media_type, folder), media_type))
    return tuple(kept)


def keep(data: bytes, media_type: str, folder: Path) -> str:
    """Writes the bytes once, whole, and gives the file's name: SHA-256 and an ending."""
    name = hashlib.sha256(data).hexdigest() + ENDINGS[media_type]
    target = folder / name
    if not target.exists():
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".evidence-")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    return name
