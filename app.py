"""Puts Podium together: settings, extensions, blueprints, the one error handler, the commands."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import click
from flask import Flask
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

import competition.cli
import judging.cli
from competition import commands, database, erasing, logs, pack, released, settings, tiles
from competition.database import db
from competition.views import (
    account,
    accounts,
    answers,
    assets,
    bulk,
    changes,
    delegation,
    entrance,
    entries,
    entry_files,
    entry_form,
    entry_list,
    entry_locks,
    entry_words,
    errors,
    forms,
    frozen_bar,
    grants,
    health,
    judges,
    language,
    ledger,
    limits,
    list_files,
    office,
    office_frame,
    papers,
    preparation,
    privacy,
    roster,
    roster_files,
    rules,
    search,
    shared,
    signin,
    skill_profiles,
    technical,
)
from judging import live, own_files, own_lines
from judging import preflight as checks
from judging.views import (
    audience,
    boards,
    books,
    calls,
    cards,
    ceremony,
    charts,
    command,
    declaring,
    desk,
    disagreement,
    door,
    embed,
    errands,
    evidence,
    hall_screen,
    hall_signing,
    hall_tablet,
    outbox_file,
    overall,
    own_sheets,
    panel,
    preflight,
    prepare,
    provenance,
    recheck,
    rejudging,
    release,
    result_versions,
    scheme_drafts,
    schemes,
    screen,
    screens,
    sheet_pdf,
    signoff,
    stage,
    tablet,
    tablets,
    ties,
    workspace,
)

HERE = Path(__file__).resolve().parent
# In the source tree the folders stand beside this file, in the wheel in one folder of their own.
FILES = HERE / "podium_files" if (HERE / "podium_files").is_dir() else HERE

BLUEPRINTS = (
    boards.blueprint,
    overall.blueprint,
    books.blueprint,
    charts.blueprint,
    cards.blueprint,
    embed.blueprint,
    screen.blueprint,
    hall_screen.blueprint,
    screens.blueprint,
    signin.blueprint,
    tablet.blueprint,
    evidence.blueprint,
    desk.blueprint,
    command.blueprint,
    release.blueprint,
    ceremony.blueprint,
    stage.blueprint,
    prepare.blueprint,
    schemes.blueprint,
    scheme_drafts.blueprint,
    preflight.blueprint,
    rejudging.blueprint,
    disagreement.blueprint,
    signoff.blueprint,
    recheck.blueprint,
    result_versions.blueprint,
    ties.blueprint,
    sheet_pdf.blueprint,
    panel.blueprint,
    declaring.blueprint,
    outbox_file.blueprint,
    tablets.blueprint,
    calls.blueprint,
    hall_tablet.blueprint,
    provenance.blueprint,
    workspace.blueprint,
    own_sheets.blueprint,
    office.blueprint,
    preparation.blueprint,
    entries.blueprint,
    entry_list.blueprint,
    bulk.blueprint,
    entry_locks.blueprint,
    list_files.blueprint,
    entry_files.blueprint,
    roster_files.blueprint,
    roster.blueprint,
    judges.blueprint,
    search.blueprint,
    rules.blueprint,
    technical.blueprint,
    skill_profiles.blueprint,
    delegation.blueprint,
    entry_form.blueprint,
    changes.blueprint,
    answers.blueprint,
    forms.blueprint,
    papers.blueprint,
    privacy.blueprint,
    account.blueprint,
    accounts.blueprint,
    grants.blueprint,
    health.blueprint,
    ledger.blueprint,
)

csrf = CSRFProtect()


def create_app(given: Mapping[str, str] | None = None, *, reads_only: bool = False) -> Flask:
    """The site. `given` replaces the environment and the settings file, for tests. `reads_only`:
    the part of it that `podium live` serves, which writes nothing.

    Raises settings.SettingsError, which names the variable, before anything is opened.
    """
    values = settings.check(given) if given is not None else settings.load()
    app = Flask(
        "app",
        root_path=str(FILES),
        template_folder=str(FILES / "templates"),
        static_folder=str(FILES / "static"),
    )
    app.config.update(values)
    app.config.update(
        READS_ONLY=reads_only,
        SECRET_KEY=values["PODIUM_SECRET_KEY"],
        SECURITY_PASSWORD_SALT=values["PODIUM_PASSWORD_SALT"],
        SQLALCHEMY_DATABASE_URI=values["PODIUM_DATABASE_URL"],
        PERMANENT_SESSION_LIFETIME=timedelta(hours=16),
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=values["PODIUM_HTTPS"],
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=4 * 1024 * 1024,  # hand-ins raise it for themselves
        TEMPLATES_AUTO_RELOAD=False,
    )
    logs.configure(app)
    db.init_app(app)
    Migrate(app, db, directory=str(FILES / "migrations"), render_as_batch=True)
    csrf.init_app(app)
    entrance.register(app)
    limits.register(app)
    language.register(app, FILES / "translations")
    assets.register(app)
    errors.register(app)
    shared.register(app)
    office_frame.register(app)
    frozen_bar.register(app)
    tiles.register(app, checks.of_skills)
    entry_words.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for api in (
        errands.api,
        hall_signing.api,
        hall_screen.api,
    ):  # they know a token only, never a cookie
        csrf.exempt(api)
        app.register_blueprint(api)
    live.register(app)
    pack.register(app, own_files.of_person)
    erasing.register(app, own_files.forget)
    released.register(app, own_lines.of_delegation)
    if reads_only:
        database.only_read(app)
        audience.register(app)
    else:
        door.register(app)
    return app


def create_live() -> Flask:
    """What `podium live` serves."""
    return create_app(reads_only=True)


@click.group(cls=commands.Podium, create_app=create_app)
def main() -> None:
    """Podium 领奖台: runs a skills competition."""


competition.cli.register(main)
judging.cli.register(main)

if __name__ == "__main__":
    main()
