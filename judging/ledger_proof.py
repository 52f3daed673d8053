"""The ledger proved against the database: chains, signed heads, and every mark as it was noted."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import heads, ledger, verify_ledger
from competition.models import Entry, Skill
from competition.moment import iso
from competition.rules.refusal import Refusal
from competition.verify_ledger import Fault, Names, Report, Thing, Walk
from judging.models import (
    Aspect,
    Confirmation,
    Criterion,
    Observation,
    Scheme,
    SubCriterion,
    TieDecision,
)

Plain = dict[str, Any]


def snapshot(session: Session) -> None:
    """From here on the session sees one moment, however much others write meanwhile."""
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def verify(session: Session, code: str | None = None) -> Report:
    """Walk every chain, or that of one skill, and compare its marks with what it notes of them."""
    snapshot(session)
    walks: list[tuple[str, Walk]] = []
    faults: list[Fault] = []
    marks = 0
    for chain, name in _chosen(session, code):
        told: dict[Thing, Plain] = {}

        def look(row: Mapping[str, Any], told: dict[Thing, Plain] = told) -> None:
            told.update(verify_ledger.marks_told(row))

        found = ledger.walk(session, chain, look)
        walks.append((name, found))
        if not found.ok:
            faults.append(verify_ledger.bad_row(name, found))
        if chain is not None:
            named = Names(names(session, chain))
            given = list(rows(session, chain))
            marks += len(given)
            # past a bad row nothing is known of what the ledger noted
            known = given if found.ok else [one for one in given if _thing(one) in told]
            faults += verify_ledger.compare(name, known, told, named)
    faults += [fault for day in heads.check_days(session).values() for fault in day]
    key = (heads.noted_keys(session) or [""])[-1]
    days = len(list(heads.days()))
    session.rollback()
    return Report(walks, marks, days, key, faults)


def _thing(mark: Plain) -> Thing:
    return mark["kind"], mark["id"]


def _chosen(session: Session, code: str | None) -> list[tuple[int | None, str]]:
    if code is None:
        return heads.chains(session)
    skill = session.execute(select(Skill.id, Skill.code).where(Skill.code == code.upper())).first()
    if skill is None:
        raise Refusal(
            f"没有编号为 {code} 的赛项。请用 W17 这样的编号。",
            f"There is no skill {code}. Use a code such as W17.",
        )
    return [(skill.id, skill.code)]


_OBSERVED = {
    "id": Observation.id, "key": Observation.key, "skill": Observation.skill_id,
    "entry": Observation.entry_id, "aspect": Observation.aspect_id, "source": Observation.source,
    "judge": Observation.judge_id, "device": Observation.device_id,
    "evaluation": Observation.evaluation_id, "value": Observation.value,
    "observed": Observation.observed, "round": Observation.round, "base": Observation.base_id,
    "reason": Observation.reason, "decides": Observation.decides,
    "device_at": Observation.device_at, "at": Observation.at, "state": Observation.state,
}  # fmt: skip
_CONFIRMED = {
    "id": Confirmation.id, "key": Confirmation.key, "skill": Confirmation.skill_id,
    "entry": Confirmation.entry_id, "sub_criterion": Confirmation.sub_criterion_id,
    "judge": Confirmation.judge_id, "upto": Confirmation.last_observation_id,
    "at": Confirmation.at,
}  # fmt: skip
_DECIDED = {
    "id": TieDecision.id, "key": TieDecision.key, "skill": TieDecision.skill_id,
    "by": TieDecision.by, "figures": TieDecision.figures, "reason": TieDecision.reason,
    "locked_at": TieDecision.locked_at, "judge": TieDecision.account_id, "at": TieDecision.at,
}  # fmt: skip
_KINDS: dict[str, dict[str, Any]] = {
    "observation": _OBSERVED,
    "confirmation": _CONFIRMED,
    "tie": _DECIDED,
}


def rows(session: Session, skill_id: int, *, entry_id: int | None = None) -> Iterator[Plain]:
    """Every mark of a skill, or of one work, as the database has it: observations, then
    confirmations; of a skill also what was decided of its ties."""
    for kind, columns in _KINDS.items():
        if entry_id is not None and "entry" not in columns:
            continue
        named = [column.label(name) for name, column in columns.items()]
        asked = select(*named).where(columns["skill"] == skill_id).order_by(columns["id"])
        if entry_id is not None:
            asked = asked.where(columns["entry"] == entry_id)
        for row in session.execute(asked.execution_options(yield_per=2000)).mappings():
            plain = {"kind": kind, **row}
            for name in ("at", "device_at", "locked_at"):
                if name in plain:
                    plain[name] = iso(plain[name])
            yield plain


def names(session: Session, skill_id: int) -> dict[str, dict[str, str]]:
    """What people call the works, aspects and sheets of a skill, by their ids. Codes only."""
    works = select(Entry.id, Entry.code).where(Entry.skill_id == skill_id)
    aspects = select(Aspect.id, Aspect.code).join(Scheme, Aspect.scheme_id == Scheme.id)
    sheets = (
        select(SubCriterion.id, SubCriterion.code)
        .join(Criterion, SubCriterion.criterion_id == Criterion.id)
        .join(Scheme, Criterion.scheme_id == Scheme.id)
    )
    own = Scheme.skill_id == skill_id
    found = {"entry": works, "aspect": aspects.where(own), "sub_criterion": sheets.where(own)}
    return {
        kind: {str(number): str(code) for number, code in session.execute(asked)}
        for kind, asked in found.items()
    }
