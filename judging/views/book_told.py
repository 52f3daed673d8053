"""What a book of results says, in the reader's words: one plain thing for the PDF and for Excel."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from competition.database import db
from competition.founding import edition
from competition.models import Zone
from competition.views.language import chosen, day_and_time, name
from judging import fonts
from judging.books import Book, Chapter
from judging.rules.standings_words import AWARDS
from judging.rules.visibility import is_frozen, shown_state
from judging.views.card_told import kept_back

Plain = dict[str, Any]


def told(book: Book, data: Path) -> Plain:
    """The whole book. `data`: PODIUM_DATA, for the fonts that the PDF will be drawn with."""
    competition = edition(db.session())
    state, hint = _state(book)
    whole: Plain = {
        "competition": name(competition) if competition is not None else "Podium",
        "demo": _("Demo data") if competition is not None and competition.is_demo else "",
        "title": _("Book of results") if book.view == "final" else _("Results"),
        "part": _part(book),
        "state": state,
        "hint": hint,
        "final": book.view == "final",
        "single": book.part is not None and not isinstance(book.part, Zone),
        "at": day_and_time(max((one.at for one in book.chapters), default=None)),
        "language": chosen(),
        "words": _words(),
        "chapters": [_chapter(book.view, one) for one in book.chapters],
        "medals": [_medals(one) for one in book.medals["skills"]],
        "totals": [[_award(key), str(n)] for key, n in book.medals["totals"].items()],
        "delegations": _delegations(book),
        "counted": _counted(book),
        "lacks": "",
    }
    found = fonts.files(data)
    missing = fonts.lacking(json.dumps(whole, ensure_ascii=False), found) if found else []
    if missing:
        listed = "、".join(f"{letter} (U+{ord(letter):04X})" for letter in missing[:12])
        said = _("No font on this machine draws: %(letters)s. Write them by hand.", letters=listed)
        whole["lacks"] = said
    return whole


def _words() -> dict[str, str]:
    return {
        "page": _("Page"), "skill": _("Skill"), "place": _("Place"), "who": _("Competitor"),
        "delegation": _("Delegation"), "total": _("Total"), "award": _("Award"),
        "state": _("State"), "medals": _("Medals"), "delegations": _("Delegations"),
        "skills": _("Skills"), "name": _("Name of the skill"),
        "standings": _("Standings"), "why": _("Why this place"), "gold": _award("gold"),
        "silver": _award("silver"), "bronze": _award("bronze"), "merit": _("Merit"),
        "entries": _("Entries"), "points": _("Points"), "average": _("Average points"),
        "score": _("Total of scale scores"), "average_score": _("Average scale score"),
        "scale_score": _("Scale score (approx.)"),
        "zone": _("Zone"), "version": _("Result version"),
        "none": _("No delegation has a result yet"), "about": _("State of these results"),
        "as_of": _("As of"), "number": _("Sequence or ledger number"),
        "starred": _("★ Marks of this line were opened again after sign-off."),
        "scale": _("Scale scores are an approximation: the federation does not publish its"
                   " formula."),
    }  # fmt: skip


def _award(award: str | None) -> str:
    return AWARDS[award][0 if chosen() == "zh" else 1].capitalize() if award else ""


def _part(book: Book) -> str:
    if book.part is None:
        return str(_("Whole competition"))
    code = "" if isinstance(book.part, Zone) else f"{book.part.code} "
    return f"{code}{name(book.part)}"


def _state(book: Book) -> tuple[str, str]:
    """The state on every page: a word, and beside the first one what it means."""
    if book.view == "final":
        return _("Final results"), _("Every skill in it is locked, handed over and decided.")
    if book.view == "working":
        return (
            _("Working copy, not final"),
            _("For the chief judge only, by the judges' codes. It is no result."),
        )
    states = {shown_state(one.body) for one in book.chapters}
    if any(is_frozen(one.body) for one in book.chapters):
        return (
            _("Frozen, not final"),
            _("At least one skill is frozen: it stands as it was at the freeze."),
        )
    if states <= {"final"} and states:
        return _("Official results, as published"), _("What the public boards say at this moment.")
    return (
        _("Provisional, not final"),
        _("What the public boards say at this moment; the state of each skill stands with it."),
    )


def _chapter(view: str, chapter: Chapter) -> Plain:
    body = chapter.body
    criteria = body.get("criteria") or []
    lines = [_line(one) for one in body["standings"]]
    return {
        "code": body["skill"]["code"],
        "name": name(body["skill"]),
        "zone": name(body["skill"], "zone") if body["skill"]["zone_zh"] else "",
        "state": _chapter_state(view, chapter),
        "version": _version(chapter),
        "number": _number(view, chapter),
        "head": chapter.head,
        "at": day_and_time(chapter.at),
        "message": "" if lines else (name(body, "message") or _("No results to show")),
        "criteria": [f"{one['letter']} /{one['max']}" for one in criteria],
        "max": body["max"] or "",
        "lines": lines,
        "delegations": any(one["delegation"] for one in lines),
        "awards": any(one["award"] for one in lines),
        "starred": any(one["star"] for one in lines),
        "scaled": bool(body.get("scale")),
    }


def _chapter_state(view: str, chapter: Chapter) -> str:
    """The state of one skill: whether it is official, and whether it is frozen."""
    state = shown_state(chapter.body)
    if view == "final":
        return str(_("Final results"))
    word = {
        "not_started": _("Not started"), "running": _("In progress"), "paused": _("Paused"),
        "frozen": _("Frozen"), "checking": _("Being confirmed"), "final": _("Official results"),
        "undecided": _("Places wait for a decision"),
    }[state]  # fmt: skip
    if view == "working":
        return f"{_('Working copy, not final')} · {word}"
    lines = chapter.body["standings"]
    said = [word] if state == "final" and lines else [_("Provisional, not final"), word]
    if is_frozen(chapter.body) and state != "frozen":  # work goes on under the freeze
        said.append(_("Frozen"))
    return " · ".join([*said, *(kept_back(chapter.body) if lines else ())])


def _version(chapter: Chapter) -> str:
    if chapter.version is None or chapter.version_state is None:
        return ""
    word = {
        "locked": _("locked"), "handed_over": _("handed over"), "received": _("received"),
        "published": _("published"), "must_republish": _("must be published again"),
        "withdrawn": _("withdrawn"), "replaced": _("replaced"),
    }[chapter.version_state]  # fmt: skip
    return f"{_('Version %(n)s', n=chapter.version)} · {word}"


def _number(view: str, chapter: Chapter) -> str:
    if view == "public":
        return str(_("Public sequence %(n)s", n=chapter.number))
    return str(_("Ledger %(n)s", n=chapter.number))


def _line(line: Plain) -> Plain:
    place = line["place"] if line["released"] else None
    beside = _("not decided") if line.get("undecided") else _("shared") if line["shared"] else ""
    return {
        "place": "–" if place is None else str(place),
        "beside": beside if place is not None else "",
        "who": name(line, "label"),
        "delegation": name(line, "delegation") if line.get("delegation_zh") else "",
        "parts": [part or "–" for part in line.get("parts", ())],
        "total": line["total"] if line["released"] else "–",
        "score": "–" if line.get("score") is None else str(line["score"]),
        "award": _award(line.get("award")),
        "star": bool(line.get("starred")),
        "why": " ".join(line.get(f"why_{chosen()}", ())),
    }


def _medals(skill: Plain) -> Plain:
    won = {
        key: " / ".join(_winner(one) for one in skill["winners"] if one["award"] == key) or "–"
        for key in ("gold", "silver", "bronze")
    }
    return {"code": skill["code"], "name": name(skill), "more": str(skill["more"]), **won}


def _winner(line: Plain) -> str:
    delegation = name(line, "delegation") if line.get("delegation_zh") else ""
    return " · ".join(filter(None, (name(line, "label"), delegation)))


def _delegations(book: Book) -> Sequence[Plain]:
    """By points, as the board's first order; those too small for an average are not ranked there
    alone, so everybody stands here."""
    rows = {one["code"]: one for one in book.delegations["rows"]}
    order = book.delegations["orders"]["points"]
    return [_delegation(rows[one["code"]], str(one["place"])) for one in order["ranked"]] + [
        _delegation(rows[code], "–") for code in order["apart"]
    ]


def _delegation(row: Plain, place: str) -> Plain:
    counts = ("gold", "silver", "bronze", "more", "entries", "points", "average_points")
    return {
        "place": place,
        "name": name(row),
        **{key: str(row[key]) for key in counts},
        "average_score": row["average_score"] or "–",
        "total_score": str(row["total_score"]),
    }


def _counted(book: Book) -> str:
    found = book.delegations["skills"]
    said = _("Skills counted: %(n)s", n=found["counted"])
    sealed = found["official"] - found["counted"]
    if sealed:
        joint = "; " if chosen() == "en" else "；"
        more = _("%(n)s more are locked but still sealed, and count for no delegation", n=sealed)
        said += joint + more
    return str(said)
