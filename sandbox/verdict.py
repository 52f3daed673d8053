"""What a judging says: verdict, checks, evidence, and the marks they propose. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final, Literal, get_args

Rule = Literal["add", "deduct", "required"]
Outcome = Literal["passed", "failed", "undetermined", "error"]
EvidenceKind = Literal[
    "screenshot",
    "film",  # the check as a person would have watched it, webm
    "contact",  # one picture of all checks; carried by the first check of a result
    "console",
    "network",
    "accessibility",  # findings of axe-core; a mark only where a check says so
    "variant",  # another seed or clock gave another outcome: a person should have a look
    "log",
]

RULES: Final[tuple[Rule, ...]] = ("add", "deduct", "required")
OUTCOMES: Final[tuple[Outcome, ...]] = ("passed", "failed", "undetermined", "error")
EVIDENCE_KINDS: Final[tuple[EvidenceKind, ...]] = get_args(EvidenceKind)


class Verdict(StrEnum):
    """The outcome of a whole run. IE is our own fault: it is retried, and never becomes a zero."""

    AC = "AC"  # everything passed
    WA = "WA"  # nothing passed
    PARTIAL = "PARTIAL"  # some passed
    CE = "CE"  # does not compile
    TLE = "TLE"  # CPU time
    ILE = "ILE"  # idle or wall time
    MLE = "MLE"  # memory
    OLE = "OLE"  # output
    RTE = "RTE"  # exit code
    SIG = "SIG"  # signal
    NO = "NO"  # no output
    JE = "JE"  # the check's own fault
    IE = "IE"  # the sandbox's own fault


@dataclass(frozen=True)
class Evidence:
    """One piece of evidence; `path` is its name in the evidence folder (its SHA-256)."""

    kind: EvidenceKind
    name: str
    path: str
    media_type: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Evidence:
        return cls(**plain)


@dataclass(frozen=True)
class Check:
    """One check that was carried out, or could not be. Points are hundredths of a mark."""

    id: str
    aspect: str
    title_zh: str
    title_en: str
    rule: Rule
    points: int
    public: bool
    outcome: Outcome
    message_zh: str = ""
    message_en: str = ""
    evidence: tuple[Evidence, ...] = ()
    duration_ms: int = 0

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"evidence": [piece.as_dict() for piece in self.evidence]}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Check:
        evidence = tuple(Evidence.from_dict(piece) for piece in plain.get("evidence", ()))
        return cls(**(dict(plain) | {"evidence": evidence}))


@dataclass(frozen=True)
class Result:
    """What one judging of one submission found, on which image, in how much time."""

    verdict: Verdict
    message_zh: str
    message_en: str
    checks: tuple[Check, ...] = ()
    image: str = ""
    duration_ms: int = 0
    browser_sandbox: bool = True  # False: the host forbids user namespaces, one wall less

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {
            "verdict": self.verdict.value,
            "checks": [check.as_dict() for check in self.checks],
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Result:
        checks = tuple(Check.from_dict(check) for check in plain.get("checks", ()))
        return cls(**(dict(plain) | {"verdict": Verdict(plain["verdict"]), "checks": checks}))


def proposals(checks: Iterable[Check], maxima: Mapping[str, int]) -> dict[str, int | None]:
    """Marks in hundredths for every aspect that a check speaks of; None: judge by eye.

    A sum of `add` points that passed, less the `deduct` points that failed, nothing when a
    `required` check failed, never outside 0..max. An aspect without any `add` check starts full.
    An undetermined or broken check leaves the whole aspect to a person (decisions.md 8). Aspects
    that `maxima` does not name have no known maximum, so nothing is proposed for them.
    """
    by_aspect: dict[str, list[Check]] = {}
    for check in checks:
        if check.aspect in maxima:
            by_aspect.setdefault(check.aspect, []).append(check)
    return {aspect: _mark(group, maxima[aspect]) for aspect, group in by_aspect.items()}


def _mark(checks: list[Check], maximum: int) -> int | None:
    if any(check.outcome in ("undetermined", "error") for check in checks):
        return None
    if any(check.rule == "required" and check.outcome == "failed" for check in checks):
        return 0
    adding = [check for check in checks if check.rule == "add"]
    mark = sum(check.points for check in adding if check.outcome == "passed")
    if not adding:
        mark = maximum
    mark -= sum(c.points for c in checks if c.rule == "deduct" and c.outcome == "failed")
    return max(0, min(maximum, mark))


def in_parts(checks: Iterable[Check], maxima: Mapping[str, int]) -> set[str]:
    """The aspects of which a check gives or takes only a part of the full mark."""
    return {
        check.aspect
        for check in checks
        if check.rule != "required" and 0 < check.points < maxima.get(check.aspect, 0)
    }


def overall(checks: Iterable[Check]) -> Verdict:
    """The verdict of a run that came to its end, from its checks."""
    outcomes = [check.outcome for check in checks]
    if outcomes and all(outcome == "error" for outcome in outcomes):
        return Verdict.JE
    passed = outcomes.count("passed")
    if outcomes and passed == len(outcomes):
        return Verdict.AC
    return Verdict.PARTIAL if passed or "undetermined" in outcomes else Verdict.WA
