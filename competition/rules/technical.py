"""Versions of a technical file: which are public on a day, and what differs line by line."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Protocol, TypeVar

AROUND = 3  # lines that stay the same, shown around what differs


class Published(Protocol):
    @property
    def version(self) -> int: ...

    @property
    def publish_on(self) -> date: ...


Some = TypeVar("Some", bound=Published)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a difference: `kind` is "same", "gone", "new" or "skip" (some that are the same
    are left out); the numbers are those of the older and the newer text."""

    kind: str
    before: int | None
    after: int | None
    text: str


def public(versions: Iterable[Some], today: date) -> list[Some]:
    """Those that came out by a day, the newest first. A version whose day lies after that of a
    later one was overtaken before it came out, and never does."""
    found: list[Some] = []
    soonest: date | None = None
    for one in sorted(versions, key=lambda one: -one.version):
        if soonest is None or one.publish_on <= soonest:
            soonest = one.publish_on
            if one.publish_on <= today:
                found.append(one)
    return found


def differences(before: str, after: str) -> list[Line]:
    """What became of a text, line by line; long stretches that stayed are left out."""
    old, new = before.splitlines(), after.splitlines()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    lines: list[Line] = []
    for group in matcher.get_grouped_opcodes(AROUND):
        if group[0][1] or group[0][3]:
            lines.append(Line("skip", None, None, ""))
        for tag, a, a_end, b, b_end in group:
            if tag == "equal":
                lines += [Line("same", a + n + 1, b + n + 1, old[a + n]) for n in range(a_end - a)]
            else:
                lines += [Line("gone", n + 1, None, old[n]) for n in range(a, a_end)]
                lines += [Line("new", None, n + 1, new[n]) for n in range(b, b_end)]
    return lines
