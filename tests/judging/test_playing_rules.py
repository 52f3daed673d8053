"""What a screen shows of its playlist at a moment, and what an entry may be."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from competition.rules.refusal import Refusal
from judging.rules import playing
from judging.rules.playing import Entry, Play, Position

# The same file holds frontend/playing/position.test.ts.
CASES = json.loads((Path(__file__).parent / "playing_cases.json").read_text("utf-8"))
ENTRIES = playing.from_plain(CASES["entries"])
SINCE = datetime.fromisoformat(CASES["since"])


def after(ms: int) -> datetime:
    return SINCE + timedelta(milliseconds=ms)


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["says"])
def test_what_is_due(case: dict[str, Any]) -> None:
    paused = after(case["paused"]) if "paused" in case else None
    play = Play(case["entry"], SINCE, case["held"], paused)
    found = playing.position(ENTRIES, play, after(case["after"]))
    assert found == Position(case["index"], after(case["due_since"]), case["round"])


def test_an_empty_playlist_shows_nothing() -> None:
    assert playing.position([], Play(1, SINCE, held=False), SINCE) is None


def changed(*after_: int, at: int = 25_000, held: bool = False, entry: int = 4) -> Play:
    """What a screen is set to 25 s after it was set to `entry`, when only these entries stay."""
    kept = [next(one for one in ENTRIES if one.id == number) for number in after_]
    return playing.kept(ENTRIES, kept, Play(entry, SINCE, held), after(at))


def test_a_change_of_the_playlist_leaves_the_screen_where_it_is() -> None:
    assert changed(2, 4) == Play(2, after(20_000), held=False)
    assert changed(9, 2, held=True, entry=2) == Play(2, SINCE, held=True)
    assert changed(4, 9) == Play(9, after(25_000), held=False), "gone: the next that is there"
    assert changed(4, at=55_000) == Play(4, after(55_000), held=False), "round the end"
    assert changed() == Play(0, after(25_000), held=False)
    assert playing.kept([], ENTRIES, Play(0, SINCE, held=True), after(9)) == Play(
        4, after(9), held=False
    )


FORM = {"kind": "skill", "seconds": "20", "skill": "T17", "by": "", "title_zh": "欢迎"}


def test_what_is_paused_goes_on_where_it_stood() -> None:
    play = playing.paused(Play(4, SINCE, held=False), after(85_000))
    assert playing.paused(play, after(99_000)) == play, "paused already"
    on = playing.gone_on(play, after(100_000))
    assert on == Play(4, after(15_000), held=False)
    for ms in (0, 4_999, 5_000, 60_000):
        before = playing.position(ENTRIES, Play(4, SINCE, held=False), after(85_000 + ms))
        since = playing.position(ENTRIES, on, after(100_000 + ms))
        assert before is not None and since is not None
        assert (before.index, before.round) == (since.index, since.round)
    assert playing.gone_on(Play(2, SINCE, held=True), after(9)) == Play(2, after(9), held=False)
    changed_ = playing.kept(ENTRIES, ENTRIES[1:], play, after(99_000))
    assert changed_ == Play(2, after(80_000), False, after(85_000)), "a change leaves it still"
    assert playing.kept(ENTRIES, ENTRIES[:1], play, after(99_000)) == Play(
        4, after(99_000), False, after(99_000)
    )


def test_an_entry_keeps_what_its_kind_needs_and_nothing_else() -> None:
    assert playing.read(3, FORM, {"T17"}).plain == {
        "id": 3, "kind": "skill", "seconds": 20, "skill": "T17",
    }  # fmt: skip
    assert playing.read(3, FORM | {"kind": "delegations"}, ()) == Entry(
        3, "delegations", 20, by="points"
    )
    text = {"kind": "text", "seconds": " 600 ", "text_zh": "午餐\r\n在二楼\x00 "}
    assert playing.read(1, text, ()) == Entry(1, "text", 600, text_zh="午餐\n在二楼")
    assert playing.from_plain([playing.read(1, text, ()).plain])[0].text_zh == "午餐\n在二楼"


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "reveal"},
        {"seconds": "4"},
        {"seconds": "601"},
        {"seconds": "9" * 400},
        {"seconds": "２０"},
        {"seconds": "1e2"},
        {"seconds": ""},
        {"skill": "X99"},
        {"kind": "delegations", "by": "height"},
        {"kind": "text", "title_zh": " "},
        {"kind": "text", "text_en": "x" * 401},
    ],
    ids=str,
)
def test_what_cannot_be_shown_is_refused_in_a_sentence(wrong: dict[str, str]) -> None:
    with pytest.raises(Refusal) as refused:
        playing.read(1, FORM | wrong, {"T17"})
    assert "没有改变" in refused.value.sentence("zh") and "Nothing" in refused.value.sentence("en")


def test_an_emergency_text_says_something_and_can_be_read() -> None:
    assert playing.message({"text_zh": " 请撤离 "}) == ("请撤离", "")
    for wrong in ({}, {"text_zh": "\x00", "text_en": " "}, {"text_en": "x" * 401}):
        with pytest.raises(Refusal):
            playing.message(wrong)


def test_which_public_documents_a_playlist_needs() -> None:
    told = [one.plain for one in ENTRIES] + [
        {"id": 5, "kind": "skill", "seconds": 9, "skill": "T17"},
        {"id": 6, "kind": "countdown", "seconds": 9, "skill": "N99"},
        {"id": 7, "kind": "text", "seconds": 9, "text_zh": "午餐"},
    ]
    assert playing.documents(told) == (["T17"], ["medals", "now", "timetable"])


def test_a_delegation_is_one_that_there_is() -> None:
    form = {"kind": "city", "seconds": "20", "delegation": "2301"}
    there = {"2301": {"name_zh": "哈尔滨市", "name_en": "Harbin"}}
    assert playing.read(4, form, [], there).plain == {
        "id": 4, "kind": "city", "seconds": 20, "delegation": "2301",
        "title_zh": "哈尔滨市", "title_en": "Harbin",
    }  # fmt: skip
    for wrong in ({}, {"delegation": "9999"}):
        with pytest.raises(Refusal, match="delegation"):
            playing.read(4, {"kind": "city", "seconds": "20", **wrong}, [], there)
    entries = [Entry(n, kind, 20).plain for n, kind in enumerate(playing.KINDS, 1)]
    _codes, kinds = playing.documents([{"skill": "T17", **one} for one in entries])
    assert kinds == ["delegations", "hour", "medals", "now", "sponsors", "timetable"]
