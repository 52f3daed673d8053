"""Tables of delegations: medals, points, averages, and the best of each delegation.

Points are 4, 3, 2, 1 for gold, silver, bronze and medallion or 优胜奖 (marking-rules.md). A team
counts as one entry. Averages are over the entries that took part; a delegation with few of them
stands apart, because one good result makes its average.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from judging.rules.final import Final, fit, has_result
from judging.rules.medals import Award
from judging.rules.ranking import Taking

POINTS: Mapping[Award, int] = {
    Award.GOLD: 4,
    Award.SILVER: 3,
    Award.BRONZE: 2,
    Award.MEDALLION: 1,
    Award.MERIT: 1,
}
SCALE = "worldskills-700"  # totals of different skills compare only on a scale
SMALL = 5  # fewer entries that took part: open, no document says where to draw the line


@dataclass(frozen=True, slots=True)
class Taken:
    """What one entry of a delegation achieved in one skill. `score` is None where there is no
    result to compare (disqualified, or a skill with too few entries)."""

    skill: str
    key: str
    delegation: str
    award: Award | None
    score: int | None
    people: int


@dataclass(frozen=True, slots=True)
class Row:
    """One delegation. `best`: its entries with its best score, more than one where they tie."""

    delegation: str
    entries: int
    awards: Mapping[Award, int]
    medallists: int  # people with gold, silver or bronze
    points: int
    total_score: int
    scored: int
    best: tuple[Taken, ...]

    @property
    def average_points(self) -> Fraction:
        return Fraction(self.points, self.entries) if self.entries else Fraction(0)

    @property
    def average_score(self) -> Fraction | None:
        return Fraction(self.total_score, self.scored) if self.scored else None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A row in a table: its place there, and whether others have it too."""

    place: int
    shared: bool
    row: Row


def taken(skill: str, board: Final, delegations: Mapping[str, str]) -> list[Taken]:
    """What the entries of one skill bring to the tables; `delegations` by key of the entry.

    Entries out of competition and no-shows bring nothing; a void skill counts for nobody.
    """
    if board.is_void:
        return []
    fitted = fit((line.standing for line in board.lines), SCALE)
    assert fitted is not None
    found = []
    for line in board.lines:
        result = line.standing.result
        if result.taking not in (Taking.COMPETES, Taking.DISQUALIFIED):
            continue
        score = fitted.score(result.total) if has_result(line.standing) else None
        found.append(
            Taken(
                skill,
                line.key,
                delegations[line.key],
                line.given.award,
                score,
                result.people,
            )
        )
    return found


def rows(delegations: Iterable[str], results: Iterable[Taken]) -> list[Row]:
    """One row per delegation, in the order given, also for who has nothing yet."""
    by_delegation: dict[str, list[Taken]] = {delegation: [] for delegation in delegations}
    for one in results:
        by_delegation.setdefault(one.delegation, []).append(one)
    return [_row(delegation, mine) for delegation, mine in by_delegation.items()]


def _row(delegation: str, mine: list[Taken]) -> Row:
    scores = [one.score for one in mine if one.score is not None]
    best = max(scores, default=None)
    won = Counter(one.award for one in mine if one.award is not None)
    medals = (Award.GOLD, Award.SILVER, Award.BRONZE)
    return Row(
        delegation,
        len(mine),
        {award: won[award] for award in Award},
        sum(one.people for one in mine if one.award in medals),
        sum(POINTS[award] * count for award, count in won.items()),
        sum(scores),
        len(scores),
        tuple(one for one in mine if best is not None and one.score == best),
    )


def _by_medals(row: Row) -> tuple[Fraction, ...]:
    """Gold first, then silver, then bronze, then medallions: one gold is worth any silvers."""
    won = row.awards
    few = won[Award.MEDALLION] + won[Award.MERIT]
    return tuple(Fraction(n) for n in (won[Award.GOLD], won[Award.SILVER], won[Award.BRONZE], few))


# What a table may be ordered by: higher figures first, compared one after another.
MEASURES: Mapping[str, Callable[[Row], tuple[Fraction, ...]]] = {
    "medals": _by_medals,
    "points": lambda row: (Fraction(row.points), *_by_medals(row)),
    "average_points": lambda row: (row.average_points,),
    "average_score": lambda row: (row.average_score or Fraction(0),),
    "total_score": lambda row: (Fraction(row.total_score),),
}
AVERAGES = ("average_points", "average_score")


def table(found: Iterable[Row], measure: str, small: int = SMALL) -> tuple[list[Ranked], list[Row]]:
    """The rows in the order of a measure, and apart from them those that are too small for it.

    Only averages set small delegations apart; equal figures share a place. A delegation that
    nobody represented stands in neither.
    """
    figure = MEASURES[measure]
    rest: list[Row] = []
    apart: list[Row] = []
    for row in found:
        if row.entries:
            (apart if measure in AVERAGES and row.entries < small else rest).append(row)
    ordered = sorted(rest, key=lambda row: row.delegation)
    ordered.sort(key=figure, reverse=True)  # stable: equal figures stay by code
    counts = Counter(figure(row) for row in ordered)
    ranked: list[Ranked] = []
    for index, row in enumerate(ordered, 1):
        same = ranked and figure(ranked[-1].row) == figure(row)
        place = ranked[-1].place if same else index
        ranked.append(Ranked(place, counts[figure(row)] > 1, row))
    return ranked, sorted(apart, key=lambda row: row.delegation)


def two_places(value: Fraction) -> str:
    """A figure with two decimals, halves up; it is not negative."""
    hundredths = (200 * value.numerator + value.denominator) // (2 * value.denominator)
    return f"{hundredths // 100}.{hundredths % 100:02}"
