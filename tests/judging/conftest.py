"""A seeded skill, and its chief judge at a browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient

from competition import demo
from competition.database import writing
from judging.demo import adopt_schemes
from tests.conftest import filled, opened
from tests.judging.desks import signed_in
from tests.judging.seed import Seeded, seed


@pytest.fixture
def day(sqlite_app: Flask) -> Seeded:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        return seed()


@pytest.fixture
def inside(sqlite_app: Flask, day: Seeded) -> Iterator[None]:
    with sqlite_app.app_context():
        yield


@pytest.fixture
def chief(sqlite_app: Flask, day: Seeded) -> FlaskClient:
    return signed_in(sqlite_app, "chief")


@pytest.fixture
def bare(sqlite_app: Flask, day: Seeded) -> None:
    """The same skill before it had a scheme."""
    from judging.models import Aspect, Criterion, Scheme, SubCriterion

    with sqlite_app.app_context(), writing() as session:
        for table in (Aspect, SubCriterion, Criterion, Scheme):
            session.query(table).delete()


@pytest.fixture(scope="session")
def judged_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the demo and the marking schemes that judging adds to it."""
    path = tmp_path_factory.mktemp("judged") / "podium.db"
    return filled(sqlite_template, path, lambda: (demo.load(1), adopt_schemes(Random(1))))


@pytest.fixture
def judged_demo(judged_template: Path, tmp_path: Path) -> Iterator[Flask]:
    """The app on a copy of it, for pages."""
    shutil.copyfile(judged_template, tmp_path / "judged.db")
    with opened(f"sqlite:///{tmp_path / 'judged.db'}", tmp_path) as app:
        app.config["WTF_CSRF_ENABLED"] = False
        yield app
