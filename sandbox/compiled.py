"""What compiling came to, kept in a folder by the hash of all that went into it, and bounded.

Several workers may share the folder: an entry is written whole or not at all, and the ones not
used for longest go first.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sandbox.languages import Source

MOST_BYTES: Final = 256 << 20
MOST_ENTRIES: Final = 4096
_HEAD: Final = 4  # bytes that say how long the head is
_FORM: Final = "1"  # of an entry; another one makes old entries unknown


@dataclass(frozen=True)
class Outcome:
    """`files` is None when the source does not compile; `said` are the compiler's words."""

    said: str
    files: Mapping[str, bytes] | None


def key_of(source: Source, image: str) -> str:
    """A hash of everything that decides what compiling comes to."""
    parts = [_FORM, image, source.language.id, source.main, *source.compile_argv]
    for name, data in sorted(source.files.items()):
        parts += [name, hashlib.sha256(data).hexdigest()]
    text = json.dumps(parts)  # lists of words, so that no two lists become one text
    return hashlib.sha256(text.encode()).hexdigest()


class Compiled:
    """The folder."""

    def __init__(
        self, folder: Path, most_bytes: int = MOST_BYTES, most_entries: int = MOST_ENTRIES
    ) -> None:
        self.folder, self.most_bytes, self.most_entries = folder, most_bytes, most_entries
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def find(self, key: str) -> Outcome | None:
        path = self.folder / key
        try:
            data = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        return _unpacked(data)

    def keep(self, key: str, outcome: Outcome) -> None:
        """A folder that cannot be written to costs time, not a verdict."""
        with contextlib.suppress(OSError):
            handle, name = tempfile.mkstemp(dir=self.folder, prefix=".new-")
            with os.fdopen(handle, "wb") as file:
                file.write(_packed(outcome))
            Path(name).replace(self.folder / key)
            self._trim()

    def _trim(self) -> None:
        entries = sorted(
            ((stat.st_mtime, stat.st_size, path) for path, stat in self._entries()), reverse=True
        )
        held = 0
        for number, (_, size, path) in enumerate(entries, start=1):
            held += size
            if held > self.most_bytes or number > self.most_entries:
                path.unlink(missing_ok=True)

    def _entries(self) -> list[tuple[Path, os.stat_result]]:
        found = []
        for path in self.folder.iterdir():
            with contextlib.suppress(FileNotFoundError):  # another worker trims, too
                found.append((path, path.stat()))
        return found


def _packed(outcome: Outcome) -> bytes:
    files = outcome.files
    sizes = None if files is None else [[name, len(data)] for name, data in files.items()]
    head = json.dumps({"said": outcome.said, "files": sizes}).encode("ascii")
    return b"".join([len(head).to_bytes(_HEAD, "big"), head, *(files or {}).values()])


def _unpacked(data: bytes) -> Outcome | None:
    """None for what is no whole entry, as after a full disk."""
    try:
        at = _HEAD + int.from_bytes(data[:_HEAD], "big")
        head = json.loads(data[_HEAD:at])
        if head["files"] is None:
            return Outcome(head["said"], None)
        files: dict[str, bytes] = {}
        for name, size in head["files"]:
            files[name] = data[at : at + size]
            at += size
    except (ValueError, KeyError, TypeError):
        return None
    return Outcome(head["said"], files) if at == len(data) else None
