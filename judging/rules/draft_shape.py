"""Holds what a page posted to the shape of a draft (`scheme_draft`): known fields, texts, sizes.

What a person typed is never judged here. Only what no page of ours sends is refused.
"""

from typing import Any

MOST_NODES = 3_000
MOST_PARTS = 60  # choices or bands of one calculation
LONGEST = 20_000  # characters of one text
_TEXTS = ("zh", "en")
_SECTION = ("key", "number", *_TEXTS, "marks")
_CRITERION = ("key", "letter", *_TEXTS)
_SUB = ("key", "id", *_TEXTS, "day")
_ASPECT = ("key", "type", *_TEXTS, "max", "section", "extra_zh", "extra_en", "requirement_zh",
           "requirement_en")  # fmt: skip
_FIELDS = ("kind", "percent", "of", "target", "step", "deduction", "started")
_OPTION = ("number", "label", "deduction")
_BAND = ("lower", "upper", "deduction")
Body = dict[str, Any]


class NotADraft(ValueError):
    """What was posted is no draft."""


def cleaned(data: object) -> Body:
    """The draft in `data`, made anew from known fields; what no database can hold (NUL, halves of
    characters) is left out of texts. Raises NotADraft."""
    shaper = _Shaper()
    top = _mapping(data)
    return {
        "sections": [shaper.node(one, _SECTION) for one in _list(top, "sections")],
        "criteria": [shaper.criterion(one) for one in _list(top, "criteria")],
    }


def fields(data: object) -> Body:
    """The fields of one calculation."""
    given = _mapping(data)
    found: Body = {name: _text(given.get(name)) for name in _FIELDS if given.get(name) is not None}
    found.setdefault("kind", "")
    for part, names in (("options", _OPTION), ("bands", _BAND)):
        if part in given:
            rows = _list(given, part)
            if len(rows) > MOST_PARTS:
                raise NotADraft(part)
            found[part] = [{n: _text(_mapping(row).get(n)) for n in names} for row in rows]
    for row in found.get("options", ()):
        if row["number"] and not (row["number"].isascii() and row["number"].isdecimal()):
            raise NotADraft("number")
        row["number"] = row["number"][:3]
    return found


class _Shaper:
    """Counts nodes and sees that each has a key of its own."""

    def __init__(self) -> None:
        self._keys: set[str] = set()

    def node(self, data: object, names: tuple[str, ...]) -> Body:
        given = _mapping(data)
        found = {name: _text(given.get(name)) for name in names}
        key = found["key"]
        if not key or len(key) > 40 or key in self._keys or len(self._keys) >= MOST_NODES:
            raise NotADraft("key")
        self._keys.add(key)
        return found

    def criterion(self, data: object) -> Body:
        subs = _list(_mapping(data), "sub_criteria")
        found = self.node(data, _CRITERION)
        return {**found, "sub_criteria": [self.sub(one) for one in subs]}

    def sub(self, data: object) -> Body:
        aspects = _list(_mapping(data), "aspects")
        return {**self.node(data, _SUB), "aspects": [self.aspect(one) for one in aspects]}

    def aspect(self, data: object) -> Body:
        given, found = _mapping(data), self.node(data, _ASPECT)
        if found["type"] not in ("", "M", "J"):
            raise NotADraft("type")
        rungs = [_mapping(one) for one in _list(given, "rungs")]
        if len(rungs) != 4:
            raise NotADraft("rungs")
        found["rungs"] = [{name: _text(one.get(name)) for name in _TEXTS} for one in rungs]
        found["calculation"] = fields(given.get("calculation"))
        found["written"] = _written(given.get("written"))
        return found


def _written(data: object) -> Body | None:
    if data is None:
        return None
    given = _mapping(data)
    rows = _list(given, "parameters")
    if len(rows) > 4 * MOST_PARTS:
        raise NotADraft("parameters")
    return {
        **{name: _text(given.get(name)) for name in ("kind", "label", "flag")},
        "parameters": [
            {name: _text(_mapping(one).get(name)) for name in ("key", "value", "text")}
            for one in rows
        ],
    }


def _text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > LONGEST:
        raise NotADraft("text")
    return value.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def _mapping(data: object) -> Body:
    if not isinstance(data, dict):
        raise NotADraft("object")
    return data


def _list(data: Body, name: str) -> list[Any]:
    found = data.get(name)
    if not isinstance(found, list) or len(found) > MOST_NODES:
        raise NotADraft(name)
    return found
