"""Pages that attack the rig, the host or the next check, all in one box, and what came of each.

After every page stands an honest one in the same browser, and after all of them an honest
submission in a box of its own. Pages that hang: test_hostile_pages.py; memory: test_judging.py.
"""

import os
from pathlib import Path

import pytest
from sandbox.docker_box import OWNER, client
from sandbox.runner import judge
from sandbox.task import load
from sandbox.verdict import Result, Verdict
from tests.sandbox.conftest import PACKAGES

pytestmark = [
    pytest.mark.docker,
    pytest.mark.usefixtures("image"),
]

HERE = Path(__file__).parent / "browser"
PAGES = sorted(path.stem for path in (HERE / "site").glob("*.html"))
# A page may spoil its own check, which then fails or is left to a person; nobody else's.
SPOILT = {"passed", "failed", "undetermined"}
MAY_BE = {"crash": SPOILT, "pop-ups": SPOILT, "forged-document": SPOILT}
ATTACKS = [name for name in PAGES if name not in ("index", "honest")]


@pytest.fixture(scope="module")
def judged() -> Result:
    return judge(load(HERE), HERE / "site", None)


@pytest.mark.parametrize("name", ATTACKS)
def test_a_page_got_nowhere_and_the_next_one_is_honest(judged: Result, name: str):
    checks = {check.id: check for check in judged.checks}
    assert checks, judged.message_en
    assert checks[name].outcome in MAY_BE.get(name, {"passed"}), checks[name].message_en
    assert "GOT THROUGH" not in checks[name].message_en
    assert checks[f"after-{name}"].outcome == "passed", checks[f"after-{name}"].message_en


def test_the_rig_is_whole_and_heard_no_other_check(judged: Result):
    assert judged.verdict in (Verdict.AC, Verdict.PARTIAL), judged.message_en
    assert {each.id for each in judged.checks} == {
        *ATTACKS,
        *(f"after-{name}" for name in ATTACKS),
    }


def test_the_next_submission_is_honest_and_no_box_is_left(judged: Result, tiny):
    good = PACKAGES / "tiny" / "submissions" / "good" / "site"
    assert judge(tiny, good, None).verdict is Verdict.AC
    connection = client()
    try:
        there = connection.api.containers(all=True, filters={"label": OWNER})
        mine = [each for each in there if f" {os.getpid()} " in each["Labels"][OWNER]]
    finally:
        connection.close()
    assert not [each for each in mine if "podium-browser" in each["Image"]]
