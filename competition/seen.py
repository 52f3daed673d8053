"""What was read before a transaction opened, and whether it is still so inside it.

Every question is kept with a mark of its answer. Asked again they cost only their reading, which is
little beside what was made of the answers; where all answer the same, that stands.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, TypeVarTuple

from sqlalchemy import Row, Select
from sqlalchemy.orm import Session

T = TypeVar("T")
Columns = TypeVarTuple("Columns")


class Seen:
    """Reads columns through a session, and remembers."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._rows: list[tuple[Any, int]] = []
        self._values: list[tuple[Callable[[Session], Any], Any]] = []

    def rows(self, asked: Select[*Columns]) -> Sequence[Row[*Columns]]:
        """The rows of an answer; only columns, for objects are never the same."""
        rows = self.session.execute(asked).all()
        self._rows.append((asked, _mark(rows)))
        return rows

    def value(self, read: Callable[[Session], T]) -> T:
        """What a read gives that looks at the clock, say; it is called again."""
        value = read(self.session)
        self._values.append((read, value))
        return value

    def still_so(self, session: Session) -> bool:
        """Whether every answer is the same in another transaction."""
        same = all(_mark(session.execute(asked).all()) == mark for asked, mark in self._rows)
        return same and all(read(session) == value for read, value in self._values)


def _mark(rows: Sequence[Any]) -> int:
    return hash(tuple(rows))
