"""Verbs of a web process that come together, as a program: gevent patches before all else.

    python -m tests.competition.grouping DATABASE_URL DATA {together,one_fails,commit_fails,later}

Twenty greenlets write an act each. Prints what came of it as one JSON document.
"""

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402
import sqlite3  # noqa: E402
import struct  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402
from sqlalchemy import event  # noqa: E402
from sqlalchemy.orm import Session  # noqa: E402

from app import create_app  # noqa: E402
from competition import checkpoints, groups, ledger  # noqa: E402
from competition.database import db, writing  # noqa: E402
from tests.conftest import settings_for  # noqa: E402

VERBS = 20


def main(url: str, data: Path, case: str) -> dict[str, Any]:
    """Twenty verbs at once; `case` says what goes wrong."""
    app = create_app(settings_for(url, data))
    said: list[str] = []
    told: list[bool] = []
    commits: list[str] = []
    ours: set[gevent.Greenlet] = set()  # the site's own sender of boards writes too, when it likes
    groups.LONGEST = 1.0  # how slow the machine is says nothing of the groups
    checkpoints.EVERY = 0.1 if case == "later" else 3600.0

    def heard(session: Session) -> None:
        told.append("writing" in session.info and gevent.getcurrent() in ours)

    event.listen(Session, "after_commit", heard)

    def verb(number: int) -> None:
        with app.app_context():
            try:
                with writing() as session:
                    ledger.append(
                        session, act="test.act", subject=f"thing:{number}", body={}, actor_id=None
                    )
                    if case == "one_fails" and number % 5 == 0:
                        raise KeyError(number)
                said.append("kept")
            except KeyError:
                said.append("failed")
            except Exception as error:
                said.append(type(error).__name__)

    with app.app_context():
        shared = groups.shared(db.engine)
        assert shared is not None
        shared.driver.set_trace_callback(
            lambda text: commits.append(text) if text == "COMMIT" else None
        )
        if case == "commit_fails":
            shared.driver.end = refuse  # type: ignore[method-assign]
        forgotten: list[bool] = []
        groups.when_undone.append(lambda: forgotten.append(True))
    ours.update(gevent.spawn(verb, number) for number in range(VERBS))
    gevent.joinall(ours)
    log_left = in_the_log(shared)
    deadline = time.monotonic() + 20
    while case == "later" and in_the_log(shared) and time.monotonic() < deadline:
        time.sleep(0.05)
    with app.app_context():
        walk = ledger.walk(db.session(), None)
        return {
            "said": {word: said.count(word) for word in sorted(set(said))},
            "rows": walk.rows,
            "whole": walk.ok,
            "commits": len(commits),
            "told": sum(told),
            "forgotten": len(forgotten),
            "log": [log_left, in_the_log(shared)],
        }


def in_the_log(shared: groups.Shared) -> int:
    """Pages that only the log holds: SQLite's index of it counts all, and those written back."""
    with Path(f"{shared.connection.engine.url.database}-shm").open("rb") as index:
        head = index.read(136)
    (pages,), (back,) = struct.unpack_from("=I", head, 16), struct.unpack_from("=I", head, 96)
    return int(pages) - int(back)


def refuse() -> None:
    """The disk is full."""
    raise sqlite3.OperationalError("database or disk is full")


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])))
