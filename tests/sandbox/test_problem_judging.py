"""How a submission of a problem package comes to its verdict, score and checks.

In plain subprocesses (plain_boxes.py): the rules are tested here, the walls elsewhere.
"""

import pytest

from sandbox.box import BoxFailed
from sandbox.problem import SCORE
from sandbox.problem_judge import judge, judge_program, maxima
from sandbox.problem_programs import Source
from sandbox.problem_reading import load
from sandbox.verdict import Verdict, proposals
from tests.sandbox.packages_on_the_fly import GOOD, GROUPS, MODERN, SOUND, write
from tests.sandbox.plain_boxes import plain_bench

AC, WA, TLE, ILE, RTE, JE, IE = (Verdict[v] for v in ("AC", "WA", "TLE", "ILE", "RTE", "JE", "IE"))
JUDGE = """
import sys, pathlib
given, answer, feedback = sys.argv[1:4]
said = sys.stdin.read().split()
folder = pathlib.Path(feedback)
"""


@pytest.fixture
def bench():
    with plain_bench() as bench:
        yield bench


@pytest.fixture
def package(tmp_path):
    def make(files=(), base=SOUND):
        return load(write(tmp_path / "double", dict(files), base))

    return make


def judged(problem, bench, text, name="a.py", **more):
    return judge(problem, Source({name: text.encode()}), bench, **more)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (GOOD, AC),
        ("print(input())", WA),
        ("pass", Verdict.NO),
        ("while True: pass", TLE),
        ("exit(3)", RTE),
        ("import os; os.kill(os.getpid(), 11)", Verdict.SIG),
        ("print('x' * 9_000_000)", Verdict.OLE),
        ("print(", Verdict.CE),
    ],
)
def test_verdicts(package, bench, text, verdict):
    problem = package({".timelimit": "0.5"})
    outcome = judged(problem, bench, text)
    assert outcome.verdict is verdict
    result = judge_program(problem, {"a.py": text.encode()}, bench)
    assert result.verdict is verdict and result.message_zh and result.message_en
    full = maxima(problem)
    assert proposals(result.checks, full) == {SCORE: full[SCORE] if verdict is AC else 0}


def test_a_pass_fail_problem_stops_at_the_first_failure(package, bench):
    outcome = judged(package(), bench, "x = int(input()); print(2 * x if x < 2 else 0)")
    assert [(case.case, case.verdict) for case in outcome.cases] == [
        ("sample/1", AC),
        ("secret/01", WA),
    ]
    everything = judged(package(), bench, "print(0)", everything=True)
    assert len(everything.cases) == 3


def test_only_the_samples_for_the_public(package, bench):
    result = judge_program(package(), {"a.py": b"print(2)"}, bench, only="public")
    assert [check.id for check in result.checks] == ["sample/1"] and result.verdict is AC
    assert all(check.public for check in result.checks)


def test_answers_and_other_tests_never_enter_the_competitors_box(package, bench):
    problem = package()
    result = judge_program(problem, {"a.py": GOOD.encode()}, bench)
    assert result.verdict is AC
    ((person, box),) = bench.pool.boxes
    assert person == "somebody"
    entered = [data for _, data in box.seen]
    for case in problem.root.cases():
        assert case.answer.read_bytes() not in entered
        assert entered.count(case.input.read_bytes()) == 1


def test_what_people_read_never_quotes_the_answer(package, bench, tmp_path):
    problem = package({"data/secret/01.in": "5\n", "data/secret/01.ans": "word-of-the-answer\n"})
    result = judge_program(problem, {"a.py": GOOD.encode()}, bench, evidence_dir=tmp_path)
    assert result.verdict is WA
    assert "word-of-the-answer" not in str(result.as_dict())
    (piece,) = (piece for check in result.checks for piece in check.evidence)
    assert "word-of-the-answer" in (tmp_path / piece.path).read_text()  # for judges


def test_included_files_win_over_handed_in_ones(package, bench):
    problem = package({"include/python3/lib.py": "F = 2", "include/default/note.txt": "2"})
    files = {"main.py": b"import lib; print(lib.F * int(input()))", "lib.py": b"F = 3"}
    assert judge_program(problem, files, bench).verdict is AC


def test_too_much_source_and_languages_that_are_not_taken(package, bench):
    small = package({"problem.yaml": "limits: {code: 1}"})
    assert judged(small, bench, GOOD + "#" * 2000).verdict is Verdict.CE
    text = MODERN["problem.yaml"] + "languages: [cpp]\n"
    outcome = judged(package({"problem.yaml": text}, MODERN), bench, GOOD)
    assert outcome.verdict is Verdict.CE and "it takes cpp" in outcome.en


# Custom validators


def custom(validator: str, **more: str) -> dict[str, str]:
    return {
        "problem.yaml": "validation: custom\nvalidator_flags: easy 5\n",
        "output_validators/v.py": JUDGE + validator,
    } | more


@pytest.mark.parametrize(
    ("validator", "verdict"),
    [
        ("sys.exit(42 if said == open(answer).read().split() else 43)", AC),
        ("sys.exit(42 if open(given).read() and sys.argv[4:] == ['easy', '5'] else 43)", AC),
        ("sys.exit(43)", WA),
        ("sys.exit(0)", JE),
        ("sys.exit(1)", JE),
        ("while True: pass", JE),
        ("(folder / 'score.txt').write_text('1'); sys.exit(43)", JE),
        ("print(", JE),
    ],
)
def test_custom_validators(package, bench, validator, verdict):
    problem = package(
        custom(validator)
        | {"problem.yaml": custom("")["problem.yaml"] + "limits: {validation_time: 1}"}
    )
    outcome = judged(problem, bench, GOOD)
    assert outcome.verdict is verdict
    result = judge_program(problem, {"a.py": GOOD.encode()}, bench)
    assert proposals(result.checks, maxima(problem))[SCORE] == {AC: 100, WA: 0, JE: None}[verdict]


def test_every_validator_must_accept_and_what_it_says_is_kept(package, bench):
    says = (
        "(folder / 'judgemessage.txt').write_text('hidden 14')\n"
        "(folder / 'teammessage.txt').write_text('think')\nsys.exit(43)"
    )
    problem = package(custom(says, **{"output_validators/w.py": "exit(42)"}))
    (case,) = judged(problem, bench, GOOD).cases
    assert (case.verdict, case.en, case.note) == (WA, "think", "hidden 14")


def test_a_validator_sits_in_a_box_of_its_own(package, bench):
    judged(package(custom("sys.exit(42)")), bench, GOOD)
    (mine, player), (theirs, validator) = bench.pool.boxes
    assert mine != theirs
    assert not any(name.endswith(".ans") for name, _ in player.seen)
    assert any(name.endswith(".ans") for name, _ in validator.seen)


def test_scores_of_validators(package, bench):
    validator = "(folder / 'score.txt').write_text(said[0]); sys.exit(42)"
    problem = package(custom(validator) | {
        "problem.yaml": "type: scoring\nvalidation: custom score\n",
        "data/testdata.yaml": "on_reject: continue\ngrader_flags: ignore_sample\nrange: 0 30",
        "data/secret/testdata.yaml": "range: 0 30",
    })  # fmt: skip
    outcome = judged(problem, bench, "print(abs(int(input())))")
    assert (outcome.verdict, outcome.score) == (AC, 12)
    result = judge_program(problem, {"a.py": b"print(abs(int(input())))"}, bench)
    assert result.verdict is Verdict.PARTIAL and proposals(result.checks, maxima(problem)) == {
        SCORE: 1200
    }
    assert judged(problem, bench, "print('nan')").verdict is JE
    assert judged(problem, bench, "print(99)").verdict is JE  # outside the range


# Interactive


TALK = """
import sys, time
number = int(open(sys.argv[1]).read())
print(number, flush=True)
said = sys.stdin.readline().split()
time.sleep(0 if said else 0.3)  # so that the stand-in sees who ended first
open(sys.argv[3] + "judgemessage.txt", "w").write(f"it said {said}")
sys.exit(42 if said == [str(2 * number)] else 43)
"""


@pytest.fixture
def talk(package):
    return package({
        "problem.yaml": "validation: custom interactive\n", ".timelimit": "0.3",
        "output_validators/talk/talk.py": TALK,
    })  # fmt: skip


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("print(2 * int(input()), flush=True)", AC),
        ("print(3 * int(input()), flush=True)", WA),
        ("pass", WA),
        ("input(); exit(1)", RTE),
        ("while True: pass", TLE),
        ("input(); input()", ILE),
        ("print(3, flush=True)\nwhile True: pass", WA),  # the judge had said so before
    ],
)
def test_interactive(talk, bench, text, verdict):
    assert judged(talk, bench, text).verdict is verdict


def test_an_interactive_program_never_sees_the_input_itself(talk, bench):
    judged(talk, bench, "print(2 * int(input()), flush=True)")
    (_, player), (_, judge_box) = bench.pool.boxes
    assert not any(name.startswith("test.") for name, _ in player.seen)
    assert any(name == "test.in" for name, _ in judge_box.seen)


# Scores and groups


@pytest.mark.parametrize(
    ("text", "verdict", "shown", "score"),
    [
        (GOOD, AC, AC, 100),
        ("x = int(input()); print(2 * x if x < 50 else 0)", AC, Verdict.PARTIAL, 40),
        ("x = int(input()); print(2 * x if x != 1 else 0)", AC, Verdict.PARTIAL, 60),
        ("x = int(input()); print(2 * x if x != 101 else 0)", AC, Verdict.PARTIAL, 70),
        ("print(0)", WA, WA, 0),
    ],
)
def test_groups(package, bench, text, verdict, shown, score):
    problem = package(GROUPS)
    outcome = judged(problem, bench, text)
    assert (outcome.verdict, outcome.score) == (verdict, score)
    result = judge_program(problem, {"a.py": text.encode()}, bench)
    assert result.verdict is shown
    assert proposals(result.checks, maxima(problem)) == {SCORE: score * 100}


def test_groups_of_2023_07(package, bench):
    problem = package({
        "problem.yaml": MODERN["problem.yaml"] + "type: scoring\n",
        **{f"data/secret/0{i}.{e}": None for i in (1, 2) for e in ("in", "ans")},
        "data/secret/a/test_group.yaml": "max_score: 40",
        "data/secret/b/test_group.yaml": "max_score: 40\nscore_aggregation: sum",
        "data/secret/c/test_group.yaml": "max_score: 20\nrequire_pass: secret/a",
        "data/secret/a/1.in": "1", "data/secret/a/1.ans": "2",
        "data/secret/b/1.in": "100", "data/secret/b/1.ans": "200",
        "data/secret/b/2.in": "101", "data/secret/b/2.ans": "202",
        "data/secret/c/1.in": "3", "data/secret/c/1.ans": "6",
    }, MODERN)  # fmt: skip
    assert judged(problem, bench, GOOD).score == 100
    half = judged(problem, bench, "x = int(input()); print(2 * x if x != 101 else 0)")
    assert half.score == 80
    without = judged(problem, bench, "x = int(input()); print(2 * x if x > 1 else 0)")
    assert without.score == 40  # c is not run, because a was not passed
    assert "secret/c/1" not in [case.case for case in without.cases]


def test_our_own_fault_is_never_a_zero(package, bench, monkeypatch):
    def broken(*_, **__):
        raise BoxFailed("it broke")

    monkeypatch.setattr(bench.pool, "take", broken)
    result = judge_program(package(), {"a.py": GOOD.encode()}, bench)
    assert result.verdict is IE and "it broke" in result.message_en and not result.checks


def test_files_of_a_test_are_there_for_that_test_only(package, bench):
    files = {"data/secret/01.files/note.txt": "5", "data/secret/02.yaml": "args: [y]"}
    text = """
import os, sys
x = int(input())
assert os.path.exists("note.txt") == (x == 5) and sys.argv[1:] == (["y"] if x == -7 else [])
print(2 * x)
"""
    assert judged(package(files, MODERN), bench, text).verdict is AC
