"""Read: declarations as pages show them. A judge sees the own words and nothing of what they met;
the office sees whom they may mean, but of a work in a blind skill neither the code nor the note:
who runs the competition must not know whose code it is (decisions 1)."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import conflicts, declarations
from competition.models import Account, Declaration, Entry, EntryState, Member, Person, Skill
from competition.rules.conflicts import DECLARED, WORDS, Tie
from judging.models import Recusal

Plain = dict[str, Any]
MOST = 200  # declarations on the office's page, the newest first
TIES = tuple({"tie": tie.value, "zh": WORDS[tie][0], "en": WORDS[tie][1]} for tie in DECLARED)
NOTHING = {"zh": "没有利害关系", "en": "nothing to declare"}


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
    unmatched = {
        one.id
        for skill_id in {row.skill_id for row in rows}
        for one in conflicts.unmatched(session, skill_id)
    }
    shown = [_of_office(row, by_id[row.skill_id], labels, row.id in unmatched) for row in rows]
    return {
        "skills": skills,
        "chosen": chosen,
        "ties": TIES,
        "rows": sorted(shown, key=lambda one: not one["unmatched"]),
        "judges": declarations.judges_of(session, chosen.id) if chosen else [],
        "people": {skill: _people(session, skill) for skill in {row.skill_id for row in rows}},
    }


def _of_office(row: Declaration, skill: Skill, labels: dict[int, str], unmatched: bool) -> Plain:
    sealed = row.tie == Tie.KNOWN_WORK and skill.is_blind
    return {
        **_words(row),
        "id": row.id,
        "skill": skill,
        "judge": labels.get(row.account_id, ""),
        "by": labels.get(row.by, "") if row.by != row.account_id else "",
        "told": None if sealed else declarations.opened(row),
        "sealed": sealed,
        "at": row.at,
        "unmatched": unmatched,
        "settled": row.settled_at,
        "withdrawn": row.withdrawn_at,
        "withdrawn_why": row.withdrawn_why,
        "nothing": row.tie == declarations.NOTHING,
    }


def _words(row: Declaration) -> dict[str, str]:
    if row.tie == declarations.NOTHING:
        return NOTHING
    zh, en = WORDS[Tie(row.tie)]
    return {"zh": zh, "en": en}


def _codes(session: Session, skill_id: int) -> dict[int, str]:
    rows = session.execute(select(Entry.id, Entry.code).where(Entry.skill_id == skill_id))
    return {row[0]: row[1] for row in rows}


def _labels(session: Session, rows: list[Declaration]) -> dict[int, str]:
    ids = {row.account_id for row in rows} | {row.by for row in rows}
    found = session.execute(select(Account.id, Account.label).where(Account.id.in_(ids)))
    return {row[0]: row[1] for row in found}


def _people(session: Session, skill_id: int) -> list[tuple[int, str]]:
    """The competitors of a skill by name."""
    rows = session.execute(
        select(Person.id, Person.name)
        .join(Member, Member.person_id == Person.id)
        .join(Entry, Entry.id == Member.entry_id)
        .where(Entry.skill_id == skill_id, Entry.state != EntryState.WITHDRAWN)
        .order_by(Person.name)
    )
    return [(row[0], row[1]) for row in rows]
