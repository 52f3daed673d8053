"""The default validator: our own cases, and those of the format's own tool where they are there."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.default_validator import BadFlags, Flags, flags_of, number, validate

FIXTURES = Path("/work/shared/fixtures/checker")
CASES = sorted(path for path in FIXTURES.glob("test_*") if path.is_dir())


def judged(answer: str | bytes, output: str | bytes, flags: str = "") -> bool:
    answer, output = (x.encode() if isinstance(x, str) else x for x in (answer, output))
    found = validate(answer, output, flags_of(flags.split()))
    assert found.code == (42 if found.accepted else 43)
    assert found.accepted == (not found.zh) == (not found.en)
    return found.accepted


@pytest.mark.skipif(not CASES, reason=f"the checker's fixtures are not on this machine: {FIXTURES}")
def test_it_agrees_with_the_formats_own_cases():
    for case in CASES:
        args = case / "args.txt"
        flags = flags_of(args.read_text().split() if args.exists() else [])
        found = validate((case / "judge.ans").read_bytes(), (case / "user.out").read_bytes(), flags)
        assert found.code == int((case / "expected_exit_code.txt").read_text()), case.name
    assert len(CASES) >= 24


@pytest.mark.parametrize(
    ("answer", "output", "flags", "accepted"),
    [
        ("1 2 3\n", "1\n2\n3", "", True),
        ("1 2 3\n", "  1 2\t3 \r\n\n", "", True),
        ("", "", "", True),
        ("", "\n\n", "", True),
        ("\n", "", "", True),
        ("", "x", "", False),
        ("Yes", "YES", "", True),
        ("Yes", "YES", "case_sensitive", False),
        ("Ä", "ä", "", False),  # letters of ASCII only
        ("1.0", "1", "", False),
        ("1.0", "1", "float_tolerance 0", True),
        ("0.0314", "3.14000000e-2", "float_tolerance 1e-9", True),
        ("100", "101", "float_relative_tolerance 0.01", True),
        ("100", "101.1", "float_relative_tolerance 0.01", False),
        ("100", "101", "float_absolute_tolerance 0.5", False),
        ("-100", "-101", "float_relative_tolerance 0.01", True),
        ("1000", "1001", "float_relative_tolerance 1e-9 float_absolute_tolerance 1", True),
        ("0", "1e-7", "float_relative_tolerance 0.5", False),
        ("0", "1e-7", "float_tolerance 1e-6", True),
        ("1", "nan", "float_tolerance 1", False),
        ("1", "inf", "float_tolerance 1e308", False),
        ("nan", "NaN", "float_tolerance 1", True),  # not a number: compared as a word
        ("1", "1_0", "float_tolerance 100", False),  # a number for Python, not for anybody else
        ("1", "0x1p0", "float_tolerance 0", True),
        ("16", "0x10", "float_tolerance 0", True),
        ("1", "1e", "float_tolerance 9", False),
        ("1", ".5e1", "float_tolerance 4", True),
        ("1", "１", "float_tolerance 9", False),  # a digit of another script
        ("1 x", "1.2 X", "float_tolerance 0.5", True),
        ("1 x", "1.2 X", "float_tolerance 0.5 case_sensitive", False),
        ("a b\n", "a b\n", "space_change_sensitive", True),
        ("a b\n", "a  b\n", "space_change_sensitive", False),
        ("a b\n", "a b", "space_change_sensitive", False),
        ("a b", "a b\n", "space_change_sensitive", False),
        ("a b", " a b", "space_change_sensitive", False),
        ("a b\n", "a\nb\n", "space_change_sensitive", False),
        ("a\tb\n", "a b\n", "space_change_sensitive", False),
        ("", " ", "space_change_sensitive", False),
        ("a b\n", "A B\n", "space_change_sensitive", True),
        ("a b c\n", "a b\n", "space_change_sensitive", False),
        ("a b\n", "a b c\n", "space_change_sensitive", False),
        ("1 2", "1.5  2", "space_change_sensitive float_tolerance 1", False),
        ("1 2", "1.5 2", "space_change_sensitive float_tolerance 1", True),
        (b"\xff\xfe", b"\xff\xfe", "", True),
        (b"\xff\xfe", b"\xff\xfd", "", False),
        (b"a\0b", b"a\0c", "", False),
        ("a\u00a0b", "a b", "", False),  # a space that is none
    ],
)
def test_cases_of_our_own(answer, output, flags, accepted):
    assert judged(answer, output, flags) is accepted


def test_the_reason_says_where_and_quotes_the_output_only():
    found = validate(b"7 secret\n", b"\n7\nwrong\n", Flags())
    assert "secret" not in found.zh + found.en
    assert found.en == 'Line 3: "wrong" is wrong.' and "第 3 行" in found.zh
    assert "secret" in found.for_judges
    short = validate(b"7 secret\n", b"7", Flags())
    assert "secret" not in short.zh + short.en and "secret" in short.for_judges
    assert "after 1 words" in short.en


def test_a_reason_is_short_printable_and_of_whole_characters():
    hostile = "\x1b[31m\u202e" + "🚀" * 5000
    found = validate(b"1", hostile.encode(), Flags(absolute=1))
    assert len(found.en) < 120 and all(c.isprintable() for c in found.en + found.zh)
    assert "🚀" in found.en
    assert validate(b"1", b"\x81" * 100_000, Flags()).code == 43


@pytest.mark.parametrize(
    "words",
    ["float_tolerance", "float_tolerance x", "float_tolerance nan", "tolerance 1", "-e 1", "0.1"],
)
def test_unknown_flags_are_refused_in_a_sentence(words):
    with pytest.raises(BadFlags) as refused:
        flags_of(words.split())
    assert refused.value.zh and refused.value.en


def test_of_a_tolerance_given_twice_the_last_counts():
    assert flags_of(["float_tolerance", "1", "float_absolute_tolerance", "2"]) == Flags(
        absolute=2, relative=1
    )


def test_numbers_far_too_large_are_words():
    assert number(b"1e999") is None
    assert number(b"9" * 400) is None
    assert number(b"0x1p99999") is None
    assert judged("1e999", "1e999", "float_tolerance 1")
    assert not judged("1e999", "2e999", "float_tolerance 1")


def test_a_large_output_is_compared_in_no_time():
    answer = b"12345 \n" * 300_000
    assert judged(answer, answer.replace(b" ", b""))
    assert not judged(answer, answer[:-8] + b"0\n")


words = st.lists(st.binary(min_size=1).filter(lambda b: b.split() == [b]))
blank = st.text(" \t\n\r\v\f", min_size=1, max_size=3).map(str.encode)


@given(words, blank, blank)
def test_white_space_never_matters_unless_asked_for(tokens, one, other):
    assert judged(one.join(tokens), other + other.join(tokens) + other)


@given(st.binary(), st.binary(), st.sampled_from(["", "space_change_sensitive", "case_sensitive"]))
def test_it_never_raises_and_accepts_what_is_the_same(answer, output, flags):
    judged(answer, output, flags)
    assert judged(answer, answer, flags)


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(0, 1e300))
def test_tolerance_is_what_it_says(value, error):
    given = value + error
    expected = abs(value - given) <= error and given not in (float("inf"), float("-inf"))
    assert judged(repr(value), repr(given), f"float_absolute_tolerance {error!r}") is expected
