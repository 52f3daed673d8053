"""Official boards: places, awards and reasons by the skill's rules, and nothing before the lock."""

import json
import re
from pathlib import Path

import pytest

from competition import entries_moved
from competition.database import db, writing
from competition.models import Account, Entry, EntryState, Release, Skill
from competition.moment import now
from competition.rules.refusal import Refusal
from judging import books, cells, document, kept, live, results, sheets, tallies
from judging.models import Observation
from judging.rules.overall import of_now
from judging.rules.visibility import Shown, shown_state
from judging.views import book_told, card_told
from tests.judging.desks import signed_in
from tests.judging.official import lock, mark_everything, rules, unblind
from tests.judging.seed import CODES, PEOPLE, Seeded, let_out, seed

# Totals, of 6.50 measured and 4.00 judged: 10.50, 9.50, 8.50 and 8.50.
FOUR = ({}, {"A1.02": 0}, {"A1.02": 0, "A1.04": 0}, {"A1.01": 0, "A1.03": 0})


@pytest.fixture
def day(context) -> Seeded:
    found = seed()
    let_out(found.skill, Release.CONFIRMED, actor_id=found.judges["chief"])
    return found


def board(day: Seeded) -> dict:
    skill = db.session.get_one(Skill, day.skill, populate_existing=True)
    return results.snapshot(skill).body


def test_before_the_lock_nothing_says_why_or_what_it_gives(day: Seeded) -> None:
    rules(day)
    mark_everything(day, *FOUR)
    text = json.dumps(board(day))
    assert '"why_' not in text and '"award"' not in text and '"medals"' not in text


def test_every_line_says_why_by_aliases_only(day: Seeded) -> None:
    rules(day)
    mark_everything(day, *FOUR)
    lock(day)
    found = board(day)
    first, second, third, fourth = found["standings"]
    assert first["why_en"][0] == "Place 1 with 10.50, 1.00 more than Competitor P42."
    assert first["why_zh"][0] == "第 1 名，总分 10.50，比 选手 P42 多 1.00。"
    assert second["why_en"][0] == "Place 2 with 9.50, 1.00 less than Competitor P41."
    # the list compares criteria A and B, which are equal, then times, which nobody recorded
    assert [third["undecided"], fourth["undecided"]] == [True, True]
    assert third["shared"] is False and third["place"] == fourth["place"] == 3
    assert any("working times next" in one for one in third["why_en"])
    assert third["why_en"][0] == (
        "Place 3 with 8.50, 1.00 less than Competitor P42, the same total as Competitor P44."
    )
    assert fourth["why_zh"][0] == "第 3 名，总分 8.50，与 选手 P43 总分相同。"
    # four in the field: gold only
    assert [one["award"] for one in found["standings"]] == ["gold", "merit", None, None]
    assert found["medals"] == "china" and found["scale"] is None
    text = json.dumps(found, ensure_ascii=False)
    for name, school, zh, en, number, _alias in PEOPLE:
        assert not any(one in text for one in (name, school, zh, en, number))
    assert not any(code in text for code in CODES) and '"counts"' not in text


def test_a_criterion_decides_a_tie_and_says_by_which_figures(day: Seeded) -> None:
    rules(day, ties=["criterion", "ruling"])
    # 8.50 = 6.50 + 2.00 (votes 2 and 1 of 3 → 1.33 + 0.67) against 4.50 + 4.00
    mark_everything(day, {"B1.01": 2, "B1.02": 1}, {"A1.01": 0, "A1.03": 0}, {"A1.02": 0})
    lock(day)
    named = {one["label_en"]: one for one in board(day)["standings"]}
    ahead, behind = named["Competitor P41"], named["Competitor P42"]
    assert (ahead["total"], behind["total"]) == ("8.50", "8.50")
    assert (ahead["place"], behind["place"]) == (3, 4)
    assert (
        "Tie: criterion A compares, 6.50 against 4.50 of Competitor P42, so before."
        in (ahead["why_en"])
    )


def test_an_open_skill_names_people_and_says_what_counts_for_whom(day: Seeded) -> None:
    unblind(day)
    rules(day, "worldskills")
    mark_everything(day, *FOUR)
    with writing() as session:
        session.get_one(Entry, day.entries[CODES[0]]).out_of_competition = True
    lock(day)
    found = board(day)
    outside = found["standings"][-1]
    assert outside["label_zh"] == PEOPLE[0][0] and outside["place"] is None
    assert outside["award"] is None and "out of competition" in outside["why_en"][0]
    assert found["scale"] == {"name": "worldskills-700", "version": 1, "approximation": True}
    assert "counts" not in outside


def test_steps_are_of_medals_and_scores_stand_in_a_column(day: Seeded, context) -> None:
    client = context.test_client()

    def shown() -> tuple[list[str], list[str], bool]:
        page = client.get("/skills/T17").text.split('id="standings"')[1].split("</table>")[0]
        steps = re.findall(r'data-step="([^"]*)"', page)
        scores = re.findall(r'data-part="score">([^<]*)<', page)
        return steps, scores, "data-scaled" in page.split(">")[0]

    rules(day)
    mark_everything(day, {}, {"A1.02": 0}, {"A1.02": 0, "A1.04": 0}, {"A1.01": 0, "A1.02": 0})
    assert shown() == (["1", "2", "3", "4"], ["–"] * 4, False), "of places, before the lock"
    lock(day)
    assert shown() == (["1", "", "", ""], ["–"] * 4, False), "one gold, one merit award"


def test_a_scale_that_gives_the_medals_is_shown_with_each_line(day: Seeded, context) -> None:
    rules(day, "worldskills")
    mark_everything(day, *FOUR)
    lock(day)
    lines = board(day)["standings"]
    page = context.test_client().get("/skills/T17").text
    assert '<table id="standings" class="standings" data-scaled>' in page and "近似" in page
    found = re.findall(r'data-part="score">([^<]*)<', page.split("</table>")[0])
    assert found == [str(line["score"]) for line in lines] and all(one.isdigit() for one in found)


def test_who_withdrew_has_no_place(day: Seeded) -> None:
    rules(day)
    mark_everything(day, *FOUR)
    with writing() as session:
        session.get_one(Entry, day.entries[CODES[1]]).state = EntryState.WITHDRAWN
    lock(day)
    last = board(day)["standings"][-1]
    assert last["place"] is None and "did not appear" in last["why_en"][0]


@pytest.mark.parametrize("gone", [{"state": EntryState.WITHDRAWN}, {"is_reserve": True}])
def test_who_withdrew_unmarked_or_is_a_reserve_is_no_work_and_keeps_nobody_from_locking(
    day: Seeded, gone: dict[str, object]
) -> None:
    rules(day)
    with writing() as session:
        for name, value in gone.items():
            setattr(session.get_one(Entry, day.entries[CODES[1]]), name, value)
        entries_moved.note(session, [day.skill], subject="test", actor_id=None)
    mark_everything(day, *FOUR, without=CODES[1])
    assert CODES[1] not in kept.whole(db.session(), day.skill).entries.values()
    skill, judge = (
        db.session.get_one(Skill, day.skill),
        db.session.get_one(Account, day.judges["li"]),
    )
    assert sheets.pack(db.session(), skill, judge)["codes"] == sorted({*CODES} - {CODES[1]})
    with pytest.raises(Refusal, match="no work with that code"):
        sheets.work(db.session(), skill, CODES[1], judge.id)
    lock(day)
    assert len(board(day)["standings"]) == len(CODES) - 1


def test_a_reserve_who_is_marked_all_the_same_becomes_a_work(day: Seeded) -> None:
    with writing() as session:
        session.get_one(Entry, day.entries[CODES[1]]).is_reserve = True
    known = {day.skill: cells.read(db.session(), day.skill)}
    assert CODES[1] not in known[day.skill].entries.values()
    with writing() as session:
        session.add(
            Observation(
                key="evaluation:1:1", skill_id=day.skill, entry_id=day.entries[CODES[1]],
                aspect_id=day.aspects["A1.01"], source="machine", value=50, at=now(),
            )
        )  # fmt: skip
    found = cells.catch_up(db.session(), known, ())[day.skill]
    assert CODES[1] in found.entries.values()
    assert found == cells.read(db.session(), day.skill)


def test_a_skill_without_rules_gets_places_only(day: Seeded) -> None:
    mark_everything(day, *FOUR)
    lock(day)
    found = board(day)
    assert [one["place"] for one in found["standings"]] == [1, 2, 3, 3]
    assert [one["award"] for one in found["standings"]] == [None] * 4
    assert found["standings"][2]["shared"] is True


def test_hidden_stays_hidden_after_the_lock(day: Seeded) -> None:
    rules(day)
    mark_everything(day, *FOUR)
    let_out(day.skill, Release.HIDDEN, actor_id=day.judges["chief"])
    lock(day)
    found = board(day)
    assert found["standings"] == [] and "medals" not in found
    # no official results, nor a file of them, while they are kept back
    assert (found["state"], found["release"]) == ("checking", "hidden")
    skill = db.session.get_one(Skill, day.skill, populate_existing=True)
    assert document.real(db.session(), skill)["state"] == "final"
    let_out(day.skill, Release.CONFIRMED, actor_id=day.judges["chief"])
    assert (board(day)["state"], board(day)["release"]) == ("final", "final")


def test_the_chief_judge_sees_the_same_by_codes(day: Seeded) -> None:
    rules(day)
    mark_everything(day, *FOUR)
    skill = db.session.get_one(Skill, day.skill, populate_existing=True)
    assert "why_en" not in document.real(db.session(), skill)["standings"][0]
    lock(day)
    skill = db.session.get_one(Skill, day.skill, populate_existing=True)
    first = document.real(db.session(), skill)["standings"][0]
    assert first["why_en"][0] == "Place 1 with 10.50, 1.00 more than K-118."
    assert first["award"] == "gold"


def test_page_and_desk_show_the_reasons(day: Seeded, context) -> None:
    context.config["WTF_CSRF_ENABLED"] = False
    rules(day)
    mark_everything(day, *FOUR)
    page = context.test_client().get("/skills/T17").text
    assert "<li>" not in page.split('id="standings"')[1].split("</table>")[0]
    lock(day)
    page = context.test_client().get("/skills/T17").text
    assert "<li>第 1 名，总分 10.50，比 选手 P42 多 1.00。</li>" in page
    assert "<li>第 1 名，总分 10.50，比 K-118 多 1.00。</li>" in (
        signed_in(context, "chief").get("/desk/T17/board").text
    )


@pytest.mark.parametrize("level", [Shown.ALL, Shown.CONFIRMED, Shown.AUTOMATIC])
def test_kept_sums_agree_with_sums_made_anew(day: Seeded, level: Shown) -> None:
    """Sums after every single act are those of reading and adding up all rows again."""

    def agree() -> None:
        found = kept.whole(db.session(), day.skill)
        fresh = cells.read(db.session(), day.skill)
        aspects = tallies.visible(fresh, level)
        assert tallies.tallies(found, level) == {
            entry: tallies.counted(fresh, entry, aspects, level) for entry in fresh.entries
        }

    agree()
    first = day.give(day.post(CODES[0], "A2.01", 100), day.post(CODES[0], "A2.02", 150))
    agree()
    day.give(day.confirm(CODES[0], "A2", first[-1].id), judge="wang")
    agree()
    day.give(day.post(CODES[0], "A2.01", 0, base=first[0].id))
    agree()
    for judge, vote in (("li", 2), ("wang", 3), ("zhao", 3)):
        day.give(day.post(CODES[1], "B1.01", vote, judge=judge), judge=judge)
        agree()


def test_places_that_wait_are_called_so_on_pages_cards_and_in_print(context, day: Seeded) -> None:
    rules(day)
    mark_everything(day, *FOUR)
    lock(day)
    body, visitor = board(day), context.test_client()
    assert body["state"] == "final" and shown_state(body) == "undecided"
    for address in ("/skills/T17", "/screen/T17", "/skills/T17/charts", "/embed/T17"):
        text = visitor.get(address).text
        assert "有名次待定" in text and "正式成绩，已由裁判长锁定" not in text, address
    now_on = of_now([body], [])
    assert [one["state"] for one in now_on["skills"]] == ["undecided"]
    assert (now_on["counts"]["undecided"], now_on["counts"]["final"]) == (1, 0)
    assert live._tile(body)["state"] == "undecided"
    assert 'data-code="T17" data-state="undecided"' in visitor.get("/").text
    assert 'data-key="T17" data-state="undecided"' in visitor.get("/boards/now").text
    skill = db.session.get_one(Skill, day.skill)
    with context.test_request_context():
        told = card_told.of_skill(body)
        assert (told["word"], told["said"]) == ("有名次待定", "已由裁判长锁定，有名次待定")
        book = book_told.told(books.public(db.session(), skill, [skill]), Path("/nowhere"))
        assert "有名次待定" in book["chapters"][0]["state"] and "正式成绩" not in book["state"]
        for line in body["standings"]:
            line["undecided"] = False
        assert card_told.of_skill(body)["word"] == "正式成绩"
