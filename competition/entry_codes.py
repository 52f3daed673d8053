"""What stands for a name: codes for judges and aliases for the public, drawn at random.

Both are drawn apart from each other and from the order of the entries, so that neither tells the
other, nor a delegation (decisions 1, 2).
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from itertools import product

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # I and O are read as figures
FIGURES = "23456789"  # 0 and 1 are read as letters
CODES = [f"{letter}-{figure:03}" for letter in LETTERS for figure in range(1, 1000)]
_ROOMY = 2  # a pool is so many times as large as what is drawn of it, at least
_random = secrets.SystemRandom()


@dataclass(frozen=True, slots=True)
class Drawn:
    """What one entry got."""

    code: str
    alias: str


def draw(number: int, codes: Collection[str], aliases: Collection[str]) -> list[Drawn]:
    """Codes and aliases for so many new entries of a skill that has some already."""
    return [
        Drawn(code, alias)
        for code, alias in zip(
            _of(CODES, number, codes), _of(_aliases(number + len(aliases)), number, aliases),
            strict=True,
        )
    ]  # fmt: skip


def _aliases(number: int) -> list[str]:
    """The shortest that are enough: 2A, then 2A3, then 2A3B."""
    pool = [figure + letter for figure in FIGURES for letter in LETTERS]
    for signs in (FIGURES, LETTERS, FIGURES):
        if len(pool) >= _ROOMY * number:
            break
        pool = ["".join(pair) for pair in product(pool, signs)]
    return pool


def _of(pool: list[str], number: int, taken: Collection[str]) -> list[str]:
    free = sorted(set(pool) - set(taken)) if taken else pool
    return _random.sample(free, number)
