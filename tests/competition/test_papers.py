"""Evidence: brought, opened, removed; sealed on the disk, noted in the ledger, closed to others."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select

from competition import ledger, papers, sealed_files
from competition.database import db, writing
from competition.models import Account, Entry, EntryState, EvidenceFile, LedgerRow
from competition.rules.refusal import Refusal
from tests import papers_made
from tests.entering import entered
from tests.judging.seed import Seeded, seed
from tests.papers_made import PLACE

KINDS = ((papers_made.PDF, ".pdf"), (papers_made.jpeg(6), ".jpg"), (papers_made.png(), ".png"))


@pytest.fixture
def day(context: Flask) -> Seeded:
    return seed()


def files() -> list[Path]:
    folder = Path(current_app.config["PODIUM_DATA"]) / "evidence"
    return [one for one in folder.rglob("*") if one.is_file()]


def bring(day: Seeded, data: bytes, kind: str = "work", name: str = "欧阳雪松.png") -> int:
    entry, actor = day.entries["K-073"], day.judges["stranger"]
    return papers.add(entry, kind, name, data, actor_id=actor)


@pytest.mark.parametrize("data, ending", KINDS)
def test_a_paper_is_sealed_and_opened(day: Seeded, data: bytes, ending: str) -> None:
    paper = bring(day, data)
    (file,) = files()
    assert data[:8] not in file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o440
    opened = papers.open_(paper, actor_id=day.judges["stranger"])
    assert PLACE.encode() not in opened.data
    assert opened.name == f"work-{paper}{ending}"
    acts = db.session.scalars(
        select(LedgerRow).where(LedgerRow.subject == f"evidence:{paper}").order_by(LedgerRow.number)
    ).all()
    assert [one.act for one in acts] == ["evidence.add", "evidence.open"]
    assert all("欧阳" not in str(one.body) for one in acts), "no personal data in the ledger"
    assert {one.skill_id for one in acts} == {None}, "looking moves no board"
    assert ledger.walk(db.session(), None).ok


def test_the_same_paper_twice_is_one(day: Seeded) -> None:
    first = bring(day, papers_made.PDF)
    assert bring(day, papers_made.PDF) == first
    assert bring(day, papers_made.PDF, kind="consent") != first
    assert len(files()) == 2


@pytest.mark.parametrize(
    "data, kind, words",
    [
        (b"", "work", "没有选择文件"),
        (b"GIF89a", "work", "只收 PDF、JPEG 或 PNG"),
        (b"<html>", "work", "只收 PDF、JPEG 或 PNG"),
        (papers_made.png()[:80], "work", "不完整"),
        (papers_made.PDF + b"\0" * papers.MOST_BYTES, "work", "超过 8 MB"),
        (papers_made.PDF, "nonsense", "种类"),
    ],
)
def test_what_is_not_taken(day: Seeded, data: bytes, kind: str, words: str) -> None:
    with pytest.raises(Refusal) as caught:
        bring(day, data, kind)
    assert words in caught.value.zh
    assert "没有保存" in caught.value.zh
    assert files() == []


def test_only_so_many_and_none_for_a_withdrawn_entry(
    day: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "MOST_PAPERS", 2)
    for number in range(2):
        bring(day, papers_made.PDF + b"%d" % number)
    with pytest.raises(Refusal, match="remove one"):
        bring(day, papers_made.PDF)
    with writing() as session:
        session.get_one(Entry, day.entries["K-118"]).state = EntryState.WITHDRAWN
    with pytest.raises(Refusal, match="withdrawn"):
        papers.add(day.entries["K-118"], "work", "", papers_made.PDF, actor_id=1)
    assert len(files()) == 2, "nothing is left of what was refused"


def test_a_removed_paper_keeps_its_row(day: Seeded) -> None:
    paper, actor = bring(day, papers_made.PDF), day.judges["chief"]
    with pytest.raises(Refusal, match="Say why"):
        papers.remove(paper, why=" ", is_office=True, actor_id=actor)
    papers.remove(paper, why="重复", is_office=True, actor_id=actor)
    papers.remove(paper, why="重复", is_office=True, actor_id=actor)
    assert files() == []
    (row,) = papers.of_entries(db.session(), [day.entries["K-073"]])[day.entries["K-073"]]
    assert row.remover is not None
    assert (row.remover.id, row.removed_why, row.name) == (actor, "重复", "")
    with pytest.raises(Refusal, match="removed"):
        papers.open_(paper, actor_id=actor)
    assert bring(day, papers_made.PDF) != paper, "it may be brought again"


def test_the_papers_of_an_approved_entry_stay(day: Seeded) -> None:
    paper = bring(day, papers_made.PDF)
    with writing() as session:
        session.get_one(Entry, day.entries["K-073"]).state = EntryState.APPROVED
    mine = day.judges["stranger"]
    with pytest.raises(Refusal, match="office keeps"):
        papers.remove(paper, why="", is_office=False, actor_id=mine)
    papers.remove(paper, why="过期", is_office=True, actor_id=mine)


def test_a_lost_file_is_said_in_words(day: Seeded) -> None:
    paper = bring(day, papers_made.PDF)
    sealed_files.remove(db.session.get_one(EvidenceFile, paper).kept_as or "")
    with pytest.raises(Refusal, match="backup") as caught:
        papers.open_(paper, actor_id=1)
    assert caught.value.status == 503


# Pages


@pytest.fixture
def site(demo_app: Flask) -> Iterator[Flask]:
    demo_app.config["WTF_CSRF_ENABLED"] = False
    yield demo_app


def entry_of(site: Flask, leader: str = "leader-harbin") -> tuple[int, str]:
    """An entry of the leader's delegation that is not approved, and its skill's code."""
    with site.app_context():
        account = db.session.scalars(select(Account).where(Account.username == leader)).one()
        entry = db.session.scalars(
            select(Entry).where(Entry.delegation_id == account.grants[0].delegation_id)
        ).first()
        assert entry is not None
        entry.state = EntryState.ENTERED
        db.session.commit()
        return entry.id, entry.skill.code


def upload(client: FlaskClient, entry: int, data: bytes, **more: Any) -> Any:
    form = {"kind": "residence", "file": (io.BytesIO(data), "户口本.jpg"), **more}
    return client.post(f"/delegation/entries/{entry}/evidence", data=form)


def test_a_leader_uploads_looks_and_removes(site: Flask) -> None:
    entry, skill = entry_of(site)
    leader = entered(site, "leader-harbin")
    page = leader.get(f"/delegation/entries/{entry}").text
    assert "还没有材料" in page
    answer = upload(leader, entry, papers_made.jpeg(6))
    assert (answer.status_code, answer.location) == (
        303, f"/delegation/entries/{entry}#evidence",
    )  # fmt: skip
    page = leader.get(f"/delegation/entries/{entry}").text
    assert "材料已保存" in page
    assert "居住 · JPEG" in page
    seen = leader.get("/delegation/evidence/1")
    assert seen.mimetype == "image/jpeg"
    assert "sandbox" in seen.headers["Content-Security-Policy"]
    assert seen.headers["Cache-Control"] == "no-store"
    assert seen.headers["X-Content-Type-Options"] == "nosniff"
    office = entered(site, "organiser")
    assert "证明材料 · 1" in office.get(f"/office/skills/{skill}/entries").text
    assert office.get("/delegation/evidence/1").status_code == 200
    leader.post("/delegation/evidence/1/remove", data={"why": "拍糊了"})
    page = leader.get(f"/delegation/entries/{entry}").text
    assert "移除：拍糊了" in page
    assert leader.get("/delegation/evidence/1").status_code == 410


def test_five_megabytes_pass_and_nine_are_refused_in_words(site: Flask) -> None:
    entry, _skill = entry_of(site)
    leader = entered(site, "leader-harbin")
    upload(leader, entry, papers_made.PDF[:9] + b"\0" * (5 << 20) + papers_made.PDF)
    assert "材料已保存" in leader.get(f"/delegation/entries/{entry}").text
    answer = upload(leader, entry, papers_made.PDF + b"\0" * (9 << 20))
    assert answer.status_code == 303
    assert "超过 8 MB" in leader.get(f"/delegation/entries/{entry}").text


def test_the_form_has_a_token_of_its_own(site: Flask) -> None:
    site.config["WTF_CSRF_ENABLED"] = True
    entry, _skill = entry_of(site)
    leader = entered(site, "leader-harbin")
    assert upload(leader, entry, papers_made.PDF).status_code == 400
    page = leader.get(f"/delegation/entries/{entry}").text
    token = page.split('name="csrf-token" content="')[1].split('"')[0]
    assert upload(leader, entry, papers_made.PDF, csrf_token=token).status_code == 303
    assert "材料已保存" in leader.get(f"/delegation/entries/{entry}").text


def test_nobody_else_sees_a_paper(site: Flask) -> None:
    entry, skill = entry_of(site)
    upload(entered(site, "leader-harbin"), entry, papers_made.PDF)
    with site.app_context():
        leaders = db.session.scalars(
            select(Account.username).where(Account.username.startswith("leader-"))
        )
        other = next(one for one in leaders if one != "leader-harbin")
    for username in (other, f"{skill.lower()}-chief", f"{skill.lower()}-judge-1"):
        client = entered(site, username)
        assert client.get("/delegation/evidence/1").status_code == 403
        assert client.post("/delegation/evidence/1/remove").status_code == 403
        assert upload(client, entry, papers_made.PDF).status_code == 403
    assert site.test_client().get("/delegation/evidence/1").status_code == 302
    assert entered(site, "organiser").get("/delegation/evidence/99").status_code == 404
