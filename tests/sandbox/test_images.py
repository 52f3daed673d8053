"""The image's recipe, and building it safely twice at once."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sandbox.box import BoxFailed
from sandbox.images import build, recipe
from sandbox.images.build import Progress, build_images, images_ready, write_progress

ROOT = Path(__file__).parents[2]


def test_the_rig_changes_only_the_thin_layer(tmp_path, monkeypatch):
    before = recipe.stack()
    rig = tmp_path / "rig"
    rig.mkdir()
    for path in recipe.rig_files():
        if path.startswith("rig/"):
            target = rig / path.removeprefix("rig/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((recipe.RIG / path.removeprefix("rig/")).read_bytes())
    monkeypatch.setattr(recipe, "RIG", rig)
    assert recipe.stack() == before
    (rig / "node_modules").mkdir()
    (rig / "node_modules" / "x.js").write_text("installed by a developer")
    assert recipe.stack() == before
    (rig / "index.mjs").write_text("changed")
    after = recipe.stack()
    assert (after.base, after.tools) == (before.base, before.tools)
    assert after.rig != before.rig
    (rig / "package-lock.json").write_text("{}")
    assert recipe.stack().tools != before.tools


def test_another_package_changes_everything(monkeypatch):
    before = recipe.stack()
    monkeypatch.setattr(recipe, "PACKAGES", (*recipe.PACKAGES, "hello"))
    after = recipe.stack()
    assert before.base != after.base and before.tools != after.tools and before.rig != after.rig


def test_no_source_of_packages_is_written_down():
    for path in (ROOT / "sandbox").rglob("*.py"):
        assert "://" not in path.read_text("utf-8").replace("unix://", ""), path


def test_agent_and_launcher_are_in_the_image():
    files = recipe.rig_files()
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
        build._run(["sh", "-c", "echo I: begins; echo no such package >&2; exit 3"], lines.append)
    assert lines == ["begins", "no such package"]


@pytest.mark.docker
def test_a_failure_is_told(image, monkeypatch):
    def fails(*_):
        raise BoxFailed("no packages to be had")

    told = []
    monkeypatch.setattr(build, "_rig", fails)
    monkeypatch.setattr(recipe, "rig_dockerfile", lambda tools: f"FROM {tools}\nLABEL never=1\n")
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
