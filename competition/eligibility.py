"""Who may take part: entries judged by their skill's rules, exceptions by two people, approval.

An entry is never refused at import: it is entered, then judged, and may be judged again whenever
its facts or the rules change. Approval is a person's word on top and is not taken back by judging.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from competition import answers, entries_moved, entry_locks, ledger, separation, skill_rules
from competition.among import among
from competition.database import writing
from competition.models import (
    Coach,
    EligibilityException,
    Entry,
    EntryState,
    Member,
    Person,
    Skill,
)
from competition.moment import now
from competition.rules import eligibility as rules
from competition.rules.eligibility import Candidate, Facts, Reason
from competition.rules.refusal import Refusal
from competition.rules.skill_rules import SkillRules

STANDING = (EntryState.ENTERED, EntryState.ELIGIBLE, EntryState.APPROVED)
OPEN = (EntryState.ENTERED, EntryState.ELIGIBLE, EntryState.NOT_ELIGIBLE)


@dataclass(frozen=True, slots=True)
class Judged:
    """An entry with what each rule says of it now; no reasons where the skill has no rules."""

    entry: Entry
    reasons: list[Reason]
    exceptions: list[EligibilityException]

    @property
    def broken(self) -> list[Reason]:
        return [one for one in self.reasons if not one.kept and not one.excepted]


def judged(session: Session, skill_id: int, delegation_id: int | None = None) -> list[Judged]:
    """The entries of a skill (of one delegation) in the order in which they were entered."""
    entries = _entries(session, Entry.skill_id == skill_id)
    counts = skill_rules.current(session, skill_id)
    facts = {its_id: one for its_id, _, one in _facts(session, skill_id)}
    exceptions = _exceptions(session, [entry.id for entry in entries])
    return [
        Judged(
            entry,
            rules.judge(facts[entry.id], counts) if counts else [],
            exceptions.get(entry.id, []),
        )
        for entry in entries
        if delegation_id is None or entry.delegation_id == delegation_id
    ]


def judge_skill(skill_id: int, *, actor_id: int) -> Counter[str]:
    """Judge every entry that is not approved or withdrawn; how many came to which state."""
    with writing() as session:
        entry_locks.require_open(session, skill_id)
        return _judge(session, skill_id, _rules(session, skill_id), actor_id)


def judge_in(session: Session, skill_id: int, actor_id: int) -> None:
    """Judge a skill inside the caller's transaction; without rules there is nothing to say."""
    counts = skill_rules.current(session, skill_id)
    if counts is not None:
        _judge(session, skill_id, counts, actor_id)


def ask_exception(entry_id: int, rule: str, *, reason: str, actor_id: int) -> int:
    """Ask that a broken rule shall not count for an entry; another person answers."""
    reason = _written(reason)
    with writing() as session:
        entry = _entry(session, entry_id)
        entry_locks.require_open(session, entry.skill_id)
        counts = _rules(session, entry.skill_id)
        facts = {its_id: one for its_id, _, one in _facts(session, entry.skill_id)}
        found = rules.judge(facts[entry.id], counts)
        if rule not in {one.rule for one in found if not one.kept and not one.excepted}:
            raise Refusal(
                "这一条规则没有不符，不需要例外，什么都没有改变。",
                "That rule is not broken here, so no exception is needed; nothing was changed.",
            )
        asked = _exceptions(session, [entry.id]).get(entry.id, [])
        same = next((x for x in asked if x.rule == rule and x.is_granted is None), None)
        if same is not None:
            return same.id
        row = EligibilityException(
            entry_id=entry.id, rule=rule, reason=reason, asked_by=actor_id, asked_at=now()
        )
        session.add(row)
        session.flush()
        _note(session, "exception.ask", f"exception:{row.id}", {"entry": entry.id, "rule": rule},
              actor_id)  # fmt: skip
        return row.id


def answer_exception(exception_id: int, granted: bool, *, answer: str, actor_id: int) -> None:
    """Grant an exception, and judge the entry again at once, or refuse it; whoever asked cannot."""
    with writing() as session:
        row = session.get(EligibilityException, exception_id)
        if row is None:
            raise Refusal("没有这个例外申请。", "There is no such exception.", status=404)
        if row.is_granted is not None:
            if row.is_granted == granted and row.answered_by == actor_id:
                return
            raise Refusal(
                "这个例外申请已经答复过，什么都没有改变。",
                "This exception was answered before; nothing was changed.",
            )
        if actor_id in separation.accounts_of(session, row.asked_by):
            raise Refusal(
                "例外须由另一人批准，您提出的申请不能由您答复。请另一位工作人员处理。",
                "An exception needs a second person: you asked for it, so somebody else answers.",
                status=403,
            )
        entry = _entry(session, row.entry_id)
        if granted:
            entry_locks.require_open(session, entry.skill_id)
        row.is_granted, row.answer = granted, answer.strip()
        row.answered_by, row.answered_at = actor_id, now()
        body = {"entry": row.entry_id, "rule": row.rule, "granted": granted}
        _note(session, "exception.answer", f"exception:{row.id}", body, actor_id)
        if granted:
            _judge(session, entry.skill_id, _rules(session, entry.skill_id), actor_id)


def approve(entry_ids: Iterable[int], *, actor_id: int) -> int:
    """Approve entries that are eligible; all of them or, with one that is not, none."""
    wanted = set(entry_ids)
    with writing() as session:
        entries = _entries(session, Entry.id.in_(wanted))
        entry_locks.require_open(session, *sorted({one.skill_id for one in entries}))
        late = [one for one in entries if one.state not in (EntryState.ELIGIBLE, "approved")]
        if late or len(entries) != len(wanted):
            raise Refusal(
                f"有 {len(late) or len(wanted) - len(entries)} 个报名尚未审定为符合，没有批准任何一"
                "个。请先审核，或去掉这些。",
                f"{len(late) or len(wanted) - len(entries)} entries are not judged eligible; none"
                " was approved. Judge them first, or leave them out.",
            )
        new = [one for one in entries if one.state != EntryState.APPROVED]
        for entry in new:
            entry.state = EntryState.APPROVED
        if new:
            body = {"entries": sorted(one.id for one in new)}
            _note(session, "entry.approve", f"entries:{len(new)}", body, actor_id)
        return len(new)


def verdicts(
    session: Session, skill_id: int, counts: SkillRules
) -> Iterator[tuple[int, EntryState, EntryState]]:
    """Every entry that judging may move: what it is, and what the rules make of it."""
    for entry_id, state, facts in _facts(session, skill_id):
        if state in OPEN:
            fits = rules.eligible(rules.judge(facts, counts))
            yield entry_id, state, EntryState.ELIGIBLE if fits else EntryState.NOT_ELIGIBLE


def _judge(session: Session, skill_id: int, counts: SkillRules, actor_id: int) -> Counter[str]:
    found: Counter[str] = Counter()
    changed: dict[str, list[int]] = defaultdict(list)
    for entry_id, before, after in verdicts(session, skill_id, counts):
        found[after] += 1
        if before != after:
            changed[after.value].append(entry_id)
    for state, ids in changed.items():
        session.execute(update(Entry).where(Entry.id.in_(ids)).values(state=state))
    if changed:
        states = {str(entry_id): state for state, ids in changed.items() for entry_id in ids}
        _note(session, "eligibility.judge", f"skill:{skill_id}", {"states": states}, actor_id)
        entries_moved.note(session, [skill_id], subject=f"skill:{skill_id}", actor_id=actor_id)
    return found


def _facts(session: Session, skill_id: int) -> Iterator[tuple[int, EntryState, Facts]]:
    """Every entry of a skill in the order in which they were entered, for the quota counts among
    them. Columns and no objects: an import has thousands judged."""
    columns = Entry.id, Entry.state, Entry.delegation_id, Entry.is_reserve
    own = Entry.skill_id == skill_id
    entries = session.execute(select(*columns).where(own).order_by(Entry.id)).all()
    people = _candidates(session, skill_id)
    coached = select(Coach.entry_id, func.count()).join(Entry, Entry.id == Coach.entry_id)
    coaches: dict[int, int] = dict(
        session.execute(coached.where(own).group_by(Coach.entry_id)).all()
    )
    granted = {
        entry_id: frozenset(one.rule for one in found if one.is_granted)
        for entry_id, found in _exceptions(session, [one.id for one in entries]).items()
    }
    unanswered = answers.missing(session, skill_id)
    team_size = session.scalars(select(Skill.team_size).where(Skill.id == skill_id)).one()
    before: Counter[tuple[int, bool]] = Counter()
    for its_id, state, delegation_id, is_reserve in entries:
        key = (delegation_id, is_reserve)
        facts = Facts(
            people=tuple(people[its_id]),
            team_size=team_size,
            coaches=coaches.get(its_id, 0),
            standing=before[key],
            is_reserve=is_reserve,
            excepted=granted.get(its_id, frozenset()),
            unanswered=None if unanswered is None else tuple(unanswered[its_id]),
        )
        before[key] += state != EntryState.WITHDRAWN
        yield its_id, EntryState(state), facts


def _candidates(session: Session, skill_id: int) -> defaultdict[int, list[Candidate]]:
    """Entry → its people."""
    rows = session.execute(
        select(Member.entry_id, Member.person_id, Member.status, Member.local_years, Member.medals,
               Person.name, Person.born_on)
        .join(Person, Person.id == Member.person_id)
        .join(Entry, Entry.id == Member.entry_id)
        .where(Entry.skill_id == skill_id)
        .order_by(Member.id)
    ).all()  # fmt: skip
    standing = _standing_of(session, {row.person_id for row in rows})
    found: defaultdict[int, list[Candidate]] = defaultdict(list)
    for entry_id, person_id, status, local_years, medals, name, born_on in rows:
        own = standing.get(person_id, ())
        others = tuple(code for its_id, code in own if its_id != entry_id)
        candidate = Candidate(name, born_on, status, local_years, tuple(medals or ()), others)
        found[entry_id].append(candidate)
    return found


def _standing_of(session: Session, people: set[int]) -> dict[int, list[tuple[int, str]]]:
    """Person → (entry, skill's code) of every entry of theirs that stands."""
    rows = session.execute(
        select(Member.person_id, Entry.id, Skill.code)
        .join(Entry, Entry.id == Member.entry_id)
        .join(Skill, Skill.id == Entry.skill_id)
        .where(among(Member.person_id, people), Entry.state.in_(STANDING))
        .order_by(Skill.code)
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for person_id, entry_id, code in rows:
        found.setdefault(person_id, []).append((entry_id, code))
    return found


def _exceptions(session: Session, entry_ids: list[int]) -> dict[int, list[EligibilityException]]:
    rows = session.scalars(
        select(EligibilityException)
        .where(among(EligibilityException.entry_id, entry_ids))
        .order_by(EligibilityException.id)
    )
    found: dict[int, list[EligibilityException]] = {}
    for row in rows:
        found.setdefault(row.entry_id, []).append(row)
    return found


def _entries(session: Session, which: object) -> list[Entry]:
    found = session.scalars(
        select(Entry)
        .where(which)  # type: ignore[arg-type]
        .order_by(Entry.id)
        .options(
            joinedload(Entry.skill),
            joinedload(Entry.delegation),
            selectinload(Entry.members).joinedload(Member.person),
            selectinload(Entry.coaches),
        )
    )
    return list(found.unique())


def _entry(session: Session, entry_id: int) -> Entry:
    entry = session.get(Entry, entry_id)
    if entry is None:
        raise Refusal(
            "没有这个报名，什么都没有改变。", "No such entry; nothing was changed.", status=404
        )
    return entry


def _rules(session: Session, skill_id: int) -> SkillRules:
    counts = skill_rules.current(session, skill_id)
    if counts is None:
        raise Refusal(
            "该赛项还没有规则，不能审核。请先在“规则”页选一套预设。",
            "The skill has no rules yet, so nothing can be judged. Choose a preset on its rules"
            " page first.",
        )
    return counts


def _written(reason: str) -> str:
    if not reason.strip():
        raise Refusal(
            "没有写明理由，什么都没有改变。请填写理由。",
            "No reason was given; nothing was changed. Please write one.",
            status=422,
        )
    return reason.strip()


def _note(session: Session, act: str, subject: str, body: dict[str, Any], actor_id: int) -> None:
    ledger.append(session, act=act, subject=subject, body=body, actor_id=actor_id)
