"""The commands of `podium`: what all of them refuse with one sentence, and `podium serve`."""

import json
import re
from pathlib import Path

import pytest
import requests
import socketio
import yaml
from click.testing import CliRunner

from app import main
from competition.demo import PASSWORD
from tests.competition.test_founding import GIVEN
from tests.conftest import LiveServer, migrate, settings_for

# What every command refuses with one sentence


@pytest.mark.parametrize("words", [("serve",), ("demo",), ("init",), ("ledger", "verify")])
def test_a_database_that_is_not_migrated(words: tuple[str, ...], tmp_path: Path) -> None:
    env = settings_for(f"sqlite:///{tmp_path / 'empty.db'}", tmp_path)
    done = CliRunner(env=env).invoke(main, words)
    assert done.exit_code == 1
    assert "podium db upgrade" in done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PODIUM_SECRET_KEY", "short"),
        ("PODIUM_DATABASE_URL", "mysql://x"),
        ("PODIUM_PORT", "many"),
        ("PODIUM_PORT", "65536"),
        ("PODIUM_PUBLIC_URL", "podium.example"),
        ("PODIUM_LOG", "loud"),
        ("PODIUM_SPEED", "9"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str, tmp_path: Path) -> None:
    env = settings_for(f"sqlite:///{tmp_path / 'x.db'}", tmp_path) | {name: value}
    done = CliRunner(env=env).invoke(main, ["serve"])
    assert done.exit_code == 1
    assert done.output.startswith(f"Error: {name}")
    assert "Traceback" not in done.output
    assert CliRunner(env=env).invoke(main, ["--help"]).exit_code == 0


def test_a_database_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    env = settings_for(f"sqlite:///{tmp_path / 'no/such/folder/x.db'}", tmp_path)
    done = CliRunner(env=env).invoke(main, ["demo", "--json"])
    assert done.exit_code == 1
    assert "PODIUM_DATABASE_URL" in json.loads(done.stdout)["error"]["en"]


def test_migrating_twice_is_harmless(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'twice.db'}"
    migrate(url, tmp_path)
    migrate(url, tmp_path)
    done = CliRunner(env=settings_for(url, tmp_path)).invoke(main, ["ledger", "verify"])
    assert done.exit_code == 0


# The site


def test_the_site_carries_web_sockets(live_server: LiveServer) -> None:
    """gunicorn's gevent worker with gevent-websocket: the one way that keeps streams whole."""
    client = socketio.SimpleClient()
    client.connect(live_server.url, transports=["websocket"])
    assert client.transport == "websocket"
    client.disconnect()
    log = (live_server.folder / "serve.log").read_text()
    assert "MonkeyPatchWarning" not in log
    assert "Traceback" not in log


@pytest.mark.slow
def test_the_demos_sign_ins_as_a_program_reads_them(sqlite_url: str, tmp_path: Path) -> None:
    runner = CliRunner(env=settings_for(sqlite_url, tmp_path) | {"PODIUM_PORT": "7777"})
    before = json.loads(runner.invoke(main, ["demo", "--sign-ins", "--json"]).stdout)
    assert (before["finalists"], before["sign_ins"]) == (0, [])
    loaded = runner.invoke(main, ["demo", "--json"])
    assert loaded.exit_code == 0, loaded.output
    assert json.loads(loaded.stdout)["loaded"] is True
    again = json.loads(runner.invoke(main, ["demo", "--json"]).stdout)
    assert again["loaded"] is False
    assert again["password"] == PASSWORD
    assert again["address"] == "http://127.0.0.1:7777"
    roles = [row["role"] for row in again["sign_ins"]]
    assert roles[0] == "chief"
    assert len(roles) == 9
    plain = runner.invoke(main, ["demo", "--sign-ins"]).stdout
    assert "w17-judge-3" in plain
    assert "leader-harbin" in plain and "裁判长（W38）" in plain


@pytest.mark.slow
def test_from_the_first_command_to_the_first_page(live_server: LiveServer) -> None:
    """The password is checked in a thread beside gevent's hub: only a real server shows that."""
    answers = live_server.folder / "answers.yaml"
    answers.write_text(yaml.safe_dump(GIVEN, allow_unicode=True), "utf-8")
    done = live_server.podium("init", "--answers", str(answers))
    assert done.returncode == 0, done.stderr
    with requests.Session() as browser:
        page = browser.get(f"{live_server.url}/sign-in", timeout=20).text
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found is not None
        form = {"csrf_token": found.group(1), "username": "office", "password": "wrong"}
        refused = browser.post(f"{live_server.url}/sign-in", data=form, timeout=20)
        assert refused.status_code == 403
        form["password"] = "long enough 123"
        entered = browser.post(f"{live_server.url}/sign-in", data=form, timeout=20)
        # A real competition asks the organiser for a second factor first.
        wanted = f"{live_server.url}/account/second-factor?next=/office/"
        assert (entered.status_code, entered.url) == (200, wanted)
