"""Judges of the seeded skill made people whom the competition knows, and what binds them."""

from competition import skill_rules
from competition.database import db, writing
from competition.models import (
    Account,
    Affiliation,
    Delegation,
    Entry,
    Grant,
    JudgeRecord,
    Person,
    Role,
)
from competition.rules.skill_rules import PRESETS
from judging import cells
from tests.judging.seed import Seeded


def known(day: Seeded, name: str, *, delegation: str | None = None) -> int:
    """The judge is a person of the register, sent by the delegation of the work with this code."""
    with writing() as session:
        account = session.get_one(Account, day.judges[name])
        if account.person is None:
            place = Affiliation(name=f"{name}的单位")
            account.person = Person(name=account.label, affiliation=place)
        sent = session.get_one(Entry, day.entries[delegation]).delegation_id if delegation else None
        session.flush()
        assert account.person_id is not None
        session.add(JudgeRecord(person_id=account.person_id, delegation_id=sent, fields=[]))
        return account.person_id


def more_judges(day: Seeded, *names: str) -> None:
    """More who hold a judge's grant."""
    with writing() as session:
        for name in names:
            account = Account(username=name, label=f"{name}裁判", fs_uniquifier=f"more-{name}")
            account.grants = [Grant(role=Role.JUDGE, skill_id=day.skill)]
            session.add(account)
            session.flush()
            day.judges[name] = account.id


def rules(day: Seeded, panel: int = 3, *, supervisor: bool = False) -> None:
    """The skill's rules say how its panel is."""
    body = PRESETS["provincial"] | {"panel": panel, "trim": 0, "supervisor": supervisor}
    skill_rules.adopt(day.skill, body, reason="测试", actor_id=None)


def sent_by(day: Seeded, code: str) -> Delegation:
    return db.session.get_one(Entry, day.entries[code]).delegation


def mark_of(day: Seeded, aspect: str, code: str = "K-073"):
    """One cell, from the rows."""
    found = cells.read(db.session, day.skill)
    return found.works[day.entries[code]].marks[day.aspects[aspect]]
