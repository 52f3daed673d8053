"""What a new version changes, with nothing guessed: the rules by hand and at random."""

import copy
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from judging.rules.scheme import Scheme
from judging.rules.scheme_difference import Difference, bilingual, difference
from judging.rules.scheme_mapping import from_mapping
from tests.judging.seed import SCHEME


def scheme(*edits: Any) -> Scheme:
    """The seeded scheme after some edits of its mapping."""
    data = copy.deepcopy(SCHEME)
    for edit in edits:
        edit(data)
    return from_mapping(data)


def aspects(data: Any, sub: str) -> list[dict[str, Any]]:
    found = (one for criterion in data["criteria"] for one in criterion["sub_criteria"])
    return next(one["aspects"] for one in found if one["id"] == sub)


def states(found: Difference) -> list[tuple[str, str, str]]:
    return [
        (one.before.code if one.before else "", one.after.code if one.after else "", one.state)
        for one in found.moved
    ]


def test_the_same_scheme_differs_in_nothing() -> None:
    found = difference(scheme(), scheme())
    assert not found and found.share == 0
    assert {one.state for one in found.aspects} == {"same"}


def test_an_inserted_aspect_renumbers_the_others_and_changes_nothing_of_them() -> None:
    new = {"type": "M", "zh": "新的", "en": "New", "max": "0.50", "section": 1}
    found = difference(scheme(), scheme(lambda d: aspects(d, "A1").insert(0, new)))
    assert ("", "A1.01", "added") in states(found)
    assert ("A1.01", "A1.02", "same") in states(found)
    assert [one.state for one in found.aspects].count("added") == 1
    assert found.share == 455  # 0.50 of 11.00 marks: 4.545… per cent


def test_a_changed_maximum_or_calculation_changes_the_mark_and_a_new_word_does_not() -> None:
    def edit(data: Any) -> None:
        aspects(data, "A1")[0]["max"] = "2.00"
        aspects(data, "A1")[1]["zh"] = "按空格键发射子弹"
        aspects(data, "A1")[2]["section"] = 2
        aspects(data, "A1")[3]["calculation"]["parameters"]["NUM_POSSIBLE"] = "6"
        aspects(data, "B1")[0]["rungs"] = [*aspects(data, "B1")[0]["rungs"][:3], "完美"]

    found = difference(scheme(), scheme(edit))
    assert {one.after.code: (one.state, one.what) for one in found.moved if one.after} == {
        "A1.01": ("changed", ("max",)),
        "A1.02": ("reworded", ("description",)),
        "A1.03": ("same", ("section",)),
        "A1.04": ("changed", ("calculation",)),
        "B1.01": ("reworded", ("rungs",)),
    }


def test_twins_keep_their_marks_only_while_nobody_has_to_guess() -> None:
    twin = {"type": "M", "zh": "没有报错", "en": "No errors", "max": "0.50", "section": 1}

    def two(data: Any) -> None:
        aspects(data, "A1")[:] = [dict(twin), *aspects(data, "A1"), dict(twin)]

    def one(data: Any) -> None:
        aspects(data, "A1")[:] = [dict(twin), *aspects(data, "A1")]

    assert not difference(scheme(two), scheme(two))
    for before, after in ((two, one), (one, two)):
        found = difference(scheme(before), scheme(after))
        doubtful = [x for x in found.aspects
                    if (x.after or x.before).description.zh == "没有报错"]  # type: ignore[union-attr]  # fmt: skip
        assert {x.state for x in doubtful} == {"added", "removed"}


def test_forms_that_change_places_take_their_twins_along() -> None:
    """“No errors” of one page is never taken for that of another one."""
    twin = {"type": "M", "zh": "没有报错", "en": "No errors", "max": "0.50", "section": 1}

    def both(data: Any) -> None:
        for sub in ("A1", "A2"):
            aspects(data, sub).append(dict(twin))

    def swapped(data: Any) -> None:
        both(data)
        first, second = data["criteria"][0]["sub_criteria"]
        first["id"], second["id"] = "A2", "A1"

    found = difference(scheme(both), scheme(swapped))
    assert {one.state for one in found.aspects} == {"same"}
    by = {one.before.code: one.after.code for one in found.aspects if one.before and one.after}
    assert by["A1.05"] == "A2.05" and by["A2.03"] == "A1.03"
    assert {(one.before, one.after) for one in found.sub_criteria} == {("A1", "A2"), ("A2", "A1")}


def test_what_moves_to_another_form_or_stands_in_a_renamed_one_is_for_a_person_to_say() -> None:
    def move(data: Any) -> None:
        aspects(data, "A2").append(aspects(data, "A1").pop(1))

    assert ("A1.02", "A2.03", "reworded") in states(difference(scheme(), scheme(move)))

    def rename(data: Any) -> None:
        data["criteria"][0]["sub_criteria"][1]["name"] = {"zh": "油量与计分", "en": "Fuel & score"}

    found = difference(scheme(), scheme(rename))
    assert states(found) == [("A2.01", "A2.01", "reworded"), ("A2.02", "A2.02", "reworded")]
    assert [one.what for one in found.sub_criteria] == [("name",)]


def test_a_workbook_in_one_language_takes_the_other_from_the_version_before() -> None:
    from judging.conversion import in_one_language

    before = scheme()
    for language in ("zh", "en"):
        one = in_one_language(before, language)
        assert difference(before, one).moved
        assert not difference(before, bilingual(before, one))


@st.composite
def edited(draw: Any) -> tuple[Scheme, Scheme]:
    """A scheme and what somebody made of it: aspects dropped, doubled, moved, shuffled, changed."""
    data = copy.deepcopy(SCHEME)
    before = from_mapping(data)
    for _ in range(draw(st.integers(1, 6))):
        sub = draw(st.sampled_from(["A1", "A2", "B1"]))
        own = aspects(data, sub)
        act = draw(st.sampled_from(["drop", "double", "move", "shuffle", "max", "words", "new"]))
        at = draw(st.integers(0, len(own) - 1)) if own else 0
        if act == "new":
            own.insert(at, {"type": "M", "zh": draw(st.text("甲乙丙丁", min_size=1)), "max": "1"})
        elif own:
            {
                "drop": lambda own=own, at=at: own.pop(at),
                "double": lambda own=own, at=at: own.insert(at, copy.deepcopy(own[at])),
                "move": lambda own=own, at=at: aspects(data, "A2").append(own.pop(at)),
                "shuffle": lambda own=own: own.reverse(),
                "max": lambda own=own, at=at: own[at].update(max="3.00"),
                "words": lambda own=own, at=at: own[at].update(zh="另一句话"),
            }[act]()
    return before, from_mapping(data)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edited())
def test_every_aspect_is_accounted_for_once_and_the_same_means_the_same(
    pair: tuple[Scheme, Scheme],
) -> None:
    before, after = pair
    found = difference(before, after)
    olds = [id(one.before) for one in found.aspects if one.before]
    news = [id(one.after) for one in found.aspects if one.after]
    assert sorted(olds) == sorted(map(id, before.aspects))
    assert news == list(map(id, after.aspects))
    for one in found.aspects:
        if one.state == "same":
            assert one.before and one.after
            assert (one.before.kind, one.before.max, one.before.rungs, one.before.description) == (
                one.after.kind, one.after.max, one.after.rungs, one.after.description)  # fmt: skip
    assert 0 <= found.share <= 10_000
    assert bool(found) == (found.share > 0 or bool(found.moved) or bool(found.sub_criteria))
