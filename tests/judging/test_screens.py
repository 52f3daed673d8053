"""Big screens: a code on the wall, pairing, playlists, what each shall show, texts over all."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from competition.database import db, writing
from competition.models import Account, Competition, LedgerRow
from competition.moment import now
from competition.rules.refusal import Refusal
from judging import playlists, screens, showing
from judging.models import Screen
from judging.rules.playing import Entry
from judging.screens import Wanted

ENTRIES = [Entry(1, "now", 20), Entry(2, "skill", 20, skill="T17"), Entry(3, "medals", 20)]


@pytest.fixture
def me(context) -> int:
    """Somebody of the office."""
    today = now().date()
    with writing() as session:
        session.add(Competition(name_zh="赛", name_en="C", starts_on=today, ends_on=today))
        account = Account(username="office", label="秘书处", fs_uniquifier="office")
        session.add(account)
    return account.id


def wanted(name: str, playlist: int | None = None) -> Wanted:
    return Wanted(name, "turns", "dark", playlist)


def a_screen(name: str, me: int, playlist: int | None = None) -> tuple[str, int]:
    """A paired screen: its token and its id."""
    waiting = screens.wait("")
    assert waiting is not None and waiting.token is not None
    return waiting.token, screens.pair(waiting.code, wanted(name, playlist), actor_id=me)


def a_playlist(me: int, *entries: Entry, name: str = "循环") -> int:
    made = playlists.make(name, actor_id=me)
    playlists.change(made, name, entries or ENTRIES, based_on=1, actor_id=me)
    return made


def row(screen_id: int) -> Screen:
    return db.session.get_one(Screen, screen_id, populate_existing=True)


def move(screen_id: int, **values: object) -> None:
    with writing() as session:
        for name, value in values.items():
            setattr(session.get_one(Screen, screen_id), name, value)


def acts(like: str) -> list[str]:
    found = select(LedgerRow.act).where(LedgerRow.act.startswith(like))
    return list(db.session.scalars(found.order_by(LedgerRow.id)))


def told(token: str) -> dict:
    screen = screens.paired(db.session(), token)
    assert screen is not None
    return showing.document(db.session(), screen)


def test_a_screen_waits_with_one_code_until_somebody_types_it(me: int) -> None:
    first = screens.wait("")
    assert first is not None and first.token and len(first.code) == screens.LENGTH
    again = screens.wait(first.token)
    assert again is not None and (again.code, again.token) == (first.code, None)
    assert screens.paired(db.session(), first.token) is None
    typed = f" {first.code[:3].lower()}-{first.code[3:]} "
    made = screens.pair(typed, wanted(" A 馆  北侧 "), actor_id=me)
    assert screens.wait(first.token) is None, "paired"
    assert told(first.token)["name"] == "A 馆 北侧" == row(made).name
    with pytest.raises(Refusal):
        screens.pair(typed, wanted("B"), actor_id=me)
    assert acts("screen.") == ["screen.pair"]


def test_a_code_is_good_for_ten_minutes_and_then_another_one_stands_there(me: int) -> None:
    first = screens.wait("")
    assert first is not None and first.token
    held = db.session.scalars(select(Screen.id)).one()
    move(held, code_until=now() - timedelta(seconds=1))
    with pytest.raises(Refusal):
        screens.pair(first.code, wanted("A"), actor_id=me)
    second = screens.wait(first.token)
    assert second is not None and second.code != first.code and second.token is None
    move(held, seen_at=now() - screens.FORGOTTEN - timedelta(seconds=1))
    other = screens.wait("")
    assert other is not None and screens.known(db.session(), first.token) is None, "forgotten"
    assert screens.wait(first.token).token, "so it begins anew"


@pytest.mark.parametrize("name", ["", " \x00 ", "x" * 41])
def test_a_screen_has_a_name_of_its_own(me: int, name: str) -> None:
    a_screen("A", me)
    for wrong in (name, "A"):
        with pytest.raises(Refusal):
            a_screen(wrong, me)
    assert len(screens.all_paired(db.session())) == 1


def test_let_go_it_shows_a_code_again(me: int) -> None:
    token, screen = a_screen("A", me)
    screens.let_go(screen, actor_id=me)
    screens.let_go(screen, actor_id=me)
    assert screens.paired(db.session(), token) is None
    assert screens.wait(token).token not in (None, token)
    assert acts("screen.") == ["screen.pair", "screen.let_go"]
    wrong: list[Callable[[], object]] = [
        lambda: screens.let_go(999, actor_id=me),
        lambda: showing.pause([screen], actor_id=me),
    ]
    for deed in wrong:
        with pytest.raises(Refusal) as refused:
            deed()
        assert refused.value.status == 404


def test_screens_of_one_playlist_move_in_step_and_alone(me: int) -> None:
    playlist = a_playlist(me)
    (token, one), (_token, other) = a_screen("A", me), a_screen("B", me)
    assert playlists.give(playlist, [one, other], actor_id=me) == 2
    assert (row(one).since, row(one).entry) == (row(other).since, 1)
    before = told(token)["sequence"]
    showing.go_to([one], 3, held=False, actor_id=me)
    assert (row(one).entry, row(other).entry) == (3, 1) and told(token)["sequence"] > before
    with pytest.raises(Refusal):
        showing.go_to([one, other], 77, held=True, actor_id=me)
    move(other, since=now() - timedelta(seconds=25))
    showing.pause([one, other], actor_id=me)
    assert row(one).paused_at == row(other).paused_at is not None
    stood = [showing.due(row(x))[1] for x in (one, other)]
    assert [at.index for at in stood if at] == [2, 1]
    move(one, seen_at=now())
    assert [showing.due(row(x))[1] for x in (one, other)] == stood
    number = row(one).sequence
    showing.pause([one, other], actor_id=me)
    assert row(one).sequence == number, "it is so already"
    assert told(token)["play"]["paused"] is not None
    showing.go_to([one], 2, held=False, actor_id=me)
    assert row(one).paused_at == row(one).since, "another entry, and still again"
    showing.go_on([one, other], actor_id=me)
    assert row(one).paused_at is None and [showing.due(row(x))[1].index for x in (one, other)] == [
        1, 1,
    ]  # fmt: skip
    showing.go_to([one], 3, held=True, actor_id=me)
    number = row(one).sequence
    showing.go_to([one], 3, held=True, actor_id=me)
    assert row(one).sequence == number and row(one).held
    showing.go_on([one], actor_id=me)
    assert not row(one).held and row(one).entry == 3
    showing.blank([one], True, actor_id=me)
    showing.blank([one], True, actor_id=me)
    assert told(token)["blank"] is True and row(other).blank is False
    assert acts("screen.")[-1:] == ["screen.blank"] and acts("screen.").count("screen.blank") == 1
    assert playlists.give(playlist, [other], actor_id=me) == 1
    assert told(token)["entries"] == []
    assert showing.due(row(other))[1].index == 1, "the other goes on as it is"


def test_a_changed_playlist_leaves_screens_where_they_are(me: int) -> None:
    playlist = a_playlist(me)
    token, screen = a_screen("A", me, playlist)
    move(screen, since=now() - timedelta(seconds=25))
    playlists.change(playlist, "循环", [ENTRIES[2], ENTRIES[1]], based_on=2, actor_id=me)
    assert (row(screen).entry, [one["id"] for one in told(token)["entries"]]) == (2, [3, 2])
    number = row(screen).sequence
    playlists.change(playlist, "循环", [ENTRIES[2], ENTRIES[1]], based_on=2, actor_id=me)
    assert row(screen).sequence == number
    with pytest.raises(Refusal):
        playlists.change(playlist, "循环", ENTRIES, based_on=2, actor_id=me)
    many = [Entry(number, "now", 5) for number in range(61)]
    with pytest.raises(Refusal):
        playlists.change(playlist, "循环", many, based_on=3, actor_id=me)
    assert [one["id"] for one in told(token)["entries"]] == [3, 2]


def test_playlists_are_named_once_and_removed_when_no_screen_shows_them(me: int) -> None:
    playlist = a_playlist(me)
    assert playlists.make(" 循环 ", actor_id=me) == playlist
    other = playlists.make("午间", actor_id=me)
    wrong: list[Callable[[], object]] = [
        lambda: playlists.make("", actor_id=me),
        lambda: playlists.change(other, "循环", [], based_on=1, actor_id=me),
        lambda: playlists.give(other, [999], actor_id=me),
        lambda: playlists.one(db.session(), 999),
        lambda: a_screen("A", me, 999),
    ]
    for deed in wrong:
        with pytest.raises(Refusal):
            deed()
    _token, screen = a_screen("A", me, playlist)
    with pytest.raises(Refusal):
        playlists.remove(playlist, actor_id=me)
    screens.change(screen, wanted("A", None), actor_id=me)
    playlists.remove(playlist, actor_id=me)
    playlists.remove(playlist, actor_id=me)
    assert [one.name for one in playlists.all_of(db.session())] == ["午间"]
    assert acts("playlist.").count("playlist.remove") == 1


def test_a_text_over_all_screens_comes_and_goes(me: int) -> None:
    (token, one), (_token, other) = a_screen("A", me), a_screen("B", me)
    showing.say("请撤离", "Leave now", key="k1", actor_id=me)
    showing.say("请撤离", "Leave now", key="k1", actor_id=me)
    assert told(token)["message"]["text_en"] == "Leave now"
    assert row(one).sequence == row(other).sequence
    showing.say("", "Come back", key="k2", actor_id=me)
    said = showing.message(db.session())
    assert said is not None and told(token)["message"]["text_zh"] == ""
    showing.take_away(said.id, actor_id=me)
    number = row(one).sequence
    showing.take_away(said.id, actor_id=me)
    assert told(token)["message"] is None and row(one).sequence == number
    assert acts("screen.message") == ["screen.message"] * 2 + ["screen.message_end"]


def test_a_screen_says_how_it_is(me: int) -> None:
    token, screen = a_screen("A", me)
    says = {"width": 3840, "height": 2160, "version": "abc", "showing": {"what": "entry"}}
    screens.here(screens.paired(db.session(), token), says)
    found = row(screen)
    assert (found.width, found.showing, found.version) == (3840, {"what": "entry"}, "abc")
    heard = found.seen_at
    screens.here(found, says)
    assert row(screen).seen_at == heard, "no news, not written"


def test_the_ledger_holds_no_token_and_no_code(me: int) -> None:
    token, _screen = a_screen("A", me, a_playlist(me))
    text = str(db.session.execute(select(LedgerRow.body)).all())
    assert token not in text and screens.wait("").code not in text
