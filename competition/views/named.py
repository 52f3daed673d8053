"""What an address names, or 404."""

from collections.abc import Callable

from flask import abort
from sqlalchemy import select

from competition import access
from competition.database import db
from competition.models import Account, Delegation, Entry, Skill


def skill_or_404(code: str) -> Skill:
    """The skill of an address."""
    skill = db.session.scalar(select(Skill).where(Skill.code == code))
    if skill is None:
        abort(404)
    return skill


def skill_for(code: str, may: Callable[[Account | None, Skill], bool]) -> Skill:
    """The skill of an address, for those whom `may` lets in; whoever is not signed in does so
    before they learn whether it exists."""
    skill = db.session.scalar(select(Skill).where(Skill.code == code))
    if skill is None:
        access.someone()
        abort(404)
    access.require(may(access.who(), skill))
    return skill


def delegation_for(code: str) -> Delegation:
    """The delegation of an address, for who may lead it."""
    delegation = db.session.scalar(select(Delegation).where(Delegation.code == code))
    if delegation is None:
        access.someone()
        abort(404)
    access.require(access.may_lead(access.who(), delegation.id))
    return delegation


def entry_with_papers(entry_id: int) -> tuple[Account, Entry]:
    """Who asks, and the entry of an address, for those who may see what was brought for it."""
    account = access.someone()
    found = db.session.scalar(select(Entry).where(Entry.id == entry_id))
    if found is None:
        abort(404)
    access.require(access.may_see_papers(account, found))
    return account, found
