"""Two programs talk: an interactive problem's player and judge, each in a box of its own.

The host carries the bytes and reads none of them; it always hears both, so that none can stop the
other: what one does not read waits here, at most as much as the other may say. Each side's own
limits end it; when one has ended, the other's input ends, and what it still says goes nowhere.
"""

from __future__ import annotations

import os
import select
import time
from typing import Any, Final

from sandbox.box import BoxFailed
from sandbox.pipes import PATIENCE, BoxGone, packed
from sandbox.program_box import AgentBox
from sandbox.programs import Conversation, Ran, Side

KEPT: Final = 1 << 16  # the first bytes of what each said, as evidence


class Talker:
    """One side, from its order to its figures."""

    def __init__(self, side: Side) -> None:
        if not isinstance(side.box, AgentBox):
            raise BoxFailed("This kind of box cannot hold a conversation.")
        self.box, self.side = side.box, side
        self.source, self.to = side.box.pipes.source, side.box.pipes.to
        self.began = time.monotonic_ns()
        self.pending = bytearray()  # on its way in
        self.said: list[bytes] = []
        self.told: tuple[dict[str, Any], bytes] | None = None
        self.gone = False

    def begin(self) -> None:
        self.box.start(self.side.argv, self.side.limits, env=self.side.env, talks=True)

    def give(self, data: bytes) -> None:
        """The other side's words, or the end of them."""
        if self.told is None:
            self.pending += packed({"op": "in", "size": len(data)}) + data

    def flush(self) -> None:
        try:
            while self.pending:
                del self.pending[: os.write(self.to, self.pending)]
        except BlockingIOError:
            pass
        except OSError:
            self.pending.clear()  # its agent is gone: hearing tells

    def hear(self) -> list[bytes]:
        """What it has said since; empty bytes when it has ended."""
        try:
            self.box.pipes.read_more()
        except BoxGone:
            if not self.box.ran_out():
                raise
            self.gone, self.told = True, ({"silent": time.monotonic_ns()}, b"")
            self.pending.clear()
            return [b""]
        heard = []
        while self.told is None and (found := self.box.pipes.next_message()) is not None:
            message, raw = found
            if message["event"] == "exit":
                self.told = found
                heard += [words, b""] if (words := raw[: len(raw) - message["err"]]) else [b""]
            else:
                heard.append(raw)
        for each in heard:
            if sum(map(len, self.said)) < KEPT:
                self.said.append(each)
        return heard

    def silent(self) -> int:
        """Since when, by the one clock that all boxes of this host share. Not since its end: what
        the other side makes of a silence may come before the kernel has buried who fell silent."""
        assert self.told is not None
        return int(self.told[0]["silent"])

    def conclude(self) -> Ran:
        assert self.told is not None
        if self.gone:
            wall = (self.silent() - self.began) / 1e6
            return self.box.opened_anew(self.side.limits, wall, self.said)
        message, raw = self.told
        err = raw[len(raw) - message["err"] :]
        return self.box.conclude(message, err, self.said, self.side.argv, self.side.limits)


def converse(player: Side, judge: Side) -> Conversation:
    """Both run until both have ended."""
    sides = (Talker(player), Talker(judge))
    for each in sides:
        each.begin()
    deadline = time.monotonic() + max(each.side.limits.wall for each in sides) / 1000 + PATIENCE
    while any(each.told is None or each.pending for each in sides):
        if time.monotonic() > deadline:
            raise BoxFailed("The agent does not answer.")
        _carry(sides)
    silent = [each.silent() for each in sides]
    return Conversation(sides[0].conclude(), sides[1].conclude(), silent[0] < silent[1])


def _carry(sides: tuple[Talker, Talker]) -> None:
    """Waits for one of both to say or to take something."""
    poll = select.poll()
    for each in sides:
        if each.told is None:
            poll.register(each.source, select.POLLIN)
        if each.pending:  # even to one that has ended: half a message would be misread later
            poll.register(each.to, select.POLLOUT)
    ready = {file for file, _ in poll.poll(1000)}
    for each, other in (sides, sides[::-1]):
        if each.source in ready:
            for words in each.hear():
                other.give(words)
            other.flush()
        if each.to in ready:
            each.flush()
