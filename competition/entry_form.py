"""One entry by a form: what was typed becomes the rows of a roster and goes a roster's way.

The same rules read it, the same writing makes people, entries and coaches of it, and it is kept as
a batch of its own, so that duplicates, undoing and erasing work as for a file. The caller holds
the transaction.
"""

import dataclasses
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from competition import answers, eligibility, entries_moved, ledger, roster_reading, skill_rules
from competition.models import (
    BatchState,
    Delegation,
    Entry,
    EntryState,
    Member,
    RosterBatch,
    RosterRow,
    Skill,
    Stage,
)
from competition.moment import now
from competition.privacy import vault
from competition.roster_sealed import seal_row
from competition.roster_standing import registered, started
from competition.roster_writing import Into, Plan, Seals, plan, write
from competition.rules import roster
from competition.rules.refusal import Refusal
from competition.rules.roster import Asked, Checked, Table
from competition.rules.roster_against import Against, Outcome, against
from competition.rules.roster_lexicon import WORDS, Field
from competition.rules.roster_rows import Row
from competition.rules.roster_words import Finding
from competition.seen import Seen

OF_PERSON = (Field.NAME, Field.ID_NUMBER, Field.AFFILIATION, Field.STATUS, Field.PHONE)
OF_ENTRY = (Field.RESERVE, Field.COACH, Field.COACH_AFFILIATION)
YEARS = "local_years"  # of a person too; no roster has it, and eligibility asks for it
_COLUMNS = (*OF_PERSON, *OF_ENTRY, Field.SKILL, Field.TEAM)
MOST_YEARS = 60
LONGEST_TYPED = 200  # characters of a field


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: a mapping for each person, and one for the entry as a whole."""

    people: tuple[Mapping[str, str], ...]
    entry: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """As JSON."""
        return {"people": [dict(one) for one in self.people], "entry": dict(self.entry)}

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Typed":
        """From JSON."""
        return cls(tuple(body["people"]), body["entry"])


class Unfit(Refusal):
    """Something typed is wrong. `findings`: (person from 0, finding); those of the entry as a
    whole stand with its first person."""

    def __init__(self, findings: list[tuple[int, Finding]]) -> None:
        super().__init__(
            "有填写的内容不能接受，没有报名。请看各栏下面的说明。",
            "Something cannot be taken as it is; nobody was entered. See below each field.",
            status=422,
        )
        self.findings = findings


@dataclass(slots=True)
class Looked:
    """What was typed, read by the roster's rules and set against what is registered."""

    delegation: Delegation
    skill: Skill
    stage: Stage
    typed: Typed
    checked: Checked
    would: dict[int, Against]

    @property
    def rows(self) -> list[Row]:
        return self.checked.rows

    @property
    def is_known(self) -> bool:
        """Everything stands already as it was typed."""
        return all(one.outcome is Outcome.SAME for one in self.would.values())

    def notes(self) -> list[Finding]:
        """What was mended, and what eligibility will look at."""
        return [one for row in self.rows for one in row.findings if not one.is_error]


def look(
    session: Session, delegation: Delegation, skill: Skill, stage: Stage, typed: Typed
) -> Looked:
    """Read and compare what was typed, writing nothing; Unfit where it cannot be taken."""
    asked = Asked(
        known=roster_reading.known_by(session),
        as_of=now().date(),
        own=delegation.code,
        only_own=True,
        chosen={column: str(what) for column, what in enumerate(_COLUMNS)},
        header_row=0,
    )
    headings = [WORDS[what][0] for what in _COLUMNS]
    lines = [headings, *(_line(one, typed.entry, skill) for one in typed.people)]
    checked = roster.check([Table("", lines)], asked)
    _missing(checked, len(typed.people))
    _years(checked, typed)
    if any(row.is_wrong for row in checked.rows):
        raise Unfit(_findings(checked))
    found = registered(Seen(session), vault(), checked.rows, stage.id)
    assert checked.header is not None
    would = against(checked.rows, found, asked.known, checked.header, delegation.code)
    gone = any(one.kind == "was_withdrawn" for row in checked.rows for one in row.findings)
    if gone or any(row.is_wrong for row in checked.rows):
        raise Unfit(_findings(checked))
    return Looked(delegation, skill, stage, typed, checked, would)


def _line(person: Mapping[str, str], entry: Mapping[str, str], skill: Skill) -> list[str]:
    """A row under `_COLUMNS`. The people of a form are one team, unless they are reserves."""
    is_team = skill.team_size > 1 and not entry.get(Field.RESERVE)
    said = {**entry, **person, Field.SKILL: skill.code, Field.TEAM: "1" if is_team else ""}
    return [str(said.get(what, ""))[:LONGEST_TYPED] for what in _COLUMNS]


def _missing(checked: Checked, people: int) -> None:
    """A file's row without name and number is a remark; a form's is a person half typed."""
    read = {row.number for row in checked.rows}
    for number in range(2, people + 2):
        if number not in read:
            row = Row(number, (), {}, [], number)
            for what in (Field.NAME, Field.ID_NUMBER):
                row.findings.append(Finding(number, what, WORDS[what][0], "missing"))
            checked.rows.append(row)


def _years(checked: Checked, typed: Typed) -> None:
    """Years in the province, which are no field of a roster."""
    for row in checked.rows:
        text = typed.people[row.number - 2].get(YEARS, "").strip()
        fits = text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= MOST_YEARS
        if text and not fits:
            row.findings.append(Finding(row.number, YEARS, "", "years_form"))


def _declare_years(session: Session, looked: Looked, planned: Plan) -> None:
    """What was said of the years of those who became members."""
    for row in looked.rows:
        text = looked.typed.people[row.number - 2].get(YEARS, "").strip()
        if text and looked.would[row.number].joins:
            session.execute(
                update(Member)
                .where(
                    Member.entry_id == planned.entries[row.number],
                    Member.person_id == planned.people[row.number],
                )
                .values(local_years=int(text))
            )


def _findings(checked: Checked) -> list[tuple[int, Finding]]:
    """What is wrong, by person; a sentence that names another row counts people from 1."""
    out = []
    for row in checked.rows:
        for one in row.findings:
            if one.kind == "team_held" or not (one.is_error or one.kind == "was_withdrawn"):
                continue
            said = dict(one.values)
            if "row" in said:
                said["row"] = str(int(said["row"]) - 1)
            out.append((row.number - 2, dataclasses.replace(one, values=said)))
    return out


def refuse_full(session: Session, looked: Looked) -> None:
    """Refuse where the places of the delegation in the skill are used up."""
    rules = skill_rules.current(session, looked.skill.id)
    new = {row.team for row in looked.rows if looked.would[row.number].place is None}
    if rules is None or not new:
        return
    is_reserve = bool(looked.rows[0].values.get(Field.RESERVE))
    there = used(session, looked.delegation.id, looked.stage.id).get(looked.skill.id, (0, 0))
    places = rules.reserves if is_reserve else rules.quota
    if there[is_reserve] + len(new) <= places:
        return
    zh, en = ("替补", "reserve places") if is_reserve else ("报名", "places")
    raise Refusal(
        f"本代表团在该赛项的{zh}名额（{places}）已用完，没有报名。请先让一个报名退出，或联系秘书处。",
        f"The delegation has used its {places} {en} in this skill; nobody was entered. Withdraw an"
        " entry first, or ask the secretariat.",
    )


def used(session: Session, delegation_id: int, stage_id: int | None) -> dict[int, tuple[int, int]]:
    """Skill → how many entries and how many reserves of a delegation stand there."""
    rows = session.execute(
        select(Entry.skill_id, Entry.is_reserve, func.count())
        .where(
            Entry.delegation_id == delegation_id,
            Entry.stage_id == stage_id,
            Entry.state != EntryState.WITHDRAWN,
        )
        .group_by(Entry.skill_id, Entry.is_reserve)
    )
    found: dict[int, tuple[int, int]] = {}
    for skill_id, is_reserve, number in rows:
        entries, reserves = found.get(skill_id, (0, 0))
        found[skill_id] = (entries, number) if is_reserve else (number, reserves)
    return found


@dataclass(frozen=True, slots=True)
class Choice:
    """A skill in which somebody can be added. None: no rule limits it."""

    skill: Skill
    left: int | None
    reserves_left: int | None


def choices(session: Session, delegation_id: int, stage_id: int | None) -> list[Choice]:
    """Skills that have not started and have a place left for the delegation."""
    begun, there = started(session), used(session, delegation_id, stage_id)
    skills = session.scalars(select(Skill).order_by(Skill.id)).all()
    counted = skill_rules.newest(session, [skill.id for skill in skills])
    out = []
    for skill in skills:
        _, rules = counted.get(skill.id, (0, None))
        entries, reserves = there.get(skill.id, (0, 0))
        left = max(rules.quota - entries, 0) if rules else None
        spare = max(rules.reserves - reserves, 0) if rules else None
        if skill.code not in begun and (left is None or left or spare):
            out.append(Choice(skill, left, spare))
    return out


def enter(
    session: Session, looked: Looked, *, by_office: bool, sent_by: int, actor_id: int
) -> list[int]:
    """Write what was looked at, as a batch that is imported already, and judge it; the entries.
    `sent_by` typed it, `actor_id` lets it in."""
    safe, at = vault(), now()
    batch = RosterBatch(
        delegation_id=looked.delegation.id,
        stage_id=looked.stage.id,
        by_office=by_office,
        file_name=f"表单 form · {looked.skill.code}",
        sha256=secrets.token_hex(32),  # of one person's data it would be guessed back
        file_sealed=None,
        mapping=_mapping(looked.checked),
        state=BatchState.IMPORTED,
        counts={},
        uploaded_by=sent_by,
        uploaded_at=at,
        imported_by=actor_id,
        imported_at=at,
    )
    session.add(batch)
    session.flush()
    planned = plan(
        Seen(session),
        safe,
        Into(batch.stage_id, batch.id),
        looked.rows,
        looked.would,
        seals=Seals.of(safe, looked.rows),
    )
    write(session, planned)
    _declare_years(session, looked, planned)
    for row in looked.rows:
        one = looked.would[row.number]
        session.add(
            RosterRow(
                batch_id=batch.id,
                number=row.number,
                state=str(one.outcome),
                warnings=sum(not it.is_error for it in row.findings),
                sealed=seal_row(safe, row, one),
                before_sealed=planned.before.get(row.number),
                person_id=planned.people.get(row.number),
                entry_id=planned.entries.get(row.number),
            )
        )
    found = Counter(str(one.outcome) for one in looked.would.values())
    batch.counts = {
        "rows": len(looked.rows),
        **{outcome.value: found[outcome.value] for outcome in Outcome},
        "warnings": len(looked.notes()),
        "imported": found[Outcome.NEW] + found[Outcome.CHANGED],
        "people": planned.new_people,
        "entries": planned.new_entries,
    }
    body = {"delegation": looked.delegation.id, "office": by_office, "form": True}
    ledger.append(
        session,
        act="roster.import",
        subject=f"roster:{batch.id}",
        body={**body, "counts": batch.counts},
        actor_id=actor_id,
    )
    skills = [looked.skill.id]
    entries_moved.note(session, skills, subject=f"roster:{batch.id}", actor_id=actor_id)
    session.flush()
    session.expire_all()  # the rows went past the session
    answers.recount(session, skills)
    eligibility.judge_in(session, looked.skill.id, actor_id)
    return sorted(set(planned.entries.values()))


def _mapping(checked: Checked) -> dict[str, Any]:
    assert checked.header is not None
    return {
        "sheet": 0,
        "header_row": 0,
        "headings": list(checked.header.headings),
        "columns": {str(column): str(what) for what, column in checked.header.columns.items()},
        "is_wrong": False,
        "findings": [],
    }
