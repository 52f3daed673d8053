"""The verbs of a ceremony: from locked lists only, crash-safe, and public by what it has told."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from competition import ledger
from competition.database import db, writing
from competition.models import Entry, EntryState, LedgerRow, Role, Skill
from competition.moment import now
from competition.pins import Proof
from competition.rules.refusal import Refusal
from judging import ceremony, ceremony_lists, ceremony_script, locking, result_versions, results
from judging.ceremony import Wanted
from judging.models import Ceremony, CeremonyProject, ReleaseChange, ResultVersion
from tests.judging.official import lock, mark_everything, rules, unblind
from tests.judging.seed import PEOPLE, Seeded, let_out, seed
from tests.judging.signed import rule_on_ties
from tests.judging.test_official import FOUR
from tests.judging.test_overall import opened_skill

OFFICE = Role.ORGANISER


@pytest.fixture
def bare(context) -> Seeded:
    """A skill that nobody has marked."""
    return seed()


@pytest.fixture
def day(bare: Seeded) -> Seeded:
    """An open skill, marked to its end, hidden and not locked."""
    found = bare
    unblind(found)
    rules(found, ties=["criterion", "ruling"])
    mark_everything(found, *FOUR)
    return found


def who(day: Seeded) -> int:
    return day.judges["stranger"]


def prepared(day: Seeded, key: str = "a-ceremony-key", **changes: object) -> int:
    wanted = Wanted("闭幕式", "Closing ceremony", (day.skill,), **changes)
    return ceremony.prepare(wanted, actor_id=who(day), key=key)


def row(number: int) -> Ceremony:
    return db.session.get_one(Ceremony, number, populate_existing=True)


def project(number: int) -> CeremonyProject:
    return ceremony.project(db.session(), row(number))


@pytest.fixture(autouse=True)
def clock(monkeypatch) -> list[datetime]:
    """The time of every press; unless a test stops it, each is long after the one before."""
    kept = [now()]
    monkeypatch.setattr(ceremony, "now", lambda: kept[0])
    return kept


def press(
    day: Seeded, number: int, act: str, *, to: int = 0, is_meant: bool = True, rested: bool = True
) -> bool:
    """As the remote does that shows the stage as it is; `rested`: a while after the last press."""
    at = row(number)
    if rested:
        with writing():
            row(number).moved_at = None
    return ceremony.press(
        number, act, slide=at.slide, turn=at.turn, actor_id=who(day), to=to, is_meant=is_meant
    )


def board(day: Seeded) -> dict:
    return results.snapshot(db.session.get_one(Skill, day.skill, populate_existing=True)).body


def screen(number: int) -> dict:
    found = project(number)
    gone = ceremony_lists.reopened(db.session(), found)
    return ceremony_script.on_screen(row(number), found.slides, gone)


def kinds(number: int) -> list[str]:
    return [slide["kind"] for slide in project(number).slides]


def acts(number: int) -> list[str]:
    asked = select(LedgerRow.act).where(LedgerRow.subject == f"ceremony:{number}")
    return [one.removeprefix("ceremony.") for one in db.session.scalars(asked.order_by("number"))]


def unlock(day: Seeded) -> None:
    asked = locking.ask_unlock(
        day.skill, "skill", sub=None, day=None, work="", reason="加分算错",
        actor_id=day.judges["chief"], key="open-it-again",
    )  # fmt: skip
    locking.agree(asked, actor_id=who(day))


def test_only_locked_lists_are_prepared(day: Seeded) -> None:
    with pytest.raises(Refusal, match="T17: not locked") as refused:
        prepared(day)
    assert refused.value.zh.startswith("T17：还没有锁定")
    for wrong in (
        Wanted("", "Closing", (day.skill,)),
        Wanted("闭幕式", "Closing", ()),
        Wanted("闭幕式", "Closing", (day.skill,), order="random"),
        Wanted("闭幕式", "Closing", (987_654,)),
        Wanted("幕" * 61, "Closing", (day.skill,)),
        Wanted("闭幕式", "C" * 101, (day.skill,)),
    ):
        with pytest.raises(Refusal):
            ceremony.prepare(wrong, actor_id=who(day), key="wrong-key-1234")
    assert db.session.scalar(select(func.count(Ceremony.id))) == 0

    lock(day)
    number = prepared(day)
    assert prepared(day) == number  # the same form, sent twice
    assert kinds(number) == ["opening", "call_up", "merit", "medal", "delegations", "delegations",
                             "closing"]  # fmt: skip
    assert [one["version"] for one in project(number).versions] == [1]
    assert acts(number) == ["prepare"]
    before = project(number).slides
    assert ceremony_script.sealed(before) == []
    with writing() as session:
        session.get_one(Skill, day.skill).name_zh = "改名"
    assert project(number).slides == before and "改名" not in str(before)


def test_the_public_follows_the_stage_and_never_goes_back(day: Seeded) -> None:
    lock(day)
    assert not board(day)["standings"]  # hidden, as every skill begins
    number = prepared(day)
    with pytest.raises(Refusal, match="not on stage"):
        press(day, number, "next")
    assert screen(number)["kind"] == "waiting"
    ceremony.go_on_stage(number, actor_id=who(day), role=OFFICE)
    ceremony.go_on_stage(number, actor_id=who(day), role=OFFICE)
    before = board(day)
    for kind in ("call_up", "merit"):
        assert press(day, number, "next")
        assert screen(number)["kind"] == kind
        assert board(day) == before
    # a press made on an earlier slide does nothing, nor the same one twice
    late = {"slide": 3, "turn": row(number).turn}
    assert press(day, number, "next")
    assert not ceremony.press(number, "next", **late, actor_id=who(day))
    assert not ceremony.press(number, "next", slide=1, turn=0, actor_id=who(day))
    assert row(number).slide == 4 and screen(number)["award"] == "gold"

    public = board(day)
    assert public["state"] == public["release"] == "final"
    assert [line["award"] for line in public["standings"]] == ["gold", "merit", None, None]
    assert db.session.scalars(select(ResultVersion.state)).one() == "published"
    assert press(day, number, "back") and board(day) == public
    assert press(day, number, "next") and board(day) == public
    assert db.session.scalar(select(func.count(ReleaseChange.id))) == 1
    # a later freeze of the chief judge is not undone by paging
    let_out(day.skill, "hidden", actor_id=day.judges["chief"])
    assert press(day, number, "back") and press(day, number, "next")
    assert not board(day)["standings"]
    assert acts(number) == ["prepare", "open", *["press"] * 7]
    assert ledger.walk(db.session(), None).ok


def test_a_frozen_board_thaws_with_the_slide_and_under_its_names(day: Seeded) -> None:
    let_out(day.skill, "confirmed", actor_id=day.judges["chief"], aliases=True)
    frozen = board(day)
    assert frozen["standings"]
    let_out(day.skill, "frozen", actor_id=day.judges["chief"])
    lock(day)
    # published at the desk before: a frozen board stays frozen until the stage tells it
    chief, version = day.judges["chief"], rule_on_ties(day)
    for state, by in (("handed_over", chief), ("received", who(day)), ("published", who(day))):
        result_versions.step(day.skill, version, state, actor_id=by)
    number = prepared(day, order="change")
    assert board(day)["standings"] == frozen["standings"]
    ceremony.go_on_stage(number, actor_id=who(day), role=OFFICE)
    boards = [at for at, kind in enumerate(kinds(number), 1) if kind == "board"]
    assert press(day, number, "jump", to=boards[0])
    assert [one["total"] for one in screen(number)["lines"]] == [
        line["total"] for line in frozen["standings"]
    ]
    assert press(day, number, "jump", to=boards[-1])
    assert board(day)["release"] == "final"
    (version,) = result_versions.newest_of(db.session(), [day.skill])
    assert version.state == "published" and len(version.steps) == 4
    assert ceremony_script.sealed(project(number).slides) == ["T17"]
    told = json.dumps([board(day), project(number).slides], ensure_ascii=False)
    assert "选手 P41" in told and not any(person[0] in told for person in PEOPLE)


def test_behind_a_cover_nothing_is_told(day: Seeded) -> None:
    lock(day)
    number = prepared(day)
    ceremony.go_on_stage(number, actor_id=who(day), role=OFFICE)
    late = {"slide": row(number).slide, "turn": row(number).turn, "actor_id": who(day)}
    assert press(day, number, "blank") and not press(day, number, "blank")
    assert press(day, number, "show") and not ceremony.press(number, "blank", **late)
    assert press(day, number, "blank")
    assert screen(number) == {"kind": "blank", "title": []}
    with pytest.raises(Refusal, match="covered"):
        press(day, number, "next")
    assert press(day, number, "jump", to=4) and screen(number) == {"kind": "blank", "title": []}
    assert not board(day)["standings"]
    assert press(day, number, "pause") and screen(number)["kind"] == "pause"
    assert not board(day)["standings"]
    # off and on stage again: the same slide, and it is shown now
    ceremony.go_off_stage(number, actor_id=who(day))
    assert screen(number)["kind"] == "over" and not board(day)["standings"]
    ceremony.go_on_stage(number, actor_id=who(day), role=OFFICE)
    assert screen(number)["award"] == "gold" and board(day)["standings"]
    for act, to in (("jump", 0), ("jump", 99), ("dance", 0)):
        with pytest.raises(Refusal):
            press(day, number, act, to=to)
    assert press(day, number, "jump", to=7)
    with pytest.raises(Refusal, match="no such slide"):
        press(day, number, "next")
    assert row(number).slide == 7


def test_what_shows_more_rests_after_a_press(day: Seeded, clock: list[datetime]) -> None:
    """The second of two taps carries the new slide and turn, and would skip it for good."""
    lock(day)
    number = prepared(day)
    ceremony.go_on_stage(number, actor_id=who(day), role=OFFICE)

    def tap(act: str, **more: int) -> bool:
        return press(day, number, act, rested=False, **more)

    assert ceremony.rests(row(number)) == timedelta() and tap("next")
    moved = clock[0]
    for later in (50, 450, 699):
        clock[0] = moved + timedelta(milliseconds=later)
        assert timedelta() < ceremony.rests(row(number)) < ceremony.REST
        for act, to in (("next", 0), ("jump", 4)):
            with pytest.raises(Refusal, match="only just moved"):
                tap(act, to=to)
    assert row(number).slide == 2 and tap("back"), "what shows less is never held up"
    assert tap("blank")
    with pytest.raises(Refusal, match="only just moved"):  # 黑屏 tapped twice stays black
        tap("show")
    assert tap("pause") and row(number).cover == "pause"
    clock[0] += ceremony.REST
    assert ceremony.rests(row(number)) == timedelta()
    assert tap("show")
    clock[0] += ceremony.REST
    assert tap("next") and row(number).slide == 2
    assert not board(day)["standings"]


def test_a_jump_over_what_is_not_announced_asks(day: Seeded) -> None:
    lock(day)
    number = prepared(day)
    ceremony.go_on_stage(number, actor_id=who(day), role=OFFICE)
    before = (row(number).turn, board(day))
    for to, said in ((5, "passes T17"), (4, "told at once and public, for good")):
        with pytest.raises(ceremony.Leap, match=said):
            press(day, number, "jump", to=to, is_meant=False)
    assert (row(number).turn, board(day)) == before
    assert press(day, number, "blank")
    with pytest.raises(ceremony.Leap, match="told once the stage is uncovered and public") as asked:
        press(day, number, "jump", to=4, is_meant=False)
    assert "会恢复画面后出现在舞台上并公开" in asked.value.sentence("zh")
    assert press(day, number, "jump", to=4) and not board(day)["standings"], "behind the cover"
    with pytest.raises(ceremony.Leap, match="passes T17"):  # which the hall has not seen
        press(day, number, "jump", to=5, is_meant=False)
    assert press(day, number, "jump", to=1) and press(day, number, "show")
    assert press(day, number, "jump", to=3, is_meant=False), "nothing is left out"
    assert press(day, number, "jump", to=4, is_meant=False), "as the next slide"
    assert press(day, number, "jump", to=1, is_meant=False)
    assert press(day, number, "jump", to=5, is_meant=False), "announced by now"
    assert row(number).slide == 5


def test_a_list_opened_again_stops_its_skill_only(day: Seeded) -> None:
    lock(day)
    number = prepared(day)
    ceremony.go_on_stage(number, actor_id=who(day), role=OFFICE)
    unlock(day)
    assert press(day, number, "jump", to=4)
    assert screen(number)["kind"] == "later" and not screen(number)["lines"]
    assert press(day, number, "jump", to=5) and screen(number)["kind"] == "later"
    assert press(day, number, "jump", to=7) and screen(number)["kind"] == "closing"
    assert not board(day)["standings"]
    with pytest.raises(Refusal, match="on stage"):
        ceremony.prepare_again(number, seen=1, actor_id=who(day))
    ceremony.go_off_stage(number, actor_id=who(day))
    with pytest.raises(Refusal, match="T17: opened again"):
        ceremony.go_on_stage(number, actor_id=who(day), role=OFFICE)
    with pytest.raises(Refusal, match="not locked"):
        ceremony.prepare_again(number, seen=1, actor_id=who(day))
    lock(day)
    with pytest.raises(Refusal, match="prepare again"):  # the next version is not the one prepared
        ceremony.go_on_stage(number, actor_id=who(day), role=OFFICE)
    for _ in range(2):
        ceremony.prepare_again(number, seen=1, actor_id=who(day))
    assert (row(number).project, row(number).slide, row(number).state) == (2, 1, "prepared")
    assert [one["version"] for one in project(number).versions] == [2]
    ceremony.go_on_stage(number, actor_id=who(day), role=OFFICE)
    assert press(day, number, "jump", to=4) and board(day)["standings"]


@pytest.mark.parametrize("state", [EntryState.WITHDRAWN, EntryState.NOT_ELIGIBLE])
def test_a_list_that_changed_while_locked_stops_its_skill_only(
    day: Seeded, state: EntryState
) -> None:
    """Nobody opened anything: the winner of one skill is out between preparing and the slide."""
    other = opened_skill("T18")
    rules(other, ties=["criterion", "ruling"])
    mark_everything(other, *FOUR)
    lock(day)
    lock(other)
    wanted = Wanted("闭幕式", "Closing", (day.skill, other.skill))
    number = ceremony.prepare(wanted, actor_id=who(day), key="two-of-them")
    ceremony.go_on_stage(number, actor_id=who(day), role=OFFICE)
    slides = project(number).slides
    gold = {one["completes"]: at for at, one in enumerate(slides, 1) if one["completes"]}
    assert press(day, number, "jump", to=gold[day.skill] - 1)
    assert screen(number)["kind"] != "later"
    with writing() as session:
        session.get_one(Entry, day.entries["K-073"]).state = state
    assert screen(number)["kind"] == "later", "at once, on the slide that stands"
    assert press(day, number, "next") and row(number).slide == gold[day.skill]
    assert screen(number)["kind"] == "later" and project(number).told == []
    assert not board(day)["standings"], "nothing of it comes out"
    for at, slide in enumerate(slides, 1):
        if slide["skills"] == [other.skill]:
            assert press(day, number, "jump", to=at)
            assert screen(number)["kind"] == slide["kind"]
    assert project(number).told == [other.skill] and board(other)["standings"]
    ceremony.go_off_stage(number, actor_id=who(day))
    with pytest.raises(Refusal, match="T17: opened again or changed"):
        ceremony.go_on_stage(number, actor_id=who(day), role=OFFICE)
    with writing() as session:  # and back: the list is the one that was prepared
        session.get_one(Entry, day.entries["K-073"]).state = EntryState.ENTERED
    ceremony.go_on_stage(number, actor_id=who(day), role=OFFICE)
    assert press(day, number, "jump", to=gold[day.skill]) and board(day)["standings"]


def test_ended_links_open_nothing(bare: Seeded) -> None:
    day = bare
    number = prepared(day, is_rehearsal=True)
    other = prepared(day, key="another-ceremony", is_rehearsal=True)
    _at, key = ceremony.use_link(ceremony.give_link(number, actor_id=who(day)))
    unused = ceremony.give_link(number, actor_id=who(day))
    _at, elsewhere = ceremony.use_link(ceremony.give_link(other, actor_id=who(day)))
    assert ceremony.machines(db.session(), number) == (1, 1)
    for _ in range(2):
        ceremony.end_links(number, actor_id=who(day))
    assert not ceremony.has_key(db.session(), number, key)
    with pytest.raises(Refusal, match="used or is out of date"):
        ceremony.use_link(unused)
    assert ceremony.has_key(db.session(), other, elsewhere), "of another ceremony"
    assert ceremony.machines(db.session(), number) == (0, 0)
    assert acts(number) == ["prepare", "link", "machine", "link", "links_end"]
    _at, fresh = ceremony.use_link(ceremony.give_link(number, actor_id=who(day)))
    assert ceremony.has_key(db.session(), number, fresh)


def test_a_rehearsal_publishes_nothing_and_names_nobody(bare: Seeded) -> None:
    """Of a skill that nobody has locked: invented people, and neither release nor version."""
    day = bare
    number = prepared(day, order="top_five", is_rehearsal=True)
    assert prepared(day, order="top_five", is_rehearsal=True) == number
    told = json.dumps(project(number).slides, ensure_ascii=False)
    assert not any(person[0] in told for person in PEOPLE) and project(number).versions == []
    ceremony.go_on_stage(number, actor_id=who(day), role=OFFICE)
    before, revision = board(day), db.session.get_one(Skill, day.skill).revision
    for _ in range(len(kinds(number)) - 1):
        assert press(day, number, "next")
    assert board(day) == before and db.session.get_one(Skill, day.skill).revision == revision
    assert db.session.scalar(select(func.count(ReleaseChange.id))) == 0
    assert db.session.scalar(select(func.count(ResultVersion.id))) == 0
    assert project(number).told == []


def test_a_link_opens_the_stage_once(bare: Seeded) -> None:
    day = bare
    number = prepared(day, is_rehearsal=True)
    token = ceremony.give_link(number, actor_id=who(day))
    at, key = ceremony.use_link(token)
    assert at == number and ceremony.has_key(db.session(), number, key)
    for wrong in (token, "", "never-given", "\x00"):
        with pytest.raises(Refusal, match="used or is out of date"):
            ceremony.use_link(wrong)
        assert not ceremony.has_key(db.session(), number, wrong)
    assert not ceremony.has_key(db.session(), number + 1, key)
    ceremony.take_remote(number, Proof(who(day), "sign_in:1"), OFFICE)
    assert acts(number) == ["prepare", "link", "machine", "remote"]
