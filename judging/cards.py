"""Pictures of boards for sharing, made with Typst off the hub, once for all who ask.

One picture is made at a time in a process. While a board moves ten times a second its picture is
made every `LASTS` seconds at most; an older one is given only while the board still says the same
of its state and of whom it names, so that a board that was hidden is hidden on its card at once.
"""

import hashlib
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from competition.rules.refusal import Refusal
from judging import printing

SIZES = {"link": (500, 400), "poster": (1080, 1440)}  # points: WeChat's 5:4 thumbnail, a poster
LASTS = 5.0  # seconds
KEPT = 400  # pictures: every board in both sizes and languages
MOST_WAITING = 8


@dataclass(frozen=True, slots=True)
class Card:
    """A picture as it was made: `tag` names its content, `stands` what may not be out of date."""

    tag: str
    stands: str
    made: float
    png: bytes


class Cards:
    """The pictures of a process, by their subject; the last ones asked for are kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Card] = OrderedDict()
        self._making = threading.Lock()  # gevent's own in the web process
        self._waiting = 0

    def of(
        self, subject: str, stands: object, told: Mapping[str, Any], template: Path, data: Path
    ) -> Card:
        """The picture of what is `told`; `subject` names the board, size and language.

        Raises:
            Refusal: too many pictures are being made at this moment, and none of this board is
                there to be given.
        """
        wanted = (_tag([subject, told]), _tag([subject, stands]))
        found = self._good(subject, *wanted, LASTS)
        if found is not None:
            return found
        if self._waiting >= MOST_WAITING:
            return self._good(subject, *wanted, None) or _busy()
        self._waiting += 1
        try:
            with self._making:
                found = self._good(subject, *wanted, LASTS)
                if found is None:
                    png = printing.png(template, told, data)
                    found = Card(*wanted, time.monotonic(), png)
                    self._kept[subject] = found
                    self._kept.move_to_end(subject)
                    while len(self._kept) > KEPT:
                        self._kept.popitem(last=False)
                return found
        finally:
            self._waiting -= 1

    def _good(self, subject: str, tag: str, stands: str, lasts: float | None) -> Card | None:
        """The kept picture where it may be given: it is this very one, or young enough."""
        found = self._kept.get(subject)
        if found is None or found.tag == tag:
            return found
        if found.stands != stands:
            return None
        return found if lasts is None or time.monotonic() - found.made < lasts else None


def _tag(of: object) -> str:
    text = json.dumps(of, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _busy() -> Card:
    raise Refusal(
        "正在生成的图片太多，这张还没有生成。请稍候几秒再试。",
        "Too many pictures are being made, so this one was not. Try again in a few seconds.",
        status=503,
    )
