"""A program box with Docker: what goes in and comes out, and a verdict for each limit."""

import time

import pytest

from sandbox.box import BoxFailed
from sandbox.programs import MOST_PROCESSES, ProgramLimits
from sandbox.verdict import Verdict
from tests.sandbox.program_runs import LIMITS, SHORT, best, python, said

pytestmark = pytest.mark.docker

# --- what goes in and comes out -------------------------------------------------------------------


def test_input_output_and_how_it_ended(program_box):
    ran = python(
        program_box,
        "import sys; print(input()[::-1]); sys.stderr.write('hm'); sys.exit(7)",
        stdin="héllo\n".encode(),
    )
    assert (ran.verdict, ran.exit_code, ran.signal) == (Verdict.RTE, 7, 0)
    assert (ran.stdout.decode(), ran.stderr) == ("olléh\n", b"hm")
    assert 2 < ran.cpu_ms < 1000 and ran.cpu_ms <= ran.wall_ms + 5


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_537, 10_000_000])
def test_input_of_any_size_is_read_whole_and_not_counted_as_memory(program_box, size):
    program = (
        "import sys; print(sum(len(p) for p in iter(lambda: sys.stdin.buffer.read(8192), b'')))"
    )
    ran = python(program_box, program, stdin=b"x" * size)
    assert (ran.verdict, ran.stdout) == (None, b"%d\n" % size)
    assert ran.memory_kb < 8000


def test_output_of_any_bytes_comes_out_as_it_is(program_box):
    program = "import sys; sys.stdout.buffer.write(bytes(range(256)) * 20_000)"
    assert python(program_box, program).stdout == bytes(range(256)) * 20_000


def test_the_streams_can_be_opened_by_name(program_box):
    program = """
import os
print(open('/dev/stdin').read(), end='')
open('/dev/stdout', 'w').write('out')
open('/dev/stderr', 'w').write('err')
for path, how in (('/dev/stdin', 'w'), ('/dev/stdout', 'r')):
    try:
        open(path, how)
    except OSError as error:
        open('/dev/stderr', 'a').write(' refused')
try:
    os.write(0, b'changed')
except OSError:
    open('/dev/stderr', 'a').write(' sealed')
"""
    ran = python(program_box, program, stdin=b"in ")
    assert (ran.verdict, ran.stdout, ran.stderr) == (None, b"outin ", b"err refused refused sealed")


def test_the_environment_is_what_is_given(program_box):
    listing = (
        "import os; print(sorted(k for k in os.environ if not k.startswith('LC_')), os.getcwd())"
    )
    assert said(program_box, listing) == "['HOME', 'LANG', 'PATH', 'TMPDIR'] /work"
    given = {"PATH": "/usr/bin", "ANSWER": "四十二"}
    assert said(program_box, "import os; print(os.environ['ANSWER'])", env=given) == "四十二"


def test_a_program_starts_with_no_signal_ignored_or_blocked(program_box):
    ran = program_box.run(["grep", "-E", "^Sig(Ign|Blk):", "/proc/self/status"], LIMITS)
    blocked, ignored = (int(mask, 16) for mask in ran.stdout.split()[1::2])
    # 32 and 33 are the C library's own: no program can set or reset them through it. Where whoever
    # started the Docker daemon had them ignored, every container inherits that.
    libc_own = 1 << 31 | 1 << 32
    assert (blocked, ignored & ~libc_own) == (0, 0)


# --- each limit -----------------------------------------------------------------------------------


def stopped(box, program, most):
    """How a program that burns was stopped, soonest."""
    return best(lambda: python(box, program, SHORT), lambda ran: ran.cpu_ms, most)


def test_processor_time(program_box):
    ran = stopped(program_box, "while True: pass", most=210)
    assert ran.verdict == Verdict.TLE and 200 <= ran.cpu_ms <= 210


def test_processor_time_of_all_children_together(program_box):
    program = "import os\nfor _ in range(4): os.fork()\nwhile True: pass"
    ran = stopped(program_box, program, most=240)
    assert ran.verdict == Verdict.TLE and 200 <= ran.cpu_ms <= 240  # 16 of them have to die


def test_processor_time_of_who_left_the_session(program_box):
    program = """
import os
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True: pass
    os._exit(0)
os.wait()
import time; time.sleep(60)
"""
    ran = stopped(program_box, program, most=210)
    assert ran.verdict == Verdict.TLE and 200 <= ran.cpu_ms <= 210


def test_sleeping_is_a_verdict_of_its_own(program_box):
    def sleeping():
        began = time.monotonic()
        ran = python(program_box, "import time; time.sleep(60)", SHORT)
        return ran, time.monotonic() - began

    ran, waited = best(sleeping, lambda found: found[0].wall_ms, 1800)
    assert ran.verdict == Verdict.ILE and 1600 <= ran.wall_ms < 1800
    assert waited < 3


@pytest.mark.parametrize(
    "program",
    [
        "b'x' * (100 << 20)",
        "import mmap; mmap.mmap(-1, 100 << 20).write(b'x' * (100 << 20))",
        "f = open('full', 'wb')\nfor _ in range(50): f.write(b'x' * (1 << 20))\nb'x' * (40 << 20)",
        "import os\nfor _ in range(4):\n  if os.fork() == 0: a = b'x' * (30 << 20); os.wait() if 0 "
        "else __import__('time').sleep(9)\nimport time; time.sleep(1)",
    ],
    ids=["malloc", "shared", "tmpfs", "children"],
)
def test_memory(program_box, program):
    assert python(program_box, program).verdict == Verdict.MLE
    assert said(program_box, "print(1)") == "1"


def test_a_program_that_has_the_agent_killed_gets_its_verdict_and_the_box_lives(program_box):
    """Many small processes that stepped back in the line: the agent is the largest of all."""
    program_box.put({"given.txt": b"still here"})
    program = """
import os, time
open('/proc/self/oom_score_adj', 'w').write('0')
for _ in range(50):
    if os.fork() == 0:
        held = b'x' * (4 << 20)
        time.sleep(60)
time.sleep(60)
"""
    for _ in range(3):
        assert python(program_box, program).verdict == Verdict.MLE
    assert said(program_box, "print(open('given.txt').read())") == "still here"


def test_memory_is_measured(program_box):
    """Within 1 MB, the middle of three; bench/calibration.py has the table."""

    def measured(program):
        found = [python(program_box, program) for _ in range(3)]
        assert not any(ran.verdict or ran.memory_at_least for ran in found)
        return sorted(ran.memory_kb for ran in found)[1]

    idle = measured("pass")
    for megabytes in (10, 40):
        found = measured(f"a = b'x' * ({megabytes} << 20)")
        assert abs(found - idle - megabytes * 1024) < 1024


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_output(program_box, stream):
    limits = ProgramLimits(cpu_ms=2000, memory_mb=64, output_kb=100)
    ran = python(program_box, f"import sys\nwhile True: sys.{stream}.write('x' * 1000)", limits)
    assert ran.verdict == Verdict.OLE
    assert len(ran.stdout) <= 102_400 and len(ran.stderr) <= 16_384
    exact = python(program_box, f"import sys; sys.{stream}.write('x' * 102400)", limits)
    assert exact.verdict is None


def test_a_file_too_large(program_box):
    limits = ProgramLimits(cpu_ms=2000, memory_mb=64, file_mb=1)
    ran = python(program_box, "open('f', 'wb', 0).write(b'x' * 2_000_000)", limits)
    assert ran.verdict in (None, Verdict.OLE)  # cut at the limit, or told by the signal
    assert program_box.get("f", 5_000_000) == b"x" * 1_048_576


def test_signals_and_exit_codes(program_box):
    ran = python(program_box, "import os; os.abort()")
    assert (ran.verdict, ran.signal) == (Verdict.SIG, 6)
    ran = python(program_box, "import os, signal; os.kill(os.getpid(), 9)")
    assert (ran.verdict, ran.signal) == (Verdict.SIG, 9)
    assert python(program_box, "raise SystemExit(137)").exit_code == 137


def test_processes(program_box):
    few = ProgramLimits(cpu_ms=2000, memory_mb=64, processes=5)
    program = """
import os, time
made = 0
try:
    while made < 50:
        if os.fork() == 0: time.sleep(60)
        made += 1
except BlockingIOError:
    pass
print(made)
"""
    assert said(program_box, program, few) == "4"
    with pytest.raises(BoxFailed, match=str(MOST_PROCESSES)):
        box_limits = ProgramLimits(cpu_ms=1, memory_mb=1, processes=MOST_PROCESSES + 1)
        python(program_box, "pass", box_limits)


def test_a_fork_bomb_ends_and_the_next_run_is_honest(program_box):
    bomb = "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass"
    assert python(program_box, bomb, SHORT).verdict in (Verdict.TLE, Verdict.MLE)
    assert said(program_box, "print(6 * 7)") == "42"


def test_open_files_and_no_core_dump(program_box):
    program = (
        "f = []\ntry:\n  while True: f.append(open('/dev/null'))\nexcept OSError: print(len(f))"
    )
    limits = ProgramLimits(cpu_ms=2000, memory_mb=64, open_files=32)
    assert int(said(program_box, program, limits)) < 32
    python(program_box, "import os; os.abort()")
    assert program_box.products(10**6) == {}


# --- programs that cannot be started --------------------------------------------------------------


def test_a_program_that_the_image_lacks_is_our_fault(program_box):
    with pytest.raises(BoxFailed, match="nonesuch"):
        program_box.run(["nonesuch"], LIMITS)
    assert said(program_box, "print(1)") == "1"


def test_a_file_that_is_no_program_is_theirs(program_box):
    program_box.put({"a.out": b"\x7fELF and then nonsense"})
    ran = program_box.run(["./a.out"], LIMITS)
    assert (ran.verdict, ran.exit_code) == (Verdict.RTE, 127) and b"OSError" in ran.stderr
