"""What is said and written on stage, in Chinese and English: titles of slides, and the words of the
master of ceremonies (主持词)."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from judging.rules.medals import MEDALS, Award
from judging.rules.standings_words import AWARDS

Pair = tuple[str, str]

CALL_UP: Pair = ("参赛选手", "The competitors")
BOARD: Pair = ("成绩揭晓", "The results")
NO_MEDALS: Pair = ("本赛项不设奖牌", "No medals in this skill")
CLOSING: Pair = ("祝贺全体选手", "Congratulations to all")
REHEARSAL: Pair = ("彩排 · 结果均为虚构", "Rehearsal · every result is invented")
TEST = "彩排 TEST"  # the watermark
POINTS: Pair = ("分", "pts")
SOON: Pair = ("即将开始", "Beginning soon")
OVER: Pair = ("典礼结束", "The ceremony is over")
ENDED: Pair = ("此机器不再显示舞台", "This machine no longer shows the stage")
EMERGENCY: Pair = ("紧急通知", "Emergency")  # over a text that covers everything
PAUSE: Pair = ("请稍候", "One moment, please")
UNORDERED: Pair = ("，排名不分先后", ", in no particular order")
LATER: Pair = ("稍后公布", "To be announced later")
LATER_SAID: Pair = (
    "本赛项的成绩正在核对，稍后公布，请大家稍候。",
    "The results of this skill are being checked and will be announced later.",
)


class Line(Protocol):
    """What a sentence needs of somebody."""

    @property
    def label(self) -> Pair: ...
    @property
    def delegation_name(self) -> Pair: ...
    @property
    def place(self) -> int | None: ...
    @property
    def total(self) -> str: ...


Says = Callable[[Sequence[Line], Pair], Pair]

# Where the name of a ceremony may break on stage: before the words that such names are made of, and
# after a bracket. Chinese has no spaces, and a browser would break inside a word.
BREAKS = re.compile(r"(?=第.{1,4}届|职业技能|(?<!职业)技能|开幕|闭幕|颁奖|表彰|暨)|(?<=）)")


def offered(competition: Pair) -> Pair:
    """The title that a ceremony of this competition is offered."""
    zh, en = competition
    return f"{zh}颁奖典礼", f"Award Ceremony of {_the(en)}"


def phrases(title: str) -> list[str]:
    """A Chinese title in pieces between which it may break."""
    return [one for one in BREAKS.split(title) if one]


def headline(slide: Mapping[str, Any]) -> Pair:
    """What tells a slide from its neighbours where they are listed: its title, the places that a
    board settles, its page. No name, since lists of slides lie about."""
    zh, en = slide["title"]
    if slide["kind"] == "board":
        more = _settling([line["place"] for line in slide["lines"] if line["new"]])
        zh, en = f"{zh} · {more[0]}", f"{en} · {more[1]}"
    page = " {}/{}".format(*slide["page"]) if slide["page"] else ""
    return f"{zh}{page}", f"{en}{page}"


def _settling(places: Sequence[int]) -> Pair:
    if not places:
        return "此前公开的榜", "as public before"
    first, last = min(places), max(places)
    if first != last:
        return f"第 {first} 至 {last} 名", f"places {first} to {last}"
    if len(places) > 1:
        return f"并列第 {first} 名", f"shared place {first}"
    return f"第 {first} 名", f"place {first}"


def opening(title: Pair) -> Pair:
    """The first words."""
    return (
        f"女士们、先生们，{title[0]}现在开始。",
        f"Ladies and gentlemen, welcome to {_the(title[1])}.",
    )


def closing(title: Pair) -> Pair:
    """The last words."""
    return (
        f"{title[0]}到此结束。祝贺全体获奖选手，感谢每一位选手、裁判和工作人员。",
        f"This concludes {_the(title[1])}. Congratulations to all winners, and thanks to every"
        " competitor, judge and helper.",
    )


def call_up(lines: Sequence[Line], skill: Pair) -> Pair:
    """Whom to call onto the stage for a skill, in an order that tells nothing."""
    if not lines:
        return f"{skill[0]}赛项。", f"{skill[1]}."
    several = len(lines) > 1
    return (
        f"{skill[0]}赛项。请以下选手上台{UNORDERED[0] if several else ''}：{_listed(lines)[0]}。",
        f"{skill[1]}. Please come onto the stage{UNORDERED[1] if several else ''}:"
        f" {_listed(lines)[1]}.",
    )


def further(lines: Sequence[Line]) -> Pair:
    """More names of the same list."""
    return f"还有：{_listed(lines)[0]}。", f"And: {_listed(lines)[1]}."


def no_medals(skill: Pair) -> Pair:
    """Too few took part, or nobody reached an award."""
    return (
        f"{skill[0]}赛项不设奖牌，感谢各位选手参赛。",
        f"{skill[1]}: no medals are awarded. Thank you all for taking part.",
    )


def award(given: Award, count: int) -> Pair:
    """The title of an award's slide."""
    zh, en = AWARDS[given.value]
    if given in MEDALS and count > 1:
        return f"{zh}（并列 {count} 名）", f"{_capital(en)}, shared by {count}"
    return zh, _capital(en)


def winners(given: Award, all_given: Mapping[Award, Sequence[str]]) -> Says:
    """What is said of those who have an award, and which medals are not given because of a tie."""

    def said(lines: Sequence[Line], skill: Pair) -> Pair:
        zh, en = AWARDS[given.value]
        names = _listed(lines)
        if given not in MEDALS:
            order = UNORDERED if len(lines) > 1 else ("", "")
            return (
                f"获得{skill[0]}赛项{zh}的是{order[0]}：{names[0]}。",
                f"{_capital(en)} in {skill[1]}{order[1]}: {names[1]}.",
            )
        if len(lines) == 1:
            return (
                f"获得{skill[0]}赛项{zh}的是：{names[0]}！",
                f"The {en} medal in {skill[1]} goes to {names[1]}!",
            )
        missing = given is Award.GOLD and Award.SILVER not in all_given
        return (
            f"{skill[0]}赛项{zh}并列 {len(lines)} 名："
            f"{names[0]}！{'按规则不设银牌。' if missing else ''}",
            f"The {en} medal in {skill[1]} is shared by {len(lines)}: {names[1]}!"
            f"{' By the rules there is no silver medal.' if missing else ''}",
        )

    return said


def settled(new: Sequence[Line], skill: Pair) -> Pair:
    """What is said when lines of the board are settled; without any, over the board as it was."""
    if not new:
        return (
            f"这是{skill[0]}赛项此前公开的榜，下面逐一揭晓。",
            f"This is the board of {skill[1]} as it was public before. Now line by line.",
        )
    zh = "；".join(f"第 {one.place} 名，{_who(one)[0]}，总分 {one.total}" for one in new)
    en = "; ".join(f"place {one.place}, {_who(one)[1]}, with {one.total}" for one in new)
    return f"{zh}。", f"{_capital(en)}."


def best_title(place: int, measure: str, count: int) -> Pair:
    """The title of a slide of the best delegations; `count`: how many share the place."""
    zh = "奖牌榜" if measure == "medals" else "积分榜"
    en = "medals" if measure == "medals" else "points"
    shared = (f"（并列 {count} 个）", f", shared by {count}") if count > 1 else ("", "")
    return (
        f"代表团{zh}第 {place} 名{shared[0]}",
        f"Delegations by {en}: place {place}{shared[1]}",
    )


def best(place: int, names: Sequence[Pair], measure: str, skills: int) -> Pair:
    """What is said of the best delegations."""
    zh, en = ("奖牌", "medals") if measure == "medals" else ("积分", "points")
    shared = len(names) > 1
    *others, last = [name for _, name in names]
    listed = f"{', '.join(others)} and {last}" if shared else last
    return (
        f"按本次颁奖的 {skills} 个赛项的{zh}，代表团{'并列' if shared else ''}第 {place} 名是："
        f"{'、'.join(one for one, _ in names)}！",
        f"By {en} in the {skills} skills of this ceremony, place {place}"
        f"{' is shared by' if shared else ' goes to'} {listed}!",
    )


def _listed(lines: Sequence[Line]) -> Pair:
    return (
        "；".join(_who(line)[0] for line in lines),
        "; ".join(_who(line)[1] for line in lines),
    )


def _who(line: Line) -> Pair:
    zh, en = line.delegation_name
    return (
        f"{zh} {line.label[0]}" if zh else line.label[0],
        f"{line.label[1]}, {en}" if en else line.label[1],
    )


def _the(name: str) -> str:
    """A name within a sentence, with its article once."""
    bare = name[4:] if name[:4].lower() == "the " else name
    return f"the {bare}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
