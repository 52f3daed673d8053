"""Read: skills whose board would show less than who chooses its terms may think."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from competition import clocks
from competition.models import Skill
from competition.moment import now
from judging import aspects
from judging.aspects import AspectFacts
from judging.rules.release import Terms
from judging.rules.visibility import Shown, counts


@dataclass(frozen=True, slots=True)
class Bare:
    """`unmarked`: under automatic marks, without an aspect that they could come from, so that every
    line stays bare until the lock. `unplaced`: only so many places are to be told, and the work has
    not begun: nobody has a place, and the board is empty until marks are out."""

    unmarked: tuple[Skill, ...] = ()
    unplaced: tuple[Skill, ...] = ()


def bare(session: Session, skills: Sequence[Skill], terms: Terms) -> Bare:
    """Which of these skills are such under these terms. A locked one shows everything."""
    unlocked = [one for one in skills if one.locked_at is None]
    ids = [one.id for one in unlocked]
    unmarked: tuple[Skill, ...] = ()
    unplaced: tuple[Skill, ...] = ()
    if terms.policy == "automatic":
        known = aspects.aspects_of_all(session, ids)
        unmarked = tuple(
            one for one in unlocked if not any(_may_show(aspect) for aspect in known[one.id])
        )
    if terms.top is not None:
        at = clocks.situations(session, ids, now())
        unplaced = tuple(one for one in unlocked if not at[one.id].started)
    return Bare(unmarked, unplaced)


def _may_show(aspect: AspectFacts) -> bool:
    return counts(
        Shown.AUTOMATIC, kind=aspect.kind, is_automatic=aspect.is_automatic,
        settled=True, confirmed=True, by_judge=True,
    )  # fmt: skip
