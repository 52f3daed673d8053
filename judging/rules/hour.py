"""The skill of the hour (焦点赛项): of the skills at work, the one whose public board moved most.

Chosen from public documents and from when they changed, so it tells nothing of a board that is
hidden or frozen: such a board does not move.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from judging.rules.visibility import is_frozen

Body = Mapping[str, Any]

AT_WORK = ("running", "paused", "checking")
WINDOW = 60  # minutes that are looked back on
STEP = 5  # minutes a choice stands, so that a hall's screen does not flutter


@dataclass(frozen=True, slots=True, order=True)
class Moved:
    """In how many minutes of the window the public saw another board, and the last of them."""

    minutes: int
    last: int


NEVER = Moved(0, 0)


def asked(bodies: Iterable[Body]) -> list[str]:
    """The skills that can be chosen, by code: at work, with a line that has something to show."""
    return [
        body["skill"]["code"]
        for body in bodies
        if body["state"] in AT_WORK
        and not is_frozen(body)
        and any(line["released"] for line in body["standings"])
    ]


def window(minute: int) -> tuple[int, int]:
    """The first minute that a choice made at this one looks at, and the first it does not: what is
    chosen hangs on nothing that still changes, so every process chooses alike."""
    upto = minute - minute % STEP
    return upto - WINDOW, upto


def chosen(codes: Iterable[str], moved: Mapping[str, Moved]) -> str:
    """The one that moved in most minutes; of those alike the one that moved last, then the first
    code. Nothing where no skill is at work."""
    return max(sorted(codes), key=lambda code: moved.get(code, NEVER), default="")
