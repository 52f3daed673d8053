"""Read: the panels of a skill, as the rules of votes need them.

Where nobody has been appointed, all who hold a judge's grant sit, one on each chair. An appointment
opens nothing by itself: whose grant has ended has left the seat.
"""

from sqlalchemy import String as Text
from sqlalchemy import bindparam, cast, func, literal, select
from sqlalchemy.orm import Session

from competition import skill_rules
from competition.models import Grant, LedgerRow, Role
from competition.prepared import Prepared
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


def read(session: Session, skill_id: int, judges: Granted | None = None) -> Panels:
    """The panels of a skill with their rule. `judges`: `granted`, read before."""
    judges = granted(session, skill_id) if judges is None else judges
    ends = _ends(session, skill_id) if not all(held for _, held in judges) else {}
    over = {judge: ends.get(judge, 0) for judge, held in judges if not held}
    everybody = tuple(
        Seat(judge, chair, 0, over.get(judge)) for chair, (judge, _) in enumerate(judges, start=1)
    )
    fallback = Panel(rule(session, skill_id, len(judges) - len(over)), everybody)
    seats = _appointed(session, skill_id, over)
    if not seats:
        return Panels(fallback, {}, _aside(session, skill_id))
    own = rule(session, skill_id)
    whole = appointed(fallback, seats.pop("", ()), own)
    teams = {sheet: appointed(whole, theirs, own) for sheet, theirs in seats.items()}
    return Panels(whole, teams, _aside(session, skill_id))


def _appointed(session: Session, skill_id: int, over: dict[int, int]) -> dict[str, list[Seat]]:
    """The code of a sub-criterion, "" for the whole skill → its appointments."""
    rows = session.scalars(
        select(PanelSeat).where(PanelSeat.skill_id == skill_id).order_by(PanelSeat.id)
    )
    found: dict[str, list[Seat]] = {}
    for row in rows:
        ends = [end for end in (row.until, over.get(row.judge_id)) if end is not None]
        seat = Seat(row.judge_id, row.chair, row.since, min(ends) if ends else None)
        found.setdefault(row.sheet, []).append(seat)
    return found


def _aside(session: Session, skill_id: int) -> tuple[Aside, ...]:
    rows = session.execute(
        select(Recusal.judge_id, Recusal.entry_id, Recusal.since, Recusal.until, Recusal.from_start)
        .where(Recusal.skill_id == skill_id)
        .order_by(Recusal.id)
    )
    return tuple(Aside(*row) for row in rows)


def last_observation(session: Session, skill_id: int) -> int:
    """The newest observation of a skill, 0 without any: what begins now begins after it."""
    newest = select(func.max(Observation.id)).where(Observation.skill_id == skill_id)
    return session.scalar(newest) or 0


def rule(session: Session, skill_id: int, size: int | None = None) -> PanelRule:
    """How the panel of a skill votes; of `size` judges, or as many as its rules want."""
    rules = skill_rules.current(session, skill_id)
    if rules is None:
        return PanelRule(3 if size is None else size)
    return PanelRule(
        rules.panel if size is None else size, rules.trim, rules.supervisor, rules.widest_spread
    )


def _ends(session: Session, skill_id: int) -> dict[int, int]:
    """Judge → the last observation of the skill before the end of their grant was noted."""
    last = (
        select(func.max(Observation.id))
        .where(Observation.skill_id == skill_id, Observation.at <= LedgerRow.at)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Grant.account_id, func.coalesce(last, 0))
        .join(LedgerRow, LedgerRow.subject == literal("grant:").concat(cast(Grant.id, Text)))
        .where(
            Grant.skill_id == skill_id,
            Grant.role == Role.JUDGE,
            LedgerRow.skill_id == skill_id,
            LedgerRow.act.in_(("grant.end", "grant.run_out")),
        )
        .order_by(LedgerRow.number)
    )
    return {row[0]: row[1] for row in rows}
