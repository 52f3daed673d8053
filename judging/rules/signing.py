"""签字: what a sheet still lacks before it is signed off, step by step (ux.md 1.16), and what
exactly is signed.

A sheet is one sub-criterion × one code, with both kinds of aspects. Its steps: every mark given
and settled, the measurements confirmed, every judge on duty, the competitor where the skill's
rules ask for it, the chief judge.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import sha256

from judging.rules.marks import Mark

JUDGE, COMPETITOR, CHIEF = "judge", "competitor", "chief"
STATES = ("marking", "judges", "competitor", "chief", "signed")  # in their order


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a sheet stands on its way. `judges`: who of the panel still has to sign; `state`:
    one of `STATES`, the step that comes next."""

    unmarked: tuple[str, ...]
    differing: tuple[str, ...]
    unconfirmed: bool
    judges: tuple[int, ...]
    competitor: bool
    chief: bool

    @property
    def is_complete(self) -> bool:
        """Nothing is missing but signatures."""
        return not (self.unmarked or self.differing or self.unconfirmed)

    @property
    def state(self) -> str:
        if not self.is_complete:
            return "marking"
        if self.judges:
            return "judges"
        if self.competitor:
            return "competitor"
        return "chief" if self.chief else "signed"


def standing(
    marks: Iterable[tuple[str, Mark]],
    *,
    confirmed: bool,
    panel: Collection[int],
    signed: Collection[tuple[str, int | None]],
    competitor_signs: bool,
) -> Standing:
    """`marks`: (aspect's code, mark) of the sheet; `confirmed`: its measurements are, or it has
    none; `signed`: (role, account) of the signatures in force."""
    marks = list(marks)
    differing = tuple(code for code, mark in marks if _differs(mark))
    roles = {role for role, _ in signed}
    judges = {account for role, account in signed if role == JUDGE}
    return Standing(
        unmarked=tuple(c for c, mark in marks if not mark.settled and c not in differing),
        differing=differing,
        unconfirmed=not confirmed,
        judges=tuple(judge for judge in panel if judge not in judges),
        competitor=competitor_signs and COMPETITOR not in roles,
        chief=CHIEF not in roles,
    )


def _differs(mark: Mark) -> bool:
    return bool(
        (mark.measured and mark.measured.differing) or (mark.ballot and mark.ballot.needs_new_vote)
    )


def digest(work: str, sheet: str, marks: Iterable[tuple[str, int, Mark]]) -> str:
    """SHA-256 of what is signed: each aspect's code, maximum, mark and votes, in order."""
    lines = [
        [code, most, mark.value, sorted(mark.ballot.current.votes.items()) if mark.ballot else None]
        for code, most, mark in marks
    ]
    text = json.dumps([work, sheet, lines], ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
