"""What tests share: a fresh database of each kind, the app on it, a live server, a browser.

A test that needs Docker, Chromium or PostgreSQL says so with its marker. Without it the test is
skipped with the command to type; in CI (CI=true) it fails.
"""

import gc
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from sqlalchemy import create_engine, make_url, text

from setup import docker_engine
from tests import browsers, compiled_once

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Browser

POSTGRES = "PODIUM_TEST_POSTGRES_URL"
PODIUM = str(Path(sys.executable).parent / "podium")
CI = os.environ.get("CI") == "true"
LONG = 900  # s that a test with boxes or browsers may take: two cores run several of each at once

Settings = dict[str, str]


# What a test needs


def _docker_answers() -> bool:
    try:
        return docker_engine.answers()
    except PermissionError:
        return False


NEEDS: dict[str, tuple[Callable[[], object], str]] = {
    "docker": (_docker_answers, "no Docker daemon answers: make test starts one"),
    "chromium": (browsers.program, "no Chromium: sudo apt-get install chromium, or make test"),
    "postgres": (lambda: os.environ.get(POSTGRES), f"{POSTGRES} is not set: make test starts one"),
}
_lacking: dict[str, str] = {}


# How long one invented example takes says nothing on a machine that others use as well.
hypothesis.settings.register_profile("podium", deadline=None)
hypothesis.settings.load_profile("podium")


def pytest_configure(config: pytest.Config) -> None:
    gc.set_threshold(100_000, 20, 20)  # an app a test is much to look through: a tenth of all time
    _lacking.update({name: why for name, (there, why) in NEEDS.items() if not there()})


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On two cores what needs Docker runs one after the other, and so does a file of browser tests.

    The other worker takes the rest meanwhile. Only `--dist loadgroup` looks at the groups.
    """
    for item in items:
        heavy = item.get_closest_marker("docker") or item.get_closest_marker("chromium")
        if heavy and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(LONG))
        if item.get_closest_marker("docker"):
            item.add_marker(pytest.mark.xdist_group("docker"))
        elif item.get_closest_marker("chromium"):
            item.add_marker(pytest.mark.xdist_group(item.path.name))
    # The longest first, or one core waits for it in the end.
    items.sort(key=lambda item: item.get_closest_marker("docker") is None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for name, why in _lacking.items():
        if item.get_closest_marker(name):
            pytest.skip(why)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """In CI a skipped test that needs one of these is a failure, wherever the skip came from; only
    the workbooks beside the house may be missing."""
    report = yield
    why = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    needs = any(item.get_closest_marker(name) for name in NEEDS)
    if CI and report.skipped and needs and "shared/fixtures" not in str(why):
        report.outcome = "failed"
        report.longrepr = f"In CI nothing that needs {', '.join(NEEDS)} may be skipped. {why}"
    return report


def _ran(reporter: pytest.TerminalReporter) -> dict[str, int]:
    """How many tests of each kind really ran."""
    passed = [r for r in reporter.stats.get("passed", []) if r.when == "call"]
    return {name: sum(name in r.keywords for r in passed) for name in NEEDS}


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a whole run without a single test of one kind is a failure too."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    whole = session.config.args_source is pytest.Config.ArgsSource.TESTPATHS
    if CI and whole and reporter and not all(_ran(reporter).values()):
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counts = [f"{number} {name}" for name, number in _ran(terminalreporter).items()]
    rule = "; in CI none of these may be 0" if CI else ""
    terminalreporter.write_line(f"passed with {', '.join(counts)}{rule}")


# Databases


def settings_for(database_url: str, data: Path) -> Settings:
    """What create_app needs, and nothing from the environment."""
    return {
        "PODIUM_DATABASE_URL": database_url,
        "PODIUM_DATA": str(data),
        "PODIUM_SECRET_KEY": "a-key-for-tests-only-0123456789",
        "PODIUM_PASSWORD_SALT": "a-salt-for-tests-only-0123456789",
        "PODIUM_IDENTITY_KEY": "an-identity-key-for-tests-only-0123456789",
        "PODIUM_TESTING": "1",
    }


def migrate(database_url: str, data: Path) -> None:
    """Creates every table as a real set-up does: with Alembic."""
    from flask_migrate import upgrade

    from app import create_app
    from competition.database import db

    app = create_app(settings_for(database_url, data))
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, copied for every test."""
    folder = tmp_path_factory.mktemp("template")
    migrate(f"sqlite:///{folder / 'podium.db'}", folder)
    with closing(sqlite3.connect(folder / "podium.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder / "podium.db"


def filled(template: Path, path: Path, load: Callable[[], object]) -> Path:
    """A copy of an SQLite file at `path`, with what `load` writes into it."""
    shutil.copyfile(template, path)
    with opened(f"sqlite:///{path}", path.parent) as app, app.app_context():
        load()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh, migrated SQLite database."""
    shutil.copyfile(sqlite_template, tmp_path / "podium.db")
    return f"sqlite:///{tmp_path / 'podium.db'}"


def _server_says(statement: str) -> None:
    engine = create_engine(_postgres("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _postgres(database: str) -> str:
    url = make_url(os.environ[POSTGRES]).set(drivername="postgresql+psycopg", database=database)
    return url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres_template(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """The name of a migrated PostgreSQL database, copied for every test of this worker."""
    name = f"podium_test_{worker_id}_{os.getpid()}"
    _server_says(f"CREATE DATABASE {name}")
    migrate(_postgres(name), tmp_path_factory.mktemp("postgres"))
    yield name
    _server_says(f"DROP DATABASE {name} WITH (FORCE)")


_numbers = count(1)


@pytest.fixture
def postgres_url(postgres_template: str) -> Iterator[str]:
    """A fresh, migrated PostgreSQL database. Tests that use it bear the marker."""
    name = f"{postgres_template}_{next(_numbers)}"
    _server_says(f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    yield _postgres(name)
    _server_says(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database of each kind: whatever uses this runs on both."""
    return str(request.getfixturevalue(f"{request.param}_url"))


# The app


@contextmanager
def opened(database_url: str, data: Path) -> Iterator["Flask"]:
    """An app of a test's own. What is the same in all of them is compiled once for all tests."""
    from app import create_app
    from competition.database import db

    with compiled_once.addresses():
        app = create_app(settings_for(database_url, data))
    app.jinja_env.bytecode_cache = compiled_once.TEMPLATES
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator["Flask"]:
    """The app on a fresh database, for requests: the test runs on both kinds.

    Its context is not pushed, for requests would share `g` then, and with it who is signed in.
    """
    with opened(database_url, tmp_path) as ready:
        yield ready


@pytest.fixture
def sqlite_app(sqlite_url: str, tmp_path: Path) -> Iterator["Flask"]:
    """The same on SQLite only, for pages, where the kind of database changes nothing."""
    with opened(sqlite_url, tmp_path) as ready:
        yield ready


@pytest.fixture
def context(app: "Flask") -> Iterator["Flask"]:
    """The app with its context pushed, for models and verbs: the test runs on both kinds."""
    with app.app_context():
        yield app


# A live server


@dataclass(frozen=True)
class LiveServer:
    """A running `podium serve`, where it is and the environment of its commands."""

    url: str
    env: dict[str, str]
    folder: Path

    def podium(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs one of its commands beside it, as a person at the terminal would."""
        return subprocess.run(
            [PODIUM, *arguments],
            env=self.env,
            cwd=self.folder,
            text=True,
            capture_output=True,
            check=False,
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def healthy(port: int) -> bool:
    """Whether a site answers there."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=2)) as connection:
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False


@contextmanager
def serving(database_url: str, folder: Path, *, by: str = "") -> Iterator[LiveServer]:
    """Starts the site on a free port, in its own session, and ends that session afterwards: as the
    program that `podium serve` becomes, which spares half of the start; or `by` a command, "serve",
    or "live" for spectators only. Only by "serve" it has a process for the boards beside it."""
    from competition.cli import program

    port = free_port()
    command = {
        "": program("app:create_app()", f"127.0.0.1:{port}"),
        "serve": [PODIUM, "serve"],
        "live": [PODIUM, "live", "--port", str(port)],
    }[by]
    written = folder / (f"live-{port}.log" if by == "live" else "serve.log")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PODIUM_")}
    own = {"PODIUM_PORT": str(port), "PODIUM_BOARDS": "1" if by == "serve" else "0"}
    env = clean | settings_for(database_url, folder) | own
    # In the test's folder no var/podium.env of the developer's is found.
    with written.open("wb") as log:
        process = subprocess.Popen(
            command,
            env=env,
            cwd=folder,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + 90
        while not healthy(port):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"{command}:\n{written.read_text()}")
            time.sleep(0.1)
        yield LiveServer(f"http://127.0.0.1:{port}", env, folder)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def live_server(sqlite_url: str, tmp_path: Path) -> Iterator[LiveServer]:
    """The site as people reach it: gunicorn with gevent on a free port, a fresh database."""
    with serving(sqlite_url, tmp_path) as server:
        yield server


# A browser


@pytest.fixture(scope="session")
def one_chromium() -> Iterator["Browser"]:
    """The browser of this worker's tests."""
    with browsers.a_chromium() as browser:
        yield browser


@pytest.fixture
def chromium(one_chromium: "Browser") -> Iterator["Browser"]:
    """A browser. A test opens its own contexts, so cookies stay apart; they end with it, or pages
    that nobody looks at any more would work beside all tests to come."""
    yield one_chromium
    for context in one_chromium.contexts:
        context.close()
