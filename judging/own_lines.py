"""The lines of a delegation in the public documents, for its team leader.

Nothing but what everybody may see: hidden, frozen and blind skills say here what they say outside.
"""

from collections.abc import Mapping
from typing import Any

from competition.released import Line
from judging import results
from judging.rules.visibility import shown_state


def of_delegation(name_zh: str) -> Mapping[int, list[Line]]:
    """Skill → its released lines that name the delegation; stale documents are brought up to date,
    so that what was just hidden is hidden here too."""
    shots = results.publish(results.positions())
    own = {skill: _own(shot.body, name_zh) for skill, shot in shots.items()}
    return {skill: lines for skill, lines in own.items() if lines}


def _own(body: Mapping[str, Any], name_zh: str) -> list[Line]:
    return [
        Line(
            line["label_zh"],
            line["label_en"],
            line["place"],
            line["total"],
            line.get("award") or "",
            shown_state(body) == "final",
            bool(line.get("starred")),
        )
        for line in body.get("standings", ())
        if line.get("delegation_zh") == name_zh and line["released"]
    ]
