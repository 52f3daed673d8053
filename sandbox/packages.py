"""Task packages of either kind, told apart by their content: browser builds and problems."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from sandbox import package_check, problem_reading, runner
from sandbox.docker_box import client
from sandbox.docker_pool import sweep_programs
from sandbox.images.build import BROWSER, Tell
from sandbox.names import display
from sandbox.package_check import Report, Say
from sandbox.problem import Problem
from sandbox.problem_bench import docker_bench, images_for, make_ready
from sandbox.problem_check import check_problem, found_limit
from sandbox.problem_judge import judge_program, maxima
from sandbox.problem_task import sources
from sandbox.task import BrokenPackage, Task
from sandbox.task import load as load_task
from sandbox.verdict import Result

PERSON: Final = "command line"
Progressed = Callable[[int, int], None]


class AnyReport(Protocol):
    """What a package check tells, of either kind."""

    @property
    def ok(self) -> bool: ...

    def as_dict(self) -> dict[str, Any]: ...

    def table(self) -> str: ...


def load(folder: Path) -> Task | Problem:
    """The package in this folder, or BrokenPackage."""
    if problem_reading.is_problem(folder):
        return problem_reading.load(folder)
    if (folder / "task.yaml").is_file() or not folder.is_dir():
        return load_task(folder)
    name = display(folder.name)
    raise BrokenPackage(
        (
            (
                f"{name} 里既没有 task.yaml(网页作品),也没有 problem.yaml(编程题)。",
                f"{name} holds neither task.yaml (a browser build) nor problem.yaml (a problem).",
            ),
        )
    )


def full_marks(package: Task | Problem) -> dict[str, int]:
    """The full mark of every aspect it speaks of, in hundredths."""
    return maxima(package) if isinstance(package, Problem) else dict(package.maxima)


def prepare(package: Task | Problem, tell: Tell) -> None:
    """Leftovers of killed workers away, and the images built when they are not there yet."""
    client().close()  # says at once where there is no Docker
    sweep_programs()
    make_ready(images_for(package) if isinstance(package, Problem) else (BROWSER,), tell)


def check(folder: Path, say: Say, tell: Tell) -> AnyReport:
    """Judges every submission that comes with the package; missing images are built first."""
    try:
        package = load(folder)
    except BrokenPackage as broken:
        problems = tuple(f"{zh} {en}" for zh, en in broken.problems)
        return Report(folder.name, ok=False, results=(), problems=problems)
    prepare(package, tell)
    if isinstance(package, Task):
        return package_check.check_package(folder, say)
    with docker_bench(PERSON) as bench:
        return check_problem(package, bench, say)


def judge_one(
    package: Task | Problem,
    submission: Path,
    evidence: Path | None,
    *,
    on_progress: Progressed,
    only: Literal["public"] | None,
    say: Say,
) -> Result:
    """One submission of either kind, with boxes of its own."""
    if isinstance(package, Task):
        return runner.judge(package, submission, evidence, on_progress=on_progress, only=only)
    files = sources(package, submission, submission.name)
    with docker_bench(PERSON) as bench:
        return judge_program(
            package,
            files,
            bench,
            evidence_dir=evidence,
            on_progress=on_progress,
            only=only,
            time_ms=package.limits.time_ms or found_limit(package, bench, say),
        )
