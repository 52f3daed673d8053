"""Declarations: a judge says what binds them to a person, a school or a work, or that nothing does.

A judge names people and places, never a code's owner: the system, and where its words meet nobody
the office, finds out which entries they mean. In a blind skill the office looks at what a judge
declared before it has any effect (`conflicts.is_held`). Judges read back their own words only. What
was declared leaves with a reason, by the office.
"""

import json
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import conflicts, ledger
from competition.database import writing
from competition.models import Account, Affiliation, Declaration, Entry, Grant, Person, Role, Skill
from competition.moment import iso, now
from competition.privacy import vault
from competition.rules.conflicts import DECLARED, Tie
from competition.rules.duties import PANEL
from competition.rules.refusal import Refusal

NOTHING = "none"
TOLD = "declaration"
LONGEST_NAME, LONGEST_WORDS = 100, 500


@dataclass(frozen=True, slots=True)
class Told:
    """What is declared: the kind of relation ("none" for none) to a person by name, to a school or
    company, or to a work by its code; `words` for the office alone."""

    tie: str
    name: str = ""
    place: str = ""
    work: str = ""
    words: str = ""


def declare(skill_id: int, judge_id: int, told: Told, *, actor_id: int, key: str) -> int:
    """Keep a declaration; the same key, or the same relation, twice is one. Gives its id."""
    told = _in_form(told)
    with writing() as session:
        known = session.scalar(select(Declaration).where(Declaration.key == key))
        if known is not None:
            return known.id
        skill = session.get(Skill, skill_id)
        if skill is None or not _is_of_panel(session, judge_id, skill_id):
            raise _refused(
                "此人不是该赛项的裁判员", "This person is no judge of the skill", status=404
            )
        safe = vault()
        row = Declaration(
            key=key,
            account_id=judge_id,
            skill_id=skill_id,
            tie=told.tie,
            entry_id=_work(session, skill_id, told),
            by=actor_id,
            at=now(),
        )
        if told.tie != NOTHING:
            plain = {"name": told.name, "place": told.place, "words": told.words}
            row.told_sealed = safe.seal(TOLD, json.dumps(plain, ensure_ascii=False))
            row.name_hash = conflicts.name_hash(safe, told.name) if told.name else None
            row.place_hash = conflicts.place_hash(safe, told.place) if told.place else None
        said = _said_already(session, row, told.words)
        if said is not None:
            return said
        session.add(row)
        session.flush()
        _note(session, "conflict.declare", row, actor_id)
        return row.id


def _said_already(session: Session, row: Declaration, words: str) -> int | None:
    """The declaration that says the same and was not withdrawn."""
    same = [
        column.is_not_distinct_from(getattr(row, column.key))
        for column in (
            *(Declaration.account_id, Declaration.skill_id, Declaration.tie, Declaration.by),
            *(Declaration.name_hash, Declaration.place_hash, Declaration.entry_id),
        )
    ]
    asked = select(Declaration).where(Declaration.withdrawn_at.is_(None), *same)
    found = session.scalars(asked.order_by(Declaration.id))
    return next((one.id for one in found if opened(one).words == words), None)


def withdraw(declaration_id: int, *, reason: str, actor_id: int) -> int:
    """Take a declaration back, by the office; gives the skill. Twice changes nothing."""
    if not reason.strip():
        raise _refused("请写明撤回的原因", "Say why it is withdrawn")
    with writing() as session:
        row = _row(session, declaration_id)
        if row.withdrawn_at is None:
            row.withdrawn_by, row.withdrawn_at = actor_id, now()
            row.withdrawn_why = reason.strip()[:LONGEST_WORDS]
            _note(session, "conflict.withdraw", row, actor_id)
        return row.skill_id


def settle(
    declaration_id: int,
    *,
    person_id: int | None,
    affiliation: str,
    reason: str = "",
    actor_id: int,
) -> int:
    """The office says whom a declaration means, or with neither that nobody of the skill is meant;
    gives the skill. Where it then no longer means somebody whom its words or an earlier look met, a
    reason is asked for, and sealed with the words: it may name people."""
    with writing() as session:
        row = _row(session, declaration_id)
        if person_id is not None and session.get(Person, person_id) is None:
            raise _refused("没有这个人", "There is no such person", status=404)
        place = session.scalar(select(Affiliation).where(Affiliation.name == affiliation.strip()))
        if affiliation.strip() and place is None:
            raise _refused(
                "没有这个单位，请填写名册中的全称",
                "There is no such school or company; write its whole name as in the roster",
            )
        before = conflicts.meant(session, row)
        row.person_id, row.affiliation_id = person_id, place.id if place else None
        row.settled_by, row.settled_at = actor_id, now()
        if before - conflicts.meant(session, row):
            _give_reason(row, reason.replace("\x00", "").strip()[:LONGEST_WORDS])
        _note(session, "conflict.settle", row, actor_id)
        return row.skill_id


def _give_reason(row: Declaration, reason: str) -> None:
    if not reason:
        raise _refused(
            "这条申报对应到该赛项的人，这样改之后就不再回避；请写明原因",
            "The declaration meets somebody of this skill, who would no longer be kept from the"
            " judge; say why",
        )
    if row.told_sealed is not None:
        plain = json.loads(vault().open(TOLD, row.told_sealed))
        plain["reasons"] = [*plain.get("reasons", ()), reason]
        row.told_sealed = vault().seal(TOLD, json.dumps(plain, ensure_ascii=False))


def reasons(row: Declaration) -> list[str]:
    """Why the office found that a declaration does not mean whom it met, the oldest first."""
    if row.told_sealed is None:
        return []
    return list(json.loads(vault().open(TOLD, row.told_sealed)).get("reasons", ()))


def opened(row: Declaration) -> Told:
    """What was declared, in clear: for the judge themselves and for the office."""
    if row.told_sealed is None:
        return Told(row.tie)
    plain = json.loads(vault().open(TOLD, row.told_sealed))
    return Told(row.tie, plain["name"], plain["place"], "", plain["words"])


def forget_in(session: Session, person: Person, actor_id: int) -> None:
    """Take out what declarations say of somebody who is erased, and what they said themselves; that
    it was so, and when, stays. Inside the caller's transaction, while the name is still there."""
    own = select(Account.id).where(Account.person_id == person.id)
    named = conflicts.name_hash(vault(), person.name)
    asked = select(Declaration).where(
        Declaration.account_id.in_(own)
        | (Declaration.person_id == person.id)
        | (Declaration.name_hash == named)
    )
    for row in session.scalars(asked.order_by(Declaration.id)):
        row.told_sealed = row.name_hash = row.place_hash = None
        _note(session, "conflict.erase", row, actor_id)


def of_skill(session: Session, skill_id: int) -> list[Declaration]:
    """Every declaration of a skill, the newest first."""
    asked = select(Declaration).where(Declaration.skill_id == skill_id)
    return list(session.scalars(asked.order_by(Declaration.id.desc())))


def of_judge(session: Session, skill_id: int, judge_id: int) -> list[Declaration]:
    """A judge's own in one skill, the oldest first."""
    asked = select(Declaration).where(
        Declaration.skill_id == skill_id, Declaration.account_id == judge_id
    )
    return list(session.scalars(asked.order_by(Declaration.id)))


def seal(row: Declaration) -> str:
    """What the ledger keeps of a declaration: a hash with the identity key, so that nobody learns
    from the ledger whom it names, and nobody changes it unnoticed."""
    sealed = row.told_sealed.hex() if row.told_sealed is not None else ""
    said = [
        *(row.id, row.account_id, row.skill_id, row.tie, sealed, row.entry_id, row.person_id),
        *(row.affiliation_id, iso(row.at), iso(row.withdrawn_at)),
    ]
    return vault().keyed_hash(TOLD, json.dumps(said))


def _in_form(told: Told) -> Told:
    name, place, work, words = (
        " ".join(text.replace("\x00", "").split())
        for text in (told.name, told.place, told.work, told.words)
    )
    if told.tie == NOTHING:
        return Told(NOTHING)
    if told.tie not in set(DECLARED):
        raise _refused("请选择关系的种类", "Choose the kind of relation")
    if max(len(name), len(place)) > LONGEST_NAME or len(words) > LONGEST_WORDS:
        raise _refused(
            f"姓名和单位最多 {LONGEST_NAME} 个字，说明最多 {LONGEST_WORDS} 个字",
            f"Names have at most {LONGEST_NAME} characters, the note {LONGEST_WORDS}",
        )
    if told.tie == Tie.KNOWN_WORK:
        if not work:
            raise _refused("请写明作品编号", "Write the code of the work")
        return Told(told.tie, "", "", work.upper(), words)
    if not name and not place:
        raise _refused(
            "请写明对方的姓名，或学校、单位的全称",
            "Write the person's name, or the whole name of the school or company",
        )
    return Told(told.tie, name, place, "", words)


def _work(session: Session, skill_id: int, told: Told) -> int | None:
    if not told.work:
        return None
    found = session.scalar(
        select(Entry.id).where(Entry.skill_id == skill_id, Entry.code == told.work)
    )
    if found is None:
        raise _refused("该赛项没有这个编号", "This skill has no work with that code")
    return found


def _is_of_panel(session: Session, account_id: int, skill_id: int) -> bool:
    held = select(Grant.id).where(
        Grant.account_id == account_id, Grant.skill_id == skill_id, Grant.role.in_(PANEL),
        Grant.ended_at.is_(None),
    )  # fmt: skip
    return session.scalar(held.limit(1)) is not None


def judges_of(session: Session, skill_id: int) -> list[Account]:
    """Who holds a judge's grant in a skill, by their labels."""
    held = select(Grant.account_id).where(
        Grant.skill_id == skill_id, Grant.role == Role.JUDGE, Grant.held(now())
    )
    asked = select(Account).where(Account.id.in_(held), Account.active.is_(True))
    return list(session.scalars(asked.order_by(Account.label, Account.id)))


def _row(session: Session, declaration_id: int) -> Declaration:
    row = session.get(Declaration, declaration_id)
    if row is None:
        raise _refused("没有这条申报", "There is no such declaration", status=404)
    return row


def _note(session: Session, act: str, row: Declaration, actor_id: int) -> None:
    session.flush()
    ledger.append(
        session,
        act=act,
        subject=f"declaration:{row.id}",
        body={"declaration": row.id, "judge": row.account_id, "seal": seal(row)},
        actor_id=actor_id,
        skill_id=row.skill_id,
    )


def _refused(zh: str, en: str, *, status: int = 409) -> Refusal:
    return Refusal(f"{zh}。什么都没有保存。", f"{en}. Nothing was kept.", status=status)
