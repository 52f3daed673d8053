"""Every mark can prove that its judge was clean, or what was overridden and why; and `podium panel
check` finds what was changed behind the ledger's back."""

import json

import pytest
from sqlalchemy import update

from competition import declarations, ledger
from competition.database import db, writing
from competition.declarations import Told
from competition.models import Skill
from competition.moment import now
from competition.rules.conflicts import Tie
from judging import conflict_notes, ledger_proof, panel_checks, provenance, recusals, scheme
from judging.cli_panel import _skills
from judging.models import Recusal
from tests.judging.official import unblind
from tests.judging.officials import known
from tests.judging.seed import PEOPLE, Seeded, seed

CODE = "K-073"


@pytest.fixture
def day(context: object) -> Seeded:
    return seed()


def lock(day: Seeded) -> None:
    with writing() as session:
        session.get_one(Skill, day.skill).locked_at = now()


def found(day: Seeded, aspect: str = "A1.01", code: str = CODE) -> list[dict]:
    """What the provenance page says of the judges of an aspect, row by row."""
    skill, newest = db.session.get_one(Skill, day.skill), scheme.current(day.skill)
    assert newest is not None
    read = provenance.read(db.session(), skill, newest, day.entries[code])
    assert read["faults"] == [], "the ledger is whole"
    return [
        row["clean"]
        for sheet in read["sheets"]
        for one in sheet["aspects"]
        if one["code"] == aspect
        for row in one["rows"]
    ]


def test_a_clean_mark_says_so_and_when_its_judge_declared(day: Seeded) -> None:
    li = day.judges["li"]
    day.give(day.post(CODE, "A2.01", 100))
    declarations.declare(day.skill, li, Told("none"), actor_id=li, key="declared-1")
    day.give(day.post(CODE, "A1.01", 150))
    (sealed,) = found(day)
    assert (sealed["state"], sealed["overrides"], sealed["found"]) == ("sealed", [], [])
    lock(day)
    (row,) = found(day)
    assert row["state"] == "clean"
    assert row["declared_at"] is not None
    (before,) = found(day, "A2.01")
    assert (before["state"], before["declared_at"]) == ("clean", None)


def test_an_override_follows_its_marks_and_no_others(day: Seeded) -> None:
    known(day, "li", delegation=CODE)
    li, chief = day.judges["li"], day.judges["chief"]
    made = recusals.override(day.skill, li, Tie.DELEGATION, reason="没有别人", actor_id=chief)
    day.give(day.post(CODE, "A1.01", 150), day.post("K-118", "A1.01", 150))
    (sealed,) = found(day)
    assert (sealed["state"], sealed["overrides"]) == ("sealed", []), (
        "it would tell whose work it is"
    )
    recusals.end_override(made, reason="来人了", actor_id=chief)
    day.give(day.post(CODE, "A1.02", 100))
    lock(day)
    (row,) = found(day)
    assert row["state"] == "found_later", "the judge stands aside again since"
    assert [(one["zh"], one["reason"], one["by"]) for one in row["overrides"]] == [
        ("同一代表团", "没有别人", "陈裁判长")
    ]
    assert found(day, "A1.02") == [None], "what was set aside says so itself"
    (other,) = found(day, code="K-118")
    assert (other["state"], other["overrides"]) == ("clean", [])


def test_what_was_found_later_is_said(day: Seeded) -> None:
    day.give(day.post(CODE, "A1.01", 150))
    known(day, "li", delegation=CODE)
    conflict_notes.note(day.skill, actor_id=None)
    li, chief = day.judges["li"], day.judges["chief"]
    recusals.decide_late(day.skill, li, count=True, reason="客观分", actor_id=chief)
    lock(day)
    (row,) = found(day)
    assert row["state"] == "found_later"
    (late,) = row["found"]
    assert (late["counts"], late["reason"], late["by"]) == (True, "客观分", "陈裁判长")
    assert [tie["en"] for tie in late["ties"]] == ["same delegation"]


def test_the_check_names_what_is_amiss_and_what_was_changed(day: Seeded) -> None:
    li = day.judges["li"]
    told = Told("family", name=PEOPLE[0][0])
    unblind(day)
    declarations.declare(day.skill, li, told, actor_id=li, key="declared-1")
    conflict_notes.note(day.skill, actor_id=None)
    (one,) = _skills("t17")
    assert one == {
        "skill": "T17", "chairs_empty": 0, "undeclared": ["王裁判", "赵裁判"],
        "declarations_open": 0, "marks_late": 0, "broken": [],
    }  # fmt: skip
    assert json.dumps(one)
    assert ledger_proof.verify(db.session()).faults == []
    with writing() as session:
        session.execute(update(Recusal).values(entry_id=day.entries["K-118"]))
    (bad,) = panel_checks.against_ledger(db.session(), day.skill)
    assert bad.en == "recusal 1 is not what the ledger notes"
    with writing() as session:
        session.query(Recusal).delete()
    (gone,) = panel_checks.against_ledger(db.session(), day.skill)
    assert "not in the database" in gone.en
    assert ledger.walk(db.session(), day.skill).ok
