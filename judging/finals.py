"""The final standings of locked skills: what the rules need of each, read from the rows.

A skill's places and medals come from its own rules; one that never adopted any gets places only.
Working times, votes and signed rulings are what the chief judge decided of ties (`ties`).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from competition import skill_rules
from competition.models import Delegation, Entry, EntryState, Member, Skill
from competition.rules.skill_rules import SkillRules
from judging.cells import Cells
from judging.models import Aspect, Criterion, Scheme, SubCriterion, TieDecision
from judging.rules import tie_decisions
from judging.rules.final import Final, final
from judging.rules.ranking import PROVISIONAL, RankingRules, Result, Taking, ranking
from judging.rules.tie_decisions import Figures
from judging.tallies import Tally


@dataclass(frozen=True, slots=True)
class Takes:
    """How one entry takes part, for whom, and how many people it is."""

    taking: Taking
    delegation: str
    people: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What makes marks final standings: the skill's rules, its criteria with their maxima in the
    scheme's order, the criterion of each aspect, how the entries take part, and what was decided
    of ties: by what → entry → its figure."""

    rules: RankingRules = PROVISIONAL
    maxima: list[tuple[str, int]] = field(default_factory=list)
    letters: dict[int, str] = field(default_factory=dict)
    entries: dict[int, Takes] = field(default_factory=dict)
    decided: Figures = field(default_factory=dict)


def of_rules(found: SkillRules | None) -> RankingRules:
    """The part of a skill's rules that finds places."""
    if found is None:
        return PROVISIONAL
    return ranking(
        shared_places=found.shared_places, ties=found.ties, medals=found.medals, scale=found.scale
    )


def facts(session: Session, skill_ids: Collection[int]) -> dict[int, Facts]:
    """The facts of several skills, in as many queries as for one (but for their rules)."""
    out = {one: Facts(of_rules(skill_rules.current(session, one))) for one in skill_ids}
    if not out:
        return {}
    _read_criteria(session, out)
    _read_entries(session, out)
    decided = _decisions(session, out)
    return {skill: replace(found, decided=decided[skill]) for skill, found in out.items()}


def _read_criteria(session: Session, out: Mapping[int, Facts]) -> None:
    newest = (
        select(func.max(Scheme.version))
        .where(Scheme.skill_id.in_(out))
        .group_by(Scheme.skill_id)
        .add_columns(Scheme.skill_id)
        .subquery()
    )
    rows = session.execute(
        select(Scheme.skill_id, Criterion.letter, Aspect.id, Aspect.max)
        .join(newest, (newest.c.skill_id == Scheme.skill_id) & (newest.c[0] == Scheme.version))
        .join(Criterion, Criterion.scheme_id == Scheme.id)
        .join(SubCriterion, SubCriterion.criterion_id == Criterion.id)
        .join(Aspect, Aspect.sub_criterion_id == SubCriterion.id)
        .order_by(Aspect.position)
    )
    sums: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for skill, letter, aspect, most in rows:
        out[skill].letters[aspect] = letter
        sums[skill][letter] = sums[skill].get(letter, 0) + most
    for skill, found in sums.items():
        out[skill].maxima.extend(found.items())


def _read_entries(session: Session, out: Mapping[int, Facts]) -> None:
    rows = session.execute(
        select(
            Entry.skill_id,
            Entry.id,
            Entry.state,
            Entry.is_reserve,
            Entry.out_of_competition,
            Delegation.code,
            func.count(Member.id),
        )
        .join(Delegation, Delegation.id == Entry.delegation_id)
        .outerjoin(Member, Member.entry_id == Entry.id)
        .where(Entry.skill_id.in_(out))
        .group_by(Entry.id, Delegation.code)
    )
    for skill, entry, state, reserve, outside, delegation, people in rows:
        taking = Taking.COMPETES
        if state == EntryState.WITHDRAWN or reserve:
            taking = Taking.NO_SHOW
        elif outside or state == EntryState.NOT_ELIGIBLE:
            taking = Taking.OUT
        out[skill].entries[entry] = Takes(taking, delegation, people)


def _decisions(session: Session, out: Mapping[int, Facts]) -> dict[int, Figures]:
    """Working times count for good. Votes and rulings were given on the marks of one lock, and end
    with it."""
    asked = (
        select(TieDecision)
        .join(Skill, Skill.id == TieDecision.skill_id)
        .where(
            TieDecision.skill_id.in_(out),
            or_(TieDecision.by == "time", TieDecision.locked_at == Skill.locked_at),
        )
        .order_by(TieDecision.id)
    )
    given: defaultdict[int, list[tuple[str, dict[int, int]]]] = defaultdict(list)
    for row in session.scalars(asked):
        given[row.skill_id].append((row.by, row.of_entries))
    return {
        skill: tie_decisions.counting(given[skill], tie_decisions.steps(found.rules))
        for skill, found in out.items()
    }


def standings(
    found: Cells, told: Facts, tallies: Mapping[int, Tally], keys: Mapping[int, str]
) -> Final:
    """The final standings of one skill; `keys` name the entries as the board does."""
    results = [
        _result(found, told, entry, tallies[entry], key)
        for entry, key in keys.items()
        if entry in tallies
    ]
    # The scheme knows no modules beside its criteria, which is what events call modules.
    maxima = {"criterion": told.maxima, "module": told.maxima}
    return final(results, told.rules, maxima)


def _result(found: Cells, told: Facts, entry: int, tally: Tally, key: str) -> Result:
    takes = told.entries[entry]
    parts: defaultdict[tuple[str, str], int] = defaultdict(int)
    marks = found.works[entry].marks
    for aspect in found.aspects:
        mark = marks[aspect.id]
        if mark.value is not None and mark.settled and mark.source:
            letter = told.letters[aspect.id]
            parts["criterion", letter] += mark.value
            parts["module", letter] += mark.value
    # somebody without a single mark did not appear, whatever the entry says
    taking = takes.taking if tally.released else Taking.NO_SHOW
    seconds, votes, ruled = (told.decided.get(by, {}).get(entry) for by in tie_decisions.BY)
    return Result(key, tally.total, dict(parts), seconds, votes, ruled, taking, takes.people)
