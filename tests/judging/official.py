"""A seeded skill marked to its end, so that it can be locked, with the marks a test asks for."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from competition import skill_rules, timetable
from competition.database import writing
from competition.models import Period, Release, Skill
from competition.moment import now
from competition.rules.skill_rules import PRESETS
from judging import marking
from tests.conftest import LiveServer, opened
from tests.judging.seed import CODES, FULL, Seeded, let_out, seed
from tests.judging.signed import sign_off

Given = Mapping[str, int]  # aspect → value, where it is not the full mark


def rules(day: Seeded, preset: str = "provincial", **changes: Any) -> None:
    """Adopt a preset as the skill's rules; the seeded panel has three judges."""
    body = {**PRESETS[preset], "panel": 3, "trim": 0, **changes}
    skill_rules.adopt(day.skill, body, reason="test", actor_id=None)


def unblind(day: Seeded) -> None:
    with writing() as session:
        session.get_one(Skill, day.skill).is_blind = False


@contextmanager
def beside(server: LiveServer) -> Iterator[Seeded]:
    """Beside the running site, an open skill whose confirmed marks show."""
    url = server.env["PODIUM_DATABASE_URL"]
    with opened(url, server.folder) as app, app.app_context():
        day = seed()
        unblind(day)
        let_out(day.skill, Release.CONFIRMED, actor_id=day.judges["chief"])
        yield day


def mark_everything(day: Seeded, *works: Given, without: str = "") -> None:
    """Every work in full but for what is given, work by work, `without` one; the period is
    over."""
    with writing() as session:
        if session.query(Period).filter_by(skill_id=day.skill).first() is None:
            session.add(
                Period(
                    skill_id=day.skill, number=1, name_zh="五小时", name_en="Five hours",
                    minutes=300, started_at=now() - timedelta(hours=6),
                )
            )  # fmt: skip
    timetable.note_ends(now())
    for index, code in enumerate(CODES):
        if code == without:
            continue
        given = dict(works[index]) if index < len(works) else {}
        last = {}
        for aspect, full in FULL.items():
            (answer,) = day.give(day.post(code, aspect, given.get(aspect, full)))
            last[aspect[:2]] = answer.id
        for sub, upto in last.items():
            day.give(day.confirm(code, sub, upto), judge="wang")
        for judge in ("li", "wang", "zhao"):
            votes = [
                day.post(code, aspect, given.get(aspect, 3), judge=judge)
                for aspect in ("B1.01", "B1.02")
            ]
            day.give(*votes, judge=judge)


def lock(day: Seeded) -> None:
    """Through re-check and signatures, where the skill's rules ask for them."""
    sign_off(day)
    marking.lock(day.skill, actor_id=day.judges["chief"])
