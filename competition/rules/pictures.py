"""Papers as bytes: what a file really is, told by its content, and pictures without what a camera
writes beside them (place, time, device, thumbnails).

Whether a picture stands upright is the one thing kept of it: phones turn the picture by that mark
alone. Nothing is decoded or encoded anew; a PDF stays as it is.
"""

import struct
from collections.abc import Collection

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
_PNG_START = b"\x89PNG\r\n\x1a\n"
# What draws the picture; text, times, EXIF and whatever a program of its own wrote is left out.
_PNG_KEPT = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs"),
}
_ORIENTATION = 0x0112
_IN_SCAN = {0x00, *range(0xD0, 0xD8)}  # a JPEG's 0xFF itself, and where it starts anew


def cleaned(data: bytes, kinds: Collection[str]) -> tuple[str, bytes] | None:
    """What a file is, and the file without what tells of the camera and its owner; None where it is
    none of these kinds, or not whole from its first to its last bytes."""
    kind = _kind(data)
    if kind is None or kind not in kinds:
        return None
    clean = without_camera(data, kind)
    return None if clean is None else (kind, clean)


def media_type(data: bytes) -> str | None:
    """PDF, JPEG or PNG, whole from its first to its last bytes; None for anything else."""
    found = cleaned(data, (PDF, JPEG, PNG))
    return found[0] if found else None


def _kind(data: bytes) -> str | None:
    """What the first bytes say, and of a PDF the last."""
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]:
        return PDF
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    return PNG if data.startswith(_PNG_START) else None


def without_camera(data: bytes, kind: str) -> bytes | None:
    """The file without what tells of the camera and its owner; None where it is broken off."""
    if kind == PDF:
        return data
    try:
        return _jpeg(data) if kind == JPEG else _png(data)
    except (struct.error, IndexError, ValueError):
        return None


def size(data: bytes, kind: str) -> tuple[int, int] | None:
    """Width and height in points, as a picture without its camera is shown; None where it does not
    say."""
    try:
        sides = _png_size(data) if kind == PNG else _jpeg_size(data) if kind == JPEG else None
    except (struct.error, IndexError):
        return None
    return sides if sides and all(sides) else None


def _png_size(data: bytes) -> tuple[int, int] | None:
    start, width, height = struct.unpack_from(">4sII", data, len(_PNG_START) + 4)
    return (width, height) if start == b"IHDR" else None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at, turned = 2, 1
    while data[at + 1] != 0xDA:
        marker, length, height, width = struct.unpack_from(">xBHxHH", data, at)
        if _is_frame(marker):
            return (height, width) if turned >= 5 else (width, height)
        if marker == 0xE1:
            turned = _orientation(data[at + 10 : at + 2 + length])
        at += 2 + length
    return None


def _is_frame(marker: int) -> bool:
    return 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC)


def _jpeg(data: bytes) -> bytes:
    kept, at, turned, frame, drawn = [b"\xff\xd8"], 2, 1, False, False
    while True:
        if data[at] != 0xFF:
            raise ValueError("no marker")
        marker = data[at + 1]
        if marker == 0xFF:  # filling
            at += 1
            continue
        if marker == 0xD9:
            if not (frame and drawn):
                raise ValueError("no picture")
            # Whatever follows, such as the film of a "live" photo, is left out.
            return b"".join([kept[0], _upright(turned), *kept[1:], b"\xff\xd9"])
        (length,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + length
        if length < 2 or end > len(data):
            raise ValueError("broken off")
        if marker == 0xDA:
            drawn, end = True, _scan_end(data, end)
        frame = frame or _is_frame(marker)
        body = data[at + 4 : end]
        if marker == 0xE1 and body.startswith(b"Exif\0\0"):
            turned = _orientation(body[6:])
        if _draws(marker, body):
            kept.append(data[at:end])
        at = end


def _draws(marker: int, body: bytes) -> bool:
    """Whether a segment is needed for the picture: of those that programs write for themselves only
    the ones that say which colours they are."""
    if marker == 0xE2:
        return body.startswith(b"ICC_PROFILE\0")
    return marker in (0xE0, 0xEE) or not (0xE0 <= marker <= 0xEF or marker == 0xFE)


def _scan_end(data: bytes, at: int) -> int:
    """Where the picture's own bytes end: at the next marker that is none of theirs."""
    while True:
        at = data.index(b"\xff", at)
        if data[at + 1] not in _IN_SCAN:
            return at
        at += 2


def _orientation(tiff: bytes) -> int:
    """1 to 8, as EXIF counts; 1, upright, where it says nothing that can be read."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    try:
        if order is None:
            return 1
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        for number in range(min(count, 200)):
            tag, _kind, _n, value = struct.unpack_from(
                f"{order}HHIH", tiff, first + 2 + 12 * number
            )
            if tag == _ORIENTATION:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1


def _upright(turned: int) -> bytes:
    """An EXIF segment that says how the picture stands and nothing else; none when upright."""
    if turned == 1:
        return b""
    tiff = b"MM\x00\x2a" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, turned, 0, 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png(data: bytes) -> bytes:
    kept, at, drawn = [_PNG_START], len(_PNG_START), False
    while True:
        length, name = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise ValueError("broken off")
        if name in _PNG_KEPT:
            kept.append(data[at:end])
        drawn = drawn or name == b"IDAT"
        if name == b"IEND":
            if not drawn:
                raise ValueError("no picture")
            return b"".join(kept)
        at = end
