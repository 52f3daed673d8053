"""The competition that the table of access is asked in: one skill with everything an address can
name, another skill, zone and delegation beside it, and an account for every kind of asker."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import (
    changes,
    judge_photos,
    papers,
    people,
    sign_ins,
    skill_profiles,
    skill_rules,
    technical,
)
from competition.database import db, writing
from competition.models import (
    Account,
    BulkAct,
    ChangeKind,
    Competition,
    Declaration,
    Delegation,
    EligibilityException,
    Entry,
    EntryLock,
    Erasure,
    Grant,
    JudgeBatch,
    JudgeRecord,
    Member,
    Person,
    Role,
    RosterBatch,
    SecondFactor,
    SignIn,
    Skill,
    Stage,
    Zone,
)
from competition.moment import now
from competition.privacy import vault
from competition.roster_sealed import seal_file
from competition.rules.skill_rules import PRESETS
from judging import calls, ceremony, evaluation, rejudging, scheme, submissions, tablets
from judging.models import (
    ConflictOverride,
    Evaluation,
    MarkQuestion,
    Observation,
    PanelSeat,
    Recusal,
    ReleaseChange,
    Submission,
)
from judging.rejudged import Wanted
from judging.rules.scheme_mapping import from_mapping
from tests.access_screens import big_screen
from tests.access_signoff import signoff_things
from tests.entering import entered
from tests.judging.desks import late_hand_in
from tests.judging.handing import (
    Cast,
    announcement,
    cast,
    check,
    hand_in,
    result,
    set_start,
    zipped,
)
from tests.judging.seed import PASSWORD, SCHEME, Seeded, judge_by_machine, pair
from tests.papers_made import PDF, png

# Everybody who asks, and what each is for. `first` is the skill, zone or delegation of the table's
# addresses, `other` another one.
WHERE: dict[str, tuple[Role, str, str]] = {
    "organiser": (Role.ORGANISER, "", ""),
    "secretariat": (Role.SECRETARIAT, "", ""),
    "zone": (Role.SECRETARIAT, "zone", "first"),
    "other_zone": (Role.SECRETARIAT, "zone", "other"),
    "chief": (Role.CHIEF_JUDGE, "skill", "first"),
    "other_chief": (Role.CHIEF_JUDGE, "skill", "other"),
    "judge": (Role.JUDGE, "skill", "first"),
    "other_judge": (Role.JUDGE, "skill", "other"),
    "recorder": (Role.RECORDER, "skill", "first"),
    "confirmer": (Role.CONFIRMER, "skill", "first"),
    "arbiter": (Role.ARBITER, "skill", "first"),
    "whole_arbiter": (Role.ARBITER, "", ""),
    "key_holder": (Role.KEY_HOLDER, "skill", "first"),
    "invigilator": (Role.INVIGILATOR, "skill", "first"),
    "supervisor": (Role.SUPERVISOR, "", ""),
    "skill_supervisor": (Role.SUPERVISOR, "skill", "first"),
    "leader": (Role.TEAM_LEADER, "delegation", "first"),
    "other_leader": (Role.TEAM_LEADER, "delegation", "other"),
}
# The same once more with a grant that is over, one that is yet to begin, and one that was ended.
PAST = {f"past_{one}": one for one in ("organiser", "secretariat", "chief", "judge", "leader")}
FUTURE = {f"future_{one}": one for one in ("organiser", "chief", "judge")}
# The same accounts in a sign-in that has not shown a second factor.
UNPROVED = {
    f"unproved_{one}": one for one in ("organiser", "secretariat", "zone", "chief", "arbiter")
}


@dataclass
class World:
    """The app, what was seeded, the values of addresses, and a browser for each asker."""

    app: Flask
    seeded: Seeded
    ids: dict[str, Any]
    browsers: dict[str, FlaskClient]
    headers: dict[str, dict[str, str]] = field(default_factory=dict)


def build(app: Flask) -> World:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        work = cast(started_ago=None)
        places = _places(work)
        _rules_and_stage(work)
        names = _accounts(places)
        ids = _things(work)
        ids["face"] = _photo_of(work.seeded.judges["li"], ids["judge_record"])
        tokens = _tablets(work, ids)
        db.session.remove()
    browsers = {name: app.test_client() for name in ("visitor", *tokens)}
    for asker, username in names.items():
        browsers[asker] = entered(app, username, proved=asker not in UNPROVED)
    browsers["closed"] = entered(app, "closed")
    with app.app_context():
        people.set_active(_id("closed"), False, reason="表", actor_id=_id("organiser"))
        onlooker = _id("onlooker")
        looking = db.session.scalars(select(SignIn.id).where(SignIn.account_id == onlooker)).one()
        sign_ins.look_as(looking, _id("chief"), actor_id=onlooker)
        db.session.remove()
    headers = {name: {"Authorization": f"Bearer {token}"} for name, token in tokens.items()}
    return World(app, work.seeded, ids, browsers, headers)


def _photo_of(judge: int, record_id: int) -> str:
    """The photo on the card of a judge of the panel, who is the one in the register."""
    with writing() as session:
        record = session.get_one(JudgeRecord, record_id)
        session.get_one(Account, judge).person_id = record.person_id
    judge_photos.put(record_id, png(), actor_id=judge)
    return str(record.photo)


def _tablets(work: Cast, ids: dict[str, Any]) -> dict[str, str]:
    """Asker → the token it holds: a judge's own tablet, a locked one of the hall, a screen."""
    own = pair(work.seeded)
    given = tablets.give_code(work.seeded.skill, actor_id=work.seeded.judges["chief"])
    hall = tablets.pair(given.code, name="tablet").token
    row = tablets.authenticate(hall)
    assert row is not None
    ids["hall_tablet"], ids["device"] = row.id, work.seeded.devices["li"]
    ids["call"] = calls.call(work.seeded.skill, "table-call-1", "chief", tablet_id=row.id)
    return {"tablet": own, "hall_tablet": hall, "big_screen": big_screen(work.seeded, ids)}


def _places(work: Cast) -> dict[tuple[str, str], int]:
    with writing() as session:
        zones = [Zone(code=code, name_zh=code, name_en=code) for code in ("harbin", "daqing")]
        session.add_all(zones)
        session.flush()
        first = session.get_one(Skill, work.seeded.skill)
        first.zone_id = zones[0].id
        other = Skill(
            code="N99", name_zh="别的赛项", name_en="Another", sector_zh="别的",
            sector_en="Other", track="national", zone_id=zones[1].id,
        )  # fmt: skip
        session.add(other)
        session.flush()
        session.scalars(select(Competition)).one().asks_second_factor = True
        delegations = {one.code: one.id for one in session.scalars(select(Delegation))}
        found = {
            ("skill", "first"): first.id,
            ("skill", "other"): other.id,
            ("zone", "first"): zones[0].id,
            ("zone", "other"): zones[1].id,
            ("delegation", "first"): delegations["D-P41"],
            ("delegation", "other"): delegations["D-P42"],
        }
        other_id = other.id
    scheme.adopt(other_id, from_mapping({**SCHEME, "skill": "N99"}), actor_id=None, automatic=set())
    return found


def _rules_and_stage(work: Cast) -> None:
    skill_rules.adopt(work.seeded.skill, dict(PRESETS["provincial"]), reason="表", actor_id=None)
    with writing() as session:  # entries are closed, so that a change is a request
        closed = now() - timedelta(days=9)
        stage = Stage(
            number=1, kind="final", name_zh="决赛", name_en="Final", entries_until=closed,
            substitutions_until=closed,
        )  # fmt: skip
        session.add(stage)
        session.flush()
        for entry in session.scalars(select(Entry)):
            entry.stage_id = stage.id


def _accounts(places: dict[tuple[str, str], int]) -> dict[str, str]:
    """Asker → sign-in name."""
    hashed, at = hash_password(PASSWORD), now()
    with writing() as session:
        for name, (role, kind, which) in WHERE.items():
            _account(session, name, hashed, _grant(role, places.get((kind, which)), kind))
        for name, like in PAST.items():
            role, kind, which = WHERE[like]
            over = _grant(role, places.get((kind, which)), kind)
            over.since, over.until = at - timedelta(days=2), at - timedelta(days=1)
            ended = _grant(role, places.get((kind, which)), kind)
            ended.ended_at = at
            _account(session, name, hashed, over, ended)
        for name, like in FUTURE.items():
            role, kind, which = WHERE[like]
            later = _grant(role, places.get((kind, which)), kind)
            later.since = at + timedelta(days=1)
            _account(session, name, hashed, later)
        _account(session, "onlooker", hashed, _grant(Role.ORGANISER, None, ""))
        for name in ("outsider", "closed", "victim"):
            _account(session, name, hashed)
        organiser = session.query(Account).filter_by(username="organiser").one()
        session.add(SecondFactor(account_id=organiser.id, seed="ab" * 20, last_counter=0, at=at))
        victim = session.query(Account).filter_by(username="victim").one()
        other = places["skill", "other"]
        session.add(Grant(account_id=victim.id, role=Role.ARBITER, skill_id=other))
    own = {name: name for name in (*WHERE, *PAST, *FUTURE, "outsider", "onlooker")}
    competitors = {"competitor": "competitor-1", "other_competitor": "competitor-2"}
    return own | competitors | UNPROVED


def _grant(role: Role, place: int | None, kind: str) -> Grant:
    return Grant(role=role, **({f"{kind}_id": place} if kind else {}))


def _account(session: Session, name: str, hashed: str, *grants: Grant) -> None:
    # the seed's own chief judge is called "chief"; ours is somebody beside it
    found = session.query(Account).filter_by(username=name).first()
    if found is None:
        session.add(
            Account(
                username=name,
                label=name,
                password=hashed,
                fs_uniquifier=f"table-{name}",
                grants=list(grants),
            )
        )
        session.flush()


def _things(work: Cast) -> dict[str, Any]:
    """Whatever an address can name, of the first skill, zone and delegation."""
    seeded = work.seeded
    asked = changes.ask(
        work.entry("K-073"), ChangeKind.WITHDRAW, {}, reason="表", actor_id=_id("leader")
    )
    set_start(work, timedelta(hours=1))  # once work has begun, nothing can be asked any more
    row = hand_in(work, "K-073")
    held = evaluation.claim("table")
    assert held is not None
    assert evaluation.finish(held, result([check("A1.01", points=150)]), {})
    seeded.give(seeded.post("K-073", "A1.01", 150), seeded.post("K-999", "A1.01", 150))
    judge_by_machine(seeded, "K-246")
    late_hand_in(seeded, "K-118")
    chief, leader, entry = seeded.judges["chief"], _id("leader"), work.entry("K-073")
    anew = rejudging.start(
        seeded.skill, Wanted(), {row.id}, reason="表", actor_id=chief, key="desk:table-of-access"
    )
    said = announcement(zipped(), key="table-upload-1")
    submissions.announce(entry, work.period, said, actor_id=work.accounts["K-073"])
    technical.publish(
        seeded.skill, "# 表", reason="", publish_on=technical.today(), pdf=PDF, keeps_pdf=False,
        actor_id=chief,
    )  # fmt: skip
    shown = skill_profiles.Sent(
        photo=skill_profiles.PictureSent(png()), photo_zh="表", photo_en="Table"
    )
    skill_profiles.change(seeded.skill, shown, seen=0, actor_id=chief)
    _version, profile = skill_profiles.of(db.session(), seeded.skill)
    paper = papers.add(entry, "work", "w.png", png(), actor_id=leader)
    rehearsal = ceremony.prepare(
        ceremony.Wanted("彩排", "Rehearsal", (seeded.skill,), is_rehearsal=True),
        actor_id=_id("organiser"), key="table-rehearsal",
    )  # fmt: skip
    with writing() as session:
        exception = EligibilityException(
            entry_id=entry, rule="age", reason="表", asked_by=leader, asked_at=now()
        )
        question = MarkQuestion(
            skill_id=seeded.skill, rejudging_id=anew, entry_id=entry, mark=150, before=150,
            aspect_id=seeded.aspects["A1.01"], after=0, is_confirmed=False, asked_at=now(),
        )  # fmt: skip
        unlock = EntryLock(
            kind="unlock", reason="表", by=leader, at=now(),
            skills=[session.get_one(Skill, seeded.skill)],
        )  # fmt: skip
        bulk = BulkAct(kind="judge", count=1, by=_id("organiser"), at=now())
        person = _one(session, select(Member.person_id).where(Member.entry_id == entry))
        erasure = Erasure(person_id=person, reason="表", asked_by=leader, asked_at=now())
        batch = RosterBatch(
            delegation_id=_one(session, select(Delegation.id).where(Delegation.code == "D-P41")),
            by_office=False, file_name="r.csv", sha256="0" * 64, mapping={}, counts={},
            state="ready", uploaded_at=now(), file_sealed=seal_file(vault(), "姓名\n".encode()),
        )  # fmt: skip
        planned = ReleaseChange(
            key="planned-in-the-table", skill_id=seeded.skill, at=now() + timedelta(days=1),
            terms={"policy": "frozen"}, asked_by=_id("chief"), asked_at=now(),
        )  # fmt: skip
        session.add_all([erasure, exception, question, bulk, batch, planned, unlock])
        session.flush()
        officials = _officials(session, seeded.skill, chief)
        grant = session.scalars(select(Grant).where(Grant.account_id == _id("victim"))).one()
        return {
            "entry": entry, "receipt": row.receipt, "upload": said.key, "rejudging": anew,
            "again": _one(session, select(Evaluation.id).where(Evaluation.rejudging_id == anew)),
            "evaluation": seeded.evaluations["K-246"], "question": question.id,
            "late": _one(session, select(Submission.id).where(Submission.is_late.is_(True))),
            "exception": exception.id, "request": asked.id, "grant": grant.id,
            "bulk": bulk.id, "unlock": unlock.id, "batch": batch.id, "planned": planned.id,
            "ceremony": rehearsal, "organiser": _id("organiser"),
            "aside": _one(session, select(Observation.id).where(Observation.state == "set_aside")),
            "victim": _id("victim"), "aspect": seeded.aspects["A1.01"], "sub": seeded.subs["A1"],
            "paper": paper, "person": person, "erasure": erasure.id,
            "blob": seeded.blobs["picture"], "photo": next(iter(profile.pictures())),
            **officials, **signoff_things(session, seeded),
        }  # fmt: skip


def _officials(session: Session, skill: int, chief: int) -> dict[str, int]:
    """A judge of the register, a file of judges, and whatever a panel's address can name."""
    judge, at = _id("judge"), now()
    person = Person(name="表中的裁判")
    session.add(person)
    session.flush()
    record = JudgeRecord(person_id=person.id, fields=[])
    batch = JudgeBatch(file_name="j.csv", state="ready", counts={}, uploaded_at=at)
    own = {"skill_id": skill, "judge_id": judge, "since": 0}
    seat = PanelSeat(**own, sheet="B1", chair=1, appointed_by=chief, appointed_at=at)
    recusal = Recusal(**own, source="chief", ties=[], reason="表", by=chief, at=at)
    override = ConflictOverride(**own, tie="family", reason="表", by=chief, at=at)
    told = Declaration(key="table", account_id=judge, skill_id=skill, tie="none", by=judge, at=at)
    session.add_all([record, batch, seat, recusal, override, told])
    session.flush()
    return {
        "judge_record": record.id, "judge_batch": batch.id, "seat": seat.id,
        "recusal": recusal.id, "override": override.id, "declaration": told.id,
    }  # fmt: skip


def _one(session: Session, asked: Any) -> int:
    found: int = session.scalars(asked).first()
    return found


def _id(username: str) -> int:
    return db.session.scalars(select(Account.id).where(Account.username == username)).one()
