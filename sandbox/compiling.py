"""Sources become programs: in a box of their own, without test data, under limits of their own.

What comes out is put into other boxes to be run. The same sources in the same language and image
are compiled once (compiled.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sandbox.compiled import Compiled, Outcome, key_of
from sandbox.languages import Source
from sandbox.programs import ENVIRONMENT, BoxPool, ProgramLimits, Ran
from sandbox.verdict import Verdict

LIMITS: Final = ProgramLimits(cpu_ms=30_000, memory_mb=1024, processes=64, output_kb=1024)
MOST_PRODUCED: Final = 32 << 20  # bytes of all that compiling makes
MOST_SAID: Final = 4000  # characters of a compiler's words that are kept
_REACHED: Final[Mapping[Verdict, tuple[str, str]]] = {
    Verdict.TLE: ("编译用时超过限制", "compiling took more time than is allowed"),
    Verdict.ILE: ("编译没有在限定时间内结束", "compiling did not end in time"),
    Verdict.MLE: ("编译占用内存超过限制", "compiling took more memory than is allowed"),
    Verdict.OLE: ("编译输出超过限制", "compiling wrote more than is allowed"),
}
_TOO_MUCH: Final = ("编译产物超过限制", "compiling made more than is allowed")
_WRONG: Final = ("编译没有通过", "it does not compile")


class NotCompiled(Exception):
    """Verdict CE: why, in both languages, and what the compiler said."""

    def __init__(self, why: tuple[str, str], said: str) -> None:
        self.said = said
        self.zh = f"{why[0]}。{said}".strip()
        self.en = f"{why[1][:1].upper()}{why[1][1:]}. {said}".strip()
        super().__init__(self.en)


@dataclass(frozen=True)
class Program:
    """Compiled: what is put into a box of its image, and how it is run there."""

    source: Source
    image: str
    files: Mapping[str, bytes]
    env: Mapping[str, str]
    said: str  # warnings

    def argv(self, limits: ProgramLimits) -> tuple[str, ...]:
        """Within the package's own limits: a runtime may have to be told of them."""
        return self.source.run_argv(limits)

    def limits(self, limits: ProgramLimits) -> ProgramLimits:
        """The package's limits with what the language itself needs on top."""
        return self.source.language.limits(limits)

    def told(self, ran: Ran) -> Ran:
        """A run that the language itself ended for want of memory hit the memory limit."""
        return self.source.language.told(ran)


class Compiler:
    """`image_of` gives the id of a language's image, or raises when it is not ready."""

    def __init__(
        self, pool: BoxPool, image_of: Callable[[str], str], cache: Compiled | None = None
    ) -> None:
        self.pool, self.image_of, self.cache = pool, image_of, cache

    def compile(self, source: Source, limits: ProgramLimits = LIMITS, person: str = "") -> Program:
        """NotCompiled when the source is at fault; BoxFailed when we are."""
        image = self.image_of(source.language.image)
        key = key_of(source, image)
        outcome = self.cache.find(key) if self.cache else None
        if outcome is None:
            outcome = self._compiled(source, image, limits, person)
            if self.cache:
                self.cache.keep(key, outcome)
        if outcome.files is None:
            raise NotCompiled(_WRONG, outcome.said)
        files = dict(source.files) if source.language.with_sources else {}
        return Program(source, image, files | dict(outcome.files), ENVIRONMENT, outcome.said)

    def _compiled(self, source: Source, image: str, limits: ProgramLimits, person: str) -> Outcome:
        """In a box of the same person's; it is not timed, so it may run beside others."""
        box = self.pool.take(image, person, timed=False)
        try:
            box.put(source.files)
            ran = box.run(source.compile_argv, source.language.limits(limits))
            said = _words(ran)
            if ran.verdict and ran.verdict in _REACHED:  # not kept: limits differ
                raise NotCompiled(_REACHED[ran.verdict], said)
            if ran.verdict is not None:
                return Outcome(said, None)
            products = box.products(MOST_PRODUCED)
        finally:
            self.pool.give_back(box)
        if products is None:
            raise NotCompiled(_TOO_MUCH, said)
        return Outcome(said, products)


def _words(ran: Ran) -> str:
    """What the compiler said, as text; some say it on stdout."""
    text = (ran.stderr + ran.stdout).decode("utf-8", "replace").strip()
    return text if len(text) <= MOST_SAID else f"{text[:MOST_SAID]}…"
