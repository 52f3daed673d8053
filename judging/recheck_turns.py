"""Read: what somebody sees of a re-check who must not learn who is in the top group.

The sample itself would tell: all sheets of the top group's works are in it and few of the others'.
So a judge is handed one sheet after the other, in an order of their own, and sees besides it only
what they found themselves; never why a sheet is in the sample, nor how many there are.
"""

from dataclasses import dataclass, replace
from hashlib import sha256

from judging import rechecking
from judging.rechecking import Checked, Rechecking
from judging.sheet_states import Book


@dataclass(frozen=True, slots=True)
class Turn:
    """The sheet to check now, or None; the sheets that they checked, with what they found."""

    next: Checked | None
    own: tuple[Checked, ...]

    def sheet(self, sub_id: int, work: str) -> Checked | None:
        """One of them, to check it or to find otherwise until the chief judge has answered."""
        last = [one for one in self.own if one.state in ("agrees", "differs")]
        wanted = (one for one in (*last, self.next) if one is not None)
        return next((o for o in wanted if (o.sheet.sub.id, o.sheet.code) == (sub_id, work)), None)


def turn(found: Rechecking, book: Book, account_id: int) -> Turn:
    """What somebody has checked and has to check; sheets that they may not check are passed by."""

    def place(one: Checked) -> bytes:
        asked = f"{found.row.seed}:{account_id}:{one.sheet.code}:{one.sheet.sub.code}"
        return sha256(asked.encode()).digest()

    waiting = [
        one
        for one in found.open
        if one.state != "differs"
        and one.sheet.standing.is_complete
        and rechecking.may_check(account_id, book.found, one.sheet)
    ]
    own = [
        replace(one, why="", findings=one.findings[-1:])
        for one in found.sheets
        if one.findings and one.findings[-1].account_id == account_id
    ]
    first = min(waiting, key=place, default=None)
    return Turn(
        None if first is None else replace(first, why="", findings=()),
        tuple(sorted(own, key=lambda one: one.findings[-1].at)),
    )
