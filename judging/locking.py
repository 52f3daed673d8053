"""Lock sub-criteria and days of marking; unlock them, or the skill, by two people with a reason.

The lock of a whole skill is `marking.lock`, which asks here what signatures and re-check lack.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from competition import conflicts, ledger, separation
from competition.database import writing
from competition.models import Account, Entry, Role, Skill
from competition.moment import now
from competition.rules.refusal import Refusal
from judging import rechecking, result_versions, sheet_states
from judging.models import Reopening, SheetLock, SubCriterion
from judging.sheet_states import Book, Sheet
from judging.signing import named, open_again, stated

SCOPES = ("sheet", "sub", "day", "skill")


@dataclass(frozen=True, slots=True)
class Lacking:
    """What the lock of a skill still waits for after marking, where its rules ask for sign-off.
    `recheck`: "" when done, else "draw", "open" or "owing"."""

    unsigned: int
    recheck: str
    recheck_open: int

    def __bool__(self) -> bool:
        return bool(self.unsigned or self.recheck)


def lacking(session: Session, skill_id: int, book: Book | None = None) -> Lacking:
    """Nothing where the skill has no rules."""
    book = sheet_states.read(session, skill_id) if book is None else book
    if not book.asks_sign_off:
        return Lacking(0, "", 0)
    found = rechecking.read(session, skill_id, book)
    if found is None:
        return Lacking(len(book.unsigned), "draw", 0)
    word = "open" if found.open else ("owing" if found.owing else "")
    return Lacking(len(book.unsigned), word, len(found.open))


def refuse_unless_signed(session: Session, skill_id: int) -> None:
    """Refuse the lock of a skill while the re-check is not done or a signature is missing."""
    found = lacking(session, skill_id)
    if found.recheck:
        raise Refusal(
            "抽查还没有完成（没有抽取、有表没有抽查、有差异没有答复，或获奖组有变化），没有锁定。"
            "请在“签字与锁定”页完成抽查。",
            "The re-check is not done (not drawn, sheets not checked, a difference without an"
            " answer, or the top group has changed), so nothing was locked. Finish it on the page"
            " “Sign-off”.",
        )
    if found.unsigned:
        raise Refusal(
            f"还有 {found.unsigned} 张评分表没有签完字，没有锁定。"
            "请在“签字与锁定”页查看缺少谁的签字。",
            f"{found.unsigned} sheets are not signed off, so nothing was locked. The page"
            " “Sign-off” says whose signatures are missing.",
        )


def refuse_while_declarations_wait(session: Session, skill_id: int) -> None:
    """Refuse the lock of a skill while the office has not said whom judges mean: what they declared
    would come too late to keep them from a work."""
    waiting = len(conflicts.waiting(session, [skill_id]))
    if waiting:
        raise Refusal(
            f"还有 {waiting} 条利害关系申报等待秘书处核对，没有锁定。"
            "请秘书处先在“利害关系申报”页确定指的是谁。",
            f"Declarations that wait for the office: {waiting}, so nothing was locked. The office"
            " settles them on the page “Declarations” first.",
        )


def lock_sheets(skill_id: int, *, sub: int | None, day: str | None, actor_id: int) -> None:
    """Lock one sub-criterion, or all of one day of marking, for every work."""
    with writing() as session:
        skill = _skill(session, skill_id)
        separation.require(session, actor_id, Role.CHIEF_JUDGE, skill_id)
        book = sheet_states.read(session, skill_id)
        wanted = [one.id for one in book.subs if one.id == sub or (day and one.day == day)]
        if not wanted or skill.locked_at is not None:
            raise _nothing()
        new = [one for one in wanted if one not in book.found.closed.locked]
        open_ = [one for one in book.unsigned if one.sub.id in new]
        if open_ or not book.sheets:
            raise _unsigned(open_)
        if not new:
            return
        at = now()
        session.add_all(
            SheetLock(skill_id=skill_id, sub_criterion_id=one, day=day, locked_by=actor_id, at=at)
            for one in new
        )
        ledger.append(
            session,
            act="sheets.lock",
            subject=f"skill:{skill_id}",
            body={"sub_criteria": new, "day": day},
            actor_id=actor_id,
            skill_id=skill_id,
        )


def ask_unlock(
    skill_id: int,
    scope: str,
    *,
    sub: int | None,
    day: str | None,
    work: str,
    reason: str,
    actor_id: int,
    key: str,
) -> int:
    """The chief judge asks to open what is locked: one sheet, a sub-criterion, a day or all of the
    skill. Nothing is open until a second person agrees."""
    why = stated(reason)
    with writing() as session:
        known = session.scalar(select(Reopening.id).where(Reopening.key == key))
        if known is not None:
            return known
        skill = _skill(session, skill_id)
        separation.require(session, actor_id, Role.CHIEF_JUDGE, skill_id)
        book = sheet_states.read(session, skill_id)
        subs = [
            one.id
            for one in book.subs
            if scope == "skill"
            or (scope in ("sub", "sheet") and one.id == sub)
            or (scope == "day" and one.day == day)
        ]
        entry = None
        if scope == "sheet":
            entry = session.scalar(
                select(Entry.id).where(Entry.skill_id == skill_id, Entry.code == work)
            )
            if entry is None:
                raise Refusal(
                    f"没有编号“{work}”的作品，没有申请解锁。请填写要打开的那一张的作品编号。"
                    if work
                    else "没有填写作品编号，没有申请解锁。请填写要打开的那一张的作品编号。",
                    f"There is no work {work}; nothing was asked. Name the work whose sheet is to"
                    " be opened."
                    if work
                    else "No work was named; nothing was asked. Name the work whose sheet is to be"
                    " opened.",
                )
        is_locked = skill.locked_at is not None or (
            scope != "skill" and bool(set(subs) & book.found.closed.locked)
        )
        if scope not in SCOPES or not subs or not is_locked:
            raise _nothing()
        for other in pending(session, [skill_id]):
            if (other.scope, other.entry_id, other.subs) != (scope, entry, subs):
                continue
            if (other.reason, other.asked_by) == (why, actor_id):
                return other.id
            raise Refusal(
                "同样的解锁申请已在等另一人同意，没有再次申请。",
                "The same is asked for already and waits for a second person; it was not asked"
                " again.",
            )
        row = Reopening(
            key=key, skill_id=skill_id, scope=scope, entry_id=entry, subs=subs, reason=why,
            asked_by=actor_id, asked_at=now(),
        )  # fmt: skip
        session.add(row)
        session.flush()
        _note(session, row, "unlock.ask", actor_id)
        return row.id


def agree(reopening_id: int, *, actor_id: int) -> None:
    """A second person agrees: the lock opens, signatures in its reach end, the version of the
    results no longer stands; marks given from now on bear the star. Other requests for what is
    open by that need nobody any more."""
    with writing() as session:
        row = _request(session, reopening_id)
        if row.agreed_at is not None:
            return
        if row.dropped_at is not None:
            raise Refusal(
                "这个解锁申请已撤回，什么都没有改变。",
                "This request to unlock was dropped; nothing was changed.",
            )
        skill = _skill(session, row.skill_id)
        if _human(session, actor_id) == _human(session, row.asked_by):
            raise Refusal(
                "申请解锁的人不能自己同意，什么都没有改变。请另一个人同意。",
                "Who asked for the unlock cannot agree to it; nothing was changed. Somebody else"
                " must.",
                status=403,
            )
        if not _is_closed(session, skill, row):
            raise Refusal(
                "申请要打开的内容已经是打开的，什么都没有改变。这个申请可以驳回。",
                "What it asks to open is open already; nothing was changed. The request can be"
                " turned down.",
            )
        open_again(session, row, actor_id)
        session.execute(
            update(SheetLock)
            .where(
                SheetLock.skill_id == row.skill_id,
                SheetLock.sub_criterion_id.in_(row.subs),
                SheetLock.reopening_id.is_(None),
            )
            .values(reopening_id=row.id)
        )
        if skill.locked_at is not None:
            skill.locked_at = None
            result_versions.unlock(session, row.skill_id, actor_id=actor_id)
        _note(session, row, "unlock.agree", actor_id)
        for other in pending(session, [row.skill_id]):
            if not _is_closed(session, skill, other):
                other.dropped_at = now()
                _note(session, other, "unlock.drop", actor_id)


def drop(reopening_id: int, *, actor_id: int) -> None:
    """Turn a request down, or take it back."""
    with writing() as session:
        row = _request(session, reopening_id)
        if row.dropped_at is not None or row.agreed_at is not None:
            return
        row.dropped_at = now()
        _note(session, row, "unlock.drop", actor_id)


def pending(session: Session, skill_ids: Collection[int] | None = None) -> list[Reopening]:
    """The requests that wait for a second person, the oldest first."""
    asked = select(Reopening).where(Reopening.agreed_at.is_(None), Reopening.dropped_at.is_(None))
    if skill_ids is not None:
        asked = asked.where(Reopening.skill_id.in_(skill_ids))
    return list(session.scalars(asked.order_by(Reopening.id)))


def history(session: Session, skill_id: int) -> list[Reopening]:
    """Everything that was opened again, the newest first."""
    asked = select(Reopening).where(
        Reopening.skill_id == skill_id, Reopening.agreed_at.is_not(None)
    )
    return list(session.scalars(asked.order_by(Reopening.id.desc())))


def reasons(
    opened: Iterable[Reopening], entry_id: int, sub_criterion_id: int
) -> list[tuple[datetime, str]]:
    """When and why a sheet was opened again, each time; `opened`: the skill's history."""
    return [
        (row.agreed_at, row.reason)
        for row in opened
        if row.agreed_at is not None
        and sub_criterion_id in row.subs
        and row.entry_id in (None, entry_id)
    ]


def words(session: Session, row: Reopening) -> dict[str, str]:
    """What a request reaches, for a page: the work's code (or ""), the sub-criteria's codes."""
    subs = select(SubCriterion.code).where(SubCriterion.id.in_(row.subs)).order_by(SubCriterion.id)
    work = select(Entry.code).where(Entry.id == row.entry_id)
    return {
        "work": (session.scalar(work) or "") if row.entry_id else "",
        "sheets": " ".join(session.scalars(subs)),
    }


def _is_closed(session: Session, skill: Skill, row: Reopening) -> bool:
    """Whether anything in reach of a request is locked or signed."""
    if skill.locked_at is not None:
        return True
    session.flush()
    closed = sheet_states.read(session, skill.id).found.closed
    return bool(closed.locked & set(row.subs)) or any(
        sub in row.subs and row.entry_id in (None, entry) for entry, sub in closed.signed
    )


def _note(session: Session, row: Reopening, act: str, actor_id: int) -> None:
    ledger.append(
        session,
        act=act,
        subject=f"reopening:{row.id}",
        body={
            "scope": row.scope,
            "entry": row.entry_id,
            "sub_criteria": row.subs,
            "reason": row.reason,
        },
        actor_id=actor_id,
        skill_id=row.skill_id,
    )


def _request(session: Session, reopening_id: int) -> Reopening:
    row = session.get(Reopening, reopening_id, populate_existing=True, with_for_update=True)
    if row is None:
        raise Refusal(
            "没有这个解锁申请，什么都没有改变。",
            "There is no such request to unlock; nothing was changed.",
            status=404,
        )
    return row


def _human(session: Session, account_id: int) -> tuple[str, int]:
    """Whoever is behind an account, under whatever account."""
    person = session.get_one(Account, account_id).person_id
    return ("account", account_id) if person is None else ("person", person)


def _skill(session: Session, skill_id: int) -> Skill:
    skill = session.get(Skill, skill_id, populate_existing=True, with_for_update=True)
    if skill is None:
        raise Refusal("没有这个赛项，没有改变。", "No such skill; nothing was changed.", status=404)
    return skill


def _unsigned(sheets: Collection[Sheet]) -> Refusal:
    codes, in_english = named(sheets)
    return Refusal(
        f"还有 {len(sheets)} 张评分表没有签完字（{codes}），没有锁定。请先完成签字。",
        f"{len(sheets)} sheets are not signed off ({in_english}), so nothing was locked. Complete"
        " the signatures first.",
    )


def _nothing() -> Refusal:
    return Refusal(
        "没有可锁定或可解锁的内容，什么都没有改变。请刷新页面。",
        "There is nothing to lock or unlock there; nothing was changed. Reload the page.",
    )
