"""What is wrong with a marking scheme (errors) and what is only unusual (warnings).

Source: shared/design/marking-rules.md, "Structure", "Judgement" and "The CIS workbook". The same
rules judge a workbook, a YAML mapping and a scheme written on a page.
"""

from collections.abc import Iterator

from judging.rules import calculation_reading
from judging.rules.scheme import (
    FULL_TOTAL,
    JUDGEMENT,
    MEASUREMENT,
    RUNG_SCORES,
    Aspect,
    Criterion,
    Problem,
    Scheme,
    Section,
    SubCriterion,
    two_decimals,
)


def errors(scheme: Scheme) -> tuple[Problem, ...]:
    """Why this scheme cannot be used; empty when it can."""
    if not scheme.aspects:
        return (
            Problem(
                "评分方案里没有评分点。请在每个评分子项下填写评分点后重新导入。",
                "The scheme has no aspects. Fill in the aspects of each sub-criterion and import"
                " it again.",
            ),
        )
    return (*_repeated_codes(scheme), *(p for aspect in scheme.aspects for p in _aspect(aspect)))


def warnings(scheme: Scheme) -> tuple[Problem, ...]:
    """What a person should see but may leave as it is."""
    if not scheme.aspects:
        return ()
    found = [*_total(scheme)]
    for section in scheme.sections:
        found += _variation(section)
    for criterion in scheme.criteria:
        found += _criterion(criterion)
    found += _repeated_ids(scheme)
    found += _without_section(scheme)
    found += [problem for aspect in scheme.aspects for problem in _calculation(aspect)]
    return tuple(found)


def _aspect(aspect: Aspect) -> Iterator[Problem]:
    code, row = aspect.code, aspect.row
    if aspect.kind not in (MEASUREMENT, JUDGEMENT):
        yield Problem(
            f"评分点 {code} 没有类型。请写 M（测量）或 J（评判）。",
            f"Aspect {code} has no type. Write M (measurement) or J (judgement).",
            row,
        )
    if not aspect.description:
        yield Problem(
            f"评分点 {code} 没有描述。请写明评什么。",
            f"Aspect {code} has no description. Write what is marked.",
            row,
        )
    if aspect.max < 0:
        most = two_decimals(aspect.max)
        yield Problem(
            f"评分点 {code} 的满分 {most} 小于 0。请写大于 0 的满分，如 0.50。",
            f"The maximum of aspect {code} is {most}, below 0. Write one above 0, such as 0.50.",
            row,
        )
    if aspect.max == 0:
        yield Problem(
            f"评分点 {code} 没有分值。请写大于 0 的满分，如 0.50。",
            f"Aspect {code} has no mark. Write a maximum above 0, such as 0.50.",
            row,
        )
    if aspect.kind == JUDGEMENT:
        yield from _rungs(aspect)
    elif aspect.kind == MEASUREMENT and aspect.rungs:
        yield Problem(
            f"测量评分点 {code} 下面有评判档。请把类型改为 J，或删去 0–3 各档。",
            f"Measurement {code} has judgement rungs. Make it J, or remove the rungs 0–3.",
            row,
        )


def _rungs(aspect: Aspect) -> Iterator[Problem]:
    """All four rungs 0–3 carry a written descriptor (firm)."""
    scores = [rung.score for rung in aspect.rungs]
    missing = [str(score) for score in RUNG_SCORES if score not in scores]
    doubled = [str(score) for score in RUNG_SCORES if scores.count(score) > 1]
    blank = [str(rung.score) for rung in aspect.rungs if not rung.text]
    if missing:
        yield Problem(
            f"评判评分点 {aspect.code} 缺少 {'、'.join(missing)} 分档的描述。请补全 0–3 四档。",
            f"Judgement {aspect.code} lacks the descriptor of {', '.join(missing)}. Write all four"
            " rungs 0–3.",
            aspect.row,
        )
    if doubled:
        yield Problem(
            f"评判评分点 {aspect.code} 的 {'、'.join(doubled)} 分档写了两次。请只留一次。",
            f"Judgement {aspect.code} has rung {', '.join(doubled)} twice. Keep one of them.",
            aspect.row,
        )
    if blank:
        yield Problem(
            f"评判评分点 {aspect.code} 的 {'、'.join(blank)} 分档没有文字。请写明该档的表现。",
            f"Judgement {aspect.code} has no text for rung {', '.join(blank)}. Describe the rung.",
            aspect.row,
        )


def _repeated_codes(scheme: Scheme) -> Iterator[Problem]:
    """Codes address sheets and marks, so they are unique."""
    seen: set[str] = set()
    for sub in scheme.sub_criteria:
        if sub.code in seen:
            yield Problem(
                f"评分子项编号 {sub.code} 用了两次。请改其中一个。",
                f"The sub-criterion id {sub.code} is used twice. Change one of them.",
                sub.row,
            )
        seen.add(sub.code)


def _total(scheme: Scheme) -> Iterator[Problem]:
    if scheme.total != FULL_TOTAL:
        yield Problem(
            f"总分是 {two_decimals(scheme.total)}，不是 100.00。",
            f"The total is {two_decimals(scheme.total)}, not 100.00.",
        )


def _variation(section: Section) -> Iterator[Problem]:
    """Section totals may vary from their published weight: show it, never reject it (firm)."""
    marks = two_decimals(section.marks)
    if section.declared is None:
        if section.marks:
            yield Problem(
                f"第 {section.number} 部分没有写明分值，评分点合计 {marks} 分。",
                f"Section {section.number} has no declared marks; its aspects give {marks}.",
                section.row,
            )
    elif section.declared != section.marks:
        gap = two_decimals(section.marks - section.declared)
        gap = gap if gap.startswith("-") else f"+{gap}"
        declared = two_decimals(section.declared)
        yield Problem(
            f"第 {section.number} 部分应为 {declared} 分，评分点合计 {marks} 分，相差 {gap}。",
            f"Section {section.number} declares {declared} marks; its aspects give {marks}"
            f" ({gap}).",
            section.row,
        )


def _criterion(criterion: Criterion) -> Iterator[Problem]:
    if not criterion.name:
        yield Problem(
            f"评分项 {criterion.letter} 没有名称。",
            f"Criterion {criterion.letter} has no name.",
            criterion.row,
        )
    for sub in criterion.sub_criteria:
        yield from _sub_criterion(sub, criterion.letter)


def _sub_criterion(sub: SubCriterion, letter: str) -> Iterator[Problem]:
    if not sub.code.startswith(letter):
        yield Problem(
            f"评分子项 {sub.code} 写在评分项 {letter} 里，按评分项 {letter} 计算。",
            f"Sub-criterion {sub.code} stands in criterion {letter} and counts there.",
            sub.row,
        )
    if not sub.name:
        yield Problem(
            f"评分子项 {sub.code} 没有名称。", f"Sub-criterion {sub.code} has no name.", sub.row
        )
    if not sub.aspects:
        yield Problem(
            f"评分子项 {sub.code} 没有评分点，不会有评分表。",
            f"Sub-criterion {sub.code} has no aspects and will have no sheet.",
            sub.row,
        )


def _repeated_ids(scheme: Scheme) -> Iterator[Problem]:
    for sub in scheme.sub_criteria:
        if sub.written and sub.written != sub.code:
            yield Problem(
                f"评分子项编号 {sub.written} 用了不止一次，这一个改称 {sub.code}。",
                f"The sub-criterion id {sub.written} is used more than once; this one is called"
                f" {sub.code}.",
                sub.row,
            )


def _calculation(aspect: Aspect) -> Iterator[Problem]:
    """A calculation that cannot be read is carried on; judges then give the mark themselves."""
    if aspect.calculation is None or aspect.kind != MEASUREMENT:
        return
    try:
        calculation_reading.rule(aspect.calculation)
    except calculation_reading.NotARule as fault:
        yield Problem(
            f"评分点 {aspect.code} 的计算方式无法使用，裁判须直接给分：{fault.zh}",
            f"The calculation of {aspect.code} cannot be used, so judges give the mark themselves:"
            f" {fault.en}",
            aspect.row,
        )


def _without_section(scheme: Scheme) -> Iterator[Problem]:
    """Each aspect belongs to exactly one section (firm); the older layout has none at all."""
    bare = [aspect for aspect in scheme.aspects if not aspect.section]
    if len(bare) == len(scheme.aspects):
        yield Problem(
            "评分点都没有写所属的职业标准部分，无法按部分核对分值。",
            "No aspect names its section of the occupational standard; marks by section cannot be"
            " compared.",
        )
        return
    for aspect in bare:
        yield Problem(
            f"评分点 {aspect.code} 没有写所属的职业标准部分。",
            f"Aspect {aspect.code} names no section of the occupational standard.",
            aspect.row,
        )
