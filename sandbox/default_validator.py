"""The default output validator of problem packages: output against answer, token by token. Pure.

What a competitor may read (`zh`, `en`) says where and how the output differs and quotes the output
only, never the answer. `for_judges` quotes both and belongs on judges' screens alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

ACCEPTED: Final = 42
REJECTED: Final = 43
_SHOWN: Final = 30  # characters of a token that are quoted
_TOKEN: Final = re.compile(rb"[^ \t\n\r\v\f]+")
_DECIMAL: Final = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_HEX: Final = re.compile(
    rb"[+-]?0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)(?:[pP][+-]?\d+)?"
)


class BadFlags(Exception):
    """Flags that the default validator does not know; the package's fault."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(en)


@dataclass(frozen=True)
class Flags:
    """How tokens are compared; a tolerance below zero is not set."""

    case_sensitive: bool = False
    space_sensitive: bool = False
    absolute: float = -1.0
    relative: float = -1.0

    @property
    def floats(self) -> bool:
        return self.absolute >= 0 or self.relative >= 0


@dataclass(frozen=True)
class Judgement:
    """The exit code that the format gives an output validator, and why."""

    code: int
    zh: str = ""
    en: str = ""
    for_judges: str = ""

    @property
    def accepted(self) -> bool:
        return self.code == ACCEPTED


def flags_of(words: Sequence[str]) -> Flags:
    """The flags as `validator_flags` gives them; of a tolerance given twice the last counts."""
    case = space = False
    absolute = relative = -1.0
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word == "case_sensitive":
            case = True
        elif word == "space_change_sensitive":
            space = True
        elif word in ("float_tolerance", "float_absolute_tolerance", "float_relative_tolerance"):
            value = number(rest.pop(0).encode()) if rest else None
            if value is None:
                raise BadFlags(f"{word} 后面要有一个数。", f"{word} needs a number.")
            absolute = absolute if word == "float_relative_tolerance" else value
            relative = relative if word == "float_absolute_tolerance" else value
        else:
            raise BadFlags(
                f"默认比较程序不认识“{word[:_SHOWN]}”。",
                f'The default validator does not know "{word[:_SHOWN]}".',
            )
    return Flags(case, space, absolute, relative)


def number(token: bytes) -> float | None:
    """The finite number that the whole token spells, decimal or hexadecimal; else None."""
    try:
        if _DECIMAL.fullmatch(token):
            value = float(token)
        elif _HEX.fullmatch(token):
            value = float.fromhex(token.decode("ascii"))
        else:
            return None
    except (OverflowError, ValueError):
        return None
    return value if math.isfinite(value) else None


def validate(answer: bytes, output: bytes, flags: Flags) -> Judgement:
    """Whether the output is right, and where it first goes wrong."""
    if answer == output:
        return Judgement(ACCEPTED)
    if flags.space_sensitive and (wrong := _spaces(answer, output)) is not None:
        return wrong
    right, given = answer.split(), output.split()
    if right != given:
        for index, (expected, token) in enumerate(zip_longest(right, given)):
            if expected == token:
                continue
            if token is None:
                return _too_short(output, given, expected)
            if expected is None or not _same(expected, token, flags):
                return _wrong(output, index, expected, token, flags)
    return Judgement(ACCEPTED)


def _same(expected: bytes, token: bytes, flags: Flags) -> bool:
    if flags.floats and (right := number(expected)) is not None:
        given = number(token)
        if given is None:
            return False
        error = abs(right - given)
        return error <= flags.absolute or error <= flags.relative * abs(right)
    if flags.case_sensitive:
        return expected == token
    return expected.lower() == token.lower()  # of bytes: ASCII letters only


def _spaces(answer: bytes, output: bytes) -> Judgement | None:
    """White space must be the same between the same tokens, at the beginning and at the end."""
    ours, theirs = _TOKEN.split(answer), _TOKEN.split(output)
    if ours == theirs or len(ours) != len(theirs):
        return None  # a number of tokens that differs is for the tokens to tell
    index = next(i for i, right in enumerate(ours) if right != theirs[i])
    line = _line(output, max(0, index - 1))
    return Judgement(
        REJECTED,
        f"第 {line} 行附近的空格或换行不对。",
        f"Spaces or line ends near line {line} are not as they must be.",
        f"After word {index}: output {theirs[index][:_SHOWN]!r}, answer {ours[index][:_SHOWN]!r}",
    )


def _too_short(output: bytes, given: Sequence[bytes], expected: bytes | None) -> Judgement:
    for_judges = f"The output ends; the answer goes on with {_quoted(expected or b'')}"
    if not output:
        return Judgement(REJECTED, "没有输出。", "There is no output.", for_judges)
    if not given:
        return Judgement(
            REJECTED, "输出只有空白。", "The output holds white space only.", for_judges
        )
    return Judgement(
        REJECTED,
        f"输出在第 {len(given)} 个词之后结束,太短。",
        f"The output is too short: it ends after {len(given)} words.",
        for_judges,
    )


def _wrong(
    output: bytes, index: int, expected: bytes | None, token: bytes, flags: Flags
) -> Judgement:
    line, shown = _line(output, index), _quoted(token)
    if expected is None:
        return Judgement(
            REJECTED,
            f"第 {line} 行的 {shown} 是多余的输出。",
            f"Line {line}: {shown} is more output than asked for.",
            f"Trailing output on line {line}: {shown}",
        )
    for_judges = f"Line {line}, word {index + 1}: output {shown}, answer {_quoted(expected)}"
    if flags.floats and (right := number(expected)) is not None:
        given = number(token)
        if given is None:
            return Judgement(
                REJECTED,
                f"第 {line} 行的 {shown} 应是一个数。",
                f"Line {line}: {shown} should be a number.",
                for_judges,
            )
        error = abs(right - given)
        return Judgement(
            REJECTED,
            f"第 {line} 行的 {shown} 与正确答案相差太大。",
            f"Line {line}: {shown} is too far from the right value.",
            f"{for_judges}, absolute error {error:.6e}, allowed {_tolerances(flags)}",
        )
    return Judgement(
        REJECTED,
        f"第 {line} 行的 {shown} 不对。",
        f"Line {line}: {shown} is wrong.",
        for_judges,
    )


def _tolerances(flags: Flags) -> str:
    given = {"absolute": flags.absolute, "relative": flags.relative}
    return ", ".join(f"{kind} {value:g}" for kind, value in given.items() if value >= 0)


def _line(output: bytes, index: int) -> int:
    """The line on which the token of this number stands."""
    for number_of, found in enumerate(_TOKEN.finditer(output)):
        if number_of == index:
            return output.count(b"\n", 0, found.start()) + 1
    return output.count(b"\n") + 1


def _quoted(token: bytes) -> str:
    """A token as text that can be shown anywhere: short, printable, whole characters."""
    text = token[: 4 * _SHOWN].decode("utf-8", "replace")
    plain = "".join(c if c.isprintable() else "\ufffd" for c in text)
    return f'"{plain}"' if len(plain) <= _SHOWN else f'"{plain[:_SHOWN]}…"'
