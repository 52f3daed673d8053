"""Read what was observed and fold it, cell by cell: one aspect × one entry.

This is the one way from rows to marks; tablets, desk, boards and exports all read through it.
"""

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition.models import Entry
from judging import closed, seats
from judging.aspects import AspectFacts, Former, aspects_of_all, former
from judging.closed import Closed
from judging.models import Confirmation, Observation
from judging.rules.marks import Mark, Seen, mark
from judging.rules.teams import Panels


@dataclass(frozen=True, slots=True)
class Cells:
    """A skill's marks as they stand: aspects in order, entries by id, one Mark per cell.

    Sheets are (entry id, sub-criterion id). `confirming` holds the judges whose confirmation of the
    sheet as it stands is in force; `confirmed` those sheets of which every mark was confirmed by
    a judge who did not enter it → one of these judges. `last` is the id of a judge's newest
    observation per sheet. `former`: how rows of earlier versions of the scheme find their cell.
    """

    aspects: tuple[AspectFacts, ...]
    entries: dict[int, str]  # id → the judges' code
    panels: Panels
    marks: dict[tuple[int, int], Mark]  # (entry id, aspect id)
    confirming: dict[tuple[int, int], tuple[int, ...]]
    confirmed: dict[tuple[int, int], int]
    last: dict[tuple[int, int], int]
    seen: dict[tuple[int, int], list[Seen]]  # what the marks were folded from
    closed: Closed = field(default_factory=Closed)
    sums: dict[str, dict[int, Any]] = field(default_factory=dict, compare=False)  # `tallies`
    former: Former = field(default_factory=Former, compare=False)

    @property
    def on_duty(self) -> frozenset[int]:
        """The judges who sit on a panel of the skill now."""
        return self.panels.present

    def copy(self) -> "Cells":
        """The same cells, to add to; what was copied stays as it is."""
        return replace(
            self,
            marks=dict(self.marks),
            confirming=dict(self.confirming),
            confirmed=dict(self.confirmed),
            last=dict(self.last),
            seen=dict(self.seen),
            sums={level: dict(by_entry) for level, by_entry in self.sums.items()},
        )

    def _moved(self, entry_id: int) -> None:
        """What was summed of this entry is no longer true."""
        for by_entry in self.sums.values():
            by_entry.pop(entry_id, None)

    def add(self, entry_id: int, aspect: AspectFacts, one: Seen) -> None:
        """Take in a judge's observation that was just written, without reading the rest again."""
        cell = (entry_id, aspect.id)
        self.seen[cell] = [*self.seen.get(cell, ()), one]
        self.marks[cell] = _mark(self.panels, entry_id, aspect, self.seen[cell])
        self._moved(entry_id)
        if aspect.kind == "M":
            sheet = (entry_id, aspect.sub_criterion_id)
            self.last[sheet] = one.id
            self.confirming.pop(sheet, None)
            self.confirmed.pop(sheet, None)

    def confirm(self, entry_id: int, sub_criterion_id: int, judge: int) -> None:
        """Take in a confirmation of the sheet as it stands."""
        sheet = (entry_id, sub_criterion_id)
        self.confirming[sheet] = (*self.confirming.get(sheet, ()), judge)
        self._moved(entry_id)
        by = confirming_judge(self.confirming[sheet], self.enterers(*sheet))
        if by is not None:
            self.confirmed[sheet] = by

    def sheet(self, entry_id: int, sub_criterion_id: int) -> list[Mark]:
        """The measurements of a sheet, in the scheme's order."""
        return [
            self.marks[entry_id, aspect.id]
            for aspect in self.aspects
            if aspect.sub_criterion_id == sub_criterion_id and aspect.kind == "M"
        ]

    def sitting(self, entry_id: int, sub_criterion_id: int) -> frozenset[int]:
        """The judges who mark a sheet now."""
        sheet = next(one.sheet for one in self.aspects if one.sub_criterion_id == sub_criterion_id)
        return self.panels.sitting(sheet, entry_id)

    def signers(self, entry_id: int, sub_criterion_id: int) -> list[int]:
        """The judges who answer for a sheet of a work: who marks it now; a supervisor where they
        stepped in."""
        own = [one for one in self.aspects if one.sub_criterion_id == sub_criterion_id]
        ballots = [self.marks[entry_id, one.id].ballot for one in own]
        voted = {judge for one in ballots if one for judge in one.current.votes}
        return self.panels.signers(own[0].sheet, entry_id, voted) if own else []

    def has_star(self, entry_id: int, aspect: AspectFacts) -> bool:
        """Whether the mark was given anew after its sheet had been signed off."""
        seen = self.seen.get((entry_id, aspect.id), ())
        return self.closed.has_star(entry_id, aspect.sub_criterion_id, seen)

    def starred(self, entry_id: int) -> bool:
        """Whether any mark of a work bears the star."""
        return any(self.has_star(entry_id, aspect) for aspect in self.aspects)

    def enterers(self, entry_id: int, sub_criterion_id: int) -> set[int]:
        """The judges whose entries are the marks of a sheet."""
        heads = [
            mark.measured.head for mark in self.sheet(entry_id, sub_criterion_id) if mark.measured
        ]
        return {head.judge for head in heads if head and head.judge is not None}


def _mark(panels: Panels, entry_id: int, aspect: AspectFacts, seen: Sequence[Seen]) -> Mark:
    """One cell folded, by the panel that marks this sheet of this work."""
    panel, recused = panels.of(aspect.sheet, entry_id)
    return mark(aspect.kind, aspect.max, seen, panel, recused)


def confirming_judge(judges: Sequence[int], entered: Collection[int]) -> int | None:
    """The judge by whose confirmation a sheet is confirmed: one who entered nothing of it.

    Where every judge of the panel entered a part, two of them confirm: what one entered the other
    has checked.
    """
    free = [judge for judge in judges if judge not in entered]
    if free:
        return free[-1]
    return judges[-1] if len(set(judges)) > 1 else None


def panel_ids(session: Session, skill_id: int) -> tuple[int, ...]:
    """The judges who are on duty in a skill."""
    panels = seats.read(session, skill_id)
    return tuple(judge for judge in panels.judges if judge in panels.present)


def read(
    session: Session,
    skill_id: int,
    *,
    entry_id: int | None = None,
    upto: datetime | None = None,
) -> Cells:
    """Fold all cells of a skill, or those of one entry. `upto`: what came later counts as not yet
    given."""
    return read_all(session, [skill_id], entry_id=entry_id, upto=upto)[skill_id]


def read_all(
    session: Session,
    skill_ids: Collection[int],
    *,
    entry_id: int | None = None,
    upto: datetime | None = None,
) -> dict[int, Cells]:
    """The same of several skills, in as many queries as for one."""
    aspects = aspects_of_all(session, skill_ids)
    panels = seats.read_all(session, seats.granted_all(session, skill_ids))
    earlier = former(session, skill_ids, [one for own in aspects.values() for one in own])
    entries = _entries(session, skill_ids, entry_id)
    seen = _seen(session, skill_ids, entry_id, upto)
    confirmed = _confirmations(session, skill_ids, entry_id, upto)
    shut = closed.read_all(session, entries)
    found = {}
    for skill in skill_ids:
        found[skill] = _folded(
            Cells(
                aspects[skill], entries[skill], panels[skill], {}, {}, {}, {}, {},
                closed=shut[skill], former=earlier,
            ),
            seen.get(skill, ()),
            confirmed.get(skill, ()),
        )  # fmt: skip
        if len(skill_ids) > 1:
            time.sleep(0)  # gevent's own in the web process: marks wait for nobody
    return found


def _entries(
    session: Session, skill_ids: Collection[int], entry_id: int | None
) -> dict[int, dict[int, str]]:
    rows = select(Entry.skill_id, Entry.id, Entry.code).where(Entry.skill_id.in_(skill_ids))
    if entry_id is not None:
        rows = rows.where(Entry.id == entry_id)
    found: dict[int, dict[int, str]] = {one: {} for one in skill_ids}
    for skill, number, code in session.execute(rows.order_by(Entry.code)):
        found[skill][number] = code
    return found


def _seen(
    session: Session, skill_ids: Collection[int], entry_id: int | None, upto: datetime | None
) -> dict[int, list[Any]]:
    """Skill → its observations, in the order in which they were taken."""
    rows = (
        select(
            Observation.skill_id,
            Observation.id,
            Observation.source,
            Observation.judge_id,
            Observation.value,
            Observation.round,
            Observation.base_id,
            Observation.decides,
            Observation.reason,
            Observation.entry_id,
            Observation.aspect_id,
            Observation.observed,
            Observation.device_id,
        )
        .where(Observation.skill_id.in_(skill_ids), Observation.state == "taken")
        .order_by(Observation.id)
    )
    if entry_id is not None:
        rows = rows.where(Observation.entry_id == entry_id)
    if upto is not None:
        rows = rows.where(Observation.at <= upto)
    return _by_skill(session.execute(rows))


def _confirmations(
    session: Session, skill_ids: Collection[int], entry_id: int | None, upto: datetime | None
) -> dict[int, list[Any]]:
    """Skill → the confirmations of its sheets, the oldest first."""
    rows = (
        select(
            Confirmation.skill_id,
            Confirmation.entry_id,
            Confirmation.sub_criterion_id,
            Confirmation.judge_id,
            Confirmation.last_observation_id,
        )
        .where(Confirmation.skill_id.in_(skill_ids))
        .order_by(Confirmation.id)
    )
    if entry_id is not None:
        rows = rows.where(Confirmation.entry_id == entry_id)
    if upto is not None:
        rows = rows.where(Confirmation.at <= upto)
    return _by_skill(session.execute(rows))


def _by_skill(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row[1:])
    return found


def _folded(found: Cells, seen: Iterable[Any], confirmed: Iterable[Any]) -> Cells:
    """The cells of a skill from its rows."""
    by_cell, last = _sorted(seen, found.aspects, found.former)
    found.seen.update(by_cell)
    found.last.update(last)
    found.marks.update(
        {
            (entry, aspect.id): _mark(
                found.panels, entry, aspect, by_cell.get((entry, aspect.id), ())
            )
            for entry in found.entries
            for aspect in found.aspects
        }
    )
    sheets = {aspect.sub_criterion_id: aspect.sheet for aspect in found.aspects}
    for entry, given, judge, confirmed_to in confirmed:
        sub = found.former.sheets.get(given, given)
        recused = judge in found.panels.of(sheets.get(sub, ""), entry)[1]
        if confirmed_to >= last.get((entry, sub), 0) and not recused:
            found.confirming[entry, sub] = (*found.confirming.get((entry, sub), ()), judge)
    for (entry, sub), judges in found.confirming.items():
        by = confirming_judge(judges, found.enterers(entry, sub))
        if by is not None:
            found.confirmed[entry, sub] = by
    return found


def _sorted(
    rows: Iterable[Any],
    aspects: tuple[AspectFacts, ...],
    earlier: Former,
) -> tuple[dict[tuple[int, int], list[Seen]], dict[tuple[int, int], int]]:
    """Observations by cell, and the newest judge's measurement per sheet (a machine's proposal
    that comes later does not undo a confirmation; it shows as a difference beside the mark)."""
    sheet = {aspect.id: aspect.sub_criterion_id for aspect in aspects if aspect.kind == "M"}
    seen: dict[tuple[int, int], list[Seen]] = defaultdict(list)
    last: dict[tuple[int, int], int] = {}
    for number, source, judge, value, vote_round, base, decides, reason, *more in rows:
        entry, given, observed, device = more
        aspect = earlier.aspects.get(given, given)
        seen[entry, aspect].append(
            Seen(number, source, judge, value, vote_round, base, decides, reason, observed, device)
        )
        if source == "judge" and aspect in sheet:
            last[entry, sheet[aspect]] = number
    return dict(seen), last
