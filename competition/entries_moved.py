"""Noting an act that moved entries in the chains of their skills, too.

Whatever shows a skill, boards and their files, cells, pages of its staff, follows the skill's own
chain and no other. So every verb that adds, changes, corrects or takes away entries, or the people
in them, calls this beside its own act, and nothing has to be told which of them did.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from competition import ledger
from competition.models import Entry

ACT = "entries.moved"


def skills_of(session: Session, which: ColumnElement[bool]) -> Iterable[int]:
    """The skills of some entries, for who does not know them already."""
    return session.scalars(select(Entry.skill_id).where(which).distinct())


def note(session: Session, skills: Iterable[int], *, subject: str, actor_id: int | None) -> None:
    """Inside the verb's transaction. A skill's chain names the subject only: what was done stands
    beside it in the competition's."""
    for skill_id in sorted(skills):
        ledger.append(
            session, act=ACT, subject=subject, body={}, actor_id=actor_id, skill_id=skill_id
        )
