"""A box held by Docker: one hardened container per submission, spoken to over its own pipe.

The container's process 1 is the agent under the rig's uid; the launcher is started beside it under
the browser's uid by `exec`, so nothing inside ever needs the right to change uid. The uids are
drawn for each container: process limits count by uid across the whole host. Files go through the
agent's pipe, because Docker cannot put any into a tmpfs of a read-only container.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import struct
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import docker
from docker.errors import DockerException, NotFound
from docker.types import LogConfig
from requests.exceptions import RequestException

from sandbox.agent import HEADER, LONGEST_MESSAGE, frame
from sandbox.box import BoxFailed, Command, Exit, NoDocker, Put, Walls
from sandbox.cgroup import Cgroup

LABEL: Final = "podium.sandbox"
OWNER: Final = "podium.owner"  # host, pid and start time of the process that made the container
RIG_GROUP: Final = 61001  # who may read /rig in the image; the browser is in no such group
BROWSER_GROUP: Final = 61002
FIRST_UID: Final = 1_000_000_000  # far from any account of the host
SECCOMP: Final = Path(__file__).parent / "seccomp" / "browser.json"
RESERVED: Final = 72  # processes that the browser may not use up: the rig needs them to go on
PATIENCE: Final = 30.0  # seconds in which agent and launcher must answer
STARTING: Final = 90.0  # seconds in which a command that is started ahead must be ready
OOM_FLOOR: Final = 100  # the rig; the browser lies at 200 (launcher.py), its tabs at 300 (its own)
DOCKER_FAULTS: Final = (DockerException, RequestException, OSError)


def client() -> docker.DockerClient:
    """A connection to the daemon, or NoDocker."""
    try:
        found = docker.from_env(timeout=120)
        found.ping()
    except DOCKER_FAULTS as error:
        raise NoDocker("No Docker daemon answers.") from error
    return found


class DockerBox:
    """See box.py for what a box promises."""

    def __init__(self, image: str, walls: Walls) -> None:
        self.browser_sandbox = False
        self._pipe: socket.socket | None = None
        self._cgroup = Cgroup()
        self._docker = client()
        uid = FIRST_UID + secrets.randbelow(500_000_000) * 2
        self.rig_user, self.browser_user = f"{uid}:{RIG_GROUP}", f"{uid + 1}:{BROWSER_GROUP}"
        try:
            self.id: str = self._create(image, walls, uid)
            try:
                self._start(walls)
            except BaseException:
                self.close()
                raise
        except DOCKER_FAULTS as error:
            raise BoxFailed(f"The container did not start: {error}") from error

    def _create(self, image: str, walls: Walls, uid: int) -> str:
        api = self._docker.api
        memory = walls.memory_mb * 1_000_000
        cpus = min(walls.cpus, float(os.cpu_count() or 1))
        host_config = api.create_host_config(
            auto_remove=True,
            network_mode=f"container:{walls.beside}" if walls.beside else "none",
            ipc_mode="none",
            cap_drop=["ALL"],
            security_opt=["no-new-privileges:true", f"seccomp={SECCOMP.read_text()}"],
            read_only=True,
            mem_limit=memory,
            memswap_limit=memory,
            nano_cpus=int(cpus * 1_000_000_000),
            pids_limit=walls.processes,
            oom_score_adj=OOM_FLOOR,
            log_config=LogConfig(type="none"),
            tmpfs={
                "/box": _tmpfs(walls.disk_mb, walls.files + 4000, uid, RIG_GROUP, "0700")
                + (",exec" if walls.runs_programs else ",noexec"),
                "/browser": _tmpfs(512, 20_000, uid + 1, BROWSER_GROUP, "0711") + ",noexec",
                "/dev/shm": _tmpfs(256, 2000, uid + 1, BROWSER_GROUP, "0700")  # noqa: S108
                + ",noexec",
            },
        )
        made = api.create_container(
            image,
            ["/opt/podium/agent.py"],
            user=self.rig_user,
            stdin_open=True,  # and StdinOnce: the pipe closes with us
            working_dir="/box",
            environment={},
            hostname=None if walls.beside else "box",
            labels={LABEL: "1", OWNER: made_by(os.getpid())},
            network_disabled=walls.beside is None,
            host_config=host_config,
        )
        return str(made["Id"])

    def _start(self, walls: Walls) -> None:
        api = self._docker.api
        streams = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
        attached = api.attach_socket(self.id, params=streams)
        self._pipe = getattr(attached, "_sock", attached)
        self._attached = attached  # its end would close the pipe
        self._frames = _Demultiplexer(self._pipe)
        api.start(self.id)
        self._expect("ready")
        self._cgroup = Cgroup(int(api.inspect_container(self.id)["State"]["Pid"]))
        if walls.browser:
            self._start_launcher(walls)

    def _start_launcher(self, walls: Walls) -> None:
        api = self._docker.api
        launcher = ["/opt/podium/launcher.py", str(walls.processes - RESERVED)]
        started = api.exec_create(
            self.id, launcher, user=self.browser_user, stdout=False, stderr=False
        )
        api.exec_start(started["Id"], detach=True)
        state = self._launcher_state()
        self.browser_sandbox = bool(state["sandbox"])

    def _launcher_state(self) -> dict[str, Any]:
        wait = Command(
            ("/bin/sh", "-c", "until cat /browser/state.json; do sleep 0.02; done"),
            {"PATH": "/usr/bin:/bin"},
            "/box",
            wall_seconds=int(PATIENCE / 2),
            output_bytes=100_000,
        )
        output = self.run(wait, lambda _: None).output
        try:
            return dict(json.loads(output[output.index("{") :]))
        except ValueError as error:
            raise BoxFailed("The browser's launcher did not start.") from error

    # --- what a box can do ------------------------------------------------------------------------

    def put(self, files: Iterable[Put]) -> None:
        for file in files:
            self._send(frame({"op": "put", "path": file.path, "size": file.size}))
            for chunk in file.chunks():
                self._send(chunk)
        self._send(frame({"op": "sync"}))
        errors = self._expect("synced")["errors"]
        if errors:
            raise BoxFailed(f"Files could not be put into the box: {errors[0]}")

    def ahead(self, command: Command) -> bool:
        """Starts what the next run will be told to do; whether it stands ready."""
        self._send(_as_frame("ahead", command))
        return self._expect("waiting", STARTING)["ready"] is True

    def run(self, command: Command, on_line: Callable[[str], None]) -> Exit:
        self._send(_as_frame("run", command))
        deadline = time.monotonic() + command.wall_seconds + PATIENCE
        while True:
            event = self._receive(deadline)
            if event["event"] == "line":
                on_line(event["text"])
            elif event["event"] == "exit":
                del event["event"]
                return Exit(**event)

    def limit_memory(self, megabytes: int) -> None:
        """Of a box that was made before it was known what goes into it."""
        size = megabytes * 1_000_000
        if not self._cgroup.limit_memory(size):
            try:
                self._docker.api.update_container(self.id, mem_limit=size, memswap_limit=size)
            except DOCKER_FAULTS as error:
                raise BoxFailed(f"The memory limit could not be set: {error}") from error

    def get(self, path: str, limit: int) -> bytes | None:
        self._send(frame({"op": "get", "path": path, "limit": limit}))
        answer = self._receive(time.monotonic() + PATIENCE)
        if answer["event"] != "file":
            return None
        if not 0 <= answer["size"] <= limit:
            raise BoxFailed("The agent sends more than was asked for.")
        return self._frames.exactly(answer["size"], time.monotonic() + PATIENCE)

    def close(self) -> None:
        """Gone, at once and without asking; closing twice does no harm."""
        try:
            self._docker.api.remove_container(self.id, force=True, v=True)
        except NotFound:
            pass
        except DOCKER_FAULTS as error:
            if "already in progress" not in str(error):
                raise BoxFailed(f"The container could not be removed: {error}") from error
        finally:
            if self._pipe is not None:
                self._pipe.close()
            self._cgroup.close()
            self._docker.close()

    # --- frames -----------------------------------------------------------------------------------

    def _send(self, data: bytes) -> None:
        assert self._pipe is not None
        try:
            self._pipe.settimeout(PATIENCE)
            self._pipe.sendall(data)
        except OSError as error:
            raise BoxFailed("The container went away.") from error

    def _expect(self, event: str, patience: float = PATIENCE) -> dict[str, Any]:
        message = self._receive(time.monotonic() + patience)
        if message.get("event") != event:
            raise BoxFailed(f"The agent said {message.get('event')} instead of {event}.")
        return message

    def _receive(self, deadline: float) -> dict[str, Any]:
        size = HEADER.unpack(self._frames.exactly(HEADER.size, deadline))[0]
        if size > LONGEST_MESSAGE:
            raise BoxFailed("The agent's message is too long.")
        return dict(json.loads(self._frames.exactly(size, deadline)))


def _as_frame(operation: str, command: Command) -> bytes:
    return frame({"op": operation} | vars(command) | {"argv": list(command.argv)})


class _Demultiplexer:
    """The container's stdout out of Docker's stream, which mixes it with stderr."""

    def __init__(self, pipe: socket.socket) -> None:
        self.pipe = pipe
        self.ready = bytearray()
        self.complaint = bytearray()

    def exactly(self, size: int, deadline: float) -> bytes:
        while len(self.ready) < size:
            kind, length = struct.unpack(">BxxxI", self._raw(8, deadline))
            data = self._raw(length, deadline)
            if kind == 1:
                self.ready += data
            else:
                self.complaint += data[: max(0, 4000 - len(self.complaint))]
        taken, self.ready = bytes(self.ready[:size]), self.ready[size:]
        return taken

    def _raw(self, size: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < size:
            try:
                self.pipe.settimeout(max(0.01, deadline - time.monotonic()))
                piece = self.pipe.recv(size - len(data))
            except OSError as error:
                raise BoxFailed(f"The agent does not answer: {error}") from error
            if not piece:
                said = self.complaint.decode("utf-8", "replace").strip()
                raise BoxFailed(f"The container ended by itself. {said}".strip())
            data += piece
        return bytes(data)


def _tmpfs(megabytes: int, inodes: int, uid: int, gid: int, mode: str) -> str:
    return f"rw,nosuid,nodev,size={megabytes}m,nr_inodes={inodes},uid={uid},gid={gid},mode={mode}"


# --- leftovers ------------------------------------------------------------------------------------


def sweep() -> int:
    """Removes containers whose maker is dead (killed before it could attach); how many."""
    connection, removed = client(), 0
    try:
        for each in connection.api.containers(all=True, filters={"label": LABEL}):
            if abandoned(each["Labels"].get(OWNER, "")):
                try:
                    connection.api.remove_container(each["Id"], force=True, v=True)
                    removed += 1
                except NotFound:
                    pass
                except DOCKER_FAULTS as error:
                    if "already in progress" not in str(error):
                        raise BoxFailed(f"A leftover could not be removed: {error}") from error
    finally:
        connection.close()
    return removed


def made_by(pid: int) -> str:
    """A process, told apart from a later one with the same number, and from another host's."""
    try:
        started = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        started = "0"
    return f"{socket.gethostname()} {pid} {started}"


def abandoned(owner: str) -> bool:
    host, _, rest = owner.partition(" ")
    pid = rest.partition(" ")[0]
    return host == socket.gethostname() and pid.isdigit() and made_by(int(pid)) != owner


# --- images ---------------------------------------------------------------------------------------


def image_id(tag: str) -> str | None:
    """The image of that name, if it is here."""
    connection = client()
    try:
        return str(connection.images.get(tag).id)
    except docker.errors.ImageNotFound:
        return None
    finally:
        connection.close()


def import_image(tarball: Path, tag: str, labels: dict[str, str]) -> None:
    """A root file system becomes an image."""
    repository, _, version = tag.partition(":")
    changes = [f'LABEL {key}="{value}"' for key, value in labels.items()]
    connection = client()
    try:
        answer = connection.api.import_image_from_file(
            str(tarball), repository=repository, tag=version, changes=changes
        )
        if '"error"' in str(answer):
            raise BoxFailed(f"Docker did not import the image: {answer}")
    except DOCKER_FAULTS as error:
        raise BoxFailed(f"Docker did not import the image: {error}") from error
    finally:
        connection.close()


def layer_image(context: Path, tag: str, labels: dict[str, str]) -> None:
    """A tar with a Dockerfile becomes an image; only images that are here already are used."""
    connection = client()
    try:
        with context.open("rb") as file:
            connection.images.build(
                fileobj=file,
                custom_context=True,
                tag=tag,
                labels=labels,
                pull=False,
                rm=True,
                forcerm=True,
                network_mode="none",
            )
    except DOCKER_FAULTS as error:
        raise BoxFailed(f"Docker did not build the image: {error}") from error
    finally:
        connection.close()
