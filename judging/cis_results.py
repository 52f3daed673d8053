"""The result sheet of a skill in the columns of CIS, and every competitor's mark of every aspect.

Columns as marking-rules.md names them ("The results sheet that follows a competition"), one row a
person. Official results only: locked, handed over, decided, not frozen (`books`).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition.founding import edition
from competition.models import Delegation, Entry, Member, Person, Skill
from judging import books, finals, kept, result_versions, tallies
from judging.book_workbook import Sheets
from judging.finals import Facts
from judging.rules.delegations import SCALE
from judging.rules.final import Line, fit, has_result
from judging.rules.medals import Award
from judging.rules.names import split
from judging.rules.scheme import two_decimals
from judging.rules.visibility import Shown

COLUMNS = (
    *("Position", "Member", "Member Name", "Skill Number", "Medal"),
    *("First Name", "Last Name", "WorldSkills Scale Score"),
)
MEDALS: Mapping[Award, str] = {
    Award.GOLD: "Gold",
    Award.SILVER: "Silver",
    Award.BRONZE: "Bronze",
    Award.MEDALLION: "Medallion for Excellence",
    Award.MERIT: "Merit",
}


@dataclass(frozen=True, slots=True)
class Who:
    """Under what an entry stands: its delegation and its people, or its alias alone."""

    member: str
    member_name: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows as texts: the results, and the marks under their headings; and their state."""

    skill: str
    is_sealed: bool
    is_demo: bool
    version: int
    number: int
    head: str
    at: datetime
    results: tuple[tuple[str, ...], ...]
    headings: tuple[str, ...]
    marks: tuple[tuple[str, ...], ...]


def read(session: Session, skill: Skill, language: str) -> Sheet:
    """The results of a skill.

    Raises:
        Refusal: they are not final (`books.final`).
    """
    books.final_bodies(session, [skill])
    found = kept.whole(session, skill.id)
    told = finals.facts(session, [skill.id])[skill.id]
    sums = tallies.tallies(found, Shown.ALL)
    whole = finals.standings(found, told, sums, found.entries)
    by_code = {code: entry for entry, code in found.entries.items()}
    who = _who(session, skill, language)
    fitted = fit((line.standing for line in whole.lines), SCALE)
    results: list[tuple[str, ...]] = []
    marks: list[tuple[str, ...]] = []
    for line in whole.lines:
        entry = by_code[line.key]
        score = fitted.score(line.standing.total) if fitted and has_result(line.standing) else None
        results += _people(skill, line, who[entry], score)
        said = [_mark(found.works[entry].marks[aspect.id].value) for aspect in found.aspects]
        people = "、".join(who[entry].people)
        place = _position(line)
        marks.append((place, who[entry].member, people, two_decimals(line.standing.total), *said))
    (version,) = result_versions.newest_of(session, [skill.id])
    competition = edition(session)
    return Sheet(
        skill.code, skill.is_blind, competition is not None and competition.is_demo,
        version.version, skill.revision, skill.ledger_head, skill.locked_at or version.at,
        tuple(results),
        tuple(_heading(told, one.id, one.code, one.kind, one.max) for one in found.aspects),
        tuple(marks),
    )  # fmt: skip


def _heading(told: Facts, aspect: int, code: str, kind: str, most: int) -> str:
    return f"{code} {kind} /{two_decimals(most)}" if aspect in told.letters else code


def _position(line: Line) -> str:
    return "" if line.standing.place is None else str(line.standing.place)


def _mark(value: int | None) -> str:
    return "" if value is None else two_decimals(value)


def _people(skill: Skill, line: Line, who: Who, score: int | None) -> list[tuple[str, ...]]:
    medal = MEDALS[line.given.award] if line.given.award else ""
    return [
        (_position(line), who.member, who.member_name, skill.code, medal, *split(one),
         "" if score is None else str(score))
        for one in who.people
    ]  # fmt: skip


def _who(session: Session, skill: Skill, language: str) -> Mapping[int, Who]:
    """Entry → who. Of a sealed skill, names and delegations are not even read."""
    if skill.is_blind:
        asked = select(Entry.id, Entry.alias).where(Entry.skill_id == skill.id)
        return {entry: Who("", "", (alias,)) for entry, alias in session.execute(asked)}
    called = Delegation.name_zh if language == "zh" else Delegation.name_en
    rows = session.execute(
        select(Entry.id, Delegation.code, called, Person.name)
        .join(Delegation, Delegation.id == Entry.delegation_id)
        .outerjoin(Member, Member.entry_id == Entry.id)
        .outerjoin(Person, Person.id == Member.person_id)
        .where(Entry.skill_id == skill.id)
        .order_by(Member.id)
    ).all()
    people: defaultdict[int, list[str]] = defaultdict(list)
    for entry, _code, _name, person in rows:
        people[entry].append(person or "")
    return {entry: Who(code, name, tuple(people[entry])) for entry, code, name, _person in rows}


def write(sheet: Sheet, words: Mapping[str, str]) -> bytes:
    """The workbook; `words` are what its sheets and the state are called."""
    state = " · ".join(
        (words["final"], sheet.skill, f"{words['version']} {sheet.version}",
         f"{words['ledger']} {sheet.number}", *([words["demo"]] if sheet.is_demo else ()))
    )  # fmt: skip
    sheets = Sheets(state)
    sheets.add("Results", COLUMNS, sheet.results, marks={0, 7})
    heads = ("Position", "Member", "Name", words["total"], *sheet.headings)
    sheets.add(words["marks"], heads, sheet.marks, marks={0, *range(3, len(heads))})
    about = [
        (words["state"], words["final"]),
        (words["version"], str(sheet.version)),
        (words["ledger"], f"{sheet.number} {sheet.head}"),
        (words["as_of"], words["at"]),
        ("", words["scale"]),
        *([("", words["sealed"])] if sheet.is_sealed else []),
        *([("", words["demo"])] if sheet.is_demo else []),
    ]
    sheets.add(words["state"], (words["state"], sheet.skill), about)
    return sheets.bytes()
