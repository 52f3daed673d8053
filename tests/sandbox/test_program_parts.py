"""The parts of a program box that need no Docker: pipes, counters, cgroups, cores, the profile."""

import json
import os
import threading
import time
from pathlib import Path

import pytest

from sandbox import calibration
from sandbox.box import BoxFailed
from sandbox.cgroup import Cgroup
from sandbox.cores import Cores
from sandbox.docker_program import SECCOMP
from sandbox.inside import wire
from sandbox.inside.counters import Counters
from sandbox.pipes import Pipes, sweep_pipes
from sandbox.program_image import agent_files

# --- messages -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "message",
    [
        {"event": "ready"},
        {"name": 'résumé 文件 \U0001f600 \udcff\n"\\', "size": 12345678901234},
        {"left": ["files", "processes"], "whole": True, "found": False, "code": -3},
        {},
    ],
)
def test_the_agents_json_is_json(message):
    assert json.loads(wire.as_json(message)) == message


@pytest.fixture
def pipes():
    made = Pipes("owner")
    yield made
    made.close()


def agent(pipes, *answers, then=lambda ours: None):
    """Plays the agent: opens its ends, says that it is ready, answers each message in turn."""

    def play():
        ours = wire.Wire(str(pipes.folder))
        ours.say({"event": "ready"})
        for event, *raw in answers:
            message = ours.message()
            given = b"".join(ours.pieces(message["size"]))
            ours.say({"event": event, "op": message["op"], "got": len(given)}, *raw)
        then(ours)
        os.close(ours.sink)
        os.close(ours.source)

    thread = threading.Thread(target=play, daemon=True)
    thread.start()
    pipes.join()
    return thread


def test_messages_and_raw_bytes_of_any_size_come_through(pipes):
    agent(pipes, ("one",), ("two", b"x" * 3_000_000), ("three", b"", b"yz"))
    pipes.send({"op": "a"}, [b"1", b"", b"23"])
    assert pipes.expect("one")[0] == {"event": "one", "op": "a", "got": 3, "size": 0}
    pipes.send({"op": "b"}, [b"q" * 5_000_000])
    message, raw = pipes.expect("two")
    assert (message["got"], raw) == (5_000_000, b"x" * 3_000_000)
    pipes.send({"op": "c"})
    assert pipes.expect("three")[1] == b"yz"


def test_nothing_is_left_to_be_found_once_both_ends_are_open(pipes):
    assert pipes.folder.is_dir()
    agent(pipes)
    assert not pipes.folder.exists()


def test_an_agent_that_ends_or_says_nonsense_is_a_box_that_failed(pipes):
    agent(pipes, then=lambda ours: os.write(ours.sink, b"\xff\xff\xff\xff"))
    with pytest.raises(BoxFailed, match="too long"):
        pipes.expect("x")
    pipes.ready.clear()
    with pytest.raises(BoxFailed, match="ended by itself"):
        pipes.expect("x")


def test_an_agent_that_is_silent_is_not_waited_for(pipes):
    stop = threading.Event()
    agent(pipes, then=lambda ours: stop.wait(10))
    began = time.monotonic()
    with pytest.raises(BoxFailed, match="does not answer"):
        pipes.expect("x", seconds=0.2)
    assert time.monotonic() - began < 2
    assert pipes.alive()
    stop.set()


def test_the_agents_own_words_are_told(pipes):
    thread = agent(pipes, then=lambda ours: ours.say({"event": "failed", "reason": "no room"}))
    with pytest.raises(BoxFailed, match="no room"):
        pipes.expect("x")
    thread.join(5)  # its end of the pipe closes after its last word
    assert not pipes.alive()


def test_the_agent_ends_when_our_end_closes(pipes):
    ended = []
    thread = agent(pipes, then=lambda ours: ended.append(os.read(ours.source, 1)))
    pipes.close()
    thread.join(5)
    assert ended == [b""]


def test_folders_of_the_dead_are_swept_and_no_others(pipes):
    left = Pipes("dead")
    assert sweep_pipes(lambda owner: owner == "dead") >= 1
    assert not left.folder.exists() and pipes.folder.exists()
    left.close()


# --- counters -------------------------------------------------------------------------------------


def write(root: Path, files: dict[str, str]) -> str:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return str(root)


def test_version_1_counters(tmp_path):
    files = {
        "cpuacct/cpuacct.usage": "123456789\n",
        "memory/memory.usage_in_bytes": "8192\n",
        "memory/memory.max_usage_in_bytes": "16384\n",
        "memory/memory.stat": "cache 1\nshmem 1\ntotal_cache 900\ntotal_rss 5\ntotal_shmem 300\n",
        "memory/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n",
    }
    found = Counters(write(tmp_path, files))
    assert (found.cpu_ns(), found.memory(), found.peak()) == (123456789, 8192, 16384)
    assert (found.file_cache(), found.oom_kills()) == (600, 3)


def test_version_2_counters(tmp_path):
    files = {
        "cgroup.controllers": "cpu memory pids\n",
        "cpu.stat": "usage_usec 1500\nuser_usec 1000\nsystem_usec 500\n",
        "memory.current": "8192\n",
        "memory.peak": "16384\n",
        "memory.stat": "anon 5\nfile 900\nkernel 7\nshmem 300\nfile_mapped 12\n",
        "memory.events": "low 0\nhigh 0\nmax 9\noom 2\noom_kill 1\noom_group_kill 0\n",
    }
    found = Counters(write(tmp_path, files))
    assert (found.cpu_ns(), found.memory(), found.peak()) == (1_500_000, 8192, 16384)
    assert (found.file_cache(), found.oom_kills()) == (600, 1)


def test_counters_that_a_kernel_does_not_have_are_zero(tmp_path):
    found = Counters(write(tmp_path, {"cgroup.controllers": "", "memory.current": "1\n"}))
    assert (found.peak(), found.file_cache(), found.oom_kills(), found.cpu_ns()) == (0, 0, 0, 0)


# --- the host's side of a cgroup ------------------------------------------------------------------


def one(tmp_path, limit="100"):
    write(
        tmp_path,
        {
            "7/cgroup": "3:cpuset:/docker/abc\n4:memory:/docker/abc\n0::/\n",
            "sys/memory/docker/abc/memory.limit_in_bytes": limit,
            "sys/memory/docker/abc/memory.memsw.limit_in_bytes": limit,
            "sys/memory/docker/abc/memory.max_usage_in_bytes": "55",
            "sys/cpuset/docker/abc/cpuset.cpus": "0-1",
        },
    )
    return Cgroup(7, tmp_path / "sys", tmp_path), tmp_path / "sys"


def test_version_1_limits_peak_and_cores(tmp_path):
    found, root = one(tmp_path)
    assert found.limit_memory(500) and found.pin("1") and found.reset_peak()
    folder = root / "memory/docker/abc"
    assert (folder / "memory.limit_in_bytes").read_text() == "500"
    assert (folder / "memory.memsw.limit_in_bytes").read_text() == "500"
    assert (folder / "memory.max_usage_in_bytes").read_text().startswith("0")
    assert (root / "cpuset/docker/abc/cpuset.cpus").read_text() == "1"
    assert found.own_peak() is None
    found.close()


@pytest.mark.parametrize(("before", "first"), [("100", "memsw"), ("900", "limit")])
def test_the_outer_limit_is_raised_first_and_lowered_last(tmp_path, monkeypatch, before, first):
    found, _ = one(tmp_path, before)
    order = []
    monkeypatch.setattr(Path, "write_text", lambda path, text: order.append(path.name))
    assert found.limit_memory(500)
    assert len(order) == 2 and order[0].split(".")[1].startswith(first)


def test_version_2_resets_for_the_descriptor_that_wrote(tmp_path):
    files = {
        "7/cgroup": "0::/system.slice/docker-abc.scope\n",
        "sys/cgroup.controllers": "memory",
        "sys/system.slice/docker-abc.scope/memory.max": "max",
        "sys/system.slice/docker-abc.scope/memory.peak": "123456",
        "sys/system.slice/docker-abc.scope/cpuset.cpus": "",
    }
    write(tmp_path, files)
    found = Cgroup(7, tmp_path / "sys", tmp_path)
    assert found.own_peak() == 123456
    assert found.limit_memory(500) and found.pin("2-3")
    folder = tmp_path / "sys/system.slice/docker-abc.scope"
    assert (folder / "memory.max").read_text() == "500"
    assert found.reset_peak() and (folder / "memory.peak").read_text().startswith("reset")
    found.close()
    assert found.own_peak() is None


def test_a_process_that_is_gone_never_means_the_root(tmp_path):
    _, root = one(tmp_path)
    write(root, {"memory/memory.limit_in_bytes": "all", "cpuset/cpuset.cpus": "all"})
    for pid in (8, 9):
        write(tmp_path, {"9/cgroup": "4:memory:/\n3:cpuset:/\n0::/\n"})
        other = Cgroup(pid, root, tmp_path)
        assert not other.limit_memory(5) and not other.pin("0") and not other.reset_peak()
    assert (root / "memory/memory.limit_in_bytes").read_text() == "all"
    assert (root / "cpuset/cpuset.cpus").read_text() == "all"


# --- cores ----------------------------------------------------------------------------------------


def test_two_cores_are_one_slot_and_nothing_is_pinned(tmp_path):
    few = Cores({0, 1}, tmp_path)
    assert (few.slots, few.timed, few.lease(), few.beside) == (1, [], None, "0,1")


def test_each_test_has_a_core_alone_until_it_gives_it_back(tmp_path):
    mine, others = Cores({0, 1, 2}, tmp_path), Cores({0, 1, 2}, tmp_path)
    assert (mine.slots, mine.beside) == (2, "0")
    first, second = mine.lease(), others.lease()
    assert {first.core, second.core} == {1, 2}
    assert mine.lease(patience=0.05) is None
    second.give_back()
    third = mine.lease(patience=0.05)
    assert third.core == second.core
    for each in (first, second, third):
        each.give_back()


def test_a_lease_ends_with_its_process(tmp_path):
    cores = Cores({0, 1, 2}, tmp_path)
    child = os.fork()
    if child == 0:
        assert cores.lease() and cores.lease()
        os._exit(0)
    os.waitpid(child, 0)
    assert cores.lease(patience=0.5) is not None


# --- the host -------------------------------------------------------------------------------------


def test_calibration_says_what_this_host_can(tmp_path):
    write(tmp_path, {"cgroup.controllers": "memory"})
    found = calibration.calibrate(rounds=3, cgroups=tmp_path)
    assert found.cgroup == 2 and found.cores >= found.slots >= 1
    assert found.work_ms > 0 and found.speed_percent > 0
    assert found.exact_memory == (calibration.kernel() >= (6, 12))


def test_kernels_and_swap(tmp_path):
    assert calibration.kernel("6.12.3-amd64") == (6, 12)
    assert calibration.kernel("6.1+deb") == (6, 1)
    table = tmp_path / "swaps"
    table.write_text("Filename Type Size Used Priority\n/dev/sda partition 2097152 0 -2\n")
    assert calibration.swap_mb(table) == 2048
    assert calibration.swap_mb(tmp_path / "none") == 0


# --- the list of system calls ---------------------------------------------------------------------

PROFILE = json.loads(SECCOMP.read_text())
ALLOWED = {
    name: rule.get("args")
    for rule in PROFILE["syscalls"]
    if rule["action"] == "SCMP_ACT_ALLOW"
    for name in rule["names"]
}


def test_what_is_not_named_is_refused():
    assert PROFILE["defaultAction"] == "SCMP_ACT_ERRNO"


REFUSED = """
    io_uring_setup bpf perf_event_open userfaultfd add_key keyctl request_key ptrace kcmp
    process_vm_readv process_vm_writev pidfd_getfd unshare setns mount umount2 pivot_root chroot
    socket bind connect listen accept shmget msgget semget mq_open open_by_handle_at
    name_to_handle_at kexec_load init_module reboot swapon mknod mknodat chown fchownat capset sync
    sched_setaffinity clone3 memfd_secret fanotify_init vmsplice syslog settimeofday
    clock_settime adjtimex iopl acct quotactl
"""


@pytest.mark.parametrize("call", REFUSED.split())
def test_it_is_refused(call):
    assert call not in ALLOWED


def test_some_are_allowed_in_one_form_only():
    namespaces = 0x7E020000  # every CLONE_NEW… flag that clone knows
    assert [(each["value"], each["op"]) for each in ALLOWED["clone"]] == [
        (namespaces, "SCMP_CMP_MASKED_EQ")
    ]
    assert ALLOWED["prlimit64"][0]["value"] == 0
    assert [each["value"] for each in ALLOWED["setpriority"]] == [0, 0]
    assert ALLOWED["socketpair"][0]["value"] == 1
    assert ALLOWED["personality"][0]["value"] == 0xFFFFFFFF
    assert ALLOWED["ioctl"]


def test_what_an_image_must_hold():
    files = agent_files()
    assert {"sandbox/__init__.py", "sandbox/inside/__main__.py"} <= set(files)
    for name, data in files.items():
        compile(data, name, "exec")
        assert b"import docker" not in data
