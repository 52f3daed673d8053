"""The ledger proved: tampering in every way is found, in the database and in an exported bundle."""

import json
import threading
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from competition import heads, heads_daily, key_files, ledger, moment, now_and_then, verify_ledger
from competition.database import db
from competition.models import LedgerRow, Skill
from competition.rules.refusal import Refusal
from judging import ledger_proof
from judging.models import Confirmation, Observation
from tests.judging.proving import marked_day, sentences
from tests.judging.seed import Seeded

Tamper = Callable[[Session, Seeded], object]


@pytest.fixture
def day(context: Flask) -> Seeded:
    return marked_day()


def test_what_nobody_touched_is_whole(day: Seeded) -> None:
    report = ledger_proof.verify(db.session())
    assert report.faults == []
    assert report.marks == len(list(ledger_proof.rows(db.session(), day.skill))) == 15
    assert (report.days, [name for name, _ in report.chains]) == (1, ["competition", "T17"])
    assert "台账完整 The ledger is whole" in sentences(report)


def one(day: Seeded, code: str, aspect: str) -> Any:
    return select(Observation.id).where(
        Observation.entry_id == day.entries[code], Observation.aspect_id == day.aspects[aspect]
    )


def changed(**values: Any) -> Tamper:
    """An observation of K-118's A2.02 gets other values."""
    return lambda session, day: session.execute(
        update(Observation).where(Observation.id.in_(one(day, "K-118", "A2.02"))).values(**values)
    )


MARKS: dict[str, tuple[Tamper, str]] = {
    "value": (changed(value=0), "value is 0 now, but row 3 of the ledger says 150"),
    "taken back": (changed(value=None), "value is None now"),
    "observed": (changed(observed="7"), "observed is 7 now"),
    "judge": (
        lambda session, day: changed(judge_id=day.judges["wang"])(session, day), "judge is",
    ),
    "reason": (changed(reason="后来写的"), "reason is 后来写的 now"),
    "state": (changed(state="set_aside"), "state is set_aside now"),
    "work": (
        lambda session, day: changed(entry_id=day.entries["K-391"])(session, day),
        "work is K-391 now, but row 3 of the ledger says K-118",
    ),
    "aspect": (
        lambda session, day: changed(aspect_id=day.aspects["A1.01"])(session, day),
        "aspect is A1.01 now",
    ),
    "source": (changed(source="machine"), "source is machine now"),
    "decision": (changed(decides=True), "decision is True now"),
    "time": (changed(at=moment.now() - timedelta(hours=3)), "time is"),
    "device time": (changed(device_at=moment.now()), "device time is"),
    "gone": (
        lambda session, day: session.execute(
            delete(Observation).where(Observation.id.in_(one(day, "K-118", "A2.02")))
        ),
        "notes observation",
    ),
    "new": (
        lambda session, day: session.execute(
            insert(Observation).values(
                key="from-nowhere", skill_id=day.skill, entry_id=day.entries["K-118"],
                aspect_id=day.aspects["A2.02"], source="judge", judge_id=day.judges["li"],
                value=0, round=1, reason="", decides=False, at=moment.now(), state="taken",
            )
        ),
        "is not in the ledger",
    ),
    "confirmed by another": (
        lambda session, day: session.execute(
            update(Confirmation).values(judge_id=day.judges["li"])
        ),
        "T17, work K-118, A1: judge is",
    ),
    "confirmation gone": (
        lambda session, day: session.execute(delete(Confirmation)), "notes confirmation 1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MARKS)
def test_a_mark_that_was_changed_is_named(day: Seeded, name: str) -> None:
    tamper, said = MARKS[name]
    tamper(db.session(), day)
    db.session.commit()
    report = ledger_proof.verify(db.session(), "t17")
    assert len(report.faults) == 1
    assert said in report.faults[0].en
    assert "T17, work K-118, A" in report.faults[0].en
    assert report.faults[0].chain == "T17"


# Rows of the ledger


def of(day: Seeded) -> Any:
    return LedgerRow.skill_id == day.skill


def set_row(number: int, **values: Any) -> Tamper:
    return lambda session, day: session.execute(
        update(LedgerRow).where(of(day), LedgerRow.number == number).values(**values)
    )


def removed(number: int) -> Tamper:
    return lambda session, day: session.execute(
        delete(LedgerRow).where(of(day), LedgerRow.number == number)
    )


def inserted(session: Session, day: Seeded) -> None:
    number, head = ledger.end(session, day.skill)
    row = {
        "skill_id": day.skill, "number": number + 1, "at": moment.now(), "actor_id": None,
        "act": "skill.lock", "subject": f"skill:{day.skill}", "body": {}, "previous": head,
    }  # fmt: skip
    session.execute(insert(LedgerRow).values(**row, hash=ledger.digest(row)))


def reordered(session: Session, day: Seeded) -> None:
    for number, other in ((3, 90), (4, 3), (90, 4)):
        session.execute(
            update(LedgerRow).where(of(day), LedgerRow.number == number).values(number=other)
        )


def cut(session: Session, day: Seeded) -> None:
    """The last act vanishes, by somebody who knows where the head is kept, with its mark."""
    number, _ = ledger.end(session, day.skill)
    last = session.scalars(select(LedgerRow).where(of(day), LedgerRow.number == number)).one()
    before = session.scalars(select(LedgerRow).where(of(day), LedgerRow.number == number - 1)).one()
    assert last.body["marks"][0]["confirmation"]
    session.execute(delete(Confirmation))
    session.delete(last)
    skill = session.get_one(Skill, day.skill)
    skill.revision, skill.ledger_head = number - 1, before.hash


def rewritten(session: Session, day: Seeded) -> None:
    """Everything from row 3 on is hashed anew around a changed mark: a whole chain, but another."""
    previous = ""
    for row in session.scalars(select(LedgerRow).where(of(day)).order_by(LedgerRow.number)):
        if row.number == 3:
            row.body = json.loads(json.dumps(row.body).replace('"after": 150', '"after": 0'))
        row.previous = previous
        row.hash = previous = ledger.digest(ledger.row_of(row))
    session.execute(
        update(Observation).where(
            Observation.value == 150, Observation.entry_id == day.entries["K-118"]
        ).values(value=0)
    )  # fmt: skip
    session.get_one(Skill, day.skill).ledger_head = previous


ROWS: dict[str, tuple[Tamper, str]] = {
    "changed": (set_row(3, body={"marks": []}), "T17: Row 3 was changed after it was written."),
    "actor": (set_row(3, actor_id=None), "T17: Row 3 was changed"),
    "deleted": (removed(3), "T17: Row 3 is missing"),
    "tail deleted": (removed(8), "T17: Row 8 is missing: rows were cut off at the end."),
    "inserted": (inserted, "T17: Row 9 stands past the head of its chain."),
    "reordered": (reordered, "T17: Row 3 does not follow the row before it."),
    "cut": (cut, "T17: row 8 is not the one that was signed in heads/"),
    "rewritten": (rewritten, "T17: row 8 is not the one that was signed in heads/"),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_ledger_that_was_changed_is_named(day: Seeded, name: str) -> None:
    tamper, said = ROWS[name]
    tamper(db.session(), day)
    db.session.commit()
    db.session.expire_all()
    report = ledger_proof.verify(db.session())
    assert any(said in fault.en for fault in report.faults), sentences(report)
    if name in ("cut", "rewritten"):  # what was signed once is not signed over
        with pytest.raises(Refusal, match="nothing was signed"):
            heads.write_day()


# The heads of a day


def test_the_heads_of_a_day(day: Seeded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = heads.public_key()
    assert (tmp_path / "ledger.key").stat().st_mode & 0o777 == 0o600
    assert heads.noted_keys(db.session()) == [key]
    real, today = moment.now(), moment.now().astimezone(heads.HALL).date()
    path, first = heads.write_day()
    assert path == tmp_path / "heads" / f"{today}.json"
    assert list(verify_ledger.check_signature(first, key, "")) == []
    day.give(day.post("K-391", "A1.01", 150))
    _, later = heads.write_day()  # the day is not over: its file follows
    assert (
        later["statement"]["chains"][1]["number"] == 1 + first["statement"]["chains"][1]["number"]
    )
    monkeypatch.setattr(heads, "now", lambda: real + timedelta(days=1))
    _, whole = heads.write_day(today)
    assert whole["statement"]["chains"] == later["statement"]["chains"]
    day.give(day.post("K-391", "A1.02", 100))
    assert heads.write_day(today)[1] == whole  # a whole day's file stays as it is
    with pytest.raises(Refusal, match="yet to come"):
        heads.write_day(today + timedelta(days=9))
    for before in (today - timedelta(days=1), date(2020, 1, 1)):
        with pytest.raises(Refusal, match=f"begins on {today}"):
            heads.write_day(before)
    assert [one.stem for one in heads.files()] == [str(today)]
    assert ledger_proof.verify(db.session()).faults == []


def test_a_daily_file_that_was_changed(day: Seeded, tmp_path: Path) -> None:
    path, signed = heads.write_day()
    signed["statement"]["chains"][1]["number"] -= 1
    key_files.replace(path, heads.plain(signed))
    said = sentences(ledger_proof.verify(db.session()))
    assert "The signature of heads/" in said
    path.write_text("nothing")
    assert "is damaged or cannot be read" in sentences(ledger_proof.verify(db.session()))


def test_a_lost_key_is_not_replaced_in_silence(day: Seeded, tmp_path: Path) -> None:
    former = heads.public_key()
    (tmp_path / "ledger.key").rename(tmp_path / "away")
    with pytest.raises(Refusal, match="its file"):
        heads.write_day()
    _, signed = heads.write_day(new_key=True)
    assert heads.noted_keys(db.session()) == [former, signed["public_key"]]
    assert ledger_proof.verify(db.session()).faults == []
    (tmp_path / "ledger.key").write_text("short")
    with pytest.raises(Refusal, match="not a key of the ledger"):
        heads.write_day()


def test_the_worker_signs_the_days_by_itself(
    day: Seeded, monkeypatch: pytest.MonkeyPatch, context: Flask
) -> None:
    real, today = moment.now(), moment.now().astimezone(heads.HALL).date()
    monkeypatch.setattr(heads, "now", lambda: real + timedelta(days=1))
    monkeypatch.setattr(heads_daily, "now", lambda: real + timedelta(days=1))
    heads_daily.step()
    names = [path.stem for path in heads.files()]
    assert names == [str(today), str(today + timedelta(days=1))]
    whole = dict(heads.days())[str(today)]
    heads_daily.step()
    assert dict(heads.days())[str(today)] == whole
    assert ledger_proof.verify(db.session()).faults == []


def test_the_worker_says_when_it_cannot_sign(
    day: Seeded, context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut(db.session(), day)
    db.session.commit()
    stopping, said = threading.Event(), []
    monkeypatch.setattr(now_and_then, "FIRST", 0.0)
    monkeypatch.setattr(
        now_and_then.log, "error", lambda *_words, why: (said.append(why), stopping.set())
    )
    now_and_then.run(context, stopping, {"ledger: the heads were not signed": heads_daily.step})
    assert "nothing was signed" in said[0]


def test_no_competition_no_key(context: Flask, tmp_path: Path) -> None:
    heads_daily.step()
    with pytest.raises(Refusal, match="podium init"):
        heads.write_day()
    assert not (tmp_path / "heads").exists()
