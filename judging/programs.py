"""Judging problem packages for the site: a worker's boxes, images and time limits."""

import contextlib
from collections.abc import Mapping
from pathlib import Path

from competition.logs import log
from judging import images, readiness
from sandbox import languages
from sandbox.docker_pool import DockerPool
from sandbox.images.ahead import Ahead
from sandbox.images.build import write_progress
from sandbox.names import Rejected
from sandbox.problem_bench import bench, images_for
from sandbox.problem_check import found_limit
from sandbox.problem_judge import Progressed, judge_program
from sandbox.problem_programs import Bench
from sandbox.problem_task import ProblemTask, sources
from sandbox.verdict import Result


class Programs:
    """One worker's. No container is made before the first problem package is judged."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._pool: DockerPool | None = None
        self._found: dict[tuple[str, str], int] = {}
        progress = write_progress(readiness.folder(data) / "build.json")
        self.images = Ahead(progress, lambda _: images.tell_versions(data))

    def judge(
        self,
        task: ProblemTask,
        handed_in: Path,
        evidence: Path,
        *,
        name: str,
        person: str,
        on_progress: Progressed,
    ) -> Result:
        """One submission, in boxes that nobody else's work enters; NotReady while an image that it
        needs is built beside."""
        files = sources(task.problem, handed_in, name)
        for image in self._needed(task, files):
            self.images.image(image)
        if self._pool is None:
            self._pool = DockerPool()
        where = bench(self._pool, person, self.data / "compiled")
        return judge_program(
            task.problem,
            files,
            where,
            evidence_dir=evidence,
            on_progress=on_progress,
            time_ms=self._limit(task, where),
        )

    def _needed(self, task: ProblemTask, files: Mapping[str, bytes]) -> list[str]:
        """No image that this submission can be judged without."""
        problem = task.problem
        found = {*images_for(problem, submissions=problem.limits.time_ms is None)}
        with contextlib.suppress(Rejected):  # judging says so
            found.add(languages.guess(files).image)
        return sorted(found)

    def _limit(self, task: ProblemTask, where: Bench) -> int:
        """The package's own; else found from its accepted submissions, once for each worker."""
        problem = task.problem
        if problem.limits.time_ms is not None:
            return problem.limits.time_ms
        key = (problem.id, str(problem.folder))
        if key not in self._found:
            self._found[key] = found_limit(problem, where, log.info)
            log.warning("no .timelimit: found here", problem=problem.id, ms=self._found[key])
        return self._found[key]

    def close(self) -> None:
        """All boxes go."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None
