"""What a machine observed becomes proposals: a part of the verbs that end or apply a judging."""

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from competition import ledger
from competition.models import Skill
from competition.moment import now
from judging import noting
from judging.aspects import Former, aspects_of, former
from judging.models import Aspect, Evaluation, Observation, Submission

Changed = tuple[int, int | None, int | None]  # an aspect, what was proposed of it before, and now


def propose(
    session: Session,
    *,
    skill_id: int,
    entry_id: int,
    evaluation_id: int,
    proposals: dict[str, int],
    parts: Collection[str] = (),
) -> list[Changed]:
    """Write what the machine saw as proposals, inside the transaction that ends an evaluation.

    `proposals`: aspect code → hundredths. Codes that the scheme does not have are passed over (the
    package's own check names them). What an earlier run proposed and this one could not determine
    is taken back: judge by eye (decisions 8). A judge's mark is never changed by this. Gives the
    aspects whose proposal is another one now.

    `parts`: the aspects of which the checks can give a part; from now on judges may give one too.
    """
    # Locked before the first row is added, as for marks: rows of a skill become known in the order
    # of their ids, by which others catch up (`cell_rows.since`).
    session.execute(select(Skill.id).where(Skill.id == skill_id).with_for_update())
    aspects = aspects_of(session, skill_id)
    by_code = {aspect.code: aspect for aspect in aspects}
    names = former(session, [skill_id], aspects)
    earlier = _proposed(session, entry_id, evaluation_id, names)
    given: dict[str, int | None] = {
        code: min(value, by_code[code].max) for code, value in proposals.items() if code in by_code
    }
    for code, aspect in by_code.items():
        if aspect.id in earlier:
            given.setdefault(code, None)
    told = {code for code, value in given.items() if value not in (None, 0, by_code[code].max)}
    in_parts = [one.id for code, one in by_code.items() if code in told or code in parts]
    session.execute(update(Aspect).where(Aspect.id.in_(in_parts)).values(in_parts=True))
    rows = [
        Observation(
            key=f"evaluation:{evaluation_id}:{code}",
            skill_id=skill_id,
            entry_id=entry_id,
            aspect_id=by_code[code].id,
            source="machine",
            evaluation_id=evaluation_id,
            value=value,
            at=now(),
        )
        for code, value in sorted(given.items())
    ]
    session.add_all(rows)
    session.flush()
    ledger.append(
        session,
        act="marks.propose",
        subject=f"evaluation:{evaluation_id}",
        body={"marks": [noting.observed(row, earlier.get(row.aspect_id)) for row in rows]},
        actor_id=None,
        skill_id=skill_id,
    )
    return [
        (by_code[code].id, earlier.get(by_code[code].id), value)
        for code, value in sorted(given.items())
        if earlier.get(by_code[code].id) != value
    ]


def _proposed(
    session: Session, entry_id: int, evaluation_id: int, names: Former
) -> dict[int | None, int]:
    """What stands proposed from the same period's work, by aspect; what the work of another period
    earned is not this run's to take back."""
    rows = session.execute(
        select(Observation.aspect_id, Observation.value, Submission.period_id)
        .outerjoin(Evaluation, Evaluation.id == Observation.evaluation_id)
        .outerjoin(Submission, Submission.id == Evaluation.submission_id)
        .where(Observation.entry_id == entry_id, Observation.source == "machine")
        .order_by(Observation.id)
    )
    newest = {names.aspects.get(row.aspect_id, row.aspect_id): row for row in rows}
    period_id = session.scalar(
        select(Submission.period_id).join(Evaluation).where(Evaluation.id == evaluation_id)
    )
    return {
        aspect_id: row.value
        for aspect_id, row in newest.items()
        if row.value is not None and row.period_id == period_id
    }
