"""Rate limits, counted by account or device, never by address alone: a hall is one address."""

from flask import Flask, request
from flask_limiter import Limiter

from competition.access import who


def asker() -> str:
    """Whom a request is counted against."""
    account = who()
    if account is not None:
        return f"account:{account.id}"
    device = request.headers.get("Authorization", "")
    if device:
        return f"device:{device[-24:]}"
    # Name and address together: nobody can lock a judge out from elsewhere by guessing.
    name = request.form.get("username", "").strip().lower()
    return f"stranger:{request.remote_addr}:{name}"


limiter = Limiter(key_func=asker, storage_uri="memory://", strategy="fixed-window")


def register(app: Flask) -> None:
    """Switch limits on, except in tests."""
    app.config["RATELIMIT_ENABLED"] = not app.config["PODIUM_TESTING"]
    limiter.init_app(app)
