"""What is said and written on stage, each sentence read as the master of ceremonies reads it."""

import pytest

from judging.rules import ceremony_words as words
from judging.rules.ceremony_slides import Named
from judging.rules.medals import Award

WEB = ("网站", "Web")


def called(*names: str) -> list[Named]:
    return [Named(one, (f"{one}先生", f"Mr {one}"), 1, Award.MERIT, "9.00") for one in names]


@pytest.mark.parametrize(
    ("competition", "title"),
    [
        ("Heilongjiang Skills", "Award Ceremony of the Heilongjiang Skills"),
        ("The 2026 Skills", "Award Ceremony of the 2026 Skills"),
    ],
)
def test_the_title_that_is_offered_reads_well_in_the_first_and_last_words(
    competition: str, title: str
) -> None:
    offered = words.offered(("技能大赛", competition))
    assert offered == ("技能大赛颁奖典礼", title)
    assert words.opening(offered)[1] == f"Ladies and gentlemen, welcome to the {title}."
    assert words.closing(offered)[1].startswith(f"This concludes the {title}. Congratulations")
    assert "welcome to the Closing." in words.opening(("闭幕", "The Closing"))[1]


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("黑龙江省职业技能大赛（演示）颁奖典礼", "黑龙江省 职业技能大赛（演示） 颁奖典礼"),
        ("第三届全省技能大赛闭幕式暨颁奖典礼", "第三届全省 技能大赛 闭幕式 暨 颁奖典礼"),
        ("Closing", "Closing"),
    ],
)
def test_a_title_breaks_between_its_phrases(title: str, parts: str) -> None:
    assert words.phrases(title) == parts.split()


def test_no_order_is_spoken_of_where_there_is_one_winner() -> None:
    merit = words.winners(Award.MERIT, {})
    assert merit(called("甲"), WEB) == (
        "获得网站赛项优胜奖的是：甲先生。",
        "Merit award in Web: Mr 甲.",
    )
    assert merit(called("甲", "乙"), WEB) == (
        "获得网站赛项优胜奖的是，排名不分先后：甲先生；乙先生。",
        "Merit award in Web, in no particular order: Mr 甲; Mr 乙.",
    )
    assert words.call_up(called("甲"), WEB) == (
        "网站赛项。请以下选手上台：甲先生。",
        "Web. Please come onto the stage: Mr 甲.",
    )
    assert "排名不分先后" in words.call_up(called("甲", "乙"), WEB)[0]
    assert words.call_up([], WEB) == ("网站赛项。", "Web.")


def test_a_shared_place_of_delegations_is_titled_so() -> None:
    assert words.best_title(1, "medals", 2) == (
        "代表团奖牌榜第 1 名（并列 2 个）",
        "Delegations by medals: place 1, shared by 2",
    )
    assert words.best_title(3, "points", 1)[0] == "代表团积分榜第 3 名"
    teams = [("甲", "A"), ("乙", "B"), ("丙", "C")]
    assert words.best(1, teams, "medals", 2)[1].endswith("place 1 is shared by A, B and C!")
    assert words.best(1, teams[:1], "medals", 2)[1].endswith("place 1 goes to A!")


@pytest.mark.parametrize(
    ("settled", "said"),
    [
        ([], ("成绩揭晓 · 此前公开的榜", "The results · as public before")),
        ([4], ("成绩揭晓 · 第 4 名", "The results · place 4")),
        ([2, 2], ("成绩揭晓 · 并列第 2 名", "The results · shared place 2")),
        ([6, 7, 8], ("成绩揭晓 · 第 6 至 8 名", "The results · places 6 to 8")),
    ],
)
def test_boards_are_told_apart_by_the_places_that_they_settle(
    settled: list[int], said: tuple[str, str]
) -> None:
    lines = [{"place": place, "new": True} for place in settled]
    waiting = {"place": None, "new": False}
    board = {"kind": "board", "title": words.BOARD, "lines": [waiting, *lines], "page": None}
    assert words.headline(board) == said


def test_pages_are_told_apart_by_their_number() -> None:
    slide = {"kind": "call_up", "title": words.CALL_UP, "lines": [], "page": [2, 3]}
    assert words.headline(slide) == ("参赛选手 2/3", "The competitors 2/3")
