"""The office and the delegations: who may look, what they see, and what nobody is shown there."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from competition import access, founding, privacy
from competition.database import db
from competition.founding import edition
from competition.models import Account, Entry, EntryState, Member, Person, Skill
from tests.competition.test_founding import GIVEN
from tests.entering import entered as enter


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def test_the_office_shows_64_skills_in_five_zones(demo_app: Flask) -> None:
    page = text_of(enter(demo_app, "organiser"), "/office/")
    assert page.count('class="facet office-tile"') == 64
    for words in ("哈尔滨主赛区", "齐齐哈尔赛区", "971", "未开始", "进行中", "待复核"):
        assert words in page


def test_few_queries_however_many_skills(demo_app: Flask) -> None:
    from sqlalchemy import event

    client, asked = enter(demo_app, "organiser"), []
    with demo_app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    text_of(client, "/office/")
    assert len(asked) < 40, "\n".join(asked)


@pytest.mark.parametrize(
    "address", ["/office/", "/office/skills/W17", "/delegation/", "/delegation/2301"]
)
def test_a_visitor_signs_in_first(demo_app: Flask, address: str) -> None:
    answer = demo_app.test_client().get(address)
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=")


@pytest.mark.parametrize("username", ["w17-chief", "w17-judge-1", "w17-01", "leader-harbin"])
def test_the_office_is_the_organisers(demo_app: Flask, username: str) -> None:
    client = enter(demo_app, username)
    assert client.get("/office/").status_code == 403
    assert client.get("/office/skills/W17").status_code == 403


@pytest.mark.parametrize("username", ["w17-chief", "w17-judge-1", "w17-01", "leader-daqing"])
def test_a_delegation_is_its_leaders(demo_app: Flask, username: str) -> None:
    assert enter(demo_app, username).get("/delegation/2301").status_code == 403


def test_neither_numbers_nor_codes_are_shown(demo_app: Flask) -> None:
    """The office must not know whose work carries which code; identity numbers stay in the rows."""
    office, leader = enter(demo_app, "organiser"), enter(demo_app, "leader-harbin")
    pages = text_of(office, "/office/skills/W17") + text_of(office, "/delegation/2301")
    pages += text_of(leader, "/delegation/")
    with demo_app.app_context():
        found = db.session.execute(
            select(Person.name, Person.id_sealed, Entry.code, Entry.alias)
            .join(Member, Member.person_id == Person.id)
            .join(Entry, Entry.id == Member.entry_id)
            .join(Skill, Skill.id == Entry.skill_id)
            .where(Skill.code == "W17")
        ).all()
        sealed = db.session.scalars(select(Person.id_sealed).where(Person.id_sealed.is_not(None)))
        numbers = [privacy.vault().open(privacy.ID_NUMBER, number) for number in sealed]
        assert len(numbers) == 971
        assert not any(number in pages for number in numbers)
    assert len(found) == 14
    for name, _, code, alias in found:
        assert name in pages
        assert code not in pages
        assert f">{alias}<" not in pages


def test_people_come_by_the_page(demo_app: Flask) -> None:
    client = enter(demo_app, "organiser")
    with demo_app.app_context():
        skill = db.session.scalar(
            select(Skill.code)
            .join(Entry)
            .group_by(Skill.code)
            .having(func.count() > 20)
            .order_by(Skill.code)
        )
    first, second = (text_of(client, f"/office/skills/{skill}?page={n}") for n in (1, 2))
    people = re.compile(r"<tr>\s*<td[^>]*>([^<]+)</td>\s*<td class=\"short\"[^>]*>[^<]+[市区]</td>")
    one, two = people.findall(first), people.findall(second)
    assert len(one) == 20
    assert two
    assert not set(one) & set(two)
    assert people.findall(text_of(client, f"/office/skills/{skill}?page=99")) == two
    assert people.findall(text_of(client, f"/office/skills/{skill}?page=x")) == one
    assert client.get("/office/skills/X99").status_code == 404


def test_the_bots_switch(demo_app: Flask) -> None:
    client = enter(demo_app, "organiser")
    page = text_of(client, "/office/")
    assert "机器人评分：开" in page
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    form = {"csrf_token": found.group(1), "on": "0"}
    assert client.post("/office/simulation", data=form).status_code == 303
    assert "机器人评分：关" in text_of(client, "/office/")
    with demo_app.app_context():
        competition = edition(db.session())
        assert competition is not None
        assert not competition.simulating
    # The switch stands in the demo's banner, for whoever looks at it; a token is still needed.
    visitor = demo_app.test_client()
    banner = re.search(r'name="csrf_token" value="([^"]+)"', text_of(visitor, "/"))
    assert banner is not None
    on = {"csrf_token": banner.group(1), "on": "1", "next": "https://elsewhere.example/"}
    answer = visitor.post("/office/simulation", data=on)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "机器人评分：开" in text_of(visitor, "/")
    assert visitor.post("/office/simulation", data={"on": "0"}).status_code == 400


def test_empty_pages_say_what_to_do(app: Flask) -> None:
    with app.app_context():
        founding.found(founding.read(GIVEN))
        account = db.session.scalar(select(Account))
        assert account is not None
        assert access.may_organise(account)
        db.session.remove()
    client = enter(app, "office")
    assert "还没有选手报名" in text_of(client, "/office/")
    assert "机器人评分" not in text_of(client, "/office/")
    people = text_of(client, "/office/skills/W17")
    assert "还没有裁判" in people
    assert "还没有选手" in people
    assert "导入名册" in text_of(client, "/delegation/2301")


def test_what_is_missing_comes_first(demo_app: Flask) -> None:
    leader = enter(demo_app, "leader-harbin")
    page = text_of(leader, "/delegation/")
    assert "没有需要您处理的事项" in page and "报名已截止" in page
    with demo_app.app_context():
        entry = db.session.scalar(
            select(Entry)
            .join(Skill, Skill.id == Entry.skill_id)
            .where(Skill.team_size == 2, Entry.delegation.has(code="2301"))
        )
        assert entry is not None
        left, gone = entry.members
        left.person.affiliation = None
        name = left.person.name
        db.session.delete(gone)
        db.session.commit()
    page = text_of(leader, "/delegation/")
    assert "缺单位" in page
    assert "队员不齐" in page
    assert page.index(name) < page.index("各赛项选手")
    assert "没有需要您处理的事项" not in page


def test_who_only_lacks_an_account_is_one_line(demo_app: Flask) -> None:
    leader = enter(demo_app, "leader-harbin")
    with demo_app.app_context():
        own = select(Entry).where(Entry.delegation.has(code="2301")).order_by(Entry.id)
        first, second, third, *_ = db.session.scalars(own).all()
        for entry in (first, second, third):
            for member in entry.members:
                for account in db.session.scalars(
                    select(Account).where(Account.person_id == member.person_id)
                ):
                    account.person_id = None
        number = len(first.members) + len(second.members)
        second.state, third.state = EntryState.NOT_ELIGIBLE, EntryState.WITHDRAWN
        db.session.commit()
        waits = f"/delegation/entries/{second.id}"
    page = text_of(leader, "/delegation/")
    listed = page[page.index("缺什么") : page.index("各赛项选手")]
    assert f"{number} 名选手还没有账号，由秘书处开通。" in listed
    assert set(re.findall(r'href="(/delegation/entries/\d+)"', listed)) == {waits}
    assert "不符合" in listed


def test_the_office_is_sent_to_choose_a_delegation(demo_app: Flask) -> None:
    client = enter(demo_app, "organiser")
    assert client.get("/delegation/").location == "/office/#delegations"
    assert "黑河市" in text_of(client, "/delegation/2311")
    assert client.get("/delegation/9999").status_code == 404
