"""Where a total comes from: every aspect's mark down to votes, devices, times, evidence and the
line of the ledger that notes it. Reads only, plain values for a page; works by their code.

What may not be seen yet is left out here, not on the page: votes of a round that is still open.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import heads, verify_ledger
from competition.models import Account, Entry, LedgerRow, Skill, SkillRules
from competition.moment import iso
from competition.rules import browsers
from competition.verify_ledger import Names, Thing
from judging import cells, ledger_proof, scheme_rows
from judging.aspects import AspectFacts, Former
from judging.cells import Cells
from judging.clean import Clean
from judging.models import (
    Aspect,
    Confirmation,
    Device,
    Evaluation,
    Observation,
    Scheme,
    TieDecision,
)
from judging.rules import calculation_words
from judging.rules.marks import Mark
from judging.rules.scheme import two_decimals

Plain = dict[str, Any]
ACTS = ("marks.record", "marks.propose", "marks.decide")


def read(session: Session, skill: Skill, scheme: Scheme, entry_id: int) -> Plain:
    """Everything behind the marks of one work."""
    found = cells.read(session, skill.id, entry_id=entry_id)
    lines = _ledger_lines(session, skill.id, entry_id)
    rows = list(
        session.scalars(
            select(Observation).where(Observation.entry_id == entry_id).order_by(Observation.id)
        )
    )
    confirming = select(Confirmation.judge_id).where(Confirmation.entry_id == entry_id)
    judges = {row.judge_id for row in rows if row.judge_id is not None}
    clean = Clean(session, skill, entry_id, judges | set(session.scalars(confirming)))
    words = _Words(session, rows, lines, clean)
    by_aspect = _by_aspect(found, rows)
    facts = {one.id: one for one in found.aspects}
    work = found.works[entry_id]
    sheets = [
        {
            "code": sub.code,
            "name_zh": sub.name_zh,
            "name_en": sub.name_en,
            "confirmations": [
                words.confirmation(one)
                for one in _confirmations(session, entry_id, sub.id, found.former)
            ],
            "confirmed": sub.id in work.confirmed,
            "aspects": [
                _aspect(aspect, facts[aspect.id], work.marks[aspect.id],
                        by_aspect.get(aspect.id, []), words)
                | {"star": found.has_star(entry_id, facts[aspect.id])}
                for aspect in sub.aspects
            ],
        }
        for criterion in scheme.criteria
        for sub in criterion.sub_criteria
        if sub.aspects
    ]  # fmt: skip
    settled = [mark.value for mark in work.marks.values() if mark.settled and mark.value]
    return {
        "code": found.entries[entry_id],
        "total": two_decimals(sum(settled)),
        "of": two_decimals(scheme.total),
        "settled": sum(mark.settled for mark in work.marks.values()),
        "aspects": len(work.marks),
        "scheme": {"version": scheme.version, "digest": scheme.digest},
        "rules": _rules(session, skill.id),
        "head": {"number": skill.revision, "hash": skill.ledger_head},
        "key": (heads.noted_keys(session) or [""])[-1],
        "sheets": sheets,
        "ties": _ties(session, skill, entry_id),
        "loose": [words.row(row, shown=False) for row in by_aspect.get(0, [])],
        "faults": _faults(session, skill, entry_id, lines),
    }


def _ties(session: Session, skill: Skill, entry_id: int) -> list[Plain]:
    """Every decision of a tie that the work was in, with the line of the ledger that notes it."""
    works = select(Entry.id, Entry.code).where(Entry.skill_id == skill.id)
    codes: dict[int, str] = {row.id: row.code for row in session.execute(works)}
    found: list[Plain] = []
    asked = select(TieDecision).where(TieDecision.skill_id == skill.id).order_by(TieDecision.id)
    for row in session.scalars(asked):
        if entry_id not in row.of_entries:
            continue
        line = session.execute(
            select(LedgerRow.number, LedgerRow.hash).where(
                LedgerRow.skill_id == skill.id,
                LedgerRow.act == "tie.decide",
                LedgerRow.subject == f"tie_decision:{row.id}",
            )
        ).first()
        found.append(
            {
                "by": row.by,
                "figure": row.of_entries[entry_id],
                "measured": any(one["measured"] for one in row.figures if one["entry"] == entry_id),
                "against": [codes.get(one, "–") for one in row.of_entries if one != entry_id],
                "reason": row.reason,
                "who": row.account.label,
                "signed": bool(row.device),
                "at": row.at,
                "number": line.number if line else None,
                "hash": line.hash if line else "",
                "brought_by": "",
            }
        )
    return found


def _ledger_lines(session: Session, skill_id: int, entry_id: int) -> dict[Thing, Plain]:
    """What the ledger notes of each mark of the work, with the hash of its line."""
    columns = [getattr(LedgerRow, name) for name in ("number", "at", "actor_id", "act", "subject")]
    asked = select(*columns, LedgerRow.body, LedgerRow.hash).where(
        LedgerRow.skill_id == skill_id, LedgerRow.act.in_(ACTS)
    )
    found: dict[Thing, Plain] = {}
    for row in session.execute(asked.order_by(LedgerRow.number)):
        plain = {
            "number": row.number, "at": iso(row.at), "body": row.body, "actor": row.actor_id,
            "act": row.act, "subject": row.subject,
        }  # fmt: skip
        for thing, told in verify_ledger.marks_told(plain):
            if told.get("entry") == entry_id:
                brought = row.body.get("brought_by")
                found[thing] = {**told, "hash": row.hash, "brought_by": brought}
    return found


def _faults(
    session: Session, skill: Skill, entry_id: int, lines: Mapping[Thing, Plain]
) -> list[Plain]:
    """Where the marks of the work are not what the ledger notes of them."""
    marks = ledger_proof.rows(session, skill.id, entry_id=entry_id)
    names = Names(ledger_proof.names(session, skill.id))
    found = verify_ledger.compare(skill.code, marks, dict(lines), names)
    return [{"zh": one.zh, "en": one.en} for one in found]


def _by_aspect(found: Cells, rows: Iterable[Observation]) -> dict[int, list[Observation]]:
    """The work's observations by the aspect they count for; 0: of no aspect that is there now."""
    present = {one.id for one in found.aspects}
    out: dict[int, list[Observation]] = {}
    for row in rows:
        own = found.former.aspects.get(row.aspect_id or 0, row.aspect_id or 0)
        out.setdefault(own if own in present else 0, []).append(row)
    return out


def _confirmations(
    session: Session, entry_id: int, sub_id: int, former: Former
) -> list[Confirmation]:
    """Those of the sheet, and of the very same sheet in earlier versions of the scheme."""
    same = [sub_id, *(old for old, now in former.sheets.items() if now == sub_id)]
    asked = select(Confirmation).where(
        Confirmation.entry_id == entry_id, Confirmation.sub_criterion_id.in_(same)
    )
    return list(session.scalars(asked.order_by(Confirmation.id)))


def _rules(session: Session, skill_id: int) -> Plain | None:
    row = session.execute(
        select(SkillRules.version, SkillRules.at)
        .where(SkillRules.skill_id == skill_id)
        .order_by(SkillRules.version.desc())
        .limit(1)
    ).first()
    return {"version": row.version, "at": row.at} if row is not None else None


def _how(aspect: Aspect) -> Plain:
    """What its calculation does, in words."""
    said = calculation_words.words(scheme_rows.calculation(aspect.calculation or {}))
    return {"zh": said.zh, "en": said.en}


def _aspect(
    aspect: Aspect, facts: AspectFacts, mark: Mark, rows: Iterable[Observation], words: "_Words"
) -> Plain:
    stands = {mark.measured.head.id} if mark.measured and mark.measured.head else set()
    ballot = mark.ballot
    return {
        "code": aspect.code,
        "name_zh": aspect.name_zh,
        "name_en": aspect.name_en,
        "kind": aspect.kind,
        "calculation": _how(aspect) if facts.partial and aspect.calculation else None,
        "max": two_decimals(aspect.max),
        "value": None if mark.value is None else two_decimals(mark.value),
        "settled": mark.settled,
        "source": mark.source,
        "votes": list(ballot.counting) if ballot is not None and ballot.complete else None,
        "voted": len(ballot.current.votes) if ballot is not None else 0,
        "voters": ballot.wanted if ballot is not None else 0,
        "rows": [
            {**words.row(row, shown=_may_be_read(row, mark)), "stands": row.id in stands}
            for row in rows
        ],
    }


def _may_be_read(row: Observation, mark: Mark) -> bool:
    """Whether a row may be read: a vote only once its round is over."""
    return mark.ballot is None or not mark.ballot.seals(row.round)


class _Words:
    """What rows are called: judges, devices, the runs behind proposals, lines of the ledger."""

    def __init__(
        self,
        session: Session,
        rows: Collection[Observation],
        lines: Mapping[Thing, Plain],
        clean: Clean,
    ) -> None:
        self.lines = lines
        self.clean = clean
        told = {said.get(name) for said in lines.values() for name in ("judge", "brought_by")}
        asking = {row.judge_id for row in rows} | told
        accounts = select(Account.id, Account.label).where(Account.id.in_(asking - {None}))
        self.judges: dict[int, str] = {row.id: row.label for row in session.execute(accounts)}
        devices = {row.device_id for row in rows if row.device_id is not None}
        asked = select(Device.id, Device.name).where(Device.id.in_(devices))
        self.devices: dict[int, str] = {
            row.id: browsers.called(row.name) for row in session.execute(asked)
        }
        runs = {row.evaluation_id for row in rows if row.evaluation_id is not None}
        found = session.scalars(select(Evaluation).where(Evaluation.id.in_(runs)))
        self.runs = {one.id: one for one in found}
        self.codes: dict[int | None, str] = {
            row.id: row.code
            for row in session.execute(
                select(Aspect.id, Aspect.code).where(
                    Aspect.id.in_({row.aspect_id for row in rows if row.aspect_id is not None})
                )
            )
        }

    def row(self, row: Observation, *, shown: bool) -> Plain:
        """One observation; `shown`: with what was given, else sealed."""
        vote = row.round if row.source == "judge" and not row.decides else 1
        kind = "proposal" if row.source == "machine" else "decision" if row.decides else "entry"
        return {
            "id": row.id,
            "kind": kind if row.state == "taken" else "set_aside",
            "by": self.judges.get(row.judge_id or 0, ""),
            "sealed": not shown,
            "value": row.value if shown else None,
            "observed": row.observed if shown else None,
            "reason": row.reason if shown else "",
            "round": vote,
            "sentence": row.refusal,
            "device": self.devices.get(row.device_id or 0),
            "device_id": row.device_id,
            "device_at": row.device_at,
            "at": row.at,
            "run": self._run(row, self.codes.get(row.aspect_id, "")) if shown else None,
            "clean": self._clean(row),
            **self._line(("observation", row.id)),
        }

    def confirmation(self, row: Confirmation) -> Plain:
        return {
            "by": self.judges.get(row.judge_id, ""),
            "at": row.at,
            "upto": row.last_observation_id,
            "clean": self.clean.of(row.judge_id, row.last_observation_id, row.at),
            **self._line(("confirmation", row.id)),
        }

    def _clean(self, row: Observation) -> Plain | None:
        """Of a mark that was taken; what was set aside says so itself."""
        given = row.state == "taken" and row.source == "judge"
        return self.clean.of(row.judge_id, row.id, row.at) if given else None

    def _line(self, thing: Thing) -> Plain:
        told = self.lines.get(thing)
        if told is None:
            return {"number": None, "hash": "", "brought_by": ""}
        brought = self.judges.get(told["brought_by"] or 0, "")
        return {"number": told["number"], "hash": told["hash"], "brought_by": brought}

    def _run(self, row: Observation, code: str) -> Plain | None:
        """The sandbox's run behind a proposal, with what it saw for the aspect."""
        run = self.runs.get(row.evaluation_id or 0)
        if run is None:
            return None
        return {
            "id": run.id,
            "hand_in": run.submission.number,
            "sha256": run.submission.sha256,
            "verdict": run.verdict,
            "image": run.image,
            "checks": [
                {
                    "title_zh": one.title_zh,
                    "title_en": one.title_en,
                    "outcome": one.outcome,
                    "evidence": one.evidence,
                }
                for one in run.checks
                if one.aspect == code
            ],
        }
