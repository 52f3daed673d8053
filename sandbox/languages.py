"""The languages programs may be written in: rows of languages.yaml, and what follows from them.

Pure but for reading that file once. Compiling and running is compiling.py's and the boxes' matter.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from sandbox.names import Rejected, display
from sandbox.programs import ProgramLimits, Ran
from sandbox.verdict import Verdict

ROWS: Final = Path(__file__).parent / "languages.yaml"
DEEPEST_STACK_MB: Final = 512  # runtimes that are told a stack's size take no more than a gigabyte
STACK_KEPT_KB: Final = 1024  # of the stack, for what is not the program's
_VERSION: Final = re.compile(r"\d+(?:\.\d+)*")
_JAVA_MAIN: Final = re.compile(r"\bvoid\s+main\s*\(")
_JAVA_CLASS: Final = re.compile(r"\b(?:class|interface|enum|record)\s+(\w+)")
_JAVA_PACKAGE: Final = re.compile(r"^\s*package\s+([\w.]+)\s*;", re.MULTILINE)
_JAVA_ASIDE: Final = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)


@dataclass(frozen=True)
class Start:
    """What the language itself needs to start, given on top of a package's limits."""

    cpu_ms: int
    memory_mb: int
    processes: int


@dataclass(frozen=True)
class Language:
    """One row."""

    id: str
    name_zh: str
    name_en: str
    image: str
    sources: tuple[str, ...]
    beside: tuple[str, ...]
    compile: tuple[str, ...]
    run: tuple[str, ...]
    version: tuple[str, ...]
    shown: str
    start: Start
    with_sources: bool
    out_of_memory: tuple[str, ...]

    def limits(self, limits: ProgramLimits) -> ProgramLimits:
        """A package's limits with what the language needs on top."""
        return replace(
            limits,
            cpu_ms=limits.cpu_ms + self.start.cpu_ms,
            wall_ms=limits.wall + 3 * self.start.cpu_ms,
            memory_mb=limits.memory_mb + self.start.memory_mb,
            processes=limits.processes + self.start.processes,
        )

    def told(self, ran: Ran) -> Ran:
        """A run that the language itself ended for want of memory hit the memory limit."""
        ended = ran.verdict in (Verdict.RTE, Verdict.SIG)
        words = (b"\n" + ran.stderr).decode("utf-8", "replace") if ended else ""
        lacking = any(each in words for each in self.out_of_memory)
        return replace(ran, verdict=Verdict.MLE) if lacking else ran

    def shown_with(self, version: str) -> str:
        """What competitors read; an empty version while the image is not built."""
        return self.shown.format(version=version or "…")

    def owns(self, name: str) -> bool:
        return name.lower().endswith(self.sources)


@dataclass(frozen=True)
class Source:
    """What is to be compiled, in a language, and which file of it is started."""

    language: Language
    files: Mapping[str, bytes]
    main: str

    @property
    def compile_argv(self) -> tuple[str, ...]:
        names = sorted(name for name in self.files if self.language.owns(name))
        return _filled(self.language.compile, names, self._places())

    def run_argv(self, limits: ProgramLimits) -> tuple[str, ...]:
        """Within the package's own limits, before `Language.limits` adds to them."""
        stack = min(limits.stack_mb or limits.memory_mb, DEEPEST_STACK_MB)
        figures = {
            "memory_mb": str(limits.memory_mb),
            "stack_mb": str(stack),
            "stack_kb": str(max(1024, stack * 1024 - STACK_KEPT_KB)),
        }
        return _filled(self.language.run, [], self._places() | figures)

    def _places(self) -> dict[str, str]:
        # "./" so that no name is taken for an option
        places = {"main": f"./{self.main}"}
        if "{class}" in self.language.run:
            places["class"] = java_class(self.files, self.main)
        return places


def _filled(argv: Iterable[str], sources: list[str], places: Mapping[str, str]) -> tuple[str, ...]:
    found: list[str] = []
    for word in argv:
        if word == "{sources}":
            found += [f"./{name}" for name in sources]
        else:
            found.append(re.sub(r"\{(\w+)\}", lambda m: places.get(m[1], m[0]), word))
    return tuple(found)


# --- rows -----------------------------------------------------------------------------------------


@cache
def rows() -> Mapping[str, Language]:
    """Every language there is, by id, in the order in which they are offered."""
    return {row.id: row for row in map(_row, yaml.safe_load(ROWS.read_text("utf-8")))}


def _row(plain: dict[str, Any]) -> Language:
    return Language(
        id=plain["id"],
        name_zh=plain["name"]["zh"],
        name_en=plain["name"]["en"],
        image=plain["image"],
        sources=tuple(plain["sources"]),
        beside=tuple(plain["beside"]),
        compile=tuple(plain["compile"]),
        run=tuple(plain["run"]),
        version=tuple(plain["version"]),
        shown=plain["shown"],
        start=Start(**plain["start"]),
        with_sources={"only": False, "with_sources": True}[plain["products"]],
        out_of_memory=tuple(plain.get("out_of_memory", ())),
    )


def by_id(identity: str) -> Language | None:
    return rows().get(identity)


def images(languages: Collection[str] | None = None) -> tuple[str, ...]:
    """The program images that these languages need; None: all languages."""
    wanted = rows() if languages is None else [each for each in rows() if each in languages]
    return tuple(dict.fromkeys(rows()[each].image for each in wanted))


def version_in(output: str) -> str:
    """The version out of what a version command said."""
    found = _VERSION.search(output)
    return found[0] if found else ""


# --- what was handed in ---------------------------------------------------------------------------


def guess(names: Iterable[str], allowed: Collection[str] | None = None) -> Language:
    """The language by the files' endings; `allowed` are ids, None: every language."""
    names = list(names)
    found = [row for row in rows().values() if any(map(row.owns, names))]
    may = ", ".join(row.name_en for row in rows().values() if allowed is None or row.id in allowed)
    if not found:
        shown = display(", ".join(sorted(names)[:5]))
        raise Rejected(
            f"看不出“{shown}”是什么语言写的；可用的语言：{may}。请用常规的扩展名，或选择语言。",
            f'The language of "{shown}" cannot be told; these may be used: {may}. '
            "Use the usual ending of the file name, or choose the language.",
        )
    if len(found) > 1:
        mixed = ", ".join(row.name_en for row in found)
        raise Rejected(
            f"文件属于多种语言（{mixed}）。请只交一种语言的文件，或选择语言。",
            f"The files are of several languages ({mixed}). "
            "Hand in files of one language, or choose it.",
        )
    return _allowed(found[0], allowed)


def _allowed(language: Language, allowed: Collection[str] | None) -> Language:
    if allowed is None or language.id in allowed:
        return language
    may = ", ".join(row.name_en for row in rows().values() if row.id in allowed)
    raise Rejected(
        f"这里不能用 {language.name_zh}；可用：{may}。",
        f"{language.name_en} may not be used here; these may: {may}.",
    )


def source(
    files: Mapping[str, bytes],
    language: str = "",
    main: str = "",
    allowed: Collection[str] | None = None,
) -> Source:
    """What was handed in, understood; without a language it is told by the files' endings."""
    found = by_id(language)
    if language and found is None:
        shown, known = display(language), ", ".join(rows())
        raise Rejected(
            f"这里没有语言“{shown}”；有：{known}。",
            f'There is no language "{shown}" here; there are: {known}.',
        )
    row = _allowed(found, allowed) if found else guess(files, allowed)
    mine = sorted(name for name in files if row.owns(name))
    if not mine:
        endings = ", ".join(row.sources)
        raise Rejected(
            f"没有 {row.name_zh} 的源文件（{endings}）。",
            f"There is no source file of {row.name_en} ({endings}).",
        )
    return Source(row, files, _main(row, mine, files, main))


def _main(row: Language, mine: list[str], files: Mapping[str, bytes], wanted: str) -> str:
    """The file that is started: the one named, else main.*, else the first; of Java, the one that
    holds a main method."""
    stems = [wanted.rpartition(".")[2] if row.id == "java" else wanted, "main", "__main__"]
    if wanted in files:
        return wanted
    if row.id == "java" and not wanted:
        holds = [name for name in mine if _JAVA_MAIN.search(_text(files[name]))]
        mine = holds or mine
    for stem in filter(None, stems):
        for name in mine:
            if Path(name).stem == stem or (not wanted and Path(name).stem.lower() == stem):
                return name
    return mine[0]


def _text(data: bytes) -> str:
    """Without comments and strings, in which anything may stand."""
    return _JAVA_ASIDE.sub(" ", data.decode("utf-8", "replace"))


def java_class(files: Mapping[str, bytes], main: str) -> str:
    """The class that holds `main`: the file's own, else the last one begun before the method."""
    text = _text(files[main])
    package = _JAVA_PACKAGE.search(text)
    method = _JAVA_MAIN.search(text)
    names = _JAVA_CLASS.findall(text[: method.start()] if method else text)
    stem = Path(main).stem
    name = stem if stem in names or not names else names[-1]
    return f"{package[1]}.{name}" if package else name
