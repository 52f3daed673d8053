"""Which characters a set of fonts cannot draw, from the ranges that they cover."""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence

Ranges = Sequence[tuple[int, int]]  # first and last code point, in order, without overlaps
INVISIBLE = {"Cc", "Cf", "Zs", "Zl", "Zp", "Mn"}  # spaces, controls, selectors: nothing to draw


def merged(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The ranges of several fonts as one list, in order."""
    out: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if out and first <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], last))
        else:
            out.append((first, last))
    return out


def lacking(text: str, ranges: Ranges) -> list[str]:
    """The visible characters of `text` that no range covers, each once, as they come."""
    firsts = [first for first, _ in ranges]
    found = []
    for letter in dict.fromkeys(text):
        at = bisect_right(firsts, ord(letter)) - 1
        covered = at >= 0 and ord(letter) <= ranges[at][1]
        if not covered and unicodedata.category(letter) not in INVISIBLE:
            found.append(letter)
    return found
