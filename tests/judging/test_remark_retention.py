"""Notes and photos of judges: evidence until the results are final, gone so many days after."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from competition import ledger, now_and_then
from competition.database import db, writing
from competition.models import Competition, LedgerRow
from competition.moment import now
from competition.retention import HALL, set_days
from judging import blobs, devices, kept, locking, remark_retention, remarks
from judging import result_versions as versions
from judging.models import Remark
from tests.judging import official
from tests.judging.seed import Seeded
from tests.papers_made import jpeg

WORK = "K-073"


@pytest.fixture
def final(inside: None, day: Seeded) -> Seeded:
    """A note and a photo at a work; its skill is marked, locked and published today."""
    device = devices.pair(day.judges["li"], day.skill, name="T").device_id
    for key, words, photo in (("note-0001", "左边没动", None), ("photo-001", "", jpeg())):
        given = remarks.Given(key, WORK, day.judges["li"], day.aspects["A1.01"], words)
        made = remarks.add(day.skill, given, photo, judge_id=day.judges["li"], device_id=device)
        assert made.state == "taken"
    official.mark_everything(day)
    official.lock(day)
    return day


def publish(day: Seeded) -> None:
    chief, office = day.judges["chief"], day.judges["stranger"]
    newest = versions.of_skill(db.session(), day.skill)[0].version
    for state, who in (("handed_over", chief), ("received", office), ("published", office)):
        versions.step(day.skill, newest, state, actor_id=who)


def shown(day: Seeded) -> list[str]:
    db.session.rollback()
    found = kept.whole(db.session(), day.skill)
    cells = remarks.of_work(db.session(), found, day.entries[WORK], day.judges["li"])
    return [one["words"] for rows in cells.values() for one in rows]


def later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    monkeypatch.setattr(remark_retention, "now", lambda: now() + timedelta(days=days))


def until(day: Seeded) -> date | None:
    db.session.rollback()
    return remark_retention.until(db.session(), day.skill)


def test_they_go_after_their_day_and_never_before(
    final: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = final
    photo = db.session.scalars(select(Remark.photo).where(Remark.photo.is_not(None))).one()
    publish(day)
    last = now().astimezone(HALL).date() + timedelta(days=180)
    assert until(day) == last
    later(monkeypatch, 180)
    remark_retention.step()
    assert len(shown(day)) == 2 and blobs.path(photo or "").exists()
    later(monkeypatch, 181)
    remark_retention.step()
    assert shown(day) == [] and not blobs.path(photo or "").exists()
    assert not remarks.photo_type(db.session(), [day.skill], photo or "", day.judges["li"])
    rows = db.session.scalars(select(Remark)).all()
    assert [one.words for one in rows] == ["", ""] and all(one.removed_at for one in rows)
    act = db.session.scalars(select(LedgerRow).where(LedgerRow.act == "remark.sweep")).one()
    assert act.body == {"remarks": 2, "photos": 1, "until": last.isoformat()}
    assert act.subject == f"skill:{day.skill}" and ledger.walk(db.session(), None).ok
    remark_retention.step()
    acts = db.session.scalars(select(LedgerRow.act)).all()
    assert acts.count("remark.sweep") == 1, "twice is once"


def test_results_that_are_not_final_keep_them(
    final: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = final
    later(monkeypatch, 4_000)
    assert until(day) is None  # locked, and not published
    remark_retention.step()
    assert len(shown(day)) == 2
    publish(day)
    asked = locking.ask_unlock(
        day.skill, "skill", sub=None, day=None, work="", reason="申诉", key="unlock-0001",
        actor_id=day.judges["chief"],
    )  # fmt: skip
    locking.agree(asked, actor_id=day.judges["stranger"])
    assert until(day) is None  # opened again
    remark_retention.step()
    assert len(shown(day)) == 2
    official.lock(day)
    assert until(day) is None  # must be published anew
    publish(day)
    remark_retention.step()
    assert shown(day) == []


def test_the_days_are_those_of_the_edition_after_its_last_day(final: Seeded) -> None:
    day, today = final, now().astimezone(HALL).date()
    publish(day)
    with writing() as session:
        session.execute(update(Competition).values(ends_on=today + timedelta(days=9)))
    set_days(30, actor_id=None)
    assert until(day) == today + timedelta(days=39)
    set_days(0, actor_id=None)
    assert until(day) is None


def test_bytes_that_something_else_names_stay(
    final: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = final
    photo = db.session.scalars(select(Remark.photo).where(Remark.photo.is_not(None))).one() or ""
    publish(day)
    monkeypatch.setattr(remark_retention, "_remove_files", lambda: None)
    later(monkeypatch, 181)
    remark_retention.step()  # the worker is killed before the files go
    monkeypatch.undo()
    assert blobs.path(photo).exists()
    with writing() as session:
        first = session.scalars(select(Remark).where(Remark.photo.is_(None))).one()
        first.photo, first.removed_at = photo, None
    remark_retention.step()
    assert blobs.path(photo).exists()
    with writing() as session:
        session.execute(update(Remark).values(removed_at=now()))
    remark_retention.step()
    assert not blobs.path(photo).exists()


def test_a_step_that_fails_keeps_no_other_from_its_turn(final: Seeded, sqlite_app) -> None:
    done: list[str] = []

    class Once:
        def wait(self, _pause: float) -> bool:
            return len(done) > 0

    def breaks() -> None:
        raise OSError("disk")

    now_and_then.run(sqlite_app, Once(), {"a": breaks, "b": lambda: done.append("b")})  # type: ignore[arg-type]
    assert done == ["b"]
