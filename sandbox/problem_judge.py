"""Judges a submission of a problem package: tests, groups, verdict, score.

`judge` walks the groups and tells everything (`Outcome`); `judge_program` makes of it the Result
that the rest of Podium knows: a check for each test, and one that carries the mark. What fails on
our side is IE, never a zero.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Final, Literal

from sandbox.box import BoxFailed, NoDocker
from sandbox.evidence import keep
from sandbox.problem import SCORE, Case, Group, Problem
from sandbox.problem_programs import Bench, NotBuilt, Source
from sandbox.problem_run import CaseResult, Tester
from sandbox.programs import ProgramLimits
from sandbox.scoring import Sub, grade, hundredths
from sandbox.verdict import Check, Evidence, Result, Verdict
from sandbox.verdict import Outcome as CheckOutcome

TOLD: Final = 400
Progressed = Callable[[int, int], None]


@dataclass(frozen=True)
class Outcome:
    """All that a judging found; `groups` by name, in the order they ended, the whole last."""

    verdict: Verdict
    score: Fraction
    cases: tuple[CaseResult, ...] = ()
    groups: tuple[tuple[str, Sub], ...] = ()
    zh: str = ""
    en: str = ""
    image: str = ""

    @property
    def slowest_ms(self) -> float:
        return max((case.cpu_ms for case in self.cases), default=0)


def judge(
    problem: Problem,
    source: Source,
    bench: Bench,
    *,
    time_ms: int | None = None,
    only: Literal["public"] | None = None,
    everything: bool = False,
    on_progress: Progressed | None = None,
) -> Outcome:
    """Compiles and runs. `everything`: no group stops at its first failure (package check)."""
    root = problem.root if only is None else problem.sample()
    try:
        with bench.ready(problem, source) as (player, validators):
            limits = ProgramLimits(
                cpu_ms=time_ms or problem.limits.time_ms or 0,
                memory_mb=problem.limits.memory_mb,
                output_kb=problem.limits.output_kb,
            )
            tester = Tester(problem, player, validators, bench.converse, limits)
            walk = _Walk(problem, tester, everything, on_progress or (lambda _done, _all: None))
            whole = walk.group(root) if root else Sub(Verdict.AC, Fraction(0))
            return Outcome(
                whole.verdict,
                whole.score if whole.verdict is Verdict.AC else Fraction(0),
                tuple(walk.cases),
                tuple(walk.groups),
                image=player.built.image,
            )
    except NotBuilt as why:
        return Outcome(why.verdict, Fraction(0), zh=why.zh, en=why.en)


class _Walk:
    """Through the groups in order, each graded when its tests and groups are."""

    def __init__(
        self, problem: Problem, tester: Tester, everything: bool, progressed: Progressed
    ) -> None:
        self.problem, self.tester = problem, tester
        self.everything, self.progressed = everything, progressed
        self.cases: list[CaseResult] = []
        self.groups: list[tuple[str, Sub]] = []
        self.planned = sum(1 for _ in problem.root.cases())

    def group(self, group: Group) -> Sub:
        subs: list[Sub] = []
        for item in group.items:
            sub = self.group(item) if isinstance(item, Group) else self.case(item, group)
            subs.append(sub)
            if sub.verdict in (Verdict.IE, Verdict.JE):
                break
            if sub.verdict is not Verdict.AC and group.stop_at_reject and not self.everything:
                break
        found = grade(subs, group.grader)
        if self.problem.scoring:
            found = self.scored(group, found)
        self.groups.append((group.name, found))
        return found

    def case(self, case: Case, group: Group) -> Sub:
        if self.unmet(group):
            return Sub(Verdict.WA, Fraction(0))
        result = self.tester.run(case)
        self.cases.append(result)
        self.progressed(len(self.cases), self.planned)
        if result.verdict is not Verdict.AC:
            return Sub(result.verdict, group.reject_score)
        if result.score is not None:
            return Sub(Verdict.AC, result.score)
        factor = Fraction(1) if result.multiplier is None else result.multiplier
        return Sub(Verdict.AC, group.accept_score * factor)

    def unmet(self, group: Group) -> bool:
        """Whether a group that this one builds on was not accepted."""
        accepted = {name for name, sub in self.groups if sub.verdict is Verdict.AC}
        return not accepted.issuperset(group.needs)

    def scored(self, group: Group, found: Sub) -> Sub:
        if group.all_or_nothing is not None:
            got = group.all_or_nothing if found.verdict is Verdict.AC else Fraction(0)
            found = found._replace(score=got)
        low = group.low is not None and found.score < group.low
        high = group.high is not None and found.score > group.high
        ran_all = found.verdict is Verdict.AC
        return found._replace(verdict=Verdict.JE) if ran_all and (low or high) else found


def judge_program(
    problem: Problem,
    files: Mapping[str, bytes],
    bench: Bench,
    *,
    language: str = "",
    evidence_dir: Path | None = None,
    on_progress: Progressed | None = None,
    only: Literal["public"] | None = None,
    time_ms: int | None = None,
) -> Result:
    """The Result of one submission; `only="public"`: on the sample tests."""
    began = time.monotonic()
    source = Source(files, language)
    try:
        outcome = judge(problem, source, bench, only=only, on_progress=on_progress, time_ms=time_ms)
        result = result_of(problem, outcome, evidence_dir, public_only=only == "public")
    except NoDocker:
        result = Result(
            Verdict.IE,
            "没有可用的 Docker,评测在等待。",
            "No Docker daemon answers; judging waits.",
        )
    except BoxFailed as error:
        why = str(error)[:TOLD]
        result = Result(Verdict.IE, f"沙箱出错:{why}", f"The sandbox failed: {why}")
    return replace(result, duration_ms=int((time.monotonic() - began) * 1000))


def maxima(problem: Problem) -> dict[str, int]:
    """The full mark of the one aspect that a problem package speaks of, in hundredths."""
    best = problem.best
    whole = hundredths(best) if best is not None and best > 0 else 100_00
    return {problem.aspect: problem.full or whole}


def result_of(
    problem: Problem, outcome: Outcome, evidence_dir: Path | None, *, public_only: bool = False
) -> Result:
    checks = tuple(_case_check(case, evidence_dir) for case in outcome.cases)
    verdict = shown_verdict(problem, outcome)
    if not public_only:
        checks += (_score_check(problem, outcome, verdict),)
    zh, en = outcome.zh, outcome.en
    if not zh:
        passed = sum(case.verdict is Verdict.AC for case in outcome.cases)
        zh = f"{len(outcome.cases)} 个测试,通过 {passed} 个。"
        en = f"{len(outcome.cases)} tests, {passed} passed."
        if problem.scoring and not public_only:
            points = hundredths(outcome.score)
            shown = f"{points // 100}.{points % 100:02}"
            zh, en = f"得 {shown} 分。{zh}", f"Score {shown}. {en}"
    return Result(verdict, zh, en, checks, outcome.image)


def shown_verdict(problem: Problem, outcome: Outcome) -> Verdict:
    """For our own screens: accepted without all points is partial, without any its first error."""
    if not problem.scoring or outcome.verdict is not Verdict.AC:
        return outcome.verdict
    if problem.best is None or outcome.score == problem.best:
        return Verdict.AC
    if outcome.score:
        return Verdict.PARTIAL
    errors = (case.verdict for case in outcome.cases if case.verdict is not Verdict.AC)
    return next(errors, Verdict.PARTIAL)


def _case_check(case: CaseResult, evidence_dir: Path | None) -> Check:
    state: CheckOutcome = "passed" if case.verdict is Verdict.AC else "failed"
    if case.verdict in (Verdict.IE, Verdict.JE):
        state = "error"
    figures = f"{case.cpu_ms:.0f} ms, {case.memory_kb / 1024:.1f} MiB"
    return Check(
        id=case.case,
        aspect="",
        title_zh=f"测试 {case.case}",
        title_en=f"Test {case.case}",
        rule="add",
        points=0,
        public=case.case.startswith("sample/"),
        outcome=state,
        message_zh=f"{case.verdict.value} {case.zh} ({figures})".replace("  ", " "),
        message_en=f"{case.verdict.value} {case.en} ({figures})".replace("  ", " "),
        evidence=_evidence(case, evidence_dir),
        duration_ms=int(case.wall_ms),
    )


def _evidence(case: CaseResult, folder: Path | None) -> tuple[Evidence, ...]:
    """For judges: why, and the beginning of what the program wrote, as plain text."""
    if folder is None or case.verdict is Verdict.AC:
        return ()
    parts = {
        "judge": case.note.encode(),
        "stdout": case.output,
        "stderr": case.complaints,
    }
    text = b"\n".join(b"=== %s ===\n%s\n" % (n.encode(), data) for n, data in parts.items() if data)
    if not text:
        return ()
    path = keep(text, "text/plain", folder)
    return (Evidence("log", "log-1.txt", path, "text/plain"),)


def _score_check(problem: Problem, outcome: Outcome, verdict: Verdict) -> Check:
    (aspect, maximum), *_ = maxima(problem).items()
    points = _mark(problem, outcome, maximum)
    state: CheckOutcome = "passed" if points else "failed"
    if verdict in (Verdict.IE, Verdict.JE):
        state, points = "error", 0
    return Check(
        id=SCORE,
        aspect=aspect,
        title_zh="得分",
        title_en="Score",
        rule="add",
        points=points or maximum,
        public=False,
        outcome=state,
        message_zh=outcome.zh,
        message_en=outcome.en,
    )


def _mark(problem: Problem, outcome: Outcome, maximum: int) -> int:
    if outcome.verdict is not Verdict.AC:
        return 0
    if not problem.scoring:
        return maximum
    best = problem.best
    scale = Fraction(maximum, 100) / best if problem.full and best else Fraction(1)
    return max(0, min(maximum, hundredths(outcome.score * scale)))
