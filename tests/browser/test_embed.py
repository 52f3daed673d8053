"""A newspaper's page frames a board: it is drawn there and a lock reaches it; no other page of the
site can be framed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, expect

from competition.models import Release
from tests.conftest import LiveServer, opened
from tests.judging.official import lock, mark_everything, rules, unblind
from tests.judging.seed import PEOPLE, let_out, seed

pytestmark = pytest.mark.chromium


@contextmanager
def newspaper(html: str) -> Iterator[str]:
    """Another site, with one page."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_told: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def test_a_board_lives_in_another_sites_frame(chromium: Browser, live_server: LiveServer) -> None:
    url = live_server.env["PODIUM_DATABASE_URL"]
    with opened(url, live_server.folder) as app, app.app_context():
        day = seed()
        unblind(day)
        rules(day, ties=["criterion", "ruling"])
        let_out(day.skill, Release.CONFIRMED, actor_id=day.judges["chief"])
        mark_everything(day, {}, {"A1.02": 0}, {"A1.02": 0, "A1.04": 0}, {"A1.01": 0, "A1.02": 0})
        frames = "".join(
            f'<iframe id="{name}" src="{live_server.url}{path}" width="700" height="500"></iframe>'
            for name, path in (("board", "/embed/T17?theme=dark&lang=en"), ("page", "/skills/T17"))
        )
        with newspaper(frames) as address:
            page = chromium.new_context().new_page()
            with page.expect_console_message(
                lambda said: "frame-ancestors" in said.text
            ) as refused:
                page.goto(address)
            assert "has been blocked" in refused.value.text, "the site's own page"
            board = page.frame_locator("#board")
            mark = board.locator(".embed-foot .mark").bounding_box()
            assert mark is not None and mark["width"] <= 24 and mark["height"] <= 24
            expect(board.locator("#standings .who").first).to_have_text(PEOPLE[0][0])
            expect(board.locator("#board")).to_have_attribute("data-link", "live")
            lock(day)
            expect(board.locator("#board .state")).to_have_attribute("data-state", "final")
            expect(board.locator(".award").first).to_have_text("Gold")
