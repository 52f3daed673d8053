"""A problem package as the site knows tasks: what is shown, handed in and marked."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sandbox import archive, languages
from sandbox.names import Rejected, clean
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
    endings: tuple[str, ...]  # of single source files, which need no zip

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
        files=tuple(
            dict.fromkeys(f"**/*{end}" for row in rows for end in (*row.sources, *row.beside))
        ),
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
        endings=tuple(end for row in rows for end in row.sources),
    )


def sources(problem: Problem, submission: Path, name: str) -> dict[str, bytes]:
    """The files of a folder or a zip, or a single source of this name; Rejected when too large."""
    if submission.is_dir() or zipfile.is_zipfile(submission):
        with archive.opened(submission, UPLOAD) as members:
            return {member.name: b"".join(member.chunks()) for member in members}
    most = problem.limits.code_kb * 1024
    with submission.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise Rejected(
            f"源代码超过 {problem.limits.code_kb} KiB。",
            f"The source is larger than {problem.limits.code_kb} KiB.",
        )
    return {clean(name): data}


def listing(task: ProblemTask, submission: Path, name: str) -> archive.Listing:
    """What was handed in, or Rejected when it cannot be judged at all: too large, no language."""
    files = sources(task.problem, submission, name)
    languages.source(files, allowed=task.problem.languages)
    entries = (
        archive.Entry(path, len(data), hashlib.sha256(data).hexdigest())
        for path, data in sorted(files.items())
    )
    return archive.Listing(tuple(entries))
