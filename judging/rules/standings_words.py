"""Why a line stands where it stands, in words: the rule, the figure, against whom; zh and en."""

from collections.abc import Callable, Mapping

from judging.rules.final import Final, Line
from judging.rules.medals import Given
from judging.rules.ranking import Taking
from judging.rules.scheme import two_decimals
from judging.rules.ties import Split

Sentence = tuple[str, str]
Names = Mapping[str, Sentence]

AWARDS: dict[str, Sentence] = {
    "gold": ("金牌", "gold"),
    "silver": ("银牌", "silver"),
    "bronze": ("铜牌", "bronze"),
    "medallion": ("优胜奖", "Medallion for Excellence"),
    "merit": ("优胜奖", "merit award"),
}
_STEP: dict[str, Sentence] = {
    "criterion": ("评分项", "criterion"),
    "module": ("模块", "module"),
    "time": ("用时", "working time"),
    "vote": ("裁判组表决", "the judges' vote"),
    "ruling": ("裁判长签字裁决", "the chief judge's signed ruling"),
}
_NEEDS: dict[str, Sentence] = {
    "time": (
        "名次待定：规则接着比较用时，但有人的用时没有记录。",
        "Not decided: the rule compares working times next, and somebody's was not recorded.",
    ),
    "vote": (
        "名次待定：规则接着由裁判组表决，还没有表决。",
        "Not decided: the rule asks the judges to vote next, and they have not voted.",
    ),
    "ruling": (
        "名次待定：各项均相同，须由裁判长签字裁决。",
        "Not decided: every comparison is equal; a signed ruling of the chief judge is needed.",
    ),
}
_OUTSIDE: dict[str, Sentence] = {
    Taking.OUT: (
        "不计名次：赛外参加，有总分，不占名次，不计入参赛人数。",
        "No place: takes part out of competition, with a total but outside the field.",
    ),
    Taking.NO_SHOW: (
        "不计名次：没有到场，不计入参赛人数。",
        "No place: did not appear, and is not counted in the field.",
    ),
    Taking.DISQUALIFIED: ("不计名次：取消成绩。", "No place: disqualified."),
}


def explain(board: Final, names: Names | None = None) -> dict[str, list[Sentence]]:
    """The sentences of every line, by key. `names` says how a key is named; by default itself."""
    called = names or {}
    out: dict[str, list[Sentence]] = {}
    above: Line | None = None
    for line in board.lines:
        if line.standing.place is None:
            out[line.key] = [_OUTSIDE[line.standing.result.taking]]
            continue
        out[line.key] = [
            _place(line, above, board, called),
            *(_split(split, called) for split in line.standing.splits),
            *([_NEEDS[line.standing.needs]] if line.standing.needs else []),
            *_award(line, board, called),
        ]
        above = line
    return out


def _place(line: Line, above: Line | None, board: Final, names: Names) -> Sentence:
    """The place and its total, against the line above (below, for the first), and against those of
    the same total where nothing sets it apart from them."""
    standing = line.standing
    stuck = standing.shared or bool(standing.needs)
    zh = f"第 {standing.place} 名，总分 {two_decimals(standing.total)}"
    en = f"Place {standing.place} with {two_decimals(standing.total)}"
    if above is not None and above.standing.total > standing.total:
        less = two_decimals(above.standing.total - standing.total)
        who = _who((above.key,), names)
        zh, en = f"{zh}，比{who[0]}少 {less}", f"{en}, {less} less than {who[1]}"
        if not stuck:
            return f"{zh}。", f"{en}."
    same = tuple(
        one.key
        for one in board.lines
        if one.standing.place is not None
        and one.standing.total == standing.total
        and (one.standing.place == standing.place or not stuck)
        and one.key != line.key
    )
    if same:
        who = _who(same, names)
        shared = standing.shared and not standing.needs
        ending = ("，名次并列", ", and shares the place") if shared else ("", "")
        return (
            f"{zh}，与{who[0]}总分相同{ending[0]}。",
            f"{en}, the same total as {who[1]}{ending[1]}.",
        )
    after = next(
        (
            one
            for one in board.lines
            if one.standing.place is not None and one.standing.total < standing.total
        ),
        None,
    )
    if after is None:
        return f"{zh}。", f"{en}."
    more = two_decimals(standing.total - after.standing.total)
    who = _who((after.key,), names)
    return f"{zh}，比{who[0]}多 {more}。", f"{en}, {more} more than {who[1]}."


def _split(split: Split, names: Names) -> Sentence:
    """How the list of tie-breaks set this line apart from another of the same total."""
    who = _who(split.against, names)
    step = _STEP[split.by]
    if split.by == "ruling":
        return (
            f"同分：按{step[0]}，列在{who[0]}之{'前' if split.ahead else '后'}。",
            f"Tie: by {step[1]}, {'before' if split.ahead else 'after'} {who[1]}.",
        )
    figure = _FIGURE[split.by]
    mine, theirs = figure(split.mine), figure(split.theirs)
    part = f" {split.part}" if split.part else ""
    return (
        f"同分：比较{step[0]}{part}，{mine[0]} 对{who[0]}的 {theirs[0]}，"
        f"列在其{'前' if split.ahead else '后'}。",
        f"Tie: {step[1]}{part} compares, {mine[1]} against {theirs[1]} of {who[1]},"
        f" so {'before' if split.ahead else 'after'}.",
    )


def _marks(figure: int) -> Sentence:
    return two_decimals(figure), two_decimals(figure)


def _clock(seconds: int) -> Sentence:
    said = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return said, said


def _count(votes: int) -> Sentence:
    return f"{votes} 票", f"{votes} vote{'' if votes == 1 else 's'}"


_FIGURE: dict[str, Callable[[int], Sentence]] = {
    "criterion": _marks,
    "module": _marks,
    "time": _clock,
    "vote": _count,
}


def _award(line: Line, board: Final, names: Names) -> list[Sentence]:
    """What the place gives, or why it gives nothing."""
    if line.given.case == "provisional":
        return []
    said = [_given(line.given, board, names)]
    if line.given.beside is not None:
        said.append(_given(line.given.beside, board, names))
    return said


def _given(given: Given, board: Final, names: Names) -> Sentence:
    """One sentence of the medal rule; `{mine}`, `{theirs}`, `{who}` are its figures."""
    case = "tie" if given.case.endswith("_tie") else given.case
    zh, en = _CASES[case]
    counted = case in ("place", "half", "small", "below_half", "void", "pending")
    by_totals = not counted and not board.by_score
    who = _who((given.against,), names)
    award = AWARDS[given.award.value] if given.award else ("", "")
    figures = {
        "mine": two_decimals(given.mine) if by_totals else given.mine,
        "theirs": two_decimals(given.theirs) if by_totals else given.theirs,
        "window": 0 if by_totals else board.rules.window,
        "share": board.rules.merit_share,
    }
    measure = ("总分", "total") if by_totals else ("换算分（近似）", "scale score (approximation)")
    return (
        zh.format(**figures, who=who[0], award=award[0], measure=measure[0]),
        en.format(**figures, who=who[1], award=award[1][:1].upper() + award[1][1:],
                  measure=measure[1]),
    )  # fmt: skip


_CASES: dict[str, Sentence] = {
    # the Chinese rule
    "place": ("{award}：名次第 {mine}。", "{award}: place {mine}."),
    "half": (
        "{award}：第 {mine} 名在 {theirs} 名参赛者的前 {share}%（含）以内。",
        "{award}: place {mine} lies within the first {share} % (inclusive) of {theirs}.",
    ),
    "below_half": (
        "无奖项：第 {mine} 名不在 {theirs} 名参赛者的前 {share}%（含）以内。",
        "No award: place {mine} lies outside the first {share} % (inclusive) of {theirs}.",
    ),
    "small": (
        "第 {mine} 名无奖牌：只有 {theirs} 名参赛者，奖牌减少。",
        "No medal for place {mine}: with {theirs} in the field there are fewer medals.",
    ),
    "void": (
        "无奖项：只有 {mine} 名参赛者，该赛项不设奖。",
        "No award: with {mine} in the field the skill gives none.",
    ),
    "pending": (
        "奖项待定：第 {mine} 至 {theirs} 名还没有裁决。",
        "The award waits: places {mine} to {theirs} are not decided.",
    ),
    # WorldSkills
    "first": (
        "{award}：{measure} {mine}，为最高。",
        "{award}: {measure} {mine}, the highest.",
    ),
    "second": (
        "{award}：{measure} {mine}，为金牌之后的最高。",
        "{award}: {measure} {mine}, the highest after gold.",
    ),
    "third": (
        "{award}：{measure} {mine}，为银牌之后的最高。",
        "{award}: {measure} {mine}, the highest after silver.",
    ),
    "two_golds": (
        "{award}：两枚金牌，故不设银牌；{measure} {mine}，为金牌之后的最高。",
        "{award}: two golds, so no silver; {measure} {mine} is the highest after them.",
    ),
    "tie": (
        "{award}：{measure} {mine}，与{who}的 {theirs} 相差不超过 {window}，视为并列。",
        "{award}: {measure} {mine} is within {window} of the {theirs} of {who}: a tie.",
    ),
    "three_golds_near": (
        "{award}：三枚或更多金牌，故不设银牌；{measure} {mine}，与最后一枚金牌{who}的 {theirs} 相差"
        "不超过 {window}。",
        "{award}: three or more golds, so no silver; {measure} {mine} is within {window} of the"
        " {theirs} of {who}, the last gold.",
    ),
    "three_golds_far": (
        "三枚或更多金牌，故不设银牌；铜牌只给与最后一枚金牌{who}的 {theirs} 相差不超过 {window}"
        " 者，{mine} 不在其内。",
        "Three or more golds, so no silver, and bronze only within {window} of the {theirs} of"
        " {who}, the last gold: {mine} is not.",
    ),
    "two_silvers_near": (
        "{award}：两枚或更多银牌；{measure} {mine}，与最后一枚银牌{who}的 {theirs} 相差不超过"
        " {window}。",
        "{award}: two or more silvers; {measure} {mine} is within {window} of the {theirs} of"
        " {who}, the last silver.",
    ),
    "two_silvers_far": (
        "两枚或更多银牌，铜牌只给与最后一枚银牌{who}的 {theirs} 相差不超过 {window} 者，{mine}"
        " 不在其内。",
        "Two or more silvers, so bronze only within {window} of the {theirs} of {who}, the last"
        " silver: {mine} is not.",
    ),
    "medallion": (
        "{award}：{measure} {mine}，不低于中心值 {theirs}。",
        "{award}: {measure} {mine}, not below the centre of {theirs}.",
    ),
    "below_centre": (
        "无奖项：{measure} {mine}，低于中心值 {theirs}。",
        "No award: {measure} {mine}, below the centre of {theirs}.",
    ),
}


def _who(keys: tuple[str, ...], names: Names) -> Sentence:
    """Names in a sentence; in Chinese set off by spaces, as figures are."""
    said = [names.get(key, (key, key)) for key in keys]
    *first, last = (en for _, en in said)
    en = f"{', '.join(first)} and {last}" if first else last
    return f" {'、'.join(zh for zh, _ in said)} ", en
