"""The demo: a whole competition of invented people, and a sign-in for every role with one click.

`load` writes it once; the same seed gives the same people. What other packages add to a demo
(marking schemes, say) they append to `steps`: each is called after `load`, every time
`podium demo` runs, with its own random numbers, and must be harmless when run again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from flask_security import hash_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import catalogue, ledger
from competition.database import writing
from competition.demo_people import TOUR, cast, stream
from competition.demo_rows import Scribe, periods
from competition.founding import edition
from competition.models import Account, Competition, LedgerRow, Release
from competition.moment import now
from competition.rules.refusal import Refusal

PASSWORD = "podium-demo"  # noqa: S105 - printed for everybody; the people do not exist
SHANGHAI = ZoneInfo("Asia/Shanghai")

steps: list[Callable[[Random], object]] = []


@dataclass(frozen=True, slots=True)
class Card:
    """A sign-in that the demo offers. `key` names it in forms; the labels say who that is."""

    key: str
    username: str
    zh: str
    en: str


CARDS = (
    Card("organiser", "organiser", "组织者（秘书处）", "Organiser (secretariat)"),
    Card("chief", f"{TOUR.lower()}-chief", "裁判长", "Chief judge"),
    Card("judge-1", f"{TOUR.lower()}-judge-1", "裁判员 1", "Judge 1"),
    Card("judge-2", f"{TOUR.lower()}-judge-2", "裁判员 2", "Judge 2"),
    Card("judge-3", f"{TOUR.lower()}-judge-3", "裁判员 3", "Judge 3"),
    Card("competitor-1", f"{TOUR.lower()}-01", "选手 1", "Competitor 1"),
    Card("competitor-2", f"{TOUR.lower()}-02", "选手 2", "Competitor 2"),
    Card("leader", "leader-harbin", "哈尔滨市领队", "Team leader of Harbin"),
)


def load(seed: int) -> bool:
    """Write the demo. False when the same demo was there already; anything else is refused."""
    password_hash = str(hash_password(PASSWORD))  # once, for everybody
    with writing() as session:
        competition = edition(session)
        if competition is not None:
            _refuse_another(session, competition, seed)
            return False
        competition = _competition(now())
        session.add(competition)
        skills, delegations = catalogue.add(session, catalogue.zones())
        scribe = Scribe(session, password_hash, stream(seed, "accounts"), delegations)
        scribe.office()
        casts = cast(seed, catalogue.skills(), catalogue.delegations())
        for skill, everybody in zip(skills, casts, strict=True):
            skill.release = Release.AUTOMATIC if skill.code == TOUR else Release.CONFIRMED
            scribe.skill(skill, everybody)
        session.add_all(periods(stream(seed, "periods"), skills, now()))
        session.flush()
        finalists = sum(len(team.members) for everybody in casts for team in everybody.teams)
        ledger.append(
            session,
            act="demo.load",
            subject=f"competition:{competition.id}",
            body={"seed": seed, "finalists": finalists},
            actor_id=None,
        )
    return True


def run_steps(seed: int) -> None:
    """What other packages add, each with its own random numbers."""
    for step in steps:
        step(stream(seed, step.__module__))


def simulate(on: bool, actor_id: int) -> None:
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
