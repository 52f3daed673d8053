"""The demo's judges of the tour have photos on their cards: drawn, for nobody is shown in it.

Runs as a step of `podium demo`, after the people exist. A judge who has a photo keeps it.
"""

from collections.abc import Sequence
from pathlib import Path
from random import Random

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import judge_photos
from competition.database import db
from competition.demo_people import TOUR
from competition.models import Account, Grant, JudgeRecord, Role, Skill
from competition.rules.refusal import Refusal
from judging import printing

PANEL = (Role.JUDGE, Role.CHIEF_JUDGE)
SKIN = ("#f3d3b8", "#ecc5a4", "#e2b48f", "#f0cdb0")
HAIR = ("#23201f", "#2f2723", "#3c302a", "#6a6a6a")
CLOTHES = ("#22577a", "#6b4a7d", "#8a4b3c", "#2f6b4f", "#45536b", "#7a5c1e")
WALL = ("#dfe9ee", "#e9e4da", "#dceadf", "#e6e0ec")
SHORT = (
    '<path d="M74 112c-6-52 18-74 46-74s54 20 46 74c-6-22-14-34-24-40-18 6-40 6-50 0'
    '-8 8-14 20-18 40z"/>'
)
LONG = (
    '<path d="M66 176c-10-92 6-140 54-140s64 48 54 140h-24V92c-20 2-40-4-50-16'
    '-4 10-6 14-10 18v82z"/>'
)
GLASSES = (
    '<g fill="none" stroke="#333" stroke-width="3"><circle cx="103" cy="112" r="12"/>'
    '<circle cx="137" cy="112" r="12"/><path d="M115 111h10"/></g>'
)


def draw(chance: Random) -> int:
    """Give each judge of the tour's skill a photo; gives how many."""
    session, done = db.session(), 0
    template = Path(current_app.root_path) / "templates" / "print" / "portrait.typ"
    for record in _without(session):
        svg = _svg(chance)
        try:
            png = printing.png(template, {"svg": svg}, current_app.config["PODIUM_DATA"])
        except Refusal:
            return done  # nothing can be printed on this machine yet; the cards bear letters
        judge_photos.put(record, png, actor_id=None)
        done += 1
    return done


def _without(session: Session) -> Sequence[int]:
    """The records of the panel that have no photo."""
    return session.scalars(
        select(JudgeRecord.id)
        .join(Account, Account.person_id == JudgeRecord.person_id)
        .join(Grant, Grant.account_id == Account.id)
        .join(Skill, Skill.id == Grant.skill_id)
        .where(Skill.code == TOUR, Grant.role.in_(PANEL), JudgeRecord.photo.is_(None))
        .order_by(JudgeRecord.id)
    ).all()


def _svg(chance: Random) -> str:
    """A head and shoulders, a little different each time."""
    skin, hair = chance.choice(SKIN), chance.choice(HAIR)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240">'
        f'<rect width="240" height="240" fill="{chance.choice(WALL)}"/>'
        f'<path fill="{chance.choice(CLOTHES)}" d="M28 240c4-52 44-66 92-66s88 14 92 66z"/>'
        f'<path fill="{skin}" d="M100 150h40v28c-8 14-32 14-40 0z"/>'
        f'<ellipse cx="120" cy="112" rx="42" ry="52" fill="{skin}"/>'
        f'<g fill="{hair}">{chance.choice((SHORT, LONG))}</g>'
        '<g fill="#2b2422"><circle cx="103" cy="113" r="4"/><circle cx="137" cy="113" r="4"/></g>'
        '<path fill="none" stroke="#a5604f" stroke-width="4" stroke-linecap="round"'
        f' d="M104 139q16 {chance.choice((8, 12, 16))} 32 0"/>'
        f"{chance.choice(('', GLASSES))}</svg>"
    )
