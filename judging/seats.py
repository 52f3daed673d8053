"""Read: the panels of a skill, as the rules of votes need them.

Where nobody has been appointed, all who hold a judge's grant sit, one on each chair. An appointment
opens nothing by itself: whose grant has ended has left the seat.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import String as Text
from sqlalchemy import bindparam, cast, func, literal, select
from sqlalchemy.orm import Session

from competition import skill_rules
from competition.models import Grant, LedgerRow, Role
from competition.prepared import Prepared
from competition.rules.skill_rules import SkillRules
from judging.models import Observation, PanelSeat, Recusal
from judging.rules.panels import Panel, PanelRule, Seat
from judging.rules.teams import Aside, Panels, appointed

_grant = Grant.__table__.c
_GRANTED = Prepared(
    select(_grant.account_id, _grant.ended_at)
    .where(_grant.skill_id == bindparam("skill"), _grant.role == Role.JUDGE)
    .order_by(_grant.id)
)

Granted = tuple[tuple[int, bool], ...]


def granted(session: Session, skill_id: int) -> Granted:
    """Who holds or held a judge's grant in a skill, in the order of the first, and whether still.

    Only acts of the skill's ledger change either: a duty whose time runs out is in it until that
    is noted (`grants.note_ends`), so that no mark moves without an act.
    """
    rows = list(_GRANTED.rows(session, {"skill": skill_id}))
    held = {judge for judge, ended_at in rows if ended_at is None}
    return tuple((judge, judge in held) for judge in dict.fromkeys(judge for judge, _ in rows))


def granted_all(session: Session, skill_ids: Collection[int]) -> dict[int, Granted]:
    """Skill → `granted`, in one query."""
    rows = session.execute(
        select(Grant.skill_id, Grant.account_id, Grant.ended_at)
        .where(Grant.skill_id.in_(skill_ids), Grant.role == Role.JUDGE)
        .order_by(Grant.id)
    )
    held: dict[int, dict[int, bool]] = {one: {} for one in skill_ids}
    for skill, judge, ended_at in rows:
        if skill is not None:
            held[skill][judge] = held[skill].get(judge, False) or ended_at is None
    return {skill: tuple(own.items()) for skill, own in held.items()}


def read(session: Session, skill_id: int, judges: Granted | None = None) -> Panels:
    """The panels of a skill with their rule. `judges`: `granted`, read before."""
    own = granted(session, skill_id) if judges is None else judges
    return read_all(session, {skill_id: own})[skill_id]


def read_all(session: Session, judges: Mapping[int, Granted]) -> dict[int, Panels]:
    """Skill → its panels, in as many queries as for one. `judges`: skill → `granted`."""
    left = [skill for skill, own in judges.items() if not all(held for _, held in own)]
    ends = _ends(session, left) if left else {}
    over = {
        skill: {judge: ends.get((skill, judge), 0) for judge, held in own if not held}
        for skill, own in judges.items()
    }
    rules = skill_rules.newest(session, judges)
    seats = _appointed(session, over)
    aside = _aside(session, judges)
    return {
        skill: _panels(own, over[skill], rules.get(skill, (0, None))[1], seats[skill], aside[skill])
        for skill, own in judges.items()
    }


def _panels(
    judges: Granted,
    over: Mapping[int, int],
    rules: SkillRules | None,
    seats: dict[str, list[Seat]],
    aside: tuple[Aside, ...],
) -> Panels:
    everybody = tuple(
        Seat(judge, chair, 0, over.get(judge)) for chair, (judge, _) in enumerate(judges, start=1)
    )
    fallback = Panel(_rule(rules, len(judges) - len(over)), everybody)
    if not seats:
        return Panels(fallback, {}, aside)
    own = _rule(rules)
    whole = appointed(fallback, seats.pop("", ()), own)
    teams = {sheet: appointed(whole, theirs, own) for sheet, theirs in seats.items()}
    return Panels(whole, teams, aside)


def _appointed(
    session: Session, over: Mapping[int, Mapping[int, int]]
) -> dict[int, dict[str, list[Seat]]]:
    """Skill → the code of a sub-criterion, "" for the whole skill → its appointments."""
    rows = session.scalars(
        select(PanelSeat).where(PanelSeat.skill_id.in_(over)).order_by(PanelSeat.id)
    )
    found: dict[int, dict[str, list[Seat]]] = {one: {} for one in over}
    for row in rows:
        ends = [end for end in (row.until, over[row.skill_id].get(row.judge_id)) if end is not None]
        seat = Seat(row.judge_id, row.chair, row.since, min(ends) if ends else None)
        found[row.skill_id].setdefault(row.sheet, []).append(seat)
    return found


def _aside(session: Session, skill_ids: Collection[int]) -> dict[int, tuple[Aside, ...]]:
    columns = (Recusal.judge_id, Recusal.entry_id, Recusal.since, Recusal.until, Recusal.from_start)
    rows = session.execute(
        select(Recusal.skill_id, *columns)
        .where(Recusal.skill_id.in_(skill_ids))
        .order_by(Recusal.id)
    )
    found: dict[int, tuple[Aside, ...]] = dict.fromkeys(skill_ids, ())
    for row in rows:
        found[row[0]] += (Aside(*row[1:]),)
    return found


def last_observation(session: Session, skill_id: int) -> int:
    """The newest observation of a skill, 0 without any: what begins now begins after it."""
    newest = select(func.max(Observation.id)).where(Observation.skill_id == skill_id)
    return session.scalar(newest) or 0


def rule(session: Session, skill_id: int) -> PanelRule:
    """How the panel of a skill votes."""
    return _rule(skill_rules.current(session, skill_id))


def _rule(rules: SkillRules | None, size: int | None = None) -> PanelRule:
    """For a panel of `size` judges, or as many as the rules want."""
    if rules is None:
        return PanelRule(3 if size is None else size)
    return PanelRule(
        rules.panel if size is None else size, rules.trim, rules.supervisor, rules.widest_spread
    )


def _ends(session: Session, skill_ids: Collection[int]) -> dict[tuple[int, int], int]:
    """Skill and judge → the last observation of the skill before the end of their grant was
    noted."""
    last = (
        select(func.max(Observation.id))
        .where(Observation.skill_id == Grant.skill_id, Observation.at <= LedgerRow.at)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Grant.skill_id, Grant.account_id, func.coalesce(last, 0))
        .join(LedgerRow, LedgerRow.subject == literal("grant:").concat(cast(Grant.id, Text)))
        .where(
            Grant.skill_id.in_(skill_ids),
            Grant.role == Role.JUDGE,
            LedgerRow.skill_id == Grant.skill_id,
            LedgerRow.act.in_(("grant.end", "grant.run_out")),
        )
        .order_by(LedgerRow.number)
    )
    return {(skill, judge): number for skill, judge, number in rows if skill is not None}
