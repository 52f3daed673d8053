"""The ledger's page: the key for everybody, the signed heads for the office and supervisors."""

import json
from datetime import date

import pytest
from flask import Flask

from competition import heads
from competition.database import db, writing
from competition.models import Account, Competition, Grant, Role
from tests.entering import entered


@pytest.fixture
def site(sqlite_app: Flask) -> Flask:
    day = date(2026, 11, 23)
    with sqlite_app.app_context(), writing() as session:
        session.add(Competition(name_zh="大赛", name_en="Skills", starts_on=day, ends_on=day))
        for name, role in (("supervisor", Role.SUPERVISOR), ("leader", Role.TEAM_LEADER)):
            session.add(
                Account(
                    username=name, label=name, password="x", fs_uniquifier=name,
                    grants=[Grant(role=role)],
                )
            )  # fmt: skip
    return sqlite_app


def sign(site: Flask) -> str:
    with site.app_context():
        heads.write_day()
        key = heads.public_key()
        db.session.remove()
    return key


def test_before_the_first_signature_the_page_says_what_to_do(site: Flask) -> None:
    text = site.test_client().get("/ledger/?lang=zh").get_data(as_text=True)
    assert "podium ledger heads" in text
    assert "public-key" not in text


def test_everybody_sees_the_key_and_who_looks_over_things_the_heads(site: Flask) -> None:
    key = sign(site)
    parts = [key[at : at + 8] for at in range(0, 64, 8)]
    for asker in (site.test_client(), entered(site, "leader")):
        text = asker.get("/ledger/").get_data(as_text=True)
        assert all(f"<span>{part}</span>" in text for part in parts)
        assert f"verify_ledger.py --key {key}</code>" in text, "the command as it is typed"
        assert "/ledger/heads/" not in text
    supervisor = entered(site, "supervisor")
    text = supervisor.get("/ledger/").get_data(as_text=True)
    today = heads.now().astimezone(heads.HALL).date()
    assert f"/ledger/heads/{today}.json" in text
    answer = supervisor.get(f"/ledger/heads/{today}.json")
    assert json.loads(answer.data)["public_key"] == key
    assert "attachment" in answer.headers["Content-Disposition"]
    assert supervisor.get("/ledger/heads/2020-01-01.json").status_code == 404
    assert supervisor.get("/ledger/heads/..%2Fledger.key.json").status_code == 404
    assert entered(site, "leader").get(f"/ledger/heads/{today}.json").status_code == 403


def test_a_file_that_is_no_proof_is_said_with_what_to_do(site: Flask) -> None:
    sign(site)
    with site.app_context():
        (path,) = heads.files()
        db.session.remove()
    supervisor = entered(site, "supervisor")

    def said() -> str:
        return str(supervisor.get("/ledger/").get_data(as_text=True))

    assert "签名有效，与台账一致" in said()
    good = path.read_text()
    path.write_text("{}")
    text = said()
    assert "损坏或无法读取。请从另存的副本恢复" in text and "不再签名新的一天" in text
    assert f"podium ledger heads --day {path.stem}" in text
    path.write_text(good.replace('"public_key": "', '"public_key": "00'))
    assert "本台账没有记过这把公钥" in said()
    path.unlink()
    path.mkdir()  # as one that the site may not read
    assert "损坏或无法读取" in said()


def test_a_day_before_the_competitions_first_act_is_readable(site: Flask) -> None:
    """Its file says nothing of the competition's chain, and is whole all the same."""
    sign(site)
    with site.app_context():
        (path,) = heads.files()
        statement = json.loads(path.read_text())["statement"]
        statement["chains"] = [{**one, "number": 0, "head": ""} for one in statement["chains"]]
        path.write_bytes(heads.plain(heads.signed(statement)))
        db.session.remove()
    text = entered(site, "supervisor").get("/ledger/").get_data(as_text=True)
    assert "签名有效，与台账一致" in text and "无法读取" not in text
