"""The real bench for problem packages: boxes held by Docker, languages, compilers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sandbox import languages
from sandbox.box import BoxFailed
from sandbox.compiled import Compiled
from sandbox.compiling import Compiler, NotCompiled, Program
from sandbox.conversation import converse
from sandbox.docker_pool import DockerPool
from sandbox.images.build import Tell, build, ready
from sandbox.names import Rejected
from sandbox.problem import Problem
from sandbox.problem_programs import Bench, NoLanguage, NotBuilt, Source
from sandbox.programs import BoxPool, ProgramLimits
from sandbox.verdict import Verdict

CACHE: Final = Path.home() / ".cache" / "podium" / "compiled"


@dataclass(frozen=True)
class HouseTools:
    """problem_programs.Tools: the languages of languages.yaml."""

    compiler: Compiler
    person: str = ""

    def language_of(self, source: Source) -> str:
        return _understood(source).language.id

    def build(self, source: Source, limits: ProgramLimits) -> Program:
        try:
            return self.compiler.compile(_understood(source), limits, self.person)
        except NotCompiled as why:
            raise NotBuilt(Verdict.CE, why.zh, why.en) from why


def _understood(source: Source) -> languages.Source:
    try:
        return languages.source(source.files, source.language, source.entry)
    except Rejected as why:
        raise NoLanguage(Verdict.CE, why.zh, why.en) from why


def image_of(name: str) -> str:
    """The id of a language's image as it stands now."""
    image = ready(name)
    if image is None:
        raise BoxFailed(f"The image {name} is not built: podium sandbox build --only {name}.")
    return image


def bench(pool: BoxPool, person: str, cache: Path = CACHE) -> Bench:
    """For one person's submissions; the pool is shared."""
    compiler = Compiler(pool, image_of, Compiled(cache))
    return Bench(pool, HouseTools(compiler, person), converse, person)


@contextmanager
def docker_bench(person: str) -> Iterator[Bench]:
    """With a pool of its own, for a command; its boxes go with it."""
    pool = DockerPool()
    try:
        yield bench(pool, person)
    finally:
        pool.close()


def images_for(problem: Problem, *, submissions: bool = True) -> tuple[str, ...]:
    """The images that its validators and known submissions need, as far as they are spoken."""
    programs = [*problem.validators]
    if submissions:
        programs += [known.program for known in problem.submissions]
    found: dict[str, None] = {}
    for program in programs:
        try:
            source = Source(program.contents(), program.language, program.entry)
            found[_understood(source).language.image] = None
        except NoLanguage:
            continue
    return tuple(found)


def make_ready(wanted: Iterable[str], tell: Tell) -> None:
    """Builds the images that are missing; the first time takes a minute."""
    if missing := [name for name in wanted if ready(name) is None]:
        build(tell, missing)
