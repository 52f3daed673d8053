"""Boards follow their entries: who is corrected, withdrawn, entered or undone, and never a mark."""

import json
from datetime import timedelta

import pytest

from competition import bulk, changes, roster_undo, roster_worker
from competition.database import db, writing
from competition.models import (
    BulkKind,
    ChangeKind,
    Entry,
    LedgerRow,
    Member,
    Person,
    Release,
    Skill,
    Stage,
)
from competition.moment import now
from judging import overall, results
from judging.board_making import BoardMaker
from judging.feed_files import FeedFolder
from tests.competition import rostering
from tests.judging.official import lock, mark_everything, rules, unblind
from tests.judging.seed import CODES, PEOPLE, Seeded, let_out, seed

FIRST, SECOND, NEW = PEOPLE[0][0], PEOPLE[1][0], "欧阳瑞雪"


@pytest.fixture
def day(context) -> Seeded:
    """Work has not begun; the names of everybody entered are public."""
    return shown("T17")


def shown(code: str) -> Seeded:
    found = seed(code)
    unblind(found)
    let_out(found.skill, Release.CONFIRMED, actor_id=found.judges["chief"])
    return found


def board(code: str = "T17") -> dict:
    return results.of(code).body


def names(code: str = "T17") -> list[str]:
    return [line["label_zh"] for line in board(code)["standings"]]


def change(day: Seeded, kind: str, code: str = CODES[0], **wanted: object) -> None:
    """A team leader asks after the deadline, and the office approves."""
    entry = day.entries[code]
    with writing() as session:
        stage = Stage(number=1, kind="selection", name_zh="选拔赛", name_en="Selection")
        stage.entries_until = now() - timedelta(days=1)
        session.add(stage)
        session.flush()
        session.get_one(Entry, entry).stage_id = stage.id
    about = {"reason": "写错了", "actor_id": day.judges["li"]}
    row = changes.ask(entry, ChangeKind(kind), wanted, **about)
    assert row.state == "asked"
    changes.decide(row.id, True, answer="", actor_id=day.judges["chief"])


def renamed(day: Seeded) -> None:
    person = db.session.query(Member).filter_by(entry_id=day.entries[CODES[0]]).one().person_id
    change(day, "change", person=person, name=NEW)


def test_a_corrected_name_reaches_board_file_and_every_skill_of_the_person(
    day: Seeded, tmp_path
) -> None:
    other = shown("T18")
    with writing() as session:  # the same person in both
        first = session.query(Member).filter_by(entry_id=day.entries[CODES[0]]).one()
        also = session.query(Member).filter_by(entry_id=other.entries[CODES[0]]).one()
        also.person_id = first.person_id
    maker = BoardMaker(FeedFolder(tmp_path))
    maker.tick(lambda: None)
    assert FIRST in names() and FIRST in names("T18")
    renamed(day)
    maker.tick(lambda: None)
    maker.feeds.write_offered()
    for code in ("T17", "T18"):
        told = json.loads((tmp_path / "skills" / code / "board.json").read_text())
        assert [line["label_zh"] for line in told["standings"]] == names(code)
        assert NEW in names(code) and FIRST not in names(code)


def test_who_withdraws_leaves_the_board_and_what_it_counts(day: Seeded) -> None:
    before = board()["progress"]["of"]
    change(day, "withdraw")
    assert FIRST not in names() and SECOND in names()
    assert board()["progress"]["of"] == before * 3 // 4


def test_a_bulk_act_and_its_undoing_move_the_board(day: Seeded) -> None:
    chosen = [(day.entries[CODES[1]], "entered")]
    seal = bulk.look(db.session(), BulkKind.WITHDRAW, chosen).seal
    assert SECOND in names()
    chief = day.judges["chief"]
    act = bulk.do(BulkKind.WITHDRAW, chosen, seal, reason="不来了", actor_id=chief)
    assert SECOND not in names()
    bulk.undo(act.id, actor_id=chief)
    assert SECOND in names()


def test_a_roster_and_its_undoing_move_the_board(context) -> None:
    office = rostering.founded()
    rostering.imported([rostering.person("李四", 2)])
    with writing() as session:
        skill = session.query(Skill).join(Entry, Entry.skill_id == Skill.id).one()
        skill.is_blind, skill.release, code = False, Release.CONFIRMED, skill.code
    assert names(code) == ["李四"]
    batch = rostering.imported([rostering.person("张三", 1)])
    assert sorted(names(code)) == ["张三", "李四"]
    roster_undo.order(batch, actor_id=office)
    roster_worker.step()
    assert names(code) == ["李四"]


def test_a_final_list_and_its_medals_follow_a_name_and_keep_every_place(day: Seeded) -> None:
    """Nobody withdraws once work has begun; a name is corrected in a skill that has not."""
    other = shown("T18")
    rules(day)
    mark_everything(day, {}, {"A1.02": 0}, {"A1.02": 0, "A1.04": 0}, {"A1.01": 0})
    lock(day)
    with writing() as session:
        first = session.query(Member).filter_by(entry_id=day.entries[CODES[0]]).one()
        also = session.query(Member).filter_by(entry_id=other.entries[CODES[0]]).one()
        also.person_id = first.person_id
    before = board()
    assert before["state"] == "final" and before["standings"][0]["label_zh"] == FIRST
    renamed(other)
    told = json.dumps(before, ensure_ascii=False).replace(FIRST, NEW)
    assert board() | {"sequence": 0} == json.loads(told) | {"sequence": 0}
    (skill,) = overall.snapshots()["medals"].body["skills"]
    assert skill["winners"][0]["label_zh"] == NEW


@pytest.mark.parametrize("terms", [{"policy": "frozen"}, {"policy": "confirmed", "delay": 30}])
def test_no_newer_mark_comes_out_with_a_name(day: Seeded, terms: dict) -> None:
    """A frozen board keeps its names, too; one that is late shows the name, and marks when due."""
    before = board()
    let_out(day.skill, **terms, actor_id=day.judges["chief"])
    last = day.mark_all(CODES[0])
    day.give(day.confirm(CODES[0], "A2", last[-1].id), judge="wang")
    renamed(day)
    after = board()
    assert after["progress"] == before["progress"] and after["progress"]["released"] == 0
    assert all(line["total"] == "0.00" for line in after["standings"])
    assert (NEW in names()) is (terms["policy"] != "frozen")
    let_out(day.skill, "confirmed", actor_id=day.judges["chief"])
    assert NEW in names() and board()["progress"]["released"] == 2


def test_a_skill_s_chain_names_no_person_and_no_entry(day: Seeded) -> None:
    change(day, "withdraw")
    row = db.session.query(LedgerRow).filter_by(act="entries.moved").one()
    assert (row.skill_id, row.body) == (day.skill, {}) and row.subject.startswith("change:")
    assert db.session.query(Person).count() == len(PEOPLE)
