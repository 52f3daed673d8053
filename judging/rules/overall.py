"""Boards over all skills: delegations, medals, what is on now.

They are made from the skills' public documents and from nothing else, so none of them can know
more than what is public already. What else is told over all skills stands `APART`.

Only official results count for delegations and medals: hidden and provisional boards, those frozen
before they were official, and those whose places wait for a decision, bring nothing, and a skill
that is still sealed counts for no delegation (decisions 2).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from judging.rules import delegations
from judging.rules.delegations import MEASURES, SMALL, Row, Taken, two_places
from judging.rules.medals import MEDALS, Award
from judging.rules.visibility import is_official, shown_state

Plain = dict[str, Any]
Body = Mapping[str, Any]
Called = tuple[str, str, str]  # a delegation's code and its two names

ON_NOW = ("running", "paused", "checking", "frozen", "undecided", "final")


def official(bodies: Iterable[Body]) -> list[Body]:
    """The documents of skills that are locked and released, with every place decided."""
    return [
        body
        for body in bodies
        if shown_state(body) == "final" and is_official(body) and body["standings"]
    ]


def of_delegations(bodies: Sequence[Body], called: Sequence[Called]) -> Plain:
    """Medals, points, totals and averages of every delegation, and its best, in five orders."""
    counted = official(bodies)
    lines = {
        f"{body['skill']['code']}:{number}": (body, line)
        for body in counted
        for number, line in enumerate(body["standings"])
        if "counts" in line
    }
    results = [_taken(key, body, line) for key, (body, line) in lines.items()]
    found = delegations.rows([code for code, _, _ in called], results)
    names = {code: (zh, en) for code, zh, en in called}
    return {
        "kind": "delegations",
        "skills": {
            "of": len(bodies),
            "official": len(counted),
            "counted": len({body["skill"]["code"] for body, _ in lines.values()}),
        },
        "small": SMALL,
        "rows": [_row(row, names, lines) for row in found if row.entries],
        "orders": {measure: _order(found, measure) for measure in MEASURES},
    }


def _taken(key: str, body: Body, line: Body) -> Taken:
    counts = line["counts"]
    award = Award(line["award"]) if line["award"] else None
    skill = body["skill"]["code"]
    return Taken(skill, key, counts["delegation"], award, counts["score"], counts["people"])


def _row(
    row: Row, names: Mapping[str, tuple[str, str]], lines: Mapping[str, tuple[Body, Body]]
) -> Plain:
    zh, en = names.get(row.delegation, (row.delegation, row.delegation))
    won = row.awards
    return {
        "code": row.delegation,
        "name_zh": zh,
        "name_en": en,
        "entries": row.entries,
        **{award.value: won[award] for award in MEDALS},
        "more": won[Award.MEDALLION] + won[Award.MERIT],
        "medallists": row.medallists,
        "points": row.points,
        "average_points": two_places(row.average_points),
        "total_score": row.total_score,
        "average_score": None if row.average_score is None else two_places(row.average_score),
        "best": [_best(one, *lines[one.key]) for one in row.best],
    }


def _best(one: Taken, body: Body, line: Body) -> Plain:
    return {
        "skill": one.skill,
        "name_zh": body["skill"]["name_zh"],
        "name_en": body["skill"]["name_en"],
        "label_zh": line["label_zh"],
        "label_en": line["label_en"],
        "score": one.score,
    }


def _order(found: Iterable[Row], measure: str) -> Plain:
    ranked, apart = delegations.table(found, measure)
    return {
        "ranked": [
            {"code": one.row.delegation, "place": one.place, "shared": one.shared} for one in ranked
        ],
        "apart": [row.delegation for row in apart],
    }


def of_medals(bodies: Sequence[Body], _called: Sequence[Called]) -> Plain:
    """Who has won what, skill by skill, in the order of skills."""
    skills = [_medals(body) for body in official(bodies)]
    return {
        "kind": "medals",
        "of": len(bodies),
        "totals": {
            award.value: sum(
                line["award"] == award.value for one in skills for line in one["winners"]
            )
            for award in MEDALS
        },
        "skills": skills,
    }


def _medals(body: Body) -> Plain:
    medals = [award.value for award in MEDALS]
    said = ("label_zh", "label_en", "delegation_zh", "delegation_en", "place", "award")
    winners = [
        {name: line[name] for name in said if name in line}
        for line in body["standings"]
        if line["award"] in medals
    ]
    more = [line["award"] for line in body["standings"] if line["award"] not in (None, *medals)]
    return {
        **_called(body),
        "winners": winners,
        "more": len(more),
        "more_award": more[0] if more else None,  # a skill's rules know only one beside medals
    }


def of_now(bodies: Sequence[Body], _delegations: Sequence[Called]) -> Plain:
    """What is at work, being confirmed or official, with its clock, and how many of each state.

    Of marks it tells nothing but who has gold where results are official.
    """
    of_state: dict[str, list[Body]] = {state: [] for state in ("not_started", *ON_NOW)}
    for body in bodies:
        of_state[shown_state(body)].append(body)
    winners = {
        body["skill"]["code"]: [line for line in body["standings"] if line["award"] == "gold"]
        for body in official(bodies)
    }
    return {
        "kind": "now",
        "counts": {state: len(own) for state, own in of_state.items()},
        "skills": [
            _now(body, state, winners.get(body["skill"]["code"], []))
            for state in ON_NOW
            for body in of_state[state]
        ],
    }


def _now(body: Body, state: str, winners: Iterable[Body]) -> Plain:
    running = state in ("running", "paused")
    said = ("label_zh", "label_en", "delegation_zh", "delegation_en")
    return {
        **_called(body),
        "state": state,
        "clock": body["clock"] if running else None,
        "gold": [{name: line[name] for name in said if name in line} for line in winners],
    }


def _called(body: Body) -> Plain:
    head = body["skill"]
    names = ("code", "name_zh", "name_en", "zone_zh", "zone_en")
    return {name: head[name] for name in names}


KINDS: Mapping[str, Callable[[Sequence[Body], Sequence[Called]], Plain]] = {
    "now": of_now,
    "medals": of_medals,
    "delegations": of_delegations,
}
APART = ("timetable", "sponsors", "hour")  # made of more than the boards of this moment
DOCUMENTS = (*KINDS, *APART)
