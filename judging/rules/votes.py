"""Votes on a judgement: sealed until all are in, a spread that is too wide asks for a new vote.

Mark = sum of the votes that count × max ÷ (3 × their number), half up to a hundredth, at the level
of the aspect (marking-rules.md, Judgement, practice). Who votes and which votes count is the
panel's rule (`rules/panels.py`).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from judging.rules.panels import Panel, PanelRule, counting

TOP_VOTE = 3


class Vote(Protocol):
    """What a vote must tell; an observation of `marks.Seen` does."""

    @property
    def id(self) -> int: ...
    @property
    def judge(self) -> int | None: ...
    @property
    def value(self) -> int | None: ...
    @property
    def round(self) -> int: ...
    @property
    def reason(self) -> str: ...


Voted = TypeVar("Voted", bound=Vote)


@dataclass(frozen=True, slots=True)
class Round:
    """One round of votes: judge id → vote, with the reasons given, and the chair each votes for."""

    number: int
    votes: dict[int, int] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    chairs: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ballot:
    """All rounds of one cell. The last round is the open one unless it is `complete`.

    A round is released, and complete from then on, when every judge who sits has voted in it; the
    `rounds` before the last are over. `panel` is who votes in the last round: who has voted, and
    who is waited for. `asked` may vote now, in the round that is open.
    """

    rounds: tuple[Round, ...]
    panel: tuple[int, ...]
    asked: tuple[int, ...]
    complete: bool
    rule: PanelRule

    @property
    def current(self) -> Round:
        return self.rounds[-1]

    @property
    def counting(self) -> tuple[int, ...]:
        """The votes of the current round that count, lowest first."""
        return counting(self.current.votes.values(), self.rule)

    @property
    def spread(self) -> int:
        """Highest minus lowest of the votes that count; 0 without votes."""
        votes = self.counting
        return votes[-1] - votes[0] if votes else 0

    @property
    def agreed(self) -> bool:
        return self.complete and self.spread <= self.rule.widest_spread

    @property
    def needs_new_vote(self) -> bool:
        return self.complete and self.spread > self.rule.widest_spread

    @property
    def too_few(self) -> bool:
        """Even with every vote that is waited for there is no mark: somebody must be appointed."""
        return not self.complete and len(self.panel) < self.rule.fewest

    @property
    def wanted(self) -> int:
        """How many votes the last round has once it is released."""
        return len(self.panel) if self.complete else max(len(self.panel), self.rule.fewest)

    @property
    def open_round(self) -> int:
        """The number of the round in which a vote would be taken now."""
        return self.current.number + (1 if self.needs_new_vote else 0)

    def seals(self, number: int) -> bool:
        """Whether a vote of this round may not be read yet: its round is open, or still to come."""
        return not self.agreed and number >= self.open_round

    def mark(self, maximum: int) -> int | None:
        """Hundredths when the panel agreed, else None. Divided once, rounded once."""
        if not self.agreed:
            return None
        votes = self.counting
        return half_up(sum(votes) * maximum, TOP_VOTE * len(votes))


def possible(maximum: int, count: int) -> list[int]:
    """The marks that `count` votes can give, lowest first."""
    return sorted({half_up(n * maximum, TOP_VOTE * count) for n in range(TOP_VOTE * count + 1)})


def own_vote(votes: Sequence[Voted], judge: int, number: int) -> Voted | None:
    """A judge's newest word in a round, a vote or one taken back."""
    mine = (one for one in reversed(votes) if one.judge == judge and one.round == number)
    return next(mine, None)


def half_up(numerator: int, denominator: int) -> int:
    """`numerator` ÷ `denominator` to the nearest whole, halves up; both not negative."""
    return (2 * numerator + denominator) // (2 * denominator)


def ballot(votes: Iterable[Vote], panel: Panel, recused: Collection[int] = ()) -> Ballot:
    """Order the votes of one cell into rounds, as the panel was when each was given.

    A judge's later vote in a round replaces the earlier one, a None takes it back. Passed over are
    votes of judges who are `recused` from this work, who do not sit, whose chair has its vote, and
    votes in a round that was over.
    """
    return _Ballot(panel, frozenset(recused)).of(votes)


class _Ballot:
    """The votes of one cell as they come in, with what the panel was at each moment."""

    def __init__(self, panel: Panel, recused: frozenset[int]) -> None:
        self.panel, self.recused = panel, recused
        self.rounds = [Round(1)]
        self.released = False

    def of(self, votes: Iterable[Vote]) -> Ballot:
        changes = iter((*self.panel.changes, None))
        change = next(changes)
        for vote in votes:
            while change is not None and change < vote.id:
                self._look(change + 1)
                change = next(changes)
            self._take(vote)
        while change is not None:
            self._look(change + 1)
            change = next(changes)
        self._look(None)
        return self._result()

    @property
    def _current(self) -> Round:
        return self.rounds[-1]

    def _waited_for(self, at: int | None) -> tuple[int, ...]:
        current = self._current
        return self.panel.waited_for(
            current.chairs.values(), current.votes.keys(), at, self.recused
        )

    def _look(self, at: int | None) -> None:
        """Release the round if everybody who sits has voted in it."""
        enough = len(self._current.votes) >= self.panel.rule.fewest
        self.released = self.released or (enough and not self._waited_for(at))

    def _take(self, vote: Vote) -> None:
        judge = vote.judge
        if judge is None or judge in self.recused or vote.round < self._current.number:
            return
        if vote.round > self._current.number:
            if vote.value is None or self._chair(judge, Round(vote.round), vote.id) is None:
                return
            self.rounds.append(Round(vote.round))
            self.released = False
        current = self._current
        chair = current.chairs.get(judge)
        chair = self._chair(judge, current, vote.id) if chair is None else chair
        if self.released or chair is None:
            return
        for told in (current.votes, current.reasons, current.chairs):
            told.pop(judge, None)
        if vote.value is not None:
            current.votes[judge], current.chairs[judge] = vote.value, chair
            if vote.reason:
                current.reasons[judge] = vote.reason
        self._look(vote.id)

    def _chair(self, judge: int, current: Round, at: int) -> int | None:
        return self.panel.chair_of(judge, current.chairs.values(), at, self.recused)

    def _result(self) -> Ballot:
        voting = set(self._current.votes)
        if not self.released:
            voting |= set(self._waited_for(None))
        panel = tuple(judge for judge in self.panel.judges if judge in voting)
        found = Ballot(tuple(self.rounds), panel, (), self.released, self.panel.rule)
        return replace(found, asked=self._asked(found))

    def _asked(self, found: Ballot) -> tuple[int, ...]:
        """Who may vote now: in a new round everybody, in an open one also who wants to change."""
        if found.agreed:
            return ()
        if found.needs_new_vote:
            return self.panel.waited_for((), (), None, self.recused)
        return tuple(
            judge
            for judge in found.panel
            if judge not in found.current.votes or judge in self.panel.present
        )
