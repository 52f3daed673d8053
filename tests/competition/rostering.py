"""What the tests of rosters share: invented rows, a founded competition, a worker's steps."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from competition import founding, roster_batches, roster_worker
from competition.database import db, writing
from competition.models import Account, BatchState, Delegation, RosterBatch, RosterRow, Skill
from competition.privacy import vault
from competition.roster_sealed import KeptRow, open_row
from competition.rules.identity import Sex, never_issued
from tests.competition.test_founding import GIVEN

HEAD = (
    "姓名",
    "身份证号",
    "赛项",
    "代表队",
    "单位",
    "组别",
    "手机号",
    "队伍",
    "是否替补",
    "指导教师",
)


def number(day: int, month: int = 3, sex: Sex = Sex.MALE) -> str:
    """An identity number that nobody was given."""
    return never_issued("230102", date(2005, month, day), sex)


def person(
    name: str, day: int, skill: str = "W17", home: str = "哈尔滨市", **more: str
) -> list[str]:
    """A row under HEAD."""
    words = {"单位": "一中", "组别": "学生", "手机号": f"138000000{day:02}", **more}
    return [name, number(day), skill, home, *(words.get(one, "") for one in HEAD[4:])]


def a_csv(rows: Sequence[Sequence[str]], head: Sequence[str] = HEAD) -> bytes:
    """A file of them."""
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    return out.getvalue().encode()


def founded() -> int:
    """A competition with its catalogue; who founded it."""
    founding.found(founding.read(GIVEN))
    return db.session.scalars(select(Account.id)).one()


def delegation_id(code: str = "2301") -> int:
    """A delegation by its code."""
    return db.session.scalars(select(Delegation.id).where(Delegation.code == code)).one()


def uploaded(rows: Sequence[Sequence[str]], *, own: str | None = None, **said: Any) -> int:
    """A batch whose dry run stands; `own` uploads as a team leader."""
    data = said.get("data") or a_csv(rows, said.get("head", HEAD))
    batch = roster_batches.upload(
        data,
        "名册.csv",
        delegation_id=delegation_id(own) if own else None,
        by_office=own is None,
        actor_id=said.get("actor_id", 1),
    )
    assert roster_worker.step()
    return batch.id


def imported(rows: Sequence[Sequence[str]], *, own: str | None = None) -> int:
    """A batch that is imported."""
    batch_id = uploaded(rows, own=own)
    roster_batches.order_import(batch_id, actor_id=1)
    assert roster_worker.step()
    assert batch(batch_id).state == BatchState.IMPORTED, batch(batch_id).sentence_en
    return batch_id


def batch(batch_id: int) -> RosterBatch:
    """The batch as it is now."""
    db.session.rollback()
    return db.session.get_one(RosterBatch, batch_id, populate_existing=True)


def counts(batch_id: int) -> tuple[int, int, int, int]:
    """New, changed, same, wrong."""
    found = batch(batch_id).counts
    return tuple(found[one] for one in ("new", "changed", "same", "wrong"))  # type: ignore[return-value]


def rows(batch_id: int) -> dict[int, tuple[str, KeptRow]]:
    """Row number → its state and its content."""
    asked = select(RosterRow).where(RosterRow.batch_id == batch_id).order_by(RosterRow.number)
    return {
        row.number: (row.state, open_row(vault(), row.number, row.sealed or b""))
        for row in db.session.scalars(asked)
    }


def kinds(batch_id: int, row: int) -> list[str]:
    """What was found about a row."""
    return [one.kind for one in rows(batch_id)[row][1].findings]


def many(model: Any) -> int:
    """How many rows a table has."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def team_skill() -> str:
    """A skill of two, by its code."""
    return db.session.scalars(select(Skill.code).where(Skill.team_size == 2).limit(1)).one()


def start(code: str) -> None:
    """Let work begin in a skill."""
    from competition.models import Period
    from competition.moment import now

    with writing() as session:
        skill = session.scalars(select(Skill.id).where(Skill.code == code)).one()
        session.add(
            Period(skill_id=skill, number=1, name_zh="一", name_en="1", minutes=60,
                   started_at=now())
        )  # fmt: skip
