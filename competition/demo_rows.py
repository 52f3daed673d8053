"""The rows of the demo: the invented people with their entries and accounts, and the periods."""

import re
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from competition.demo_people import DONE, TOUR, Cast, Human, Team
from competition.models import (
    Affiliation,
    Delegation,
    Entry,
    EntryState,
    Grant,
    JudgeRecord,
    Level,
    Member,
    Period,
    Person,
    Role,
    Skill,
    Stage,
    Status,
)
from competition.people import add_account
from competition.privacy import identify
from competition.technical import today

NOT_STARTED, RUNNING = 6, 17  # skills that wait, that are under way; the others are being marked
QUARTER = timedelta(minutes=15)
SCHOOL = re.compile("学院|学校|大学|中心校")  # who comes from one is a student
YEARS_HERE = 3
TERM, TRAINED = timedelta(days=365), timedelta(days=20)  # of a judge, before and after today


class Scribe:
    """Writes the cast as rows: people, entries and an account for everybody who signs in."""

    def __init__(
        self,
        session: Session,
        password_hash: str,
        rng: Random,
        delegations: list[Delegation],
        stage: Stage,
    ) -> None:
        self.session = session
        self.today = today()
        self.stage = stage
        self.password_hash = password_hash
        self.rng = rng
        self.delegations = {delegation.code: delegation for delegation in delegations}
        self.affiliations: dict[str, Affiliation] = {}
        self.people: dict[Human, Person] = {}

    def office(self) -> None:
        """The organiser, and a leader for every delegation."""
        self.account("organiser", "秘书处 Office", Grant(role=Role.ORGANISER))
        for delegation in self.delegations.values():
            word = "".join(letter for letter in delegation.name_en.lower() if letter.isalpha())
            grant = Grant(role=Role.TEAM_LEADER, delegation=delegation)
            self.account(f"leader-{word}", f"{delegation.name_zh}领队 {delegation.name_en}", grant)

    def skill(self, skill: Skill, everybody: Cast) -> None:
        """The panel and the entries of a skill."""
        code = skill.code.lower()
        chief = Grant(role=Role.CHIEF_JUDGE, skill=skill)
        self.account(f"{code}-chief", everybody.chief.name, chief, self.person(everybody.chief))
        self.judge(everybody.chief, skill, Level.NATIONAL)
        for number, judge in enumerate(everybody.judges, 1):
            grant = Grant(role=Role.JUDGE, skill=skill)
            self.account(f"{code}-judge-{number}", judge.name, grant, self.person(judge))
            self.judge(judge, skill, Level.PROVINCIAL if number == 1 else Level.CITY)
        for team in everybody.teams:
            self.entry(skill, team)
        # Sign-in names follow the delegations, not the entries: one must not give the other away.
        ordered = sorted(everybody.teams, key=lambda team: team.delegation)
        humans = [human for team in ordered for human in team.members]
        for number, human in enumerate(humans, 1):
            grant = Grant(role=Role.COMPETITOR)
            self.account(f"{code}-{number:02}", human.name, grant, self.person(human))

    def entry(self, skill: Skill, team: Team) -> None:
        entry = Entry(
            skill=skill,
            delegation=self.delegations[team.delegation],
            stage=self.stage,
            state=EntryState.APPROVED,
            code=team.code,
            alias=team.alias,
            workstation=team.workstation,
        )
        entry.members = [
            Member(
                person=self.person(human),
                status=Status.STUDENT if SCHOOL.search(human.affiliation) else Status.EMPLOYEE,
                local_years=YEARS_HERE,
            )
            for human in team.members
        ]
        self.session.add(entry)

    def judge(self, human: Human, skill: Skill, level: Level) -> None:
        """A third party's judge, who stands in the register and was trained for this skill."""
        record = JudgeRecord(
            person=self.person(human),
            level=level.value,
            fields=[skill.code],
            since=self.today - TERM,
            until=self.today + TERM,
            trained_on=self.today - TRAINED,
            training=f"{skill.name_zh} 评分与平板 Marking on tablets",
        )
        self.session.add(record)

    def person(self, human: Human) -> Person:
        if human not in self.people:
            affiliation = self.affiliations.setdefault(
                human.affiliation, Affiliation(name=human.affiliation)
            )
            person = Person(name=human.name, affiliation=affiliation)
            if human.id_number is not None:
                identify(person, human.id_number)
            self.people[human] = person
        return self.people[human]

    def account(
        self, username: str, label: str, grant: Grant, person: Person | None = None
    ) -> None:
        add_account(
            self.session,
            username=username,
            label=label,
            password_hash=self.password_hash,
            grants=[grant],
            person=person,
            uniquifier=f"{self.rng.getrandbits(128):032x}",
        )


def periods(rng: Random, skills: list[Skill], at: datetime) -> list[Period]:
    """One period for each skill: some wait, some are under way, most are over and being marked.

    All times stand around `at`, the moment of loading, whatever the hour is. The skill of the tour
    waits for its chief judge; that of DONE is over.
    """
    others = [skill.code for skill in skills if skill.code != TOUR]
    rng.shuffle(others)
    others.append(others.pop(others.index(DONE)))
    waiting, running = others[:NOT_STARTED], others[NOT_STARTED : NOT_STARTED + RUNNING]
    out = []
    for skill in skills:
        period = _period(skill, 300 if skill.code == TOUR else rng.choice((180, 240, 300, 360)))
        length = timedelta(minutes=period.minutes)
        if skill.code == TOUR or skill.code in waiting:
            ahead = 0 if skill.code == TOUR else rng.randint(2, 10)
            period.planned_at = _quarter(at) + (1 + ahead) * QUARTER
        else:
            late = timedelta(seconds=rng.randint(5, 240))
            gone = (
                length * rng.randint(15, 80) // 100
                if skill.code in running
                else length + timedelta(minutes=rng.randint(20, 90))
            )
            period.planned_at = _quarter(at - gone)
            period.started_at = period.planned_at + late
            if skill.code not in running:
                period.ended_at = period.started_at + length
        out.append(period)
    return out


def _period(skill: Skill, minutes: int) -> Period:
    tour = skill.code == TOUR
    return Period(
        skill=skill,
        number=1,
        name_zh="五小时制作" if tour else "赛段 1",
        name_en="Five-hour build" if tour else "Period 1",
        minutes=minutes,
        task="sky-battle" if tour else None,
    )


def _quarter(at: datetime) -> datetime:
    """The last full quarter of an hour."""
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
