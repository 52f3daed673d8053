"""The walls of a box, tried from inside with everything the browser's uid can do."""

import json
import os
import subprocess
import sys
import time

import pytest

from sandbox.box import BoxFailed, Command, Put, Walls
from sandbox.docker_box import LABEL, OWNER, DockerBox, client, sweep
from tests.sandbox.conftest import containers

pytestmark = pytest.mark.docker

SECRET = b"expected: 42"


def text(path, data):
    return Put(path, len(data), lambda: iter([data]))


@pytest.fixture(scope="module")
def box(image):
    """One box for the tests that only look."""
    made = DockerBox(image, Walls(memory_mb=600, processes=200, disk_mb=32, files=100))
    made.put([text("checks/secret.mjs", SECRET), text("out/report.jsonl", b"")])
    yield made
    made.close()


def inside(box, *argv, user=None):
    """Runs something in the box; as the browser's uid, when not said otherwise. Docker loses what a
    short program prints now and then (docker/docker-py#2042), so who said nothing is asked again;
    the sandbox itself speaks to its agent over one pipe that stays."""
    connection = client()
    try:
        for _ in range(3):
            made = connection.api.exec_create(box.id, list(argv), user=user or box.browser_user)
            output = connection.api.exec_start(made["Id"]).decode("utf-8", "replace")
            code = connection.api.exec_inspect(made["Id"])["ExitCode"]
            if output or code != 0:
                break
        return code, output
    finally:
        connection.close()


def python(box, program, **how):
    return inside(box, "python3", "-c", program, **how)


def processes(box, name):
    """The numbers of the processes in the box whose program or script has this name."""
    program = f"""
import os
for each in filter(str.isdigit, os.listdir("/proc")):
    words = open(f"/proc/{{each}}/cmdline").read().split("\\0")[:3]
    if {name!r} in [os.path.basename(word) for word in words] and int(each) != os.getpid():
        print(each)
"""
    return python(box, program)[1].split()


def run(box, *argv, seconds=20, output=100_000, follow=None, on_line=lambda _: None):
    env = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
    return box.run(Command(argv, env, "/box", seconds, output, follow), on_line)


# --- two uids -------------------------------------------------------------------------------------


def test_the_browser_cannot_read_the_checks_nor_the_rig(box):
    for path in ("/box/checks/secret.mjs", "/rig/index.mjs", "/rig/playwright.config.mjs"):
        code, output = inside(box, "cat", path)
        assert code != 0 and "Permission denied" in output
    for folder in ("/box", "/box/checks", "/rig", "/node_modules/"):
        assert inside(box, "ls", folder)[0] != 0


def test_the_rig_can(box):
    assert run(box, "cat", "/box/checks/secret.mjs").output.encode() == SECRET
    assert run(box, "ls", "/rig/node_modules/@playwright/test/cli.js").code == 0


def test_the_browser_cannot_write_the_report(box):
    program = "open('/box/out/report.jsonl', 'a').write('{}')"
    code, output = python(box, program)
    assert code != 0 and "PermissionError" in output
    assert box.get("out/report.jsonl", 1000) == b""


def test_the_browser_cannot_touch_the_rigs_processes(box):
    program = """
import os
for name in ("environ", "mem", "maps", "fd", "root/etc", "cwd/checks"):
    try:
        path = f"/proc/1/{name}"
        os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(1)
        print("READ", name)
    except OSError as error:
        print(type(error).__name__)
try:
    os.kill(1, 9)
    print("KILLED")
except OSError as error:
    print(type(error).__name__)
"""
    code, output = python(box, program)
    assert code == 0
    assert "READ" not in output and "KILLED" not in output
    assert run(box, "true").code == 0


def test_the_image_cannot_be_written_and_nothing_else_can(box):
    for user in (box.browser_user, box.rig_user):
        assert inside(box, "touch", "/etc/x", "/usr/x", "/tmp/x", "/rig/x", user=user)[0] != 0
    found = inside(box, "find", "/", "-xdev", "-perm", "/6000", "-type", "f")[1].splitlines()
    assert not [line for line in found if not line.startswith("find: ")]


def test_no_capability_and_no_way_to_one(box):
    for user in (box.browser_user, box.rig_user):
        status = inside(box, "cat", "/proc/self/status", user=user)[1]
        facts = dict(line.split(":\t") for line in status.splitlines() if ":\t" in line)
        for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            assert int(facts[name], 16) == 0
        assert facts["NoNewPrivs"] == "1"
        assert facts["Seccomp"] == "2"


def test_two_boxes_share_no_uid(box, image):
    other = DockerBox(image, Walls(600, 200, 32, 100))
    try:
        assert {box.browser_user, box.rig_user}.isdisjoint({other.browser_user, other.rig_user})
    finally:
        other.close()


# --- the kernel's doors ---------------------------------------------------------------------------

CALLS = """
import ctypes, json, socket
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments):
    ctypes.set_errno(0)
    return libc.syscall(number, *arguments), ctypes.get_errno()
def family(number, kind=socket.SOCK_STREAM, protocol=0):
    try:
        socket.socket(number, kind, protocol).close()
        return "open"
    except OSError as error:
        return error.errno
page = ctypes.create_string_buffer(4096)
print(json.dumps({
    "io_uring_setup": call(425, 1, page), "bpf": call(321, 0, page, 48),
    "ptrace": call(101, 16, 1, 0, 0), "keyctl": call(250, 0, -3), "add_key": call(248, 0, 0, 0, 0),
    "mount": call(165, b"none", b"/browser", b"tmpfs", 0, 0), "kexec_load": call(246, 0, 0, 0, 0),
    "userfaultfd": call(323, 0), "perf_event_open": call(298, page, 0, -1, -1, 0),
    "process_vm_readv": call(310, 1, 0, 0, 0, 0, 0), "pidfd_getfd": call(438, 0, 0, 0),
    "setns": call(308, 0, 0), "fsopen": call(430, b"tmpfs", 0), "msgget": call(68, 5, 0o1666),
    "shmget": call(29, 5, 4096, 0o1666), "mq_open": call(240, b"x", 0o102, 0o600, 0),
    "open_by_handle_at": call(304, 0, page, 0), "init_module": call(175, page, 1, b""),
    "unshare mounts": call(272, 0x10020000), "clone mounts": call(56, 0x20000 | 17, 0, 0, 0, 0),
    "clone3": call(435, page, 64), "io_setup": call(206, 1, page),
    "sockets": {"vsock": family(40), "packet": family(17, socket.SOCK_RAW),
                "raw": family(socket.AF_INET, socket.SOCK_RAW, 1), "alg": family(38, 5),
                "bluetooth": family(31, socket.SOCK_RAW), "audit": family(16, socket.SOCK_RAW, 9)},
}))
"""


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of x86-64")
def test_system_calls_that_nobody_needs_are_refused(box):
    for user in (box.browser_user, box.rig_user):
        code, output = python(box, CALLS, user=user)
        assert code == 0, output
        answers = json.loads(output)
        for name, answer in answers.pop("sockets").items():
            assert answer in (1, 13, 93, 97), name
        for name, (returned, error) in answers.items():
            assert returned == -1 and error in (1, 38), name


def test_there_is_no_network(box):
    program = """
import os, socket
print(sorted(os.listdir("/sys/class/net")))
for address in (("192.0.2.1", 80), ("8.8.8.8", 53), ("172.17.0.1", 2375), ("169.254.169.254", 80)):
    try:
        socket.create_connection(address, 2)
        print("CONNECTED", address)
    except OSError as error:
        print(error.errno)
try:
    print("RESOLVED", socket.getaddrinfo("example.com", 80))
except OSError:
    print("no name")
"""
    for user in (box.browser_user, box.rig_user):
        code, output = python(box, program, user=user)
        assert code == 0
        assert output.splitlines()[0] == "['lo']"
        assert "CONNECTED" not in output and "RESOLVED" not in output


# --- limits ---------------------------------------------------------------------------------------


@pytest.fixture
def small(image):
    """A box to be ruined."""
    made = DockerBox(image, Walls(memory_mb=1000, processes=200, disk_mb=16, files=100))
    yield made
    made.close()


def test_a_fork_bomb_of_the_browser_leaves_the_rig_its_processes(small):
    program = """
import os, time
made = 0
try:
    while True:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        made += 1
except OSError:
    print(made, flush=True)
"""
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_NPROC, (128, 128)){program}"
    _, output = python(small, limited)
    assert 50 < int(output.split()[-1]) <= 128
    ended = run(small, "sh", "-c", "for n in 1 2 3 4 5; do true | cat | cat; done; echo fine")
    assert (ended.code, ended.output) == (0, "fine\n")


def test_the_launcher_keeps_its_own_limit(small):
    pid = processes(small, "launcher.py")[0]
    limits = inside(small, "cat", f"/proc/{pid}/limits")[1]
    row = next(line for line in limits.splitlines() if line.startswith("Max processes"))
    assert row.split()[2:4] == ["128", "128"]


def test_memory_is_taken_from_the_hog_not_from_the_rig(small):
    hog = "a = []\nwhile True: a.append(bytearray(b'x' * 10_000_000))"
    ended = run(small, "python3", "-c", hog)
    assert ended.code == -9 and ended.oom_kills >= 1 and not ended.timed_out
    assert run(small, "true").code == 0


def test_the_disk_and_its_inodes_are_limited(small):
    fill = "out = open('/browser/big', 'wb')\nwhile True: out.write(bytes(1_000_000))"
    assert "No space left" in python(small, fill)[1]
    flood = "[open(f'/browser/{n}', 'w').close() for n in range(100_000)]"
    code, output = python(small, flood)
    assert code != 0 and "No space left" in output
    assert run(small, "true").code == 0
    with pytest.raises(BoxFailed, match="No space left"):
        small.put([text("big", bytes(17_000_000))])


def test_time_and_output_are_limited(small):
    ended = run(small, "sh", "-c", "yes | head -c 300000; sleep 60", seconds=1, output=5000)
    assert ended.timed_out and ended.code == -9
    assert len(ended.output) == 5000
    assert 900 < ended.wall_ms < 4000


def test_what_a_command_leaves_behind_is_killed_with_it(small):
    run(small, "sh", "-c", "sleep 300 & sleep 300 & exit 0")
    assert processes(small, "sleep") == []


# --- files and lines ------------------------------------------------------------------------------


def test_files_go_in_and_come_out(box):
    data = os.urandom(3_000_000)
    box.put([text("out/a/b.bin", data), text("out/empty", b"")])
    assert box.get("out/a/b.bin", 3_000_000) == data
    assert box.get("out/empty", 10) == b""
    assert box.get("out/a/b.bin", 2_999_999) is None
    assert box.get("out/missing", 10) is None


@pytest.mark.parametrize("path", ["../etc/passwd", "/etc/passwd", "out/../../etc/passwd", ".", ""])
def test_nothing_outside_the_folder_comes_out_or_goes_in(box, path):
    assert box.get(path, 10_000) is None
    with pytest.raises(BoxFailed):
        box.put([text(path, b"x")])


def test_links_are_not_followed(box):
    run(box, "sh", "-c", "cd /box/out; ln -sf /etc/passwd link; ln -sfn /etc dir; mkfifo pipe")
    assert box.get("out/link", 10_000) is None
    assert box.get("out/dir/passwd", 10_000) is None
    assert box.get("out/pipe", 10_000) is None
    assert box.get("out", 10_000) is None


def test_lines_arrive_while_the_command_runs(box):
    arrived = []
    started = time.monotonic()

    def note(line):
        arrived.append((line, time.monotonic() - started))

    script = "echo one > /box/f; sleep 1; echo two >> /box/f; printf three >> /box/f"
    run(box, "sh", "-c", script, follow="f", on_line=note)
    assert [line for line, _ in arrived] == ["one", "two"]  # an unfinished line is no line
    assert arrived[1][1] - arrived[0][1] > 0.7


# --- the end of a box -----------------------------------------------------------------------------


def gone(container, seconds=10.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if container not in containers():
            return True
        time.sleep(0.05)
    return False


def test_a_closed_box_is_gone_and_closing_twice_does_no_harm(image):
    made = DockerBox(image, Walls(600, 200, 16, 100))
    assert made.id in containers()
    made.close()
    made.close()
    assert gone(made.id)


def test_a_killed_container_is_our_fault(image):
    made = DockerBox(image, Walls(600, 200, 16, 100))
    client().api.kill(made.id)
    with pytest.raises(BoxFailed):
        run(made, "true")
    made.close()


def test_a_killed_worker_leaves_no_container(image):
    program = f"""
import sys, time
from sandbox.docker_box import DockerBox
from sandbox.box import Walls
box = DockerBox({image!r}, Walls(600, 200, 16, 100))
print(box.id, flush=True)
time.sleep(60)
"""
    worker = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    container = worker.stdout.readline().strip()
    assert container in containers()
    worker.kill()
    worker.wait()
    assert gone(container)


def test_sweeping_takes_dead_workers_containers_and_no_others(image, box):
    connection = client()

    def leave(owner):
        labels = {LABEL: "1", OWNER: owner}
        return connection.api.create_container(image, ["true"], labels=labels)["Id"]

    host = os.uname().nodename
    dead, foreign = leave(f"{host} 4194303 1"), leave("elsewhere 1 1")
    reused = leave(f"{host} {os.getpid()} 1")  # our number, but another process had it
    try:
        sweep()
        assert {dead, reused}.isdisjoint(containers())
        left = containers()
        assert foreign in left
        assert box.id in left
    finally:
        connection.api.remove_container(foreign, force=True)
        connection.close()


def test_an_image_that_is_not_there_is_our_fault_and_is_not_fetched(image):
    began = time.monotonic()
    with pytest.raises(BoxFailed, match="did not start"):
        DockerBox("podium-browser:never-built", Walls(600, 200, 16, 100))
    assert time.monotonic() - began < 5
