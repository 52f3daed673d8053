"""Which files go into the box, and how the rig's report is read."""

import json

import pytest

from sandbox import browser
from sandbox.archive import opened
from sandbox.box import BoxFailed
from sandbox.browser import RIG_MB, RIG_PROCESSES, Report, command, site, walls


def put_in(task, folder):
    with opened(folder, task.limits) as members:
        return {put.path: b"".join(put.chunks()) for put in site(task, members)}


def test_the_start_folder_is_overlaid_with_what_may_be_handed_in(tiny, tmp_path):
    (tmp_path / "media").mkdir()
    (tmp_path / "index.html").write_text("mine")
    (tmp_path / "extra.css").write_text("mine")
    (tmp_path / "media" / "given.txt").write_text("forged")
    (tmp_path / "server.php").write_text("not asked for")
    assert put_in(tiny, tmp_path) == {
        "site/index.html": b"mine",
        "site/extra.css": b"mine",
        "site/media/given.txt": b"given\n",
    }


def test_the_start_folder_does_not_lend_its_index(tiny, tmp_path):
    (tmp_path / "a.css").write_text("1")
    assert set(put_in(tiny, tmp_path)) == {"site/a.css", "site/media/given.txt"}


def test_a_handed_in_file_where_the_start_has_a_folder(hostile, tmp_path):
    (tmp_path / "index.html").mkdir()
    (tmp_path / "index.html" / "x").write_text("1")
    assert set(put_in(hostile, tmp_path)) == {"site/index.html/x"}


def test_what_is_put_in_is_added_to_the_memory(tiny, tmp_path):
    (tmp_path / "index.html").write_bytes(bytes(3_000_000))
    with opened(tmp_path, tiny.limits) as members:
        files = site(tiny, members)
    assert walls(tiny, files).memory_mb == 1024 + RIG_MB + 4
    assert walls(tiny, files).processes == 256 + RIG_PROCESSES


def test_the_rig_is_told_what_it_needs(tiny):
    public = command(tiny, public_only=True).env
    assert public["PODIUM_PUBLIC"] == "1"
    assert "PODIUM_PUBLIC" not in command(tiny, public_only=False).env
    assert public["PODIUM_SITE"] == "/box/site"
    assert command(tiny, public_only=False).wall_seconds == 300


CHECK = {
    "event": "check",
    "id": "a",
    "aspect": "A1.01",
    "title_zh": "题",
    "title_en": "T",
    "rule": "add",
    "points": 50,
    "public": False,
    "outcome": "passed",
    "message_zh": "",
    "message_en": "",
    "duration_ms": 5,
    "evidence": [{"kind": "log", "file": "a/b.txt", "media_type": "text/plain"}],
}


def told(*events):
    seen = []
    report = Report(lambda done, total: seen.append((done, total)))
    for event in events:
        report.line(event if isinstance(event, str) else json.dumps(event))
    return report, seen


def test_a_report_from_begin_to_end():
    plan = {key: CHECK[key] for key in ("aspect", "title_zh", "title_en", "rule", "points")}
    begin = {"event": "begin", "total": 2, "checks": [plan | {"id": "a"}, plan | {"id": "b"}]}
    report, seen = told(begin, CHECK, {"event": "end"})
    assert seen == [(0, 2), (1, 2)]
    assert report.ended
    assert report.checks[0].points == 50
    assert report.files["a"][0]["file"] == "a/b.txt"
    assert [check.id for check in report.missed()] == ["b"]
    assert report.missed()[0].outcome == "undetermined"


def test_the_one_picture_of_all_checks():
    sheet = {"kind": "contact", "file": "contact.jpg", "media_type": "image/jpeg"}
    report, _ = told(CHECK, {"event": "contact", "evidence": [sheet]}, {"event": "end"})
    assert report.contact == [sheet]


@pytest.mark.parametrize(
    "event",
    [
        "no json",
        "[]",
        "{}",
        {"event": "begin"},
        {"event": "begin", "total": "many"},
        {k: v for k, v in CHECK.items() if k != "id"},
        CHECK | {"outcome": "splendid"},
        CHECK | {"rule": "multiply"},
        CHECK | {"points": 0.5},
        CHECK | {"points": -1},
        CHECK | {"evidence": [{"kind": "log"}]},
        CHECK | {"evidence": 7},
    ],
)
def test_a_report_without_form_means_that_the_rig_broke(event):
    with pytest.raises(BoxFailed):
        told(event)


def test_the_same_check_twice():
    with pytest.raises(BoxFailed, match="Two checks"):
        told(CHECK, CHECK)


def test_endless_messages_are_cut():
    report, _ = told(CHECK | {"message_en": "x" * 1_000_000})
    assert len(report.checks[0].message_en) == browser.LONGEST_TEXT
