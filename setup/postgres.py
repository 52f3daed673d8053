"""A PostgreSQL server of the tests' own: private folder, private port, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from setup import debian
from setup.report import Failed, quietly, step

VARIABLE = "PODIUM_TEST_POSTGRES_URL"
FOLDER = "podium-postgres-"
LONGEST = 3 * 3600  # seconds; no run of the tests takes so long
ROOM = 2 << 30  # bytes; the tests' server keeps less than a quarter of it


def programs() -> Path | None:
    """The folder of the newest server's programs, which Debian keeps out of the path."""
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((p.parent for p in found), key=lambda p: int(p.parent.name), default=None)


@contextmanager
def server() -> Iterator[str]:
    """Yields the address of a server: the one that the environment names, or one just started."""
    given = os.environ.get(VARIABLE)
    if given:
        yield given
        return
    if not programs():
        debian.install(["postgresql"])
    where = _in_memory() or Path(tempfile.gettempdir())
    _sweep(where)
    with tempfile.TemporaryDirectory(prefix=FOLDER, dir=where) as name:
        folder, port = Path(name), free_port()
        with step("启动测试用 PostgreSQL", "starting PostgreSQL for the tests"):
            process = _start(folder, port)
        try:
            yield f"postgresql+psycopg://podium@127.0.0.1:{port}/postgres"
        finally:
            process.send_signal(signal.SIGINT)  # "fast": ends the sessions that are left
            process.wait(timeout=60)


def _in_memory() -> Path | None:
    """A folder in memory, where the system has one with room: a database of a test's own is made in
    22 ms there, in 560 on a slow disk. None: where temporary files go."""
    memory = Path("/dev/shm")  # noqa: S108 - a private folder is made in it
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free >= ROOM:
        return memory
    return None


def _sweep(where: Path) -> None:
    """Remove what runs that were killed left behind."""
    for folder in where.glob(f"{FOLDER}*"):
        with suppress(OSError):
            old = time.time() - folder.stat().st_mtime > LONGEST
            if old and not (folder / "data" / "postmaster.pid").exists():
                shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path, port: int) -> subprocess.Popen[bytes]:
    bin_folder = programs()
    if bin_folder is None:
        raise Failed(
            "找不到 PostgreSQL", "PostgreSQL is not there: sudo apt-get install postgresql"
        )
    # The server refuses to run as root; Debian's package brings a user for it.
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:
        shutil.chown(folder, user, user)
    data = folder / "data"
    become = [f"--reuid={user}", f"--regid={user}", "--clear-groups"]
    # Tests that are killed leave no server behind.
    prefix = ["setpriv", "--pdeathsig=INT", *(become if os.geteuid() == 0 else [])]
    quietly(
        [
            *prefix,
            bin_folder / "initdb",
            "-D",
            data,
            "-A",
            "trust",
            "-U",
            "podium",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ],
    )
    # Nothing here outlives the tests, so nothing needs to survive a power cut.
    careless = ["fsync=off", "full_page_writes=off", "max_connections=200", "max_wal_size=128MB"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                *prefix,
                bin_folder / "postgres",
                "-D",
                data,
                "-p",
                str(port),
                "-h",
                "127.0.0.1",
                "-k",
                folder,
                *(word for setting in careless for word in ("-c", setting)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    _wait(process, port, folder / "log")
    return process


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 30
    while b"ready to accept connections" not in log.read_bytes():
        if process.poll() is not None or time.monotonic() > deadline:
            raise Failed("PostgreSQL 无法启动", f"PostgreSQL does not start:\n{log.read_text()}")
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
