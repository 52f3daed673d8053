"""The office's search: what it finds, and what nobody may find with it."""

import pytest
from flask import Flask
from sqlalchemy import select

from competition import privacy
from competition.database import db, writing
from competition.models import Account, Entry, Grant, LedgerRow, Member, Person, Role, Skill
from competition.people import add_account
from tests.competition.views.test_office import enter, text_of

SEARCH = "/office/search"


@pytest.fixture
def hall(demo_app: Flask) -> Flask:
    demo_app.config["WTF_CSRF_ENABLED"] = False
    return demo_app


def found(app: Flask, text: str, username: str = "organiser") -> str:
    """What stands under the box while one types."""
    answer = enter(app, username).post(SEARCH, data={"q": text}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert "<html" not in page
    return page


def somebody(code: str) -> tuple[Person, Entry]:
    row = db.session.execute(
        select(Person, Entry)
        .join(Member, Member.person_id == Person.id)
        .join(Entry, Entry.id == Member.entry_id)
        .join(Skill, Skill.id == Entry.skill_id)
        .where(Skill.code == code)
        .order_by(Entry.id)
    ).first()
    assert row is not None
    return row[0], row[1]


def test_people_by_name_school_and_whole_number(hall: Flask) -> None:
    with hall.app_context():
        person, _entry = somebody("W17")
        assert person.id_sealed is not None and person.affiliation is not None
        number = privacy.vault().open(privacy.ID_NUMBER, person.id_sealed)
        name, school, link = person.name, person.affiliation.name, f"person={person.id}"
    assert link in found(hall, name)
    assert link in found(hall, f"{name} {school[:4]}")
    page = found(hall, number)
    assert link in page and number not in page
    assert link in found(hall, f" {number[:6]} {number[6:].lower()} ")
    for part in (number[:-1], number[4:], number[:6]):
        assert link not in found(hall, part)
    with hall.app_context():
        rows = db.session.scalars(select(LedgerRow.body)).all()
        assert all(number not in str(body) and name not in str(body) for body in rows)


def test_judges_are_found_as_accounts(hall: Flask) -> None:
    with hall.app_context():
        chief = db.session.scalars(
            select(Person)
            .join(Account, Account.person_id == Person.id)
            .join(Grant, Grant.account_id == Account.id)
            .where(Grant.role == Role.CHIEF_JUDGE)
        ).first()
        assert chief is not None
        name = chief.name
    assert "/office/accounts/" in found(hall, name)


def test_skills_in_both_languages_and_pages(hall: Flask) -> None:
    assert "/office/skills/W17" in found(hall, "w17")
    with hall.app_context():
        skill = db.session.scalars(select(Skill).where(Skill.code == "W17")).one()
        zh, en = skill.name_zh, skill.name_en
    assert "/office/skills/W17" in found(hall, zh)
    assert "/office/skills/W17" in found(hall, en.upper())
    assert 'href="/office/exceptions"' in found(hall, "例外")
    assert 'href="/office/exceptions"' in found(hall, "eligibility")
    assert "没有找到" in found(hall, "zzzzzz")
    assert "%" not in found(hall, "%%%")


def test_codes_only_where_whose_is_whose_may_be_known(hall: Flask) -> None:
    with hall.app_context():
        skill = db.session.scalars(select(Skill).where(Skill.code == "W17")).one()
        assert skill.is_blind
        person, entry = somebody("W17")
        code, alias, link = entry.code, entry.alias, f"person={person.id}"
        skill_id = skill.id
    assert link not in found(hall, code) and link not in found(hall, alias)
    with hall.app_context(), writing() as session:
        session.get_one(Skill, skill_id).is_blind = False
    assert link in found(hall, code.lower())
    listed = text_of(enter(hall, "organiser"), f"/office/entries?words={code}")
    assert "没有符合条件的报名" in listed  # the list's own filter knows no codes


def test_the_secretariat_of_a_zone_finds_its_own(hall: Flask) -> None:
    with hall.app_context():
        own = db.session.scalars(select(Skill).where(Skill.code == "W17")).one()
        other = db.session.scalars(
            select(Skill).where(Skill.zone_id != own.zone_id).order_by(Skill.id)
        ).first()
        assert other is not None
        mine, theirs = somebody("W17")[0], somebody(other.code)[0]
        assert theirs.id_sealed is not None
        number = privacy.vault().open(privacy.ID_NUMBER, theirs.id_sealed)
        here, there = (mine.id, mine.name), (theirs.id, theirs.name)
        elsewhere = other.code
        with writing() as session:
            add_account(
                session, username="zone", label="赛区", password_hash="x",
                grants=[Grant(role=Role.SECRETARIAT, zone_id=own.zone_id)],
            )  # fmt: skip
    assert f"person={here[0]}" in found(hall, here[1], "zone")
    assert f"person={there[0]}" not in found(hall, there[1], "zone")
    assert there[1] not in found(hall, number, "zone")
    assert f"/office/skills/{elsewhere}" not in found(hall, elsewhere, "zone")
    assert 'href="/office/exceptions"' not in found(hall, "例外", "zone")
    assert "/office/accounts/new" not in found(hall, "账号", "zone")


def test_the_page_without_a_script(hall: Flask) -> None:
    client = enter(hall, "organiser")
    assert 'href="/office/entries"' in text_of(client, SEARCH)
    answer = client.post(SEARCH, data={"q": "W17"})
    assert "<html" in (page := answer.get_data(as_text=True))
    assert 'value="W17"' in page
    assert client.post(SEARCH, data={}).status_code == 200
    assert 'id="find-results"' in text_of(client, "/office/")


@pytest.mark.parametrize("username", ["w17-chief", "w17-judge-1", "w17-01", "leader-harbin"])
def test_only_the_office_searches(hall: Flask, username: str) -> None:
    client = enter(hall, username)
    assert client.get(SEARCH).status_code == 403
    assert client.post(SEARCH, data={"q": "王"}).status_code == 403
    assert hall.test_client().post(SEARCH, data={"q": "王"}).status_code in (302, 401)
