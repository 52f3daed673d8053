"""What the public may see of a skill: the one policy (decisions 1 to 4).

HTML, JSON, sockets and exports all show the document that is built from these answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Shown(StrEnum):
    """How much of the marks a board shows now."""

    NOTHING = "nothing"
    AUTOMATIC = "automatic"  # machine-checked aspects that a judge has confirmed by a tap
    CONFIRMED = "confirmed"  # measurements of confirmed sheets, judgements all have agreed on
    ALL = "all"  # the skill is locked
    AS_IT_WAS = "as_it_was"  # frozen: the last document stays


@dataclass(frozen=True, slots=True)
class Policy:
    """The facts the policy is decided from. `working`: somebody's personal time still runs, or
    nobody's has begun."""

    release: str
    locked: bool
    working: bool


def shown(policy: Policy) -> Shown:
    """How much the public sees. Hidden stays hidden even after the lock, until released."""
    if policy.release == "frozen":
        return Shown.AS_IT_WAS
    if policy.release == "hidden":
        return Shown.NOTHING
    if policy.locked:
        return Shown.ALL
    if policy.release == "automatic":
        return Shown.NOTHING if policy.working else Shown.AUTOMATIC
    return Shown.CONFIRMED


def counts(
    level: Shown, *, kind: str, is_automatic: bool, settled: bool, confirmed: bool, by_judge: bool
) -> bool:
    """Whether one mark is part of what is shown.

    `confirmed`: the aspect's sheet carries a second judge's confirmation. `by_judge`: a judge gave
    or confirmed the value (a bare proposal of the machine is never shown).
    """
    if not settled or not by_judge:
        return False
    if level is Shown.ALL:
        return True
    if level is Shown.AUTOMATIC:
        return is_automatic and kind == "M"
    if level is Shown.CONFIRMED:
        return kind == "J" or confirmed
    return False


def shown_state(body: Mapping[str, Any]) -> str:
    """The state that a public document is shown under: "undecided" where it is locked but places
    wait for the chief judge, which are no official results; else its own."""
    waits = body["state"] == "final" and any(one.get("undecided") for one in body["standings"])
    return "undecided" if waits else str(body["state"])


def state(
    *,
    started: bool,
    working: bool,
    paused: bool,
    frozen: bool,
    locked: bool,
    hidden: bool = False,
) -> str:
    """The state word of a board: not_started, running, paused, frozen, checking or final. Locked
    results that are kept back are no official results yet. Whether people work is a fact of the
    hall, which a freeze does not hide; what follows from marks or the lock it does."""
    if locked and not frozen:
        return "checking" if hidden else "final"
    if not started:
        return "not_started"
    if working:
        return "paused" if paused else "running"
    return "frozen" if frozen else "checking"


def is_official(body: Mapping[str, Any]) -> bool:
    """Whether a public document tells results as official. A later freeze leaves it so: what was
    public stays as it is, and only what was not yet official waits for the reveal."""
    return bool(body["release"] == "final")


def is_frozen(body: Mapping[str, Any]) -> bool:
    """Whether a public document's lines stand as they were at a freeze, whatever its skill does."""
    return bool(body["release"] == "frozen")
