"""Which duties one person never joins: every pair of the table, and what ties to competitors."""

import itertools

import pytest

from competition.rules.duties import (
    SCOPES,
    WORDS,
    Duty,
    Role,
    Scope,
    Ties,
    scope_of,
    why_not,
)

MARKING = {"chief_judge", "judge", "recorder", "confirmer"}
# Every pair that never meets in one person, wherever (anywhere) or in one skill (together).
ANYWHERE = {
    *(frozenset({office, mark}) for office in ("organiser", "secretariat") for mark in MARKING),
    *(frozenset({"team_leader", mark}) for mark in MARKING),
    *(
        frozenset({"team_leader", other})
        for other in ("arbiter", "key_holder", "invigilator", "supervisor")
    ),
}
TOGETHER = {
    frozenset({"recorder", "confirmer"}),
    *(frozenset({"arbiter", mark}) for mark in MARKING),
    frozenset({"arbiter", "key_holder"}),
    *(frozenset({"key_holder", mark}) for mark in MARKING),
    frozenset({"invigilator", "judge"}),
    frozenset({"invigilator", "chief_judge"}),
    *(frozenset({"supervisor", mark}) for mark in MARKING),
    *(
        frozenset({"supervisor", other})
        for other in ("organiser", "secretariat", "arbiter", "key_holder")
    ),
}


@pytest.mark.parametrize("one, other", list(itertools.product(Role, Role)))
def test_every_pair_of_roles(one: Role, other: Role) -> None:
    pair = frozenset({one.value, other.value})
    here, there = Duty(one, skill_id=1, zone_id=1), Duty(other, skill_id=1, zone_id=1)
    elsewhere = Duty(other, skill_id=2, zone_id=2)
    assert (why_not(here, [there], Ties()) is not None) == (pair in ANYWHERE | TOGETHER)
    assert (why_not(here, [elsewhere], Ties()) is not None) == (pair in ANYWHERE)


def test_both_sides_refuse() -> None:
    records, confirms = Duty(Role.RECORDER, 1, 1), Duty(Role.CONFIRMER, 1, 1)
    assert why_not(records, [confirms], Ties())
    assert why_not(confirms, [records], Ties())


LASTING = {
    frozenset({"recorder", "confirmer"}),
    frozenset({"arbiter", "key_holder"}),
    *(frozenset({other, mark}) for other in ("arbiter", "key_holder") for mark in MARKING),
}


@pytest.mark.parametrize("one, other", list(itertools.product(Role, Role)))
def test_what_somebody_did_under_a_role_that_is_over(one: Role, other: Role) -> None:
    here, there = Duty(one, skill_id=1, zone_id=1), Duty(other, skill_id=1, zone_id=1)
    elsewhere = Duty(other, skill_id=2, zone_id=2)
    lasting = frozenset({one.value, other.value}) in LASTING
    refusal = why_not(here, [], Ties(), [there])
    assert (refusal is not None) == lasting
    assert refusal is None or "曾任" in refusal.zh
    assert why_not(here, [], Ties(), [elsewhere]) is None


@pytest.mark.parametrize(
    "one, other, meets",
    [
        (Duty(Role.ARBITER, 1, 7), Duty(Role.JUDGE, 1, 7), True),
        (Duty(Role.ARBITER, 2, 7), Duty(Role.JUDGE, 1, 7), False),
        (Duty(Role.ARBITER, None, 7), Duty(Role.JUDGE, 1, 7), True),
        (Duty(Role.ARBITER, None, 8), Duty(Role.JUDGE, 1, 7), False),
        (Duty(Role.ARBITER, None, 8), Duty(Role.JUDGE, 1, None), False),
        (Duty(Role.ARBITER, None, 7), Duty(Role.RECORDER, None, 7), True),
        (Duty(Role.ARBITER, None, 7), Duty(Role.RECORDER, None, 8), False),
        (Duty(Role.ARBITER), Duty(Role.JUDGE, 1, None), True),
        (Duty(Role.ARBITER), Duty(Role.RECORDER, None, 8), True),
        (Duty(Role.ARBITER), Duty(Role.RECORDER), True),
    ],
)
def test_duties_meet_where_their_scopes_do(one: Duty, other: Duty, meets: bool) -> None:
    assert one.meets(other) is other.meets(one) is meets
    assert (why_not(one, [other], Ties()) is not None) is meets


@pytest.mark.parametrize("role", Role)
def test_ties_to_competitors(role: Role) -> None:
    duty = Duty(role, 1, 1)
    assert why_not(duty, [], Ties()) is None
    marks = role.value in MARKING
    assert bool(why_not(duty, [], Ties(coaches=True))) == (
        marks or role in (Role.ARBITER, Role.KEY_HOLDER)
    )
    assert bool(why_not(duty, [], Ties(shares_affiliation=True))) == (
        role is Role.CHIEF_JUDGE  # a judge stands aside from the one work: rules/conflicts
    )
    assert bool(why_not(duty, [], Ties(competes=True))) == (
        marks or role in (Role.ARBITER, Role.KEY_HOLDER, Role.INVIGILATOR, Role.SUPERVISOR)
    )


def test_the_reason_is_in_words() -> None:
    refusal = why_not(Duty(Role.CONFIRMER, 1, 1), [Duty(Role.RECORDER, None, 1)], Ties())
    assert refusal is not None
    assert refusal.zh == (
        "此人已是录分员，不能再任复核员：录分员从不复核。没有授权。请另选一人，或先结束原来的权限。"
    )
    assert refusal.en.startswith("This person is a recorder already and cannot be a confirmer as")
    arbiter = why_not(Duty(Role.JUDGE, 1, 1), [Duty(Role.ARBITER)], Ties())
    assert arbiter is not None
    assert arbiter.en.startswith("This person is an arbiter already and cannot be a judge as well")
    tied = why_not(Duty(Role.CHIEF_JUDGE, 1, 1), [], Ties(shares_affiliation=True))
    assert tied is not None
    assert tied.zh.startswith("该赛项有选手来自本人所在的单位，不能任裁判长")


def test_every_role_has_words_and_scopes() -> None:
    assert set(WORDS) == set(SCOPES) == set(Role)
    assert len({words.name_zh for words in WORDS.values()}) == len(Role)


def test_a_grant_names_one_scope() -> None:
    assert scope_of(None, None, None) is Scope.COMPETITION
    assert scope_of(1, None, None) is Scope.SKILL
    assert scope_of(None, 1, None) is Scope.ZONE
    assert scope_of(None, None, 1) is Scope.DELEGATION
    assert scope_of(1, 1, None) is None
