"""Whose turn it is in the queue, and how long each will still wait.

In this order, with nobody waiting behind ten hand-ins of another's:

1. Everybody's hand-in that counts, by the time it waits. Handing in again keeps the place that an
   earlier hand-in holds while it still waits, and never gives a better one.
2. What a newer hand-in has replaced: everybody's newest of these, then everybody's second newest …
3. What is judged anew beside the live results, in the same order among itself: a rejudging holds
   up nobody who has just handed in.
"""

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """An evaluation that waits: whose work it is, which hand-in, since when.

    `counts`: it is of the hand-in that counts. `begun` is the highest number of this entry's
    hand-ins in the period whose judging has begun, 0 before the first. `beside`: it belongs to a
    rejudging.
    """

    id: int
    entry_id: int
    period_id: int
    number: int
    queued_at: datetime
    counts: bool
    begun: int = 0
    beside: bool = False


def in_turn(waiting: Sequence[Waiting]) -> list[int]:
    """The ids in the order of their turn."""
    groups: dict[tuple[bool, int], list[Waiting]] = defaultdict(list)
    for one in waiting:
        groups[one.beside, one.entry_id].append(one)
    keys: dict[int, tuple[bool, int, datetime, int]] = {}
    for group in groups.values():
        replaced = 0
        for one in sorted(group, key=lambda one: (one.queued_at, one.number), reverse=True):
            if one.counts:
                keys[one.id] = (one.beside, 0, _since(one, group), one.id)
            else:
                replaced += 1
                keys[one.id] = (one.beside, replaced, one.queued_at, one.id)
    return sorted(keys, key=keys.__getitem__)


def _since(one: Waiting, group: Sequence[Waiting]) -> datetime:
    """Since when this entry waits without a turn. What has lain there since before its last turn
    does not count, or one old hand-in would push everything newer to the front."""
    held = [
        other.queued_at
        for other in group
        if other.period_id == one.period_id and other.begun < other.number < one.number
    ]
    return min([one.queued_at, *held])


def seconds_left(
    order: Sequence[int],
    lengths: Mapping[int, float | None],
    running: Sequence[float],
    workers: int,
) -> dict[int, float | None]:
    """How many seconds until each of `order` has been judged; None where nobody can say.

    `lengths` is how long judging one takes, None while its task was never judged; `running` what
    is left of those being judged now; `workers` how many judge.
    """
    if workers <= 0:
        return dict.fromkeys(order)
    free: list[float] = [*sorted(running)[:workers], *[0.0] * (workers - len(running))]
    heapq.heapify(free)
    out: dict[int, float | None] = {}
    known = True
    for one in order:
        length = lengths.get(one)
        known = known and length is not None  # behind an unknown one nobody knows
        if not known or length is None:
            out[one] = None
            continue
        done = heapq.heappop(free) + length
        heapq.heappush(free, done)
        out[one] = done
    return out
