"""The images' recipes, building them safely twice at once, and what becomes of old ones."""

import io
import json
import subprocess
import sys
import tarfile
import threading
import time
from pathlib import Path

import pytest

from sandbox import languages
from sandbox.box import BoxFailed
from sandbox.docker_images import Image, labelled, labels_of, says
from sandbox.images import ahead, browser, build, making, programs, pruning
from sandbox.images.ahead import Ahead, NotReady
from sandbox.images.build import Progress, build_images, images_ready, write_progress
from sandbox.images.pruning import old
from sandbox.names import Rejected

ROOT = Path(__file__).parents[2]


def test_the_rig_changes_only_the_thin_layer(tmp_path, monkeypatch):
    before = browser.stack()
    rig = tmp_path / "rig"
    rig.mkdir()
    for path in browser.rig_files():
        if path.startswith("rig/"):
            target = rig / path.removeprefix("rig/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((browser.RIG / path.removeprefix("rig/")).read_bytes())
    monkeypatch.setattr(browser, "RIG", rig)
    assert browser.stack() == before
    (rig / "node_modules").mkdir()
    (rig / "node_modules" / "x.js").write_text("installed by a developer")
    assert browser.stack() == before
    (rig / "index.mjs").write_text("changed")
    after = browser.stack()
    assert (after.base, after.tools) == (before.base, before.tools)
    assert after.rig != before.rig
    (rig / "package-lock.json").write_text("{}")
    assert browser.stack().tools != before.tools


def test_another_package_changes_everything(monkeypatch):
    before = browser.stack()
    monkeypatch.setattr(browser, "PACKAGES", (*browser.PACKAGES, "hello"))
    after = browser.stack()
    assert before.base != after.base and before.tools != after.tools and before.rig != after.rig


def test_no_source_of_packages_is_written_down():
    ours = (p for p in (ROOT / "sandbox").rglob("*.py") if "node_modules" not in p.parts)
    for path in ours:
        assert "://" not in path.read_text("utf-8").replace("unix://", ""), path


def test_agent_and_launcher_are_in_the_image():
    files = browser.rig_files()
    assert {"podium/agent.py", "podium/launcher.py", "podium/chromium"} <= set(files)
    assert "rig/playwright.config.mjs" in files
    assert not [name for name in files if "node_modules" in name]


def test_the_progress_file_is_always_whole(tmp_path):
    path = tmp_path / "progress.json"
    tell, broken, done = write_progress(path), [], threading.Event()
    tell(Progress("building", 1, 3, "字" * 9000, "x", "now"))

    def read():
        while not done.is_set():
            try:
                json.loads(path.read_text("utf-8"))
            except ValueError as error:
                broken.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for step in range(300):
        tell(Progress("building", step, 3, "字" * 9000, "x" * 9000, "now"))
    done.set()
    reader.join()
    assert broken == []
    assert json.loads(path.read_text("utf-8"))["step"] == 299
    assert list(tmp_path.iterdir()) == [path]


def test_a_failing_program_is_named_with_its_last_words():
    lines = []
    with pytest.raises(BoxFailed, match=r"sh failed: .*no such package"):
        making.run(["sh", "-c", "echo I: begins; echo no such package >&2; exit 3"], lines.append)
    assert lines == ["begins", "no such package"]


# --- images of programs ---------------------------------------------------------------------------


def test_every_language_has_an_image_and_layers_are_shared():
    stacks = {name: programs.stack(name) for name in programs.names()}
    assert set(stacks) == {"c", "python3", "javascript", "java"}
    assert len({each.base for each in stacks.values()}) == 1
    assert stacks["python3"].tools == "" and stacks["python3"].below_top == stacks["c"].base
    tags = [tag for name in stacks for tag in (step.tag for step in programs.steps(name))]
    assert len(set(tags)) == 1 + 3 + 4
    assert all(tag.startswith("podium-program-") for tag in tags)


def test_the_agent_changes_only_the_thin_layer(monkeypatch):
    before = programs.stack("c")
    monkeypatch.setattr(programs, "agent_files", lambda: {"sandbox/inside/agent.py": b"changed"})
    after = programs.stack("c")
    assert (after.base, after.tools) == (before.base, before.tools) and after.top != before.top


def test_another_compiler_changes_one_image_only(monkeypatch):
    before = {name: programs.stack(name) for name in programs.names()}
    tools = {**programs.TOOLS, "c": making.Root(("tcc",))}
    monkeypatch.setattr(programs, "TOOLS", tools)
    after = {name: programs.stack(name) for name in programs.names()}
    assert [name for name in before if before[name] != after[name]] == ["c"]


def test_a_layer_holds_what_is_new_or_changed(tmp_path):
    def tar(name, **files):
        with tarfile.open(tmp_path / name, "w") as archive:
            folder = tarfile.TarInfo("./usr" if name == "after" else "usr")
            folder.type, folder.mtime = tarfile.DIRTYPE, len(files)
            archive.addfile(folder)
            for path, (text, mode) in files.items():
                info = tarfile.TarInfo(f"./usr/{path}" if name == "after" else f"usr/{path}")
                info.size, info.mode = len(text), mode
                archive.addfile(info, io.BytesIO(text))
            archive.addfile(tarfile.TarInfo("./dev/null"))
        return tmp_path / name

    regular = 0o100644  # Docker writes the kind of file into the mode, mmdebstrap does not
    before = tar("before", same=(b"a", regular), mode=(b"a", regular), size=(b"a", regular))
    after = tar(
        "after",
        **{"same": (b"a", 0o644), "mode": (b"a", 0o755), "size": (b"ab", 0o644)},
        **{"new": (b"n", 0o644)},
    )
    making.added(before, after, tmp_path / "layer")
    with tarfile.open(tmp_path / "layer") as layer:
        assert layer.getnames() == ["./usr/mode", "./usr/size", "./usr/new"]
        assert layer.extractfile("./usr/size").read() == b"ab"


def test_images_are_named_by_language_or_by_themselves():
    assert build.named(["cpp", "c", "browser"]) == ("c", "browser")
    assert build.named([]) == build.names() == ("browser", *languages.images())
    with pytest.raises(Rejected, match='no image "cobol"; there are: browser, c, python3'):
        build.named(["java", "cobol"])


# --- ahead of need, and after ---------------------------------------------------------------------


def test_an_image_is_built_beside_while_hand_ins_wait(monkeypatch):
    there, may_go_on, new = {}, threading.Event(), []

    def builds(_, wanted):
        may_go_on.wait(10)
        there.update(dict.fromkeys(wanted, "sha256:1"))

    monkeypatch.setattr(ahead, "ready", there.get)
    monkeypatch.setattr(ahead, "build", builds)
    images = Ahead(lambda _: None, new.append)
    for _ in range(3):
        with pytest.raises(NotReady) as waits:
            images.image("java")
    assert "准备" in waits.value.zh and "prepared" in waits.value.en
    assert images.building() == ("java",) and images.hopeless("java")
    may_go_on.set()
    deadline = time.monotonic() + 10
    while images.building() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert images.image("java") == "sha256:1" and new == ["java"]
    assert not images.hopeless("java")


def test_a_build_that_failed_says_so_and_is_not_tried_at_once(monkeypatch):
    tries = []

    def fails(_, wanted):
        tries.append(wanted)
        raise BoxFailed("no packages to be had")

    monkeypatch.setattr(ahead, "ready", lambda _: None)
    monkeypatch.setattr(ahead, "build", fails)
    images = Ahead(lambda _: None)
    images.want("java")
    deadline = time.monotonic() + 10
    while images.building() and time.monotonic() < deadline:
        time.sleep(0.01)
    with pytest.raises(NotReady, match=r"tried again. no packages to be had"):
        images.image("java")
    assert tries == [("java",)] and images.hopeless("java")


def test_only_what_nobody_can_want_any_more_is_old():
    def made(number, *tags, label=""):
        return Image(f"sha256:{number}", tags, number, {making.LABEL: label})

    there = [
        made(1, "podium-program-base:old"),
        made(2, "podium-program-c:old"),
        made(3, "podium-program-c:frozen"),
        made(4, "podium-program-java:old"),
        made(5, "podium-program-c:now"),
        made(6, label="podium-program-c:lost-its-name"),
        made(99, "podium-program-c:of-today"),
    ]
    going = old(
        there,
        current={"podium-program-c:now"},
        replaced={"podium-program-base", "podium-program-c"},  # java's new one is not ready yet
        in_use={"sha256:3"},
        before=50,
    )
    assert [image.created for image in going] == [6, 2, 1]


@pytest.mark.docker
def test_an_image_of_programs_holds_what_it_should():
    program_images = build.build(lambda _: None, programs.names())
    for name in programs.names():
        image = program_images[name]
        labels = labels_of(image)
        wanted = {row.id for row in languages.rows().values() if row.image == name}
        versions = programs.versions(labels)
        assert set(versions) == wanted and all(versions.values())
        suid = ["sh", "-c", "find / -xdev -perm /6000 -type f 2>/dev/null; true"]
        assert says(image, suid).strip() == ""
        listing = says(image, ["ls", "/opt/podium/sandbox/inside/__pycache__"])
        assert "agent" in listing
        for row in languages.rows().values():
            there = ["sh", "-c", f"command -v {row.compile[0]} || echo none"]
            has = says(image, there).strip() != "none"
            assert has == (row.image == name or row.id == "python3"), (name, row.id)


@pytest.mark.docker
def test_what_is_old_goes_and_nothing_else(program_image, monkeypatch, tmp_path):
    tag = "podium-program-python3:of-another-time"
    with making.layer(tmp_path, tag, f"FROM {program_image}\nENV OLD=1\n"):
        pass
    mine = [image for image in labelled(making.LABEL) if tag in image.tags]
    assert len(mine) == 1
    here = build.ready("python3")
    assert here is not None
    monkeypatch.setattr(pruning, "labelled", lambda _: mine)  # others work on this machine, too
    assert pruning.prune(frozenset()) == []  # made today
    assert pruning.prune({mine[0].id}, spared=-60) == []
    assert pruning.prune(frozenset(), spared=-60) == [tag]
    assert labels_of(tag) is None and build.ready("python3") == here


# --- building -------------------------------------------------------------------------------------


@pytest.mark.docker
def test_a_failure_is_told(image, monkeypatch):
    def fails(*_):
        raise BoxFailed("no packages to be had")

    told = []
    monkeypatch.setattr(browser, "_rig", fails)
    monkeypatch.setattr(browser, "rig_dockerfile", lambda tools: f"FROM {tools}\nLABEL never=1\n")
    with pytest.raises(BoxFailed, match="no packages"):
        build_images(told.append)
    assert told[-1].state == "failed"
    assert "no packages" in told[-1].text_en and told[-1].text_zh


@pytest.mark.docker
def test_a_second_builder_waits_for_the_first(image):
    program = """
import time
from sandbox.images.build import _one_at_a_time
with _one_at_a_time(lambda: None):
    print("in", flush=True)
    time.sleep(2)
"""
    other = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout.readline() == "in\n"
    told, began = [], time.monotonic()
    assert build_images(told.append) == image == images_ready()
    assert time.monotonic() - began > 1
    assert [each.state for each in told] == ["waiting", "ready"]
    assert other.wait() == 0
