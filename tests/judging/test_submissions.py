"""Handing in: announced, accepted, kept; late ones wait; hostile ones leave nothing behind."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from competition import ledger, timetable
from competition.database import db, writing
from competition.models import LateStart, Skill
from competition.moment import now
from competition.rules.refusal import Refusal
from judging import blobs, submissions
from judging.models import Evaluation, Submission, Upload
from tests.judging.handing import Cast, announcement, cast, hand_in, set_start, zipped

END = timedelta(minutes=300)


@pytest.fixture
def work(context: Flask) -> Cast:
    return cast()


def rows(kind: type[Submission | Evaluation | Upload]) -> int:
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


def kept(context: Flask) -> list[Path]:
    """Every file below the data folder that a hand-in can have left."""
    data = Path(context.config["PODIUM_DATA"])
    return [
        path
        for name in ("blobs", "incoming")
        for path in (data / name).rglob("*")
        if path.is_file()
    ]


def test_a_hand_in_is_stored_numbered_queued_and_in_the_ledger(context: Flask, work: Cast) -> None:
    data = zipped({"index.html": "<p>", "assets/a.txt": "x"})
    row = hand_in(work, data=data)
    assert (row.number, row.is_late, row.size) == (1, False, len(data))
    assert [one["name"] for one in row.files] == ["assets/a.txt", "index.html"]
    assert blobs.path(row.sha256).read_bytes() == data
    assert [evaluation.state for evaluation in row.evaluations] == ["queued"]
    acts = [act for (act,) in db.session.execute(select(ledger.LedgerRow.act))]
    assert acts[-2:] == ["submission.announce", "submission.accept"]
    assert ledger.walk(db.session(), work.seeded.skill).ok
    assert kept(context) == [blobs.path(row.sha256)]


def test_the_same_key_is_answered_as_the_first_time(context: Flask, work: Cast) -> None:
    data = zipped()
    said, entry, actor = announcement(data), work.entry("K-073"), work.accounts["K-073"]
    for _ in range(2):
        submissions.announce(entry, work.period, said, actor_id=actor)
    first = submissions.accept(said.key, io.BytesIO(data), actor_id=actor)
    again = submissions.accept(said.key, io.BytesIO(b""), actor_id=actor)
    assert (again.id, again.receipt) == (first.id, first.receipt)
    assert (rows(Upload), rows(Submission), rows(Evaluation)) == (1, 1, 1)


def test_one_key_cannot_announce_two_things(context: Flask, work: Cast) -> None:
    first = announcement(zipped())
    other = announcement(zipped({"index.html": "other"}), key=first.key)
    submissions.announce(work.entry("K-073"), work.period, first, actor_id=1)
    with pytest.raises(Refusal):
        submissions.announce(work.entry("K-073"), work.period, other, actor_id=1)
    with pytest.raises(Refusal):
        submissions.announce(work.entry("K-118"), work.period, first, actor_id=1)


def test_numbers_count_per_entry_and_the_last_one_counts(context: Flask, work: Cast) -> None:
    numbers = [hand_in(work, code).number for code in ("K-073", "K-118", "K-073")]
    assert numbers == [1, 1, 2]
    assert submissions.counts(db.session(), work.entry("K-073"), work.period) == 2


@pytest.mark.parametrize(
    ("announced", "arrives", "late"),
    [(-300, -5, False), (-300, 30, False), (-1, 55, False), (-300, 61, True), (5, 30, True)],
)
def test_the_deadline(context: Flask, work: Cast, announced: int, arrives: int, late: bool) -> None:
    """Seconds from the personal end, before it negative; decisions 9."""
    data = zipped()
    said, actor = announcement(data), work.accounts["K-073"]
    upload = submissions.announce(work.entry("K-073"), work.period, said, actor_id=actor)
    set_start(work, END + timedelta(seconds=arrives))
    with writing() as session:
        row = session.get_one(Upload, upload.id)
        row.announced_at = now() - timedelta(seconds=arrives - announced)
    assert submissions.accept(said.key, io.BytesIO(data), actor_id=actor).is_late is late


def test_a_late_hand_in_is_kept_and_waits_for_a_ruling(context: Flask, work: Cast) -> None:
    on_time = hand_in(work)
    set_start(work, END + timedelta(minutes=5))
    late = hand_in(work)
    assert (late.is_late, late.evaluations) == (True, [])
    assert blobs.path(late.sha256).is_file()
    assert submissions.counts(db.session(), late.entry_id, late.period_id) == on_time.number

    with pytest.raises(Refusal):
        submissions.admit(late.id, reason=" ", actor_id=1)
    for _ in range(2):
        submissions.admit(late.id, reason="断电", actor_id=work.seeded.judges["chief"])
    db.session.expire_all()
    assert submissions.counts(db.session(), late.entry_id, late.period_id) == late.number
    assert rows(Evaluation) == 2


def test_a_personal_end_is_the_entrys_own(context: Flask, work: Cast) -> None:
    """A late start that was not the competitor's fault, and extra time, move only one end."""
    set_start(work, END + timedelta(minutes=5))
    with writing() as session:
        session.add(
            LateStart(
                period_id=work.period, entry_id=work.entry("K-118"), reason="电脑故障",
                starts_at=now() - timedelta(hours=4),
            )
        )  # fmt: skip
    chief = work.seeded.judges["chief"]
    timetable.give_time(
        work.period, work.entry("K-246"), 12, reason="停电", key="extra-0001", actor_id=chief
    )
    late = {code: hand_in(work, code).is_late for code in ("K-073", "K-118", "K-246")}
    assert late == {"K-073": True, "K-118": False, "K-246": False}


def test_not_before_the_start_and_not_after_the_lock(context: Flask) -> None:
    work = cast(started_ago=None)
    with pytest.raises(Refusal, match="has not begun"):
        hand_in(work)
    set_start(work, timedelta(hours=6))
    with writing() as session:
        session.get_one(Skill, work.seeded.skill).locked_at = now()
    with pytest.raises(Refusal, match="locked"):
        hand_in(work)
    assert rows(Upload) == 0


def test_what_is_too_large_is_refused_before_a_byte_is_sent(context: Flask, work: Cast) -> None:
    said = announcement(b"x" * 5_000_001)
    with pytest.raises(Refusal, match=r"5\.1 MB, more than the 5 MB") as refused:
        submissions.announce(work.entry("K-073"), work.period, said, actor_id=1)
    assert refused.value.status == 413
    assert rows(Upload) == 0


HOSTILE = {
    "not a zip": b"PK\x03\x04 but no more than that",
    "half a zip": zipped({"index.html": "x" * 5000})[:-30],
    "an absolute path": zipped({"/etc/passwd": "x"}),
    "a path that climbs": zipped({"../../evil.html": "x"}),
    "nothing in it": zipped({"__MACOSX/._x": "x"}),
    "too many files": zipped({f"f{n}.html": "" for n in range(51)}),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_archive_is_refused_with_a_sentence_and_nothing_is_kept(
    context: Flask, work: Cast, kind: str
) -> None:
    with pytest.raises(Refusal) as refused:
        hand_in(work, data=HOSTILE[kind])
    assert "没有保存" in refused.value.zh
    assert "kept" in refused.value.en
    assert kept(context) == []
    assert (rows(Submission), rows(Evaluation)) == (0, 0)


def test_a_zip_bomb_is_refused(context: Flask, work: Cast) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.html", b"\0" * 300_000_000)
    with pytest.raises(Refusal):
        hand_in(work, data=packed.getvalue())
    assert kept(context) == []


@pytest.mark.parametrize("change", [lambda d: d[:-1], lambda d: d + b"x", lambda d: d[:-1] + b"x"])
def test_other_bytes_than_announced_are_refused(context: Flask, work: Cast, change: object) -> None:
    data = zipped()
    said, actor = announcement(data), work.accounts["K-073"]
    submissions.announce(work.entry("K-073"), work.period, said, actor_id=actor)
    with pytest.raises(Refusal, match="not the file that was announced"):
        submissions.accept(said.key, io.BytesIO(change(data)), actor_id=actor)  # type: ignore[operator]
    assert kept(context) == []
    # The right bytes may still come under the same announcement.
    assert submissions.accept(said.key, io.BytesIO(data), actor_id=actor).number == 1
