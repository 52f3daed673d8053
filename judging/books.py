"""Read: what a book of results (成绩册) says, by skill, by zone or for the whole competition.

Three views, and each page says which: what is *public*, as it is at this moment; the chief judge's
*working* copy by the judges' codes; and *final* results, which need every skill locked, handed
over, decided and not frozen (`rules/book`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition.models import Release, Skill, Zone
from competition.moment import now
from competition.rules.refusal import Refusal
from judging import document, overall, result_versions, results
from judging.models import PublicBoard
from judging.rules import book
from judging.rules.book import Ripe

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chapter:
    """One skill: its document, and what tells this state of it from any other.

    `number` and `head` are the ledger's (staff only) or the public sequence and the SHA-256 of the
    public document; `version` and `version_state` of the results, None in a public book."""

    body: Plain
    at: datetime
    number: int
    head: str
    version: int | None = None
    version_state: str | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """`view`: "public", "working" or "final"; `part`: the skill or zone, None for everything."""

    view: str
    part: Skill | Zone | None
    chapters: tuple[Chapter, ...]
    medals: Plain
    delegations: Plain


def part_of(session: Session, part: str) -> tuple[Skill | Zone | None, list[Skill]] | None:
    """What an address means: "all", "zone-" with a zone's code, or a skill's code; and its skills.
    None where there is no such thing."""
    skills = select(Skill).order_by(Skill.id)
    if part == "all":
        return None, list(session.scalars(skills))
    if part.startswith("zone-"):
        zone = session.scalar(select(Zone).where(Zone.code == part.removeprefix("zone-")))
        return (
            (zone, list(session.scalars(skills.where(Skill.zone_id == zone.id)))) if zone else None
        )
    skill = session.scalar(select(Skill).where(Skill.code == part))
    return (skill, [skill]) if skill else None


def public(session: Session, part: Skill | Zone | None, skills: Collection[Skill]) -> Book:
    """What everybody may see now: the stored public documents and nothing else."""
    ids = [one.id for one in skills]
    shots = results.publish(results.positions(ids))
    stored = select(PublicBoard).where(PublicBoard.skill_id.in_(ids))
    rows = {row.skill_id: row for row in session.scalars(stored)}
    chapters = [
        Chapter(shots[one].body, rows[one].changed_at, shots[one].sequence, rows[one].digest)
        for one in ids
        if one in rows
    ]
    return _bound(session, "public", part, chapters)


def working(session: Session, skill: Skill) -> Book:
    """The real board of one skill as its chief judge sees it, by the judges' codes."""
    newest = _newest(session, [skill]).get(skill.id)
    body = document.real(session, skill)
    kept = (newest.version, newest.state) if newest else (None, None)
    chapter = Chapter(body, now(), skill.revision, skill.ledger_head, *kept)
    return _bound(session, "working", skill, [chapter])


def final(session: Session, part: Skill | Zone | None, skills: Sequence[Skill]) -> Book:
    """The final results of skills, whole, as the public will read them.

    Raises:
        Refusal: a skill is frozen, not locked, not handed over or not decided: which, and what.
    """
    newest = _newest(session, skills)
    bodies = final_bodies(session, skills)
    chapters = []
    for skill in skills:
        version = newest[skill.id]
        chapters.append(
            Chapter(
                bodies[skill.id], skill.locked_at or version.at, skill.revision,
                skill.ledger_head, version.version, version.state,
            )
        )  # fmt: skip
    return _bound(session, "final", part, chapters)


def final_bodies(session: Session, skills: Sequence[Skill]) -> Mapping[int, Plain]:
    """Skill → its document as official results; refuses where one is not ready (`final`)."""
    waiting, bodies = ripe(session, skills)
    said = book.refusal(waiting)
    if not skills:
        said = ("这里还没有赛项，没有生成成绩册。", "There is no skill here; no book was made.")
    if said is not None:
        raise Refusal(*said)
    return bodies


def ripe(session: Session, skills: Sequence[Skill]) -> tuple[list[Ripe], Mapping[int, Plain]]:
    """How far the results of skills are; and the documents, as official results, of those that
    were handed over."""
    newest = _newest(session, skills)
    found = {
        one.id: Ripe(
            one.code, one.release == Release.FROZEN, one.locked_at is not None,
            newest[one.id].state if one.id in newest else None,
        )
        for one in skills
    }  # fmt: skip
    ready = [skill for skill, one in found.items() if book.lacking(one) is None]
    bodies = document.official(session, ready)
    for skill, body in bodies.items():
        undecided = sum(line["undecided"] for line in body["standings"])
        found[skill] = replace(found[skill], undecided=undecided)
    return list(found.values()), bodies


def _newest(session: Session, skills: Collection[Skill]) -> Mapping[int, Any]:
    found = result_versions.newest_of(session, [one.id for one in skills])
    return {row.skill_id: row for row in found}


def _bound(
    session: Session, view: str, part: Skill | Zone | None, chapters: Sequence[Chapter]
) -> Book:
    bodies = [one.body for one in chapters]
    medals, delegations = book.tables(bodies, overall.called(session))
    return Book(view, part, tuple(chapters), medals, delegations)
