"""A browser build in a box: which files go in, what is run, and what the rig's report says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

from sandbox.archive import CHUNK, MB, Member
from sandbox.box import BoxFailed, Command, Put, Walls
from sandbox.task import Task, Variant
from sandbox.verdict import OUTCOMES, RULES, Check

SITE: Final = "site"
CHECKS: Final = "checks"
OUT: Final = (
    "out"  # of the run that proposes marks; a variant's is out-1, …; see also one_at_a_time
)
ROOM_MB: Final = 96  # Playwright's own files beside the site and the evidence
RIG_MB: Final = 768  # two Chromiums, the rig, films: a sound game of 1024 was seen to take 1382
# The same in threads. Where one more is refused, Chromium ends a tab: a sound game of 256 lost tabs
# with 184 for both browsers, of which they take 125 before a page is open.
RIG_PROCESSES: Final = 256
LONGEST_TEXT: Final = 2000
ENVIRONMENT: Final = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/box/home",
    "TMPDIR": "/box/tmp",
    "LANG": "C.UTF-8",
    "TZ": "Asia/Shanghai",
    "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1",
    "PODIUM_SITE": f"/box/{SITE}",
    "PODIUM_CHECKS": f"/box/{CHECKS}",
    "PODIUM_OUT": f"/box/{OUT}",
    "PODIUM_CHROMIUM": "/opt/podium/chromium",
    "PODIUM_CHROMIUM_SANDBOX": "1",
}

Progressed = Callable[[int, int], None]  # checks done, checks in all


def site(task: Task, members: Iterable[Member]) -> list[Put]:
    """The start folder, overlaid with what may be handed in; all other files are the start's own.

    The index is the one file that the start folder never lends when it may be handed in: a
    submission without it must be seen to be without it.
    """
    handed_in = {member.name: member for member in members if task.may_hand_in(member.name)}
    files = _lent(task)
    if task.may_hand_in(task.index):
        files.pop(task.index, None)
    kept = [
        file_put(f"{SITE}/{name}", path) for name, path in files.items() if name not in handed_in
    ]
    own = [Put(f"{SITE}/{each.name}", each.size, each.chunks) for each in handed_in.values()]
    # A handed-in file may stand where the start has a folder, or the reverse: the start gives way.
    folders = {parent for put in own for parent in _parents(put.path)}
    names = {put.path for put in own}
    kept = [p for p in kept if p.path not in folders and names.isdisjoint(_parents(p.path))]
    return [*kept, *own]


def _lent(task: Task) -> dict[str, Path]:
    """The start folder's files by name."""
    return {
        path.relative_to(task.start).as_posix(): path
        for path in sorted(task.start.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def checks(task: Task) -> list[Put]:
    """The checks' folder, whole."""
    return [
        file_put(f"{CHECKS}/{path.relative_to(task.checks).as_posix()}", path)
        for path in sorted(task.checks.rglob("*"))
        if path.is_file() and "node_modules" not in path.parts
    ]


def walls(task: Task, files: Iterable[Put]) -> Walls:
    """The task's limits; what is put in lies in memory and comes on top, and so does the rig."""
    put = list(files)
    return _walls(task, sum(each.size for each in put), len(put))


def widest_walls(task: Task) -> Walls:
    """For a box that is made before its files are known: with room for as many as may come."""
    limits, own = task.limits, [path.stat().st_size for path in _lent(task).values()]
    own += [each.size for each in checks(task)]
    return _walls(task, limits.unpacked_mb * MB + sum(own), limits.files + len(own))


def _walls(task: Task, size: int, files: int) -> Walls:
    inside = size // MB + 1
    output = task.limits.output_kb // 1000 + 1
    return Walls(
        memory_mb=task.limits.memory_mb + RIG_MB + inside,
        processes=task.limits.processes + RIG_PROCESSES,
        disk_mb=inside + output + ROOM_MB,
        files=files * 2,
    )


def ahead(task: Task) -> Command:
    """The rig before it has work: it waits for the environment of the `command` that follows."""
    return replace(_command(task, {"PODIUM_AHEAD": "1"}), follow=None)


def command(task: Task, *, public_only: bool, film: bool = False, out: str = OUT) -> Command:
    """Playwright Test with the rig's settings, under the rig's uid; `film` costs a third more."""
    env = {
        "PODIUM_OUT": f"/box/{out}",
        "PODIUM_CHECK_SECONDS": str(task.limits.check_seconds),
    }
    if public_only:
        env["PODIUM_PUBLIC"] = "1"
    if task.serve:
        env["PODIUM_SERVER"] = str(task.serve.port)
        env["PODIUM_SERVER_SECONDS"] = str(task.serve.seconds)
    if film:
        env["PODIUM_FILM"] = "1"
    return replace(_command(task, env), follow=f"{out}/report.jsonl")


def _command(task: Task, env: dict[str, str]) -> Command:
    return Command(
        argv=(
            "/usr/local/bin/node",
            "/rig/node_modules/@playwright/test/cli.js",
            "test",
            "--config",
            "/rig/playwright.config.mjs",
        ),
        env=ENVIRONMENT | env,
        cwd="/box",
        wall_seconds=task.limits.wall_seconds,
        output_bytes=task.limits.output_kb * 1000,
    )


def variant_command(task: Task, variant: Variant, *, out: str, wall_seconds: int) -> Command:
    """The same under other values, without film, in what is left of the time."""
    plain = command(task, public_only=False, out=out)
    values = {
        "PODIUM_SEED": str(variant.seed or ""),
        "PODIUM_CLOCK": variant.clock or "",
        "PODIUM_ONLY": ",".join(variant.checks),
    }
    return replace(plain, env=plain.env | values, wall_seconds=wall_seconds)


def one_at_a_time(plain: Command, out: str, wall_seconds: int) -> Command:
    """The same, one check after the other, in what is left of the time."""
    env = plain.env | {"PODIUM_WORKERS": "1", "PODIUM_OUT": f"/box/{out}"}
    return replace(plain, env=env, wall_seconds=wall_seconds, follow=f"{out}/report.jsonl")


def folders() -> list[Put]:
    """Empty files that make the folders the rig expects, also for a site without a file."""
    names = (f"{SITE}/.keep", f"{OUT}/.keep", "tmp/.keep", "home/.keep")
    return [Put(name, 0, lambda: iter(())) for name in names]


class Report:
    """The rig's report, event by event. What does not have its form means that the rig broke."""

    def __init__(self, progressed: Progressed) -> None:
        self.progressed = progressed
        self.total = 0
        self.began = self.ended = False
        self.planned: list[Check] = []
        self.checks: list[Check] = []
        self.files: dict[str, list[dict[str, str]]] = {}  # check id → evidence as the rig names it
        self.contact: list[dict[str, str]] = []  # the one picture of all checks

    def line(self, text: str) -> None:
        try:
            event = json.loads(text)
            if event["event"] == "begin":
                self._begin(event)
            elif event["event"] == "check":
                self._check(event)
            elif event["event"] == "film":
                self.files[event["id"]] += _pieces(event)
            elif event["event"] == "contact":
                self.contact = _pieces(event)
            elif event["event"] == "end":
                self.ended = True
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BoxFailed(f"The rig's report is not of its form: {error!r}") from error

    def _begin(self, event: dict[str, Any]) -> None:
        self.began, self.total = True, int(event["total"])
        self.planned = [
            _as_check(each | {"outcome": "undetermined"}) for each in event.get("checks") or ()
        ]
        self.progressed(0, self.total)

    def _check(self, event: dict[str, Any]) -> None:
        check = _as_check(event)
        if check.id in self.files:
            raise BoxFailed(f"Two checks have the id {check.id}.")
        self.files[check.id] = _pieces(event)
        self.checks.append(check)
        self.progressed(len(self.checks), self.total)

    def missed(self) -> list[Check]:
        """Checks that were planned and of which nothing was heard."""
        return [check for check in self.planned if check.id not in self.files]


def _pieces(event: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {key: str(piece[key]) for key in ("kind", "file", "media_type")}
        for piece in event.get("evidence") or ()
    ]


def _as_check(plain: dict[str, Any]) -> Check:
    if plain["rule"] not in RULES or plain["outcome"] not in OUTCOMES:
        raise ValueError("unknown rule or outcome")
    points = plain.get("points", 0)
    if type(points) is not int or points < 0:
        raise ValueError("points are whole hundredths")

    def text(key: str) -> str:
        return str(plain.get(key) or "")[:LONGEST_TEXT]

    return Check(
        id=str(plain["id"])[:LONGEST_TEXT],
        aspect=str(plain["aspect"])[:LONGEST_TEXT],
        title_zh=text("title_zh"),
        title_en=text("title_en"),
        rule=cast(Any, plain["rule"]),
        points=points,
        public=plain.get("public") is True,
        outcome=cast(Any, plain["outcome"]),
        message_zh=text("message_zh"),
        message_en=text("message_en"),
        duration_ms=int(plain.get("duration_ms") or 0),
    )


def file_put(name: str, path: Path) -> Put:
    """A file of this host on its way into a box."""
    return Put(name, path.stat().st_size, lambda: _chunks(path))


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _parents(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts))]
