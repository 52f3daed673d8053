"""What a delegation changes of its entries: at once while entries are open, on request afterwards.

A request keeps what was wanted (sealed: it holds names), why, who asked and who answered; whoever
asked cannot answer. What is approved is applied in the same transaction, and the skill's entries
are judged again. Once work has begun in a skill its entries stay as they are.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from competition import (
    clocks,
    eligibility,
    entries_moved,
    entry_adding,
    entry_locks,
    ledger,
    roster_import,
    separation,
    skill_rules,
)
from competition.changes_applied import apply, checked
from competition.database import writing
from competition.models import (
    Account,
    ChangeKind,
    ChangeRequest,
    ChangeState,
    Entry,
    EntryState,
    Member,
    Stage,
)
from competition.moment import now
from competition.privacy import vault
from competition.rules.refusal import Refusal

SEALED_AS = entry_adding.SEALED_AS


@dataclass(frozen=True, slots=True)
class Request:
    """A request as pages show it, with what was wanted and who spoke."""

    row: ChangeRequest
    wanted: dict[str, Any]
    asked_by: str
    decided_by: str


def ask(
    entry_id: int, kind: ChangeKind, wanted: dict[str, Any], *, reason: str, actor_id: int
) -> ChangeRequest:
    """Withdraw, substitute or correct an entry. The state of what is given back says whether it
    was done at once or waits for the office, as everything does while the entries are locked."""
    with writing() as session:
        entry_locks.hold(session)
        entry = open_entry(session, entry_id)
        return ask_in(session, entry, kind, wanted, reason=reason, actor_id=actor_id)


def ask_in(
    session: Session,
    entry: Entry,
    kind: ChangeKind,
    wanted: dict[str, Any],
    *,
    reason: str,
    actor_id: int,
) -> ChangeRequest:
    """`ask` inside the caller's transaction, which holds the entries' locks."""
    body = checked(session, entry, kind, wanted)
    free = _is_free(session, entry, kind, now())
    if not free and not reason.strip():
        raise Refusal(
            "报名已截止或锁定，更改须说明理由，没有提交。请填写理由。",
            "Entries are closed or locked, so a change needs a reason; nothing was sent. Please"
            " write one.",
            status=422,
        )
    row = ChangeRequest(
        entry_id=entry.id,
        delegation_id=entry.delegation_id,
        kind=kind,
        wanted_sealed=vault().seal(SEALED_AS, json.dumps(body, ensure_ascii=False)),
        reason=reason.strip(),
        state=ChangeState.APPROVED if free else ChangeState.ASKED,
        asked_by=actor_id,
        asked_at=now(),
        decided_at=now() if free else None,
    )
    session.add(row)
    session.flush()
    said = {"entry": entry.id, "kind": str(kind), "at_once": free}
    _note(session, "change.ask", row, said, actor_id)
    if free:
        _carry_out(session, row, entry, body, actor_id)
    return row


def decide(request_id: int, approved: bool, *, answer: str, actor_id: int) -> None:
    """Approve a request, which applies it, or refuse it with a reason."""
    with writing() as session:
        row = _request(session, request_id)
        wanted_state = ChangeState.APPROVED if approved else ChangeState.REFUSED
        if row.state != ChangeState.ASKED:
            if row.state == wanted_state and row.decided_by == actor_id:
                return
            raise Refusal(
                "这个申请已经处理过或已撤回，什么都没有改变。",
                "This request was answered or taken back before; nothing was changed.",
            )
        if actor_id in separation.accounts_of(session, row.asked_by):
            raise Refusal(
                "您自己提出的申请须由另一人处理，什么都没有改变。",
                "You asked for this change, so somebody else decides; nothing was changed.",
                status=403,
            )
        if not approved and not answer.strip():
            raise Refusal(
                "没有写明拒绝的理由，什么都没有改变。领队会看到这条理由。",
                "No reason for refusing was given; nothing was changed. The team leader reads it.",
                status=422,
            )
        if row.kind == ChangeKind.ADD and approved:
            roster_import.alone(session)  # before the ledger is held, as an import does
        elif approved and row.entry is not None:
            touched = _touched(session, row.entry, ChangeKind(row.kind))
            entry_locks.require_open(session, *touched)
        row.state, row.answer = wanted_state, answer.strip()
        row.decided_by, row.decided_at = actor_id, now()
        _note(session, "change.decide", row, {"approved": approved}, actor_id)
        if row.kind == ChangeKind.ADD:
            _answer_adding(session, row, approved, actor_id)
        elif approved:
            entry = open_entry(session, row.entry_id or 0)
            kind = ChangeKind(row.kind)
            body = checked(session, entry, kind, opened(row))
            _carry_out(session, row, entry, body, actor_id)


def _carry_out(
    session: Session, row: ChangeRequest, entry: Entry, body: dict[str, Any], actor_id: int
) -> None:
    kind = ChangeKind(row.kind)
    people = [member.person_id for member in entry.members]
    apply(session, entry, kind, body)
    own = select(Member.entry_id).where(Member.person_id.in_(people))
    which = or_(Entry.id == entry.id, Entry.id.in_(own))  # who is corrected may be in others, too
    skills = entries_moved.skills_of(session, which)
    entries_moved.note(session, skills, subject=f"change:{row.id}", actor_id=actor_id)
    _judge_again(session, entry, kind, actor_id)


def _answer_adding(session: Session, row: ChangeRequest, approved: bool, actor_id: int) -> None:
    wanted = opened(row)
    if approved:
        entry_adding.apply(session, row, wanted, actor_id)
    entry_adding.forget(row, wanted)


def take_back(request_id: int, *, actor_id: int) -> None:
    """Take a request back that nobody has answered; again changes nothing."""
    with writing() as session:
        row = _request(session, request_id)
        if row.state == ChangeState.TAKEN_BACK:
            return
        if row.state != ChangeState.ASKED:
            raise Refusal(
                "这个申请已经处理，不能撤回。",
                "This request was answered; it cannot be taken back.",
            )
        row.state, row.decided_at = ChangeState.TAKEN_BACK, now()
        if row.kind == ChangeKind.ADD:
            entry_adding.forget(row, opened(row))
        _note(session, "change.take_back", row, {}, actor_id)


def opened(row: ChangeRequest) -> dict[str, Any]:
    """What a request wants, opened with the identity key."""
    wanted: dict[str, Any] = json.loads(vault().open(SEALED_AS, row.wanted_sealed))
    return wanted


def of_delegation(session: Session, delegation_id: int) -> list[Request]:
    """Every request of a delegation, the newest first."""
    return _requests(session, ChangeRequest.delegation_id == delegation_id)[::-1]


def these(session: Session, ids: Sequence[int]) -> list[Request]:
    """Some requests, in the order in which they are named."""
    found = {one.row.id: one for one in _requests(session, ChangeRequest.id.in_(ids))}
    return [found[one] for one in ids if one in found]


def waiting_of(session: Session, entry_id: int, kind: ChangeKind) -> list[ChangeRequest]:
    """Requests of a kind for an entry that nobody has answered."""
    asked = select(ChangeRequest).where(
        ChangeRequest.entry_id == entry_id,
        ChangeRequest.kind == kind,
        ChangeRequest.state == ChangeState.ASKED,
    )
    return list(session.scalars(asked.order_by(ChangeRequest.id)))


def free_kinds(session: Session, entry: Entry) -> set[ChangeKind]:
    """What may be changed of an entry without asking."""
    return {kind for kind in ChangeKind if _is_free(session, entry, kind, now())}


def _is_free(session: Session, entry: Entry, kind: ChangeKind, at: datetime) -> bool:
    """While the entries are not locked: before the stage's deadline everything is, a substitution
    until the skill's own date too. A date that is not set never passes."""
    touched = _touched(session, entry, kind)
    if any(one.is_locked for one in entry_locks.standings(session, at, touched).values()):
        return False
    stage = session.get(Stage, entry.stage_id) if entry.stage_id else None
    if stage is None or stage.entries_until is None or at < stage.entries_until:
        return True
    if kind is not ChangeKind.SUBSTITUTE:
        return False
    rules = skill_rules.current(session, entry.skill_id)
    if rules and rules.substitute_until and at.date() <= rules.substitute_until:
        return True
    return stage.substitutions_until is not None and at < stage.substitutions_until


def _touched(session: Session, entry: Entry, kind: ChangeKind) -> list[int]:
    """The skills whose entries a change concerns: a correction of people, also their others."""
    if kind is not ChangeKind.CHANGE:
        return [entry.skill_id]
    people = [member.person_id for member in entry.members]
    others = (
        select(Entry.skill_id)
        .join(Member, Member.entry_id == Entry.id)
        .where(Member.person_id.in_(people), Entry.state != EntryState.WITHDRAWN)
    )
    return sorted({entry.skill_id, *session.scalars(others)})


def _judge_again(session: Session, entry: Entry, kind: ChangeKind, actor_id: int) -> None:
    """An approved entry that was changed is judged anew, unless only answers were; without rules
    there is nothing to say."""
    if entry.state == EntryState.APPROVED and kind is not ChangeKind.ANSWERS:
        entry.state = EntryState.ENTERED
    eligibility.judge_in(session, entry.skill_id, actor_id)


def open_entry(session: Session, entry_id: int) -> Entry:
    """An entry that may still change: it stands, and work has not begun."""
    entry = session.get(
        Entry, entry_id, options=[selectinload(Entry.members).joinedload(Member.person)]
    )
    if entry is None:
        raise Refusal(
            "没有这个报名，什么都没有改变。", "No such entry; nothing was changed.", status=404
        )
    if any(one.started_at for one in clocks.periods(session, entry.skill_id)):
        raise Refusal(
            "该赛项已经开赛，报名不能再更改。特殊情况请联系裁判长。",
            "Work has begun in this skill; its entries stay as they are. Ask the chief judge.",
        )
    if entry.state == EntryState.WITHDRAWN:
        raise Refusal(
            "这个报名已经退出，什么都没有改变。", "This entry was withdrawn; nothing was changed."
        )
    return entry


def _request(session: Session, request_id: int) -> ChangeRequest:
    row = session.get(ChangeRequest, request_id)
    if row is None:
        raise Refusal("没有这个申请。", "There is no such request.", status=404)
    return row


def _requests(session: Session, which: Any) -> list[Request]:  # noqa: ANN401 - a condition
    rows = session.scalars(
        select(ChangeRequest)
        .where(which)
        .order_by(ChangeRequest.id)
        .options(
            joinedload(ChangeRequest.entry).joinedload(Entry.skill),
            joinedload(ChangeRequest.entry).selectinload(Entry.members).joinedload(Member.person),
            joinedload(ChangeRequest.delegation),
        )
    ).all()
    ids = {one for row in rows for one in (row.asked_by, row.decided_by) if one is not None}
    named = select(Account.id, Account.label).where(Account.id.in_(ids))
    labels = {row.id: row.label for row in session.execute(named)}
    return [
        Request(row, opened(row), labels.get(row.asked_by, ""), labels.get(row.decided_by or 0, ""))
        for row in rows
    ]


def _note(
    session: Session, act: str, row: ChangeRequest, body: dict[str, Any], actor_id: int
) -> None:
    subject = f"change:{row.id}"
    ledger.append(session, act=act, subject=subject, body=body, actor_id=actor_id)
