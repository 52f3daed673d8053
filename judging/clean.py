"""Read: whether whoever gave a mark was clean when they gave it: what they had declared, what bound
them to the work, and what the chief judge overrode and why.

A mark is taken only from who is bound to the work by nothing, or by what was overridden
(`admission`), so that a mark which was taken is proof of a look at that moment. In a blind skill a
tie tells whose work it is: until the marks are locked, only that the look was made is shown.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import conflicts
from competition.models import Account, Declaration, Skill
from competition.rules.conflicts import WORDS, Tie
from judging import conflict_notes
from judging.models import ConflictOverride, Recusal

Plain = dict[str, Any]


class Clean:
    """What is known of the judges who gave marks to one work."""

    def __init__(
        self, session: Session, skill: Skill, entry_id: int, judges: Collection[int]
    ) -> None:
        self.sealed = skill.is_blind and skill.locked_at is None
        asked = (
            select(Declaration.account_id, Declaration.at, Declaration.withdrawn_at)
            .where(
                Declaration.skill_id == skill.id,
                Declaration.account_id.in_(judges),
                Declaration.by == Declaration.account_id,
            )
            .order_by(Declaration.id)
        )
        self.declared = list(session.execute(asked))
        self.overrides = list(
            session.scalars(
                select(ConflictOverride)
                .where(ConflictOverride.skill_id == skill.id, ConflictOverride.judge_id.in_(judges))
                .order_by(ConflictOverride.id)
            )
        )
        self.noted = list(
            session.scalars(
                select(Recusal)
                .where(
                    Recusal.skill_id == skill.id,
                    Recusal.judge_id.in_(judges),
                    (Recusal.entry_id == entry_id) | Recusal.entry_id.is_(None),
                )
                .order_by(Recusal.id)
            )
        )
        now = conflicts.of_skill(session, skill.id, judges)
        self.ties = {judge: set(own.get(entry_id, ())) for judge, own in now.items()}
        for row in self.noted:
            self.ties.setdefault(row.judge_id, set()).update(map(Tie, row.ties))
        people = {row.by for row in self.overrides} | {row.by for row in self.noted} - {None}
        names = select(Account.id, Account.label).where(Account.id.in_(people))
        self.names: dict[int | None, str] = {row[0]: row[1] for row in session.execute(names)}

    def of(self, judge: int | None, observation: int, at: datetime) -> Plain | None:
        """What a page may say of a mark: `declared_at`, and `state`: "sealed" until the lock,
        "clean", "overridden" (with `overrides`), or "found_later" (with `found`)."""
        if judge is None:
            return None
        told = [row.at for row in self.declared if row.account_id == judge and row.at <= at]
        plain: Plain = {"declared_at": told[-1] if told else None, "overrides": [], "found": []}
        if self.sealed:
            return plain | {"state": "sealed"}
        plain["overrides"] = self._overrides(judge, observation)
        plain["found"] = self._found_later(judge, observation)
        state = "found_later" if plain["found"] else "overridden" if plain["overrides"] else "clean"
        return plain | {"state": state}

    def _overrides(self, judge: int, observation: int) -> list[Plain]:
        return [
            {**_words(Tie(row.tie)), "reason": row.reason, "by": self.names.get(row.by, ""),
             "at": row.at}
            for row in self.overrides
            if row.judge_id == judge
            and Tie(row.tie) in self.ties.get(judge, set())
            and row.since < observation
            and (row.until is None or observation <= row.until)
        ]  # fmt: skip

    def _found_later(self, judge: int, observation: int) -> list[Plain]:
        """Recusals that began after the mark was given: found late, or asked for later."""
        return [
            {
                "ties": [_words(Tie(tie)) for tie in row.ties],
                "at": row.at,
                "counts": not (row.from_start and row.until is None),
                "reason": row.reason if row.source == conflict_notes.SOURCE else "",
                "by": self.names.get(row.by, ""),
            }
            for row in self.noted
            if row.judge_id == judge and row.since >= observation
        ]


def _words(tie: Tie) -> Plain:
    zh, en = WORDS[tie]
    return {"zh": zh, "en": en}
