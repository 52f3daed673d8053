"""`column IN (…)` for thousands of values: they go to the database as one JSON parameter.

The statement stays the same however many there are, so it is made once; as parameters of their
own, or written into it, the values cost more than the query.
"""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, Integer, String, bindparam, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Among(FunctionElement[bool]):
    inherit_cache = True
    type = Boolean()

    def self_group(self, against: Any = None) -> "_Among":  # noqa: ANN401 - as its parent's
        """As it is: SQLAlchemy's own would write "… = 1", which no index of SQLite can answer."""
        return self


def among(column: Any, values: Iterable[int | str]) -> _Among:  # noqa: ANN401 - a column of such
    """Whether a column holds one of these whole numbers or texts."""
    return _Among(column, literal(listed(values)))


def among_those(column: Any, name: str) -> _Among:  # noqa: ANN401 - a column of such
    """The same, made ahead: the statement is given `listed` values as its parameter `name`."""
    return _Among(column, bindparam(name, type_=String))


def listed(values: Iterable[int | str]) -> str:
    """Values as the one parameter that they go in."""
    return json.dumps(list(values), ensure_ascii=False)


@compiles(_Among)
def _on_sqlite(element: _Among, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    column, values = (compiler.process(one, **how) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - no values


@compiles(_Among, "postgresql")
def _on_postgresql(element: _Among, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    column, values = (compiler.process(one, **how) for one in element.clauses)
    is_number = isinstance(next(iter(element.clauses)).type, Integer)
    kind = "integer" if is_number else "text"  # not the column's own, which would cut texts short
    listed = f"json_array_elements_text(CAST({values} AS json)) AS one"
    return f"{column} = ANY(ARRAY(SELECT CAST(one AS {kind}) FROM {listed}))"  # noqa: S608
