"""What stands above every page of a skill's staff while its board is frozen: what the public sees
is not what is. A visitor's page holds no byte of it, and asks nothing."""

from flask import Flask
from sqlalchemy import select

from competition import access
from competition.database import db
from competition.models import Release, Skill


def frozen_skills() -> list[tuple[Skill, bool]]:
    """The frozen skills of whoever asks, by code, and whether they may see the real board: those
    they are chief judge of, and those of their office."""
    account = access.who()
    if account is None or not account.grants:
        return []
    frozen = select(Skill).where(Skill.release == Release.FROZEN).order_by(Skill.code)
    return [
        (one, access.may_watch_real(account, one))
        for one in db.session.scalars(frozen)
        if access.may_direct(account, one) or access.may_organise(account, one)
    ]


def register(app: Flask) -> None:
    """Gives templates `frozen_skills()`."""
    app.jinja_env.globals["frozen_skills"] = frozen_skills
