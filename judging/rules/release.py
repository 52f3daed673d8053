"""The terms on which a skill's marks come out, as people give them (features, "Publication policy
per skill"): how much, how late, how many places, with which sums, under which names.

`visibility` says what follows from them. A frozen or hidden skill has no other terms.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from competition.rules.refusal import Refusal

POLICIES = ("hidden", "automatic", "confirmed", "frozen")
LONGEST_DELAY = 120  # minutes; whoever waits longer hides
MOST_PLACES = 200


@dataclass(frozen=True, slots=True)
class Terms:
    """`delay` in minutes, until the lock; `top`: only so many places, None for all; `parts`: each
    line with a sum for every criterion; `aliases`: no names, as in a blind skill."""

    policy: str
    delay: int = 0
    top: int | None = None
    parts: bool = False
    aliases: bool = False

    @property
    def plain(self) -> dict[str, Any]:
        """As JSON values, for a plan and for the ledger."""
        return asdict(self)


def read(policy: str, given: Mapping[str, str]) -> Terms:
    """The terms in a form's fields; whatever is missing is as if it were not asked for.

    Raises:
        Refusal: an unknown policy, or a number that is none or too large.
    """
    if policy not in POLICIES:
        raise Refusal(
            f"没有“{policy}”这种公开方式，没有改变。请重新选择。",
            f"There is no way of release called “{policy}”; nothing was changed. Choose again.",
        )
    if policy in ("hidden", "frozen"):
        return Terms(policy)
    delay = _number(given.get("delay", ""), "延迟分钟数", "the delay in minutes", 0, LONGEST_DELAY)
    top = _number(given.get("top", ""), "公开名次数", "the number of places", 1, MOST_PLACES)
    return Terms(policy, delay or 0, top, bool(given.get("parts")), bool(given.get("aliases")))


def from_plain(values: Mapping[str, Any]) -> Terms:
    """Terms that `Terms.plain` made."""
    return Terms(**values)


def _number(text: str, zh: str, en: str, least: int, most: int) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 4 and least <= int(text) <= most):
        raise Refusal(
            f"{zh}应为 {least} 到 {most} 的整数，没有改变。请改正后再提交。",
            f"{en[0].upper()}{en[1:]} must be a whole number from {least} to {most}; nothing was"
            " changed. Correct it and send it again.",
        )
    return int(text)
