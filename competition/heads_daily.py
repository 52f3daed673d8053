"""The worker's part in the ledger: the heads of each day are signed without anybody typing it.

`step` is taken now and then. Today's file follows the day; once a day is over its
file is made whole. What cannot be signed is logged and told by `podium ledger verify`.
"""

from datetime import datetime, time, timedelta

from sqlalchemy import select

from competition import heads
from competition.database import db
from competition.models import LedgerRow
from competition.moment import now


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
