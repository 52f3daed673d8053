"""How long personal data is kept, and a person's own data as a pack: verbs, commands, pages."""

import io
import json
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from app import main
from competition import ledger, pack, papers, retention
from competition.database import db, writing
from competition.models import (
    Account,
    Competition,
    Entry,
    EvidenceFile,
    Grant,
    LedgerRow,
    Member,
    Person,
    Role,
)
from competition.moment import now
from competition.rules.refusal import Refusal
from tests import papers_made
from tests.conftest import opened, settings_for
from tests.entering import entered
from tests.judging.handing import Cast, cast, hand_in
from tests.judging.seed import PEOPLE

NAME, SCHOOL, _ZH, _EN, NUMBER, _ALIAS = PEOPLE[0]


@pytest.fixture
def work(context: Flask) -> Cast:
    made = cast()
    entry, actor = made.entry("K-073"), made.seeded.judges["stranger"]
    papers.add(entry, "residence", "a.png", papers_made.png(), actor_id=actor)
    return made


def end_on(day: date) -> None:
    with writing() as session:
        session.scalars(select(Competition)).one().ends_on = day


def is_due() -> bool:
    return retention.is_due(db.session(), db.session.scalars(select(Competition)).one())


def today() -> date:
    return now().astimezone(retention.HALL).date()


def test_nothing_goes_before_its_day(work: Cast) -> None:
    found = retention.read(db.session())
    ends_on = db.session.scalars(select(Competition.ends_on)).one()
    assert (found.days, found.until) == (180, ends_on + timedelta(days=180))
    assert (found.kept.people, found.kept.papers, found.is_due) == (4, 1, False)
    with pytest.raises(Refusal, match="too early"):
        retention.sweep(actor_id=None)
    end_on(today() - timedelta(days=180))  # the last day on which it is kept
    assert not is_due()
    with pytest.raises(Refusal, match="too early"):
        retention.sweep(actor_id=None)


def test_what_was_kept_long_enough_goes_and_entries_stay(work: Cast) -> None:
    entries = db.session.scalar(select(func.count(Entry.id)))
    end_on(today() - timedelta(days=181))
    assert is_due()
    gone = retention.sweep(actor_id=None)
    assert (gone.people, gone.papers) == (4, 1)
    db.session.expire_all()
    for person in db.session.scalars(select(Person)):
        assert (person.id_sealed, person.id_hash, person.id_masked) == (None, None, None)
    assert NAME in set(db.session.scalars(select(Person.name)))
    (paper,) = db.session.scalars(select(EvidenceFile))
    assert (paper.kept_as, paper.removed_why) == (None, retention.WHY)
    assert db.session.scalar(select(func.count(Entry.id))) == entries
    row = db.session.scalars(select(LedgerRow).where(LedgerRow.act == "privacy.sweep")).one()
    assert row.body["people"] == 4
    assert ledger.walk(db.session(), None).ok
    assert not is_due()
    assert not retention.sweep(actor_id=None)


def test_the_days_are_a_setting(work: Cast) -> None:
    retention.set_days(0, actor_id=None)
    end_on(today() - timedelta(days=5000))
    assert retention.read(db.session()).until is None
    assert not is_due()
    with pytest.raises(Refusal, match="for good"):
        retention.sweep(actor_id=None)
    retention.set_days(30, actor_id=None)
    retention.set_days(30, actor_id=None)
    acts = db.session.scalars(select(LedgerRow.body).where(LedgerRow.act == "privacy.keep")).all()
    assert acts == [{"before": 180, "after": 0}, {"before": 0, "after": 30}]
    for days in (-1, retention.LONGEST + 1):
        with pytest.raises(Refusal, match="nothing was changed"):
            retention.set_days(days, actor_id=None)


# The pack


def zipped(data: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(data))


def test_a_pack_holds_all_that_is_kept_of_a_person(work: Cast) -> None:
    row = hand_in(work, "K-073")
    person = db.session.scalars(
        select(Member.person_id).where(Member.entry_id == work.entry("K-073"))
    ).one()
    archive = zipped(pack.of_person(person, actor_id=None).read())
    names = archive.namelist()
    assert names[:3] == ["index.zh.html", "index.en.html", "data.json"]
    assert "evidence/residence-1.png" in names
    assert f"submissions/{row.receipt}-work.zip" in names
    data = json.loads(archive.read("data.json"))
    assert data["person"]["identity_number"] == NUMBER
    assert data["person"]["affiliation"] == SCHOOL
    assert data["entries"][0]["skill"] == "T17"
    assert data["accounts"][0]["name"] == "competitor-1"
    text = archive.read("data.json").decode() + archive.read("index.zh.html").decode()
    assert "K-073" not in text, "whose code it is opens with the seal only"
    assert "competitor-2" not in text
    assert PEOPLE[1][0] not in text
    for language, word in (("zh", "证件号码"), ("en", "identity number")):
        page = archive.read(f"index.{language}.html").decode()
        assert word in page
        assert NUMBER in page
        assert 'href="evidence/residence-1.png"' in page
    act = db.session.scalars(select(LedgerRow).where(LedgerRow.act == "person.pack")).one()
    assert (act.subject, act.body) == (f"person:{person}", {})
    with pytest.raises(Refusal, match="no such person"):
        pack.of_person(999, actor_id=None)


def test_a_judge_without_a_person_has_a_pack_too(work: Cast) -> None:
    judge = db.session.get_one(Account, work.seeded.judges["li"])
    data = json.loads(zipped(pack.of_account(judge).read()).read("data.json"))
    assert [one["name"] for one in data["accounts"]] == ["li"]
    assert "person" not in data


def test_markup_in_a_name_does_nothing(work: Cast) -> None:
    with writing() as session:
        person = session.scalars(select(Person).where(Person.name == NAME)).one()
        person.name, person_id = "<script>1</script>", person.id
    page = zipped(pack.of_person(person_id, actor_id=None).read()).read("index.zh.html").decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


# Commands


def test_the_commands(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with opened(sqlite_url, tmp_path) as app, app.app_context():
        work = cast()
        entry = work.entry("K-073")
        papers.add(entry, "work", "a", papers_made.PDF, actor_id=work.seeded.judges["li"])
        person = db.session.scalars(select(Member.person_id).where(Member.entry_id == entry)).one()

    def podium(*words: str) -> tuple[int, dict[str, Any]]:
        done = CliRunner(env=settings_for(sqlite_url, tmp_path)).invoke(main, [*words, "--json"])
        assert "Traceback" not in done.output
        return done.exit_code, json.loads(done.stdout)

    code, said = podium("person", "pack", str(person))
    assert (code, said["file"]) == (0, f"person-{person}.zip")
    file = tmp_path / said["file"]
    assert file.stat().st_mode & 0o077 == 0, "for its person only"
    assert NUMBER in zipped(file.read_bytes()).read("data.json").decode()
    code, said = podium("person", "pack", str(person))
    assert code == 1
    assert "--out" in said["error"]["en"]
    assert podium("person", "pack", "999", "--out", "x.zip")[0] == 1
    assert not (tmp_path / "x.zip").exists()

    code, said = podium("privacy", "sweep")
    assert (code, said["due"], said["removed"], said["people"]) == (0, False, False, 4)
    assert podium("privacy", "sweep", "--yes")[0] == 1
    with opened(sqlite_url, tmp_path) as app, app.app_context():
        end_on(today() - timedelta(days=200))
    assert podium("privacy", "sweep")[1]["due"] is True
    code, said = podium("privacy", "sweep", "--yes")
    assert (code, said["people"], said["papers"]) == (0, 4, 1)
    plain = CliRunner(env=settings_for(sqlite_url, tmp_path)).invoke(main, ["privacy", "sweep"])
    assert "0 人" in plain.output
    assert podium("ledger", "verify")[1]["ok"] is True


# Pages


def test_the_pages(sqlite_app: Flask) -> None:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        cast()
    client = entered(sqlite_app, "competitor-1")
    assert "下载我的个人信息" in client.get("/account/data").text
    answer = client.get("/account/data.zip")
    assert answer.mimetype == "application/zip"
    assert answer.headers["Cache-Control"] == "no-store"
    assert NUMBER in zipped(answer.data).read("data.json").decode()
    assert sqlite_app.test_client().get("/account/data.zip").status_code == 302


def test_the_office_finds_asks_and_answers(sqlite_app: Flask) -> None:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        work = cast(started_ago=None)
        person = db.session.scalars(
            select(Member.person_id).where(Member.entry_id == work.entry("K-073"))
        ).one()
        with writing() as session:
            for number in (1, 2):
                account = Account(
                    username=f"office-{number}",
                    label=f"办公室 {number}",
                    fs_uniquifier=f"o{number}",
                )
                account.grants = [Grant(role=Role.ORGANISER)]
                session.add(account)
    first, second = (entered(sqlite_app, f"office-{number}") for number in (1, 2))
    page = first.get("/office/privacy").text
    assert "没有申请" in page
    assert NAME not in page
    assert NAME in first.post("/office/privacy/find", data={"words": NUMBER}).text
    nobody = first.post("/office/privacy/find", data={"words": "没有这人"}).text
    assert "没有找到" in nobody
    first.post(f"/office/privacy/people/{person}/erase", data={"reason": "本人要求"})
    first.post("/office/privacy/erasures/1", data={"granted": "1"})
    assert NAME in first.get("/office/privacy").text, "a second person is needed"
    second.post("/office/privacy/erasures/1", data={"granted": "1"})
    page = second.get("/office/privacy").text
    assert NAME not in page
    assert f"已删除 #{person}" in page
    first.post("/office/privacy/days", data={"days": "30"})
    assert "大赛结束后 30 天" in first.get("/office/privacy").text
    assert (
        "没有改变"
        in first.post("/office/privacy/days", data={"days": "x"}, follow_redirects=True).text
    )
    with sqlite_app.app_context():
        end_on(today() - timedelta(days=31))
    assert "已过保存期限" in first.get("/office/").text
    assert entered(sqlite_app, "chief").get("/office/privacy").status_code == 403
