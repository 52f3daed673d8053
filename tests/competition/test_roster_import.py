"""Rosters from the upload to the import and back, on both kinds of database."""

from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from competition import ledger, privacy, roster_batches, roster_claims, roster_undo, roster_worker
from competition.database import db, writing
from competition.models import (
    BatchState,
    Entry,
    EntryState,
    LedgerRow,
    Member,
    Person,
    RosterBatch,
    RosterRow,
    Stage,
)
from competition.moment import now
from competition.rules.refusal import Refusal
from tests.competition import rostering as r

ABOVE = Path(__file__).parents[3:5]  # a clone may lie one folder deeper
FIXTURES = next(filter(Path.is_dir, (one / "shared/fixtures/rosters" for one in ABOVE)), ABOVE[0])
needs_fixtures = pytest.mark.skipif(
    not (FIXTURES / "roster_1000.xlsx").is_file(),
    reason="shared/fixtures/rosters is not beside the source tree",
)


@pytest.fixture
def office(context: Flask) -> int:
    return r.founded()


def test_new_people_become_entries_with_all_that_the_file_says(office: int) -> None:
    batch_id = r.imported([
        r.person("张三", 1, 指导教师="王师傅、李老师"),
        r.person("李四", 2, "W19", "大庆", 是否替补="是", 组别="职工"),
    ])  # fmt: skip
    first, second = db.session.scalars(select(Entry).order_by(Entry.id))
    assert (first.skill.code, first.delegation.code, first.state) == ("W17", "2301", "entered")
    assert (second.skill.code, second.is_reserve, second.batch_id) == ("W19", True, batch_id)
    assert first.code != first.alias and [one.name for one in first.coaches] == ["王师傅", "李老师"]
    (member,) = first.members
    assert (member.status, member.person.name) == ("student", "张三")
    assert member.person.id_masked == "23**************99"[:16] + member.person.id_masked[-2:]
    assert privacy.find(r.number(1)) is not None
    assert (member.person.born_on.isoformat(), member.person.sex) == ("2005-03-01", "male")
    assert r.batch(batch_id).counts["imported"] == 2
    assert r.batch(batch_id).file_sealed is None
    acts = db.session.scalars(select(LedgerRow).where(LedgerRow.act == "roster.import")).all()
    assert len(acts) == 1 and acts[0].body["counts"]["people"] == 2
    assert "张" not in str(acts[0].body) and ledger.walk(db.session(), None).ok


def test_the_dry_run_tells_new_changed_same_and_wrong(office: int) -> None:
    r.imported([r.person("张三", 1), r.person("李四", 2)])
    batch_id = r.uploaded([
        r.person("张三", 1),
        r.person("李四", 2, 单位="二中", 组别="职工"),
        r.person("王五", 3),
        r.person("赵六", 4, "没有的赛项"),
    ])  # fmt: skip
    assert r.counts(batch_id) == (1, 1, 1, 1)
    found = r.rows(batch_id)
    assert {row: state for row, (state, _) in found.items()} == {
        2: "same", 3: "changed", 4: "new", 5: "wrong",
    }  # fmt: skip
    changes = [(one.field, one.before, one.after) for one in found[3][1].changes]
    assert changes == [("affiliation", "一中", "二中"), ("status", "student", "employee")]
    assert r.many(Entry) == 2


def test_the_same_file_again_changes_nothing(office: int) -> None:
    rows = [r.person("张三", 1, 指导教师="王师傅"), r.person("李四", 2, "W19")]
    r.imported(rows)
    batch_id = r.uploaded(rows)
    assert r.counts(batch_id) == (0, 0, 2, 0)
    with pytest.raises(Refusal, match="No row can be imported"):
        roster_batches.order_import(batch_id, actor_id=office)


@pytest.mark.parametrize(
    ("row", "kind", "state"),
    [
        (lambda: r.person("张三丰", 1), "known_as", "wrong"),
        (lambda: r.person("张三", 1, home="大庆市"), "entered_elsewhere", "wrong"),
        (lambda: r.person("张三", 1, "W19"), "entered_otherwise", "new"),
    ],
)
def test_people_who_are_registered_are_found(office: int, row: Any, kind: str, state: str) -> None:
    r.imported([r.person("张三", 1)])
    batch_id = r.uploaded([row()])
    assert r.kinds(batch_id, 2) == [kind]
    assert r.rows(batch_id)[2][0] == state
    assert r.number(1) not in r.rows(batch_id)[2][1].findings[0].zh


def test_one_person_under_two_numbers_is_asked_about(office: int) -> None:
    r.imported([r.person("张三", 1)])
    other = r.person("张三", 1)
    other[1] = r.never_issued("230208", r.date(2005, 3, 1), r.Sex.MALE)
    batch_id = r.uploaded([other])
    assert (r.rows(batch_id)[2][0], r.kinds(batch_id, 2)) == ("new", ["registered_number"])


def test_a_leader_does_not_learn_another_delegations_name(office: int) -> None:
    r.imported([r.person("张三", 1, home="大庆市")])
    batch_id = r.uploaded([r.person("李四", 1)], own="2301")
    sentences = "".join(one.zh for one in r.rows(batch_id)[2][1].findings)
    assert "另一个姓名下" in sentences and "张三" not in sentences


def test_a_leader_enters_only_the_own_delegation(office: int) -> None:
    batch_id = r.uploaded([r.person("张三", 1), r.person("李四", 2, home="大庆")], own="2301")
    assert r.counts(batch_id) == (1, 0, 0, 1)
    assert r.kinds(batch_id, 3) == ["delegation_other"]


def test_teams_are_one_entry_and_wait_for_each_other(office: int) -> None:
    code = r.team_skill()
    batch_id = r.imported([
        r.person("甲一", 1, code, 队伍="1"), r.person("甲二", 2, code, 队伍="1"),
        r.person("乙一", 3, code, 队伍="2"), ["乙二", "123", *r.person("", 4, code, 队伍="2")[2:]],
    ])  # fmt: skip
    assert r.counts(batch_id) == (2, 0, 0, 2)
    assert r.kinds(batch_id, 4) == ["team_held"]
    (entry,) = db.session.scalars(select(Entry))
    assert sorted(one.person.name for one in entry.members) == ["甲一", "甲二"]


def test_a_second_member_joins_a_team_and_a_third_does_not(office: int) -> None:
    code = r.team_skill()
    r.imported([r.person("甲一", 1, code, 队伍="1")])
    joined = r.imported([r.person("甲一", 1, code, 队伍="1"), r.person("甲二", 2, code, 队伍="1")])
    assert r.many(Entry) == 1 and r.many(Member) == 2
    third = r.uploaded([r.person("甲一", 1, code, 队伍="1"), r.person("甲三", 3, code, 队伍="1")])
    assert r.counts(third) == (0, 0, 0, 2)
    assert "team_complete" in r.kinds(third, 2) and "team_held" in r.kinds(third, 3)
    roster_undo.order(joined, actor_id=office)
    assert roster_worker.step()
    assert (r.many(Entry), r.many(Member), r.many(Person)) == (1, 1, 1)


def test_changes_are_written_and_an_approved_entry_is_judged_again(office: int) -> None:
    r.imported([r.person("张三", 1, 指导教师="王师傅")])
    with writing() as session:
        session.execute(update(Entry).values(state=EntryState.APPROVED))
    batch_id = r.imported(
        [r.person("张三", 1, 单位="二中", 手机号="13911111111", 是否替补="是", 指导教师="李老师")]
    )
    (entry,) = db.session.scalars(select(Entry))
    (member,) = entry.members
    assert (entry.state, entry.is_reserve) == ("entered", True)
    assert member.person.affiliation.name == "二中"
    assert member.person.phone_masked == "13*******11"
    assert [one.name for one in entry.coaches] == ["李老师"]
    roster_undo.order(batch_id, actor_id=office)
    assert roster_worker.step()
    db.session.expire_all()
    (entry,) = db.session.scalars(select(Entry))
    assert r.batch(batch_id).state == BatchState.UNDONE
    assert (entry.state, entry.is_reserve) == ("approved", False)
    person = entry.members[0].person
    assert person.affiliation is not None and person.affiliation.name == "一中"
    assert privacy.vault().open(privacy.PHONE, person.phone_sealed or b"") == "13800000001"
    assert [one.name for one in entry.coaches] == ["王师傅"]


def test_nothing_goes_into_a_skill_that_has_started(office: int) -> None:
    r.imported([r.person("张三", 1)])
    r.start("W17")
    batch_id = r.uploaded([r.person("张三", 1), r.person("李四", 2), r.person("王五", 3, "W19")])
    assert r.counts(batch_id) == (1, 0, 1, 1)
    assert r.kinds(batch_id, 3) == ["has_started"]


def test_a_withdrawn_entry_does_not_come_back(office: int) -> None:
    r.imported([r.person("张三", 1)])
    with writing() as session:
        session.execute(update(Entry).values(state=EntryState.WITHDRAWN))
    batch_id = r.uploaded([r.person("张三", 1)])
    assert (r.counts(batch_id), r.kinds(batch_id, 2)) == ((0, 0, 1, 0), ["was_withdrawn"])


def test_corrections_in_place_are_sealed_and_read_again(office: int) -> None:
    batch_id = r.uploaded([r.person("张三", 1), ["李四", "", "W19", "大庆", *[""] * 6]])
    assert r.counts(batch_id) == (1, 0, 0, 1)
    roster_batches.correct(batch_id, {3: {1: r.number(2)}}, actor_id=office)
    assert r.batch(batch_id).state == BatchState.READING
    kept = r.batch(batch_id).corrections_sealed
    assert kept is not None and r.number(2).encode() not in kept
    roster_worker.step()
    assert r.counts(batch_id) == (2, 0, 0, 0)
    with pytest.raises(Refusal, match="too long"):
        roster_batches.correct(batch_id, {3: {1: "x" * 300}}, actor_id=office)


def test_a_mapping_is_chosen_and_remembered(office: int) -> None:
    head = ["甲", "乙", "赛项", "代表队"]
    rows = [r.person("张三", 1)[:4]]
    batch_id = r.uploaded(rows, head=head)
    assert r.batch(batch_id).mapping["is_wrong"] and r.many(RosterRow) == 0
    chosen = {0: "name", 1: "id_number", 2: "skill", 3: "delegation"}
    roster_batches.choose(batch_id, 0, 0, chosen, actor_id=office)
    roster_worker.step()
    assert r.counts(batch_id) == (1, 0, 0, 0)
    assert r.counts(r.uploaded(rows, head=head)) == (1, 0, 0, 0)
    for wrong in ({0: "name", 1: "name"}, {0: "nothing"}):
        with pytest.raises(Refusal, match="Two columns"):
            roster_batches.choose(batch_id, 0, 0, wrong, actor_id=office)
    for sheet, line in ((0, 99), (7, 0), (-1, 0), (0, -1)):
        with pytest.raises(Refusal, match="no such row"):
            roster_batches.choose(batch_id, sheet, line, chosen, actor_id=office)


def test_the_deadline_binds_team_leaders_and_not_the_office(office: int) -> None:
    ready = r.uploaded([r.person("张三", 1)], own="2301")
    done = r.imported([r.person("李四", 2)], own="2301")
    with writing() as session:
        session.execute(update(Stage).values(entries_until=now() - timedelta(days=1)))
    for late in (
        lambda: r.uploaded([r.person("王五", 3)], own="2301"),
        lambda: roster_batches.order_import(ready, actor_id=office),
        lambda: roster_undo.order(done, actor_id=office),
    ):
        with pytest.raises(Refusal, match="Entries are closed"):
            late()
    r.imported([r.person("王五", 3)])


def test_a_file_that_is_no_table_says_why(office: int) -> None:
    batch_id = r.uploaded([], data=b"%PDF-1.4 not a table")
    assert r.batch(batch_id).state == BatchState.FAILED
    assert "不是 Excel" in r.batch(batch_id).sentence_zh
    with pytest.raises(Refusal, match="No file was chosen"):
        roster_batches.upload(b"", "", delegation_id=None, by_office=True, actor_id=office)


def test_a_killed_workers_batch_is_taken_up_again_when_its_lease_ends(office: int) -> None:
    batch = roster_batches.upload(
        r.a_csv([r.person("张三", 1)]), "a", delegation_id=None, by_office=True, actor_id=office
    )
    killed = roster_claims.claim()
    assert killed is not None and roster_claims.claim() is None and not roster_worker.step()
    with writing() as session:
        over = now() - timedelta(seconds=1)
        session.execute(update(RosterBatch).values(claimed_until=over))
    assert roster_worker.step()
    assert r.batch(batch.id).state == BatchState.READY
    with pytest.raises(roster_claims.Lost):
        roster_claims.tell(killed, "write", 1, 1)
    assert not roster_worker.do(killed)  # it wakes up, and finds that it is somebody else's
    assert r.counts(batch.id) == (1, 0, 0, 0)


def test_a_file_that_kills_its_worker_is_not_tried_for_ever(office: int) -> None:
    batch = roster_batches.upload(
        r.a_csv([r.person("张三", 1)]), "a", delegation_id=None, by_office=True, actor_id=office
    )
    for _ in range(roster_claims.TRIES):
        held = roster_claims.claim()
        assert held is not None
        roster_claims.give_back(held)
    assert roster_claims.claim() is None
    assert r.batch(batch.id).state == BatchState.FAILED


def test_a_failing_import_writes_nothing_and_can_be_repeated(
    office: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_id = r.uploaded([r.person("张三", 1)])
    roster_batches.order_import(batch_id, actor_id=office)
    with monkeypatch.context() as broken:
        broken.setattr("competition.roster_import._end", lambda *_: 1 // 0)
        assert roster_worker.step()
    assert r.many(Entry) == 0 and r.many(Person) == 0
    assert r.batch(batch_id).state == BatchState.READY
    assert "ZeroDivisionError" in r.batch(batch_id).sentence_en
    for _ in range(2):
        roster_batches.order_import(batch_id, actor_id=office)
        roster_worker.step()
    assert r.many(Entry) == 1


def test_what_moved_between_dry_run_and_import_is_left_out(office: int) -> None:
    first = r.uploaded([r.person("张三", 1), r.person("李四", 2)])
    r.imported([r.person("张三", 1, home="大庆市")])
    roster_batches.order_import(first, actor_id=office)
    roster_worker.step()
    assert r.counts(first) == (1, 0, 0, 1)
    assert r.rows(first)[2][0] == "wrong" and "entered_elsewhere" in r.kinds(first, 2)
    assert "could no longer be imported" in r.batch(first).sentence_en


def test_dropping_takes_file_and_rows_away(office: int) -> None:
    batch_id = r.uploaded([r.person("张三", 1)])
    for _ in range(2):
        roster_batches.drop(batch_id, actor_id=office)
    assert r.batch(batch_id).state == BatchState.DROPPED
    assert r.batch(batch_id).file_sealed is None and r.many(RosterRow) == 0
    with pytest.raises(Refusal, match="was not imported"):
        roster_undo.order(batch_id, actor_id=office)


def test_nothing_personal_stands_in_clear(office: int) -> None:
    batch_id = r.uploaded([r.person("张三", 1), r.person("李四", 2, "没有")])
    batch = r.batch(batch_id)
    for kept in (batch.file_sealed, *(row.sealed for row in db.session.scalars(select(RosterRow)))):
        assert kept is not None
        assert "张三".encode() not in kept and r.number(1).encode() not in kept
    assert "张三" not in str(batch.mapping) + str(batch.counts)


def test_the_workers_thread_takes_what_is_handed_in(office: int, context: Flask) -> None:
    batch_id = roster_batches.upload(
        r.a_csv([r.person("张三", 1)]), "a", delegation_id=None, by_office=True, actor_id=office
    ).id
    stopping = Event()
    thread = Thread(target=roster_worker.run, args=(context, stopping), daemon=True)
    thread.start()
    deadline = monotonic() + 30
    while r.batch(batch_id).state != BatchState.READY and monotonic() < deadline:
        sleep(0.1)
    stopping.set()
    thread.join(10)
    assert not thread.is_alive() and r.counts(batch_id) == (1, 0, 0, 0)


@needs_fixtures
@pytest.mark.parametrize("name", ["utf8.csv", "gb18030.csv", "xlsx"])
def test_the_shared_rosters_import_without_an_error(office: int, name: str) -> None:
    batch_id = r.uploaded([], data=(FIXTURES / f"roster_1000.{name}").read_bytes())
    assert r.counts(batch_id) == (1000, 0, 0, 0)
    roster_batches.order_import(batch_id, actor_id=office)
    roster_worker.step()
    assert r.batch(batch_id).counts["imported"] == 1000
    assert r.many(Member) == 1000
