"""Times in the database: as SQLAlchemy itself writes them, aware, in UTC."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import DateTime, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from competition.database import UTCDateTime, db, writing
from competition.models import LedgerRow

CHINA = timezone(timedelta(hours=8))
TIMES = [
    datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
    datetime(2026, 11, 23, 8, 0, 0, 1, tzinfo=UTC),
    datetime(2026, 2, 28, 23, 59, 59, 999999, tzinfo=CHINA),
    datetime(101, 1, 1, tzinfo=UTC),
]


@pytest.mark.parametrize("at", TIMES)
def test_a_time_is_the_text_that_sqlalchemy_would_write(at: datetime) -> None:
    dialect = sqlite.dialect()
    ours = UTCDateTime().bind_processor(dialect)
    theirs = DateTime().dialect_impl(dialect).bind_processor(dialect)
    assert ours is not None
    assert theirs is not None
    assert ours(at) == theirs(at.astimezone(UTC).replace(tzinfo=None))
    assert ours(None) is None


def test_a_time_without_a_zone_is_refused() -> None:
    ours = UTCDateTime().bind_processor(sqlite.dialect())
    assert ours is not None
    with pytest.raises(ValueError, match="without a zone"):
        ours(datetime(2026, 11, 23))


@pytest.mark.parametrize("at", TIMES)
def test_a_time_comes_back_as_it_was_and_is_found_by_it(context: None, at: datetime) -> None:
    with writing() as session:
        session.add(LedgerRow(**_row(at)))
    found: Session = db.session()
    assert found.scalars(select(LedgerRow.at).where(LedgerRow.at == at)).all() == [at]


def _row(at: datetime) -> dict[str, object]:
    words = dict.fromkeys(("act", "subject", "hash", "previous"), "x")
    return {"number": 1, "at": at, "body": {}, **words}
