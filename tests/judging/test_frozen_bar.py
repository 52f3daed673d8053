"""The amber bar while a board is frozen: on every page of its staff, no byte for anybody else."""

import re

from flask import Flask
from flask.testing import FlaskClient

from competition.database import writing
from competition.models import Account, Grant, Role
from tests.entering import entered
from tests.judging.desks import signed_in
from tests.judging.seed import Seeded, let_out

PAGES = ("/skills/T17", "/", "/boards/medals", "/skills/T17/rules")


def test_staff_go_between_both_views_and_spectators_see_none(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    with sqlite_app.app_context():
        let_out(day.skill, "confirmed", actor_id=day.judges["chief"])
        with writing() as session:
            office = Account(username="office", label="秘书处", fs_uniquifier="office")
            office.grants = [Grant(role=Role.ORGANISER)]
            session.add(office)
    office_browser, judge = entered(sqlite_app, "office"), signed_in(sqlite_app, "li")
    for browser in (chief, office_browser):
        assert 'class="frozen"' not in browser.get("/skills/T17").text, "nothing is frozen"
    assert 'class="desk-real"' in chief.get("/desk/T17/board").text
    with sqlite_app.app_context():
        let_out(day.skill, "confirmed", actor_id=day.judges["chief"], top=3, delay=5)
    note = re.search(r'class="desk-real".*?</p>', chief.get("/desk/T17/board").text, re.DOTALL)
    assert note is not None and " · 延迟 5 分钟公布 · 只公布前 3 名</span>" in note[0]
    with sqlite_app.app_context():
        let_out(day.skill, "frozen", actor_id=day.judges["chief"])

    for page in ("/skills/T17", "/desk/T17", "/desk/T17/board", "/account/"):
        assert 'class="desk-real"' not in chief.get(page).text, "the bar says it"
        bar = _bar(chief.get(page).text)
        links = re.findall(r'<a href="([^"]+)"( aria-current="page")?', bar)
        assert [one for one, _here in links] == ["/skills/T17", "/desk/T17/board", "/desk/T17"]
        assert [one for one, here in links if here] == ([] if page == "/account/" else [page])
    for page in ("/office/", "/skills/T17"):  # who may not see the real board is not led there
        bar = _bar(office_browser.get(page).text)
        assert "T17" in bar and "/office/release" in bar and "/desk/" not in bar
    visitor = sqlite_app.test_client()
    for browser in (visitor, judge):
        for page in PAGES:
            answer = browser.get(page)
            assert answer.status_code == 200 and "frozen" not in re.findall(
                r'class="([^"]*)"', answer.text
            )


def _bar(page: str) -> str:
    found = re.search(r'<div class="frozen".*?</div>', page, re.DOTALL)
    assert found is not None
    return found[0]
