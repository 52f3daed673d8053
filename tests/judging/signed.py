"""A marked skill taken through re-check and signatures, as its rules ask, up to the lock."""

from sqlalchemy import select

from competition.database import db
from competition.models import Account, Skill
from competition.pins import Proof
from judging import rechecking, result_versions, sheet_states, signing, ties
from judging.sheet_states import Book, Sheet
from tests.conftest import LiveServer, opened
from tests.judging.seed import Seeded

Keys = dict[tuple[int, int], str]


def book(day: Seeded) -> Book:
    db.session.rollback()
    return sheet_states.read(db.session(), day.skill)


def sheet(day: Seeded, code: str, sub: str) -> Sheet:
    return book(day).sheets[day.entries[code], day.subs[sub]]


def seen(day: Seeded, *only: tuple[str, str]) -> Keys:
    """Sheet → digest, of all or of the (code, sub-criterion) that are named."""
    return {
        one.key: one.digest
        for one in book(day).sheets.values()
        if not only or (one.code, one.sub.code) in only
    }


def proof(day: Seeded, name: str) -> Proof:
    return Proof(day.judges[name], "device:1")


def check_again(day: Seeded) -> None:
    """Draw the sample; somebody who marked nothing finds that everything agrees."""
    rechecking.draw(day.skill, actor_id=day.judges["chief"])
    found = rechecking.read(db.session(), day.skill, book(day))
    assert found is not None
    for one in found.open:
        rechecking.note(
            day.skill, one.id, [], seen=one.sheet.digest, actor_id=day.judges["stranger"],
            key=f"agrees-{one.id}-{len(one.findings)}",
        )  # fmt: skip


def sign(day: Seeded, *only: tuple[str, str]) -> None:
    """Everybody's signature, the chief judge's last."""
    for judge in ("li", "wang", "zhao"):
        signing.sign_as_judge(day.skill, seen(day, *only), proof(day, judge))
    if any(one.standing.state == "competitor" for one in book(day).sheets.values()):
        signing.excuse_competitor(
            day.skill, list(seen(day, *only)), reason="缺席", actor_id=day.judges["chief"]
        )
    signing.sign_as_chief(day.skill, seen(day, *only), proof(day, "chief"))


def sign_off(day: Seeded) -> None:
    """All that the lock waits for after marking; nothing where the skill has no rules."""
    if book(day).asks_sign_off:
        check_again(day)
        sign(day)


def rule_on_ties(day: Seeded) -> int:
    """The chief judge's rulings on every open tie, in the order of the codes; gives the number of
    the results' newest version."""
    skill = db.session.get_one(Skill, day.skill, populate_existing=True)
    for tie in ties.waiting(db.session(), skill):
        ranks = {code: rank for rank, code in enumerate(sorted(tie.codes), 1)}
        ties.decide(
            day.skill, "ruling", ranks, reason="test", actor_id=day.judges["chief"],
            key=f"ruling-{'-'.join(ranks)}-{skill.locked_at}", proof=proof(day, "chief"),
        )  # fmt: skip
    return result_versions.of_skill(db.session(), day.skill)[0].version


def sign_off_site(server: LiveServer, code: str) -> None:
    """The same for a skill of the demo, beside a running site; its chief judge checks again."""
    with opened(server.env["PODIUM_DATABASE_URL"], server.folder) as app, app.app_context():
        skill = db.session.scalars(select(Skill.id).where(Skill.code == code)).one()
        found = db.session.execute(select(Account.username, Account.id))
        known = {name: number for name, number in found if name.startswith(f"{code.lower()}-")}
        prefix = code.lower()
        judges = {
            name: known[f"{prefix}-{role}"]
            for name, role in (
                *(("li", "judge-1"), ("wang", "judge-2"), ("zhao", "judge-3")),
                *(("chief", "chief"), ("stranger", "chief")),
            )
        }
        sign_off(Seeded(skill, judges, {}, {}, {}))
