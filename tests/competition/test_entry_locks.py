"""Entries of a skill are locked: nothing about them changes until two people open them again."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from competition import (
    bulk,
    changes,
    eligibility,
    entry_adding,
    entry_locks,
    lists,
    papers,
    people,
    roster_batches,
    roster_undo,
    roster_worker,
    skill_rules,
)
from competition.database import db, writing
from competition.entry_form import Typed, Unfit
from competition.lists import Wish
from competition.models import (
    BatchState,
    BulkKind,
    ChangeKind,
    ChangeState,
    Entry,
    EntryLock,
    EntryState,
    Grant,
    LedgerRow,
    Person,
    Role,
    Skill,
    Stage,
)
from competition.moment import now
from competition.rules.entry_lock import LockState
from competition.rules.refusal import Refusal
from competition.rules.skill_rules import PRESETS
from tests.competition.rostering import (
    batch,
    counts,
    delegation_id,
    founded,
    imported,
    kinds,
    number,
    person,
    uploaded,
)
from tests.papers_made import PDF

pytestmark = pytest.mark.usefixtures("context")
HOUR = timedelta(hours=1)


def account(username: str, **more: object) -> int:
    with writing() as session:
        made = people.add_account(
            session,
            username=username,
            label=username,
            password_hash="x",
            grants=[Grant(role=Role.ORGANISER)],
            **more,  # type: ignore[arg-type]
        )
        session.flush()
        return made.id


def skill(code: str = "W17") -> int:
    return db.session.scalars(select(Skill.id).where(Skill.code == code)).one()


def state(code: str = "W17") -> LockState:
    db.session.rollback()
    return entry_locks.standings(db.session(), now())[skill(code)].state


def unlocked(*skills: int, until: datetime | None = None) -> int:
    asked = entry_locks.ask_unlock(skills, reason="名单有误", until=until, actor_id=1)
    entry_locks.answer(asked, True, answer="同意", actor_id=account(f"second-{asked}"))
    return asked


def acts() -> list[str]:
    asked = select(LedgerRow.act).where(LedgerRow.act.startswith("entries."))
    return list(db.session.scalars(asked.order_by(LedgerRow.id)))


def only_entry() -> Entry:
    db.session.rollback()
    return db.session.scalars(select(Entry).execution_options(populate_existing=True)).one()


def test_a_lock_is_opened_by_two_people_until_a_time_or_until_it_is_locked_again() -> None:
    founded()
    with pytest.raises(Refusal, match="are not locked"):
        entry_locks.ask_unlock([skill()], reason="x", until=None, actor_id=1)
    first = entry_locks.lock([skill()], actor_id=1)
    assert entry_locks.lock([skill()], actor_id=1) is None  # a double tap
    assert state() is LockState.LOCKED
    with pytest.raises(Refusal, match="Say why"):
        entry_locks.ask_unlock([skill()], reason=" ", until=None, actor_id=1)
    with pytest.raises(Refusal, match="over already"):
        entry_locks.ask_unlock([skill()], reason="x", until=now() - HOUR, actor_id=1)
    asked = entry_locks.ask_unlock([skill()], reason="x", until=None, actor_id=1)
    assert entry_locks.ask_unlock([skill()], reason="x", until=None, actor_id=1) == asked
    second = account("second")
    with pytest.raises(Refusal, match="waits already"):
        entry_locks.ask_unlock([skill()], reason="x", until=None, actor_id=second)
    with pytest.raises(Refusal, match="second person"):
        entry_locks.answer(asked, True, answer="", actor_id=1)
    assert state() is LockState.LOCKED
    entry_locks.answer(asked, True, answer="", actor_id=second)
    entry_locks.answer(asked, True, answer="", actor_id=second)
    with pytest.raises(Refusal, match="answered before"):
        entry_locks.answer(asked, False, answer="", actor_id=second)
    with pytest.raises(Refusal, match="no such request"):
        entry_locks.answer(first or 0, True, answer="", actor_id=second)  # a lock is no request
    assert state() is LockState.UNLOCKED
    assert entry_locks.lock([skill()], actor_id=second) is not None
    assert state() is LockState.LOCKED
    assert acts() == ["entries.lock", "entries.ask_unlock", "entries.unlock", "entries.lock"]


def test_the_time_of_an_unlocking_ends_by_itself() -> None:
    founded()
    entry_locks.lock([skill()], actor_id=1)
    unlocked(skill(), until=now() + HOUR)
    assert state() is LockState.UNLOCKED
    later = entry_locks.standings(db.session(), now() + 2 * HOUR)[skill()]
    assert later.is_locked
    assert later.act is not None


def test_two_accounts_of_one_human_being_are_one() -> None:
    founded()
    with writing() as session:
        human = Person(name="甲")
        session.add(human)
    one, other = (account(name, person=human) for name in ("one", "other"))
    entry_locks.lock([skill()], actor_id=one)
    asked = entry_locks.ask_unlock([skill()], reason="x", until=None, actor_id=one)
    with pytest.raises(Refusal, match="second person"):
        entry_locks.answer(asked, True, answer="", actor_id=other)


def test_many_skills_are_locked_as_one_and_opened_by_the_same_rule() -> None:
    founded()
    three = [skill(code) for code in ("W17", "W01", "W32")]
    entry_locks.lock([three[0]], actor_id=1)
    act = entry_locks.lock(three, actor_id=1)
    row = db.session.get_one(EntryLock, act)
    assert [one.id for one in row.skills] == sorted(three[1:])  # the first was locked before
    unlocked(*three)
    assert {state(code) for code in ("W17", "W01", "W32")} == {LockState.UNLOCKED}
    with pytest.raises(Refusal, match="No skill was chosen"):
        entry_locks.lock([], actor_id=1)
    with pytest.raises(Refusal, match="No skill was chosen"):
        entry_locks.lock([2**31 - 1], actor_id=1)


def test_what_is_promised_to_be_open_is_not_locked() -> None:
    founded()
    with writing() as session:
        for stage in session.scalars(select(Stage)):
            stage.entries_until = now() + HOUR
    with pytest.raises(Refusal, match="Entries are open until"):
        entry_locks.lock([skill()], actor_id=1)
    assert state() is LockState.OPEN


def test_rosters_say_row_by_row_who_locked_and_when() -> None:
    founded()
    done = imported([person("张三", 1)])
    ready = uploaded([person("李四", 2), person("王五", 3, skill="W01")])
    entry_locks.lock([skill()], actor_id=1)
    # A new file: the locked skill's rows are wrong, the others ready; who stays the same is well.
    found = uploaded([person("张三", 1), person("李四", 2), person("王五", 3, skill="W01")])
    assert counts(found) == (1, 0, 1, 1)
    assert kinds(found, 3) == ["entries_locked"]
    # One whose dry run was before the lock: its row turns out to be wrong in the transaction.
    roster_batches.order_import(ready, actor_id=1)
    assert roster_worker.step()
    assert counts(ready) == (1, 0, 0, 1)
    assert len(list(db.session.scalars(select(Entry.id)))) == 2
    # Undoing would take an entry away.
    roster_undo.order(done, actor_id=1)
    assert roster_worker.step()
    assert batch(done).state == BatchState.IMPORTED
    assert "were locked by" in batch(done).sentence_en
    # What others of the same person stand on does not change either.
    other = uploaded([person("张三", 1, skill="W01", 单位="二中")])
    assert "entries_locked" in kinds(other, 2)


def test_the_form_the_bulk_act_and_the_judging_are_refused() -> None:
    founded()
    home = delegation_id()
    skill_rules.adopt(skill(), PRESETS["provincial"], reason="x", actor_id=1)
    imported([person("张三", 1)])
    act_on = lists.ids(db.session(), Wish(skill="W17"), None)
    seen = bulk.look(db.session(), BulkKind.WITHDRAW, act_on)
    before = only_entry().state
    entry_locks.lock([skill()], actor_id=1)
    typed = Typed(({"name": "李四", "id_number": number(2), "affiliation": "一中"},), {})
    with pytest.raises(Unfit) as unfit:
        entry_adding.add(home, skill(), typed, reason="", by_office=True, actor_id=1)
    assert [one.kind for _who, one in unfit.value.findings] == ["entries_locked"]
    with pytest.raises(Refusal, match="concerns none"):
        bulk.do(BulkKind.WITHDRAW, act_on, seen.seal, reason="x", actor_id=1)
    assert bulk.look(db.session(), BulkKind.JUDGE, act_on).left_out == {"locked": 1}
    for act in (
        lambda: eligibility.judge_skill(skill(), actor_id=1),
        lambda: eligibility.approve([only_entry().id], actor_id=1),
        lambda: eligibility.ask_exception(only_entry().id, "age", reason="x", actor_id=1),
        lambda: papers.add(only_entry().id, "work", "a.pdf", PDF, actor_id=1),
    ):
        with pytest.raises(Refusal, match="were locked by"):
            act()
    assert only_entry().state == before


def test_what_was_done_in_bulk_before_the_lock_stays() -> None:
    founded()
    imported([person("张三", 1)])
    chosen = lists.ids(db.session(), Wish(skill="W17"), None)
    seal = bulk.look(db.session(), BulkKind.WITHDRAW, chosen).seal
    act = bulk.do(BulkKind.WITHDRAW, chosen, seal, reason="x", actor_id=1)
    entry_locks.lock([skill()], actor_id=1)
    with pytest.raises(Refusal, match="or are locked"):
        bulk.undo(act.id, actor_id=1)
    unlocked(skill())
    assert bulk.undo(act.id, actor_id=1) == (1, 0)


def test_a_change_waits_and_is_approved_when_the_entries_are_open_again() -> None:
    founded()
    imported([person("张三", 1)])
    entry_locks.lock([skill()], actor_id=1)
    entry = only_entry().id
    assert changes.free_kinds(db.session(), only_entry()) == set()
    with pytest.raises(Refusal, match="closed or locked"):
        changes.ask(entry, ChangeKind.WITHDRAW, {}, reason="", actor_id=1)
    asked = changes.ask(entry, ChangeKind.WITHDRAW, {}, reason="生病", actor_id=1)
    assert asked.state == ChangeState.ASKED
    second = account("second")
    with pytest.raises(Refusal, match="were locked by"):
        changes.decide(asked.id, True, answer="", actor_id=second)
    assert only_entry().state == EntryState.ENTERED
    unlocked(skill())
    changes.decide(asked.id, True, answer="", actor_id=second)
    assert only_entry().state == EntryState.WITHDRAWN


def test_granting_an_exception_waits_for_the_unlocking() -> None:
    founded()
    skill_rules.adopt(skill(), PRESETS["provincial"], reason="x", actor_id=1)
    imported([person("张三", 1)])
    (judged,) = eligibility.judged(db.session(), skill())
    rule = judged.broken[0].rule
    asked = eligibility.ask_exception(only_entry().id, rule, reason="x", actor_id=1)
    entry_locks.lock([skill()], actor_id=1)
    second = account("second")
    with pytest.raises(Refusal, match="were locked by"):
        eligibility.answer_exception(asked, True, answer="", actor_id=second)
    eligibility.answer_exception(asked, False, answer="", actor_id=second)  # changes no entry
