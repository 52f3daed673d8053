"""Reads an uploaded zip (or a folder) as a hostile thing: inspected whole, streamed, nothing kept.

Theory: the end record is measured before zipfile may build its list, so the list cannot fill the
memory; names are judged before any byte is unpacked; declared sizes are summed, and the real bytes
are counted again while they are read in small pieces; entries that share bytes of the archive are
refused, which ends the bombs that do not nest. Both doors, `inspect` and `extract`, go through
`opened`, so that what was inspected is what is taken.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Never

from sandbox.names import Rejected, clean, display, junk, shared_top, without_collisions
from sandbox.task import Limits

MB: Final = 1_000_000
CHUNK: Final = 65_536
BOMB_FROM: Final = 4 * MB  # below this a high ratio is only an empty picture
BOMB_RATIO: Final = 200
_ENTRY_BYTES: Final = 46 + 1024 + 512  # a generous entry of the central directory
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    struct.error,
    ValueError,
    OSError,
)


@dataclass(frozen=True)
class Entry:
    """One file of a submission."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Listing:
    """Everything a submission holds."""

    files: tuple[Entry, ...]

    @property
    def size(self) -> int:
        return sum(entry.size for entry in self.files)


@dataclass(frozen=True)
class Member:
    """A file that may be read once or more, in pieces, never beyond its size."""

    name: str
    size: int
    chunks: Callable[[], Iterator[bytes]]


def inspect(path: Path, limits: Limits) -> Listing:
    """Reads every byte once and lists the files, or says why not (Rejected). Writes nothing."""
    with opened(path, limits) as members:
        entries = []
        for member in members:
            digest = hashlib.sha256()
            for chunk in member.chunks():
                digest.update(chunk)
            entries.append(Entry(member.name, member.size, digest.hexdigest()))
    return Listing(tuple(sorted(entries, key=lambda entry: entry.name)))


def extract(path: Path, limits: Limits, into: Path) -> Listing:
    """Unpacks into a folder that does not exist yet; when anything is refused, nothing stays."""
    into.mkdir(mode=0o700)
    try:
        listing = inspect(path, limits)
        with opened(path, limits) as members:
            for member in members:
                target = into / member.name
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("xb") as out:
                    for chunk in member.chunks():
                        out.write(chunk)
    except BaseException:
        shutil.rmtree(into, ignore_errors=True)
        raise
    return listing


@contextmanager
def opened(path: Path, limits: Limits) -> Iterator[tuple[Member, ...]]:
    """The files of a zip or folder, names and sizes already judged, one top folder taken off."""
    with ExitStack() as stack:
        if path.is_dir():
            members = _folder_members(path, limits)
        else:
            # Only our own reading is guarded: what the caller does meanwhile fails as itself.
            with _reading():
                file = stack.enter_context(path.open("rb"))
                _measure(file, limits)
                archive = stack.enter_context(zipfile.ZipFile(file))
                infos = archive.infolist()
                _no_shared_bytes(archive, infos)
                members = _zip_members(archive, infos)
        yield _judged(members, limits, strip=not path.is_dir())


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise _broken() from error


def _broken() -> Rejected:
    return Rejected(
        "这个文件不是完整的 zip 压缩包,打不开。没有保存任何内容,请重新打包后再交。",
        "This file is not a whole zip archive and cannot be opened. Nothing was kept; "
        "pack it again and hand it in.",
    )


def _too_much(zh: str, en: str) -> Never:
    raise Rejected(f"{zh}没有保存任何内容。", f"{en} Nothing was kept.")


def _judged(members: list[Member], limits: Limits, *, strip: bool) -> tuple[Member, ...]:
    members = [member for member in members if not junk(member.name)]
    names = [clean(member.name) for member in members]
    if not names:
        _too_much("压缩包里没有文件。", "The archive holds no files.")
    if len(names) > limits.files:
        _too_much(
            f"文件多于 {limits.files} 个。请只交要求的文件。",
            f"There are more than {limits.files} files. Hand in only what is asked for.",
        )
    without_collisions(names)
    top = shared_top(names) if strip else ""
    for name in names:
        if name.removeprefix(top).count("/") >= limits.depth:
            _too_much(
                f"文件夹层数超过 {limits.depth}:“{display(name)}”。",
                f'Folders are nested deeper than {limits.depth}: "{display(name)}".',
            )
    if sum(member.size for member in members) > limits.unpacked_mb * MB:
        _too_much(
            f"解开后超过 {limits.unpacked_mb} MB。",
            f"Unpacked it is larger than {limits.unpacked_mb} MB.",
        )
    pairs = zip(names, members, strict=True)
    return tuple(Member(name.removeprefix(top), m.size, m.chunks) for name, m in pairs)


# --- zip ------------------------------------------------------------------------------------------


def _measure(file: IO[bytes], limits: Limits) -> None:
    """Sizes that must be known before zipfile reads the list of entries into memory."""
    size = os.fstat(file.fileno()).st_size
    if size > limits.archive_mb * MB:
        _too_much(
            f"压缩包超过 {limits.archive_mb} MB。", f"The archive is over {limits.archive_mb} MB."
        )
    start = max(0, size - 65_557)  # the end record and the longest comment
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise _broken()
    disk, first, here, entries, directory, _, _ = struct.unpack("<4H2LH", tail[at + 4 : at + 22])
    if tail[max(0, at - 20) : at].startswith(b"PK\x06\x07") or entries == 0xFFFF:
        _too_much(
            "压缩包是 ZIP64 格式或文件过多,请用普通方式重新打包。",
            "The archive is in ZIP64 form or holds too many files; pack it in the ordinary way.",
        )
    if disk or first or here != entries:
        raise _broken()
    most = limits.files * 3 + 64  # folders and what macOS adds are entries too
    if entries > most or directory > most * _ENTRY_BYTES:
        _too_much(
            f"文件多于 {limits.files} 个。请只交要求的文件。",
            f"There are more than {limits.files} files. Hand in only what is asked for.",
        )
    file.seek(0)


def _no_shared_bytes(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> None:
    spans = sorted((i.header_offset, i.header_offset + 30 + i.compress_size) for i in infos)
    ends = [*(start for start, _ in spans[1:]), archive.start_dir]
    if any(end > following for (_, end), following in zip(spans, ends, strict=bool(spans))):
        _too_much(
            "压缩包里的文件互相重叠,像是压缩炸弹。",
            "Files in the archive share their bytes, as in a zip bomb.",
        )


def _zip_members(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> list[Member]:
    members = []
    for info in infos:
        name = _zip_name(info)
        if junk(name):
            continue
        _ordinary(info, name)
        if name.endswith("/"):
            clean(name)
            continue
        members.append(Member(name, info.file_size, lambda info=info: _unpack(archive, info)))  # type: ignore[misc]
    return members


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name as its author saw it: Unicode extra field, UTF-8, or a Chinese Windows' GBK."""
    if info.flag_bits & 0x800:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437")
    extra = info.extra
    while len(extra) >= 4:
        kind, length = struct.unpack("<2H", extra[:4])
        field, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == 0x7075 and len(field) > 5 and field[1:5] == struct.pack("<L", zlib.crc32(raw)):
            return field[5:].decode("utf-8", "replace")
    return _without_a_flag(raw, from_windows=info.create_system != 3) or info.orig_filename


def _without_a_flag(raw: bytes, *, from_windows: bool) -> str | None:
    """UTF-8 where it reads as such; but 图片 in GBK also reads as UTF-8, as two odd letters."""
    readings = {}
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            readings[encoding] = raw.decode(encoding)
    utf8, gbk = readings.get("utf-8"), readings.get("gb18030")
    odd = utf8 is not None and not utf8.isascii() and all(ord(c) < 0x800 for c in utf8)
    return gbk or utf8 if from_windows and odd else utf8 or gbk


def _ordinary(info: zipfile.ZipInfo, name: str) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    shown = display(name)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        _too_much(
            f"“{shown}”是链接或设备,不是普通文件。",
            f'"{shown}" is a link or a device, not an ordinary file.',
        )
    if info.flag_bits & 0x41:
        _too_much(
            "压缩包加了密码,请不加密重新打包。",
            "The archive is encrypted; pack it without a password.",
        )
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        _too_much(
            f"“{shown}”的压缩方式不认识,请用普通 zip 重新打包。",
            f'"{shown}" is packed in an unknown way; use an ordinary zip.',
        )
    if info.file_size > BOMB_FROM and info.file_size > BOMB_RATIO * max(1, info.compress_size):
        _too_much(
            f"“{shown}”的压缩比高得反常,像是压缩炸弹。",
            f'"{shown}" is packed so tightly that it looks like a zip bomb.',
        )


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with _reading():
        stream = archive.open(info)
    real = 0
    with stream:
        while True:
            with _reading():
                chunk = stream.read(CHUNK)
            if not chunk:
                break
            real += len(chunk)
            if real > info.file_size:
                break
            yield chunk
    if real != info.file_size:
        raise _broken()


# --- a folder (command line) ----------------------------------------------------------------------


def _folder_members(root: Path, limits: Limits) -> list[Member]:
    members: list[Member] = []
    waiting = [root]
    while waiting:
        for entry in sorted(os.scandir(waiting.pop()), key=lambda e: e.name):
            path = Path(entry.path)
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path)
                continue
            name = path.relative_to(root).as_posix()
            if not entry.is_file(follow_symlinks=False):
                _too_much(
                    f"“{display(name)}”是链接或设备,不是普通文件。",
                    f'"{display(name)}" is a link or a device, not an ordinary file.',
                )
            size = entry.stat(follow_symlinks=False).st_size
            members.append(Member(name, size, lambda p=path, s=size: _read(p, s)))  # type: ignore[misc]
            if len(members) > limits.files * 3 + 64:
                return members  # enough to be refused; a huge folder is not walked to its end
    return members


def _read(path: Path, size: int) -> Iterator[bytes]:
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        left = size
        while left and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
    if left:
        raise _broken()
