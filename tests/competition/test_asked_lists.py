"""Lists of exceptions and change requests: narrowed, counted, paged; files hold what they show."""

import json

import pytest
from flask import Flask
from sqlalchemy import event, select

from competition import asked_lists, changes
from competition.asked_lists import EXCEPTION_STATES, REQUEST_STATES, Wish
from competition.database import db, writing
from competition.models import (
    ChangeKind,
    ChangeRequest,
    EligibilityException,
    Entry,
    Skill,
)
from competition.moment import now
from competition.privacy import vault
from competition.rules.eligibility import NAMES
from tests.competition import rostering as r
from tests.competition.test_list_files import sheet
from tests.competition.views.test_office import enter, text_of

NAMED = " 甲乙丙丁戊"


@pytest.fixture
def asked(context: Flask) -> None:
    """Five people in two skills, each with an exception and a request; two requests to add."""
    r.founded()
    r.imported(
        [r.person(f"选手{NAMED[n]}", n, skill="W17" if n < 4 else "W01") for n in range(1, 6)]
    )
    with writing() as session:
        home = r.delegation_id()
        for n, entry in enumerate(session.scalars(select(Entry).order_by(Entry.id))):
            granted = {0: True, 1: False}.get(n)
            session.add(
                EligibilityException(
                    entry_id=entry.id, rule="age", reason=f"r{n}", asked_by=1, asked_at=now(),
                    is_granted=granted, answered_by=1 if granted is not None else None,
                )
            )  # fmt: skip
            state = "asked" if n else "approved"
            session.add(_request(home, "withdraw", {}, entry.id, state))
        for skill, name in (("W17", "新人甲"), ("W01", "新人乙")):
            rows = [{"name": name, "affiliation": "三中"}]
            session.add(_request(home, "add", {"skill": skill, "rows": rows}, None))


def _request(
    home: int, kind: str, wanted: dict[str, object], entry: int | None, state: str = "asked"
) -> ChangeRequest:
    sealed = vault().seal(changes.SEALED_AS, json.dumps(wanted, ensure_ascii=False))
    return ChangeRequest(
        entry_id=entry, delegation_id=home, kind=kind, wanted_sealed=sealed, reason="原因",
        state=state, asked_by=1, asked_at=now(),
    )  # fmt: skip


def exceptions(**wanted: str) -> list[str]:
    found = asked_lists.exceptions(db.session(), Wish(**wanted), number=1, size=None)
    assert found.total == len(found.lines)
    return [one.row.reason for one in found.lines]


def requests(**wanted: str) -> list[str]:
    found = asked_lists.requests(db.session(), Wish(**wanted), number=1, size=None)
    assert found.total == len(found.lines)
    return [
        one.row.entry.members[0].person.name if one.row.entry else one.wanted["rows"][0]["name"]
        for one in found.lines
    ]


@pytest.mark.usefixtures("asked")
def test_what_waits_comes_by_itself_the_oldest_first() -> None:
    assert exceptions() == ["r2", "r3", "r4"]
    assert exceptions(state="granted") == ["r0"]
    assert exceptions(state="refused") == ["r1"]
    assert exceptions(state="all") == ["r4", "r3", "r2", "r1", "r0"]
    assert exceptions(skill="W01") == ["r3", "r4"]
    assert exceptions(words="选手丁") == ["r3"]
    assert exceptions(what="quota") == exceptions(delegation="2302") == []
    zone = db.session.scalars(select(Skill).where(Skill.code == "W17")).one().zone
    assert zone is not None
    assert "r2" in exceptions(zone=zone.code)
    page = asked_lists.exceptions(db.session(), Wish(skill="W17"), number=1, size=9)
    assert page.states == {"asked": 1, "granted": 1, "refused": 1}


@pytest.mark.usefixtures("asked")
def test_requests_to_add_somebody_are_found_by_what_they_want() -> None:
    assert requests() == ["选手乙", "选手丙", "选手丁", "选手戊", "新人甲", "新人乙"]
    assert requests(state="approved") == ["选手甲"]
    assert requests(skill="W01") == ["选手丁", "选手戊", "新人乙"]
    assert requests(words="三中", what="add") == ["新人甲", "新人乙"]
    assert requests(words="三中 人甲") == ["新人甲"]
    assert requests(skill="W01", delegation="2302") == []
    zone = db.session.scalars(select(Skill).where(Skill.code == "W17")).one().zone
    assert zone is not None
    assert requests(zone=zone.code, what="add") == ["新人甲"]


@pytest.mark.usefixtures("asked")
def test_pages_neither_overlap_nor_skip_and_ask_little() -> None:
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    seen = []
    for number in range(1, 4):
        page = asked_lists.requests(db.session(), Wish(), number=number, size=2)
        seen += [one.row.id for one in page.lines]
        assert (page.total, page.number, page.pages) == (6, number, 3)
    assert len(set(seen)) == 6
    assert len(statements) <= 3 * 8, "\n".join(statements)
    assert asked_lists.requests(db.session(), Wish(), number=99, size=4).number == 2


def test_words_that_mean_nothing_narrow_nothing() -> None:
    given = {"state": "x", "what": "nothing", "skill": " W17 ", "words": "甲" * 500}
    wish = asked_lists.wish(given, NAMES, EXCEPTION_STATES)
    assert (wish.state, wish.what, wish.skill, len(wish.words)) == ("", "", "W17", 100)
    kinds = {one.value: one for one in ChangeKind}
    kept = asked_lists.wish({"state": "all", "what": "add"}, kinds, REQUEST_STATES)
    assert kept.given() == {"state": "all", "what": "add"}


def test_pages_and_files_are_narrowed_alike(demo_app: Flask) -> None:
    with demo_app.app_context(), writing() as session:
        entries = session.scalars(select(Entry).join(Skill).where(Skill.code == "W17")).all()
        for n in range(30):
            session.add(
                EligibilityException(
                    entry_id=entries[n % len(entries)].id, rule="age", reason=f"原因{n}",
                    asked_by=1, asked_at=now(), is_granted=None if n else True,
                )
            )  # fmt: skip
            session.add(_request(entries[0].delegation_id, "withdraw", {}, entries[0].id))
    client = enter(demo_app, "organiser")
    page = text_of(client, "/office/exceptions?skill=W17")
    assert page.count('class="facet entry"') == 25
    assert "1 / 2" in page
    assert "原因29" in text_of(client, "/office/exceptions?skill=W17&page=2")
    assert "没有符合条件的内容" in text_of(client, "/office/exceptions?skill=W01")
    assert "已批准" in text_of(client, "/office/exceptions?state=granted")
    assert len(sheet(client, "/office/exceptions.xlsx")) == 30
    assert len(sheet(client, "/office/exceptions.xlsx?state=all")) == 31
    assert text_of(client, "/office/requests").count('class="facet entry"') == 25
    assert len(sheet(client, "/office/requests.xlsx?skill=W17")) == 31
    assert len(sheet(client, "/office/requests.xlsx?state=taken_back")) == 1
