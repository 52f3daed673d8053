"""Boards: read the marks, apply the rules, keep the one public document of a skill.

`publish` brings a skill's stored document up to date; its `sequence` rises only when the content
changed (decisions 3). Everything the public reads is that document, so HTML, JSON and sockets
cannot differ. Calling it often is harmless and cheap: nothing is computed while neither the
skill's revision nor its clock has moved.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from competition import clocks
from competition.database import db, writing
from competition.models import Entry, Release, Skill
from competition.moment import iso, now
from judging import cells
from judging.models import PublicBoard
from judging.rules import visibility
from judging.rules.scheme import two_decimals
from judging.rules.standings import standings
from judging.rules.visibility import Policy, Shown


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A stored public document: what is sent, its sequence and the tag that names it."""

    body: dict[str, Any]
    sequence: int

    @property
    def etag(self) -> str:
        return f"{self.body['skill']['code']}-{self.sequence}"


def snapshot(skill: Skill) -> Snapshot:
    """The public document of a skill, brought up to date first if something has moved."""
    stored = db.session.get(PublicBoard, skill.id)
    if stored is None or stored.revision != skill.revision:
        return publish(skill.id)
    return Snapshot(stored.body, stored.sequence)


def publish(skill_id: int) -> Snapshot:
    """Compute a skill's public document and store it if it differs from the stored one."""
    with writing() as session:
        skill = session.get(Skill, skill_id, options=[joinedload(Skill.zone)])
        assert skill is not None
        session.refresh(skill)
        stored = session.get(PublicBoard, skill_id)
        if stored is None:
            stored = PublicBoard(skill_id=skill_id, body={}, changed_at=now(), sequence=0)
            session.add(stored)
        body = _public(session, skill, stored)
        text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        digest = hashlib.sha256(text.encode()).hexdigest()
        stored.revision = skill.revision
        if digest != stored.digest:
            stored.digest = digest
            stored.sequence = (stored.sequence or 0) + 1
            stored.body = {**body, "sequence": stored.sequence}
            stored.changed_at = now()
        return Snapshot(stored.body, stored.sequence)


def _public(session: Session, skill: Skill, stored: PublicBoard) -> dict[str, Any]:
    """The public document without its sequence."""
    situation = clocks.situation(session, skill.id, now())
    level = visibility.shown(Policy(skill.release, skill.locked_at is not None, situation.working))
    if level is Shown.AS_IT_WAS and stored.body:
        kept = {key: value for key, value in stored.body.items() if key != "sequence"}
        return {**kept, "state": "frozen", "release": Release.FROZEN.value}
    marks = _marks(session, skill, level, started=situation.started)
    return {**_head(skill, situation), **marks}


def real(session: Session, skill: Skill) -> dict[str, Any]:
    """The board as the chief judge may see it: everything settled, by the judges' codes."""
    situation = clocks.situation(session, skill.id, now())
    document = _marks(session, skill, Shown.ALL, by_code=True)
    return {**_head(skill, situation), **document, "sequence": skill.revision}


def _head(skill: Skill, situation: clocks.Situation) -> dict[str, Any]:
    zone = skill.zone
    return {
        "skill": {
            "code": skill.code,
            "name_zh": skill.name_zh,
            "name_en": skill.name_en,
            "sector_zh": skill.sector_zh,
            "sector_en": skill.sector_en,
            "zone_zh": zone.name_zh if zone else "",
            "zone_en": zone.name_en if zone else "",
        },
        "state": visibility.state(
            started=situation.started,
            working=situation.working,
            paused=situation.paused,
            frozen=skill.release == Release.FROZEN,
            locked=skill.locked_at is not None,
        ),
        "release": "final" if skill.locked_at else skill.release,
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
    session: Session, skill: Skill, level: Shown, *, started: bool = True, by_code: bool = False
) -> dict[str, Any]:
    """The part of a document that depends on marks; nothing of them at all when hidden."""
    if level in (Shown.NOTHING, Shown.AS_IT_WAS):
        zh, en = _why_hidden(skill, started=started)
        hidden: dict[str, Any] = {"message_zh": zh, "message_en": en}
        return {**hidden, "progress": None, "standings": [], "max": None}
    found = cells.read(session, skill.id)
    visible = [
        aspect
        for aspect in found.aspects
        if level is not Shown.AUTOMATIC or (aspect.is_automatic and aspect.kind == "M")
    ]
    tallies = {entry: _tally(found, entry, visible, level) for entry in found.entries}
    return {
        "message_zh": "",
        "message_en": "",
        "progress": {
            "released": sum(tally.released for tally in tallies.values()),
            "of": len(visible) * len(found.entries),
        },
        "standings": _lines(_labels(session, skill, by_code=by_code), tallies, len(visible)),
        "max": two_decimals(sum(aspect.max for aspect in visible)),
    }


@dataclass(frozen=True, slots=True)
class Tally:
    """What is shown of one entry: hundredths, and from how many aspects."""

    total: int
    released: int


def _tally(found: cells.Cells, entry: int, visible: list[cells.AspectFacts], level: Shown) -> Tally:
    total = released = 0
    for aspect in visible:
        mark = found.marks[entry, aspect.id]
        if mark.value is not None and visibility.counts(
            level,
            kind=aspect.kind,
            is_automatic=aspect.is_automatic,
            settled=mark.settled,
            confirmed=(entry, aspect.sub_criterion_id) in found.confirmed,
            by_judge=bool(mark.source),
        ):
            total += mark.value
            released += 1
    return Tally(total, released)


def _lines(
    labels: dict[int, dict[str, str]], tallies: dict[int, Tally], of: int
) -> list[dict[str, Any]]:
    """The lines of a board. Who has nothing released yet stands below, without a place."""
    entry_of = {label["key"]: entry for entry, label in labels.items()}
    ranked = standings(
        (label["key"], tallies[entry].total)
        for entry, label in labels.items()
        if tallies[entry].released
    )
    order: list[tuple[str, int | None, bool]] = [
        (line.key, line.place, line.shared) for line in ranked
    ]
    placed = {line.key for line in ranked}
    order += [(key, None, False) for key in sorted(entry_of.keys() - placed)]
    lines = []
    for key, place, shared in order:
        entry = entry_of[key]
        label = {name: text for name, text in labels[entry].items() if name != "key"}
        tally = tallies[entry]
        line = {"place": place, "shared": shared, **label, "total": two_decimals(tally.total)}
        lines.append({**line, "released": tally.released, "of": of})
    return lines


def _why_hidden(skill: Skill, *, started: bool) -> tuple[str, str]:
    if not started:
        return "比赛还没有开始。", "The work has not begun yet."
    if skill.release == Release.AUTOMATIC:
        return (
            "选手正在比赛，成绩在全部选手结束后显示。",
            "Competitors are at work; marks are shown when all have finished.",
        )
    return "该赛项的成绩暂不公布。", "The marks of this skill are not public yet."


def _labels(session: Session, skill: Skill, *, by_code: bool) -> dict[int, dict[str, str]]:
    """How each entry is named on a board. A blind skill's names are not even read."""
    if by_code:
        rows = session.execute(select(Entry.id, Entry.code).where(Entry.skill_id == skill.id))
        return {
            row.id: {"key": row.code, "label_zh": row.code, "label_en": row.code} for row in rows
        }
    if skill.is_blind:
        rows = session.execute(select(Entry.id, Entry.alias).where(Entry.skill_id == skill.id))
        return {
            row.id: {
                "key": row.alias,
                "label_zh": f"选手 {row.alias}",
                "label_en": f"Competitor {row.alias}",
            }
            for row in rows
        }
    return _names(session, skill.id)


def _names(session: Session, skill_id: int) -> dict[int, dict[str, str]]:
    entries = session.scalars(
        select(Entry)
        .where(Entry.skill_id == skill_id)
        .options(joinedload(Entry.delegation), joinedload(Entry.members))
    ).unique()
    out = {}
    for entry in entries:
        names = "、".join(member.person.name for member in entry.members)
        out[entry.id] = {
            "key": entry.alias,
            "label_zh": names,
            "label_en": names,
            "delegation_zh": entry.delegation.name_zh,
            "delegation_en": entry.delegation.name_en,
        }
    return out


@dataclass(frozen=True, slots=True)
class Position:
    """Where a skill's public document stands: `board_revision` behind `revision` means stale."""

    skill_id: int
    code: str
    revision: int
    board_revision: int
    sequence: int


def positions() -> list[Position]:
    """The position of every skill, in one query."""
    rows = db.session.execute(
        select(
            Skill.id,
            Skill.code,
            Skill.revision,
            func.coalesce(PublicBoard.revision, -1),
            func.coalesce(PublicBoard.sequence, 0),
        )
        .outerjoin(PublicBoard, PublicBoard.skill_id == Skill.id)
        .order_by(Skill.id)
    )
    found = [Position(*row) for row in rows]
    db.session.rollback()  # the next look must see newer rows
    return found


def stored(skill_id: int) -> Snapshot:
    """The stored document as it is."""
    row = db.session.get_one(PublicBoard, skill_id, populate_existing=True)
    return Snapshot(row.body, row.sequence)


def all_bodies() -> list[dict[str, Any]]:
    """Every skill's public document, in the skills' order, stale ones brought up to date."""
    for position in positions():
        if position.board_revision != position.revision:
            publish(position.skill_id)
    return list(db.session.scalars(select(PublicBoard.body).order_by(PublicBoard.skill_id)))
