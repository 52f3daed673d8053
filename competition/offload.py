"""Work that would hold up everybody else: off the gevent hub, in a real thread.

Only the web process is patched by gevent (decisions 12); there hashing, unpacking and flushing to
the disk run in gevent's thread pool while the hub goes on serving. Everywhere else they just run.
"""

import time
from collections.abc import Callable
from contextvars import copy_context
from typing import Any, ParamSpec, TypeVar, cast

import gevent
from gevent import monkey

TURN = 0.003  # seconds
SHORTEST = 1e-9  # seconds

P = ParamSpec("P")
T = TypeVar("T")


def offload(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `work` without holding up the hub. It may know the app, but not touch the database."""
    if not monkey.is_module_patched("threading"):
        return work(*args, **kwargs)
    context = copy_context()
    given, error = gevent.get_hub().threadpool.apply(context.run, (_tried, work, args, kwargs))
    if error is not None:
        raise error
    return cast(T, given)


def _tried(
    work: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[T | None, Exception | None]:
    """What gevent's threads raise, they also print: a refused upload is no traceback in the log."""
    try:
        return work(*args, **kwargs), None
    except Exception as error:
        return None, error


def give_way() -> None:
    """Let everybody else go first, those too whose bytes have only just come. gevent's `sleep(0)`
    only lets on who is ready: it goes round fifty times before sockets are looked at again, and
    boards that gave way so kept marks waiting for 0.15 s. Any longer sleep ends after a look; the
    shortest costs no time, while for more than some microseconds libev waits a whole millisecond.

    The steps of a mark itself (`together`, `database`) keep `sleep(0)`: with a look in each of them
    boards came in between, and marks waited longer again.
    """
    time.sleep(SHORTEST if monkey.is_module_patched("time") else 0)


class Rest:
    """Lets the hub go on when one greenlet has had it for TURN seconds: who waits, waits that long,
    and who computes is not sent to the end of the queue at every step."""

    def __init__(self) -> None:
        self.since = time.monotonic()

    def if_due(self) -> None:
        """Called between two steps."""
        if time.monotonic() - self.since > TURN:
            give_way()
            self.since = time.monotonic()
