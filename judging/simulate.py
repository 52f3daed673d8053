"""Bots that mark in the demo, at a calm pace, so that a first visitor sees boards move.

Each bot is a judge with a tablet (`tablet_client`): it reads the sheet, taps, another bot confirms,
all vote. The same skill and code always get the same marks. Bots stop at every error and try again
later; what they did before is on the server, so they go on where they were.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import requests

from competition.demo import PASSWORD
from competition.logs import log
from competition.rules import browsers
from judging.tablet_client import TabletClient

TOP = 3
Act = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Room:
    """A skill to be marked and the sign-in names of its panel."""

    skill: str
    judges: tuple[str, ...]


@dataclass(slots=True)
class Panel:
    """The bots of one skill; they sign in when they are first needed."""

    site: str
    room: Room
    bots: list[TabletClient] = field(default_factory=list)
    pack: dict[str, Any] = field(default_factory=dict)

    def acts(self) -> Iterator[Act]:
        """What is left to do in this skill, act by act, in the order a panel works: judgement
        before measurement, one sub-criterion after the other, all works on each."""
        self._sign_in()
        subs = [sub for one in self.pack["scheme"]["criteria"] for sub in one["sub_criteria"]]
        for sub in subs:
            for code in self.pack["codes"]:
                work = self.bots[0].work(code)
                if work["locked_at"]:
                    return
                for aspect in sub["aspects"]:
                    if aspect["kind"] == "J":
                        yield from self._votes(code, aspect, work)
                yield from self._sheet(code, sub, work)

    def _sign_in(self) -> None:
        for username in self.room.judges[len(self.bots) :]:
            bot = TabletClient(self.site, self.room.skill)
            bot.http.headers["User-Agent"] = browsers.BOT  # what desk and provenance call it
            bot.sign_in(username, PASSWORD)
            self.bots.append(bot)
        self.pack = self.bots[0].pack()

    def _votes(self, code: str, aspect: dict[str, Any], work: dict[str, Any]) -> Iterator[Act]:
        cell = work["cells"][str(aspect["id"])]
        if cell["agreed"]:
            return
        votes = _votes(f"{self.room.skill}:{code}:{aspect['code']}", len(self.bots))
        for bot, vote in zip(self.bots, votes, strict=True):
            if bot.judge not in cell["voted"]:
                yield self._act(bot, [bot.observation(code, aspect["id"], vote)])
        if max(votes) - min(votes) > 1:
            middle = sorted(votes)[len(votes) // 2]
            for bot in self.bots:
                again = bot.observation(
                    code, aspect["id"], middle, round=2, reason="合议后一致 Agreed after discussion"
                )
                yield self._act(bot, [again])

    def _sheet(self, code: str, sub: dict[str, Any], work: dict[str, Any]) -> Iterator[Act]:
        sheet = work["sheets"].get(str(sub["id"]))
        if sheet is None or sheet["confirmed"]:
            return
        writer, checker = self.bots[0], self.bots[1]
        posts = [
            writer.observation(code, aspect["id"], _measure(self.room.skill, code, aspect, cell))
            for aspect in sub["aspects"]
            if aspect["kind"] == "M" and (cell := work["cells"][str(aspect["id"])])["head"] is None
        ]
        if posts:
            yield self._act(writer, posts)
        yield lambda: self._confirm(checker, code, sub["id"])

    def _confirm(self, bot: TabletClient, code: str, sub: int) -> None:
        sheet = bot.work(code)["sheets"][str(sub)]
        if sheet["may_confirm"]:
            bot.post([bot.confirmation(code, sub, sheet["last"])])

    @staticmethod
    def _act(bot: TabletClient, posts: list[dict[str, Any]]) -> Act:
        def act() -> None:
            bot.post(posts)

        return act


def _quality(skill: str, code: str) -> int:
    """How good a work is, in per cent: the same for every aspect of it."""
    return random.Random(f"{skill}:{code}").randint(52, 97)  # noqa: S311 - a demo, not a draw


def _measure(skill: str, code: str, aspect: dict[str, Any], cell: dict[str, Any]) -> int:
    """Full mark or zero by the work's quality; where a machine has proposed a mark, that mark."""
    if cell["proposal"] is not None:
        return int(cell["proposal"]["value"])
    met = random.Random(f"{skill}:{code}:{aspect['code']}").randint(1, 100)  # noqa: S311
    return int(aspect["max"]) if met <= _quality(skill, code) else 0


def _votes(seed: str, judges: int) -> list[int]:
    skill, code, _ = seed.split(":")
    chance = random.Random(seed)  # noqa: S311
    level = min(TOP, max(0, (_quality(skill, code) - 40) // 16 + chance.choice((-1, 0, 0, 0))))
    votes = [min(TOP, max(0, level + chance.choice((0, 0, 0, 1)))) for _ in range(judges)]
    if chance.randint(1, 25) == 1:  # now and then a panel must vote anew
        votes[0] = (votes[0] + 2) % (TOP + 1)
    return votes


def run(site: str, rooms: Sequence[Room], *, pace: float, go_on: Callable[[], bool]) -> int:
    """Let bots work in `rooms` in turn, `pace` acts a second, while `go_on` says so; gives the
    number of acts. Ends by itself when nothing is left to mark."""
    panels = [Panel(site, room) for room in rooms]
    queue = [(panel, panel.acts()) for panel in panels]
    chance, done = random.Random(1), 0  # noqa: S311
    while queue and go_on():
        at = chance.randrange(len(queue))
        panel, acts = queue[at]
        try:
            act = next(acts, None)
            if act is None:
                queue.pop(at)
                continue
            act()
            done += 1
        except requests.RequestException as error:
            log.warning("bot waits", skill=panel.room.skill, why=type(error).__name__)
            queue[at] = (panel, panel.acts())
            time.sleep(2)
        time.sleep(chance.uniform(0.6, 1.4) / pace)
    return done
