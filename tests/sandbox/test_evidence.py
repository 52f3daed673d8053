"""Evidence out of a box: only what is what it says, under the name of its contents."""

import hashlib

import pytest

from sandbox.evidence import collect, keep

PNG = b"\x89PNG\r\n\x1a\nrest"


class Box:
    """A box that holds these files and remembers what was asked of it."""

    browser_sandbox = True

    def __init__(self, **files):
        self.files, self.asked = files, []

    def get(self, path, limit):
        self.asked.append(path)
        data = self.files.get(path.rpartition("/")[2].replace(".", "_"))
        return data if data is not None and len(data) <= limit else None


def piece(file, kind="screenshot", media_type="image/png"):
    return {"kind": kind, "file": file, "media_type": media_type}


def test_kept_under_the_hash_and_named_by_kind(tmp_path):
    box = Box(a_png=PNG, b_png=PNG + b"2", c_json=b"[]")
    wanted = [piece("t/a.png"), piece("t/b.png"), piece("t/c.json", "console", "application/json")]
    found = collect(box, wanted, "out", tmp_path)
    assert [each.name for each in found] == [
        "screenshot-1.png",
        "screenshot-2.png",
        "console-1.json",
    ]
    assert found[0].path == hashlib.sha256(PNG).hexdigest() + ".png"
    assert (tmp_path / found[0].path).read_bytes() == PNG
    assert box.asked == ["out/t/a.png", "out/t/b.png", "out/t/c.json"]
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize(
    "odd",
    [
        piece("../../etc/passwd"),
        piece("/etc/passwd"),
        piece("a.png", kind="virus"),
        piece("a.png", media_type="text/html"),
        piece("a.png", media_type="image/svg+xml"),
        piece("missing.png"),
        piece("c.json", media_type="image/png"),
        piece("a.png", media_type="image/jpeg"),
    ],
)
def test_what_is_not_what_it_says_stays_in_the_box(tmp_path, odd):
    box = Box(a_png=PNG, c_json=b"[]", passwd=PNG)
    assert collect(box, [odd], "out", tmp_path) == ()
    assert list(tmp_path.iterdir()) == []


def test_a_film_is_kept_when_it_is_one(tmp_path):
    webm = b"\x1a\x45\xdf\xa3rest"
    wanted = [piece("a.webm", "film", "video/webm"), piece("b.webm", "film", "video/webm")]
    found = collect(Box(a_webm=webm, b_webm=b"<html>"), wanted, "out", tmp_path)
    assert [each.name for each in found] == ["film-1.webm"]


def test_too_large_stays_in_the_box(tmp_path):
    assert collect(Box(a_png=PNG + bytes(8_000_000)), [piece("a.png")], "out", tmp_path) == ()


def test_the_same_bytes_are_kept_once(tmp_path):
    assert keep(PNG, "image/png", tmp_path) == keep(PNG, "image/png", tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


def test_nobody_wants_evidence():
    box = Box(a_png=PNG)
    assert collect(box, [piece("a.png")], "out", None) == ()
    assert box.asked == []
