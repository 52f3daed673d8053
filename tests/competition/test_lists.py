"""The office's lists: what narrows them, that pages do not overlap, and who sees which skills."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from competition import lists
from competition.database import db, writing
from competition.lists import Wish
from competition.models import Account, Delegation, Entry, Grant, Member, Person, Role, Skill, Zone
from competition.people import add_account
from tests.competition.views.test_office import enter, text_of


def listed(wish: Wish, within: list[int] | None = None) -> list[int]:
    page = lists.entries(db.session(), wish, within, number=1, size=5000)
    assert len(page.lines) == page.total
    assert [line.entry.id for line in page.lines] == [
        one for one, _state in lists.ids(db.session(), wish, within)
    ]
    return [line.entry.id for line in page.lines]


def counted(*conditions: object) -> int:
    found = select(func.count()).select_from(Entry).join(Skill).where(*conditions)  # type: ignore[arg-type]
    return db.session.scalar(found) or 0


def test_each_part_of_a_wish_narrows(demo_app: Flask) -> None:
    with demo_app.app_context():
        assert len(listed(Wish())) == counted()
        assert len(listed(Wish(skill="W17"))) == counted(Skill.code == "W17")
        assert len(listed(Wish(state="approved"))) == counted(Entry.state == "approved")
        assert listed(Wish(state="withdrawn")) == []
        zone = db.session.scalars(select(Zone).order_by(Zone.id)).first()
        assert zone is not None
        assert len(listed(Wish(zone=zone.code))) == counted(Skill.zone_id == zone.id)
        home = db.session.scalars(select(Delegation).where(Delegation.code == "2301")).one()
        assert len(listed(Wish(delegation="2301"))) == counted(Entry.delegation_id == home.id)
        assert listed(Wish(stage="1")) == []
        assert len(listed(Wish(stage="2"))) == counted()
        assert listed(Wish(skill="W99")) == listed(Wish(delegation="nowhere")) == []


def test_words_look_in_names_and_schools(demo_app: Flask) -> None:
    with demo_app.app_context():
        person = db.session.scalars(
            select(Person).join(Member, Member.person_id == Person.id)
        ).first()
        assert person is not None
        assert person.affiliation is not None
        theirs = set(
            db.session.scalars(select(Member.entry_id).where(Member.person_id == person.id))
        )
        assert theirs <= set(listed(Wish(words=person.name)))
        assert theirs <= set(listed(Wish(words=f"{person.name} {person.affiliation.name[:3]}")))
        assert listed(Wish(words=f"{person.name} 查无此校")) == []
        assert listed(Wish(words="%")) == listed(Wish(words="_")) == []  # not wildcards
        assert set(listed(Wish(person=str(person.id)))) == theirs


def test_what_is_missing(demo_app: Flask) -> None:
    with demo_app.app_context():
        assert listed(Wish(missing=lists.ANYTHING)) == []
        first, second, third = db.session.scalars(
            select(Entry).join(Skill).where(Skill.team_size == 1).order_by(Entry.id).limit(3)
        )
        team = db.session.scalars(
            select(Entry).join(Skill).where(Skill.team_size == 2).order_by(Entry.id)
        ).first()
        assert team is not None
        with writing() as session:
            first.members[0].person.id_hash = None
            second.members[0].person.affiliation = None
            account = session.scalars(
                select(Account).where(Account.person_id == third.members[0].person_id)
            ).one()
            account.person_id = None
            session.delete(team.members[1])
        db.session.expire_all()
        for word, entry in (
            ("id_number", first), ("affiliation", second), ("account", third), ("team", team),
        ):  # fmt: skip
            page = lists.entries(db.session(), Wish(missing=word), None, number=1, size=9)
            assert [(line.entry.id, line.missing) for line in page.lines] == [(entry.id, (word,))]
        assert len(listed(Wish(missing=lists.ANYTHING))) == 4


def test_pages_neither_overlap_nor_skip(demo_app: Flask) -> None:
    with demo_app.app_context():
        every = listed(Wish())
        seen: list[int] = []
        for number in range(1, 1 + -(-len(every) // 50)):
            page = lists.entries(db.session(), Wish(), None, number=number, size=50)
            seen += [line.entry.id for line in page.lines]
        assert seen == every


def test_few_queries_and_few_rows(demo_app: Flask) -> None:
    from sqlalchemy import event

    with demo_app.app_context():
        asked: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        lists.entries(db.session(), Wish(), None, number=1, size=50)
    assert len(asked) <= 5, "\n".join(asked)


def test_the_page(demo_app: Flask) -> None:
    client = enter(demo_app, "organiser")
    page = text_of(client, "/office/entries?skill=W17")
    assert "报名 14 个" in page
    assert page.count('class="entry-state"') == 14
    assert "没有符合条件的报名" in text_of(client, "/office/entries?words=zzzz")
    nonsense = "/office/entries?state=x&missing=y&stage=z&person=q&page=-3"
    assert page.count("<tr>") < text_of(client, nonsense).count("<tr>")
    assert "zone=harbin" in text_of(client, "/office/entries?page=9999&zone=harbin")


@pytest.mark.parametrize("username", ["w17-chief", "w17-judge-1", "w17-01", "leader-harbin"])
def test_only_the_office_opens_it(demo_app: Flask, username: str) -> None:
    assert enter(demo_app, username).get("/office/entries").status_code == 403


def test_the_secretariat_of_a_zone_sees_its_skills(demo_app: Flask) -> None:
    with demo_app.app_context():
        skill = db.session.scalars(select(Skill).where(Skill.code == "W17")).one()
        with writing() as session:
            add_account(
                session, username="zone", label="赛区", password_hash="x",
                grants=[Grant(role=Role.SECRETARIAT, zone_id=skill.zone_id)],
            )  # fmt: skip
        own = counted(Skill.zone_id == skill.zone_id)
        other = db.session.scalars(select(Skill.code).where(Skill.zone_id != skill.zone_id)).first()
        assert own < counted()
    client = enter(demo_app, "zone")
    page = text_of(client, "/office/entries")
    assert f"报名 {own} 个" in page
    assert f'value="{other}"' not in page
    assert "没有符合条件的报名" in text_of(client, f"/office/entries?skill={other}")
    assert demo_app.test_client().get("/office/entries").status_code == 302
