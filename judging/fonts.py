"""The fonts that sheets are printed with, and which characters they can draw.

Chinese comes from Debian's fonts-noto-cjk; where fonts-hanazono or fonts of one's own (in
PODIUM_DATA/fonts) are there, they fill what it lacks. A font's coverage is read from its `cmap`.
"""

import struct
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from competition.rules.refusal import Refusal
from judging.rules import hanzi

FAMILIES = ("Noto Sans CJK SC", "HanaMinA", "HanaMinB")
FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
NAMES = ("NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "HanaMinA.ttf", "HanaMinB.ttf")


def files(data: Path) -> list[Path]:
    """The font files that are there."""
    own = sorted((data / "fonts").glob("*.[ot]t[fc]")) if (data / "fonts").is_dir() else []
    return [*_installed(), *own]


@lru_cache(maxsize=1)
def _installed() -> tuple[Path, ...]:
    found = (path for folder in FOLDERS if folder.is_dir() for path in folder.rglob("*.[ot]t[fc]"))
    return tuple(sorted(path for path in found if path.name in NAMES))


def require(data: Path) -> list[Path]:
    """The fonts, or the sentence what to install."""
    found = files(data)
    if not found:
        raise Refusal(
            "本机没有中文字体，没有生成 PDF。请管理员运行：sudo apt-get install fonts-noto-cjk",
            "There is no Chinese font on this machine, so no PDF was made. An administrator types:"
            " sudo apt-get install fonts-noto-cjk",
            status=503,
        )
    return found


def lacking(text: str, fonts: Iterable[Path]) -> list[str]:
    """The characters of a text that none of the fonts can draw."""
    return hanzi.lacking(text, _ranges(tuple(fonts)))


@lru_cache(maxsize=4)
def _ranges(fonts: tuple[Path, ...]) -> list[tuple[int, int]]:
    return hanzi.merged(one for path in fonts for one in covered(path.read_bytes()))


def covered(font: bytes) -> list[tuple[int, int]]:
    """The code points of a TrueType or OpenType font (the first of a collection): the segments of
    its `cmap`, format 12 or 4 (OpenType specification, “cmap”)."""
    start = struct.unpack_from(">I", font, 12)[0] if font[:4] == b"ttcf" else 0
    (tables,) = struct.unpack_from(">H", font, start + 4)
    at = next(
        struct.unpack_from(">I", font, start + 12 + 16 * n + 8)[0]
        for n in range(tables)
        if font[start + 12 + 16 * n : start + 16 + 16 * n] == b"cmap"
    )
    (count,) = struct.unpack_from(">H", font, at + 2)
    subtables = [at + struct.unpack_from(">I", font, at + 4 + 8 * n + 4)[0] for n in range(count)]
    formats = {struct.unpack_from(">H", font, one)[0]: one for one in subtables}
    if 12 in formats:
        return _segments_12(font, formats[12])
    return _segments_4(font, formats[4]) if 4 in formats else []


def _segments_12(font: bytes, at: int) -> list[tuple[int, int]]:
    (count,) = struct.unpack_from(">I", font, at + 12)
    return [struct.unpack_from(">II", font, at + 16 + 12 * n) for n in range(count)]


def _segments_4(font: bytes, at: int) -> list[tuple[int, int]]:
    half = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends = struct.unpack_from(f">{half}H", font, at + 14)
    firsts = struct.unpack_from(f">{half}H", font, at + 16 + 2 * half)
    return [one for one in zip(firsts, ends, strict=True) if one[0] != 0xFFFF]
