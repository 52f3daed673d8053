"""What a card for sharing says of a board, in the reader's words: plain things for Typst, made from
the stored public document and from nothing else.

Lines are {"lead", "main", "sub", "figure", "metal"}: a place or a code, who or what, what stands
beside it, a total; `metal` is an award's key or "".
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from competition.views.language import HALL, chosen, name, time_of_day
from judging.rules.standings_words import AWARDS
from judging.rules.visibility import shown_state

Plain = dict[str, Any]
Body = Mapping[str, Any]
METALS = ("gold", "silver", "bronze")


def of_skill(body: Body) -> Plain:
    """A skill's board: its state, what is public of it, its lines from the top."""
    head = body["skill"]
    return {
        "code": head["code"],
        "title": name(head),
        "other": head["name_zh" if chosen() == "en" else "name_en"],
        "state": body["state"],
        "word": state_word(shown_state(body)),
        "said": _release(body),
        "lines": [_line(one) for one in body["standings"]],
        "nothing": name(body, "message") or _("Results are not shown yet"),
    }


def of_kind(body: Body) -> Plain:
    """A board over all skills."""
    title, said, lines, nothing = {
        "delegations": _delegations,
        "medals": _medals,
        "now": _now,
        "timetable": _timetable,
    }[body["kind"]](body)
    return {
        "code": "", "title": title, "other": "", "state": "", "word": "", "said": said,
        "lines": lines, "nothing": nothing,
    }  # fmt: skip


def state_word(state: str) -> str:
    """The word of a board's state."""
    words = {
        "not_started": _("Not started"), "running": _("In progress"), "paused": _("Paused"),
        "frozen": _("Frozen"), "checking": _("Being confirmed"), "final": _("Official results"),
        "undecided": _("Places wait for a decision"),
    }  # fmt: skip
    return str(words[state])


def _release(body: Body) -> str:
    """As templates/boards/_words.html says it."""
    if not body["standings"]:
        return str(_("Results are not shown yet"))
    waits = shown_state(body) == "undecided"
    said = [
        {
            "automatic": _("Provisional: automatic checks confirmed by judges only"),
            "confirmed": _("Provisional: confirmed marks only"),
            "frozen": _("Frozen: the standings as they were at the freeze"),
            "final": _("Official results, locked by the chief judge"),
            "undecided": _("Locked by the chief judge; places wait for a decision"),
        }.get("undecided" if waits else body["release"], _("Results are not shown yet"))
    ]
    return " · ".join([*said, *kept_back(body)])


def kept_back(body: Body) -> list[str]:
    """What of a board's lines comes later, or not at all."""
    said = []
    if body["delay"]:
        said.append(str(_("shown %(n)s min later", n=body["delay"])))
    if body["top"]:
        few = _("first place only"), _("first %(n)s places only", n=body["top"])
        said.append(str(few[body["top"] != 1]))
    return said


def _line(line: Body) -> Plain:
    place = line["place"] if line["released"] else None
    award = line.get("award")
    beside = _("not decided") if line.get("undecided") else _("shared") if line["shared"] else ""
    words = (
        name(line, "delegation") if line.get("delegation_zh") else "",
        AWARDS[award][0 if chosen() == "zh" else 1].capitalize() if award else "",
        beside if place is not None else "",
    )
    return _told(
        "–" if place is None else str(place), name(line, "label"), *words,
        figure=line["total"] if line["released"] else "–", metal=award if award in METALS else "",
    )  # fmt: skip


def _delegations(board: Body) -> tuple[str, str, list[Plain], str]:
    rows = {one["code"]: one for one in board["rows"]}
    lines = []
    for one in board["orders"]["points"]["ranked"]:
        row = rows[one["code"]]
        won = " · ".join(f"{_(metal.capitalize())} {row[metal]}" for metal in METALS)
        lines.append(
            _told(str(one["place"]), name(row), won, figure=_("%(n)s points", n=row["points"]))
        )
    said = _("Skills counted: %(n)s", n=board["skills"]["counted"])
    return _("Delegations"), said, lines, _("No delegation has a result yet")


def _medals(board: Body) -> tuple[str, str, list[Plain], str]:
    lines = []
    for skill in board["skills"]:
        won = [one for one in skill["winners"] if one["award"] == "gold"]
        beside = [name(one, "delegation") if one.get("delegation_zh") else "" for one in won]
        people = " / ".join(name(one, "label") for one in won) or "–"
        lines.append(
            _told(skill["code"], people, name(skill), *dict.fromkeys(beside), metal="gold")
        )
    said = _("%(n)s of %(of)s skills have official results", n=len(lines), of=board["of"])
    return _("Gold medals"), said, lines, _("No official results yet")


def _now(board: Body) -> tuple[str, str, list[Plain], str]:
    at_work = [one for one in board["skills"] if one["state"] != "final"] or board["skills"]
    lines = [
        _told(one["code"], name(one), name(one, "zone"), figure=state_word(one["state"]))
        for one in at_work
    ]
    counts = [(state_word(key), n) for key, n in board["counts"].items() if n]
    said = " · ".join(f"{word} {n}" for word, n in counts)
    return _("On now"), said, lines, _("No skill is at work now")


def _timetable(board: Body) -> tuple[str, str, list[Plain], str]:
    ahead = [one for one in board["periods"] if not one["over"]]
    lines = [
        _told(
            one["code"], name(one), _day(one["starts_at"]), name(one, "period"),
            figure=f"{time_of_day(one['starts_at'])}–{time_of_day(one['ends_at'])}",
        )
        for one in ahead
    ]  # fmt: skip
    said = _("Working periods ahead: %(n)s", n=len(ahead))
    return _("Timetable"), said, lines, _("No working period is planned")


def _day(iso: str) -> str:
    return datetime.fromisoformat(iso).astimezone(HALL).strftime("%m-%d")


def _told(lead: str, main: str, *beside: str, figure: str = "", metal: str = "") -> Plain:
    sub = " · ".join(filter(None, beside))
    return {"lead": lead, "main": main, "sub": sub, "figure": figure, "metal": metal}


def as_it_stands(body: Body) -> Sequence[object]:
    """What of a board may not be a few seconds old on a card: its state, its terms, and who is
    named on it. Only totals and places may lag; boards over all skills may not at all."""
    if "skill" not in body:
        return ["", body["sequence"]]
    named = sorted(f"{one['label_zh']}|{one.get('delegation_zh', '')}" for one in body["standings"])
    terms = [body[key] for key in ("state", "release", "delay", "top", "message_zh")]
    return [body["skill"]["code"], *terms, *named]
