"""A competitor's server in a box of its own that shares nothing with the rig's but the loopback.

The rig's container makes the network namespace (a loopback and nothing else), the server's joins
it: the browser reaches the server at 127.0.0.1, and neither can see the other's files, memory or
processes (decisions 14). What the server writes is followed line by line, so that its log survives
whatever becomes of it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from sandbox import building
from sandbox.archive import Member
from sandbox.box import BoxFailed, Exit
from sandbox.docker_box import DockerBox
from sandbox.task import Task
from sandbox.task_build import Build

LOG: Final = "out/server.log"
KEPT: Final = 200_000  # characters of the log
SHELL: Final = f'exec "$@" >/box/{LOG} 2>&1'


class Server:
    """One running server; `close` ends it with everything it started."""

    def __init__(self, task: Task, members: Iterable[Member], image: str, beside: str) -> None:
        assert task.serve is not None
        task = task if task.build else replace(task, build=Build((), None, None, 1))
        made = building.project(task, members)
        self.log = ""
        self.ended: Exit | None = None
        self.closing = False
        self._box = DockerBox(image, building.walls(task, made, beside))
        try:
            self.log = building.carry_out(task, self._box, made)
            self._thread = threading.Thread(target=self._run, args=(task,), daemon=True)
            self._thread.start()
        except BaseException:
            self._box.close()
            raise

    def _run(self, task: Task) -> None:
        assert task.serve is not None
        seconds = task.limits.wall_seconds + 60  # the rig's own limit comes first
        plain = building.command(task, task.serve.command, seconds)
        argv = ("/bin/sh", "-c", SHELL, "sh", *plain.argv)
        self._line(f"$ {' '.join(task.serve.command)}")
        try:
            self.ended = self._box.run(replace(plain, argv=argv, follow=LOG), self._line)
        except BoxFailed as error:
            if not self.closing:
                self._line(f"[podium] {error}")

    def _line(self, text: str) -> None:
        if len(self.log) < KEPT:
            self.log += f"{text[:2000]}\n"

    def close(self) -> None:
        self.closing = True
        self._box.close()
        self._thread.join(timeout=10)
