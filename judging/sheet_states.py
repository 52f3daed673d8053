"""Read: every sheet of a skill as it stands between its last mark and its sign-off.

A sheet is one sub-criterion × one code. Codes and judges' names only; whose a competitor's
signature is, is not read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import skill_rules
from competition.rules.skill_rules import SkillRules
from judging import kept
from judging.aspects import AspectFacts, newest_scheme
from judging.cells import Cells
from judging.models import Criterion, Signature, SubCriterion
from judging.rules import signing
from judging.rules.marks import Mark
from judging.rules.signing import Standing


@dataclass(frozen=True, slots=True)
class Sub:
    """A sub-criterion of the scheme that counts."""

    id: int
    code: str
    name_zh: str
    name_en: str
    day: str | None


@dataclass(frozen=True, slots=True)
class Given:
    """A signature in force; `account` is None for a competitor's."""

    id: int
    role: str
    account: int | None
    remark: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: where it stands, what exactly would be signed now, and who has signed that."""

    entry_id: int
    code: str
    sub: Sub
    standing: Standing
    digest: str
    signatures: tuple[Given, ...]
    is_locked: bool

    @property
    def key(self) -> tuple[int, int]:
        return self.entry_id, self.sub.id


@dataclass(frozen=True)
class Book:
    """The sheets of a skill by (entry id, sub-criterion id), work by work."""

    found: Cells
    rules: SkillRules | None
    subs: tuple[Sub, ...]
    sheets: Mapping[tuple[int, int], Sheet]

    @property
    def asks_sign_off(self) -> bool:
        """Whether the lock waits for re-check and signatures: where the skill has rules."""
        return self.rules is not None

    @property
    def competitor_signs(self) -> bool:
        return self.rules is not None and self.rules.competitor_signs

    @cached_property
    def unsigned(self) -> list[Sheet]:
        """The sheets that are not signed off."""
        return [one for one in self.sheets.values() if one.standing.state != "signed"]

    def of_sub(self, sub_id: int) -> list[Sheet]:
        """One sub-criterion's sheets, by code."""
        return [one for one in self.sheets.values() if one.sub.id == sub_id]

    def of_entry(self, entry_id: int) -> list[Sheet]:
        """One work's sheets, in the scheme's order."""
        return [one for one in self.sheets.values() if one.entry_id == entry_id]


def read(session: Session, skill_id: int) -> Book:
    """As this transaction sees it."""
    found, rules = kept.whole(session, skill_id), skill_rules.current(session, skill_id)
    subs = _subs(session, skill_id)
    aspects: dict[int, list[AspectFacts]] = {}
    for aspect in found.aspects:
        aspects.setdefault(aspect.sub_criterion_id, []).append(aspect)
    given = _signatures(session, skill_id)
    asks = rules is not None and rules.competitor_signs
    sheets = {
        (entry, sub.id): _sheet(
            found,
            entry,
            sub,
            aspects=aspects[sub.id],
            given=given.get((entry, sub.id), ()),
            asks=asks,
        )
        for entry in found.entries
        for sub in subs
        if sub.id in aspects
    }
    return Book(found, rules, tuple(sub for sub in subs if sub.id in aspects), sheets)


def _sheet(
    found: Cells,
    entry: int,
    sub: Sub,
    *,
    aspects: Iterable[AspectFacts],
    given: Iterable[tuple[str, Given, int]],
    asks: bool,
) -> Sheet:
    code = found.entries[entry]
    work = found.works[entry]
    marks: list[tuple[AspectFacts, Mark]] = [(one, work.marks[one.id]) for one in aspects]
    said = signing.digest(code, sub.code, [(one.code, one.max, mark) for one, mark in marks])
    measures = any(one.kind == "M" for one, _ in marks)
    force = [(one, account) for digest, one, account in given if digest == said]
    standing = signing.standing(
        [(one.code, mark) for one, mark in marks],
        confirmed=sub.id in work.confirmed or not measures,
        panel=found.signers(entry, sub.id),
        signed=[(one.role, account) for one, account in force],
        competitor_signs=asks,
    )
    return Sheet(
        entry,
        code,
        sub,
        standing,
        said,
        tuple(one for one, _ in force),
        sub.id in found.closed.locked,
    )


def _subs(session: Session, skill_id: int) -> tuple[Sub, ...]:
    newest = newest_scheme(skill_id)
    rows = session.execute(
        select(
            SubCriterion.id,
            SubCriterion.code,
            SubCriterion.name_zh,
            SubCriterion.name_en,
            SubCriterion.day,
        )
        .join(Criterion, Criterion.id == SubCriterion.criterion_id)
        .where(Criterion.scheme_id == newest)
        .order_by(Criterion.position, SubCriterion.position)
    )
    return tuple(Sub(*row) for row in rows)


def _signatures(
    session: Session, skill_id: int
) -> dict[tuple[int, int], list[tuple[str, Given, int]]]:
    """Sheet → (digest, signature, account) of those that no reopening has ended."""
    rows = session.scalars(
        select(Signature)
        .where(Signature.skill_id == skill_id, Signature.reopening_id.is_(None))
        .order_by(Signature.id)
    )
    out: dict[tuple[int, int], list[tuple[str, Given, int]]] = {}
    for row in rows:
        account = None if row.role == signing.COMPETITOR else row.account_id
        given = Given(row.id, row.role, account, row.remark, row.at)
        one = (row.digest, given, row.account_id)
        out.setdefault((row.entry_id, row.sub_criterion_id), []).append(one)
    return out
