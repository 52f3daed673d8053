"""Whether hand-ins can be judged now: what the worker says of itself, for pages to read.

The worker writes two small files in `PODIUM_DATA/sandbox/`: `state.json` every few seconds, and
`build.json` while the images are built. Only the worker talks to Docker (decisions 12).
"""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from competition.moment import iso

SILENT = timedelta(seconds=30)  # a worker that has not written for so long is not there


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
    """Where both files lie; made when it is missing."""
    place = Path(data) / "sandbox"
    place.mkdir(parents=True, exist_ok=True)
    return place


def tell(data: str | Path, said: Readiness, worker: str, at: datetime) -> None:
    """The worker says how it is; a reader never sees half of it."""
    place = folder(data)
    handle, name = tempfile.mkstemp(dir=place, prefix=".state.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({**said.as_dict(), "worker": worker, "at": iso(at)}, file, ensure_ascii=False)
    Path(name).chmod(0o644)
    Path(name).replace(place / "state.json")


def read(data: str | Path, at: datetime) -> Readiness:
    """What the worker last said, if it still speaks."""
    place = folder(data)
    said = _json(place / "state.json")
    told = said.get("at")
    if not isinstance(told, str) or at - datetime.fromisoformat(told) > SILENT:
        return ABSENT
    known = {one.state: one for one in (READY, NO_DOCKER, FAILED)}
    return known.get(str(said.get("state"))) or _building(_json(place / "build.json"))


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
