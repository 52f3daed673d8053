"""The public document: what each act releases, one sequence, and no address that knows more."""

import json
import re
import time
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from competition import ledger, overview, timetable
from competition.database import db, writing
from competition.models import Entry, Period, Release, Skill
from competition.moment import now
from judging import marking, results
from judging.live import socketio
from judging.models import PublicBoard
from tests.judging.seed import CODES, FULL, PEOPLE, Seeded, judge_by_machine, let_out, seed

FRONT = CODES[0]


@pytest.fixture
def day(context) -> Seeded:
    return seed()


def board(day: Seeded) -> dict:
    return results.snapshot(skill(day)).body


def skill(day: Seeded) -> Skill:
    return db.session.get_one(Skill, day.skill, populate_existing=True)


def line(day: Seeded, code: str = FRONT) -> dict:
    alias = PEOPLE[CODES.index(code)][5]
    return next(one for one in board(day)["standings"] if alias in one["label_en"])


def release(day: Seeded, policy: Release) -> None:
    let_out(day.skill, policy, actor_id=day.judges["chief"])


def end_work(day: Seeded) -> None:
    """The period is over for everybody, and the verb that runs on time has noted it."""
    with writing() as session:
        period = session.query(Period).filter_by(skill_id=day.skill).one()
        period.started_at = now() - timedelta(hours=6)
    timetable.note_ends(now())


def test_confirmed_policy_releases_a_sheet_when_the_second_judge_confirms(day: Seeded) -> None:
    release(day, Release.CONFIRMED)
    answers = day.give(day.post(FRONT, "A2.01", 100), day.post(FRONT, "A2.02", 150))
    assert line(day)["total"] == "0.00" and line(day)["place"] is None
    day.give(day.confirm(FRONT, "A2", answers[-1].id), judge="wang")
    assert line(day) | {"label_zh": "", "label_en": ""} == {
        "place": 1, "shared": False, "label_zh": "", "label_en": "",
        "total": "2.50", "released": 2, "of": 8,
    }  # fmt: skip


def test_a_correction_takes_the_confirmation_and_the_release_away(day: Seeded) -> None:
    release(day, Release.CONFIRMED)
    answers = day.give(day.post(FRONT, "A2.01", 100), day.post(FRONT, "A2.02", 150))
    day.give(day.confirm(FRONT, "A2", answers[-1].id), judge="wang")
    assert line(day)["total"] == "2.50"
    day.give(day.post(FRONT, "A2.01", 0, base=answers[0].id))
    assert line(day)["total"] == "0.00"


def test_votes_release_together_and_only_when_they_agree(day: Seeded) -> None:
    release(day, Release.CONFIRMED)
    for judge, vote in (("li", 2), ("wang", 3)):
        day.give(day.post(FRONT, "B1.01", vote, judge=judge), judge=judge)
        assert line(day)["released"] == 0
    day.give(day.post(FRONT, "B1.01", 3, judge="zhao"), judge="zhao")
    assert line(day)["total"] == "1.78"  # (2+3+3) × 2.00 ÷ 9 = 1.7777…, half up


def test_automatic_policy_hides_all_while_work_goes_on_then_shows_what_judges_tapped(
    day: Seeded,
) -> None:
    release(day, Release.AUTOMATIC)
    judge_by_machine(day, FRONT)
    day.give(day.post(FRONT, "A1.01", 150))
    hidden = board(day)
    assert hidden["standings"] == [] and hidden["progress"] is None and hidden["max"] is None
    assert hidden["message_zh"] and hidden["message_en"]
    end_work(day)
    assert line(day)["total"] == "1.50" and line(day)["of"] == 4  # the automatic aspects only
    day.give(day.post(FRONT, "A2.01", 100))  # by eye: stays hidden
    assert line(day)["total"] == "1.50"
    day.give(day.post(FRONT, "A1.02", 0))  # agreeing with a proposal of zero releases a zero
    assert (line(day)["total"], line(day)["released"]) == ("1.50", 2)


def test_lock_releases_the_rest_and_says_official(day: Seeded) -> None:
    release(day, Release.AUTOMATIC)
    judge_by_machine(day, FRONT, {})
    end_work(day)
    with writing() as session:
        for code in CODES[1:]:  # one work is enough for this test
            entry = session.get_one(Entry, day.entries[code])
            for member in list(entry.members):
                session.delete(member)
            session.delete(entry)
    last = dict.fromkeys(day.subs, 0)
    for aspect, answer in zip(FULL, day.mark_all(FRONT), strict=True):
        last[aspect[:2]] = answer.id
    for sub in ("A1", "A2"):
        day.give(day.confirm(FRONT, sub, last[sub]), judge="wang")
    for judge in ("li", "wang", "zhao"):
        for aspect in ("B1.01", "B1.02"):
            day.give(day.post(FRONT, aspect, 3, judge=judge), judge=judge)
    assert line(day)["of"] == 4
    marking.lock(day.skill, actor_id=day.judges["chief"])
    assert board(day)["state"] == "final" and board(day)["release"] == "final"
    assert line(day)["total"] == "10.50"


def test_sequence_rises_only_when_the_public_content_changes(day: Seeded) -> None:
    release(day, Release.CONFIRMED)
    before, revision = results.snapshot(skill(day)).sequence, skill(day).revision
    answers = day.give(day.post(FRONT, "A2.01", 100), day.post(FRONT, "A2.02", 150))
    assert skill(day).revision > revision
    assert results.snapshot(skill(day)).sequence == before
    day.give(day.confirm(FRONT, "A2", answers[-1].id), judge="wang")
    assert results.snapshot(skill(day)).sequence == before + 1
    assert results.snapshot(skill(day)).sequence == before + 1  # asking changes nothing


def test_freeze_keeps_the_board_as_it_was(day: Seeded) -> None:
    judge_by_machine(day, CODES[3])  # its hand-in is of a period that began two hours ago
    end_work(day)
    release(day, Release.CONFIRMED)
    answers = day.give(day.post(FRONT, "A2.01", 100), day.post(FRONT, "A2.02", 150))
    day.give(day.confirm(FRONT, "A2", answers[-1].id), judge="wang")
    shown = board(day)["standings"]
    release(day, Release.FROZEN)
    assert board(day)["state"] == "frozen" and board(day)["standings"] == shown
    sequence = board(day)["sequence"]
    day.give(day.post(FRONT, "A2.01", 0, base=answers[0].id))
    assert board(day)["standings"] == shown and board(day)["sequence"] == sequence
    release(day, Release.CONFIRMED)
    assert board(day)["standings"] != shown


def test_a_frozen_skill_says_whether_it_works_and_when_it_ends(day: Seeded) -> None:
    """Facts of the hall go on being public; a message never tells what is over."""
    release(day, Release.AUTOMATIC)
    with writing() as session:
        period = Period(
            skill_id=day.skill, number=1, name_zh="赛段", name_en="Period", minutes=300,
            planned_at=now(),
        )  # fmt: skip
        session.add(period)
    assert board(day)["message_en"] == "The work has not begun yet."
    release(day, Release.FROZEN)
    assert said(day) == ("not_started", "frozen")
    assert board(day)["message_en"] == "The work has not begun yet."
    with writing() as session:
        session.get_one(Period, period.id).started_at = now() - timedelta(minutes=1)
        tell(session, day)
    assert said(day) == ("running", "frozen") and board(day)["clock"]["ends_at"]
    assert tile(day) == "running", "as on the pages of the office and of delegations"
    assert board(day)["message_en"] == "The marks of this skill are not public yet."
    timetable.pause(period.id, None, reason="停电", actor_id=day.judges["chief"])
    assert said(day) == ("paused", "frozen") and board(day)["clock"]["paused_at"]
    timetable.resume(period.id, None, actor_id=day.judges["chief"])
    end_work(day)
    assert said(day) == ("frozen", "frozen")
    with writing() as session:
        session.get_one(Skill, day.skill).locked_at = now()
        tell(session, day)
    assert said(day) == ("frozen", "frozen"), "locked behind the freeze"
    assert tile(day) == "frozen"


def said(day: Seeded) -> tuple[str, str]:
    return board(day)["state"], board(day)["release"]


def tile(day: Seeded) -> str:
    db.session.rollback()
    lines = overview.skill_lines(db.session(), now())
    return next(line.state for line in lines if line.skill.id == day.skill)


def tell(session: Session, day: Seeded) -> None:
    """Something other than marks happened in the skill."""
    about = {"subject": f"skill:{day.skill}", "body": {}, "actor_id": day.judges["chief"]}
    ledger.append(session, act="test.moved", skill_id=day.skill, **about)


def test_blind_boards_carry_aliases_and_open_ones_names(day: Seeded) -> None:
    release(day, Release.CONFIRMED)
    blind = json.dumps(board(day), ensure_ascii=False)
    for name, school, zh, en, number, alias in PEOPLE:
        assert not re.search("|".join((name, school, zh, en, number)), blind)
        assert alias in blind
    assert not any(code in blind for code in CODES)
    with writing() as session:
        session.get_one(Skill, day.skill).is_blind = False
        ledger.append(
            session, act="skill.rules", subject="", body={}, actor_id=None, skill_id=day.skill
        )
    opened = json.dumps(board(day), ensure_ascii=False)
    assert all(person[0] in opened and person[2] in opened for person in PEOPLE)
    assert not any(code in opened for code in CODES)


def answers_of_every_address(client, sockets, code: str) -> dict[str, str]:
    """What a spectator can get, wherever it asks; tokens and references cut out."""
    found = {}
    for path in ("/", f"/skills/{code}", f"/screen/{code}", f"/skills/{code}/board.json"):
        answer = client.get(path)
        text = answer.get_data(as_text=True)
        text = re.sub(r'(name="csrf-token" content|name="csrf_token" value)="[^"]*"', "", text)
        found[path] = f"{answer.headers.get('ETag')} {text}"
    sockets.get_received()
    sockets.emit("watch", {"skill": code})
    sockets.emit("watch_home")
    found["socket"] = json.dumps(sockets.get_received(), sort_keys=True)
    return found


@pytest.mark.parametrize("policy", [Release.HIDDEN, Release.AUTOMATIC, Release.FROZEN])
def test_no_address_moves_with_sealed_work(day: Seeded, context, policy: Release) -> None:
    """Every mark there is, under a policy that shows nothing new: not a byte differs anywhere."""
    judge_by_machine(day, FRONT)  # a period that runs, and proposals
    release(day, policy)
    code, client = skill(day).code, context.test_client()
    sockets = socketio.test_client(context)
    before = answers_of_every_address(client, sockets, code)
    time.sleep(1.1)  # what moves with the clock alone must be cut out, too
    last = day.mark_all(FRONT)
    day.give(day.confirm(FRONT, "A2", last[-1].id), judge="wang")
    for judge in ("li", "wang", "zhao"):
        day.give(day.post(FRONT, "B1.01", 3, judge=judge), judge=judge)
    judge_by_machine(day, CODES[1])
    assert answers_of_every_address(client, sockets, code) == before


def test_every_address_shows_the_same_document(day: Seeded, context) -> None:
    release(day, Release.CONFIRMED)
    answers = day.give(day.post(FRONT, "A2.01", 100), day.post(FRONT, "A2.02", 150))
    day.give(day.confirm(FRONT, "A2", answers[-1].id), judge="wang")
    code, client = skill(day).code, context.test_client()
    document = client.get(f"/skills/{code}/board.json").get_json()
    sockets = socketio.test_client(context)
    sockets.emit("watch", {"skill": code})
    assert sockets.get_received()[-1]["args"][0] == document
    for path in (f"/skills/{code}", f"/screen/{code}"):
        page = client.get(path).get_data(as_text=True)
        drawn = re.search(r'id="board-data"[^>]*>(.*?)</script>', page, re.DOTALL)
        assert drawn and json.loads(drawn.group(1)) == document
    assert db.session.get_one(PublicBoard, day.skill).body == document


def test_the_snapshot_answers_304_until_something_is_released(day: Seeded, context) -> None:
    release(day, Release.CONFIRMED)
    path, client = f"/skills/{skill(day).code}/board.json", context.test_client()
    tag = client.get(path).headers["ETag"]
    day.give(day.post(FRONT, "A1.01", 150))
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    for judge in ("li", "wang", "zhao"):
        day.give(day.post(FRONT, "B1.02", 1, judge=judge), judge=judge)
    fresh = client.get(path, headers={"If-None-Match": tag})
    assert fresh.status_code == 200 and fresh.headers["ETag"] != tag


def test_a_paused_board_promises_no_end_before_its_script_runs(day: Seeded, context) -> None:
    client = context.test_client()
    address = f"/skills/{skill(day).code}"
    judge_by_machine(day, FRONT)  # its hand-in is of a period that began two hours ago
    assert "结束" in shown_clock(client.get(address).text)
    period = db.session.query(Period).filter_by(skill_id=day.skill).one()
    timetable.pause(period.id, None, reason="停电", actor_id=day.judges["chief"])
    assert shown_clock(client.get(address).text) == ""


def shown_clock(page: str) -> str:
    found = re.search(r'data-show="clock-detail">([^<]*)<', page)
    assert found is not None
    return found[1]
