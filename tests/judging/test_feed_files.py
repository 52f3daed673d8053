"""Boards as files: the bytes of the snapshot, gone while hidden, unmoved in a freeze."""

from pathlib import Path

import pytest
from flask import Flask

from judging import feed_files
from judging.feed_files import FeedFolder
from judging.live import Sender
from judging.results import Snapshot
from judging.rules.overall import DOCUMENTS
from tests.judging.official import mark_everything, unblind
from tests.judging.seed import CODES, Seeded, let_out

NAMES = {"skills/T17/board.json", *(f"boards/{kind}.json" for kind in DOCUMENTS)}


@pytest.fixture
def sender(sqlite_app: Flask, day: Seeded, inside: None) -> Sender:
    unblind(day)
    let_out(day.skill, "confirmed", actor_id=day.judges["chief"])
    mark_everything(day, {})
    return Sender(sqlite_app)


def turn(sender: Sender) -> dict[str, tuple[bytes, int]]:
    """One look of the sender and what then stands in the folder: name → bytes, time."""
    sender.maker.overall_at = 0.0  # the boards over all skills are due
    sender.tick()
    if sender.maker.feeds.woken.is_set():
        sender.maker.feeds.write_offered()
    folder = sender.maker.feeds.folder
    found = [*folder.glob("skills/*/*"), *folder.glob("boards/*")]
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in found
    }


def test_files_are_the_snapshots_and_move_only_with_them(sqlite_app, day, sender) -> None:
    stranger = sender.maker.feeds.folder / "skills" / "GONE" / "board.json"
    stranger.parent.mkdir(parents=True)
    stranger.write_text("of another competition")
    draft = stranger.with_name(".board.json.0a1b2c3d")
    draft.write_text("half of")
    first = turn(sender)
    assert set(first) == NAMES, "everything at the start, and nothing that is not ours"
    assert not draft.exists(), "nor what a killed process left"
    client = sqlite_app.test_client()
    for name, (content, _at) in first.items():
        assert content == client.get(f"/{name}").data
    let_out(day.skill, "frozen", actor_id=day.judges["chief"])
    frozen = turn(sender)
    day.give(day.post(CODES[1], "A1.01", 0, base=None))
    mark_everything(day, *({} for _ in CODES))
    assert turn(sender) == frozen, "not a byte nor a time moves in a freeze"
    assert turn(Sender(sqlite_app)) == frozen, "nor with a restart"
    let_out(day.skill, "hidden", actor_id=day.judges["chief"])
    assert "skills/T17/board.json" not in turn(sender)
    let_out(day.skill, "confirmed", actor_id=day.judges["chief"])
    assert turn(sender)["skills/T17/board.json"][1] > frozen["skills/T17/board.json"][1]


def shot(sequence: int, release: str = "confirmed") -> Snapshot:
    return Snapshot({"skill": {"code": "T17"}, "release": release, "n": sequence}, sequence)


def test_the_latest_wins_also_between_processes(tmp_path: Path) -> None:
    name, one, other = feed_files.of_skill("T17"), FeedFolder(tmp_path), FeedFolder(tmp_path)
    for folder in (one, other):
        folder.offer(name, shot(1))
        folder.write_offered()
    one.offer(name, shot(4))
    one.offer(name, shot(5))
    one.write_offered()
    other.offer(name, shot(3))
    other.write_offered()
    assert (tmp_path / name).read_bytes() == shot(5).encoded
    one.offer(name, shot(6, "hidden"))
    one.write_offered()
    other.offer(name, shot(5))  # it has not heard yet that the skill is hidden
    other.write_offered()
    assert not (tmp_path / name).exists()
    other.offer(name, shot(6, "hidden"))
    other.write_offered()


def test_a_folder_that_cannot_be_written_loses_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "feeds"
    blocked.write_text("a file where the folder should be")
    feeds = FeedFolder(blocked)
    feeds.offer("skills/T17/board.json", shot(1))
    with pytest.raises(OSError, match="feeds"):
        feeds.write_offered()
    feeds.offer("skills/T17/board.json", shot(2))
    blocked.unlink()
    feeds.write_offered()
    assert (blocked / "skills/T17/board.json").read_bytes() == shot(2).encoded
    assert not list(blocked.rglob("*.json.*")), "no draft is left"


def test_pages_ask_where_the_files_are(sqlite_app: Flask, day: Seeded) -> None:
    client = sqlite_app.test_client()
    assert 'data-snapshot="/skills/T17/board.json"' in client.get("/skills/T17").text
    sqlite_app.config["PODIUM_FEEDS_URL"] = "https://cdn.example/p"
    answer = client.get("/skills/T17")
    assert 'data-snapshot="https://cdn.example/p/skills/T17/board.json"' in answer.text
    assert 'data-own="/skills/T17/board.json"' in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "connect-src 'self' ws: wss: https://cdn.example;" in policy
