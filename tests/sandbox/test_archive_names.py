"""Names in uploads that no file of ours may have."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.names import Rejected, clean
from tests.sandbox.zips import raw_zip, refused


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../evil.html", '".."'),
        ("a/../../evil", '".."'),
        ("a/..", '".."'),
        ("..", '".."'),
        ("/etc/passwd", "absolute"),
        ("//host/share", "absolute"),
        ("C:/evil", "drive letter"),
        ("c:evil", "drive letter"),
        ("a\\..\\evil", "backslash"),
        ("\\\\host\\share", "backslash"),
        ("a//b", "empty part"),
        ("a/./b", '"."'),
        ("new\nline", "control"),
        ("bell\x07", "control"),
        ("esc\x1b[31m", "control"),
        ("del\x7f", "control"),
        ("exe\u202egpj.js", "direction"),
        ("a\u2028b", "control"),
        ("what?.png", "one of"),
        ("ab:stream", "one of"),
        ("<b>.js", "one of"),
        ("CON", "Windows"),
        ("con.html", "Windows"),
        ("js/lpt1.js", "Windows"),
        ("nul.tar.gz", "Windows"),
        ("COM¹", "Windows"),
        ("trailing.", "full stop"),
        ("trailing ", "space"),
        (" leading", "space"),
        ("x" * 256, "255 bytes"),
        ("字" * 86, "255 bytes"),
        ("/".join(["d" * 200] * 6), "too long"),
    ],
)
def test_absurd_names(pack, name, said):
    refused(pack([("index.html", b"1"), (name, b"2")]), said)


def test_a_nul_byte_in_a_name(tmp_path):
    path = tmp_path / "upload.zip"
    path.write_bytes(raw_zip([(b"a.html\0.png", b"1", {})]))
    refused(path, "control")


def test_a_bad_folder_entry_is_refused_as_well(pack):
    refused(pack([("index.html", b"1"), ("../up/", b"")]), '".."')


@pytest.mark.parametrize(
    "pair",
    [
        ("a.html", "A.html"),
        ("js/a", "JS/b"),
        ("a", "a/b"),
        ("caf\u00e9", "cafe\u0301"),
        ("stra\u00dfe", "STRASSE"),
        ("\uff21", "\uff41"),
    ],
)
def test_names_that_are_one_elsewhere(pack, pair):
    refused(pack([(pair[0], b"1"), (pair[1], b"2"), ("z", b"3")]), "same name")
    refused(pack([(pair[1], b"1"), (pair[0], b"2"), ("z", b"3")]), "same name")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_name_twice(pack):
    refused(pack([("a", b"1"), ("a", b"2"), ("b", b"")]), "same name")


@given(st.text(max_size=40))
def test_a_clean_name_stays_below_its_folder(name):
    try:
        cleaned = clean(name)
    except Rejected as rejected:
        assert rejected.zh.isprintable() and rejected.en.isprintable()
        return
    assert os.path.normpath("/box/" + cleaned).startswith("/box/")
    assert clean(cleaned) == cleaned
