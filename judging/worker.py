"""The worker's loop: sees that the sandbox is ready, claims what waits, judges it, writes the end.

One worker judges one hand-in at a time; more workers may run beside each other. It is the only part
of Podium that talks to Docker, and where no daemon answers it says so and waits. A second thread
renews the lease and says that the worker lives, however long a check takes; a third one takes
rosters, which wait for no judging.
"""

import os
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from flask import Flask

from competition import heads_daily, now_and_then, roster_worker
from competition.database import db
from competition.logs import log
from competition.moment import now
from competition.rules.refusal import Refusal
from judging import (
    blobs,
    conflict_notes,
    evaluation,
    images,
    readiness,
    rederiving,
    remark_retention,
    rigs,
    tasks,
)
from judging.evaluation import Claim
from judging.models import Evaluation
from judging.programs import Programs
from judging.readiness import Readiness
from sandbox.box import BoxFailed, NoDocker
from sandbox.docker_box import client, image_id
from sandbox.docker_pool import sweep_programs as sweep
from sandbox.images.ahead import NotReady
from sandbox.images.build import build_images, images_ready, write_progress
from sandbox.names import Rejected
from sandbox.problem_task import ProblemTask
from sandbox.rigs import RigPool
from sandbox.runner import judge
from sandbox.verdict import Result, Verdict

LOOK_EVERY = 0.5  # seconds between two looks at an empty queue
TRY_AGAIN = 5.0  # seconds before Docker is asked again, and before a failure is tried again
TICK = 1.0  # seconds between two looks at what is under way
RIGS_EVERY = 30.0  # seconds between two looks at which tasks are being worked on
PULSE = 5.0  # seconds between two signs of life
RENEW = evaluation.LEASE / 3
DAILY = {
    "ledger: the heads were not signed": heads_daily.step,
    "remarks: what was kept long enough was not removed": remark_retention.step,
}


class Stopped(BaseException):
    """SIGTERM while something is under way that may be broken off."""


class Lost(BaseException):
    """The lease ran out and somebody else judges this hand-in now."""


class Worker:
    """`name` tells workers apart in rows and logs."""

    def __init__(self, app: Flask, name: str | None = None) -> None:
        self.app = app
        self.name = name or f"{socket.gethostname()}:{os.getpid()}"
        self.data: Path = app.config["PODIUM_DATA"]
        self.said: Readiness = readiness.BUILDING
        self.programs = Programs(self.data)
        self.rigs = RigPool()
        self.rigs_prepared = -RIGS_EVERY
        self.waits: dict[str, str] = {}  # a task and the image that is built for it
        self.held: Claim | None = None
        self.progress = (0, 0)
        self.lost = False
        self.looked_at = 0.0
        self.asked = False
        self.stopping = threading.Event()
        self.breakable = False

    def run(self) -> None:
        """Until SIGTERM or SIGINT."""
        signal.signal(signal.SIGTERM, self._asked_to_stop)
        signal.signal(signal.SIGINT, self._asked_to_stop)
        pulse = threading.Thread(target=self._pulse, daemon=True)
        pulse.start()
        beside = [
            threading.Thread(target=part.run, args=(self.app, self.stopping), daemon=True)
            for part in (roster_worker, conflict_notes, rederiving)
        ]
        daily = (self.app, self.stopping, DAILY)
        beside.append(threading.Thread(target=now_and_then.run, args=daily, daemon=True))
        for thread in beside:
            thread.start()
        log.info("worker starts", worker=self.name)
        readiness.tell(self.data, self.said, self.name, now())
        while not self.stopping.is_set():
            try:
                self._round()
            except Stopped:
                break
        until = time.monotonic() + PULSE  # for all of them: whoever stops it waits for its end
        for thread in (pulse, *beside):
            thread.join(max(0.0, until - time.monotonic()))
        self.programs.close()
        self.rigs.close()
        readiness.leave(self.data, self.name, now())
        log.info("worker ends", worker=self.name)

    def _round(self) -> None:
        try:
            with self.app.app_context():
                pause = self.step()
        except Exception:
            # Whatever one hand-in met, the next one must still be judged.
            log.exception("worker: a step failed")
            pause = TRY_AGAIN
        # Not `stopping.wait`: the signal's handler sets it in this thread, and would wait for ever
        # for the lock that the wait holds.
        with self._may_break():
            time.sleep(pause)

    def step(self) -> float:
        """One look and what follows from it; gives the seconds to wait before the next."""
        if not self._ready():
            return TRY_AGAIN
        claim = evaluation.claim(self.name, self._waiting())
        db.session.remove()
        if claim is not None:
            return self._evaluate(claim)
        self._prepare_rigs()
        return LOOK_EVERY

    def _prepare_rigs(self) -> None:
        """While nothing waits, a rig for each task that is being worked on."""
        if time.monotonic() - self.rigs_prepared < RIGS_EVERY:
            return
        self.rigs_prepared = time.monotonic()
        self.rigs.tend()
        try:
            for task, image in rigs.worked_on():
                if ready := _still_here(image) or images_ready():
                    self.rigs.prepare(ready, task)
        except NoDocker:
            pass  # said at the next look
        finally:
            db.session.remove()

    def _ready(self) -> bool:
        """Whether Docker answers and the images are there; builds them when they are not."""
        fine = self.said in (readiness.READY, readiness.BUILDING)
        if fine and time.monotonic() - self.looked_at < TRY_AGAIN:
            return True
        try:
            with self._may_break():
                client().close()
                if images_ready() is None:
                    self._say(readiness.BUILDING)
                    build_images(write_progress(readiness.folder(self.data) / "build.json"))
                    images.tidy(self.data)
                if self.said is not readiness.READY:
                    sweep()  # what a killed worker left
        except NoDocker:
            self._say(readiness.NO_DOCKER)
            return False
        except BoxFailed as error:
            log.error("the sandbox images were not built", why=str(error))
            self._say(readiness.FAILED)
            return False
        self._say(readiness.BUILDING if self._waiting() else readiness.READY)
        self.looked_at = time.monotonic()
        return True

    def _waiting(self) -> Collection[str]:
        """The tasks whose images are still being built beside; all others are judged meanwhile."""
        hopeless = self.programs.images.hopeless
        self.waits = {task: image for task, image in self.waits.items() if hopeless(image)}
        return self.waits

    def _evaluate(self, claim: Claim) -> float:
        began = time.monotonic()
        self.held, self.progress, self.lost = claim, (0, 0), False
        try:
            with tempfile.TemporaryDirectory(prefix="podium-evidence-") as folder:
                with self._may_break():
                    result = self._judged(claim, Path(folder))
                    evidence = _stored(result, Path(folder))
                if result.verdict is Verdict.IE and not _docker_answers():
                    evaluation.give_back(claim)
                    return TRY_AGAIN
                written = evaluation.finish(claim, result, evidence)
        except NotReady as waits:
            evaluation.give_back(claim)
            self.waits[claim.task] = waits.name
            self._say(readiness.BUILDING)
            return 0
        except Stopped:
            evaluation.give_back(claim)
            raise
        except Lost:
            written, result = False, None
        finally:
            self.held = None
        log.info(
            "evaluated" if written else "somebody else holds it",
            evaluation=claim.evaluation_id,
            verdict=result.verdict.value if result else None,
            seconds=round(time.monotonic() - began, 1),
        )
        ours = result is not None and result.verdict in evaluation.OUR_FAULT
        return TRY_AGAIN if ours else 0

    def _judged(self, claim: Claim, folder: Path) -> Result:
        """The sandbox's result; whatever goes wrong on our side is IE and will be tried again."""
        try:
            task, archive = tasks.find(claim.task), blobs.path(claim.sha256)
            if isinstance(task, ProblemTask):
                return self._program(task, claim, archive, folder)
            return judge(
                task,
                archive,
                folder,
                on_progress=self._progressed,
                image=_still_here(claim.image),
                rigs=self.rigs,
            )
        except NotReady:
            raise
        except (Refusal, Rejected) as refused:
            return Result(Verdict.IE, refused.zh, refused.en)
        except Exception as error:
            log.exception("judging failed", evaluation=claim.evaluation_id)
            kind = type(error).__name__
            return Result(Verdict.IE, f"评测程序出错：{kind}。", f"The worker failed: {kind}.")

    def _program(self, task: ProblemTask, claim: Claim, archive: Path, folder: Path) -> Result:
        handed_in = db.session.get_one(Evaluation, claim.evaluation_id).submission
        name, person = handed_in.name, f"entry {handed_in.entry_id}"
        db.session.remove()  # judging takes its time, and the database is not held meanwhile
        return self.programs.judge(
            task, archive, folder, name=name, person=person, on_progress=self._progressed
        )

    def _progressed(self, done: int, total: int) -> None:
        self.progress = (done, total)
        if self.lost:
            raise Lost

    def _say(self, said: Readiness) -> None:
        if said != self.said or said is readiness.BUILDING:
            log.info("sandbox", state=said.state)
            self.said = said
            readiness.tell(self.data, said, self.name, now())

    def _pulse(self) -> None:
        """The second thread: signs of life, progress, and the lease at a third of its length."""
        told = beaten = time.monotonic()
        shown = (0, 0)
        while not self.stopping.wait(TICK):
            at = time.monotonic()
            try:
                if at - told >= PULSE:
                    told = at
                    readiness.tell(self.data, self.said, self.name, now())
                held, progress = self.held, self.progress
                if held and (at - beaten >= RENEW.total_seconds() or progress != shown):
                    beaten, shown = at, progress
                    self._beat(held, *progress)
            except Exception:
                log.exception("worker: a heartbeat failed")  # the next one comes with the next tick

    def _beat(self, held: Claim, done: int, total: int) -> None:
        with self.app.app_context():
            if not evaluation.heartbeat(held, done=done, total=total) and self.held is held:
                self.lost = True

    @contextmanager
    def _may_break(self) -> Iterator[None]:
        """What a stop may break off; outside, it waits for the end of the transaction."""
        self.breakable = True
        try:
            if self.stopping.is_set():
                raise Stopped
            yield
        finally:
            self.breakable = False

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        if self.asked:
            return
        self.asked = True
        self.stopping.set()
        if self.breakable:
            raise Stopped


def _stored(result: Result, folder: Path) -> dict[str, str]:
    """The evidence as blobs: path in the result → SHA-256."""
    paths = {piece.path for check in result.checks for piece in check.evidence}
    return {path: blobs.put_file(folder / path) for path in sorted(paths)}


def _still_here(image: str | None) -> str | None:
    """The image this period began with, unless somebody has removed it since."""
    if image is None or image_id(image) is not None:
        return image
    log.warning("the image of this period is gone; the present one is used", image=image)
    return None


def _docker_answers() -> bool:
    try:
        client().close()
    except NoDocker:
        return False
    return True
