"""The occupational standard (WSOS) as everybody may read it: its sections and their weights.

What a scheme declares is published before a competition. What its aspects sum up to is the scheme's
own and stays within until the skill is final: it tells how a task that nobody has seen is marked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from judging.rules.scheme import Section, two_decimals


@dataclass(frozen=True, slots=True)
class Part:
    """One section. `share` is its declared share of the whole, in hundredths of a percent; `marked`
    is the share that its aspects have, where that may be told and is another."""

    number: str
    name_zh: str
    name_en: str
    share: int | None
    marked: int | None


def shown(sections: Sequence[Section], total: int, *, is_final: bool) -> tuple[Part, ...]:
    """The sections in their order; `total` is the scheme's, in hundredths. Until the skill is final
    a section that is only found on aspects is left out."""
    whole = sum(one.declared or 0 for one in sections)
    parts = []
    for one in sections:
        share = None if one.declared is None else _share(one.declared, whole)
        marked = _share(one.marks, total) if is_final else None
        if is_final or share is not None or one.name:
            parts.append(
                Part(
                    one.number,
                    one.name.zh or one.name.en,
                    one.name.en or one.name.zh,
                    share,
                    None if marked == share else marked,
                )
            )
    return tuple(parts)


def percent(share: int) -> str:
    """A share in words: 12%, 12.5%, 12.25%."""
    return f"{two_decimals(share).rstrip('0').rstrip('.')}%"


def _share(part: int, whole: int) -> int:
    return (2 * part * 10_000 + whole) // (2 * whole) if whole else 0
