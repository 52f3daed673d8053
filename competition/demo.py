"""The demo: a whole competition of invented people, and a sign-in for every role with one click.

`load` writes it once; the same seed gives the same people. What other packages add to a demo
(marking schemes, say) they append to `steps`: each is called after `load`, every time
`podium demo` runs, with its own random numbers, and must be harmless when run again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from flask_security import hash_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import catalogue, ledger, pins, skill_rules, stages
from competition.database import writing
from competition.demo_people import DONE, TOUR, cast, stream
from competition.demo_rows import Scribe, periods
from competition.founding import edition
from competition.models import (
    Account,
    Competition,
    LedgerRow,
    Pin,
    Release,
    Skill,
)
from competition.moment import now
from competition.rules.refusal import Refusal
from competition.rules.skill_rules import PRESETS

PASSWORD = "podium-demo"  # noqa: S105 - printed for everybody; the people do not exist
PIN = "2580"  # of everybody, likewise
CLOSED_FOR = timedelta(days=10)  # changes are asked for by now
SHANGHAI = ZoneInfo("Asia/Shanghai")

steps: list[Callable[[Random], object]] = []


@dataclass(frozen=True, slots=True)
class Card:
    """A sign-in that the demo offers: who that is, and what one does there."""

    key: str
    username: str
    name_zh: str
    name_en: str
    does_zh: str
    does_en: str
    skill: str = ""


def _judge_card(number: int) -> Card:
    return Card(
        f"judge-{number}",
        f"{TOUR.lower()}-judge-{number}",
        f"裁判员 {number}",
        f"Judge {number}",
        "在平板上确认自动评分、打分",
        "Confirms proposals and votes on a tablet",
        TOUR,
    )


def _competitor_card(number: int) -> Card:
    return Card(
        f"competitor-{number}",
        f"{TOUR.lower()}-{number:02}",
        f"选手 {number}",
        f"Competitor {number}",
        "看试题和倒计时，提交作品",
        "Reads the task, watches the clock, hands in",
        TOUR,
    )


# In the order of the tour: the period begins, work is handed in, it is judged.
CARDS = (
    Card(
        "chief",
        f"{TOUR.lower()}-chief",
        "裁判长",
        "Chief judge",
        "开始赛段，处理分歧，锁定成绩",
        "Starts the period, settles differences, locks",
        TOUR,
    ),
    _competitor_card(1),
    _competitor_card(2),
    _judge_card(1),
    _judge_card(2),
    _judge_card(3),
    Card(
        "chief-done",
        f"{DONE.lower()}-chief",
        "裁判长",
        "Chief judge",
        "时间已到的赛项：抽查、签字、锁定，再开颁奖典礼",
        "Re-checks, signs and locks a skill whose time is over, for a ceremony",
        DONE,
    ),
    Card(
        "organiser",
        "organiser",
        "组织者",
        "Organiser",
        "看全部赛项的进度，开关机器人评分",
        "Sees how all skills stand, switches the bots",
    ),
    Card(
        "leader",
        "leader-harbin",
        "哈尔滨市领队",
        "Team leader of Harbin",
        "看本代表团的选手",
        "Sees the competitors of the delegation",
    ),
)


def load(seed: int) -> bool:
    """Write the demo. False when the same demo was there already; anything else is refused."""
    password_hash = str(hash_password(PASSWORD))  # once, for everybody
    with writing() as session:
        competition = edition(session)
        if competition is not None:
            _refuse_another(session, competition, seed)
            _give_pins(session)  # to those that an earlier release left without
            return False
        competition = _competition(now())
        session.add(competition)
        skills, delegations = catalogue.add(session, catalogue.zones())
        selection, final = stages.add(session)
        selection.takes_entries, final.takes_entries = False, True  # the selection is over
        final.entries_until = now() - CLOSED_FOR
        scribe = Scribe(session, password_hash, stream(seed, "accounts"), delegations, final)
        scribe.office()
        casts = cast(seed, catalogue.skills(), catalogue.delegations())
        for skill, everybody in zip(skills, casts, strict=True):
            skill.release = Release.AUTOMATIC if skill.code == TOUR else Release.CONFIRMED
            scribe.skill(skill, everybody)
        session.flush()
        for skill, everybody in zip(skills, casts, strict=True):
            body = _rules(skill, len(everybody.judges))
            skill_rules.adopt_in(session, skill.id, body, reason="", actor_id=None)
        session.add_all(periods(stream(seed, "periods"), skills, now()))
        session.flush()
        _give_pins(session)
        finalists = sum(len(team.members) for everybody in casts for team in everybody.teams)
        ledger.append(
            session,
            act="demo.load",
            subject=f"competition:{competition.id}",
            body={"seed": seed, "finalists": finalists},
            actor_id=None,
        )
    return True


def _give_pins(session: Session) -> None:
    """Everybody who has none can sign, and take the remote of a ceremony, at once; one hash for
    all, as with the passwords."""
    kept, at = pins.hashed(PIN), now()
    without = select(Account.id).where(Account.id.not_in(select(Pin.account_id)))
    session.add_all(Pin(account_id=number, hash=kept, at=at) for number in session.scalars(without))


def run_steps(seed: int) -> None:
    """What other packages add, each with its own random numbers."""
    for step in steps:
        step(stream(seed, step.__module__))


def simulate(on: bool, actor_id: int | None) -> None:
    """Switch the bots that mark in the demo. In a real competition nobody but judges marks."""
    with writing() as session:
        competition = edition(session)
        if competition is None or not competition.is_demo:
            raise Refusal(
                "只有演示数据可以开启机器人评分，什么都没有改变。",
                "Bots mark in the demo only; nothing was changed.",
            )
        if competition.simulating == on:
            return
        competition.simulating = on
        ledger.append(
            session,
            act="demo.simulate",
            subject=f"competition:{competition.id}",
            body={"on": on},
            actor_id=actor_id,
        )


def account_of(session: Session, key: str) -> Account:
    """The account behind a card; outside the demo there are no cards."""
    competition = edition(session)
    card = next((card for card in CARDS if card.key == key), None)
    account = (
        session.scalar(select(Account).where(Account.username == card.username))
        if card is not None and competition is not None and competition.is_demo
        else None
    )
    if account is None or not account.active:
        raise Refusal(
            "这里没有演示账号，没有登录。请用自己的账号和密码登录。",
            "There are no demo sign-ins here; you are not signed in. Please use your own name and"
            " password.",
            status=404,
        )
    return account


def _refuse_another(session: Session, competition: Competition, seed: int) -> None:
    row = session.scalar(select(LedgerRow).where(LedgerRow.act == "demo.load"))
    if not competition.is_demo or row is None:
        raise Refusal(
            "数据库中已有一届正式大赛，没有载入演示数据。演示请使用另一个数据库"
            "（PODIUM_DATABASE_URL）。",
            "The database holds a real competition; the demo was not loaded. Use another database"
            " for it (PODIUM_DATABASE_URL).",
        )
    if row.body["seed"] != seed:
        raise Refusal(
            f"数据库中已有种子为 {row.body['seed']} 的演示，什么都没有改变。请换一个数据库，"
            "或先运行 make reset。",
            f"The database holds the demo of seed {row.body['seed']}; nothing was changed. Use"
            " another database, or run make reset first.",
        )


def _rules(skill: Skill, judges: int) -> dict[str, Any]:
    """The provincial preset with the panel that the skill has. Of the invented people the oldest
    is 59 and the youngest was born in 2009."""
    return PRESETS["provincial"] | {
        "born_before": "2010-01-01",
        "age_day": "2026-09-01",
        "panel": judges,
        "trim": 0,
        "coach_required": False,
        "quota": 4,
        "release": skill.release,
    }


def _competition(at: datetime) -> Competition:
    today: date = at.astimezone(SHANGHAI).date()
    return Competition(
        name_zh="黑龙江省职业技能大赛（演示）",
        name_en="Heilongjiang Vocational Skills Competition (demo)",
        starts_on=today - timedelta(days=1),
        ends_on=today + timedelta(days=2),
        is_demo=True,
        simulating=True,
    )
