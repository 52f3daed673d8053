"""`podium account`: a new password and a lost second factor, from the server's command line."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask_security import verify_password
from sqlalchemy import select

from app import main
from competition import demo, founding, second_factor
from competition.database import db, writing
from competition.models import Account, SecondFactor
from competition.moment import now
from tests.competition.test_founding import GIVEN
from tests.conftest import Settings, opened, settings_for


@pytest.fixture
def env(sqlite_url: str, tmp_path: Path) -> Iterator[Settings]:
    with opened(sqlite_url, tmp_path) as app, app.app_context():
        founding.found(founding.read(GIVEN))
    yield settings_for(sqlite_url, tmp_path)


def podium(env: Settings, *words: str) -> dict[str, object]:
    done = CliRunner(env=env).invoke(main, ["account", *words, "--json"])
    assert "Traceback" not in done.output
    document: dict[str, object] = json.loads(done.stdout)
    assert document["ok"] is (done.exit_code == 0)
    return document


def test_a_new_password(env: Settings, sqlite_url: str, tmp_path: Path) -> None:
    password = podium(env, "new-password", "Office")["password"]
    with opened(sqlite_url, tmp_path) as app, app.app_context():
        account = db.session.scalars(select(Account)).one()
        assert verify_password(password, account.password)
        assert not verify_password("long enough 123", account.password)


def test_a_lost_factor(env: Settings, sqlite_url: str, tmp_path: Path) -> None:
    assert podium(env, "forget-factor", "office")["had_one"] is False
    with opened(sqlite_url, tmp_path) as app, app.app_context(), writing() as session:
        account_id = session.scalars(select(Account.id)).one()
        seed = second_factor.new_seed()
        row = SecondFactor(account_id=account_id, seed=seed, last_counter=0, at=now())
        session.add(row)
    assert podium(env, "forget-factor", "office")["had_one"] is True
    assert podium(env, "forget-factor", "office")["had_one"] is False


def test_what_is_refused(env: Settings, sqlite_url: str, tmp_path: Path) -> None:
    for command in ("new-password", "forget-factor"):
        assert "no account nobody" in str(podium(env, command, "nobody")["error"])


def test_the_demos_password_is_everybodys(sqlite_url: str, tmp_path: Path) -> None:
    with opened(sqlite_url, tmp_path) as app, app.app_context():
        demo.load(1)
    error = podium(settings_for(sqlite_url, tmp_path), "new-password", "organiser")["error"]
    assert "everybody's" in str(error)
