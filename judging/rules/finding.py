"""抽查: what somebody who checks a sheet again may say a mark should have been: a mark that the
aspect can have, and another one than it has."""

from collections.abc import Callable

from judging.rules import votes
from judging.rules.marks import Mark
from judging.rules.scheme import NotAMark, hundredths, two_decimals


def right_mark(
    typed: str, maximum: int, partial: bool, mark: Mark, may_be: Callable[[int], bool]
) -> int:
    """The hundredths typed for an aspect whose `mark` is settled. A measurement's is one that
    `may_be` given, a judgement's one that as many votes as counted can give."""
    right = hundredths(typed)
    most = two_decimals(maximum)
    if mark.ballot is not None:
        given = votes.possible(maximum, max(len(mark.ballot.counting), 1))
        if right not in given:
            every = [two_decimals(one) for one in given]
            raise NotAMark(
                f"{typed} 不是打分能得出的分数，只能是 {'、'.join(every)}",
                f"{typed} is none that the votes can give; it is one of {', '.join(every)}",
            )
    elif not may_be(right):
        raise NotAMark(
            f"{typed} 不是这个评分点能得的分数（0 {'到' if partial else '或'} {most}）",
            f"{typed} is no mark that the aspect can have (0 {'to' if partial else 'or'} {most})",
        )
    if right == mark.value:
        raise NotAMark(
            f"{typed} 就是现在的分数，没有差异", f"{typed} is what it has, so nothing differs"
        )
    return right
