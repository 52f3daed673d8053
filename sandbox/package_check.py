"""Judges every known submission of a task package and compares with what is expected of it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.names import Rejected
from sandbox.runner import judge
from sandbox.task import BrokenPackage, Known, Task, load
from sandbox.verdict import Result, Verdict, proposals

Say = Callable[[str], None]


@dataclass(frozen=True)
class Compared:
    """One submission: marks in hundredths by aspect, expected and found, and why they differ."""

    submission: str
    expected: dict[str, int | None]
    found: dict[str, int | None]
    ok: bool
    verdict: str
    seconds: float
    remarks: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        differing = {a for a in {*self.expected, *self.found} if self._differs(a)}
        return {
            "submission": self.submission,
            "expected": {"total": total(self.expected), "aspects": self.expected},
            "found": {"total": total(self.found), "aspects": self.found},
            "ok": self.ok,
            "differs": sorted(differing),
            "verdict": self.verdict,
            "seconds": self.seconds,
            "remarks": list(self.remarks),
        }

    def only_undetermined(self) -> bool:
        """Whether nothing was found wrong, only not found out: our own failure, or checks that ran
        out of time on a crowded machine. Judging once more may tell; a wrong mark stays wrong."""
        differing = [a for a in {*self.expected, *self.found} if self._differs(a)]
        return self.verdict == Verdict.IE.value or all(self.found.get(a) is None for a in differing)

    def _differs(self, aspect: str) -> bool:
        return (aspect in self.expected) != (aspect in self.found) or self.expected.get(
            aspect
        ) != self.found.get(aspect)


@dataclass(frozen=True)
class Report:
    """All of a package."""

    package: str
    ok: bool
    results: tuple[Compared, ...]
    problems: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        plain: dict[str, Any] = {
            "package": self.package,
            "ok": self.ok,
            "results": [each.as_dict() for each in self.results],
        }
        return plain | ({"problems": list(self.problems)} if self.problems else {})

    def table(self) -> str:
        """For a terminal: a line per submission, then what differs."""
        lines = [f"{'':2} {'submission':24} {'expected':>9} {'found':>9} {'verdict':8} seconds"]
        for each in self.results:
            row = each.as_dict()
            lines.append(
                f"{'ok' if each.ok else '!!':2} {each.submission:24}"
                f" {row['expected']['total']:>9} {row['found']['total']:>9}"
                f" {each.verdict:8} {each.seconds:6.1f}"
            )
            for aspect in row["differs"]:
                wanted, got = each.expected.get(aspect, "-"), each.found.get(aspect, "-")
                lines.append(f"     {aspect}: expected {wanted}, found {got}")
            lines += [f"     {remark}" for remark in each.remarks]
        return "\n".join([*lines, *self.problems])


def total(marks: dict[str, int | None]) -> str:
    """The sum as it is shown; what is to be judged by eye counts nothing yet."""
    hundredths = sum(mark or 0 for mark in marks.values())
    return f"{hundredths // 100}.{hundredths % 100:02}"


def check_package(folder: Path, say: Say) -> Report:
    """Every submission, once more where a crowded machine left it open; `say` gets progress lines.

    One at a time for every two cores: the rig drives two browsers at once, and checks that wait for
    a crowded processor end undetermined.
    """
    try:
        task = load(folder)
    except BrokenPackage as broken:
        return Report(folder.name, False, (), tuple(f"{zh} {en}" for zh, en in broken.problems))
    lock = threading.Lock()

    def compare(known: Known) -> Compared:
        found = compared(task, known)
        if not found.ok and found.only_undetermined():
            with lock:
                say(f"{task.id}: {known.name}: undetermined on a crowded machine, once more")
            found = compared(task, known)
        with lock:
            say(f"{task.id}: {known.name}: {found.verdict} {found.seconds:.1f} s")
        return found

    with ThreadPoolExecutor(max_workers=max(1, (os.cpu_count() or 1) // 2)) as pool:
        results = tuple(pool.map(compare, task.submissions))
    ok = bool(results) and all(each.ok for each in results)
    problems = () if results else ("没有可比较的提交。 There is no submission to compare.",)
    return Report(task.id, ok, results, problems)


def compared(task: Task, known: Known) -> Compared:
    expected = known.expected.marks(task.maxima)
    try:
        result = judge(task, known.path, None)
    except Rejected as refused:
        result = Result(Verdict.IE, refused.zh, refused.en)
    found = proposals(result.checks, task.maxima)
    strangers = sorted({c.aspect for c in result.checks} - set(task.maxima))
    remarks = [f"maxima 里没有 {aspect}。 {aspect} is not in maxima." for aspect in strangers]
    if result.verdict is Verdict.IE:
        remarks.append(f"{result.message_zh} {result.message_en}")
    if found != expected:
        remarks += [
            f"{check.id} ({check.aspect}) {check.outcome}: {check.message_en}"
            for check in result.checks
            if check.outcome != "passed" and found.get(check.aspect) != expected.get(check.aspect)
        ]
    ok = found == expected and not strangers and result.verdict is not Verdict.IE
    seconds = round(result.duration_ms / 1000, 1)
    return Compared(known.name, expected, found, ok, result.verdict.value, seconds, tuple(remarks))
