"""The course of a skill's entries over the day and how its totals are spread, for everybody: drawn
from public documents, and each chart also a table."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from competition.database import db
from competition.views.language import HALL
from competition.views.named import skill_or_404
from judging import history, results
from judging.rules import history as rules
from judging.rules.history import Point
from judging.rules.scheme import two_decimals

blueprint = Blueprint("charts", __name__)
Plain = dict[str, Any]


@blueprint.get("/skills/<code>/charts")
def page(code: str) -> ResponseReturnValue:
    """One entry's total and place over the day, beside the others'; and the spread of totals."""
    skill = skill_or_404(code)
    body = results.snapshot(skill).body
    courses, span = history.courses(db.session(), skill.id, body)
    labels = {rules.key_of(one): one for one in body["standings"]}
    asked = request.args.get("who", "")
    chosen = asked if courses.get(asked) else rules.first_to_show(courses)
    return render_template(
        "boards/charts.html",
        board=body,
        entries=[{"key": key, "line": labels[key]} for key in courses],
        chosen=chosen,
        course=_course(courses, chosen, span, body) if span and chosen else None,
        bins=_bins(body),
    )


def _course(
    courses: dict[str, list[list[Point]]], chosen: str, span: tuple[int, int], body: Plain
) -> Plain:
    """Everything drawn and told of one entry's course; others are drawn only."""
    first, last = span
    most = rules.hundredths(body["max"])
    size = max(2, *(point.place for pieces in courses.values() for one in pieces for point in one))
    totals = {
        key: [_held(one, last, one is pieces[-1], "total") for one in pieces]
        for key, pieces in courses.items()
    }
    places = [_held(one, last, one is courses[chosen][-1], "place") for one in courses[chosen]]
    upside = [[(minute, size - place) for minute, place in one] for one in places]
    return {
        "others": [
            rules.steps(one, first, last, most)
            for key, pieces in totals.items()
            if key != chosen
            for one in pieces
        ],
        "totals": [rules.steps(one, first, last, most) for one in totals[chosen]],
        "places": [rules.steps(one, first, last, size - 1) for one in upside],
        "most": two_decimals(most),
        "half": two_decimals(most // 2),
        "size": size,
        "times": _times(span),
        "rows": [
            {"at": _time(one.minute, span), "place": one.place, "total": two_decimals(one.total)}
            for pieces in courses[chosen]
            for one in pieces
        ],
    }


def _held(piece: Sequence[Point], last: int, is_now: bool, field: str) -> list[tuple[int, int]]:
    """The values of a piece; the present one holds until the last minute."""
    values = [(one.minute, int(getattr(one, field))) for one in piece]
    return [*values, (last, values[-1][1])] if is_now else values


def _times(span: tuple[int, int]) -> list[str]:
    """What stands under the first minute, the middle one and the last: early in the day two of them
    are one, and it is said once."""
    first, last = span
    said = [_time(minute, span) for minute in (first, (first + last) // 2, last)]
    return ["" if text in said[:number] else text for number, text in enumerate(said)]


def _time(minute: int, span: tuple[int, int]) -> str:
    """The hall's clock; with the day where the course is longer than one."""
    first, last, at = (
        datetime.fromtimestamp(one * 60, UTC).astimezone(HALL) for one in (*span, minute)
    )
    return f"{at:%H:%M}" if first.date() == last.date() else f"{at:%m-%d %H:%M}"


def _bins(body: Plain) -> list[Plain] | None:
    found = rules.spread(body)
    if found is None:
        return None
    return [
        {"low": two_decimals(one.low), "high": two_decimals(one.high), "count": one.count}
        for one in found
    ]
