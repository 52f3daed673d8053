"""Uploads as an attacker, a Windows machine and a Mac would make them."""

import hashlib
import io
import os
import random
import stat
import struct
import tracemalloc
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.archive import MB, extract, inspect, opened
from sandbox.names import Rejected
from tests.sandbox.zips import LIMITS, names, raw_zip, refused

# --- what is taken --------------------------------------------------------------------------------


def test_a_listing_has_names_sizes_and_hashes(pack):
    listing = inspect(pack({"index.html": b"<h1>", "js/a.js": b"let a"}), LIMITS)
    assert names(listing) == ["index.html", "js/a.js"]
    assert listing.size == 9
    assert listing.files[1].sha256 == hashlib.sha256(b"let a").hexdigest()


def test_extracted_is_what_was_inspected(pack, tmp_path):
    path = pack({"index.html": b"<h1>", "js/a.js": b"let a"})
    assert extract(path, LIMITS, tmp_path / "out") == inspect(path, LIMITS)
    assert (tmp_path / "out" / "js" / "a.js").read_bytes() == b"let a"


def test_a_single_top_folder_is_taken_off_once(pack):
    assert names(inspect(pack({"site/index.html": b"1", "site/a/b.js": b"2"}), LIMITS)) == [
        "a/b.js",
        "index.html",
    ]
    assert names(inspect(pack({"a/a/index.html": b"1"}), LIMITS)) == ["a/index.html"]
    assert names(inspect(pack({"a/x": b"1", "b/y": b"2"}), LIMITS)) == ["a/x", "b/y"]
    assert names(inspect(pack({"a/x": b"1", "y": b"2"}), LIMITS)) == ["a/x", "y"]


def test_what_a_mac_and_windows_add_is_dropped(pack):
    files = {
        "site/index.html": b"1",
        "__MACOSX/site/._index.html": b"x",
        "site/.DS_Store": b"x",
        "site/Thumbs.db": b"x",
        "site/js/._a.js": b"x",
    }
    assert names(inspect(pack(files), LIMITS)) == ["index.html"]


def test_folders_may_be_entries(pack):
    assert names(inspect(pack({"site/": b"", "site/js/": b"", "site/a": b"1"}), LIMITS)) == ["a"]


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8"])
def test_chinese_names_without_the_utf8_flag(tmp_path, encoding):
    path = tmp_path / "upload.zip"
    path.write_bytes(raw_zip([("图片/飞机.png".encode(encoding), b"png", {})]))
    assert names(inspect(path, LIMITS)) == ["飞机.png"]
    path.write_bytes(raw_zip([("图片.png".encode(encoding), b"1", {}), (b"a", b"2", {})]))
    assert "图片.png" in names(inspect(path, LIMITS))


def test_an_accent_in_utf8_without_the_flag_from_unix(tmp_path):
    path = tmp_path / "upload.zip"
    path.write_bytes(raw_zip([("café.html".encode(), b"1", {"system": 3})]))
    assert names(inspect(path, LIMITS)) == ["café.html"]


def test_the_unicode_extra_field_wins(tmp_path):
    raw = "图.png".encode("gbk")
    real = "圖.png".encode()
    extra = struct.pack("<2HBL", 0x7075, 5 + len(real), 1, zlib.crc32(raw)) + real
    path = tmp_path / "upload.zip"
    path.write_bytes(raw_zip([(raw, b"1", {"extra": extra})]))
    assert names(inspect(path, LIMITS)) == ["圖.png"]


def test_a_mac_spells_accents_in_two_pieces_and_is_understood(pack):
    assert names(inspect(pack({"cafe\u0301.html": b"1", "b": b"2"}), LIMITS)) == ["b", "café.html"]


def test_stored_and_empty_files(pack):
    assert inspect(pack({"a": b"", "b": b"1"}, zipfile.ZIP_STORED), LIMITS).size == 1


def test_a_folder_from_the_command_line(tmp_path):
    site = tmp_path / "site"
    (site / "js").mkdir(parents=True)
    (site / "js" / "a.js").write_text("1")
    (site / ".DS_Store").write_text("x")
    assert names(inspect(site, LIMITS)) == ["js/a.js"]


# --- kinds of entries -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK]
)
@pytest.mark.parametrize("system", [0, 3])
def test_links_and_devices(pack, kind, system):
    info = zipfile.ZipInfo("passwd")
    info.create_system = system
    info.external_attr = (kind | 0o777) << 16
    refused(pack([("index.html", b"1"), (info, b"/etc/passwd")]), "link or a device")


def test_encrypted(tmp_path):
    path = tmp_path / "upload.zip"
    path.write_bytes(raw_zip([(b"a.html", b"secret", {"flags": 1})]))
    refused(path, "encrypted")


@pytest.mark.parametrize("method", [1, 6, 9, 12, 14, 93, 99])
def test_unknown_ways_of_packing(tmp_path, method):
    path = tmp_path / "upload.zip"
    path.write_bytes(raw_zip([(b"a.html", b"data", {"method": method})]))
    refused(path, "unknown way")


def test_links_and_pipes_in_a_folder(tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").symlink_to("/etc/passwd")
    refused(site, "link or a device")
    (site / "index.html").unlink()
    os.mkfifo(site / "pipe")
    refused(site, "link or a device")
    (site / "pipe").unlink()
    (site / "up").symlink_to("/etc", target_is_directory=True)
    refused(site, "link or a device")


# --- amounts --------------------------------------------------------------------------------------


def test_too_large_an_archive(tmp_path):
    path = tmp_path / "upload.zip"
    path.write_bytes(bytes(2 * MB + 1))
    refused(path, "over 2 MB")


def test_too_much_when_unpacked(pack):
    refused(pack({f"{n}.bin": random.Random(n).randbytes(9_000) * 100 for n in range(10)}), "8 MB")


def test_too_many_files(pack):
    refused(pack({f"{n}.txt": b"" for n in range(21)}), "more than 20 files")
    refused(pack({f"{n}.txt": b"" for n in range(10_000)}), "more than 20 files")


def test_too_deep(pack):
    assert names(inspect(pack({"top/a/b/c/d": b"1", "top/e": b"2"}), LIMITS)) == ["a/b/c/d", "e"]
    refused(pack({"a/b/c/d/e": b"1", "x": b"2"}), "deeper than 4")


def test_nothing_in_it(pack):
    refused(pack({}), "no files")
    refused(pack({"folder/": b"", "__MACOSX/x": b""}), "no files")


def test_a_file_packed_beyond_belief(pack):
    refused(pack({"a.bin": bytes(6 * MB)}), "zip bomb")


def test_a_picture_of_one_colour_is_no_bomb(pack):
    assert inspect(pack({"a.bmp": bytes(3 * MB)}), LIMITS).size == 3 * MB


def test_declared_smaller_than_real(tmp_path):
    """The list says ten bytes; the stream holds seven megabytes."""
    path = tmp_path / "upload.zip"
    path.write_bytes(raw_zip([(b"a.bin", bytes(7 * MB), {"declared": 10})]))
    refused(path, "not a whole zip")


def test_declared_larger_than_real(tmp_path):
    path = tmp_path / "upload.zip"
    path.write_bytes(raw_zip([(b"a.bin", b"ten bytes.", {"declared": 1000})]))
    refused(path, "not a whole zip")


def test_declared_terabytes(tmp_path):
    path = tmp_path / "upload.zip"
    path.write_bytes(raw_zip([(b"a.bin", b"x", {"declared": 0xFFFFFFF0})]))
    refused(path, "bomb")


def test_many_entries_over_the_same_bytes(tmp_path):
    """Fifield's bomb: every entry of the list points at one and the same file."""
    data = raw_zip([(b"a.bin", bytes(100_000), {})])
    end = data.rindex(b"PK\x05\x06")
    central = data.index(b"PK\x01\x02")
    entry = data[central:end]
    entries = b"".join(entry.replace(b"a.bin", b"%05d" % n) for n in range(15))
    local = data[:central]
    eocd = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 15, 15, len(entries), len(local), 0)
    path = tmp_path / "upload.zip"
    path.write_bytes(local + entries + eocd)
    refused(path, "share their bytes")


def test_files_that_overlap_by_quoting(tmp_path):
    data = bytearray(raw_zip([(b"a.bin", b"x" * 5000, {"method": 0}), (b"b.bin", b"y" * 10, {})]))
    first = data.index(b"PK\x01\x02")
    data[first + 20 : first + 28] = struct.pack("<2L", 5040, 5040)  # over b's beginning
    path = tmp_path / "upload.zip"
    path.write_bytes(data)
    refused(path, "share their bytes")


def test_a_list_too_long_is_refused_before_it_is_read(tmp_path):
    """A million entries of the list would be half a gigabyte of objects."""
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, *[0] * 5, 0, 0)
    entries = entry * 30_000
    for count in (30_000, 5):  # told honestly, and not
        eocd = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(entries), 0, 0)
        path = tmp_path / "upload.zip"
        path.write_bytes(entries + eocd)
        tracemalloc.start()
        refused(path, "more than 20 files")
        assert tracemalloc.get_traced_memory()[1] < 2 * MB
        tracemalloc.stop()


def test_zip64(tmp_path):
    eocd = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    path = tmp_path / "upload.zip"
    path.write_bytes(b"PK\x06\x07" + bytes(16) + eocd)
    refused(path, "ZIP64")


def test_unpacking_needs_little_memory(pack):
    """Seven megabytes go through in small pieces."""
    path = pack({"a.bin": random.Random(1).randbytes(30_000) * 60, "b": b""})
    tracemalloc.start()
    inspect(path, LIMITS)
    assert tracemalloc.get_traced_memory()[1] < MB
    tracemalloc.stop()


# --- broken ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"Rar!\x1a\x07\x00",
        b"7z\xbc\xaf\x27\x1c",
        b"\x1f\x8b\x08",
        b"<html>",
        bytes(100),
    ],
)
def test_not_a_zip(tmp_path, data):
    path = tmp_path / "upload.zip"
    path.write_bytes(data)
    refused(path, "not a whole zip")


def test_cut_off(pack):
    path = pack({"index.html": b"x" * 5000, "b": random.Random(2).randbytes(5000)})
    whole = path.read_bytes()
    for cut in (1, 30, 200, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:cut])
        refused(path, "not a whole zip")


def test_a_wrong_byte(pack):
    path = pack({"index.html": b"hello " * 50}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF
    path.write_bytes(data)
    refused(path, "not a whole zip")


def test_no_such_file(tmp_path):
    with pytest.raises(Rejected):
        inspect(tmp_path / "nothing.zip", LIMITS)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_damage_is_refused_in_a_sentence_or_read(tmp_path_factory, data):
    """Random bytes of a good archive are changed: a listing or a sentence, never a traceback."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.html", "hello " * 100)
        archive.writestr("图/b.js", "x")
    damaged = bytearray(buffer.getvalue())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged.zip"
    path.write_bytes(damaged)
    try:
        listing = inspect(path, LIMITS)
    except Rejected:
        return
    assert all(not entry.name.startswith("/") for entry in listing.files)


def test_the_reader_does_not_blame_the_archive_for_the_callers_fault(pack):
    with pytest.raises(OSError, match="my own"), opened(pack({"a": b"1"}), LIMITS):
        raise OSError("my own")
