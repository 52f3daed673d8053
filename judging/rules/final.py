"""The final standings of one skill as a whole: places, scale scores and awards by its rules.

Pages, files, the simulator and the tables of delegations all take them from here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil

from judging.rules import medals, scale
from judging.rules.medals import Award, Given
from judging.rules.ranking import RankingRules, Result, Taking
from judging.rules.scale import Fitted
from judging.rules.standings import Standing, standings
from judging.rules.ties import Maxima


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its standing, its score on the skill's scale (None without one), its award."""

    standing: Standing
    score: int | None
    given: Given

    @property
    def key(self) -> str:
        return self.standing.key


@dataclass(frozen=True, slots=True)
class Final:
    """The standings of a skill in order. `size`: how many took part; `fitted`: the scale as it
    lies over this field, None where the rules name none. `by_score`: medals were compared by
    scale scores; else, where the scale cannot tell results apart or there is none, by totals."""

    rules: RankingRules
    lines: tuple[Line, ...]
    size: int
    fitted: Fitted | None
    by_score: bool

    def line(self, key: str) -> Line:
        """The line of one entry."""
        return next(line for line in self.lines if line.key == key)

    def of(self, award: Award) -> list[Line]:
        """The lines that have this award, in order."""
        return [line for line in self.lines if line.given.award is award]

    @property
    def is_void(self) -> bool:
        """Too few took part: there are places, but nobody wins anything."""
        return self.rules.medals != "none" and not medals.kinds(self.size, self.rules)

    @property
    def undecided(self) -> list[Line]:
        """Lines whose place waits for a figure, a vote or a signed ruling."""
        return [line for line in self.lines if line.standing.needs]


def final(results: Iterable[Result], rules: RankingRules, maxima: Maxima | None = None) -> Final:
    """Places, scores and awards of one skill."""
    lines = standings(results, rules, maxima)
    fitted = fit(lines, rules.scale)
    scores: dict[str, int] = {}
    if fitted is not None:
        scores = {line.key: fitted.score(line.total) for line in lines if has_result(line)}
    by_score = fitted is not None and fitted.distance > 0
    if fitted is not None and by_score:
        given = medals.awards(lines, rules, scores, fitted.scale.centre)
    else:  # medals tie at equal totals only, and the centre is the median total
        totals = [line.total for line in lines if line.place is not None]
        centre = ceil(scale.median(totals)) if totals else 0
        figures = {line.key: line.total for line in lines}
        given = medals.awards(lines, replace(rules, window=0), figures, centre)
    return Final(
        rules,
        tuple(Line(line, scores.get(line.key), given[line.key]) for line in lines),
        medals.field_size(lines, rules),
        fitted,
        by_score,
    )


def fit(lines: Iterable[Standing], name: str) -> Fitted | None:
    """The scale of that name over those who compete; None for "none"."""
    wanted = scale.scale(name)
    if wanted is None:
        return None
    return wanted.over(line.total for line in lines if line.place is not None)


def has_result(line: Standing) -> bool:
    """Whether a total of this line is worth a score: it competes, in or out of competition."""
    return line.result.taking in (Taking.COMPETES, Taking.OUT)
