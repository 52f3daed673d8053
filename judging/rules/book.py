"""成绩册: when results may be put into a book as final, and what stands in its tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from judging.rules.overall import Body, Called, of_delegations, of_medals

Plain = dict[str, Any]
Sentence = tuple[str, str]
HANDED_OVER = ("handed_over", "received", "published")  # states of a version that stands


@dataclass(frozen=True, slots=True)
class Ripe:
    """What decides whether a skill's results are final: `version` is the state of its newest
    version of the results (None: there is none), `undecided` how many places wait."""

    code: str
    is_frozen: bool
    is_locked: bool
    version: str | None
    undecided: int = 0


def lacking(skill: Ripe) -> Sentence | None:
    """The first thing that keeps a skill out of a book of final results; None when it may enter.

    A freeze is asked first: while it lasts nothing said here moves with what goes on behind it.
    """
    if skill.is_frozen:
        return (
            "正在封榜，要先揭榜（结束封榜）",
            "it is frozen: its results must be revealed first (the freeze ended)",
        )
    if not skill.is_locked:
        return (
            "成绩还没有锁定，要由裁判长锁定",
            "its marks are not locked: the chief judge locks them first",
        )
    if skill.version not in HANDED_OVER:
        return (
            "裁判长还没有交出这一版成绩",
            "the chief judge has not handed over this version of its results",
        )
    if skill.undecided:
        return (
            f"还有 {skill.undecided} 个名次待定，要先由裁判长在“同分裁决”页"
            f"（/results/{skill.code}/ties）裁决",
            f"{skill.undecided} of its places are not decided: its chief judge decides them on the"
            f" page “Ties” (/results/{skill.code}/ties)",
        )
    return None


def refusal(skills: Iterable[Ripe]) -> Sentence | None:
    """The sentence why a book of these skills cannot be final; None when it can."""
    found = [(one.code, why) for one in skills if (why := lacking(one)) is not None]
    if not found:
        return None
    told, more = found[:5], len(found) - 5
    zh = "；".join(f"{code} {why[0]}" for code, why in told)
    en = "; ".join(f"{code}: {why[1]}" for code, why in told)
    rest = (f"；另有 {more} 个赛项", f"; and {more} more skills") if more > 0 else ("", "")
    return (
        f"没有生成正式成绩文件：{zh}{rest[0]}。公开榜单可以随时下载，每页注明状态。",
        f"No file of final results was made. {en}{rest[1]}. What is public can be downloaded at any"
        " time; each page says its state.",
    )


def tables(bodies: Sequence[Body], called: Sequence[Called]) -> tuple[Plain, Plain]:
    """The medals and the delegations of these skills, from their documents and nothing else."""
    return of_medals(bodies, called), of_delegations(bodies, called)
