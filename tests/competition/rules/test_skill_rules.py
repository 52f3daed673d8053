"""The rules of a skill as data: presets, faults, words, differences."""

from datetime import date

import pytest

from competition.rules.skill_rules import PRESETS, SkillRules, differences, read, wanting, write
from competition.rules.skill_rules_words import words


def rules(name="provincial", **changes):
    found = read(PRESETS[name] | changes)
    assert isinstance(found, SkillRules), found
    return found


def faults(**changes):
    found = read(PRESETS["provincial"] | changes)
    assert isinstance(found, list)
    return [fault.field for fault in found]


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_in_order_and_reads_back(name):
    assert read(write(rules(name))) == rules(name)


@pytest.mark.parametrize("name", PRESETS)
def test_every_rule_is_a_sentence_in_both_languages(name):
    said = words(rules(name))
    assert len(said) >= 10
    assert all(zh and en and zh != en for zh, en in said)
    assert not any("None" in zh + en for zh, en in said)


def test_what_is_open_is_called_an_approximation():
    said = words(rules("worldskills"))
    assert sum("近似" in zh for zh, _ in said) == 2
    assert sum("approximation" in en for _, en in said) == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"panel": 6}, "panel"),
        ({"panel": True}, "panel"),
        ({"trim": "1"}, "trim"),
        ({"trim": -1}, "trim"),
        ({"panel": 4, "trim": 1}, "trim"),
        ({"panel": 3, "trim": 1}, "trim"),
        ({"quota": 0}, "quota"),
        ({"quota": 1.0}, "quota"),
        ({"born_before": "2007-13-01"}, "born_before"),
        ({"born_before": 20070101}, "born_before"),
        ({"age_day": None}, "age_day"),
        ({"youngest": 40, "oldest": 30}, "youngest"),
        ({"statuses": ["employee", "employee"]}, "statuses"),
        ({"statuses": "employee"}, "statuses"),
        ({"ties": ["criterion"]}, "ties"),
        ({"ties": ["coin"]}, "ties"),
        ({"shared_places": True}, "shared_places"),
        ({"medals": "olympic"}, "medals"),
        ({"one_skill_each": 1}, "one_skill_each"),
        ({"excluded_medals": [3]}, "excluded_medals"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_wrong_value_is_named(changes, field):
    assert field in faults(**changes)


def test_a_missing_value_is_named():
    body = dict(PRESETS["national"])
    del body["quota"]
    found = read(body)
    assert isinstance(found, list) and [fault.field for fault in found] == ["quota"]


def test_five_judges_may_drop_one_at_each_end_and_seven_two():
    assert rules(panel=5, trim=1).trim == 1
    assert rules(panel=7, trim=2).trim == 2
    assert faults(panel=5, trim=2) == ["trim"]


def test_differences_name_both_values():
    found = differences(rules(), rules(quota=2, substitute_until="2023-05-20"))
    assert found == [("quota", 3, 2), ("substitute_until", None, "2023-05-20")]
    assert differences(rules(), rules()) == []


def test_days_are_days():
    assert rules().born_before == date(2007, 1, 1)


def test_rules_adopted_before_a_limit_can_still_be_read_and_say_what_is_applied():
    earlier = rules(recheck_share=0, recheck_limit=100, medals="worldskills")
    assert [one.field for one in wanting(earlier)] == ["scale", "recheck_share", "recheck_limit"]
    said = "".join(zh for zh, _ in words(earlier))
    assert "总分相同才视为并列" in said and "2 分" not in said
    assert wanting(rules()) == wanting(rules("worldskills")) == []
    assert wanting(rules(recheck_share=30, recheck_limit=0)) == []
