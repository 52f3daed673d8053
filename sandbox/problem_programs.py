"""The programs of a judging, compiled and in boxes: the competitor's alone, validators alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from sandbox.names import display
from sandbox.problem import Problem, Program
from sandbox.programs import BoxPool, Conversation, ProgramBox, ProgramLimits, Ran, Side
from sandbox.verdict import Verdict

MOST_SOURCES: Final = 64


class NotBuilt(Exception):
    """A program that cannot be made to run: CE the competitor's fault, JE the package's."""

    def __init__(self, verdict: Verdict, zh: str, en: str) -> None:
        self.verdict, self.zh, self.en = verdict, zh, en
        super().__init__(en)


class NoLanguage(NotBuilt):
    """A language that is not spoken here."""


@dataclass(frozen=True)
class Source:
    """What was handed in: files by name; without a language, by their endings."""

    files: Mapping[str, bytes]
    language: str = ""
    entry: str = ""


class Built(Protocol):
    """A program as it can be put into a box of its image and run there."""

    @property
    def image(self) -> str: ...

    @property
    def files(self) -> Mapping[str, bytes]: ...

    def argv(self, limits: ProgramLimits) -> Sequence[str]:
        """How it is started within the package's limits."""

    def limits(self, limits: ProgramLimits) -> ProgramLimits:
        """The package's limits with what the language itself needs on top."""

    def told(self, ran: Ran) -> Ran:
        """A run that the language itself ended, understood."""


class Tools(Protocol):
    """Languages and their compilers."""

    def language_of(self, source: Source) -> str:
        """The id of its language; NoLanguage when nobody can tell or it is not known here."""

    def build(self, source: Source, limits: ProgramLimits) -> Built:
        """Compiled in a box of its own, without any test data; NotBuilt with the compiler's word
        when it does not compile."""


@dataclass(frozen=True)
class InBox:
    """A built program and the box that it has for itself (problem_run.Ready)."""

    built: Built
    box: ProgramBox

    @property
    def files(self) -> Mapping[str, bytes]:
        return self.built.files

    def argv(self, limits: ProgramLimits) -> Sequence[str]:
        return self.built.argv(limits)

    def limits(self, limits: ProgramLimits) -> ProgramLimits:
        return self.built.limits(limits)

    def told(self, ran: Ran) -> Ran:
        return self.built.told(ran)


@dataclass(frozen=True)
class Bench:
    """Where submissions are judged: boxes, compilers, and how two boxes talk."""

    pool: BoxPool
    tools: Tools
    converse: Callable[[Side, Side], Conversation]
    person: str = ""  # whose submission it is: a wiped box may serve the same person again

    @contextmanager
    def ready(self, problem: Problem, source: Source) -> Iterator[tuple[InBox, tuple[InBox, ...]]]:
        """The submission and the validators, each compiled and in a box."""
        player = self._player(problem, source)
        validators = [self._validator(problem, program) for program in problem.validators]
        with ExitStack() as stack:
            mine = self._boxed(stack, player, self.person, timed=True)
            theirs = [
                self._boxed(stack, built, f"validators of {problem.id}", timed=False)
                for built in validators
            ]
            yield mine, tuple(theirs)

    def _boxed(self, stack: ExitStack, built: Built, person: str, *, timed: bool) -> InBox:
        box = self.pool.take(built.image, person, timed=timed)
        stack.callback(self.pool.give_back, box)
        box.put(built.files)
        return InBox(built, box)

    def _player(self, problem: Problem, source: Source) -> Built:
        size = sum(map(len, source.files.values()))
        if size > problem.limits.code_kb * 1024 or len(source.files) > MOST_SOURCES:
            limit = problem.limits.code_kb
            raise NotBuilt(
                Verdict.CE,
                f"源代码超过 {limit} KiB 或 {MOST_SOURCES} 个文件。",
                f"The source is larger than {limit} KiB or {MOST_SOURCES} files.",
            )
        language = self.tools.language_of(source)
        if problem.languages is not None and language not in problem.languages:
            allowed = ", ".join(sorted(problem.languages))
            raise NotBuilt(
                Verdict.CE,
                f"本题不能用 {language};可用 {allowed}。",
                f"This problem does not take {language}; it takes {allowed}.",
            )
        files = dict(source.files)
        for part in ("default", language):
            if part in problem.includes:
                files |= problem.includes[part].contents()
        return self.tools.build(Source(files, language, source.entry), compiling(problem))

    def _validator(self, problem: Problem, program: Program) -> Built:
        """A validator that does not compile is the package's fault."""
        source = Source(program.contents(), program.language, program.entry)
        try:
            language = self.tools.language_of(source)
            return self.tools.build(
                Source(source.files, language, source.entry), compiling(problem)
            )
        except NotBuilt as why:
            name = display(program.name)
            raise NotBuilt(
                Verdict.JE,
                f"检查程序 {name} 不能运行:{why.zh}",
                f"The validator {name} cannot be run: {why.en}",
            ) from why


def compiling(problem: Problem) -> ProgramLimits:
    return ProgramLimits(
        cpu_ms=problem.limits.compile_ms,
        memory_mb=problem.limits.compile_memory_mb,
        output_kb=1024,
    )
