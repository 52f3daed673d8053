"""The CIS workbook import over the real files of shared/fixtures/cis, against facts.json."""

import json
import shutil
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from judging.workbook import read, report

FIXTURES = Path(__file__).parents[3] / "shared" / "fixtures" / "cis"
FACTS = FIXTURES / "facts.json"
FOUND: dict[str, Any] = json.loads(FACTS.read_text("utf-8")) if FACTS.is_file() else {}

pytestmark = pytest.mark.skipif(not FOUND, reason=f"the real workbooks are not at {FIXTURES}")


@pytest.mark.parametrize("name", FOUND)
def test_agrees_with_the_facts(name: str) -> None:
    facts = FOUND[name]
    found = read(FIXTURES / name)
    figures: Any = report(found)
    assert figures["criteria"] == len(facts["block_sums"])
    assert figures["sub_criteria"] == facts["subs"]
    assert figures["aspects"] == facts["aspects"]
    assert figures["measurement"] == facts["types"].get("M", 0)
    assert figures["judgement"] == facts["types"].get("J", 0)
    assert Decimal(figures["total"]) == Decimal(facts["sum"])
    sums = {number: Decimal(marks) for number, marks in facts["section_sums"].items()}
    assert {n: Decimal(marks) for n, marks in figures["sections"].items()} == sums
    assert bool(figures["errors"]) == (facts["aspects"] == 0)


@pytest.mark.parametrize("name", FOUND)
def test_the_scheme_behind_the_figures(name: str) -> None:
    facts = FOUND[name]
    scheme = read(FIXTURES / name).found
    assert Counter(sub.day for sub in scheme.sub_criteria) == facts["days"]
    assert [Decimal(c.total) / 100 for c in scheme.criteria] == [
        Decimal(marks) for marks in facts["block_sums"]
    ]
    ids = Counter(sub.written for sub in scheme.sub_criteria)
    assert [code for code, times in ids.items() if times > 1] == facts["sub_ids_dup"]
    ladders = Counter(
        ",".join(str(rung.score) for rung in aspect.rungs)
        for aspect in scheme.aspects
        if aspect.rungs
    )
    assert ladders == facts["J_ladders"]
    marks = [Decimal(aspect.max) / 100 for aspect in scheme.aspects]
    spread = facts["mark_range"]
    assert [min(marks), max(marks)] == [Decimal(m) for m in spread] if spread else not marks
    named = [(c.letter, c.name.en) for c in scheme.criteria if c.name]
    assert named == [(letter, title) for letter, title, _ in facts["criteria_table"]]
    said = [(s.number, s.name.en) for s in scheme.sections]
    assert said == [(number, title) for number, title, _ in facts["sections"]]


def test_a_real_file_without_its_name(tmp_path: Path) -> None:
    """Only the content counts: another name changes nothing."""
    name = "ES_prev_marking-complete.xlsx"
    shutil.copyfile(FIXTURES / name, tmp_path / "评分表 (2).bin")
    assert report(read(tmp_path / "评分表 (2).bin")) == report(read(FIXTURES / name))
