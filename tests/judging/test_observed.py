"""A tablet posts what was observed, and the mark is worked out on the server."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from competition.database import db
from competition.models import LedgerRow
from judging import cells, scheme
from judging.aspects import aspects_of
from judging.models import Observation
from judging.rules.scheme_mapping import from_mapping
from tests.judging.seed import SCHEME, Seeded, pair

CODE = "K-073"
CALCULATIONS = {
    "NUMBER_COMPLETED": {"NUM_POSSIBLE": "5"},
    "CHOICE": {
        "DEDUCTION_TYPE": "PERCENT",
        "CHOICE1_LABEL": "even", "CHOICE1_DEDUCTION": "0",
        "CHOICE2_LABEL": "rough", "CHOICE2_DEDUCTION": "33.3",
    },
    "RANGED_SCORE": {
        "TARGET_VALUE": "12", "DEDUCTION_TYPE": "PERCENT",
        "RANGE1_LOWER": "0.1", "RANGE1_UPPER": "0.1", "RANGE1_DEDUCTION": "0",
        "RANGE2_LOWER": "0.5", "RANGE2_UPPER": "0.5", "RANGE2_DEDUCTION": "60",
    },
    "REGULAR_DIFFERENCE_DEDUCTION": {"TARGET_VALUE": "60", "DIFFERENCE": "1", "DEDUCTION": "0.1"},
    "PARTIAL_MARK": {"STEP": "0.25"},
}  # fmt: skip
ASPECTS = [
    {
        "type": "M", "zh": kind, "en": kind, "max": "1.50", "section": 1,
        "calculation": {"kind": kind, "parameters": parameters},
    }
    for kind, parameters in CALCULATIONS.items()
]  # fmt: skip
NUMBERS = iter(range(10_000))


@pytest.fixture
def day(sqlite_app: Flask, day: Seeded) -> Seeded:
    """The seeded skill with one aspect of each calculation, A1.01 to A1.05."""
    sub = {"id": "A1", "name": "Form", "day": 1, "aspects": ASPECTS}
    criteria = [{"id": "A", "name": "All", "sub_criteria": [sub]}]
    with sqlite_app.app_context():
        scheme.adopt(day.skill, from_mapping({**SCHEME, "criteria": criteria}), actor_id=None)
        day.aspects = {one.code: one.id for one in aspects_of(db.session(), day.skill)}
    return day


def post(app: Flask, day: Seeded, judge: str = "li", **fields: Any) -> dict[str, Any]:
    with app.app_context():
        token = pair(day, judge)
    item = {
        "key": f"observed-{next(NUMBERS):06}", "code": CODE, "judge": day.judges[judge], **fields,
        "aspect": day.aspects[fields["aspect"]],
    }  # fmt: skip
    answer = app.test_client().post(
        "/tablet/api/marks",
        json={"waiting": 0, "posts": [item]},
        headers={"Authorization": f"Bearer {token}"},
    )
    found: dict[str, Any] = answer.get_json()["answers"][0]
    return found


def newest(app: Flask) -> Observation:
    with app.app_context():
        return db.session.scalars(select(Observation).order_by(Observation.id.desc())).first()


@pytest.mark.parametrize(
    "aspect, observed, mark",
    [
        ("A1.01", "3", 90),
        ("A1.01", "0", 0),
        ("A1.02", "2", 100),  # 150 × 66.7 %
        ("A1.03", "12.05", 150),
        ("A1.03", "11,5", 60),
        ("A1.03", "13", 0),
        ("A1.04", "62.5", 130),
        ("A1.05", "0.75", 75),
    ],
)
def test_the_server_works_out_the_mark(
    sqlite_app: Flask, day: Seeded, aspect: str, observed: str, mark: int
) -> None:
    answer = post(sqlite_app, day, aspect=aspect, observed=observed, value=1)
    assert answer["state"] == "taken"
    row = newest(sqlite_app)
    assert (row.observed, row.value) == (observed, mark)
    with sqlite_app.app_context():
        found = cells.read(db.session(), day.skill)
        head = found.works[day.entries[CODE]].marks[day.aspects[aspect]].measured.head
        assert (head.observed, head.value) == (observed, mark)
        noted = db.session.scalars(select(LedgerRow).order_by(LedgerRow.id.desc())).first()
        assert noted.body["marks"][0]["observed"] == observed


@pytest.mark.parametrize(
    "aspect, observed, says",
    [
        ("A1.01", "6", "0 to 5"),
        ("A1.01", "2.5", "whole number"),
        ("A1.02", "3", "no choice 3"),
        ("A1.03", "twelve", "no measured value"),
        ("A1.05", "0.30", "multiple of 0.25"),
        ("A1.05", "2", "between 0.00 and 1.50"),
    ],
)
def test_what_cannot_have_been_observed_is_kept_but_does_not_count(
    sqlite_app: Flask, day: Seeded, aspect: str, observed: str, says: str
) -> None:
    answer = post(sqlite_app, day, aspect=aspect, observed=observed)
    assert answer["state"] == "set_aside" and says in answer["sentence"]["en"]
    row = newest(sqlite_app)
    assert (row.observed, row.value, row.posted["observed"]) == (observed, None, observed)


def test_the_tablet_is_told_how_and_what(sqlite_app: Flask, day: Seeded) -> None:
    with sqlite_app.app_context():
        token = pair(day, "li")
    client = sqlite_app.test_client()
    headers = {"Authorization": f"Bearer {token}"}
    pack = client.get("/tablet/api/pack", headers=headers).get_json()
    told = [
        one["calculation"]
        for criterion in pack["scheme"]["criteria"]
        for sub in criterion["sub_criteria"]
        for one in sub["aspects"]
    ]
    assert [one["kind"] for one in told] == list(CALCULATIONS)
    assert told[2]["bands"][1] == {
        "lower": "0.5", "upper": "0.5", "deduction": "60", "percent": True,
    }  # fmt: skip
    post(sqlite_app, day, aspect="A1.01", observed="3")
    work = client.get(f"/tablet/api/sheets/{CODE}", headers=headers).get_json()
    head = work["cells"][str(day.aspects["A1.01"])]["head"]
    assert (head["value"], head["observed"]) == (90, "3")


def test_two_judges_agree_when_their_marks_do(sqlite_app: Flask, day: Seeded) -> None:
    post(sqlite_app, day, aspect="A1.03", observed="12.05")
    post(sqlite_app, day, "wang", aspect="A1.03", observed="11.95")
    with sqlite_app.app_context():
        work = cells.read(db.session(), day.skill).works[day.entries[CODE]]
        mark = work.marks[day.aspects["A1.03"]]
        assert mark.settled and mark.value == 150
    post(sqlite_app, day, "zhao", aspect="A1.03", observed="13")
    with sqlite_app.app_context():
        work = cells.read(db.session(), day.skill).works[day.entries[CODE]]
        mark = work.marks[day.aspects["A1.03"]]
        assert [one.observed for one in mark.measured.differing] == ["13"]


def test_taking_back_needs_no_value(sqlite_app: Flask, day: Seeded) -> None:
    post(sqlite_app, day, aspect="A1.01", observed="3")
    assert post(sqlite_app, day, aspect="A1.01", value=None)["state"] == "taken"
    row = newest(sqlite_app)
    assert (row.observed, row.value) == (None, None)


@pytest.mark.parametrize(("value", "state"), [(150, "taken"), (100, "taken"), (0, "set_aside"),
                                              (37, "set_aside")])  # fmt: skip
def test_a_choice_takes_no_mark_that_none_of_its_choices_gives(
    sqlite_app: Flask, day: Seeded, value: int, state: str
) -> None:
    assert post(sqlite_app, day, aspect="A1.02", value=value)["state"] == state
