"""Thousands of rows into a table as fast as drivers go: COPY on PostgreSQL, else executemany.

In the session's transaction. The rows name every column that the load was made for.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from competition.database import Model
from competition.prepared import Prepared


class Load:
    """Rows of one table with the same columns each."""

    def __init__(self, model: type[Model], columns: Sequence[str]) -> None:
        self.table, self.columns = model.__table__, tuple(columns)
        self.insert = Prepared(insert(model).values(dict.fromkeys(columns)))
        names = ", ".join(f'"{name}"' for name in columns)
        self.copy = f'COPY "{model.__tablename__}" ({names}) FROM STDIN'

    def rows(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write them all."""
        connection = session.connection()
        if connection.dialect.name != "postgresql":
            self.insert.many(session, rows)
            return
        kinds = {name: self.table.c[name].type.dialect_impl(connection.dialect)
                 for name in self.columns}  # fmt: skip
        turned = {
            name: turn
            for name, kind in kinds.items()
            if (turn := kind.bind_processor(connection.dialect)) is not None
        }
        driver: Any = connection.connection.dbapi_connection
        with driver.cursor().copy(self.copy) as out:
            for row in rows:
                out.write_row(
                    [turned[name](row[name]) if name in turned else row[name]
                     for name in self.columns]
                )  # fmt: skip
