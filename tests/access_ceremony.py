"""The rows of ceremonies in the table of access, and what their addresses name."""

from typing import Any

ROWS = {
    "GET ceremony.home": "office",
    "POST ceremony.prepare": "office",
    "GET ceremony.page": "office",
    "POST ceremony.do": "office",
    "POST ceremony.link": "office",
    "POST ceremony.end_links": "office",
    "GET ceremony.words": "office",
    "GET ceremony.words_pdf": "office",
    "GET stage.page": "office",
    "GET stage.ask_machine": "public",
    "POST stage.use_machine": "public",
    "GET stage.remote": "office",
    "POST stage.take": "office",
    "POST stage.press": "office",
}
_OF_ONE = (
    *(
        "ceremony.page",
        "ceremony.do",
        "ceremony.link",
        "ceremony.end_links",
        "ceremony.words",
        "ceremony.words_pdf",
    ),
    *("stage.page", "stage.remote", "stage.take", "stage.press"),
)
NAMED: dict[str, dict[str, Any]] = {
    one: {"number": "ceremony", "act": "close"} if one == "ceremony.do" else {"number": "ceremony"}
    for one in _OF_ONE
}
