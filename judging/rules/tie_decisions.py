"""What a chief judge decides of ties after the lock: which figures count, and who is still tied."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from judging.rules.final import Final, Line
from judging.rules.ranking import RankingRules

BY = ("time", "vote", "ruling")
MOST_SECONDS = 7 * 24 * 3600

Figures = Mapping[str, Mapping[int, int]]  # by what → entry → its figure
Sentence = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Tie:
    """Lines of one total that no figure sets apart. `lacks`: what the list asks for next;
    `is_open`: their places wait for it, else they are shared."""

    lines: tuple[Line, ...]
    lacks: str
    is_open: bool

    @property
    def codes(self) -> list[str]:
        return [line.key for line in self.lines]


def steps(rules: RankingRules) -> list[str]:
    """The steps of a skill's list that somebody has to supply, in its order."""
    return [one.by for one in rules.ties if one.by in BY]


def counting(given: Iterable[tuple[str, Mapping[int, int]]], order: Sequence[str]) -> Figures:
    """The figures that count of decisions in their order: the newest of each entry. One that comes
    earlier in the list ends what was decided after it in the list among the same entries."""
    out: dict[str, dict[int, int]] = {by: {} for by in BY}
    for by, figures in given:
        out = without(out, by, figures, order)
        out[by].update(figures)
    return out


def without(
    figures: Figures, by: str, entries: Collection[int], order: Sequence[str]
) -> dict[str, dict[int, int]]:
    """The figures less those of some entries in this step and later ones: what a decision among
    them is made on, the first as well as one that corrects it."""
    gone = {by, *(order[order.index(by) + 1 :] if by in order else ())}
    return {
        one: {entry: n for entry, n in kept.items() if one not in gone or entry not in entries}
        for one, kept in figures.items()
    }


def ties(board: Final) -> list[Tie]:
    """Who is tied on a board and could be set apart, in order."""
    able = set(steps(board.rules))
    tied = [line for line in board.lines if line.standing.lacks in able]
    return [
        Tie(tuple(lines), lacks, is_open)
        for (_place, lacks, is_open), lines in groupby(
            tied,
            key=lambda line: (
                line.standing.place, line.standing.lacks, bool(line.standing.needs)
            ),
        )
    ]  # fmt: skip


def may_decide(found: Iterable[Tie], codes: Collection[str], by: str, order: Sequence[str]) -> bool:
    """Whether exactly these are tied, and what the list asks for next is this, or a ruling: who
    signs one knows what was missing (`ties`)."""
    return by in order and any(
        set(tie.codes) == set(codes) and by in (tie.lacks, "ruling") for tie in found
    )


def wrong_figures(by: str, figures: Collection[int], judges: int) -> Sentence | None:
    """What is wrong with the figures of a decision; None when nothing is."""
    if by == "time":
        if any(not 0 < one <= MOST_SECONDS for one in figures):
            return (
                "用时应为正数，不超过 7 天，例如 4:37:12 或 16632（秒）。",
                "A working time is above zero and at most 7 days, such as 4:37:12, or 16632"
                " seconds.",
            )
        return None
    if by == "vote":
        if any(one < 0 for one in figures) or not 0 < sum(figures) <= judges:
            return (
                f"票数应为 0 或正整数，合计至少 1 票，不超过裁判组的 {judges} 人。",
                f"Votes are whole numbers from 0; together at least 1 and no more than the {judges}"
                " judges of the panel.",
            )
        return None
    if sorted(figures) != list(range(1, len(figures) + 1)):
        return (
            f"请给每个作品排一个先后，从 1 到 {len(figures)}，不重复。",
            f"Give each work its rank, from 1 to {len(figures)}, each once.",
        )
    return None
