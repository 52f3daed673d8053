"""JSON for every mark, what is stored and what is hashed: by a library that writes it in a tenth of
the time that Python's own takes.

What that library will not write (half surrogates, whole numbers past 64 bits, keys that are no
text) goes Python's own way, to the same form.
"""

import json
from typing import Any

import orjson

from competition import verify_ledger

# What Python's own refuses is refused too.
_PLAIN = (
    orjson.OPT_PASSTHROUGH_SUBCLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_DATACLASS
)


def written(value: Any) -> bytes:  # noqa: ANN401 - whatever JSON can say
    """A value as an answer carries it."""
    try:
        return orjson.dumps(value, option=_PLAIN)
    except orjson.JSONEncodeError:
        return json.dumps(value).encode()


def column(value: Any) -> str:  # noqa: ANN401 - likewise
    """A value as a JSON column keeps it."""
    return written(value).decode()


def canonical(value: Any) -> bytes:  # noqa: ANN401 - JSON values without floats
    """What is hashed: byte for byte what `verify_ledger.canonical` gives of it."""
    try:
        return orjson.dumps(value, option=_PLAIN | orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        return verify_ledger.canonical(value)
