"""Which file names a submission may use: those that every system can hold and nothing can abuse."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Final

LONGEST_PART: Final = 255  # bytes; what ext4, NTFS and APFS hold
LONGEST_PATH: Final = 1024
_WINDOWS_DEVICES: Final = re.compile(
    r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)"
)
_FORBIDDEN: Final = frozenset('<>:"|?*\\')
_DIRECTION: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
_JUNK: Final = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


class Rejected(Exception):
    """A submission that is not taken; the sentence the person reads, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(en)


def junk(name: str) -> bool:
    """What macOS and Windows add by themselves; dropped without a word."""
    parts = name.split("/")
    return parts[0] == "__MACOSX" or parts[-1].lower() in _JUNK or parts[-1].startswith("._")


def clean(name: str) -> str:
    """The name in its one spelling, or Rejected. A folder's name keeps its closing slash."""
    name = unicodedata.normalize("NFC", name)
    while name.startswith("./"):
        name = name[2:]
    why = _fault(name)
    if why is not None:
        shown = display(name)
        raise Rejected(
            f"压缩包里的文件名“{shown}”不能接受:{why[0]}。没有保存任何内容,请改名后重新打包。",
            f'The file name "{shown}" is refused: {why[1]}. Nothing was kept; '
            "rename it and pack again.",
        )
    return name


def _fault(name: str) -> tuple[str, str] | None:
    if "\\" in name:
        return "含有反斜杠", "it holds a backslash"
    if name.startswith("/"):
        return "是绝对路径", "it is an absolute path"
    if re.match(r"[A-Za-z]:", name):
        return "带有盘符", "it begins with a drive letter"
    if len(name.encode("utf-8", "surrogatepass")) > LONGEST_PATH:
        return "路径过长", "the path is too long"
    parts = name.removesuffix("/").split("/")
    return next((why for part in parts if (why := _part_fault(part))), None)


# What a part of a path may not be: the test, and why in both languages.
_PART_FAULTS: Final[tuple[tuple[Callable[[str], bool], str, str], ...]] = (
    (
        lambda p: p in ("", ".", ".."),
        "含有“..”、“.”或空的一段",
        'it holds "..", "." or an empty part',
    ),
    (
        lambda p: any(unicodedata.category(c) in ("Cc", "Cs", "Cn", "Zl", "Zp") for c in p),
        "含有控制字符或无效字符",
        "it holds control or invalid characters",
    ),
    (
        lambda p: not _DIRECTION.isdisjoint(p),
        "含有改变文字方向的字符",
        "it holds characters that turn the text's direction",
    ),
    (
        lambda p: not _FORBIDDEN.isdisjoint(p),
        '含有 < > : " | ? * 之一',
        'it holds one of < > : " | ? *',
    ),
    (lambda p: len(p.encode()) > LONGEST_PART, "超过 255 字节", "it is longer than 255 bytes"),
    (
        lambda p: p != p.strip(" ") or p.endswith("."),
        "以空格开头,或以空格或句点结尾",
        "it begins with a space, or ends with a space or a full stop",
    ),
    (
        lambda p: bool(_WINDOWS_DEVICES.fullmatch(p.split(".", maxsplit=1)[0].rstrip(" "))),
        "是 Windows 的保留名",
        "Windows reserves it",
    ),
)


def _part_fault(part: str) -> tuple[str, str] | None:
    return next(((zh, en) for wrong, zh, en in _PART_FAULTS if wrong(part)), None)


def display(name: str) -> str:
    """A name as it may be shown to anybody: short, printable."""
    shown = "".join(c if c.isprintable() and c not in _DIRECTION else "\ufffd" for c in name)
    return shown if len(shown) <= 80 else shown[:77] + "…"


def without_collisions(names: Iterable[str]) -> None:
    """Rejected when two names would be one on a system that does not tell case apart."""
    spelling: dict[str, str] = {}
    folders: set[str] = set()
    files: set[str] = set()
    for name in names:
        parts = name.split("/")
        for depth in range(1, len(parts) + 1):
            path = "/".join(parts[:depth])
            key = unicodedata.normalize("NFC", path.casefold())
            first = spelling.setdefault(key, path)
            is_file = depth == len(parts)
            if first != path or key in files or (is_file and key in folders):
                _collide(first, name)
            (files if is_file else folders).add(key)


def _collide(one: str, other: str) -> None:
    one, other = display(one), display(other)
    raise Rejected(
        f"压缩包里“{one}”与“{other}”重名(不区分大小写)。没有保存任何内容,请改名后重新打包。",
        f'"{one}" and "{other}" are the same name where case does not count. '
        "Nothing was kept; rename one and pack again.",
    )


def shared_top(names: Iterable[str]) -> str:
    """The one folder that everything lies in, with its slash, or nothing."""
    tops = {name.split("/")[0] if "/" in name else "" for name in names}
    return f"{tops.pop()}/" if len(tops) == 1 and "" not in tops else ""
