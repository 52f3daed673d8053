"""When a judge's duty ends: marks do not move, ballots no longer wait, new posts are set aside."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from competition import grants
from competition.database import db, writing
from competition.models import Grant, Role, Skill
from competition.moment import now
from judging import cells, kept, results
from judging.rules.marks import Seen
from judging.rules.panels import Panel, PanelRule, Seat, seated
from judging.rules.votes import ballot
from tests.judging.seed import Seeded, seed


@pytest.fixture
def given(context: object) -> Seeded:
    """The seeded skill, with the app's context pushed, on both kinds of database."""
    return seed()


def votes_from(first: int, *given: tuple[int, int, int]) -> list[Seen]:
    """(judge, value, round) → observations with ids from `first` on."""
    return [
        Seen(n, "judge", judge, value, turn)
        for n, (judge, value, turn) in enumerate(given, start=first)
    ]


def votes(*given: tuple[int, int, int]) -> list[Seen]:
    """The same from the first id on."""
    return votes_from(1, *given)


def without(*gone: int, after: int) -> Panel:
    """Three judges, some of whom went after an observation."""
    seats = [Seat(one, one, 0, after if one in gone else None) for one in (1, 2, 3)]
    return Panel(PanelRule(3 - len(gone)), tuple(seats))


def test_the_votes_of_a_judge_who_went_stand() -> None:
    found = votes((1, 2, 1), (2, 2, 1), (3, 3, 1))
    all_three = seated((1, 2, 3))
    assert ballot(found, without(3, after=3)).mark(300) == ballot(found, all_three).mark(300) == 233


def test_a_ballot_does_not_wait_for_a_judge_who_went() -> None:
    two = ballot(votes((1, 2, 1), (2, 3, 1)), without(3, after=1))
    assert (two.panel, two.agreed, two.mark(300)) == ((1, 2), True, 250)
    assert not ballot(votes((1, 2, 1)), without(3, after=1)).complete
    assert not ballot([], without(1, 2, 3, after=0)).complete


def test_a_new_round_does_not_wait_for_a_judge_who_went() -> None:
    far = votes((1, 0, 1), (2, 1, 1), (3, 3, 1))
    gone = without(3, after=3)
    assert ballot(far, gone).needs_new_vote, "the round that is over stays as it was"
    again = ballot([*far, *votes_from(4, (1, 1, 2), (2, 2, 2))], gone)
    assert (again.panel, again.agreed, again.mark(300)) == ((1, 2), True, 150)


def vote(day: Seeded, judge: str, value: int) -> str:
    return day.give(day.post("K-073", "B1.01", value, judge=judge), judge=judge)[0].state


def grant_of(day: Seeded, judge: str) -> int:
    own = select(Grant.id).where(Grant.account_id == day.judges[judge], Grant.role == Role.JUDGE)
    return db.session.scalars(own).one()


def value(day: Seeded) -> int | None:
    cell = day.entries["K-073"], day.aspects["B1.01"]
    mark = kept.whole(db.session(), day.skill).mark(*cell)
    assert mark is not None
    assert mark == cells.read(db.session(), day.skill).mark(*cell)
    return mark.value


def test_ending_a_duty_moves_no_mark(given: Seeded) -> None:
    for judge, grade in (("li", 2), ("wang", 2), ("zhao", 3)):
        assert vote(given, judge, grade) == "taken"
    before = value(given)
    assert before is not None
    grants.end(grant_of(given, "zhao"), reason="换人", actor_id=given.judges["chief"])
    assert value(given) == before
    late = given.give(given.post("K-118", "A1.01", 150, judge="zhao"), judge="zhao")[0]
    assert late.state == "set_aside"
    assert late.sentence is not None
    assert "不在该赛项的裁判组" in late.sentence["zh"]


def test_ending_a_duty_lets_a_ballot_finish_and_the_board_hears_of_it(given: Seeded) -> None:
    for judge in ("li", "wang"):
        vote(given, judge, 2)
    assert value(given) is None
    revision = kept.revision_of(db.session(), given.skill)
    grants.end(grant_of(given, "zhao"), reason="生病", actor_id=given.judges["chief"])
    assert value(given) == 133
    assert kept.revision_of(db.session(), given.skill) > revision
    results.snapshot(db.session.get_one(Skill, given.skill))


def test_a_duty_that_ran_out_refuses_at_once_and_the_panel_changes_with_an_act(
    given: Seeded,
) -> None:
    for judge in ("li", "wang"):
        vote(given, judge, 2)
    with writing() as session:
        session.get_one(Grant, grant_of(given, "zhao")).until = now() - timedelta(seconds=1)
    assert vote(given, "zhao", 2) == "set_aside"
    assert value(given) is None, "no mark moves without an act in the skill's ledger"
    assert grants.note_ends(now()) == 1
    assert value(given) == 133


def test_a_duty_that_has_not_begun_refuses(given: Seeded) -> None:
    with writing() as session:
        session.get_one(Grant, grant_of(given, "li")).since = now() + timedelta(hours=1)
    assert vote(given, "li", 2) == "set_aside"


def test_whoever_confirms_is_on_duty(given: Seeded) -> None:
    """Where every judge on duty entered a part of a sheet, each of them may confirm."""
    given.give(given.post("K-073", "A2.01", 100))
    given.give(given.post("K-073", "A2.02", 150, judge="wang"), judge="wang")
    work = kept.whole(db.session(), given.skill).works[given.entries["K-073"]]
    upto = work.last[given.subs["A2"]]
    own = given.confirm("K-073", "A2", upto, judge="li")
    assert given.give(own)[0].state == "set_aside"
    grants.end(grant_of(given, "zhao"), reason="生病", actor_id=given.judges["chief"])
    assert given.give(given.confirm("K-073", "A2", upto, judge="li"))[0].state == "taken"
