"""Read: the lines of a delegation in the stored public documents, for its team leader.

Nothing but what everybody may see: hidden, frozen and blind skills say here what they say outside.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition.models import Delegation
from competition.released import Line
from judging.models import PublicBoard


def of_delegation(session: Session, delegation: Delegation) -> Mapping[int, list[Line]]:
    """Skill → its released lines that name the delegation."""
    found = session.execute(select(PublicBoard.skill_id, PublicBoard.body))
    own = {skill: _own(body or {}, delegation) for skill, body in found}
    return {skill: lines for skill, lines in own.items() if lines}


def _own(body: Mapping[str, Any], delegation: Delegation) -> list[Line]:
    return [
        Line(
            line["label_zh"],
            line["label_en"],
            line["place"],
            line["total"],
            line.get("award") or "",
            body["state"] == "final",
        )
        for line in body.get("standings", ())
        if line.get("delegation_zh") == delegation.name_zh and line["released"]
    ]
