"""Reading what a tablet posted: each item becomes a Post, or a sentence that says what is wrong.

One bad item never costs the others. Whatever would upset the database (numbers that do not fit,
NUL bytes, half surrogates) is refused or mended here.
"""

from datetime import UTC, datetime
from typing import Any, TypeGuard

from competition.rules.refusal import Refusal
from judging.admission import KEY, Post
from judging.observed import LONGEST

MOST_POSTS = 500
INT_TOP = 2**31 - 1
LONGEST_REASON = 2000


def read(body: object) -> tuple[int, list[Post | dict[str, Any]]]:
    """How many marks the tablet still holds, and its posts in order; bad ones as answers."""
    posts = body.get("posts", []) if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(posts, list) or len(posts) > MOST_POSTS:
        raise Refusal(
            f"上传的内容不是评分（每次最多 {MOST_POSTS} 条），什么都没有保存。",
            f"What was posted is not a list of marks (at most {MOST_POSTS}); nothing was kept.",
            status=400,
        )
    return waiting(body), [_item(item) for item in posts]


def waiting(body: dict[str, Any]) -> int:
    """How many posts a tablet says that it still holds."""
    held = body.get("waiting")
    return held if _fits(held) else 0


def version(body: object) -> str:
    """Which page a tablet says that it runs."""
    return text(body, "version", 40, "") if isinstance(body, dict) and _says(body) else ""


def _says(body: dict[str, Any]) -> bool:
    return isinstance(body.get("version", ""), str)


def _item(item: object) -> Post | dict[str, Any]:
    key = item.get("key") if isinstance(item, dict) else None
    try:
        if not isinstance(item, dict) or not isinstance(key, str) or not KEY.fullmatch(key):
            raise ValueError("key")
        return Post(
            key,
            text(item, "code", 20),
            _whole(item, "judge"),
            _maybe(item, "aspect"),
            _maybe(item, "value"),
            _whole(item, "round", 1),
            _maybe(item, "base"),
            text(item, "reason", LONGEST_REASON, ""),
            text(item, "observed", LONGEST) if item.get("observed") else None,
            _maybe(item, "sub_criterion"),
            _whole(item, "upto", 0),
            time(item.get("device_at")),
        )
    except ValueError as error:
        sentence = Refusal(
            f"这条评分无法读取（{error}），没有保存。请再评一次。",
            f"This entry could not be read ({error}) and was not kept. Please mark it again.",
        )
        shown = key if isinstance(key, str) else None
        return {"key": shown, "state": "refused", "id": None, "sentence": sentence.as_dict()}


def _fits(value: object) -> TypeGuard[int]:
    return type(value) is int and -INT_TOP <= value <= INT_TOP  # True is no number


def _whole(item: dict[str, Any], name: str, default: int | None = None) -> int:
    value = item.get(name, default)
    if not _fits(value):
        raise ValueError(name)
    return value


def _maybe(item: dict[str, Any], name: str) -> int | None:
    return None if item.get(name) is None else _whole(item, name)


def text(item: dict[str, Any], name: str, longest: int, default: str | None = None) -> str:
    """A text of an item, cut and without what upsets a database; raises ValueError for others."""
    value = item.get(name, default)
    if not isinstance(value, str):
        raise ValueError(name)
    if value.isascii() and "\x00" not in value:
        return value[:longest]  # nearly all that a tablet posts
    return value.replace("\x00", "").encode("utf-8", "replace").decode()[:longest]


def time(value: object) -> datetime | None:
    """A time of a device; raises ValueError where it is none."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError("device_at")
    try:
        at = datetime.fromisoformat(value)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("device_at") from None
