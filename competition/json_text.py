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


def column(value: Any) -> str:  # noqa: ANN401 - whatever a JSON column holds
    """A value as a JSON column keeps it."""
    try:
        return orjson.dumps(value, option=_PLAIN).decode()
    except orjson.JSONEncodeError:
        return json.dumps(value)


def canonical(value: Any) -> bytes:  # noqa: ANN401 - JSON values without floats
    """What is hashed: byte for byte what `verify_ledger.canonical` gives of it."""
    try:
        return orjson.dumps(value, option=_PLAIN | orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        return verify_ledger.canonical(value)
