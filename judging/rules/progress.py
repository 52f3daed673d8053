"""How far the marking is: of a sheet, of a work, of a skill (pure).

Words, not numbers, and never a mark: whoever runs the competition sees progress only
(decisions 1). A work has a column on the chief judge's desk, a skill a light on the command board.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from judging.rules.forecast import Left
from judging.rules.marks import Mark

COLUMNS = ("not_started", "marking", "difference", "ready")
LIGHTS = (*COLUMNS, "locked")


@dataclass(frozen=True, slots=True)
class SheetFar:
    """A sheet: `done` of its `of` marks are settled; `state` "done" (confirmed too), "part",
    "none" or "look" (somebody must decide); `unconfirmed`: complete, and waits for the second
    judge."""

    sub: int
    state: str
    done: int
    of: int
    unconfirmed: bool
    left: Left

    def step(self, *, signed: bool) -> str:
        """How far it is on its whole way: "look", "none", "part", "done" (every mark is given),
        "confirmed" (or there is nothing to confirm), "signed" off."""
        if self.state == "done":
            return "signed" if signed else "confirmed"
        return "done" if self.unconfirmed else self.state


@dataclass(frozen=True, slots=True)
class WorkFar:
    """A work: its sheets in the scheme's order."""

    sheets: tuple[SheetFar, ...]

    @property
    def done(self) -> int:
        return sum(one.done for one in self.sheets)

    @property
    def of(self) -> int:
        return sum(one.of for one in self.sheets)

    @property
    def left(self) -> Left:
        return added(one.left for one in self.sheets)

    @property
    def column(self) -> str:
        """Where it stands among the four columns of the desk."""
        states = {one.state for one in self.sheets}
        if "look" in states:
            return "difference"
        if states == {"done"}:
            return "ready"
        return "not_started" if states <= {"none"} else "marking"


@dataclass(frozen=True, slots=True)
class JudgeFar:
    """What one judge, or the panel together, has given of a work, as numbers of aspects: `given`,
    and `left` to give; `look`: some are differing values, or votes that have to be given anew."""

    given: int = 0
    left: int = 0
    look: bool = False

    @property
    def of(self) -> int:
        return self.given + self.left

    @property
    def state(self) -> str:
        if self.look:
            return "look"
        return "done" if not self.left else "part" if self.given else "none"


def of_judge(judge: int, marks: Iterable[Mark]) -> JudgeFar:
    """How many votes of a work one judge has given, of those that are wanted of this judge."""
    given = left = 0
    look = False
    for mark in marks:
        ballot = mark.ballot
        if ballot is None:
            continue
        if ballot.needs_new_vote:
            again = judge in ballot.asked
            left, look = left + again, look or again
        elif judge in ballot.current.votes:
            given += 1
        else:
            left += judge in ballot.panel
    return JudgeFar(given, left, look)


def alike(works: Sequence[Sequence[JudgeFar]]) -> list[list[JudgeFar]]:
    """Works × judges as they may be shown: of whom nothing is wanted of a work looks like who has
    given nothing as long as others have votes to give, and like everybody when they are all in. A
    judge's tie would tell whose code it is (decisions 1)."""
    most = [max((far.of for far in column), default=0) for column in zip(*works, strict=True)]
    return [
        [
            far if far.of or not any(one.left for one in work) else JudgeFar(left=of)
            for far, of in zip(work, most, strict=True)
        ]
        for work in works
    ]


def of_panel(marks: Iterable[Mark]) -> JudgeFar:
    """How many measurements of a work are given; any judge of the panel may give them."""
    own = [mark for mark in marks if mark.ballot is None]
    given = sum(touched(mark) for mark in own)
    return JudgeFar(given, len(own) - given, any(needs_a_person(mark) for mark in own))


def sheet(sub: int, marks: Sequence[Mark], *, measures: bool, confirmed: bool) -> SheetFar:
    """One sheet from its marks; without measurements there is nothing to confirm."""
    done = sum(mark.settled for mark in marks)
    complete, closed = done == len(marks), confirmed or not measures
    if any(needs_a_person(mark) for mark in marks):
        state = "look"
    elif complete and closed:
        state = "done"
    else:
        state = "part" if any(touched(mark) for mark in marks) else "none"
    left = Left(
        cells=sum(mark.ballot is None and not mark.settled for mark in marks),
        votes=sum(_votes_left(mark) for mark in marks),
        confirmations=int(not closed),
    )
    return SheetFar(sub, state, done, len(marks), complete and not closed, left)


def _votes_left(mark: Mark) -> int:
    """Votes that a judgement still needs; all of them anew where they are too far apart."""
    ballot = mark.ballot
    if ballot is None or mark.settled:
        return 0
    panel = set(ballot.panel)
    return len(panel if ballot.needs_new_vote else panel - ballot.current.votes.keys())


def needs_a_person(mark: Mark) -> bool:
    """Differing values that the chief judge decides, or votes that need a new round."""
    return bool(
        (mark.measured and mark.measured.differing) or (mark.ballot and mark.ballot.needs_new_vote)
    )


def touched(mark: Mark) -> bool:
    """A judge has said something; a machine's proposal alone is nothing yet."""
    if mark.ballot is not None:
        return any(one.votes for one in mark.ballot.rounds)
    return mark.measured is not None and mark.measured.value is not None


def light(columns: Collection[str], *, locked: bool) -> str:
    """The light of a skill from the columns of its works; "ready" is ready to be signed."""
    if locked:
        return "locked"
    there = set(columns)
    if "difference" in there:
        return "difference"
    if there == {"ready"}:
        return "ready"
    return "not_started" if there <= {"not_started"} else "marking"


def per_cent(done: int, of: int) -> int:
    """Whole per cent, rounded down: 100 only when nothing is missing."""
    return 100 * done // of if of else 0


def added(every: Iterable[Left]) -> Left:
    """What is left of several together."""
    found = list(every)
    return Left(
        sum(one.cells for one in found),
        sum(one.votes for one in found),
        sum(one.confirmations for one in found),
    )
