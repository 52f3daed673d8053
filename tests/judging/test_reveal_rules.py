"""Orders of revealing and the slides made of lists, each case worked by hand."""

from typing import Any

import pytest

from judging.rules import ceremony_slides, reveal
from judging.rules.ceremony_slides import Listed, Named, slides
from judging.rules.final import final
from judging.rules.medals import Award
from judging.rules.ranking import PRESETS, Result, Taking
from judging.rules.reveal import Order, Revealed, Slot, steps

G, S, B, M, E = Award.GOLD, Award.SILVER, Award.BRONZE, Award.MEDALLION, Award.MERIT
LETTERS = {"G": G, "S": S, "B": B, "M": M, "E": E, "-": None}


def lines(text: str) -> list[Revealed]:
    """ "a1G/3 b2S": key, place (x: none), award, and after the slash the place seen before."""
    out = []
    for word in text.split():
        told, _slash, before = word.partition("/")
        key, place, award = told[0], told[1:-1], LETTERS[told[-1]]
        seen = int(before) if before else None
        out.append(Revealed(key, None if place == "x" else int(place), award, seen))
    return out


def said(found: list[tuple[str, ...]]) -> str:
    return " ".join("".join(keys) for keys in found)


BY_PLACE = [
    (
        "a1G b2S c3B d4E e5E f6-",
        "de c b a",
        "one of each, 优胜奖 as a list, who has none is not told",
    ),
    ("a1G b2G c3B d4M", "d c ab", "gold shared, so no silver"),
    ("a1G b2S c3S d4M", "d bc a", "two silvers within the window, no bronze"),
    ("a1G b1G c1G d4-", "abc", "three golds and nothing else"),
    ("a1G", "a", "a single entry with gold"),
    ("a1-", "", "a single entry, void: nothing to tell"),
    ("a1G b2S cx- dx-", "b a", "no-shows and those out of competition have no place"),
]


@pytest.mark.parametrize(("text", "wanted", "_why"), BY_PLACE)
def test_by_place_from_the_last_award_to_gold(text: str, wanted: str, _why: str) -> None:
    assert said(steps(lines(text), Order.PLACE)) == wanted


BY_CHANGE = [
    # changes: a |1-1|=0, b |4-2|=2, c |2-3|=1, d |3-4|=1; of two with 1 the worse place first
    ("a1G/1 b2S/4 c3B/2 d4-/3", "a d c b", "least first, of equal changes the worse place"),
    ("a1G/1 b2S/2 c3B/3", "c b a", "nobody moves: from the last to the first"),
    ("a1G b2S c3B", "c b a", "nothing was public: from the last to the first"),
    # a was never seen: counts as 3, of three
    ("a1G b2S/1 c3B/3", "c b a", "whom the public never saw comes last"),
    # b and c share the second place: together, by the larger change of both (3-2=1 and 5-2=3)
    ("a1G/1 b2S/3 c2S/5 d4-/2", "a d bc", "a shared place is one screen"),
]


@pytest.mark.parametrize(("text", "wanted", "_why"), BY_CHANGE)
def test_by_smallest_change(text: str, wanted: str, _why: str) -> None:
    assert said(steps(lines(text), Order.CHANGE)) == wanted


TOP_FIVE = [
    ("a1G b2S c3B d4- e5- f6- g7-", "gf e d c b a", "below five at once, then one by one"),
    ("a1G b2S c3B", "c b a", "fewer than five are all open"),
    ("a1G b2S c3B d4- e5- f5- g7-", "g ef d c b a", "a tie for the fifth is open, on one screen"),
    ("a1G b1G c3B d4- e5- fx-", "e d c ab", "gold shared at the very end"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted", "_why"), TOP_FIVE)
def test_the_top_five_stay_open(text: str, wanted: str, _why: str) -> None:
    assert said(steps(lines(text), Order.TOP_FIVE)) == wanted


def test_a_screen_settles_eight_lines_and_tears_no_tie_apart() -> None:
    field = [Revealed(f"{place:02}", place) for place in range(1, 21)]
    found = steps(field, Order.TOP_FIVE)
    # places 20 to 6 are fifteen lines: eight and seven; then five of one line
    assert [len(keys) for keys in found] == [8, 7, 1, 1, 1, 1, 1]
    assert found[0][0] == "20" and found[-1] == ("01",)
    tied = [Revealed(f"t{number}", 6) for number in range(12)]
    assert len(steps([*field[:5], *tied], Order.TOP_FIVE)[0]) == 12


def test_open_lines_stand_as_the_public_saw_them() -> None:
    """Final a b c d; before it was c a b d. Settled: b, which is second."""
    field = lines("a1G/2 b2S/3 c3B/1 d4-")
    assert reveal.board(field, {"b"}, {"b"}) == [
        Slot("c"),  # the first of those seen before fills the first free slot; no old place
        Slot("b", 2, is_new=True),
        Slot("a"),
        Slot("d"),  # never seen: after the others
    ]
    # nothing was seen: by key, so that the final order is told by nothing
    hidden = [Revealed("z", 1, G), Revealed("m", 2, S), Revealed("a", 3, B)]
    assert [slot.key for slot in reveal.board(hidden, ())] == ["a", "m", "z"]
    assert [slot.place for slot in reveal.board(hidden, ())] == [None, None, None]


def test_a_board_that_is_half_settled_tells_no_place_that_is_not_final() -> None:
    """Of seven the third, sixth and last are settled; the others wait without their old places."""
    field = lines("a1G/2 b2S/1 c3B/3 d4-/5 e5-/6 f6-/4 g7-/7")
    places = [slot.place for slot in reveal.board(field, {"c", "f", "g"}, {"f"})]
    assert places == [None, None, 3, None, None, 6, 7]


def test_a_window_lies_around_what_is_new() -> None:
    field = [Revealed(f"{place:02}", place, before=place) for place in range(1, 13)]
    slots = reveal.board(field, {"12", "11"}, {"11"})
    assert [slot.key for slot in reveal.window(slots, 5)] == ["08", "09", "10", "11", "12"]
    assert [slot.key for slot in reveal.window(reveal.board(field, ()), 3)] == ["01", "02", "03"]


# Slides


def listed(text: str, *, sealed: bool = False, code: str = "W17") -> Listed:
    told = [
        Named(
            one.key, (f"{one.key}先生", f"Mr {one.key}"), one.place, one.award, "9.50",
            "" if sealed else f"D{one.key}",
            ("", "") if sealed else (f"{one.key}团", f"{one.key} team"), one.before, "9.00",
        )
        for one in lines(text)
    ]  # fmt: skip
    return Listed(int(code[1:]), code, ("网站", "Web"), tuple(told))


def made(*lists: Listed, order: Order = Order.PLACE) -> list[dict[str, Any]]:
    return slides(("典礼", "ceremony"), lists, order, "medals")


def kinds(found: list[dict[str, Any]]) -> list[str]:
    return [slide["kind"] + (f":{slide['award']}" if "award" in slide else "") for slide in found]


def test_a_skill_goes_from_call_up_to_gold_and_delegations_end() -> None:
    found = made(listed("c1G b2S a3B d4E"))
    assert kinds(found) == [
        "opening", "call_up", "merit:merit", "medal:bronze", "medal:silver", "medal:gold",
        "delegations", "delegations", "delegations", "closing",
    ]  # fmt: skip
    # called by delegation, which tells nothing; complete with gold and not before
    assert [line["label"][1] for line in found[1]["lines"]] == ["Mr a", "Mr b", "Mr c", "Mr d"]
    assert [slide["completes"] for slide in found] == [None] * 5 + [17] + [None] * 4
    assert [slide["lines"][0]["label"][1] for slide in found[6:9]] == ["a team", "b team", "c team"]
    assert "获得网站赛项金牌的是：c团 c先生！" in found[5]["says"][0]
    assert "The gold medal in Web goes to Mr c, c team!" in found[5]["says"][1]


def test_gold_shared_is_one_screen_and_says_why_there_is_no_silver() -> None:
    found = made(listed("a1G b2G c3B"))
    gold = next(slide for slide in found if slide.get("award") == "gold")
    assert len(gold["lines"]) == 2 and gold["title"] == ["金牌（并列 2 名）", "Gold, shared by 2"]
    assert "按规则不设银牌" in gold["says"][0] and "no silver medal" in gold["says"][1]
    assert "medal:silver" not in kinds(found)
    # both have one gold: they share the first place, on one screen; then the third
    best = [slide for slide in found if slide["kind"] == "delegations"]
    assert [(len(slide["lines"]), slide["title"][1]) for slide in best] == [
        (1, "Delegations by medals: place 3"),
        (2, "Delegations by medals: place 1, shared by 2"),
    ]


def test_delegations_that_share_a_place_are_all_told_however_many() -> None:
    found = made(*[listed(f"{team}1G", code=f"W{n}") for n, team in enumerate("abcdefghijklm", 1)])
    best = [slide for slide in found if slide["kind"] == "delegations"]
    assert [(len(slide["lines"]), slide["page"]) for slide in best] == [(12, [1, 2]), (1, [2, 2])]


def test_nobody_without_a_place_is_called_and_a_void_skill_says_so() -> None:
    found = made(listed("a1- bx-"))
    assert kinds(found) == ["opening", "call_up", "none", "closing"]
    assert len(found[1]["lines"]) == 1 and found[2]["completes"] == 17
    empty = made(listed("bx-"))
    assert kinds(empty) == ["opening", "call_up", "none", "closing"]
    assert empty[2]["completes"] == 17


def test_a_sealed_skill_tells_no_delegation_and_counts_for_none() -> None:
    found = made(listed("a1G b2S", sealed=True))
    assert "delegations" not in kinds(found)
    assert found[1]["lines"][0]["delegation"] == ["", ""]


def test_many_names_take_several_slides() -> None:
    field = [Named(f"{n:02}", (f"名{n}", f"N{n}"), n, E, "1.00") for n in range(1, 31)]
    found = made(Listed(17, "W17", ("网站", "Web"), tuple(field)))
    called = [slide for slide in found if slide["kind"] == "call_up"]
    assert [(len(slide["lines"]), slide["page"]) for slide in called] == [
        (12, [1, 3]), (12, [2, 3]), (6, [3, 3]),
    ]  # fmt: skip
    merit = [slide for slide in found if slide["kind"] == "merit"]
    assert [slide["completes"] for slide in merit] == [None, None, 17]


def test_a_board_is_complete_before_the_medals_are_handed_out() -> None:
    found = made(listed("a1G/2 b2S/1 c3B/3"), order=Order.CHANGE)
    assert kinds(found)[:9] == [
        "opening", "call_up", "board", "board", "board", "board", "medal:bronze", "medal:silver",
        "medal:gold",
    ]  # fmt: skip
    first, *_more, last = [slide for slide in found if slide["kind"] == "board"]
    assert [(row["label"][1], row["place"], row["total"]) for row in first["lines"]] == [
        ("Mr b", None, "9.00"), ("Mr a", None, "9.00"), ("Mr c", None, "9.00"),
    ]  # fmt: skip
    assert not any(row["award"] for row in first["lines"])
    assert last["completes"] == 17 and all(row["award"] for row in last["lines"])


def test_no_slide_holds_anything_of_a_later_one() -> None:
    """Of whom a board has not settled, it has what was public before and nothing else."""
    field = listed("a1G/2 b2S/1 c3B/3 d4-/4 e5-/5 f6-/6")
    for order in (Order.CHANGE, Order.TOP_FIVE):
        for slide in made(field, order=order):
            for row in slide["lines"] if slide["kind"] == "board" else ():
                if not row["settled"]:
                    assert row["award"] is row["place"] is None and row["total"] == "9.00"


def test_slides_are_the_same_from_the_same_lists_and_a_reopened_skill_says_later() -> None:
    twice = [ceremony_slides.digest(made(listed("a1G b2S"))) for _ in range(2)]
    assert twice[0] == twice[1] != ceremony_slides.digest(made(listed("b1G a2S")))
    gold = next(slide for slide in made(listed("a1G b2S")) if slide.get("award") == "gold")
    shown = ceremony_slides.later(gold)
    assert shown["title"] == ["稍后公布", "To be announced later"] and "award" not in shown
    assert not shown["lines"] and shown["completes"] is None and "a先生" not in str(shown)


def test_awards_of_the_medal_rules_come_out_as_screens() -> None:
    """WorldSkills, six who took part and a no-show: 760 and 758 within the window, so two golds and
    no silver; a team is one entry."""
    totals = {"a": 9000, "b": 8990, "c": 7000, "d": 6000, "e": 5000, "f": 4000}
    results = [Result(key, total, people=2) for key, total in totals.items()]
    results.append(Result("x", 0, taking=Taking.NO_SHOW))
    found = final(results, PRESETS["worldskills"])
    told = [Revealed(one.key, one.standing.place, one.given.award) for one in found.lines]
    assert said(steps(told, Order.PLACE)).split()[-1] == "ab"
    assert "x" not in said(steps(told, Order.CHANGE))
