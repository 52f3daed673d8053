"""Read: what somebody is to a skill at this moment: on duty there, kept apart, bound to works.

Asked at every mark: a roster, a grant or a coach may have come since the panel was last looked at.
"""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from competition import conflicts, separation
from competition.models import Grant, Role
from competition.moment import now
from competition.prepared import Prepared
from competition.rules.duties import Conflict

_ON_DUTY = (
    select(Grant.id)
    .where(Grant.skill_id == bindparam("skill"), Grant.account_id == bindparam("account"))
    .where(Grant.role == Role.JUDGE, Grant.held(bindparam("at")))
)
_IS_ON_DUTY = Prepared(_ON_DUTY)
# One question; only where the answer is yes is looked what it is.
_STANDING = Prepared(
    select(*(one.exists() for one in (_ON_DUTY, separation.IN_QUESTION, conflicts.BOUND)))
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One judge in one skill. `apart`: what separates their duties; `bound`: the entries to which
    data binds them, overridden or not."""

    on_duty: bool
    apart: Conflict | None
    bound: frozenset[int]


def is_on_duty(session: Session, skill_id: int, judge_id: int) -> bool:
    """Whether somebody may mark in a skill at this moment."""
    asked = {"skill": skill_id, "account": judge_id, "at": now()}
    return _IS_ON_DUTY.first(session, asked) is not None


def standing(session: Session, skill_id: int, judge_id: int) -> Standing:
    """What a judge is to a skill; one query where nothing is in the way."""
    asked = {"skill": skill_id, "account": judge_id, "at": now()}
    found = _STANDING.first(session, asked)
    assert found is not None
    on_duty, in_question, is_bound = found
    return Standing(
        bool(on_duty),
        separation.conflict_at_act(session, judge_id, Role.JUDGE, skill_id)
        if in_question
        else None,
        conflicts.live(session, skill_id, judge_id) if is_bound else frozenset(),
    )
