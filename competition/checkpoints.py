"""SQLite's log is written back to the database in a thread, while the web process goes on.

SQLite does that itself within a COMMIT, every thousand pages: one sheet in thirty waited 5 ms for
it, and whoever came behind waited too (bench/marking.py). Nothing hangs on when it happens: what
was committed is safe in the log. Should this ever stop, SQLite does it again, only later.
"""

import sqlite3
import time

import gevent
from sqlalchemy import Engine

from competition.logs import log
from competition.offload import offload

EVERY = 5.0  # seconds, while anything is written: as long takes little longer than as short
BY_ITSELF = 8000  # pages, 32 MB, after which SQLite does it within a COMMIT


class Checkpoints:
    """Those of one database, on a connection that does nothing else."""

    def __init__(self, engine: Engine, writer: sqlite3.Connection) -> None:
        writer.execute(f"PRAGMA wal_autocheckpoint={BY_ITSELF}")
        path = engine.url.database or ""
        # gevent's threads take turns with it, never two at once.
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.is_due = False

    def written(self) -> None:
        """Something was committed: what is in the log then, goes back within EVERY."""
        if not self.is_due:
            self.is_due = True
            gevent.spawn(self._later)  # a thread's start would be waited for

    def _later(self) -> None:
        time.sleep(EVERY)
        try:
            offload(self.connection.execute, "PRAGMA wal_checkpoint(PASSIVE)")
        except sqlite3.Error:
            log.exception("SQLite's log was not written back; the next time does it all")
        finally:
            self.is_due = False
