"""Read what was observed and fold it, cell by cell: one aspect × one entry.

This is the one way from rows to marks; tablets, desk, boards and exports all read through it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from competition.offload import give_way
from judging import cell_rows, closed, seats
from judging.aspects import AspectFacts, Former, aspects_of_all, former
from judging.closed import Closed
from judging.rules.marks import Mark, Seen, heard, mark, of_measurement
from judging.rules.teams import Panels


@dataclass(slots=True)
class Work:
    """The marks of one entry as they stand, by aspect and by sub-criterion.

    `seen`: what the marks were folded from. `confirming` holds the judges whose confirmation of the
    sheet as it stands is in force; `confirmed` the sheets of which every mark was confirmed by a
    judge who did not enter it → one of these judges. `last` is the id of a judge's newest
    observation per sheet. `sums`: what was summed up of this work (`Cells.summed`).
    """

    marks: dict[int, Mark] = field(default_factory=dict)
    seen: dict[int, list[Seen]] = field(default_factory=dict)
    last: dict[int, int] = field(default_factory=dict)
    confirming: dict[int, tuple[int, ...]] = field(default_factory=dict)
    confirmed: dict[int, int] = field(default_factory=dict)
    sums: dict[str, Any] = field(default_factory=dict, compare=False)

    def copy(self) -> "Work":
        """The same marks, to add to: nothing of it is summed up yet."""
        return Work(
            dict(self.marks),
            dict(self.seen),
            dict(self.last),
            dict(self.confirming),
            dict(self.confirmed),
        )


@dataclass(slots=True)
class Cells:
    """A skill's marks as they stand: aspects in order, entries and their works by id.

    `sheets`: sub-criterion → its measurements. `former`: how rows of earlier versions of the
    scheme find their cell. `upto`: the ids of the newest observation and the newest confirmation
    that are in it.
    """

    aspects: tuple[AspectFacts, ...]
    entries: dict[int, str]  # id → the judges' code
    panels: Panels
    works: dict[int, Work]
    sheets: Mapping[int, Sequence[AspectFacts]]
    closed: Closed = field(default_factory=Closed)
    former: Former = field(default_factory=Former, compare=False)
    upto: tuple[int, int] = field(default=(0, 0), compare=False)
    _own: set[int] = field(default_factory=set, compare=False)  # works that nobody else holds

    def is_same_ground(self, other: "Cells") -> bool:
        """Whether the same rows fold to the same marks in both."""
        return (
            self.aspects == other.aspects
            and self.entries == other.entries
            and self.panels == other.panels
            and self.former == other.former
        )

    @property
    def on_duty(self) -> frozenset[int]:
        """The judges who sit on a panel of the skill now."""
        return self.panels.present

    def copy(self) -> "Cells":
        """The same cells, to add to; what was copied stays as it is. A work is copied when it is
        added to: one mark costs one work and not the whole skill."""
        return replace(self, works=dict(self.works), _own=set())

    def _to_change(self, entry_id: int) -> Work:
        if entry_id not in self._own:
            self.works[entry_id] = self.works[entry_id].copy()
            self._own.add(entry_id)
        work = self.works[entry_id]
        work.sums.clear()  # no longer true
        return work

    def _see(self, entry_id: int, aspect_id: int, sub_criterion_id: int | None, one: Seen) -> Work:
        """Put an observation to its cell. `sub_criterion_id`: of a measurement. A judge's undoes
        the confirmations of its sheet; a machine's proposal does not, it shows as a difference
        beside the mark."""
        work = self._to_change(entry_id)
        work.seen[aspect_id] = [*work.seen.get(aspect_id, ()), one]
        if sub_criterion_id is not None and one.source == "judge":
            work.last[sub_criterion_id] = one.id
            work.confirming.pop(sub_criterion_id, None)
            work.confirmed.pop(sub_criterion_id, None)
        self.upto = (one.id, self.upto[1])
        return work

    def _fold(self, entry_id: int, work: Work, aspect: AspectFacts) -> None:
        """The mark of one cell, by the panel that marks this sheet of this work."""
        panel, recused = self.panels.of(aspect.sheet, entry_id)
        seen = work.seen.get(aspect.id, ())
        work.marks[aspect.id] = mark(aspect.kind, aspect.max, seen, panel, recused)

    def add(self, entry_id: int, aspect: AspectFacts, one: Seen) -> None:
        """Take in an observation that was just written, without reading the rest again."""
        sheet = aspect.sub_criterion_id if aspect.kind == "M" else None
        work = self._see(entry_id, aspect.id, sheet, one)
        before = work.marks[aspect.id].measured
        if before is None or self.panels.of(aspect.sheet, entry_id)[1]:
            self._fold(entry_id, work, aspect)
        else:
            work.marks[aspect.id] = of_measurement(heard(before, one))

    def confirm(self, entry_id: int, sub_criterion_id: int, judge: int, number: int) -> None:
        """Take in a confirmation of the sheet as it stands; `number`: the id of its row."""
        work = self._to_change(entry_id)
        work.confirming[sub_criterion_id] = (*work.confirming.get(sub_criterion_id, ()), judge)
        self.upto = (self.upto[0], number)
        self._check(entry_id, work, [sub_criterion_id])

    def _check(self, entry_id: int, work: Work, subs: Iterable[int]) -> None:
        """Whether sheets of a work are confirmed, by the confirmations that are in force."""
        for sub in subs:
            judges = work.confirming.get(sub, ())
            by = confirming_judge(judges, self.enterers(entry_id, sub)) if judges else None
            if by is None:
                work.confirmed.pop(sub, None)
            else:
                work.confirmed[sub] = by

    def has_works_of(self, observed: cell_rows.Rows) -> bool:
        """Whether these are of works that are here: a reserve's becomes one when it is marked."""
        return self.works.keys() >= {row[cell_rows.ENTRY] for row in observed}

    def take_in(self, observed: cell_rows.Rows, confirmed: cell_rows.Rows) -> None:
        """Take in rows that came since, both in their order."""
        facts = {one.id: one for one in self.aspects}
        touched: dict[int, set[int]] = {}
        for number, source, judge, value, vote_round, base, decides, reason, *more in observed:
            entry, given, what, device = more
            number_of = self.former.aspects.get(given, given)
            aspect = facts.get(number_of)
            sheet = aspect.sub_criterion_id if aspect and aspect.kind == "M" else None
            one = Seen(
                number, source, judge, value, vote_round, base, bool(decides), reason, what, device
            )
            self._see(entry, number_of, sheet, one)
            touched.setdefault(entry, set()).add(number_of)
        for entry, cells in touched.items():
            for aspect in (facts[one] for one in cells if one in facts):
                self._fold(entry, self.works[entry], aspect)
        for entry in touched.keys() | self._confirmations(confirmed):
            work = self.works[entry]
            self._check(entry, work, work.confirming)

    def fold_the_rest(self) -> None:
        """The cells of which nothing was seen."""
        for entry, work in self.works.items():
            for aspect in self.aspects:
                if aspect.id not in work.marks:
                    self._fold(entry, work, aspect)

    def _confirmations(self, rows: cell_rows.Rows) -> set[int]:
        """Note those that are in force; gives their works. Any later observation on a sheet, and
        the recusal of who confirmed it, takes the force away."""
        touched = set()
        for number, entry, given, judge, confirmed_to in rows:
            sub = self.former.sheets.get(given, given)
            measured = self.sheets.get(sub)
            recused = judge in self.panels.of(measured[0].sheet if measured else "", entry)[1]
            if confirmed_to >= self.works[entry].last.get(sub, 0) and not recused:
                work = self._to_change(entry)
                work.confirming[sub] = (*work.confirming.get(sub, ()), judge)
                touched.add(entry)
            self.upto = (self.upto[0], number)
        return touched

    def summed(self, name: str, prepare: Callable[[], Callable[[Work], Any]]) -> dict[int, Any]:
        """Entry → what is summed up of its work under a name; known ones are not summed again.
        `prepare` gives the way to sum, and is called only where something is missing."""
        missing = [work for work in self.works.values() if name not in work.sums]
        if missing:
            of = prepare()
            for work in missing:
                work.sums[name] = of(work)
        return {entry: work.sums[name] for entry, work in self.works.items()}

    def entry_of(self, code: str) -> int | None:
        """The work of this code; None where the skill has no such work."""
        return next((entry for entry, own in self.entries.items() if own == code), None)

    def mark(self, entry_id: int | None, aspect_id: int | None) -> Mark | None:
        """One cell; None where the skill has no such entry or aspect."""
        work = self.works.get(entry_id or 0)
        return work.marks.get(aspect_id or 0) if work else None

    def sheet(self, entry_id: int, sub_criterion_id: int) -> list[Mark]:
        """The measurements of a sheet, in the scheme's order."""
        marks = self.works[entry_id].marks
        return [marks[aspect.id] for aspect in self.sheets.get(sub_criterion_id, ())]

    def sitting(self, entry_id: int, sub_criterion_id: int) -> frozenset[int]:
        """The judges who mark a sheet now."""
        sheet = next(one.sheet for one in self.aspects if one.sub_criterion_id == sub_criterion_id)
        return self.panels.sitting(sheet, entry_id)

    def signers(self, entry_id: int, sub_criterion_id: int) -> list[int]:
        """The judges who answer for a sheet of a work: who marks it now; a supervisor where they
        stepped in."""
        own = [one for one in self.aspects if one.sub_criterion_id == sub_criterion_id]
        ballots = [self.works[entry_id].marks[one.id].ballot for one in own]
        voted = {judge for one in ballots if one for judge in one.current.votes}
        return self.panels.signers(own[0].sheet, entry_id, voted) if own else []

    def has_star(self, entry_id: int, aspect: AspectFacts) -> bool:
        """Whether the mark was given anew after its sheet had been signed off."""
        seen = self.works[entry_id].seen.get(aspect.id, ())
        return self.closed.has_star(entry_id, aspect.sub_criterion_id, seen)

    def starred(self, entry_id: int) -> bool:
        """Whether any mark of a work bears the star."""
        return any(self.has_star(entry_id, aspect) for aspect in self.aspects)

    def enterers(self, entry_id: int, sub_criterion_id: int) -> set[int]:
        """The judges whose entries are the marks of a sheet; where the chief judge decided, also
        those who had entered the value that was chosen: it is theirs, whoever chose it."""
        found: set[int | None] = set()
        for aspect in self.sheets.get(sub_criterion_id, ()):
            measured = self.works[entry_id].marks[aspect.id].measured
            head = measured.head if measured else None
            if head is not None:
                found.add(head.judge)
                seen = self.works[entry_id].seen.get(aspect.id, ()) if head.decides else ()
                found |= {one.judge for one in _said_before(seen, head) if one.value == head.value}
        return {judge for judge in found if judge is not None}


def _said_before(seen: Iterable[Seen], decision: Seen) -> Iterable[Seen]:
    """What every judge had entered on each tablet when the chief judge decided."""
    own = (one for one in seen if one.source == "judge" and not one.decides)
    return {(one.judge, one.device): one for one in own if one.id < decision.id}.values()


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
    found = _unmarked(session, skill_ids, entry_id)
    observed, confirmed = cell_rows.of_skills(session, skill_ids, entry_id, upto)
    for skill, own in found.items():
        own.take_in(observed.get(skill, []), confirmed.get(skill, []))
        own.fold_the_rest()
        if len(skill_ids) > 1:
            give_way()  # marks wait for nobody
    return found


def catch_up(
    session: Session, known: Mapping[int, Cells], acted: Collection[int]
) -> dict[int, Cells]:
    """The cells of skills as they stand now, from those that were read before: only the rows that
    came since are read. `acted`: the skills in which something else happened than marks; where
    that moved the scheme, the works or a panel, all is folded anew."""
    found = {skill: own.copy() for skill, own in known.items() if skill not in acted}
    if acted:
        found |= as_present(session, {skill: known[skill] for skill in acted})
    for skill, own in list(found.items()):
        rows = cell_rows.since(session, skill, own.upto)
        if own.has_works_of(rows[0]):
            own.take_in(*rows)
        else:
            del found[skill]
    anew = known.keys() - found.keys()
    return found | (read_all(session, anew) if anew else {})


def as_present(session: Session, known: Mapping[int, Cells]) -> dict[int, Cells]:
    """The same marks with the sheets that are closed now; skills are left out whose scheme, works
    or panels have moved, for there the same rows may give other marks."""
    present = _unmarked(session, known, None)
    return {
        skill: replace(known[skill].copy(), closed=own.closed)
        for skill, own in present.items()
        if own.is_same_ground(known[skill])
    }


def _unmarked(
    session: Session, skill_ids: Collection[int], entry_id: int | None
) -> dict[int, Cells]:
    """Skill → its cells before anything was seen or folded."""
    aspects = aspects_of_all(session, skill_ids)
    panels = seats.read_all(session, seats.granted_all(session, skill_ids))
    earlier = former(session, skill_ids, [one for own in aspects.values() for one in own])
    entries = cell_rows.entries(session, skill_ids, entry_id)
    shut = closed.read_all(session, entries)
    found = {}
    for skill in skill_ids:
        works = {entry: Work() for entry in entries[skill]}
        found[skill] = Cells(
            aspects[skill], entries[skill], panels[skill], works, _sheets(aspects[skill]),
            shut[skill], earlier, _own=set(works),
        )  # fmt: skip
    return found


def _sheets(aspects: Sequence[AspectFacts]) -> dict[int, list[AspectFacts]]:
    found: dict[int, list[AspectFacts]] = {}
    for one in aspects:
        if one.kind == "M":
            found.setdefault(one.sub_criterion_id, []).append(one)
    return found
