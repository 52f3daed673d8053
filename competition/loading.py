"""Thousands of rows into a table as fast as drivers go: COPY on PostgreSQL, else executemany.

In the session's transaction. The rows name every column that the load was made for; laying them out
for the driver takes as long as writing them, and can be done before the transaction opens.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Dialect, Integer, Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from competition.database import Model
from competition.prepared import Prepared
from competition.seen import Seen

Laid = list[Any]  # rows as the driver takes them


class Load:
    """Rows of one table with the same columns each."""

    def __init__(self, model: type[Model], columns: Sequence[str]) -> None:
        self.table, self.columns = model.__table__, tuple(columns)
        self.insert = Prepared(insert(model).values(dict.fromkeys(columns)))
        names = ", ".join(f'"{name}"' for name in columns)
        self.copy = f'COPY "{model.__tablename__}" ({names}) FROM STDIN'

    def rows(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write them all."""
        self.send(session, self.laid_out(session.get_bind().dialect, rows))

    def laid_out(self, dialect: Dialect, rows: Sequence[Mapping[str, Any]]) -> Laid:
        """The rows for `send`."""
        if dialect.name != "postgresql":
            return self.insert.laid_out(dialect, rows)
        kinds = {name: self.table.c[name].type.dialect_impl(dialect) for name in self.columns}
        turned = {
            name: turn
            for name, kind in kinds.items()
            if (turn := kind.bind_processor(dialect)) is not None
        }
        return [
            [turned[name](row[name]) if name in turned else row[name] for name in self.columns]
            for row in rows
        ]

    def send(self, session: Session, rows: Laid) -> None:
        """Write rows that are laid out."""
        connection = session.connection()
        if connection.dialect.name != "postgresql":
            self.insert.send(session, rows)
            return
        driver: Any = connection.connection.dbapi_connection
        with driver.cursor().copy(self.copy) as out:
            for row in rows:
                out.write_row(row)


Changes = list[tuple[Prepared, Laid]]


def changes(
    model: type[Model],
    dialect: Dialect,
    key: tuple[str, ...],
    rows: Mapping[tuple[int, ...], Mapping[str, Any]],
) -> Changes:
    """What changes of rows, laid out: the values of their key → column → value."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for its_key, own in rows.items():
        named = dict(zip((f"its_{name}" for name in key), its_key, strict=True))
        if own:
            alike.setdefault(tuple(sorted(own)), []).append({**own, **named})
    prepared = {_change(model, key, columns): some for columns, some in alike.items()}
    return [(one, one.laid_out(dialect, some)) for one, some in prepared.items()]


def change(session: Session, laid: Changes) -> None:
    """Write changes that are laid out."""
    for prepared, rows in laid:
        prepared.send(session, rows)


@cache
def _change(model: type[Model], key: tuple[str, ...], columns: tuple[str, ...]) -> Prepared:
    table = model.__table__
    which = [table.c[name] == bindparam(f"its_{name}") for name in key]
    return Prepared(update(model).where(*which).values(dict.fromkeys(columns)))


@cache
def _numbers(model: type[Model], dialect: str) -> Prepared:
    table = model.__table__
    assert isinstance(table, Table)
    if dialect != "postgresql":
        return Prepared(select(func.max(table.c.id)))
    name = func.pg_get_serial_sequence(table.name, "id")
    many = func.generate_series(1, bindparam("number", type_=Integer))
    return Prepared(select(func.nextval(name)).select_from(many))


def numbers(session: Session, model: type[Model], number: int) -> list[int]:
    """Ids for so many new rows, the highest first: `pop` gives them in their order. On SQLite they
    are free as long as nobody else adds one, so only within one transaction that writes."""
    if not number:
        return []
    dialect = session.get_bind().dialect.name
    if dialect == "postgresql":
        taken = _numbers(model, dialect).rows(session, {"number": number})
        return sorted((one for (one,) in taken), reverse=True)
    ((last,),) = _numbers(model, dialect).rows(session, {})
    return _after(last or 0, number)


def _after(last: int, number: int) -> list[int]:
    return list(range(last + number, last, -1))


def fresh(seen: Seen, model: type[Model], number: int) -> list[int]:
    """`numbers` for rows that are planned now and written later: `seen` notices when meanwhile
    somebody else has added one on SQLite."""
    if not number or seen.session.get_bind().dialect.name == "postgresql":
        return numbers(seen.session, model, number)
    return _after(seen.rows(select(func.max(model.__table__.c.id)))[0][0] or 0, number)
