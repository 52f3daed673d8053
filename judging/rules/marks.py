"""From observations to the mark of one aspect for one entry (decisions 5; marking-rules.md).

A "cell" is one aspect × one entry. Its observations come in the order in which they were taken.
All marks are integers of hundredths; votes are 0 to 3.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import reduce
from typing import NamedTuple

from judging.rules.panels import Panel
from judging.rules.votes import Ballot, ballot


class Seen(NamedTuple):
    """One observation, as the rules need it. `value` None takes the earlier one back; `observed`
    is what a mark was worked out from; `base` what the tablet `device` showed at the tap."""

    id: int
    source: str  # "judge" or "machine"
    judge: int | None
    value: int | None
    round: int = 1
    base: int | None = None
    decides: bool = False
    reason: str = ""
    observed: str | None = None
    device: int | None = None


class Measured(NamedTuple):
    """Where a measurement stands.

    `value` is the agreed value by a judge, None while there is none. `differing` are the
    observations that contradict it and wait for the chief judge. `proposal` is the newest machine
    observation, whatever judges said of it; None also when a newer run could not determine it.
    `weighed` is the proposal that the value was given on, or the newest where it came only later:
    what a later hand-in gets was neither agreed with nor overruled by anybody.
    `source` is "judge", "both" (a judge agreed with the machine) or "" while nobody has spoken.
    `others` are the words that stand beside the head, the same value or another; `given_on` says
    on which proposal an observation was given.
    """

    value: int | None = None
    head: Seen | None = None
    differing: tuple[Seen, ...] = ()
    proposal: Seen | None = None
    weighed: Seen | None = None
    source: str = ""
    others: tuple[Seen, ...] = ()
    given_on: Mapping[int, Seen] = {}  # never changed, only replaced

    @property
    def settled(self) -> bool:
        """A judge gave a value and nobody contradicts it."""
        return self.value is not None and not self.differing


def measured(seen: Iterable[Seen]) -> Measured:
    """Fold a measurement's observations (decisions 5)."""
    return reduce(heard, seen, Measured())


def heard(before: Measured, one: Seen) -> Measured:
    """Where a measurement stands after one more observation.

    A judge's later entry replaces the earlier one from the same tablet, whose entries come in their
    order. Any other entry applies when it was made on top of the present value (`base`), or while
    there is none; an equal value agrees; anything else differs, also where one judge had two
    tablets, and so does whatever contradicts a decision of the chief judge. While entries differ,
    no judge can settle it by tapping on top: each may only change their own word until the words
    agree, or the chief judge decides. A word that agrees stands too: whoever changes the value they
    gave themselves contradicts it, unless another judge corrected what both had said.
    """
    head, proposal, others, given_on = before.head, before.proposal, before.others, before.given_on
    if one.source == "machine":
        return _stands(head, one if one.value is not None else None, others, given_on)
    if proposal is not None:
        given_on = {**given_on, one.id: proposal}
    if one.decides:
        return _stands(one, proposal, (), given_on)
    if others:
        others = tuple(other for other in others if not _same_word(one, other))
    if _replaces(one, head, bool(before.differing)):
        if head is not None and one.judge != head.judge:
            others = ()  # who corrects a colleague saw what they all had said
        head = one
    elif one.value is not None:
        others = (*others, one)
    if head is not None and head.value is None and others:
        head, *rest = others  # taken back: the oldest other word stands
        others = tuple(rest)
    return _stands(head, proposal, others, given_on)


def _stands(
    head: Seen | None,
    proposal: Seen | None,
    others: tuple[Seen, ...],
    given_on: Mapping[int, Seen],
) -> Measured:
    """What follows from the words and the proposal that stand."""
    value = head.value if head else None
    differing = others and tuple(one for one in others if head is None or one.value != value)
    weighed = given_on.get(head.id, proposal) if head and value is not None else None
    agrees = weighed is not None and weighed.value == value
    source = "" if value is None else ("both" if agrees else "judge")
    return Measured(value, head, differing, proposal, weighed, source, others, given_on)


def _same_word(one: Seen, other: Seen) -> bool:
    """Given by the same judge on the same tablet: the later of the two is what the judge means."""
    return one.judge == other.judge and one.device == other.device


def _replaces(one: Seen, head: Seen | None, disputed: bool) -> bool:
    """Whether `one` becomes the agreed value."""
    if head is None or head.value is None or _same_word(one, head):
        return True
    if one.base != head.id:
        return False
    return one.judge == head.judge or not (disputed or head.decides)


class Mark(NamedTuple):
    """The mark of a cell: hundredths, whether it is settled, and what it rests on."""

    value: int | None
    settled: bool
    source: str
    measured: Measured | None = None
    ballot: Ballot | None = None


def mark(
    kind: str,
    maximum: int,
    seen: Sequence[Seen],
    panel: Panel,
    recused: Collection[int] = (),
) -> Mark:
    """The mark of one cell: `kind` "M" or "J", `maximum` in hundredths. What judges who are
    `recused` from the work gave is passed over, whenever it was."""
    if recused:
        seen = [one for one in seen if one.judge not in recused]
    if kind == "J":
        votes = ballot(seen, panel, recused)
        value = votes.mark(maximum)
        return Mark(value, value is not None, "judge" if value is not None else "", None, votes)
    return of_measurement(measured(seen))


def of_measurement(found: Measured) -> Mark:
    """The mark of a cell that is measured."""
    return Mark(found.value, found.settled, found.source, found, None)
