"""Answers to a skill's extra questions: what stands for an entry, what is missing, writing them.

The caller of what writes holds the transaction. Personal answers lie sealed beside the others;
opening them for somebody's eyes is an act of its own (`answering.show`).
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, selectinload

from competition import forms
from competition.among import among
from competition.models import Answers, Entry, EvidenceFile, Member
from competition.moment import now
from competition.privacy import mask, vault
from competition.rules import form_answers as rules
from competition.rules.forms import ENTRY, Field, Form

SEALED_AS = "answers"
Said = Mapping[str, Mapping[str, Any]]  # subject → key → answer; None takes one away


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is asked. `id` as `Answers.subject`, `role` a word of `rules.forms.ROLES`; the entry as
    a whole has no name."""

    id: str
    role: str
    name: str = ""
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """How a subject stands: the questions that show, the answers, papers by question, and which
    needed ones are missing."""

    subject: Subject
    said: dict[str, Any]
    files: dict[str, list[EvidenceFile]]
    asked: list[Field]
    missing: list[Field]

    def shown(self, one: Field, *, opened: bool = False) -> tuple[str, str]:
        """An answer in words, a personal one masked unless it was `opened`."""
        words = rules.shown(one, self.said.get(one.key))
        if one.personal and not opened and words[0]:
            return mask(words[0]), mask(words[1])
        return words


@dataclass(slots=True)
class _Kept:
    said: dict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    files: dict[str, dict[str, list[EvidenceFile]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )


def subjects(entry: Entry) -> list[Subject]:
    """Whom the questions of an entry concern: the entry, its people, its coaches."""
    role = "reserve" if entry.is_reserve else "competitor"
    found = [Subject(ENTRY, ENTRY)]
    found += [
        Subject(f"p{one.person_id}", role, one.person.name, one.person_id) for one in entry.members
    ]
    names = dict.fromkeys(coach.name for coach in entry.coaches)
    return found + [Subject(of_coach(name), "coach", name) for name in names]


def of_coach(name: str) -> str:
    """The subject of a coach."""
    return "c" + hashlib.sha256(name.encode()).hexdigest()[:16]


def of_entry(session: Session, entry: Entry, form: Form | None = None) -> list[Answered]:
    """How every subject of an entry stands that is asked something, or could be."""
    form = forms.current(session, entry.skill_id) if form is None else form
    return of_entries(session, [entry], form)[entry.id]


def of_entries(session: Session, entries: Sequence[Entry], form: Form) -> dict[int, list[Answered]]:
    """The same for several entries of one skill."""
    kept = _kept(session, [one.id for one in entries]) if form.fields else defaultdict(_Kept)
    return {entry.id: _stand(entry, kept[entry.id], form) for entry in entries}


def _stand(entry: Entry, kept: _Kept, form: Form) -> list[Answered]:
    whole = kept.said[ENTRY]
    roles = {role for one in form.fields for role in one.roles}
    found = []
    for subject in subjects(entry):
        if subject.role not in roles:
            continue
        said, files = kept.said[subject.id], dict(kept.files[subject.id])
        asked = rules.asked(form, subject.role, said, whole)
        missing = rules.missing(form, subject.role, said, whole, files)
        found.append(Answered(subject, said, files, asked, missing))
    return found


def missing(session: Session, skill_id: int) -> dict[int, list[tuple[str, str]]] | None:
    """Entry → its unanswered needed questions in words, for the entries of a skill; None where it
    asks nothing."""
    form = forms.current(session, skill_id)
    if not form.fields:
        return None
    entries = session.scalars(_whole(Entry.skill_id == skill_id)).all()
    return {
        entry_id: [words for one in stand for words in _named(one)]
        for entry_id, stand in of_entries(session, entries, form).items()
    }


def _named(one: Answered) -> list[tuple[str, str]]:
    who = (f"{one.subject.name}：", f"{one.subject.name}: ") if one.subject.name else ("", "")
    return [(who[0] + what.zh, who[1] + what.en) for what in one.missing]


def recount(session: Session, skill_ids: Iterable[int]) -> None:
    """Count anew what is missing in skills that ask something, or did."""
    asking = forms.newest(session)
    for skill_id in sorted(set(skill_ids)):
        form = asking.get(skill_id, Form())
        entries = session.scalars(
            _whole(Entry.skill_id == skill_id, (Entry.answers_missing > 0) | bool(form.fields)),
            execution_options={"populate_existing": True},
        ).all()
        for entry_id, stand in of_entries(session, entries, form).items():
            session.get_one(Entry, entry_id).answers_missing = sum(len(x.missing) for x in stand)
    session.flush()


def at_first(form: Form, is_reserve: bool, people: int, coaches: int) -> int:
    """How many needed questions have no answer at an entry that was just made."""
    if not form.fields:
        return 0
    roles = {ENTRY: 1, "reserve" if is_reserve else "competitor": people, "coach": coaches}
    return sum(many * len(rules.missing(form, role, {})) for role, many in roles.items())


def _whole(*which: ColumnElement[bool]) -> Select[Entry]:
    """Entries with their people and coaches."""
    return (
        select(Entry)
        .where(*which)
        .options(selectinload(Entry.members).joinedload(Member.person), selectinload(Entry.coaches))
    )


def recount_touched(session: Session, entry_ids: Collection[int]) -> None:
    """The same for the skills of entries that were written past the session."""
    asking = forms.newest(session) if entry_ids else {}
    if asking:
        touched = select(Entry.skill_id).where(
            Entry.skill_id.in_(asking), among(Entry.id, entry_ids)
        )
        recount(session, session.scalars(touched.distinct()).all())


def recount_entry(session: Session, entry: Entry) -> None:
    """The same for one entry."""
    session.flush()
    session.expire(entry, ["members", "coaches"])
    entry.answers_missing = sum(len(one.missing) for one in of_entry(session, entry))


def write(session: Session, entry: Entry, said: Said) -> None:
    """Put answers beside those that stand. What no longer shows then is not kept."""
    form = forms.current(session, entry.skill_id)
    rows = {
        row.subject: row
        for row in session.scalars(select(Answers).where(Answers.entry_id == entry.id))
    }
    people = {one.id: one for one in subjects(entry)}
    values = {id_: _opened(rows[id_]) if id_ in rows else {} for id_ in people}
    for id_, own in said.items():
        values[id_] = {k: v for k, v in (values[id_] | dict(own)).items() if v is not None}
    for id_, own in values.items():
        shows = {f.key: f for f in rules.asked(form, people[id_].role, own, values[ENTRY])}
        kept = {key: value for key, value in own.items() if key in shows}
        if not kept and id_ not in rows:
            continue
        row = rows.get(id_)
        if row is None:
            row = Answers(entry_id=entry.id, subject=id_, person_id=people[id_].person_id)
            session.add(row)
        sealed = {key: value for key, value in kept.items() if shows[key].personal}
        row.said = {key: value for key, value in kept.items() if key not in sealed}
        row.sealed = seal(sealed) if sealed else None
        row.at = now()
    recount_entry(session, entry)


def move(session: Session, source: Entry, target: Entry, person_id: int) -> None:
    """A person's answers go along from one entry to another; what was answered for them there
    before gives way."""
    asked = select(Answers).where(Answers.person_id == person_id)
    moving = session.scalars(asked.where(Answers.entry_id == source.id)).one_or_none()
    papers = session.scalars(
        select(EvidenceFile).where(
            EvidenceFile.entry_id == source.id,
            EvidenceFile.answers_to.startswith(f"p{person_id}.", autoescape=True),
        )
    )
    for paper in papers:
        paper.entry_id = target.id
    if moving is None:
        return
    for old in session.scalars(asked.where(Answers.entry_id == target.id)):
        session.delete(old)
    session.flush()
    moving.entry_id = target.id


def seal(values: Mapping[str, Any]) -> bytes:
    """Answers or a draft under the identity key."""
    return vault().seal(SEALED_AS, json.dumps(values, ensure_ascii=False))


def unseal(sealed: bytes) -> dict[str, Any]:
    """What `seal` was given."""
    found: dict[str, Any] = json.loads(vault().open(SEALED_AS, sealed))
    return found


def _opened(row: Answers) -> dict[str, Any]:
    return row.said | (unseal(row.sealed) if row.sealed else {})


def _kept(session: Session, entry_ids: Collection[int]) -> dict[int, _Kept]:
    found: dict[int, _Kept] = defaultdict(_Kept)
    for row in session.scalars(select(Answers).where(Answers.entry_id.in_(entry_ids))):
        found[row.entry_id].said[row.subject] = _opened(row)
    papers = select(EvidenceFile).where(
        EvidenceFile.entry_id.in_(entry_ids),
        EvidenceFile.answers_to.is_not(None),
        EvidenceFile.removed_at.is_(None),
    )
    for paper in session.scalars(papers.order_by(EvidenceFile.id)):
        subject, _, key = (paper.answers_to or "").partition(".")
        found[paper.entry_id].files[subject][key].append(paper)
    return found
