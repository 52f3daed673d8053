"""From the bytes of a roster to its check, with the names that the catalogue or the database knows.

`report` is the JSON document of `podium roster check`:

- "rows": how many people the file holds; "ready": how many can be imported as they are;
- "errors", "warnings": lists of {"row", "column", "message"} in the order of the file. "row" is the
  row as numbered in the file, "column" its heading there ("" for a whole row or the file), and
  "message" says it in Chinese and English.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import catalogue
from competition.models import Delegation, Skill
from competition.rules import roster
from competition.rules.roster import Asked, Checked, Table
from competition.rules.roster_known import Known, KnownDelegation, KnownSkill
from competition.rules.roster_words import Finding
from competition.spreadsheet import Sheet


def known_by_catalogue() -> Known:
    """The 64 skills and 13 prefectures that Podium brings, where no database is asked."""
    return Known(
        (
            KnownSkill(one.code, one.name_zh, one.name_en, one.team_size)
            for one in catalogue.skills()
        ),
        (KnownDelegation(one.code, one.name_zh, one.name_en) for one in catalogue.delegations()),
    )


def known_by(session: Session) -> Known:
    """The skills and delegations of the competition."""
    return Known(
        (
            KnownSkill(one.code, one.name_zh, one.name_en, one.team_size)
            for one in session.scalars(select(Skill).order_by(Skill.id))
        ),
        (
            KnownDelegation(one.code, one.name_zh, one.name_en)
            for one in session.scalars(select(Delegation).order_by(Delegation.id))
        ),
    )


def delegation_id(session: Session, code: str | None) -> int | None:
    """The delegation of a code."""
    return session.scalar(select(Delegation.id).where(Delegation.code == code)) if code else None


def check(sheets: Iterable[Sheet], asked: Asked) -> Checked:
    """The rules' check over the sheets of an opened file."""
    return roster.check([Table(one.name, one.rows, one.formulas) for one in sheets], asked)


def report(checked: Checked) -> dict[str, Any]:
    """The document of `podium roster check`, described above."""
    found = list(checked.all_findings())
    return {
        "rows": len(checked.rows),
        "ready": checked.ready,
        "errors": [line(one) for one in found if one.is_error],
        "warnings": [line(one) for one in found if not one.is_error],
    }


def line(finding: Finding) -> dict[str, Any]:
    """A finding as documents have it."""
    message = f"{finding.zh} / {finding.en}"
    return {"row": finding.row, "column": finding.column, "message": message}
