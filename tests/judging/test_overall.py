"""Boards over all skills: what counts, what never does, and no address that knows more."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from competition.database import db, writing
from competition.models import Member, Pause, Period, Person, Release
from judging import board_making, live, overall, results
from judging.live import socketio
from judging.models import OverallBoard
from judging.rules.overall import DOCUMENTS, KINDS, of_delegations, of_medals, of_now
from tests.judging.official import lock, mark_everything, rules, unblind
from tests.judging.seed import CODES, PEOPLE, Seeded, let_out, seed

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
# Totals, of 6.50 measured and 4.00 judged: 10.50, 9.50, 8.50 and 7.50.
FOUR = ({}, {"A1.02": 0}, {"A1.02": 0, "A1.04": 0}, {"A1.01": 0, "A1.03": 0, "A1.02": 0})


PAGES = (*KINDS, "timetable")  # kinds that have a page of their own


@pytest.fixture
def day(context) -> Seeded:
    return opened_skill("T17")


def opened_skill(code: str) -> Seeded:
    found = seed(code)
    unblind(found)
    rules(found, ties=["criterion", "ruling"])
    let_out(found.skill, Release.CONFIRMED, actor_id=found.judges["chief"])
    return found


def body(kind: str) -> dict:
    return overall.snapshots()[kind].body


def release(day: Seeded, policy: Release) -> None:
    let_out(day.skill, policy, actor_id=day.judges["chief"])


def test_nothing_counts_before_the_lock_and_all_of_it_after(day: Seeded) -> None:
    mark_everything(day, *FOUR)
    assert body("delegations")["rows"] == [] and body("medals")["skills"] == []
    assert body("now")["counts"]["checking"] == 1 and body("now")["skills"][0]["gold"] == []
    lock(day)
    found = body("delegations")
    by_code = {row["code"]: row for row in found["rows"]}
    # four in the field: gold for the first, 优胜奖 for the second, nothing for the others
    assert (by_code["D-P41"]["gold"], by_code["D-P41"]["points"]) == (1, 4)
    assert (by_code["D-P42"]["more"], by_code["D-P42"]["points"]) == (1, 1)
    # median 9.00, distances 0.50 0.50 1.50 1.50 → 1.00; 700 + 30 × 1.50 ÷ 1.4826 = 730.35
    assert by_code["D-P41"]["total_score"] == 730
    assert by_code["D-P41"]["best"][0]["label_zh"] == PEOPLE[0][0]
    assert [one["place"] for one in found["orders"]["points"]["ranked"]] == [1, 2, 3, 3]
    assert found["orders"]["average_points"]["ranked"] == []  # one entry each: too few
    (skill,) = body("medals")["skills"]
    assert [one["award"] for one in skill["winners"]] == ["gold"] and skill["more"] == 1
    assert skill["more_award"] == "merit"
    assert body("now")["skills"][0]["gold"][0]["label_zh"] == PEOPLE[0][0]


def test_a_sealed_skill_has_medals_by_alias_and_counts_for_no_delegation(context) -> None:
    day = seed()
    rules(day)
    release(day, Release.CONFIRMED)
    mark_everything(day, *FOUR)
    lock(day)
    assert body("delegations")["rows"] == []
    assert body("delegations")["skills"] == {"of": 1, "official": 1, "counted": 0}
    text = json.dumps([body(kind) for kind in KINDS], ensure_ascii=False)
    assert "选手 P41" in text
    for name, school, zh, en, number, _alias in PEOPLE:
        assert not any(one in text for one in (name, school, zh, en, number))


def test_a_skill_hidden_after_or_frozen_before_the_lock_counts_nowhere(day: Seeded) -> None:
    mark_everything(day, *FOUR)
    release(day, Release.FROZEN)
    lock(day)
    assert nothing_counts()
    release(day, Release.CONFIRMED)
    assert body("medals")["skills"]
    release(day, Release.HIDDEN)
    assert nothing_counts()


def nothing_counts() -> bool:
    return (
        body("delegations")["rows"] == []
        and body("medals")["skills"] == []
        and all(one["gold"] == [] for one in body("now")["skills"])
    )


def test_a_freeze_leaves_official_results_and_their_medals_as_they_are(day: Seeded) -> None:
    mark_everything(day, *FOUR)
    lock(day)
    before = {kind: overall.snapshots()[kind] for kind in KINDS}
    board = results.of("T17")
    assert before["medals"].body["skills"] and board.body["state"] == "final"
    release(day, Release.FROZEN)
    assert results.of("T17") == board, "not a byte, and the sequence stands"
    assert {kind: overall.snapshots()[kind] for kind in KINDS} == before


def answers(client, sockets) -> dict[str, str]:
    """What a spectator can get of the boards over all, wherever it asks."""
    found = {}
    for kind in DOCUMENTS:
        paths = [f"/boards/{kind}.json", *([f"/boards/{kind}"] if kind in PAGES else [])]
        if kind == "delegations":
            paths += [f"/boards/{kind}?by={by}" for by in ("medals", "average_score", "nonsense")]
        for path in paths:
            answer = client.get(path)
            text = re.sub(
                r'(name="csrf-token" content|name="csrf_token" value)="[^"]*"', "", answer.text
            )
            found[path] = f"{answer.status_code} {answer.headers.get('ETag')} {text}"
        sockets.get_received()
        sockets.emit("watch", {"overall": kind})
        found[f"socket {kind}"] = json.dumps(sockets.get_received(), sort_keys=True)
    return found


@pytest.mark.parametrize("policy", [Release.HIDDEN, Release.FROZEN])
def test_no_address_moves_with_what_is_marked_after_a_freeze(
    day: Seeded, context, policy: Release
) -> None:
    """Every mark and even the lock of a frozen skill: not a byte, tag, count or order differs."""
    other = opened_skill("T18")
    mark_everything(other, *FOUR)
    lock(other)
    first = day.give(day.post(CODES[0], "A2.01", 100), day.post(CODES[0], "A2.02", 150))
    day.give(day.confirm(CODES[0], "A2", first[-1].id), judge="wang")
    mark_everything(day, {"B1.01": 0})
    release(day, policy)
    client, sockets = context.test_client(), socketio.test_client(context)
    before = answers(client, sockets)
    assert all(said.startswith(("200", "[")) for said in before.values())
    day.give(day.post(CODES[1], "A1.01", 0, base=None))
    mark_everything(day, *FOUR)
    assert answers(client, sockets) == before


def test_every_address_shows_the_stored_document(day: Seeded, context) -> None:
    mark_everything(day, *FOUR)
    lock(day)
    client, sockets = context.test_client(), socketio.test_client(context)
    for kind in DOCUMENTS:
        document = client.get(f"/boards/{kind}.json").get_json()
        sockets.get_received()
        sockets.emit("watch", {"overall": kind})
        (said,) = sockets.get_received()
        assert said["name"] == "overall" and said["args"][0] == document
        page = client.get(f"/boards/{kind}")
        assert page.status_code == (200 if kind in PAGES else 404)
        drawn = re.search(r'id="board-data"[^>]*>(.*?)</script>', page.text, re.DOTALL)
        assert kind not in PAGES or (drawn and json.loads(drawn.group(1)) == document)
        assert db.session.get_one(OverallBoard, kind).body == document


def test_the_sequence_rises_only_with_the_content_and_304_until_then(day: Seeded, context) -> None:
    client = context.test_client()
    mark_everything(day, *FOUR)
    tag = client.get("/boards/medals.json").headers["ETag"]
    day.give(day.post(CODES[0], "A1.04", 0))  # two judges differ: sealed activity
    again = client.get("/boards/medals.json", headers={"If-None-Match": tag})
    assert again.status_code == 304
    day.give(day.post(CODES[0], "A1.04", 100))
    (last,) = day.give(day.post(CODES[0], "A1.04", 100))
    day.give(day.confirm(CODES[0], "A1", last.id), judge="wang")
    lock(day)
    fresh = client.get("/boards/medals.json", headers={"If-None-Match": tag})
    assert fresh.status_code == 200 and fresh.headers["ETag"] != tag
    sequence = body("medals")["sequence"]
    assert body("medals")["sequence"] == sequence


def test_another_process_that_saw_less_puts_nothing_older_over_it(day: Seeded, context) -> None:
    mark_everything(day, *FOUR)
    old = [shot.body for shot in results.publish(results.positions()).values()]
    lock(day)
    new = overall.snapshots()["medals"]
    assert overall._publish("medals", old).body == new.body
    assert db.session.get_one(OverallBoard, "medals", populate_existing=True).body == new.body


def test_the_sender_sends_each_kind_once_when_it_moves(day: Seeded, context, monkeypatch) -> None:
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(
        live.socketio, "emit", lambda name, *_data, to=None, **_more: sent.append((name, to))
    )
    monkeypatch.setattr(board_making, "OVERALL_EVERY", 0)
    sender = live.Sender(context)
    sender.tick()
    mark_everything(day, *FOUR)
    lock(day)
    sent.clear()
    sender.tick()
    moved = [to for name, to in sent if name == "overall"]  # its period, too, is new
    assert sorted(moved) == sorted(f"overall:{kind}" for kind in PAGES)
    sent.clear()
    sender.tick()
    assert not sent


def test_the_timetable_tells_periods_and_nothing_of_anybody(day: Seeded, context) -> None:
    with writing() as session:
        period = Period(
            skill_id=day.skill, number=1, name_zh="赛段", name_en="Period", minutes=300,
            planned_at=AT,
        )  # fmt: skip
        session.add(period)
    (told,) = body("timetable")["periods"]
    assert (told["code"], told["started"], told["over"]) == ("T17", False, False)
    assert (told["starts_at"], told["ends_at"]) == (
        "2026-11-23T01:00:00.000Z", "2026-11-23T06:00:00.000Z",
    )  # fmt: skip
    first = overall.snapshots()["timetable"].sequence
    with writing() as session:
        period = session.get_one(Period, period.id)
        period.started_at = AT + timedelta(minutes=2)
        session.add(Pause(period_id=period.id, starts_at=AT + timedelta(minutes=30), reason="断电"))
    (told,) = body("timetable")["periods"]
    assert (told["started"], told["paused_at"]) == (True, "2026-11-23T01:30:00.000Z")
    assert told["ends_at"] == "2026-11-23T06:02:00.000Z", "it stands still with the clock"
    with writing() as session:
        session.query(Pause).one().ends_at = AT + timedelta(minutes=40)
    (told,) = body("timetable")["periods"]
    assert (told["ends_at"], told["paused_at"]) == ("2026-11-23T06:12:00.000Z", None)
    assert overall.snapshots()["timetable"].sequence == first + 2
    assert "断电" not in json.dumps(told, ensure_ascii=False)


def test_one_room_at_a_time_and_nonsense_is_ignored(day: Seeded, context) -> None:
    sockets = socketio.test_client(context)
    for asked in ({"overall": "marks"}, {"overall": ["now"]}, {"overall": None}, "now", None):
        sockets.emit("watch", asked)
    assert sockets.get_received() == []
    sockets.emit("watch", {"overall": "now"})
    sockets.emit("watch", {"skill": "T17"})
    sockets.get_received()
    socketio.emit("overall", {}, to="overall:now")
    assert sockets.get_received() == []


def test_pages_say_what_to_expect_while_there_is_nothing(context) -> None:
    client = context.test_client()
    assert "还没有赛项开始" in client.get("/boards/now").text
    assert "还没有正式成绩" in client.get("/boards/medals").text
    assert "还没有代表团有成绩" in client.get("/boards/delegations").text
    assert "还没有安排赛段时间" in client.get("/boards/timetable").text
    assert client.get("/boards/marks").status_code == 404
    assert client.get("/boards/marks.json").status_code == 404


def test_the_boards_are_made_from_public_documents_alone() -> None:
    """By hand: a team's gold counts once, a frozen skill or one with an open tie not at all."""
    line = {
        "place": 1, "shared": False, "undecided": False, "label_zh": "甲、乙", "label_en": "A, B",
        "delegation_zh": "大庆", "delegation_en": "Daqing", "award": "gold",
        "counts": {"delegation": "DQ", "score": 731, "people": 2},
    }  # fmt: skip
    head = {"name_zh": "焊接", "name_en": "Welding", "zone_zh": "", "zone_en": ""}
    done = {
        "skill": {"code": "W10", **head}, "state": "final", "release": "final", "clock": None,
        "standings": [line],
    }  # fmt: skip
    frozen = {**done, "skill": {"code": "W11", **head}, "state": "frozen", "release": "frozen"}
    waits = {
        **done, "skill": {"code": "W12", **head}, "standings": [line, {**line, "undecided": True}]
    }  # fmt: skip
    every = [done, frozen, waits]
    called = [("DQ", "大庆", "Daqing"), ("JX", "鸡西", "Jixi")]
    (row,) = of_delegations(every, called)["rows"]
    assert (row["gold"], row["medallists"], row["points"], row["total_score"]) == (1, 2, 4, 731)
    assert [one["code"] for one in of_medals(every, called)["skills"]] == ["W10"]
    now_on = of_now(every, called)
    assert [one["state"] for one in now_on["skills"]] == ["frozen", "undecided", "final"]
    assert [len(one["gold"]) for one in now_on["skills"]] == [0, 0, 1]


def test_a_team_is_named_as_its_language_lists_people(day: Seeded) -> None:
    with writing() as session:
        more = Person(name="司马观澜")
        session.add(more)
        session.flush()
        session.add(Member(entry_id=day.entries[CODES[0]], person_id=more.id))
    mark_everything(day, *FOUR)
    lock(day)
    best = body("delegations")["rows"][0]["best"][0]
    assert best["label_zh"] == f"{PEOPLE[0][0]}、司马观澜"
    assert best["label_en"] == f"{PEOPLE[0][0]}, 司马观澜"
