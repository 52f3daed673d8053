"""What a big screen shows of its playlist, and what an entry of a playlist may be. Pure.

A playlist runs by the clock alone: from the entry and the moment it was last set to, every screen
finds by itself what is due, so that screens stay in step and go on without a network.
`frontend/playing/position.ts` moves a screen by the same rule as `position`; both are held to
tests/judging/playing_cases.json.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from competition.rules.refusal import Refusal
from judging.rules.delegations import MEASURES

KINDS = (
    *("skill", "hour", "delegations", "city", "map", "medals", "now"),
    *("countdown", "countdowns", "timetable", "sponsors", "text"),
)
TELLS = {  # which documents over all skills a kind of entry is drawn from
    "hour": ("hour",),
    "delegations": ("delegations",),
    "city": ("delegations", "medals"),
    "map": ("delegations",),
    "medals": ("medals",),
    "now": ("now",),
    "countdown": ("timetable",),
    "countdowns": ("timetable",),
    "timetable": ("timetable",),
    "sponsors": ("sponsors",),
}
OF_SKILL = ("skill", "countdown")
MOST_ENTRIES = 60
SHORTEST, LONGEST = 5, 600  # seconds
LONGEST_TITLE, LONGEST_TEXT = 60, 400
LANGUAGES = ("zh", "en", "turns")  # "turns": both, one after the other
THEMES = ("dark", "light")
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a playlist; `id` tells it from the others of its playlist and stays."""

    id: int
    kind: str
    seconds: int
    skill: str = ""
    by: str = ""
    delegation: str = ""
    title_zh: str = ""
    title_en: str = ""
    text_zh: str = ""
    text_en: str = ""

    @property
    def plain(self) -> dict[str, Any]:
        """As rows and documents carry it: what is empty stays out."""
        return {name: value for name, value in asdict(self).items() if value != ""}


@dataclass(frozen=True, slots=True)
class Play:
    """What a screen was last set to: an entry, since when, and whether it stays there.

    While it stays on an entry, the entry's pages go on turning, as whoever reads a long board
    needs. `paused`: the moment at which its clock was stopped; then nothing turns at all.
    """

    entry: int
    since: datetime
    held: bool
    paused: datetime | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """The entry that is due, by its place in the list, since when, and in which pass."""

    index: int
    since: datetime
    round: int


def position(entries: Sequence[Entry], play: Play, at: datetime) -> Position | None:
    """What is due at a moment; None for an empty playlist. An entry that is gone counts as the
    first one, a moment before `since` as `since`."""
    if not entries:
        return None
    first = next((i for i, one in enumerate(entries) if one.id == play.entry), 0)
    since, at = play.since, play.paused or at
    if play.held:
        return Position(first, since, 0)
    whole = SECOND * sum(one.seconds for one in entries)
    rounds = max(0, (at - since) // whole)
    since += whole * rounds
    for step in range(len(entries)):
        index = (first + step) % len(entries)
        lasts = SECOND * entries[index].seconds
        if at < since + lasts:
            return Position(index, since, rounds)
        since += lasts
    raise AssertionError("a pass is shorter than its entries")


def paused(play: Play, at: datetime) -> Play:
    """The same, standing still from this moment on; what stands still already stays as it is."""
    return play if play.paused else replace(play, paused=at)


def gone_on(play: Play, at: datetime) -> Play:
    """What goes on: from where its clock was stopped, or from the entry that it stayed on."""
    if play.held:
        return Play(play.entry, at, held=False)
    if play.paused is None:
        return play
    return replace(play, since=play.since + (at - play.paused), paused=None)


def kept(before: Sequence[Entry], after: Sequence[Entry], play: Play, at: datetime) -> Play:
    """What a screen is set to when its playlist changes: it goes on with the entry it shows, or
    where that is gone with the next one that is still there."""
    due = position(before, play, at)
    if due is None or not after:
        return Play(after[0].id if after else 0, at, False, play.paused and at)
    there = {one.id for one in after}
    onward = [before[(due.index + step) % len(before)] for step in range(len(before))]
    found = next((one.id for one in onward if one.id in there), after[0].id)
    if found == before[due.index].id:
        return Play(found, due.since, play.held, play.paused)
    return Play(found, at, False, play.paused and at)


def read(
    number: int,
    form: Mapping[str, str],
    skills: Collection[str],
    delegations: Mapping[str, Mapping[str, str]] | None = None,
) -> Entry:
    """The entry that a form describes, as entry `number`. `skills`: the codes that there are;
    `delegations`: code → its names, which the entry takes along as its title.

    Raises:
        Refusal: it cannot be shown as it is typed.
    """
    kind = form.get("kind", "")
    if kind not in KINDS:
        raise _refused("没有选择条目类型。", "No kind of entry was chosen.")
    seconds = form.get("seconds", "").strip()
    plain = seconds.isascii() and seconds.isdigit() and len(seconds) < 6
    if not plain or not SHORTEST <= int(seconds) <= LONGEST:
        raise _refused(
            f"秒数应是 {SHORTEST} 到 {LONGEST} 的整数。",
            f"Seconds are a whole number from {SHORTEST} to {LONGEST}.",
        )
    skill = form.get("skill", "") if kind in OF_SKILL else ""
    if kind in OF_SKILL and skill not in skills:
        raise _refused("请选择一个赛项。", "Choose a skill.")
    by = form.get("by", "") or "points" if kind == "delegations" else ""
    if by and by not in MEASURES:
        raise _refused("没有这种排序。", "There is no such order.")
    if kind == "city":
        code = form.get("delegation", "")
        named = (delegations or {}).get(code)
        if named is None:
            raise _refused("请选择一个代表团。", "Choose a delegation.")
        zh, en = named["name_zh"], named["name_en"]
        return Entry(number, kind, int(seconds), delegation=code, title_zh=zh, title_en=en)
    if kind != "text":
        return Entry(number, kind, int(seconds), skill, by)
    words = {name: _text(form, name) for name in ("title_zh", "title_en", "text_zh", "text_en")}
    if not any(words.values()):
        raise _refused("请写下要显示的文字。", "Write the text to be shown.")
    return Entry(number, kind, int(seconds), **words)


def message(form: Mapping[str, str]) -> tuple[str, str]:
    """An emergency text in both languages, one of them may be empty.

    Raises:
        Refusal: both are empty, or one is too long to be read from far away.
    """
    zh, en = _text(form, "text_zh"), _text(form, "text_en")
    if not zh and not en:
        raise _refused("紧急文字是空的。", "The emergency text is empty.")
    return zh, en


def from_plain(found: Sequence[Mapping[str, Any]]) -> list[Entry]:
    """Entries as rows keep them."""
    return [Entry(**one) for one in found]


def documents(found: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[str]]:
    """The public documents that plain entries need: codes of skills, kinds of boards over all."""
    codes = {one["skill"] for one in found if one["kind"] == "skill"}
    kinds = {kind for one in found for kind in TELLS.get(one["kind"], ())}
    return sorted(codes), sorted(kinds)


def _text(form: Mapping[str, str], name: str) -> str:
    text = form.get(name, "").replace("\r\n", "\n").replace("\x00", "").strip()
    most = LONGEST_TITLE if name.startswith("title") else LONGEST_TEXT
    if len(text) > most:
        raise _refused(f"文字最多 {most} 字。", f"The text may have {most} signs at most.")
    return text


def _refused(zh: str, en: str) -> Refusal:
    return Refusal(f"{zh}没有改变。", f"{en} Nothing was changed.")
