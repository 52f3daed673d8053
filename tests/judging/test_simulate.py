"""The demo's bots, before they reach a site."""

import pytest

from competition.rules import browsers
from judging import simulate
from judging.tablet_client import TabletClient


def test_bots_are_called_bots_where_people_read_of_their_tablets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(TabletClient, "sign_in", lambda *_: None)
    monkeypatch.setattr(TabletClient, "pack", lambda _: {})
    panel = simulate.Panel("http://nowhere", simulate.Room("W10", ("w10-judge-1",)))
    panel._sign_in()
    (bot,) = panel.bots
    assert browsers.called(str(bot.http.headers["User-Agent"])) == "Podium bot"
