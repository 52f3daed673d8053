"""Preflight: every check can turn its light on, and a red one keeps the skill closed."""

from dataclasses import replace
from datetime import date

import pytest

from competition.rules.preflight import CHECKS, Light, may_open, preflight
from competition.rules.preflight_facts import Facts

READY = Facts(
    names_in_both=True,
    zone=("哈尔滨", "Harbin"),
    venue=("一号馆", "Hall 1"),
    rules_version=2,
    rules_published=True,
    periods=2,
    minutes=600,
    first_period=date(2026, 6, 1),
    last_period=date(2026, 6, 2),
    starts_on=date(2026, 6, 1),
    ends_on=date(2026, 6, 3),
    scheme_version=1,
    scheme_total=10_000,
    aspects=69,
    judgements_without_rungs=0,
    aspects_without_section=0,
    automatic_aspects=50,
    task=True,
    task_wanted=True,
    images_ready=True,
    chief_judges=1,
    judges=5,
    panel=5,
    supervisors=1,
    supervisor_wanted=True,
    conflicts=0,
    chairs_empty=0,
    undeclared=0,
    declarations_open=0,
    marks_late=0,
    chief_bound=0,
    factors_asked=True,
    factors_missing=(),
    entries=14,
    entries_open=0,
    entries_unanswered=0,
    entries_without_code=0,
    codes_doubled=0,
    aliases_equal_codes=0,
    entries_without_workstation=0,
    workstations_doubled=0,
    requests_open=0,
    entries_locked=True,
    is_blind=True,
    paired_tablets=5,
)

BROKEN = {
    "names": ({"names_in_both": False}, Light.AMBER),
    "zone": ({"zone": None}, Light.RED),
    "venue": ({"venue": None}, Light.RED),
    "rules": ({"rules_version": None}, Light.RED),
    "rules_published": ({"rules_published": False}, Light.AMBER),
    "periods": ({"periods": 0}, Light.RED),
    "minutes": ({"minutes": 0}, Light.RED),
    "dates": ({"last_period": date(2026, 6, 4)}, Light.AMBER),
    "scheme": ({"scheme_version": None}, Light.RED),
    "total": ({"scheme_total": 9_975}, Light.RED),
    "rungs": ({"judgements_without_rungs": 1}, Light.RED),
    "sections": ({"aspects_without_section": 1}, Light.AMBER),
    "task": ({"task": False}, Light.RED),
    "images": ({"images_ready": False}, Light.AMBER),
    "automatic": ({"automatic_aspects": 0}, Light.AMBER),
    "chief": ({"chief_judges": 2}, Light.RED),
    "panel": ({"judges": 4}, Light.RED),
    "supervisor": ({"supervisors": 0}, Light.AMBER),
    "conflicts": ({"conflicts": 1}, Light.RED),
    "chairs": ({"chairs_empty": 1}, Light.RED),
    "declared": ({"undeclared": 2}, Light.AMBER),
    "declarations": ({"declarations_open": 1}, Light.AMBER),
    "late": ({"marks_late": 1}, Light.AMBER),
    "chief_free": ({"chief_bound": 1}, Light.AMBER),
    "entries": ({"entries": 0}, Light.RED),
    "small_field": ({"entries": 3}, Light.AMBER),
    "answers": ({"entries_unanswered": 1}, Light.AMBER),
    "eligibility": ({"entries_open": 1}, Light.RED),
    "codes": ({"codes_doubled": 1}, Light.RED),
    "aliases": ({"aliases_equal_codes": 1}, Light.RED),
    "workstations": ({"entries_without_workstation": 1}, Light.AMBER),
    "second_factor": ({"factors_missing": ("w17-chief",)}, Light.RED),
    "second_factor_asked": ({"factors_asked": False}, Light.AMBER),
    "requests": ({"requests_open": 1}, Light.AMBER),
    "entries_locked": ({"entries_locked": False}, Light.AMBER),
    "tablets": ({"paired_tablets": 4}, Light.AMBER),
}


def test_a_skill_in_order_is_green_all_over():
    results = preflight(READY)
    assert len(results) >= 20 and may_open(results)
    assert {result.light for result in results} == {Light.GREEN}
    assert all(result.zh and result.en for result in results)


def test_every_check_has_its_case():
    assert set(BROKEN) == {name for name, _, _ in CHECKS}


@pytest.mark.parametrize("name", BROKEN)
def test_a_fault_turns_its_own_light_on(name):
    changes, light = BROKEN[name]
    results = preflight(replace(READY, **changes))
    found = {result.name: result.light for result in results}
    assert found[name] is light
    assert may_open(results) is (light is Light.AMBER)


def test_who_lacks_a_second_factor_is_named():
    names = tuple(f"office-{number}" for number in range(1, 8))
    (light,) = [
        one for one in preflight(replace(READY, factors_missing=names))
        if one.name == "second_factor"
    ]  # fmt: skip
    listed = "、".join(names[:5])
    assert light.zh == f"7 人能改变成绩但没有二次验证：{listed} …"
    assert light.en.startswith("7 can change results and have no second factor: office-1, ")


def test_a_skill_without_a_task_needs_no_sandbox():
    hand = replace(READY, task=False, task_wanted=False, images_ready=False, automatic_aspects=0)
    assert {result.light for result in preflight(hand)} == {Light.GREEN}


def test_an_open_skill_may_show_codes():
    results = preflight(replace(READY, is_blind=False, aliases_equal_codes=14))
    assert may_open(results)
