"""Verbs of the technical file, on both kinds of database: versions, days, readings, PDFs."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from competition import documents, technical
from competition.database import db, writing
from competition.models import Delegation, Entry, Grant, LedgerRow, Role, Skill, TechnicalReading
from competition.rules.refusal import Refusal
from tests.judging.seed import Seeded, seed
from tests.papers_made import PDF, png


@pytest.fixture
def day(context: Flask) -> Seeded:
    return seed()


def write(day: Seeded, body: str = "# 任务", after: int = 0, **given: object) -> int:
    asked = {"reason": "首版", "pdf": b"", "keeps_pdf": True, "actor_id": day.judges["chief"]}
    publish_on = technical.today() + timedelta(days=after)
    return technical.publish(day.skill, body, publish_on=publish_on, **(asked | given))  # type: ignore[arg-type]


def acts() -> list[str]:
    asked = select(LedgerRow.act).where(LedgerRow.act.like("technical.%"))
    return list(db.session.scalars(asked.order_by(LedgerRow.id)))


def test_versions_by_their_days(day: Seeded) -> None:
    assert (write(day, "一"), write(day, "二", after=3)) == (1, 2)
    assert [one.version for one in technical.public(db.session(), day.skill)] == [1]
    assert write(day, "三") == 3  # cannot wait: the second never comes out
    assert [one.version for one in technical.public(db.session(), day.skill)] == [3, 1]
    assert technical.skills_with_one(db.session(), [day.skill]) == {day.skill}
    assert acts() == ["technical.publish"] * 3
    body = db.session.scalars(select(LedgerRow.body).where(LedgerRow.act == "technical.publish"))
    assert body.first() == {
        "version": 1, "publish_on": technical.today().isoformat(), "attached": None,
    }  # fmt: skip


def test_the_same_again_is_no_version(day: Seeded) -> None:
    assert write(day, "一\r\n二 ", pdf=PDF) == 1
    assert write(day, "一\n二", pdf=PDF) == write(day, "一\n二", reason="") == 1
    assert len(acts()) == 1


@pytest.mark.parametrize(
    "given, status, word",
    [
        ({"body": " \n"}, 422, "没有内容"),
        ({"body": "字" * 100_001}, 422, "太长"),
        ({"reason": "字" * 201}, 422, "太长"),
        ({"after": -1}, 422, "公布日期"),
        ({"pdf": png()}, 415, "PDF"),
        ({"pdf": PDF[:-8]}, 415, "PDF"),
        ({"pdf": b"%PDF-" + b"0" * technical.MOST_BYTES}, 413, "20 MB"),
    ],
)
def test_what_cannot_be_kept(day: Seeded, given: dict[str, object], status: int, word: str) -> None:
    with pytest.raises(Refusal) as refused:
        write(day, **given)  # type: ignore[arg-type]
    assert refused.value.status == status
    assert word in refused.value.sentence("zh") and "没有保存" in refused.value.sentence("zh")
    assert technical.versions(db.session(), day.skill) == [] and acts() == []


def test_a_later_version_says_what_it_changes(day: Seeded) -> None:
    write(day)
    with pytest.raises(Refusal):
        write(day, "别的", reason=" ")
    assert len(technical.versions(db.session(), day.skill)) == 1


def test_the_pdf_stays_until_it_is_replaced_or_dropped(day: Seeded) -> None:
    write(day, "一", pdf=PDF)
    write(day, "二")
    write(day, "三", keeps_pdf=False)
    third, second, first = technical.versions(db.session(), day.skill)
    assert first.attached == second.attached and third.attached is None
    assert second.attached_size == len(PDF)
    place = documents.path(first.attached or "")
    assert place.read_bytes() == PDF
    folder = Path(current_app.config["PODIUM_DATA"]) / "blobs"
    assert place.parent.parent == folder
    with pytest.raises(ValueError):
        documents.path("../../etc/passwd")


def test_reading_is_noted_once_and_only_of_the_newest(day: Seeded) -> None:
    judge = day.judges["chief"]
    with pytest.raises(Refusal):
        technical.confirm(day.skill, 1, actor_id=judge)
    write(day, "一")
    technical.confirm(day.skill, 1, actor_id=judge)
    technical.confirm(day.skill, 1, actor_id=judge)
    assert db.session.scalar(select(func.count()).select_from(TechnicalReading)) == 1
    write(day, "二", after=1)
    with pytest.raises(Refusal):  # not out yet
        technical.confirm(day.skill, 2, actor_id=judge)
    write(day, "三")
    with pytest.raises(Refusal):
        technical.confirm(day.skill, 1, actor_id=judge)
    technical.confirm(day.skill, 3, actor_id=judge)
    assert acts().count("technical.read") == 2
    (newest, *_) = technical.public(db.session(), day.skill)
    assert technical.read_at(db.session(), newest.id, judge) is not None
    assert technical.read_at(db.session(), newest.id, day.judges["stranger"]) is None


def test_who_should_read_it(day: Seeded) -> None:
    write(day)
    with writing() as session:
        entry = session.scalars(select(Entry).where(Entry.skill_id == day.skill)).first()
        assert entry is not None
        far = Delegation(code="D-FAR", name_zh="远", name_en="Far")
        session.add(far)
        session.flush()
        stranger = day.judges["stranger"]
        leads = Grant(account_id=stranger, role=Role.TEAM_LEADER, delegation_id=far.id)
        session.add(leads)
    skill = db.session.get_one(Skill, day.skill)
    (newest,) = technical.public(db.session(), day.skill)
    before = technical.readers(db.session(), skill, newest.id)
    assert Role.TEAM_LEADER not in {one.role for one in before}  # it enters nobody here
    with writing() as session:
        session.get_one(Grant, leads.id).delegation_id = entry.delegation_id
    technical.confirm(day.skill, 1, actor_id=day.judges["chief"])
    found = technical.readers(db.session(), skill, newest.id)
    assert len(found) == len(before) + 1
    assert [one.role for one in found if one.read_at] == [Role.CHIEF_JUDGE]
    assert found[-1].read_at is not None
    with writing() as session:
        for one in session.scalars(select(Grant).where(Grant.role == Role.CHIEF_JUDGE)):
            session.delete(one)
    found = technical.readers(db.session(), skill, newest.id)
    assert [one.role for one in found if one.read_at] == [""]  # read it, though not asked to


def test_markdown_carries_no_html_script_or_picture() -> None:
    shown = documents.html(
        "# 标题\n\n<script>alert(1)</script> <b>x</b>\n\n[a](javascript:alert(1)) [b](https://a.b/)\n\n"
        "![p](https://spy.example/x.png)\n\n|a|b|\n|-|-|\n|1|2|\n\n[d](data:text/html,x) **粗**"
    )
    for wrong in ("<script", "<b>", 'href="javascript', 'href="data', "<img"):
        assert wrong not in shown
    for right in ("<h1>", "<table>", "<strong>", 'href="https://a.b/"', "&lt;script"):
        assert right in shown
