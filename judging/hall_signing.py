"""Read: sign-off on a tablet of the hall: what is missing, who may sign there, and the marks that
somebody sees once their PIN was right.

Without a PIN a tablet shows codes, what is missing and which judges have signed; no mark.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import clocks, judge_photos, pins
from competition.models import Account, Grant, Member, Role, Skill
from competition.moment import now
from competition.rules.refusal import Refusal
from judging import desk, sheet_pages
from judging.rules.signing import CHIEF, COMPETITOR, JUDGE
from judging.sheet_states import Book, Sheet, Sub

Plain = dict[str, Any]
STATES = ("marking", "judges", "competitor", "chief", "signed")


def subs(book: Book) -> list[Plain]:
    """Every sub-criterion, and how many of its sheets stand at each step."""
    return [
        _sub(sub)
        | {
            "locked": sub.id in book.found.closed.locked,
            "counts": {
                state: sum(one.standing.state == state for one in book.of_sub(sub.id))
                for state in STATES
            },
        }
        for sub in book.subs
    ]


def sheets(session: Session, book: Book, sub_id: int) -> list[Plain]:
    """The sheets of a sub-criterion, the one that lacks most first."""
    found = sorted(
        book.of_sub(sub_id), key=lambda one: (STATES.index(one.standing.state), one.code)
    )
    given = {row.account for one in found for row in one.signatures if row.account}
    asked = {judge for one in found for judge in one.standing.judges}
    names = desk.names(session, [*given, *asked])
    return [
        {
            "code": one.code,
            "state": one.standing.state,
            "unmarked": list(one.standing.unmarked),
            "differing": list(one.standing.differing),
            "unconfirmed": one.standing.unconfirmed,
            "judges": [names[judge] for judge in one.standing.judges],
            "signed": [
                {"role": row.role, "who": names.get(row.account or 0, ""), "remark": row.remark}
                for row in one.signatures
            ],
        }
        for one in found
    ]


def people(session: Session, book: Book, skill_id: int) -> list[Plain]:
    """Whose cards stand there: judges on duty, chief judges; with how many sheets, of all
    sub-criteria, wait for each. Competitors are codes, and never named."""
    judges, chief_judges = _judges(book), chiefs(session, skill_id)
    everybody = [*judges, *chief_judges]
    names = desk.names(session, everybody)
    with_pin = pins.has(session, everybody)
    photos = judge_photos.of_accounts(session, everybody)
    cards = [(JUDGE, one) for one in judges] + [(CHIEF, one) for one in chief_judges]
    return [
        {
            "role": role,
            "id": one,
            "label": names[one],
            "pin": one in with_pin,
            "photo": photos.get(one),
            "waits": len(waiting(book, role, one, "")),
        }
        for role, one in cards
    ]


def competitors(session: Session, book: Book, skill_id: int) -> list[str]:
    """The codes whose competitors may sign now (decisions 4)."""
    if not book.competitor_signs or clocks.situation(session, skill_id, now()).working:
        return []
    waits = (one.code for one in book.sheets.values() if one.standing.state == COMPETITOR)
    return sorted(set(waits))


def signers(
    session: Session, book: Book, skill_id: int, *, role: str, account: int, code: str
) -> list[int]:
    """Whose PIN is asked; refused where nobody of that kind signs here."""
    if role == JUDGE and account in _judges(book):
        return [account]
    if role == CHIEF and account in chiefs(session, skill_id):
        return [account]
    if role == COMPETITOR and code in competitors(session, book, skill_id):
        entry = book.found.entry_of(code)
        found = list(
            session.scalars(
                select(Account.id)
                .join(Member, Member.person_id == Account.person_id)
                .where(Member.entry_id == entry, Account.active.is_(True))
                .order_by(Account.id)
            )
        )
        if found:
            return found
        raise Refusal(
            f"{code} 的选手没有账号，没有签字。请裁判长在签字页注明原因。",
            f"The competitor of {code} has no account; nothing was signed. The chief judge notes"
            " why on the page of sign-off.",
        )
    raise Refusal("请选择签字的人，没有签字。", "Choose who signs; nothing was signed.")


def waiting(book: Book, role: str, account: int, code: str) -> list[Sheet]:
    """The sheets that wait for somebody's signature, of all sub-criteria."""
    if role == JUDGE:
        return [
            one
            for one in book.sheets.values()
            if one.standing.is_complete and account in one.standing.judges
        ]
    return [
        one
        for one in book.sheets.values()
        if one.standing.state == role and (role == CHIEF or one.code == code)
    ]


def marks(session: Session, skill: Skill, found: list[Sheet]) -> list[Plain]:
    """What somebody signs, mark by mark."""
    pages = {
        sub: {one["code"]: one for one in read.sheets}
        for sub in dict.fromkeys(one.sub.id for one in found)
        if (read := sheet_pages.read(session, skill, sub, work=None, blank=False))
    }
    return [
        {
            "sub": _sub(one.sub),
            "code": one.code,
            "digest": one.digest,
            "total": pages[one.sub.id][one.code]["total"],
            "aspects": [
                {key: aspect[key] for key in ("code", "name_zh", "name_en", "mark", "max", "star")}
                for aspect in pages[one.sub.id][one.code]["aspects"]
            ],
        }
        for one in found
    ]


def _sub(sub: Sub) -> Plain:
    return {"id": sub.id, "code": sub.code, "name_zh": sub.name_zh, "name_en": sub.name_en}


def _judges(book: Book) -> list[int]:
    return [one for one in book.found.panels.judges if one in book.found.on_duty]


def chiefs(session: Session, skill_id: int) -> list[int]:
    """The chief judges of a skill, whose cards stand there too."""
    held = select(Grant.account_id).where(
        Grant.skill_id == skill_id, Grant.role == Role.CHIEF_JUDGE, Grant.held(now())
    )
    active = select(Account.id).where(Account.id.in_(held), Account.active.is_(True))
    return list(session.scalars(active.order_by(Account.label)))
