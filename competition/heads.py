"""The heads of all chains, signed (Ed25519), and the daily file of them in PODIUM_DATA/heads/.

Whoever keeps such a file elsewhere can prove later that nothing before it was cut off, even by
somebody who may write to the database and knows how hashes are made. The key is a file in
PODIUM_DATA, made at first need; the ledger notes the public key, and pages and bundles show it.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from competition import key_files, ledger, verify_ledger
from competition.database import db, writing
from competition.models import Competition, LedgerRow, Skill
from competition.moment import iso, now
from competition.rules.refusal import Refusal
from competition.verify_ledger import Fault, Names

KEY_FILE, FOLDER, NOTED = "ledger.key", "heads", "ledger.key"
HALL = ZoneInfo("Asia/Shanghai")  # a day is the hall's day
Signed = dict[str, Any]


def public_key(*, new: bool = False) -> str:
    """The public key, hexadecimal, noted in the ledger. A key is made when there never was one;
    where one is noted but its file is gone, only when `new` is asked for."""
    path, keys = _key_file(), noted_keys(db.session())
    if keys and not path.exists() and not new:
        raise Refusal(
            f"台账已记有签名公钥，但私钥文件 {path} 不在了，没有签名。请从备份恢复；确实丢失时，"
            "用 podium ledger heads --new-key 换一把新的（台账会记下）。",
            f"The ledger notes a key already, but its file {path} is gone; nothing was signed."
            " Restore it from a backup or, when it is lost, make a new one with podium ledger"
            " heads --new-key (the ledger will say so).",
        )
    key = _key().public_key().public_bytes_raw().hex()
    if key not in keys:
        with writing() as session:
            if session.scalars(select(Competition.id)).first() is None:
                raise Refusal(
                    "还没有建立大赛，没有可签名的台账。请先运行 podium init 或 podium demo。",
                    "No competition was founded yet, so there is no ledger to sign. Run podium"
                    " init or podium demo first.",
                )
            ledger.append(
                session, act=NOTED, subject="ledger", body={"public_key": key}, actor_id=None
            )
    return key


def noted_keys(session: Session) -> list[str]:
    """The public keys that the ledger notes, the present one last."""
    asked = select(LedgerRow.body).where(LedgerRow.act == NOTED, LedgerRow.skill_id.is_(None))
    return [str(body["public_key"]) for body in session.scalars(asked.order_by(LedgerRow.number))]


def _key_file() -> Path:
    return Path(current_app.config["PODIUM_DATA"]) / KEY_FILE


def _key() -> Ed25519PrivateKey:
    secret = key_files.kept(_key_file())
    if len(secret) < 32:
        raise Refusal(
            f"{_key_file()} 不是台账签名密钥（少于 32 个字符），没有签名。请恢复原来的文件。",
            f"{_key_file()} is not a key of the ledger (fewer than 32 characters); nothing was"
            " signed. Restore the former file.",
        )
    seed = hmac.digest(secret.encode(), b"podium ledger", hashlib.sha256)
    return Ed25519PrivateKey.from_private_bytes(seed)


def signed(statement: dict[str, Any]) -> Signed:
    """A statement with its signature."""
    signature = _key().sign(verify_ledger.canonical(statement)).hex()
    key = _key().public_key().public_bytes_raw().hex()
    return {"statement": statement, "public_key": key, "signature": signature}


def statement(session: Session, before: datetime | None = None) -> dict[str, Any]:
    """The heads of all chains now, or as they were at a moment that is past."""
    last = select(LedgerRow.skill_id, func.max(LedgerRow.number).label("number"))
    if before is not None:
        last = last.where(LedgerRow.at < before)
    newest = last.group_by(LedgerRow.skill_id).subquery()
    asked = select(LedgerRow.skill_id, LedgerRow.number, LedgerRow.hash).join(
        newest,
        LedgerRow.skill_id.is_not_distinct_from(newest.c.skill_id)
        & (LedgerRow.number == newest.c.number),
    )
    heads = {chain: (number, head) for chain, number, head in session.execute(asked)}
    if before is None:  # what the owners say counts: a chain that was cut must not be signed
        heads = {chain: ledger.end(session, chain) for chain, _name in chains(session)}
    return {
        "format": "podium-heads/1",
        "at": iso(now()),
        "chains": [
            {"chain": chain, "name": name, "number": number, "head": head}
            for chain, name in chains(session)
            for number, head in [heads.get(chain, (0, ""))]
        ],
    }


def chains(session: Session) -> list[tuple[int | None, str]]:
    """Every chain with its name: the competition's, then the skills' by code."""
    skills = session.execute(select(Skill.id, Skill.code).order_by(Skill.code))
    return [(None, "competition"), *((number, code) for number, code in skills)]


def write_day(day: date | None = None, *, new_key: bool = False) -> tuple[Path, Signed]:
    """Sign the heads of a day (today's as they are now) into its file. A file of a whole day is
    never written again, and nothing is signed while an earlier file does not fit the chains."""
    today = now().astimezone(HALL).date()
    wanted = day or today
    if wanted > today:
        raise Refusal(
            f"{wanted} 还没有到，没有写入链首。", f"{wanted} is yet to come; no heads were written."
        )
    session = db.session()
    begun = (session.scalar(select(func.min(LedgerRow.at))) or now()).astimezone(HALL).date()
    if wanted < begun:
        raise Refusal(
            f"台账从 {begun} 开始，{wanted} 还没有任何记录，没有写入链首。请给出 {begun} 或之后的"
            "日期。",
            f"The ledger begins on {begun} and has nothing of {wanted}; no heads were written. Give"
            f" {begun} or a later day.",
        )
    public_key(new=new_key)
    over = datetime.combine(wanted + timedelta(days=1), time(), HALL)
    path = folder() / f"{wanted.isoformat()}.json"
    found = dict(days()).get(wanted.isoformat())
    if found is not None and wanted < today and found["statement"]["at"] >= str(iso(over)):
        return path, found
    faults = list(check_days(session))
    if faults:
        raise Refusal(
            f"台账与以前签过的链首不符，没有签名：{faults[0].zh}请运行 podium ledger verify 查看。",
            f"The ledger does not fit heads that were signed before, so nothing was signed."
            f" {faults[0].en} See podium ledger verify.",
        )
    made = signed(
        {**statement(session, over if wanted < today else None), "day": wanted.isoformat()}
    )
    key_files.replace(path, plain(made))
    return path, made


def plain(document: object) -> bytes:
    """JSON for people to read, too."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def folder() -> Path:
    """Where the daily files lie."""
    return Path(current_app.config["PODIUM_DATA"]) / FOLDER


def files() -> list[Path]:
    """The daily files, the oldest first."""
    return sorted(folder().glob("[0-9]*.json"))


def days() -> Iterator[tuple[str, Signed]]:
    """What the daily files say; one that cannot be read counts as one without a signature."""
    for path in files():
        try:
            found = json.loads(path.read_bytes())
            whole = isinstance(found, dict) and verify_ledger.heads_of(found["statement"])
        except (ValueError, KeyError, TypeError):
            whole = False
        yield path.stem, found if whole else {"statement": {"chains": [], "at": ""}}


def check_days(session: Session) -> Iterator[Fault]:
    """Whether the daily files bear a signature of ours, and the chains still hold what they say."""
    names = Names({"chain": {str(chain): name for chain, name in chains(session)}})
    keys = noted_keys(session)
    for day, found in days():
        what = f"{FOLDER}/{day}.json"
        key = found.get("public_key")
        yield from verify_ledger.check_signature(found, key if key in keys else "", what)
        wanted = verify_ledger.heads_of(found["statement"])
        hashes = {
            (chain, number): str(_hash(session, chain, number))
            for chain, (number, _head) in wanted.items()
            if number
        }
        yield from verify_ledger.check_heads(found["statement"], what, hashes, names)


def _hash(session: Session, chain: int | None, number: int) -> str | None:
    asked = select(LedgerRow.hash).where(
        LedgerRow.skill_id.is_not_distinct_from(chain), LedgerRow.number == number
    )
    return session.scalars(asked).first()
