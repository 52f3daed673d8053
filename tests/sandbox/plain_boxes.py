"""A stand-in for program boxes: plain subprocesses in a temporary folder, without any wall.

It keeps the promises that judging relies on (limits, verdicts, products, a conversation), so that
the rules of problem packages are tested without Docker. Nothing but our own tests may run in it.
"""

import contextlib
import hashlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sandbox.problem_programs import Bench, NoLanguage, NotBuilt, Source
from sandbox.programs import (
    ENVIRONMENT,
    WORK,
    Conversation,
    ProgramLimits,
    ProgramWalls,
    Ran,
    Side,
)
from sandbox.verdict import Verdict

ENDINGS = {".py": "python3", ".c": "c", ".cc": "cpp", ".cpp": "cpp"}


class PlainBox:
    """See programs.ProgramBox; WORK in an argument means its own folder."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="plain-box-"))
        self.given: dict[str, bytes] = {}
        self.seen: list[tuple[str, bytes]] = []  # everything that ever came in, for tests

    def put(self, files: Mapping[str, bytes]) -> None:
        self._clear()
        self.given |= files
        for name, data in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_bytes(data)
            path.chmod(0o755)
            self.seen.append((name, data))

    def _clear(self) -> None:
        for path in sorted(self.folder.rglob("*"), reverse=True):
            if path.is_file() and path.relative_to(self.folder).as_posix() not in self.given:
                path.unlink()

    def start(self, argv: Sequence[str], limits: ProgramLimits, env: Mapping[str, str], **pipes):
        there = [argv[0], *(word.replace(WORK, str(self.folder)) for word in argv[1:])]
        process = subprocess.Popen(
            there,
            cwd=self.folder,
            env={**env, "HOME": str(self.folder), "PATH": os.environ["PATH"]},
            start_new_session=True,
            **pipes,
        )
        seconds = limits.cpu_ms // 1000 + 1
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (seconds, seconds + 1))
            resource.prlimit(process.pid, resource.RLIMIT_AS, (limits.memory_mb << 20,) * 2)
        return process

    def run(
        self,
        argv: Sequence[str],
        limits: ProgramLimits,
        *,
        stdin: bytes = b"",
        env: Mapping[str, str] = ENVIRONMENT,
    ) -> Ran:
        self._clear()
        self.seen.append(("stdin", stdin))
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out:
            given.write(stdin)
            given.seek(0)
            process = self.start(argv, limits, env, stdin=given, stdout=out, stderr=out)
            found = ended(process, limits)
            out.seek(0)
            return with_output(found, out.read(), limits)

    def get(self, path: str, limit: int) -> bytes | None:
        return self.products(limit).get(path)

    def products(self, limit: int) -> dict[str, bytes]:
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file() and path.relative_to(self.folder).as_posix() not in self.given
        }

    def wipe(self) -> bool:
        self.given = {}
        self._clear()
        return True

    def close(self) -> None:
        shutil.rmtree(self.folder)


def ended(process: subprocess.Popen, limits: ProgramLimits) -> Ran:
    """Waits, with the wall limit, and reads what the kernel measured."""
    stopped = threading.Event()

    def stop() -> None:
        stopped.set()
        os.killpg(process.pid, signal.SIGKILL)

    late = threading.Timer(limits.wall / 1000, stop)
    late.start()
    began = time.monotonic()
    _, status, usage = os.wait4(process.pid, 0)
    late.cancel()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.returncode = 0
    wall = (time.monotonic() - began) * 1000
    cpu = (usage.ru_utime + usage.ru_stime) * 1000
    code = os.waitstatus_to_exitcode(status)
    verdict = None
    if cpu > limits.cpu_ms or code == -signal.SIGXCPU:
        verdict = Verdict.TLE
    elif stopped.is_set():  # on a crowded machine a busy one gets little; an idle one takes none
        verdict = Verdict.ILE if cpu < limits.cpu_ms / 3 else Verdict.TLE
    elif code:
        verdict = Verdict.RTE if code > 0 else Verdict.SIG
    return Ran(verdict, max(code, 0), max(-code, 0), cpu, wall, usage.ru_maxrss, False, b"", b"")


def with_output(found: Ran, output: bytes, limits: ProgramLimits) -> Ran:
    if len(output) > limits.output_kb * 1024:
        return replace(found, verdict=Verdict.OLE, stdout=output[: limits.output_kb * 1024])
    return replace(found, stdout=output, stderr=output[:1000] if found.verdict else b"")


def converse(player: Side, judge: Side) -> Conversation:
    """Each one's words go to the other; who ends first is noted."""
    for side in (player, judge):
        side.box._clear()
    (to_judge, from_player), (to_player, from_judge) = os.pipe(), os.pipe()
    ends = [
        player.box.start(
            player.argv, player.limits, player.env, stdin=to_player, stdout=from_player
        ),
        judge.box.start(judge.argv, judge.limits, judge.env, stdin=to_judge, stdout=from_judge),
    ]
    for each in (from_player, from_judge):
        os.close(each)  # the other ends stay open: what is said to one that has ended goes nowhere
    when: list[float] = [0, 0]
    found: list[Ran | None] = [None, None]

    def wait(index: int, limits: ProgramLimits) -> None:
        found[index] = ended(ends[index], limits)
        when[index] = time.monotonic()

    threads = [
        threading.Thread(target=wait, args=(i, side.limits))
        for i, side in enumerate((player, judge))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os.close(to_player)
    os.close(to_judge)
    assert found[0] and found[1]
    return Conversation(found[0], found[1], when[0] < when[1])


@dataclass
class PlainPool:
    """See programs.BoxPool."""

    boxes: list[tuple[str, PlainBox]] = field(default_factory=list)

    def take(
        self, image: str, person: str, walls=ProgramWalls(), *, timed: bool = True
    ) -> PlainBox:
        box = PlainBox()
        self.boxes.append((person, box))
        return box

    def give_back(self, box: PlainBox) -> None:
        box.close()

    def close(self) -> None: ...


@dataclass(frozen=True)
class PlainBuilt:
    files: dict[str, bytes]
    words: tuple[str, ...]
    image: str = "plain"

    def argv(self, limits: ProgramLimits) -> tuple[str, ...]:
        return self.words

    def limits(self, limits: ProgramLimits) -> ProgramLimits:
        return limits

    def told(self, ran: Ran) -> Ran:
        return ran


@dataclass
class PlainTools:
    """Python, C and C++ of this machine; compiled once for each content."""

    built: dict[str, PlainBuilt] = field(default_factory=dict)

    def language_of(self, source: Source) -> str:
        if source.language:
            return source.language
        found = {ENDINGS[Path(n).suffix] for n in source.files if Path(n).suffix in ENDINGS}
        if len(found) != 1:
            raise NoLanguage(Verdict.CE, "看不出语言。", "Its language cannot be told.")
        return found.pop()

    def build(self, source: Source, limits: ProgramLimits) -> PlainBuilt:
        key = hashlib.sha256(repr(sorted(source.files.items())).encode()).hexdigest()
        if key not in self.built:
            self.built[key] = self._build(source)
        return self.built[key]

    def _build(self, source: Source) -> PlainBuilt:
        names = sorted(source.files)
        if self.language_of(source) == "python3":
            main = next((n for n in names if n in ("__main__.py", "main.py")), names[0])
            try:
                compile(source.files[main], main, "exec")
            except SyntaxError as wrong:
                raise NotBuilt(Verdict.CE, f"编译不通过:{wrong}", str(wrong)) from wrong
            return PlainBuilt(dict(source.files), (sys.executable, main))
        with tempfile.TemporaryDirectory() as folder:
            for name, data in source.files.items():
                (Path(folder) / name).write_bytes(data)
            sources = [n for n in names if Path(n).suffix in ENDINGS]
            command = ["g++", "-O2", "-o", "program", *sources]
            done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
            if done.returncode:
                said = done.stderr.decode("utf-8", "replace")
                raise NotBuilt(Verdict.CE, f"编译不通过:{said}", said)
            return PlainBuilt({"program": (Path(folder) / "program").read_bytes()}, ("./program",))


_TOOLS = PlainTools()


@contextlib.contextmanager
def plain_bench() -> Iterator[Bench]:
    pool = PlainPool()
    yield Bench(pool, _TOOLS, converse, "somebody")
