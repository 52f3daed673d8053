"""One test of one submission: run it, and have its output judged.

Only the input (and the files the format gives a program) enters the competitor's box, for this one
run. The answer stays on the host or enters the box of the package's own validator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final, Protocol

from sandbox.default_validator import ACCEPTED, REJECTED, Judgement, flags_of, validate
from sandbox.problem import Case, Problem
from sandbox.programs import (
    WORK,
    Conversation,
    ProgramBox,
    ProgramLimits,
    Ran,
    Side,
    timed,
)
from sandbox.scoring import BadGrader, score_of
from sandbox.verdict import Verdict

FEEDBACK: Final = 1_000_000  # bytes that a validator may say
_TOLD: Final = 2000  # characters of what it says that are kept
Converse = Callable[[Side, Side], Conversation]


class Ready(Protocol):
    """A compiled program in a box of its own, into which its files have been put."""

    @property
    def box(self) -> ProgramBox: ...

    @property
    def files(self) -> Mapping[str, bytes]: ...

    def argv(self, limits: ProgramLimits) -> Sequence[str]:
        """How it is started within the package's limits."""

    def limits(self, limits: ProgramLimits) -> ProgramLimits:
        """The package's limits with what the language itself needs on top."""

    def told(self, ran: Ran) -> Ran:
        """A run that the language itself ended, understood."""


@dataclass(frozen=True)
class CaseResult:
    """What one test came to. `zh` and `en` may be read by anybody, `note` by judges only."""

    case: str
    verdict: Verdict
    zh: str = ""
    en: str = ""
    note: str = ""
    cpu_ms: float = 0
    wall_ms: float = 0
    memory_kb: int = 0
    score: Fraction | None = None  # given by a validator
    multiplier: Fraction | None = None
    output: bytes = b""  # the first of what the program wrote
    complaints: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Tester:
    """Everything that the tests of one submission share."""

    problem: Problem
    player: Ready
    validators: tuple[Ready, ...]
    converse: Converse
    limits: ProgramLimits

    def run(self, case: Case) -> CaseResult:
        if not case.files:
            return self._run(case)
        self.player.box.put({name: path.read_bytes() for name, path in case.files.items()})
        try:
            return self._run(case)
        finally:  # the next test finds nothing of this one's
            self.player.box.wipe()
            self.player.box.put(self.player.files)

    def _run(self, case: Case) -> CaseResult:
        if self.problem.interactive:
            return self._talk(case)
        argv = [*self.player.argv(self.limits), *case.args]
        limits = self.player.limits(self.limits)
        data = case.input.read_bytes()
        ran = self.player.told(timed(self.player.box, argv, limits, stdin=data).ran)
        found = _measured(CaseResult(case.name, ran.verdict or Verdict.AC), ran)
        if ran.verdict is not None:
            zh, en = limit_sentence(ran, self.limits)
            return replace(found, zh=zh, en=en)
        if not self.validators:
            judgement = validate(
                case.answer.read_bytes(), ran.stdout, flags_of(case.validator_flags)
            )
            return _judged(found, judgement, silent=not ran.stdout.strip())
        for validator in self.validators:
            found = self._validated(validator, case, ran, found)
            if found.verdict is not Verdict.AC:
                break
        return found

    def _validated(self, validator: Ready, case: Case, ran: Ran, found: CaseResult) -> CaseResult:
        self._prepare(validator, case)
        argv, limits = self._argv(validator, case), validator.limits(self._validation)
        said = validator.box.run(argv, limits, stdin=ran.stdout)
        return self._told(validator, said, found, silent=not ran.stdout.strip())

    def _talk(self, case: Case) -> CaseResult:
        """The validator speaks with the program; who ended first tells whose fault the rest is."""
        (validator,) = self.validators
        self._prepare(validator, case)
        limits, theirs = self.player.limits(self.limits), validator.limits(self._validation)
        theirs = replace(theirs, wall_ms=limits.wall + theirs.cpu_ms)
        argv = [*self.player.argv(self.limits), *case.args]
        talk = self.converse(
            Side(self.player.box, argv, limits),
            Side(validator.box, self._argv(validator, case), theirs),
        )
        ran = self.player.told(talk.player)
        found = _measured(CaseResult(case.name, Verdict.AC), ran)
        told = self._told(validator, talk.judge, found)
        idle = ran.verdict in (Verdict.TLE, Verdict.ILE)
        waited = talk.judge.verdict in (Verdict.TLE, Verdict.ILE)
        if told.verdict is Verdict.JE and not (idle and waited):
            return told
        if told.verdict in (Verdict.WA, Verdict.NO) and not talk.player_first:
            return told
        if ran.verdict is not None:
            zh, en = limit_sentence(ran, self.limits)
            return replace(found, verdict=ran.verdict, zh=zh, en=en, note=told.note)
        return told

    @property
    def _validation(self) -> ProgramLimits:
        limits = self.problem.limits
        return ProgramLimits(
            cpu_ms=limits.validation_ms,
            memory_mb=limits.validation_memory_mb,
            output_kb=limits.validation_output_kb,
        )

    def _prepare(self, validator: Ready, case: Case) -> None:
        given = {"test.in": case.input.read_bytes(), "test.ans": case.answer.read_bytes()}
        validator.box.put(given)

    def _argv(self, validator: Ready, case: Case) -> list[str]:
        """As the format calls it; the work folder, cleared between runs, takes the feedback."""
        files = [f"{WORK}/test.in", f"{WORK}/test.ans", f"{WORK}/"]
        return [*validator.argv(self._validation), *files, *case.validator_flags]

    def _told(
        self, validator: Ready, said: Ran, found: CaseResult, *, silent: bool = False
    ) -> CaseResult:
        """What the validator's exit code and its feedback files say."""
        feedback = validator.box.products(FEEDBACK) or {}
        note = _text(feedback.get("judgemessage.txt", b""))
        hint = _text(feedback.get("teammessage.txt", b""))
        code = said.exit_code
        if said.verdict not in (None, Verdict.RTE) or code not in (ACCEPTED, REJECTED):
            how = said.verdict.value if said.verdict else "AC"
            note = f"{how}, exit {code}, signal {said.signal}. {_text(said.stderr)} {note}"
            return replace(found, verdict=Verdict.JE, zh=_FAULT[0], en=_FAULT[1], note=note)
        if code == REJECTED:
            if {"score.txt", "score_multiplier.txt"} & {*feedback}:
                return _bad_score(found, "score.txt although it was rejected")
            return _judged(found, Judgement(REJECTED, hint, hint, note), silent)
        found = replace(found, note=note, zh=hint, en=hint)
        return self._scored(found, feedback) if self.problem.custom_score else found

    def _scored(self, found: CaseResult, feedback: Mapping[str, bytes]) -> CaseResult:
        try:
            if "score.txt" in feedback:
                return replace(found, score=score_of(_text(feedback["score.txt"])))
            if "score_multiplier.txt" in feedback:
                multiplier = score_of(_text(feedback["score_multiplier.txt"]))
                if not 0 <= multiplier <= 1:
                    raise BadGrader
                return replace(found, multiplier=multiplier)
        except BadGrader:
            return _bad_score(found, "a score that is no number")
        if self.problem.format == "legacy":
            return _bad_score(found, "no score.txt")
        return found


_FAULT: Final = (
    "检查程序出错,与你的程序无关,请联系裁判。",
    "The checking program failed; your program is not to blame. Tell the judges.",
)


def _bad_score(found: CaseResult, what: str) -> CaseResult:
    note = f"The validator left {what}."
    return replace(found, verdict=Verdict.JE, zh=_FAULT[0], en=_FAULT[1], note=note)


def _measured(found: CaseResult, ran: Ran) -> CaseResult:
    return replace(
        found,
        cpu_ms=ran.cpu_ms,
        wall_ms=ran.wall_ms,
        memory_kb=ran.memory_kb,
        output=ran.stdout[:_TOLD],
        complaints=ran.stderr[:_TOLD],
    )


def _judged(found: CaseResult, judgement: Judgement, silent: bool) -> CaseResult:
    if judgement.accepted:
        return found
    verdict = Verdict.NO if silent else Verdict.WA
    zh, en = judgement.zh or "输出不对。", judgement.en or "The output is wrong."
    return replace(found, verdict=verdict, zh=zh, en=en, note=judgement.for_judges)


def limit_sentence(ran: Ran, limits: ProgramLimits) -> tuple[str, str]:
    """Which limit was hit, or how the program ended, in both languages."""
    cpu, memory, output = f"{limits.cpu_ms / 1000:g}", limits.memory_mb, limits.output_kb
    sentences = {
        Verdict.TLE: (f"超时:限 {cpu} 秒。", f"Too slow: the limit is {cpu} s."),
        Verdict.ILE: (
            "等待太久:程序停着不动,没有用处理器。",
            "It waited too long without using the processor.",
        ),
        Verdict.MLE: (f"内存超过 {memory} MiB。", f"It used more than {memory} MiB of memory."),
        Verdict.OLE: (f"输出超过 {output} KiB。", f"It wrote more than {output} KiB."),
        Verdict.SIG: (f"被信号 {ran.signal} 结束。", f"It was ended by signal {ran.signal}."),
        Verdict.RTE: (
            f"运行出错,退出码 {ran.exit_code}。",
            f"It broke off with exit code {ran.exit_code}.",
        ),
    }
    failed = ("沙箱出错。", "The sandbox failed.")
    return sentences.get(ran.verdict, failed) if ran.verdict else failed


def _text(data: bytes) -> str:
    return data[: 4 * _TOLD].decode("utf-8", "replace")[:_TOLD].strip()
