"""Who may do what: every address of the app × every kind of asker, really asked.

A row is an address and a method with the code of who may. A new address without a row fails here,
and so does one that lets anybody else in, or keeps out whom it is for.
"""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from competition import key_files, second_factor, sign_ins
from competition.database import db, writing
from competition.models import Skill
from competition.moment import now
from competition.rules.refusal import Refusal
from competition.views.entrance import ALWAYS
from judging.views import workspace
from tests.access_addresses import addresses
from tests.access_forms import FORMS, JSON
from tests.access_rows import (
    ASKERS,
    COMPETITORS,
    HIDDEN,
    MAY,
    MAY_BE_MISSING,
    TABLE,
)
from tests.access_world import World, build
from tests.conftest import opened
from tests.judging.handing import PASSWORD as COMPETITORS_PASSWORD
from tests.judging.seed import PASSWORD


class Reached(BaseException):
    """A verb came as far as its commit, which the table does not let happen."""


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("access")
    shutil.copyfile(sqlite_template, folder / "podium.db")
    with opened(f"sqlite:///{folder / 'podium.db'}", folder) as app:
        made = build(app)
        key_files.replace(folder / "heads" / "2026-11-23.json", b"{}")  # a daily file of heads
        yield made


@pytest.fixture
def nothing_written(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every verb ends before its commit, so that all are asked about the same competition."""

    def stop(_session: object) -> None:
        raise Reached

    def wrong(*_given: object, **_named: object) -> None:
        raise Refusal("不对", "wrong")

    monkeypatch.setattr(second_factor, "prove", wrong)  # its own 403 would look like ours
    monkeypatch.setattr(sign_ins, "HEARD_EVERY", timedelta(days=1))  # noted by every question
    monkeypatch.setattr(workspace, "validate_csrf", lambda _token: None)
    with world.app.app_context():
        session = db.session
    event.listen(session, "before_commit", stop)
    yield
    event.remove(session, "before_commit", stop)


def test_every_address_has_a_row(world: World) -> None:
    there = set(addresses(world))
    lacking, gone = sorted(there - set(TABLE)), sorted(set(TABLE) - there)
    assert not lacking, (
        f"{', '.join(lacking)}: say in TABLE of tests/access_rows.py who may, one row each"
    )
    assert not gone, f"{', '.join(gone)}: there is no such address any more, take its row away"
    assert set(TABLE.values()) <= set(MAY)


def ask(world: World, asker: str, row: str, address: str) -> tuple[bool, str]:
    """Whether the asker was let in, and what was answered."""
    method, endpoint = row.split()
    browser = world.browsers[asker]
    more: dict[str, Any] = {"headers": world.headers.get(asker, {})}
    if method != "GET":
        more |= {"json": JSON[endpoint]} if endpoint in JSON else {"data": _form(asker, endpoint)}
    try:
        answer = browser.open(address, method=method, **more)
    except Reached:
        return True, "reached its verb"
    where = answer.location or ""
    led_away = not endpoint.startswith("signin.") and where.startswith(
        ("/sign-in?next=", "/account/second-factor")
    )
    refused = answer.status_code in (401, 403) or (led_away and answer.status_code == 302)
    if answer.status_code == 404 and endpoint in HIDDEN:
        refused = True
    said = f"{answer.status_code} {where}".strip()
    if answer.status_code >= 500 or (answer.status_code == 404 and not refused):
        assert endpoint in MAY_BE_MISSING, f"{asker}: {method} {address}: {said}"
    return not refused, said


def _form(asker: str, endpoint: str) -> dict[str, str]:
    if endpoint in ("account.password", "account.pin"):
        return {"password": COMPETITORS_PASSWORD if asker in COMPETITORS else PASSWORD}
    return FORMS.get(endpoint, {})


def may(asker: str, row: str) -> bool:
    method, endpoint = row.split()
    if asker == "onlooker" and method != "GET":
        return endpoint in ALWAYS  # whoever looks on does nothing, whoever they look as
    return asker in MAY[TABLE[row]]


@pytest.mark.parametrize("asker", ASKERS)
@pytest.mark.usefixtures("nothing_written")
def test_who_may(world: World, asker: str) -> None:
    wrong = []
    for row, found in addresses(world).items():
        for address in found if row in TABLE else ():  # one without a row fails by itself, above
            let_in, said = ask(world, asker, row, address)
            if let_in is not may(asker, row):
                wrong.append(f"{row} ({TABLE[row]}) {'let in' if let_in else 'kept out'}: {said}")
    assert not wrong, f"{asker}:\n" + "\n".join(wrong)


@pytest.mark.usefixtures("nothing_written")
def test_a_visitor_does_not_learn_which_receipts_there_are(world: World) -> None:
    asked = [f"/work/receipts/{one}" for one in (world.ids["receipt"], "NOSUCHONE")]
    there, gone = (world.browsers["visitor"].get(address) for address in asked)
    assert (there.status_code, gone.status_code) == (302, 302)


def _lock(world: World, at: datetime | None) -> None:
    with world.app.app_context(), writing() as session:
        session.query(Skill).filter_by(code="T17").one().locked_at = at


def test_an_arbiter_sees_evidence_once_marks_are_locked(world: World) -> None:
    address = f"/evidence/{world.ids['blob']}"
    askers = ("arbiter", "whole_arbiter", "unproved_arbiter", "other_chief", "key_holder")
    _lock(world, now())
    try:
        said = {one: world.browsers[one].get(address).status_code for one in askers}
    finally:
        _lock(world, None)
    assert said == {
        "arbiter": 200, "whole_arbiter": 200, "unproved_arbiter": 404, "other_chief": 404,
        "key_holder": 404,
    }  # fmt: skip


# Addresses that name a skill and something of it: with another skill's code they find nothing.
FOREIGN = {
    "panel.leave": "other_chief",
    "panel.lift": "other_chief",
    "panel.end_override": "other_chief",
    "entries.ask": "other_zone",
    "technical.attachment": "visitor",
    "skill_profiles.picture": "visitor",
    **dict.fromkeys(
        (
            *("desk.ask_sheet", "desk.ask_decide", "desk.decide", "desk.ask_aside", "desk.note"),
            "desk.judge_again",
            *("desk.ask_admit", "desk.admit", "desk.ask_clock", "desk.clock", "desk.ask_time"),
            *("desk.time", "rejudging.one", "rejudging.ask", "rejudging.decide"),
            *("rejudging.again", "rejudging.answer", "provenance.page"),
            *("signoff.sheets", "signoff.sign", "signoff.excuse", "signoff.send_back"),
            *("recheck.sheet", "recheck.note", "recheck.answer", "versions.step"),
            *("sheet_pdf.one", "sheet_pdf.all_", "release.drop"),
            *("tablets.unpair", "tablets.end", "calls.act"),
        ),
        "other_chief",
    ),
}


@pytest.mark.usefixtures("nothing_written")
def test_nothing_of_another_skill_under_ones_own(world: World) -> None:
    wrong = []
    with world.app.test_request_context():
        named = {rule.endpoint: rule for rule in world.app.url_map.iter_rules()}
    for row, (address, *_more) in addresses(world).items():
        endpoint = row.split()[1]
        if {"code"} < set(named[endpoint].arguments) and "T17" in address:
            assert endpoint in FOREIGN or endpoint in ALONE, f"{endpoint}: say so in FOREIGN"
        if endpoint in FOREIGN:
            foreign = address.replace("/T17/", "/N99/")
            said = _status(world, FOREIGN[endpoint], row, foreign)
            if said not in (404, 409, 303):  # 303: its verb refused, and nothing was written
                wrong.append(f"{row}: {said}")
    assert not wrong, "\n".join(wrong)


# They name a skill and no thing of it; a question that is not there is an empty form.
ALONE = {
    *("release.ask", "release.change", "rejudging.ask_question"),
    *("entry_form.page", "entry_form.send"),  # their code is the delegation's
    "books.working",
    "cards.skill",  # its size is no thing of the skill
    *("schemes.settle", "schemes.version_file"),  # versions are numbered skill by skill
}


def _status(world: World, asker: str, row: str, address: str) -> int | str:
    form = {"key": "table-of-access", "value": "0", "minutes": "5", "rule": "age", "reason": "表"}
    try:
        return world.browsers[asker].open(address, method=row.split()[0], data=form).status_code
    except Reached:
        return "reached its verb"
