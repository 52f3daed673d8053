"""How places and medals of one skill are found: its ranking rules as data, with three presets.

Plain values come from a skill's rules (`competition/rules/skill_rules.py`) or from anywhere else;
nothing here is code of one event. Sources: marking-rules.md, “Places, medals, ties”. What is open
there is a field here: `window` (read for the 500 scale, assumed for 700), `small_fields` (one real
set), `disqualified_in_field`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

PARTS = ("criterion", "module")
FIGURES = ("time", "vote")
TIE_BREAKS = (*PARTS, *FIGURES, "ruling")


class Taking(StrEnum):
    """How an entry takes part. Only who competes has a place."""

    COMPETES = "competes"
    OUT = "out"  # out of competition: a total, but no place, and no part in the field
    NO_SHOW = "no_show"
    DISQUALIFIED = "disqualified"


@dataclass(frozen=True, slots=True)
class Result:
    """What one entry brings to the standings; a team is one entry.

    `key` is neutral (a code or an alias). `parts`: marks in hundredths by (kind, name), such as
    ("criterion", "C"). `seconds` worked, `votes` of the panel for this entry among the tied, and
    `ruled`, its rank among the tied by a signed ruling: None while nobody has recorded them.
    """

    key: str
    total: int
    parts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    seconds: int | None = None
    votes: int | None = None
    ruled: int | None = None
    taking: Taking = Taking.COMPETES
    people: int = 1


@dataclass(frozen=True, slots=True)
class TieBreak:
    """One step of the list: `parts` names criteria or modules in the order in which they are
    compared; without names, the one with most marks first, then the next."""

    by: str
    parts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.by not in TIE_BREAKS or (self.parts and self.by not in PARTS):
            raise ValueError(f"no such tie-break: {self.by} {self.parts}")


# At least so many in the field → so many kinds of medals; below the last line the skill is void.
SMALL_FIELDS = ((6, 3), (5, 2), (4, 1))


@dataclass(frozen=True, slots=True)
class RankingRules:
    """The rules by which one skill's totals become places and awards."""

    shared_places: bool
    ties: tuple[TieBreak, ...]
    medals: str  # "worldskills", "china", or "none" while a board is provisional
    scale: str  # "none" or a name of `scale.SCALES`
    window: int = 2  # scale points within which medals tie
    small_fields: tuple[tuple[int, int], ...] = SMALL_FIELDS
    merit_share: int = 50  # per cent of the field, inclusive, that get 优胜奖 or better
    disqualified_in_field: bool = True  # who took part makes the field, whatever came of it

    def __post_init__(self) -> None:
        if self.medals not in ("worldskills", "china", "none"):
            raise ValueError(f"no such medal rule: {self.medals}")
        if self.medals == "china" and self.shared_places:
            raise ValueError("under the Chinese rule places are never shared")


def ranking(
    *,
    shared_places: bool,
    ties: Iterable[str | Mapping[str, Any]],
    medals: str,
    scale: str,
    **more: Any,  # noqa: ANN401 - the other fields of RankingRules, as they are
) -> RankingRules:
    """Rules from plain values; a tie-break is a word, or {"by": "module", "parts": ["C", "A"]}."""
    steps = tuple(
        TieBreak(one) if isinstance(one, str) else TieBreak(one["by"], tuple(one.get("parts", ())))
        for one in ties
    )
    return RankingRules(shared_places, steps, medals, scale, **more)


PRESETS: Mapping[str, RankingRules] = {
    "worldskills": ranking(
        shared_places=True,
        ties=("vote", "ruling"),
        medals="worldskills",
        scale="worldskills-700",
    ),
    "national": ranking(
        shared_places=False, ties=("criterion", "time", "ruling"), medals="china", scale="none"
    ),
    "provincial": ranking(
        shared_places=False, ties=("criterion", "time", "ruling"), medals="china", scale="none"
    ),
}

# While marks still come in: equal totals share a place, and nobody has won anything.
PROVISIONAL = ranking(shared_places=True, ties=(), medals="none", scale="none")
