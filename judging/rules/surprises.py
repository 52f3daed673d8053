"""What in final standings may surprise people: unusual medals, ties, places that wait, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from judging.rules import medals
from judging.rules.final import Final, Line
from judging.rules.medals import MEDALS, Award
from judging.rules.scheme import two_decimals
from judging.rules.standings_words import AWARDS

Sentence = tuple[str, str]
Names = Mapping[str, Sentence]


@dataclass(frozen=True, slots=True)
class Surprise:
    """One thing that somebody will ask about. `kind` counts alike ones over many runs."""

    kind: str
    zh: str
    en: str


def surprises(board: Final, names: Names | None = None) -> list[Surprise]:
    """Everything unusual about a board, the most important first."""
    called = names or {}
    return [
        *_field(board),
        *_waiting(board, called),
        *_medals(board),
        *_unequal(board, called),
        *_equal(board, called),
        *_scale(board),
    ]


def _field(board: Final) -> Iterator[Surprise]:
    """Too few for all medals, or for any."""
    kinds = medals.kinds(board.size, board.rules)
    if board.rules.medals == "none" or kinds == len(MEDALS):
        return
    if not kinds:
        yield Surprise(
            "void",
            f"只有 {board.size} 名参赛者，人数太少，该赛项不设奖。",
            f"Only {board.size} took part: for so few the skill gives no award.",
        )
        return
    given = [AWARDS[one] for one in MEDALS[:kinds]]
    yield Surprise(
        "small_field",
        f"只有 {board.size} 名参赛者，人数少，只设{'和'.join(zh for zh, _ in given)}。",
        f"Only {board.size} took part: for so few the only medals are"
        f" {' and '.join(en for _, en in given)}."
        if kinds > 1
        else f"Only {board.size} took part: for so few the only medal is {given[0][1]}.",
    )


def _waiting(board: Final, names: Names) -> Iterator[Surprise]:
    """Ties that the list did not decide; those that a medal hangs on are the worse."""
    open_lines = [line for line in board.lines if line.standing.needs]
    for (place, last), group in groupby(
        open_lines, key=lambda line: (line.standing.place, line.standing.last)
    ):
        lines = list(group)
        who = _who(lines, names)
        on_medal = any(line.given.pending for line in lines)
        missing = {line.standing.needs for line in lines}
        zh = "、".join(_MISSING[one][0] for one in sorted(missing))
        en = ", ".join(_MISSING[one][1] for one in sorted(missing))
        yield Surprise(
            "open_award" if on_medal else "open_place",
            f"第 {place} 至 {last} 名待定（{who[0]}），缺{zh}"
            + ("；奖项因此待定。" if on_medal else "。"),
            f"Places {place} to {last} are not decided ({who[1]}): lacking {en}"
            + ("; an award hangs on it." if on_medal else "."),
        )


_MISSING: dict[str, Sentence] = {
    "time": ("用时记录", "a working time"),
    "vote": ("裁判组表决", "the judges' vote"),
    "ruling": ("签字裁决", "a signed ruling"),
}


def _medals(board: Final) -> Iterator[Surprise]:
    """Not one of each: “two golds, no silver” and the like."""
    kinds = medals.kinds(board.size, board.rules)
    if board.rules.medals == "none" or not kinds or any(line.given.pending for line in board.lines):
        return
    counts = {award: len(board.of(award)) for award in MEDALS}
    expected = {award: int(number < kinds) for number, award in enumerate(MEDALS)}
    if counts == expected:
        return
    parts = [_counted(award, counts[award]) for award in MEDALS[:kinds]]
    yield Surprise(
        "medals:" + "-".join(str(counts[award]) for award in MEDALS),
        "奖牌数不寻常：" + "，".join(zh for zh, _ in parts) + "。",
        "Unusual medals: " + ", ".join(en for _, en in parts) + ".",
    )


def _counted(award: Award, count: int) -> Sentence:
    zh, en = AWARDS[award]
    if not count:
        return f"没有{zh}", f"no {en}"
    return f"{count} 枚{zh}", f"{count} {en}{'s' if count > 1 else ''}"


def _unequal(board: Final, names: Names) -> Iterator[Surprise]:
    """The same medal though totals differ: a tie on the scale."""
    for award in MEDALS:
        lines = board.of(award)
        totals = [line.standing.total for line in lines]
        if len(set(totals)) > 1:
            who, medal = _who(lines, names), AWARDS[award]
            more = two_decimals(max(totals) - min(totals))
            yield Surprise(
                "unequal_totals",
                f"{who[0]} 总分相差 {more}，但都得{medal[0]}。",
                f"{who[1]} are {more} apart, yet all have {medal[1]}.",
            )


def _equal(board: Final, names: Names) -> Iterator[Surprise]:
    """Equal totals, but another award: the list of tie-breaks made the difference."""
    placed = [line for line in board.lines if line.standing.place is not None]
    for total, group in groupby(placed, key=lambda line: line.standing.total):
        lines = list(group)
        if len({line.given.award for line in lines}) < 2:
            continue
        who = _who(lines, names)
        yield Surprise(
            "equal_totals",
            f"{who[0]} 总分同为 {two_decimals(total)}，奖项不同，由同分规则决定。",
            f"{who[1]} have {two_decimals(total)} each, but different awards: the tie-breaks"
            " decided.",
        )


def _scale(board: Final) -> Iterator[Surprise]:
    if board.fitted is not None and not board.by_score and board.size:
        yield Surprise(
            "flat_scale",
            "超过一半的人总分相同，换算分无法区分，奖牌按总分比较。",
            "More than half have one total, so scale scores tell nobody apart; medals go by"
            " totals.",
        )


def _who(lines: Sequence[Line], names: Names) -> Sentence:
    said = [names.get(line.key, (line.key, line.key)) for line in lines]
    return "、".join(zh for zh, _ in said), " and ".join(en for _, en in said)
