"""Problem packages as they are read, and what is said of those that are broken."""

import os
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.problem import matches
from sandbox.problem_reading import is_problem, load
from sandbox.scoring import Grader
from sandbox.task import BrokenPackage
from sandbox.verdict import Verdict
from tests.sandbox.packages_on_the_fly import MODERN, SOUND, write

TASKS = Path(__file__).parents[2] / "tasks"
OWN = sorted(path.parent for path in TASKS.glob("*/problem.yaml"))
AC, WA, TLE = Verdict.AC, Verdict.WA, Verdict.TLE


@pytest.fixture
def package(tmp_path):
    """Writes a package and reads it."""

    def make(base=SOUND, **_):
        folder = tmp_path / "double"
        return lambda files: load(write(folder, files, base))

    return make


@pytest.fixture
def read(package):
    return package()


@pytest.fixture
def modern(package):
    return package(MODERN)


def sentences(reading, files) -> str:
    """All sentences of a broken package, after a look at their form."""
    with pytest.raises(BrokenPackage) as broken:
        reading(files)
    for zh, en in broken.value.problems:
        assert zh.endswith("。") and en.endswith(".") and "Traceback" not in en
        assert any("\u4e00" <= c <= "\u9fff" for c in zh) and en[0] != " "
    return "\n".join(en for _, en in broken.value.problems)


def test_at_least_five_packages_of_our_own_are_sound():
    problems = [load(folder) for folder in OWN]
    assert len(problems) >= 5
    for problem in problems:
        assert problem.names.keys() >= {"zh", "en"} and problem.statements.keys() >= {"zh", "en"}
        assert not problem.warnings and problem.limits.time_ms
        endings = {Path(n).suffix for k in problem.submissions for n in k.program.files
                   if k.name.startswith("accepted/")}  # fmt: skip
        assert endings >= {".py", ".cpp"}
        folders = {known.name.split("/")[0] for known in problem.submissions}
        assert folders >= {"accepted", "wrong_answer", "time_limit_exceeded", "run_time_error"}
    assert any(p.interactive for p in problems) and any(p.scoring for p in problems)
    assert any(p.validators and not p.interactive for p in problems)
    assert {p.format for p in problems} == {"legacy", "2023-07"}


def test_a_sound_package(read, tmp_path):
    problem = read({})
    assert is_problem(tmp_path / "double")
    assert (problem.name_zh, problem.name_en, problem.id) == ("加倍", "Double", "double")
    assert [case.name for case in problem.root.cases()] == ["sample/1", "secret/01", "secret/02"]
    assert problem.limits.time_ms == 2000 and problem.limits.memory_mb == 2048
    assert [k.name for k in problem.submissions] == ["accepted/good.py", "wrong_answer/same.py"]
    assert problem.submissions[1].overall == {WA, Verdict.NO}
    assert problem.warnings == ()


def test_limits_of_both_formats(read, modern):
    legacy = read({"problem.yaml": "limits: {time_multiplier: 3, memory: 64, output: 2}"}).limits
    assert (legacy.ac_to_limit, legacy.memory_mb, legacy.output_kb) == (3, 64, 2048)
    assert legacy.limit_to_tle == 2
    text = (
        MODERN["problem.yaml"]
        + "limits: {time_limit: 0.25, time_multipliers: {time_limit_to_tle: 3}}"
    )
    limits = modern({"problem.yaml": text}).limits
    assert (limits.time_ms, limits.ac_to_limit, limits.limit_to_tle) == (250, 2, 3)


def test_groups_inherit_and_say_otherwise(read):
    problem = read(
        {
            "problem.yaml": "type: scoring\nvalidator_flags: float_tolerance 1e-3\n",
            "data/testdata.yaml": "on_reject: continue\nrange: 0 50\ngrader_flags: ignore_sample",
            "data/secret/testdata.yaml": "accept_score: 7\noutput_validator_flags: case_sensitive",
            "data/secret/a/testdata.yaml": "grader_flags: min\non_reject: break\n",
            "data/secret/a/1.in": "1",
            "data/secret/a/1.ans": "2",
        }
    )
    root, secret, a = (g for g in problem.root.groups() if g.name in ("", "secret", "secret/a"))
    assert root.grader == Grader(ignore_sample=True) and secret.grader == Grader()
    assert (a.grader.score, a.stop_at_reject, secret.stop_at_reject) == ("min", True, False)
    assert a.accept_score == 7 and a.high == 50 and problem.best == 50
    (case,) = a.cases()
    assert case.validator_flags == ("float_tolerance", "1e-3", "case_sensitive")


def test_groups_of_2023_07(modern):
    problem = modern(
        {
            "problem.yaml": MODERN["problem.yaml"] + "type: scoring\n",
            "data/secret/01.in": None, "data/secret/01.ans": None,
            "data/secret/02.in": None, "data/secret/02.ans": None,
            "data/secret/a/test_group.yaml": "max_score: 40\noutput_validator_args: [case_sensitive]\n",  # noqa: E501
            "data/secret/a/1.in": "1", "data/secret/a/1.ans": "2",
            "data/secret/b/test_group.yaml":
                "max_score: 60\nscore_aggregation: sum\nrequire_pass: [sample, secret/a]\nargs: [x]",  # noqa: E501
            "data/secret/b/1.in": "1", "data/secret/b/1.ans": "2", "data/secret/b/1.yaml": "args: []",  # noqa: E501
            "data/secret/b/deep/2.in": "1", "data/secret/b/deep/2.ans": "2",
        }
    )  # fmt: skip
    groups = {group.name: group for group in problem.root.groups()}
    assert groups["secret/a"].all_or_nothing == 40
    assert groups["secret/b"].accept_score == 30 and groups["secret/b"].needs == (
        "sample",
        "secret/a",
    )
    assert problem.best == 100
    assert [case.args for case in groups["secret/b"].cases()] == [(), ("x",)]
    assert next(groups["secret/a"].cases()).validator_flags == ("case_sensitive",)


def test_what_a_submission_says_of_itself(read):
    problem = read(
        {
            "submissions/mixed/odd.py": "# @EXPECTED_RESULTS@: WRONG-ANSWER, TIMELIMIT\n",
            "submissions/wrong_answer/memory.c": "/* @EXPECTED_RESULTS@ memory-limit */",
            "submissions/run_time_error/dir/main.py": "x",
            "submissions/run_time_error/dir/part.py": "x",
            "submissions/accepted/no.py": "# @EXPECTED_RESULTS@: COMPILER-ERROR",
            "submissions/slow_accepted/x.py": "1",
        }
    )
    known = {each.name: each for each in problem.submissions}
    assert known["mixed/odd.py"].overall == {WA, Verdict.NO, TLE, Verdict.ILE}
    assert known["wrong_answer/memory.c"].overall == {Verdict.MLE}
    assert known["accepted/no.py"].may_fail_to_compile
    assert sorted(known["run_time_error/dir"].program.files) == ["main.py", "part.py"]
    assert "slow_accepted/x.py" not in known
    assert any("slow_accepted/x.py" in en for _, en in problem.warnings)


def test_submissions_yaml(modern):
    problem = modern(
        {
            "submissions/submissions.yaml": """
wrong_answer/{same,other}.py:
  secret/*:
    permitted: [WA]
  sample: {permitted: [AC, WA], score: [0, 5]}
  message: Line
accepted/*: {language: python3, use_for_time_limit: false}
rejected: {required: [RTE]}
""",
            "submissions/rejected/x.py": "x",
        }
    )
    known = {each.name: each for each in problem.submissions}
    default, own, *parts = known["wrong_answer/same.py"].rules
    assert default.permitted == {AC, WA, Verdict.NO} and default.required == {WA, Verdict.NO}
    assert own.message == "Line" and not own.pattern
    assert {rule.pattern for rule in parts} == {"secret/*", "sample"}
    assert parts[1].score == (Fraction(0), Fraction(5))
    assert known["accepted/good.py"].program.language == "python3"
    (replaced,) = known["rejected/x.py"].rules
    assert Verdict.RTE in replaced.required and TLE not in replaced.required


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("accepted", "accepted/a.py", True),
        ("accepted/*", "accepted/a.py", True),
        ("*", "accepted/a.py", True),
        ("*.py", "accepted/a.py", False),
        ("accepted/a.{py,cpp}", "accepted/a.cpp", True),
        ("accepted/a.{py,cpp}", "accepted/a.c", False),
        ("accepted/a", "accepted/a.py", False),
        ("accepted/[ab].py", "accepted/a.py", False),
        ("secret/*-easy", "secret/01-easy", True),
        ("secret/group1", "secret/group1/01", True),
    ],
)
def test_globs(pattern, name, fits):
    assert matches(pattern, name) is fits


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"problem.yaml": None}, "problem.yaml is missing"),
        ({"problem.yaml": "a: [1"}, "problem.yaml is not valid YAML (line 1)"),
        ({"problem.yaml": "- 1"}, "must hold keys and values"),
        ({"problem.yaml": b"\xff\xfe\x00"}, "is not UTF-8 text"),
        ({"problem.yaml": "? [1, 2]\n: 3"}, "not valid YAML"),
        ({"problem.yaml": "a: 2026-99-99"}, "not valid YAML"),
        ({"problem.yaml": "!!python/object/apply:os.system ['true']"}, "not valid YAML"),
        ({"problem.yaml": "[" * 5000}, "not valid YAML"),
        ({"problem.yaml": "x: " + "9" * 5000}, "not valid YAML"),
        ({"problem.yaml": "#" * 2_000_000}, "too large"),
        ({"problem.yaml": "type: [scoring]"}, "type must be one of pass-fail, scoring"),
        ({"problem.yaml": "validation: maybe"}, "validation must begin with default or custom"),
        ({"problem.yaml": "validation: custom magic"}, 'does not know "magic"'),
        ({"problem.yaml": "validation: custom score"}, "has score, but type is not scoring"),
        ({"problem.yaml": "validation: custom"}, "output_validators holds no program"),
        ({"problem.yaml": "validation: custom interactive"}, "output_validators holds no program"),
        ({"problem.yaml": "limits: 5"}, "limits must hold keys and values"),
        ({"problem.yaml": "limits: {memory: much}"}, "memory must be a number from 1 to 65536"),
        ({"problem.yaml": "limits: {memory: .nan}"}, "memory must be a number"),
        ({"problem.yaml": "limits: {time_multiplier: 0.5}"}, "must be a number from 1 to 1000"),
        ({"problem.yaml": "validator_flags: float_tolerance"}, "float_tolerance needs a number"),
        ({"problem.yaml": "validator_flags: 'a \"b'"}, "has a quote without its pair"),
        ({"problem.yaml": "problem_format_version: 1999"}, "must be legacy, 2023-07 or 2025-09"),
        ({".timelimit": "soon"}, ".timelimit must hold a number of seconds"),
        ({".timelimit": "-1"}, ".timelimit must hold a number of seconds"),
        ({"data/secret/01.ans": None}, "data/secret/01.in has no data/secret/01.ans"),
        ({"data/secret/02.in": None}, "data/secret/02.ans has no data/secret/02.in"),
        ({"data/01.in": "1"}, "data/01.in must lie in data/sample or data/secret"),
        ({"data/hidden/1.in": "1"}, "data/hidden must lie in data/sample or data/secret"),
        ({"data/secret/g/testdata.yaml": "on_reject: break"}, "data/secret/g holds no test data"),
        ({"data/testdata.yaml": "range: 0 1"}, "range is for scoring problems only"),
        ({"data/testdata.yaml": "on_reject: perhaps"}, "on_reject must be one of break, continue"),
        ({"data/testdata.yaml": "grader_flags: median"}, 'does not know "median"'),
        ({"data/testdata.yaml": "grading: custom"}, "is custom, which is not supported"),
        ({"data/testdata.yaml": "grader_flags: ignore_sample"}, "on_reject must be continue"),
        ({"data/secret/testdata.yaml": "grader_flags: ignore_sample"}, "only data/testdata.yaml may"),  # noqa: E501
        (
            {"problem.yaml": "type: scoring", "data/testdata.yaml": "range: 5 1"},
            "range must be two numbers",
        ),
        (
            {"problem.yaml": "type: scoring", "data/testdata.yaml": "accept_score: 1e999999999"},
            "accept_score must be a number",
        ),
        ({"submissions/accepted/good.py": None}, "submissions/accepted holds no submission"),
        (
            {"problem_statement/problem.en.tex": None, "problem_statement/problem.zh.tex": None},
            "problem_statement holds no statement",
        ),
    ],
)  # fmt: skip
def test_broken_packages_are_told_in_sentences(read, files, told):
    assert told in sentences(read, files)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"problem.yaml": "problem_format_version: 2023-07"}, "name must be the name"),
        ({"problem.yaml": MODERN["problem.yaml"] + "type: multi-pass"}, '"multi-pass" is not'),
        ({"problem.yaml": MODERN["problem.yaml"] + "type: []"}, "type must be a type or a list"),
        ({"problem.yaml": MODERN["problem.yaml"] + "type: interactive"}, "needs an output validator"),  # noqa: E501
        ({"data/secret/test_group.yaml": "max_score: 5"}, "max_score cannot be used here"),
        ({"data/secret/g/1.in": "", "data/secret/g/1.ans": ""}, "may hold tests or groups, not both"),  # noqa: E501
        ({"submissions/submissions.yaml": "accepted: 5"}, "accepted must hold keys and values"),
        (
            {"submissions/submissions.yaml": "accepted: {permitted: [MAYBE]}"},
            'does not know "MAYBE"',
        ),
        ({"output_validator/v.py": "", "output_validator/run": ""}, "scripts are not supported"),
    ],
)  # fmt: skip
def test_broken_packages_of_2023_07(modern, files, told):
    assert told in sentences(modern, files)


def test_every_problem_is_told_at_once(read):
    told = sentences(read, {"data/secret/01.ans": None, "problem.yaml": "limits: {memory: x}"})
    assert "memory" in told and "01.ans" in told


def test_unknown_keys_and_odd_names_are_warnings(read):
    problem = read(
        {"problem.yaml": "name: X\ncolour: red\nlimits: {spice: 3}", "data/secret/ä.in": "1"}
    )
    told = "\n".join(en for _, en in problem.warnings)
    assert '"colour" is unknown' in told and '"spice" is unknown' in told and "ä.in" in told


def test_yaml_bombs_do_not_go_off(read):
    bomb = "a0: &a0 {k: v}\n"
    for i in range(1, 40):
        bomb += f"a{i}: &a{i}\n  <<: [*a{i - 1}, *a{i - 1}]\n"
    assert "not valid YAML" in sentences(read, {"problem.yaml": bomb})
    laughs = "a0: &a0 [x]\n" + "".join(
        f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}]\n" for i in range(1, 60)
    )
    assert read({"problem.yaml": laughs}).warnings  # unknown keys, never spelled out


def test_links_may_stay_inside_and_never_lead_out(read, tmp_path):
    folder = write(tmp_path / "double", {})
    secret = tmp_path / "elsewhere.ans"
    secret.write_text("42")
    (folder / "data/secret/03.in").symlink_to("01.in")
    (folder / "data/secret/03.ans").symlink_to("01.ans")
    names = [case.name for case in load(folder).root.cases()]
    assert names[-1] == "secret/03"
    for target, told in [
        (secret, "leads out of the package"),
        ("/etc/passwd", "leads out of the package"),
        ("nowhere", "is a link to nothing"),
        ("03.ans", "is a link to nothing"),
    ]:
        (folder / "data/secret/03.ans").unlink()
        (folder / "data/secret/03.ans").symlink_to(target)
        assert told in sentences(load, folder)
    (folder / "data/secret/03.ans").unlink()
    (folder / "data/secret/loop").symlink_to(folder / "data")
    assert "a folder around itself" in sentences(load, folder)
    (folder / "data/secret/loop").unlink()
    os.mkfifo(folder / "data/secret/03.ans")
    assert "neither a file nor a folder" in sentences(load, folder)


def test_a_folder_that_is_none(tmp_path):
    assert "is not a folder" in sentences(load, tmp_path / "nothing")


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4)
    ),
    max_leaves=12,
)
KEYS = ["problem_format_version", "type", "name", "limits", "validation", "validator_flags",
        "grading", "languages", "constants", "keywords"]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.dictionaries(st.sampled_from(KEYS), plain), plain, st.sampled_from(["legacy", "2023-07"]))
def test_no_value_brings_the_reader_down(tmp_path, top, inner, version):
    import yaml

    text = yaml.safe_dump({"problem_format_version": version} | top)
    files = {
        "problem.yaml": text,
        "data/testdata.yaml": yaml.safe_dump({"range": inner, "grader_flags": inner}),
        "data/secret/test_group.yaml": yaml.safe_dump({"max_score": inner, "args": inner}),
        "submissions/submissions.yaml": yaml.safe_dump({"accepted": inner, "x": {"score": inner}}),
    }
    base = MODERN if version == "2023-07" else SOUND
    try:
        load(write(tmp_path / "double", files, base))
    except BrokenPackage as broken:
        assert all(zh and en for zh, en in broken.problems)
