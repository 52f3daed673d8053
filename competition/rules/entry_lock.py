"""Whether the entries of a skill are locked at a moment: a state machine told by its acts.

    open → locked → open again, until a stated time or until it is locked again → locked …

An unlocking counts from when a second person granted it; when its time is over the lock that it
opened holds again, by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LockKind(StrEnum):
    """What an act does to the entries of its skills."""

    LOCK = "lock"
    UNLOCK = "unlock"


class LockState(StrEnum):
    """How the entries of a skill stand."""

    OPEN = "open"
    LOCKED = "locked"
    UNLOCKED = "unlocked"


@dataclass(frozen=True, slots=True)
class LockAct:
    """An act in force: `at` is from when; `until` only with an unlocking, None for as long as
    nobody locks again. `by` did it, or asked for it."""

    kind: LockKind
    at: datetime
    by: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How entries stand; `act` is what made them so, None where nothing ever did."""

    state: LockState
    act: LockAct | None = None

    @property
    def is_locked(self) -> bool:
        return self.state is LockState.LOCKED


NEVER = Standing(LockState.OPEN)


def standing(acts: Iterable[LockAct], at: datetime) -> Standing:
    """How the acts of one skill, in the order in which they came into force, leave it."""
    found, lock = NEVER, None
    for act in acts:
        if act.kind is LockKind.LOCK:
            lock = act
            found = Standing(LockState.LOCKED, act)
        elif lock is not None and (act.until is None or at < act.until):
            found = Standing(LockState.UNLOCKED, act)
        elif lock is not None:
            found = Standing(LockState.LOCKED, lock)
    return found
