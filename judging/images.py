"""Sandbox images as the site sees them: which are still needed, which versions are in them.

Only workers and commands talk to Docker (decisions 12). They write what pages show, the versions
of the languages, to `PODIUM_DATA/sandbox/languages.json`.
"""

import json
import os
import tempfile
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from competition.database import db
from competition.models import Period, Skill
from judging import readiness
from judging.models import Evaluation, Submission
from sandbox.images import build
from sandbox.images.pruning import prune


def in_use() -> frozenset[str]:
    """The images that skills not locked yet were judged on, and may be judged on again."""
    found = (
        select(Evaluation.image)
        .join(Submission, Submission.id == Evaluation.submission_id)
        .join(Period, Period.id == Submission.period_id)
        .join(Skill, Skill.id == Period.skill_id)
        .where(Evaluation.image.is_not(None), Skill.locked_at.is_(None))
        .distinct()
    )
    return frozenset(image for image in db.session.scalars(found) if image)


def of_period(session: Session, period_id: int) -> str | None:
    """The image that a period's first hand-in was judged on, and all others will be."""
    return session.scalar(
        select(Evaluation.image)
        .join(Submission)
        .where(Submission.period_id == period_id, Evaluation.state == "done")
        .order_by(Evaluation.id)
        .limit(1)
    )


def tidy(data: str | Path) -> list[str]:
    """After building: the versions are told, and images nobody needs go; their names."""
    tell_versions(data)
    try:
        needed = in_use()
    except DBAPIError:  # no database yet, so nobody can say what is needed
        return []
    finally:
        db.session.remove()
    return prune(needed)


def tell_versions(data: str | Path) -> None:
    """For pages to read."""
    target = _file(data)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".languages.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(build.versions(), file)
    Path(name).chmod(0o644)
    Path(name).replace(target)


def versions(data: str | Path) -> dict[str, str]:
    """The version of each language whose image is ready, by the language's id."""
    try:
        found = json.loads(_file(data).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return dict(found) if isinstance(found, dict) else {}


def _file(data: str | Path) -> Path:
    return readiness.folder(data) / "languages.json"
