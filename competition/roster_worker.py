"""The worker's part in rosters: takes a batch that waits and does what is wanted with it.

`run` is a thread beside the worker's loop, so that a judging under way does not hold a roster up.
"""

import threading
import traceback

from flask import Flask

from competition import (
    roster_claims,
    roster_dry_run,
    roster_import,
    roster_judging,
    roster_undo,
)
from competition.database import db
from competition.logs import log
from competition.models import BatchState
from competition.roster_claims import Claim, Lost
from competition.rules.refusal import Refusal

LOOK_EVERY = 0.5  # seconds between two looks for a batch
TRY_AGAIN = 5.0  # seconds after a failure

_WORK = {
    BatchState.READING: roster_dry_run.run,
    BatchState.IMPORTING: roster_import.run,
    BatchState.JUDGING: roster_judging.run,
    BatchState.UNDOING: roster_undo.run,
}


def step() -> bool:
    """Do what one batch waits for; whether there was one."""
    held = roster_claims.claim()
    db.session.remove()
    if held is None:
        return False
    do(held)
    return True


def do(held: Claim) -> bool:
    """The work of a claim and what follows it at once, judging after an import; whether the work
    was done. What goes wrong ends as a sentence at the batch."""
    try:
        _WORK[held.state](held)
    except Lost:
        db.session.remove()
        log.info("roster: somebody else holds it", batch=held.batch_id)
        return False
    except Refusal as refusal:
        _end(held, refusal.zh, refusal.en)
        return False
    except Exception as error:
        kind = type(error).__name__  # nothing more: a message may name somebody
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{last.filename}:{last.lineno}"
        log.error("roster: a batch failed", batch=held.batch_id, kind=kind, where=where)
        _end(
            held,
            f"处理时系统出错（{kind}），什么都没有改变。请再试一次，仍不行请联系秘书处。",
            f"Something went wrong on our side ({kind}); nothing was changed. Try again, and tell"
            " the secretariat if it fails once more.",
        )
        return False
    finally:
        db.session.remove()
    log.info("roster: done", batch=held.batch_id, was=str(held.state))
    following = roster_claims.claim(held.batch_id) if held.state is BatchState.IMPORTING else None
    db.session.remove()
    if following is not None:
        following.told = held.told
        do(following)
    return True


def _end(held: Claim, zh: str, en: str) -> None:
    db.session.remove()
    if held.state is BatchState.JUDGING:  # the import itself stands
        zh, en = roster_claims.NOT_JUDGED
    roster_claims.fail(held, zh, en)


def run(app: Flask, stopping: threading.Event) -> None:
    """Until the worker stops. What is under way then is taken up again when its lease ends."""
    while not stopping.is_set():
        pause = LOOK_EVERY
        try:
            with app.app_context():
                if step():
                    pause = 0
        except Exception:
            log.exception("roster: a look failed")
            pause = TRY_AGAIN
        stopping.wait(pause)
