"""A draft: what it says while it is written, that nothing is lost, and who saves over whom."""

import copy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from competition.database import db
from competition.models import Skill
from competition.rules.refusal import Refusal
from judging import cells, drafts, scheme, scheme_rows, versions, workbook
from judging.rules import calculation_reading, calculation_typed, scheme_draft
from judging.rules.calculation_examples import examples
from judging.rules.draft_shape import NotADraft, cleaned, fields
from judging.rules.scheme import Calculation, Parameter
from judging.rules.scheme_difference import difference
from judging.rules.scheme_mapping import from_mapping
from judging.scheme import Agreed
from tests.judging.seed import SCHEME, Seeded, seed

FIXTURES = Path(__file__).parents[3] / "shared" / "fixtures" / "cis"


def body() -> dict[str, Any]:
    return scheme_draft.body(from_mapping(SCHEME))


def first(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = data["criteria"][0]["sub_criteria"][0]["aspects"][0]
    return found


@pytest.mark.parametrize("file", sorted(FIXTURES.glob("*.xlsx")), ids=lambda file: file.stem)
def test_a_scheme_survives_the_way_through_a_draft(file: Path) -> None:
    found = workbook.read(file).found
    data = scheme_draft.body(found)
    assert cleaned(copy.deepcopy(data)) == data
    again = scheme_draft.read(data).scheme
    assert [one.calculation for one in again.aspects] == [one.calculation for one in found.aspects]
    moved = difference(found, again)
    assert not moved.moved and not moved.criteria and not moved.sub_criteria


def test_what_is_missing_is_named_at_its_place_and_the_rest_is_summed() -> None:
    data = body()
    first(data).update(max="abc", zh="", en="")
    data["criteria"][0]["sub_criteria"][1]["id"] = "?"
    data["criteria"][1]["letter"] = "A"
    data["criteria"][1]["sub_criteria"][0]["aspects"][0]["rungs"][2] = {"zh": "", "en": ""}
    data["sections"].append({"key": "x", "number": "", "zh": "", "en": "", "marks": "-"})
    found = scheme_draft.read(data)
    told = {found.keys[one.row or 0]: one.zh for one in found.problems}
    assert set(told) == {
        first(data)["key"], data["criteria"][0]["sub_criteria"][1]["key"],
        data["criteria"][1]["key"], "x",
        data["criteria"][1]["sub_criteria"][0]["aspects"][0]["key"],
    }  # fmt: skip
    assert found.scheme.total == from_mapping(SCHEME).total - 150
    assert not scheme_draft.read(scheme_draft.EMPTY).scheme.aspects


@pytest.mark.parametrize(
    "data",
    [
        None, [], {}, {"sections": {}, "criteria": []}, {"sections": [1], "criteria": []},
        {"sections": [{"key": ""}], "criteria": []},
        {"sections": [{"key": "a"}, {"key": "a"}], "criteria": []},
        {"sections": [{"key": "a", "zh": 5}], "criteria": []},
        {"sections": [{"key": "a", "zh": "x" * 20_001}], "criteria": []},
        {"sections": [], "criteria": [{"key": "a"}]},
    ],
)  # fmt: skip
def test_what_is_no_draft_is_refused(data: Any) -> None:
    with pytest.raises(NotADraft):
        cleaned(data)


def test_texts_lose_what_no_database_holds() -> None:
    data = body()
    first(data)["zh"] = "移动\0飞机\ud800"
    assert first(cleaned(data))["zh"] == "移动飞机"


KINDS: list[tuple[dict[str, Any], int, dict[str, str]]] = [
    ({"kind": "PASS_FAIL"}, 100, {"1": "1.00", "0": "0.00"}),
    ({"kind": "NUMBER_COMPLETED", "of": "３"}, 100, {"0": "0.00", "1": "0.33", "2": "0.67",
     "3": "1.00"}),
    ({"kind": "CHOICE", "percent": "1", "options": [
        {"number": "", "label": "光滑", "deduction": "0"},
        {"number": "", "label": "毛糙", "deduction": "60"}]}, 150, {"1": "1.50", "2": "0.60"}),
    ({"kind": "RANGED_SCORE", "percent": "", "target": "10", "bands": [
        {"lower": "0.5", "upper": "0,5", "deduction": "0"},
        {"lower": "1", "upper": "1", "deduction": "0.25"}]}, 100,
     {"8": "0.00", "9": "0.75", "9.5": "1.00", "10": "1.00", "10.5": "1.00", "11": "0.75",
      "12": "0.00"}),
    ({"kind": "REGULAR_DIFFERENCE_DEDUCTION", "target": "30", "step": "2", "deduction": "0.1",
      "started": "1"}, 50, {"30": "0.50", "31": "0.40", "32": "0.40", "34": "0.30", "36": "0.20",
      "28": "0.40", "26": "0.30"}),
    ({"kind": "PARTIAL_MARK", "step": "0.5"}, 120, {"0": "0.00", "0.5": "0.50", "1": "1.00",
     "1.2": "1.20"}),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "maximum", "marks"), KINDS, ids=lambda x: str(x)[:30])
def test_every_kind_shows_its_marks_while_it_is_typed(
    typed: dict[str, Any], maximum: int, marks: dict[str, str]
) -> None:
    rule = calculation_typed.rule(fields(typed))
    shown = {one.value: f"{one.worked.mark / 100:.2f}" for one in examples(rule, maximum)}
    assert shown == marks
    again = calculation_typed.typed(calculation_reading.calculation(rule))
    assert calculation_typed.rule(fields(again)) == rule


@pytest.mark.parametrize(
    "typed",
    [
        {"kind": "?"},
        {"kind": "NUMBER_COMPLETED", "of": "0"},
        {"kind": "NUMBER_COMPLETED", "of": "many"},
        {"kind": "CHOICE", "options": []},
        {"kind": "CHOICE", "options": [{"label": "", "deduction": "1"}]},
        {"kind": "RANGED_SCORE", "target": "", "bands": []},
        {"kind": "REGULAR_DIFFERENCE_DEDUCTION", "target": "1", "step": "0", "deduction": "1"},
        {"kind": "PARTIAL_MARK", "step": "0.001"},
    ],
)
def test_fields_that_say_no_rule_say_why(typed: dict[str, Any]) -> None:
    with pytest.raises(calculation_reading.NotARule):
        calculation_typed.rule(fields(typed))


@given(st.integers(1, 400), st.integers(1, 60), st.decimals("0.01", "50", places=2))
@settings(deadline=None, max_examples=60)
def test_examples_are_marks_between_nothing_and_all(maximum: int, of: int, step: Decimal) -> None:
    for typed in (
        {"kind": "NUMBER_COMPLETED", "of": str(of)},
        {"kind": "REGULAR_DIFFERENCE_DEDUCTION", "target": "5", "step": str(step),
         "deduction": "0.2"},
        {"kind": "PARTIAL_MARK", "step": str(step)},
    ):  # fmt: skip
        found = examples(calculation_typed.rule(fields(typed)), maximum)
        assert found and all(0 <= one.worked.mark <= maximum for one in found)


def test_a_calculation_that_nobody_touched_stays_as_it_was_written() -> None:
    kept = Calculation(
        "CHOICE",
        (Parameter("CHOICE2_LABEL", "", "fine"), Parameter("CHOICE2_DEDUCTION", "0E-8"),
         Parameter("UNKNOWN", "1", "")),
        "Finish", "TRUE",
    )  # fmt: skip
    typed = calculation_typed.typed(kept)
    data = body()
    first(data).update(calculation=typed, written={
        "kind": kept.kind, "label": kept.label, "flag": kept.flag,
        "parameters": [{"key": one.key, "value": one.value, "text": one.text}
                       for one in kept.parameters]})  # fmt: skip
    assert scheme_draft.read(data).scheme.aspects[0].calculation == kept
    first(data)["calculation"]["options"][0]["deduction"] = "0.1"
    changed = scheme_draft.read(data).scheme.aspects[0].calculation
    assert changed is not None and changed.label == ""


# The verbs


@pytest.fixture
def began(day: Seeded, inside: None) -> Seeded:
    drafts.start(day.skill, body(), based_on=1, over=0, actor_id=day.judges["chief"])
    return day


def state(day: Seeded) -> drafts.Draft:
    found = drafts.read(db.session(), day.skill)
    assert found is not None
    return found


def test_a_save_on_top_of_another_persons_is_refused_and_shows_theirs(began: Seeded) -> None:
    mine, theirs = body(), body()
    first(mine)["zh"], first(theirs)["zh"] = "我的", "他的"
    li, chief = began.judges["li"], began.judges["chief"]
    assert drafts.save(began.skill, theirs, base=1, actor_id=li) == 2
    assert drafts.save(began.skill, theirs, base=1, actor_id=li) == 2  # repeated: harmless
    with pytest.raises(drafts.Outdated) as outdated:
        drafts.save(began.skill, mine, base=1, actor_id=chief)
    assert outdated.value.draft is not None
    assert outdated.value.draft.by == "李裁判" and outdated.value.draft.body == theirs
    assert state(began).body == theirs
    assert drafts.save(began.skill, mine, base=2, actor_id=chief) == 3


def test_what_is_replaced_or_put_away_can_be_brought_back(began: Seeded) -> None:
    chief = began.judges["chief"]
    with pytest.raises(drafts.Outdated):
        drafts.start(began.skill, scheme_draft.EMPTY, based_on=0, over=7, actor_id=chief)
    drafts.start(began.skill, scheme_draft.EMPTY, based_on=0, over=1, actor_id=chief)
    drafts.bring_back(began.skill, over=2, actor_id=chief)
    assert state(began).body == body()
    drafts.put_away(began.skill, over=3, actor_id=chief)
    assert not state(began).is_open
    with pytest.raises(drafts.Outdated):
        drafts.save(began.skill, body(), base=4, actor_id=chief)
    drafts.bring_back(began.skill, over=4, actor_id=chief)
    assert state(began).body == body()


def test_a_draft_becomes_a_version_and_closes(began: Seeded) -> None:
    chief = began.judges["chief"]
    data = body()
    first(data)["max"] = "9"
    with pytest.raises(drafts.Outdated):
        drafts.adopt(began.skill, over=5, actor_id=chief, agreed=None)
    drafts.save(began.skill, {**data, "criteria": []}, base=1, actor_id=chief)
    with pytest.raises(Refusal, match="errors"):
        drafts.adopt(began.skill, over=2, actor_id=chief, agreed=None)
    drafts.save(began.skill, data, base=2, actor_id=chief)
    assert drafts.adopt(began.skill, over=3, actor_id=chief, agreed=None) == 2
    assert not state(began).is_open
    row = scheme.current(began.skill)
    assert row is not None and row.total == from_mapping(SCHEME).total + 750
    assert row.adopted_by == chief


def test_a_draft_of_a_scheme_in_use_needs_agreement(began: Seeded, sqlite_app: Flask) -> None:
    began.give(began.post("K-118", "A2.01", 100))
    chief, data = began.judges["chief"], body()
    first(data)["max"] = "9"
    drafts.save(began.skill, data, base=1, actor_id=chief)
    with pytest.raises(Refusal, match="closed"):
        drafts.adopt(began.skill, over=2, actor_id=chief, agreed=None)
    assert state(began).is_open
    skill = db.session.get_one(Skill, began.skill)
    wanted = drafts.understood(state(began), skill).scheme
    plan = versions.planned(db.session(), skill, wanted, versions.automatic(db.session(), skill.id))
    assert plan is not None
    agreed = Agreed(plan.seen, "试题改了")
    assert drafts.adopt(began.skill, over=2, actor_id=chief, agreed=agreed) == 2
    rows = scheme_rows.aspects_of(scheme.current(began.skill))  # type: ignore[arg-type]
    assert [one.root_id is None for one in rows] == [True, *[False] * 7]


def test_on_both_databases_a_draft_becomes_a_version_that_keeps_its_marks(app: Flask) -> None:
    with app.app_context():
        day = seed()
        day.give(day.post("K-118", "A2.01", 100))
        chief, data = day.judges["chief"], body()
        drafts.start(day.skill, data, based_on=1, over=0, actor_id=chief)
        changed = copy.deepcopy(data)
        first(changed)["max"] = "9"
        assert drafts.save(day.skill, changed, base=1, actor_id=chief) == 2
        with pytest.raises(drafts.Outdated):
            drafts.save(day.skill, data, base=1, actor_id=chief)
        skill = db.session.get_one(Skill, day.skill)
        wanted = drafts.understood(state(day), skill).scheme
        checked = versions.automatic(db.session(), skill.id)
        plan = versions.planned(db.session(), skill, wanted, checked)
        assert plan is not None and plan.marks == {"A2.01": (1, 1)}
        agreed = Agreed(plan.seen, "试题改了")
        assert drafts.adopt(day.skill, over=2, actor_id=chief, agreed=agreed) == 2
        found = cells.read(db.session(), day.skill)
        marks = {found.entries[entry]: mark.value for entry, work in found.works.items()
                 for number, mark in work.marks.items()
                 if mark.value is not None}  # fmt: skip
        assert marks == {"K-118": 100}
        assert versions.history(db.session(), day.skill)[0]["changes"]["kept"] == 1
        drafts.bring_back(day.skill, over=3, actor_id=chief)
        assert state(day).body == changed
