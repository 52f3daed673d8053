"""The identity number: our own vectors, and those of the shared fixtures where they lie."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules.identity import (
    NEVER_ISSUED,
    Fault,
    Identity,
    Sex,
    age_on,
    check_character,
    never_issued,
    read,
)

TODAY = date(2026, 11, 23)
VECTORS = Path(__file__).parents[4] / "shared/fixtures/rosters/idcard_vectors.csv"


def test_the_printed_example_of_the_standard() -> None:
    assert read("11010519491231002X", TODAY) == Identity("110105", date(1949, 12, 31), Sex.FEMALE)


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("", Fault.FORM),
        ("23010220050305000", Fault.FORM),  # 17 characters
        ("2301022005030500080", Fault.FORM),  # 19
        ("23010220050305000x", Fault.FORM),  # a small x: mended elsewhere, not here
        ("２３０１０２２００５０３０５０００8", Fault.FORM),  # full-width figures
        ("२३०१०२२००५०३०५०००8", Fault.FORM),  # str.isdigit() says yes
        ("230102200503050008\n", Fault.FORM),
        ("990102200503050004", Fault.REGION),
        ("000000000000000000", Fault.REGION),
        ("230102200502300001", Fault.BIRTH_DATE),  # 30 February
        ("23010220051301000X", Fault.BIRTH_DATE),  # month 13
        ("230102209901010002", Fault.BIRTH_DATE),  # not yet born
        ("230102200503050001", Fault.CHECK),
    ],
)
def test_the_first_fault_is_named(number: str, fault: Fault) -> None:
    assert read(number, TODAY) is fault


@given(
    st.sampled_from(["230102", "232722", "440524"]),
    st.dates(date(1900, 1, 1), TODAY),
    st.sampled_from(Sex),
)
def test_what_was_put_in_is_read_out(region: str, born_on: date, sex: Sex) -> None:
    number = never_issued(region, born_on, sex)
    assert read(number, TODAY) == Identity(region, born_on, sex)
    assert number[14:17] in NEVER_ISSUED


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(place: int, off: int) -> None:
    number = never_issued("230102", date(2005, 3, 5), Sex.FEMALE)
    wrong = str((int(number[place]) + off) % 10)
    assert check_character(number[:place] + wrong + number[place + 1 : 17]) != number[17]


def test_age_turns_on_the_birthday() -> None:
    assert age_on(date(2009, 11, 24), TODAY) == 16
    assert age_on(date(2009, 11, 23), TODAY) == 17
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared fixtures are not beside the project")
def test_every_shared_vector() -> None:
    with VECTORS.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) > 30
    for row in rows:
        valid = isinstance(read(row["id"], TODAY), Identity)
        assert valid == (row["valid"] == "True"), row
