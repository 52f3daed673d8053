"""From observations to the mark of one aspect for one entry (decisions 5; marking-rules.md).

A "cell" is one aspect × one entry. Its observations come in the order in which they were taken.
All marks are integers of hundredths; votes are 0 to 3.
"""

from collections.abc import Collection, Iterable, Sequence
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
    """

    value: int | None
    head: Seen | None
    differing: tuple[Seen, ...]
    proposal: Seen | None
    weighed: Seen | None
    source: str

    @property
    def settled(self) -> bool:
        """A judge gave a value and nobody contradicts it."""
        return self.value is not None and not self.differing


def measured(seen: Iterable[Seen]) -> Measured:
    """Fold a measurement's observations (decisions 5).

    A judge's later entry replaces the earlier one from the same tablet, whose entries come in their
    order. Any other entry applies when it was made on top of the present value (`base`), or while
    there is none; an equal value agrees; anything else differs, also where one judge had two
    tablets, and so does whatever contradicts a decision of the chief judge. While entries differ,
    no judge can settle it by tapping on top: each may only change their own word until the words
    agree, or the chief judge decides. A word that agrees stands too: whoever changes the value they
    gave themselves contradicts it, unless another judge corrected what both had said.
    """
    head: Seen | None = None
    proposal: Seen | None = None
    others: list[Seen] = []  # the words that stand beside the head, the same value or another
    given_on: dict[int, Seen] = {}
    for one in seen:
        if one.source == "machine":
            proposal = one if one.value is not None else None
            continue
        if proposal is not None:
            given_on[one.id] = proposal
        if one.decides:
            head, others = one, []
            continue
        disputed = False
        if others:
            disputed = bool(_differing(others, head))
            others = [other for other in others if not _same_word(one, other)]
        if _replaces(one, head, disputed):
            if head is not None and one.judge != head.judge:
                others = []  # who corrects a colleague saw what they all had said
            head = one
        elif one.value is not None:
            others.append(one)
        if head is not None and head.value is None and others:
            head = others.pop(0)  # taken back: the oldest other word stands
    differing = _differing(others, head) if others else ()
    value = head.value if head else None
    weighed = given_on.get(head.id, proposal) if head and value is not None else None
    agrees = weighed is not None and weighed.value == value
    source = "" if value is None else ("both" if agrees else "judge")
    return Measured(value, head, differing, proposal, weighed, source)


def _differing(others: Sequence[Seen], head: Seen | None) -> tuple[Seen, ...]:
    """Those of the words beside the head that contradict it."""
    return tuple(other for other in others if head is None or other.value != head.value)


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
    folded = measured(seen)
    return Mark(folded.value, folded.settled, folded.source, folded, None)
