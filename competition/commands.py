"""What all commands of `podium` share: one sentence instead of a traceback, one JSON document."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask.cli import AppGroup, ScriptInfo
from sqlalchemy.exc import OperationalError

from competition.database import db
from competition.rules.refusal import Refusal
from competition.settings import SettingsError


class Podium(AppGroup):
    """The `podium` group. A command opens the app only when it needs settings or a database;
    what is refused, or set wrongly, ends as one sentence and exit code 1."""

    def __init__(self, create_app: Callable[[], Flask], **given: Any) -> None:  # noqa: ANN401
        super().__init__(**given)
        self.create_app = create_app

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - click's own
    ) -> click.Context:
        info = ScriptInfo(create_app=lambda *_: self.create_app(), set_debug_flag=False)
        return super().make_context(info_name, args, parent, **{"obj": info, **extra})

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - whatever a command gives
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            raise click.ClickException(f"{refusal.zh}\n{refusal.en}") from refusal
        except SettingsError as error:
            raise click.ClickException(str(error)) from error


@contextmanager
def reporting(as_json: bool) -> Iterator[None]:
    """With --json a refusal, too, is one JSON document on stdout, with exit code 1."""
    try:
        yield
    except Refusal as refusal:
        if not as_json:
            raise
        print_json({"ok": False, "error": refusal.as_dict()})
        sys.exit(1)


def print_json(document: object) -> None:
    """The one document that a command with --json prints."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))


def require_migrated() -> None:
    """Refuse to work on a database that is not there or whose tables are of another release."""
    migrate = current_app.extensions["migrate"].migrate
    wanted = set(ScriptDirectory.from_config(migrate.get_config()).get_heads())
    try:
        with db.engine.connect() as connection:
            found = set(MigrationContext.configure(connection).get_current_heads())
    except OperationalError as error:
        raise Refusal(
            "PODIUM_DATABASE_URL：数据库打不开，请检查地址、权限和服务是否在运行。",
            "PODIUM_DATABASE_URL: the database cannot be opened. Check the address, your rights"
            " and whether the server runs.",
        ) from error
    if found != wanted:
        raise Refusal(
            "数据库的表还不是这个版本的，请先运行 podium db upgrade。",
            "The tables of the database are not of this release: run podium db upgrade first.",
        )
