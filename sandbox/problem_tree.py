"""A problem package's files as they may be used, and what is wrong with them in sentences.

A package comes from anybody: links may lead out, names may be odd, YAML may be a bomb. Everything
that reads a package reads it through here.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from sandbox.names import display
from sandbox.task import LARGEST_YAML, Sentence

MOST_FILES: Final = 20_000
DEEPEST: Final = 16
LARGEST_FILE: Final = 512 * 2**20
_NAME: Final = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,254}")


class Findings:
    """What is wrong with a package, and what is only odd; gathered, so that all is told at once."""

    def __init__(self) -> None:
        self.problems: list[Sentence] = []
        self.warnings: list[Sentence] = []

    def wrong(self, zh: str, en: str) -> None:
        self.problems.append((zh, en))

    def odd(self, zh: str, en: str) -> None:
        self.warnings.append((zh, en))


class Tree:
    """The package's regular files by their name in it, links resolved and kept inside."""

    def __init__(self, folder: Path, findings: Findings) -> None:
        self.folder = folder
        self.findings = findings
        self.files: dict[str, Path] = {}
        self.folders: set[str] = set()
        self._children: dict[str, list[str]] = {}
        self._root = folder.resolve()
        self._walk(folder, "", 0)

    def _walk(self, folder: Path, prefix: str, depth: int) -> None:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            self._wrong(prefix or ".", "无法读取", "cannot be read")
            return
        for entry in entries:
            name = f"{prefix}{entry.name}"
            if not _NAME.fullmatch(entry.name):
                self._skipped(name, entry.name)
            elif len(self.files) + len(self.folders) >= MOST_FILES:
                return  # told once, below
            elif (path := self._inside(Path(entry.path), name)) is not None:
                self._add(path, name, depth)
        if not prefix and len(self.files) + len(self.folders) >= MOST_FILES:
            self.findings.wrong(
                f"题目包里超过 {MOST_FILES} 个文件。",
                f"The package holds more than {MOST_FILES} files.",
            )

    def _add(self, path: Path, name: str, depth: int) -> None:
        facts = path.stat()
        if stat.S_ISDIR(facts.st_mode):
            if depth >= DEEPEST:
                self._wrong(name, f"的文件夹超过 {DEEPEST} 层", "lies too deep in folders")
                return
            self.folders.add(name)
            self._children.setdefault(name.rpartition("/")[0], []).append(name)
            self._walk(path, f"{name}/", depth + 1)
        elif not stat.S_ISREG(facts.st_mode):
            self._wrong(name, "既不是文件也不是文件夹", "is neither a file nor a folder")
        elif facts.st_size > LARGEST_FILE:
            self._wrong(name, "超过 512 MiB", "is larger than 512 MiB")
        else:
            self.files[name] = path
            self._children.setdefault(name.rpartition("/")[0], []).append(name)

    def _inside(self, path: Path, name: str) -> Path | None:
        """The path itself, or where its link leads when that is inside and not around itself."""
        if not path.is_symlink():
            return path
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError):
            self._wrong(name, "是断开的链接", "is a link to nothing")
            return None
        if not target.is_relative_to(self._root):
            self._wrong(name, "是指向包外的链接", "is a link that leads out of the package")
            return None
        if path.parent.resolve().is_relative_to(target):
            self._wrong(name, "是指向自身上级的链接", "is a link to a folder around itself")
            return None
        return target

    def _skipped(self, name: str, last: str) -> None:
        """As the format has it: such files are as good as not there, and nobody is told of .git."""
        if not last.startswith((".", "-")) or name.startswith(("data/", "submissions/")):
            shown = display(name)
            self.findings.odd(
                f"{shown} 的名字不合规定,已忽略。",
                f"{shown} is ignored: its name is not one the format allows.",
            )

    def _wrong(self, name: str, zh: str, en: str) -> None:
        self.findings.wrong(f"{display(name)} {zh}。", f"{display(name)} {en}.")

    def children(self, folder: str) -> list[str]:
        """Names of the files and folders right below this one, in order."""
        return self._children.get(folder, [])

    def below(self, folder: str) -> dict[str, Path]:
        """All files below a folder, by their name in it."""
        prefix = f"{folder}/"
        return {n[len(prefix) :]: path for n, path in self.files.items() if n.startswith(prefix)}

    def text(self, name: str) -> str | None:
        """A text file of sensible size, or None with a sentence."""
        try:
            path = self.files[name]
            if path.stat().st_size > LARGEST_YAML:
                raise ValueError(name)
            return path.read_text("utf-8-sig")
        except (OSError, KeyError):
            self._wrong(name, "不存在或无法读取", "is missing or cannot be read")
        except ValueError:
            self._wrong(name, "不是 UTF-8 文字,或者太大", "is not UTF-8 text, or too large")
        return None

    def yaml(self, name: str) -> Keys:
        """The keys of a YAML file; without any when it cannot be used, which is told."""
        text = self.text(name)
        if text is None:
            return Keys({}, name, self.findings)
        try:
            plain = yaml.load(text, Loader=_Loader)  # noqa: S506 (a SafeLoader)
        except (yaml.YAMLError, ValueError, TypeError, OverflowError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            self.findings.wrong(
                f"{name} 不是有效的 YAML(第 {line} 行)。",
                f"{name} is not valid YAML (line {line}).",
            )
            plain = {}
        if plain is not None and not isinstance(plain, dict):
            self._wrong(name, "里应是键和值", "must hold keys and values")
        return Keys(plain if isinstance(plain, dict) else {}, name, self.findings)


class _Loader(yaml.SafeLoader):
    """YAML as it is safe from anybody: no merge keys, whose expansion can grow without end."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Leaves `<<` unmerged; it then has no meaning and is refused as such."""


class Keys:
    """The keys of one mapping in one file; a value of the wrong kind is told and not used."""

    def __init__(self, plain: Mapping[Any, Any], where: str, findings: Findings) -> None:
        self.plain, self.where, self.findings = plain, where, findings

    def __contains__(self, key: str) -> bool:
        return self.plain.get(key) is not None

    def only(self, known: Iterable[str]) -> None:
        """A warning for every other key."""
        for key in [key for key in self.plain if key not in set(known)][:20]:
            shown = display(key) if isinstance(key, str) else type(key).__name__
            self.findings.odd(
                f"{self.where} 里不认识的键“{shown}”,已忽略。",
                f'{self.where}: the key "{shown}" is unknown and ignored.',
            )

    def wrong(self, key: str, zh: str, en: str) -> None:
        self.findings.wrong(f"{self.where} 的 {key} {zh}。", f"{self.where}: {key} {en}.")

    def text(self, key: str, default: str = "") -> str:
        value = self.plain.get(key)
        if value is None:
            return default
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return str(value)
        self.wrong(key, "应为文字", "must be a text")
        return default

    def words(self, key: str) -> tuple[str, ...]:
        """A text of words, or a list of words."""
        value = self.plain.get(key)
        if isinstance(value, list) and all(isinstance(v, str | int | float) for v in value):
            return tuple(str(v) for v in value)
        if isinstance(value, list):
            self.wrong(key, "应列出文字", "must list texts")
            return ()
        return tuple(self.text(key).split())

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        """One of the choices; the first when the key is not there."""
        value = self.plain.get(key)
        if value is None or (isinstance(value, str) and value in choices):
            return value or choices[0]
        shown = "、".join(choices)
        self.wrong(key, f"应为 {shown} 之一", f"must be one of {', '.join(choices)}")
        return choices[0]

    def yes(self, key: str, default: bool = False) -> bool:
        value = self.plain.get(key, default)
        if not isinstance(value, bool):
            self.wrong(key, "应为 true 或 false", "must be true or false")
            return default
        return value

    def number(self, key: str, default: float, low: float, high: float) -> float:
        value = self.plain.get(key)
        if value is None:
            return default
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
            return float(value)
        self.wrong(
            key, f"应为 {low:g} 到 {high:g} 的数", f"must be a number from {low:g} to {high:g}"
        )
        return default

    def inner(self, key: str) -> Keys:
        """The mapping under a key; empty when it is not there or is none."""
        value = self.plain.get(key)
        if value is not None and not isinstance(value, dict):
            self.wrong(key, "里应是键和值", "must hold keys and values")
        return Keys(value if isinstance(value, dict) else {}, f"{self.where}:{key}", self.findings)
