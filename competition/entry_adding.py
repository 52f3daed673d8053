"""A team leader adds one entry by a form: at once while entries are open, on request afterwards.

A request to add keeps what was typed sealed until it is answered; then only the skill and the first
sign of each name stay, for the entry, where there is one, holds the rest.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import entry_form, ledger, roster_batches, roster_import
from competition.database import writing
from competition.entry_form import Looked, Typed, Unfit
from competition.models import ChangeKind, ChangeRequest, ChangeState, Delegation, Skill
from competition.moment import now
from competition.privacy import mask, vault
from competition.rules.refusal import Refusal
from competition.rules.roster_lexicon import Field
from competition.rules.roster_words import Finding

SEALED_AS = "change"


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a form: the entry it made or found, or the request that waits."""

    entry_id: int | None
    request_id: int | None
    is_known: bool
    notes: list[Finding]


def add(
    delegation_id: int, skill_id: int, typed: Typed, *, reason: str, by_office: bool, actor_id: int
) -> Sent:
    """Enter who was typed, or ask for it. Sent twice, it happens once."""
    with writing() as session:
        roster_import.alone(session)
        looked = _looked(session, delegation_id, skill_id, typed)
        if looked.is_known:
            place = next(one.place for one in looked.would.values())
            return Sent(place.id if place else None, None, True, looked.notes())
        if not by_office:
            entry_form.refuse_full(session, looked)
        if by_office or roster_batches.is_open(looked.stage, now()):
            made = entry_form.enter(
                session, looked, by_office=by_office, sent_by=actor_id, actor_id=actor_id
            )
            return Sent(made[0], None, False, looked.notes())
        row = _request(session, looked, reason.strip(), actor_id)
        return Sent(None, row.id, False, looked.notes())


def apply(session: Session, row: ChangeRequest, wanted: Mapping[str, Any], actor_id: int) -> None:
    """Enter whom an approved request names, in the caller's transaction, which is `alone`."""
    skill = session.scalars(select(Skill).where(Skill.code == wanted["skill"])).one()
    try:
        looked = _looked(session, row.delegation_id, skill.id, Typed.of(wanted["typed"]))
    except Unfit as unfit:
        first = unfit.findings[0][1]
        raise Refusal(
            f"现在不能这样报名，什么都没有改变。{first.column}{first.zh}。",
            f"This cannot be entered any more; nothing was changed. {first.column}: {first.en}.",
        ) from unfit
    if looked.is_known:
        place = next(one.place for one in looked.would.values())
        row.entry_id = place.id if place else None
    else:
        made = entry_form.enter(
            session, looked, by_office=False, sent_by=row.asked_by, actor_id=actor_id
        )
        row.entry_id = made[0]


def forget(row: ChangeRequest, wanted: Mapping[str, Any]) -> None:
    """Once a request to add is answered, what was typed is needed no more."""
    names = [one.get("name", "")[:1] + "*" for one in wanted.get("rows", ())]
    bare = {"skill": wanted.get("skill"), "rows": [{"name": name} for name in names]}
    row.wanted_sealed = _seal(bare)


def _looked(session: Session, delegation_id: int, skill_id: int, typed: Typed) -> Looked:
    delegation, skill = session.get(Delegation, delegation_id), session.get(Skill, skill_id)
    if delegation is None or skill is None:
        raise Refusal(
            "没有这个赛项或代表团，没有报名。",
            "There is no such skill or delegation; nobody was entered.",
            status=404,
        )
    stage = roster_batches.stage_of_entries(session)
    return entry_form.look(session, delegation, skill, stage, typed)


def _request(session: Session, looked: Looked, reason: str, actor_id: int) -> ChangeRequest:
    if not reason:
        raise Refusal(
            "报名已截止，增加选手须说明理由，没有提交。请填写理由。",
            "Entries are closed, so adding somebody needs a reason; nothing was sent. Please write"
            " one.",
            status=422,
        )
    body = _body(looked)
    asked = select(ChangeRequest).where(
        ChangeRequest.delegation_id == looked.delegation.id,
        ChangeRequest.kind == ChangeKind.ADD,
        ChangeRequest.state == ChangeState.ASKED,
    )
    for other in session.scalars(asked):
        if json.loads(vault().open(SEALED_AS, other.wanted_sealed)) == body:
            return other  # a double tap
    row = ChangeRequest(
        entry_id=None,
        delegation_id=looked.delegation.id,
        kind=ChangeKind.ADD,
        wanted_sealed=_seal(body),
        reason=reason,
        state=ChangeState.ASKED,
        asked_by=actor_id,
        asked_at=now(),
    )
    session.add(row)
    session.flush()
    ledger.append(
        session,
        act="change.ask",
        subject=f"change:{row.id}",
        body={"kind": "add", "skill": looked.skill.code, "at_once": False},
        actor_id=actor_id,
    )
    return row


def _body(looked: Looked) -> dict[str, Any]:
    """What is wanted: for pages without whole numbers, and as it was typed for the writing."""
    rows = [
        {
            "name": row.values[Field.NAME],
            "affiliation": row.values.get(Field.AFFILIATION, ""),
            "status": row.values.get(Field.STATUS, ""),
            "years": looked.typed.people[row.number - 2].get(entry_form.YEARS, ""),
            "masked": mask(row.values[Field.ID_NUMBER]),
        }
        for row in looked.rows
    ]
    first = looked.rows[0].values
    return {
        "skill": looked.skill.code,
        "rows": rows,
        "reserve": bool(first.get(Field.RESERVE)),
        "coach": list(first.get(Field.COACH, ())),
        "typed": looked.typed.body(),
    }


def _seal(body: Mapping[str, Any]) -> bytes:
    return vault().seal(SEALED_AS, json.dumps(body, ensure_ascii=False))
