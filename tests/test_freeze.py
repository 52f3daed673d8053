"""A freeze lets nothing out: every address is asked as every role before it is followed by marks,
votes, confirmations and the lock, and again after; what comes back is the same to the byte. So are
the files that nginx or a CDN would serve.
"""

import io
import json
import re
import shutil
import zipfile
from collections.abc import Collection, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from competition import ledger, timetable
from competition.database import db, writing
from competition.models import Period, Role, Skill
from competition.moment import now
from judging import ceremony, live, result_versions, results
from judging.models import Ceremony
from tests.access_addresses import addresses
from tests.access_rows import ASKERS, COMPETITORS, MAY, OFFICE, TABLE
from tests.access_world import World, build
from tests.conftest import opened
from tests.judging.desks import finish
from tests.judging.seed import Seeded, let_out

pytestmark = pytest.mark.timeout(600)  # some two thousand questions

# Who sees the marks of this skill by their office, and sees them change.
WITHIN = {"chief", "judge", "tablet", "onlooker", "recorder", "confirmer", "arbiter"}
# That a skill is locked the office may know: what the public sees is theirs to change, and
# ceremonies are made of locked lists; the command board shows how far marking is, never a mark; the
# page of the big screens when each was last heard of.
OFFICE_KNOWS = {"release.page", "ceremony.home", "command.page", "screens.page"}
OUTSIDE = ("visitor", "competitor", "leader")  # who is asked again as a ceremony goes on
# Where everybody sees the results once they are public.
PUBLIC = {
    *("boards.home", "boards.skill", "boards.snapshot", "screen.page", "overall.page"),
    *("overall.snapshot", "delegation.home", "delegation.one"),
    *("embed.skill", "embed.board", "charts.page", "books.public"),
    *("cards.skill", "cards.board"),
}
# What of an answer changes with every asking, whatever happens: keys of forms, the clock.
NOISE = (
    re.compile(rb'name="(csrf_token|key)" value="[^"]*"'),
    re.compile(rb'content="[^" ]{80,}"'),
    re.compile(rb"\d\d:\d\d(:\d\d)?"),
    re.compile(rb'"now": ?"[^"]*"'),
    re.compile(rb'"reference": ?"[^"]*"'),  # of a refusal, for the logs
    re.compile(rb'select-all">[0-9A-F]{8}<'),  # the same on a page
    re.compile(rb"\.\d\d\dZ"),
    re.compile(rb"<div data-contact>.*?</div>", re.DOTALL),  # how long a screen has been silent
    re.compile(rb'<span class="desk-contact.*?</span>', re.DOTALL),  # and a tablet
)
HEADERS = ("ETag", "Last-Modified", "Content-Type", "Location")


@pytest.fixture
def world(sqlite_template: Path, tmp_path: Path) -> Iterator[World]:
    shutil.copyfile(sqlite_template, tmp_path / "podium.db")
    with opened(f"sqlite:///{tmp_path / 'podium.db'}", tmp_path) as app:
        yield build(app)


Answer = tuple[int, dict[str, str | None], bytes]


def everything(world: World, askers: Collection[str] = ASKERS) -> dict[tuple[str, str], Answer]:
    """What every address says to every role that is not within: (asker, address) → answer."""
    found = {}
    for row, places in addresses(world).items():
        method, endpoint = row.split()
        if method != "GET" or endpoint == "signin.language":  # which turns the language
            continue
        for asker in askers:
            if asker in WITHIN or (asker not in MAY[TABLE[row]] and asker != "visitor"):
                continue
            if endpoint in OFFICE_KNOWS:
                continue
            for address in places:
                answer = world.browsers[asker].get(address)
                body = _unpacked(answer.get_data())
                for noise in NOISE:
                    body = noise.sub(b"", body)
                headers = {name: answer.headers.get(name) for name in HEADERS}
                found[asker, f"{endpoint} {address}"] = (answer.status_code, headers, body)
    return found


def files(world: World) -> dict[str, tuple[int, bytes]]:
    """The files of boards after a look of the sender: name → time and content."""
    with world.app.app_context():
        sender = live.Sender(world.app)
        sender.tick()
        sender.maker.feeds.write_offered()
        db.session.remove()
    folder = sender.maker.feeds.folder
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*.json")
    }


def _unpacked(body: bytes) -> bytes:
    """A workbook's or a pack's members, without the member that says when it was made."""
    if not body.startswith(b"PK"):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        names = sorted(set(packed.namelist()) - {"docProps/core.xml"})
        return b"".join(name.encode() + packed.read(name) for name in names)


def shown(world: World, began: timedelta) -> None:
    """Work began so long ago, and the first marks are public."""
    day = world.seeded
    with world.app.app_context():
        with writing() as session:
            period = session.query(Period).filter_by(skill_id=day.skill).one()
            period.started_at = now() - began
        timetable.note_ends(now())
        let_out(day.skill, "confirmed", actor_id=day.judges["chief"])
        finish(day, "K-073")
        board = results.snapshot(db.session.get_one(Skill, day.skill)).body
        assert any(line["released"] for line in board["standings"])
        db.session.remove()


def policy(world: World, word: str) -> None:
    with world.app.app_context():
        let_out(world.seeded.skill, word, actor_id=world.seeded.judges["chief"])
        db.session.remove()


def mark_and_lock(world: World) -> None:
    """Marks, votes, confirmations and the lock."""
    day = world.seeded
    with world.app.app_context():
        finish(day, "K-118")
        finish(day, "K-391")
        for code, aspect, value in (
            *(("K-118", "A1.03", 0), ("K-391", "A1.02", 0)),
            ("K-246", "A2.01", 100),
        ):  # four works with different totals
            assert day.give(day.post(code, aspect, value))[0].state == "taken"
        turn_lock(day, is_locked=True)  # the other works wait for a person: locked past them


def turn_lock(day: Seeded, *, is_locked: bool) -> None:
    with writing() as session:
        session.get_one(Skill, day.skill).locked_at = now() if is_locked else None
        act = "skill.lock" if is_locked else "skill.unlock"
        about = {"subject": f"skill:{day.skill}", "body": {}, "actor_id": day.judges["chief"]}
        ledger.append(session, act=act, skill_id=day.skill, **about)
    db.session.remove()


def test_nothing_new_after_a_freeze(world: World) -> None:
    day = world.seeded
    shown(world, timedelta(hours=9))
    policy(world, "frozen")
    stood, before = files(world), everything(world)
    assert "skills/T17/board.json" in stood
    addresses_asked = {address for _asker, address in before}
    assert len(addresses_asked) >= 40, len(addresses_asked)
    assert COMPETITORS | {"visitor", "leader", "other_judge"} <= {asker for asker, _at in before}

    mark_and_lock(world)
    assert files(world) == stood
    after = everything(world)
    assert not _moved(before, after)

    # a ceremony of the locked list comes on stage, up to the slide before gold
    with world.app.app_context():
        number = _on_stage(day, world.ids["organiser"])
    assert not _moved(before, everything(world, OUTSIDE))
    for asker in ASKERS:
        for part in ("stage", "remote", "script", "script.pdf", ""):
            answer = world.browsers[asker].get(f"/ceremony/{number}/{part}".rstrip("/"))
            assert (answer.status_code == 200) is (asker in OFFICE), (asker, part)
    stage = world.browsers["organiser"].get(f"/ceremony/{number}/stage")
    assert 'data-kind="merit"' in stage.text and "金牌" not in stage.text

    with world.app.app_context():  # and gold is public with its slide, through the board alone
        _press(number, "next", world.ids["organiser"])
    moved = {at.split()[0] for _asker, at in _addresses_moved(before, everything(world, OUTSIDE))}
    assert {"boards.skill", "boards.snapshot"} <= moved
    assert moved <= PUBLIC, moved - PUBLIC


def test_nothing_new_while_work_goes_on_under_a_freeze(world: World) -> None:
    """Its clock is public, and nothing of its marks or of the lock."""
    shown(world, timedelta(hours=1))
    policy(world, "frozen")
    stood, before = files(world), everything(world)
    board = json.loads(stood["skills/T17/board.json"][1])
    assert (board["state"], board["release"]) == ("running", "frozen")
    on_now = json.loads(stood["boards/now.json"][1])
    assert [(one["code"], one["clock"]) for one in on_now["skills"]] == [("T17", board["clock"])]
    assert 'data-state="running"' in world.browsers["visitor"].get("/").text
    mark_and_lock(world)
    assert files(world) == stood
    assert not _moved(before, everything(world))


def test_official_results_stay_what_they_were_through_a_freeze(world: World) -> None:
    """Not a byte of what everybody sees moves with the freeze, nor with what goes on behind it."""
    day = world.seeded
    shown(world, timedelta(hours=9))
    mark_and_lock(world)
    stood, before = files(world), _public(world)
    assert json.loads(stood["skills/T17/board.json"][1])["state"] == "final"
    policy(world, "frozen")
    assert files(world) == stood
    assert not _moved(before, _public(world))
    with world.app.app_context():
        turn_lock(day, is_locked=False)
        (answer,) = day.give(day.post("K-246", "A2.02", 0, reason="漏看"))
        assert answer.state == "taken", answer
    assert files(world) == stood
    assert not _moved(before, _public(world))


def _public(world: World) -> dict[tuple[str, str], Answer]:
    """What visitors see of results; a leader's page names the freeze, the release in force."""
    found = everything(world, ["visitor"])
    return {at: said for at, said in found.items() if at[1].split()[0] in PUBLIC}


def _on_stage(day: Seeded, organiser: int) -> int:
    """The ceremony stands at 优胜奖, one press before gold."""
    with writing() as session:
        result_versions.keep(session, day.skill, actor_id=day.judges["chief"])
    wanted = ceremony.Wanted("典礼", "Ceremony", (day.skill,))
    number = ceremony.prepare(wanted, actor_id=organiser, key="freeze-ceremony")
    ceremony.go_on_stage(number, actor_id=organiser, role=Role.ORGANISER)
    for _ in range(2):
        _press(number, "next", organiser)
    return number


def _press(number: int, act: str, actor: int) -> None:
    with writing() as session:  # the stage has stood for a while
        at = session.get_one(Ceremony, number, populate_existing=True)
        at.moved_at = None
    assert ceremony.press(number, act, slide=at.slide, turn=at.turn, actor_id=actor)
    db.session.remove()


def _addresses_moved(
    before: dict[tuple[str, str], Answer], after: dict[tuple[str, str], Answer]
) -> list[tuple[str, str]]:
    return [at for at in after if before[at] != after[at]]


def _moved(before: dict[tuple[str, str], Answer], after: dict[tuple[str, str], Answer]) -> str:
    """What is new, in words; empty when nothing is."""
    found = _addresses_moved(before, after)
    return "\n".join(f"{at}: {_differs(before[at], after[at])}" for at in found[:20])


def _differs(before: Answer, after: Answer) -> str:
    if before[:2] != after[:2]:
        return f"{before[:2]} → {after[:2]}"
    at = next(
        (
            n
            for n, (one, other) in enumerate(zip(before[2], after[2], strict=False))
            if one != other
        ),
        min(len(before[2]), len(after[2])),
    )
    return f"{before[2][max(0, at - 60) : at + 60]!r} → {after[2][at : at + 60]!r}"
