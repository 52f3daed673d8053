"""Boards are made here, whoever sends them: what has moved is computed, and stored if it says more.

The writer never calls this. Whatever process commits, a maker compares revisions with those it last
saw, a few times a second and as soon as it is told. Usually it has a process of its own beside the
site (`board_process`), so that marks and boards do not share one processor; else the site's sender
(`live`) calls it. Several makers do no harm: what is stored is decided under the writers' lock.
What is made goes into files too (`feed_files`).
"""

import time
from collections.abc import Callable, Sequence

from competition import grants, timetable
from competition.database import db
from competition.moment import now
from judging import feed_files, overall, releasing, results
from judging.feed_files import FeedFolder
from judging.results import Position

LOOK_EVERY = 0.2  # seconds between two looks at the database for other processes' commits
REST = 0.1  # seconds between two looks in any case: while marks rain, several make one board
SHARE = (
    2  # times as long as a look took it rests: boards take a third of the time, marks the others
)
OVERALL_EVERY = 0.5  # seconds between two looks at the boards over all skills
ENDS_EVERY = 1.0  # seconds between two looks for periods whose time is over


def rest(took: float, least: float = REST) -> float:
    """The seconds until the next look, after one of `took` seconds."""
    return min(LOOK_EVERY, max(least, SHARE * took))


class BoardMaker:
    """`made` holds the last sequence, revision and turn per skill, `overall` the last sequence per
    board over all skills."""

    def __init__(self, feeds: FeedFolder) -> None:
        self.feeds = feeds
        self.made: dict[int, tuple[int, int, int]] = {}
        self.overall: dict[str, int] = {}
        self.ends_at = 0.0
        self.overall_at = 0.0
        self.moved = False  # a skill's board has, since the boards over all were looked at

    def tick(self, told: Callable[[], None]) -> None:
        """One look: end periods and roles that are over, make what moved; `told` is called as soon
        as some of it is stored, so that nobody waits for all. An app context is open."""
        due = time.monotonic() >= self.ends_at
        if due:
            self.ends_at = time.monotonic() + ENDS_EVERY
            timetable.note_ends(now())
            grants.note_ends(now())
            releasing.carry_out(now())
        moved = [
            row
            for row in results.positions()
            if self.made.get(row.skill_id) != (row.sequence, row.revision, row.turn)
        ]
        is_new = False
        for first in range(0, len(moved), results.AT_ONCE):
            if self._make(moved[first : first + results.AT_ONCE]):
                is_new = True
                told()
        self.moved |= is_new or due
        if self.moved and time.monotonic() >= self.overall_at:
            self.overall_at = time.monotonic() + OVERALL_EVERY
            self.moved = False
            # After those of the skills, which are stored by now; an older look must not hide it.
            db.session.rollback()
            self._make_overall()
        if self.feeds.offered:
            self.feeds.woken.set()

    def _make(self, moved: Sequence[Position]) -> bool:
        """Whether the board of any of these skills says something new."""
        shots = results.publish(moved)
        is_new = False
        for row in moved:
            shot, last = shots[row.skill_id], self.made.get(row.skill_id)
            if last is None or shot.sequence != last[0]:
                is_new = True
                self.feeds.offer(feed_files.of_skill(row.code), shot)
            self.made[row.skill_id] = (shot.sequence, row.revision, row.turn)
        return is_new

    def _make_overall(self) -> None:
        for kind, shot in overall.of_all(results.stored(db.session())).items():
            if self.overall.get(kind) != shot.sequence:
                self.overall[kind] = shot.sequence
                self.feeds.offer(feed_files.of_kind(kind), shot)
