"""One cell of a roster: what can be mended without doubt is mended and named, the rest is refused.

Every reader takes a cell as the file has it and gives the value with the kinds of finding, as words
of `roster_words`. A value of None goes with an error, or with an empty cell.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from competition.rules import identity
from competition.rules.identity import Identity, Sex
from competition.rules.roster_lexicon import RESERVES, SEXES, STATUSES

Cell = str | int | float | bool | datetime

# Zero width, direction marks, soft hyphen, byte order mark: nobody sees them, nobody typed them.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\u180e\ufe0f]")
_BREAK = re.compile("[\r\n\v\f\u2028\u2029]+|_x000[dDaA]_")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_WIDE = re.compile("[\uff01-\uff5e\u3000]")
_WRAPPED = re.compile(r'="([^"]*)"')
_FORMULA = re.compile(r"[=@+][A-Za-z(@=+\-]|[=@]")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]{1,3}")
_APOSTROPHES = "'\u2018\u2019\u02bc\uff07\u00b4`"
_SPACES = re.compile(r"\s+")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−―", "-"))
_CROSSES = str.maketrans({"×": "X", "Х": "X", "х": "x", "╳": "X", "✕": "X"})
_LOST = ("\ufffd", "锟斤拷", "烫烫")
_DOTS = str.maketrans(dict.fromkeys("•・･‧∙⋅.．", "·"))

Values = dict[str, str]


@dataclass(slots=True)
class Read:
    """A cell's text on its way to a value, with what was found about it."""

    text: str
    kinds: list[str] = field(default_factory=list)
    number: float | None = None  # the cell was a number
    moment: datetime | None = None  # the cell was a date


def clean(cell: Cell) -> Read:
    """What everybody may trip over, away: invisible characters, line breaks, full width, ="…"."""
    if isinstance(cell, datetime):
        return Read(cell.date().isoformat(), moment=cell)
    if isinstance(cell, bool):
        return Read("是" if cell else "否")
    if isinstance(cell, int | float):
        whole = isinstance(cell, int) or cell.is_integer()
        return Read(str(int(cell)) if whole else repr(cell), number=float(cell))
    read = Read(cell.strip())
    if read.text.isascii() and read.text.isalnum():
        return read  # nine cells in ten of a real file
    if read.text.isprintable() and not _suspicious(read.text):
        return read
    _mend(read)
    return read


def _suspicious(text: str) -> bool:
    return bool(
        _WIDE.search(text)
        or text[:1] in _APOSTROPHES
        or text[:1] in "=@+"
        or "_x000" in text
        or _INVISIBLE.search(text)
        or any(lost in text for lost in _LOST)
    )


def _mend(read: Read) -> None:
    for pattern, kind, instead in (
        (_INVISIBLE, "invisible", ""),
        (_BREAK, "line_break", ""),
    ):
        if pattern.search(read.text):
            read.text = pattern.sub(instead, read.text)
            read.kinds.append(kind)
    read.text = _CONTROL.sub("", read.text).strip()
    if found := _WRAPPED.fullmatch(read.text):
        read.text = found[1].strip()
        read.kinds.append("wrapped")
    elif read.text[:1] in _APOSTROPHES and len(read.text) > 1:
        read.text = read.text.lstrip(_APOSTROPHES).strip()
        read.kinds.append("apostrophe")
    elif _FORMULA.match(read.text):
        read.kinds.append("formula")
    if any(lost in read.text for lost in _LOST):
        read.kinds.append("broken")


def narrow(read: Read) -> None:
    """Full-width letters and figures made half-width, where the field is written in those."""
    if _WIDE.search(read.text):
        read.text = unicodedata.normalize("NFKC", read.text).strip()
        read.kinds.append("full_width")


def name(read: Read) -> str | None:
    """A person's name: no spaces within Chinese characters, one kind of dot."""
    if read.number is not None or read.moment is not None:
        read.kinds.append("name_odd")
        return None
    text = _SPACES.sub(" ", read.text)
    if any("\uff21" <= sign <= "\uff5a" or sign == "\u3000" for sign in text):
        text = unicodedata.normalize("NFKC", text)
        read.kinds.append("full_width")
        text = _SPACES.sub(" ", text)
    if " " in text and not text.isascii():
        text = text.replace(" ", "")
        read.kinds.append("inner_space")
    if not text.isascii():
        text = text.translate(_DOTS)
    if any("\ue000" <= sign <= "\uf8ff" or sign >= "\U000f0000" for sign in text):
        read.kinds.append("name_private")
        return None
    if len(text) > 50:
        read.kinds.append("too_long")
        return None
    if not all(sign.isalpha() or sign in "·'-. " for sign in text) or not any(
        map(str.isalpha, text)
    ):
        read.kinds.append("name_odd")
        return None
    return text


def id_number(read: Read, today: date) -> tuple[str | None, Identity | None, Values]:
    """The number of 18 characters with what it says; its region is soft (decisions 24)."""
    if read.number is not None:
        if abs(read.number) >= 1e15 or not read.number.is_integer():
            read.kinds.append("digits_lost")
            return None, None, {}
    elif _SCIENTIFIC.fullmatch(read.text.replace(" ", "")):
        read.kinds.append("digits_lost")
        return None, None, {}
    narrow(read)
    text = read.text
    if not text.isalnum():
        joined = _SPACES.sub("", text).translate(_DASHES).replace("-", "")
        if joined != text:
            read.kinds.append("inner_space")
            text = joined
    text = text.translate(_CROSSES)
    if text.endswith("x"):
        text = text[:-1] + "X"
        read.kinds.append("small_x")
    fault, values = _fault(text, today)
    if fault is not None:
        read.kinds.append(fault)
        return None, None, values
    told = identity.says(text)
    if text[:2] not in identity.PROVINCES:
        read.kinds.append("id_region")
    return text, told, {}


def _fault(text: str, today: date) -> tuple[str | None, Values]:
    if not identity.FORM.fullmatch(text):
        return _misshapen(text)
    try:
        born_on = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return "id_date", {}
    if not identity.OLDEST <= born_on <= today:
        return "id_date", {}
    if identity.says(text) is None:
        return ("digits_zeroed" if text.endswith("000") else "id_check"), {}
    return None, {}


def _misshapen(text: str) -> tuple[str, Values]:
    if re.fullmatch(r"[0-9]{15}", text):
        return "id_old", {}
    if re.fullmatch(r"[A-Z]{1,3}[0-9]{6,10}", text.upper()):
        return "id_other", {}
    if len(text) != 18:
        return "id_length", {"found": str(len(text))}
    return "id_form", {}


def sex(read: Read) -> Sex | None:
    """男 or 女, in the ways people write it."""
    found = SEXES.get(_squeezed(read.text))
    if found is None:
        read.kinds.append("sex_word")
        return None
    return Sex(found)


# 2001-03-14, 2001/3/14, 2001.3.14, 2001年3月14日, 20010314; a time of day behind it is nobody's.
_DATE = re.compile(
    r"([12][0-9]{3})\s*(?:[-/.、]|年)\s*([0-9]{1,2})\s*(?:[-/.、]|月)\s*([0-9]{1,2})\s*[日号]?"
    r"(?:[T ]+[0-9:.]+)?"
)
_PLAIN = re.compile(r"([12][0-9]{3})([0-9]{2})([0-9]{2})")
_ENGLISH = re.compile(
    r"(?:([0-9]{1,2}) )?([A-Za-z]{3})[a-z]*\.? (?:([0-9]{1,2}), ?)?([12][0-9]{3})"
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
EXCEL_BEGAN = date(1899, 12, 30)


def day(read: Read) -> tuple[date | None, Values]:
    """A date in one of its spellings, or as Excel counts days."""
    if read.moment is not None:
        return read.moment.date(), {}
    text = read.text
    if _WIDE.search(text):
        narrow(read)
        text = read.text
    text = text.translate(_DASHES)
    parts = _parts(text)
    if parts is None and re.fullmatch(r"[1-5][0-9]{4}(\.0*)?", text):  # 1927 to 2064
        found = EXCEL_BEGAN + timedelta(days=int(float(text)))
        read.kinds.append("date_serial")
        return found, {"day": found.isoformat()}
    if parts is None:
        read.kinds.append("date_form")
        return None, {}
    try:
        return date(*parts), {}
    except ValueError:
        read.kinds.append("date_none")
        return None, {}


def _parts(text: str) -> tuple[int, int, int] | None:
    if found := _DATE.fullmatch(text) or _PLAIN.fullmatch(text):
        year, month, number = found.groups()
        return int(year), int(month), int(number)
    if (found := _ENGLISH.fullmatch(text)) and bool(found[1]) != bool(found[3]):
        word = found[2].lower()
        if word in _MONTHS:
            return int(found[4]), _MONTHS.index(word) + 1, int(found[1] or found[3])
    return None


def status(read: Read) -> str | None:
    """employee or student."""
    found = STATUSES.get(_squeezed(read.text))
    if found is None:
        read.kinds.append("status_word")
    return found


def reserve(read: Read) -> bool | None:
    """Whether the person is a reserve."""
    found = RESERVES.get(_squeezed(read.text))
    if found is None:
        read.kinds.append("reserve_word")
        return None
    return found == "yes"


def phone(read: Read) -> str | None:
    """A mobile number, or a telephone with its area code."""
    if read.number is not None and not read.text.isdigit():
        read.kinds.append("phone_form")
        return None
    narrow(read)
    text = _SPACES.sub("", read.text).translate(_DASHES)
    text = re.sub(r"^(\+|00)?86-?(?=1)", "", text)
    joined = text.replace("-", "")
    if re.fullmatch(r"1[0-9]{10}", joined) or re.fullmatch(r"0[0-9]{9,11}", joined):
        return joined
    read.kinds.append("phone_form")
    return None


def words(read: Read, most: int) -> str | None:
    """Any text, such as the name of a school: spaces squeezed."""
    text = _SPACES.sub(" ", read.text)
    if not text.isascii():
        text = text.replace("\u3000", "")
    if len(text) > most:
        read.kinds.append("too_long")
        return None
    return text


_BETWEEN = re.compile(r"[、，,;；/／|\n]+|\s{1,}(?=[\u4e00-\u9fff])")


def names(read: Read) -> tuple[str, ...] | None:
    """Coaches: one name or several."""
    found = []
    for part in _BETWEEN.split(read.text):
        text = part.strip()
        if text:
            own = Read(text)
            one = name(own)
            if one is None:
                read.kinds.append("name_odd")
                return None
            found.append(one)
    return tuple(dict.fromkeys(found))


def _squeezed(text: str) -> str:
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).casefold()
