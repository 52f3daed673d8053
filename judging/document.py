"""What a board says, computed from the rows: state, clock, progress, lines. It writes nothing.

Many skills are read at once, in as many queries as for one: while marks rain, the boards of all
skills that moved are computed together, several times a second.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import clocks
from competition.models import Release, Skill
from competition.moment import iso, now
from competition.offload import Rest
from judging import board_facts, final_lines, finals, kept, lines, tallies
from judging.board_facts import FACTS, Labels, label, public_labels
from judging.cells import Cells
from judging.models import PublicBoard
from judging.rules import visibility
from judging.rules.scheme import two_decimals
from judging.rules.visibility import Policy, Shown

Plain = dict[str, Any]
_WITHOUT_MARKS = (Shown.NOTHING, Shown.AS_IT_WAS)


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
    stands, found = board_facts.read(session, skill_ids)
    at = {skill: one.plan.at(now()) for skill, one in found.items()}
    levels = {
        skill: visibility.shown(
            Policy(Release(one.facts.release), one.facts.locked_at is not None, at[skill].working)
        )
        for skill, one in found.items()
    }
    showing = [skill for skill in found if levels[skill] not in _WITHOUT_MARKS]
    board_facts.name(session, [found[skill] for skill in showing])
    labels = board_facts.labels_of(found)
    # Taken before the first rest: the writers go on, and only their last few versions are kept.
    late = {one for one in showing if _is_late(found[one].facts, levels[one])}
    cells = kept.whole_all(
        session, {one: stands[one].revision for one in showing if one not in late}
    )
    cells |= {one: kept.late(session, one, found[one].facts.release_delay, now()) for one in late}
    out, rest = [], Rest()
    for skill, one in found.items():
        rest.if_due()
        stand, level = stands[skill], levels[skill]
        body = _frozen(session, one.facts, at[skill]) if level is Shown.AS_IT_WAS else None
        if body is None:
            started = at[skill].started
            marks = _marks(session, one.facts, level, labels, cells.get(skill), started=started)
            body = {**_head(one.facts, at[skill]), **marks}
        out.append(Document(skill, stand.revision, body, stand.sequence, stand.digest))
    return out


def real(session: Session, skill: Skill) -> Plain:
    """The board as the chief judge may see it: everything settled and every place, by the judges'
    codes, however few the public is told."""
    row = _with(session.execute(FACTS.where(Skill.id == skill.id)).one(), release_top=None)
    cells = kept.whole(session, skill.id, row.revision)
    labels = {entry: label(code, code, code) for entry, code in cells.entries.items()}
    marks = _marks(session, row, Shown.ALL, {skill.id: labels}, cells)
    at = clocks.situation(session, skill.id, now())
    return {**_head(row, at, is_public=False), **marks, "sequence": row.revision}


def official(session: Session, skill_ids: Collection[int]) -> dict[int, Plain]:
    """Locked skills as the public will read them once nothing keeps them back: every place, under
    public names, with sums by criterion where the skill shows them. Skill → document."""
    rows = [
        _with(row, release=Release.CONFIRMED, release_top=None)
        for row in session.execute(FACTS.where(Skill.id.in_(skill_ids)))
    ]
    at = clocks.situations(session, skill_ids, now())
    labels = public_labels(session, rows)
    cells = kept.whole_all(session, {row.id: row.revision for row in rows})
    return {
        row.id: {
            **_head(row, at[row.id]),
            **_marks(session, row, Shown.ALL, labels, cells[row.id]),
        }
        for row in rows
    }


def _with(row: Any, **terms: Any) -> SimpleNamespace:  # noqa: ANN401 - a row of FACTS
    """A skill's facts under other terms than those the public has."""
    return SimpleNamespace(**{**row._mapping, **terms})


def _frozen(session: Session, skill: Any, situation: clocks.Situation) -> Plain | None:  # noqa: ANN401 - a row of FACTS
    """The stored document with its lines as they were when it froze; None when there is none yet.
    What the hall does goes on being public; official results stay official."""
    body = session.scalar(select(PublicBoard.body).where(PublicBoard.skill_id == skill.id))
    if not body:
        return None
    same = {key: value for key, value in body.items() if key != "sequence"}
    if visibility.is_official(same):
        return same
    head = _head(skill, situation)
    same |= {name: head[name] for name in ("skill", "state", "release", "clock")}
    if same["message_zh"]:
        zh, en = _why_hidden(skill.release, started=situation.started)
        same |= {"message_zh": zh, "message_en": en}
    return same


def _head(skill: Any, situation: clocks.Situation, *, is_public: bool = True) -> Plain:  # noqa: ANN401 - a row of FACTS
    state = visibility.state(
        started=situation.started,
        working=situation.working,
        paused=situation.paused,
        frozen=skill.release == Release.FROZEN,
        locked=skill.locked_at is not None,
        hidden=is_public and skill.release == Release.HIDDEN,
    )
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
        "state": state,
        "release": "final" if state == "final" else skill.release,
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
    skill: Any,  # noqa: ANN401 - a row of FACTS
    level: Shown,
    labels: Mapping[int, Labels],
    found: Cells | None,
    *,
    started: bool = True,
) -> Plain:
    """The part of a document that depends on marks; nothing of them at all when hidden, which needs
    no cells."""
    if found is None:
        zh, en = _why_hidden(skill.release, started=started)
        hidden: Plain = {"message_zh": zh, "message_en": en}
        return {**hidden, "progress": None, "standings": [], "max": None}
    works = {entry: one for entry, one in labels[skill.id].items() if entry in found.works}
    visible = tallies.visible(found, level)
    sums = tallies.tallies(found, level)
    told = finals.facts(session, [skill.id])[skill.id] if _asks_facts(skill, level) else None
    if told is not None and skill.locked_at is not None:
        nameless = skill.is_blind or skill.release_aliases
        board = final_lines.board(found, told, sums, works, is_blind=nameless)
    else:
        board = {"standings": lines.provisional(works, sums, len(visible))}
    if told is not None and skill.release_parts:
        lines.add_parts(board, found, told, level, works)
    lines.finish(board, skill.release_top)
    return {
        "message_zh": "",
        "message_en": "",
        "progress": {
            "released": sum(sums[entry].released for entry in works),
            "of": len(visible) * len(works),
        },
        **board,
        "max": two_decimals(sum(aspect.max for aspect in visible)),
    }


def _is_late(skill: Any, level: Shown) -> bool:  # noqa: ANN401 - a row of FACTS
    """Marks come out some minutes after they were given, until the lock."""
    return level is not Shown.ALL and bool(skill.release_delay)


def _asks_facts(skill: Any, level: Shown) -> bool:  # noqa: ANN401 - a row of FACTS
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
