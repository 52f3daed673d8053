"""Surprises by hand, and the command that looks for them with invented marks."""

import json

import pytest
from click.testing import CliRunner
from flask import Flask

from app import main
from judging.rules.final import final
from judging.rules.ranking import PRESETS, Result, Taking, ranking
from judging.rules.surprises import surprises

WORLD = PRESETS["worldskills"]
CHINA = ranking(shared_places=False, ties=("criterion", "ruling"), medals="china", scale="none")
BY_TOTALS = ranking(shared_places=True, ties=(), medals="worldskills", scale="none")


def field(*totals: int) -> list[Result]:
    return [Result(f"K{number}", total) for number, total in enumerate(totals, 1)]


@pytest.mark.parametrize(
    ("rules", "totals", "kinds"),
    [
        (CHINA, (9000, 8000, 7000, 6000, 5000, 4000), []),
        # two golds, so no silver, one bronze
        (BY_TOTALS, (9000, 9000, 7000, 6000, 5000, 4000), ["medals:2-0-1"]),
        # three golds and nobody as near: no silver, no bronze
        (BY_TOTALS, (9000, 9000, 9000, 6000, 5000, 4000), ["medals:3-0-0"]),
        (BY_TOTALS, (9000, 8000, 8000, 6000, 5000, 4000), ["medals:1-2-0"]),
        (BY_TOTALS, (9000, 8000, 7000, 7000, 5000, 4000), ["medals:1-1-2"]),
        # an equal total at a medal waits for its ruling; below the half nobody's award hangs on it
        (CHINA, (9000, 8000, 8000, 6000, 5000, 4000), ["open_award"]),
        (CHINA, (9000, 8000, 7000, 6000, 5000, 5000), ["open_place"]),
        (CHINA, (9000, 8000, 7000, 6000, 5000), ["small_field"]),
        (CHINA, (9000, 8000, 7000), ["void"]),
        # median 6500, all distances 1500, 500 … : 9000 and 8990 are within 2 points of each other
        (WORLD, (9000, 8990, 7000, 6000, 5000, 4000), ["medals:2-0-1", "unequal_totals"]),
        (WORLD, (9000, 5000, 5000, 5000, 5000, 5000), ["medals:1-5-0", "flat_scale"]),
    ],
)
def test_what_surprises(rules, totals, kinds) -> None:
    found = [one.kind for one in surprises(final(field(*totals), rules))]
    assert sorted(found) == sorted(kinds)


def test_in_words() -> None:
    (one,) = surprises(final(field(9000, 9000, 7000, 6000, 5000, 4000), BY_TOTALS))
    assert one.en == "Unusual medals: 2 golds, no silver, 1 bronze."
    assert one.zh == "奖牌数不寻常：2 枚金牌，没有银牌，1 枚铜牌。"
    (one,) = surprises(final(field(9000, 8000, 8000, 6000, 5000, 4000), CHINA))
    assert one.en == (
        "Places 2 to 3 are not decided (K2 and K3): lacking a signed ruling; an award hangs on it."
    )


@pytest.mark.parametrize(
    ("totals", "zh", "en"),
    [
        (
            (9000, 8000, 7000, 6000),
            "只有 4 名参赛者，人数少，只设金牌。",
            "Only 4 took part: for so few the only medal is gold.",
        ),
        (
            (9000, 8000, 7000, 6000, 5000),
            "只有 5 名参赛者，人数少，只设金牌和银牌。",
            "Only 5 took part: for so few the only medals are gold and silver.",
        ),
    ],
)
def test_a_small_field_in_words(totals, zh, en) -> None:
    (one,) = surprises(final(field(*totals), CHINA))
    assert (one.zh, one.en) == (zh, en)


def test_the_tie_breaks_made_the_difference() -> None:
    tied = [
        Result("A", 8000, {("criterion", "A"): 5000}),
        Result("B", 8000, {("criterion", "A"): 4000}),
        *field(7000, 6000, 5000, 4000),
    ]
    (one,) = surprises(final(tied, CHINA, {"criterion": [("A", 6000)]}))
    assert one.kind == "equal_totals" and "A and B have 80.00 each" in one.en


def test_who_has_no_place_surprises_nobody() -> None:
    absent = Result("X", 0, taking=Taking.NO_SHOW)
    assert surprises(final([*field(9000, 8000, 7000, 6000, 5000, 4000), absent], CHINA)) == []


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    with app.app_context():
        found = CliRunner().invoke(main, ["simulate", "standings", *arguments])
    return found.exit_code, found.output


def test_the_command_repeats_itself_and_changes_nothing(judged_demo: Flask, monkeypatch) -> None:
    first, second = (run(judged_demo, "W17", "--seed", "7", "--json") for _ in range(2))
    assert first == second and first[0] == 0
    found = json.loads(first[1])
    assert found["skill"] == "W17" and found["rules"] is True
    assert [one["seed"] for one in found["runs"]] == [7]
    assert run(judged_demo, "W17", "--seed", "8", "--json") != first


def test_the_command_says_the_board_and_counts_surprises(judged_demo: Flask) -> None:
    code, said = run(judged_demo, "w17", "--entries", "12")
    assert code == 0 and "第 1 名" in said and "Place 1 with" in said
    code, said = run(judged_demo, "W17", "--runs", "40", "--entries", "5")
    assert code == 0 and "--seed 1" in said and "the only medals are gold and silver" in said
