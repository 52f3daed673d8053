"""The tracker's days and rows, on both kinds of database."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from competition import preparation, technical
from competition.database import db, writing
from competition.models import (
    Competition,
    Entry,
    EntryState,
    LedgerRow,
    MilestoneDay,
    Skill,
    Zone,
)
from competition.preparation import Row
from competition.rules.preparation import NAMES, Colour
from competition.rules.refusal import Refusal
from tests.judging.seed import Seeded, seed


@pytest.fixture
def day(context: Flask) -> Seeded:
    """The seed, its first day thirty days ahead."""
    seeded = seed()
    with writing() as session:
        edition = session.scalars(select(Competition)).one()
        edition.starts_on = technical.today() + timedelta(days=30)
        edition.ends_on = technical.today() + timedelta(days=33)
    return seeded


def cells() -> dict[str, Colour]:
    (row,) = preparation.rows(db.session(), lambda skill: skill.code == "T17")
    return dict(zip(NAMES, row.cells, strict=True))


def test_a_skill_goes_green_as_things_are_done(day: Seeded) -> None:
    before = cells()
    assert before["technical"] is before["rules"] is Colour.RED
    technical.publish(
        day.skill, "一", reason="", publish_on=technical.today(), pdf=b"", keeps_pdf=False,
        actor_id=day.judges["chief"],
    )  # fmt: skip
    assert cells()["technical"] is Colour.GREEN
    with writing() as session:
        for entry in session.scalars(select(Entry)):
            entry.state = EntryState.APPROVED
    assert cells()["entries"] is Colour.GREEN
    with writing() as session:
        first = session.scalars(select(Entry)).first()
        assert first is not None
        first.state = EntryState.ELIGIBLE
    assert cells()["entries"] is Colour.AHEAD  # due in sixteen days
    assert cells()["preflight"] is Colour.AHEAD


def test_a_version_that_is_yet_to_come_is_not_published(day: Seeded) -> None:
    technical.publish(
        day.skill, "一", reason="", publish_on=technical.today() + timedelta(days=1), pdf=b"",
        keeps_pdf=False, actor_id=day.judges["chief"],
    )  # fmt: skip
    assert cells()["technical"] is Colour.RED


def test_without_entries_none_are_approved(day: Seeded) -> None:
    with writing() as session:
        for entry in session.scalars(select(Entry)):
            entry.state = EntryState.WITHDRAWN
    assert cells()["entries"] is Colour.AHEAD


def test_days_are_set_and_given_back(day: Seeded) -> None:
    actor, soon = day.judges["chief"], technical.today() + timedelta(days=5)
    preset = preparation.days(db.session())
    preparation.set_days({"entries": soon, "technical": None}, actor_id=actor)
    preparation.set_days({"entries": soon}, actor_id=actor)
    assert preparation.days(db.session()) == preset | {"entries": soon}
    assert cells()["entries"] is Colour.AMBER
    preparation.set_days({"entries": soon - timedelta(days=1)}, actor_id=actor)
    preparation.set_days({"entries": None}, actor_id=actor)
    assert preparation.days(db.session()) == preset
    asked = select(LedgerRow.body).where(LedgerRow.act == "preparation.days")
    told = [body["days"] for body in db.session.scalars(asked.order_by(LedgerRow.id))]
    assert [list(one) for one in told] == [["entries"]] * 3  # the same again is no act
    assert told[-1] == {"entries": None}


def test_wrong_days_change_nothing(day: Seeded) -> None:
    actor, today = day.judges["chief"], technical.today()
    with pytest.raises(Refusal):
        preparation.set_days({"party": today}, actor_id=actor)
    with pytest.raises(Refusal):
        preparation.set_days(
            {"rules": today, "entries": today + timedelta(days=34)}, actor_id=actor
        )
    assert db.session.scalar(select(func.count()).select_from(MilestoneDay)) == 0


def test_rows_are_narrowed() -> None:
    row = Row(Skill(code="X", zone=Zone(code="daqing")), (Colour.RED, Colour.GREEN))
    assert row.fits() and row.fits("daqing", "red") and row.fits(colour="mauve")
    assert not row.fits("harbin") and not row.fits(colour="amber")
    assert preparation.counts([row, row]) == {"red": 2, "green": 2}
