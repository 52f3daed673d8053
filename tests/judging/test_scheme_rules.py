"""The marking scheme's rules: exact marks, sums, faults and variations, YAML mappings."""

import copy
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competition.rules.refusal import Refusal
from judging.rules import scheme_faults
from judging.rules.scheme import (
    Aspect,
    Criterion,
    NotAMark,
    Rung,
    Scheme,
    Section,
    SubCriterion,
    Text,
    assemble,
    hundredths,
    nearest_hundredth,
    section_marks,
    two_decimals,
)
from judging.rules.scheme_mapping import from_mapping
from judging.workbook import read
from tests.judging import workbooks

DEMO = Path(__file__).parents[2] / "judging" / "demo_schemes"

# Exact marks


@pytest.mark.parametrize(
    ("value", "marks"),
    [
        (1, 100),
        (0.1, 10),
        (0.1 + 0.2, 30),  # 0.30000000000000004
        (13.999999999999993, 1400),  # a real file's total
        ("0.25", 25),
        (" 1,5 ", 150),
        ("１．７５", 175),
        ("2.", 200),
        (".5", 50),
        ("0E-8", 0),
        ("-0.5", -50),
        (Decimal("4.00"), 400),
    ],
)
def test_hundredths(value: Any, marks: int) -> None:
    assert hundredths(value) == marks


@pytest.mark.parametrize(
    "value",
    ["", "x", "1.2.3", "1,234,5", "1.005", 0.125, "NaN", "inf", "1e999", True, "1 000", "9" * 40],
)
def test_what_is_not_a_mark(value: Any) -> None:
    with pytest.raises(NotAMark) as fault:
        hundredths(value)
    assert fault.value.zh and fault.value.en


def test_typed_figures_are_rounded_half_up() -> None:
    assert nearest_hundredth("33.335") == 3334
    assert nearest_hundredth(33.333333333) == 3333


@pytest.mark.parametrize(
    ("marks", "shown"), [(0, "0.00"), (5, "0.05"), (1250, "12.50"), (-25, "-0.25")]
)
def test_two_decimals(marks: int, shown: str) -> None:
    assert two_decimals(marks) == shown


@given(st.integers(-9_999_999, 9_999_999))
def test_a_mark_survives_being_shown_and_read(marks: int) -> None:
    assert hundredths(two_decimals(marks)) == marks
    assert hundredths(marks / 100) == marks


@given(st.lists(st.integers(1, 400), min_size=1, max_size=300))
def test_the_noise_of_a_spreadsheets_sum_is_understood(marks: list[int]) -> None:
    """Excel adds floats; with hundreds of aspects the sum is still the right hundredth."""
    assert hundredths(sum(mark / 100 for mark in marks)) == sum(marks)


# Sums


def aspect(code: str, mark: int, section: str = "1", kind: str = "M") -> Aspect:
    """An aspect without fault."""
    rungs = tuple(Rung(score, Text.of(f"rung {score}")) for score in range(4))
    return Aspect(
        code, kind, Text.of(f"aspect {code}"), mark, section, rungs=rungs if kind == "J" else ()
    )


def one_form(*aspects: Aspect, sections: tuple[Section, ...] = ()) -> Scheme:
    """A scheme with one criterion and one sub-criterion."""
    form = SubCriterion("A1", Text.of("Form"), "1", aspects, "A1")
    return assemble("17", Text.of("Web"), sections, [Criterion("A", Text.of("Design"), (form,))])


@st.composite
def schemes(draw: st.DrawFn) -> Scheme:
    """Schemes of any shape, each without fault."""
    criteria = []
    for letter in "ABCDEFGHI"[: draw(st.integers(1, 4))]:
        subs = []
        for number in range(1, draw(st.integers(1, 3)) + 1):
            code = f"{letter}{number}"
            aspects = tuple(
                aspect(
                    f"{code}.{at:02d}",
                    draw(st.integers(1, 400)),
                    draw(st.sampled_from("12345")),
                    draw(st.sampled_from("MJ")),
                )
                for at in range(1, draw(st.integers(1, 5)) + 1)
            )
            day = draw(st.sampled_from(["1", "2", "C3"]))
            subs.append(SubCriterion(code, Text.of(f"Form {code}"), day, aspects, code))
        criteria.append(Criterion(letter, Text.of(f"Criterion {letter}"), tuple(subs)))
    declared = [Section(n, Text.of(f"Section {n}"), draw(st.integers(0, 9999))) for n in "123"]
    return assemble("17", Text.of("Web"), declared, criteria)


@given(schemes())
def test_every_way_of_adding_gives_the_same_total(scheme: Scheme) -> None:
    total = sum(aspect.max for aspect in scheme.aspects)
    assert scheme.total == total
    assert sum(criterion.total for criterion in scheme.criteria) == total
    assert sum(sub.total for sub in scheme.sub_criteria) == total
    assert sum(section.marks for section in scheme.sections) == total
    assert scheme.count("M") + scheme.count("J") == len(scheme.aspects)


@given(schemes(), st.randoms())
def test_sections_do_not_depend_on_order(scheme: Scheme, dice: Any) -> None:
    shuffled = list(scheme.aspects)
    dice.shuffle(shuffled)
    assert section_marks(shuffled) == section_marks(scheme.aspects)


@given(schemes())
def test_variations_are_exactly_the_sections_that_differ(scheme: Scheme) -> None:
    assert scheme_faults.errors(scheme) == ()
    differing = [s for s in scheme.sections if s.declared != s.marks]
    said = [w for w in scheme_faults.warnings(scheme) if w.en.startswith("Section")]
    assert len(said) == len(differing)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scheme=schemes())
def test_a_workbook_gives_back_the_scheme_written_into_it(tmp_path: Path, scheme: Scheme) -> None:
    found = read(workbooks.save(tmp_path / "scheme.xlsx", as_rows(scheme)))
    assert found.errors == ()
    assert without_rows(found.found) == without_rows(scheme)


def as_rows(scheme: Scheme) -> workbooks.Rows:
    """The scheme in the CIS layout, marks as the floats that Excel keeps."""
    rows = workbooks.top(
        [
            (int(s.number), s.name.en, (s.declared or 0) / 100, s.marks / 100)
            for s in declared_of(scheme)
        ],
        [(c.letter, c.name.en, c.total / 100) for c in scheme.criteria],
    )
    for criterion in scheme.criteria:
        rows.append(workbooks.header(criterion.letter, criterion.total / 100))
        for sub in criterion.sub_criteria:
            rows.append(workbooks.sub(sub.written, sub.name.en, sub.day))
            for one in sub.aspects:
                rows.append(
                    workbooks.row(D=one.kind, E=one.description.en, I=one.section, K=one.max / 100)
                )
                rows += workbooks.ladder(*(rung.text.en for rung in one.rungs)) if one.rungs else []
    return rows


def declared_of(scheme: Scheme) -> list[Section]:
    """The sections of the standards table, without those that only aspects name."""
    return [section for section in scheme.sections if section.declared is not None]


def without_rows(scheme: Scheme) -> Scheme:
    """The scheme without the file's row numbers, and named alike."""
    criteria = [
        replace(
            criterion,
            row=None,
            sub_criteria=tuple(
                replace(sub, row=None, aspects=tuple(replace(a, row=None) for a in sub.aspects))
                for sub in criterion.sub_criteria
            ),
        )
        for criterion in scheme.criteria
    ]
    sections = [replace(section, row=None) for section in declared_of(scheme)]
    return assemble("17", Text.of("Web"), sections, criteria)


# Faults and variations


def test_a_sound_scheme_has_neither() -> None:
    sections = (Section("1", Text.of("All"), 10_000),)
    scheme = one_form(aspect("A1.01", 6000), aspect("A1.02", 4000, kind="J"), sections=sections)
    assert scheme_faults.errors(scheme) == ()
    assert scheme_faults.warnings(scheme) == ()


@pytest.mark.parametrize(
    ("faulty", "words"),
    [
        (replace(aspect("A1.01", 100), kind="X"), "has no type"),
        (replace(aspect("A1.01", 100), description=Text()), "has no description"),
        (aspect("A1.01", 0), "has no mark"),
        (aspect("A1.01", -100), "is -1.00, below 0"),
        (replace(aspect("A1.01", 1, kind="J"), rungs=()), "lacks the descriptor of 0, 1, 2, 3"),
        (replace(aspect("A1.01", 1, kind="J"), kind="M"), "has judgement rungs"),
    ],
)
def test_faults_of_an_aspect(faulty: Aspect, words: str) -> None:
    found = scheme_faults.errors(one_form(faulty))
    assert [words in fault.en for fault in found] == [True]


def test_two_forms_with_one_code() -> None:
    form = SubCriterion("A1", Text.of("Form"), "1", (aspect("A1.01", 100),))
    criterion = Criterion("A", Text.of("Design"), (form, form))
    scheme = assemble("17", Text(), (), [criterion])
    assert "used twice" in scheme_faults.errors(scheme)[0].en


def test_variations_that_a_person_should_see() -> None:
    empty = SubCriterion("A2", Text(), "1", ())
    again = SubCriterion("A1-2", Text.of("Again"), "1", (aspect("A1-2.01", 50, ""),), "A1")
    scheme = one_form(aspect("A1.01", 100, "7"))
    first = scheme.criteria[0]
    criterion = replace(first, name=Text(), sub_criteria=(*first.sub_criteria, empty, again))
    said = [w.en for w in scheme_faults.warnings(assemble("17", Text(), (), [criterion]))]
    assert said == [
        "The total is 1.50, not 100.00.",
        "Section 7 has no declared marks; its aspects give 1.00.",
        "Criterion A has no name.",
        "Sub-criterion A2 has no name.",
        "Sub-criterion A2 has no aspects and will have no sheet.",
        "The sub-criterion id A1 is used more than once; this one is called A1-2.",
        "Aspect A1-2.01 names no section of the occupational standard.",
    ]


# YAML mappings

MAPPING: dict[str, Any] = {
    "skill": "W01",
    "name": {"zh": "工业机械", "en": "Industrial Mechanics"},
    "sections": [{"number": 1, "name": {"zh": "安全", "en": "Safety"}, "marks": "100.00"}],
    "criteria": [
        {
            "id": "A",
            "name": {"zh": "零件", "en": "Parts"},
            "sub_criteria": [
                {
                    "id": "A1",
                    "name": "Shaft",
                    "day": 1,
                    "aspects": [
                        {
                            "type": "M",
                            "zh": "直径",
                            "en": "Diameter",
                            "max": "60.00",
                            "section": 1,
                            "requirement": {"zh": "Ø25 h6", "en": "Ø25 h6"},
                            "calculation": {
                                "kind": "NUMBER_COMPLETED",
                                "parameters": {"NUM_POSSIBLE": 4},
                            },
                        },
                        {
                            "type": "J",
                            "zh": "外观",
                            "en": "Look",
                            "max": 40,
                            "section": 1,
                            "rungs": [{"zh": f"{n} 档", "en": f"rung {n}"} for n in range(4)],
                        },
                    ],
                }
            ],
        }
    ],
}


def test_a_mapping_becomes_a_scheme() -> None:
    scheme = from_mapping(MAPPING)
    assert (scheme.skill, scheme.total, scheme.name.zh) == ("W01", 10_000, "工业机械")
    assert scheme.sections == (Section("1", Text("安全", "Safety"), 10_000, 10_000),)
    diameter, look = scheme.aspects
    assert (diameter.code, diameter.description) == ("A1.01", Text("直径", "Diameter"))
    assert diameter.requirement.en == "Ø25 h6"
    assert diameter.calculation is not None
    assert diameter.calculation.parameters[0].number == 4
    assert [(rung.score, rung.text.zh) for rung in look.rungs][3] == (3, "3 档")
    assert scheme.sub_criteria[0].name == Text.of("Shaft")
    assert scheme_faults.warnings(scheme) == ()


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (["skill"], None, "skill is missing"),
        (["criteria"], {}, "criteria must be a list"),
        (["criteria", 0], "A", "expected keys and values"),
        (["criteria", 0, "sub_criteria", 0, "aspects", 0, "max"], "a lot", "A1.01: the mark"),
        (["criteria", 0, "sub_criteria", 0, "aspects", 0, "max"], 0, "A1.01 has no mark"),
        (["criteria", 0, "sub_criteria", 0, "aspects", 0, "type"], "Q", "A1.01 has no type"),
        (["criteria", 0, "sub_criteria", 0, "aspects", 1, "rungs"], [], "A1.02 lacks"),
        (["criteria", 0, "sub_criteria", 0, "aspects"], [], "has no aspects"),
    ],
)
def test_a_faulty_mapping_is_refused_with_its_place(
    path: list[Any], value: Any, words: str
) -> None:
    data = copy.deepcopy(MAPPING)
    place: Any = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(Refusal) as refusal:
        from_mapping(data)
    assert words in refusal.value.en
    assert refusal.value.zh


@pytest.mark.parametrize("path", sorted(DEMO.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_demo_schemes_are_sound(path: Path) -> None:
    scheme = from_mapping(yaml.safe_load(path.read_text("utf-8")))
    assert scheme.skill == path.stem
    assert scheme_faults.warnings(scheme) == ()
    assert scheme.count("M") and scheme.count("J")
