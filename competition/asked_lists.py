"""The office's lists of what was asked: exceptions and change requests, narrowed, counted and paged
in SQL like the entries they speak of (`lists`).

What waits comes first, the oldest at the head; what is answered shows the newest at the head. A
request to add somebody has no entry yet: where a list is narrowed by what only entries say, the few
that wait are opened.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from competition import changes, lists
from competition.models import (
    Account,
    ChangeKind,
    ChangeRequest,
    ChangeState,
    Delegation,
    EligibilityException,
    Entry,
    Member,
    Skill,
    Zone,
)
from competition.privacy import vault
from competition.rules.eligibility import NAMES

Line = TypeVar("Line")
WAITING, ALL = "asked", "all"
EXCEPTION_STATES = (WAITING, "granted", "refused")
REQUEST_STATES = tuple(one.value for one in ChangeState)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a list is narrowed to; each empty field narrows nothing, but an empty `state` means what
    waits. `what` is a rule of eligibility, or a ChangeKind; the rest is as in `lists.Wish`."""

    skill: str = ""
    delegation: str = ""
    zone: str = ""
    words: str = ""
    what: str = ""
    state: str = ""

    def given(self) -> dict[str, str]:
        """What is narrowed, as a query for addresses."""
        return {name: text for name, text in asdict(self).items() if text}

    @property
    def of_entries(self) -> lists.Wish:
        """The part that entries answer, but for the delegation, which requests know themselves."""
        return lists.Wish(skill=self.skill, zone=self.zone, words=self.words)


def wish(given: Mapping[str, str], whats: Mapping[str, object], states: tuple[str, ...]) -> Wish:
    """A wish from an address; words of a choice that mean nothing are dropped."""
    found = Wish(
        **{name: given.get(name, "").replace("\x00", "").strip()[:100] for name in Wish.__slots__}
    )
    return replace(
        found,
        what=found.what if found.what in whats else "",
        state=found.state if found.state in (*states[1:], ALL) else "",
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """An exception as lists show it: whose, and who asked and answered."""

    row: EligibilityException
    entry: Entry
    asked_by: str
    answered_by: str


@dataclass(frozen=True, slots=True)
class Page(Generic[Line]):
    """Some lines of a list; `states` counts it by state before it is narrowed to one."""

    lines: list[Line]
    total: int
    number: int
    pages: int
    states: dict[str, int]


_GRANTED = {None: WAITING, True: "granted", False: "refused"}


def exceptions(session: Session, wanted: Wish, *, number: int, size: int | None) -> Page[Asked]:
    """A page of the exceptions, or with a size of None all of them."""
    which = _of_exceptions(wanted)
    counted = select(EligibilityException.is_granted, func.count()).where(*which)
    rows = session.execute(counted.group_by(EligibilityException.is_granted))
    states = {_GRANTED[row[0]]: row[1] for row in rows}
    own = {word: EligibilityException.is_granted.is_(is_) for is_, word in _GRANTED.items()}
    asker, answerer = aliased(Account), aliased(Account)
    found = (
        select(EligibilityException, Entry, asker.label, answerer.label)
        .join(Entry, Entry.id == EligibilityException.entry_id)
        .join(asker, asker.id == EligibilityException.asked_by)
        .outerjoin(answerer, answerer.id == EligibilityException.answered_by)
        .where(*which, *([] if wanted.state == ALL else [own[wanted.state or WAITING]]))
        .order_by(_newest_first(wanted, EligibilityException.id))
        .options(
            joinedload(Entry.skill),
            joinedload(Entry.delegation),
            selectinload(Entry.members).joinedload(Member.person),
        )
    )
    total, number, pages = _counted(states, wanted, number, size)
    lines = [
        Asked(row, entry, by, answered or "")
        for row, entry, by, answered in session.execute(_part(found, number, size))
    ]
    return Page(lines, total, number, pages, states)


def requests(
    session: Session, wanted: Wish, *, number: int, size: int | None
) -> Page[changes.Request]:
    """A page of the change requests, or with a size of None all of them."""
    which = _of_requests(session, wanted)
    counted = select(ChangeRequest.state, func.count()).where(*which)
    rows = session.execute(counted.group_by(ChangeRequest.state))
    states = {row[0]: row[1] for row in rows}
    own = [] if wanted.state == ALL else [ChangeRequest.state == (wanted.state or WAITING)]
    ids = (
        select(ChangeRequest.id)
        .where(*which, *own)
        .order_by(_newest_first(wanted, ChangeRequest.id))
    )
    total, number, pages = _counted(states, wanted, number, size)
    shown = session.scalars(_part(ids, number, size)).all()
    lines = changes.these(session, shown)
    return Page(lines, total, number, pages, states)


def _of_exceptions(wanted: Wish) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.what in NAMES:
        found.append(EligibilityException.rule == wanted.what)
    of_entries = lists.conditions(replace(wanted.of_entries, delegation=wanted.delegation), None)
    if of_entries:
        found.append(EligibilityException.entry_id.in_(select(Entry.id).where(*of_entries)))
    return found


def _of_requests(session: Session, wanted: Wish) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.what:
        found.append(ChangeRequest.kind == wanted.what)
    if wanted.delegation:
        own = select(Delegation.id).where(Delegation.code == wanted.delegation)
        found.append(ChangeRequest.delegation_id.in_(own))
    of_entries = lists.conditions(wanted.of_entries, None)
    if of_entries:
        theirs = ChangeRequest.entry_id.in_(select(Entry.id).where(*of_entries))
        found.append(or_(theirs, ChangeRequest.id.in_(_adding(session, wanted))))
    return found


def _adding(session: Session, wanted: Wish) -> list[int]:
    """The requests to add somebody whose sealed words fit the wish."""
    asked = select(ChangeRequest.id, ChangeRequest.wanted_sealed).where(
        ChangeRequest.kind == ChangeKind.ADD, ChangeRequest.entry_id.is_(None)
    )
    if wanted.delegation:
        own = select(Delegation.id).where(Delegation.code == wanted.delegation)
        asked = asked.where(ChangeRequest.delegation_id.in_(own))
    there = select(Skill.code).join(Zone).where(Zone.code == wanted.zone)
    of_zone = set(session.scalars(there)) if wanted.zone else set()
    safe, found = vault(), []
    for request_id, sealed in session.execute(asked):
        body = json.loads(safe.open(changes.SEALED_AS, sealed))
        told = " ".join(
            f"{one.get('name', '')} {one.get('affiliation', '')}" for one in body.get("rows", ())
        ).casefold()
        if (
            (not wanted.skill or body.get("skill") == wanted.skill)
            and (not wanted.zone or body.get("skill") in of_zone)
            and all(word.casefold() in told for word in wanted.words.split())
        ):
            found.append(request_id)
    return found


def _newest_first(wanted: Wish, column: Any) -> ColumnElement[int]:  # noqa: ANN401 - an id
    order: ColumnElement[int] = column.desc() if wanted.state else column.asc()
    return order


def _counted(
    states: Mapping[str, int], wanted: Wish, number: int, size: int | None
) -> tuple[int, int, int]:
    """How many there are, the page that is shown, and how many pages."""
    every = sum(states.values())
    total = every if wanted.state == ALL else states.get(wanted.state or WAITING, 0)
    number, pages = lists.paged(total, number, size or max(total, 1))
    return total, number, pages


def _part(asked: Any, number: int, size: int | None) -> Any:  # noqa: ANN401 - a Select
    return asked if size is None else asked.offset((number - 1) * size).limit(size)
