"""Judges one submission: a fresh box, the rig run in it, its report and evidence taken out.

Whatever goes wrong on our side is the verdict IE, never a zero and never an exception; who calls
this retries it (twice at most, decisions.md) and then leaves it to a person. Only a submission that
cannot be opened raises (names.Rejected), because it should have been refused when it was handed in.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from sandbox import archive, browser
from sandbox.archive import Member
from sandbox.box import Box, BoxFailed, Exit, NoDocker, Put
from sandbox.browser import Progressed, Report
from sandbox.building import built
from sandbox.docker_box import DockerBox
from sandbox.evidence import collect, keep
from sandbox.images.build import images_ready
from sandbox.npm_lock import Unbuildable
from sandbox.rigs import RigPool, fresh
from sandbox.serving import Server
from sandbox.task import Task
from sandbox.variants import LEAST_SECONDS, flagged
from sandbox.verdict import Check, Evidence, Result, Verdict, overall

TOLD: Final = 400  # characters of a failure that are passed on
FIRST_CHECKS: Final = 10  # a rig that starts beside these would slow them


def judge(
    task: Task,
    submission: Path,
    evidence_dir: Path | None,
    *,
    on_progress: Progressed | None = None,
    only: Literal["public"] | None = None,
    image: str | None = None,
    rigs: RigPool | None = None,
) -> Result:
    """All checks of the task (or the public ones) on this zip or folder.

    `image` is the id frozen when the period started; without it, the image as it stands now.
    `rigs` gives a rig that was started ahead and starts the next one, once this one has shown what
    everybody waits for.
    """
    began = time.monotonic()
    try:
        image = image or images_ready()
        if image is None:
            result = _our_fault("沙箱镜像还没有建好。", "The sandbox images are not built yet.")
        else:
            progressed = on_progress or (lambda _done, _total: None)
            order = _Order(task, evidence_dir, progressed, image, only == "public", rigs)
            result = _judge(order, submission)
    except NoDocker:
        result = _our_fault(
            "没有可用的 Docker,评测在等待。", "No Docker daemon answers; judging waits."
        )
    except BoxFailed as error:
        why = str(error)[:TOLD]
        result = _our_fault(f"沙箱出错:{why}", f"The sandbox failed: {why}")
    spent = int((time.monotonic() - began) * 1000)
    return replace(result, image=image or "", duration_ms=spent)


@dataclass(frozen=True)
class _Order:
    """What is asked of one judging."""

    task: Task
    evidence_dir: Path | None
    progressed: Progressed
    image: str
    public_only: bool
    rigs: RigPool | None

    def box(self, files: list[Put]) -> DockerBox:
        """A box that the files fit into, its rig warm when one was waiting."""
        walls = browser.walls(self.task, files)
        if self.rigs is None:
            return fresh(self.image, walls)
        return self.rigs.take(self.image, self.task, walls)

    def told(self, done: int, total: int) -> None:
        self.progressed(done, total)
        if done == FIRST_CHECKS:
            self.prepare_next()

    def prepare_next(self) -> None:
        if self.rigs is not None:
            self.rigs.prepare(self.image, self.task)


def _judge(order: _Order, submission: Path) -> Result:
    """Builds where the task says so. What cannot be built leaves an empty site to the checks, and
    its reason to the result."""
    task = order.task
    with (
        archive.opened(submission, task.limits) as members,
        tempfile.TemporaryDirectory(prefix="podium-built-") as folder,
    ):
        site, build = [], _Build()
        if task.serve is None and task.build is None:
            site = browser.site(task, members)
        elif task.serve is None:
            try:
                site, build.log = built(task, members, order.image, Path(folder))
            except Unbuildable as fault:
                build.failed(fault)
        files = [*site, *browser.checks(task)]
        box = order.box(files)
        try:
            box.put(files)
            with _server(order, members, box, build):
                result = _checked(order, box)
        finally:
            box.close()
    order.prepare_next()
    return build.told(replace(result, browser_sandbox=box.browser_sandbox), order.evidence_dir)


@dataclass
class _Build:
    """What building, and the server, came to; told with the result."""

    log: str = ""
    fault: Unbuildable | None = None

    def failed(self, fault: Unbuildable) -> None:
        self.fault, self.log = fault, fault.log or fault.en

    def told(self, result: Result, folder: Path | None) -> Result:
        if result.verdict is Verdict.IE:
            return result
        if self.fault is not None:
            zh, en = f"{self.fault.zh}{result.message_zh}", f"{self.fault.en} {result.message_en}"
            result = replace(result, verdict=Verdict.CE, message_zh=zh, message_en=en)
        if folder is None or not self.log or not result.checks:
            return result
        path = keep(self.log.encode("utf-8", "replace"), "text/plain", folder)
        log = Evidence("log", "build.txt", path, "text/plain")
        first = result.checks[0]
        first = replace(first, evidence=(*first.evidence, log))
        return replace(result, checks=(first, *result.checks[1:]))


@contextmanager
def _server(
    order: _Order, members: Iterable[Member], box: DockerBox, build: _Build
) -> Iterator[None]:
    """The competitor's server beside the rig, where the task has one."""
    server = None
    if order.task.serve is not None:
        try:
            server = Server(order.task, members, order.image, box.id)
        except Unbuildable as fault:
            build.failed(fault)
    try:
        yield
    finally:
        if server is not None:
            server.close()
            build.log = server.log


def _checked(order: _Order, box: Box) -> Result:
    """The rig run in its box, and what came of each check.

    Two checks at a time share the box's memory. Where it ran out, one page may have taken another's
    browser, or the rig, with it: everything is judged once more, one check at a time.
    """
    task, folder = order.task, order.evidence_dir
    until = time.monotonic() + task.limits.wall_seconds
    command = browser.command(task, public_only=order.public_only, film=folder is not None)
    report, out = Report(order.told), browser.OUT
    ended = box.run(command, report.line)
    left = int(until - time.monotonic())
    if ended.oom_kills and left >= LEAST_SECONDS:
        out = f"{browser.OUT}-alone"
        report = Report(order.told)
        ended = box.run(browser.one_at_a_time(command, out, left), report.line)
    checks = _with_evidence(box, report, out, folder)
    if task.variants and report.ended and not order.public_only:
        checks = flagged(task, box, checks, folder, until)
    return _result(report, checks, ended, public_only=order.public_only)


def _with_evidence(box: Box, report: Report, out: str, folder: Path | None) -> tuple[Check, ...]:
    """Evidence belongs to a check, so the first one carries the picture of them all."""
    pieces = [list(report.files[check.id]) for check in report.checks]
    if pieces:
        pieces[0] += report.contact
    return tuple(
        replace(check, evidence=collect(box, each, out, folder))
        for check, each in zip(report.checks, pieces, strict=True)
    )


def _result(report: Report, checks: tuple[Check, ...], ended: Exit, public_only: bool) -> Result:
    if ended.timed_out and report.planned:
        missed = tuple(_unreached(check) for check in report.missed())
        return Result(
            Verdict.ILE,
            f"评测总时间用完,还有 {len(missed)} 项没有检查,请裁判目视判定。",
            f"The time for judging is used up; {len(missed)} checks left to judge by eye.",
            (*checks, *missed),
        )
    if not report.ended:
        return _rig_broke(ended)
    if not checks and not (public_only and "No tests found" in ended.output):
        return _rig_broke(ended)
    checks = (*checks, *(_lost(check) for check in report.missed()))
    verdict = overall(checks) if checks else Verdict.AC
    passed = sum(check.outcome == "passed" for check in checks)
    return Result(
        verdict,
        f"{len(checks)} 项检查,通过 {passed} 项。",
        f"{len(checks)} checks, {passed} passed.",
        checks,
    )


def _unreached(check: Check) -> Check:
    return replace(
        check,
        outcome="undetermined",
        message_zh="总时间用完之前没有轮到这一项。",
        message_en="The time for judging was used up before this check.",
    )


def _lost(check: Check) -> Check:
    return replace(
        check,
        outcome="error",
        message_zh="检查程序没有报告这一项的结果。",
        message_en="The rig did not report on this check.",
    )


def _rig_broke(ended: Exit) -> Result:
    how = "timeout" if ended.timed_out else f"exit {ended.code}"
    if ended.oom_kills:
        how += f", {ended.oom_kills} killed for memory"
    told = " ".join(ended.output.split())[-TOLD:]
    return _our_fault(f"检查程序中断({how}):{told}", f"The rig broke off ({how}): {told}")


def _our_fault(zh: str, en: str) -> Result:
    return Result(Verdict.IE, zh, en)
