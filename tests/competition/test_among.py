"""`column IN (…)` as one parameter: the same rows, found by the index."""

from typing import Any

import pytest
from sqlalchemy import and_, select, text
from sqlalchemy.dialects import sqlite

from competition.among import among, among_those, listed
from competition.database import db
from competition.models import Skill
from competition.prepared import Prepared

MADE_AHEAD = Prepared(select(Skill.code).where(among_those(Skill.code, "codes")))


@pytest.fixture
def skill(context: None) -> Skill:
    words = dict.fromkeys(("name_zh", "name_en", "sector_zh", "sector_en", "track"), "x")
    row = Skill(code="W17", **words)
    db.session.add(row)
    db.session.commit()
    return row


def test_it_finds_what_is_listed_and_nothing_else(skill: Skill) -> None:
    def found(clause: Any) -> list[str]:
        return list(db.session.scalars(select(Skill.code).where(clause)))

    codes = ["'; --", "T99", skill.code]
    assert found(among(Skill.code, codes)) == [skill.code]
    assert found(among(Skill.id, [skill.id, -1])) == [skill.code]
    assert found(and_(among(Skill.id, [skill.id]), among(Skill.code, codes[:2]))) == []
    assert found(~among(Skill.code, codes[:2])) == [skill.code]
    assert found(among(Skill.code, [])) == []
    assert MADE_AHEAD.rows(db.session(), {"codes": listed(codes)}) == [(skill.code,)]


def test_on_sqlite_it_searches_by_the_index(sqlite_app: Any) -> None:
    with sqlite_app.app_context():
        asked = select(Skill.id).where(among(Skill.code, ["T17"]), among(Skill.id, [1]))
        for one in (asked, select(Skill.id).where(among(Skill.code, ["T17"]))):
            made = str(
                one.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
            )
            plan = db.session.execute(text(f"EXPLAIN QUERY PLAN {made}")).all()
            assert any(step.detail.startswith("SEARCH skill") for step in plan), plan
