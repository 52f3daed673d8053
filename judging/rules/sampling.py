"""抽查: which sheets are checked again, and when all of them are (marking-rules.md, “Independence
and secrecy”: the top group 100 %, at least 15 % of the rest at random, more than 5 % errors → all).

A sheet is named (work's code, sub-criterion's code), so that anybody who knows the seed and the
codes can draw the same sample again.
"""

from collections.abc import Collection, Iterable
from hashlib import sha256

Sheet = tuple[str, str]
TOP, DRAWN, ALL = "top", "drawn", "all"  # why a sheet is in the sample


def needed(rest: int, share: int) -> int:
    """How many of `rest` sheets are drawn: at least `share` per cent, so rounded up."""
    return -(-rest * share // 100)


def drawn(sheets: Iterable[Sheet], seed: str, count: int) -> list[Sheet]:
    """The `count` sheets whose SHA-256 of "seed:work:sub-criterion" is lowest."""
    return sorted(sheets, key=lambda one: sha256(f"{seed}:{one[0]}:{one[1]}".encode()).digest())[
        :count
    ]


def sample(
    sheets: Iterable[Sheet], top: Collection[str], seed: str, share: int
) -> dict[Sheet, str]:
    """Sheet → why it is checked again. `top`: the codes of the top group's works."""
    found = list(dict.fromkeys(sheets))
    first = {one: TOP for one in found if one[0] in top}
    rest = [one for one in found if one not in first]
    return first | dict.fromkeys(drawn(rest, seed, needed(len(rest), share)), DRAWN)


def too_many(errors: int, size: int, limit: int) -> bool:
    """Whether more than `limit` per cent of a sample of `size` sheets hold an error; exactly that
    many is not more."""
    return errors * 100 > limit * size
