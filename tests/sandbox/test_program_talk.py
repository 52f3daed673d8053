"""Two boxes talk: who ended first, whose limit was hit, and neither can stop the other."""

import pytest

from sandbox.conversation import converse
from sandbox.docker_program import DockerProgramBox
from sandbox.programs import ProgramLimits, Side
from sandbox.verdict import Verdict
from tests.sandbox.program_runs import best

pytestmark = pytest.mark.docker

LIMITS = ProgramLimits(cpu_ms=1000, memory_mb=64)
SHORT = ProgramLimits(cpu_ms=100, memory_mb=64)
PLAYER = """
low, high = 1, 1000
while True:
    middle = (low + high) // 2
    print(middle, flush=True)
    answer = input()
    if answer == "=": break
    low, high = (middle + 1, high) if answer == ">" else (low, middle - 1)
"""
JUDGE = """
import sys
for number in range(12):
    guess = int(input())
    print("=" if guess == 777 else ">" if guess < 777 else "<", flush=True)
    if guess == 777: sys.exit(42)
sys.exit(43)
"""


@pytest.fixture(scope="module")
def boxes(program_image):
    made = [DockerProgramBox(program_image) for _ in range(2)]
    yield made
    for each in made:
        each.close()


def talk(boxes, player, judge, player_limits=LIMITS, judge_limits=LIMITS):
    """Both are Python programs, or words."""
    words = [["python3", "-c", each] if isinstance(each, str) else each for each in (player, judge)]
    return converse(Side(boxes[0], words[0], player_limits), Side(boxes[1], words[1], judge_limits))


def test_a_guessing_game(boxes):
    found = talk(boxes, PLAYER, JUDGE)
    assert found.player.verdict is None and found.judge.exit_code == 42
    assert found.player.stdout.split()[:3] == [b"500", b"750", b"875"]
    assert found.judge.stdout.split()[-1] == b"="


def test_a_judge_that_has_seen_enough(boxes):
    found = talk(boxes, "while True: print(1, flush=True); input()", JUDGE)
    assert found.judge.exit_code == 43 and not found.player_first
    assert found.player.verdict == Verdict.RTE and b"EOFError" in found.player.stderr


def test_a_player_that_crashes(boxes):
    found = talk(boxes, "print(500); raise SystemExit(3)", JUDGE)
    assert found.player.exit_code == 3 and found.player_first
    assert b"EOFError" in found.judge.stderr


def test_a_player_that_waits_for_ever_and_one_that_burns(boxes):
    found = talk(boxes, "import time; time.sleep(60)", JUDGE, SHORT)
    assert found.player.verdict == Verdict.ILE and found.player_first
    found = best(
        lambda: talk(boxes, "while True: pass", JUDGE, SHORT),
        lambda found: found.player.cpu_ms,
        110,
    )
    assert found.player.verdict == Verdict.TLE and 100 <= found.player.cpu_ms < 110


@pytest.mark.parametrize("flood", ["player", "judge", "both"])
def test_floods_that_nobody_reads(boxes, flood):
    yes, wait = ["yes"], ["sleep", "0.3"]
    found = talk(boxes, yes if flood != "judge" else wait, yes if flood != "player" else wait)
    assert Verdict.OLE in (found.player.verdict, found.judge.verdict)
    assert all(len(each.stdout) <= 140_000 for each in (found.player, found.judge))


def test_much_in_both_directions_and_an_end_without_an_exit(boxes):
    echo = "import sys\nfor line in sys.stdin: print(line.strip())"
    ask = """
import os, sys
for n in range(20000): print(n)
sys.stdout.flush()
os.close(1)
sys.stdout = None
os._exit(42 if sum(int(line) for line in sys.stdin) == 199990000 else 43)
"""
    found = talk(boxes, echo, ask)
    assert (found.player.verdict, found.judge.exit_code) == (None, 42)


def test_a_player_that_starves_its_agent_gets_its_verdict(boxes):
    program = """
import os, time
open('/proc/self/oom_score_adj', 'w').write('0')
for _ in range(60):
    if os.fork() == 0:
        held = b'x' * (3 << 20)
        time.sleep(20)
time.sleep(20)
"""
    assert talk(boxes, program, JUDGE).player.verdict == Verdict.MLE


def test_both_boxes_go_on(boxes):
    for each in boxes:
        assert each.run(["cat"], LIMITS, stdin=b"hello").stdout == b"hello"
        assert each.wipe()
