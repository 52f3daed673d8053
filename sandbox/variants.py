"""Checks once more under another seed or clock: what differs flags a person, never a mark.

A page may be made for the values that the rig fixes, by luck or on purpose. Whoever judges is told
where another seed or another day gave another outcome; the outcome that counts stays as it was.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sandbox import browser
from sandbox.box import Box
from sandbox.browser import Report
from sandbox.evidence import collect, keep
from sandbox.task import Task, Variant
from sandbox.verdict import Check, Evidence

LEAST_SECONDS: Final = 10  # less is not begun
WORDS: Final = {"passed": ("通过", "passed"), "failed": ("未通过", "failed")}


@dataclass(frozen=True)
class _Again:
    """One run of the rig under a variant, in the box that the submission has already."""

    box: Box
    folder: Path | None
    variant: Variant
    out: str
    report: Report

    def carried_out(self, task: Task, seconds: int) -> dict[str, Check]:
        command = browser.variant_command(task, self.variant, out=self.out, wall_seconds=seconds)
        self.box.run(command, self.report.line)
        return {check.id: check for check in self.report.checks}

    def flag(self, check: Check, other: Check) -> Check:
        zh, en = _sentences(self.variant, other)
        evidence = check.evidence
        if self.folder is not None:
            told = f"{zh}\n{other.message_zh}\n\n{en}\n{other.message_en}\n"
            path = keep(told.encode(), "text/plain", self.folder)
            pieces = self.report.files[check.id]
            shots = [piece for piece in pieces if piece["kind"] == "screenshot"]
            evidence += (
                Evidence("variant", "variant.txt", path, "text/plain"),
                *collect(self.box, shots, self.out, self.folder),
            )
        return replace(
            check,
            message_zh=f"{check.message_zh} {zh}".strip(),
            message_en=f"{check.message_en} {en}".strip(),
            evidence=evidence,
        )


def flagged(
    task: Task, box: Box, checks: tuple[Check, ...], folder: Path | None, until: float
) -> tuple[Check, ...]:
    """The checks, those that come out otherwise under a variant with a word and evidence of it.

    Nothing more is begun when the task's time is up: variants are the first thing to go.
    """
    for number, variant in enumerate(task.variants, start=1):
        seconds = int(until - time.monotonic())
        if seconds < LEAST_SECONDS:
            break
        report = Report(lambda _done, _total: None)
        again = _Again(box, folder, variant, f"{browser.OUT}-{number}", report)
        others = again.carried_out(task, seconds)
        checks = tuple(
            again.flag(check, others[check.id])
            if check.id in others and _differ(check, others[check.id])
            else check
            for check in checks
        )
    return checks


def _differ(one: Check, other: Check) -> bool:
    """Only passed against failed: what was not determined says nothing."""
    return {one.outcome, other.outcome} == {"passed", "failed"}


def _sentences(variant: Variant, other: Check) -> tuple[str, str]:
    values_zh = [f"随机种子 {variant.seed}"] if variant.seed else []
    values_en = [f"seed {variant.seed}"] if variant.seed else []
    values_zh += [f"时间 {variant.clock}"] if variant.clock else []
    values_en += [f"clock {variant.clock}"] if variant.clock else []
    outcome_zh, outcome_en = WORDS[other.outcome]
    return (
        f"换成{'、'.join(values_zh)}后结果不同（{outcome_zh}），请看一看。",
        f"Under {' and '.join(values_en)} it came out otherwise ({outcome_en}): have a look.",
    )
