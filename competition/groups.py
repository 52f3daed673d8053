"""Group commit on SQLite: verbs that come together in the web process share one COMMIT.

Flushing to the disk takes longer than writing a mark. So each verb writes in a savepoint of one
transaction, on the one connection through which this process writes; the first of a group lets
those come in who are ready, commits for all, and only then does each go on to answer. A verb that
fails undoes its savepoint and nobody else's. When the COMMIT fails, all of them have failed.

Only under gevent, where verbs wait for each other in one thread. Commands, the worker and
PostgreSQL, which groups by itself, commit one by one.
"""

import sqlite3
import threading
import time
from collections.abc import Callable
from weakref import WeakKeyDictionary

from gevent import monkey
from sqlalchemy import Connection, Engine

from competition.checkpoints import Checkpoints
from competition.offload import offload

MOST = 32  # verbs in a group
LONGEST = 0.004  # seconds that the first of a group waits for others
SLOW = 0.002  # seconds; a disk that takes longer, twice running, is waited for in a thread
TRIED_AGAIN = 32  # groups; only here on the hub is seen how long the disk itself takes

# Called when verbs that looked done were undone together: whatever was remembered of them is wrong.
when_undone: list[Callable[[], None]] = []


class Driver(sqlite3.Connection):
    """SQLite's own connection; where `grouped`, begin and commit mean a savepoint in the group."""

    grouped = False

    def begin(self, *, writes: bool) -> None:
        """Open a transaction, for a verb or for reading."""
        if not self.grouped:
            self.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
            return
        if not self.in_transaction:
            self.execute("BEGIN IMMEDIATE")
        self.execute("SAVEPOINT verb")

    def commit(self) -> None:
        """Keep what was written: on the disk, or in the group."""
        if self.grouped:
            self.execute("RELEASE verb")
        else:
            super().commit()

    def rollback(self) -> None:
        """Undo what was written since `begin`."""
        if not self.grouped:
            super().rollback()
        elif self.in_transaction:
            self.execute("ROLLBACK TO verb")
            self.execute("RELEASE verb")

    def end(self) -> None:
        """Bring a whole group to the disk."""
        super().commit()

    def undo(self) -> None:
        """Undo a whole group."""
        super().rollback()


class Group:
    """Verbs that one COMMIT will keep, or that have all failed with `error`."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.verbs = 0
        self.done = threading.Event()
        self.error: sqlite3.Error | None = None

    def is_late(self) -> bool:
        """Whoever joined first has waited long enough."""
        return time.monotonic() - self.began > LONGEST


class Shared:
    """The connection through which this process writes; for who holds the writers' lock."""

    def __init__(self, engine: Engine) -> None:
        self.connection: Connection = engine.connect()
        driver = self.connection.connection.dbapi_connection
        assert isinstance(driver, Driver)
        driver.grouped = True
        self.driver: Driver = driver
        self.checkpoints: Checkpoints = Checkpoints(engine, driver)
        self.group: Group | None = None
        self.elsewhere: int = 0  # groups that are yet to be flushed in a thread
        self.was_slow: bool = False  # so was the one before: once may be chance on a busy machine

    def join(self) -> Group:
        """A verb has written all it had to: it belongs to the open group."""
        group = self.group = self.group or Group()
        group.verbs += 1
        if group.verbs >= MOST or (group.verbs > 1 and group.is_late()):
            self.close(group)
        return group

    def leave(self) -> None:
        """A verb has failed and undone its part."""
        if self.group is None:
            self.driver.undo()

    def close(self, group: Group) -> None:
        """Commit the group, unless somebody has."""
        if self.group is not group:
            return
        self.group = None
        try:
            self._flush()
        except sqlite3.Error as error:
            group.error = error
            self.driver.undo()
            for forget in when_undone:
                forget()
        else:
            self.checkpoints.written()
        finally:
            group.done.set()

    def _flush(self) -> None:
        """To the disk. A thread costs a busy hub more than most disks do, and its time would say
        how busy the hub is; so it is tried without one now and then."""
        if self.elsewhere:
            self.elsewhere -= 1
            offload(self.driver.end)
            return
        begin = time.monotonic()
        self.driver.end()
        is_slow = time.monotonic() - begin > SLOW
        if is_slow and self.was_slow:
            self.elsewhere = TRIED_AGAIN
        self.was_slow = is_slow


_shared: WeakKeyDictionary[Engine, Shared] = WeakKeyDictionary()


def shared(engine: Engine) -> Shared | None:
    """Where verbs of this process are to be grouped; None where each commits by itself."""
    if engine.dialect.name != "sqlite" or not monkey.is_module_patched("threading"):
        return None
    found = _shared.get(engine)
    if found is None:
        found = _shared[engine] = Shared(engine)
    return found
