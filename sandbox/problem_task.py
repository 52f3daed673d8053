"""A problem package as the site knows tasks: what is shown, handed in and marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sandbox import languages
from sandbox.problem import Problem
from sandbox.problem_judge import maxima
from sandbox.problem_programs import MOST_SOURCES
from sandbox.problem_statement import markdown, statement_of
from sandbox.task import Limits, Task

UPLOAD: Final = Limits(archive_mb=2, files=MOST_SOURCES, unpacked_mb=4, depth=4)


@dataclass(frozen=True, kw_only=True)
class ProblemTask(Task):
    """`start` holds what every competitor may have: attachments, or else the sample tests."""

    problem: Problem
    languages: tuple[str, ...]  # as competitors read them, with version and options

    def text(self, language: str) -> str:
        """The statement in Markdown."""
        return markdown(self.problem, language)


def as_task(problem: Problem, versions: Mapping[str, str]) -> ProblemTask:
    """`versions`: what the images say of the compilers, by language."""
    rows = [
        row
        for row in languages.rows().values()
        if problem.languages is None or row.id in problem.languages
    ]
    attached = problem.folder / "attachments"
    samples = problem.folder / "data" / "sample"
    return ProblemTask(
        folder=problem.folder,
        id=problem.id,
        name_zh=problem.name_zh,
        name_en=problem.name_en,
        minutes=problem.minutes,
        files=tuple(f"**/*{ending}" for row in rows for ending in (*row.sources, *row.beside)),
        index="",
        limits=UPLOAD,
        start=attached if attached.is_dir() or problem.interactive else samples,
        checks=problem.folder,
        statement_zh=statement_of(problem, "zh"),
        statement_en=statement_of(problem, "en"),
        scheme=None,
        checks_open=problem.checks_open,
        maxima=maxima(problem),
        submissions=(),
        problem=problem,
        languages=tuple(
            f"{row.name_en}: {row.shown_with(versions.get(row.id, ''))}" for row in rows
        ),
    )
