"""Papers for tests: a JPEG, a PNG and a PDF that browsers show, with what a phone writes beside."""

import base64
import struct
import zlib

PLACE = "45.8038N 126.5350E 欧阳雪松 iPhone"  # what must not be kept
_JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1td"
    "hbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSk"
    "pKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAAIABADASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAME/8QAFBAB"
    "AAAAAAAAAAAAAAAAAAAAAP/EABQBAQAAAAAAAAAAAAAAAAAAAAP/xAAZEQACAwEAAAAAAAAAAAAAAAAAQgQFgcH/2gAM"
    "AwEAAhEDEQA/AMSAFmLo1Y+dP//Z"
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def jpeg(turned: int = 1, order: str = ">") -> bytes:
    """16 × 8 points, with EXIF (place, owner, how it stands), a comment and a film behind it."""
    words = PLACE.encode()
    mark = b"MM\x00\x2a" if order == ">" else b"II\x2a\x00"
    tiff = mark + struct.pack(f"{order}IH", 8, 2)
    tiff += struct.pack(f"{order}HHIHH", 0x0112, 3, 1, turned, 0)
    tiff += struct.pack(f"{order}HHII", 0x010E, 2, len(words), 38)
    exif = b"Exif\0\0" + tiff + struct.pack(f"{order}I", 0) + words
    beside = _segment(0xE1, exif) + _segment(0xED, words) + _segment(0xFE, words)
    return _JPEG[:20] + beside + _JPEG[20:] + b"film" + words + b"\xff\xd9"


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def png() -> bytes:
    """8 × 8 points, with texts, a time and EXIF."""
    words = PLACE.encode()
    rows = b"".join(b"\0" + b"\xc0\0\0" * 8 for _ in range(8))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)),
        (b"tEXt", b"Author\0" + words),
        (b"iTXt", b"XML:com.adobe.xmp\0" + words),
        (b"eXIf", words),
        (b"tIME", b"\x07\xea\x0b\x1c\0\0\0"),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    made = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(made) + words
