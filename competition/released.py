"""What the public sees of a delegation's own entries, skill by skill.

Public documents are judging's: whoever puts the site together says who reads them (`register`);
without anybody a team leader's page shows no results.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Flask, current_app

from competition.models import Delegation

_KEY = "podium_released"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a public board. `place` is None while there is none; `total` has two decimals;
    `award` is a word of judging/rules/medals.py, or empty; `is_final`: the official result;
    `starred`: marks of it were opened again after sign-off."""

    label_zh: str
    label_en: str
    place: int | None
    total: str
    award: str
    is_final: bool
    starred: bool = False


Reader = Callable[[str], Mapping[int, list[Line]]]  # the delegation's Chinese name


def register(app: Flask, reader: Reader) -> None:
    """Say who reads the public documents."""
    app.extensions[_KEY] = reader


def lines(delegation: Delegation) -> Mapping[int, list[Line]]:
    """Skill → the delegation's own lines. A blind skill has none until it is unsealed."""
    reader: Reader | None = current_app.extensions.get(_KEY)
    return reader(delegation.name_zh) if reader is not None else {}
