"""Which versions are public on a day, and what differs between two texts."""

from dataclasses import dataclass
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from competition.rules.technical import differences, public


@dataclass(frozen=True)
class One:
    version: int
    publish_on: date


def on(day: int) -> date:
    return date(2026, 3, day)


def numbers(days: list[int], today: int) -> list[int]:
    versions = [One(number, on(day)) for number, day in enumerate(days, 1)]
    return [one.version for one in public(versions, on(today))]


def test_a_version_is_public_from_its_day_on() -> None:
    assert numbers([5, 9], 4) == []
    assert numbers([5, 9], 5) == [1]
    assert numbers([5, 9], 9) == [2, 1]


def test_a_version_overtaken_before_its_day_never_comes_out() -> None:
    assert numbers([1, 9, 5], 6) == [3, 1]
    assert numbers([1, 9, 5], 12) == [3, 1]
    assert numbers([5, 5], 5) == [2, 1]  # both on one day: the first was read in the morning


@given(st.lists(st.integers(1, 20), max_size=6), st.integers(1, 20))
def test_the_days_of_public_versions_never_run_back(days: list[int], today: int) -> None:
    shown = numbers(days, today)
    assert [days[one - 1] for one in shown] == sorted((days[o - 1] for o in shown), reverse=True)
    assert bool(shown) == any(day <= today for day in days)


def test_lines_that_went_and_came() -> None:
    before = "\n".join(f"line {n}" for n in range(1, 21))
    after = before.replace("line 10\n", "line ten\nline ten and a half\n")
    found = differences(before, after)
    assert [(one.kind, one.text) for one in found if one.kind in ("gone", "new")] == [
        ("gone", "line 10"), ("new", "line ten"), ("new", "line ten and a half"),
    ]  # fmt: skip
    assert found[0].kind == "skip" and len(found) == 10
    assert found[-1].before == 13 and found[-1].after == 14
    assert differences(before, before) == []


texts = st.lists(st.sampled_from(["a", "b", "", "<b>", "选手"]), max_size=8).map("\n".join)


@given(texts, texts)
def test_what_is_new_and_what_is_gone_adds_up(before: str, after: str) -> None:
    found = differences(before, after)
    gone, new = (sum(one.kind == kind for one in found) for kind in ("gone", "new"))
    assert len(after.splitlines()) - len(before.splitlines()) == new - gone
    for one in found:
        if one.before:
            assert before.splitlines()[one.before - 1] == one.text
        if one.after:
            assert after.splitlines()[one.after - 1] == one.text
