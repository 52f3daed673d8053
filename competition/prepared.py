"""A statement that is run for every mark: compiled once, then given to the driver directly.

SQLAlchemy takes five times as long to run such a statement as SQLite does; a mark has seven of
them (performance.md, "Marks"). It runs in the session's transaction and sees what is in it; rows
come back as the driver gives them, so only ask for whole numbers and text.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.orm import Session
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler


@dataclass(frozen=True, slots=True)
class _Made:
    """The text for one kind of database; `order` takes what stands in the place of each "?"."""

    text: str
    order: Callable[[Mapping[str, Any]], Iterable[Any]] | None
    fixed: Mapping[str, Any]
    turned: tuple[tuple[Any, Callable[[Any], Any]], ...]  # what the driver cannot take as it is

    def laid_out(self, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - what the driver takes
        return self.laid_out_whole({**self.fixed, **values})

    def laid_out_whole(self, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - likewise
        """The same where every value is named."""
        given: Any = dict(values) if self.order is None else list(self.order(values))
        for place, turn in self.turned:
            if given[place] is not None:  # nothing is NULL, in every type
                given[place] = turn(given[place])
        return given


class Prepared:
    """One Core statement with bound parameters."""

    def __init__(self, statement: ClauseElement) -> None:
        self.statement = statement
        self._made: dict[str, _Made] = {}

    def rows(self, session: Session, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Every row of the answer."""
        return list(self._run(session, values).fetchall())

    def first(self, session: Session, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The first row of the answer, or None."""
        return next(iter(self.rows(session, values)), None)

    def changed(self, session: Session, values: Mapping[str, Any]) -> int:
        """How many rows it wrote."""
        return int(self._run(session, values).rowcount)

    def many(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it for every one of many rows, as one call of the driver. All name every value."""
        connection = session.info.get("connection") or session.connection()
        self.send(session, self.laid_out(connection.dialect, rows))

    def laid_out(self, dialect: Dialect, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Many rows as the driver takes them, for `send`; that can be done ahead."""
        made = self._made_for(dialect)
        return [made.laid_out_whole(values) for values in rows]

    def send(self, session: Session, rows: list[Any]) -> None:
        """Run it for rows that are laid out."""
        connection = session.info.get("connection") or session.connection()
        driver: Any = connection.connection.dbapi_connection
        if rows:
            driver.cursor().executemany(self._made_for(connection.dialect).text, rows)

    def _made_for(self, dialect: Dialect) -> _Made:
        made = self._made.get(dialect.name)
        if made is None:
            made = self._made[dialect.name] = _make(self.statement, dialect)
        return made

    def _run(self, session: Session, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a cursor
        connection = session.info.get("connection") or session.connection()
        made = self._made_for(connection.dialect)
        driver: Any = connection.connection.dbapi_connection
        return driver.execute(made.text, made.laid_out(values))


def _make(statement: ClauseElement, dialect: Dialect) -> _Made:
    made = statement.compile(dialect=dialect)
    assert isinstance(made, SQLCompiler)
    binds = {name: bind for name, bind in made.binds.items() if name.isidentifier()}
    fixed = {name: bind.value for name, bind in binds.items() if not bind.required}
    names = list(made.positiontup or ())
    turned: list[tuple[Any, Callable[[Any], Any]]] = []
    for name, bind in binds.items():
        turn = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if turn is not None and not isinstance(bind.type, LargeBinary):  # drivers take bytes
            places = [at for at, one in enumerate(names) if one == name]
            turned += [(place, turn) for place in (places if made.positional else [name])]
    return _Made(str(made), _taking(names) if made.positional else None, fixed, tuple(turned))


def _taking(names: list[str]) -> Callable[[Mapping[str, Any]], Iterable[Any]]:
    """What gives the values of these names, in their order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: [values[name] for name in names]
