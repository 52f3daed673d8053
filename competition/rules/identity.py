"""The resident identity number (GB 11643-1999): 18 characters, read strictly.

Six digits of region, eight of the birth date, three of sequence (odd: male, even: female) and a
check character (ISO 7064 MOD 11-2). The sequences 000 and 999 are given to nobody: numbers that we
invent carry one of them.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
NEVER_ISSUED = ("000", "999")
FORM = re.compile(r"[0-9]{17}[0-9X]")  # ASCII digits only, and a capital X
# GB/T 2260: the first two digits name a province; 91 is used for people from abroad.
PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
        "91",
    ]
)
OLDEST = date(1800, 1, 1)  # nobody who could hold a number was born before


class Sex(StrEnum):
    """As the sequence of the number tells it."""

    MALE = "male"
    FEMALE = "female"


class Fault(StrEnum):
    """Why a text is not an identity number."""

    FORM = "form"  # not 17 digits and a digit or X
    REGION = "region"  # no such province
    BIRTH_DATE = "birth_date"  # no such day, or not yet
    CHECK = "check"  # the last character does not follow from the others


@dataclass(frozen=True, slots=True)
class Identity:
    """What a number says about its holder."""

    region: str
    born_on: date
    sex: Sex


def check_character(first17: str) -> str:
    """The eighteenth character that belongs to seventeen digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True))
    return CHECK_CHARACTERS[total % 11]


def read(number: str, today: date) -> Identity | Fault:
    """What `number` says, or the first thing that is wrong with it. Nothing is mended here."""
    if not FORM.fullmatch(number):
        return Fault.FORM
    if number[:2] not in PROVINCES:
        return Fault.REGION
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return Fault.BIRTH_DATE
    if not OLDEST <= born_on <= today:
        return Fault.BIRTH_DATE
    return says(number) or Fault.CHECK


def says(number: str) -> Identity | None:
    """What a number says where it is a real date with the right check, whatever its region."""
    if not FORM.fullmatch(number) or number[17] != check_character(number[:17]):
        return None
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return Identity(number[:6], born_on, Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


def never_issued(region: str, born_on: date, sex: Sex) -> str:
    """A number with the right check character that belongs to nobody."""
    first17 = f"{region}{born_on:%Y%m%d}{'999' if sex is Sex.MALE else '000'}"
    return first17 + check_character(first17)


def age_on(born_on: date, day: date) -> int:
    """Full years on `day`; who was born on 29 February turns a year older on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
