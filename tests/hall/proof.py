"""After the hall test: every tap is in the database and in the ledger exactly once, as it was
given, applied or set aside as the script says; conflicts, votes and counts are those expected."""

import json
from collections import Counter
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from competition.database import db
from competition.models import LedgerRow, Skill
from competition.moment import iso
from judging import cells, contact, desk_needs, kept, scheme
from judging.models import Confirmation, Device, Observation
from tests.hall.play import Hall
from tests.hall.script import Cell, Expected, judge_of, skill_of
from tests.hall.steps import FULL, Confirm, Tap

SENTENCES = {
    "locked": "The marks of this skill are locked.",
    "closed": "The votes of this round are already released",
    "moved": "The sheet has changed since you looked at it.",
    "elsewhere": "You have voted on another tablet meanwhile.",
}
HOURS = timedelta(hours=2)


def prove(hall: Hall, expected: Expected, before: set[str]) -> dict[str, Any]:
    """Asserts all of it; gives the figures. `before`: keys from before the hall opened."""
    given = {
        post["key"]: (name, step, post) for name, one in hall.given.items() for step, post in one
    }
    assert len(given) == sum(len(one) for one in hall.given.values()), "a key was given twice"
    for name, steps in expected.taps.items():
        assert [step for step, _ in hall.given[name]] == steps
    with hall.site.database():
        rows = _rows(before)
        told = _told(before)
        assert set(rows) == set(given) == set(told)
        assert set(told.values()) == {1}, "the ledger has a tap twice"
        for key, (name, step, post) in given.items():
            _as_given(hall, rows[key], name, step, post)
        _cells(hall, expected)
        aside = _asides(hall, expected, given, rows)
        for skill in _skills(hall):
            for one in contact.of_skill(db.session(), skill.id):
                assert not any(held.waiting for held in one.judges), one
        skewed = sum(_skew(row) > HOURS for row in rows.values() if isinstance(row, Observation))
    for tablet in hall.tablets.values():
        assert tablet.read("outbox") == []
    assert skewed, "no device's clock was wrong"
    verified = hall.site.podium("ledger", "verify", "--json")
    assert verified.returncode == 0 and json.loads(verified.stdout)["ok"], verified.stdout
    faults: Counter[str] = Counter()
    copies: Counter[str] = Counter()
    for tablet in hall.tablets.values():
        faults.update(tablet.wire.done)
        copies.update(tablet.wire.carried)
    return {
        "seed": hall.number,
        "taps": len(given),
        "applied": len(given) - aside,
        "set aside": aside,
        "conflicts": len(expected.conflicts),
        "carried more than once": sum(n > 1 for n in copies.values()),
        "faults": dict(faults),
        "kills of the site": hall.site.kills,
        "kills of a browser": hall.browser_kills,
        "signed in again": sum(one.sign_ins - 1 for one in hall.tablets.values()),
        "skewed by hours": skewed,
    }


def _skills(hall: Hall) -> list[Skill]:
    return [db.session.get_one(Skill, day.skill) for day in hall.days.values()]


def keys() -> set[str]:
    """Every key that is in the database."""
    found: set[str] = set()
    for model in (Observation, Confirmation):
        found |= set(db.session.scalars(select(model.key)))
    return found


def _rows(before: set[str]) -> dict[str, Observation | Confirmation]:
    """What the hall's tablets brought into the database, by key."""
    found: dict[str, Observation | Confirmation] = {}
    for row in db.session.scalars(select(Observation).where(~Observation.decides)):
        found[row.key] = row
    for confirmed in db.session.scalars(select(Confirmation)):
        assert confirmed.key not in found
        found[confirmed.key] = confirmed
    return {key: row for key, row in found.items() if key not in before}


def _told(before: set[str]) -> Counter[str]:
    """How often the ledger notes each key."""
    bodies = db.session.scalars(select(LedgerRow.body).where(LedgerRow.act == "marks.record"))
    found = Counter(mark["key"] for body in bodies for mark in body["marks"])
    return Counter({key: n for key, n in found.items() if key not in before})


def _as_given(
    hall: Hall, row: Observation | Confirmation, name: str, step: Any, post: dict[str, Any]
) -> None:
    """One row says what was tapped, by whom, on which tablet, when by the device; and what became
    of it."""
    day, about = hall.days[skill_of(name)], (hall.number, name, step, post)
    aside = "" if not isinstance(step, Tap | Confirm) else step.aside
    assert row.judge_id == day.judges[judge_of(name)] == post["judge"], about
    if isinstance(row, Confirmation):
        assert isinstance(step, Confirm) and not aside, about
        assert row.sub_criterion_id == day.subs[step.sub], about
        return
    device = db.session.get_one(Device, row.device_id)
    assert (device.skill_id, device.account_id) == (day.skill, row.judge_id), about
    assert iso(row.device_at) == post["device_at"], about
    assert row.state == ("set_aside" if aside else "taken"), (*about, row.refusal)
    if aside:
        assert row.refusal and row.refusal["en"].startswith(SENTENCES[aside]), (*about, row.refusal)
    if not isinstance(step, Confirm):
        assert row.value == step.value, about
        assert row.aspect_id == day.aspects[step.aspect], about


def _skew(row: Observation) -> timedelta:
    return abs(row.at - row.device_at) if row.device_at else timedelta(0)


def _cells(hall: Hall, expected: Expected) -> None:
    """What stands in every cell that was tapped, the values in conflict and the votes that are in;
    and nothing is in conflict but that."""
    found: dict[str, cells.Cells] = {
        name: kept.whole(db.session(), day.skill) for name, day in hall.days.items()
    }

    def mark(cell: Cell) -> Any:
        skill, code, aspect = cell
        day = hall.days[skill]
        return found[skill].works[day.entries[code]].marks[day.aspects[aspect]]

    stands = {cell: mark(cell).measured.value for cell in expected.stands}
    assert stands == expected.stands
    conflicts = {
        (skill, code, aspect): {one.value for one in measured.differing} | {measured.value}
        for skill, day in hall.days.items()
        for code in day.entries
        for aspect in FULL
        if (measured := mark((skill, code, aspect)).measured).differing
    }
    assert conflicts == expected.conflicts
    for cell, votes in expected.ballots.items():
        judges = hall.days[cell[0]].judges
        assert mark(cell).ballot.current.votes == {judges[one]: v for one, v in votes.items()}, cell


def _asides(hall: Hall, expected: Expected, given: dict[str, Any], rows: dict[str, Any]) -> int:
    """What was set aside is kept in sight on its tablet, and shown to the chief judge."""
    aside = {key: name for key, (name, _, _) in given.items() if _is_aside(rows[key])}
    for name, tablet in hall.tablets.items():
        mine = {key for key, owner in aside.items() if owner == name}
        assert {one["key"] for one in tablet.read("aside")} == mine, name
    for skill in _skills(hall):
        needs = desk_needs.read(
            db.session(), skill, kept.whole(db.session(), skill.id), scheme.current(skill.id), []
        )
        shown = {one["observation_id"] for one in needs if one["kind"] == "set_aside"}
        mine = {key for key, name in aside.items() if skill_of(name) == skill.code}
        assert shown == {rows[key].id for key in mine}, skill.code
        differing = sum(one["kind"] == "measurement" for one in needs)
        assert differing == sum(cell[0] == skill.code for cell in expected.conflicts)
    return len(aside)


def _is_aside(row: Observation | Confirmation) -> bool:
    return isinstance(row, Observation) and row.state == "set_aside"
