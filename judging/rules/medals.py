"""Who gets gold, silver, bronze, a medallion or 优胜奖: by the rule of the skill.

WorldSkills (marking-rules.md, as of 2015 on the 500 scale, open for 700): whoever lies within two
scale points of the first of the tied is tied with that one. The Chinese rule: the first three
places, then the top half. Each answer carries the reason: the case, the figure, against whom.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from judging.rules.ranking import RankingRules, Taking
from judging.rules.standings import Standing


class Award(StrEnum):
    """What a place gives."""

    GOLD = "gold"
    SILVER = "silver"
    BRONZE = "bronze"
    MEDALLION = "medallion"  # WorldSkills Medallion for Excellence: at or above the centre
    MERIT = "merit"  # 优胜奖


MEDALS = (Award.GOLD, Award.SILVER, Award.BRONZE)


@dataclass(frozen=True, slots=True)
class Given:
    """The award of one line and why. `pending`: it hangs on a tie that is not decided.

    `case` names the sentence (standings_words.py); `mine` and `theirs` are its figures, `against`
    the key of whom the figure was compared with. `beside`: why it is not the medal above.
    """

    award: Award | None
    case: str
    mine: int = 0
    theirs: int = 0
    against: str = ""
    pending: bool = False
    beside: "Given | None" = None


def field_size(lines: Sequence[Standing], rules: RankingRules) -> int:
    """How many took part: no-shows and entries out of competition never count."""
    counted = {Taking.COMPETES}
    if rules.disqualified_in_field:
        counted.add(Taking.DISQUALIFIED)
    return sum(line.result.taking in counted for line in lines)


def kinds(size: int, rules: RankingRules) -> int:
    """How many kinds of medals a field of this size gets: 3, 2 (no bronze), 1 (gold), 0 (void)."""
    return next((medals for least, medals in rules.small_fields if size >= least), 0)


def awards(
    lines: Sequence[Standing], rules: RankingRules, scores: Mapping[str, int], centre: int
) -> dict[str, Given]:
    """The award of every line, by key. `scores` are compared for WorldSkills medals: scale scores,
    or the totals themselves where a skill has no scale."""
    placed = [line for line in lines if line.place is not None]
    given = {line.key: Given(None, line.result.taking.value) for line in lines if not line.place}
    if rules.medals == "none":
        return given | {line.key: Given(None, "provisional") for line in placed}
    size = field_size(lines, rules)
    open_kinds = kinds(size, rules)
    if not open_kinds:
        return given | {line.key: Given(None, "void", size) for line in placed}
    if rules.medals == "china":
        return given | _china(placed, rules, size, open_kinds)
    return given | _worldskills(placed, rules, scores, centre, size)


def _china(
    placed: Sequence[Standing], rules: RankingRules, size: int, open_kinds: int
) -> dict[str, Given]:
    """Places are never shared; a tie without its ruling leaves open what hangs on it."""
    given = {}
    for line in placed:
        assert line.place is not None and line.last is not None
        could = [
            _of_place(place, rules, size, open_kinds) for place in range(line.place, line.last + 1)
        ]
        if len({one.award for one in could}) == 1:
            given[line.key] = could[0]
        else:
            given[line.key] = Given(None, "pending", line.place, line.last, pending=True)
    return given


def _of_place(place: int, rules: RankingRules, size: int, open_kinds: int) -> Given:
    if place <= open_kinds:
        return Given(MEDALS[place - 1], "place", place)
    if place * 100 <= rules.merit_share * size:
        return Given(Award.MERIT, "half", place, size)
    if place <= len(MEDALS):
        return Given(None, "small", place, size)
    return Given(None, "below_half", place, size)


def _worldskills(
    placed: Sequence[Standing],
    rules: RankingRules,
    scores: Mapping[str, int],
    centre: int,
    size: int,
) -> dict[str, Given]:
    """The patterns of marking-rules.md, then medallions for whoever is left at the centre."""
    open_kinds = kinds(size, rules)
    keys = [line.key for line in placed]
    podium = _Podium(scores, rules.window)
    golds = podium.group(keys, Award.GOLD, "first")
    rest = keys[len(golds) :]
    if len(golds) >= 3:
        podium.near(rest, golds, Award.BRONZE, "three_golds", open_kinds)
    elif len(golds) == 2:
        if open_kinds >= 3:
            podium.group(rest, Award.BRONZE, "two_golds")
    elif open_kinds >= 2:
        silvers = podium.group(rest, Award.SILVER, "second")
        rest = rest[len(silvers) :]
        if len(silvers) >= 2:
            podium.near(rest, silvers, Award.BRONZE, "two_silvers", open_kinds)
        elif open_kinds >= 3:
            podium.group(rest, Award.BRONZE, "third")
    given = podium.given
    for line in placed:
        key, mine = line.key, scores[line.key]
        if key in given:
            continue
        refused = podium.refused.get(key)
        if line.place in (2, 3) and open_kinds < len(MEDALS):
            refused = Given(None, "small", line.place, size)
        if mine >= centre:
            given[key] = Given(Award.MEDALLION, "medallion", mine, centre, beside=refused)
        else:
            given[key] = Given(None, "below_centre", mine, centre, beside=refused)
    return given


class _Podium:
    """Medals as they are given out, best first. A tie reaches `window` points below the first of
    the tied and never further: it does not grow from one to the next."""

    def __init__(self, scores: Mapping[str, int], window: int) -> None:
        self.scores, self.window = scores, window
        self.given: dict[str, Given] = {}
        self.refused: dict[str, Given] = {}

    def group(self, keys: Sequence[str], award: Award, case: str) -> list[str]:
        """Give `award` to the first of `keys` and to all who are tied with that one."""
        if not keys:
            return []
        first = keys[0]
        top = self.scores[first]
        tied = [key for key in keys if top - self.scores[key] <= self.window]
        for key in tied:
            if key == first:
                self.given[key] = Given(award, case, top)
            else:
                self.given[key] = Given(award, f"{case}_tie", self.scores[key], top, first)
        return tied

    def near(
        self, keys: Sequence[str], last: Sequence[str], award: Award, case: str, open_kinds: int
    ) -> None:
        """Give `award` only to those within the window of the last of the medallists before."""
        before = last[-1]
        low = self.scores[before]
        for key in keys:
            mine = self.scores[key]
            if open_kinds >= 3 and low - mine <= self.window:
                self.given[key] = Given(award, f"{case}_near", mine, low, before)
            else:
                self.refused[key] = Given(None, f"{case}_far", mine, low, before)
