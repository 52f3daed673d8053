"""Eligibility: every rule at its border, in words, and what two people may except."""

from datetime import date

import pytest

from competition.rules.eligibility import Candidate, Facts, eligible, judge, quota_use
from competition.rules.skill_rules import PRESETS, SkillRules, read


def rules(**changes):
    found = read(PRESETS["provincial"] | changes)
    assert isinstance(found, SkillRules), found
    return found


def person(**changes):
    values = {
        "name": "林一",
        "born_on": date(2000, 6, 1),
        "status": "student",
        "local_years": 2,
    }
    return Candidate(**{**values, **changes})


def entry(*people, **changes):
    values = {"people": people or (person(),), "team_size": 1, "coaches": 1, "standing": 0}
    return Facts(**{**values, **changes})


def broken(facts, **changes):
    return [one.rule for one in judge(facts, rules(**changes)) if not one.kept]


def test_an_entry_in_order_has_only_kept_rules():
    reasons = judge(entry(), rules())
    assert eligible(reasons) and len(reasons) >= 8
    assert all(one.zh and one.en for one in reasons)


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        (entry(person(born_on=date(2007, 1, 1))), ["born_before"]),
        (entry(person(born_on=date(2006, 12, 31))), []),
        (entry(person(born_on=None)), ["age"]),
        (entry(person(born_on=date(1964, 6, 1))), []),  # 59 on the very day
        (entry(person(born_on=date(1963, 6, 1))), ["oldest"]),  # 60 on the very day
        (entry(person(born_on=date(1963, 6, 2))), []),  # 60 tomorrow
        (entry(person(status=None)), ["status"]),
        (entry(person(status="retired")), ["status"]),
        (entry(person(local_years=0)), ["local_years"]),
        (entry(person(local_years=1)), []),
        (entry(person(local_years=None)), ["local_years"]),
        (entry(person(other_skills=("W09",))), ["one_skill"]),
        (entry(coaches=0), ["coach"]),
        (entry(standing=2), []),
        (entry(standing=3), ["quota"]),
        (entry(standing=0, is_reserve=True), []),
        (entry(standing=1, is_reserve=True), ["reserves"]),
        (entry(person(), person(name="林二")), ["team_size"]),
        (entry(person(), person(name="林二"), team_size=2), []),
    ],
)
def test_each_rule_at_its_border(facts, rule):
    assert broken(facts) == rule


def test_the_youngest_age_counts_on_its_day():
    young = entry(person(born_on=date(2007, 6, 2)))
    assert broken(young, born_before=None) == ["youngest"]
    assert broken(entry(person(born_on=date(2007, 6, 1))), born_before=None) == []


def test_an_earlier_medal_excludes_where_the_rules_say_so():
    winner = entry(person(medals=("national-gold",)))
    assert broken(winner) == []
    assert broken(winner, excluded_medals=["national-gold"]) == ["medals"]


def test_of_a_team_everybody_is_judged_and_named():
    team = entry(person(), person(name="林二", status=None), team_size=2)
    (reason,) = [one for one in judge(team, rules()) if not one.kept]
    assert (reason.rule, "林二" in reason.zh, "林二" in reason.en) == ("status", True, True)


def test_an_exception_lets_its_own_rule_pass_and_no_other():
    facts = entry(person(status=None, local_years=0), excepted=frozenset({"status"}))
    reasons = judge(facts, rules())
    assert [one.rule for one in reasons if one.excepted] == ["status"]
    assert not eligible(reasons)
    both = entry(person(status=None, local_years=0), excepted=frozenset({"status", "local_years"}))
    assert eligible(judge(both, rules()))


def test_an_exception_for_a_kept_rule_changes_nothing():
    reasons = judge(entry(excepted=frozenset({"status"})), rules())
    assert eligible(reasons) and not any(one.excepted for one in reasons)


def test_where_no_age_is_asked_a_missing_date_is_no_fault():
    facts = entry(person(born_on=None))
    assert broken(facts, born_before=None, youngest=None, oldest=None) == []


def test_places_left():
    assert quota_use({"2301": 3, "2302": 1, "2306": 4}, 3) == {"2301": 0, "2302": 2, "2306": -1}
