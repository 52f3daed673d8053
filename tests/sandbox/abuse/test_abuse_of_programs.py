"""Attack programs in a box: each comes to what it must, and whoever comes next notices nothing.

Around every attack stand honest runs, of one program that says what it finds: before it in the same
box, after it in the same box, after a wipe in the same box, and in a neighbour on the same host. At
the end of each the box is closed, and nothing of it may be left on the host.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from sandbox.docker_box import LABEL, client
from sandbox.docker_program import DockerProgramBox
from sandbox.pipes import PREFIX, places
from sandbox.programs import ProgramLimits
from sandbox.verdict import Verdict
from tests.sandbox.abuse.attacks import ATTACKS, Attack

pytestmark = pytest.mark.docker

HERE = Path(__file__).parent
BESIDE = {name: (HERE / name).read_bytes() for name in ("honest.py", "attempt.py")}
HONEST = ProgramLimits(cpu_ms=2000, memory_mb=32)
NEEDLE = "needle-of-the-host"
THROUGH = b"GOT THROUGH"
PATIENCE = 10.0  # seconds in which what was removed must be gone


# --- boxes ----------------------------------------------------------------------------------------


class Ahead:
    """Fresh boxes, the next one being started while an attack runs in the last."""

    def __init__(self, image: str) -> None:
        self.image, self.hand = image, ThreadPoolExecutor(max_workers=1)
        self.next: Future[DockerProgramBox] = self.hand.submit(DockerProgramBox, image)

    def take(self) -> DockerProgramBox:
        ready, self.next = self.next, self.hand.submit(DockerProgramBox, self.image)
        return ready.result(60)

    def close(self) -> None:
        self.next.result(60).close()
        self.hand.shutdown()


@pytest.fixture(scope="module")
def ahead(program_image) -> Iterator[Ahead]:
    boxes = Ahead(program_image)
    yield boxes
    boxes.close()


@pytest.fixture(scope="module")
def neighbour(program_image) -> Iterator[DockerProgramBox]:
    """On the same host, another person's; it holds the secret that nobody else may find."""
    box = DockerProgramBox(program_image)
    box.put(BESIDE | {"submission.py": f"print('{NEEDLE}')".encode()})
    yield box
    box.close()


@pytest.fixture(scope="module", autouse=True)
def secrets_of_the_host() -> Iterator[None]:
    with tempfile.NamedTemporaryFile("w", prefix="expected-answers-") as file:
        file.write(NEEDLE)
        file.flush()
        os.environ["PODIUM_ABUSE_SECRET"] = NEEDLE
        yield
        del os.environ["PODIUM_ABUSE_SECRET"]


# --- what an honest submission gets ---------------------------------------------------------------


def honest(box: DockerProgramBox, put: set[str], least_kb: int = 6 << 10) -> None:
    ran = box.run(["python3", "honest.py"], HONEST, stdin=f"1 2 3\n{NEEDLE}\n".encode())
    files = sorted(f"./{name}" for name in put)
    assert (ran.verdict, ran.stderr) == (None, b""), ran
    assert ran.stdout.decode().splitlines() == ["14", str(files), "2 processes"]
    assert least_kb <= ran.memory_kb < 24 << 10, "the figures are its own"
    assert 1 < ran.cpu_ms < 1000


# --- what is on the host --------------------------------------------------------------------------


def uid_of(box: DockerProgramBox) -> int:
    connection = client()
    try:
        return int(connection.api.inspect_container(box.id)["Config"]["Cmd"][-1])
    finally:
        connection.close()


def processes_of(uid: int) -> list[str]:
    """The host's processes that have this uid in any of its four kinds."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        except (OSError, ValueError):
            continue  # it ended meanwhile
        if str(uid) in lines.get("Uid", "").split():
            found.append(f"{lines['Name'].strip()} {lines['State'].strip()}")
    return found


def left_of(container: str, uid: int) -> list[str]:
    """Everything on the host that comes of one box: container, processes, mounts, groups, files."""
    found = processes_of(uid)
    connection = client()
    try:
        there = connection.api.containers(all=True, filters={"label": LABEL})
        found += ["container" for each in there if each["Id"] == container]
    finally:
        connection.close()
    if container in Path("/proc/self/mountinfo").read_text():
        found.append("mount")
    for groups in ("*/docker/{}", "docker/{}", "*/system.slice/*{}*", "system.slice/*{}*"):
        found += map(str, Path("/sys/fs/cgroup").glob(groups.format(container)))
    for place in {*places(), Path("/tmp"), Path("/var/tmp")}:
        for path in place.iterdir():
            try:
                if path.lstat().st_uid == uid:
                    found.append(str(path))
            except OSError:
                pass  # somebody else's, removed meanwhile
    return found


def my_pipes() -> list[Path]:
    """Folders of pipes of this process; there are none when all its boxes are joined."""
    mine = f" {os.getpid()} "
    folders = [each for place in places() for each in place.glob(f"{PREFIX}*/owner")]
    return [each for each in folders if mine in each.read_text()]


# --- the attacks ----------------------------------------------------------------------------------


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack(attack: Attack, ahead: Ahead, neighbour: DockerProgramBox):
    name = Path(attack.program).name
    box = ahead.take()
    try:
        put = BESIDE | {name: (HERE / attack.program).read_bytes()}
        box.put(put)
        honest(box, set(put))
        slots = [(box.id, uid_of(box))]
        began = time.monotonic()
        ran = box.run(["python3", name], attack.limits, stdin=b"something to read\n")
        took = time.monotonic() - began
        assert ran.verdict in attack.verdicts, (attack.must_not, ran)
        assert THROUGH not in ran.stdout + ran.stderr, (attack.must_not, ran.stdout, ran.stderr)
        assert took < attack.limits.wall / 1000 + 6
        if ran.verdict != Verdict.MLE:  # or the kernel's own search for memory counts
            assert ran.cpu_ms < attack.limits.cpu_ms + 1000, "dying takes time as well, not more"
        judge_by_its_words(attack, ran.stdout)
        taken_out(box)
        if (box.id, uid_of(box)) != slots[0]:  # its memory took the agent with it: a new box
            slots.append((box.id, uid_of(box)))
        honest(box, set(put), 0 if attack.remembered else 6 << 10)
        only_the_next_child(slots[-1][1])
        assert box.wipe(), "the box is proven clean"
        box.put(BESIDE)
        honest(box, set(BESIDE), 0 if attack.remembered else 6 << 10)
        honest(neighbour, {*BESIDE, "submission.py"})
    finally:
        box.close()
    nothing_left(slots)


def only_the_next_child(uid: int) -> None:
    """The agent makes it ahead of the next run; it is the one process of that uid."""
    deadline = time.monotonic() + PATIENCE
    while len(there := processes_of(uid)) != 1:
        assert time.monotonic() < deadline, there
        time.sleep(0.01)


def judge_by_its_words(attack: Attack, said: bytes) -> None:
    """One that must end in order has come to its end, and has tried something on the way."""
    source = (HERE / attack.program).read_text()
    if attack.verdicts == (None,) and ("held()" in source or 'print("held' in source):
        *_, last = said.splitlines()
        assert last.startswith(b"held") and last != b"held 0", said


def taken_out(box: DockerProgramBox) -> None:
    """The host takes out what the attack has made, and gets nothing but that."""
    made = box.products(100 << 20) or {}
    for data in (*made.values(), box.get("leak", 1 << 20), box.get("folder/passwd", 1 << 20)):
        assert b"root:" not in (data or b"") and NEEDLE.encode() not in (data or b"")
    for name in ("leak-0", "leak-3", "answer.txt", "../etc/passwd", "/etc/passwd"):
        assert box.get(name, 1 << 20) is None


def nothing_left(slots: list[tuple[str, int]]) -> None:
    deadline = time.monotonic() + PATIENCE
    while left := [each for slot in slots for each in left_of(*slot)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


def test_every_attack_is_in_the_table():
    there = {path.relative_to(HERE).as_posix() for path in HERE.glob("*/*.py")}
    assert there == {attack.program for attack in ATTACKS}
    assert len(ATTACKS) >= 60


def test_no_pipes_are_left(ahead: Ahead, neighbour: DockerProgramBox):
    ahead.next.result(60)
    assert my_pipes() == []
