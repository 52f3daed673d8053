"""The site of the hall test: the real server as a process, killed with -9 and started again on the
same port and database, and its database looked into as the chief judge's desk reads it."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import create_app
from competition.cli import program
from competition.database import db
from tests.conftest import PODIUM, free_port, healthy, settings_for

START = 300  # seconds that a start may take where only slowness can be the reason


class Site:
    """What `podium serve` becomes, in `folder`, on a database that is migrated already."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder, self.port = url, folder, free_port()
        clean = {key: value for key, value in os.environ.items() if not key.startswith("PODIUM_")}
        self.env = clean | settings_for(url, folder) | {"PODIUM_PORT": str(self.port)}
        self.log = (folder / "serve.log").open("ab")
        self.lock = threading.Lock()
        self.kills = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.app = create_app(settings_for(url, folder))

    def start(self) -> None:
        self.process = subprocess.Popen(
            program("app:create_app()", f"127.0.0.1:{self.port}"),
            env=self.env,
            cwd=self.folder,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        deadline = time.monotonic() + START
        while not healthy(self.port):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError((self.folder / "serve.log").read_text())
            time.sleep(0.05)

    def kill(self) -> None:
        """kill -9 of the server and everything it started."""
        with self.lock:
            if self.process is not None:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
                self.process = None
                self.kills += 1

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.log.close()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    @contextmanager
    def database(self) -> Iterator[None]:
        """A look into its database, and verbs as a command beside it would call them."""
        with self.app.app_context():
            yield

    def podium(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PODIUM, *arguments],
            check=False,
            env=self.env,
            cwd=self.folder,
            text=True,
            capture_output=True,
        )
