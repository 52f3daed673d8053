"""What is told over all skills beside their boards: the sponsors, the skill of the hour."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from competition import skill_profiles
from competition.database import db, writing
from competition.models import Period, Release
from competition.moment import now
from competition.rules.skill_profile import Picture, Profile, Sponsor
from competition.skill_profiles import Sent, SponsorSent
from judging import overall, showing
from judging.models import PublicHistory
from judging.rules import hour, sponsors
from judging.rules.hour import Moved
from tests.judging.official import mark_everything, unblind
from tests.judging.seed import Seeded, let_out, seed
from tests.judging.test_official import FOUR


@pytest.fixture
def day(context) -> Iterator[Seeded]:
    found = seed()
    unblind(found)
    yield found


def body(kind: str) -> dict:
    return overall.snapshots()[kind].body


def test_the_board_that_moved_most_is_chosen() -> None:
    moved = {"A": Moved(3, 50), "B": Moved(9, 40), "C": Moved(9, 44), "D": Moved(60, 60)}
    assert hour.chosen(["A", "B", "C"], moved) == "C", "as often: the one that moved last"
    assert hour.chosen(["X", "A"], moved) == "A" and hour.chosen([], moved) == ""
    assert hour.chosen(["Y", "X"], {}) == "X", "none moved yet: the first"
    assert hour.window(123) == (60, 120) == hour.window(124)


@pytest.mark.parametrize(
    ("state", "released", "asked"),
    [("running", 3, True), ("checking", 3, True), ("running", 0, False), ("frozen", 3, False),
     ("final", 3, False), ("not_started", 0, False)],
)  # fmt: skip
def test_only_a_skill_at_work_that_shows_something_is_asked(
    state: str, released: int, asked: bool
) -> None:
    line = {"released": released}
    board = {"skill": {"code": "A"}, "state": state, "release": "confirmed", "standings": [line]}
    assert hour.asked([board]) == (["A"] if asked else [])
    assert hour.asked([board | {"standings": []}]) == []
    assert hour.asked([board | {"release": "frozen"}]) == []


def test_a_sponsor_stands_once_with_its_first_logo() -> None:
    logo = Picture("ab" * 32, "image/png", 20, 10)
    one = Profile(sponsors=(Sponsor("甲", "A", "https://a.example"), Sponsor("乙", "B")))
    other = Profile(sponsors=(Sponsor("甲", "A", logo=logo),))
    told = sponsors.told([("T17", one), ("T18", other), ("T19", Profile())])["sponsors"]
    assert [row["skills"] for row in told] == [["T17", "T18"], ["T17"]]
    assert told[0]["logo"] == {"of": "T18", "sha256": "ab" * 32, "width": 20, "height": 10}
    assert "link" not in told[0] and told[1]["logo"] is None


def test_the_sponsors_follow_the_profiles(day: Seeded) -> None:
    assert body("sponsors")["sponsors"] == []
    first = overall.snapshots()["sponsors"].sequence
    sent = Sent(sponsors=(SponsorSent("松花江软件", "Songhua Software"),))
    skill_profiles.change(day.skill, sent, seen=0, actor_id=day.judges["chief"])
    assert [one["name_en"] for one in body("sponsors")["sponsors"]] == ["Songhua Software"]
    assert overall.snapshots()["sponsors"].sequence == first + 1


def test_a_screen_hears_the_skill_of_the_hour_and_a_freeze_takes_it_away(
    day: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = [now()]
    monkeypatch.setattr("judging.apart.now", lambda: at[0])
    with writing() as session:
        period = session.query(Period).filter_by(skill_id=day.skill).first()
        if period is not None:
            period.started_at = now() - timedelta(hours=9)
    let_out(day.skill, Release.HIDDEN, actor_id=day.judges["chief"])
    mark_everything(day, *FOUR)
    assert body("hour")["code"] == ""
    assert showing.documents([{"id": 1, "kind": "hour", "seconds": 20}]) == ([], ["hour"])
    let_out(day.skill, Release.CONFIRMED, actor_id=day.judges["chief"])
    assert body("hour")["code"] == "T17"
    assert showing.documents([{"id": 1, "kind": "hour", "seconds": 20}]) == (["T17"], ["hour"])
    assert db.session.query(PublicHistory).count()
    sequence = overall.snapshots()["hour"].sequence
    at[0] += timedelta(minutes=7)
    assert overall.snapshots()["hour"].sequence == sequence, "chosen anew, and the same"
    let_out(day.skill, Release.FROZEN, actor_id=day.judges["chief"])
    assert body("hour")["code"] == ""
