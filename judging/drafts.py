"""The draft of a skill's scheme: one per skill, saved while people type.

A draft counts for nothing, so saving it is no act: the ledger notes the version that it becomes
(`scheme.adopt`). Who saves on top of what they did not see is refused and shown the other's; a
draft that is replaced or put away is kept once, and can be brought back.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition.database import writing
from competition.models import Account, Skill
from competition.moment import now
from competition.rules.refusal import Refusal
from judging import scheme, versions
from judging.models import SchemeDraft
from judging.rules import scheme_draft
from judging.rules.draft_shape import Body
from judging.rules.scheme import Text
from judging.rules.scheme_draft import Drafted
from judging.scheme import Agreed


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it stands; `before` says that there is an earlier one to bring back."""

    body: Body
    based_on: int
    revision: int
    by: str
    by_id: int | None
    at: datetime
    before: bool

    @property
    def is_open(self) -> bool:
        """False once it was adopted or put away."""
        return bool(self.body)


class Outdated(Refusal):
    """Somebody else saved meanwhile; `draft` is what they saved."""

    def __init__(self, draft: Draft | None) -> None:
        super().__init__(
            "草稿在此期间被他人保存过，您的改动没有覆盖它。",
            "Somebody else saved the draft meanwhile; your changes did not overwrite it.",
        )
        self.draft = draft


def read(session: Session, skill_id: int) -> Draft | None:
    """The draft of a skill, open or not; None where there never was one."""
    row = session.execute(
        select(SchemeDraft, Account.label)
        .outerjoin(Account, Account.id == SchemeDraft.changed_by)
        .where(SchemeDraft.skill_id == skill_id)
    ).first()
    if row is None:
        return None
    found, label = row
    return Draft(
        found.body, found.based_on, found.revision, label or "", found.changed_by,
        found.changed_at, bool(found.before),
    )  # fmt: skip


def understood(draft: Draft, skill: Skill) -> Drafted:
    """What a draft says, as a scheme of its skill."""
    return scheme_draft.read(draft.body, skill.code, Text(skill.name_zh, skill.name_en))


def start(skill_id: int, body: Body, *, based_on: int, over: int, actor_id: int | None) -> int:
    """Begin a draft from `body`; gives its revision. `over` is the revision of the draft that was
    seen to be replaced, 0 for none. What is replaced can be brought back."""
    with writing() as session:
        row = _locked(session, skill_id)
        if row is None:
            session.get(Skill, skill_id, with_for_update=True)  # one of two first drafts waits
            row = _locked(session, skill_id)
        if row is None:
            row = SchemeDraft(skill_id=skill_id, revision=0)
            session.add(row)
        elif row.body and row.revision != over:
            raise Outdated(read(session, skill_id))
        elif row.body:
            row.before = row.body
        row.body, row.based_on = body, based_on
        return _touched(row, actor_id)


def save(skill_id: int, body: Body, *, base: int, actor_id: int) -> int:
    """Keep what was typed on top of revision `base`; gives the new revision. Saving the very same
    again changes nothing. Raises Outdated."""
    with writing() as session:
        row = _locked(session, skill_id)
        if row is None or not row.body:
            raise Outdated(None)
        if row.body == body:
            return row.revision
        if row.revision != base:
            raise Outdated(read(session, skill_id))
        row.body = body
        return _touched(row, actor_id)


def put_away(skill_id: int, *, over: int, actor_id: int) -> None:
    """Close the draft without adopting it; it can be brought back."""
    with writing() as session:
        row = _locked(session, skill_id)
        if row is None or not row.body:
            return
        if row.revision != over:
            raise Outdated(read(session, skill_id))
        row.before, row.body = row.body, {}
        _touched(row, actor_id)


def bring_back(skill_id: int, *, over: int, actor_id: int) -> None:
    """The draft that was replaced or put away last, in place of the present one, and the other way
    round."""
    with writing() as session:
        row = _locked(session, skill_id)
        if row is None or row.revision != over:
            raise Outdated(read(session, skill_id))
        earlier = row.before
        if earlier:
            row.before, row.body = row.body or None, earlier
            _touched(row, actor_id)


def adopt(skill_id: int, *, over: int, actor_id: int, agreed: Agreed | None) -> int:
    """Make the draft the skill's scheme and close it; gives the version's number."""
    with writing() as session:
        row = _locked(session, skill_id)
        if row is not None and not row.body and _is_again(row, over, actor_id):
            newest = versions.newest(session, skill_id)
            return newest.version if newest else 0
        if row is None or not row.body or row.revision != over:
            raise Outdated(read(session, skill_id))
        skill = session.get_one(Skill, skill_id)
        found = scheme_draft.read(row.body, skill.code, Text(skill.name_zh, skill.name_en))
        if found.problems:
            raise Refusal(
                f"草稿还有 {len(found.problems)} 处错误，没有采用：{found.problems[0].zh}",
                f"The draft still has {len(found.problems)} errors and was not adopted:"
                f" {found.problems[0].en}",
            )
        version = scheme.adopt_in(
            session, skill_id, found.scheme, actor_id=actor_id,
            automatic=versions.automatic(session, skill_id), agreed=agreed,
        )  # fmt: skip
        row.before, row.body = row.body, {}
        _touched(row, actor_id)
        return version


def _locked(session: Session, skill_id: int) -> SchemeDraft | None:
    return session.get(SchemeDraft, skill_id, populate_existing=True, with_for_update=True)


def _is_again(row: SchemeDraft, over: int, actor_id: int) -> bool:
    """Whether the very act that closed the draft is asked for once more: a double tap."""
    return row.revision == over + 1 and row.changed_by == actor_id


def _touched(row: SchemeDraft, actor_id: int | None) -> int:
    row.revision += 1
    row.changed_by, row.changed_at = actor_id, now()
    return row.revision
