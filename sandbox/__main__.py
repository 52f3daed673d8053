"""The sandbox from the command line, without Flask and without a database.

python -m sandbox TASK SUBMISSION [--json] [--evidence DIR] [--public]
python -m sandbox build [--only NAME…] [--json] [--progress FILE]
python -m sandbox check TASK [--json]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from sandbox import packages
from sandbox.box import BoxFailed, NoDocker
from sandbox.images import build as images
from sandbox.images.build import Progress, write_progress
from sandbox.names import Rejected
from sandbox.package_check import total
from sandbox.task import BrokenPackage
from sandbox.verdict import Result, Verdict, proposals


def main(arguments: list[str]) -> int:
    verbs = {"build": build, "check": check}
    verb = verbs.get(arguments[0]) if arguments else None
    try:
        return verb(arguments[1:]) if verb else one(arguments)
    except NoDocker:
        return fail("没有可用的 Docker:请启动 dockerd。 No Docker daemon answers: start dockerd.")
    except BoxFailed as error:
        return fail(f"沙箱出错。 The sandbox failed: {error}")
    except Rejected as refused:
        return fail(f"{refused.zh} {refused.en}")
    except BrokenPackage as broken:
        return fail("\n".join(f"{zh} {en}" for zh, en in broken.problems))


def build(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m sandbox build", description="Build the images.")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="browser, a language")
    parser.add_argument("--progress", type=Path, metavar="FILE", help="JSON, replaced at each step")
    given = parser.parse_args(arguments)
    to_file = write_progress(given.progress) if given.progress else None

    def tell(progress: Progress) -> None:
        _tell(progress)
        if to_file:
            to_file(progress)

    built = images.build(tell, images.named(given.only))
    lines = (f"ready {name} {image}" for name, image in built.items())
    out({"ok": True, "images": built} if given.json else "\n".join(lines))
    return 0


def check(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        "python -m sandbox check",
        description="Judge a package's submissions, compare with what is expected.",
    )
    parser.add_argument("task", type=Path, metavar="TASK")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    report = packages.check(given.task, say, _tell)
    out(report.as_dict() if given.json else report.table())
    return 0 if report.ok else 1


def one(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        "python -m sandbox",
        description="Judge one submission (a zip, a folder, a source). Also: build, check TASK.",
    )
    parser.add_argument("task", type=Path, metavar="TASK")
    parser.add_argument("submission", type=Path, metavar="SUBMISSION")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--evidence", type=Path, metavar="DIR", help="keep screenshots and logs")
    parser.add_argument("--public", action="store_true", help="the public checks only")
    given = parser.parse_args(arguments)
    task = packages.load(given.task)
    if not given.submission.exists():
        raise Rejected(f"找不到 {given.submission}。", f"{given.submission} does not exist.")
    packages.prepare(task, _tell)
    if given.evidence:
        given.evidence.mkdir(parents=True, exist_ok=True)
    result = packages.judge_one(
        task,
        given.submission,
        given.evidence,
        on_progress=lambda done, all_of_them: say(f"{done}/{all_of_them}"),
        only="public" if given.public else None,
        say=say,
    )
    marks = proposals(result.checks, packages.full_marks(task))
    out(result.as_dict() | {"proposals": marks} if given.json else table(result, marks))
    return 1 if result.verdict is Verdict.IE else 0


def _tell(progress: Progress) -> None:
    if progress.state != "failed":  # main says why, once
        say(f"[{progress.step}/{progress.steps}] {progress.text_en}")


def table(result: Result, marks: dict[str, int | None]) -> str:
    lines = [
        f"{check.outcome:12} {check.aspect:7} {check.id:32} {check.message_zh} {check.message_en}"
        for check in result.checks
    ]
    eye = sorted(aspect for aspect, mark in marks.items() if mark is None)
    lines.append(f"{result.verdict}  {result.message_zh} {result.message_en}")
    lines.append(f"{total(marks)} in {result.duration_ms / 1000:.1f} s")
    if eye:
        lines.append(f"裁判目视 judge by eye: {', '.join(eye)}")
    if not result.browser_sandbox and result.verdict is not Verdict.IE:
        lines.append("本机不许用户命名空间,浏览器自身的沙箱未开。 Chromium's own sandbox was off.")
    return "\n".join(lines)


def out(answer: dict[str, Any] | str) -> None:
    text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False, indent=2)
    sys.stdout.write(f"{text}\n")


def say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def fail(sentence: str) -> int:
    say(sentence)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
