"""Alembic inside the app: the engine and the tables are those of Flask-SQLAlchemy."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from competition.database import UTCDateTime, db

# Named here so that every table is known before Alembic compares.
import competition.models  # noqa: F401  isort: skip
import judging.models  # noqa: F401  isort: skip


def render(kind: str, thing: object, _autogen: object) -> str | bool:
    """Write our own types as plain ones: a migration must not change when the code does."""
    if kind == "type" and isinstance(thing, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def foreign_keys(connection: Connection, on: bool) -> None:
    """SQLite alters a table that others refer to by copying and dropping it, which it refuses while
    it watches the references; outside of a transaction the watch can be switched off."""
    if connection.dialect.name == "sqlite":
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def check_references(connection: Connection) -> None:
    """What the watch would have seen, before anything is kept."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"a migration broke references: {broken[:5]}")


def run() -> None:
    """Migrate up, one transaction for all of it."""
    with db.engine.connect() as connection:
        foreign_keys(connection, on=False)
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=render,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
            check_references(connection)
        connection.commit()
        foreign_keys(connection, on=True)


run()
