"""Rate limits, counted by account or device, never by address alone: a hall is one address.

Whoever guesses at a name from many addresses uses up the tries of strangers under that name; a
browser in which its holder was let in before has tries of its own, so that nobody can keep a judge
out by guessing.
"""

from flask import Flask, request
from flask_limiter import Limiter

from competition.access import who
from competition.views import entrance


def asker() -> str:
    """Whom a request is counted against."""
    account = who()
    if account is not None:
        return f"account:{account.id}"
    device = request.headers.get("Authorization", "")
    if device:
        return f"device:{device[-24:]}"
    return trier()


def trier() -> str:
    """Whom a try at a name is counted against: the browser that the name knows, else name and
    address together."""
    device = entrance.known_device(_name())
    return f"known:{device}:{_name()}" if device else f"stranger:{request.remote_addr}:{_name()}"


def pairing() -> str:
    """Whom a try at a pairing code is counted against: the tablet, by the name it gave itself. A
    hall of tablets behind one address may pair at once; the code's 40 bits keep out who guesses."""
    asked = request.get_json(silent=True)
    name = asked.get("device") if isinstance(asked, dict) else None
    return f"pairing:{str(name)[:64]}"


def strangers() -> str:
    """All who try a name from browsers that it does not know, wherever they are."""
    return f"strangers:{_name()}"


def is_known() -> bool:
    """Whether the name was let in with this browser before."""
    return entrance.known_device(_name()) is not None


def halfway() -> str:
    """Whose code is being tried."""
    account = entrance.halfway() or who()
    return f"code:{account.id}" if account is not None else f"code:{request.remote_addr}"


def _name() -> str:
    return request.form.get("username", "").strip().lower()[:64]


limiter = Limiter(key_func=asker, storage_uri="memory://", strategy="moving-window")


def register(app: Flask) -> None:
    """Switch limits on, except in tests."""
    app.config["RATELIMIT_ENABLED"] = not app.config["PODIUM_TESTING"]
    limiter.init_app(app)
