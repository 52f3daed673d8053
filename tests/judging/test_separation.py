"""Separation of duties at the act: what came between a role and its holder after it was given."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from competition import grants, ledger, separation, timetable
from competition.database import db, writing
from competition.grants import Wanted
from competition.models import (
    Account,
    Affiliation,
    Coach,
    Entry,
    EntryState,
    Grant,
    Member,
    Period,
    Person,
    Release,
    Role,
)
from competition.moment import now
from competition.rules.refusal import Refusal
from judging import evaluation, marking, rejudging, submissions
from judging.models import Evaluation, Observation, Submission
from judging.rejudged import Wanted as Chosen
from tests.judging.desks import late_hand_in
from tests.judging.seed import Seeded, judge_by_machine, let_out, seed

CODE = "K-073"


@pytest.fixture
def day(context: object) -> Seeded:
    return seed()


def person_of(day: Seeded, name: str) -> int:
    """The judge becomes a person that the competition knows, from nowhere in particular."""
    with writing() as session:
        account = session.get_one(Account, day.judges[name])
        account.person = Person(name=account.label, affiliation=Affiliation(name=f"{name}的单位"))
        session.flush()
        assert account.person_id is not None
        return account.person_id


def competitor(day: Seeded) -> Person:
    member = db.session.scalars(select(Member).where(Member.entry_id == day.entries["K-391"])).one()
    return member.person


def shares(day: Seeded, person: int) -> None:
    with writing() as session:
        competitor(day).affiliation_id = session.get_one(Person, person).affiliation_id


def competes(day: Seeded, person: int) -> None:
    with writing() as session:
        session.add(Member(entry_id=day.entries["K-391"], person_id=person))


def coaches(day: Seeded, person: int) -> None:
    with writing() as session:
        session.add(Coach(entry_id=day.entries["K-391"], person_id=person, name="教练"))


def coaches_by_name(day: Seeded, person: int) -> None:
    with writing() as session:
        found = session.get_one(Person, person)
        session.add(
            Coach(
                entry_id=day.entries["K-391"], name=found.name, affiliation_id=found.affiliation_id
            )
        )


def _second_account(day: Seeded, person: int, role: Role) -> None:
    """The same human being has another account, with a role that the office should not have
    given: only a row that no verb writes can stand for it."""
    with writing() as session:
        account = Account(
            username="second", label="另一账号", fs_uniquifier="second", person_id=person
        )
        skill = None if role in (Role.ORGANISER, Role.SECRETARIAT) else day.skill
        account.grants = [Grant(role=role, skill_id=skill)]
        session.add(account)


def organises(day: Seeded, person: int) -> None:
    _second_account(day, person, Role.ORGANISER)


def arbitrates(day: Seeded, person: int) -> None:
    _second_account(day, person, Role.ARBITER)


def holds_the_key(day: Seeded, person: int) -> None:
    _second_account(day, person, Role.KEY_HOLDER)


WAYS: dict[Callable[[Seeded, int], None], str] = {
    shares: "来自本人所在的单位",
    competes: "本人是该赛项的选手",
    coaches: "本人是该赛项选手的教练",
    coaches_by_name: "本人是该赛项选手的教练",
    organises: "管理大赛的人从不评分",
    arbitrates: "仲裁从不裁自己评过的分",
    holds_the_key: "知道编号属于谁的人从不评分",
}


@pytest.mark.parametrize("way", [way for way in WAYS if way is not shares])
def test_a_judge_with_a_conflict_gives_no_mark(
    day: Seeded, way: Callable[[Seeded, int], None]
) -> None:
    person = person_of(day, "li")
    assert day.give(day.post(CODE, "A1.01", 150))[0].state == "taken"
    way(day, person)
    answer = day.give(day.post(CODE, "A1.02", 100))[0]
    assert answer.state == "set_aside"
    assert answer.sentence is not None
    assert WAYS[way] in answer.sentence["zh"]
    assert "搁置" in answer.sentence["zh"], "nothing given by a judge is dropped"
    assert day.give(day.confirm(CODE, "A1", 0))[0].state == "set_aside"
    assert day.give(day.post(CODE, "A1.02", 100, judge="wang"), judge="wang")[0].state == "taken"


def test_a_judge_stands_aside_from_the_work_of_the_own_school_alone(day: Seeded) -> None:
    shares(day, person_of(day, "li"))
    own = day.give(day.post("K-391", "A1.01", 150))[0]
    assert own.state == "set_aside"
    assert own.sentence is not None
    assert own.sentence["zh"].startswith("您不评这件作品"), "and nothing of whose it is or why"
    assert day.give(day.post(CODE, "A1.01", 150))[0].state == "taken"
    assert day.give(day.post("K-391", "A1.01", 150, judge="wang"), judge="wang")[0].state == "taken"


def clocks_and_a_failure(day: Seeded) -> tuple[int, int, int]:
    """A period in which somebody works, one ahead of it, and a judging that waits for a person."""
    with writing() as session:
        running = session.scalars(select(Period).where(Period.skill_id == day.skill)).one()
        running.started_at, running.ended_at, running.minutes = now(), None, 60
        ahead = Period(skill_id=day.skill, number=2, name_zh="二", name_en="2", minutes=60)
        failed = Evaluation(
            submission_id=session.scalars(select(Submission.id).limit(1)).one(),
            state="failed", queued_at=now(),
        )  # fmt: skip
        session.add_all([ahead, failed])
        session.flush()
        return running.id, ahead.id, failed.id


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_chief_judge_with_a_conflict_changes_no_result(
    day: Seeded, way: Callable[[Seeded, int], None]
) -> None:
    chief = day.judges["chief"]
    person = person_of(day, "chief")
    day.give(day.post(CODE, "A2.01", 100))
    day.give(day.post(CODE, "A2.01", 0, judge="wang"), judge="wang")
    judge_by_machine(day, "K-118")
    late_hand_in(day, "K-246")
    late = db.session.scalars(select(Submission.id).where(Submission.is_late.is_(True))).one()
    chosen = set(db.session.scalars(select(Submission.id).where(Submission.is_late.is_(False))))
    period, ahead, failed = clocks_and_a_failure(day)
    way(day, person)
    revision = db.session.scalar(select(Observation.id).order_by(Observation.id.desc()))
    acts: tuple[Callable[[], object], ...] = (
        lambda: marking.decide(
            day.skill, CODE, day.aspects["A2.01"], 100, reason="重测", actor_id=chief, key="desk:1"
        ),
        lambda: let_out(day.skill, Release.FROZEN, actor_id=chief),
        lambda: marking.lock(day.skill, actor_id=chief),
        lambda: submissions.admit(late, reason="网络", actor_id=chief),
        lambda: rejudging.start(
            day.skill, Chosen(), chosen, reason="检查有误", actor_id=chief, key="desk:2"
        ),
        lambda: timetable.pause(period, None, reason="停电", actor_id=chief),
        lambda: timetable.give_time(
            period, day.entries[CODE], 5, reason="停电", actor_id=chief, key="desk:3"
        ),
        lambda: timetable.late_start(period, day.entries[CODE], reason="x", actor_id=chief),
        lambda: timetable.resume(period, None, actor_id=chief),
        lambda: timetable.start(ahead, actor_id=chief),
        lambda: timetable.plan(day.skill, 3, name_zh="三", name_en="3", minutes=60, actor_id=chief),
        lambda: evaluation.judge_again(failed, actor_id=chief),
    )
    for act in acts:
        with pytest.raises(Refusal) as caught:
            act()
        assert caught.value.status == 403
        assert WAYS[way] in caught.value.zh
        assert "什么都没有改变" in caught.value.zh
    assert db.session.scalar(select(Observation.id).order_by(Observation.id.desc())) == revision


def test_who_withdrew_binds_nobody(day: Seeded) -> None:
    person = person_of(day, "li")
    shares(day, person)
    with writing() as session:
        session.get_one(Entry, day.entries["K-391"]).state = EntryState.WITHDRAWN
    assert day.give(day.post(CODE, "A1.01", 150))[0].state == "taken"


def test_the_same_name_from_elsewhere_is_nobodys_coach(day: Seeded) -> None:
    person = person_of(day, "li")
    with writing() as session:
        other = Affiliation(name="别处")
        session.add(other)
        session.flush()
        name = session.get_one(Person, person).name
        for home in (other.id, None):
            entry = day.entries["K-391"]
            session.add(Coach(entry_id=entry, name=name, affiliation_id=home))
    assert day.give(day.post(CODE, "A1.01", 150))[0].state == "taken"


def test_a_coach_is_not_made_a_judge(day: Seeded) -> None:
    with writing() as session:
        coach = Account(username="coach", label="教练", fs_uniquifier="coach")
        coach.person = Person(name="教练")
        session.add(coach)
        session.flush()
        session.add(Coach(entry_id=day.entries["K-391"], person_id=coach.person_id, name="教练"))
        account = coach.id
    for role in (Role.JUDGE, Role.CHIEF_JUDGE, Role.RECORDER, Role.CONFIRMER, Role.ARBITER):
        with pytest.raises(Refusal, match="coach"):
            grants.give(Wanted(account, role, skill_id=day.skill), actor_id=None)
    grants.give(Wanted(account, Role.INVIGILATOR, skill_id=day.skill), actor_id=None)


def end_of(account: int, role: Role) -> None:
    found = db.session.scalars(
        select(Grant.id).where(Grant.account_id == account, Grant.role == role)
    ).one()
    grants.end(found, reason="换岗", actor_id=None)


def test_who_marked_and_stepped_down_does_not_rule_on_it(day: Seeded) -> None:
    li, wang = day.judges["li"], day.judges["wang"]
    day.give(day.post(CODE, "A1.01", 150))
    for account in (li, wang):
        end_of(account, Role.JUDGE)
    with pytest.raises(Refusal) as caught:
        grants.give(Wanted(li, Role.ARBITER, skill_id=day.skill), actor_id=None)
    assert "曾任裁判员" in caught.value.zh
    assert caught.value.en.startswith("This person acted as a judge before")
    grants.give(Wanted(wang, Role.ARBITER, skill_id=day.skill), actor_id=None)
    grants.give(Wanted(li, Role.INVIGILATOR, skill_id=day.skill), actor_id=None)


def test_who_typed_sheets_in_does_not_check_them_later(day: Seeded) -> None:
    stranger = day.judges["stranger"]
    given = grants.give(Wanted(stranger, Role.RECORDER, skill_id=day.skill), actor_id=None)
    with writing() as session:
        ledger.append(
            session, act="marks.record", subject="sheet:1", body={}, actor_id=stranger,
            skill_id=day.skill,
        )  # fmt: skip
    grants.end(given, reason="换岗", actor_id=None)
    with pytest.raises(Refusal, match="recorder before"):
        grants.give(Wanted(stranger, Role.CONFIRMER, skill_id=day.skill), actor_id=None)


def test_nobody_in_person_is_not_asked(day: Seeded) -> None:
    separation.require(db.session(), None, Role.CHIEF_JUDGE, day.skill)
    assert separation.conflict_at_act(db.session(), day.judges["li"], Role.JUDGE, day.skill) is None
