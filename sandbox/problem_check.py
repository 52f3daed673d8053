"""Judges every submission that comes with a problem package and compares with what is expected."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from sandbox.problem import EVERY, SCORE, KnownProgram, Problem, Rule, matches
from sandbox.problem_judge import Outcome, judge, maxima, result_of, shown_verdict
from sandbox.problem_programs import Bench, NoLanguage, Source
from sandbox.scoring import KATTIS, hundredths
from sandbox.verdict import Verdict, proposals

LONGEST_MS: Final = 60_000  # for accepted submissions as long as there is no time limit
SKIPPED: Final = "-"
Say = Callable[[str], None]


@dataclass(frozen=True)
class ComparedProgram:
    """One submission: what it should get, what it got, and why they differ."""

    submission: str
    expected: tuple[str, ...]  # verdicts as the format calls them
    expected_mark: int | None
    found: str  # likewise
    found_mark: int | None
    verdict: str  # our finer one
    ok: bool
    slowest_ms: float
    seconds: float
    remarks: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The same document as for a browser build, with the verdicts beside the marks."""
        return {
            "submission": self.submission,
            "expected": {**_marks(self.expected_mark), "verdicts": list(self.expected)},
            "found": {**_marks(self.found_mark), "verdicts": [self.found]},
            "ok": self.ok,
            "differs": [] if self.ok else [SCORE],
            "verdict": self.verdict,
            "slowest_ms": round(self.slowest_ms),
            "seconds": self.seconds,
            "remarks": list(self.remarks),
        }


@dataclass(frozen=True)
class ProblemReport:
    """All of a problem package."""

    package: str
    ok: bool
    results: tuple[ComparedProgram, ...]
    time_limit_ms: int | None = None
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        plain: dict[str, Any] = {
            "package": self.package,
            "ok": self.ok,
            "results": [each.as_dict() for each in self.results],
            "time_limit_ms": self.time_limit_ms,
            "warnings": list(self.warnings),
        }
        return plain | ({"problems": list(self.problems)} if self.problems else {})

    def table(self) -> str:
        """For a terminal: a line per submission, then what differs."""
        lines = [
            f"{'':2} {'submission':40} {'expected':>9} {'found':>6} {'score':>7} {'ms':>6} seconds"
        ]
        for each in self.results:
            lines.append(
                f"{'ok' if each.ok else '!!':2} {each.submission:40} {'/'.join(each.expected):>9}"
                f" {each.verdict:>6} {_shown(each.found_mark):>7} {each.slowest_ms:6.0f}"
                f" {each.seconds:7.1f}"
            )
            lines += [f"     {remark}" for remark in each.remarks]
        if self.time_limit_ms:
            lines.append(f"时间限制 time limit: {self.time_limit_ms / 1000:g} s")
        return "\n".join([*lines, *self.warnings, *self.problems])


def _marks(mark: int | None) -> dict[str, Any]:
    return {"total": _shown(mark), "aspects": {SCORE: mark}}


def _shown(mark: int | None) -> str:
    return "0.00" if mark is None else f"{mark // 100}.{mark % 100:02}"


def check_problem(problem: Problem, bench: Bench, say: Say) -> ProblemReport:
    """Every known submission, one after the other; `say` gets progress lines."""
    warnings = [f"{zh} {en}" for zh, en in problem.warnings]
    time_ms = problem.limits.time_ms
    if time_ms is None:
        time_ms = found_limit(problem, bench, say)
        shown = f"{time_ms / 1000:g}"
        warnings.append(
            f"时间限制由正确提交测得:{shown} 秒;写进 .timelimit 就不再变。"
            f" The time limit comes from the accepted submissions: {shown} s; "
            "write it into .timelimit to settle it."
        )
    results = []
    for known in problem.submissions:
        row = _compared(problem, known, bench, time_ms)
        say(f"{problem.id}: {known.name}: {row.verdict} {row.seconds:.1f} s")
        results.append(row)
    judged = [row for row in results if row.found != SKIPPED]
    problems = []
    if not any(row.submission.startswith("accepted/") for row in judged):
        problems.append(
            "没有一个应通过的提交能在这里评测。"
            " No submission that should be accepted could be judged here."
        )
    ok = not problems and all(row.ok for row in results)
    return ProblemReport(problem.id, ok, tuple(results), time_ms, tuple(problems), tuple(warnings))


def found_limit(problem: Problem, bench: Bench, say: Say) -> int:
    """The time limit by the format's rule: from the slowest submission that it must admit."""
    slowest = 0.0
    for known in problem.submissions:
        if known.bounds_from_below and _spoken(bench, known):
            say(f"{problem.id}: {known.name}: how long it takes")
            outcome = judge(
                problem, _source(known), bench, time_ms=LONGEST_MS, everything=_all_tests(known)
            )
            slowest = max(slowest, outcome.slowest_ms)
    step = problem.limits.resolution_ms
    exact = Fraction(round(slowest * 1000), 1000) * problem.limits.ac_to_limit
    return max(1, -(-exact // step)) * step


def _compared(problem: Problem, known: KnownProgram, bench: Bench, time_ms: int) -> ComparedProgram:
    began = time.monotonic()
    if not _spoken(bench, known):
        remark = "本机没有它的语言,没有评测。 Not judged: its language is not spoken here."
        return _row(problem, known, None, [remark], ok=True, began=began)
    remarks: list[str] = []
    source, everything = _source(known), _all_tests(known)
    limits = [time_ms]
    if known.should_be_slow:  # it must be too slow by a margin
        limits = [int(time_ms * problem.limits.limit_to_tle), time_ms]
    for limit in limits:
        outcome = judge(problem, source, bench, time_ms=limit, everything=everything)
        why = differences(problem, known, outcome)
        if not why:
            break
        if outcome.verdict in (Verdict.IE, Verdict.JE):
            break
    if not why and len(limits) == 2 and limit == time_ms:
        remarks.append(
            "超时的余量不够:限时再宽一些它就不超时。"
            " Too slow by less than the margin: with a wider limit it is not."
        )
    if known.bounds_from_below and outcome.slowest_ms * problem.limits.ac_to_limit > time_ms:
        remarks.append(
            f"时间限制偏紧:它用了 {outcome.slowest_ms:.0f} 毫秒。"
            f" The time limit is tight: it took {outcome.slowest_ms:.0f} ms."
        )
    return _row(problem, known, outcome, [*why, *remarks], ok=not why, began=began)


def _row(
    problem: Problem,
    known: KnownProgram,
    outcome: Outcome | None,
    remarks: list[str],
    *,
    ok: bool,
    began: float,
) -> ComparedProgram:
    maximum = maxima(problem)
    full = maximum[problem.aspect]
    accepted = known.overall == {Verdict.AC} or any(
        r.permitted == {Verdict.AC} for r in known.rules
    )
    mark: int | None = None
    if accepted and not known.partial:
        mark = full
    elif not problem.scoring and Verdict.AC not in known.overall:
        mark = 0
    found_mark, verdict, found = None, SKIPPED, SKIPPED
    if outcome is not None:
        result = result_of(problem, outcome, None)
        found_mark = proposals(result.checks, maximum).get(problem.aspect)
        verdict, found = result.verdict.value, KATTIS.get(outcome.verdict, outcome.verdict.value)
    return ComparedProgram(
        submission=known.name,
        expected=_words(known),
        expected_mark=mark,
        found=found,
        found_mark=found_mark,
        verdict=verdict,
        ok=ok,
        slowest_ms=outcome.slowest_ms if outcome else 0,
        seconds=round(time.monotonic() - began, 1),
        remarks=tuple(remarks),
    )


def _words(known: KnownProgram) -> tuple[str, ...]:
    """The verdicts that it should get, in the format's words."""
    wanted = known.overall
    if known.rules and known.overall == EVERY:
        whole = [rule for rule in known.rules if not rule.pattern] or list(known.rules)
        wanted = frozenset[Verdict]().union(*(r.required & r.permitted for r in whole))
    words = {KATTIS.get(verdict, verdict.value) for verdict in wanted}
    return tuple(word for word in ("AC", "WA", "TLE", "RTE", "CE") if word in words)


def differences(problem: Problem, known: KnownProgram, outcome: Outcome) -> list[str]:
    """Why this outcome is not what is expected of the submission; empty when it is."""
    if outcome.verdict in (Verdict.IE, Verdict.JE):
        return [f"{outcome.verdict}: {outcome.en or _notes(outcome)}"]
    if outcome.verdict is Verdict.CE:
        told = f"编译不通过:{outcome.zh} It does not compile: {outcome.en}"
        return [] if known.may_fail_to_compile else [told]
    why: list[str] = []
    overall = outcome.verdict if not known.rules else shown_verdict(problem, outcome)
    if overall not in known.overall and overall is not Verdict.PARTIAL:
        why.append(_worst(outcome))
    if known.partial and outcome.verdict is Verdict.AC and outcome.score == problem.best:
        why.append("得了满分,应只得一部分。 It got the best score; it should get a part of it.")
    for rule in known.rules:
        why += _against(rule, outcome)
    return why


def _against(rule: Rule, outcome: Outcome) -> Iterable[str]:
    cases = [case for case in outcome.cases if not rule.pattern or matches(rule.pattern, case.case)]
    where = rule.pattern or "data"
    for case in cases:
        if case.verdict not in rule.permitted:
            word = case.verdict
            yield f"{case.case}: {word} 不应出现。 {word} is not permitted. {case.en}"
            break
    if cases and not any(case.verdict in rule.required for case in cases):
        words = "/".join(sorted(rule.required))
        yield f"{where}: 没有一个测试得 {words}。 No test came to {words}."
    if rule.message and not any(rule.message in case.note for case in cases):
        yield f"{where}: judgemessage 里没有“{rule.message}”。 No judgemessage says so."
    if rule.score is not None:
        low, high = rule.score
        scores = {name: sub.score for name, sub in outcome.groups}
        score = scores.get(rule.pattern) if rule.pattern else outcome.score
        if score is None or not low <= score <= high:
            shown = _shown(None if score is None else hundredths(score))
            yield f"{where}: 得分 {shown} 不在范围内。 Score {shown} is not within its range."


def _worst(outcome: Outcome) -> str:
    case = next((case for case in outcome.cases if case.verdict is not Verdict.AC), None)
    if case is None:
        return "通过了全部测试。 It passed every test."
    return f"{case.case}: {case.verdict} {case.zh} {case.en} {case.note[:200]}".strip()


def _notes(outcome: Outcome) -> str:
    return next((c.note for c in outcome.cases if c.verdict in (Verdict.IE, Verdict.JE)), "")[:400]


def _source(known: KnownProgram) -> Source:
    program = known.program
    return Source(program.contents(), program.language, program.entry)


def _spoken(bench: Bench, known: KnownProgram) -> bool:
    try:
        bench.tools.language_of(_source(known))
    except NoLanguage:
        return False
    return True


def _all_tests(known: KnownProgram) -> bool:
    """Where single tests or messages are spoken of, no group may stop at its first failure."""
    return any(rule.pattern or rule.message for rule in known.rules)
