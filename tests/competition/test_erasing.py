"""Forgetting a person: two people, what goes, what stays whole; and when it cannot be."""

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, current_app
from sqlalchemy import inspect, select

from competition import changes, erasing, ledger, papers, people, roster_sealed
from competition.database import Model, db, writing
from competition.models import (
    Account,
    ChangeKind,
    Coach,
    Entry,
    Erasure,
    EvidenceFile,
    Grant,
    LedgerRow,
    Member,
    Period,
    Person,
    Release,
    Role,
    RosterBatch,
    RosterRow,
    SignIn,
    Skill,
)
from competition.moment import now
from competition.privacy import give_phone, vault
from competition.rules.refusal import Refusal
from judging import blobs, results, submissions
from judging.models import Submission, Upload
from tests import papers_made
from tests.judging.handing import Cast, announcement, cast, set_start, zipped
from tests.judging.seed import PEOPLE

NAME, SCHOOL, _ZH, _EN, NUMBER, _ALIAS = PEOPLE[0]


@pytest.fixture
def work(context: Flask) -> Cast:
    """A competitor with everything that a competitor can have, in a skill that has not begun."""
    made = cast(started_ago=None)
    entry, actor = made.entry("K-073"), made.seeded.judges["stranger"]
    papers.add(entry, "residence", f"{NAME}.pdf", papers_made.PDF, actor_id=actor)
    wanted = {"person": person_of(made).id, "name": f"{NAME}二"}
    changes.ask(entry, ChangeKind.CHANGE, wanted, reason=f"{NAME}改名", actor_id=actor)
    with writing() as session:
        person = session.get_one(Person, person_of(made).id)
        person.name = NAME
        give_phone(person, "13904510000")
        home = person.affiliation_id
        other = made.entry("K-118")
        session.add(Coach(entry_id=other, person_id=person.id, name=NAME))
        session.add(Coach(entry_id=other, name=NAME, affiliation_id=home))
        batch = RosterBatch(
            by_office=True, file_name="a.xlsx", sha256="s", mapping={}, state="imported",
            counts={}, uploaded_at=now(),
        )  # fmt: skip
        session.add(batch)
        session.flush()
        sealed = vault().seal(roster_sealed.ROW, json.dumps({"name": NAME}))
        session.add(
            RosterRow(
                batch_id=batch.id, number=2, state="new", sealed=sealed, before_sealed=sealed,
                person_id=person.id, entry_id=entry,
            )
        )  # fmt: skip
        account = session.get_one(Account, made.accounts["K-073"])
        account.label, account.email = NAME, "a@example.org"
        session.add(
            SignIn(
                account_id=account.id, key_hash="k", device_hash="d", device="Chrome · Windows",
                how="password", at=now(), seen_at=now(),
            )
        )  # fmt: skip
        for username in ("office-1", "office-2"):
            people.add_account(
                session, username=username, label=username, password_hash="x",
                grants=[Grant(role=Role.SECRETARIAT)],
            )  # fmt: skip
    return made


def person_of(work: Cast) -> Person:
    member = db.session.scalars(select(Member).where(Member.entry_id == work.entry("K-073"))).one()
    return member.person


def office(number: int) -> int:
    name = f"office-{number}"
    return db.session.scalars(select(Account.id).where(Account.username == name)).one()


def erase(work: Cast) -> int:
    person = person_of(work).id
    asked = erasing.ask(person, reason="本人要求", actor_id=office(1))
    erasing.answer(asked, True, answer="同意", actor_id=office(2))
    db.session.expire_all()
    return person


def everything_stored() -> str:
    """All rows of all tables as one text, with what the key opens opened."""
    texts = []
    for mapper in Model.registry.mappers:
        for row in db.session.scalars(select(mapper.class_)):
            for column in inspect(mapper.class_).columns:
                value = getattr(row, column.key, None)
                if isinstance(value, bytes):
                    for kind in ("id_number", "phone", "change", roster_sealed.ROW):
                        try:
                            value = vault().open(kind, value)
                            break
                        except Refusal:
                            continue
                texts.append(str(value))
    return "\n".join(texts)


def test_what_identifies_is_gone_and_the_rest_stays(work: Cast) -> None:
    before = {
        model: [
            (row.id, getattr(row, "code", ""), getattr(row, "state", ""))
            for row in db.session.scalars(select(model).order_by(model.id))
        ]
        for model in (Entry, Member)
    }
    stored = everything_stored()
    for word in (NAME, NUMBER, SCHOOL, "13904510000", "a@example.org", "competitor-1"):
        assert word in stored, word
    acts = db.session.scalars(select(LedgerRow.hash).order_by(LedgerRow.id)).all()
    person = erase(work)
    stored = everything_stored()
    for word in (NAME, NUMBER, "13904510000", "a@example.org", "competitor-1", "Chrome"):
        assert word not in stored, word
    erased = db.session.get_one(Person, person)
    assert (erased.name, erased.affiliation_id, erased.born_on) == (f"已删除 #{person}", None, None)
    assert erased.erased_at is not None
    for model, rows in before.items():
        now_there = db.session.scalars(select(model).order_by(model.id))
        assert rows == [
            (row.id, getattr(row, "code", ""), getattr(row, "state", "")) for row in now_there
        ]
    account = db.session.get_one(Account, work.accounts["K-073"])
    assert (account.active, account.password, account.username) == (
        False, None, f"erased-{account.id}",
    )  # fmt: skip
    (paper,) = db.session.scalars(select(EvidenceFile))
    assert (paper.kept_as, paper.removed_by) == (None, office(2))
    folder = Path(current_app.config["PODIUM_DATA"]) / "evidence"
    assert [one for one in folder.rglob("*") if one.is_file()] == []
    kept = db.session.scalars(select(LedgerRow.hash).order_by(LedgerRow.id)).all()
    assert kept[: len(acts)] == acts
    for chain in (None, work.seeded.skill):
        assert ledger.walk(db.session(), chain).ok


def test_marks_stay_and_a_board_says_the_pseudonym(work: Cast) -> None:
    seeded = work.seeded
    with writing() as session:
        session.get_one(Skill, seeded.skill).is_blind = False
    seeded.give(seeded.post("K-073", "A1.01", 150))
    with writing() as session:
        skill = session.get_one(Skill, seeded.skill)
        period = session.get_one(Period, work.period)
        period.started_at = period.ended_at = now()
        skill.locked_at, skill.release = now(), Release.AUTOMATIC

    def board() -> str:
        return str(results.snapshot(db.session.get_one(Skill, seeded.skill)).body)

    assert NAME in board()
    person = erase(work)
    shown = board()
    assert NAME not in shown
    assert f"已删除 #{person}" in shown
    assert "1.50" in shown
    assert ledger.walk(db.session(), seeded.skill).ok


def test_it_takes_a_second_person(work: Cast) -> None:
    person = person_of(work).id
    with pytest.raises(Refusal, match="Say why"):
        erasing.ask(person, reason=" ", actor_id=office(1))
    asked = erasing.ask(person, reason="本人要求", actor_id=office(1))
    assert erasing.ask(person, reason="再次", actor_id=office(2)) == asked
    with pytest.raises(Refusal, match="second person"):
        erasing.answer(asked, True, answer="", actor_id=office(1))
    with writing() as session:  # the same human being under another account
        somebody = Person(name="办公室")
        for number in (1, 2):
            session.get_one(Account, office(number)).person = somebody
    with pytest.raises(Refusal, match="second person"):
        erasing.answer(asked, True, answer="", actor_id=office(2))
    with writing() as session:
        session.get_one(Account, office(2)).person_id = None
    erasing.answer(asked, False, answer="还要发奖", actor_id=office(2))
    erasing.answer(asked, False, answer="还要发奖", actor_id=office(2))
    assert db.session.get_one(Person, person).erased_at is None
    with pytest.raises(Refusal, match="answered before"):
        erasing.answer(asked, True, answer="", actor_id=office(2))
    with pytest.raises(Refusal, match="no such"):
        erasing.answer(999, True, answer="", actor_id=office(2))


def test_not_while_a_skill_of_theirs_runs(work: Cast) -> None:
    person, actor = person_of(work).id, office(1)
    asked = erasing.ask(person, reason="本人要求", actor_id=actor)
    with writing() as session:
        session.get_one(Period, work.period).started_at = now()
    for verb in (
        lambda: erasing.ask(person, reason="再次", actor_id=actor),
        lambda: erasing.answer(asked, True, answer="", actor_id=office(2)),
    ):
        with pytest.raises(Refusal, match="is running \\(T17\\)"):
            verb()
    db.session.expire_all()
    assert db.session.get_one(Erasure, asked).is_granted is None
    assert db.session.get_one(Person, person).name == NAME
    (found,) = erasing.find(db.session(), NAME[:2])
    assert found.kept_by is not None
    with writing() as session:
        session.get_one(Skill, work.seeded.skill).locked_at = now()
    erasing.answer(asked, True, answer="", actor_id=office(2))
    with pytest.raises(Refusal, match="erased before"):
        erasing.ask(person, reason="x", actor_id=actor)


def test_not_while_they_have_a_role(work: Cast) -> None:
    with writing() as session:
        session.add(Grant(account_id=work.accounts["K-073"], role=Role.INVIGILATOR))
    with pytest.raises(Refusal, match="1 roles"):
        erasing.ask(person_of(work).id, reason="x", actor_id=office(1))


def test_a_person_is_found_by_name_or_whole_number(work: Cast) -> None:
    for words in (NAME, NAME[:2], NUMBER, f" {NUMBER} "):
        assert [one.person.name for one in erasing.find(db.session(), words)] == [NAME]
    assert erasing.find(db.session(), NUMBER[:17]) == []
    assert erasing.find(db.session(), "%") == []
    (found,) = erasing.find(db.session(), NAME)
    assert found.skills == ["T17"]
    erase(work)
    assert erasing.find(db.session(), NUMBER) == []


def test_names_of_what_was_handed_in_go_and_the_receipt_stays(work: Cast) -> None:
    set_start(work, timedelta(minutes=5))
    data = zipped({"index.html": "<!doctype html>", f"{NAME}/1.txt": "x"})
    said = announcement(data, name=f"{NAME}的作品.zip")
    actor = work.accounts["K-073"]
    submissions.announce(work.entry("K-073"), work.period, said, actor_id=actor)
    row = submissions.accept(said.key, io.BytesIO(data), actor_id=actor)
    other = announcement(zipped(), name=f"{NAME}.zip")  # announced, and never sent
    submissions.announce(work.entry("K-073"), work.period, other, actor_id=actor)
    receipt, sha256, hashes = row.receipt, row.sha256, [one["sha256"] for one in row.files]
    with writing() as session:
        skill = session.get_one(Skill, work.seeded.skill)
        skill.locked_at = now()
    erase(work)
    row = db.session.scalars(select(Submission)).one()
    assert (row.name, row.receipt, row.sha256) == (f"{receipt}.zip", receipt, sha256)
    assert [one["sha256"] for one in row.files] == hashes
    assert sorted(one["name"] for one in row.files) == ["erased/1.txt", "index.html"]
    assert all(NAME not in one.name for one in db.session.scalars(select(Upload)))
    assert ledger.walk(db.session(), work.seeded.skill).ok
    assert blobs.path(sha256).read_bytes() == data
