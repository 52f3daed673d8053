"""What identifies a person: sealed, found, masked; the key outside the database."""

import stat
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from competition import ledger, privacy
from competition.database import db, writing
from competition.models import Competition, LedgerRow, Person
from competition.moment import now
from competition.privacy import ID_NUMBER, PHONE, Vault, mask
from competition.rules.refusal import Refusal
from tests.conftest import settings_for

NUMBER = "230108200501010000"
KEY = "a-key-for-tests-only-a-key-for-tests-only"


def test_what_is_sealed_opens_with_its_key_and_kind_only() -> None:
    safe = Vault(KEY)
    sealed = safe.seal(ID_NUMBER, NUMBER)
    assert NUMBER.encode() not in sealed
    assert sealed != safe.seal(ID_NUMBER, NUMBER)
    assert safe.open(ID_NUMBER, sealed) == NUMBER
    for kind, bytes_, vault in (
        (PHONE, sealed, safe),
        (ID_NUMBER, sealed, Vault(KEY + "!")),
        (ID_NUMBER, sealed[:-1] + bytes([sealed[-1] ^ 1]), safe),
        (ID_NUMBER, b"", safe),
    ):
        with pytest.raises(Refusal):
            vault.open(kind, bytes_)


def test_the_keyed_hash_is_the_same_under_one_key_only() -> None:
    assert Vault(KEY).keyed_hash(ID_NUMBER, NUMBER) == Vault(KEY).keyed_hash(ID_NUMBER, NUMBER)
    assert Vault(KEY).keyed_hash(ID_NUMBER, NUMBER) != Vault(KEY).keyed_hash(PHONE, NUMBER)
    assert Vault(KEY).keyed_hash(ID_NUMBER, NUMBER) != Vault(KEY + "2").keyed_hash(
        ID_NUMBER, NUMBER
    )


def test_a_mask_gives_neither_birth_date_nor_sequence() -> None:
    assert mask(NUMBER) == "23**************00"
    assert mask("10012345678") == "10*******78"
    assert mask("123456") == "****"


def test_a_person_is_found_by_number_and_seeing_it_is_an_act(context: Flask) -> None:
    with writing() as session:
        session.add(
            Competition(name_zh="赛", name_en="C", starts_on=now().date(), ends_on=now().date())
        )
        person = Person(name="甲")
        privacy.identify(person, NUMBER)
        privacy.give_phone(person, "10012345678")
        session.add_all([person, Person(name="乙")])
    found = privacy.find(f" {NUMBER} ")
    assert found is not None
    assert (found.name, found.sex, f"{found.born_on}") == ("甲", "female", "2005-01-01")
    assert privacy.find("230108200501010004") is None
    with pytest.raises(Refusal, match="Say why"):
        privacy.show_identity(found.id, None, " ")
    assert privacy.show_identity(found.id, None, "核对") == NUMBER
    row = db.session.scalars(select(LedgerRow)).one()
    assert (row.act, row.subject, row.skill_id) == (
        "person.view_identity",
        f"person:{found.id}",
        None,
    )
    assert NUMBER not in str(row.body)
    assert ledger.walk(db.session(), None).ok
    other = db.session.scalars(select(Person).where(Person.name == "乙")).one()
    with pytest.raises(Refusal):
        privacy.show_identity(other.id, None, "核对")


def keyless(url: str, folder: Path) -> Flask:
    from app import create_app

    return create_app(settings_for(url, folder) | {"PODIUM_IDENTITY_KEY": ""})


def test_the_key_is_made_once_and_is_its_owners(sqlite_url: str, tmp_path: Path) -> None:
    path = tmp_path / privacy.KEY_FILE
    with keyless(sqlite_url, tmp_path).app_context():
        sealed = privacy.vault().seal(ID_NUMBER, NUMBER)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert privacy.key_in(path) == path.read_text().strip()
        assert [file.name for file in tmp_path.glob("identity*")] == [privacy.KEY_FILE]
        with writing() as session:
            person = Person(name="甲")
            privacy.identify(person, NUMBER)
            session.add(person)
        db.engine.dispose()
    with keyless(sqlite_url, tmp_path).app_context():
        assert privacy.vault().open(ID_NUMBER, sealed) == NUMBER
        db.engine.dispose()
    path.unlink()
    with keyless(sqlite_url, tmp_path).app_context():
        with pytest.raises(Refusal, match="key is missing"):
            privacy.vault()
        assert not path.exists()
        db.engine.dispose()


def test_the_setting_comes_before_the_file(sqlite_app: Flask, tmp_path: Path) -> None:
    with sqlite_app.app_context():
        given = Vault(sqlite_app.config["PODIUM_IDENTITY_KEY"])
        assert given.open(PHONE, privacy.vault().seal(PHONE, "1")) == "1"
    assert not (tmp_path / privacy.KEY_FILE).exists()
