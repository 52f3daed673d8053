"""The demo: the same people from the same seed, whole, invented, and never mixed with real ones."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from flask import Flask
from flask_security import verify_password
from sqlalchemy import func, select

from competition import catalogue, demo, ledger, pins
from competition.clocks import clock_of
from competition.database import db
from competition.demo_people import DONE, FINALISTS, Cast, cast
from competition.demo_rows import periods
from competition.founding import edition
from competition.models import (
    Account,
    Affiliation,
    Competition,
    Entry,
    Grant,
    JudgeRecord,
    LedgerRow,
    Member,
    Period,
    Person,
    Pin,
    Release,
    Role,
    Skill,
)
from competition.moment import now
from competition.rules.clock import ClockState
from competition.rules.identity import NEVER_ISSUED, Identity, age_on, read
from competition.rules.refusal import Refusal


def drawn(seed: int) -> list[Cast]:
    return cast(seed, catalogue.skills(), catalogue.delegations())


CASTS = drawn(1)
TEAMS = [team for everybody in CASTS for team in everybody.teams]
FINALIST = [human for team in TEAMS for human in team.members]


def test_same_seed_same_people_another_seed_others() -> None:
    assert drawn(1) == CASTS
    assert drawn(2) != CASTS


@pytest.mark.parametrize("seed", [1, 2, 77])
def test_971_finalists_in_teams_of_the_right_size(seed: int) -> None:
    casts = drawn(seed)
    sizes = {facts.code: facts.team_size for facts in catalogue.skills()}
    assert sum(len(team.members) for one in casts for team in one.teams) == FINALISTS == 971
    for one in casts:
        assert 4 <= len(one.teams) <= 25
        assert {len(team.members) for team in one.teams} == {sizes[one.skill]}
        assert len(one.judges) == 3 if one.skill == "W17" else 3 <= len(one.judges) <= 5


def test_every_number_is_right_and_was_never_issued() -> None:
    regions = {place.code: place.regions for place in catalogue.delegations()}
    numbers = set()
    for team in TEAMS:
        for human in team.members:
            number = human.id_number or ""
            says = read(number, date(2026, 9, 1))
            assert isinstance(says, Identity)
            assert says.region in regions[team.delegation]
            assert says.born_on == human.born_on
            assert number[14:17] in NEVER_ISSUED
            assert 17 <= age_on(says.born_on, date(2026, 9, 1)) <= 59
            numbers.add(number)
    assert len(numbers) == len(FINALIST)
    assert len({human.name for human in FINALIST}) == len(FINALIST)


def test_all_delegations_take_part_and_none_floods_a_skill() -> None:
    assert len({team.delegation for team in TEAMS}) == 13
    for everybody in CASTS:
        assert max(Counter(team.delegation for team in everybody.teams).values()) <= 4


def test_judges_come_from_none_of_the_delegations() -> None:
    homes = {human.affiliation for human in FINALIST}
    for everybody in CASTS:
        for judge in (everybody.chief, *everybody.judges):
            assert judge.id_number is None
            assert judge.affiliation not in homes
            assert judge.name not in {human.name for human in FINALIST}


def test_neither_code_nor_alias_nor_order_tells_the_other() -> None:
    for everybody in CASTS:
        teams = everybody.teams
        for names in ([team.code for team in teams], [team.alias for team in teams]):
            assert len(set(names)) == len(teams)
        assert sorted(team.workstation for team in teams) == list(range(1, len(teams) + 1))
    # Sorting by any of them sorts by none of the others.
    web = next(one for one in CASTS if one.skill == "W17").teams
    orders = [
        [team.delegation for team in sorted(web, key=key)]
        for key in (
            lambda team: team.code,
            lambda team: team.alias,
            lambda team: team.workstation,
            lambda team: team.delegation,
        )
    ] + [[team.delegation for team in web]]
    assert len({tuple(order) for order in orders}) == len(orders)


def test_the_rows(context: Flask) -> None:
    assert demo.load(1)
    session = db.session()
    counts = {
        table: session.scalar(select(func.count()).select_from(table))
        for table in (Skill, Member, Entry)
    }
    assert counts == {Skill: 64, Member: 971, Entry: len(TEAMS)}
    roles = Counter(session.scalars(select(Grant.role)))
    judges = sum(len(one.judges) for one in CASTS)
    assert roles == {
        Role.ORGANISER: 1,
        Role.TEAM_LEADER: 13,
        Role.CHIEF_JUDGE: 64,
        Role.JUDGE: judges,
        Role.COMPETITOR: 971,
    }
    on_panels = select(Account.person_id).join(Grant, Grant.account_id == Account.id)
    panels = session.scalars(on_panels.where(Grant.role.in_((Role.JUDGE, Role.CHIEF_JUDGE))))
    registered = session.scalars(select(JudgeRecord.person_id))
    assert sorted(registered) == sorted(number for number in panels if number is not None)
    web = session.scalar(select(Skill).where(Skill.code == "W17"))
    assert web is not None
    assert (web.is_blind, web.release) == (True, Release.AUTOMATIC)
    period = session.scalar(select(Period).where(Period.skill_id == web.id))
    assert period is not None
    assert (period.task, period.minutes, period.started_at) == ("sky-battle", 300, None)
    others = session.scalars(select(Skill.release).where(Skill.code != "W17"))
    assert set(others) == {Release.CONFIRMED}
    assert ledger.walk(session, None).ok


def test_loading_again_changes_nothing(demo_app: Flask) -> None:
    with demo_app.app_context():
        before = db.session.scalars(select(Account.fs_uniquifier).order_by(Account.id)).all()
        assert not demo.load(1)
        after = db.session.scalars(select(Account.fs_uniquifier).order_by(Account.id)).all()
        assert before == after
        acts = select(func.count()).where(LedgerRow.act == "demo.load")
        assert db.session.scalar(acts) == 1
        with pytest.raises(Refusal, match="seed 1"):
            demo.load(2)


def test_one_password_and_a_card_for_every_role(demo_app: Flask) -> None:
    with demo_app.app_context():
        for card in demo.CARDS:
            account = demo.account_of(db.session(), card.key)
            assert account.username == card.username
            assert verify_password(demo.PASSWORD, account.password)
            assert account.grants
        with pytest.raises(Refusal):
            demo.account_of(db.session(), "chairman")


def test_everybody_has_the_pin_that_is_told(demo_app: Flask) -> None:
    """The organiser too, who takes the remote of a ceremony with it."""
    with demo_app.app_context():
        accounts = select(func.count(Account.id))
        without = accounts.where(Account.id.not_in(select(Pin.account_id)))
        assert db.session.scalar(without) == 0
        organiser = demo.account_of(db.session(), "organiser").id
        assert pins.check(organiser, demo.PIN, device="sign_in:1").account_id == organiser
        db.session.delete(db.session.get_one(Pin, organiser))  # as earlier releases left it
        db.session.commit()
        demo.load(1)
        assert pins.has(db.session(), [organiser])


def test_a_real_competition_is_not_touched(context: Flask) -> None:
    day = date(2026, 11, 23)
    db.session.add(Competition(name_zh="真", name_en="Real", starts_on=day, ends_on=day))
    db.session.commit()
    with pytest.raises(Refusal, match="real competition"):
        demo.load(1)
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0
    with pytest.raises(Refusal, match="demo only"):
        demo.simulate(True, actor_id=1)
    with pytest.raises(Refusal, match="no demo sign-ins"):
        demo.account_of(db.session(), "organiser")


@pytest.mark.parametrize("seed", range(1, 6))
def test_one_skill_can_be_led_to_official_results_whatever_the_seed(seed: int) -> None:
    skills = [Skill(code=facts.code) for facts in catalogue.skills()]
    (done,) = [one for one in periods(Random(seed), skills, now()) if one.skill.code == DONE]
    assert done.ended_at is not None
    assert done.ended_at < now()


def test_periods_are_spread_so_that_boards_can_move(demo_app: Flask) -> None:
    with demo_app.app_context():
        found = db.session.scalars(select(Period)).all()
        states = Counter(clock_of(period, None, now()).state for period in found)
        assert len(found) == 64
        assert states[ClockState.WAITING] == 7
        assert states[ClockState.RUNNING] == 17
        assert states[ClockState.ENDED] == 40
        for period in found:
            if period.ended_at is not None:
                assert period.started_at is not None
                length = timedelta(minutes=period.minutes)
                assert period.ended_at == period.started_at + length <= now()


def test_the_bots_are_switched_and_the_ledger_says_by_whom(demo_app: Flask) -> None:
    with demo_app.app_context():
        organiser = demo.account_of(db.session(), "organiser")
        demo.simulate(False, organiser.id)
        demo.simulate(False, organiser.id)  # again: nothing
        competition = edition(db.session())
        assert competition is not None
        assert not competition.simulating
        whole = select(LedgerRow).where(LedgerRow.skill_id.is_(None))
        acts = db.session.scalars(whole.order_by(LedgerRow.number)).all()
        assert [(row.act, row.actor_id) for row in acts] == [
            ("demo.load", None),
            ("demo.simulate", organiser.id),
        ]
        assert ledger.walk(db.session(), None).ok


def test_the_ledger_holds_nobodys_name(demo_app: Flask) -> None:
    with demo_app.app_context():
        text = str(db.session.scalar(select(LedgerRow.body)))
        names = db.session.scalars(select(Person.name)).all()
        assert not any(name in text for name in names)
        assert db.session.scalar(select(func.count()).select_from(Affiliation))


def test_steps_get_the_same_random_numbers_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[float] = []
    step = lambda chance: heard.append(chance.random())  # noqa: E731
    monkeypatch.setattr(demo, "steps", [step])
    demo.run_steps(1)
    demo.run_steps(1)
    assert heard[0] == heard[1] == Random(f"1 {step.__module__}").random()
