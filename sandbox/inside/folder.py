"""The work folder: what was put stays and is read-only, what a program made is fetched or removed.

The folder is root's and sticky, so a program can add to it but neither change nor replace what was
put. Whatever a program made is touched only with the program's own rights: no link leads further
than the program itself could go. That nothing is left is proven by the file system's own counts.
"""

from __future__ import annotations

import os
import stat
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

WORK = "/work"
CHUNK = 65_536
PATIENCE = 3.0  # seconds in which the kernel must have given back what was removed
DEEPEST = 16  # folders below which nothing is fetched


class AsProgram:
    """With the program's rights; nothing of it runs now that could profit from it."""

    def __init__(self, uid: int) -> None:
        self.uid = uid

    def __enter__(self) -> None:
        os.setresgid(-1, self.uid, -1)
        os.setresuid(-1, self.uid, -1)

    def __exit__(self, *_: object) -> None:
        os.setresuid(-1, 0, -1)
        os.setresgid(-1, 0, -1)


class Folder:
    """WORK and what the host has put into it."""

    def __init__(self, uid: int) -> None:
        self.as_program = AsProgram(uid)
        self.kept: set[str] = set()  # names that were put, and the folders they lie in
        self.empty = self.tidy = free()

    # --- in ---------------------------------------------------------------------------------------

    def place(self, name: str, pieces: Iterable[bytes]) -> None:
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if not parts or ".." in parts or "\0" in name or name.startswith("/"):
            raise ValueError("not a name below the work folder")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            if folder not in self.kept:
                os.mkdir(f"{WORK}/{folder}")
                os.chmod(f"{WORK}/{folder}", 0o1777)  # programs may write beside what was put
                self.kept.add(folder)
        name = "/".join(parts)
        if name in self.kept:
            os.unlink(f"{WORK}/{name}")
        out = os.open(f"{WORK}/{name}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o555)
        self.kept.add(name)
        with open(out, "wb", buffering=0) as file:
            for piece in pieces:
                left = memoryview(piece)
                while left:
                    left = left[file.write(left) or 0 :]

    # --- out --------------------------------------------------------------------------------------

    def fetch(self, name: str, limit: int) -> bytes | None:
        """A regular file within the limit, reached without a link."""
        with self.as_program:
            try:
                file = open_without_links(name)
            except (OSError, ValueError):
                return None
            try:
                return read_whole(file, limit)
            except OSError:
                return None
            finally:
                os.close(file)

    def made(self) -> list[str]:
        """The names of all regular files that are not ours."""
        found, heap = [], [""]
        with self.as_program:
            while heap:
                for name, entry in inside(heap.pop()):
                    if entry.is_dir(follow_symlinks=False):
                        heap += [name] if name.count("/") < DEEPEST else []
                    elif name not in self.kept and entry.is_file(follow_symlinks=False):
                        found.append(name)
        return sorted(found)

    # --- nothing left -----------------------------------------------------------------------------

    def clean(self) -> bool:
        """Only what was put is left; false when the counts say that it is not so."""
        deadline = time.monotonic() + PATIENCE
        while free() != self.tidy:
            with self.as_program:
                for name, entry in [each for kept in ("", *self.kept) for each in inside(kept)]:
                    if name not in self.kept:
                        remove(entry)
            if free() != self.tidy:
                if time.monotonic() > deadline:
                    return False
                time.sleep(0.002)  # the kernel may still be giving things back
        return True

    def wipe(self) -> bool:
        """What was put goes as well."""
        if not self.clean():
            return False
        for name in sorted(self.kept, key=len, reverse=True):
            path = f"{WORK}/{name}"
            (os.rmdir if stat.S_ISDIR(os.lstat(path).st_mode) else os.unlink)(path)
        self.kept.clear()
        self.tidy = self.empty
        return free() == self.empty


def free() -> tuple[int, int]:
    """Blocks and inodes that are free: if they are as before, nothing has been added."""
    found = os.statvfs(WORK)
    return found.f_bfree, found.f_ffree


def inside(folder: str) -> list[tuple[str, os.DirEntry[str]]]:
    """Names below WORK and what they are; of what is no folder or cannot be read, nothing."""
    prefix = f"{folder}/" if folder else ""
    try:
        return [(prefix + entry.name, entry) for entry in os.scandir(f"{WORK}/{folder}")]
    except OSError:
        return []


def remove(entry: os.DirEntry[str]) -> None:
    """As far as it can be done; the counts tell."""
    try:
        if entry.is_dir(follow_symlinks=False):
            remove_folder(entry.path)
        else:
            os.unlink(entry.path)
    except OSError:
        pass


def remove_folder(path: str) -> None:
    """Nested folders are moved to the top and emptied there, so that no depth is too deep."""
    heap = [path]
    while heap:
        folder = heap.pop()
        os.chmod(folder, 0o700)
        for child in list(os.scandir(folder)):
            if child.is_dir(follow_symlinks=False):
                os.chmod(child.path, 0o700)  # the kernel writes ".." into a folder it moves
                moved = f"{WORK}/.gone-{time.monotonic_ns()}"
                os.rename(child.path, moved)
                heap.append(moved)
            else:
                os.unlink(child.path)
        os.rmdir(folder)


def open_without_links(name: str) -> int:
    parts = name.split("/")
    if ".." in parts or name.startswith("/"):
        raise ValueError("outside the work folder")
    folder = os.open(WORK, os.O_PATH | os.O_DIRECTORY)
    try:
        for part in parts[:-1]:
            deeper = os.open(part, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = deeper
        return os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    finally:
        os.close(folder)


def read_whole(file: int, limit: int) -> bytes | None:
    status = os.fstat(file)
    if not stat.S_ISREG(status.st_mode) or status.st_size > limit:
        return None
    data, size = bytearray(), status.st_size
    while len(data) < size and (piece := os.read(file, min(CHUNK, size - len(data)))):
        data += piece
    return bytes(data)
