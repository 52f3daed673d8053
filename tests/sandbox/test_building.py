"""Builds and servers: made and judged, and what becomes of those that cannot be."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.docker_box import LABEL, OWNER, client, made_by
from sandbox.package_check import check_package
from sandbox.runner import judge
from sandbox.task import BrokenPackage, load
from sandbox.verdict import Verdict, proposals
from tests.sandbox.conftest import PACKAGES

DOCKER = [
    pytest.mark.docker,
    pytest.mark.usefixtures("image"),
]
GOOD = PACKAGES / "built" / "submissions" / "good" / "site"


def docker(test):
    for mark in DOCKER:
        test = mark(test)
    return test


@pytest.fixture(scope="module")
def built():
    return load(PACKAGES / "built")


@pytest.fixture(scope="module")
def served():
    return load(PACKAGES / "served")


# --- what a task may say --------------------------------------------------------------------------


def test_the_parts_of_a_task_are_read(built, served):
    assert built.build.command == ("npm", "run", "build")
    assert (built.build.output, built.build.seconds, built.serve) == ("dist", 60, None)
    assert (served.serve.command, served.serve.port) == (("node", "server.mjs"), 8080)


@pytest.mark.parametrize(
    "line",
    [
        "build: 7",
        "build: {command: [rm, -rf], output: dist}",
        "build: {command: npm run build, output: dist}",
        "build: {command: [npm, run, build]}",
        "build: {command: [npm, run, build], output: ../dist}",
        "build: {command: [npm, run, build], output: dist, store: nowhere}",
        "build: {command: [npm, run, build], output: dist, store: checks}",
        "build: {command: [npm, run, build], output: dist, seconds: 0}",
        "build: {command: [npm, run, build], output: dist, network: true}",
        "serve: {command: []}",
        "serve: {command: [python3, x.py]}",
        "serve: {command: [node, x.js], port: 80}",
        "serve: [node, x.js]",
    ],
)
def test_a_wrong_part_is_a_sentence(tmp_path, line):
    shutil.copytree(PACKAGES / "tiny", tmp_path / "tiny")
    with (tmp_path / "tiny" / "task.yaml").open("a") as file:
        file.write(f"\n{line}\n")
    with pytest.raises(BrokenPackage) as broken:
        load(tmp_path / "tiny")
    (problem,) = broken.value.problems
    assert line.partition(":")[0] in problem[1]


# --- packages that are judged ---------------------------------------------------------------------


@docker
@pytest.mark.parametrize("name", ["built", "served", "pages"])
def test_every_submission_of_the_package_gets_what_is_expected(name):
    report = check_package(PACKAGES / name, lambda _: None)
    assert report.ok, report.table()


def containers_of_ours() -> list[str]:
    """Containers that this very process made and that are still there."""
    connection = client()
    try:
        found = connection.api.containers(all=True, filters={"label": LABEL})
    finally:
        connection.close()
    return [each["Id"] for each in found if each["Labels"].get(OWNER) == made_by(os.getpid())]


def project(tmp_path: Path, **changes: str) -> Path:
    """The good project with other scripts or files (package_json, src_page_html …)."""
    folder = tmp_path / "project"
    shutil.copytree(GOOD, folder)
    for name, text in changes.items():
        (folder / name.replace("__", "/").replace("_", ".")).write_text(text, "utf-8")
    return folder


def scripted(command: str) -> str:
    text = (GOOD / "package.json").read_text("utf-8")
    return text.replace('"build": "tiny-bundle"', f'"build": "{command}"')


NO_OUTPUT = "node -e 0"
BUILDS = {
    "fails": ("node -e 'process.exit(3)'", "ended with code"),
    "makes nothing": (NO_OUTPUT, "without making the folder dist"),
    "no index": ("mkdir dist && touch dist/x.txt", "holds no index.html"),
    "links": ("mkdir dist && ln -s /etc/passwd dist/index.html", "holds links"),
    "asks outside": ("node -e 'fetch(`http://192.0.2.1`).catch(() => process.exit(4))'", "code"),
    "fills the disk": ("tiny-bundle && cat /dev/zero > dist/x", "code"),
}


@docker
@pytest.mark.parametrize("name", BUILDS)
def test_a_build_that_gives_no_site_is_told_and_scores_nothing(built, tmp_path, name):
    command, word = BUILDS[name]
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    result = judge(built, project(tmp_path, package_json=scripted(command)), evidence)
    assert result.verdict is Verdict.CE, result.message_en
    assert word in result.message_en
    assert proposals(result.checks, built.maxima) == {"A1.01": 0, "A1.02": 0}
    logs = [p for check in result.checks for p in check.evidence if p.kind == "log"]
    assert len(logs) == 1, "what the build said is evidence"
    assert "npm run build" in (evidence / logs[0].path).read_text("utf-8")
    assert not containers_of_ours()


@docker
def test_a_build_without_end_is_stopped(built, tmp_path):
    hurried = replace(built, build=replace(built.build, seconds=8))
    endless = project(tmp_path, package_json=scripted("node -e 'for (;;);'"))
    result = judge(hurried, endless, None)
    assert (result.verdict, "longer than 8 s" in result.message_en) == (Verdict.CE, True)


@docker
def test_a_missing_lock_is_told_before_anything_runs(built, tmp_path):
    folder = project(tmp_path)
    (folder / "package-lock.json").unlink()
    result = judge(built, folder, None)
    assert result.verdict is Verdict.CE
    assert "package-lock.json is missing" in result.message_en
    assert "package-lock.json" in result.message_zh


# --- servers --------------------------------------------------------------------------------------

SPY = """
import { existsSync, readdirSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';

const outside = net.connect(80, '192.0.2.1');
outside.on('error', (error) => console.log('outside', error.code));
console.log('cards', Object.keys(os.networkInterfaces()).join());
console.log('checks', existsSync('/box/checks'), existsSync('/browser/socket'));
console.log('processes', readdirSync('/proc').filter((name) => /^\\\\d+$/.test(name)).length);
http.createServer((_, response) => response.end('<h1>Guests</h1>')).listen(process.env.PORT);
"""


@docker
def test_a_server_shares_the_loopback_and_nothing_else(served, site, tmp_path):
    folder = site(server_mjs=SPY.replace("\\\\\\\\", "\\\\"))
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    result = judge(served, folder, evidence)
    assert {c.id: c.outcome for c in result.checks}["answers"] == "passed", result
    log = next(p for check in result.checks for p in check.evidence if p.kind == "log")
    told = (evidence / log.path).read_text("utf-8")
    assert "cards lo\n" in told and "outside ENETUNREACH" in told, told
    assert "checks false false" in told
    assert int(told.partition("processes ")[2].split()[0]) < 6, "its own processes only"
    assert not containers_of_ours()


@docker
@pytest.mark.parametrize(
    "program",
    [
        "throw new Error('no')",
        "for (;;);",
        "import http from 'node:http'; http.createServer(() => process.exit(1)).listen(8080);",
    ],
)
def test_a_server_that_does_not_answer_is_the_games_fault(served, site, program):
    result = judge(served, site(server_mjs=program), None)
    assert result.verdict is Verdict.WA, result.message_en
    assert {check.outcome for check in result.checks} == {"failed"}
    assert "server does not answer" in result.checks[0].message_en
