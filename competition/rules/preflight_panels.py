"""The checks of preflight that concern judges: enough of them, appointed, declared, free."""

from typing import Protocol

Answer = tuple[bool, str, str]


class Panels(Protocol):
    """What of a skill's facts these checks look at (`preflight.Facts`)."""

    @property
    def chief_judges(self) -> int: ...
    @property
    def judges(self) -> int: ...
    @property
    def panel(self) -> int: ...
    @property
    def supervisors(self) -> int: ...
    @property
    def supervisor_wanted(self) -> bool: ...
    @property
    def chairs_empty(self) -> int: ...
    @property
    def conflicts(self) -> int: ...
    @property
    def undeclared(self) -> int: ...
    @property
    def declarations_open(self) -> int: ...
    @property
    def marks_late(self) -> int: ...
    @property
    def chief_bound(self) -> int: ...


def chief(f: Panels) -> Answer:
    return (
        f.chief_judges == 1,
        f"裁判长 {f.chief_judges} 名，应为 1 名",
        f"Chief judges: {f.chief_judges}; there must be one",
    )


def panel(f: Panels) -> Answer:
    return (
        f.judges >= f.panel,
        f"裁判员 {f.judges} 名，规则要求 {f.panel} 名",
        f"Judges: {f.judges}; the rules want {f.panel}",
    )


def chairs(f: Panels) -> Answer:
    return (
        f.chairs_empty == 0,
        f"已任命的裁判组有 {f.chairs_empty} 个空席" if f.chairs_empty else "裁判组没有空席",
        f"Empty chairs of appointed panels: {f.chairs_empty}"
        if f.chairs_empty
        else "No chair of a panel is empty",
    )


def supervisor(f: Panels) -> Answer:
    return (
        f.supervisors > 0 or not f.supervisor_wanted,
        f"监督裁判 {f.supervisors} 名",
        f"Supervising judges: {f.supervisors}",
    )


def conflicts(f: Panels) -> Answer:
    return (
        f.conflicts == 0,
        f"未处理的回避关系 {f.conflicts} 个",
        f"Conflicts of interest not settled: {f.conflicts}",
    )


def declared(f: Panels) -> Answer:
    return (
        f.undeclared == 0,
        f"{f.undeclared} 名裁判员还没有申报利害关系" if f.undeclared else "裁判员都已申报",
        f"Judges who have declared nothing yet: {f.undeclared}"
        if f.undeclared
        else "Every judge has declared",
    )


def declarations(f: Panels) -> Answer:
    return (
        f.declarations_open == 0,
        f"{f.declarations_open} 条申报等待秘书处核对：请在“利害关系申报”页确定指的是谁"
        if f.declarations_open
        else "申报都已核对",
        f"Declarations that wait for the office: {f.declarations_open}; settle them on their page"
        if f.declarations_open
        else "The office has looked at every declaration",
    )


def late(f: Panels) -> Answer:
    return (
        f.marks_late == 0,
        f"{f.marks_late} 名裁判员在查到回避关系之前评过分，等裁判长决定"
        if f.marks_late
        else "没有在查到回避关系之前给出的评分待定",
        f"Judges who marked before a conflict was found: {f.marks_late}; the chief judge decides"
        if f.marks_late
        else "No marks from before a conflict was found wait",
    )


def chief_free(f: Panels) -> Answer:
    return (
        f.chief_bound == 0,
        f"{f.chief_bound} 份作品与裁判长同代表团或同单位：这些作品请由他人裁定，或换裁判长"
        if f.chief_bound
        else "没有作品与裁判长同代表团或同单位",
        f"Works from the chief judge's own delegation, school or company: {f.chief_bound};"
        " somebody else must decide there, or another chief judge is found"
        if f.chief_bound
        else "No work comes from the chief judge's own delegation, school or company",
    )
