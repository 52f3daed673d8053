"""What identifies a person, kept under a key that is not in the database.

A `Vault` seals (AES-256-GCM), opens, and gives the keyed hash by which a number is found again.
Its key is the setting PODIUM_IDENTITY_KEY, or a file in PODIUM_DATA that only its owner reads, made
at first need. Whoever has the database alone has neither numbers nor a way to try them out: a plain
hash of the few million numbers that could be somebody's would be undone in minutes.
"""

import hashlib
import hmac
import os
from pathlib import Path
from typing import cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from competition import key_files, ledger
from competition.database import db, writing
from competition.models import Person
from competition.rules import identity
from competition.rules.refusal import Refusal

KEY_FILE = "identity.key"
ID_NUMBER, PHONE = "id_number", "phone"
_NONCE, _MARK = 12, 4


class Vault:
    """Seals and opens with one key. What was sealed as one kind does not open as another."""

    def __init__(self, key: str) -> None:
        derived = {
            use: hmac.digest(key.encode(), f"podium {use}".encode(), hashlib.sha256)
            for use in ("seal", "find", "mark")
        }
        self._cipher = AESGCM(derived["seal"])
        self._find = derived["find"]
        self._mark = derived["mark"][:_MARK]  # tells a wrong key from damaged bytes

    def seal(self, kind: str, text: str) -> bytes:
        """`text` sealed; the same text never gives the same bytes twice."""
        return self.seal_bytes(kind, text.encode())

    def seal_bytes(self, kind: str, data: bytes) -> bytes:
        """The same for bytes, such as a whole file."""
        nonce = os.urandom(_NONCE)
        return self._mark + nonce + self._cipher.encrypt(nonce, data, kind.encode())

    def open(self, kind: str, sealed: bytes) -> str:
        """What was sealed, or a refusal when the key is not the one it was sealed with."""
        return self.open_bytes(kind, sealed).decode()

    def open_bytes(self, kind: str, sealed: bytes) -> bytes:
        """The same for bytes."""
        body = sealed[_MARK:]
        try:
            return self._cipher.decrypt(body[:_NONCE], body[_NONCE:], kind.encode())
        except (InvalidTag, ValueError) as error:
            raise Refusal(
                "加密保存的个人信息打不开：身份信息密钥与保存时的不同，或数据已损坏。什么都没有改变。"
                "请恢复原来的 PODIUM_IDENTITY_KEY 或 identity.key。",
                "Sealed personal data cannot be opened: the identity key is not the one it was"
                " sealed with, or the data is damaged. Nothing was changed. Restore the former"
                " PODIUM_IDENTITY_KEY or identity.key.",
                status=500 if sealed[:_MARK] == self._mark else 503,
            ) from error

    def keyed_hash(self, kind: str, text: str) -> str:
        """The same for the same text, and of no use without the key."""
        return hmac.digest(self._find, f"{kind}\0{text}".encode(), "sha256").hex()


def vault() -> Vault:
    """The app's vault. A new key is never made where something is sealed already."""
    found = current_app.extensions.get("podium_vault")
    if found is None:
        path = Path(current_app.config["PODIUM_DATA"]) / KEY_FILE
        given = str(current_app.config["PODIUM_IDENTITY_KEY"])
        if not given and not path.exists() and _anything_is_sealed():
            raise Refusal(
                f"数据库中有加密保存的身份信息，但没有密钥：{path} 不存在，也没有设置"
                " PODIUM_IDENTITY_KEY。什么都没有改变。请先恢复密钥。",
                f"The database holds sealed identities, but their key is missing: {path} is not"
                " there and PODIUM_IDENTITY_KEY is not set. Nothing was changed. Restore the key.",
                status=503,
            )
        found = Vault(given or key_in(path))
        current_app.extensions["podium_vault"] = found
    return cast(Vault, found)


def key_in(path: Path) -> str:
    """The key in a file, made at first need."""
    key = key_files.kept(path)
    if len(key) < 32:
        raise Refusal(
            f"{path} 不是身份信息密钥（少于 32 个字符）。什么都没有改变。请恢复原来的文件。",
            f"{path} is not an identity key (fewer than 32 characters). Nothing was changed."
            " Restore the former file.",
            status=503,
        )
    return key


def _anything_is_sealed() -> bool:
    try:
        with db.engine.connect() as connection:
            return (
                connection.scalar(select(Person.id).where(Person.id_sealed.is_not(None)).limit(1))
                is not None
            )
    except SQLAlchemyError:  # no tables yet
        return False


def mask(number: str) -> str:
    """A number as screens show it. Birth date and sex stand beside it, and the last four figures
    would complete them: so two at each end, and nobody can put the number together again."""
    return number[:2] + "*" * max(len(number) - 4, 0) + number[-2:] if len(number) > 6 else "****"


def identify(person: Person, number: str) -> None:
    """Give a person a number: sealed, findable, masked; birth date and sex where it tells them."""
    safe = vault()
    person.id_sealed = safe.seal(ID_NUMBER, number)
    person.id_hash = safe.keyed_hash(ID_NUMBER, number)
    person.id_masked = mask(number)
    told = identity.says(number)
    if told is not None:
        person.born_on, person.sex = told.born_on, told.sex


def give_phone(person: Person, phone: str) -> None:
    """Give a person a telephone number, sealed and masked."""
    person.phone_sealed = vault().seal(PHONE, phone)
    person.phone_masked = mask(phone)


def find(number: str) -> Person | None:
    """Who bears an identity number."""
    wanted = vault().keyed_hash(ID_NUMBER, number.strip().upper())
    return db.session.scalar(select(Person).where(Person.id_hash == wanted))


def show_identity(person_id: int, actor_id: int | None, reason: str) -> str:
    """The whole identity number, for somebody who may see it; that it was seen is an act."""
    if not reason.strip():
        raise Refusal(
            "请写明查看证件号的原因，号码没有显示。",
            "Say why you need the identity number; it was not shown.",
        )
    with writing() as session:
        person = session.get(Person, person_id)
        if person is None or person.id_sealed is None:
            raise Refusal(
                "此人没有登记证件号，没有可以显示的内容。",
                "No identity number is kept for this person; there is nothing to show.",
                status=404,
            )
        number = vault().open(ID_NUMBER, person.id_sealed)
        ledger.append(
            session,
            act="person.view_identity",
            subject=f"person:{person.id}",
            body={"reason": reason.strip()[:200]},
            actor_id=actor_id,
        )
    return number
