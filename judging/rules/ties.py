"""Equal totals: the ordered list of tie-breaks, applied one after another to who is still tied.

A step that lacks a figure of somebody (a working time that nobody recorded) does not decide, and
no later step may decide in its stead, but for a signed ruling: who signed knew what was missing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from judging.rules.ranking import PARTS, RankingRules, Result, TieBreak

# The parts of the scheme by kind: (name, maximum in hundredths), in the scheme's order.
Maxima = Mapping[str, Sequence[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Split:
    """What set an entry apart from others of the same total: by which step, and by which figures.

    `part` is the criterion or module compared. `ahead`: this entry stands before the others.
    """

    by: str
    part: str
    mine: int
    theirs: int
    against: tuple[str, ...]
    ahead: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """A group of equal totals in its final order: blocks of who remains tied.

    `splits` say, by key, what set each apart from the blocks beside its own. `needs` says, by key,
    what is missing where the list did not decide ("time", "vote", "ruling"; "" where the list
    simply ends).
    """

    blocks: tuple[tuple[Result, ...], ...]
    splits: Mapping[str, tuple[Split, ...]]
    needs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Step:
    """One comparison: a figure of an entry, None where nobody recorded it."""

    by: str
    part: str
    lowest_first: bool
    figure: Callable[[Result], int | None]


def settle(group: Sequence[Result], rules: RankingRules, maxima: Maxima) -> Settled:
    """Order a group of equal totals; who stays tied is listed by key, which is neutral."""
    steps = [step for tie in rules.ties for step in _steps(tie, maxima)]
    needs: dict[str, str] = {}
    blocks: list[tuple[Result, ...]] = []
    borders: list[_Step] = []
    _settle(sorted(group, key=lambda one: one.key), steps, blocks, borders, needs)
    splits: dict[str, list[Split]] = {one.key: [] for one in group}
    for index, step in enumerate(borders):
        before, after = blocks[index], blocks[index + 1]
        high, low = _known(step, before[0]), _known(step, after[0])
        for one in before:
            keys = tuple(other.key for other in after)
            splits[one.key].append(Split(step.by, step.part, high, low, keys, True))
        for one in after:
            keys = tuple(other.key for other in before)
            splits[one.key].append(Split(step.by, step.part, low, high, keys, False))
    return Settled(tuple(blocks), {key: tuple(found) for key, found in splits.items()}, needs)


def _settle(
    group: Sequence[Result],
    steps: Sequence[_Step],
    blocks: list[tuple[Result, ...]],
    borders: list[_Step],
    needs: dict[str, str],
) -> None:
    """Append the blocks of `group` in order, and the step at each border between two of them."""
    if len(group) == 1:
        blocks.append(tuple(group))
        return
    for number, step in enumerate(steps):
        figures = [step.figure(one) for one in group]
        known = [figure for figure in figures if figure is not None]
        if len(known) < len(figures):
            ruling = [later for later in steps[number + 1 :] if later.by == "ruling"]
            if ruling and all(one.ruled is not None for one in group):
                _settle(group, ruling, blocks, borders, needs)
            else:
                _tied(group, step.by, blocks, needs)
            return
        if len(set(known)) == 1:
            continue
        ordered = sorted(set(known), reverse=not step.lowest_first)
        for position, figure in enumerate(ordered):
            if position:
                borders.append(step)
            same = [one for one in group if step.figure(one) == figure]
            _settle(same, steps[number + 1 :], blocks, borders, needs)
        return
    _tied(group, "", blocks, needs)


def _tied(
    group: Sequence[Result], lacks: str, blocks: list[tuple[Result, ...]], needs: dict[str, str]
) -> None:
    blocks.append(tuple(group))
    needs.update({one.key: lacks for one in group})


def _steps(tie: TieBreak, maxima: Maxima) -> list[_Step]:
    if tie.by in PARTS:
        known = list(maxima.get(tie.by, ()))
        # sorted() is stable: parts of one maximum are compared in the scheme's order
        names = tie.parts or [name for name, _ in sorted(known, key=lambda part: -part[1])]
        return [_Step(tie.by, name, False, _part(tie.by, name)) for name in names]
    if tie.by == "time":
        return [_Step("time", "", True, lambda one: one.seconds)]
    if tie.by == "vote":
        return [_Step("vote", "", False, lambda one: one.votes)]
    return [_Step("ruling", "", True, lambda one: one.ruled)]


def _part(kind: str, name: str) -> Callable[[Result], int | None]:
    return lambda one: one.parts.get((kind, name), 0)


def _known(step: _Step, one: Result) -> int:
    figure = step.figure(one)
    assert figure is not None  # a border is drawn only where every figure is known
    return figure
