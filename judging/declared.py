"""Read: declarations as pages show them. A judge sees the own words and nothing of what they met;
the office sees whom they may mean, but of a work in a blind skill neither the code nor the note:
who runs the competition must not know whose code it is (decisions 1)."""

from collections import Counter, defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import conflicts, declarations
from competition.models import (
    Account,
    Affiliation,
    Coach,
    Declaration,
    Entry,
    EntryState,
    Member,
    Person,
    Skill,
)
from competition.privacy import vault
from competition.rules.conflicts import DECLARED, WORDS, Tie
from judging.models import Recusal

Plain = dict[str, Any]
MOST = 200  # declarations on the office's page, the newest first
MANY = 5  # names by one judge in a blind skill, above which the office is told to ask first
NOTHING = {"zh": "没有利害关系", "en": "nothing to declare"}


def _kind(tie: Tie) -> dict[str, str]:
    """A kind of relation, on pages where everything is declared."""
    zh, en = WORDS[tie]
    return {"zh": zh.removeprefix("申报："), "en": en.removeprefix("declared: ")}


TIES = tuple({"tie": tie.value, **_kind(tie)} for tie in DECLARED)


def own(session: Session, skill: Skill, judge_id: int) -> Plain:
    """What a judge declared and where they asked to stand aside."""
    rows = declarations.of_judge(session, skill.id, judge_id)
    works = _codes(session, skill.id)
    asides = session.scalars(
        select(Recusal)
        .where(
            Recusal.skill_id == skill.id, Recusal.judge_id == judge_id, Recusal.source == "judge"
        )
        .order_by(Recusal.id)
    )
    return {
        "ties": TIES,
        "rows": [
            {
                **_words(row),
                "told": declarations.opened(row),
                "work": works.get(row.entry_id or 0, ""),
                "at": row.at,
                "by_self": row.by == judge_id,
                "withdrawn": row.withdrawn_at,
                "held": conflicts.is_held(row, skill.is_blind) and row.tie != declarations.NOTHING,
                "looked": row.settled_at,
            }
            for row in rows
            if row.by == judge_id
        ],
        "asides": [
            {"work": works.get(row.entry_id or 0, ""), "reason": row.reason, "at": row.at,
             "ended_at": row.ended_at}
            for row in asides
        ],
    }  # fmt: skip


def of_office(session: Session, code: str) -> Plain:
    """The declarations of a skill or of all, those that met nobody first; and who can be chosen."""
    skills = list(session.scalars(select(Skill).order_by(Skill.code)))
    chosen = next((one for one in skills if one.code == code), None)
    asked = select(Declaration).order_by(Declaration.id.desc()).limit(MOST)
    if chosen is not None:
        asked = asked.where(Declaration.skill_id == chosen.id)
    rows = list(session.scalars(asked))
    by_id = {one.id: one for one in skills}
    labels = _labels(session, rows)
    waiting = {one.id for one in conflicts.waiting(session, {row.skill_id for row in rows})}
    people = {skill: _People(session, skill) for skill in {row.skill_id for row in rows}}
    names = _names(session, {row.skill_id for row in rows})
    shown = [
        {
            **_of_office(row, by_id[row.skill_id], labels),
            **people[row.skill_id].meant(row),
            "waiting": row.id in waiting,
            "names": names[row.skill_id, row.account_id] if by_id[row.skill_id].is_blind else 0,
        }
        for row in rows
    ]
    return {
        "skills": skills,
        "chosen": chosen,
        "ties": TIES,
        "many": MANY,
        "rows": sorted(shown, key=lambda one: not one["waiting"]),
        "judges": declarations.judges_of(session, chosen.id) if chosen else [],
        "people": {skill: own.choices for skill, own in people.items()},
    }


def _of_office(row: Declaration, skill: Skill, labels: dict[int, str]) -> Plain:
    sealed = row.tie == Tie.KNOWN_WORK and skill.is_blind
    return {
        **_words(row),
        "id": row.id,
        "skill": skill,
        "judge": labels.get(row.account_id, ""),
        "by": labels.get(row.by, "") if row.by != row.account_id else "",
        "told": None if sealed else declarations.opened(row),
        "reasons": declarations.reasons(row),
        "sealed": sealed,
        "at": row.at,
        "settled": row.settled_at,
        "withdrawn": row.withdrawn_at,
        "withdrawn_why": row.withdrawn_why,
        "nothing": row.tie == declarations.NOTHING,
    }


def _words(row: Declaration) -> dict[str, str]:
    return NOTHING if row.tie == declarations.NOTHING else _kind(Tie(row.tie))


def _names(session: Session, skill_ids: Collection[int]) -> Counter[tuple[int, int]]:
    """Skill and judge → how many people and places the judge named, withdrawn ones too."""
    rows = session.execute(
        select(Declaration.skill_id, Declaration.account_id)
        .where(
            Declaration.skill_id.in_(skill_ids),
            Declaration.by == Declaration.account_id,
            Declaration.tie.not_in((declarations.NOTHING, Tie.KNOWN_WORK)),
        )
        .distinct()
        .add_columns(Declaration.name_hash, Declaration.place_hash)
    )
    return Counter((row[0], row[1]) for row in rows)


def _codes(session: Session, skill_id: int) -> dict[int, str]:
    rows = session.execute(select(Entry.id, Entry.code).where(Entry.skill_id == skill_id))
    return {row[0]: row[1] for row in rows}


def _labels(session: Session, rows: list[Declaration]) -> dict[int, str]:
    ids = {row.account_id for row in rows} | {row.by for row in rows}
    found = session.execute(select(Account.id, Account.label).where(Account.id.in_(ids)))
    return {row[0]: row[1] for row in found}


class _People:
    """Whom declarations of a skill can mean: competitors and their coaches, and from where."""

    def __init__(self, session: Session, skill_id: int) -> None:
        safe = vault()
        competitors = session.execute(
            select(Person.id, Person.name, Affiliation.id, Affiliation.name)
            .join(Member, Member.person_id == Person.id)
            .join(Entry, Entry.id == Member.entry_id)
            .outerjoin(Affiliation, Affiliation.id == Person.affiliation_id)
            .where(Entry.skill_id == skill_id, Entry.state != EntryState.WITHDRAWN)
        )
        coaches = session.execute(
            select(Coach.person_id, Coach.name, Affiliation.id, Affiliation.name)
            .join(Entry, Entry.id == Coach.entry_id)
            .outerjoin(Affiliation, Affiliation.id == Coach.affiliation_id)
            .where(Entry.skill_id == skill_id, Entry.state != EntryState.WITHDRAWN)
        )
        people: dict[int, str] = {}
        self.named: dict[str, set[int]] = defaultdict(set)
        self.places: dict[str | int, str] = {}
        for person, name, place, place_name in (*competitors, *coaches):
            if person is not None:
                people[person] = name
                self.named[conflicts.name_hash(safe, name)].add(person)
            if place is not None:
                hashed = conflicts.place_hash(safe, place_name)
                self.places |= {place: place_name, hashed: place_name}
        self.choices = sorted(people.items(), key=lambda one: one[1])

    def meant(self, row: Declaration) -> Plain:
        """What is chosen already: what the office said, or else the words where they meet one."""
        if row.settled_at is not None:
            named = set() if row.person_id is None else {row.person_id}
            place = self.places.get(row.affiliation_id or 0, "")
        else:
            named = self.named.get(row.name_hash or "", set())
            place = "" if row.name_hash else self.places.get(row.place_hash or "", "")
        return {
            "person": next(iter(named)) if len(named) == 1 else None,
            "place": place,
            "met": len(named) or bool(place),
        }
