"""A skill with a small task package, competitors who can sign in, and zips to hand in."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import current_app
from flask_security import hash_password
from sqlalchemy import select

from competition.database import db, writing
from competition.models import Account, Entry, Grant, Member, Period, Role
from competition.moment import now
from judging import submissions
from judging.aspects import aspects_of
from judging.models import Evaluation, Observation, Submission
from judging.submissions import Announcement
from sandbox.verdict import Check, Evidence, Result, Verdict
from tests.judging.seed import CODES, Seeded, seed

PASSWORD = "a-competitor-for-tests"
TASK = {
    "format": "podium-browser-build/1",
    "id": "small-game",
    "name": {"zh": "小游戏", "en": "Small game"},
    "minutes": 300,
    "files": ["index.html", "*.css", "*.js", "assets/**"],
    "statement": {"zh": "statement/zh.md", "en": "statement/en.md"},
    "limits": {"archive_mb": 5, "files": 50},
    "maxima": {"A1.01": 150, "A1.02": 100, "A2.01": 100},
    "start_expected": {"total": 0, "default": "zero"},
}
STATEMENT = """# 小游戏

在浏览器里制作一个小游戏。

## 要求

| 按键 | 作用 |
| --- | --- |
| 方向键 | 移动 |
| 空格 | 射击 |

![草图](sketch.png)

## 提交

请打包成 zip，`index.html` 在最上层。

## 评分

移动、射击和燃料各自计分。
"""


@dataclass
class Cast:
    """Who works: entry ids by code, account ids by code, and the period."""

    seeded: Seeded
    accounts: dict[str, int]
    period: int

    def entry(self, code: str) -> int:
        return self.seeded.entries[code]


def package(folder: Path) -> None:
    """Write the task package below `folder`."""
    place = folder / "small-game"
    for name in ("statement", "start/assets", "checks"):
        (place / name).mkdir(parents=True, exist_ok=True)
    # JSON is YAML too.
    (place / "task.yaml").write_text(json.dumps(TASK, ensure_ascii=False), "utf-8")
    (place / "statement/zh.md").write_text(STATEMENT, "utf-8")
    (place / "statement/en.md").write_text("# Small game\n\n## Rules\n\nMove and shoot.\n", "utf-8")
    (place / "statement/sketch.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (place / "start/index.html").write_text("<!doctype html><title>Start</title>", "utf-8")
    (place / "start/assets/plane.svg").write_text("<svg/>", "utf-8")
    (place / "checks/one.spec.mjs").write_text("// a check", "utf-8")


def cast(*, started_ago: timedelta | None = timedelta(hours=1), minutes: int = 300) -> Cast:
    """Seed it all; `started_ago` None leaves the period not begun."""
    seeded = seed()
    package(Path(current_app.config["PODIUM_DATA"]) / "tasks")
    hashed = hash_password(PASSWORD)
    with writing() as session:
        period = Period(
            skill_id=seeded.skill, number=1, name_zh="五小时制作", name_en="Five-hour build",
            minutes=minutes, task="small-game",
            started_at=None if started_ago is None else now() - started_ago,
        )  # fmt: skip
        session.add(period)
        accounts = {}
        for number, code in enumerate(CODES, 1):
            member = session.query(Member).filter_by(entry_id=seeded.entries[code]).one()
            account = Account(
                username=f"competitor-{number}", label=f"选手 {number}", password=hashed,
                fs_uniquifier=f"competitor-{number}", person_id=member.person_id,
            )  # fmt: skip
            session.add(account)
            session.flush()
            session.add(Grant(account_id=account.id, role=Role.COMPETITOR))
            accounts[code] = account.id
        return Cast(seeded, accounts, period.id)


def zipped(files: dict[str, str | bytes] | None = None) -> bytes:
    """A zip of these files; without any, a small build that is different every time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (files or {"index.html": f"<!doctype html>{next(_numbers)}"}).items():
            archive.writestr(name, text)
    return packed.getvalue()


_numbers = iter(range(1, 1_000_000))


def announcement(data: bytes, **more: str) -> Announcement:
    key = more.get("key", f"hand-in-{next(_numbers):08}")
    digest = hashlib.sha256(data).hexdigest()
    return Announcement(key, more.get("name", "work.zip"), len(data), more.get("sha256", digest))


def hand_in(cast: Cast, code: str = "K-073", data: bytes | None = None) -> Submission:
    """Announce and send, as the page does."""
    data = zipped() if data is None else data
    said = announcement(data)
    actor = cast.accounts[code]
    submissions.announce(cast.entry(code), cast.period, said, actor_id=actor)
    return submissions.accept(said.key, io.BytesIO(data), actor_id=actor)


def set_start(cast: Cast, ago: timedelta) -> None:
    """Move the start of the period, so that its end lies where a test wants it."""
    with writing() as session:
        session.get_one(Period, cast.period).started_at = now() - ago


def check(aspect: str, outcome: str = "passed", **more: object) -> Check:
    """A check as the sandbox gives it back."""
    plain = {
        "id": f"{aspect}-{next(_numbers)}", "aspect": aspect, "title_zh": "飞机能移动",
        "title_en": "The plane moves", "rule": "add", "points": 100, "public": False,
        "outcome": outcome,
    } | more  # fmt: skip
    return Check(**plain)  # type: ignore[arg-type]


def result(checks: Iterable[Check] = (), verdict: Verdict = Verdict.PARTIAL) -> Result:
    return Result(verdict, "完成。", "Done.", tuple(checks), "sha256:image", 900)


SHOT = Evidence("screenshot", "end", "shot", "image/png")


def entry_of(cast: Cast, code: str) -> Entry:
    return db.session.get_one(Entry, cast.entry(code))


def only_evaluation() -> Evaluation:
    db.session.expire_all()
    return db.session.scalars(select(Evaluation)).one()


def proposed(entry_id: int) -> list[tuple[str, int | None]]:
    """Machine observations of an entry in their order: aspect code and value."""
    skill = 1
    codes = {one.id: one.code for one in aspects_of(db.session(), skill)}
    rows = db.session.execute(
        select(Observation.aspect_id, Observation.value)
        .where(Observation.entry_id == entry_id, Observation.source == "machine")
        .order_by(Observation.id)
    )
    return [(codes[aspect or 0], value) for aspect, value in rows]


def expire(evaluation_id: int) -> None:
    """The lease runs out, as when the worker was killed a minute ago."""
    with writing() as session:
        row = session.get_one(Evaluation, evaluation_id)
        row.lease_until = now() - timedelta(seconds=1)
