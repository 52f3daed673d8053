"""What somebody waits for at this moment goes before what can wait.

All greenlets of a web process take turns on one hub, each for as long as it likes. A judge who has
tapped waits for an answer that takes several turns; boards, pings and files can come a moment
later. So long work asks every few milliseconds whether it is to give way.
"""

import time

TURN = 0.003  # seconds that work which can wait has the hub to itself
LONGEST = 0.02  # seconds that it then gives way at most, or it would never end in a rush


class _Urgent:
    """`with urgent:` somebody waits for what is done inside."""

    def __init__(self) -> None:
        self.under_way = 0

    def __enter__(self) -> None:
        self.under_way += 1

    def __exit__(self, *_: object) -> None:
        self.under_way -= 1


urgent = _Urgent()


class Rest:
    """Lets the hub go on when one greenlet has had it for TURN seconds: who waits, waits that long,
    and who computes is not sent to the end of the queue at every step."""

    def __init__(self) -> None:
        self.since = time.monotonic()

    def if_due(self) -> None:
        """Called between two steps."""
        at = time.monotonic()
        if at - self.since > TURN:
            time.sleep(0)  # gevent's own in the web process
            until = at + LONGEST
            while urgent.under_way and time.monotonic() < until:
                time.sleep(0)
            self.since = time.monotonic()
