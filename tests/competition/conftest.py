"""The demo, loaded once and copied for every test that looks at it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from competition import demo
from tests.conftest import filled, opened


@pytest.fixture(scope="session")
def demo_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the demo of seed 1, without what other packages add."""
    path = tmp_path_factory.mktemp("demo") / "podium.db"
    return filled(sqlite_template, path, lambda: demo.load(1))


@pytest.fixture
def demo_app(demo_template: Path, tmp_path: Path) -> Iterator[Flask]:
    """The app on a copy of the demo, for pages."""
    shutil.copyfile(demo_template, tmp_path / "demo.db")
    with opened(f"sqlite:///{tmp_path / 'demo.db'}", tmp_path) as app:
        yield app
