"""Read: what is amiss with the panels of skills, of all 64 in as many queries as of one; whether
recusals and declarations are what the ledger notes of them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from competition import conflicts, declarations
from competition.models import (
    Account,
    Declaration,
    Entry,
    EntryState,
    Grant,
    JudgeRecord,
    LedgerRow,
    Member,
    Person,
    Role,
)
from competition.moment import now
from judging import conflict_notes
from judging.models import Observation, PanelSeat, Recusal
from judging.rules.panels import SUPERVISOR

DEFAULT_PANEL = 3  # chairs, where a skill has no rules yet


@dataclass(frozen=True, slots=True)
class PanelFacts:
    """What preflight asks of a skill's panels."""

    supervisors: int = 0
    chairs_empty: int = 0
    undeclared: int = 0
    declarations_open: int = 0
    marks_late: int = 0
    chief_bound: int = 0


def of_skills(
    session: Session, ids: Sequence[int], sizes: Mapping[int, int]
) -> dict[int, PanelFacts]:
    """Skill → its facts. `sizes`: the chairs that the rules of each want."""
    seats = _seats(session, ids)
    undeclared = _counted(session, _undeclared(ids))
    late = _counted(session, _late(ids))
    bound = _counted(session, _chief_bound(ids))
    opened = Counter(one.skill_id for one in conflicts.waiting(session, ids))
    return {
        one: PanelFacts(
            supervisors=sum(SUPERVISOR in chairs for chairs in seats[one].values()),
            chairs_empty=sum(
                max(0, sizes.get(one, DEFAULT_PANEL) - len(chairs - {SUPERVISOR}))
                for chairs in seats[one].values()
            ),
            undeclared=undeclared.get(one, 0),
            declarations_open=opened[one],
            marks_late=late.get(one, 0),
            chief_bound=bound.get(one, 0),
        )
        for one in ids
    }


def _seats(session: Session, ids: Sequence[int]) -> dict[int, dict[str, set[int]]]:
    """Skill → panel → the chairs that are taken; panels that were never appointed are not in it."""
    found: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    rows = session.execute(
        select(PanelSeat.skill_id, PanelSeat.sheet, PanelSeat.chair, PanelSeat.until).where(
            PanelSeat.skill_id.in_(ids)
        )
    )
    for skill, sheet, chair, until in rows:
        own = found[skill][sheet]
        if until is None:
            own.add(chair)
    return found


def _undeclared(ids: Sequence[int]) -> Select[int | None, int]:
    told = exists().where(
        Declaration.skill_id == Grant.skill_id,
        Declaration.account_id == Grant.account_id,
        Declaration.by == Grant.account_id,
        Declaration.withdrawn_at.is_(None),
    )
    return (
        select(Grant.skill_id, func.count(Grant.account_id.distinct()))
        .join(Account, Account.id == Grant.account_id)
        .where(
            Grant.skill_id.in_(ids), Grant.role == Role.JUDGE, Grant.held(now()),
            Account.active.is_(True), ~told,
        )
        .group_by(Grant.skill_id)
    )  # fmt: skip


def _late(ids: Sequence[int]) -> Select[int | None, int]:
    """The judges whose marks from before a conflict was found wait for a decision."""
    marked = exists().where(
        and_(
            Observation.judge_id == Recusal.judge_id,
            Observation.entry_id == Recusal.entry_id,
            Observation.id <= Recusal.since,
            Observation.state == "taken",
        )
    )
    return (
        select(Recusal.skill_id, func.count(Recusal.judge_id.distinct()))
        .where(
            Recusal.skill_id.in_(ids), Recusal.source == conflict_notes.SOURCE,
            Recusal.until.is_(None), Recusal.by.is_(None), Recusal.from_start.is_(False), marked,
        )
        .group_by(Recusal.skill_id)
    )  # fmt: skip


def _chief_bound(ids: Sequence[int]) -> Select[int | None, int]:
    """The works of a chief judge's own delegation, school or company. A judge stands aside from
    such a work; a chief judge decides on all of them, so it must be seen beforehand."""
    chief = aliased(Person)
    same_place = exists().where(
        Member.entry_id == Entry.id,
        Person.id == Member.person_id,
        Person.affiliation_id == chief.affiliation_id,
    )
    return (
        select(Grant.skill_id, func.count(Entry.id.distinct()))
        .join(Account, Account.id == Grant.account_id)
        .join(chief, chief.id == Account.person_id)
        .outerjoin(JudgeRecord, JudgeRecord.person_id == chief.id)
        .join(Entry, Entry.skill_id == Grant.skill_id)
        .where(
            Grant.skill_id.in_(ids), Grant.role == Role.CHIEF_JUDGE, Grant.held(now()),
            Entry.state != EntryState.WITHDRAWN,
            (Entry.delegation_id == JudgeRecord.delegation_id) | same_place,
        )
        .group_by(Grant.skill_id)
    )  # fmt: skip


def _counted(session: Session, asked: Select[int | None, int]) -> dict[int, int]:
    return {skill: count for skill, count in session.execute(asked) if skill is not None}


@dataclass(frozen=True, slots=True)
class Broken:
    """A recusal or declaration that is not what the ledger says of it, in both languages."""

    zh: str
    en: str


def against_ledger(session: Session, skill_id: int) -> list[Broken]:
    """Compare every recusal and declaration of a skill with its seal in the ledger."""
    told: dict[tuple[str, int], str] = {}
    acts = select(LedgerRow.body).where(
        LedgerRow.skill_id == skill_id,
        LedgerRow.act.like("recusal.%") | LedgerRow.act.like("conflict%"),
    )
    for body in session.scalars(acts.order_by(LedgerRow.number)):
        for one in (body, *body.get("began", ()), *body.get("ended", ())):
            for kind in ("recusal", "declaration"):
                if kind in one and "seal" in one:
                    told[kind, int(one[kind])] = one["seal"]
    rows = [
        *(("recusal", row.id, conflict_notes.seal(row)) for row in session.scalars(
            select(Recusal).where(Recusal.skill_id == skill_id).order_by(Recusal.id))),
        *(("declaration", row.id, declarations.seal(row)) for row in session.scalars(
            select(Declaration).where(Declaration.skill_id == skill_id).order_by(Declaration.id))),
    ]  # fmt: skip
    zh = {"recusal": "回避记录", "declaration": "申报"}
    found = [
        Broken(f"{zh[kind]} {number} 与台账不符", f"{kind} {number} is not what the ledger notes")
        for kind, number, seal in rows
        if told.pop((kind, number), None) != seal
    ]
    return found + [
        Broken(f"{zh[kind]} {number} 在台账中有，在数据库中没有",
               f"{kind} {number} is in the ledger and not in the database")
        for kind, number in told
    ]  # fmt: skip
