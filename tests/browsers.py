"""Debian's Chromium for tests: where it is, how it is started, how long it is waited for."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PATIENCE = 60_000  # ms that a page in a browser test may take where only slowness can be the reason
# Whether a page of a tablet or a screen stands without a network: its worker rules it, and it and
# every part that it names are kept.
IS_KEPT = """async () => {
  const [, folder] = location.pathname.split("/");
  const cache = await caches.open(`podium-${folder}`);
  const kept = new Set((await cache.keys()).map((one) => one.url));
  const parts = [...document.querySelectorAll("link[rel=stylesheet], link[rel=modulepreload]")]
    .map((one) => one.href)
    .concat([...document.querySelectorAll("script[src]")].map((one) => one.src));
  return Boolean(navigator.serviceWorker.controller)
    && [location.origin + location.pathname, ...parts].every((one) => kept.has(one));
}"""
NAMES = ("chromium", "chromium-browser", "google-chrome")


def program() -> str | None:
    """The browser of this machine."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def a_chromium() -> Iterator["Browser"]:
    """Debian's Chromium, driven by Playwright."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=switches())
        browser.on("context", lambda context: context.set_default_timeout(PATIENCE))
        yield browser
        browser.close()


def switches() -> list[str]:
    """What a browser in a test is started with."""
    found = [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        # It would talk to its maker otherwise, which a closed network refuses many times a second.
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    if os.geteuid() == 0:
        found.append("--no-sandbox")  # its own sandbox does not start as root
    return found


def stands_alone(page: "Page") -> None:
    """Wait until the page would open without a network. Playwright's own waiting takes the promise
    of an asynchronous question for a yes."""
    deadline = time.monotonic() + PATIENCE / 1000
    while not page.evaluate(IS_KEPT):
        if time.monotonic() > deadline:
            raise AssertionError("the page was not kept for a start without a network")
        time.sleep(0.3)
