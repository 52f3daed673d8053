"""The judge register (裁判库): a judge typed in, changed or taken out; the list of them all."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, select
from sqlalchemy.orm import Session, joinedload

from competition import declarations, ledger, roster_reading
from competition.database import db, writing
from competition.judge_writing import OWN, against, changes, plain, put, write
from competition.lists import CHUNK, called, paged
from competition.models import Account, Declaration, Delegation, JudgeRecord, Level, Person
from competition.moment import iso, now
from competition.privacy import PHONE, vault
from competition.rules.judge_rows import HEADS, Column, check
from competition.rules.refusal import Refusal
from competition.rules.roster import Table
from competition.technical import today

STATES = ("in", "over", "left", "all")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the list is narrowed to; each empty field narrows nothing. `skill` is a code among the
    fields, `state`: in the register, of them those whose term is over, who left, or everybody."""

    words: str = ""
    skill: str = ""
    level: str = ""
    delegation: str = ""
    state: str = ""

    def given(self) -> dict[str, str]:
        """What is narrowed, as a query for addresses."""
        return {name: text for name, text in asdict(self).items() if text}


@dataclass(frozen=True, slots=True)
class Page:
    """Some judges of the list."""

    records: list[JudgeRecord]
    total: int
    number: int
    pages: int


def wish(given: Mapping[str, str]) -> Wish:
    """A wish from an address; unknown words of a choice are dropped."""
    text = {name: given.get(name, "").replace("\x00", "").strip()[:100] for name in Wish.__slots__}
    if text["level"] not in set(Level):
        text["level"] = ""
    if text["state"] not in STATES:
        text["state"] = ""
    return Wish(**text)


def page(session: Session, wanted: Wish, *, number: int, size: int) -> Page:
    """A page of the register by name; past the end the last one."""
    total = session.scalar(
        select(func.count()).select_from(JudgeRecord).join(Person).where(*_conditions(wanted))
    )
    number, pages = paged(total or 0, number, size)
    found = session.scalars(_asked(wanted).offset((number - 1) * size).limit(size))
    return Page(list(found), total or 0, number, pages)


def rows(session: Session, wanted: Wish) -> Iterator[JudgeRecord]:
    """The whole list, read by pieces, for a file."""
    start = 0
    while found := session.scalars(_asked(wanted).offset(start).limit(CHUNK)).all():
        yield from found
        start += len(found)


def accounts(session: Session, record: JudgeRecord) -> list[Account]:
    """The sign-ins of a judge."""
    asked = select(Account).where(Account.person_id == record.person_id).order_by(Account.id)
    return list(session.scalars(asked))


def _asked(wanted: Wish) -> Select[JudgeRecord]:
    return (
        select(JudgeRecord)
        .join(Person)
        .where(*_conditions(wanted))
        .order_by(Person.name, JudgeRecord.id)
        .options(
            joinedload(JudgeRecord.person).joinedload(Person.affiliation),
            joinedload(JudgeRecord.delegation),
        )
    )


def _conditions(wanted: Wish) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [called(word) for word in wanted.words.split()[:5]]
    if wanted.state != "all":
        found.append(
            JudgeRecord.left_at.is_not(None)
            if wanted.state == "left"
            else JudgeRecord.left_at.is_(None)
        )
    if wanted.state == "over":
        found.append(JudgeRecord.until < today())
    if wanted.level:
        found.append(JudgeRecord.level == wanted.level)
    if wanted.skill:
        found.append(
            cast(JudgeRecord.fields, String).contains(f'"{wanted.skill}"', autoescape=True)
        )
    if wanted.delegation == "-":
        found.append(JudgeRecord.delegation_id.is_(None))
    elif wanted.delegation:
        theirs = select(Delegation.id).where(Delegation.code == wanted.delegation)
        found.append(JudgeRecord.delegation_id.in_(theirs))
    return found


def typed(values: Mapping[Column, str], *, actor_id: int, record_id: int | None = None) -> int:
    """One judge from a form, read as a file of one row; gives the record. The same number, or the
    same name and place, is the same judge. With `record_id` the form is that judge's, and what it
    leaves empty is taken away."""
    heads, row = [HEADS[one][0] for one in Column], [values.get(one, "") for one in Column]
    known = roster_reading.known_by(db.session())
    checked = check([Table("", [heads, row])], known, today())
    errors = [one for one in (*checked.said, *(s for r in checked.rows for s in r.said))
              if one.is_error]  # fmt: skip
    if errors:
        first, english = errors[0], dict(HEADS.values())
        column = english.get(first.column, first.column)
        raise _refused(f"{first.column}：{first.zh}", f"{column}: {first.en}", status=422)
    with writing() as session:
        if record_id is not None:
            _change(session, _record(session, record_id), checked.rows[0].values)
            _note(session, "judge.type", f"judge:{record_id}", {"state": "changed"}, actor_id)
            return record_id
        (line,) = against(session, checked).lines
        if line.state == "wrong":
            said = line.row.said[-1]
            raise _refused(said.zh, said.en)
        if line.state != "same":
            write(session, line, None)
        record = line.record
        assert record is not None
        _note(session, "judge.type", f"judge:{record.id}", {"state": line.state}, actor_id)
        return record.id


def _change(session: Session, record: JudgeRecord, values: Mapping[Column, Any]) -> None:
    gone = {what: None for what in (*OWN, Column.DELEGATION) if not values.get(what)}
    put(session, record, {**gone, **changes(session, record, values)})
    record.fields = record.fields or []


def _record(session: Session, record_id: int) -> JudgeRecord:
    record = session.get(JudgeRecord, record_id)
    if record is None:
        raise _refused("裁判库中没有此人", "The register has no such judge", status=404)
    return record


def leave(record_id: int, *, back: bool = False, actor_id: int) -> None:
    """Take a judge out of the register, or back in. Roles are ended on the access page."""
    with writing() as session:
        record = _record(session, record_id)
        if (record.left_at is None) is not back:
            record.left_at = None if back else now()
            act = "judge.back" if back else "judge.leave"
            _note(session, act, f"judge:{record_id}", {}, actor_id)


def forget_in(session: Session, person_id: int) -> list[str]:
    """The record of a judge who is erased says nothing more; inside the caller's transaction. Gives
    the sealed files that go afterwards."""
    record = session.scalar(select(JudgeRecord).where(JudgeRecord.person_id == person_id))
    if record is None:
        return []
    photo, record.photo = record.photo, None
    record.delegation, record.level, record.training = None, None, ""
    record.fields, record.left_at = [], record.left_at or now()
    return [] if photo is None else [photo]


def of_person(session: Session, person_id: int) -> dict[str, Any]:
    """What is kept of somebody as a judge, for their pack: the record, and what they declared."""
    record = session.scalar(select(JudgeRecord).where(JudgeRecord.person_id == person_id))
    own = select(Account.id).where(Account.person_id == person_id)
    told = session.scalars(
        select(Declaration).where(Declaration.by.in_(own)).order_by(Declaration.id)
    ).all()
    found: dict[str, Any] = {}
    if record is not None:
        found["judge"] = {str(what): value for what, value in plain(record).items()}
    if told:
        found["declarations"] = [
            {
                "relation": row.tie,
                "name": said.name,
                "place": said.place,
                "note": said.words,
                "at": iso(row.at),
                "withdrawn_at": iso(row.withdrawn_at),
            }
            for row in told
            for said in (declarations.opened(row),)
        ]
    return found


def show_contact(record_id: int, *, reason: str, actor_id: int) -> str:
    """A judge's whole telephone number; that it was seen is an act."""
    if not reason.strip():
        raise _refused("请写明查看的原因，号码没有显示", "Say why you need it; it was not shown")
    with writing() as session:
        record = session.get(JudgeRecord, record_id)
        if record is None or record.person.phone_sealed is None:
            raise _refused("没有登记手机号", "No telephone number is kept", status=404)
        body = {"person": record.person_id, "reason": reason.strip()[:200]}
        _note(session, "person.view_phone", f"judge:{record_id}", body, actor_id)
        return vault().open(PHONE, record.person.phone_sealed)


def of_accounts(session: Session, accounts: Collection[int]) -> dict[int, JudgeRecord]:
    """Account → what the register says of its person."""
    rows = session.execute(
        select(Account.id, JudgeRecord)
        .join(JudgeRecord, JudgeRecord.person_id == Account.person_id)
        .where(Account.id.in_(accounts))
    )
    return {row[0]: row[1] for row in rows}


def _note(
    session: Session, act: str, subject: str, body: dict[str, Any], actor_id: int | None
) -> None:
    ledger.append(session, act=act, subject=subject, body=body, actor_id=actor_id)


def _refused(zh: str, en: str, *, status: int = 409) -> Refusal:
    return Refusal(f"{zh}。什么都没有改变。", f"{en}. Nothing was changed.", status=status)
