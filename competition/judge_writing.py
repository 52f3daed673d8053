"""Rows of judges set against the register, written and put back in the caller's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from competition.models import (
    Account,
    Affiliation,
    Coach,
    Delegation,
    JudgeRecord,
    Member,
    Person,
)
from competition.privacy import ID_NUMBER, PHONE, give_phone, identify, vault
from competition.rules.judge_rows import HEADS, Checked, Column, JudgeRow, Said

# Columns of the record itself; the others are the person's.
OWN = (Column.LEVEL, Column.FIELDS, Column.SINCE, Column.UNTIL, Column.TRAINED_ON, Column.TRAINING)
_DATES = (Column.SINCE, Column.UNTIL, Column.TRAINED_ON)


@dataclass(slots=True)
class Line:
    """A row of a file and what importing it does: "new", "changed", "same" or "wrong"."""

    row: JudgeRow
    state: str
    record: JudgeRecord | None = None
    person: Person | None = None


@dataclass(slots=True)
class Looked:
    """What a file would do now."""

    lines: list[Line] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        states = ("new", "changed", "same", "wrong")
        return {state: sum(one.state == state for one in self.lines) for state in states}

    @property
    def ready(self) -> bool:
        """Something can be imported."""
        return not any(one.is_error for one in self.said) and any(
            one.state in ("new", "changed") for one in self.lines
        )


def against(session: Session, checked: Checked) -> Looked:
    """Set the rows of a file against the register and the people who are known."""
    out = Looked(said=checked.said)
    if checked.is_wrong:
        return out
    for row in checked.rows:
        person = None if row.is_wrong else _person(session, row)
        line = Line(row, "wrong", None, person)
        if not row.is_wrong:
            line.record = session.scalar(
                select(JudgeRecord).where(JudgeRecord.person_id == (person.id if person else 0))
            )
            line.state = _state(session, line)
        out.lines.append(line)
    return out


def _person(session: Session, row: JudgeRow) -> Person | None:
    number, name = row.values.get(Column.ID_NUMBER), row.values[Column.NAME]
    if number:
        found = session.scalar(
            select(Person).where(Person.id_hash == vault().keyed_hash(ID_NUMBER, number))
        )
        if found is not None:
            if found.name != name:
                row.said.append(
                    Said(
                        row.number,
                        HEADS[Column.NAME][0],
                        True,
                        "这个身份证号登记的是另一个姓名，请核对",
                        "Somebody of another name has this identity number; check it",
                    )
                )
            return found  # fmt: skip
    here = (
        select(Person)
        .join(JudgeRecord, JudgeRecord.person_id == Person.id)
        .join(Affiliation, Affiliation.id == Person.affiliation_id)
        .where(Person.name == name, Affiliation.name == row.values[Column.AFFILIATION])
    )
    return session.scalars(here.order_by(Person.id)).first()


def _state(session: Session, line: Line) -> str:
    if line.row.is_wrong:
        return "wrong"
    if line.record is None:
        return "new"
    return "changed" if changes(session, line.record, line.row.values) else "same"


def plain(record: JudgeRecord) -> dict[str, Any]:
    """A record as a row of a file has it, with what identifies masked."""
    person = record.person
    return {
        Column.NAME: person.name,
        Column.AFFILIATION: person.affiliation.name if person.affiliation else None,
        Column.DELEGATION: record.delegation.code if record.delegation else None,
        Column.LEVEL: record.level,
        Column.FIELDS: list(record.fields),
        Column.SINCE: record.since.isoformat() if record.since else None,
        Column.UNTIL: record.until.isoformat() if record.until else None,
        Column.TRAINED_ON: record.trained_on.isoformat() if record.trained_on else None,
        Column.TRAINING: record.training or None,
    }


def changes(
    session: Session, record: JudgeRecord, values: Mapping[Column, Any]
) -> dict[Column, Any]:
    """What a row says otherwise than the register; an empty cell takes nothing away."""
    there = plain(record)
    found = {
        what: value
        for what, value in values.items()
        if what in there and value not in (None, [], "") and value != there[what]
    }
    safe, person = vault(), record.person
    phone, number = values.get(Column.PHONE), values.get(Column.ID_NUMBER)
    if phone and (person.phone_sealed is None or safe.open(PHONE, person.phone_sealed) != phone):
        found[Column.PHONE] = phone
    if number and person.id_hash is None:
        found[Column.ID_NUMBER] = number
    return found


def write(session: Session, line: Line, batch_id: int | None) -> dict[str, Any]:
    """Write a row; gives what undoing needs."""
    if line.record is None:
        made = line.person is None
        person = line.person or Person(name=line.row.values[Column.NAME])
        session.add(person)
        session.flush()
        line.record = JudgeRecord(person_id=person.id, fields=[], training="", batch_id=batch_id)
        line.record.person = person
        session.add(line.record)
        before: dict[str, Any] = {}
    else:
        made, before = False, {str(what): value for what, value in plain(line.record).items()}
    after = changes(session, line.record, line.row.values)
    put(session, line.record, after, fills_only=line.person is not None and not before)
    session.flush()
    return {
        "record": line.record.id,
        "person": line.record.person_id if made else None,
        "before": before,
        "after": {str(what): value for what, value in plain(line.record).items()},
    }


def put(
    session: Session, record: JudgeRecord, values: Mapping[Column, Any], *, fills_only: bool = False
) -> None:
    """`fills_only`: a person who is known already keeps the school or company they have."""
    person = record.person
    for what, value in values.items():
        if what in OWN:
            given = date.fromisoformat(value) if what in _DATES and value else value
            setattr(
                record, what, given if given is not None else ("" if what == "training" else None)
            )
        elif what is Column.DELEGATION:
            record.delegation = session.scalar(select(Delegation).where(Delegation.code == value))
        elif what is Column.AFFILIATION and not (fills_only and person.affiliation_id is not None):
            person.affiliation = session.scalar(
                select(Affiliation).where(Affiliation.name == value)
            ) or (Affiliation(name=value) if value else None)
        elif what is Column.PHONE and not (fills_only and person.phone_sealed is not None):
            give_phone(person, value)
        elif what is Column.ID_NUMBER:
            identify(person, value)


def put_back(session: Session, one: Mapping[str, Any]) -> bool:
    record = session.get(JudgeRecord, one["record"])
    if record is None or {str(k): v for k, v in plain(record).items()} != one["after"]:
        return False
    if one["before"]:
        keeps = (Column.NAME,)
        put(session, record, {Column(k): v for k, v in one["before"].items() if k not in keeps})
        return True
    person = record.person_id
    if session.scalar(select(Account.id).where(Account.person_id == person).limit(1)) is not None:
        return False
    if record.photo is not None:
        return False
    session.delete(record)
    session.flush()
    used = (
        exists().where(Member.person_id == person),
        exists().where(Coach.person_id == person),
    )
    if one["person"] is not None and not session.scalar(select(used[0] | used[1])):
        session.execute(delete(Person).where(Person.id == person))
    return True
