"""The chief judge has looked at entries that were set aside: noted in the ledger, nothing is lost.

The entry itself stays as it was posted; it only leaves the list of what waits for a person.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import ledger
from competition.database import writing
from competition.models import LedgerRow
from competition.rules.refusal import Refusal
from judging.models import Observation

ACT = "marks.seen"


def note(skill_id: int, observation_id: int, *, actor_id: int) -> None:
    """Note that a set-aside entry was looked at; once is enough."""
    with writing() as session:
        row = session.get(Observation, observation_id)
        if row is None or row.skill_id != skill_id or row.state != "set_aside":
            raise Refusal(
                "没有这条搁置的评分，没有改变。请刷新页面。",
                "There is no such entry set aside; nothing was changed. Reload the page.",
                status=404,
            )
        if observation_id in noted(session, skill_id):
            return
        ledger.append(
            session,
            act=ACT,
            subject=f"observation:{observation_id}",
            body={"observation": observation_id, "key": row.key},
            actor_id=actor_id,
            skill_id=skill_id,
        )


def noted(session: Session, skill_id: int) -> set[int]:
    """The set-aside entries of a skill that were looked at."""
    rows = session.scalars(
        select(LedgerRow.body).where(LedgerRow.skill_id == skill_id, LedgerRow.act == ACT)
    )
    return {int(body["observation"]) for body in rows}
