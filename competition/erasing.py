"""Forgetting a person: one of the office asks with a reason, a second person answers.

Granted, the name becomes a pseudonym and whatever else identifies is gone, at once and for good:
number, phone, birth date, affiliation, papers, sign-ins, what rosters and requests held. Entries,
marks and the chains of the ledger stay as they were, for they name rows by their ids.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session, joinedload

from competition import (
    declarations,
    entries_moved,
    judge_register,
    ledger,
    sealed_files,
    separation,
    sign_ins,
)
from competition.answers import of_coach
from competition.changes import SEALED_AS as CHANGE
from competition.database import writing
from competition.models import (
    Account,
    AnswerDraft,
    Answers,
    ChangeRequest,
    Coach,
    EligibilityException,
    Entry,
    Erasure,
    EvidenceFile,
    Grant,
    Member,
    Period,
    Person,
    Pin,
    PinTry,
    RecoveryCode,
    Role,
    RosterRow,
    SecondFactor,
    SignIn,
    Skill,
)
from competition.moment import now
from competition.privacy import vault
from competition.rules.forms import ENTRY
from competition.rules.refusal import Refusal

Forget = Callable[[Session, Person], None]
_KEY = "podium_forget"
GONE = "已删除 erased"
WHY = "个人信息已删除 the person was erased"


@dataclass(frozen=True, slots=True)
class Found:
    """A person as the office finds one: their entries' skills, and what keeps them from being
    erased now, in both languages."""

    person: Person
    skills: list[str]
    kept_by: Refusal | None


def pseudonym(person_id: int) -> str:
    """What an erased person is called."""
    return f"已删除 #{person_id}"


def register(app: Flask, *others: Forget) -> None:
    """Say who else keeps words of a person: each is called in the erasing's transaction, while the
    person still has a name."""
    app.extensions[_KEY] = others


def ask(person_id: int, *, reason: str, actor_id: int) -> int:
    """Ask that a person be forgotten; gives the request's id. Asking twice is asking once."""
    if not reason.strip():
        raise _refused("请写明原因（不要写姓名）", "Say why, without the name", 422)
    with writing() as session:
        person = _person(session, person_id)
        _require_free(session, person)
        same = session.scalar(
            select(Erasure).where(Erasure.person_id == person_id, Erasure.is_granted.is_(None))
        )
        if same is not None:
            return same.id
        row = Erasure(
            person_id=person_id, reason=reason.strip()[:500], asked_by=actor_id, asked_at=now()
        )
        session.add(row)
        session.flush()
        _note(session, "person.ask_erasure", f"erasure:{row.id}", {"person": person_id}, actor_id)
        return row.id


def answer(erasure_id: int, granted: bool, *, answer: str, actor_id: int) -> None:
    """Grant it, which does it, or refuse it; whoever asked cannot, under whatever account."""
    files: list[str] = []
    with writing() as session:
        row = session.get(Erasure, erasure_id)
        if row is None:
            raise _refused("没有这个申请", "There is no such request", 404)
        if row.is_granted is not None:
            if (row.is_granted, row.answered_by) == (granted, actor_id):
                return
            raise _refused("这个申请已经答复过", "This request was answered before")
        if actor_id in separation.accounts_of(session, row.asked_by):
            raise _refused(
                "须由另一人批准，您提出的申请不能由您答复",
                "It takes a second person: you asked for it, so somebody else answers",
                403,
            )
        row.is_granted, row.answer = granted, answer.strip()[:500]
        row.answered_by, row.answered_at = actor_id, now()
        body = {"person": row.person_id, "granted": granted}
        _note(session, "person.answer_erasure", f"erasure:{row.id}", body, actor_id)
        if granted:
            person = _person(session, row.person_id)
            _require_free(session, person)
            files = _erase(session, person, actor_id)
    for name in files:
        sealed_files.remove(name)


def find(session: Session, words: str) -> list[Found]:
    """People by a part of their name, or by their whole number, at most twenty."""
    words = words.strip()
    if not words:
        return []
    hashed = vault().keyed_hash("id_number", words.upper())
    people = session.scalars(
        select(Person)
        .where(
            Person.erased_at.is_(None),
            or_(Person.name.contains(words, autoescape=True), Person.id_hash == hashed),
        )
        .options(joinedload(Person.affiliation))
        .order_by(Person.name, Person.id)
        .limit(20)
    )
    return [
        Found(one, [skill.code for skill in skills_of(session, one.id)], _kept_by(session, one))
        for one in people
    ]


def requests(session: Session) -> list[Erasure]:
    """All requests, those that wait first, the newest first."""
    rows = session.scalars(
        select(Erasure)
        .options(joinedload(Erasure.person), joinedload(Erasure.asker))
        .order_by(Erasure.id.desc())
    )
    return sorted(rows, key=lambda row: row.is_granted is not None)


def skills_of(session: Session, person_id: int) -> list[Skill]:
    """The skills whose results a person has to do with: as competitor, or on a panel."""
    entered = (
        select(Entry.skill_id)
        .join(Member, Member.entry_id == Entry.id)
        .where(Member.person_id == person_id)
    )
    judged = (
        select(Grant.skill_id)
        .join(Account, Account.id == Grant.account_id)
        .where(Account.person_id == person_id, Grant.skill_id.is_not(None))
    )
    found = select(Skill).where(or_(Skill.id.in_(entered), Skill.id.in_(judged)))
    return list(session.scalars(found.order_by(Skill.code)))


# What keeps somebody


def _require_free(session: Session, person: Person) -> None:
    refusal = _kept_by(session, person)
    if refusal is not None:
        raise refusal


def _kept_by(session: Session, person: Person) -> Refusal | None:
    """While a skill of theirs runs, results need its people: from its first start to its lock."""
    skills = skills_of(session, person.id)
    begun = set(
        session.scalars(
            select(Period.skill_id).where(
                Period.skill_id.in_([one.id for one in skills]), Period.started_at.is_not(None)
            )
        )
    )
    running = [one.code for one in skills if one.id in begun and one.locked_at is None]
    if running:
        listed = "、".join(running)
        return _refused(
            f"此人的赛项正在进行（{listed}），锁定成绩后才能删除",
            f"A skill of this person is running ({listed}); they can be erased once its marks are"
            " locked",
        )
    roles = session.scalars(
        select(Grant)
        .join(Account, Account.id == Grant.account_id)
        .where(
            Account.person_id == person.id,
            Grant.role != Role.COMPETITOR,
            separation.still(now()),
        )
    ).all()
    if roles:
        return _refused(
            f"此人还有 {len(roles)} 项权限，请先在“权限”页结束",
            f"This person has {len(roles)} roles; end them on the access page first",
        )
    return None


def _person(session: Session, person_id: int) -> Person:
    found = session.get(Person, person_id)
    if found is None:
        raise _refused("没有这个人", "There is no such person", 404)
    if found.erased_at is not None:
        raise _refused("此人的信息已经删除", "This person was erased before")
    return found


# Doing it


def _erase(session: Session, person: Person, actor_id: int) -> list[str]:
    """Take away all that identifies; gives the files that go afterwards."""
    name = pseudonym(person.id)
    own = select(Member.entry_id).where(Member.person_id == person.id)
    entries = {one.id: one for one in session.scalars(select(Entry).where(Entry.id.in_(own)))}
    files = _papers(session, list(entries), actor_id)
    declarations.forget_in(session, person, actor_id)
    files += judge_register.forget_in(session, person.id)
    _words(session, person, list(entries.values()), name)
    _answers(session, person, list(entries))
    for forget in current_app.extensions.get(_KEY, ()):
        forget(session, person)
    _accounts(session, person, name, actor_id)
    person.name, person.sex, person.born_on, person.affiliation = name, None, None, None
    person.id_sealed = person.id_hash = person.id_masked = None
    person.phone_sealed = person.phone_masked = None
    person.erased_at = now()
    body: dict[str, Any] = {"person": person.id, "entries": sorted(entries)}
    _note(session, "person.erase", f"person:{person.id}", body, actor_id)
    skills = {one.skill_id for one in entries.values()}
    entries_moved.note(session, skills, subject=f"person:{person.id}", actor_id=actor_id)
    return files


def _papers(session: Session, entry_ids: list[int], actor_id: int) -> list[str]:
    kept = session.scalars(
        select(EvidenceFile).where(
            EvidenceFile.entry_id.in_(entry_ids), EvidenceFile.kept_as.is_not(None)
        )
    ).all()
    files = [row.kept_as for row in kept if row.kept_as is not None]
    for row in kept:
        row.kept_as, row.name, row.removed_why = None, "", WHY
        row.removed_by, row.removed_at = actor_id, now()
    return files


def _words(session: Session, person: Person, entries: list[Entry], name: str) -> None:
    """What was written of the person: as a coach, in rosters, requests and exceptions."""
    _coached(session, person)
    session.execute(
        update(Coach)
        .where(separation.is_coach(person.id, person.name, person.affiliation_id))
        .values(name=name, affiliation_id=None, person_id=person.id)
    )
    session.execute(
        update(RosterRow)
        .where(RosterRow.person_id == person.id)
        .values(sealed=None, before_sealed=None)
    )
    ids = [one.id for one in entries]
    for row in session.scalars(select(ChangeRequest).where(ChangeRequest.entry_id.in_(ids))):
        wanted = json.loads(vault().open(CHANGE, row.wanted_sealed))
        bare = {key: wanted[key] for key in ("person", "out", "reserve") if key in wanted}
        row.wanted_sealed, row.reason, row.answer = vault().seal(CHANGE, json.dumps(bare)), GONE, ""
    alone = [one.id for one in entries if len(one.members) == 1]
    session.execute(
        update(EligibilityException)
        .where(EligibilityException.entry_id.in_(alone))
        .values(reason=GONE, answer="")
    )


def _answers(session: Session, person: Person, entry_ids: list[int]) -> None:
    """Their answers to extra questions, what is personal of the entry as a whole, and drafts."""
    session.execute(delete(Answers).where(Answers.person_id == person.id))
    session.execute(
        update(Answers)
        .where(Answers.entry_id.in_(entry_ids), Answers.subject == ENTRY)
        .values(sealed=None)
    )
    session.execute(delete(AnswerDraft).where(AnswerDraft.entry_id.in_(entry_ids)))


def _coached(session: Session, person: Person) -> None:
    """What was answered of them as a coach, before they are called otherwise."""
    known = separation.is_coach(person.id, person.name, person.affiliation_id)
    for coach in session.scalars(select(Coach).where(known)):
        session.execute(
            delete(Answers).where(
                Answers.entry_id == coach.entry_id, Answers.subject == of_coach(coach.name)
            )
        )
        session.execute(delete(AnswerDraft).where(AnswerDraft.entry_id == coach.entry_id))


def _accounts(session: Session, person: Person, name: str, actor_id: int) -> None:
    """Their sign-ins are closed and called by the pseudonym; the ledger goes on naming the rows."""
    for account in session.scalars(select(Account).where(Account.person_id == person.id)):
        sign_ins.end_all_in(session, account.id, actor_id=actor_id)
        account.username, account.label = f"erased-{account.id}", name
        account.email = account.password = account.language = None
        account.fs_uniquifier, account.active = secrets.token_hex(16), False
        for model in (SecondFactor, RecoveryCode, Pin, PinTry):
            session.execute(delete(model).where(model.account_id == account.id))
        session.execute(
            update(SignIn).where(SignIn.account_id == account.id).values(device="", device_hash="")
        )


def _note(
    session: Session, act: str, subject: str, body: dict[str, Any], actor_id: int | None
) -> None:
    ledger.append(session, act=act, subject=subject, body=body, actor_id=actor_id)


def _refused(zh: str, en: str, status: int = 409) -> Refusal:
    return Refusal(f"{zh}。什么都没有改变。", f"{en}. Nothing was changed.", status=status)
