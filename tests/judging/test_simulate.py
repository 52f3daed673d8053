"""The demo's bots, before they reach a site."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from app import main
from competition.rules import browsers
from judging import simulate
from judging.tablet_client import TabletClient
from tests.conftest import migrate, settings_for


def test_bots_are_called_bots_where_people_read_of_their_tablets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(TabletClient, "sign_in", lambda *_: None)
    monkeypatch.setattr(TabletClient, "pack", lambda _: {})
    panel = simulate.Panel("http://nowhere", simulate.Room("W10", ("w10-judge-1",)))
    panel._sign_in()
    (bot,) = panel.bots
    assert browsers.called(str(bot.http.headers["User-Agent"])) == "Podium bot"


def test_what_bots_cannot_do_is_a_sentence(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'podium.db'}"
    migrate(url, tmp_path)
    bots = CliRunner(env=settings_for(url, tmp_path))
    assert bots.invoke(main, ["demo"]).exit_code == 0
    positive = "must be more than 0"
    for asked, said in (
        (["--pace", "0"], positive),
        (["--pace", "-3"], positive),
        (["--pace", "nan"], positive),
        (["--seconds", "0"], positive),
        (["--skill", "W17"], "its period has not started"),
        (["--skill", "Q99"], "Q99 cannot be marked now"),
    ):
        done = bots.invoke(main, ["simulate", *asked])
        assert done.exit_code == 1 and said in done.output + done.stderr, asked
        assert not done.exception or isinstance(done.exception, SystemExit), asked
