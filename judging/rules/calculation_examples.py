"""What a calculation gives for telling values: shown while somebody writes it, so that a wrong band
or a step too large is seen before a competitor meets it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from judging.rules.calculations import (
    Choice,
    NotObserved,
    NumberCompleted,
    PartialMark,
    PassFail,
    RangedScore,
    RegularDifference,
    Rule,
    Worked,
    shown,
)
from judging.rules.scheme import two_decimals

MOST = 12  # rows; a person reads them at a glance


@dataclass(frozen=True, slots=True)
class Example:
    """A value as a judge would give it, and the mark that follows."""

    value: str
    worked: Worked


def examples(rule: Rule, maximum: int) -> list[Example]:
    """Telling values in order, each with its mark; `maximum` in hundredths."""
    found = []
    for value in list(dict.fromkeys(_values(rule, maximum)))[:MOST]:
        try:
            found.append(Example(shown(value), rule.work(value, maximum)))
        except NotObserved:
            continue
    return found


def _values(rule: Rule, maximum: int) -> Iterator[Decimal]:
    match rule:
        case PassFail():
            yield from (Decimal(1), Decimal(0))
        case NumberCompleted(possible):
            step = max(1, -(-possible // (MOST - 1)))
            yield from map(Decimal, [*range(0, possible, step), possible])
        case Choice(options):
            yield from (Decimal(one.number) for one in options)
        case RangedScore(target, bands):
            edges = {target}
            for one in bands:
                edges |= {target - one.lower, target + one.upper}
            reach = max(*(one.upper for one in bands), *(one.lower for one in bands))
            outside = reach + (reach or Decimal(1))
            yield from sorted({target - outside, *edges, target + outside})
        case RegularDifference(target, step, _, _):
            yield target
            yield target + step * Decimal("0.5")
            yield from (target + step * times for times in (1, 2, 3))
            yield from (target - step * times for times in (1, 2))
        case PartialMark(least):
            every = least or max(1, maximum // 4)
            marks = [*range(0, maximum, max(every, -(-maximum // (MOST - 1)))), maximum]
            yield from (Decimal(two_decimals(mark)) for mark in marks)
