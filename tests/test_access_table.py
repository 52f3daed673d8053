"""Who may do what: every address of the app × every kind of asker, really asked.

A row is an address and a method with the code of who may. A new address without a row fails here,
and so does one that lets anybody else in, or keeps out whom it is for.
"""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import url_for
from sqlalchemy import event

from competition import second_factor
from competition.database import db, writing
from competition.models import Skill
from competition.moment import now
from competition.rules.refusal import Refusal
from competition.views.entrance import ALWAYS
from judging.views import workspace
from tests.access_world import FUTURE, PAST, ROSTERS, UNPROVED, WHERE, World, build
from tests.conftest import opened
from tests.judging.handing import PASSWORD as COMPETITORS_PASSWORD
from tests.judging.seed import PASSWORD

STRANGERS = {"visitor", "tablet", "closed"}
COMPETITORS = {"competitor", "other_competitor"}
SIGNED_IN = {*WHERE, *PAST, *FUTURE, *UNPROVED, *COMPETITORS, "outsider", "onlooker"}
ASKERS = sorted(SIGNED_IN | STRANGERS)

OFFICE = {"organiser", "secretariat"}
MAY: dict[str, set[str]] = {
    # everybody, and whoever is signed in: as oneself, or also while looking on
    "public": SIGNED_IN | STRANGERS,
    "signed in": SIGNED_IN,
    "oneself": SIGNED_IN - {"onlooker"},
    "oneself, proved": SIGNED_IN - {"onlooker", "unproved_organiser"},  # the one with a factor
    "has a factor": {"organiser"},
    # the office
    "organiser": {"organiser"},
    "sees roles": OFFICE | {"supervisor"},
    "office": OFFICE,
    "office of the skill": OFFICE | {"zone"},
    "any office": OFFICE | {"zone", "other_zone"},
    "may open the skill": OFFICE | {"zone", "chief"},
    # delegations
    "leads": OFFICE | {"leader"},
    "leads any": OFFICE | {"leader", "other_leader"},
    # the skill
    "chief": {"chief"},
    "any chief": {"chief", "other_chief", "onlooker"},  # the choice of skills, nothing of them
    "judge": {"judge"},
    "any judge": {"judge", "other_judge"},
    "sees evidence": {"judge", "chief", "tablet"},
    "tablet": {"tablet"},
    "works": {"competitor"},
    "works, or office": OFFICE | {"competitor"},
}

TABLE: dict[str, str] = {
    "GET account.home": "signed in",
    "POST account.password": "oneself",
    "POST account.end_sign_in": "oneself",
    "POST account.end_others": "oneself",
    "GET account.second_factor": "oneself",
    "POST account.enrol": "oneself, proved",
    "POST account.prove": "oneself",
    "POST account.codes": "has a factor",
    "GET accounts.ask_open": "organiser",
    "POST accounts.open_": "organiser",
    "GET accounts.one": "sees roles",
    "POST accounts.password": "organiser",
    "POST accounts.do": "organiser",
    "POST accounts.look": "organiser",
    "POST accounts.stop_looking": "signed in",
    "GET grants.home": "sees roles",
    "GET grants.sheet": "sees roles",
    "GET grants.ask_give": "organiser",
    "POST grants.give": "organiser",
    "GET grants.ask_end": "organiser",
    "POST grants.end": "organiser",
    "POST grants.door": "organiser",
    "GET boards.home": "public",
    "GET boards.skill": "public",
    "GET boards.snapshot": "public",
    "GET screen.page": "public",
    "GET screen.qr": "public",
    "GET health.healthz": "public",
    "GET health.time": "public",
    "GET static": "public",
    "GET rules.page": "public",
    "GET rules.edit": "office of the skill",
    "POST rules.adopt": "office of the skill",
    "GET signin.page": "public",
    "POST signin.enter": "public",
    "GET signin.code": "public",
    "POST signin.prove": "public",
    "POST signin.card": "public",
    "POST signin.out": "public",
    "GET signin.language": "public",
    "POST signin.language": "public",
    "GET office.home": "any office",
    "GET office.people": "office of the skill",
    "POST office.simulation": "public",  # outside the demo there are no bots
    "GET entry_list.page": "any office",
    "GET list_files.entries": "any office",
    "GET list_files.people": "office of the skill",
    "GET list_files.exceptions": "office",
    "GET list_files.requests": "office",
    "GET search.page": "any office",
    "POST search.find": "any office",
    "GET bulk.page": "any office",
    "POST bulk.look": "any office",
    "POST bulk.do": "any office",
    "POST bulk.undo": "office",
    **ROSTERS,
    "GET entries.page": "office of the skill",
    "POST entries.act": "office of the skill",
    "POST entries.ask": "office of the skill",
    "GET entries.exceptions": "office",
    "POST entries.answer": "office",
    "GET preflight.page": "may open the skill",
    "GET delegation.home": "leads any",
    "GET delegation.one": "leads",
    "GET changes.entry": "leads",
    "POST changes.ask": "leads",
    "POST changes.take_back": "leads",
    "GET changes.requests": "office",
    "POST changes.decide": "office",
    "GET desk.home": "any chief",
    "GET desk.skill": "chief",
    "GET desk.board": "chief",
    "GET desk.ask_clock": "chief",
    "POST desk.clock": "chief",
    "GET desk.ask_time": "chief",
    "POST desk.time": "chief",
    "GET desk.ask_sheet": "chief",
    "GET desk.ask_decide": "chief",
    "POST desk.decide": "chief",
    "POST desk.note": "chief",
    "POST desk.judge_again": "chief",
    "GET desk.ask_admit": "chief",
    "POST desk.admit": "chief",
    "GET desk.ask_lock": "chief",
    "POST desk.lock": "chief",
    "GET desk.ask_release": "chief",
    "POST desk.release": "chief",
    "GET prepare.page": "chief",
    "POST prepare.plan": "chief",
    "POST prepare.take": "chief",
    "GET prepare.workbook_file": "chief",
    "GET rejudging.page": "chief",
    "POST rejudging.start": "chief",
    "GET rejudging.one": "chief",
    "GET rejudging.ask": "chief",
    "POST rejudging.decide": "chief",
    "POST rejudging.again": "chief",
    "GET rejudging.ask_question": "chief",
    "POST rejudging.answer": "chief",
    "GET evidence.blob": "sees evidence",
    "GET tablet.home": "any judge",
    "GET tablet.page": "judge",
    "POST tablet.pair": "judge",
    "GET tablet.worker": "public",
    "GET tablet_api.pack": "tablet",
    "GET tablet_api.work": "tablet",
    "GET tablet_api.progress": "tablet",
    "POST tablet_api.marks": "tablet",
    "GET workspace.home": "signed in",
    "GET workspace.entry": "works",
    "GET workspace.state": "works",
    "GET workspace.start": "works",
    "GET workspace.statement_file": "works",
    "POST workspace.announce": "works",
    "PUT workspace.receive": "works",
    "GET workspace.receipt": "works, or office",
    "GET workspace.handed_in": "works",
}

# Where nothing tells a stranger whether what they ask for exists: 404 refuses as well.
HIDDEN = {"evidence.blob"}
# What an address names, where its parameter's name alone does not say it.
NAMED: dict[str, dict[str, Any]] = {
    "accounts.do": {"act": "sign-ins"},
    "delegation.one": {"code": "D-P41"},
    "tablet_api.work": {"code": "K-073"},
    "desk.ask_clock": {"act": "pause"},
    "desk.clock": {"act": "pause"},
    "desk.note": {"number": "aside"},
    "desk.judge_again": {"number": "evaluation"},
    "desk.ask_admit": {"number": "late"},
    "desk.admit": {"number": "late"},
    "rejudging.one": {"number": "rejudging"},
    "rejudging.ask": {"number": "rejudging", "act": "drop"},
    "rejudging.decide": {"number": "rejudging", "act": "drop"},
    "rejudging.again": {"number": "rejudging", "judging": "again"},
    "rejudging.ask_question": {"number": "question"},
    "rejudging.answer": {"number": "question"},
    "grants.ask_end": {"number": "grant"},
    "grants.end": {"number": "grant"},
    "account.end_sign_in": {"number": 999_999},
}
PLAIN: dict[str, Any] = {
    "code": "T17", "number": 1, "work": "K-073", "policy": "hidden", "lang": "en",
    "filename": "shapes.svg", "name": "sketch.png",
    "entry_id": "entry", "account_id": "victim", "exception_id": "exception",
    "request_id": "request", "bulk_id": "bulk", "sha256": "blob", "aspect": "aspect", "sub": "sub",
    "receipt": "receipt", "key": "upload", "batch_id": "batch",
}  # fmt: skip
FORMS: dict[str, dict[str, str]] = {
    "signin.enter": {"username": "victim", "password": PASSWORD},
    "changes.ask": {"kind": "withdraw"},
    "grants.door": {"door": "staff"},
    "bulk.look": {"kind": "judge"},
    "bulk.do": {"kind": "judge"},
}
JSON: dict[str, dict[str, object]] = {
    "tablet.pair": {"skill": "T17"},
    "tablet_api.marks": {"posts": []},
    "workspace.announce": {},
}
MAY_BE_MISSING = {"signin.card", "tablet.worker", "account.end_sign_in"}  # no demo; not built


class Reached(BaseException):
    """A verb came as far as its commit, which the table does not let happen."""


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("access")
    shutil.copyfile(sqlite_template, folder / "podium.db")
    with opened(f"sqlite:///{folder / 'podium.db'}", folder) as app:
        yield build(app)


@pytest.fixture
def nothing_written(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every verb ends before its commit, so that all are asked about the same competition."""

    def stop(_session: object) -> None:
        raise Reached

    def wrong(*_given: object, **_named: object) -> None:
        raise Refusal("不对", "wrong")

    monkeypatch.setattr(second_factor, "prove", wrong)  # its own 403 would look like ours
    monkeypatch.setattr(workspace, "validate_csrf", lambda _token: None)
    with world.app.app_context():
        session = db.session
    event.listen(session, "before_commit", stop)
    yield
    event.remove(session, "before_commit", stop)


def addresses(world: World) -> dict[str, list[str]]:
    """A row of the table → real addresses, one for each rule."""
    found: dict[str, list[str]] = {}
    with world.app.test_request_context():
        for rule in world.app.url_map.iter_rules():
            given = {}
            for argument in rule.arguments:
                value = NAMED.get(rule.endpoint, {}).get(argument, PLAIN.get(argument))
                given[argument] = world.ids.get(value, value) if value is not None else None
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):  # type: ignore[operator]
                address = url_for(rule.endpoint, **given)
                found.setdefault(f"{method} {rule.endpoint}", []).append(address)
    return found


def test_every_address_has_a_row(world: World) -> None:
    there = set(addresses(world))
    lacking, gone = sorted(there - set(TABLE)), sorted(set(TABLE) - there)
    assert not lacking, (
        f"{', '.join(lacking)}: say in TABLE of tests/test_access_table.py who may, one row each"
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
    if endpoint == "account.password":
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
        for address in found:
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
    "entries.ask": "other_zone",
    **dict.fromkeys(
        (
            *("desk.ask_sheet", "desk.ask_decide", "desk.decide", "desk.note", "desk.judge_again"),
            *("desk.ask_admit", "desk.admit", "desk.ask_clock", "desk.clock", "desk.ask_time"),
            *("desk.time", "rejudging.one", "rejudging.ask", "rejudging.decide"),
            *("rejudging.again", "rejudging.answer"),
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
ALONE = {"desk.ask_release", "desk.release", "rejudging.ask_question"}


def _status(world: World, asker: str, row: str, address: str) -> int | str:
    form = {"key": "table-of-access", "value": "0", "minutes": "5", "rule": "age", "reason": "表"}
    try:
        return world.browsers[asker].open(address, method=row.split()[0], data=form).status_code
    except Reached:
        return "reached its verb"
