"""Alembic inside the app: the engine and the tables are those of Flask-SQLAlchemy."""

from alembic import context
from flask import current_app

from competition.database import UTCDateTime, db

# Named here so that every table is known before Alembic compares.
import competition.models  # noqa: F401  isort: skip
import judging.models  # noqa: F401  isort: skip


def render(kind: str, thing: object, _autogen: object) -> str | bool:
    """Write our own types as plain ones: a migration must not change when the code does."""
    if kind == "type" and isinstance(thing, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Migrate up, one transaction for all of it."""
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=render,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
