"""Answers of which one copy serves everybody: what they say depends on their address alone."""

from flask import Flask, Response, g
from flask.sessions import SecureCookieSessionInterface, SessionMixin


def shared(answer: Response) -> Response:
    """The answer, for caches to keep one copy of. Its view asks nobody's cookie; not even the
    language may come from one."""
    g.is_shared = True
    return answer


class _Sessions(SecureCookieSessionInterface):
    """Every request looks whether somebody is signed in, and Flask then tells caches to keep a copy
    for each cookie. What is shared would be kept a thousand times over."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session.modified or not g.get("is_shared"):
            super().save_session(app, session, response)


def register(app: Flask) -> None:
    """Let what is shared go out without a word of cookies."""
    app.session_interface = _Sessions()
