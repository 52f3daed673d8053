"""One tablet of the hall test: a real page in a browser of its own or a shared one, under a clock
that the script moves, behind a wire that the script breaks."""

import os
import signal
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, Response

from tests.browsers import IS_KEPT, switches
from tests.hall.wire import Wire
from tests.judging.seed import PASSWORD

SIZE = {"width": 1024, "height": 768}
HOLD = 1_600  # ms, a little longer than a sheet asks for
NUDGE = 5_000  # ms; a page gives a request up after 12 s
PATIENT = 240  # seconds of waiting where only slowness can be the reason

# The witness: every mark that the outbox has put on the disk, as it was put there.
WITNESS = """
  window.keptMarks = [];
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (value, ...rest) {
    if (this.name === "outbox") {
      this.transaction.addEventListener("complete", () => window.keptMarks.push(value.post));
    }
    return add.call(this, value, ...rest);
  };
  window.clicked = "";
  addEventListener("click", (event) => {
    window.clicked = event.target.outerHTML.slice(0, 200);
  }, true);
"""
READ = """async (table) => {
  const open = indexedDB.open("podium-tablet");
  const db = await new Promise((done, fail) => {
    open.onsuccess = () => done(open.result);
    open.onerror = fail;
  });
  const all = db.transaction(table).objectStore(table).getAll();
  await new Promise((done, fail) => { all.onsuccess = done; all.onerror = fail; });
  db.close();
  return all.result;
}"""
# Where the page is not drawn: how far it came, what it asked for, what is kept, whether its disk
# answers. Without a timer, since the page's clock stands still.
SEEN = """async () => {
  const told = {
    at: location.href, ready: document.readyState, disk: "hangs", kept: "hangs",
    controlled: Boolean(navigator.serviceWorker.controller),
    asked: performance.getEntriesByType("resource").map((one) => [one.name, one.responseStatus]),
    page: document.documentElement.outerHTML.slice(0, 3000),
  };
  const kept = caches.open("podium-tablet").then((one) => one.keys());
  const disk = new Promise((done) => {
    const open = indexedDB.open("podium-tablet");
    open.onerror = open.onblocked = open.onsuccess = (event) => done(event.type);
  });
  const looked = Promise.all([
    kept.then((all) => { told.kept = all.map((one) => one.url); }),
    disk.then((how) => { told.disk = how; }),
  ]);
  const late = new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    let turns = 0;
    port1.onmessage = () => (++turns > 50000 ? done() : port2.postMessage(0));
    port2.postMessage(0);
  });
  await Promise.race([looked, late]);
  return JSON.stringify(told);
}"""
SAID = """() => [".t-banners", "dialog[open]", "[role=alert]"]
  .map((one) => document.querySelector(one)?.innerText ?? "").concat(window.clicked)"""
STATE = """() => {
  const link = document.querySelector(".t-link");
  if (!link) return null;
  const waiting = /\\d+/.exec("waiting" in link.querySelector(".t-dot").dataset
    ? link.querySelector(".t-sync").textContent : "0");
  return { link: link.dataset.link, waiting: Number(waiting[0]) };
}"""


class Tablet:
    """A judge's tablet. `folder`: the profile of a browser of its own, which can be killed."""

    def __init__(
        self,
        name: str,
        user: str,
        wire: Wire,
        starts: datetime,
        browser: Browser,
        folder: Path | None,
    ) -> None:
        self.name, self.user, self.wire = name, user, wire
        self.skill = name.split("-")[0]
        self.clock, self.browser, self.folder = starts, browser, folder
        self.lost = ""  # how the network was lost
        self.revoked = False
        self.unsent = 0  # marks given out of touch, by the script
        self.heard: datetime | None = None  # when the site heard from it last, while it is lost
        self.sign_ins = 0
        self.answers: deque[tuple[int, str, str]] = deque(maxlen=20)  # status, method, address
        self.context: BrowserContext
        self.page: Page

    @property
    def in_touch(self) -> bool:
        return not self.lost and not self.revoked

    # Opening, killing, signing in

    def start(self) -> None:
        if self.folder is None:
            self.context = self.browser.new_context(
                viewport=SIZE, has_touch=True, reduced_motion="reduce", locale="zh-CN"
            )
        else:
            self.context = self.browser.browser_type.launch_persistent_context(
                self.folder,
                executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
                args=switches(),
                viewport=SIZE,
                has_touch=True,
                reduced_motion="reduce",
                locale="zh-CN",
            )
        self.context.set_default_timeout(PATIENT * 1000)
        self.context.add_init_script(WITNESS)
        # The clock runs until it is paused, which a slow machine does seconds later.
        self.context.clock.install(time=self.clock - timedelta(hours=1))
        self.context.clock.pause_at(self.clock)
        self.context.set_offline(self.lost == "offline")
        self.page = self.context.new_page()
        self.page.on("response", self._answered)
        self.page.goto(f"{self.wire.url}/tablet/{self.skill}/", wait_until="commit")
        self.arrive()

    def _answered(self, answer: Response) -> None:
        self.answers.append((answer.status, answer.request.method, answer.url))

    def arrive(self) -> None:
        """The tablet's page is up; where the site asks who it is, the judge signs in."""
        try:
            self.page.wait_for_selector(".t-link, [name=username]")
        except Error as error:
            error.add_note(f"{self.name}, lost: {self.lost or 'no'}: {self.page.evaluate(SEEN)}")
            raise
        if self.page.locator("[name=username]").count():
            self.enter()
        self.until(lambda: self.page.locator(".t-card, [data-aspect]").count() > 0, "drawn")

    def enter(self) -> None:
        self.sign_ins += 1
        self.page.fill("[name=username]", self.user)
        self.page.fill("[name=password]", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector(".t-link")

    def sign_in_again(self) -> None:
        """From the banner of a tablet whose token is refused; where its last request was given up
        as the clock leapt, the banner comes with the next."""
        again = self.page.locator('.t-banner a[href*="sign-in"]')
        self.until(lambda: again.count() > 0, "asked to sign in")
        again.tap()
        self.page.wait_for_selector("[name=username]")
        self.revoked = False
        self.arrive()
        self.synced()

    def close(self) -> None:
        if hasattr(self, "context"):
            self.context.close()
        self.wire.close()

    def kept_for_offline(self) -> None:
        self.until(lambda: self.page.evaluate(IS_KEPT), "kept for a reload")

    def reload(self) -> None:
        self.page.reload(wait_until="commit")
        self.arrive()

    def kill(self) -> None:
        """kill -9 of this tablet's own browser, and open it again."""
        os.kill(_browser(self.folder), signal.SIGKILL)
        with suppress(Error):  # it is dead
            self.context.close()
        self.start()

    # The network and the clock

    def lose(self, how: str) -> None:
        self.lost = how
        self.wire.cut = how == "cut"
        self.context.set_offline(how == "offline")

    def come_back(self) -> None:
        self.lost, self.heard, self.wire.cut = "", None, False
        self.context.set_offline(False)

    def advance(self, ms: int) -> None:
        self.clock += timedelta(milliseconds=ms)
        self.context.clock.fast_forward(ms)

    def until(self, is_so: Callable[[], Any], what: str) -> None:
        """Wait for a state. The page's clock is helped on, as what is tried again waits for it;
        ever more slowly, for a machine that is slow."""
        began = time.monotonic()
        deadline, pause, nudge = began + PATIENT, 0.1, began + 0.1
        while not is_so():
            at = time.monotonic()
            if at > deadline:
                raise AssertionError(f"{self.name}: not {what}; {self.said()}")
            if self.wire.busy:
                nudge = max(nudge, at + pause)  # what is on its way must not be given up
            elif at > nudge:
                self.advance(NUDGE)
                pause *= 1.5
                nudge = at + pause
            time.sleep(0.02)

    def state(self) -> dict[str, Any]:
        """What the page draws: {"link": …, "waiting": marks not sent}."""
        return self.page.evaluate(STATE) or {"link": "", "waiting": -1}

    def said(self) -> dict[str, Any]:
        """For whoever reads why a test failed."""
        shown = self.page.evaluate(SAID)
        return {**self.state(), "lost": self.lost, "shown": shown, "answers": list(self.answers)}

    def synced(self) -> None:
        """The page says that the site has everything."""
        self.until(lambda: self.state() == {"link": "synced", "waiting": 0}, "synced")
        self.unsent = 0

    def read(self, table: str) -> list[dict[str, Any]]:
        """A table of what the tablet keeps on its disk."""
        return self.page.evaluate(READ, table)

    # What the judge does

    def go(self, code: str, sub: int) -> None:
        """The sheet is open."""
        self.page.evaluate("hash => { location.hash = hash }", f"#/{code}/{sub}")
        self.page.locator("#code", has_text=code).wait_for()

    def row(self, aspect: int) -> Any:
        return self.page.locator(f'[data-aspect="{aspect}"]')

    def give(self, do: Callable[[], None]) -> dict[str, Any]:
        """Does what makes one mark; gives the mark once it is on the tablet's disk."""
        before = self.page.evaluate("keptMarks.length")
        do()
        self.until(lambda: self.page.evaluate("keptMarks.length") > before, "on the disk")
        (post,) = self.page.evaluate("n => keptMarks.slice(n)", before)
        return post

    def measure(self, aspect: int, value: int) -> dict[str, Any]:
        button = self.row(aspect).locator(f'.t-score[data-kind="{"yes" if value else "no"}"]')
        post = self.give(button.tap)
        self.until(lambda: button.get_attribute("aria-pressed") == "true", "drawn")
        return post

    def vote(self, aspect: int, value: int) -> dict[str, Any]:
        return self.give(self.row(aspect).locator(f'.t-rung[data-value="{value}"]').tap)

    def undo(self) -> dict[str, Any]:
        return self.give(self.page.locator("#undo").tap)

    def confirm(self) -> dict[str, Any]:
        self.page.locator(".t-confirm button").tap()
        hold = self.page.locator(".t-hold")
        hold.hover()

        def held() -> None:
            self.page.mouse.down()
            self.context.clock.run_for(HOLD)
            self.page.mouse.up()

        return self.give(held)


def _browser(folder: Path | None) -> int:
    """The process of the browser that uses this folder, which this test started."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                command = (entry / "cmdline").read_bytes().decode("utf-8", "replace")
            except OSError:
                continue
            if f"--user-data-dir={folder}" in command and "--type=" not in command:
                return int(entry.name)
    raise AssertionError("the browser is not there")
