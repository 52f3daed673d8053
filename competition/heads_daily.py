"""The worker's part in the ledger: the heads of each day are signed without anybody typing it.

`run` is a thread beside the worker's loop. Today's file follows the day; once a day is over its
file is made whole. What cannot be signed is logged and told by `podium ledger verify`.
"""

import threading
from datetime import datetime, time, timedelta

from flask import Flask
from sqlalchemy import select

from competition import heads
from competition.database import db
from competition.logs import log
from competition.models import LedgerRow
from competition.moment import now
from competition.rules.refusal import Refusal

FIRST, EVERY = 300.0, 1800.0  # seconds until the first time, and between two


def step() -> None:
    """Sign yesterday's heads unless that was done, then today's as they are."""
    today = now().astimezone(heads.HALL).date()
    began = datetime.combine(today, time(), heads.HALL)
    session = db.session()
    if session.scalars(select(LedgerRow.id).limit(1)).first() is None:
        return  # no competition yet
    if session.scalars(select(LedgerRow.id).where(LedgerRow.at < began).limit(1)).first():
        heads.write_day(today - timedelta(days=1))
    heads.write_day()


def run(app: Flask, stopping: threading.Event) -> None:
    """Now and then, until the worker stops."""
    pause = FIRST
    while not stopping.wait(pause):
        pause = EVERY
        with app.app_context():
            try:
                step()
            except Refusal as refusal:
                log.error("ledger: the heads were not signed", why=refusal.en)
            except Exception:
                log.exception("ledger: the heads were not signed")
            finally:
                db.session.remove()
