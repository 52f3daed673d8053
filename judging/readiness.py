"""Whether hand-ins can be judged now: what the workers say of themselves, for pages to read.

Each worker writes a small file of its own in `PODIUM_DATA/sandbox/workers/` every few seconds, and
`PODIUM_DATA/sandbox/build.json` while it builds the images. Workers on other machines share the
folder. Only workers talk to Docker (decisions 12).
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from competition.moment import iso

SILENT = timedelta(seconds=30)  # a worker that has not written for so long is not there
FORGOTTEN = timedelta(days=1)  # then its file goes too


@dataclass(frozen=True, slots=True)
class Readiness:
    """`state`: ready, building (step of steps), no_docker, failed, or absent: no worker runs."""

    state: str
    zh: str
    en: str
    step: int = 0
    steps: int = 0

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


READY = Readiness("ready", "判题环境就绪。", "Judging is ready.")
BUILDING = Readiness("building", "判题环境正在准备", "Judging is being prepared")
NO_DOCKER = Readiness(
    "no_docker",
    "判题环境暂不可用（Docker 没有应答），恢复后会按顺序自动判题",
    "Judging is not available (Docker does not answer); it will go on by itself, in order",
)
FAILED = Readiness(
    "failed",
    "判题环境没有准备好，工作人员正在处理，之后会按顺序自动判题",
    "Judging could not be prepared; staff are at it, and it will go on by itself, in order",
)
ABSENT = Readiness(
    "absent",
    "判题程序没有在运行，启动后会按顺序自动判题",
    "The judging program is not running; once it is, hand-ins are judged in order",
)


def folder(data: str | Path) -> Path:
    """Where the files lie; made when it is missing."""
    place = Path(data) / "sandbox"
    (place / "workers").mkdir(parents=True, exist_ok=True)
    return place


def _file(data: str | Path, worker: str) -> Path:
    """A worker's own file; the name may hold anything, so the file is named by its digest."""
    return folder(data) / "workers" / f"{hashlib.sha256(worker.encode()).hexdigest()[:16]}.json"


def tell(data: str | Path, said: Readiness, worker: str, at: datetime) -> None:
    """A worker says how it is; a reader never sees half of it."""
    target = _file(data, worker)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".state.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({**said.as_dict(), "worker": worker, "at": iso(at)}, file, ensure_ascii=False)
    Path(name).chmod(0o644)
    Path(name).replace(target)


def leave(data: str | Path, worker: str, at: datetime) -> None:
    """A worker ends and is not waited for; what others left long ago goes too."""
    _file(data, worker).unlink(missing_ok=True)
    for file, told_at, _ in _told(data):
        if at - told_at > FORGOTTEN:
            file.unlink(missing_ok=True)


def _told(data: str | Path) -> Iterator[tuple[Path, datetime, str]]:
    """Every worker's file, when it was written, and the state it tells."""
    for file in (folder(data) / "workers").glob("*.json"):
        said = _json(file)
        told_at = said.get("at")
        if isinstance(told_at, str):
            yield file, datetime.fromisoformat(told_at), str(said.get("state"))


def _speaking(data: str | Path, at: datetime) -> list[str]:
    """The states of the workers that still speak."""
    return [state for _, told_at, state in _told(data) if at - told_at <= SILENT]


def ready_workers(data: str | Path, at: datetime) -> int:
    """How many workers judge or could judge now."""
    return _speaking(data, at).count(READY.state)


def read(data: str | Path, at: datetime) -> Readiness:
    """How judging stands: ready when one worker is, else what is nearest to it."""
    states = _speaking(data, at)
    for one in (READY, BUILDING, NO_DOCKER, FAILED):
        if one.state in states:
            return _building(_json(folder(data) / "build.json")) if one is BUILDING else one
    return ABSENT


def _building(said: Mapping[str, Any]) -> Readiness:
    step, steps = int(said.get("step") or 0), int(said.get("steps") or 0)
    if not steps:
        return BUILDING
    return Readiness(
        "building",
        f"{BUILDING.zh}（第 {max(step, 1)}/{steps} 步）",
        f"{BUILDING.en} (step {max(step, 1)} of {steps})",
        step,
        steps,
    )


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
