"""Task packages of the format podium-browser-build/1: read, checked, and refused in sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, Final, Literal

import yaml

from sandbox.task_build import Build, Serve, read_build, read_serve

FORMAT: Final = "podium-browser-build/1"
MOST_VARIANTS: Final = 5
LARGEST_YAML: Final = 1_000_000  # bytes; a description longer than this is a mistake

Sentence = tuple[str, str]  # (zh, en)


class BrokenPackage(Exception):
    """A package that cannot be used; every problem as one sentence in both languages."""

    def __init__(self, problems: tuple[Sentence, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(en for _, en in problems))


@dataclass(frozen=True)
class Limits:
    """What one submission may use; every figure is the task's own."""

    archive_mb: int = 200
    files: int = 2000
    unpacked_mb: int = 400
    depth: int = 12
    wall_seconds: int = 600
    memory_mb: int = 2048
    processes: int = 256
    output_kb: int = 65536
    check_seconds: int = 30


# What is sensible: below, a browser does not run; above, the mistake is in the package.
BOUNDS: Final[Mapping[str, tuple[int, int]]] = {
    "archive_mb": (1, 2048),
    "files": (1, 10_000),
    "unpacked_mb": (1, 4096),
    "depth": (1, 64),
    "wall_seconds": (5, 3600),
    "memory_mb": (512, 16_384),
    "processes": (160, 4096),
    "output_kb": (1024, 1_048_576),
    "check_seconds": (1, 600),
}


@dataclass(frozen=True)
class Variant:
    """Checks once more under another seed or clock; what differs is for a person, never a mark."""

    seed: int | None
    clock: str | None
    checks: tuple[str, ...]  # ids; empty: all of them


@dataclass(frozen=True)
class Expected:
    """The marks that a known submission must get: total in hundredths, exceptions per aspect."""

    total: int | None
    aspects: Mapping[str, int | None]
    default: Literal["full", "zero"] = "full"

    def marks(self, maxima: Mapping[str, int]) -> dict[str, int | None]:
        plain = {a: maximum if self.default == "full" else 0 for a, maximum in maxima.items()}
        return plain | dict(self.aspects)


@dataclass(frozen=True)
class Known:
    """A submission that comes with the package, and what is expected of it."""

    name: str
    path: Path
    expected: Expected


@dataclass(frozen=True)
class Task:
    """One task package, checked."""

    folder: Path
    id: str
    name_zh: str
    name_en: str
    minutes: int
    files: tuple[str, ...]
    index: str
    limits: Limits
    start: Path
    checks: Path
    statement_zh: Path
    statement_en: Path
    scheme: Path | None
    checks_open: bool
    maxima: Mapping[str, int]
    submissions: tuple[Known, ...]
    variants: tuple[Variant, ...] = ()
    build: Build | None = None
    serve: Serve | None = None

    def may_hand_in(self, name: str) -> bool:
        return any(_glob(pattern).fullmatch(name) for pattern in self.files)


def load(folder: Path) -> Task:
    """The task in this folder, or BrokenPackage with all that is wrong with it."""
    reader = _Reader(folder)
    task = reader.task()
    if reader.problems or task is None:
        raise BrokenPackage(tuple(reader.problems))
    return task


def _glob(pattern: str) -> re.Pattern[str]:
    """`*` stays within a folder, `**` crosses folders, `dir/**` takes all below."""
    out, i = "", 0
    while i < len(pattern):
        if pattern.startswith("**/", i):
            out, i = out + "(?:.*/)?", i + 3
        elif pattern.startswith("**", i):
            out, i = out + ".*", i + 2
        elif pattern[i] == "*":
            out, i = out + "[^/]*", i + 1
        elif pattern[i] == "?":
            out, i = out + "[^/]", i + 1
        else:
            out, i = out + re.escape(pattern[i]), i + 1
    return re.compile(out, re.DOTALL)


class _Reader:
    """Reads a package and gathers problems instead of stopping at the first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Sentence] = []

    def wrong(self, zh: str, en: str) -> None:
        self.problems.append((zh, en))

    def task(self) -> Task | None:
        plain = self.yaml(self.folder / "task.yaml")
        if plain is None:
            return None
        if plain.get("format") != FORMAT:
            self.wrong(
                f"task.yaml 的 format 应为 {FORMAT}。", f"task.yaml: format must be {FORMAT}."
            )
            return None
        name = self.both(plain, "name")
        statement = self.both(plain, "statement")
        maxima = self.maxima(plain.get("maxima"))
        start = self.inside(plain.get("start", "start"), "start", folder=True)
        checks = self.inside(plain.get("checks", "checks"), "checks", folder=True)
        if checks.is_dir() and not any(checks.rglob("*.spec.mjs")):
            self.wrong("checks 文件夹里没有 *.spec.mjs。", "The checks folder holds no *.spec.mjs.")
        return Task(
            folder=self.folder,
            id=self.text(plain, "id"),
            name_zh=name[0],
            name_en=name[1],
            minutes=self.number(plain, "minutes", 1, 6000),
            files=self.files(plain.get("files")),
            index=self.index(plain.get("index", "index.html")),
            limits=self.limits(plain.get("limits", {})),
            start=start,
            checks=checks,
            statement_zh=self.inside(statement[0], "statement.zh"),
            statement_en=self.inside(statement[1], "statement.en"),
            scheme=self.inside(plain["scheme"], "scheme") if "scheme" in plain else None,
            checks_open=self.boolean(plain, "checks_open"),
            maxima=maxima,
            submissions=self.submissions(plain.get("start_expected"), start, maxima),
            variants=self.variants(plain.get("variants") or []),
            build=read_build(plain.get("build"), self.folder, "serve" in plain, self.wrong),
            serve=read_serve(plain.get("serve"), self.wrong),
        )

    def yaml(self, path: Path) -> dict[str, Any] | None:
        shown = path.relative_to(self.folder).as_posix()
        try:
            if path.stat().st_size > LARGEST_YAML:
                raise ValueError("too large")
            plain = yaml.safe_load(path.read_text("utf-8"))
        except OSError:
            self.wrong(f"找不到或无法读取 {shown}。", f"{shown} is missing or cannot be read.")
            return None
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            where = getattr(error, "problem_mark", None)
            line = where.line + 1 if where else 1
            self.wrong(
                f"{shown} 不是有效的 YAML(第 {line} 行)。",
                f"{shown} is not valid YAML (line {line}).",
            )
            return None
        if not isinstance(plain, dict):
            self.wrong(f"{shown} 里应是键和值。", f"{shown} must hold keys and values.")
            return None
        return plain

    def text(self, plain: Mapping[str, Any], key: str) -> str:
        value = plain.get(key)
        if isinstance(value, str) and value.strip():
            return value
        self.wrong(f"task.yaml 缺少文字 {key}。", f"task.yaml: {key} must be a text.")
        return ""

    def both(self, plain: Mapping[str, Any], key: str) -> tuple[str, str]:
        value = plain.get(key)
        if isinstance(value, dict):
            zh, en = value.get("zh"), value.get("en")
            if isinstance(zh, str) and isinstance(en, str) and zh and en:
                return zh, en
        self.wrong(f"task.yaml 的 {key} 要有 zh 和 en。", f"task.yaml: {key} needs zh and en.")
        return "", ""

    def number(self, plain: Mapping[str, Any], key: str, low: int, high: int) -> int:
        value = plain.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self.wrong(
            f"{key} 应为 {low} 到 {high} 的整数。",
            f"{key} must be a whole number from {low} to {high}.",
        )
        return low

    def boolean(self, plain: Mapping[str, Any], key: str) -> bool:
        value = plain.get(key, False)
        if not isinstance(value, bool):
            self.wrong(f"{key} 应为 true 或 false。", f"{key} must be true or false.")
        return value is True

    def files(self, value: object) -> tuple[str, ...]:
        if isinstance(value, list) and value and all(isinstance(v, str) and v for v in value):
            return tuple(value)
        self.wrong(
            "files 应列出可交文件的通配符。", "files must list globs of what may be handed in."
        )
        return ()

    def index(self, value: object) -> str:
        if isinstance(value, str) and _harmless(value):
            return value
        self.wrong("index 应为一个文件名。", "index must be the name of a file.")
        return "index.html"

    def inside(self, value: object, key: str, *, folder: bool = False) -> Path:
        """A path of the package that exists and stays in it."""
        if not isinstance(value, str) or not _harmless(value):
            self.wrong(f"{key} 应为包内的路径。", f"{key} must be a path inside the package.")
            return self.folder
        path = self.folder / value
        if not (path.is_dir() if folder else path.is_file()):
            self.wrong(f"找不到 {value}({key})。", f"{value} ({key}) does not exist.")
        elif not path.resolve().is_relative_to(self.folder.resolve()):
            self.wrong(f"{value} 指向包外。", f"{value} points outside the package.")
        return path

    def limits(self, value: object) -> Limits:
        if not isinstance(value, dict):
            self.wrong("limits 里应是键和值。", "limits must hold keys and values.")
            return Limits()
        known = {field.name for field in fields(Limits)}
        for key in sorted(set(map(str, value)) - known):
            self.wrong(f"不认识的限制 {key}。", f"Unknown limit {key}.")
        given = {key: self.number(value, key, *BOUNDS[key]) for key in known if key in value}
        return Limits(**given)

    def maxima(self, value: object) -> dict[str, int]:
        if isinstance(value, dict) and value:
            found = {str(k): v for k, v in value.items() if type(v) is int and v > 0}
            if len(found) == len(value):
                return found
        self.wrong(
            "maxima 应把每个评分点对应到百分之一分的满分。",
            "maxima must map each aspect to its full mark in hundredths.",
        )
        return {}

    def variants(self, value: object) -> tuple[Variant, ...]:
        found = [_variant(each) for each in value] if isinstance(value, list) else [None]
        known = tuple(each for each in found if each is not None)
        if len(known) < len(found) or len(known) > MOST_VARIANTS:
            self.wrong(
                f"variants 最多 {MOST_VARIANTS} 组,每组写 seed(整数)或 clock"
                '(加引号,如 "2027-01-01T08:00:00+08:00"),可加 checks(检查的 id)。',
                f"variants: at most {MOST_VARIANTS}, each with a seed (a whole number) or a clock"
                ' (quoted, like "2027-01-01T08:00:00+08:00"), and checks (their ids) if you like.',
            )
        return known

    def submissions(
        self, start_expected: object, start: Path, maxima: Mapping[str, int]
    ) -> tuple[Known, ...]:
        found = []
        if start_expected is not None:
            expected = self.expected(start_expected, "start_expected", maxima)
            found.append(Known("start", start, expected))
        folder = self.folder / "submissions"
        for each in sorted(folder.iterdir()) if folder.is_dir() else ():
            if not each.is_dir():
                continue
            path = next((p for p in (each / "site", each / "submission.zip") if p.exists()), None)
            if path is None:
                self.wrong(
                    f"submissions/{each.name} 里没有 site 或 submission.zip。",
                    f"submissions/{each.name} holds neither site nor submission.zip.",
                )
                continue
            plain = self.yaml(each / "expected.yaml")
            if plain is not None:
                where = f"submissions/{each.name}/expected.yaml"
                expected = self.expected(plain.get("expected"), where, maxima)
                found.append(Known(each.name, path, expected))
        return tuple(found)

    def expected(self, value: object, where: str, maxima: Mapping[str, int]) -> Expected:
        if isinstance(value, dict) and set(value) == {"expected"}:
            value = value["expected"]
        if not isinstance(value, dict):
            self.wrong(f"{where} 缺少 expected。", f"{where}: expected is missing.")
            return Expected(None, {})
        aspects = value.get("aspects") or {}
        total, default = value.get("total"), value.get("default", "full")
        fine = isinstance(aspects, dict) and all(
            mark is None or (type(mark) is int and mark >= 0) for mark in aspects.values()
        )
        if not fine or default not in ("full", "zero") or type(total) not in (int, type(None)):
            self.wrong(
                f"{where}:total 与各评分点应为百分之一分的整数或 null,default 为 full 或 zero。",
                f"{where}: total and marks are whole hundredths or null, default full or zero.",
            )
            return Expected(None, {})
        for aspect in sorted(map(str, set(aspects) - set(maxima))):
            self.wrong(f"{where}:maxima 里没有 {aspect}。", f"{where}: {aspect} is not in maxima.")
        expected = Expected(total, {str(k): v for k, v in aspects.items()}, default)
        found = sum(mark or 0 for mark in expected.marks(maxima).values())
        if total is not None and total != found:
            self.wrong(
                f"{where}:total 写 {total},各评分点相加是 {found}。",
                f"{where}: total says {total}, the aspects add up to {found}.",
            )
        return expected


def _variant(value: object) -> Variant | None:
    """Another seed, another clock, or both; None when it is not of that form."""
    if not isinstance(value, dict):
        return None
    seed, clock, checks = value.get("seed"), value.get("clock"), value.get("checks") or []
    if set(value) - {"seed", "clock", "checks"} or (seed is None and clock is None):
        return None
    if seed is not None and (type(seed) is not int or not 0 < seed < 2**31):
        return None
    if clock is not None and not _moment(clock):
        return None
    if not isinstance(checks, list) or not all(isinstance(each, str) for each in checks):
        return None
    return Variant(seed, clock, tuple(checks))


def _moment(value: object) -> bool:
    """A moment with its offset: one without would mean something else on another host."""
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _harmless(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts and "\\" not in name
