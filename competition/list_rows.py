"""The office's lists as plain rows, for files: read in few queries, however long they are."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from competition import answers, forms
from competition.lists import Wish, conditions
from competition.models import Affiliation, Coach, Delegation, Entry, Member, Person, Skill, Stage
from competition.rules.forms import Field, Form

Names = tuple[str, str]  # zh, en


@dataclass(frozen=True, slots=True)
class Row:
    """A competitor of an entry. `id_masked` is the identity number as screens show it."""

    entry_id: int
    skill: str
    skill_names: Names
    delegation: Names
    stage: Names
    state: str
    is_reserve: bool
    workstation: int | None
    person_id: int | None
    person: str
    sex: str
    born_on: date | None
    id_masked: str
    affiliation: str
    status: str
    local_years: int | None
    coaches: str


def entries(session: Session, wanted: Wish, within: Collection[int] | None) -> list[Row]:
    """A row for every competitor of the list, in its order."""
    which = conditions(wanted, within)
    found = session.execute(
        select(
            Entry.id,
            Entry.skill_id,
            Entry.delegation_id,
            Entry.stage_id,
            Entry.state,
            Entry.is_reserve,
            Entry.workstation,
            Person.id.label("person_id"),
            Person.name,
            Person.sex,
            Person.born_on,
            Person.id_masked,
            Affiliation.name.label("affiliation"),
            Member.status,
            Member.local_years,
        )
        .outerjoin(Member, Member.entry_id == Entry.id)
        .outerjoin(Person, Person.id == Member.person_id)
        .outerjoin(Affiliation, Affiliation.id == Person.affiliation_id)
        .where(*which)
        .order_by(Entry.skill_id, Entry.id, Member.id)
    )
    codes = {row.id: row.code for row in session.execute(select(Skill.id, Skill.code))}
    skills, delegations, stages = (_names(session, table) for table in (Skill, Delegation, Stage))
    coaches = _coaches(session, select(Entry.id).where(*which))
    return [
        Row(
            entry_id=one.id,
            skill=codes[one.skill_id],
            skill_names=skills[one.skill_id],
            delegation=delegations[one.delegation_id],
            stage=stages.get(one.stage_id, ("", "")),
            state=one.state,
            is_reserve=one.is_reserve,
            workstation=one.workstation,
            person_id=one.person_id,
            person=one.name or "",
            sex=one.sex or "",
            born_on=one.born_on,
            id_masked=one.id_masked or "",
            affiliation=one.affiliation or "",
            status=one.status or "",
            local_years=one.local_years,
            coaches=coaches.get(one.id, ""),
        )
        for one in found
    ]


def questions(
    session: Session, wanted: Wish, within: Collection[int] | None
) -> tuple[list[Field], Callable[[Row, Field], Names]]:
    """The extra questions of the one skill that a list is narrowed to, and what a row's entry,
    person and coaches answered, in words, personal answers masked."""
    skill_id = session.scalar(select(Skill.id).where(Skill.code == wanted.skill))
    form = forms.current(session, skill_id) if skill_id is not None else Form()
    entries = session.scalars(
        select(Entry)
        .where(*conditions(wanted, within))
        .options(
            selectinload(Entry.members).joinedload(Member.person), selectinload(Entry.coaches)
        )
    ).all() if form.fields else []  # fmt: skip
    stand = answers.of_entries(session, entries, form)

    def said(row: Row, question: Field) -> Names:
        each = []
        for one in stand.get(row.entry_id, []):
            if one.subject.person_id not in (None, row.person_id) or question not in one.asked:
                continue
            count = len(one.files.get(question.key, ()))
            words = (f"{count} 份文件", f"{count} file(s)") if count else one.shown(question)
            if words[0] and one.subject.role == "coach":
                words = (f"{one.subject.name}：{words[0]}", f"{one.subject.name}: {words[1]}")
            each.append(words)
        told = [words for words in each if words[0]]
        return "；".join(zh for zh, _ in told), "; ".join(en for _, en in told)

    return list(form.fields), said


def _names(
    session: Session, table: type[Skill] | type[Delegation] | type[Stage]
) -> dict[int, Names]:
    rows = session.execute(select(table.id, table.name_zh, table.name_en))
    return {row[0]: (row[1], row[2]) for row in rows}


def _coaches(session: Session, of: Select[int]) -> dict[int, str]:
    rows = session.execute(
        select(Coach.entry_id, Coach.name).where(Coach.entry_id.in_(of)).order_by(Coach.id)
    )
    found: dict[int, str] = {}
    for entry_id, name in rows:
        found[entry_id] = f"{found[entry_id]}、{name}" if entry_id in found else name
    return found
