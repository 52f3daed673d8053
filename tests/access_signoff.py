"""What addresses of sign-off name, for the table of access: a re-check, an unlock, a version."""

from sqlalchemy.orm import Session

from competition.moment import now
from judging.models import Recheck, RecheckFinding, RecheckSheet, Reopening, ResultVersion
from tests.judging.seed import Seeded


def signoff_things(session: Session, seeded: Seeded) -> dict[str, int]:
    chief, sub, at = seeded.judges["chief"], seeded.subs["A1"], now()
    drawn = Recheck(
        skill_id=seeded.skill, number=1, seed="0" * 64, share=15, limit=5, drawn_by=chief, at=at
    )
    sheet = RecheckSheet(entry_id=seeded.entries["K-073"], sub_criterion_id=sub, why="top")
    finding = RecheckFinding(
        key="table-finding", account_id=chief, digest="0" * 64, differs=[], at=at
    )
    opened = Reopening(
        key="table-unlock", skill_id=seeded.skill, scope="sub", subs=[sub], reason="表",
        asked_by=chief, asked_at=at,
    )  # fmt: skip
    version = ResultVersion(skill_id=seeded.skill, version=1, lines=[], steps=[], at=at)
    sheet.findings.append(finding)
    drawn.sheets.append(sheet)
    session.add_all([drawn, opened, version])
    session.flush()
    return {"recheck_sheet": sheet.id, "finding": finding.id, "reopening": opened.id}
