"""What `make` does, as far as it can be seen without installing anything."""

import io
import json
import os
import re
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from competition import settings
from setup import front_end, postgres, processes, settings_file, site, stamps
from setup.__main__ import COMMANDS
from setup.places import FRONTEND, ROOT
from setup.report import Failed

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def targets() -> set[str]:
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert phony
    return set(phony[1].split())


def test_help_is_the_default_and_lists_every_target_in_both_languages() -> None:
    said = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    listed = {line.split()[1]: line for line in said.splitlines() if line.strip()}
    assert set(listed) == targets() - {"stop-docker"}  # that one is for CI only
    for line in listed.values():
        zh, _, en = line.partition("·")
        assert re.search(r"[一-鿿]", zh), line
        assert re.search(r"[a-z]{3}", en), line


def test_every_target_has_its_command_and_its_line_in_the_readme() -> None:
    assert targets() - {"help"} == set(COMMANDS)
    readme = (ROOT / "README.md").read_text("utf-8")
    for target in targets() - {"help", "stop-docker"}:
        assert f"`make {target}`" in readme


def test_what_one_copies_from_the_readme_is_whole() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert readme.count("\n```") % 2 == 0
    found = re.findall(r"```nginx\n(.*?)\n```", readme, re.S)
    assert len(found) == 2
    for block in found:
        assert block.count("{") == block.count("}") and not re.search(r"[一-鿿]", block), block


def test_settings_file_is_private_complete_and_never_written_twice(tmp_path: Path) -> None:
    path = tmp_path / "var" / "podium.env"
    assert settings_file.ensure(path, 7410)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    values = settings.check(settings_file.read(path))
    assert values["PODIUM_PORT"] == 7410
    assert values["PODIUM_DATA"] == path.parent
    assert settings_file.read(path) == settings.read_file(path)

    before = path.read_bytes()
    assert not settings_file.ensure(path, 9999)
    assert path.read_bytes() == before


def test_two_settings_files_share_no_secret(tmp_path: Path) -> None:
    for name in ("one", "two"):
        settings_file.ensure(tmp_path / name, 8000)
    one, two = (settings_file.read(tmp_path / name) for name in ("one", "two"))
    for secret in ("PODIUM_SECRET_KEY", "PODIUM_PASSWORD_SALT"):
        assert one[secret] != two[secret]


def test_a_taken_port_gives_the_next_free_one() -> None:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        taken = somebody.getsockname()[1]
        assert taken < site.next_free("127.0.0.1", taken) < taken + 100
    assert site.next_free("127.0.0.1", taken) == taken


def test_no_port_at_all_is_said_in_one_sentence() -> None:
    with pytest.raises(Failed, match="make run PORT="):
        site.next_free("192.0.2.1", 7400)  # an address that no machine has


def test_a_started_program_is_known_again_and_only_it_is_stopped(tmp_path: Path) -> None:
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    log = tmp_path / "log"
    one = processes.start("one", sleeper, os.environ, port=7411, folder=tmp_path, log=log)
    two = processes.start("two", sleeper, os.environ, folder=tmp_path, log=log)
    try:
        assert processes.running("one", tmp_path) == one
        assert processes.stop("one", tmp_path)
        assert not one.alive()
        assert two.alive()
        assert processes.running("one", tmp_path) is None
        assert not processes.stop("one", tmp_path)  # a second stop has nothing to do
    finally:
        assert processes.stop("two", tmp_path)


def test_one_that_does_not_listen_is_ended_with_its_children(tmp_path: Path) -> None:
    stubborn = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)"
    )
    log = tmp_path / "log"
    process = processes.start(
        "x", [sys.executable, "-c", stubborn], os.environ, folder=tmp_path, log=log
    )
    while not log.read_text():
        assert process.alive()
    child = int(log.read_text())
    assert processes.stop("x", tmp_path, patience=0.3)
    assert not process.alive()
    deadline = time.monotonic() + 20  # process 1 buries it when it gets round to it
    while processes.birth(child):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_one_that_never_ran_is_not_alive() -> None:
    assert not processes.Process("x", pid=2**22 + 1, born=0).alive()


def test_a_number_that_now_belongs_to_somebody_else_is_not_ours(tmp_path: Path) -> None:
    mine = processes.birth(os.getpid())
    (tmp_path / "site.json").write_text(
        f'{{"name": "site", "pid": {os.getpid()}, "born": {mine - 1}, "port": 7412}}'
    )
    assert processes.running("site", tmp_path) is None
    assert not processes.stop("site", tmp_path)  # we are still here to say so


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}'])
def test_a_broken_record_means_not_running(tmp_path: Path, text: str) -> None:
    (tmp_path / "site.json").write_text(text)
    assert processes.running("site", tmp_path) is None


def test_only_a_database_without_rows_gets_the_demo(tmp_path: Path) -> None:
    file = tmp_path / "podium.db"
    assert not site.empty(None)  # another kind of server: left alone
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE alembic_version (n)")
        connection.execute("INSERT INTO alembic_version VALUES ('0001')")
        connection.execute("CREATE TABLE person (n)")
    assert site.empty(file)
    with sqlite3.connect(file) as connection:
        connection.execute("INSERT INTO person VALUES (1)")
    assert not site.empty(file)


def test_a_stamp_is_fresh_until_a_file_or_its_name_changes(tmp_path: Path) -> None:
    source, stamp = tmp_path / "source", tmp_path / "stamp"
    (source / "node_modules").mkdir(parents=True)
    (source / "a.ts").write_text("1")
    stamps.mark(stamp, stamps.fingerprint([source]))
    (source / "node_modules" / "noise.js").write_text("not ours")
    assert stamps.fresh(stamp, stamps.fingerprint([source]))
    (source / "a.ts").rename(source / "b.ts")
    assert not stamps.fresh(stamp, stamps.fingerprint([source]))
    (source / "b.ts").rename(source / "a.ts")
    (source / "a.ts").write_text("2")
    assert not stamps.fresh(stamp, stamps.fingerprint([source]))


def test_the_front_end_lock_names_every_platform() -> None:
    """`npm ci` refuses a lock without them, and a registry that lacks one leaves it out."""
    locked = json.loads((FRONTEND / "package-lock.json").read_text("utf-8"))["packages"]
    names = {path.rpartition("node_modules/")[2] for path in locked}
    for package in locked.values():
        assert set(package.get("optionalDependencies", {})) <= names


def test_translations_are_compiled_only_when_they_are_newer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[object] = []
    monkeypatch.setattr(front_end, "ROOT", tmp_path)
    monkeypatch.setattr(front_end, "quietly", ran.append)
    folder = tmp_path / "translations" / "zh" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text("")
    front_end.translations()
    assert len(ran) == 1
    (folder / "messages.mo").write_text("")
    front_end.translations()
    assert len(ran) == 1
    os.utime(folder / "messages.mo", (0, 0))
    front_end.translations()
    assert len(ran) == 2


def test_what_killed_tests_left_of_their_postgres_is_removed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    running, starting, dead = (tmp_path / f"{postgres.FOLDER}{one}" for one in "abc")
    for folder in (running, starting, dead, other):
        (folder / "data").mkdir(parents=True)
    (running / "data" / "postmaster.pid").write_text("1")
    long_ago = time.time() - postgres.LONGEST - 60
    for folder in (running, dead, other):
        os.utime(folder, (long_ago, long_ago))
    postgres._sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([running, starting, other])


def test_the_tests_take_the_postgres_that_they_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(postgres.VARIABLE, "postgresql://somewhere/else")
    with postgres.server() as url:
        assert url == "postgresql://somewhere/else"


def test_reset_without_a_person_or_a_yes_deletes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YES", raising=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO("yes"))  # a pipe, not a person
    with pytest.raises(Failed, match="YES=1"):
        site.reset([])
