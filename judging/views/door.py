"""The straight way in for marks: past Flask, to the same verb.

Flask and what is registered with it take longer over a mark than the mark itself. So what is
plainly right, a readable batch of a tablet that was seen before, comes in here. Everything else,
and whatever the verb refuses, goes on to the view `tablet.marks`, which says why; to try a batch
twice does no harm, its keys see to that. Batches that come together are recorded together.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import Any

from flask import Flask

from competition import json_text
from competition.together import Together
from competition.views.errors import HEADERS
from judging import devices, marking
from judging.admission import Post
from judging.devices import Tablet
from judging.marking import Answer, Parcel
from judging.views import tablet_posts

PATH = "/tablet/api/marks"
LARGEST = 1024 * 1024  # bytes of a batch; the view knows what to say of more
MOST_KNOWN = 10_000  # tablets kept in mind
TOGETHER = 32  # marks of several tablets that are recorded at once

Environ = dict[str, Any]
Start = Callable[..., Any]


class Door:
    """A WSGI application in front of the site."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.behind = app.wsgi_app
        self.known: dict[str, Tablet] = {}  # whether one still counts, the verb looks up
        self.record = Together(self._recorded, lambda parcel: len(parcel.posts), TOGETHER)

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "POST":
            return self.behind(environ, start_response)
        body = self._taken(environ)
        if body is None:
            return self.behind(environ, start_response)
        length = ("Content-Length", str(len(body)))
        start_response("200 OK", [("Content-Type", "application/json"), length, *HEADERS])
        return [body]

    def _taken(self, environ: Environ) -> bytes | None:
        """The answers to a batch; None when it has to go the long way."""
        scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        length = environ.get("CONTENT_LENGTH") or ""
        if scheme != "Bearer" or not length.isdecimal() or int(length) > LARGEST:
            return None
        sent = environ["wsgi.input"].read(int(length))
        environ["wsgi.input"] = BytesIO(sent)
        try:
            waiting, posts = tablet_posts.read(json.loads(sent))
            if not posts or not all(isinstance(post, Post) for post in posts):
                return None
            tablet = self._tablet(token)
            if tablet is None:
                return None
            marks = [post for post in posts if isinstance(post, Post)]
            whose = (tablet.skill_id, marks, tablet.account_id, tablet.id)
            answers = self.record(Parcel(*whose, waiting))
        except Exception:
            return None  # the view meets the same, and logs it or says what was wrong
        return json_text.written({"answers": [answer._asdict() for answer in answers]})

    def _recorded(self, parcels: Sequence[Parcel]) -> list[list[Answer]]:
        """Where one of them is refused as a whole, all go the long way, each by itself."""
        with self.app.app_context():
            return marking.record(parcels)

    def _tablet(self, token: str) -> Tablet | None:
        found = self.known.get(token)
        if found is None:
            with self.app.app_context():
                found = devices.authenticate(token)
            if found is not None:
                if len(self.known) >= MOST_KNOWN:
                    self.known.clear()
                self.known[token] = found
        return found


def register(app: Flask) -> None:
    """Put the door in front of everything, the sockets too."""
    app.wsgi_app = Door(app)  # type: ignore[method-assign]
