"""Thirty minutes of a hall on fourteen tablets: the network fails, browsers and the server are
killed, posts are doubled and come late; no tap is lost or counted twice (`tests/hall`)."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.hall.day import a_day

pytestmark = [pytest.mark.chromium, pytest.mark.slow, pytest.mark.timeout(2400)]


def test_nothing_that_was_tapped_is_lost_doubled_or_overwritten(
    sqlite_url: str, tmp_path: Path, chromium: Browser
) -> None:
    figures = a_day(sqlite_url, tmp_path, chromium, seed=1)
    print(json.dumps(figures))
    assert figures["kills of the site"] >= 2
    assert figures["kills of a browser"] >= 3
    assert figures["signed in again"] >= 1
    assert {"late", "twice", "kill at answer", "kill at receipt"} <= figures["faults"].keys()
