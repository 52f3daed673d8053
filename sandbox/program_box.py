"""The host's side of a program box: what an agent (inside/agent.py) is asked for over its pipes.

Whatever holds the box (docker_program.py), this part is the same. A box whose agent failed, or in
which something could not be killed or cleaned, raises BoxFailed and is thrown away. When memory ran
out in such a way that the kernel chose the agent, that was the program's doing: its verdict is MLE,
and the box is opened anew with what had been put.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sandbox.box import BoxFailed
from sandbox.cgroup import Cgroup
from sandbox.pipes import PATIENCE, BoxGone, Message, Pipes
from sandbox.program_verdict import MIB, could_not_start, ran
from sandbox.programs import ENVIRONMENT, MOST_PROCESSES, ProgramLimits, ProgramWalls, Ran
from sandbox.verdict import Verdict

AHEAD: Final = 65_536  # bytes of stdin above which it goes before the run and is not counted
AGENT_MEMORY: Final = 24 * MIB  # what the agent itself may take of the container's limit
PAGE: Final = 4096
NEARLY: Final = 4 * MIB  # below the container's limit: the agent may lack room for its next step


class AgentBox:
    """See programs.py for what a program box promises."""

    pipes: Pipes

    def __init__(self, walls: ProgramWalls) -> None:
        self.walls = walls
        self.cgroup = Cgroup()
        self._files: dict[str, bytes] = {}  # what was put; it counts against the memory
        self._limited = 0
        self._full = False  # of what the last run left
        self._peak = 0  # the most that the container held in the last run
        self._killed = 0  # for memory, before the run that is on

    def open(self) -> None:
        """A new box, empty, with pipes and cgroup."""
        raise NotImplementedError

    def limit_memory(self, size: int) -> None:
        """For a holder that can do it more slowly when we may not write to the cgroup."""
        raise BoxFailed("This worker may not set a memory limit.")

    def close(self) -> None:
        raise NotImplementedError

    # --- files ------------------------------------------------------------------------------------

    def put(self, files: Mapping[str, bytes]) -> None:
        self._files |= files
        self._limit(max(self._limited, self._held()))
        named = [[name, len(data)] for name, data in files.items()]
        self.pipes.send({"op": "put", "files": named}, list(files.values()))
        self._done()

    def _held(self) -> int:
        """What the container holds beside a program."""
        return AGENT_MEMORY + sum(PAGE + len(data) for data in self._files.values())

    def _done(self) -> None:
        errors = self.pipes.expect("done")[0]["errors"]
        if errors:
            raise BoxFailed(f"Files could not be put into the box: {errors[0]}")

    def _clear(self) -> None:
        """What the last run made goes now."""
        self.pipes.send({"op": "put", "files": []})
        self._done()

    def get(self, path: str, limit: int) -> bytes | None:
        self._make_room(limit)
        self.pipes.send({"op": "get", "path": path, "limit": limit})
        message, data = self.pipes.expect("file")
        return data if message["found"] and len(data) <= limit else None

    def products(self, limit: int) -> dict[str, bytes] | None:
        self._make_room(limit)
        self.pipes.send({"op": "products", "limit": limit})
        found: dict[str, bytes] = {}
        while True:
            message, data = self.pipes.receive(time.monotonic() + PATIENCE)
            if message["event"] == "end":
                return found if message["whole"] else None
            found[message["name"]] = data
            limit -= len(data)
            if limit < 0:
                raise BoxFailed("The agent sends more than was asked for.")

    def wipe(self) -> bool:
        self.pipes.send({"op": "wipe"})
        self._files.clear()
        return not self.pipes.expect("wiped")[0]["left"]

    # --- programs ---------------------------------------------------------------------------------

    def run(
        self,
        argv: Sequence[str],
        limits: ProgramLimits,
        *,
        stdin: bytes = b"",
        env: Mapping[str, str] = ENVIRONMENT,
    ) -> Ran:
        began = time.monotonic()
        said: list[bytes] = []
        try:
            self.start(argv, limits, stdin=stdin, env=env)
            while True:
                message, raw = self.pipes.receive(began + limits.wall / 1000 + PATIENCE)
                if message["event"] == "exit":
                    return self.conclude(message, raw, said, argv, limits)
                said.append(raw)
        except BoxGone:
            if not self.ran_out():
                raise
        return self.opened_anew(limits, (time.monotonic() - began) * 1000, said)

    def ran_out(self) -> bool:
        """Whether memory did, in this run; to be asked at once when the agent is gone, for what
        the kernel knows of a container goes soon after it."""
        return self.cgroup.oom_kills() > self._killed

    def opened_anew(self, limits: ProgramLimits, wall: float, said: list[bytes]) -> Ran:
        """A box for what comes next, and what is to be said of the run that ended this one."""
        self._anew()
        full = limits.memory_mb * 1024
        return Ran(Verdict.MLE, 0, 0, 0.0, wall, full, True, b"".join(said), b"")

    def _anew(self) -> None:
        self.close()
        self._limited, self._peak, self._full = 0, 0, False
        self.open()
        if self._files:
            self.put(self._files)

    def start(
        self,
        argv: Sequence[str],
        limits: ProgramLimits,
        *,
        stdin: bytes = b"",
        env: Mapping[str, str] = ENVIRONMENT,
        talks: bool = False,
    ) -> None:
        if limits.processes > MOST_PROCESSES:
            raise BoxFailed(f"A box allows {MOST_PROCESSES} processes, not {limits.processes}.")
        size = limits.memory_mb * MIB + self._held() + len(stdin)
        if self._full and not self.pipes.alive():
            self._anew()  # what the last run left has cost the agent its life
        if size < self._limited:
            self._clear()  # no limit can be set below what is held
        self._limit(size)
        self._killed = self.cgroup.oom_kills()
        if len(stdin) > AHEAD:
            self.pipes.send({"op": "stdin"}, [stdin])
            self._done()
            stdin = b""
        order: Message = {
            "op": "run",
            "argv": list(argv),
            "env": dict(env),
            "limits": self._limits(limits),
            "talks": talks,
            "peak_reset": self.cgroup.reset_peak(),
        }
        self.pipes.send(order, [stdin])

    def _limits(self, limits: ProgramLimits) -> dict[str, int]:
        return {
            "cpu_ms": limits.cpu_ms,
            "wall_ms": limits.wall,
            "stack": (limits.stack_mb or limits.memory_mb) * MIB,
            "processes": limits.processes,
            "open_files": limits.open_files,
            "file": (limits.file_mb or self.walls.disk_mb) * MIB,
            "output": limits.output_kb * 1024,
        }

    def _make_room(self, carried: int) -> None:
        """For the agent to carry a file out (it holds it three times) beside what is there."""
        files = min(carried, self.walls.disk_mb * MIB)
        self._limit(max(self._limited, self._peak + 3 * files))

    def _limit(self, size: int) -> None:
        size = -(-size // MIB) * MIB
        if size != self._limited:
            if not self.cgroup.limit_memory(size):
                self.limit_memory(size)
            self._limited = size

    def conclude(
        self,
        told: dict[str, Any],
        raw: bytes,
        said: list[bytes],
        argv: Sequence[str],
        limits: ProgramLimits,
    ) -> Ran:
        """The run out of the agent's last message, which ends with the rest of the output."""
        if not told["gone"]:
            raise BoxFailed("A program could not be killed.")
        if reason := could_not_start(told, argv[0]):
            raise BoxFailed(f"{argv[0]} could not be started: {reason}")
        self._peak = told["peak"]
        self._full = self._peak > self._limited - NEARLY
        if self._full:  # perhaps of files, which stay
            self._limit(self._limited + self.walls.disk_mb * MIB)
            self.cgroup.drop()
        rest = len(raw) - told["err"]
        out = b"".join([*said, raw[:rest]])[: limits.output_kb * 1024]
        return ran(told, limits, out, raw[rest:], self.cgroup.own_peak())
