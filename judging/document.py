"""What a board says, computed from the rows: state, clock, progress, lines. It writes nothing.

Many skills are read at once, in as many queries as for one: while marks rain, the boards of all
skills that moved are computed together, several times a second.
"""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from competition import clocks
from competition.models import Delegation, Entry, Member, Person, Release, Skill, Zone
from competition.moment import iso, now
from judging import final_lines, finals, kept, lines, tallies
from judging.models import PublicBoard
from judging.rules import visibility
from judging.rules.scheme import two_decimals
from judging.rules.visibility import Policy, Shown

Plain = dict[str, Any]

_FACTS = (
    select(
        Skill.id,
        Skill.code,
        Skill.name_zh,
        Skill.name_en,
        Skill.sector_zh,
        Skill.sector_en,
        Skill.is_blind,
        Skill.release,
        Skill.release_delay,
        Skill.release_top,
        Skill.release_parts,
        Skill.release_aliases,
        Skill.locked_at,
        Skill.revision,
        func.coalesce(Zone.name_zh, "").label("zone_zh"),
        func.coalesce(Zone.name_en, "").label("zone_en"),
        func.coalesce(PublicBoard.sequence, 0).label("sequence"),
        func.coalesce(PublicBoard.digest, "").label("digest"),
    )
    .outerjoin(Zone, Zone.id == Skill.zone_id)
    .outerjoin(PublicBoard, PublicBoard.skill_id == Skill.id)
    .order_by(Skill.id)
)


@dataclass(frozen=True, slots=True)
class Document:
    """A public document without its sequence, the revision it was computed from, and what is
    stored: sequence 0 and no digest when nothing is."""

    skill_id: int
    revision: int
    body: Plain
    stored_sequence: int
    stored_digest: str


def documents(session: Session, skill_ids: Collection[int]) -> list[Document]:
    """The public documents of these skills as this transaction sees their rows."""
    skills = session.execute(_FACTS.where(Skill.id.in_(skill_ids))).all()
    time.sleep(0)  # gevent's own in the web process: marks are let in
    at = clocks.situations(session, skill_ids, now())
    levels = {
        row.id: visibility.shown(
            Policy(Release(row.release), row.locked_at is not None, at[row.id].working)
        )
        for row in skills
    }
    time.sleep(0)
    showing = [row for row in skills if levels[row.id] not in (Shown.NOTHING, Shown.AS_IT_WAS)]
    labels = public_labels(session, showing)
    out = []
    for row in skills:
        time.sleep(0)
        body = _frozen(session, row.id) if levels[row.id] is Shown.AS_IT_WAS else None
        if body is None:
            marks = _marks(session, row, levels[row.id], labels, started=at[row.id].started)
            body = {**_head(row, at[row.id]), **marks}
        out.append(Document(row.id, row.revision, body, row.sequence, row.digest))
    return out


def real(session: Session, skill: Skill) -> Plain:
    """The board as the chief judge may see it: everything settled, by the judges' codes."""
    row = session.execute(_FACTS.where(Skill.id == skill.id)).one()
    codes = session.execute(select(Entry.id, Entry.code).where(Entry.skill_id == skill.id))
    labels = {one.id: _label(one.code, one.code, one.code) for one in codes}
    marks = _marks(session, row, Shown.ALL, {skill.id: labels})
    at = clocks.situation(session, skill.id, now())
    return {**_head(row, at), **marks, "sequence": row.revision}


def official(session: Session, skill_ids: Collection[int]) -> dict[int, Plain]:
    """Locked skills as the public will read them once nothing keeps them back: every place, under
    public names, with sums by criterion where the skill shows them. Skill → document."""
    rows = [
        SimpleNamespace(**{**row._mapping, "release": Release.CONFIRMED, "release_top": None})
        for row in session.execute(_FACTS.where(Skill.id.in_(skill_ids)))
    ]
    at = clocks.situations(session, skill_ids, now())
    labels = public_labels(session, rows)
    return {
        row.id: {**_head(row, at[row.id]), **_marks(session, row, Shown.ALL, labels)}
        for row in rows
    }


def _frozen(session: Session, skill_id: int) -> Plain | None:
    """The stored document as it was when it froze; None when there is none yet."""
    body = session.scalar(select(PublicBoard.body).where(PublicBoard.skill_id == skill_id))
    if not body:
        return None
    same = {key: value for key, value in body.items() if key != "sequence"}
    return {**same, "state": "frozen", "release": Release.FROZEN.value}


def _head(skill: Any, situation: clocks.Situation) -> Plain:  # noqa: ANN401 - a row of _FACTS
    return {
        "skill": {
            "code": skill.code,
            "name_zh": skill.name_zh,
            "name_en": skill.name_en,
            "sector_zh": skill.sector_zh,
            "sector_en": skill.sector_en,
            "zone_zh": skill.zone_zh,
            "zone_en": skill.zone_en,
        },
        "state": visibility.state(
            started=situation.started,
            working=situation.working,
            paused=situation.paused,
            frozen=skill.release == Release.FROZEN,
            locked=skill.locked_at is not None,
        ),
        "release": "final" if skill.locked_at else skill.release,
        "delay": 0 if skill.locked_at else skill.release_delay,
        "top": skill.release_top,
        "clock": _clock(situation),
    }


def _clock(situation: clocks.Situation) -> dict[str, str | None] | None:
    if situation.starts_at is None:
        return None
    return {
        "starts_at": iso(situation.starts_at),
        "ends_at": iso(situation.ends_at),
        "paused_at": iso(situation.paused_at),
    }


def _marks(
    session: Session,
    skill: Any,  # noqa: ANN401 - a row of _FACTS
    level: Shown,
    labels: Mapping[int, Mapping[int, dict[str, str]]],
    *,
    started: bool = True,
) -> Plain:
    """The part of a document that depends on marks; nothing of them at all when hidden."""
    if level in (Shown.NOTHING, Shown.AS_IT_WAS):
        zh, en = _why_hidden(skill.release, started=started)
        hidden: Plain = {"message_zh": zh, "message_en": en}
        return {**hidden, "progress": None, "standings": [], "max": None}
    if level is not Shown.ALL and skill.release_delay:
        found = kept.late(session, skill.id, skill.release_delay, now())
    else:
        found = kept.whole(session, skill.id, skill.revision)
    visible = tallies.visible(found, level)
    sums = tallies.tallies(found, level)
    told = finals.facts(session, [skill.id])[skill.id] if _asks_facts(skill, level) else None
    if told is not None and skill.locked_at is not None:
        nameless = skill.is_blind or skill.release_aliases
        board = final_lines.board(found, told, sums, labels[skill.id], is_blind=nameless)
    else:
        board = {"standings": lines.provisional(labels[skill.id], sums, len(visible))}
    if told is not None and skill.release_parts:
        lines.add_parts(board, found, told, level, labels[skill.id])
    lines.finish(board, skill.release_top)
    return {
        "message_zh": "",
        "message_en": "",
        "progress": {
            "released": sum(tally.released for tally in sums.values()),
            "of": len(visible) * len(found.entries),
        },
        **board,
        "max": two_decimals(sum(aspect.max for aspect in visible)),
    }


def _asks_facts(skill: Any, level: Shown) -> bool:  # noqa: ANN401 - a row of _FACTS
    """Places of a locked skill come from its rules, sums by criterion from its scheme."""
    return bool(skill.release_parts) or (skill.locked_at is not None and level is Shown.ALL)


def _why_hidden(release: str, *, started: bool) -> tuple[str, str]:
    if not started:
        return "比赛还没有开始。", "The work has not begun yet."
    if release == Release.AUTOMATIC:
        return (
            "选手正在比赛，成绩在全部选手结束后显示。",
            "Competitors are at work; marks are shown when all have finished.",
        )
    return "该赛项的成绩暂不公布。", "The marks of this skill are not public yet."


def public_labels(
    session: Session,
    skills: Collection[Any],  # rows of _FACTS
) -> dict[int, dict[int, dict[str, str]]]:
    """How each entry is named in public, by skill. A blind skill's names are not even read."""
    out: dict[int, dict[int, dict[str, str]]] = {row.id: {} for row in skills}
    blind = [row.id for row in skills if row.is_blind or row.release_aliases]
    found = select(Entry.skill_id, Entry.id, Entry.alias)
    for skill, entry, alias in session.execute(found.where(Entry.skill_id.in_(blind))):
        out[skill][entry] = _label(alias, f"选手 {alias}", f"Competitor {alias}")
    opened = [row.id for row in skills if row.id not in blind]
    named = (
        found.add_columns(Delegation.name_zh, Delegation.name_en, Person.name)
        .join(Delegation, Delegation.id == Entry.delegation_id)
        .outerjoin(Member, Member.entry_id == Entry.id)
        .outerjoin(Person, Person.id == Member.person_id)
        .where(Entry.skill_id.in_(opened))
        .order_by(Member.id)
    )
    for skill, entry, alias, zh, en, name in session.execute(named) if opened else ():
        before = out[skill].get(entry)
        names = f"{before['label_zh']}、{name}" if before else name or ""
        delegation = {"delegation_zh": zh, "delegation_en": en}
        out[skill][entry] = _label(alias, names, names) | delegation
    return out


def _label(key: str, zh: str, en: str) -> dict[str, str]:
    return {"key": key, "label_zh": zh, "label_en": en}
