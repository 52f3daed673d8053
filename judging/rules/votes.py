"""Votes on a judgement: sealed until all are in, a spread above 1 asks for a new vote.

Mark = sum of votes × max ÷ (3 × judges), half up to a hundredth, at the level of the aspect
(marking-rules.md, Judgement, practice).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

TOP_VOTE = 3
WIDEST_SPREAD = 1  # practice: votes may differ by at most 1


class Vote(Protocol):
    """What a vote must tell; an observation of `marks.Seen` does."""

    @property
    def judge(self) -> int | None: ...
    @property
    def value(self) -> int | None: ...
    @property
    def round(self) -> int: ...
    @property
    def reason(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Round:
    """One round of votes: judge id → vote, with the reasons given."""

    number: int
    votes: dict[int, int]
    reasons: dict[int, str]


@dataclass(frozen=True, slots=True)
class Ballot:
    """All rounds of one cell. The last round is the open one unless it is `agreed`.

    A round is released when every judge of the panel has voted in it; `rounds` before the last are
    complete by construction.
    """

    rounds: tuple[Round, ...]
    panel: tuple[int, ...]

    @property
    def current(self) -> Round:
        return self.rounds[-1]

    @property
    def complete(self) -> bool:
        """Every judge of the panel has voted in the current round."""
        return bool(self.panel) and all(judge in self.current.votes for judge in self.panel)

    @property
    def spread(self) -> int:
        """Highest minus lowest vote of the current round; 0 without votes."""
        votes = self.current.votes.values()
        return max(votes) - min(votes) if votes else 0

    @property
    def agreed(self) -> bool:
        return self.complete and self.spread <= WIDEST_SPREAD

    @property
    def needs_new_vote(self) -> bool:
        return self.complete and self.spread > WIDEST_SPREAD

    @property
    def open_round(self) -> int:
        """The number of the round in which a vote would be taken now."""
        return self.current.number + (1 if self.needs_new_vote else 0)

    def mark(self, maximum: int) -> int | None:
        """Hundredths when the panel agreed, else None. Divided once, rounded once."""
        if not self.agreed:
            return None
        return half_up(
            sum(self.current.votes[judge] for judge in self.panel) * maximum,
            TOP_VOTE * len(self.panel),
        )


def half_up(numerator: int, denominator: int) -> int:
    """`numerator` ÷ `denominator` to the nearest whole, halves up; both not negative."""
    return (2 * numerator + denominator) // (2 * denominator)


def ballot(votes: Iterable[Vote], panel: Sequence[int], gone: Collection[int] = ()) -> Ballot:
    """Order the votes of one cell into rounds; a judge's later vote in a round replaces the earlier
    one, a None takes it back. Votes of judges outside the panel are passed over.

    `gone`: judges of the panel whose duty has ended. Their votes stand, so that nobody moves a mark
    by ending a duty; where they have not voted in the last round, it no longer waits for them.
    """
    rounds: dict[int, Round] = {1: Round(1, {}, {})}
    for vote in votes:
        if vote.judge is None or vote.judge not in panel:
            continue
        entry = rounds.setdefault(vote.round, Round(vote.round, {}, {}))
        if vote.value is None:
            entry.votes.pop(vote.judge, None)
            entry.reasons.pop(vote.judge, None)
        else:
            entry.votes[vote.judge] = vote.value
            if vote.reason:
                entry.reasons[vote.judge] = vote.reason
    current = rounds[max(rounds)].votes
    asked = tuple(judge for judge in panel if judge not in gone or judge in current)
    return Ballot(tuple(rounds[number] for number in sorted(rounds)), asked)
