"""Judges one submission: a fresh box, the rig run in it, its report and evidence taken out.

Whatever goes wrong on our side is the verdict IE, never a zero and never an exception; who calls
this retries it (twice at most, decisions.md) and then leaves it to a person. Only a submission that
cannot be opened raises (names.Rejected), because it should have been refused when it was handed in.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal

from sandbox import archive, browser
from sandbox.box import Box, BoxFailed, Exit, NoDocker
from sandbox.browser import Progressed, Report
from sandbox.docker_box import DockerBox
from sandbox.evidence import collect
from sandbox.images.build import images_ready
from sandbox.task import Task
from sandbox.verdict import Check, Result, Verdict, overall

TOLD: Final = 400  # characters of a failure that are passed on


def judge(
    task: Task,
    submission: Path,
    evidence_dir: Path | None,
    *,
    on_progress: Progressed | None = None,
    only: Literal["public"] | None = None,
    image: str | None = None,
) -> Result:
    """All checks of the task (or the public ones) on this zip or folder.

    `image` is the id frozen when the period started; without it, the image as it stands now.
    """
    began = time.monotonic()
    try:
        image = image or images_ready()
        if image is None:
            result = _our_fault("沙箱镜像还没有建好。", "The sandbox images are not built yet.")
        else:
            progressed = on_progress or (lambda _done, _total: None)
            result = _judge(
                task, submission, evidence_dir, progressed, image, public_only=only == "public"
            )
    except NoDocker:
        result = _our_fault(
            "没有可用的 Docker,评测在等待。", "No Docker daemon answers; judging waits."
        )
    except BoxFailed as error:
        why = str(error)[:TOLD]
        result = _our_fault(f"沙箱出错:{why}", f"The sandbox failed: {why}")
    spent = int((time.monotonic() - began) * 1000)
    return replace(result, image=image or "", duration_ms=spent)


def _judge(
    task: Task,
    submission: Path,
    evidence_dir: Path | None,
    progressed: Progressed,
    image: str,
    *,
    public_only: bool,
) -> Result:
    with archive.opened(submission, task.limits) as members:
        files = [*browser.folders(), *browser.site(task, members), *browser.checks(task)]
        report = Report(progressed)
        box = DockerBox(image, browser.walls(task, files))
        try:
            box.put(files)
            command = browser.command(task, public_only=public_only, film=evidence_dir is not None)
            ended = box.run(command, report.line)
            checks = _with_evidence(box, report, evidence_dir)
        finally:
            box.close()
    result = _result(report, checks, ended, public_only=public_only)
    return replace(result, browser_sandbox=box.browser_sandbox)


def _with_evidence(box: Box, report: Report, folder: Path | None) -> tuple[Check, ...]:
    """Evidence belongs to a check, so the first one carries the picture of them all."""
    pieces = [list(report.files[check.id]) for check in report.checks]
    if pieces:
        pieces[0] += report.contact
    return tuple(
        replace(check, evidence=collect(box, each, browser.OUT, folder))
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
