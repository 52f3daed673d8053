"""Migrations run up from the release before with data in it, on SQLite and PostgreSQL
(decisions 13), and what they make is what the models say."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from tests.conftest import POSTGRES, _postgres, _server_says, opened

AT = "2026-11-23 04:00:00"
# What a hall has after its first hand-in was judged, as SQL of 0001: the models have moved on.
ROWS = (
    "INSERT INTO skill (id, code, name_zh, name_en, sector_zh, sector_en, track, team_size,"
    " is_blind, release, revision, ledger_head)"
    " VALUES (1, 'T17', '网站', 'Web', '信', 'ICT', 'world', 1, true, 'hidden', 0, '')",
    "INSERT INTO delegation (id, code, name_zh, name_en) VALUES (1, 'D', '团', 'D')",
    "INSERT INTO entry (id, skill_id, delegation_id, code, alias) VALUES (1, 1, 1, 'K-073', 'P41')",
    "INSERT INTO competition (id, name_zh, name_en, starts_on, ends_on, is_demo, simulating,"
    " revision, ledger_head)"
    " VALUES (1, '赛', 'C', '2026-11-23', '2026-11-24', false, false, 0, '')",
    "INSERT INTO person (id, name, id_number, born_on)"
    " VALUES (1, '甲', '230108200501010000', '2005-01-01')",
    "INSERT INTO person (id, name) VALUES (2, '乙')",
    "INSERT INTO member (id, entry_id, person_id) VALUES (1, 1, 1)",
    "INSERT INTO period (id, skill_id, number, name_zh, name_en, minutes)"
    " VALUES (1, 1, 1, '赛段', 'Period', 300)",
    "INSERT INTO submission (id, key, receipt, period_id, entry_id, number, name, size, sha256,"
    f" files, announced_at, at, is_late) VALUES (1, 'k', 'r', 1, 1, 1, 'w.zip', 1, 's', '[]',"
    f" '{AT}', '{AT}', false)",
    "INSERT INTO evaluation (id, submission_id, state, attempts, fence, queued_at, checks_done,"
    f" checks_total, verdict, message_zh, message_en) VALUES (1, 1, 'done', 0, 1, '{AT}', 1, 1,"
    " 'AC', '', '')",
    'INSERT INTO check_row (id, evaluation_id, "check", aspect, title_zh, title_en, rule, points,'
    " public, outcome, message_zh, message_en, duration_ms, evidence)"
    " VALUES (1, 1, 'c', 'A1.01', '', '', 'add', 100, true, 'passed', '', '', 5, '[]')",
    "INSERT INTO observation (id, key, skill_id, entry_id, source, evaluation_id, value, round,"
    f" reason, decides, at, state) VALUES (1, 'e', 1, 1, 'machine', 1, 100, 1, '', false, '{AT}',"
    " 'taken')",
    "INSERT INTO account (id, username, label, active, fs_uniquifier)"
    " VALUES (1, 'chief', '陈裁判长', true, 'u')",
    "INSERT INTO \"grant\" (id, account_id, role, skill_id) VALUES (1, 1, 'chief_judge', 1)",
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The app on a database without a table."""
    name = f"podium_migrations_{os.getpid()}"
    if request.param == "postgres":
        assert POSTGRES in os.environ
        _server_says(f"CREATE DATABASE {name}")
    url = f"sqlite:///{tmp_path / 'm.db'}" if request.param == "sqlite" else _postgres(name)
    try:
        with opened(url, tmp_path) as app, app.app_context():
            yield app
    finally:
        if request.param == "postgres":
            _server_says(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_used_database_of_the_first_release_comes_up_whole(empty: Flask) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext
    from flask_migrate import upgrade

    from competition import access, privacy
    from competition.database import db
    from competition.models import Account, Entry, Person, Skill
    from competition.moment import now
    from judging import queue
    from judging.models import Evaluation

    upgrade(revision="0001")
    with db.engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row))
    upgrade()

    row = db.session.get_one(Evaluation, 1)
    assert (row.state, row.verdict, row.rejudging_id, row.applied_at) == ("done", "AC", None, None)
    assert [check.outcome for check in row.checks] == ["passed"]
    assert queue.newest(db.session(), [1]) == {1: row}
    assert queue.places(db.session(), [row], workers=1, at=now()) == {}
    assert db.session.get_one(Skill, 1).code == "T17"
    entry = db.session.get_one(Entry, 1)
    assert entry.stage is not None
    assert (entry.state, entry.stage.kind, entry.is_reserve) == ("approved", "final", False)
    (member,) = entry.members
    assert privacy.find("230108200501010000") is member.person
    assert (member.person.id_masked, member.person.sex) == ("23**************00", "female")
    assert privacy.show_identity(1, None, "迁移") == "230108200501010000"
    assert db.session.get_one(Person, 2).id_hash is None
    assert access.may_direct(db.session.get_one(Account, 1), db.session.get_one(Skill, 1))
    db.session.remove()
    if db.engine.dialect.name == "sqlite":
        db.engine.dispose()
        files = Path(db.engine.url.database or "").parent.glob("m.db*")
        assert all(b"230108200501010000" not in file.read_bytes() for file in files)
    with db.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), db.metadata)
        assert differences == []
