"""A problem package of the Kattis/ICPC format, read and checked: plain values.

`problem_reading.load` makes it, `problem_judge.judge_program` judges with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Final, Literal

from sandbox.scoring import Grader
from sandbox.task import Sentence
from sandbox.verdict import Verdict

Format = Literal["legacy", "2023-07"]

PLAIN: Final = Grader()
SCORE: Final = "score"
EVERY: Final = frozenset(
    {Verdict.AC, Verdict.WA, Verdict.NO, Verdict.TLE, Verdict.ILE}
    | {Verdict.RTE, Verdict.SIG, Verdict.MLE, Verdict.OLE}
)


def matches(pattern: str, name: str) -> bool:
    """Whether a glob of the format matches this path or a folder that it lies in; `*` stays within
    a folder, `{a,b}` is either, nothing else is special."""
    parts = []
    for piece in re.split(r"(\*|\{[^{}]*\})", pattern):
        if piece == "*":
            parts.append("[^/]*")
        elif piece.startswith("{") and piece.endswith("}"):
            parts.append("(?:" + "|".join(map(re.escape, piece[1:-1].split(","))) + ")")
        else:
            parts.append(re.escape(piece))
    return re.fullmatch("".join(parts) + "(?:/.*)?", name) is not None


@dataclass(frozen=True)
class Program:
    """Source files of one program of the package, by their names in its folder."""

    name: str
    files: Mapping[str, Path]
    language: str = ""  # "" = by the files' endings
    entry: str = ""

    def contents(self) -> dict[str, bytes]:
        return {name: path.read_bytes() for name, path in self.files.items()}


@dataclass(frozen=True)
class ProblemLimits:
    """What a submission, its compiler and a validator may use. No time: the package leaves it to
    be found from the accepted submissions."""

    time_ms: int | None = None
    ac_to_limit: Fraction = Fraction(5)
    limit_to_tle: Fraction = Fraction(2)
    resolution_ms: int = 1000
    memory_mb: int = 2048
    output_kb: int = 8192
    code_kb: int = 128
    compile_ms: int = 60_000
    compile_memory_mb: int = 2048
    validation_ms: int = 60_000
    validation_memory_mb: int = 2048
    validation_output_kb: int = 8192


@dataclass(frozen=True)
class Case:
    """One test; its answer never enters a box that runs a submission."""

    name: str  # below data/, without ending: secret/group1/02
    input: Path
    answer: Path
    validator_flags: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    files: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class Group:
    """A folder of tests and groups, and how it comes to its result."""

    name: str
    items: tuple[Case | Group, ...]
    grader: Grader = PLAIN
    stop_at_reject: bool = True
    accept_score: Fraction = Fraction(1)
    reject_score: Fraction = Fraction(0)
    low: Fraction | None = None  # the range of its score; None: without end
    high: Fraction | None = None
    all_or_nothing: Fraction | None = None  # the score when all is accepted, else nothing
    needs: tuple[str, ...] = ()  # groups that must be accepted before this one is run

    def cases(self) -> Iterator[Case]:
        for item in self.items:
            if isinstance(item, Group):
                yield from item.cases()
            else:
                yield item

    def groups(self) -> Iterator[Group]:
        yield self
        for item in self.items:
            if isinstance(item, Group):
                yield from item.groups()


@dataclass(frozen=True)
class Rule:
    """What the tests that a pattern matches must come to."""

    pattern: str = ""  # a glob of tests or groups below data/; "" = all
    permitted: frozenset[Verdict] = EVERY
    required: frozenset[Verdict] = EVERY
    score: tuple[Fraction, Fraction] | None = None
    message: str = ""
    lower: bool = False  # its time bounds the time limit from below
    upper: bool = False  # and from above


@dataclass(frozen=True)
class KnownProgram:
    """A submission that comes with the package, and what is expected of it."""

    name: str
    program: Program
    overall: frozenset[Verdict]  # the verdicts that it may get as a whole
    partial: bool = False  # accepted, and not with the best score
    rules: tuple[Rule, ...] = ()
    may_fail_to_compile: bool = False

    @property
    def should_be_slow(self) -> bool:
        required = [rule.required for rule in self.rules] or [self.overall]
        return any(verdicts <= {Verdict.TLE, Verdict.ILE} for verdicts in required)

    @property
    def bounds_from_below(self) -> bool:
        """Whether the time limit must leave it time enough."""
        if self.rules:
            return any(rule.lower for rule in self.rules)
        return self.overall == {Verdict.AC} and not self.partial


@dataclass(frozen=True)
class Problem:
    """One problem package, checked."""

    folder: Path
    id: str
    format: Format
    names: Mapping[str, str]
    scoring: bool
    interactive: bool
    custom_score: bool
    maximize: bool
    limits: ProblemLimits
    root: Group
    validators: tuple[Program, ...]  # none: the default validator
    submissions: tuple[KnownProgram, ...]
    statements: Mapping[str, Path]
    attachments: Mapping[str, Path]
    includes: Mapping[str, Program]  # by language; "default" for all
    languages: frozenset[str] | None  # None: all there are
    constants: Mapping[str, str]
    warnings: tuple[Sentence, ...] = ()
    aspect: str = SCORE  # of the marking scheme, to which the score goes
    full: int | None = None  # its full mark in hundredths; None: the best score as it is
    minutes: int = 60
    checks_open: bool = False

    @property
    def name_zh(self) -> str:
        return self.names.get("zh") or self.name_en

    @property
    def name_en(self) -> str:
        return self.names.get("en") or next(iter(self.names.values()), self.id)

    @property
    def best(self) -> Fraction | None:
        """The score that cannot be bettered; None: there is no such score."""
        if not self.scoring:
            return Fraction(1)
        return self.root.high if self.maximize else self.root.low

    def sample(self) -> Group | None:
        return next((g for g in self.root.groups() if g.name == "sample"), None)
