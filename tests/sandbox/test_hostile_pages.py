"""Pages that hold on to the browser: the check ends and says so, the rig goes on."""

import time

import pytest

from sandbox.runner import judge
from sandbox.verdict import Verdict

pytestmark = [
    pytest.mark.docker,
    pytest.mark.usefixtures("image"),
]

BURN = "URL.createObjectURL(new Blob(['for (;;);']))"
# name → (page, what its check may come to, a word of the sentence)
PAGES = {
    "alert loop": ("<script>for (;;) alert(1);</script>", {"failed"}, "dialogs"),
    "confirm on a timer": (
        "<script>setInterval(() => { while (!confirm('?')); }, 10);</script>",
        {"failed"},
        "dialogs",
    ),
    "endless loop": (
        "<script>setTimeout(() => { while (true); }, 10);</script>",
        {"failed"},
        "stopped",
    ),
    "endless promises": (
        "<script>(function again() { Promise.resolve().then(again); })();</script>",
        {"failed"},
        "stopped",
    ),
    "closes itself": (
        "<script>setTimeout(() => { window.close(); self.close(); }, 10);</script>",
        {"failed", "passed"},  # whether a browser lets a page do that is its own affair
        "",
    ),
    "a worker that burns": (f"<script>new Worker({BURN});</script>", {"passed"}, ""),
    "will not be left": (
        "<script>onbeforeunload = (e) => { e.preventDefault(); e.returnValue = 'stay'; };</script>",
        {"passed"},
        "",
    ),
    "reloads for ever": (
        "<script>location.reload();</script>",
        {"passed", "undetermined", "failed"},
        "",
    ),
    "deep frames": (
        "<iframe srcdoc='<script>while (true);</script>'></iframe>",
        {"failed", "undetermined"},
        "",
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_the_game_broke_and_not_the_rig(hostile, site, name):
    page, may_be, word = PAGES[name]
    began = time.monotonic()
    result = judge(hostile, site(index_html=f"<h1 data-hook>x</h1>{page}"), None)
    found = {check.id: check for check in result.checks}
    assert found["answers"].outcome in may_be, found["answers"].message_en
    assert word in found["answers"].message_en
    assert found["answers"].message_zh
    assert found["alive"].outcome == "passed", "the check after it went on"
    assert result.verdict in (Verdict.AC, Verdict.PARTIAL), "IE and JE are our own faults only"
    assert "error" not in {check.outcome for check in result.checks}
    assert time.monotonic() - began < 240
