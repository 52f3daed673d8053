"""The database: one `db`, one way to write.

A verb opens `with writing():` and leaves it once; that is its one commit. On SQLite the block is a
`BEGIN IMMEDIATE` transaction in WAL mode with `synchronous=FULL`, so what was acknowledged
survives `kill -9`; verbs that come together share one COMMIT (`groups`). Writers of one process
queue on a lock instead of the busy timeout, which would block gevent's hub; writers of other
processes are waited for with a cooperative sleep.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import JSON, DateTime, Dialect, MetaData, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.types import TypeDecorator

from competition import groups, json_text
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

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """On SQLite the text that SQLAlchemy would make, in a tenth of its time: every mark has
        two times, and one of them is that of the whole sheet."""
        if dialect.name != "sqlite":
            return super().bind_processor(dialect)
        last: tuple[datetime | None, str | None] = (None, None)

        def text(value: datetime | None) -> str | None:
            nonlocal last
            known, told = last
            if value is not known:
                bare = self.process_bind_param(value, dialect)
                told = None if bare is None else bare.isoformat(" ", "microseconds")
                last = (value, told)
            return told

        return text

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_JSON = JSON(none_as_null=True)  # nothing is NULL, not a text that says so


class Base(DeclarativeBase):
    """Every table of Podium."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={datetime: UTCDateTime, dict[str, Any]: _JSON, list[Any]: _JSON},
    )


class _Session(FlaskSession):
    """A session that, while a verb writes in a group, uses the group's connection."""

    def get_bind(self, *args: Any, **named: Any) -> Engine | Connection:  # noqa: ANN401
        found = self.info.get("verb")
        return found.connection if found is not None else super().get_bind(*args, **named)


# What a request loaded stays readable after its one commit.
db = SQLAlchemy(
    model_class=Base,
    session_options={"class_": _Session, "expire_on_commit": False},
    engine_options={"json_serializer": json_text.column},
)
# The declarative base with a type that mypy understands; tables of both packages inherit it.
Model = Base


class _Writers:
    """The verbs of this process write one after the other."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.waiting = 0

    def __enter__(self) -> None:
        self.waiting += 1
        try:
            self.lock.acquire()
        finally:
            self.waiting -= 1

    def __exit__(self, *_: object) -> None:
        self.lock.release()


_writers = _Writers()


@event.listens_for(Engine, "do_connect")
def _driver(dialect: Dialect, _record: Any, _args: Any, given: dict[str, Any]) -> None:  # noqa: ANN401
    if dialect.name == "sqlite":
        given["factory"] = groups.Driver


@event.listens_for(Engine, "connect")
def _prepare(driver: Any, _record: Any) -> None:  # noqa: ANN401 - any DBAPI connection
    if not isinstance(driver, groups.Driver):
        return
    driver.isolation_level = None  # we say BEGIN ourselves, below
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=0",
        "cache_size=-65536",
    ):
        driver.execute(f"PRAGMA {pragma}")


def only_read(app: Flask) -> None:
    """From now on no connection of this app's process writes, whoever asks it to."""
    with app.app_context():
        event.listen(db.engine, "connect", _refuse_writes)


def _refuse_writes(driver: Any, _record: Any) -> None:  # noqa: ANN401 - any DBAPI connection
    if isinstance(driver, groups.Driver):
        driver.execute("PRAGMA query_only=ON")
    else:
        driver.read_only = True


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    driver = connection.connection.dbapi_connection
    if isinstance(driver, groups.Driver):
        driver.begin(writes=connection.get_execution_options().get("podium_writes", False))


def _open_for_writing(session: Session) -> None:
    deadline = time.monotonic() + WAIT_FOR_WRITERS
    while True:
        try:
            session.info["connection"] = session.connection(
                execution_options={"podium_writes": True}
            )
        except (OperationalError, sqlite3.OperationalError) as error:
            session.rollback()
            if "locked" not in str(error):
                raise
            if time.monotonic() > deadline:
                raise Refusal(
                    "数据库正忙，本次操作没有写入任何内容。请稍后再试一次。",
                    "The database is busy; nothing was written. Please try again in a moment.",
                    status=503,
                ) from error
            time.sleep(0.001)  # gevent's own sleep in the web process: the hub goes on
        else:
            return


@contextmanager
def writing() -> Iterator[Session]:
    """The transaction of one verb: everything in the block is committed once, or nothing is."""
    session: Session = db.session()
    if "verb" in session.info:
        raise RuntimeError("a verb was called inside another verb's transaction")
    session.rollback()  # a read view opened earlier in the request would not see the newest rows
    shared = session.info["verb"] = groups.shared(db.engine)
    try:
        with _writers:
            _open_for_writing(session)
            try:
                yield session
                if shared is None:
                    session.info["writing"] = True  # whoever listens: this one is for good
                session.commit()
            except BaseException:
                session.rollback()
                if shared is not None:
                    shared.leave()
                raise
            group = shared.join() if shared is not None else None
            first = group is not None and group.verbs == 1
        if shared is not None and group is not None:
            _settle(shared, group, first)
            session.info["writing"] = True
            session.dispatch.after_commit(session)
    finally:
        for name in ("writing", "verb", "connection"):
            session.info.pop(name, None)


def _settle(shared: groups.Shared, group: groups.Group, first: bool) -> None:
    """Wait until the verb's group is on the disk. Its first verb sees to that: it lets in who is
    ready, then commits; should it be gone, another does."""
    while first and not group.done.is_set():
        time.sleep(0)  # gevent's: everybody else who is ready runs now
        if not _writers.waiting or group.is_late():
            with _writers:
                shared.close(group)
    while not group.done.wait(1):
        with _writers:
            shared.close(group)
    if group.error is not None:
        raise OperationalError("COMMIT", None, group.error)
