"""The slides of a ceremony, made from fixed lists: the same lists give the same slides, always.

Skill by skill: call-up, the list revealed in the chosen order, 优胜奖 as a list, bronze, silver,
gold; at the end the best delegations. A slide is plain JSON: what the stage draws (`kind`, `title`,
`skill`, `lines`), what the master of ceremonies says (`says`), the skills that it tells of
(`skills`), and the one whose list is told whole with it (`completes`). Texts are [zh, en].
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from judging.rules import ceremony_words as words
from judging.rules import delegations, reveal
from judging.rules.delegations import Ranked, Taken
from judging.rules.medals import MEDALS, Award
from judging.rules.reveal import Order, Revealed, Slot

Plain = dict[str, Any]
Pair = tuple[str, str]
NAMES = 12  # names that can be read from 20 m, in two columns
ROWS = 9  # lines of a board
BEST = 3  # places of delegations that are told
MEASURES = ("medals", "points")


@dataclass(frozen=True, slots=True)
class Named:
    """One line of a list as the stage tells it. `delegation` is its code, empty where the skill is
    sealed; `total` and `before_total` are texts, as the public sees them."""

    key: str
    label: Pair
    place: int | None
    award: Award | None
    total: str
    delegation: str = ""
    delegation_name: Pair = ("", "")
    before: int | None = None
    before_total: str = ""

    @property
    def revealed(self) -> Revealed:
        return Revealed(self.key, self.place, self.award, self.before)


@dataclass(frozen=True, slots=True)
class Listed:
    """A skill and its final list."""

    id: int
    code: str
    name: Pair
    lines: tuple[Named, ...]

    @property
    def placed(self) -> list[Named]:
        """Who is called, in an order that tells nothing: by delegation, then by key."""
        found = [line for line in self.lines if line.place is not None]
        return sorted(found, key=lambda line: (line.delegation, line.key))


def slides(title: Pair, lists: Sequence[Listed], order: Order, measure: str) -> list[Plain]:
    """Every slide of a ceremony. `measure` orders the delegations: one of MEASURES."""
    made = [_slide("opening", title, words.opening(title))]
    for listed in lists:
        made += _skill(listed, order)
    made += _delegations(lists, measure)
    return [*made, _slide("closing", words.CLOSING, words.closing(title))]


def digest(made: Sequence[Plain]) -> str:
    """What tells one project from another."""
    text = json.dumps(made, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def later(slide: Plain) -> Plain:
    """What the stage shows instead of a slide whose list was reopened since."""
    return _slide("later", words.LATER, words.LATER_SAID, skill=slide["skill"])


def shown(slide: Plain, gone: Collection[int]) -> Plain:
    """A slide as it would come on stage now."""
    return later(slide) if set(slide["skills"]) & set(gone) else slide


def leap(
    made: Sequence[Plain], at: int, to: int, told: Collection[int]
) -> tuple[list[str], str | None]:
    """What a jump from slide `at` to `to` leaves out: the codes of skills that it passes before
    their list was told, and the code of the one that it tells whole without the slides before."""
    telling = [
        (number, slide["completes"], slide["skill"]["code"])
        for number, slide in enumerate(made, 1)
        if at < number <= to and slide["completes"] is not None
    ]
    codes = [(number, code) for number, skill, code in telling if skill not in told]
    passed = [code for number, code in codes if number < to]
    return passed, next((code for number, code in codes if number == to > at + 1), None)


def _slide(kind: str, title: Pair, says: Pair, **more: Any) -> Plain:  # noqa: ANN401 - JSON
    empty: Plain = {"skill": None, "lines": [], "skills": [], "completes": None, "page": None}
    return {"kind": kind, "title": list(title), "says": list(says), **empty, **more}


def _skill(listed: Listed, order: Order) -> list[Plain]:
    called = listed.placed
    out = _pages(listed, "call_up", words.CALL_UP, called, words.call_up)
    if order is not Order.PLACE:
        out += _board(listed, order)
    told = len(out)
    by_key = {line.key: line for line in called}
    awards = reveal.by_award(line.revealed for line in called)
    for award, keys in awards.items():
        kind = "medal" if award in MEDALS else "merit"
        lines = [by_key[key] for key in keys]
        given = words.award(award, len(lines))
        out += _pages(listed, kind, given, lines, words.winners(award, awards), award=award.value)
    if not awards:
        out.append(_slide("none", words.NO_MEDALS, words.no_medals(listed.name), **_of(listed)))
    whole = len(out) if order is Order.PLACE or not called else told
    out[whole - 1]["completes"] = listed.id
    return out


def _board(listed: Listed, order: Order) -> list[Plain]:
    """The board as the public saw it last, then screen by screen as it is settled."""
    lines = [line.revealed for line in listed.lines]
    by_key = {line.key: line for line in listed.lines}
    made, settled = [], set[str]()
    for new in ((), *reveal.steps(lines, order)):
        settled |= set(new)
        shown = reveal.window(reveal.board(lines, settled, new), ROWS)
        says = words.settled([by_key[key] for key in new], listed.name)
        rows = [_row(slot, by_key[slot.key]) for slot in shown]
        made.append(_slide("board", words.BOARD, says, lines=rows, **_of(listed)))
    return made if listed.placed else []


def _row(slot: Slot, line: Named) -> Plain:
    award = line.award.value if line.award and slot.is_settled else None
    total = line.total if slot.is_settled else line.before_total
    state = {"settled": slot.is_settled, "new": slot.is_new}
    return {**_name(line), "place": slot.place, "total": total, "award": award, **state}


def _pages(
    listed: Listed,
    kind: str,
    title: Pair,
    lines: Sequence[Named],
    says: words.Says,
    **more: Any,  # noqa: ANN401
) -> list[Plain]:
    """One slide, or several where there are more names than one can read."""
    return [
        _slide(
            kind,
            title,
            says(part, listed.name) if page is None or page[0] == 1 else words.further(part),
            lines=[_name(line) for line in part],
            page=page,
            **_of(listed),
            **more,
        )
        for page, part in _parted(lines)
    ]


def _parted(lines: Sequence[Any]) -> list[tuple[list[int] | None, Sequence[Any]]]:
    """The lines slide by slide, each with which of how many it is; None where there is one only."""
    parts = [lines[at : at + NAMES] for at in range(0, len(lines), NAMES)] or [lines]
    of = len(parts)
    return [([number, of] if of > 1 else None, part) for number, part in enumerate(parts, 1)]


def _of(listed: Listed) -> Plain:
    return {"skill": {"code": listed.code, "name": list(listed.name)}, "skills": [listed.id]}


def _name(line: Named) -> Plain:
    return {"label": list(line.label), "delegation": list(line.delegation_name)}


def _delegations(lists: Sequence[Listed], measure: str) -> list[Plain]:
    """The best delegations of these skills, from the third place to the first."""
    names = {
        line.delegation: line.delegation_name
        for listed in lists
        for line in listed.lines
        if line.delegation
    }
    taken = [
        Taken(listed.code, line.key, line.delegation, line.award, None, 1)
        for listed in lists
        for line in listed.placed
        if line.delegation
    ]
    ranked, _small = delegations.table(delegations.rows(sorted(names), taken), measure)
    won = [one for one in ranked if one.row.points and one.place <= BEST]
    skills = [listed.id for listed in lists]
    out = []
    for place in sorted({one.place for one in won}, reverse=True):
        same = [one for one in won if one.place == place]
        said = words.best(place, [names[one.row.delegation] for one in same], measure, len(lists))
        title = words.best_title(place, measure, len(same))
        for page, part in _parted(same):
            rows = [_delegation(one, names) for one in part]
            more = {"lines": rows, "skills": skills, "page": page}
            out.append(_slide("delegations", title, said, **more))
    return out


def _delegation(one: Ranked, names: dict[str, Pair]) -> Plain:
    won = one.row.awards
    medals = {award.value: won[award] for award in MEDALS}
    return {
        "label": list(names[one.row.delegation]),
        "delegation": ["", ""],
        **medals,
        "points": one.row.points,
    }


def skill_ids(made: Iterable[Plain]) -> list[int]:
    """The skills that slides tell of, in their order."""
    return list(dict.fromkeys(skill for slide in made for skill in slide["skills"]))
