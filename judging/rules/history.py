"""The course of a skill as the public saw it, and how its totals are spread: for charts and tables.

Both are made from public documents alone. Of what was public earlier only lines are told that the
board shows now, under the names that it shows now: a skill that was hidden, cut to its first places
or turned to aliases since gives its past away to nobody. Where an entry was not shown, its course
has a gap.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Body = Mapping[str, Any]
Shown = tuple[str, int, int]  # key, place, total in hundredths
LEAST = 5  # totals of fewer are no distribution: each would be told as somebody's
BINS = 10
WIDE, HIGH = 1000, 300  # the field that a course is drawn on


@dataclass(frozen=True, slots=True)
class Point:
    """From this minute on the public read this place and this total (hundredths)."""

    minute: int
    place: int
    total: int


@dataclass(frozen=True, slots=True)
class Bin:
    """How many totals lie from `low` to `high`, both of them included."""

    low: int
    high: int
    count: int


def hundredths(total: str) -> int:
    """The total of a public document as a number."""
    whole, _, rest = total.partition(".")
    return int(whole) * 100 + int(rest)


def key_of(line: Body) -> str:
    """What tells a line's label from others, without telling the label."""
    label = f"{line['label_zh']}|{line.get('delegation_zh') or ''}"
    return hashlib.sha256(label.encode()).hexdigest()[:16]


def lines(body: Body) -> list[Shown]:
    """The lines of a public document as its history keeps them: those with a place and a result,
    but for two that nobody could tell apart."""
    counted = Counter(key_of(one) for one in body["standings"])
    return [
        (key_of(one), one["place"], hundredths(one["total"]))
        for one in body["standings"]
        if one["place"] is not None and one["released"] and counted[key_of(one)] == 1
    ]


def courses(
    kept: Iterable[tuple[int, Sequence[Sequence[Any]]]], present: Body
) -> dict[str, list[list[Point]]]:
    """The course of every line that the board shows now, in its order: pieces between gaps, each
    of the points where place or total changed. `kept`: minutes in order with their lines."""
    now = [key for key, _place, _total in lines(present)]
    out: dict[str, list[list[Point]]] = {key: [] for key in now}
    before: set[str] = set()
    for minute, shown in kept:
        there = set()
        for key, place, total in shown:
            if key not in out:
                continue
            there.add(key)
            if key not in before:
                out[key].append([])
            piece = out[key][-1]
            if not piece or (piece[-1].place, piece[-1].total) != (place, total):
                piece.append(Point(minute, place, total))
        for key in before - there:  # its last piece reaches to here
            last = out[key][-1][-1]
            out[key][-1].append(Point(minute, last.place, last.total))
        before = there
    return out


def first_to_show(courses: Mapping[str, list[list[Point]]]) -> str:
    """An entry whose course is a line; where none has moved yet, one that has begun."""
    most = {key: max(map(len, pieces), default=0) for key, pieces in courses.items()}
    return next((key for least in (2, 1) for key in most if most[key] >= least), "")


def steps(piece: Sequence[tuple[int, int]], first: int, last: int, most: int) -> str:
    """A course as the points of an SVG polyline: values from 0 (bottom) to `most` (top) over
    minutes; each value holds until the next one."""
    span, top = max(1, last - first), max(1, most)

    def at(minute: int, value: int) -> str:
        x = WIDE * (minute - first) // span
        y = HIGH - HIGH * min(max(value, 0), top) // top
        return f"{x},{y}"

    out: list[str] = []
    for number, (minute, value) in enumerate(piece):
        if number:
            out.append(at(minute, piece[number - 1][1]))
        out.append(at(minute, value))
    return " ".join(out)


def spread(body: Body) -> list[Bin] | None:
    """How the totals of the board lie between zero and the maximum; None for fewer than LEAST."""
    totals = [hundredths(one["total"]) for one in body["standings"] if one["released"]]
    most = hundredths(body["max"]) if body.get("max") else 0
    if len(totals) < LEAST or most <= 0:
        return None
    counts = Counter(min(BINS - 1, max(0, total) * BINS // most) for total in totals)
    edges = [-(-most * n // BINS) for n in range(BINS)]  # the least total that falls in each
    highest = [*(edge - 1 for edge in edges[1:]), most]
    return [Bin(edges[n], highest[n], counts[n]) for n in range(BINS)]
