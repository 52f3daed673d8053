"""Versions of a skill's marking scheme: what a new one would change, and the marks that it affects.

Reads. `planned` is shown before a version is adopted and is written into it when it is
(`scheme.adopt`), so the history tells what was agreed to.
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition.models import Account, Skill
from judging import desk_times, kept, scheme_rows, tasks
from judging.cells import Cells
from judging.models import Observation, Scheme
from judging.rules import scheme as rules
from judging.rules import scheme_difference
from judging.rules.calculation_words import words
from judging.rules.scheme import Text, two_decimals
from judging.rules.scheme_difference import Change, Difference, PartChange

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """A version that is not adopted yet, against the one that counts. `seen` names the two: who
    agrees to the plan agrees to exactly these. `marked`: somebody gave a mark already. `renamed`:
    aspects that a task's checks would mark for another one, as (code, code in the new version)."""

    base: int
    difference: Difference
    seen: str
    marked: bool
    renamed: tuple[tuple[str, str], ...]
    marks: dict[str, tuple[int, int]]  # aspect's code in the old version → (marks, works)
    sheets: dict[str, int]  # code of a sheet in the old version → its confirmed works

    def document(self, reason: str, keep: Collection[str]) -> Plain:
        """The plan as plain values, with what happens to each mark. `keep`: codes of reworded
        aspects whose marks stay."""
        moved = [self._line(one, keep) for one in self.difference.moved]
        same = [one.before.code for one in self.difference.aspects
                if one.before and scheme_rows.stays(one, keep)]  # fmt: skip
        return {
            "base": self.base,
            "reason": reason,
            "share": self.difference.share,
            "aspects": moved,
            "parts": [
                _part(kind, one)
                for kind, found in (
                    ("criterion", self.difference.criteria),
                    ("sub_criterion", self.difference.sub_criteria),
                    ("section", self.difference.sections),
                )
                for one in found
            ],
            "kept": sum(self.marks.get(code, (0, 0))[0] for code in same),
            "lost": sum(one["marks"] for one in moved if one["fate"] in ("again", "gone")),
            "unconfirmed": self._unconfirmed(keep),
        }

    def _unconfirmed(self, keep: Collection[str]) -> list[Plain]:
        """The sheets whose confirmations end, since they are not the same sheets any more."""
        stay = {
            one.before.code: one.after.code
            for one in self.difference.aspects
            if one.before and one.after and scheme_rows.stays(one, keep)
        }
        old = _sheets(one.before for one in self.difference.aspects)
        present = list(_sheets(one.after for one in self.difference.aspects).values())
        return [
            {"sheet": code, "works": works}
            for code, works in self.sheets.items()
            if {stay.get(one, "") for one in old.get(code, ())} not in present
        ]

    def _line(self, one: Change, keep: Collection[str]) -> Plain:
        shown = one.after or one.before
        assert shown is not None
        marks, works = self.marks.get(one.before.code, (0, 0)) if one.before else (0, 0)
        fate = ""
        if marks and one.before:
            fate = "kept" if scheme_rows.stays(one, keep) else "again" if one.after else "gone"
        return {
            "state": one.state,
            "before": one.before.code if one.before else "",
            "after": one.after.code if one.after else "",
            "name_zh": shown.description.zh,
            "name_en": shown.description.en,
            "max": two_decimals(shown.max),
            "what": [_told(one, name) for name in one.what if name != "code"],
            "marks": marks,
            "works": works,
            "fate": fate,
        }


def planned(
    session: Session, skill: Skill, wanted: rules.Scheme, automatic: Collection[str]
) -> Plan | None:
    """What adopting `wanted` would change; None where the skill has no scheme yet."""
    row = newest(session, skill.id)
    if row is None:
        return None
    before = scheme_rows.plain(row, skill)
    found = scheme_difference.difference(before, wanted)
    marked = has_marks(session, skill.id)
    cells = kept.whole(session, skill.id) if marked else None
    code_of = {one.id: one.code for one in scheme_rows.aspects_of(row)}
    subs = {sub.id: sub.code for criterion in row.criteria for sub in criterion.sub_criteria}
    return Plan(
        row.version,
        found,
        f"{row.version}-{digest(wanted, automatic)[:24]}",
        marked,
        _renamed(row, found, automatic) if marked else (),
        _marks(cells, code_of) if cells else {},
        _confirmed(cells, subs) if cells else {},
    )


def newest(session: Session, skill_id: int) -> Scheme | None:
    """The version that counts."""
    return session.scalar(
        select(Scheme).where(Scheme.skill_id == skill_id).order_by(Scheme.version.desc()).limit(1)
    )


def skills(session: Session) -> list[Skill]:
    """The skills that have a scheme."""
    there = select(Scheme.skill_id).distinct()
    return list(session.scalars(select(Skill).where(Skill.id.in_(there)).order_by(Skill.code)))


def has_marks(session: Session, skill_id: int) -> bool:
    """Whether anything was observed in a skill: from then on its scheme is closed."""
    given = select(Observation.id).where(Observation.skill_id == skill_id).limit(1)
    return session.scalar(given) is not None


def digest(scheme: rules.Scheme, automatic: Collection[str]) -> str:
    """SHA-256 over a scheme and its automatic aspects."""
    text = json.dumps([asdict(scheme), sorted(automatic)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def automatic(session: Session, skill_id: int) -> set[str]:
    """The codes of the aspects whose marks a check of the skill's tasks proposes."""
    return {
        code
        for package in desk_times.packages(session, skill_id)
        for code in tasks.find(package).maxima
    }


def from_workbook(skill: Skill, session: Session, found: rules.Scheme) -> rules.Scheme:
    """What a workbook holds, with the other language of texts that did not change."""
    row = newest(session, skill.id)
    if row is None:
        return found
    return scheme_difference.bilingual(scheme_rows.plain(row, skill), found)


def history(session: Session, skill_id: int) -> list[Plain]:
    """Every version, newest first: number, when, who, total, what it changed."""
    rows = session.execute(
        select(
            Scheme.version, Scheme.total, Scheme.created_at, Scheme.digest, Scheme.changes,
            Account.label,
        )
        .outerjoin(Account, Account.id == Scheme.adopted_by)
        .where(Scheme.skill_id == skill_id)
        .order_by(Scheme.version.desc())
    )  # fmt: skip
    return [
        {
            "version": row.version,
            "total": two_decimals(row.total),
            "at": row.created_at,
            "by": row.label or "",
            "digest": row.digest,
            "changes": row.changes,
        }
        for row in rows
    ]


def _marks(found: Cells, code_of: dict[int, str]) -> dict[str, tuple[int, int]]:
    """Aspect's code → how many marks and votes of judges it has, from how many works."""
    counts: dict[str, list[int]] = {}
    judged = {one.id for one in found.aspects if one.kind == "J"}
    every = (given for work in found.works.values() for given in work.seen.items())
    for aspect, seen in every:
        given = {one.judge for one in seen if one.source == "judge" and one.value is not None}
        if aspect in code_of and given:
            own = counts.setdefault(code_of[aspect], [0, 0])
            own[0] += len(given) if aspect in judged else 1
            own[1] += 1
    return {code: (marks, works) for code, (marks, works) in counts.items()}


def _sheets(aspects: Iterable[rules.Aspect | None]) -> dict[str, set[str]]:
    """Code of a sheet → the codes of its measurements."""
    found: dict[str, set[str]] = {}
    for one in aspects:
        if one is not None and one.kind == rules.MEASUREMENT:
            found.setdefault(one.code.rpartition(".")[0], set()).add(one.code)
    return found


def _confirmed(found: Cells, subs: dict[int, str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for work in found.works.values():
        for sub in work.confirmed:
            counts[subs[sub]] = counts.get(subs[sub], 0) + 1
    return counts


def _renamed(
    row: Scheme, found: Difference, automatic: Collection[str]
) -> tuple[tuple[str, str], ...]:
    """A task's checks name aspects by their code: aspects that would get those of another one."""
    was = {one.code for one in scheme_rows.aspects_of(row) if one.is_automatic}
    after_of = {one.before.code: one.after.code if one.after else "" for one in found.aspects
                if one.before}  # fmt: skip
    present = {one.after.code for one in found.aspects if one.after}
    return tuple(
        (code, after_of[code])
        for code in sorted(was & set(automatic) & present)
        if after_of[code] != code
    )


def _told(change: Change, name: str) -> Plain:
    """One part of an aspect before and after, as people read it."""
    assert change.before is not None and change.after is not None
    sides = [_shown(one, name) for one in (change.before, change.after)]
    return {"part": name, "before": sides[0], "after": sides[1]}


def _shown(aspect: rules.Aspect, name: str) -> Plain:
    if name == "sub_criterion":
        return _both(Text.of(aspect.code.rpartition(".")[0]))
    if name == "max":
        return _both(Text.of(two_decimals(aspect.max)))
    if name == "calculation":
        return _both(words(aspect.calculation))
    if name == "rungs":
        lines = [(f"{one.score} {one.text.zh}", f"{one.score} {one.text.en}")
                 for one in aspect.rungs]  # fmt: skip
        return _both(Text("\n".join(zh for zh, _ in lines), "\n".join(en for _, en in lines)))
    value = getattr(aspect, name)
    return _both(value if isinstance(value, Text) else Text.of(str(value)))


def _both(text: Text) -> Plain:
    return {"zh": text.zh, "en": text.en}


def _part(kind: str, one: PartChange) -> Plain:
    return {
        "kind": kind,
        "before": one.before,
        "after": one.after,
        "name_zh": one.name.zh,
        "name_en": one.name.en,
        "what": list(one.what),
    }
