"""A skill's rules in plain words, zh and en, as everybody reads them on the skill's page."""

from collections.abc import Iterable

from competition.rules.skill_rules import Fault, SkillRules
from competition.rules.skill_rules_labels import LABELS, OPTIONS, Sentence

STATUS = {"employee": ("职工", "employees"), "student": ("学生", "students")}
TIE = {
    "criterion": ("分值最大的评分项，再依次比较", "the criterion with most marks, then the next"),
    "module": ("分值最大的模块，再依次比较", "the module with most marks, then the next"),
    "time": ("用时较短者在前", "the shorter working time"),
    "vote": ("裁判组表决", "a vote of the judges"),
    "ruling": ("裁判长签字裁决", "a signed ruling of the chief judge"),
}
RELEASE = {
    "hidden": ("锁定并发布前不公开", "Nothing is public before lock and release"),
    "automatic": (
        "自动判定经裁判确认后公开，其余锁定后公开",
        "Automatic marks show as judges confirm them, the rest after the lock",
    ),
    "confirmed": ("复核过的分数随时公开", "Marks show as soon as they are confirmed"),
}


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def value(given: object) -> Sentence:
    """A plain value of a rule as people read it."""
    if given is None or given == []:
        return ("无", "none")
    if isinstance(given, bool):
        return ("是", "yes") if given else ("否", "no")
    if isinstance(given, list):
        said = [value(one) for one in given]
        return "、".join(zh for zh, _ in said), ", ".join(en for _, en in said)
    return OPTIONS.get(str(given), (str(given), str(given)))


def faults(found: Iterable[Fault]) -> Sentence:
    """What is wrong with rules, each thing under the label of its field."""
    said = [(LABELS.get(one.field, (one.field, one.field)), one) for one in found]
    return (
        "".join(f"{label[0]}：{one.zh}" for label, one in said),
        " ".join(f"{label[1]}: {one.en}" for label, one in said),
    )


def words(rules: SkillRules) -> list[Sentence]:
    """Every rule as a sentence, in the order: who may enter, how it is marked, how places come."""
    return [*_entering(rules), *_marking(rules), *_places(rules)]


def _entering(rules: SkillRules) -> list[Sentence]:
    who = [STATUS[one] for one in rules.statuses]
    said = [
        (
            f"{'、'.join(zh for zh, _ in who)}可以报名",
            f"Open to {' and '.join(en for _, en in who)}",
        )
    ]
    if rules.born_before:
        day = rules.born_before.isoformat()
        said.append((f"{day} 以前出生", f"Born before {day}"))
    if rules.youngest is not None:
        said.append(
            (
                f"{rules.age_day} 时满 {rules.youngest} 周岁",
                f"At least {rules.youngest} years old on {rules.age_day}",
            )
        )
    if rules.oldest is not None:
        said.append(
            (
                f"{rules.age_day} 时不超过 {rules.oldest} 周岁",
                f"At most {rules.oldest} years old on {rules.age_day}",
            )
        )
    if rules.local_years:
        said.append(
            (
                f"在本省工作或学习满 {rules.local_years} 年",
                f"At least {_counted(rules.local_years, 'year', 'years')} of work or study in the"
                " province",
            )
        )
    if rules.one_skill_each:
        said.append(("每人只能报一个赛项", "One skill for each person"))
    if rules.excluded_medals:
        listed = "、".join(rules.excluded_medals)
        said.append(
            (f"已获以下奖项者不能报名：{listed}", f"Not open to holders of: {listed}"),
        )
    said.append(
        (
            f"每个代表团最多 {rules.quota} 个报名，另可有 {rules.reserves} 名替补",
            f"At most {_counted(rules.quota, 'entry', 'entries')} of a delegation, and"
            f" {_counted(rules.reserves, 'reserve', 'reserves')}",
        )
    )
    if rules.coach_required:
        said.append(("须填写教练", "A coach must be named"))
    if rules.substitute_until:
        day = rules.substitute_until.isoformat()
        said.append(
            (
                f"{day} 以前可直接换人，之后须批准",
                f"Substitutions are free until {day}, then they need approval",
            )
        )
    return said


def _marking(rules: SkillRules) -> list[Sentence]:
    trimmed_zh = f"，去掉 {rules.trim} 个最高和 {rules.trim} 个最低" if rules.trim else ""
    trimmed_en = f", the {rules.trim} highest and {rules.trim} lowest dropped" if rules.trim else ""
    said = [
        (
            f"评判由 {rules.panel} 名裁判同时打分（0–3）{trimmed_zh}，取平均",
            f"Judgements: {rules.panel} judges vote 0–3 at the same time{trimmed_en}; the mean",
        ),
        (
            f"打分相差超过 {rules.widest_spread} 时说明理由并重新打分",
            f"Votes more than {rules.widest_spread} apart: reasons, then a new vote",
        ),
        (
            f"抽查复核：前列全部，其余至少 {rules.recheck_share}%；错误超过"
            f" {rules.recheck_limit}% 则全部复核",
            f"Re-check: the top group and at least {rules.recheck_share} % of the rest; above"
            f" {rules.recheck_limit} % errors, all",
        ),
    ]
    if rules.supervisor:
        said.append(("另有一名监督裁判", "One more judge supervises and steps in"))
    if rules.competitor_signs:
        said.append(("选手在评分表上签字", "Competitors sign their sheets"))
    said.append(RELEASE[rules.release])
    return said


def _places(rules: SkillRules) -> list[Sentence]:
    order_zh = "；".join(TIE[one][0] for one in rules.ties)
    order_en = "; ".join(TIE[one][1] for one in rules.ties)
    said = [
        ("名次可以并列", "Places may be shared")
        if rules.shared_places
        else ("名次不并列", "Places are never shared"),
        (f"同分依次比较：{order_zh}", f"Equal totals, in this order: {order_en}"),
        _medals(rules),
    ]
    if rules.scale != "none":
        said.append(
            (
                "另以 700 分为中位数换算（公式未公开，为近似值）",
                "Also on the scale around 700 (its formula is not published: an approximation)",
            )
        )
    said.append(
        (
            f"申诉须在结束后 {rules.appeal_hours} 小时内由领队书面提出",
            f"Appeals: in writing by the team leader within {rules.appeal_hours} hours of the end",
        )
    )
    return said


def _medals(rules: SkillRules) -> Sentence:
    if rules.medals == "china":
        return (
            "前三名得金、银、铜牌，其余前一半得优胜奖",
            "Gold, silver, bronze for the first three, merit awards for the rest of the top half",
        )
    if rules.scale == "none":  # of rules adopted before a scale was asked for
        return (
            "奖牌按世赛规则（没有换算分，总分相同才视为并列）",
            "Medals by the WorldSkills rule (without a scale only equal totals are a tie)",
        )
    return (
        "奖牌按世赛规则（换算分相差不超过 2 分视为并列；近似）",
        "Medals by the WorldSkills rule (a gap of at most 2 scale points is a tie; approximation)",
    )
