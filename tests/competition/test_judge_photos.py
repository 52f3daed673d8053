"""Photos of judges: sealed, shown on cards, changed, and gone with the person."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from competition import erasing, judge_files, judge_photos, judge_register, ledger, pack, retention
from competition.database import db, writing
from competition.models import Account, Competition, JudgeRecord, LedgerRow
from competition.rules.judge_rows import Column
from competition.rules.refusal import Refusal
from tests import papers_made
from tests.judging.seed import Seeded, seed
from tests.papers_made import PLACE


@pytest.fixture
def day(context: Flask) -> Seeded:
    return seed()


def registered(day: Seeded, judge: str = "") -> JudgeRecord:
    """Somebody of the register; with `judge`, one of the day's."""
    given = {Column.NAME: f"裁判员{judge}", Column.AFFILIATION: "甲校"}
    number = judge_register.typed(given, actor_id=day.judges["stranger"])
    record = db.session.get_one(JudgeRecord, number)
    if judge:
        with writing() as session:
            session.get_one(Account, day.judges[judge]).person_id = record.person_id
    return record


def put(day: Seeded, record: JudgeRecord, data: bytes) -> str:
    judge_photos.put(record.id, data, actor_id=day.judges["stranger"])
    assert record.photo is not None
    return record.photo


def files() -> list[Path]:
    folder = Path(current_app.config["PODIUM_DATA"]) / "evidence"
    return [one for one in folder.rglob("*") if one.is_file()]


def acts(record: JudgeRecord) -> list[str]:
    wanted = (LedgerRow.subject == f"judge:{record.id}", LedgerRow.act == "judge.photo")
    found = db.session.scalars(select(LedgerRow).where(*wanted).order_by(LedgerRow.number))
    return [one.body["state"] for one in found]


def test_a_photo_is_sealed_cleaned_and_found_by_the_account(day: Seeded) -> None:
    record = registered(day, "li")
    judges = [day.judges["li"], day.judges["wang"]]
    assert judge_photos.of_accounts(db.session(), judges) == {}
    name = put(day, record, papers_made.jpeg(6))
    (file,) = files()
    assert papers_made.jpeg(6)[:8] not in file.read_bytes()
    photo = judge_photos.read(name)
    assert photo.media_type == "image/jpeg"
    assert PLACE.encode() in papers_made.jpeg(6)
    assert PLACE.encode() not in photo.data
    assert judge_photos.of_accounts(db.session(), judges) == {day.judges["li"]: name}
    assert acts(record) == ["given"]
    assert ledger.walk(db.session(), None).ok


def test_another_one_replaces_it_and_it_can_be_taken_away(day: Seeded) -> None:
    record = registered(day)
    first = put(day, record, papers_made.jpeg(6))
    second = put(day, record, papers_made.png())
    assert first != second
    assert judge_photos.read(second).media_type == "image/png"
    assert [one.name for one in files()] == [second]
    for _twice in range(2):
        judge_photos.take_away(record.id, actor_id=day.judges["stranger"])
        assert (record.photo, files()) == (None, [])
    assert acts(record) == ["given", "given", "removed"]


@pytest.mark.parametrize(
    "data, says",
    [
        (b"", "No file was chosen"),
        (papers_made.PDF, "Only JPEG and PNG"),
        (papers_made.jpeg(6)[:400], "broken off"),
        (b"\0" * (judge_photos.MOST_BYTES + 1), "over 3 MB"),
    ],
    ids=["nothing", "a PDF", "half a JPEG", "too much"],
)
def test_what_is_no_photo_is_said_and_changes_nothing(day: Seeded, data: bytes, says: str) -> None:
    record = registered(day)
    name = put(day, record, papers_made.png())
    with pytest.raises(Refusal, match=says):
        put(day, record, data)
    assert record.photo == name
    assert [one.name for one in files()] == [name]


def test_nobody_who_is_not_in_the_register_gets_one(day: Seeded) -> None:
    with pytest.raises(Refusal, match="no such judge"):
        judge_photos.put(99, papers_made.png(), actor_id=day.judges["stranger"])
    assert files() == []


def test_it_is_in_the_persons_pack_and_goes_with_the_person(day: Seeded) -> None:
    record = registered(day)
    put(day, record, papers_made.jpeg(6))
    archive = zipfile.ZipFile(pack.of_person(record.person_id, actor_id=None))
    assert archive.read("judge.jpg").startswith(b"\xff\xd8")
    assert "judge.jpg" in archive.read("index.zh.html").decode()
    asked = erasing.ask(record.person_id, reason="本人要求", actor_id=day.judges["stranger"])
    erasing.answer(asked, True, answer="", actor_id=day.judges["chief"])
    assert (record.photo, files()) == (None, [])
    with pytest.raises(Refusal, match="no such judge"):
        put(day, record, papers_made.png())


def test_it_goes_when_it_was_kept_long_enough(day: Seeded) -> None:
    record = registered(day)
    put(day, record, papers_made.png())
    assert retention.read(db.session()).kept.photos == 1
    with writing() as session:
        session.scalars(select(Competition)).one().ends_on = date(2020, 1, 1)
    assert retention.sweep(actor_id=None).photos == 1
    db.session.expire_all()
    assert (record.photo, files()) == (None, [])


def test_undoing_a_file_keeps_a_judge_who_has_got_a_photo(day: Seeded) -> None:
    actor = day.judges["stranger"]
    data = "姓名,单位\n赵一,甲校\n钱二,乙校\n".encode()
    batch = judge_files.upload(data, "裁判.csv", actor_id=actor)
    judge_files.import_(batch, actor_id=actor)
    zhao = db.session.scalars(select(JudgeRecord).order_by(JudgeRecord.id)).first()
    assert zhao is not None
    put(day, zhao, papers_made.png())
    assert judge_files.undo(batch, actor_id=actor) == (1, 1)
    assert [one.name for one in files()] == [zhao.photo]


def test_a_lost_file_is_said(day: Seeded) -> None:
    name = put(day, registered(day), papers_made.png())
    (file,) = files()
    file.unlink()
    with pytest.raises(Refusal, match="not on the server"):
        judge_photos.read(name)
