"""Makes archives for the tests, also such as zipfile would not write, and sees them refused."""

import struct
import zlib

import pytest

from sandbox.archive import Listing, extract, inspect
from sandbox.names import Rejected
from sandbox.task import Limits

LIMITS = Limits(archive_mb=2, files=20, unpacked_mb=8, depth=4)


def refused(path, said, limits=LIMITS):
    before = sorted(path.parent.rglob("*"))
    target = path.parent / "out"
    with pytest.raises(Rejected) as first:
        inspect(path, limits)
    with pytest.raises(Rejected):
        extract(path, limits, target)
    assert said in first.value.en
    assert first.value.zh and "没有保存任何内容" in first.value.zh
    assert "Nothing was kept" in first.value.en
    assert sorted(path.parent.rglob("*")) == before, "something was written"


def names(listing: Listing):
    return [entry.name for entry in listing.files]


def raw_zip(files):
    """A zip made byte by byte, with what zipfile would not write: (name, data, options)."""
    body, central = b"", b""
    for name, data, options in files:
        method = options.get("method", 8)
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(data) + packer.flush() if method == 8 else data
        size, flags = options.get("declared", len(data)), options.get("flags", 0)
        extra, made_by = options.get("extra", b""), options.get("system", 0) << 8 | 20
        facts = (20, flags, method, 0, 0, zlib.crc32(data), len(packed), size, len(name))
        offset = len(body)
        body += struct.pack("<4s5H3L2H", b"PK\x03\x04", *facts, 0) + name + packed
        central += struct.pack(
            "<4s6H3L5H2L", b"PK\x01\x02", made_by, *facts, len(extra), 0, 0, 0, 0, offset
        )
        central += name + extra
    count = len(files)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(central), len(body), 0)
    return body + central + end
