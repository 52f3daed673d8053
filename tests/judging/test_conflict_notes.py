"""What binds a judge becomes a recusal from one work: found, declared, overridden, found late."""

import pytest
from sqlalchemy import select

from competition import conflicts, declarations
from competition.database import db, writing
from competition.declarations import Told
from competition.models import Declaration, LedgerRow, Member, Person, Skill
from competition.moment import now
from competition.rules.conflicts import Tie
from competition.rules.refusal import Refusal
from judging import conflict_notes, declared, marking, panel_checks, recusals, sheets
from judging.models import Recusal
from tests.judging.official import unblind
from tests.judging.officials import known, mark_of
from tests.judging.seed import PEOPLE, Seeded, seed

CODE = "K-073"


@pytest.fixture
def day(context: object) -> Seeded:
    return seed()


def state(day: Seeded, code: str = CODE, judge: str = "li", aspect: str = "A1.01") -> str:
    value = 150 if aspect == "A1.01" else 2
    return day.give(day.post(code, aspect, value, judge=judge), judge=judge)[0].state


def declare(day: Seeded, told: Told, judge: str = "li", key: str = "declared-1") -> int:
    who = day.judges[judge]
    made = declarations.declare(day.skill, who, told, actor_id=who, key=key)
    conflict_notes.note(day.skill, actor_id=who)
    return made


def settle(day: Seeded, number: int, person: int | None, reason: str = "") -> None:
    office = day.judges["stranger"]
    declarations.settle(number, person_id=person, affiliation="", reason=reason, actor_id=office)
    conflict_notes.note(day.skill, actor_id=office)


def competitor(day: Seeded, code: str = CODE) -> int:
    return db.session.scalars(
        select(Member.person_id).where(Member.entry_id == day.entries[code])
    ).one()


def recused(day: Seeded) -> list[Recusal]:
    asked = select(Recusal).where(Recusal.until.is_(None)).order_by(Recusal.id)
    return list(db.session.scalars(asked.execution_options(populate_existing=True)))


def test_a_compatriot_is_not_marked_and_the_others_votes_count(day: Seeded) -> None:
    known(day, "li", delegation=CODE)
    assert conflict_notes.note(day.skill, actor_id=None) == 1
    (row,) = recused(day)
    assert (row.entry_id, row.ties, row.source) == (day.entries[CODE], ["delegation"], "conflict")
    assert state(day) == "set_aside"
    assert state(day, "K-118") == "taken"
    for judge, value in (("wang", 2), ("zhao", 3)):
        day.give(day.post(CODE, "B1.01", value, judge=judge), judge=judge)
    mark = mark_of(day, "B1.01")
    assert mark.ballot is not None
    assert (mark.ballot.panel, mark.value) == ((day.judges["wang"], day.judges["zhao"]), 167)
    assert conflict_notes.note(day.skill, actor_id=None) == 0, "noted once"


def test_a_mark_is_refused_before_the_conflict_is_even_noted(day: Seeded) -> None:
    known(day, "li", delegation=CODE)
    assert recused(day) == []
    assert state(day) == "set_aside"
    assert state(day, "K-118") == "taken"


def test_a_declared_person_is_found_by_name_whatever_the_spaces(day: Seeded) -> None:
    unblind(day)
    declare(day, Told("family", name=f" {PEOPLE[0][0][:2]} {PEOPLE[0][0][2:]} "))
    (row,) = recused(day)
    assert (row.entry_id, row.ties) == (day.entries[CODE], ["family"])
    assert state(day) == "set_aside"


def test_a_declared_school_is_found(day: Seeded) -> None:
    unblind(day)
    declare(day, Told("employer", place=PEOPLE[1][1]))
    assert [row.entry_id for row in recused(day)] == [day.entries["K-118"]]


def test_a_recognised_work_is_left_to_others(day: Seeded) -> None:
    declare(day, Told("known_work", work="k-246", words="我见过这件作品"))
    assert [row.entry_id for row in recused(day)] == [day.entries["K-246"]]
    with pytest.raises(Refusal, match="no work with that code"):
        declare(day, Told("known_work", work="K-999"), key="declared-2")


def test_the_roster_that_comes_later_meets_a_declaration(day: Seeded) -> None:
    unblind(day)
    declare(day, Told("pupil", name="百里未来"))
    assert recused(day) == []
    assert len(conflicts.waiting(db.session(), [day.skill])) == 1
    with writing() as session:
        person = Person(name="百里未来")
        session.add(person)
        session.flush()
        session.add(Member(entry_id=day.entries["K-391"], person_id=person.id))
    assert conflict_notes.note_all() == 1
    assert [row.entry_id for row in recused(day)] == [day.entries["K-391"]]
    assert conflicts.waiting(db.session(), [day.skill]) == []


def test_the_office_says_whom_a_declaration_means(day: Seeded) -> None:
    number = declare(day, Told("other", name="小雪"))
    settle(day, number, competitor(day))
    assert [row.entry_id for row in recused(day)] == [day.entries[CODE]]
    with pytest.raises(Refusal, match="say why"):
        settle(day, number, None)
    assert [row.entry_id for row in recused(day)] == [day.entries[CODE]], "one tap ends nothing"
    settle(day, number, None, "问过本人，是外省的同名者")
    assert recused(day) == [], "nobody of this skill is meant"
    ended = db.session.scalars(select(Recusal).where(Recusal.until.is_not(None))).one()
    assert ended.ended_by == day.judges["stranger"]
    row = db.session.get_one(Declaration, number)
    assert declarations.reasons(row) == ["问过本人，是外省的同名者"]
    assert "外省" not in str(list(db.session.scalars(select(LedgerRow.body))))
    assert conflicts.waiting(db.session(), [day.skill]) == [], "the office looked"
    assert panel_checks.against_ledger(db.session(), day.skill) == []


def seen_by(day: Seeded, judge: str) -> dict[str, object]:
    """All that a judge's tablet shows of the works."""
    skill, number = db.session.get_one(Skill, day.skill), day.judges[judge]
    works = {code: sheets.work(db.session(), skill, code, number) for code in day.entries}
    return {"works": works, "progress": sheets.progress(db.session(), skill, number)}


def test_names_that_a_judge_tries_change_nothing_on_their_tablet(day: Seeded) -> None:
    before = seen_by(day, "li")
    for number, (name, place, *_) in enumerate(PEOPLE):
        declare(day, Told("other", name=name), key=f"declared-n{number}")
        declare(day, Told("employer", place=place), key=f"declared-p{number}")
    declare(day, Told("other", name="百里未来"), key="declared-none")
    assert seen_by(day, "li") == before, "or each name would tell its code"
    assert state(day) == "taken"
    waiting = conflicts.waiting(db.session(), [day.skill])
    assert len(waiting) == 2 * len(PEOPLE) + 1
    found = declared.of_office(db.session(), "T17")
    assert {row["names"] for row in found["rows"]} == {2 * len(PEOPLE) + 1}
    own = declared.own(db.session(), db.session.get_one(Skill, day.skill), day.judges["li"])
    said = [(row["held"], row["looked"]) for row in own["rows"]]
    assert said == [(True, None)] * len(waiting), "nor whether a name is in the skill"


def test_what_is_given_while_a_declaration_waits_does_not_count(day: Seeded) -> None:
    number = declare(day, Told("family", name=PEOPLE[0][0]))
    assert state(day) == state(day, aspect="B1.01") == "taken"
    assert mark_of(day, "A1.01").value == 150
    settle(day, number, competitor(day))
    assert mark_of(day, "A1.01").value is None
    ballot = mark_of(day, "B1.01").ballot
    assert ballot is not None
    assert day.judges["li"] not in ballot.panel
    assert state(day) == "set_aside"
    assert conflict_notes.late(db.session(), day.skill) == [], "nobody has to decide"


def test_what_was_given_before_declaring_waits_for_the_chief_judge(day: Seeded) -> None:
    state(day)
    settle(day, declare(day, Told("family", name=PEOPLE[0][0])), competitor(day))
    assert mark_of(day, "A1.01").value == 150
    assert len(conflict_notes.late(db.session(), day.skill)) == 1


def test_a_recusal_from_an_earlier_release_stands_while_its_declaration_waits(day: Seeded) -> None:
    unblind(day)
    number = declare(day, Told("family", name=PEOPLE[0][0]))
    (before,) = recused(day)
    with writing() as session:
        session.get_one(Skill, day.skill).is_blind = True
    assert conflict_notes.note_all() == 0
    assert [row.id for row in recused(day)] == [before.id]
    settle(day, number, competitor(day))
    assert [row.id for row in recused(day)] == [before.id]


def test_the_lock_waits_for_the_office(day: Seeded) -> None:
    declare(day, Told("family", name=PEOPLE[0][0]))
    with pytest.raises(Refusal, match="wait for the office: 1"):
        marking.lock(day.skill, actor_id=day.judges["chief"])


def test_an_unknown_name_waits_beside_one_that_was_met(day: Seeded) -> None:
    unblind(day)
    declare(day, Told("family", name=PEOPLE[0][0]))
    declare(day, Told("family", name="张无名"), key="declared-2")
    facts = panel_checks.of_skills(db.session(), [day.skill], {})[day.skill]
    assert facts.declarations_open == 1
    assert len(conflicts.waiting(db.session(), [day.skill])) == 1


def test_nothing_to_declare_binds_to_nobody(day: Seeded) -> None:
    declare(day, Told("none", name="谁"))
    assert recused(day) == []
    row = db.session.scalars(select(Declaration)).one()
    assert (row.tie, row.told_sealed) == ("none", None)


def test_what_was_declared_is_sealed_and_the_ledger_names_nobody(day: Seeded) -> None:
    declare(day, Told("family", name=PEOPLE[0][0], place=PEOPLE[0][1], words="外甥"))
    row = db.session.scalars(select(Declaration)).one()
    assert declarations.opened(row) == Told("family", PEOPLE[0][0], PEOPLE[0][1], "", "外甥")
    assert PEOPLE[0][0].encode() not in (row.told_sealed or b"")
    written = str(list(db.session.scalars(select(LedgerRow.body))))
    assert not any(word in written for word in (PEOPLE[0][0], PEOPLE[0][1], "外甥", CODE))
    assert f"'entry': {day.entries[CODE]}" not in written, "nor whose code it is"


def test_a_declaration_leaves_with_a_reason_alone(day: Seeded) -> None:
    number = declare(day, Told("family", name=PEOPLE[0][0]))
    settle(day, number, competitor(day))
    assert len(recused(day)) == 1
    with pytest.raises(Refusal, match="Say why"):
        declarations.withdraw(number, reason=" ", actor_id=1)
    declarations.withdraw(number, reason="同名的另一人", actor_id=day.judges["stranger"])
    conflict_notes.note(day.skill, actor_id=None)
    assert recused(day) == []
    assert state(day) == "taken"
    assert db.session.scalars(select(Declaration.withdrawn_why)).one() == "同名的另一人"


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (Told("friend", name="谁"), "Choose the kind"),
        (Told("family"), "Write the person's name"),
        (Told("known_work"), "Write the code"),
        (Told("family", name="字" * 101), "at most 100"),
        (Told("family", name="\x00"), "Write the person's name"),
    ],
)
def test_a_declaration_that_says_nothing_is_refused(day: Seeded, told: Told, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        declare(day, told)
    assert db.session.scalars(select(Declaration)).all() == []


def test_it_is_kept_once_and_only_of_judges_of_the_skill(day: Seeded) -> None:
    told = Told("family", name=PEOPLE[0][0])
    first = declare(day, told)
    assert first == declare(day, told) == declare(day, told, key="declared-3")
    assert declare(day, Told("family", name=PEOPLE[0][0], words="外甥"), key="declared-4") != first
    with pytest.raises(Refusal, match="no judge of the skill"):
        declare(day, told, judge="stranger", key="declared-2")


def test_an_override_lets_the_judge_mark_and_keeps_its_reason(day: Seeded) -> None:
    known(day, "li", delegation=CODE)
    conflict_notes.note(day.skill, actor_id=None)
    chief = day.judges["chief"]
    with pytest.raises(Refusal, match="Say why"):
        recusals.override(day.skill, day.judges["li"], Tie.DELEGATION, reason="", actor_id=chief)
    made = recusals.override(
        day.skill, day.judges["li"], Tie.DELEGATION, reason="全省只有三名裁判", actor_id=chief
    )
    assert recused(day) == []
    assert state(day) == "taken"
    again = recusals.override(
        day.skill, day.judges["li"], Tie.DELEGATION, reason="再", actor_id=chief
    )
    assert again == made
    recusals.end_override(made, reason="来了第四名", actor_id=chief)
    assert len(recused(day)) == 1
    assert state(day, aspect="B1.01") == "set_aside"
    assert mark_of(day, "A1.01").value == 150, "what was given under it stays"


def test_marks_from_before_a_conflict_was_found_wait_for_the_chief_judge(day: Seeded) -> None:
    assert state(day, aspect="B1.01") == "taken"
    assert state(day) == "taken"
    known(day, "li", delegation=CODE)
    conflict_notes.note(day.skill, actor_id=None)
    (late,) = conflict_notes.late(db.session(), day.skill)
    assert (late.judge, late.marks, late.works) == (day.judges["li"], 2, 1)
    mark = mark_of(day, "A1.01")
    assert mark.value == 150, "it stands until somebody decides"
    chief, li = day.judges["chief"], day.judges["li"]
    assert recusals.decide_late(day.skill, li, count=False, reason="重评", actor_id=chief) == 1
    assert mark_of(day, "A1.01").value is None
    assert conflict_notes.late(db.session(), day.skill) == []
    ballot = mark_of(day, "B1.01").ballot
    assert ballot is not None
    assert day.judges["li"] not in ballot.panel
    assert recusals.decide_late(day.skill, li, count=True, reason="再", actor_id=chief) == 0


def test_or_they_stand_with_a_reason(day: Seeded) -> None:
    state(day)
    known(day, "li", delegation=CODE)
    conflict_notes.note(day.skill, actor_id=None)
    li, chief = day.judges["li"], day.judges["chief"]
    assert recusals.decide_late(day.skill, li, count=True, reason="客观分", actor_id=chief) == 1
    assert mark_of(day, "A1.01").value == 150
    assert conflict_notes.late(db.session(), day.skill) == []


def test_a_locked_skill_does_not_move(day: Seeded) -> None:
    known(day, "li", delegation=CODE)
    with writing() as session:
        session.get_one(Skill, day.skill).locked_at = now()
    assert conflict_notes.note(day.skill, actor_id=None) == 0
    assert recused(day) == []
