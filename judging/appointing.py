"""The verbs of panels: appoint a judge to a chair, end a seat, replace a judge in the middle, and
draw whole panels by rule.

A seat begins after the newest observation of the skill and ends after another: what a judge gave
while they sat stays theirs. Whoever is appointed holds a judge's grant of the skill; that is the
office's to give.
"""

from collections import Counter
from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from competition import judge_register, ledger, separation
from competition.database import writing
from competition.models import Role, Skill
from competition.moment import now
from competition.technical import today
from judging import conflict_notes, on_duty, seats
from judging.aspects import aspects_of
from judging.models import Observation, PanelSeat
from judging.open_panel import by_chief, refused
from judging.open_panel import reason as because
from judging.rules.appointing import Appointed, Candidate, Chosen, Team
from judging.rules.appointing import appoint as by_rule
from judging.rules.panels import SUPERVISOR

LONGEST_SEED = 64
BY_DRAW = "抽签 draw "  # before the seed, in the reason of a seat that a draw ended


def appoint(skill_id: int, sheet: str, chair: int, judge_id: int, *, actor_id: int) -> int:
    """Put a judge on an empty chair of a panel; gives the seat's id. Twice is once."""
    with writing() as session:
        by_chief(session, skill_id, actor_id)
        row = _appoint(session, skill_id, Chosen(sheet, chair, judge_id), actor_id)
        conflict_notes.note_in(session, skill_id, actor_id)
        return row.id


def end(seat_id: int, *, reason: str, actor_id: int) -> None:
    """A judge leaves a chair; what they gave stays. Twice changes nothing."""
    why = because(reason)
    with writing() as session:
        row = _seat(session, seat_id)
        by_chief(session, row.skill_id, actor_id)
        _end(session, row, why, actor_id)


def replace(seat_id: int, judge_id: int, *, reason: str, actor_id: int) -> int:
    """Another judge takes a chair from this moment on; gives the new seat's id. The first judge's
    marks stay and are not asked for again."""
    why = because(reason)
    with writing() as session:
        row = _seat(session, seat_id)
        by_chief(session, row.skill_id, actor_id)
        if row.until is None:
            _end(session, row, why, actor_id)
        new = _appoint(session, row.skill_id, Chosen(row.sheet, row.chair, judge_id), actor_id)
        conflict_notes.note_in(session, row.skill_id, actor_id)
        return new.id


def draw(skill_id: int, sheets: Sequence[str], seed: str, *, actor_id: int) -> Appointed:
    """Fill whole panels by rule. Only before the first mark: then one seat after the other is a
    person's decision."""
    seed = " ".join(seed.replace("\x00", "").split())[:LONGEST_SEED]
    if not seed:
        raise refused("请先公布抽签种子", "Publish a seed first")
    with writing() as session:
        by_chief(session, skill_id, actor_id)
        marked = select(Observation.id).where(
            Observation.skill_id == skill_id, Observation.source == "judge"
        )
        if session.scalar(marked.limit(1)) is not None:
            raise refused(
                "已经有裁判评过分，不能再整组抽签。请逐个任命或替换",
                "Judges have marked already, so whole panels are not drawn any more. Appoint or"
                " replace one by one",
            )
        found = propose(session, skill_id, sheets, seed)
        for row in session.scalars(_open_seats(skill_id).where(PanelSeat.sheet.in_(sheets))):
            _end(session, row, f"{BY_DRAW}{seed}", actor_id)
        for one in found.seats:
            row = _seated(session, skill_id, one, actor_id)
            row.seed = seed
        ledger.append(
            session,
            act="panel.draw",
            subject=f"skill:{skill_id}",
            body={
                "seed": seed,
                "sheets": list(sheets),
                "seats": [[one.sheet, one.chair, one.judge] for one in found.seats],
            },
            actor_id=actor_id,
            skill_id=skill_id,
        )
        conflict_notes.note_in(session, skill_id, actor_id)
        return found


def propose(session: Session, skill_id: int, sheets: Sequence[str], seed: str) -> Appointed:
    """What a draw with this seed would give; nothing is written."""
    rule = seats.rule(session, skill_id)
    known = sheets_of(session, skill_id)
    if not sheets or any(sheet and sheet not in known for sheet in sheets):
        raise refused("没有选择要任命的裁判组", "No panel was chosen")
    teams = [Team(sheet, rule.size, rule.supervisor) for sheet in sheets]
    return by_rule(teams, candidates(session, skill_id, sheets), seed)


def candidates(session: Session, skill_id: int, sheets: Collection[str] = ()) -> list[Candidate]:
    """Who can be appointed, with what the rule asks of them. `sheets`: panels whose present seats
    are no load, because they are filled anew."""
    judges = [judge for judge, held in seats.granted(session, skill_id) if held]
    free = [
        judge
        for judge in judges
        if separation.conflict_at_act(session, judge, Role.JUDGE, skill_id) is None
        and on_duty.is_on_duty(session, skill_id, judge)
    ]
    bound = conflict_notes.binding(session, skill_id, free)
    code = session.get_one(Skill, skill_id).code
    records = judge_register.of_accounts(session, free)
    load = Counter(
        judge
        for judge, skill, sheet in session.execute(
            select(PanelSeat.judge_id, PanelSeat.skill_id, PanelSeat.sheet).where(
                PanelSeat.judge_id.in_(free), PanelSeat.until.is_(None)
            )
        )
        if skill != skill_id or sheet not in sheets
    )
    day, found = today(), []
    for judge in free:
        record = records.get(judge)
        found.append(
            Candidate(
                judge,
                frozenset(entry for one, entry in bound if one == judge),
                fit=record is None
                or (record.left_at is None and (record.until is None or record.until >= day)),
                knows=record is None or not record.fields or code in record.fields,
                load=load[judge],
                delegation=record.delegation_id if record else None,
            )
        )
    return found


def sheets_of(session: Session, skill_id: int) -> tuple[str, ...]:
    """The codes of the sub-criteria that can have a team of their own, in the scheme's order."""
    return tuple(dict.fromkeys(one.sheet for one in aspects_of(session, skill_id)))


def _appoint(session: Session, skill_id: int, wanted: Chosen, actor_id: int) -> PanelSeat:
    sheet, chair, judge_id = wanted.sheet, wanted.chair, wanted.judge
    rule = seats.rule(session, skill_id)
    if sheet and sheet not in sheets_of(session, skill_id):
        raise refused(
            "评分表中没有这个评分子项", "The marking scheme has no such sub-criterion", 404
        )
    if chair not in range(rule.size + 1) or (chair == SUPERVISOR and not rule.supervisor):
        raise refused(
            f"按该赛项的规则，裁判组有 {rule.size} 席{'和一名监督裁判' if rule.supervisor else ''}",
            f"By the rules of this skill a panel has {rule.size} chairs"
            f"{' and a supervisor' if rule.supervisor else ''}",
        )
    _require_able(session, skill_id, judge_id)
    if not sheet:
        _keep_who_marks(session, skill_id, actor_id)
    standing = session.scalars(_open_seats(skill_id).where(PanelSeat.sheet == sheet)).all()
    for row in standing:
        if (row.chair, row.judge_id) == (chair, judge_id):
            return row
        if row.chair == chair:
            raise refused(
                "这一席已有人，请先结束或替换", "Somebody has this chair; end or replace first"
            )
        if row.judge_id == judge_id:
            raise refused("此人已在这个裁判组中", "This judge sits on this panel already")
    row = _seated(session, skill_id, wanted, actor_id)
    ledger.append(
        session,
        act="panel.appoint",
        subject=f"seat:{row.id}",
        body={"judge": judge_id, "sheet": sheet, "chair": chair, "since": row.since},
        actor_id=actor_id,
        skill_id=skill_id,
    )
    return row


def _require_able(session: Session, skill_id: int, judge_id: int) -> None:
    if not on_duty.is_on_duty(session, skill_id, judge_id):
        raise refused(
            "此人现在没有该赛项裁判员的权限，请秘书处先授权",
            "This person holds no judge's role of the skill now; ask the office to give it first",
        )
    apart = separation.conflict_at_act(session, judge_id, Role.JUDGE, skill_id)
    if apart is not None:
        raise refused(apart.zh, apart.en)


def _keep_who_marks(session: Session, skill_id: int, actor_id: int) -> None:
    """The first appointment of a skill that is being marked: whoever sat without one keeps the
    chair, so that nobody loses it by a colleague's appointment."""
    if seats.last_observation(session, skill_id) == 0 or session.scalar(
        select(func.count()).where(PanelSeat.skill_id == skill_id, PanelSeat.sheet == "")
    ):
        return
    kept = [
        _seated(session, skill_id, Chosen("", chair, judge), actor_id)
        for chair, (judge, held) in enumerate(seats.granted(session, skill_id), start=1)
        if held
    ]
    for row in kept:
        row.since = 0
    ledger.append(
        session,
        act="panel.keep",
        subject=f"skill:{skill_id}",
        body={"seats": [[row.chair, row.judge_id] for row in kept]},
        actor_id=actor_id,
        skill_id=skill_id,
    )


def _seated(session: Session, skill_id: int, wanted: Chosen, actor_id: int) -> PanelSeat:
    row = PanelSeat(
        skill_id=skill_id,
        sheet=wanted.sheet,
        judge_id=wanted.judge,
        chair=wanted.chair,
        since=seats.last_observation(session, skill_id),
        appointed_by=actor_id,
        appointed_at=now(),
    )
    session.add(row)
    session.flush()
    return row


def _end(session: Session, row: PanelSeat, why: str, actor_id: int) -> None:
    if row.until is not None:
        return
    row.until = seats.last_observation(session, row.skill_id)
    row.ended_by, row.ended_at, row.end_reason = actor_id, now(), why
    ledger.append(
        session,
        act="panel.end",
        subject=f"seat:{row.id}",
        body={"judge": row.judge_id, "sheet": row.sheet, "chair": row.chair, "until": row.until,
              "reason": why},
        actor_id=actor_id,
        skill_id=row.skill_id,
    )  # fmt: skip


def _open_seats(skill_id: int) -> Select[PanelSeat]:
    return select(PanelSeat).where(PanelSeat.skill_id == skill_id, PanelSeat.until.is_(None))


def _seat(session: Session, seat_id: int) -> PanelSeat:
    row = session.get(PanelSeat, seat_id)
    if row is None:
        raise refused("没有这一席", "There is no such seat", 404)
    return row
