"""The hall test from its first minute to the proof."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from tests.hall import proof, script
from tests.hall.play import Hall
from tests.hall.site import Site


def a_day(url: str, folder: Path, browser: Browser, seed: int) -> dict[str, Any]:
    """Plays the script of `seed` on a migrated database and proves it; gives the figures."""
    minutes = script.written(seed)
    site = Site(url, folder)
    hall = Hall(site, browser, folder, seed)
    try:
        hall.prepare()
        with site.database():
            before = proof.keys()
        hall.play(minutes)
        return proof.prove(hall, script.expected(minutes), before)
    finally:
        hall.end()
        site.stop()
