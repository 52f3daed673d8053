"""Who is asking, and what each may do: every permission of Podium is a `may_…` in this file.

Roles are our own grants, scoped to a skill, a zone or a delegation, and to a time. A predicate
takes the account and what it wants to touch, reads nothing else but the clock and the sign-in of
this request, and answers yes or no; `require` turns a no into a Refusal or, for a stranger, into
the sign-in page.

Two things close what a grant opens. Roles that can change results open only in a sign-in that has
shown a second factor, where the competition asks for one. And whoever looks at the site as somebody
else sees nothing sealed: no marks before the lock, no code that belongs to a name.
"""

from typing import cast

from flask import abort, g, has_request_context, redirect, request, url_for
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from competition.database import db
from competition.models import (
    Account,
    Competition,
    Delegation,
    Entry,
    Grant,
    Member,
    Role,
    SignIn,
    Skill,
)
from competition.moment import now
from competition.rules.duties import SCOPES, STRONG, Scope
from competition.rules.refusal import Refusal


def who() -> Account | None:
    """The account that asks, or None for a visitor."""
    return cast(Account, current_user) if current_user.is_authenticated else None


def someone() -> Account:
    """The account that asks; a visitor is sent to the sign-in page."""
    account = who()
    if account is None:
        abort(401)
    return account


def sign_in_of_request() -> SignIn | None:
    """The sign-in by which this request is let in (`views/entrance.py` finds it)."""
    return cast(SignIn | None, g.get("sign_in")) if who() is not None else None


def looks_on() -> bool:
    """Whether an organiser looks at the site as somebody else, reading only."""
    sign_in = sign_in_of_request() if has_request_context() else None
    return sign_in is not None and sign_in.seen_as_id is not None


def lacks_proof(account: Account) -> bool:
    """Whether this account has roles that open only after a second factor is shown."""
    return any(_grants(account, role, proved=True) for role in STRONG) and not _proved()


def _proved() -> bool:
    """Whether roles that can change results are open in this request. Outside of one, what an
    account may do is asked, not how somebody signed in."""
    if not has_request_context():
        return True
    sign_in = sign_in_of_request()
    if sign_in is not None and sign_in.proved_at is not None:
        return True
    if "asks_second_factor" not in g:
        asks = db.session.scalar(select(Competition.asks_second_factor).limit(1))
        g.asks_second_factor = bool(asks)
    return not g.asks_second_factor


def require(allowed: bool) -> None:
    """Refuse with 403 unless allowed; a visitor is sent to sign in, and whoever has not shown a
    second factor yet to do so, first."""
    if allowed:
        return
    account = someone()
    if looks_on():
        raise Refusal(
            "您正以他人的身份查看：此人没有此项权限，或内容仍在密封（未锁定的评分、编号与姓名的对应）。"
            "什么都没有改变。",
            "You are looking on as somebody else, who may not do this, or it is sealed still (marks"
            " that are not locked, whose code is whose). Nothing was changed.",
            status=403,
        )
    if lacks_proof(account):
        if request.method == "GET" and not request.path.endswith(".json"):
            back = request.full_path.rstrip("?")
            abort(redirect(url_for("account.second_factor", next=back)))
        raise Refusal(
            "此项操作需要先通过二次验证，什么都没有改变。请在“我的账号”中验证后再试。",
            "This needs your second factor first; nothing was changed. Show it under “My account”"
            " and try again.",
            status=403,
        )
    raise Refusal(
        "您没有此项权限，什么都没有改变。如需要，请联系秘书处。",
        "You may not do this; nothing was changed. If you should be able to, ask the secretariat.",
        status=403,
    )


def _holds(account: Account | None, role: Role, skill: Skill | None = None) -> bool:
    """Whether a grant of the role is in force: in the skill, or without one in the whole
    competition. A grant whose scope the role does not have opens nothing."""
    return any(
        grant.scope is Scope.COMPETITION if skill is None else grant.reaches(skill)
        for grant in _grants(account, role)
    )


def _grants(account: Account | None, role: Role, *, proved: bool = False) -> list[Grant]:
    """The grants of a role that are in force and open; `proved`: as if a second factor had been
    shown."""
    if account is None or (role in STRONG and not proved and not _proved()):
        return []
    at = now()
    return [
        grant
        for grant in account.grants
        if grant.role == role and grant.scope in SCOPES[role] and grant.holds(at)
    ]


def may_grant(account: Account | None) -> bool:
    """Give and end roles, open and close accounts: the organiser."""
    return _holds(account, Role.ORGANISER)


def may_see_grants(account: Account | None) -> bool:
    """See who can do what: the office and the supervisors."""
    return may_organise(account) or _holds(account, Role.SUPERVISOR)


def may_organise(account: Account | None, skill: Skill | None = None) -> bool:
    """The office, organiser and secretariat: everything but marks. Without a skill, the whole
    competition's; the secretariat of a zone has the skills of its zone."""
    return _holds(account, Role.ORGANISER) or _holds(account, Role.SECRETARIAT, skill)


def may_enter_office(account: Account | None) -> bool:
    """See the office's first page, with the skills that are one's own."""
    return may_grant(account) or bool(_grants(account, Role.SECRETARIAT))


def may_stage(account: Account | None) -> bool:
    """Prepare a ceremony and bring it on stage: the office of the whole competition, as oneself. It
    tells results of locked skills before the public has them."""
    return may_organise(account) and not looks_on()


def may_trace_codes(account: Account | None, skill: Skill) -> bool:
    """Find in the office whose code is whose: in open skills. In a blind one whoever runs the
    competition must not know (decisions 1), however the question is put."""
    return may_organise(account, skill) and not skill.is_blind


def may_judge(account: Account | None, skill: Skill) -> bool:
    """Give and confirm marks in a skill: judges of its panel, never the office."""
    return _holds(account, Role.JUDGE, skill) and not _is_sealed_from_onlookers(skill)


def may_declare(account: Account | None, skill: Skill) -> bool:
    """Declare what binds one to competitors, and stand aside: a judge of the skill, as oneself."""
    return _holds(account, Role.JUDGE, skill) and not looks_on()


def may_direct(account: Account | None, skill: Skill) -> bool:
    """The chief judge's acts: clock, differences, lock, release."""
    return _holds(account, Role.CHIEF_JUDGE, skill) and not _is_sealed_from_onlookers(skill)


def may_sign(account: Account | None, skill: Skill) -> bool:
    """See the sheets of a skill up to their sign-off, and sign: its judges and chief judge."""
    return may_judge(account, skill) or may_direct(account, skill)


def may_recheck(account: Account | None, skill: Skill) -> bool:
    """Check sheets of the sample again: whoever signs, recorders and confirmers of the skill; that
    they marked none of the sheet, the verb asks."""
    return may_sign(account, skill) or (
        not _is_sealed_from_onlookers(skill)
        and (_holds(account, Role.RECORDER, skill) or _holds(account, Role.CONFIRMER, skill))
    )


def may_unlock(account: Account | None, skill: Skill) -> bool:
    """Agree, as the second person, to unlock what a chief judge asks to: another chief judge, a
    supervisor, the organiser."""
    return not looks_on() and (
        may_direct(account, skill) or _holds(account, Role.SUPERVISOR, skill) or may_grant(account)
    )


def may_enter_unlocks(account: Account | None) -> bool:
    """See requests to unlock: whoever might be asked to agree to one."""
    return any(
        _grants(account, role) for role in (Role.CHIEF_JUDGE, Role.SUPERVISOR, Role.ORGANISER)
    )


def may_equip(account: Account | None, skill: Skill) -> bool:
    """Pair and unpair the skill's tablets, print the labels of its works: its chief judge, and its
    office, whose technicians set up the hall. Neither learns a mark nor whose code is whose."""
    return may_look_over(account, skill)


def may_show(account: Account | None) -> bool:
    """Pair the big screens and choose what they show: the office. They show what is public."""
    return may_organise(account)


def may_look_over(account: Account | None, skill: Skill) -> bool:
    """See whether a skill may open and what became of its results: its office, its chief judge."""
    return may_organise(account, skill) or may_direct(account, skill)


def may_write_technical(account: Account | None, skill: Skill) -> bool:
    """Publish the skill's technical file and see who read it: its chief judge and its office."""
    return may_look_over(account, skill)


def may_confirm_technical(account: Account | None, skill: Skill) -> bool:
    """Say that one read the technical file: the skill's judges, and team leaders."""
    return not looks_on() and (
        may_judge(account, skill)
        or may_direct(account, skill)
        or bool(_grants(account, Role.TEAM_LEADER))
    )


def may_write_scheme(account: Account | None, skill: Skill) -> bool:
    """Write the draft of a skill's marking scheme and see its versions: its chief judge and its
    judges, who are the ones to mark by it. Adopting a version is the chief judge's."""
    return may_direct(account, skill) or may_judge(account, skill)


def may_copy_scheme(account: Account | None, skill: Skill) -> bool:
    """Take a skill's scheme over into another skill's draft: who writes it, and anybody who writes
    schemes once its marks are locked. Before, it tells what competitors will be asked."""
    return may_write_scheme(account, skill) or skill.locked_at is not None


def may_rejudge(account: Account | None, skill: Skill) -> bool:
    """Judge hand-ins anew, apply or drop what came of it, and answer the questions it opened."""
    return may_direct(account, skill)


def may_watch_real(account: Account | None, skill: Skill) -> bool:
    """See the real board of a skill, before the public does: its chief judge only. The organiser's
    office sees progress, not sealed marks."""
    return may_direct(account, skill)


def may_look_as(account: Account | None, other: Account) -> bool:
    """Look at the site as somebody else, reading only: the organiser, at open accounts."""
    return account is not None and may_grant(account) and account.id != other.id and other.active


def may_see_evidence(account: Account | None, skill: Skill) -> bool:
    """What the sandbox saw of a submission: the skill's judges and chief judge (decisions 4), and
    once its marks are locked whoever rules on appeals."""
    return (
        may_judge(account, skill)
        or may_direct(account, skill)
        or (skill.locked_at is not None and _holds(account, Role.ARBITER, skill))
    )


def may_trace_marks(account: Account | None, skill: Skill) -> bool:
    """See what each mark of a work comes from: the chief judge; once the marks are locked also the
    skill's judges and whoever rules on appeals."""
    return may_direct(account, skill) or (
        skill.locked_at is not None and may_see_evidence(account, skill)
    )


def may_work(account: Account | None, entry: Entry) -> bool:
    """Hand in for an entry and see its workspace: the competitors of the entry. Who looks on would
    learn whose code it is."""
    return (
        account is not None
        and not (looks_on() and entry.skill.is_blind)
        and account.person_id is not None
        and any(member.person_id == account.person_id for member in entry.members)
    )


def _is_sealed_from_onlookers(skill: Skill) -> bool:
    """Whether marks are sealed from who looks at the site as somebody else."""
    return looks_on() and skill.locked_at is None


def may_lead(account: Account | None, delegation_id: int) -> bool:
    """See the people of a delegation: its team leader, and the office."""
    return may_organise(account) or any(
        grant.delegation_id == delegation_id for grant in _grants(account, Role.TEAM_LEADER)
    )


def may_see_papers(account: Account | None, entry: Entry) -> bool:
    """See and bring the evidence of an entry: its team leader and the office of its skill, as
    themselves."""
    return not looks_on() and (
        may_lead(account, entry.delegation_id) or may_organise(account, entry.skill)
    )


def led_by(account: Account) -> Delegation | None:
    """The delegation that somebody leads, the first of several."""
    return next((grant.delegation for grant in _grants(account, Role.TEAM_LEADER)), None)


def skills_of(account: Account, role: Role) -> list[Skill]:
    """The skills in which somebody now has a role of their own, by code."""
    found = {grant.skill for grant in _grants(account, role) if grant.skill is not None}
    return sorted(found, key=lambda skill: skill.code)


def entries_of(account: Account) -> list[Entry]:
    """The entries a competitor works in."""
    if account.person_id is None:
        return []
    found = db.session.scalars(
        select(Entry)
        .join(Member)
        .where(Member.person_id == account.person_id)
        .options(selectinload(Entry.members))
        .order_by(Entry.id)
    )
    return list(found)


def _duties(account: Account) -> bool:
    """Whether an account has any role in force."""
    return any(_grants(account, role, proved=True) for role in Role)


def home_of(account: Account) -> str:
    """The endpoint a person lands on after signing in: where their work is."""
    order = (
        (Role.CHIEF_JUDGE, "desk.home"),
        (Role.JUDGE, "tablet.home"),
        (Role.ORGANISER, "office.home"),
        (Role.SECRETARIAT, "office.home"),
        (Role.TEAM_LEADER, "delegation.home"),
        (Role.COMPETITOR, "workspace.home"),
        (Role.SUPERVISOR, "grants.home"),
    )
    for role, endpoint in order:
        if _grants(account, role, proved=True):
            return endpoint
    return "account.home" if _duties(account) else "boards.home"
