"""The extra questions of a skill: which version counts, and what each changed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from competition.models import Account, FormVersion
from competition.rules import forms as rules
from competition.rules import forms_words as words
from competition.rules.forms import Form
from competition.rules.forms_words import Sentence


@dataclass(frozen=True, slots=True)
class Version:
    """One version as people read it; `changed` says in words what differs from the one before."""

    number: int
    form: Form
    reason: str
    by: str
    at: datetime
    changed: list[list[Sentence]]


def current(session: Session, skill_id: int) -> Form:
    """The questions that count; none where none were adopted."""
    row = newest_row(session, skill_id)
    return read(row) if row else Form()


def newest(session: Session, skill_ids: Collection[int] | None = None) -> dict[int, Form]:
    """Skill → its questions, for those (or all) skills that ask some."""
    last = select(FormVersion.skill_id, func.max(FormVersion.version).label("version")).group_by(
        FormVersion.skill_id
    )
    if skill_ids is not None:
        last = last.where(FormVersion.skill_id.in_(skill_ids))
    found = last.subquery()
    rows = session.scalars(
        select(FormVersion).join(
            found,
            (FormVersion.skill_id == found.c.skill_id) & (FormVersion.version == found.c.version),
        )
    )
    forms = {row.skill_id: read(row) for row in rows}
    return {skill_id: form for skill_id, form in forms.items() if form.fields}


def versions(session: Session, skill_id: int) -> list[Version]:
    """Every version, the newest first."""
    found = session.execute(
        select(FormVersion, Account.label)
        .outerjoin(Account, Account.id == FormVersion.made_by)
        .where(FormVersion.skill_id == skill_id)
        .order_by(FormVersion.version)
    )
    out: list[Version] = []
    for row, label in found:
        form, before = read(row), out[-1].form if out else Form()
        changed = [words.sentences(x, before, form) for x in rules.differences(before, form)]
        out.append(Version(row.version, form, row.reason, label or "", row.at, changed))
    return out[::-1]


def newest_row(session: Session, skill_id: int) -> FormVersion | None:
    """The row of the version that counts."""
    return session.scalar(
        select(FormVersion)
        .where(FormVersion.skill_id == skill_id)
        .order_by(FormVersion.version.desc())
        .limit(1)
    )


def read(row: FormVersion) -> Form:
    """The questions of a row."""
    found = rules.read(row.body)
    if isinstance(found, list):  # what was adopted was read before: the code forgot a version
        raise TypeError(f"form {row.id} cannot be read: {found}")
    return found
