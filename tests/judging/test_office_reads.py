"""The office's lists, search, tiles and bulk acts on both kinds of database."""

from random import Random

import pytest
from flask import Flask
from sqlalchemy import select

from competition import bulk, demo, list_rows, lists, search, tiles
from competition.database import db, writing
from competition.lists import Wish
from competition.models import Account, BulkKind, Entry, EntryState, Person, Skill
from competition.moment import now
from judging.demo import adopt_schemes

WISHES = (
    Wish(),
    Wish(skill="W17", state="approved", stage="2"),
    Wish(zone="harbin", delegation="2301"),
    *(Wish(missing=word) for word in ("any", "id_number", "affiliation", "team", "account")),
    Wish(words="学院 a%"),
    Wish(person="1"),
)


@pytest.fixture
def hall(context: Flask) -> Flask:
    demo.load(1)
    adopt_schemes(Random(1))
    return context


def test_every_read_answers_the_same_way_everywhere(hall: Flask) -> None:
    session = db.session()
    skills = session.scalars(select(Skill).order_by(Skill.id)).all()
    for wish in WISHES:
        for within in (None, [skill.id for skill in skills[:30]]):
            page = lists.entries(session, wish, within, number=1, size=2000)
            assert len(page.lines) == page.total == len(lists.ids(session, wish, within))
            rows = list_rows.entries(session, wish, within)
            assert len({row.entry_id for row in rows}) == page.total
    people = lists.people(session, skills[16].id, "a", number=9, size=5)
    assert people.number == people.pages
    person = session.scalars(select(Person)).first()
    assert person is not None
    found = search.search(session, person.name, skills, [skills[16].id], everybody=True)
    assert person.id in [human.person.id for human in found.people]
    assert search.search(session, "W17", skills, [], everybody=False).skills
    lights = tiles.tiles(session, now(), lambda _skill: True)
    assert len(lights) == 64 and all(one.light for one in lights)


def test_bulk_acts_and_their_undoing(hall: Flask) -> None:
    who = db.session.scalars(select(Account.id).where(Account.username == "organiser")).one()
    with writing() as session:
        for entry in session.scalars(select(Entry)):
            entry.state = EntryState.ENTERED
    done = []
    for kind in (BulkKind.JUDGE, BulkKind.APPROVE):
        chosen = lists.ids(db.session(), Wish(), None)
        seen = bulk.look(db.session(), kind, chosen)
        done.append(bulk.do(kind, chosen, seen.seal, reason="", actor_id=who))
    assert done[0].count >= done[1].count > 500
    assert lists.counts(db.session(), Wish(), None)["approved"] == done[1].count
    for act in reversed(done):
        assert bulk.undo(act.id, actor_id=who) == (act.count, 0)
    assert lists.counts(db.session(), Wish(), None) == {"entered": done[0].count}
