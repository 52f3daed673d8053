"""The database: one `db`, one way to write.

A verb opens `with writing():` and leaves it once; that is its one commit. On SQLite the block is a
`BEGIN IMMEDIATE` transaction in WAL mode with `synchronous=FULL`, so what was acknowledged
survives `kill -9`. Writers of one process queue on a lock instead of the busy timeout, which would
block gevent's hub; writers of other processes are waited for with a cooperative sleep.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Dialect, MetaData, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.types import TypeDecorator

from competition.rules.refusal import Refusal

# Alembic can only alter what has a name, and SQLite names nothing by itself.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
WAIT_FOR_WRITERS = 20.0  # seconds a verb waits for other processes before it gives up


class UTCDateTime(TypeDecorator[datetime]):
    """Aware UTC datetimes in and out; naive ones are a bug and refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table of Podium."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={datetime: UTCDateTime, dict[str, Any]: JSON, list[Any]: JSON},
    )


# What a request loaded stays readable after its one commit.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
# The declarative base with a type that mypy understands; tables of both packages inherit it.
Model = Base
_writers = threading.RLock()


@event.listens_for(Engine, "connect")
def _prepare(connection: Any, _record: Any) -> None:  # noqa: ANN401 - any DBAPI connection
    if not hasattr(connection, "execute") or "sqlite3" not in type(connection).__module__:
        return
    connection.isolation_level = None  # we say BEGIN ourselves, below
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=0",
        "cache_size=-65536",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get("podium_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _open_for_writing(session: Session) -> None:
    deadline = time.monotonic() + WAIT_FOR_WRITERS
    while True:
        try:
            session.connection(execution_options={"podium_writes": True})
        except OperationalError as error:
            session.rollback()
            if "locked" not in str(error):
                raise
            if time.monotonic() > deadline:
                raise Refusal(
                    "数据库正忙，本次操作没有写入任何内容。请稍后再试一次。",
                    "The database is busy; nothing was written. Please try again in a moment.",
                    status=503,
                ) from error
            time.sleep(0.004)  # gevent's own sleep in the web process: the hub goes on
        else:
            return


@contextmanager
def writing() -> Iterator[Session]:
    """The transaction of one verb: everything in the block is committed once, or nothing is."""
    session: Session = db.session()
    if session.info.get("writing"):
        raise RuntimeError("a verb was called inside another verb's transaction")
    session.rollback()  # a read view opened earlier in the request would not see the newest rows
    with _writers:
        _open_for_writing(session)
        session.info["writing"] = True
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop("writing", None)
