"""The stages of a competition: a selection, then the final; one of them takes entries."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition.models import Stage


def add(session: Session) -> tuple[Stage, Stage]:
    """The two stages that every competition begins with, inside the caller's transaction."""
    selection = Stage(
        number=1, kind="selection", name_zh="选拔赛", name_en="Selection", takes_entries=True
    )
    final = Stage(number=2, kind="final", name_zh="省级决赛", name_en="Provincial final")
    session.add_all([selection, final])
    return selection, final


def taking_entries(session: Session) -> Stage | None:
    """The stage into which people are entered now."""
    return session.scalar(select(Stage).where(Stage.takes_entries).order_by(Stage.number).limit(1))
