"""What a paper is, by its bytes; and pictures without what a camera wrote beside them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules import pictures
from competition.rules.pictures import JPEG, PDF, PNG, media_type, without_camera
from tests import papers_made
from tests.papers_made import PLACE


@pytest.mark.parametrize(
    "data, kind",
    [(papers_made.jpeg(), JPEG), (papers_made.png(), PNG), (papers_made.PDF, PDF)],
)
def test_each_kind_is_told_by_its_content(data: bytes, kind: str) -> None:
    assert media_type(data) == kind


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8\xff",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        b"%PDF-1.4 broken off",
        b"<html>%PDF-1.4 %%EOF",
        b"MZ" + b"\0" * 100,
        papers_made.jpeg()[:300],
        papers_made.png()[:60],
        b"\xff\xd8\xff\xd9",
        b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0IEND\xae\x42\x60\x82",
    ],
)
def test_whatever_else_or_broken_off_is_not_taken(data: bytes) -> None:
    assert media_type(data) is None


@pytest.mark.parametrize("data, kind", [(papers_made.jpeg(6), JPEG), (papers_made.png(), PNG)])
def test_nothing_of_the_camera_is_left(data: bytes, kind: str) -> None:
    clean = without_camera(data, kind)
    assert clean is not None
    assert PLACE.encode() in data
    for part in PLACE.split():
        assert part.encode() not in clean
    assert media_type(clean) == kind
    assert without_camera(clean, kind) == clean


@pytest.mark.parametrize("order", [">", "<"])
@pytest.mark.parametrize("turned", range(1, 9))
def test_how_a_photo_stands_is_kept(turned: int, order: str) -> None:
    clean = without_camera(papers_made.jpeg(turned, order), JPEG)
    assert clean is not None
    assert (b"Exif" in clean) == (turned != 1)
    if turned != 1:
        start = clean.index(b"Exif\0\0") + 6
        assert pictures._orientation(clean[start:]) == turned


def test_nonsense_about_how_it_stands_is_upright() -> None:
    for data in (papers_made.jpeg(0), papers_made.jpeg(999)):
        clean = without_camera(data, JPEG)
        assert clean is not None
        assert b"Exif" not in clean


def test_a_pdf_stays_as_it_is() -> None:
    assert without_camera(papers_made.PDF, PDF) == papers_made.PDF


@given(st.binary(max_size=400), st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-"]))
def test_nothing_upsets_it(noise: bytes, start: bytes) -> None:
    assert media_type(start + noise) in (None, JPEG, PNG, PDF)


@given(st.integers(0, 500), st.integers(0, 255))
def test_a_damaged_photo_is_taken_or_not(at: int, byte: int) -> None:
    data = bytearray(papers_made.jpeg(6))
    data[at % len(data)] = byte
    without_camera(bytes(data), JPEG)
