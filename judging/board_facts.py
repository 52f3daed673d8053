"""What a board says besides marks: the skill's facts, its plan of the clock, the public names.

While marks rain none of it moves, and to read it costs more than the marks do. So it is kept in
memory until the skill's chain holds another act than marks, or the competition's chain any act,
and never longer than LONGEST.
"""

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, or_, select
from sqlalchemy.orm import Session

from competition import clocks, groups
from competition.clocks import Plan
from competition.models import (
    Competition,
    Delegation,
    Entry,
    EntryState,
    Member,
    Person,
    Skill,
    Zone,
)
from competition.prepared import Prepared
from judging import kept
from judging.models import PublicBoard

LONGEST = 60.0  # seconds

Labels = dict[int, dict[str, str]]  # entry → how it is named in public

FACTS = (
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
    )
    .outerjoin(Zone, Zone.id == Skill.zone_id)
    .order_by(Skill.id)
)
_STANDS = Prepared(
    select(
        Skill.id,
        Skill.revision,
        func.coalesce(PublicBoard.sequence, 0),
        func.coalesce(PublicBoard.digest, ""),
        select(func.coalesce(func.max(Competition.revision), 0)).scalar_subquery(),
    )
    .outerjoin(PublicBoard, PublicBoard.skill_id == Skill.id)
    .order_by(Skill.id)
)


@dataclass(slots=True)
class BoardFacts:
    """What is kept of one skill. `facts`: a row of FACTS, whose revision may be an older one;
    `upto`: the revision up to which nothing but marks has come since; `labels`: None until they
    are asked for."""

    facts: Any
    plan: Plan
    upto: int
    read_at: float
    labels: Labels | None = None


@dataclass(slots=True)
class _Kept:
    competition: int = -1  # its revision
    skills: dict[int, BoardFacts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stand:
    """A skill's revision, and its stored document: sequence 0 and no digest when there is none."""

    revision: int
    sequence: int
    digest: str


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()
groups.when_undone.append(_kept.clear)


def read(
    session: Session, skill_ids: Collection[int]
) -> tuple[dict[int, Stand], dict[int, BoardFacts]]:
    """Where these skills stand in this transaction, and what their boards say besides marks. A
    skill that is not there is left out."""
    wanted = set(skill_ids)
    stands: dict[int, Stand] = {}
    own = _kept.setdefault(kept.engine(session), _Kept())
    for skill, revision, sequence, digest, competition in _STANDS.rows(session, {}):
        if skill in wanted:
            stands[skill] = Stand(revision, sequence, digest)
        if own.competition != competition:
            own.competition = competition
            own.skills.clear()
    missing = [skill for skill in stands if not _is_good(session, own, skill, stands[skill])]
    if missing:
        plans = clocks.plans(session, missing)
        for row in session.execute(FACTS.where(Skill.id.in_(missing))):
            upto = stands[row.id].revision
            own.skills[row.id] = BoardFacts(row, plans[row.id], upto, time.monotonic())
    return stands, {skill: own.skills[skill] for skill in stands}


def _is_good(session: Session, own: _Kept, skill: int, stand: Stand) -> bool:
    found = own.skills.get(skill)
    if found is None or time.monotonic() - found.read_at > LONGEST or stand.revision < found.upto:
        return False
    if stand.revision > found.upto:
        if kept.other_acts(session, skill, found.upto):
            return False
        found.upto = stand.revision
    return True


def name(session: Session, wanted: Iterable[BoardFacts]) -> None:
    """See to the labels of these skills, those that are missing in as many queries as for one."""
    missing = [one for one in wanted if one.labels is None]
    if missing:
        labels = public_labels(session, [one.facts for one in missing])
        for one in missing:
            one.labels = labels[one.facts.id]


def public_labels(
    session: Session,
    skills: Collection[Any],  # rows of FACTS
) -> dict[int, Labels]:
    """How each entry is named in public, by skill. Before the lock who withdrew has no line; a
    locked list says of them that they did not appear. A blind skill's names are not even read."""
    out: dict[int, Labels] = {row.id: {} for row in skills}
    blind = [row.id for row in skills if row.is_blind or row.release_aliases]
    locked = [row.id for row in skills if row.locked_at is not None]
    found = select(Entry.skill_id, Entry.id, Entry.alias).where(
        or_(Entry.state != EntryState.WITHDRAWN, Entry.skill_id.in_(locked))
    )
    for skill, entry, alias in session.execute(found.where(Entry.skill_id.in_(blind))):
        out[skill][entry] = label(alias, f"选手 {alias}", f"Competitor {alias}")
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
        names = (
            (f"{before['label_zh']}、{name}", f"{before['label_en']}, {name}")
            if before
            else (name or "", name or "")
        )
        delegation = {"delegation_zh": zh, "delegation_en": en}
        out[skill][entry] = label(alias, *names) | delegation
    return out


def label(key: str, zh: str, en: str) -> dict[str, str]:
    """How one entry is named; its key never leaves the house."""
    return {"key": key, "label_zh": zh, "label_en": en}


def labels_of(found: Mapping[int, BoardFacts]) -> dict[int, Labels]:
    """Skill → its labels, of those whose labels were asked for."""
    return {skill: one.labels for skill, one in found.items() if one.labels is not None}
