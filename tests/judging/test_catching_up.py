"""Cells of a process that does not write: it catches up with what others wrote, and says what the
rows say, whatever happened in between."""

import random
from collections.abc import Callable

import pytest
from sqlalchemy import event

from competition import grants
from competition.database import db
from competition.models import Grant, Role
from competition.pins import Proof
from judging import admission, cells, kept, marking, recusals, rederiving, signing
from tests.judging import official, test_scheme_versions
from tests.judging.seed import Seeded, judge_by_machine, seed
from tests.judging.signed import seen
from tests.judging.test_kept import any_posts, facts
from tests.judging.test_scheme_versions import append

WORK, OTHER = "K-073", "K-118"
Act = Callable[[Seeded], object]


@pytest.fixture
def day(context, monkeypatch) -> Seeded:
    """Everything is marked and confirmed, and this process has seen it; then others write."""
    day = seed()
    official.rules(day)
    official.mark_everything(day)
    db.session.rollback()
    kept.whole(db.session(), day.skill)
    monkeypatch.setattr(admission.Admission, "keep", lambda *_: None)
    return day


def caught_up(day: Seeded) -> cells.Cells:
    """What this process says now; equal to what all rows say."""
    db.session.rollback()
    memory, rows = kept.whole(db.session(), day.skill), cells.read(db.session(), day.skill)
    assert facts(memory) == facts(rows)
    assert memory.upto == rows.upto
    assert memory.closed == rows.closed
    return memory


def fails(*_args, **_named):
    raise AssertionError("all rows were read")


def test_of_the_rows_only_those_that_are_new_are_read(day, monkeypatch):
    chance, confirmed = random.Random(8), 0
    for _ in range(60):
        for _ in range(chance.randint(1, 4)):
            judge = chance.choice(list(day.judges))
            day.give(*any_posts(day, chance, judge), judge=judge)
        with monkeypatch.context() as strict:
            strict.setattr(cells, "read_all", fails)
            db.session.rollback()
            kept.whole(db.session(), day.skill)
        confirmed += sum(len(work.confirmed) for work in caught_up(day).works.values())
    assert confirmed


def head(day: Seeded, aspect: str) -> int:
    works = cells.read(db.session(), day.skill).works
    return works[day.entries[WORK]].marks[day.aspects[aspect]].measured.head.id


def judges_sign(day: Seeded) -> None:
    for name in ("li", "wang", "zhao"):
        sheets = seen(day, (WORK, "A1"), (WORK, "B1"))
        signing.sign_as_judge(day.skill, sheets, Proof(day.judges[name], "device:1"))


def chief_signs(day: Seeded) -> None:
    sheets = seen(day, (WORK, "A1"), (WORK, "B1"))
    signing.sign_as_chief(day.skill, sheets, Proof(day.judges["chief"], "device:1"))


def goes_back(day: Seeded) -> None:
    signing.send_back(
        day.skill, [(day.entries[WORK], day.subs["A1"])], reason="看错一行",
        actor_id=day.judges["chief"], key="back-1",
    )  # fmt: skip


def differ(day: Seeded) -> None:
    zero = day.post(WORK, "A1.02", 0, base=head(day, "A1.02"), reason="看不见子弹")
    given = [*day.give(zero), *day.give(day.post(WORK, "A1.02", 100, judge="wang"), judge="wang")]
    assert [one.state for one in given] == ["taken", "taken"]


def decided(day: Seeded) -> None:
    marking.decide(
        day.skill, WORK, day.aspects["A1.02"], 100, reason="看录像",
        actor_id=day.judges["chief"], key="desk:1",
    )  # fmt: skip


def recused(day: Seeded) -> None:
    recusals.recuse(
        day.skill, day.judges["wang"], work=OTHER, reason="师生", from_start=True,
        actor_id=day.judges["chief"], key="recuse-1",
    )  # fmt: skip


def leaves(day: Seeded) -> None:
    asked = db.session.query(Grant).filter_by(
        skill_id=day.skill, account_id=day.judges["zhao"], role=Role.JUDGE
    )
    grants.end(asked.one().id, reason="病假", actor_id=day.judges["chief"])


ONE_BY_ONE: tuple[tuple[Act, bool], ...] = (  # whether all is folded anew
    (lambda day: judge_by_machine(day, WORK, {"A1.02": 0}), False),
    (lambda day: judge_by_machine(day, WORK, {"A1.02": 100}), False),
    (judges_sign, False),
    (chief_signs, False),
    (goes_back, False),
    (differ, False),
    (decided, False),
    (recused, True),
    (leaves, True),
)


def test_whatever_else_happens_is_caught_up_with(day, monkeypatch):
    """Act by act; and where only marks and signatures moved, no other row is read."""
    for act, anew in ONE_BY_ONE:
        before = kept.revision_of(db.session(), day.skill)
        act(day)
        db.session.rollback()
        assert kept.revision_of(db.session(), day.skill) > before, act
        with monkeypatch.context() as strict:
            if not anew:
                strict.setattr(cells, "read_all", fails)
            kept.whole(db.session(), day.skill)
        found = caught_up(day)
    entry = day.entries[WORK]
    assert found.closed.signed == {(entry, day.subs["B1"])}
    assert found.starred(entry)
    assert found.works[entry].marks[day.aspects["A1.02"]].measured.head.decides


def test_all_of_it_at_once_is_caught_up_with(day):
    for act, _anew in ONE_BY_ONE:
        act(day)
    caught_up(day)


def test_another_version_of_the_scheme_is_folded_anew(day):
    """Old rows find their cells; and marks that come on top are caught up with again."""
    assert test_scheme_versions.adopt(day, test_scheme_versions.edited(append)) == 2
    found = caught_up(day)
    assert found.former.aspects
    work = found.works[day.entries[WORK]]
    assert sum(mark.settled for mark in work.marks.values()) == len(work.marks) - 1
    test_scheme_versions.renew(day)
    day.give(day.post(WORK, "A1.01", 0, base=head(day, "A1.01")))
    assert caught_up(day).works[day.entries[WORK]].marks[day.aspects["A1.01"]].value == 0


def test_what_is_told_to_be_wrong_is_made_from_the_rows(day):
    revision = kept.revision_of(db.session(), day.skill)
    wrong = kept.whole(db.session(), day.skill).copy()
    wrong.works.pop(day.entries[OTHER])
    kept.keep(db.session(), day.skill, revision, wrong)
    rederiving._tell(day.skill, (revision, 1))
    caught_up(day)


def test_no_row_of_a_skill_becomes_known_later_with_a_smaller_id(day):
    """Machine and judges alike lock the skill before they add a row."""
    said: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        said.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        judge_by_machine(day, OTHER)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    added = next(i for i, one in enumerate(said) if "INSERT INTO observation" in one)
    locks = "FOR UPDATE" if engine.dialect.name == "postgresql" else ""  # SQLite: one writer
    asked = [one for one in said[:added] if one.startswith("SELECT skill.id ") and locks in one]
    assert len(asked) == 1
