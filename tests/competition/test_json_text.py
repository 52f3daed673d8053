"""What is stored and hashed is the form that Python's own JSON gives, whoever writes it."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as some

from competition import json_text, verify_ledger

TEXT = some.text(some.characters(exclude_categories=()))  # half surrogates too
LEAF = some.none() | some.booleans() | some.integers() | TEXT
VALUE = some.recursive(
    LEAF, lambda inner: some.lists(inner) | some.dictionaries(TEXT, inner), max_leaves=20
)


class Pair(NamedTuple):
    one: int
    other: str


class Kind(StrEnum):
    MARK = "mark"


@given(VALUE)
def test_what_is_hashed_is_what_the_bundles_verifier_hashes(value: object) -> None:
    try:
        wanted = verify_ledger.canonical(value)
    except UnicodeEncodeError:  # half a surrogate: has no bytes
        with pytest.raises(UnicodeEncodeError):
            json_text.canonical(value)
    else:
        assert json_text.canonical(value) == wanted


@given(VALUE)
def test_a_column_gives_back_what_it_was_given(value: object) -> None:
    assert json.loads(json_text.column(value)) == value


@pytest.mark.parametrize(
    "value", [{"pair": Pair(1, "一")}, {"kind": Kind.MARK}, {3: "three"}, {"big": 2**70}]
)
def test_pythons_own_shapes_are_written_as_ever(value: object) -> None:
    assert json_text.canonical(value) == verify_ledger.canonical(value)
    assert json.loads(json_text.column(value)) == json.loads(json.dumps(value))


@pytest.mark.parametrize("value", [datetime(2026, 11, 30, tzinfo=UTC), {1, 2}, object()])
def test_what_is_no_json_is_refused(value: object) -> None:
    for write in (json_text.column, json_text.canonical):
        with pytest.raises(TypeError):
            write({"value": value})
