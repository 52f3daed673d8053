"""A program box held by Docker: one hardened container, whose process 1 is the agent.

Walls, from outside in: no network and no socket; a read-only image; a system call list of our own;
limits on memory, processes, disk and inodes; a uid that exists nowhere else on the host, because
process limits count by uid across all containers; and no capability but the two with which the
agent, which is root, becomes that uid. A program has none.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from docker.errors import NotFound
from docker.types import LogConfig

from sandbox.box import BoxFailed
from sandbox.cgroup import Cgroup
from sandbox.docker_box import DOCKER_FAULTS, LABEL, OWNER, client, made_by
from sandbox.inside.wire import PIPES
from sandbox.pipes import Pipes
from sandbox.program_box import AgentBox
from sandbox.program_image import COMMAND
from sandbox.program_verdict import MIB
from sandbox.programs import MOST_PROCESSES, WORK, ProgramWalls

FIRST_UID: Final = 2_100_000_000  # beyond the browser boxes' and any account of the host
SECCOMP: Final = Path(__file__).parent / "seccomp" / "program.json"
FIRST_MEMORY: Final = 256 * MIB  # until the first run says its own
SPARE_PROCESSES: Final = 32  # above what a program may have: the agent must go on


class DockerProgramBox(AgentBox):
    """Made and started; `close` removes it."""

    def __init__(self, image: str, walls: ProgramWalls = ProgramWalls()) -> None:
        super().__init__(walls)
        self.image, self.cores = image, ""
        self.open()

    def open(self) -> None:
        self._docker, self.id = client(), ""
        self.pipes = Pipes(made_by(os.getpid()))
        try:
            self.id = self._create()
            self._docker.api.start(self.id)
            self.pipes.join()
            state = self._docker.api.inspect_container(self.id)["State"]
            self.cgroup = Cgroup(int(state["Pid"]))
            if self.cores:
                self.pin(self.cores)
        except BaseException as error:
            self.close()
            if isinstance(error, DOCKER_FAULTS):
                raise BoxFailed(f"The container did not start: {error}") from error
            raise

    def _create(self) -> str:
        api = self._docker.api
        size, inodes = self.walls.disk_mb, self.walls.inodes
        tmpfs = f"rw,nosuid,nodev,exec,size={size}m,nr_inodes={inodes},uid=0,gid=0,mode=1777"
        host_config = api.create_host_config(
            auto_remove=True,
            network_mode="none",
            ipc_mode="none",
            cap_drop=["ALL"],
            cap_add=["SETUID", "SETGID"],
            security_opt=["no-new-privileges:true", f"seccomp={SECCOMP.read_text()}"],
            read_only=True,
            mem_limit=FIRST_MEMORY,
            memswap_limit=FIRST_MEMORY,
            pids_limit=MOST_PROCESSES + SPARE_PROCESSES,
            log_config=LogConfig(type="none"),
            tmpfs={WORK: tmpfs},
            binds={str(self.pipes.folder): {"bind": PIPES, "mode": "ro"}},
        )
        made = api.create_container(
            self.image,
            [*COMMAND, str(FIRST_UID + secrets.randbelow(10_000_000))],
            entrypoint=[],
            user="0:0",
            working_dir="/",
            environment={},
            hostname="box",
            labels={LABEL: "1", OWNER: made_by(os.getpid())},
            network_disabled=True,
            host_config=host_config,
        )
        return str(made["Id"])

    def limit_memory(self, size: int) -> None:
        try:
            self._docker.api.update_container(self.id, mem_limit=size, memswap_limit=size)
        except DOCKER_FAULTS as error:
            raise BoxFailed(f"The memory limit could not be set: {error}") from error

    def pin(self, cores: str) -> None:
        """Onto these cores, like "1" or "0-3"."""
        self.cores = cores
        if not self.cgroup.pin(cores):
            try:
                self._docker.api.update_container(self.id, cpuset_cpus=cores)
            except DOCKER_FAULTS as error:
                raise BoxFailed(f"The box could not be pinned to a core: {error}") from error

    def close(self) -> None:
        """Gone, at once and without asking; closing twice does no harm."""
        try:
            if self.id:
                self._docker.api.remove_container(self.id, force=True, v=True)
        except NotFound:
            pass
        except DOCKER_FAULTS as error:
            if "already in progress" not in str(error):
                raise BoxFailed(f"The container could not be removed: {error}") from error
        finally:
            self.pipes.close()
            self.cgroup.close()
            self._docker.close()
