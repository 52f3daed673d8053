"""Live boards over Socket.IO: send the boards whose public sequence moved.

The writer never calls this: whatever process commits, the sender of every web process compares the
stored sequences with those it last sent, a few times a second and at once after a commit of its
own process. The boards are made by a process beside the site's (`board_process`), and while that
is not up, by the sender. Beside the site any number of `podium live` send what is stored. A message
is always the whole board, so joining late needs no special path.

gevent with gevent-websocket only: with simple-websocket, gevent corrupts the streams of slow
readers (performance.md). Outside the gevent web process (commands, worker, tests of views) the
socket server exists but sends nothing by itself.
"""

import gc
import sys
import time
from collections.abc import Sequence
from typing import Any

from flask import Flask, request
from flask_socketio import SocketIO, emit, join_room
from gevent import monkey
from gevent.event import Event
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from competition.access import may_direct, may_judge, who
from competition.database import db
from competition.logs import log
from competition.models import Skill
from competition.offload import Rest
from judging import board_process, feed_files, overall, results, screens, showing
from judging.board_making import LOOK_EVERY, REST, BoardMaker, rest
from judging.board_process import BoardProcess
from judging.broadcast import Audience
from judging.rules.overall import DOCUMENTS
from judging.rules.visibility import shown_state

FRESH = 1.0  # seconds since the sender's last look during which what it sent is the newest there is
SOON = 0.02  # seconds of rest at least, also where a board is there that another process made
BUSY = 0.5  # of the processor, while boards rest
GIVES_WAY = 0.0005  # seconds
# After how many new things the collector looks at these: one look at 100,000 held up a mark for
# 36 ms, one at 5,000 for 7 to 28. At those that live on it looks after five million.
COLLECTED = (1_000, 5_000, 1_000)
HOME = "home"
WATCHED = ("skill:", "overall:", "screen:")  # how the rooms begin of which a client is in one
LONGEST_CODE = 10  # as Skill.code; who watches a skill that is none hears nothing

socketio = SocketIO()


def register(app: Flask) -> None:
    """Attach the socket server; in the gevent web process also start the sender."""
    live = monkey.is_module_patched("socket")
    socketio.init_app(
        app,
        async_mode="gevent" if live else "threading",
        client_manager=Audience(
            latest=("board", "overall", "revision", "screen"), kept=("board", "overall")
        ),
        transports=["websocket"],  # who cannot have one asks for the snapshot
        cors_allowed_origins=None,  # same origin only
        max_http_buffer_size=10_000,  # spectators say almost nothing
        async_handlers=False,  # a client's events one after the other, in its reader's greenlet
        ping_interval=10,  # a pulled cable is noticed, and said, within 20 s
        ping_timeout=10,
    )
    if not live:
        return
    socketio.start_background_task(_settle)
    if app.config["PODIUM_LIVE"] or app.config["READS_ONLY"]:
        sender = Sender(app)
        socketio.start_background_task(sender.run)
        _let_in_quickly(sender)


def _let_in_quickly(sender: "Sender") -> None:
    """Who comes to watch a skill gets the board that the sender sent last, past Flask and the
    database: hundreds come every second. Nothing is missed, for the client is in the room first;
    whatever else is asked, or not known, goes the long way."""
    server = socketio.server
    slowly = server.handlers["/"]["watch"]

    def watching(sid: str, asked: object = None) -> None:
        code = asked.get("skill") if isinstance(asked, dict) and len(asked) == 1 else None
        body = sender.newest(code) if isinstance(code, str) else None
        if body is None or code is None:
            slowly(sid, asked)
            return
        _watch_only(_room(code), sid=sid)
        server.emit("board", body, to=sid)

    server.on("watch", watching)


def _room(code: str) -> str:
    return f"skill:{code}"


def _skill(asked: object) -> Skill | None:
    code = asked.get("skill") if isinstance(asked, dict) else None
    if not isinstance(code, str):
        return None
    return db.session.scalar(select(Skill).where(Skill.code == code))


@socketio.on("watch")
def watch(asked: object = None) -> None:
    """A spectator follows a skill or a board over all: the room, and at once the board as it is. A
    big screen follows what it shall show, and every board of its playlist."""
    named = asked if isinstance(asked, dict) else {}
    kind, token, code = named.get("overall"), named.get("screen"), named.get("skill")
    screen = screens.paired(db.session(), token) if isinstance(token, str) else None
    if screen is not None:
        told = showing.document(db.session(), screen)
        codes, kinds = showing.documents(told["entries"])
        _watch_only(f"screen:{screen.id}", *map(_room, codes), *(f"overall:{one}" for one in kinds))
        emit("screen", told)
        for shot in results.several(codes):
            emit("board", shot.body)
        shots = overall.snapshots() if kinds else {}
        for one in kinds:
            _emit("overall", shots.get(one))
    elif isinstance(kind, str) and kind in DOCUMENTS:
        _watch_only(f"overall:{kind}")
        _emit("overall", overall.snapshots().get(kind))
    elif isinstance(code, str) and len(code) <= LONGEST_CODE:
        _watch_only(_room(code))
        _emit("board", results.of(code))


def _emit(event: str, shot: results.Snapshot | None) -> None:
    """A board to who asks; where only the site itself can make it, it comes when it is there."""
    if shot is not None:
        emit(event, shot.body)


def _watch_only(*chosen: str, sid: str | None = None) -> None:
    """Who asks, or a client of this session, is in these rooms and in no other that is watched."""
    server, sid = socketio.server, sid or request.sid  # type: ignore[attr-defined]
    for room in server.rooms(sid):
        if room.startswith(WATCHED):
            server.leave_room(sid, room)
    for room in chosen:
        server.enter_room(sid, room)


@socketio.on("watch_home")
def watch_home() -> None:
    """A spectator follows the home page: state and progress of every skill."""
    join_room(HOME)
    emit("home", {"skills": {doc["skill"]["code"]: _tile(doc) for doc in results.all_bodies()}})


@socketio.on("follow")
def follow(asked: object = None) -> None:
    """Staff pages of a skill follow its revision; only its judges and its chief judge may."""
    skill = _skill(asked)
    account = who()
    if skill is not None and (may_direct(account, skill) or may_judge(account, skill)):
        join_room(f"staff:{skill.code}")
        emit("revision", {"skill": skill.code, "revision": skill.revision})


def _tile(body: dict[str, Any]) -> dict[str, Any]:
    return {"state": shown_state(body), "progress": body["progress"]}


def _settle() -> None:
    """What the start has loaded is never looked through again, and the collector looks at little at
    once: with ten thousand clients a full look would hold up everybody for some 0.3 s. A thread
    that works beside the hub gives way soon: SQLite lets go of the interpreter at every statement,
    a mark has a dozen, and Python's own 5 ms would be waited for at each of them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED)
    sys.setswitchinterval(GIVES_WAY)


class Sender:
    """The loop of one web process. `sent` holds the last sequence and revision per skill, `overall`
    the last sequence per board over all skills, `screens` that of each big screen. A `podium live`
    reads and sends only."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.reads_only: bool = app.config["READS_ONLY"]
        self.maker = None if self.reads_only else BoardMaker(feed_files.folder_of(app))
        self.elsewhere: BoardProcess | None = None  # which makes the boards, while it is up
        self.sent: dict[int, tuple[int, int]] = {}
        self.overall: dict[str, int] = {}
        self.screens: dict[int, int] = {}
        self.boards: dict[str, dict[str, Any]] = {}  # code → what was sent last
        self.looked_at = -FRESH
        self.woken = Event()  # gevent's own: waiting for it never blocks the hub
        self.made = Event()  # another process has made boards
        self.is_short = False  # of processor time, as it was when boards last rested
        event.listen(Session, "after_commit", self._wake)

    def _wake(self, session: Session) -> None:
        if session.info.get("writing"):
            self.woken.set()
            if self.elsewhere is not None:
                self.elsewhere.look()

    def _hear(self) -> None:
        self.made.set()
        self.woken.set()

    def _rest(self, took: float) -> None:
        """Several marks make one look; boards are made at a pace of their own, so they go soon.
        Where marks alone keep the processor busy, boards rest longer the longer they take."""
        least = rest(took if self.is_short else 0.0, SOON)
        begin, used = time.monotonic(), time.process_time()
        socketio.sleep(least)
        self.made.wait(max(0.0, REST - least))
        self.is_short = time.process_time() - used > BUSY * (time.monotonic() - begin)

    def run(self) -> None:
        """Send what moves, for as long as the process lives."""
        if self.maker is not None:
            socketio.start_background_task(self.maker.feeds.run)
            if board_process.is_wanted(self.app):
                self.elsewhere = BoardProcess(moved=self._hear)
                socketio.start_background_task(self.elsewhere.run)
        while True:
            self.woken.wait(REST if self.reads_only else LOOK_EVERY)
            self.woken.clear()
            self.made.clear()
            try:
                with self.app.app_context():
                    begin = time.monotonic()
                    self.tick()
                self._rest(time.monotonic() - begin)
            except Exception:
                # The boards must go on whatever one tick met; the next look repairs it.
                log.exception("live boards: a tick failed")
                socketio.sleep(1)

    def tick(self) -> None:
        """One look: make what moved, unless another process does; send what is new."""
        if self.maker is not None and not (self.elsewhere and self.elsewhere.is_up):
            self.maker.tick(self._send_moved)
        self._send_moved()
        self._send_overall()
        self._send_screens()
        self.looked_at = time.monotonic()

    def _send_moved(self) -> None:
        """The boards of skills that say something new, and that staff's pages are behind."""
        moved = [
            row
            for row in results.positions()
            if self.sent.get(row.skill_id) != (row.sequence, row.revision)
        ]
        home: dict[str, Any] = {}
        for first in range(0, len(moved), results.AT_ONCE):
            home |= self._send(moved[first : first + results.AT_ONCE])
        if home:
            socketio.emit("home", {"skills": home}, to=HOME)

    def newest(self, code: str) -> dict[str, Any] | None:
        """A skill's board as it was sent last; None when that may not be the newest."""
        is_fresh = time.monotonic() - self.looked_at < FRESH
        return self.boards.get(code) if is_fresh else None

    def _send(self, moved: Sequence[results.Position]) -> dict[str, Any]:
        """Send the stored boards of some skills; gives what the home page shows of those."""
        shots = results.as_stored(moved)
        home: dict[str, Any] = {}
        turn = Rest()
        for row in moved:
            sequence, revision = self.sent.get(row.skill_id, (-1, -1))
            shot = shots.get(row.skill_id)  # None: not made yet
            if shot is not None and shot.sequence != sequence:
                self.boards[row.code] = shot.body
                socketio.emit("board", shot.body, to=_room(row.code))
                home[row.code] = _tile(shot.body)
            if row.revision != revision:
                message = {"skill": row.code, "revision": row.revision}
                socketio.emit("revision", message, to=f"staff:{row.code}")
            self.sent[row.skill_id] = (row.sequence, row.revision)
            turn.if_due()
        return home

    def _send_screens(self) -> None:
        """What a big screen shall show, to those whose number moved."""
        moved = {
            screen_id: number
            for screen_id, number in screens.positions(db.session())
            if self.screens.get(screen_id) != number
        }
        if not moved:
            return
        for screen in screens.all_paired(db.session()):
            if screen.id in moved:
                told = showing.document(db.session(), screen)
                socketio.emit("screen", told, to=f"screen:{screen.id}")
                self.screens[screen.id] = told["sequence"]

    def _send_overall(self) -> None:
        """The boards over all skills that say something new."""
        for kind, shot in overall.as_stored().items():
            if self.overall.get(kind) != shot.sequence:
                self.overall[kind] = shot.sequence
                socketio.emit("overall", shot.body, to=f"overall:{kind}")
