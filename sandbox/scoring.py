"""From the outcomes of tests to the verdict and score of a group, as problem packages ask. Pure.

Scores are exact fractions; they become hundredths once, at the very end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from sandbox.verdict import Verdict

ScoreMode = Literal["sum", "avg", "min", "max"]
VerdictMode = Literal["worst_error", "first_error", "always_accept"]

LARGEST: Final = Fraction(10**12)  # a score beyond this is a mistake
_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,40}\.?\d{0,40}|\.\d{1,40})(?:[eE][+-]?\d{1,2})?")

# What an error is called in the formats' four words (decisions.md 17).
KATTIS: Final[Mapping[Verdict, str]] = {
    Verdict.AC: "AC",
    Verdict.PARTIAL: "AC",
    Verdict.WA: "WA",
    Verdict.NO: "WA",
    Verdict.TLE: "TLE",
    Verdict.ILE: "TLE",
    Verdict.RTE: "RTE",
    Verdict.SIG: "RTE",
    Verdict.MLE: "RTE",
    Verdict.OLE: "RTE",
}
# The worst first, in the default grader's order.
_WORST: Final = (
    *(Verdict.IE, Verdict.JE, Verdict.CE, Verdict.RTE, Verdict.SIG, Verdict.MLE),
    *(Verdict.TLE, Verdict.ILE, Verdict.OLE, Verdict.WA, Verdict.NO),
)


class BadGrader(Exception):
    """Flags that the default grader does not know, or a score that is none."""


class Sub(NamedTuple):
    """A test case or a group, as the group around it sees it."""

    verdict: Verdict
    score: Fraction


@dataclass(frozen=True)
class Grader:
    """The default grader's flags; without any, the worst error and the sum."""

    verdict: VerdictMode = "worst_error"
    score: ScoreMode = "sum"
    ignore_sample: bool = False
    any_accepted: bool = False

    @classmethod
    def of(cls, words: Sequence[str]) -> Grader:
        """The flags as `grader_flags` gives them; of those that contradict the last counts."""
        verdict: VerdictMode = "worst_error"
        score: ScoreMode = "sum"
        for word in words:
            match word:
                case "sum" | "avg" | "min" | "max":
                    score = word
                case "worst_error" | "first_error" | "always_accept":
                    verdict = word
                case "no_errors":  # its name before the format had a version
                    verdict = "worst_error"
                case "ignore_sample" | "accept_if_any_accepted":
                    pass
                case _:
                    raise BadGrader(word)
        return cls(verdict, score, "ignore_sample" in words, "accept_if_any_accepted" in words)


_SCORES: Final[Mapping[ScoreMode, Callable[[Sequence[Fraction]], Fraction]]] = {
    "sum": lambda scores: sum(scores, Fraction(0)),
    "avg": lambda scores: sum(scores, Fraction(0)) / len(scores),
    "min": min,
    "max": max,
}


def grade(subs: Sequence[Sub], grader: Grader) -> Sub:
    """What a group comes to. Our own fault, or the judge's, stays one whatever the flags say."""
    if not subs:
        return Sub(Verdict.AC, Fraction(0))
    for fault in (Verdict.IE, Verdict.JE):
        if any(sub.verdict is fault for sub in subs):
            return Sub(fault, Fraction(0))
    if grader.ignore_sample:
        subs = subs[-1:]
    verdicts = [sub.verdict for sub in subs]
    return Sub(_verdict(verdicts, grader), _SCORES[grader.score]([sub.score for sub in subs]))


def _verdict(verdicts: Sequence[Verdict], grader: Grader) -> Verdict:
    errors = [verdict for verdict in verdicts if verdict is not Verdict.AC]
    if not errors or grader.verdict == "always_accept":
        return Verdict.AC
    if grader.any_accepted and Verdict.AC in verdicts:
        return Verdict.AC
    return errors[0] if grader.verdict == "first_error" else min(errors, key=_WORST.index)


def score_of(text: str) -> Fraction:
    """A finite score of sensible size, written as a decimal number; else BadGrader."""
    if _NUMBER.fullmatch(text.strip()) is None:
        raise BadGrader(text[:40])
    score = Fraction(Decimal(text.strip()))
    if abs(score) > LARGEST:
        raise BadGrader(text[:40])
    return score


def limit_of(text: str) -> Fraction | None:
    """One end of a `range`: a number, or None for an infinite one."""
    return None if text.strip().lower() in ("inf", "+inf", "-inf") else score_of(text)


def hundredths(score: Fraction) -> int:
    """As a mark: divided once, rounded once, half away from zero."""
    whole = abs(score) * 100
    rounded = (2 * whole.numerator + whole.denominator) // (2 * whole.denominator)
    return rounded if score >= 0 else -rounded
