"""A spectator whose network is pulled for a minute while marks go on: the last board stays with its
time, and afterwards the page has the newest one, without a reload and never an older one."""

import socket
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browsers import PATIENCE
from tests.conftest import LiveServer
from tests.judging.desks import finish
from tests.judging.official import beside
from tests.judging.seed import Seeded

pytestmark = [pytest.mark.chromium, pytest.mark.slow]

MINUTE = 60_000  # ms
# How many works show a total, at every change of the board.
WATCH = """() => {
  const lines = document.querySelector("#standings tbody");
  const totals = () => [...lines.querySelectorAll("[data-part=total]")];
  const look = () => window.seen.push(totals().filter((one) => Number(one.textContent)).length);
  window.seen = [];
  look();
  const all = { childList: true, characterData: true, subtree: true };
  new MutationObserver(look).observe(lines, all);
}"""


class Cable:
    """Carries bytes between browsers and the site; while it is pulled, nothing goes either way and
    nobody is told, as with a real one."""

    def __init__(self, port: int) -> None:
        self.site, self.plugged = port, threading.Event()
        self.plugged.set()
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self.server.accept()
            except OSError:
                return  # it was taken away
            threading.Thread(target=self._connect, args=(browser,), daemon=True).start()

    def _connect(self, browser: socket.socket) -> None:
        self.plugged.wait()
        site = socket.create_connection(("127.0.0.1", self.site))
        for one, other in ((browser, site), (site, browser)):
            threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while data := one.recv(65536):
                self.plugged.wait()
                other.sendall(data)
        except OSError:
            pass
        finally:
            self.plugged.wait()  # nor does anybody hear that a connection has ended
            for end in (one, other):
                end.close()

    def end(self) -> None:
        self.plugged.set()
        self.server.close()


@pytest.fixture
def day(live_server: LiveServer) -> Iterator[Seeded]:
    """An open skill whose confirmed marks show, beside the running site."""
    with beside(live_server) as found:
        finish(found, "K-073")
        yield found


@pytest.fixture
def cable(live_server: LiveServer) -> Iterator[Cable]:
    made = Cable(int(live_server.url.rpartition(":")[2]))
    yield made
    made.end()


def test_a_minute_without_a_network(chromium: Browser, cable: Cable, day: Seeded) -> None:
    errors: list[str] = []
    page = chromium.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"http://127.0.0.1:{cable.port}/skills/T17")
    board = page.locator("#board")

    def shows(works: int) -> None:
        page.wait_for_function("works => seen.at(-1) === works", arg=works)

    expect(board).to_have_attribute("data-link", "live")
    page.evaluate(WATCH)
    shows(1)

    cable.plugged.clear()
    finish(day, "K-118")
    page.wait_for_timeout(MINUTE / 2)
    finish(day, "K-246")
    page.wait_for_timeout(MINUTE / 2)
    shows(1)
    expect(board).not_to_have_attribute("data-link", "live")
    expect(page.locator("[data-show=as-of]")).to_contain_text(":")  # the time of what stands there

    cable.plugged.set()
    shows(3)
    expect(board).to_have_attribute("data-link", "live")
    finish(day, "K-391")
    shows(4)
    seen = page.evaluate("seen")
    assert seen == sorted(seen), "an older board over a newer one"
    assert errors == []
