"""Founding a competition: `podium init` turns answers into an edition with its first organiser."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import catalogue, ledger, people, stages
from competition.catalogue import Place
from competition.database import writing
from competition.models import Competition, Grant, Role
from competition.rules.refusal import Refusal

FIELDS = ("name_zh", "name_en", "starts_on", "ends_on", "zones", "organiser")


@dataclass(frozen=True, slots=True)
class Answers:
    """What `podium init` asks. `password` is the organiser's own and is kept as a hash only."""

    name_zh: str
    name_en: str
    starts_on: date
    ends_on: date
    zones: tuple[Place, ...]
    username: str
    label: str
    password: str


def edition(session: Session) -> Competition | None:
    """The competition that the database holds, if it holds one."""
    return session.scalars(select(Competition)).first()


def refuse_if_founded(session: Session) -> None:
    """One database holds one competition, and it is never written over."""
    if edition(session) is not None:
        raise Refusal(
            "数据库中已有一届大赛，什么都没有改变。新的大赛请使用新的数据库"
            "（PODIUM_DATABASE_URL）。",
            "The database already holds a competition; nothing was changed. Use another database"
            " for a new one (PODIUM_DATABASE_URL).",
        )


def found(answers: Answers) -> Competition:
    """Write the edition, the catalogue of skills, the delegations and the first organiser."""
    check(answers)
    password_hash = people.hashed(answers.password)
    with writing() as session:
        refuse_if_founded(session)
        competition = Competition(
            name_zh=answers.name_zh,
            name_en=answers.name_en,
            starts_on=answers.starts_on,
            ends_on=answers.ends_on,
            asks_second_factor=True,
        )
        session.add(competition)
        skills, delegations = catalogue.add(session, answers.zones)
        stages.add(session)
        organiser = people.add_account(
            session,
            username=answers.username,
            label=answers.label,
            password_hash=password_hash,
            grants=[Grant(role=Role.ORGANISER)],
        )
        session.flush()
        ledger.append(
            session,
            act="competition.found",
            subject=f"competition:{competition.id}",
            body={
                "skills": len(skills),
                "delegations": len(delegations),
                "zones": [zone.code for zone in answers.zones],
                "organiser": organiser.id,
            },
            actor_id=None,  # whoever had the server's command line
        )
    return competition


def check(answers: Answers) -> None:
    """Refuse answers that no competition can be founded on."""
    if not answers.name_zh or not answers.name_en:
        raise _refusal("中英文名称都要填写", "Both names, Chinese and English, are needed")
    if answers.ends_on < answers.starts_on:
        raise _refusal("结束日期早于开始日期", "The last day is before the first")
    if not answers.zones:
        raise _refusal("至少需要一个赛区", "At least one zone is needed")
    if len({zone.code for zone in answers.zones}) < len(answers.zones):
        raise _refusal("同一个赛区写了两次", "A zone is named twice")


def read(given: Mapping[str, Any]) -> Answers:
    """The answers in a mapping, as an answers file or the terminal gives them."""
    if unknown := sorted(set(given) - set(FIELDS)):
        raise _refusal(f"不认识的项目：{', '.join(unknown)}", f"Unknown: {', '.join(unknown)}")
    if missing := [field for field in FIELDS if not given.get(field)]:
        raise _refusal(f"缺少：{', '.join(missing)}", f"Missing: {', '.join(missing)}")
    organiser = given["organiser"]
    if not isinstance(organiser, Mapping):
        raise _refusal("organiser 应包含 username 和 password", "organiser: username, password")
    username, password = str(organiser.get("username", "")), organiser.get("password")
    if not isinstance(password, str):
        raise _refusal("organiser.password 应为文字", "organiser.password should be a text")
    return Answers(
        name_zh=str(given["name_zh"]).strip(),
        name_en=str(given["name_en"]).strip(),
        starts_on=_day(given["starts_on"]),
        ends_on=_day(given["ends_on"]),
        zones=_zones(given["zones"]),
        username=username,
        label=str(organiser.get("label") or username),
        password=password,
    )


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise _refusal(
            f"日期应形如 2026-11-23，而不是 {value}", f"A date looks like 2026-11-23, not {value}"
        ) from None


def _zones(value: object) -> tuple[Place, ...]:
    """Codes of the catalogue's zones, or zones of one's own with code, name_zh and name_en."""
    if not isinstance(value, list):
        raise _refusal("zones 应为列表", "zones should be a list")
    known = {zone.code: zone for zone in catalogue.zones()}
    zones = []
    for item in value:
        if isinstance(item, Mapping) and all(
            item.get(key) for key in ("code", "name_zh", "name_en")
        ):
            zones.append(Place(str(item["code"]), str(item["name_zh"]), str(item["name_en"])))
        elif isinstance(item, str) and item in known:
            zones.append(known[item])
        else:
            raise _refusal(
                f"没有赛区 {item}；可选：{', '.join(known)}，或给出 code、name_zh、name_en",
                f"No zone {item}; known: {', '.join(known)}, or give code, name_zh and name_en",
            )
    return tuple(zones)


def _refusal(zh: str, en: str) -> Refusal:
    return Refusal(f"{zh}。没有建立大赛。", f"{en}. No competition was founded.")
