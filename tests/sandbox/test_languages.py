"""Languages: the rows, what is understood of a hand-in, and each limit of each language."""

import dataclasses
import re
from pathlib import Path

import pytest

from sandbox import languages
from sandbox.compiling import Compiler, NotCompiled
from sandbox.docker_program import DockerProgramBox
from sandbox.images.build import build
from sandbox.names import Rejected
from sandbox.programs import ProgramLimits, Ran
from sandbox.verdict import Verdict
from tests.sandbox.program_runs import best

PROGRAMS = Path(__file__).parent / "programs"
LIMITS = ProgramLimits(cpu_ms=3000, memory_mb=128, output_kb=256)
SHORT = dataclasses.replace(LIMITS, cpu_ms=300)
EVERY = sorted(languages.rows())
BROKEN = {
    "c": ("main.c", "int main(void) { return missing_word; }"),
    "cpp": ("main.cpp", "int main() { return missing_word; }"),
    "python3": ("main.py", "if True print('missing_word')"),
    "javascript": ("main.js", "const missing_word = ;"),
    "java": ("Main.java", "class Main { public static void main(String[] a) { missing_word(); } }"),
}


# --- the rows -------------------------------------------------------------------------------------


def test_the_languages_and_their_endings_are_told_apart():
    assert EVERY == ["c", "cpp", "java", "javascript", "python3"]
    endings = [ending for row in languages.rows().values() for ending in row.sources]
    assert len(endings) == len(set(endings))
    for row in languages.rows().values():
        assert row.name_zh and row.name_en and "{version}" in row.shown
        assert re.fullmatch(r"[a-z0-9]+", row.id)
        assert row.shown_with("1.2").count("1.2") == 1 and "…" in row.shown_with("")


def test_each_placeholder_of_a_row_is_filled():
    for row in languages.rows().values():
        name = f"A{row.sources[0]}"
        found = languages.source({name: b"class A { void main() {} }"}, row.id)
        for word in (*found.compile_argv, *found.run_argv(LIMITS)):
            assert "{" not in word, word


def test_images_are_named_once_and_only_when_needed():
    assert languages.images() == ("c", "python3", "javascript", "java")
    assert languages.images(["cpp", "c"]) == ("c",)
    assert languages.images([]) == ()


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("12.2.0\n", "12.2.0"),
        ("Python 3.11.2", "3.11.2"),
        ("v24.11.1", "24.11.1"),
        ("javac 17.0.21.1", "17.0.21.1"),
        ("no figure", ""),
    ],
)
def test_the_version_out_of_what_a_command_says(said, version):
    assert languages.version_in(said) == version


def test_limits_are_a_packages_own_with_what_a_language_needs_on_top():
    c, java = languages.rows()["c"], languages.rows()["java"]
    assert c.limits(LIMITS) == dataclasses.replace(LIMITS, wall_ms=LIMITS.wall)
    more = java.limits(LIMITS)
    assert more.cpu_ms - LIMITS.cpu_ms == java.start.cpu_ms > 0
    assert more.memory_mb - LIMITS.memory_mb == java.start.memory_mb > 0
    assert more.processes > LIMITS.processes and more.wall >= 3 * more.cpu_ms
    argv = languages.source({"A.java": b"class A { void main() {} }"}).run_argv(LIMITS)
    assert "-Xmx128m" in argv and argv[-1] == "A"


@pytest.mark.parametrize("verdict", [Verdict.RTE, Verdict.SIG, Verdict.TLE, None])
def test_what_a_language_says_of_lacking_memory_counts_only_when_it_ended_badly(verdict):
    ran = Ran(verdict, 1, 0, 1, 1, 1, False, b"", b"Traceback\nMemoryError\n")
    told = languages.rows()["python3"].told(ran).verdict
    assert told is (Verdict.MLE if verdict in (Verdict.RTE, Verdict.SIG) else verdict)
    other = dataclasses.replace(ran, stderr=b"KeyError: 'MemoryError'")
    assert languages.rows()["python3"].told(other).verdict is verdict


# --- what was handed in ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "language", "main"),
    [
        (["a.c"], "c", "a.c"),
        (["b.c", "b.h", "a.c"], "c", "a.c"),
        (["A.CPP"], "cpp", "A.CPP"),
        (["sol.cc", "sol.h"], "cpp", "sol.cc"),
        (["z.py", "main.py"], "python3", "main.py"),
        (["z.py", "a.py"], "python3", "a.py"),
        (["index.mjs", "data.json"], "javascript", "index.mjs"),
    ],
)
def test_the_language_by_the_endings(files, language, main):
    found = languages.source(dict.fromkeys(files, b""))
    assert (found.language.id, found.main) == (language, main)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (["notes.txt"], "cannot be told"),
        ([], "cannot be told"),
        (["a.c", "b.py"], "several languages"),
    ],
)
def test_what_cannot_be_told_is_refused_in_both_languages(files, said):
    with pytest.raises(Rejected, match=said) as refused:
        languages.source(dict.fromkeys(files, b""))
    assert re.search("[一-鿿]", refused.value.zh)


def test_a_subset_may_be_allowed():
    assert languages.guess(["a.c"], ["c", "cpp"]).id == "c"
    with pytest.raises(Rejected, match=r"Python 3 may not be used here; these may: C, C\+\+"):
        languages.guess(["a.py"], ["c", "cpp"])
    with pytest.raises(Rejected, match="may not be used"):
        languages.source({"a.py": b""}, "python3", allowed=["java"])
    with pytest.raises(Rejected, match='no language "cobol"'):
        languages.source({"a.cob": b""}, "cobol")
    with pytest.raises(Rejected, match="no source file of Java"):
        languages.source({"a.c": b""}, "java")


def test_a_chosen_language_decides_where_endings_do_not():
    found = languages.source({"a.c": b"", "b.cpp": b""}, "cpp")
    assert found.compile_argv[-1] == "./b.cpp"
    named = languages.source({"a.py": b"", "b.py": b""}, main="b.py")
    assert named.run_argv(LIMITS)[-1] == "./b.py"


@pytest.mark.parametrize(
    ("files", "started"),
    [
        ({"Foo.java": "public class Foo { public static void main(String[] a) {} }"}, "Foo"),
        ({"x.java": "class Help {} class Go { public static void main (String... a) {} }"}, "Go"),
        (
            {
                "A.java": 'class A { /* void main( */ String s = "void main("; }',
                "B.java": "class B { static public void main(String[] a) {} }",
            },
            "B",
        ),
        ({"p/C.java": "package p.q;\nclass C { static void main(String[] a) {} }"}, "p.q.C"),
        ({"R.java": "record R(int n) { static void main(String[] a) {} }"}, "R"),
    ],
)
def test_the_class_that_java_starts(files, started):
    found = languages.source({name: text.encode() for name, text in files.items()})
    assert found.run_argv(LIMITS)[-1] == started


def test_no_file_name_is_taken_for_an_option():
    found = languages.source({"-o.c": b"", "--help.c": b""})
    assert set(found.compile_argv[-3:-1]) == {"./-o.c", "./--help.c"}


# --- each limit of each language, in one box a language -------------------------------------------


class OneBox:
    """A pool of a single box, which must be proven clean before it is used again."""

    def __init__(self, image):
        self.box = DockerProgramBox(image)

    def take(self, image, person, walls=None, *, timed=True):
        return self.box

    def give_back(self, box):
        assert box.wipe()

    def close(self):
        self.box.close()


@pytest.fixture(scope="module", params=EVERY)
def every(request):
    """A compiled program that meets any limit it is told to, its box, and a compiler."""
    row = languages.rows()[request.param]
    image = build(lambda _: None, (row.image,))[row.image]
    pool = OneBox(image)
    compiler = Compiler(pool, lambda _: image)
    path = PROGRAMS / f"every{row.sources[0]}"
    program = compiler.compile(languages.source({path.name: path.read_bytes()}))
    yield program, pool.box, compiler
    pool.close()


def run(every, words, limits=LIMITS):
    program, box, _ = every
    if getattr(box, "holds", None) != program:
        box.put(program.files)
        box.holds = program
    argv = program.argv(limits)
    return program.told(box.run(argv, program.limits(limits), stdin=words.encode()))


docker = pytest.mark.docker


class TestEveryLanguage:
    """Each starts, ends well, and gets the verdict of the limit that it meets."""

    pytestmark = docker

    def test_hello(self, every):
        ran = run(every, "sum 40 2\n")
        assert (ran.verdict, ran.stdout) == (None, b"42\n"), ran

    def test_cpu(self, every):
        allowed = 300 + every[0].source.language.start.cpu_ms
        ran = best(lambda: run(every, "spin", SHORT), lambda ran: ran.cpu_ms, allowed + 80)
        assert ran.verdict is Verdict.TLE
        assert allowed <= ran.cpu_ms < allowed + 80, ran

    def test_wall(self, every):
        ran = run(every, "sleep", SHORT)
        assert ran.verdict is Verdict.ILE
        assert ran.wall_ms >= 1900

    def test_memory(self, every):
        ran = run(every, "memory")
        assert ran.verdict is Verdict.MLE, ran

    def test_output(self, every):
        ran = run(every, "output")
        assert ran.verdict is Verdict.OLE
        assert len(ran.stdout) == 256 * 1024

    def test_processes(self, every):
        few = dataclasses.replace(LIMITS, processes=12)
        ran = run(every, "processes", few)
        assert ran.verdict is None, ran
        extra = every[0].source.language.start.processes
        assert 0 < int(ran.stdout) <= 12 + extra

    def test_exit_code(self, every):
        ran = run(every, "exit")
        assert (ran.verdict, ran.exit_code) == (Verdict.RTE, 7)

    def test_signal(self, every):
        ran = run(every, "signal")
        assert ran.verdict is Verdict.SIG
        assert ran.signal in (9, 11), ran

    def test_deep_recursion_may_use_the_memory_there_is(self, every):
        ran = run(every, "deep")
        assert ran.verdict is None, ran
        assert int(ran.stdout) >= 100_000

    def test_no_limit_met_leaves_anything_for_the_next_run(self, every):
        assert run(every, "sum 1 1").stdout == b"2\n"

    def test_compile_error(self, every):
        program, box, compiler = every
        box.holds = None
        name, text = BROKEN[program.source.language.id]
        with pytest.raises(NotCompiled) as refused:
            compiler.compile(languages.source({name: text.encode()}))
        assert "missing_word" in refused.value.said
        assert "does not compile" in refused.value.en and "编译没有通过" in refused.value.zh
