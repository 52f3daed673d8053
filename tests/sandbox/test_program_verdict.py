"""From an agent's figures to a verdict, and when a time is measured again. No Docker."""

import signal

import pytest

from sandbox.program_verdict import could_not_start, ran, verdict
from sandbox.programs import ATTEMPTS, ProgramLimits, Ran, timed
from sandbox.verdict import Verdict

LIMITS = ProgramLimits(cpu_ms=1000, memory_mb=64)
MIB = 1 << 20
FINE = {
    **{"code": 0, "signal": 0, "stopped": "", "cpu_ns": 5_000_000, "wall_ns": 9_000_000},
    **{"idle": 10 * MIB, "read": 0, "peak": 14 * MIB, "counted": True, "oom_kills": 0},
    **{"trouble": "", "gone": True, "err": 0},
}


def judged(**told):
    return ran(FINE | told, LIMITS, b"", b"")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, None),
        ({"code": 3}, Verdict.RTE),
        ({"signal": signal.SIGSEGV}, Verdict.SIG),
        ({"signal": signal.SIGKILL}, Verdict.SIG),  # 137 alone is not "out of memory"
        ({"signal": signal.SIGKILL, "oom_kills": 1}, Verdict.MLE),
        ({"oom_kills": 1}, Verdict.MLE),  # a child was killed, the program went on
        ({"peak": 75 * MIB}, Verdict.MLE),
        ({"peak": 75 * MIB, "read": 5 * MIB}, None),  # files of the image, read for the first time
        ({"stopped": "cpu", "signal": signal.SIGKILL}, Verdict.TLE),
        ({"cpu_ns": 1_000_000_001}, Verdict.TLE),  # ended by itself, a moment too late
        ({"signal": signal.SIGXCPU}, Verdict.TLE),
        ({"stopped": "wall", "signal": signal.SIGKILL}, Verdict.ILE),
        ({"stopped": "output", "signal": signal.SIGKILL}, Verdict.OLE),
        ({"signal": signal.SIGXFSZ}, Verdict.OLE),
        ({"stopped": "output", "oom_kills": 2, "cpu_ns": 2 * 10**9}, Verdict.OLE),
        ({"oom_kills": 2, "cpu_ns": 2 * 10**9, "stopped": "wall"}, Verdict.MLE),
        ({"cpu_ns": 2 * 10**9, "stopped": "wall", "code": 1}, Verdict.TLE),
        ({"stopped": "wall", "code": 1}, Verdict.ILE),
    ],
)
def test_the_verdict_says_which_limit_was_hit(told, expected):
    assert judged(**told).verdict == expected


def test_a_signal_of_ours_is_not_told_as_the_programs():
    stopped = judged(stopped="wall", signal=signal.SIGKILL)
    assert (stopped.signal, stopped.exit_code) == (0, 0)
    assert judged(signal=signal.SIGABRT).signal == signal.SIGABRT


def test_memory_is_what_came_on_top_and_says_when_it_is_a_guess():
    assert judged().memory_kb == 4096
    assert not judged().memory_at_least
    assert judged(counted=False).memory_at_least
    own = ran(FINE | {"counted": False}, LIMITS, b"", b"", peak=12 * MIB)
    assert (own.memory_kb, own.memory_at_least) == (2048, False)
    assert judged(peak=9 * MIB).memory_kb == 0


def test_a_program_of_the_image_that_does_not_start_is_our_fault():
    told = FINE | {"code": 127, "trouble": "FileNotFoundError: python3"}
    assert could_not_start(told, "python3")
    assert not could_not_start(told, "./a.out")
    assert not could_not_start(told, "/work/a.out")
    assert not could_not_start(FINE | {"code": 127}, "python3")  # it started and ended so itself
    assert verdict(told, LIMITS, 0) == Verdict.RTE


# --- measured again -------------------------------------------------------------------------------


class Scripted:
    """A box whose runs take these times, one after the other."""

    def __init__(self, *times, verdict=None):
        self.times, self.verdict, self.limits = list(times), verdict, []

    def run(self, argv, limits, *, stdin, env):
        self.limits.append(limits)
        cpu = min(self.times.pop(0), limits.cpu_ms)
        over = Verdict.TLE if cpu >= limits.cpu_ms else self.verdict
        return Ran(over, 0, 0, cpu, cpu, 1000, False, b"", b"")


@pytest.mark.parametrize(
    ("times", "attempts", "verdict", "cpu"),
    [
        ((500,), 1, None, 500),
        ((899,), 1, None, 899),
        ((950, 880), 2, None, 880),  # near: measured again, the least counts
        ((1040, 990, 1010), 3, None, 990),
        ((1040, 1020, 1090), 3, Verdict.TLE, 1020),
        ((99_999,), 1, Verdict.TLE, 1100),  # far over: not tried again
        ((950, 99_999), 2, None, 950),
    ],
)
def test_near_the_limit_it_is_measured_again(times, attempts, verdict, cpu):
    box = Scripted(*times)
    found = timed(box, ["x"], LIMITS)
    assert (len(found.attempts), found.ran.verdict, found.ran.cpu_ms) == (attempts, verdict, cpu)
    assert len(found.attempts) <= ATTEMPTS
    assert all(limits.cpu_ms == 1100 and limits.wall >= 4000 for limits in box.limits)


def test_a_run_that_failed_otherwise_is_not_repeated():
    found = timed(Scripted(950, verdict=Verdict.MLE), ["x"], LIMITS)
    assert (found.ran.verdict, len(found.attempts)) == (Verdict.MLE, 1)
    late = timed(Scripted(1050, 1060, 1070, verdict=Verdict.RTE), ["x"], LIMITS)
    assert late.attempts[0].verdict == Verdict.TLE


def test_the_wall_limit_is_never_too_near():
    assert LIMITS.wall == 4000
    assert ProgramLimits(cpu_ms=1000, memory_mb=64, wall_ms=100).wall == 4000
    assert ProgramLimits(cpu_ms=1000, memory_mb=64, wall_ms=9000).wall == 9000
