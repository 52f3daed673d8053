"""Who can do what: the reads of the access pages. Read only."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select
from sqlalchemy.orm import Session, joinedload

from competition import second_factor
from competition.models import Account, Coach, Entry, EntryState, Grant, Member, Person, Skill
from competition.rules.duties import PANEL, STRONG, Conflict, Duty, Role, Scope, Ties, conflict
from competition.separation import is_coach

STATES = ("now", "later", "over", "all")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the list is narrowed to: words of a name, a role, a skill, and when."""

    words: str = ""
    role: str = ""
    skill: str = ""
    state: str = "now"


@dataclass(frozen=True, slots=True)
class Line:
    """One role of one account. `lacks_factor`: it opens only with a second factor, and there is
    none."""

    grant: Grant
    state: str
    lacks_factor: bool


@dataclass(frozen=True, slots=True)
class Clash:
    """A role in force that is in conflict with another one or with a tie to competitors."""

    grant: Grant
    why: Conflict


def page(
    session: Session, wish: Wish, at: datetime, *, start: int, size: int
) -> tuple[list[Line], int]:
    """A page of the list, and how long the whole list is."""
    wanted = _wanted(wish, at)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    grants = list(
        session.scalars(
            wanted.options(
                joinedload(Grant.account),
                joinedload(Grant.skill),
                joinedload(Grant.zone),
                joinedload(Grant.delegation),
                joinedload(Grant.giver),
            )
            .order_by(Account.label, Account.id, Grant.id)
            .offset(start)
            .limit(size)
        )
    )
    return lines(session, grants, at), total


@dataclass(frozen=True, slots=True)
class Function:
    """A role with everybody who has it now: what it is for, and who does it where until when."""

    role: Role
    lines: list[Line]


def functions(session: Session, at: datetime) -> list[Function]:
    """Every role in force, role by role, wide scopes first; competitors' come with their entries
    and are not listed."""
    grants = session.scalars(
        select(Grant)
        .join(Account, Account.id == Grant.account_id)
        .outerjoin(Skill, Skill.id == Grant.skill_id)
        .where(Grant.held(at), Grant.role != Role.COMPETITOR, Account.active.is_(True))
        .options(
            joinedload(Grant.account),
            joinedload(Grant.skill),
            joinedload(Grant.zone),
            joinedload(Grant.delegation),
        )
        .order_by(Grant.zone_id, Skill.code, Grant.delegation_id, Account.label, Grant.id)
    )
    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines(session, list(grants), at):
        found[line.grant.role].append(line)
    for own in found.values():
        own.sort(key=lambda line: list(Scope).index(line.grant.scope or Scope.COMPETITION))
    return [Function(role, found[role]) for role in Role if role is not Role.COMPETITOR]


def lines(session: Session, grants: list[Grant], at: datetime) -> list[Line]:
    """Grants as the pages show them."""
    strong = [grant.account_id for grant in grants if grant.role in STRONG]
    have = second_factor.has(session, strong)
    return [
        Line(grant, state(grant, at), grant.role in STRONG and grant.account_id not in have)
        for grant in grants
    ]


def state(grant: Grant, at: datetime) -> str:
    """A word of STATES."""
    if grant.holds(at):
        return "now"
    over = grant.ended_at is not None or (grant.until is not None and grant.until <= at)
    return "over" if over else "later"


def of_account(session: Session, account_id: int, at: datetime) -> list[Line]:
    """All roles of an account, those in force first, the newest first."""
    grants = session.scalars(
        select(Grant)
        .where(Grant.account_id == account_id)
        .options(
            joinedload(Grant.skill),
            joinedload(Grant.zone),
            joinedload(Grant.delegation),
            joinedload(Grant.giver),
        )
        .order_by(Grant.id.desc())
    )
    found = lines(session, list(grants), at)
    return sorted(found, key=lambda line: STATES.index(line.state))


def account_named(session: Session, text: str) -> list[Account]:
    """The open accounts that a sign-in name, or else a whole name, means."""
    text = text.strip()
    by_name = session.scalar(select(Account).where(Account.username == text.lower()))
    if by_name is not None:
        return [by_name]
    named = select(Account).where(Account.label == text, Account.active.is_(True))
    return list(session.scalars(named.order_by(Account.id).limit(10)))


def clashes(session: Session, at: datetime) -> list[Clash]:
    """Roles in force that the separation of duties would refuse today: a roster that came later
    brings a competitor from a judge's own school, for example."""
    grants = session.scalars(
        select(Grant)
        .join(Account, Account.id == Grant.account_id)
        .where(Grant.held(at), Account.active.is_(True), Grant.role != Role.COMPETITOR)
        .options(joinedload(Grant.account), joinedload(Grant.skill), joinedload(Grant.zone))
        .order_by(Grant.id)
    ).all()
    competing, sharing, coaching = (_of(session, at) for _of in (_competing, _sharing, _coaching))
    by_person: dict[tuple[str, int], list[Grant]] = defaultdict(list)
    for grant in grants:
        person = grant.account.person_id
        by_person[("a", grant.account_id) if person is None else ("p", person)].append(grant)
    found = []
    for own in by_person.values():
        for number, grant in enumerate(own):
            ties = Ties(grant.id in competing, grant.id in coaching, grant.id in sharing)
            earlier = [_duty(other) for other in own[:number]]
            why = conflict(_duty(grant), earlier, ties)
            if why is not None:
                found.append(Clash(grant, why))
    return found


def without_factor(
    session: Session, skills: Sequence[Skill], at: datetime
) -> dict[int, tuple[str, ...]]:
    """Skill → the sign-in names of those who can change its results and have no second factor."""
    grants = session.scalars(
        select(Grant)
        .join(Account, Account.id == Grant.account_id)
        .where(Grant.held(at), Grant.role.in_(STRONG), Account.active.is_(True))
        .options(joinedload(Grant.account))
    ).all()
    have = second_factor.has(session, {one.account_id for one in grants})
    lacking = [one for one in grants if one.account_id not in have]
    return {
        skill.id: tuple(sorted({one.account.username for one in lacking if one.reaches(skill)}))
        for skill in skills
    }


def _duty(grant: Grant) -> Duty:
    zone_id = grant.skill.zone_id if grant.skill is not None else grant.zone_id
    return Duty(Role(grant.role), grant.skill_id, zone_id)


def _competing(session: Session, at: datetime) -> set[int]:
    """The grants whose holder competes in a skill that they reach."""
    asked = (
        select(Grant.id)
        .join(Account, Account.id == Grant.account_id)
        .join(Member, Member.person_id == Account.person_id)
        .join(Entry, Entry.id == Member.entry_id)
        .join(Skill, Skill.id == Entry.skill_id)
        .where(Grant.held(at), _reaches(), Entry.state != EntryState.WITHDRAWN)
    )
    return set(session.scalars(asked))


def _coaching(session: Session, at: datetime) -> set[int]:
    """The grants whose holder coaches a competitor of a skill that they reach."""
    asked = (
        select(Grant.id)
        .join(Account, Account.id == Grant.account_id)
        .join(Person, Person.id == Account.person_id)
        .join(Coach, is_coach(Person.id, Person.name, Person.affiliation_id))
        .join(Entry, Entry.id == Coach.entry_id)
        .join(Skill, Skill.id == Entry.skill_id)
        .where(Grant.held(at), _reaches(), Entry.state != EntryState.WITHDRAWN)
    )
    return set(session.scalars(asked))


def _sharing(session: Session, at: datetime) -> set[int]:
    """The grants of panels whose holder comes from where a competitor of the skill does. Asked from
    the judges' side: they are hundreds, the competitors tens of thousands. The rule (`duties`) says
    for which of them it matters."""
    judges = session.execute(
        select(Grant.id, Grant.skill_id, Person.id.label("person_id"), Person.affiliation_id)
        .join(Account, Account.id == Grant.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(Grant.held(at), Grant.role.in_(PANEL), Person.affiliation_id.is_not(None))
    ).all()
    rows = session.execute(
        select(Entry.skill_id, Person.affiliation_id, Person.id)
        .join(Member, Member.entry_id == Entry.id)
        .join(Person, Person.id == Member.person_id)
        .where(
            Entry.state != EntryState.WITHDRAWN,
            Person.affiliation_id.in_({judge.affiliation_id for judge in judges}),
        )
    )
    theirs: dict[tuple[int | None, int | None], set[int]] = defaultdict(set)
    for skill_id, affiliation_id, person_id in rows:
        theirs[skill_id, affiliation_id].add(person_id)
    return {one.id for one in judges if theirs[one.skill_id, one.affiliation_id] - {one.person_id}}


def _wanted(wish: Wish, at: datetime) -> Select[Grant]:
    wanted = select(Grant).join(Account, Account.id == Grant.account_id)
    for word in wish.words.split()[:5]:
        named = (Account.label, Account.username)
        wanted = wanted.where(or_(*(one.icontains(word, autoescape=True) for one in named)))
    if wish.role:
        wanted = wanted.where(Grant.role == wish.role)
    if wish.skill:
        wanted = wanted.outerjoin(Skill, Skill.code == wish.skill).where(
            Skill.id.is_not(None), _reaches()
        )
    if wish.state in _WHEN:
        wanted = wanted.where(_WHEN[wish.state](at))
    return wanted


def _reaches() -> ColumnElement[bool]:
    """Whether a grant's scope holds the skill that was joined."""
    whole = and_(Grant.skill_id.is_(None), Grant.delegation_id.is_(None))
    return and_(
        Grant.role != Role.COMPETITOR,
        or_(
            Grant.skill_id == Skill.id,
            and_(whole, or_(Grant.zone_id.is_(None), Grant.zone_id == Skill.zone_id)),
        ),
    )


def _over(at: datetime) -> ColumnElement[bool]:
    return or_(Grant.ended_at.is_not(None), and_(Grant.until.is_not(None), Grant.until <= at))


_WHEN = {
    "now": Grant.held,
    "later": lambda at: and_(not_(_over(at)), not_(Grant.held(at))),
    "over": _over,
}
