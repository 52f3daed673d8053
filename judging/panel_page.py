"""Read: what the chief judge's page of panels shows. Plain values, judges by their labels.

Conflicts are counted by kind and never tied to a code: whoever directs a blind skill must not learn
from this page whose code it is (decisions 1).
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import conflicts, declarations, judge_register
from competition.models import Account, Declaration, Entry, Grant, Role, Skill
from competition.moment import now
from competition.rules.conflicts import WORDS, Tie, counted
from judging import appointing, conflict_notes, seats
from judging.models import ConflictOverride, PanelSeat, Recusal
from judging.rules.appointing import Appointed, Unmet
from judging.rules.panels import SUPERVISOR, PanelRule

Plain = dict[str, Any]


def read(session: Session, skill: Skill) -> Plain:
    """The panels, who can sit on them, who stands aside, and what waits for a decision."""
    rule = seats.rule(session, skill.id)
    rows = list(
        session.scalars(
            select(PanelSeat).where(PanelSeat.skill_id == skill.id).order_by(PanelSeat.id)
        )
    )
    granted = [judge for judge, held in seats.granted(session, skill.id) if held]
    recusals = _recusals(session, skill.id)
    late = conflict_notes.late(session, skill.id)
    everybody = {*granted, *(row.judge_id for row in rows), *(row["judge_id"] for row in recusals)}
    labels = names(session, everybody)
    sheets = appointing.sheets_of(session, skill.id)
    teams = [sheet for sheet in sheets if any(row.sheet == sheet for row in rows)]
    for row in recusals:
        row["judge"] = labels.get(row["judge_id"], "")
    return {
        "rule": rule,
        "panels": [_panel(sheet, rows, rule, labels) for sheet in ("", *teams)],
        "unappointed": not any(row.sheet == "" and row.until is None for row in rows),
        "without_team": [sheet for sheet in sheets if sheet not in teams],
        "sheets": sheets,
        "judges": _judges(session, skill, granted, rows, labels),
        "chiefs": _chiefs(session, skill),
        "recusals": recusals,
        "late": [
            {"judge_id": one.judge, "judge": labels.get(one.judge, ""), "marks": one.marks,
             "works": one.works}
            for one in late
        ],
        "past": [_past(row, labels) for row in rows if row.until is not None],
    }  # fmt: skip


def names(session: Session, accounts: Collection[int]) -> dict[int, str]:
    """What judges are called."""
    rows = session.execute(select(Account.id, Account.label).where(Account.id.in_(accounts)))
    return {row[0]: row[1] for row in rows}


def _panel(
    sheet: str, rows: Collection[PanelSeat], rule: PanelRule, labels: Mapping[int, str]
) -> Plain:
    own = [row for row in rows if row.sheet == sheet]
    sitting = {row.chair: row for row in own if row.until is None}
    whole = {row.chair for row in rows if row.sheet == "" and row.until is None}
    stands_in = rule.supervisor and SUPERVISOR in {*sitting, *whole}
    judges = len(set(sitting) - {SUPERVISOR}) + stands_in
    numbers = {*range(1, rule.size + 1), *sitting} - {SUPERVISOR}
    chairs = sorted(numbers) + ([SUPERVISOR] if rule.supervisor or 0 in sitting else [])
    return {
        "sheet": sheet,
        "too_many": max(0, len(set(sitting) - {SUPERVISOR}) - rule.size),
        "judges": judges,
        "too_few": bool(own) and judges < rule.fewest,
        "chairs": [
            {
                "number": chair,
                "seat": row.id if (row := sitting.get(chair)) else None,
                "judge": labels.get(row.judge_id, "") if row else "",
                "since": row.appointed_at if row else None,
                "seed": row.seed if row else "",
            }
            for chair in chairs
        ],
    }


def _past(row: PanelSeat, labels: Mapping[int, str]) -> Plain:
    return {
        "judge": labels.get(row.judge_id, ""), "sheet": row.sheet, "chair": row.chair,
        "since": row.appointed_at, "until": row.ended_at, "reason": row.end_reason,
        "seed": row.end_reason.removeprefix(appointing.BY_DRAW)
        if row.end_reason.startswith(appointing.BY_DRAW)
        else "",
    }  # fmt: skip


def _judges(
    session: Session,
    skill: Skill,
    granted: Collection[int],
    rows: Collection[PanelSeat],
    labels: Mapping[int, str],
) -> list[Plain]:
    found = conflicts.of_skill(session, skill.id, granted)
    overrides = _overrides(session, skill.id)
    told = _declared(session, skill.id)
    records = judge_register.of_accounts(session, granted)
    fit = {one.judge: one for one in appointing.candidates(session, skill.id)}
    out = []
    for judge in sorted(granted, key=lambda one: labels.get(one, "")):
        own, excused = found[judge], overrides.get(judge, {})
        record = records.get(judge)
        candidate = fit.get(judge)
        out.append(
            {
                "id": judge,
                "label": labels.get(judge, ""),
                "record": record,
                "ties": [
                    {"tie": tie.value, **words(tie), "works": works, "override": excused.get(tie)}
                    for tie, works in counted(own)
                ],
                "declared_at": told.get(judge),
                "seats": [row.sheet for row in rows if row.judge_id == judge and row.until is None],
                "able": candidate is not None,
                "fit": candidate is None or candidate.fit,
                "knows": candidate is None or candidate.knows,
            }
        )
    return out


def _chiefs(session: Session, skill: Skill) -> list[Plain]:
    """What binds the chief judges themselves: they decide on every work, so all may know of it."""
    rows = select(Grant.account_id).where(
        Grant.skill_id == skill.id, Grant.role == Role.CHIEF_JUDGE, Grant.held(now())
    )
    found = conflicts.of_skill(session, skill.id, list(session.scalars(rows)))
    labels = names(session, found)
    return [
        {
            "label": labels.get(chief, ""),
            "ties": [{**words(tie), "works": works} for tie, works in counted(own)],
        }
        for chief, own in found.items()
        if own
    ]


def words(tie: Tie) -> dict[str, str]:
    """A tie in both languages."""
    zh, en = WORDS[tie]
    return {"zh": zh, "en": en}


def _overrides(session: Session, skill_id: int) -> dict[int, dict[Tie, Plain]]:
    rows = session.scalars(
        select(ConflictOverride).where(
            ConflictOverride.skill_id == skill_id, ConflictOverride.until.is_(None)
        )
    )
    found: dict[int, dict[Tie, Plain]] = {}
    for row in rows:
        plain = {"id": row.id, "reason": row.reason, "at": row.at}
        found.setdefault(row.judge_id, {})[Tie(row.tie)] = plain
    return found


def _declared(session: Session, skill_id: int) -> dict[int, Any]:
    """Judge → when they last declared themselves."""
    rows = session.execute(
        select(Declaration.account_id, Declaration.at)
        .where(
            Declaration.skill_id == skill_id,
            Declaration.by == Declaration.account_id,
            Declaration.withdrawn_at.is_(None),
        )
        .order_by(Declaration.id)
    )
    return {row[0]: row[1] for row in rows}


def _recusals(session: Session, skill_id: int) -> list[Plain]:
    """What judges or the chief judge asked for by a code; what the system found is counted only."""
    rows = session.execute(
        select(Recusal, Entry.code)
        .outerjoin(Entry, Entry.id == Recusal.entry_id)
        .where(Recusal.skill_id == skill_id, Recusal.source != conflict_notes.SOURCE)
        .order_by(Recusal.id.desc())
    )
    return [
        {
            "id": row.id, "judge_id": row.judge_id, "work": code, "source": row.source,
            "reason": row.reason, "from_start": row.from_start, "at": row.at,
            "ended_at": row.ended_at, "end_reason": row.end_reason,
        }
        for row, code in rows
    ]  # fmt: skip


def drawn(found: Appointed, labels: Mapping[int, str]) -> Plain:
    """What a draw gives, and in words what it leaves to be desired."""
    sheets = dict.fromkeys(one.sheet for one in found.seats)
    return {
        "panels": [
            {
                "sheet": sheet,
                "chairs": [
                    {"number": one.chair, "judge": labels.get(one.judge, "")}
                    for one in found.seats
                    if one.sheet == sheet
                ],
            }
            for sheet in sheets
        ],
        "unmet": [_unmet(one, labels) for one in found.unmet],
    }


def _unmet(one: Unmet, labels: Mapping[int, str]) -> dict[str, str]:
    who, n = labels.get(one.judge or 0, ""), one.count
    zh, en = {
        "few": (f"缺 {n} 名裁判员，席位空着", f"{n} judges are lacking; the chairs stay empty"),
        "no_supervisor": ("没有人可任监督裁判", "Nobody is left to supervise"),
        "bound": (
            f"{who}对 {n} 件作品须回避，已没有更合适的人",
            f"{who} must stand aside from {n} works, and nobody better is left",
        ),
        "unfit": (f"{who}的聘期已过或已离库", f"The term of {who} is over, or they left"),
        "field": (f"该赛项不在{who}的专业领域内", f"The skill is not among the fields of {who}"),
        "twice": (
            f"有 {n} 名裁判员来自同一代表团",
            f"{n} judges come from one delegation",
        ),
        "uncovered": (
            f"有 {n} 件作品须同时有两名以上裁判员回避",
            f"From {n} works two or more of the panel must stand aside",
        ),
    }[one.kind]
    where = one.sheet or "–"
    return {"zh": f"{where}：{zh}", "en": f"{where}: {en}"} if one.sheet else {"zh": zh, "en": en}


def undeclared(session: Session, skill_id: int) -> list[str]:
    """The judges of a skill who have declared nothing yet, by their labels."""
    told = _declared(session, skill_id)
    return [one.label for one in declarations.judges_of(session, skill_id) if one.id not in told]
