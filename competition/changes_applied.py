"""What a change means: checked before it is kept, applied when it may be.

The caller holds the transaction. `checked` gives the plain mapping that is kept: only known names,
each with a value that makes sense; `apply` writes it to the entry's rows.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import answers, answers_wanted
from competition.models import (
    Affiliation,
    ChangeKind,
    Coach,
    Entry,
    EntryState,
    Member,
    Person,
    Status,
)
from competition.rules.refusal import Refusal

FIELDS = ("name", "affiliation", "status", "local_years", "coach")
LONGEST = {"name": 100, "affiliation": 200, "coach": 100}
RESERVES = (EntryState.ENTERED, EntryState.ELIGIBLE, EntryState.APPROVED)


def checked(
    session: Session, entry: Entry, kind: ChangeKind, wanted: dict[str, Any]
) -> dict[str, Any]:
    """What is wanted, as it is kept; refused where it cannot be done."""
    if kind is ChangeKind.WITHDRAW:
        return {}
    if kind is ChangeKind.SUBSTITUTE:
        leaves = _member(entry, wanted.get("out"))
        reserve = _reserve(session, entry, wanted.get("reserve"))
        return {"out": leaves.person_id, "reserve": reserve.id}
    if kind is ChangeKind.ANSWERS:
        return answers_wanted.checked(session, entry, wanted)
    if kind is ChangeKind.CHANGE:
        member = _member(entry, wanted.get("person"))
        given = {name: _value(name, wanted[name]) for name in FIELDS if wanted.get(name)}
        if not given:
            raise _nothing("没有填写要更改的内容", "Nothing to change was filled in")
        return {"person": member.person_id, **given}
    raise _nothing("新增选手请导入名册", "New competitors are entered by a roster")


def apply(session: Session, entry: Entry, kind: ChangeKind, body: dict[str, Any]) -> None:
    """Write a checked change."""
    if kind is ChangeKind.WITHDRAW:
        entry.state = EntryState.WITHDRAWN
    elif kind is ChangeKind.SUBSTITUTE:
        _substitute(session, entry, body)
    elif kind is ChangeKind.ANSWERS:
        answers_wanted.apply(session, entry, body)
    else:
        _correct(session, entry, body)
    answers.recount_entry(session, entry)


def _substitute(session: Session, entry: Entry, body: dict[str, Any]) -> None:
    leaves = _member(entry, body["out"])
    reserve = _reserve(session, entry, body["reserve"])
    (steps_in,) = reserve.members
    reserve.state = EntryState.WITHDRAWN
    answers.move(session, reserve, entry, steps_in.person_id)
    leaves.person, leaves.status = steps_in.person, steps_in.status
    leaves.local_years, leaves.medals = steps_in.local_years, steps_in.medals


def _correct(session: Session, entry: Entry, body: dict[str, Any]) -> None:
    member = _member(entry, body["person"])
    if name := body.get("name"):
        member.person.name = name
    if name := body.get("affiliation"):
        member.person.affiliation = _affiliation(session, name)
    member.status = body.get("status", member.status)
    member.local_years = body.get("local_years", member.local_years)
    if name := body.get("coach"):
        session.add(Coach(entry_id=entry.id, name=name))


def _affiliation(session: Session, name: str) -> Affiliation:
    found = session.scalar(select(Affiliation).where(Affiliation.name == name))
    return found or Affiliation(name=name)


def _member(entry: Entry, person_id: object) -> Member:
    found = next((one for one in entry.members if one.person_id == person_id), None)
    if found is None:
        raise _nothing("这个人不在该报名里", "That person is not in this entry")
    return found


def _reserve(session: Session, entry: Entry, reserve_id: object) -> Entry:
    """A reserve of the same delegation and skill, one person, who still stands."""
    found = session.get(Entry, reserve_id) if isinstance(reserve_id, int) else None
    fits = (
        found is not None
        and found.id != entry.id
        and found.is_reserve
        and not entry.is_reserve
        and (found.skill_id, found.delegation_id) == (entry.skill_id, entry.delegation_id)
        and found.state in RESERVES
        and len(found.members) == 1
    )
    if found is None or not fits:
        raise _nothing(
            "只能换上本代表团在该赛项的替补",
            "Only a reserve of the delegation in this skill steps in",
        )
    return found


def _value(name: str, given: object) -> str | int:
    text = str(given).strip()
    if name == "local_years":
        if not (text.isascii() and text.isdigit() and int(text) <= 60):
            raise _nothing("在本省年限应为 0 至 60 的整数", "Years are a whole number, 0 to 60")
        return int(text)
    if name == "status" and text not in set(Status):
        raise _nothing("身份应为职工或学生", "The status is employee or student")
    if not text or len(text) > LONGEST.get(name, 20):
        raise _nothing("有一项太长或为空", "A value is too long or empty")
    return text


def people(session: Session, ids: set[int]) -> dict[int, str]:
    """Person → name, for pages that show what a change wants."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _nothing(zh: str, en: str) -> Refusal:
    return Refusal(f"{zh}，什么都没有改变。", f"{en}; nothing was changed.", status=422)
