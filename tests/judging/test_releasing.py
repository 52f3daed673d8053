"""Terms of release: late, the first places, sums, aliases; by hand, by time, undone."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from competition.database import db, writing
from competition.models import LedgerRow, Release, Role, Skill
from competition.moment import now
from competition.rules.refusal import Refusal
from judging import document, releasing, results
from judging.models import ReleaseChange
from judging.rules import release
from judging.rules.release import Terms
from tests.judging.desks import finish
from tests.judging.official import lock, mark_everything, rules, unblind
from tests.judging.seed import PEOPLE, Seeded, let_out, seed
from tests.judging.test_official import FOUR

NOON = timedelta(hours=1)


@pytest.fixture
def day(context) -> Seeded:
    return seed()


def skill(day: Seeded) -> Skill:
    return db.session.get_one(Skill, day.skill, populate_existing=True)


def board(day: Seeded) -> dict:
    return results.snapshot(skill(day)).body


def out(day: Seeded, policy: str = "confirmed", **terms: object) -> None:
    let_out(day.skill, policy, actor_id=day.judges["chief"], **terms)


def planned(day: Seeded, policy: str, key: str = "at-noon-today") -> None:
    asked = {"actor_id": day.judges["chief"], "role": Role.CHIEF_JUDGE, "key": key}
    releasing.change([day.skill], Terms(policy), at=now() + NOON, **asked)


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    for module in (document, results):
        monkeypatch.setattr(module, "now", lambda: now() + by)


# Late


def test_marks_come_out_by_so_many_minutes_later(
    day: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    out(day, delay=5)
    before = results.snapshot(skill(day))
    finish(day, "K-073")
    found = results.snapshot(skill(day))
    assert found.body["progress"]["released"] == 0 and found.body["delay"] == 5
    assert found.sequence == before.sequence  # what is sealed moves no number (decisions 3)
    later(monkeypatch, timedelta(minutes=4))
    assert board(day)["progress"]["released"] == 0
    later(monkeypatch, timedelta(minutes=5, seconds=11))
    assert board(day)["progress"]["released"] == 8


def test_the_lock_ends_the_delay(day: Seeded) -> None:
    rules(day)
    out(day, delay=30)
    mark_everything(day, *FOUR)
    assert board(day)["progress"]["released"] == 0
    lock(day)
    found = board(day)
    assert found["delay"] == 0 and found["standings"][0]["total"] == "10.50"


# The first places, sums, aliases


def test_only_the_first_places_are_told(day: Seeded) -> None:
    out(day, top=2)
    mark_everything(day, *FOUR)
    found = board(day)
    assert [line["place"] for line in found["standings"]] == [1, 2] and found["top"] == 2
    text = json.dumps(found)
    assert "P43" not in text and "P44" not in text and "8.50" not in text
    real = document.real(db.session(), skill(day))
    assert len(real["standings"]) == 4, "the chief judge sees every place"


def test_who_shares_the_last_place_told_is_told(day: Seeded) -> None:
    out(day, top=3)
    mark_everything(day, *FOUR)
    assert [line["place"] for line in board(day)["standings"]] == [1, 2, 3, 3]


def test_no_reason_speaks_of_one_who_is_not_told(day: Seeded) -> None:
    rules(day)
    out(day, top=1)
    mark_everything(day, *FOUR)
    lock(day)
    (first,) = board(day)["standings"]
    assert first["award"] == "gold" and first["why_zh"] == first["why_en"] == []
    assert "P42" not in json.dumps(board(day))
    assert len(document.real(db.session(), skill(day))["standings"]) == 4


def test_sums_by_criterion_add_up(day: Seeded) -> None:
    out(day, parts=True)
    finish(day, "K-073")
    found = board(day)
    assert [(one["letter"], one["max"]) for one in found["criteria"]] == [
        ("A", "6.50"),
        ("B", "4.00"),
    ]
    sums = {line["label_en"]: line["parts"] for line in found["standings"]}
    assert sums["Competitor P41"] == ["6.50", "2.66"]  # 6 × 2.00 ÷ 9 is 1.33, twice
    assert sums["Competitor P42"] == [None, None]


def test_an_open_skill_can_show_aliases(day: Seeded) -> None:
    unblind(day)
    out(day)
    assert PEOPLE[0][0] in json.dumps(board(day), ensure_ascii=False)
    out(day, aliases=True)
    text = json.dumps(board(day), ensure_ascii=False)
    assert "选手 P41" in text and not any(one[0] in text or one[2] in text for one in PEOPLE)


# By hand and by time


def test_the_same_act_twice_is_one(day: Seeded) -> None:
    asked = {"actor_id": day.judges["chief"], "role": Role.CHIEF_JUDGE, "key": "one-and-the-same"}
    assert releasing.change([day.skill], Terms("confirmed"), **asked) == 1
    assert releasing.change([day.skill], Terms("hidden"), **asked) == 0
    assert skill(day).release == Release.CONFIRMED
    acts = select(LedgerRow).where(LedgerRow.act == "skill.release")
    assert len(db.session.scalars(acts).all()) == 1


def test_a_planned_freeze_shows_nothing_of_later(day: Seeded) -> None:
    out(day)
    finish(day, "K-073")
    assert board(day)["progress"]["released"] == 8
    planned(day, "frozen")
    finish(day, "K-118")
    assert board(day)["progress"]["released"] == 16  # not yet
    with writing() as session:  # noon comes, and nobody has looked since
        session.query(ReleaseChange).filter_by(key="at-noon-today").one().at = now()
    finish(day, "K-391")
    found = board(day)
    assert found["release"] == "frozen" and found["progress"]["released"] == 16
    assert releasing.planned(db.session(), [day.skill]) == []
    assert releasing.carry_out(now()) == 0


def test_a_plan_is_made_once_and_taken_back(day: Seeded) -> None:
    planned(day, "frozen")
    planned(day, "frozen")
    (row,) = releasing.planned(db.session(), [day.skill])
    asked = {"actor_id": day.judges["chief"], "role": Role.CHIEF_JUDGE}
    for _ in range(2):
        releasing.drop(day.skill, row.id, **asked)
    assert releasing.planned(db.session(), [day.skill]) == []
    assert releasing.carry_out(now() + 2 * NOON) == 0
    with pytest.raises(Refusal) as refused:
        releasing.drop(day.skill + 1, row.id, **asked)
    assert refused.value.status == 404


@pytest.mark.parametrize("ahead", [timedelta(minutes=-1), timedelta(days=400)])
def test_a_moment_must_be_to_come_and_near(day: Seeded, ahead: timedelta) -> None:
    asked = {"actor_id": day.judges["chief"], "role": Role.CHIEF_JUDGE, "key": "not-possible"}
    with pytest.raises(Refusal, match="nothing was planned"):
        releasing.change([day.skill], Terms("frozen"), at=now() + ahead, **asked)
    assert releasing.planned(db.session(), [day.skill]) == []


def test_an_act_for_many_is_undone_as_one(context) -> None:
    first, other, third = (seed(code) for code in ("T17", "T18", "T19"))
    ids = [one.skill for one in (first, other, third)]
    out(other, "automatic", top=8)
    asked = {"actor_id": first.judges["chief"], "role": Role.ORGANISER}
    assert releasing.change(ids, Terms("frozen"), key="freeze-them-all", **asked) == 3
    out(third, "hidden")  # somebody has changed this one since
    assert releasing.put_back("freeze-them-all", ids, **asked) == 2
    assert releasing.put_back("freeze-them-all", ids, **asked) == 0
    assert [releasing.terms_of(skill(one)) for one in (first, other, third)] == [
        Terms("hidden"),
        Terms("automatic", top=8),
        Terms("hidden"),
    ]


# What people type


@pytest.mark.parametrize(
    ("given", "terms"),
    [
        ({}, Terms("confirmed")),
        ({"delay": " 15 ", "top": "8"}, Terms("confirmed", 15, 8)),
        (
            {"delay": "0", "parts": "1", "aliases": "1"},
            Terms("confirmed", parts=True, aliases=True),
        ),
    ],
)
def test_terms_are_read(given: dict[str, str], terms: Terms) -> None:
    assert release.read("confirmed", given) == terms
    assert release.from_plain(json.loads(json.dumps(terms.plain))) == terms
    assert release.read("frozen", given) == Terms("frozen")


@pytest.mark.parametrize("field", ["delay", "top"])
@pytest.mark.parametrize("text", ["-1", "1.5", "９", "1e3", "100000", "0x1", "many", "\0", "201"])
def test_what_is_no_such_number_is_refused(field: str, text: str) -> None:
    with pytest.raises(Refusal, match="nothing was changed"):
        release.read("confirmed", {field: text})
    with pytest.raises(Refusal, match="nothing was changed"):
        release.read("everything", {})
